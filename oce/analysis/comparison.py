"""Two estimates side by side: how many times more or less, how sure, and why.

The ratio's interval is that of the *difference* of the logarithms, not of dividing bounds by bounds: what the two share
(the same organisation's luck, the same device, the same grid) cancels in it. The attribution is the additive
logarithmic mean Divisia index (LMDI I; Ang 2004, Energy Policy 32, 1131-1139; zero values by their limits, Ang and Liu
2007, Energy Policy 35, 238-246): exact, and the same whatever the order of the factors.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oce.analysis import ratio_words
from oce.catalog.caches import cached
from oce.estimation import Estimate, estimate
from oce.interval import Interval
from oce.method import run_prediction
from oce.method.calibration_file import committed
from oce.method.device_time import cases_of, scaling_loss, sequence_sd
from oce.method.footprint_uncertainty import ENTERS, INGREDIENTS
from oce.method.ratio_basis import Basis, basis
from oce.method.runs import side_by_side
from oce.scenario import Scenario

FACTORS: Mapping[str, str] = {  # every factor of the total, and what it is called
    "compute": "Compute",
    "throughput": "Throughput",
    "power": "Device power",
    "pue": "PUE",
    "intensity": "Grid intensity",
    "overhead": "Overhead",
    "embodied": "Embodied carbon",
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times the baseline's figure the other's is, what of the uncertainty both share, what it rests on."""

    times: Interval
    shared: tuple[str, ...]  # what cancels, in words
    basis: Basis | None = None  # of the speed of one device against the other, where the calibration says it


@dataclass(frozen=True, slots=True)
class Part:
    """What one factor adds to the total on the way from the baseline to the other [kg CO2e]."""

    factor: str  # a key of FACTORS
    change_kg: float

    @property
    def label(self) -> str:
        """What the factor is called."""
        return FACTORS[self.factor]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One estimate against another that is the baseline."""

    baseline: Estimate
    other: Estimate

    def ratio(self, figure: str = "total_co2e_kg") -> Ratio:
        """How many times the baseline's figure the other's is (:func:`ratio`)."""
        return ratio(self.baseline, self.other, figure)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What every factor adds to the total on the way from the baseline to the other [kg CO2e] (:func:`why`)."""
        return why(self.baseline, self.other)

    def sentence(self, baseline: str = "the baseline", other: str = "The other") -> str:
        """Which emits less, and whether the difference is larger than what is not known (:func:`sentence`)."""
        return sentence(baseline, other, self.ratio())

    def __repr__(self) -> str:
        """The sentence."""
        return f"<Comparison: {self.sentence()}>"


def compare(baseline: Estimate | Scenario, other: Estimate | Scenario) -> Comparison:
    """Two runs side by side: how many times more or less, how sure that is, and why.

    The ratio's interval is that of the difference of the logarithms: what both runs share cancels in it. What each
    factor contributes is by the additive logarithmic mean Divisia index (Ang 2004, Energy Policy 32, 1131-1139).

    Args:
        baseline: What it is compared with: an estimate, or a scenario to be estimated.
        other: What is compared.

    Returns:
        The comparison, with ``ratio`` (no unit), ``parts`` [kg CO2e] and ``sentence``.

    Raises:
        InputError: Where there is no estimate for one of them.

    Example:
        >>> from oce import Scenario, compare
        >>> here = Scenario(parameters=7e9, tokens=2e12, device="H100", device_count=512, region="USA")
        >>> found = compare(here, here.replace(region="Sweden"))
        >>> found.ratio().times.high < 1.0
        True
        >>> max(found.parts, key=lambda part: abs(part.change_kg)).label
        'Grid intensity'
    """
    first, second = (run if isinstance(run, Estimate) else estimate(run) for run in (baseline, other))
    return Comparison(first, second)


def ratio(baseline: Estimate, other: Estimate, figure: str = "total_co2e_kg") -> Ratio:
    """How many times the baseline's figure the other's is, with the interval of the ratio itself.

    The figure is the total carbon, or another that is in proportion to the device-time.

    Returns:
        The ratio at the level of the estimates; ``central`` is the ratio of the central figures.
    """
    before, after = getattr(baseline, figure).central, getattr(other, figure).central
    if before == 0.0 or after == 0.0:
        times = 1.0 if before == after else (0.0 if after == 0.0 else math.inf)
        return Ratio(Interval.point(times), ())
    central = after / before
    further = half_width_of_ratio(baseline, other, figure)
    if _same_device_time(baseline, other):
        return Ratio(_around(central, 0.0, further), ("the throughput: same model, device and stack",))
    methods = {run.scenario.method for run in (baseline, other)}
    if methods == {"calibrated"}:
        assert baseline.device is not None
        assert other.device is not None
        found = basis(
            baseline.device, other.device, (baseline.scenario.precision or "", other.scenario.precision or "")
        )
        return Ratio(
            _around(central, _calibrated_half_width(baseline, other, found), further),
            (
                "the run: what this organisation reaches with this model, as far as the two runs are alike",
                "what the calibration does not know of either device, where it is the same",
            ),
            found,
        )
    if len(methods) == 1:
        # Not ratio_to: both are at the same place of their intervals, so bounds are divided by bounds.
        bounds = [
            after / before for before, after in zip(getattr(baseline, figure), getattr(other, figure), strict=True)
        ]
        return Ratio(
            Interval(min(bounds), central, max(bounds)),
            ("the position in the interval: fast with fast, slow with slow",),
        )
    wide = math.hypot(baseline.device_hours.log_half_width, other.device_hours.log_half_width)
    return Ratio(_around(central, wide, further), ())


def in_words(times: Ratio) -> str:
    """The ratio as it is said (:func:`oce.analysis.ratio_words.in_words`)."""
    return ratio_words.in_words(times.times)


def sentence(baseline: str, other: str, times: Ratio) -> str:
    """Which emits less, and whether the difference is larger than what is not known.

    Returns:
        A sentence without a full stop, as for a title. Where nobody has measured the two devices on one stack it says
        so, and that the other *may* emit less.
    """
    weak = times.basis.word if times.basis and times.basis.is_weak else ""
    return ratio_words.sentence(baseline, other, times.times, weak)


def is_sure(times: Ratio) -> bool:
    """Whether the lower surely emits less: the interval leaves out 1, and the devices' speed rests on measurements."""
    weak = times.basis is not None and times.basis.is_weak
    return not weak and ratio_words.is_apart(times.times)


def why(baseline: Estimate, other: Estimate) -> tuple[Part, ...]:
    """What every factor contributes to the difference of the two central totals.

    The total is a sum of two products: operational = compute × time per compute × power × PUE × intensity × (1 +
    overhead), and embodied = compute × time per compute × β × (1 + overhead). Each product's change is shared out among
    its factors in proportion to their logarithmic change.

    Returns:
        A part for every factor of :data:`FACTORS`; they sum to the difference [kg CO2e].
    """
    a, b = _factors(baseline), _factors(other)
    shared = ("compute", "throughput", "overhead")
    operational = _shares(
        baseline.operational_co2e_kg.central,
        other.operational_co2e_kg.central,
        {name: (a[name], b[name]) for name in (*shared, "power", "pue", "intensity")},
    )
    embodied = _shares(
        baseline.embodied_co2e_kg.central,
        other.embodied_co2e_kg.central,
        {name: (a[name], b[name]) for name in (*shared, "embodied")},
    )
    return tuple(Part(name, operational.get(name, 0.0) + embodied.get(name, 0.0)) for name in FACTORS)


def logarithmic_mean(x: float, y: float) -> float:
    """(x − y) / ln(x / y); x where they are equal, 0 where one is 0."""
    if x <= 0.0 or y <= 0.0:
        return 0.0
    apart = math.log(x) - math.log(y)
    if abs(apart) > 1.0:
        return (x - y) / apart
    # x - y loses digits as x nears y: there the mean is y (e^d - 1) / d, with d = ln(x / y)
    return y if apart == 0.0 else y * math.expm1(apart) / apart


def _shares(before: float, after: float, factors: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """The change of a product shared out among its factors; where it is or becomes 0, among those that are 0."""
    if before == after == 0.0:
        return dict.fromkeys(factors, 0.0)
    changes = {name: _log(y) - _log(x) for name, (x, y) in factors.items() if x != y}
    if before == 0.0 or after == 0.0:
        zeros = [name for name in changes if 0.0 in factors[name]]
        # without a factor that is zero, the product was too small for a float: it goes to what changed most
        takers = zeros or [max(changes, key=lambda name: abs(changes[name]))]
        return {name: (after - before) / len(takers) if name in takers else 0.0 for name in factors}
    weight = logarithmic_mean(after, before)
    return {name: weight * changes.get(name, 0.0) for name in factors}


def _log(value: float) -> float:
    return math.log(value) if value > 0.0 else -math.inf


def _factors(result: Estimate) -> dict[str, float]:
    inputs = result.inputs
    seconds = float(inputs.device_seconds_central)
    return {
        "compute": float(inputs.training_flop),
        "throughput": seconds / float(inputs.training_flop),  # device-time per FLOP
        "power": float(inputs.power_w),
        "pue": float(inputs.pue),
        "intensity": float(inputs.carbon_intensity_g_per_kwh),
        "overhead": 1.0 + float(inputs.overhead_fraction),
        "embodied": float(inputs.beta_g_per_device_hour),
    }


def _same_device_time(baseline: Estimate, other: Estimate) -> bool:
    """Whether both take the same device-time for the same reasons: then its uncertainty cancels altogether."""

    def reasons(of: Estimate) -> tuple[object, ...]:
        run = of.scenario
        size = run.active_parameters or run.parameters
        own = (run.utilisation, run.tokens_per_second_per_device, run.log10_alpha_low, run.log10_alpha_high)
        past = of.past_runs if run.method == "calibrated" else None
        return (run.method, of.training_flop, size, of.device, of.precision, run.year, own, past, *_count_of(of))

    return reasons(baseline) == reasons(other)


def _count_of(result: Estimate) -> tuple[object, ...]:
    """What decides the loss to many devices, under the calibration, and the length of sequences."""
    run = result.scenario
    many = (run.device_count, run.batch_tokens, run.interconnect) if run.method == "calibrated" else ()
    return (*many, run.context_length)


def _around(central: float, half: float, further: float) -> Interval:
    """An interval around a ratio: of the device-time, and of power, PUE, grid and making; in the logarithm."""
    width = math.hypot(half, further)
    return Interval.from_log_widths(central, width, width)


def _calibrated_half_width(baseline: Estimate, other: Estimate, rests_on: Basis) -> float:
    """Half-width of the interval of ln(other / baseline) under the calibration: of the devices, and of the runs."""
    model, past = committed(), baseline.past_runs
    level = max(float(run.resolved.throughput.level[0]) for run in (baseline, other))
    device, run = _variances(baseline, other)
    runs = model.new_organisations if past is None else model.with_prior_runs
    devices = model.open_contrasts if rests_on.is_weak else model.contrasts
    return math.hypot(float(devices.quantile(level)) * math.sqrt(device), float(runs.quantile(level)) * math.sqrt(run))


@cached(most=64)  # a page asks for the same pair in its headline, its table and its chart
def _variances(baseline: Estimate, other: Estimate) -> tuple[float, float]:
    """Variance of ln(other / baseline) of the device-time: of the devices, and of the runs."""
    pair = [(run.resolved.throughput, machine) for run in (baseline, other) if (machine := run.resolved.machine)]
    cases = side_by_side([cases_of(inputs, [machine]) for inputs, machine in pair])
    found = run_prediction.differences(committed().fit, cases, baseline.past_runs)
    losses = [scaling_loss(inputs, [machine]) for inputs, machine in pair]
    # The same law for both, and the same attention: what is not known of either moves them together.
    scaled = np.diff([float((loss.log_sd * np.sign(loss.log_time))[0]) for loss in losses])[0]
    attention = np.diff([float(sequence_sd(inputs)[0]) for inputs, _ in pair])[0]
    return float(found.device[0, 1]), float(found.run[0, 1]) + float(scaled) ** 2 + float(attention) ** 2


# --- how sure a ratio is but for the device-time: power, PUE, grid and making, shared or not ---


def log_sd_of(estimate: Estimate) -> Mapping[str, float]:
    """The uncertainty of each of :data:`INGREDIENTS` of an estimate; 0 where it was given or there is none."""
    inputs = estimate.inputs
    return {name: float(getattr(inputs, f"log_sd_{name}")) for name in INGREDIENTS}


def _same_in_both(first: Estimate, second: Estimate) -> Mapping[str, bool]:
    """Whether what is unsure of an ingredient is the same in both, so that it cancels between them.

    Power and making: of the same device; PUE: where neither gives it and both have the same; grid: of the same region.
    """
    device = first.device is not None and first.device == second.device
    grid = first.region is not None and first.region == second.region
    return {"power": device, "pue": first.inputs.pue == second.inputs.pue, "grid": grid, "making": device}


def half_width_of_ratio(baseline: Estimate, other: Estimate, figure: str = "total_co2e_kg") -> float:
    """Half-width of the interval of ln(other / baseline) of a figure, for all but the device-time; to first order.

    Each ingredient moves a total by the share that its part has there; what is shared moves both, and leaves the
    difference of the shares. Each estimate counts at its own level.
    """
    both, first, second = _same_in_both(baseline, other), _pulls(baseline, figure), _pulls(other, figure)
    pulls = ((first[name], second[name], both[name]) for name in INGREDIENTS)
    return math.sqrt(sum((b - a) ** 2 if same else a**2 + b**2 for a, b, same in pulls))


def _pulls(estimate: Estimate, figure: str) -> Mapping[str, float]:
    """How far each ingredient, as far off as the level holds, moves the logarithm of a figure."""
    reach = float(estimate.inputs.reach)
    if figure != "total_co2e_kg":
        enters = ENTERS.get(figure, ())
        return {name: reach * sd if name in enters else 0.0 for name, sd in log_sd_of(estimate).items()}
    total = estimate.total_co2e_kg.central
    made = estimate.embodied_co2e_kg.central / total if total else 0.0
    return {name: reach * sd * (made if name == "making" else 1.0 - made) for name, sd in log_sd_of(estimate).items()}
