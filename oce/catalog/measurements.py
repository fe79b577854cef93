"""Measured contrasts: how many times faster the same stack trains the same model on one device than on another.

A row of ``data/same_stack.csv`` is one contrast of speed per device, as its source gives it. Most compare two devices,
some two precisions of one device. Where two vendors each run their own stack, or a vendor only claims a factor, the
row says so: that is weaker evidence, and is weighed so (:mod:`oce.method.device_speed`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from oce import catalog
from oce.catalog.reader import DataError, Row, read

KINDS = (
    "language pre-training",
    "language fine-tuning",
    "encoder pre-training",
    "encoder-decoder pre-training",
    "vision",
    "speech",
    "diffusion",
)
EVIDENCE = ("same stack", "two vendors", "claim")
PRECISIONS = ("tf32", "fp16", "bf16", "int8", "fp8", "mxfp8", "nvfp4")  # as the sources name them
_FILE = re.compile(r"([\w.-]+/[\w.-]+)(?:@([0-9a-f]{7,40}))?(?: \([^)]*\))?(?: and [\w.-]+)?(?::([^;\s]+))?")
_PAPER = re.compile(r"arXiv:(\d{4}\.\d{5})")
LANGUAGE = ("language pre-training", "encoder-decoder pre-training")


@dataclass(frozen=True, slots=True)
class Contrast:
    """One measured ratio of speed per device, second over first."""

    id: str
    source: str  # who measured: a repository, or a round of MLPerf
    version: str
    stack: str
    model: str
    kind: str  # one of KINDS
    parameters: float | None
    active_parameters: float | None  # where they are fewer: a mixture of experts
    sequence_length: float | None  # [tokens]
    first_device: str  # id
    first_precision: str  # one of PRECISIONS
    first_count: float | None
    second_device: str
    second_precision: str
    second_count: float | None
    speed_ratio: float
    evidence: str  # one of EVIDENCE
    left_out: str  # why it is not fitted; empty where it is
    note: str
    read_from: str
    licence: str

    @property
    def is_mixture(self) -> bool:
        """Whether the model is a mixture of experts."""
        return bool(self.active_parameters and self.parameters and self.active_parameters < 0.9 * self.parameters)

    @property
    def is_language(self) -> bool:
        """Whether it trains a language model from the start: what most scenarios do."""
        return self.kind in LANGUAGE

    @property
    def address(self) -> str:
        """Where the file, or else the repository or paper, can be read; empty where there is only a name."""
        found = _FILE.match(self.read_from)
        if found:
            repository, commit, path = found.groups()
            place = f"/{'tree' if path.endswith('/') else 'blob'}/{commit}/{path}" if commit and path else ""
            return f"https://github.com/{repository}{place}"
        paper = _PAPER.search(self.source)
        return f"https://arxiv.org/abs/{paper[1]}" if paper else ""

    @property
    def size(self) -> float | None:
        """Active parameters; where they are not known, all of them."""
        return self.active_parameters or self.parameters


@cache
def contrasts() -> tuple[Contrast, ...]:
    """Every contrast of ``data/same_stack.csv``."""
    ids = {device.id for device in catalog.devices()}
    return read("same_stack.csv", lambda row: _contrast(row, ids))


def fitted(rows: Iterable[Contrast]) -> tuple[Contrast, ...]:
    """The contrasts that the device model learns from."""
    return tuple(row for row in rows if not row.left_out)


def _contrast(row: Row, ids: set[str]) -> Contrast:
    for column in ("first_device", "second_device"):
        if row.text(column) not in ids:
            raise DataError(f"{row.where}: {column} is “{row.text(column)}”, not an id of data/devices.csv")
    return Contrast(
        **row.texts("id", "source", "version", "stack"),
        model=row.text("model", needed=True),
        kind=row.one_of("kind", KINDS),
        parameters=row.maybe("parameters", 1e5, 1e14),
        active_parameters=row.maybe("active_parameters", 1e5, 1e14),
        sequence_length=row.maybe("sequence_length", 1, 1e8),
        first_device=row.text("first_device"),
        first_precision=row.one_of("first_precision", PRECISIONS),
        first_count=row.maybe("first_count", 1, 1e7),
        second_device=row.text("second_device"),
        second_precision=row.one_of("second_precision", PRECISIONS),
        second_count=row.maybe("second_count", 1, 1e7),
        speed_ratio=row.number("speed_ratio", 0.01, 100),
        evidence=row.one_of("evidence", EVIDENCE),
        left_out=row.text("left_out"),
        note=row.text("note"),
        read_from=row.text("read_from", needed=True),
        licence=row.text("licence", needed=True),
    )
