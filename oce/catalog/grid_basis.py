"""What a grid's carbon intensity counts, and the figure of the same place that is counted as the others' are.

A figure is of the power station alone (direct) or with its building and fuel (lifecycle), of what is generated in a
place (production-based) or used there (consumption-based). Two that count differently are not to be ranked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from oce.catalog.caches import cached
from oce.catalog.reader import Row, read
from oce.catalog.region_table import OWN_FIGURE, Region, regions_by_id

ALIKE = ":alike"  # ends the id of a region at the figure that is counted as all others are
COMMON = ("lifecycle", "consumption-based")  # the basis that most places have a figure on
OWN_BASES = {"location-based operational": "operational", "unstated": "basis not stated"}
ACCOUNTING: Mapping[str, str] = {  # how each source accounts for power that crosses borders (data/SOURCES.md)
    "Ember": "production-based",
    "Electricity Maps": "consumption-based",
    "US EPA eGRID": "production-based",
    "China MEE": "consumption-based",
    "CodeCarbon": "production-based",
    "Google Cloud": "",  # does not say
    "OpenCarbonEval": "",
}


class Alike(Row):
    """The figure of a place on the common basis: its own, or that of the zone that its data centres are on."""

    zone: str = ""  # id of the region whose figure stands for it; empty: its own
    g_per_kwh: float | None = Field(None, ge=0, le=2000)
    year: int = Field(ge=1990, le=2100)
    licence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GridBasis:
    """What an intensity counts."""

    counts: str  # lifecycle, direct, or another
    accounting: str  # production-based or consumption-based; empty where the source does not say
    year: int | None

    @property
    def kind(self) -> tuple[str, str]:
        """What has to be the same where two are ranked."""
        return self.counts, self.accounting

    @property
    def in_words(self) -> str:
        """``lifecycle, consumption-based``."""
        return ", ".join(filter(None, (OWN_BASES.get(self.counts, self.counts), self.accounting)))

    def with_amount(self, g_per_kwh: float) -> str:
        """An intensity [g CO2e/kWh] as a list has it: ``384 g/kWh, lifecycle production``."""
        return f"{g_per_kwh:.0f} g/kWh, {self.in_words.replace(',', '').replace('-based', '')}"

    def __str__(self) -> str:
        """``lifecycle, consumption-based, 2025``."""
        return f"{self.in_words}, {self.year}" if self.year else self.in_words


def basis_of(region: Region) -> GridBasis:
    """What a region's intensity counts."""
    accounting = next(said for source, said in ACCOUNTING.items() if region.source.startswith(source))
    return GridBasis(region.basis, accounting, region.year)


def alike(region: Region) -> Region | None:
    """The region at its figure on the common basis, lifecycle and consumption-based; ``None`` where there is none.

    All else of it, such as its PUE, stays.
    """
    known = regions_by_id()
    if region.kind == "paper":
        return alike(known[region.country_iso3]) if region.country_iso3 else None
    if basis_of(region).kind == COMMON:
        return region
    row = _alike().get(region.country_iso3 if region.kind == "cloud" else region.id)
    if region.id.endswith(OWN_FIGURE):
        found = alike(known[region.id.removesuffix(OWN_FIGURE)])
    elif row is not None and row.zone:
        found = alike(known[row.zone])
    else:
        found = None
    of = found or (row if row is not None and row.g_per_kwh is not None else None)
    if of is None:
        return None
    figure = {name: getattr(of, name) for name in ("g_per_kwh", "year", "source", "licence")}
    if region.id.endswith(OWN_FIGURE) and found is not None:
        figure["name"] = found.name  # which says no more that the figure is Google's own
    return region.replace(id=f"{region.id}{ALIKE}", basis=COMMON[0], note=f"Counted alike. {region.note}", **figure)


def count_alike(places: Sequence[Region | None]) -> bool:
    """Whether the figures of places count alike; ``None``, an intensity that is none of the catalogue's, is its own.

    The year alone does not make them unlike: how much a grid changes from year to year is in the interval.
    """
    return len({basis_of(place).kind if place else None for place in places}) <= 1


def counted_alike(places: Sequence[Region | None]) -> tuple[Region | None, ...]:
    """The places at figures that count alike, where they do not already; one that has no such figure stays as it is.

    Args:
        places: ``None`` where the intensity is none of the catalogue's.
    """
    if count_alike(places):
        return tuple(places)
    return tuple(place and (alike(place) or place) for place in places)


@cached
def figures_alike() -> tuple[Alike, ...]:
    """The figures of ``data/grids_alike_odbl.csv``."""
    return read("grids_alike_odbl.csv", Alike)


@cached
def _alike() -> Mapping[str, Alike]:
    return {row.id: row for row in figures_alike()}
