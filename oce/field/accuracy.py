"""Is the accuracy worth the carbon? Models with a benchmark score, and what training each of them emitted.

The counterpart of figure 7 of OpenCarbonEval (arXiv:2405.12843). Carbon is operational: device-hours × system
power × PUE × grid. The device-hours are those reported where there are any, else the calibrated estimate; the interval
is that of the hours where they are estimated, of the power, and of the grid where it is that of a place.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from oce import catalog
from oce.analysis.pareto import pareto_front
from oce.catalog import DeviceId, RegionId
from oce.catalog.caches import cached
from oce.catalog.reader import OneOf, Row, YesNo, read, require
from oce.estimation import estimate_many, interval_at
from oce.interval import Interval, normal_quantile
from oce.method import footprint
from oce.method.footprint_uncertainty import grid_log_sd
from oce.method.system_power import system_power
from oce.scenario import known_fields

Floats = NDArray[np.float64]

BENCHMARKS: Mapping[str, str] = {"mmlu": "MMLU", "imagenet": "ImageNet-1k top-1"}
THRESHOLDS: Mapping[str, tuple[float, ...]] = {"mmlu": (40.0, 60.0, 75.0), "imagenet": (76.0, 84.0, 88.0)}
SHOWN = "shown"
STATUSES = (SHOWN, "score only remembered", "no compute", "no device", "fine-tuning only")
DRAWS = 600  # of the bootstrap: its ends move by less than 0.01 from seed to seed
CLEAR, WEAK = 0.75, 0.6  # share of pairs in order from which an order is clear, or tends to be


class Scored(Row):
    """A model with its score on one benchmark, and what is known of its training: a row of data/benchmarks.csv."""

    model: str
    family: str = ""  # joins the sizes of one family; empty for a model alone
    benchmark: Annotated[str, OneOf(BENCHMARKS)]
    year: int = Field(ge=1990, le=2100)
    modality: Annotated[str, OneOf(catalog.MODALITIES)]
    parameters: float | None = Field(None, ge=1e3, le=1e15)
    active_parameters: float | None = Field(None, ge=1e3, le=1e15)
    tokens: float | None = Field(None, ge=1e3, le=1e18)
    training_flop: float | None = Field(None, ge=1e12, le=1e30)
    flop_basis: str = ""
    device: DeviceId = ""
    device_hours: float | None = Field(None, ge=1e-3, le=1e12)
    device_hours_basis: str = ""
    as_trained_region: RegionId = ""
    as_trained_g_per_kwh: float | None = Field(None, ge=0, le=2000)
    as_trained_pue: float | None = Field(None, ge=1, le=3)
    as_trained_basis: str = ""
    score: float | None = Field(None, ge=0, le=100)  # [%]
    setting: str = ""
    score_source: str = ""
    figure_7: YesNo  # among the models of the paper's figure 7
    status: Annotated[str, OneOf(STATUSES)]
    note: str = ""

    @model_validator(mode="after")
    def _drawn_with_all_it_needs(self) -> Self:
        for column in ("device", "score", "score_source") if self.status == SHOWN else ():
            require(getattr(self, column) not in (None, ""), f"{column} is empty")
        return self

    @property
    def fields(self) -> dict[str, float | str]:
        """Its training as fields of a scenario: what, on what, when."""
        return training_fields(self, self.tokens)

    @property
    def own_place(self) -> dict[str, float | str]:
        """The grid and PUE where it was trained, as fields of a scenario; empty where that is not known."""
        own = _own_grid(self)
        if own is None:
            return {}
        place: dict[str, float | str] = {"carbon_intensity_g_per_kwh": own}
        return place if self.as_trained_pue is None else place | {"pue": self.as_trained_pue}


def training_fields(
    run: Scored | catalog.Run, tokens: float | None, **more: float | str | None
) -> dict[str, float | str]:
    """What was trained, on what and when, as fields of a scenario: tokens where the compute is 6 N D, else the compute.

    ``more`` are fields besides; those that are not known are left out.
    """
    from_tokens = run.flop_basis == "6ND" and tokens is not None and run.parameters is not None
    return known_fields(
        parameters=run.parameters,
        active_parameters=None if run.active_parameters == run.parameters else run.active_parameters,
        tokens=tokens if from_tokens else None,
        training_flop=None if from_tokens else run.training_flop,
        device=run.device,
        modality=run.modality,
        year=float(run.year),
        **more,
    )


@dataclass(frozen=True, slots=True)
class Conditions:
    """Where and in what data centre: grid carbon intensity [g CO2e/kWh] and PUE."""

    g_per_kwh: float
    pue: float
    log_sd_grid: float = 0.0  # how unsure the intensity is; 0: given, or the same for all that are compared


@dataclass(frozen=True, slots=True)
class Point:
    """A model at its carbon and its score."""

    row: Scored
    operational_co2e_kg: Interval
    reported: bool  # its device-hours are those reported; else estimated

    @property
    def score(self) -> float:
        """Its score [%]."""
        assert self.row.score is not None
        return self.row.score


@dataclass(frozen=True, slots=True)
class Finding:
    """What the points say together. Intervals are by bootstrap over families of models, at the level asked for."""

    models: int
    correlation: Interval  # Spearman's rank correlation of carbon and score
    in_order: float  # share of pairs in which the model that emitted more scores higher
    per_point: Interval | None  # by what the carbon is multiplied for one point more, along the front
    per_year: Interval | None  # points that a year brings at the same carbon


@cached
def scored() -> tuple[Scored, ...]:
    """Every row of data/benchmarks.csv, those that cannot be drawn too."""
    return read("benchmarks.csv", Scored)


def left_out(benchmark: str) -> Mapping[str, int]:
    """How many models of a benchmark are not drawn, by the reason."""
    reasons = [row.status for row in scored() if row.benchmark == benchmark and row.status != SHOWN]
    return {reason: reasons.count(reason) for reason in STATUSES if reason in reasons}


def points(
    benchmark: str, mine: Conditions, as_trained: bool = False, figure_7: bool = False, confidence_level: float = 0.8
) -> tuple[Point, ...]:
    """The models of a benchmark with the carbon of training each, in the order of that carbon.

    Args:
        benchmark: A key of :data:`BENCHMARKS`.
        mine: The grid and PUE that every model is put under; with `as_trained`, the PUE where none was reported.
        as_trained: Each under its own grid instead, as far as its place is known; the others are left out.
        figure_7: Only those of the paper's figure 7.
        confidence_level: Share of runs that an estimate's interval is meant to hold.
    """
    rows = [row for row in scored() if row.benchmark == benchmark and row.status == SHOWN]
    rows = [row for row in rows if (row.figure_7 or not figure_7) and (not as_trained or _own_grid(row) is not None)]
    where = [_as_trained(row, mine) if as_trained else mine for row in rows]
    guessed = [at for at, row in enumerate(rows) if row.device_hours is None]
    found: dict[int, Interval] = {}
    if guessed:
        columns = estimate_many(
            {
                "training_flop": [rows[at].training_flop for at in guessed],
                "parameters": [rows[at].parameters for at in guessed],
                "active_parameters": [rows[at].active_parameters for at in guessed],
                "device": [rows[at].device for at in guessed],
                "year": [float(rows[at].year) for at in guessed],
                "pue": [where[at].pue for at in guessed],
                "carbon_intensity_g_per_kwh": [
                    None if where[at].log_sd_grid else where[at].g_per_kwh for at in guessed
                ],
                "region": [rows[at].as_trained_region if where[at].log_sd_grid else None for at in guessed],
                "level": confidence_level,
            }
        )
        for place, at in enumerate(guessed):
            if not columns["error"][place]:
                found[at] = interval_at(columns, "operational_co2e_kg", place)
    for at, row in enumerate(rows):
        if row.device_hours is not None:
            found[at] = _from_hours(row, row.device_hours, where[at], confidence_level)
    made = [Point(row, found[at], row.device_hours is not None) for at, row in enumerate(rows) if at in found]
    return tuple(sorted(made, key=lambda point: point.operational_co2e_kg.central))


def _from_hours(row: Scored, device_hours: float, where: Conditions, confidence_level: float) -> Interval:
    """Operational carbon of reported hours [kg CO2e], with what is not known of the power and of the grid."""
    power = system_power(row.device)
    assert power is not None
    kwh = footprint.energy_kwh(device_hours, power.power_w, where.pue)
    kg = float(footprint.operational_co2e_kg(kwh, where.g_per_kwh))
    spread = math.exp(normal_quantile(confidence_level) * math.hypot(power.log_sd, where.log_sd_grid))
    return Interval.point(kg).widened(spread)


def unbeaten(points: Sequence[Point]) -> tuple[Point, ...]:
    """The models on the Pareto front: none emitted less and scores as high, or higher. By central carbon."""
    kg = np.array([point.operational_co2e_kg.central for point in points])
    score = np.array([point.score for point in points])
    found = {(kg[at], score[at]): points[at] for at in reversed(np.flatnonzero(pareto_front(kg, -score)))}
    return tuple(found[place] for place in sorted(found))


def best_within(points: Sequence[Point], co2e_kg: float) -> Point | None:
    """The best score among the models that emitted at most so much."""
    return next((point for point in reversed(unbeaten(points)) if point.operational_co2e_kg.central <= co2e_kg), None)


def cheapest_reaching(points: Sequence[Point], score: float) -> Point | None:
    """The model that emitted least among those that score at least so much."""
    return next((point for point in unbeaten(points) if point.score >= score), None)


def cheapest_by_year(points: Sequence[Point], score: float) -> tuple[tuple[int, Point], ...]:
    """The model that emitted least among those that score so much by the end of each year, from the first such year."""
    reaching = [point for point in points if point.score >= score]
    if not reaching:
        return ()
    years = range(min(point.row.year for point in reaching), max(point.row.year for point in points) + 1)
    by_then = {year: [point for point in reaching if point.row.year <= year] for year in years}
    return tuple(
        (year, min(found, key=lambda point: point.operational_co2e_kg.central)) for year, found in by_then.items()
    )


def finding(points: Sequence[Point], confidence_level: float = 0.8) -> Finding:
    """What the points say: rank correlation, order of pairs, the price of a point, and what a year brings.

    The bootstrap draws whole families with replacement, as the sizes of one family resemble each other, and moves
    each estimated carbon within its interval.

    Raises:
        ValueError: For fewer than three models.
    """
    if len(points) < 3:
        raise ValueError(f"{len(points)} models: a finding needs three")
    ln_carbon = np.log([point.operational_co2e_kg.central for point in points])
    score = np.array([point.score for point in points])
    year = np.array([float(point.row.year) for point in points])
    log_sd = np.array([point.operational_co2e_kg.log_half_width for point in points])
    log_sd /= normal_quantile(confidence_level)
    names = np.array([point.row.family or point.row.id for point in points])
    families = [np.flatnonzero(names == name) for name in dict.fromkeys(names.tolist())]
    random = np.random.default_rng(0)
    drawn: list[tuple[float, float, float]] = []
    for _ in range(DRAWS):
        chosen = np.concatenate([families[at] for at in random.integers(len(families), size=len(families))])
        moved = ln_carbon + log_sd * random.standard_normal(len(points))
        drawn.append(_statistics(moved[chosen], score[chosen], year[chosen]))
    centre = _statistics(ln_carbon, score, year)
    columns = np.array(drawn).T

    def interval(at: int) -> Interval | None:
        values = columns[at][np.isfinite(columns[at])]
        if not np.isfinite(centre[at]) or len(values) < DRAWS / 2:
            return None
        low, high = np.quantile(values, [(1 - confidence_level) / 2, (1 + confidence_level) / 2])
        return Interval(float(min(low, centre[at])), centre[at], float(max(high, centre[at])))

    correlation = interval(0)
    assert correlation is not None
    return Finding(len(points), correlation, _in_order(ln_carbon, score), interval(1), interval(2))


def in_words(benchmark: str, found: Finding) -> str:
    """The finding as a sentence, from its numbers."""
    name, share = BENCHMARKS[benchmark], f"in {found.in_order:.0%} of pairs"
    if found.correlation.high < 0:
        behind = f"in {1 - found.in_order:.0%} of pairs"
        return f"The models that emitted more score lower on {name}: the one that emitted more is behind {behind}."
    if found.correlation.low > 0 and found.in_order >= CLEAR:
        return f"More carbon went with a higher {name} score: the model that emitted more scores higher {share}."
    if found.correlation.low > 0 and found.in_order >= WEAK:
        return f"More carbon tended to go with a higher {name} score, but loosely: it scores higher {share} only."
    return f"More carbon did not buy a higher {name} score: the model that emitted more scores higher {share} only."


def _statistics(ln_carbon: Floats, score: Floats, year: Floats) -> tuple[float, float, float]:
    """Rank correlation; the factor on carbon for a point more along the front; points a year at the same carbon."""
    on_front = pareto_front(ln_carbon, -score)
    y, x = np.unique(
        np.stack([ln_carbon[on_front], score[on_front]]), axis=1
    )  # a model that was drawn twice counts once
    per_point = float(np.exp(np.polyfit(x, y, 1)[0])) if len(x) >= 3 else np.nan
    design = np.column_stack([np.ones_like(score), ln_carbon, year])
    coefficients, _, rank, _ = np.linalg.lstsq(design, score, rcond=None)
    return _spearman(ln_carbon, score), per_point, float(coefficients[2]) if rank == 3 else np.nan


def _spearman(x: Floats, y: Floats) -> float:
    ranks = [_ranks(x), _ranks(y)]
    spread = np.std(ranks, axis=1)
    return float(np.asarray(np.corrcoef(ranks))[0, 1]) if np.all(spread > 0) else 0.0


def _ranks(values: Floats) -> Floats:
    """Ranks, the mean of them where values are equal."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[inverse], dtype=np.float64)


def _in_order(x: Floats, y: Floats) -> float:
    """Share of pairs that differ in both in which the larger x has the larger y."""
    signs = np.sign(x[:, None] - x[None, :]) * np.sign(y[:, None] - y[None, :])
    differ = signs[np.triu_indices(len(x), 1)]
    differ = differ[differ != 0]
    return float(np.mean(differ > 0)) if len(differ) else 0.5


def _own_grid(row: Scored) -> float | None:
    """The grid intensity where it was trained: as reported, else that of the place today."""
    if row.as_trained_g_per_kwh is not None:
        return row.as_trained_g_per_kwh
    return catalog.region(row.as_trained_region).g_per_kwh if row.as_trained_region else None


def _as_trained(row: Scored, mine: Conditions) -> Conditions:
    grid = _own_grid(row)
    assert grid is not None
    stated = row.as_trained_g_per_kwh is not None
    unsure = 0.0 if stated else grid_log_sd(catalog.region(row.as_trained_region))
    return Conditions(grid, row.as_trained_pue or mine.pue, unsure)
