"""Something a person can picture: what the carbon and the energy of a run compare with."""

import math
from dataclasses import dataclass

from oce import catalog
from oce.estimation import Estimate
from oce.interval import Interval

READABLE = (1.0, 1000.0)  # numbers that are easy to picture


@dataclass(frozen=True, slots=True)
class Equivalent:
    """So many of something, with its interval."""

    count: Interval
    label: str
    source: str


def equivalents(result: Estimate, most: int = 3) -> tuple[Equivalent, ...]:
    """The comparisons whose number is easiest to picture: between 1 and 1,000 where there are any.

    Carbon is compared with carbon, energy with energy; no two compare with the same kind of thing. Carbon stands
    first, and at most one is of energy.
    """
    return (*_most_readable(result, "carbon", most - 1), *_most_readable(result, "energy", 1))


def _most_readable(result: Estimate, kind: str, most: int) -> list[Equivalent]:
    of = result.total_co2e_kg if kind == "carbon" else result.energy_kwh
    found: list[tuple[str, Equivalent]] = []
    for row in catalog.equivalences():
        per_unit = row.kg_co2e_per_unit if kind == "carbon" else row.kwh_per_unit
        if row.kind == kind and per_unit:
            count = of / per_unit
            label = row.label_singular if 0.95 <= count.central < 1.05 else row.label_plural
            thing = row.id.split("-")[0]
            found.append((thing, Equivalent(count, label, f"{row.source} ({row.year})")))
    ranked = sorted(found, key=lambda pair: -_readability(pair[1].count.central))
    first_of_each = dict(reversed(ranked))
    best = sorted(first_of_each.values(), key=lambda equivalent: -_readability(equivalent.count.central))
    readable = [equivalent for equivalent in best if READABLE[0] <= equivalent.count.central <= READABLE[1]]
    return (readable or best[:1])[:most]


def _readability(count: float) -> float:
    """Less the further, in decades, a number lies outside 1 … 1,000; within, numbers near 30 are a little easier."""
    if count <= 0:
        return -math.inf
    decades = math.log10(count)
    return -max(0.0, -decades, decades - 3.0) - 0.01 * abs(decades - 1.5)
