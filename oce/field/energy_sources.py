"""Where the energy comes from: lifecycle intensity of each source, and what a survey of 95 models printed.

The survey is Counting Carbon (Luccioni and Hernandez-Garcia 2023, arXiv:2302.08476). Only its printed numbers are here;
its figures are not read off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from oce.catalog.reader import Row, read
from oce.estimation import Estimate
from oce.interval import Interval
from oce.method import footprint

SETS: Mapping[str, str] = {
    "ipcc-2014": "IPCC AR5 (2014), medians",
    "unece-2021": "UNECE (2021)",
    "codecarbon": "CodeCarbon",
    "other": "others",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A way of making electricity and its lifecycle intensity, by one author: a row of data/energy_sources.csv."""

    id: str
    name: str
    g_per_kwh: float | None  # None where only a range is given
    low: float | None
    high: float | None
    basis: str
    low_carbon: bool
    set: str  # a key of SETS
    source: str
    licence: str
    note: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A number that the survey prints: a row of data/survey.csv."""

    id: str
    subject: str  # energy source, task, device, country, year or whole
    group: str
    quantity: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    low_carbon: str  # yes, no or empty
    place: str  # where in the paper
    quote: str
    note: str
    source: str


@cache
def sources() -> tuple[Source, ...]:
    """Every intensity of every set."""
    return read(
        "energy_sources.csv",
        lambda row: Source(
            **row.texts("id"),
            name=row.text("name", needed=True),
            g_per_kwh=row.maybe("g_per_kwh", 0, 2000),
            low=row.maybe("low", 0, 2000),
            high=row.maybe("high", 0, 2000),
            basis=row.one_of("basis", ("lifecycle", "direct")),
            low_carbon=row.one_of("low_carbon", ("yes", "no")) == "yes",
            set=row.one_of("set", SETS),
            **row.texts("source", "licence", "note"),
        ),
    )


@cache
def survey() -> tuple[Printed, ...]:
    """Every number that the survey prints about its sample."""
    return read("survey.csv", _printed)


def emitted(result: Estimate, source: Source) -> Interval:
    """What the scenario's operational carbon [kg CO2e] would be if all its electricity came from one source.

    Raises:
        ValueError: Where only a range is known for the source.
    """
    if source.g_per_kwh is None:
        raise ValueError(f"{source.name}: only a range is given")
    g_per_kwh = source.g_per_kwh
    return result.energy_kwh.map(lambda kwh: float(footprint.operational_co2e_kg(kwh, g_per_kwh)))


def _printed(row: Row) -> Printed:
    value, low, high = (row.maybe(name, 0, 1e12) for name in ("value", "low", "high"))
    return Printed(
        **row.texts("id", "subject", "group", "quantity"),
        value=value,
        low=low,
        high=high,
        unit=row.text("unit"),
        low_carbon=row.one_of("low_carbon", ("", "yes", "no")),
        place=row.text("place", needed=True),
        **row.texts("quote", "note", "source"),
    )
