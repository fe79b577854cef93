"""What the ratio of two devices rests on: which measurements of both, by one stack, in steps, by vendors, or none."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from oce import catalog, units
from oce.catalog import Device, measurements
from oce.catalog.caches import cached
from oce.catalog.measurements import Contrast
from oce.method.hardware_features import LOW_PRECISIONS, hardware

Kind = Literal["same", "measured", "linked", "other work", "bracketed", "placed"]
WORDS: Mapping[Kind, str] = {  # beside a number
    "same": "same device",
    "measured": "measured",
    "linked": "measured in steps",
    "other work": "measured on other work",
    "bracketed": "bracketed, not measured",
    "placed": "placed by peak and bandwidth",
}
MOST_LISTED = 4  # sources, devices or models of a basis; the rest are counted


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
        sources = units.listed(dict.fromkeys(row.source for row in self.contrasts), MOST_LISTED)
        pair = f"{second.name} against {first.name}"
        count = f"{len(self.contrasts)} measurement{'s' if len(self.contrasts) != 1 else ''}"
        if self.kind == "same":
            return f"{first.name} in both: only what differs in the run and its precision counts"
        if self.kind == "measured" and first.counted_id == second.counted_id:
            return f"{first.name} at two precisions: {count} of both on one stack ({sources})"
        if self.kind == "measured":
            return f"{pair}: {count} of both on one stack ({sources})"
        if self.kind == "linked":
            steps = units.listed((catalog.device(device).name for device in self.through), MOST_LISTED)
            return f"{pair}: not measured on one stack directly, but in steps by way of {steps} ({count}: {sources})"
        if self.kind == "other work":
            work = units.listed(dict.fromkeys(row.model for row in self.contrasts), MOST_LISTED)
            return f"{pair}: measured on one stack, but not on language models ({work}; {sources})"
        if self.kind == "bracketed":
            by = {"two vendors": "what two vendors reach on stacks of their own", "claim": "claims of vendors"}
            kinds = " and by ".join(
                text for kind, text in by.items() if kind in {row.evidence for row in self.contrasts}
            )
            steps = units.listed((catalog.device(device).name for device in self.through), MOST_LISTED)
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
    low = tuple(LOW_PRECISIONS.get(precision, "") for precision in (first, second))
    if low[0] == low[1]:
        at_first, at_second = (hardware(catalog.device(device), name) for name in (first, second))
        return Basis("same" if at_first.peak_tflops == at_second.peak_tflops else "placed", (), ())
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
            a, b = sorted(pair)
            next_to.setdefault(a, []).append(b)
            next_to.setdefault(b, []).append(a)
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
