"""Measured contrasts: how many times faster the same stack trains the same model on one device than on another.

A row of ``data/same_stack.csv`` is one contrast of speed per device, as its source gives it. Most compare two devices,
some two precisions of one device. Where two vendors each run their own stack, or a vendor only claims a factor, the
row says so: that is weaker evidence, and is weighed so (:mod:`oce.method.device_speed`).
"""

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from oce.catalog.caches import cached
from oce.catalog.device_table import DeviceId
from oce.catalog.reader import OneOf, Row, read

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
PRECISIONS = ("fp32", "tf32", "fp16", "bf16", "int8", "fp8", "mxfp8", "nvfp4")  # as the sources name them
_FILE = re.compile(r"([\w.-]+/[\w.-]+)(?:@([0-9a-f]{7,40}))?(?: \([^)]*\))?(?: and [\w.-]+)?(?::([^;\s]+))?")
_PAPER = re.compile(r"arXiv:(\d{4}\.\d{5})")
LANGUAGE = ("language pre-training", "encoder-decoder pre-training")


class Contrast(Row):
    """One measured ratio of speed per device, second over first; its source is who measured."""

    version: str = ""
    stack: str = ""
    model: str
    kind: Annotated[str, OneOf(KINDS)]
    parameters: float | None = Field(None, ge=1e5, le=1e14)
    active_parameters: float | None = Field(None, ge=1e5, le=1e14)  # where they are fewer: a mixture of experts
    sequence_length: float | None = Field(None, ge=1, le=1e8)  # [tokens]
    first_device: DeviceId
    first_precision: Annotated[str, OneOf(PRECISIONS)]
    first_count: float | None = Field(None, ge=1, le=1e7)
    second_device: DeviceId
    second_precision: Annotated[str, OneOf(PRECISIONS)]
    second_count: float | None = Field(None, ge=1, le=1e7)
    speed_ratio: float = Field(ge=0.01, le=100)
    evidence: Annotated[str, OneOf(EVIDENCE)]
    left_out: str = ""  # why it is not fitted; empty where it is
    note: str = ""
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


@cached
def contrasts() -> tuple[Contrast, ...]:
    """Every contrast of ``data/same_stack.csv``."""
    return read("same_stack.csv", Contrast)


def fitted(rows: Iterable[Contrast]) -> tuple[Contrast, ...]:
    """The contrasts that the device model learns from."""
    return tuple(row for row in rows if not row.left_out)
