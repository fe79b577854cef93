"""How sure the ratio of two estimates is but for the device-time: power, PUE, grid and making, shared or not."""

import math
from collections.abc import Mapping

from oce.estimation import Estimate
from oce.method.footprint_uncertainty import ENTERS, INGREDIENTS


def log_sd_of(estimate: Estimate) -> Mapping[str, float]:
    """The uncertainty of each of :data:`INGREDIENTS` of an estimate; 0 where it was given or there is none."""
    inputs = estimate.inputs
    return {name: float(getattr(inputs, f"log_sd_{name}")) for name in INGREDIENTS}


def shared(first: Estimate, second: Estimate) -> Mapping[str, bool]:
    """Whether what is unsure of an ingredient is the same in both, so that it cancels between them.

    Power and making: of the same device; PUE: where neither gives it and both have the same; grid: of the same region.
    """
    same_device = first.device is not None and first.device == second.device
    same_region = first.region is not None and first.region == second.region
    return {
        "power": same_device,
        "pue": first.inputs.pue == second.inputs.pue,
        "grid": same_region,
        "making": same_device,
    }


def half_width_of_ratio(baseline: Estimate, other: Estimate, figure: str = "total_co2e_kg") -> float:
    """Half-width of the interval of ln(other / baseline) of a figure, for all but the device-time; to first order.

    Each ingredient moves a total by the share that its part has there; what is shared moves both, and leaves the
    difference of the shares. Each estimate counts at its own level.
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
