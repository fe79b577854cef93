"""Something a person can picture: what the carbon and the energy of a run compare with."""

from __future__ import annotations

import math
from dataclasses import dataclass

from oce import catalog
from oce.estimation import Estimate
from oce.interval import Interval

EASY = (1.0, 1000.0)  # numbers that one can picture


@dataclass(frozen=True, slots=True)
class Picture:
    """So many of something, with its interval."""

    count: Interval
    label: str
    source: str


def pictures(result: Estimate, most: int = 3) -> tuple[Picture, ...]:
    """The comparisons whose number is easiest to picture: between 1 and 1,000 where there are any.

    Carbon is compared with carbon, energy with energy; no two compare with the same kind of thing.

    Args:
        result: The estimate.
        most: How many at the most.

    Returns:
        The comparisons, carbon first, at most one of energy.
    """
    return (*_easiest(result, "carbon", most - 1), *_easiest(result, "energy", 1))


def _easiest(result: Estimate, kind: str, most: int) -> list[Picture]:
    of = result.total_co2e_kg if kind == "carbon" else result.energy_kwh
    found: list[tuple[str, Picture]] = []
    for one in catalog.equivalences():
        per_unit = one.kg_co2e_per_unit if kind == "carbon" else one.kwh_per_unit
        if one.kind == kind and per_unit:
            count = of / per_unit
            label = one.label_singular if 0.95 <= count.central < 1.05 else one.label_plural
            thing = one.id.split("-")[0]
            found.append((thing, Picture(count, label, f"{one.source} ({one.year})")))
    ranked = sorted(found, key=lambda pair: _hardness(pair[1].count.central))
    first_of_each = dict(reversed(ranked))
    best = sorted(first_of_each.values(), key=lambda picture: _hardness(picture.count.central))
    easy = [picture for picture in best if EASY[0] <= picture.count.central <= EASY[1]]
    return (easy or best[:1])[:most]


def _hardness(count: float) -> float:
    """How far, in decades, a number lies outside 1 … 1,000; within, smaller numbers are a little easier."""
    if count <= 0:
        return math.inf
    decades = math.log10(count)
    return max(0.0, -decades, decades - 3.0) + 0.01 * abs(decades - 1.5)
