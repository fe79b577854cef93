"""How far from the truth power, PUE, grid and making may lie, as standard deviations of the logarithm.

The figures are taken as independent of one another and of the device-hours: a meter in one server says nothing of next
year's grid. What the user states has no uncertainty here, and a scenario that follows the paper has none beyond its
hours.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from oce.catalog import Device, Pue, Region, pue, pues
from oce.catalog.caches import cached
from oce.catalog.reader import OneOf, Row, read
from oce.interval import Interval, normal_quantile

# Of a figure that is a placeholder: Uzbekistan's 1,000 against 487 elsewhere, the Falklands' against 700 and 500 lie so
# far apart (root mean square of the logarithm).
PLACEHOLDER_LOG_SD = 0.6
INGREDIENTS = ("power", "pue", "grid", "making")
ENTERS: Mapping[str, tuple[str, ...]] = {  # what enters a figure besides the device-hours; the total: all, by its share
    "energy_kwh": ("power", "pue"),
    "operational_co2e_kg": ("power", "pue", "grid"),
    "embodied_co2e_kg": ("making",),
}
SUBJECTS = ("year to year", "source to source")
MAKING_LEVEL = 0.8  # share that the bounds of published figures of manufacturing are taken to hold

WORLD_PUE = "idc-cloud-2025"  # rows of data/pue.csv: where no operator is known, public clouds as a survey has them
FLEETS: Mapping[str, str] = {  # an operator's newest figure for all its sites, by the prefix of its regions' ids
    "aws": "aws-global-2025",
    "azure": "microsoft-fleet-2025",
    "gcp": "google-fleet-2024",
    "ovh": "ovh-fleet-2024",
}
META_FLEET, SURVEY = "meta-fleet-2023", "uptime-2024"
OPERATORS: Mapping[str, str] = {"Google": "gcp", "AWS": "aws"}  # of accelerators that stand in their maker's centres
SITES = ("Google", "Microsoft")  # operators that disclose each site


class Spread(Row):
    """How far grid intensities of some height differ: a row of data/grid_spread.csv."""

    subject: Annotated[str, OneOf(SUBJECTS)]
    from_g_per_kwh: float = Field(ge=0, le=2000)
    to_g_per_kwh: float = Field(ge=0, le=2000)
    log_sd: float = Field(ge=0, le=3)
    count: int = Field(ge=2, le=1e6)
    how: str = ""


@dataclass(frozen=True, slots=True)
class DefaultPue:
    """The PUE where none is given, and how far off it may be."""

    pue: float
    log_sd: float
    what: str  # in words
    year: str


@cached
def spreads() -> tuple[Spread, ...]:
    """Every row of data/grid_spread.csv."""
    return read("grid_spread.csv", Spread)


def grid_log_sd(region: Region) -> float:
    """Uncertainty of a region's intensity: from year to year, and from one source to another.

    Low intensities differ by more of themselves. The paper's own are numbers that it states, and are taken as given.

    Args:
        region: Where.

    Returns:
        Standard deviation of the logarithm, the two parts (``data/grid_spread.csv``) added in quadrature.
    """
    if region.kind == "paper":
        return 0.0
    if region.placeholder:
        return PLACEHOLDER_LOG_SD
    return _grid_log_sd_at(region.g_per_kwh)


@cached
def _grid_log_sd_at(grams: float) -> float:
    return math.hypot(*(spread.log_sd for spread in spreads() if spread.from_g_per_kwh <= grams < spread.to_g_per_kwh))


def default_pue(region: Region | None, device: Device | None) -> DefaultPue:
    """The PUE of a place: its own, else of its operator's sites together, else of public clouds.

    Args:
        region: Where; a cloud region has an operator.
        device: On what; a TPU stands in a data centre of Google, a Trainium in one of AWS.

    Returns:
        The PUE of ``data/pue.csv``, with where it comes from.
    """
    if region is not None and region.pue is not None:
        return DefaultPue(region.pue, _log_sd_sites(), f"as disclosed for {region.name}", region.pue_year)
    operator = region.id.partition(":")[0] if region is not None and region.kind == "cloud" else ""
    if not operator and device is not None and device.server in ("tpu-tray", "trainium"):
        operator = OPERATORS.get(device.vendor, "")
    if operator in FLEETS:
        found = pue(FLEETS[operator])
        return DefaultPue(found.pue, _log_sd_sites(), f"{found.operator}, {found.site} ({found.source})", found.year)
    found = pue(WORLD_PUE)
    return DefaultPue(found.pue, _log_sd_world(), f"{found.site} ({found.operator} survey; {found.source})", found.year)


def making_log_sd(kg: Interval) -> float:
    """Standard deviation of the logarithm of manufacturing [kg CO2e] whose bounds are published figures."""
    return kg.log_half_width / normal_quantile(MAKING_LEVEL)


def _fleets() -> list[Pue]:
    return [pue(key) for key in (*FLEETS.values(), META_FLEET)]


@cached
def _log_sd_world() -> float:
    """How far operators' fleets, and the survey of all data centres, lie from the default."""
    at = pue(WORLD_PUE).pue
    return _root_mean_square(math.log(site.pue / at) for site in (*_fleets(), pue(SURVEY)))


@cached
def _log_sd_sites() -> float:
    """How far single sites lie from all those of their operator."""
    own = [site for site in pues() if site.operator in SITES and not _whole(site)]
    means = {
        name: sum(math.log(site.pue) for site in own if site.operator == name)
        / sum(1 for site in own if site.operator == name)
        for name in SITES
    }
    return _root_mean_square(math.log(site.pue) - means[site.operator] for site in own)


def _whole(site: Pue) -> bool:
    return site.site == "fleet" or site.site.startswith("global")


def _root_mean_square(values: Iterable[float]) -> float:
    found = [value * value for value in values]
    return math.sqrt(sum(found) / len(found))
