"""How far from the truth power, PUE, grid and making may lie, as standard deviations of the logarithm.

The figures are taken as independent of one another and of the device-hours: a meter in one server says nothing of next
year's grid. What the user states has no uncertainty here, and a scenario that follows the paper has none beyond its
hours.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from oce.catalog import Device, Pue, Region, pue, pues
from oce.catalog.caches import cached
from oce.catalog.reader import OneOf, Row, read
from oce.interval import Interval, normal_quantile

if TYPE_CHECKING:
    from oce.estimation import Estimate

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
    grams = region.g_per_kwh
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


def log_sd_of(estimate: Estimate) -> Mapping[str, float]:
    """The uncertainty of each of :data:`INGREDIENTS` of an estimate; 0 where it was given or there is none."""
    inputs = estimate.inputs
    return {name: float(getattr(inputs, f"log_sd_{name}")) for name in INGREDIENTS}


def shared(first: Estimate, other: Estimate) -> Mapping[str, bool]:
    """Whether what is unsure of an ingredient is the same in both, so that it cancels between them.

    Power and making: of the same device; PUE: where neither gives it and both have the same; grid: of the same region.
    """
    same_device = first.device is not None and first.device == other.device
    same_region = first.region is not None and first.region == other.region
    return {
        "power": same_device,
        "pue": first.inputs.pue == other.inputs.pue,
        "grid": same_region,
        "making": same_device,
    }


def half_width_of_ratio(baseline: Estimate, other: Estimate, figure: str = "total_co2e_kg") -> float:
    """Half-width of the interval of ln(other / baseline) of a figure, for all but the device-time; to first order.

    Each ingredient moves a total by the share that its part has there; what is shared moves both, and leaves the
    difference of the shares. Each estimate counts at its own level.

    Args:
        baseline: What it is compared with.
        other: What is compared.
        figure: A figure of an estimate, such as ``total_co2e_kg``.

    Returns:
        The half-width, at the levels of the estimates.
    """
    both = shared(baseline, other)
    variance = 0.0
    first, second = _pulls(baseline, figure), _pulls(other, figure)
    for name in INGREDIENTS:
        a, b = first[name], second[name]
        variance += (b - a) ** 2 if both[name] else a**2 + b**2
    return math.sqrt(variance)


def _pulls(estimate: Estimate, figure: str) -> Mapping[str, float]:
    """How far each ingredient, as far off as the level holds, moves the logarithm of a figure."""
    reach = float(estimate.inputs.reach)
    if figure != "total_co2e_kg":
        enters = ENTERS.get(figure, ())
        return {name: reach * sd if name in enters else 0.0 for name, sd in log_sd_of(estimate).items()}
    total = estimate.total_co2e_kg.central
    made = estimate.embodied_co2e_kg.central / total if total else 0.0
    return {name: reach * sd * (made if name == "making" else 1.0 - made) for name, sd in log_sd_of(estimate).items()}


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
