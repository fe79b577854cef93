"""Stages of one project added up: pre-training, long context, fine-tuning, failed runs, each a scenario of its own.

Central figures add. The interval of the sum is not the sum of the ends, nor are the stages independent: what two stages
share (the organisation's luck, the same device, the same grid) moves both, and how much, the interval of their
ratio says (:func:`oce.analysis.comparison.ratio`). With w the share of a stage in the sum, h the half-width of its
logarithm, and r that of the logarithm of the ratio of two,

    ρ_ij = (h_i² + h_j² - r_ij²) / (2 h_i h_j),    H² = Σ_ij w_i w_j ρ_ij h_i h_j

to first order, with ρ held to 0 … 1.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oce.analysis import comparison
from oce.estimation import FIGURES, Estimate, Named
from oce.interval import Interval


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its estimate, its share of the total, and when it runs if one follows another [h]."""

    name: str
    estimate: Estimate
    share: float  # of the central total carbon
    starts_hours: float
    ends_hours: float


@dataclass(frozen=True, slots=True)
class Project:
    """The stages of a project and what they come to."""

    stages: tuple[Stage, ...]
    figures: Mapping[str, Interval]  # every figure of an estimate; the time is that of one stage after another
    cost: Interval | None  # where every stage has a price in one currency
    currency: str | None

    @property
    def total_co2e_kg(self) -> Interval:
        """The carbon of all stages."""
        return self.figures["total_co2e_kg"]

    def __hash__(self) -> int:
        """Of the stages, which the figures follow from."""
        return hash(self.stages)


def add_up(stages: Mapping[str, Estimate] | Named) -> Project:
    """The sum of several runs, one after another; what two of them share is not taken for independent.

    Args:
        stages: The estimates with their names, in their order.

    Returns:
        The project, with every figure of an estimate as the sum, in the figure's unit, and the share of each stage.

    Raises:
        ValueError: Where there is no stage.

    Example:
        >>> from oce import Scenario, add_up, estimate
        >>> pretraining = Scenario(parameters=7e9, tokens=2e12, device="H100", device_count=512, region="USA")
        >>> finetuning = pretraining.replace(tokens=2e10)
        >>> whole = add_up({"pre-training": estimate(pretraining), "fine-tuning": estimate(finetuning)})
        >>> [f"{stage.name}: {stage.share:.0%}" for stage in whole.stages]
        ['pre-training: 99%', 'fine-tuning: 1%']
    """
    named = tuple(stages.items()) if isinstance(stages, Mapping) else tuple(stages)
    if not named:
        raise ValueError("a project has at least one stage")
    estimates = [estimate for _, estimate in named]
    alike = {
        figure: _likeness(estimates, figure)
        for figure in ("device_hours", "energy_kwh", "operational_co2e_kg", "embodied_co2e_kg", "total_co2e_kg")
    }
    alike["time_to_train_hours"] = alike["device_hours"]
    figures = {figure: _sum([getattr(estimate, figure) for estimate in estimates], alike[figure]) for figure in FIGURES}
    total = figures["total_co2e_kg"].central
    found, at = [], 0.0
    for name, estimate in named:
        ends = at + estimate.time_to_train_hours.central
        share = estimate.total_co2e_kg.central / total if total else 0.0
        found.append(Stage(name, estimate, share, at, ends))
        at = ends
    currencies = {estimate.scenario.currency for estimate in estimates}
    costs = [estimate.cost for estimate in estimates if estimate.cost is not None]
    priced = len(costs) == len(estimates) and len(currencies) == 1
    return Project(
        tuple(found),
        figures,
        _sum(costs, alike["device_hours"]) if priced else None,
        next(iter(currencies)) if priced else None,
    )


def _likeness(estimates: Sequence[Estimate], figure: str) -> list[list[float]]:
    """ρ of every pair: how far what is unsure of one stage is unsure of the other alike."""
    count = len(estimates)
    found = [[1.0] * count for _ in range(count)]
    for i in range(count):
        for j in range(i):
            h = [_half(getattr(estimates[at], figure)) for at in (i, j)]
            if not all(h):
                found[i][j] = found[j][i] = 0.0
                continue
            r = _half(comparison.ratio(estimates[j], estimates[i], figure).times)
            found[i][j] = found[j][i] = min(max((h[0] ** 2 + h[1] ** 2 - r**2) / (2.0 * h[0] * h[1]), 0.0), 1.0)
    return found


def _half(interval: Interval) -> float:
    """Half-width of the logarithm; 0 where there is nothing or no interval."""
    return interval.log_half_width if 0.0 < interval.low < math.inf else 0.0


def _sum(parts: Sequence[Interval], alike: Sequence[Sequence[float]]) -> Interval:
    central = sum(part.central for part in parts)
    if central <= 0.0:
        return Interval.point(0.0)
    shares = [part.central / central for part in parts]
    below = [math.log(part.central / part.low) if part.low > 0.0 else 0.0 for part in parts]
    above = [math.log(part.high / part.central) if part.central > 0.0 else 0.0 for part in parts]

    def width(each: Sequence[float]) -> float:
        count = range(len(parts))
        squared = sum(shares[i] * shares[j] * alike[i][j] * each[i] * each[j] for i in count for j in count)
        return math.sqrt(max(squared, 0.0))

    return Interval.from_log_widths(central, width(below), width(above))
