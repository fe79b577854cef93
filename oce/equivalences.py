"""Something a person can picture: what the carbon and the energy of a run compare with."""

from __future__ import annotations

import math
from dataclasses import dataclass

from oce import catalog
from oce.estimate import Estimate
from oce.interval import Interval

TOO_HARD = 1.5  # decades outside 1 … 1,000: a number that nobody can picture


@dataclass(frozen=True, slots=True)
class Picture:
    """So many of something, with its interval."""

    count: Interval
    label: str
    source: str


def pictures(result: Estimate, most: int = 3) -> tuple[Picture, ...]:
    """The comparisons whose number is easiest to picture: between 1 and 1,000 where there are any.

    Carbon is compared with carbon, energy with energy.

    Args:
        result: The estimate.
        most: How many at the most.

    Returns:
        The comparisons, carbon first.
    """
    found = []
    for one in catalog.equivalences():
        per_unit = one.kg_co2e_per_unit if one.kind == "carbon" else one.kwh_per_unit
        if not per_unit:
            continue
        of = result.total_co2e_kg if one.kind == "carbon" else result.energy_kwh
        count = Interval(of.low / per_unit, of.central / per_unit, of.high / per_unit)
        label = one.label_singular if 0.95 <= count.central < 1.05 else one.label_plural
        found.append((one.kind, Picture(count, label, f"{one.source} ({one.year})")))
    ranked = sorted(found, key=lambda kind_and_picture: _hardness(kind_and_picture[1].count.central))[:most]
    easy = [one for one in ranked if _hardness(one[1].count.central) < TOO_HARD]
    best = easy or ranked[:1]
    return tuple(picture for _, picture in sorted(best, key=lambda kind_and_picture: kind_and_picture[0]))


def _hardness(count: float) -> float:
    """How far, in decades, a number lies outside 1 … 1,000; within, smaller numbers are a little easier."""
    if count <= 0:
        return math.inf
    decades = math.log10(count)
    return max(0.0, -decades, decades - 3.0) + 0.01 * abs(decades - 1.5)
