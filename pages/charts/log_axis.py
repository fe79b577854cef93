"""Log axes: their ends and their ticks."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from oce import units
from pages.charts.chart import Layout

NOTHING = 1e-12  # stands for zero on a log scale
DECADES: Layout = {"type": "log", "dtick": 1}
POWERS: Layout = {**DECADES, "exponentformat": "power"}


def span(values: Any, room: float = 0.0, share: float = 0.0) -> list[float]:
    """The decades of these values, with room at both ends: so many decades, and a share of the whole."""
    low, high = float(np.log10(np.min(values))), float(np.log10(np.max(values)))
    room += share * (high - low)
    return [low - room, high + room]


def place(value: float, ends: Sequence[float]) -> float:
    """Where a value stands on a log axis between these decades, as a share of its length."""
    return float((np.log10(value) - ends[0]) / (ends[1] - ends[0]))


def log_axis(values: Any) -> Layout:
    """A log axis with room on both sides and ticks at round values."""
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known) & (known > 0)]
    low, high = (float(known.min()) / 1.25, float(known.max()) * 1.25) if len(known) else (1.0, 10.0)
    return {"range": span([low, high]), **ticks_at(round_values(low, high))}


def ticks_at(values: Sequence[float], digits: int = 3) -> Layout:
    """A log axis with ticks at these values."""
    texts = [tick(value, digits) for value in values]
    return {"type": "log", "tickmode": "array", "tickvals": values, "ticktext": texts}


def few_ticks(values: Any) -> Layout:
    """A log axis with ticks at decades, with 2 and 5 between where there are few."""
    low, high = span(values)
    return {"type": "log", "dtick": 1 if high - low > 2 else "D2" if high - low > 1 else "D1"}


def round_values(low: float, high: float) -> list[float]:
    """1, 2 and 5 of each decade between two values, of many decades 1 alone; the two themselves where there is none."""
    first, last = (int(end(np.log10(max(value, NOTHING)))) for end, value in ((np.floor, low), (np.ceil, high)))
    steps = (1, 2, 5) if last - first <= 3 else (1,)
    found = [n * 10.0**e for e in range(first, last + 1) for n in steps if low <= n * 10.0**e <= high]
    return found if len(found) > 1 else sorted({low, high})


def tick(value: float, digits: int = 3) -> str:
    """A round value on an axis: 10 rather than 10.0."""
    return units.without_zeros(units.significant(value, digits))


def few_round_values(low: float, high: float) -> list[float]:
    """Round values within a range on a log axis, as many as a phone has room for."""
    decades = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    for steps in ((1, 1.5, 2, 3, 5, 7), (1, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
        found = [float(value) for value in np.outer(decades, steps).ravel() if low <= value <= high]
        if len(found) <= 5:
            return found
    return found[:: len(found) // 5 + 1]
