"""Where the energy comes from: lifecycle intensity of each source, and what a survey of 95 models printed.

The survey is Counting Carbon (Luccioni and Hernandez-Garcia 2023, arXiv:2302.08476). Only its printed numbers are here;
its figures are not read off.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from oce.catalog.caches import cached
from oce.catalog.reader import OneOf, Row, YesNo, read
from oce.estimation import Estimate
from oce.interval import Interval
from oce.method import footprint

SETS: Mapping[str, str] = {
    "ipcc-2014": "IPCC AR5 (2014), medians",
    "unece-2021": "UNECE (2021)",
    "codecarbon": "CodeCarbon",
    "other": "others",
}


class Source(Row):
    """A way of making electricity and its lifecycle intensity, by one author: a row of data/energy_sources.csv."""

    name: str
    g_per_kwh: float | None = Field(None, ge=0, le=2000)  # None where only a range is given
    low: float | None = Field(None, ge=0, le=2000)
    high: float | None = Field(None, ge=0, le=2000)
    basis: Annotated[str, OneOf(("lifecycle", "direct"))]
    low_carbon: YesNo
    set: Annotated[str, OneOf(SETS)]
    licence: str = ""
    note: str = ""


class Printed(Row):
    """A number that the survey prints: a row of data/survey.csv."""

    subject: str  # energy source, task, device, country, year or whole
    group: str = ""
    quantity: str
    value: float | None = Field(None, ge=0, le=1e12)
    low: float | None = Field(None, ge=0, le=1e12)
    high: float | None = Field(None, ge=0, le=1e12)
    unit: str = ""
    low_carbon: Annotated[str, OneOf(("yes", "no"))] = ""
    place: str  # where in the paper
    quote: str = ""
    note: str = ""


@cached
def sources() -> tuple[Source, ...]:
    """Every intensity of every set."""
    return read("energy_sources.csv", Source)


@cached
def survey() -> tuple[Printed, ...]:
    """Every number that the survey prints about its sample."""
    return read("survey.csv", Printed)


def emitted(result: Estimate, source: Source) -> Interval:
    """What the scenario's operational carbon [kg CO2e] would be if all its electricity came from one source.

    Raises:
        ValueError: Where only a range is known for the source.
    """
    if source.g_per_kwh is None:
        raise ValueError(f"{source.name}: only a range is given")
    g_per_kwh = source.g_per_kwh
    return result.energy_kwh.map(lambda kwh: float(footprint.operational_co2e_kg(kwh, g_per_kwh)))
