"""What a ratio between devices rests on, and how well measured contrasts are foretold without their source."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from oce import catalog
from oce.catalog import Device, measurements, reader
from oce.catalog.caches import cached
from oce.catalog.measurements import Contrast
from oce.evaluation import scoring
from oce.method import run_utilisation
from oce.method.device_speed import LOW_PRECISIONS, LeftOut, hardware

Kind = Literal["same", "measured", "linked", "other work", "bracketed", "placed"]
WORDS: Mapping[Kind, str] = {  # beside a number
    "same": "same device",
    "measured": "measured",
    "linked": "measured in steps",
    "other work": "measured on other work",
    "bracketed": "bracketed, not measured",
    "placed": "placed by peak and bandwidth",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What the ratio of two devices rests on."""

    kind: Kind
    contrasts: tuple[Contrast, ...]  # of these very devices, or of each step
    through: tuple[str, ...]  # ids of the devices between them

    @property
    def word(self) -> str:
        """A word or two to stand beside the number."""
        return WORDS[self.kind]

    @property
    def is_weak(self) -> bool:
        """Whether nobody has measured both on one stack."""
        return self.kind in ("bracketed", "placed")

    def sentence(self, first: Device, second: Device) -> str:
        """What it rests on, for people; no full stop at its end."""
        sources = _listed(dict.fromkeys(row.source for row in self.contrasts))
        pair = f"{second.name} against {first.name}"
        count = f"{len(self.contrasts)} measurement{'s' if len(self.contrasts) != 1 else ''}"
        if self.kind == "same":
            return f"{first.name} in both: only what differs in the run and its precision counts"
        if self.kind == "measured" and first.counted_id == second.counted_id:
            return f"{first.name} at two precisions: {count} of both on one stack ({sources})"
        if self.kind == "measured":
            return f"{pair}: {count} of both on one stack ({sources})"
        if self.kind == "linked":
            steps = _listed(catalog.device(one).name for one in self.through)
            return f"{pair}: not measured on one stack directly, but in steps by way of {steps} ({count}: {sources})"
        if self.kind == "other work":
            work = _listed(dict.fromkeys(row.model for row in self.contrasts))
            return f"{pair}: measured on one stack, but not on language models ({work}; {sources})"
        if self.kind == "bracketed":
            by = {"two vendors": "what two vendors reach on stacks of their own", "claim": "claims of vendors"}
            kinds = " and by ".join(
                text for kind, text in by.items() if kind in {row.evidence for row in self.contrasts}
            )
            steps = _listed(catalog.device(one).name for one in self.through)
            way = f", by way of {steps}," if steps else ""
            return f"{pair}: never measured on one stack. It is bracketed{way} by {kinds} ({sources})"
        if first.counted_id == second.counted_id:
            return f"{first.name} at two precisions: no measurement of both is learnt from; placed by their peaks"
        return f"{pair}: nobody has measured them; placed by peak, memory bandwidth and link"


def basis(first: Device, second: Device, precisions: tuple[str, str] = ("", "")) -> Basis:
    """What the ratio of two devices rests on, the strongest there is.

    Args:
        first: One device.
        second: The other.
        precisions: The precision of each, which matters where it is one device.
    """
    if first.counted_id == second.counted_id:
        return _of_precisions(first.counted_id, *precisions)
    return _basis(first.counted_id, second.counted_id)


def _of_precisions(device: str, first: str, second: str) -> Basis:
    """Two precisions of one device."""
    low = tuple(LOW_PRECISIONS.get(one, "") for one in (first, second))
    if low[0] == low[1]:
        one, other = (hardware(catalog.device(device), name) for name in (first, second))
        return Basis("same" if one.peak_tflops == other.peak_tflops else "placed", (), ())
    rows = tuple(
        row
        for row in _fitted()
        if row.first_device == row.second_device == device
        and {LOW_PRECISIONS.get(row.first_precision, ""), LOW_PRECISIONS.get(row.second_precision, "")} == set(low)
    )
    return Basis("measured" if rows else "placed", rows, ())


@cached
def _basis(first: str, second: str) -> Basis:
    tiers: tuple[tuple[Kind, Kind, tuple[Contrast, ...]], ...] = (
        ("measured", "linked", tuple(row for row in _fitted() if row.evidence == "same stack" and row.is_language)),
        ("other work", "linked", tuple(row for row in _fitted() if row.evidence == "same stack")),
        ("bracketed", "bracketed", _fitted()),
    )
    for direct, in_steps, rows in tiers:
        edges: dict[frozenset[str], list[Contrast]] = {}
        for row in rows:
            edges.setdefault(frozenset((row.first_device, row.second_device)), []).append(row)
        way = _shortest(first, second, edges)
        if way:
            used = [row for step in pairwise(way) for row in edges[frozenset(step)]]
            return Basis(direct if len(way) == 2 else in_steps, tuple(used), tuple(way[1:-1]))
    return Basis("placed", (), ())


def _shortest(first: str, second: str, edges: Iterable[frozenset[str]]) -> list[str]:
    """The fewest steps from one device to the other; empty where there is no way."""
    next_to: dict[str, list[str]] = {}
    for pair in edges:
        if len(pair) == 2:
            one, other = sorted(pair)
            next_to.setdefault(one, []).append(other)
            next_to.setdefault(other, []).append(one)
    before: dict[str, str] = {first: ""}
    waiting = deque([first])
    while waiting:
        here = waiting.popleft()
        if here == second:
            way = [here]
            while before[way[-1]]:
                way.append(before[way[-1]])
            return way[::-1]
        for other in sorted(next_to.get(here, ())):
            if other not in before:
                before[other] = here
                waiting.append(other)
    return []


@cached
def _fitted() -> tuple[Contrast, ...]:
    return measurements.fitted(measurements.contrasts())


@dataclass(frozen=True, slots=True)
class Checked:
    """A measured contrast beside what is said of it without its source."""

    row: Contrast  # of several of one source, model and pair: the first
    measured: float  # their median
    said: float
    low: float  # of the 80 % interval
    high: float
    known_elsewhere: bool  # whether other sources have measured both devices

    @property
    def error(self) -> float:
        """Ln of said over measured."""
        return float(np.log(self.said / self.measured))

    @property
    def is_held(self) -> bool:
        """Whether the interval holds what was measured."""
        return self.low <= self.measured <= self.high


def to_json(left_out: LeftOut, level: float = 0.8) -> list[dict[str, Any]]:
    """The contrasts beside what is said of them without their source, four digits each.

    The interval too is set without it: by the errors of the other sources' contrasts alone.
    """
    sources = {row.source for row in left_out.data.rows}
    q = {
        (source, known): float(run_utilisation.residuals_of_contrasts(left_out, known, without=source).quantile(level))
        for source in sources
        for known in (True, False)
    }
    found = []
    for row, measured, mean, sd, known in zip(
        left_out.data.rows,
        left_out.data.log_ratio.tolist(),
        left_out.mean.tolist(),
        left_out.sd.tolist(),
        left_out.known_elsewhere.tolist(),
        strict=True,
    ):
        half = q[row.source, known] * sd
        values = {"measured": measured, "said": mean, "low": mean - half, "high": mean + half}
        numbers = {name: float(f"{np.exp(value):.4g}") for name, value in values.items()}
        found.append({"id": row.id, **numbers, "known_elsewhere": known})
    return found


GROUPS = (  # of contrasts, the strongest evidence first
    "dense language models, known devices",  # which other sources have measured too
    "dense language models, a new device",
    "mixtures of experts",
    "other work",
    "two vendors, each its own stack",
    "claims of vendors",
)


def group(one: Checked) -> str:
    """Which of :data:`GROUPS` a contrast is of."""
    if one.row.evidence != "same stack":
        return GROUPS[4] if one.row.evidence == "two vendors" else GROUPS[5]
    if not one.row.is_language:
        return GROUPS[3]
    if one.row.is_mixture:
        return GROUPS[2]
    return GROUPS[0] if one.known_elsewhere else GROUPS[1]


def groups(rows: Iterable[Checked]) -> Mapping[str, tuple[Checked, ...]]:
    """The contrasts by :data:`GROUPS`."""
    found = tuple(rows)
    return {name: tuple(one for one in found if group(one) == name) for name in GROUPS}


@cached
def scores() -> Mapping[str, ContrastScore]:
    """How well the contrasts of each group are foretold without their source."""
    return {name: score(rows) for name, rows in groups(checked()).items()}


@cached
def checked() -> tuple[Checked, ...]:
    """Every contrast that is fitted, predicted without its source, as data/calibration.json has it."""
    rows = {row.id: row for row in measurements.contrasts()}
    return reader.from_json_file(
        "calibration.json",
        lambda held: tuple(
            Checked(
                row=rows[one["id"]],
                measured=float(one["measured"]),
                said=float(one["said"]),
                low=float(one["low"]),
                high=float(one["high"]),
                known_elsewhere=bool(one["known_elsewhere"]),
            )
            for one in held["contrasts"]
        ),
    )


@dataclass(frozen=True, slots=True)
class ContrastScore:
    """How well some contrasts are foretold."""

    contrasts: int
    sources: int
    rms_error: float  # of ln ratio
    rms_error_error: float  # its standard error, the models of each source being the units; NaN for one
    held: float  # share inside the 80 % interval
    held_error: float  # its standard error


def score(rows: Sequence[Checked]) -> ContrastScore:
    """How well some contrasts are foretold; NaN for none."""
    if not rows:
        return ContrastScore(0, 0, *(float("nan"),) * 4)
    squares = np.array([one.error**2 for one in rows])
    held = np.array([one.is_held for one in rows], dtype=np.float64)
    models = np.array([f"{one.row.source}, {one.row.model}" for one in rows])
    names = np.unique(models)

    def error(values: NDArray[np.float64]) -> float:
        """Standard error of the mean."""
        apart = values - values.mean()
        return scoring.clustered_error(np.array([apart[models == one].sum() for one in names]) * len(names) / len(rows))

    rms = float(np.sqrt(squares.mean()))
    sources = len({one.row.source for one in rows})
    return ContrastScore(len(rows), sources, rms, error(squares) / (2 * rms), float(held.mean()), error(held))


def _listed(names: Iterable[str], most: int = 4) -> str:
    """``a, b and c``; the rest counted."""
    all_names = list(names)
    shown = all_names[:most]
    if len(all_names) > most:
        return f"{', '.join(shown)} and {len(all_names) - most} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1] if shown else ""]))
