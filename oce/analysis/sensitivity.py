"""What moves the result: the total at both ends of a stated, sensible range of each input, one at a time."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from oce import catalog, units
from oce.estimation import Estimate, estimate_many
from oce.fields import FIELDS
from oce.interval import Interval, normal_quantile
from oce.method import embodied
from oce.method.footprint_uncertainty import MAKING_LEVEL
from oce.scenario import Scenario

# The ranges, each stated wherever it is used.
CLEAN_GRID, DIRTY_GRID = "NOR", "IND"  # regions of the catalogue: hydro power, and mostly coal
GOOD_PUE, USUAL_PUE = "google-fleet-2024", "uptime-2024"  # rows of data/pue.csv: a whole fleet, and the world average
LOW_POWER_SHARE = 0.7  # StarCoder's report takes 280 W of an A100's 400 W
HIGH_POWER_FACTOR = 1.15  # a Brookhaven server of eight H100 draws 969 W a device, 1.13 times the mean of all metered
MUCH_OVERHEAD = 0.5  # half as much again for failed runs, restarts and experiments: assumed

COMPUTE_FIELDS = ("tokens", "training_flop")  # what is trained, rather than what is assumed about it


@dataclass(frozen=True, slots=True)
class Swing:
    """The total when one input goes from one end of its range to the other, all else as in the scenario."""

    field: str
    label: str
    now: str  # what the scenario has
    low_label: str  # the input that gives the low total
    high_label: str
    low_kg: float
    high_kg: float

    @property
    def log_ratio(self) -> float:
        """How far it moves the total: the logarithm of high over low."""
        return math.log(self.high_kg / self.low_kg) if self.low_kg > 0 else math.inf


def swings(result: Estimate) -> tuple[Swing, ...]:
    """The swing of the total by every input that moves it at all, the largest first."""
    ranges = list(_ranges(result))
    scenarios = [scenario for _, _, _, (_, low), (_, high) in ranges for scenario in (low, high)]
    totals = estimate_many(scenarios, past_runs=result.past_runs)["total_co2e_kg_central"]
    found = [
        _ordered(field, label, now, result, (low, float(totals[2 * i])), (high, float(totals[2 * i + 1])))
        for i, (field, label, now, (low, _), (high, _)) in enumerate(ranges)
    ]
    found += _from_estimate(result)
    moving = [swing for swing in found if swing.high_kg > swing.low_kg * (1 + 1e-9)]
    return tuple(sorted(moving, key=lambda swing: -swing.log_ratio))


Bound = tuple[str, Scenario]


def _ranges(result: Estimate) -> Iterator[tuple[str, str, str, Bound, Bound]]:
    """Field, label, present value, and the scenario at either end of the input's range."""
    run, inputs = result.scenario, result.inputs
    field = FIELDS[run.amount]
    amount, by_flop = float(getattr(run, field.name)), field.name == "training_flop"
    yield (
        field.name,
        "Compute" if by_flop else field.label,
        f"{units.scientific(amount) if by_flop else units.compact(amount)} {field.unit}",
        ("half", run.replace(**{field.name: max(amount / 2, field.low)})),
        ("double", run.replace(**{field.name: min(amount * 2, field.high)})),
    )
    clean, dirty = catalog.region(CLEAN_GRID), catalog.region(DIRTY_GRID)
    where = f" ({result.region.name})" if result.region and run.carbon_intensity_g_per_kwh is None else ""
    yield (
        "carbon_intensity_g_per_kwh",
        "Grid intensity",
        f"{units.significant(float(inputs.carbon_intensity_g_per_kwh))} g/kWh{where}",
        (
            f"{clean.g_per_kwh:.0f} g/kWh, {clean.name}",
            run.replace(carbon_intensity_g_per_kwh=clean.g_per_kwh),
        ),
        (
            f"{dirty.g_per_kwh:.0f} g/kWh, {dirty.name}",
            run.replace(carbon_intensity_g_per_kwh=dirty.g_per_kwh),
        ),
    )
    good, usual = map(catalog.pue, (GOOD_PUE, USUAL_PUE))
    yield (
        "pue",
        "PUE",
        f"PUE {float(inputs.pue):.3g}",
        (f"{good.pue:g}, {good.operator} {good.year}", run.replace(pue=good.pue)),
        (f"{usual.pue:g}, world average {usual.year}", run.replace(pue=usual.pue)),
    )
    own = float(inputs.power_w) - float(inputs.host_power_w)
    low_w, high_w = LOW_POWER_SHARE * own, float(inputs.power_w) * HIGH_POWER_FACTOR - float(inputs.host_power_w)
    yield (
        "power_w",
        "Device power",
        f"{units.significant(float(inputs.power_w))} W a device" + (" with its server" if inputs.host_power_w else ""),
        (
            f"{units.significant(low_w + float(inputs.host_power_w))} W, the device at {LOW_POWER_SHARE:.0%}",
            _with_power(run, low_w, float(inputs.host_power_w)),
        ),
        (
            f"{units.significant(float(inputs.power_w) * HIGH_POWER_FACTOR)} W, a busier server",
            _with_power(run, high_w, float(inputs.host_power_w)),
        ),
    )
    yield (
        "overhead_fraction",
        "Failed runs, experiments",
        f"{run.overhead_fraction:.0%} overhead" if run.overhead_fraction else "no failed runs or experiments",
        ("none", run.replace(overhead_fraction=0)),
        (f"{MUCH_OVERHEAD:.0%} more", run.replace(overhead_fraction=MUCH_OVERHEAD)),
    )


def _from_estimate(result: Estimate) -> Iterator[Swing]:
    """The inputs whose range is in the estimate itself: throughput, and the making of the device."""
    total, inputs = result.total_co2e_kg, result.inputs
    hours = result.device_hours
    share = f" ({result.utilisation.central:.0%} of peak)" if result.utilisation else ""
    low, high = (total.central * bound / (hours.central or 1.0) for bound in (hours.low, hours.high))
    yield Swing("throughput", "Throughput", f"throughput{share}", "fast end", "slow end", low, high)
    beta = float(inputs.beta_g_per_device_hour)
    if not beta:
        return
    spread = math.exp(normal_quantile(MAKING_LEVEL) * float(inputs.log_sd_making))
    betas = Interval.point(beta).widened(spread)
    operational, made = result.operational_co2e_kg.central, result.embodied_co2e_kg.central
    now = f"{units.significant(beta)} g per device-hour"
    whole = embodied.manufacturing(result.device.id) if result.scenario.embodied == "paper" and result.device else None
    if whole:  # the paper's β has no range of its own: the whole card shows what it leaves out
        life, use = result.resolved.device_life_years[0], result.resolved.use_fraction[0]
        full = float(embodied.g_per_device_hour(whole.kg.central, life, use))
        most = operational + made * full / beta
        yield Swing("embodied", "Embodied carbon", now, "bare silicon", "card and server", total.central, most)
    low, high = (operational + made * bound / beta for bound in (betas.low, betas.high))
    yield Swing("embodied", "Embodied carbon", now, "lowest figures", "highest figures", low, high)


def _with_power(run: Scenario, power_w: float, host_power_w: float) -> Scenario:
    return run.replace(power_fraction=None, power_w=power_w, host_power_w=host_power_w)


def _ordered(
    field: str, label: str, now: str, result: Estimate, first: tuple[str, float], second: tuple[str, float]
) -> Swing:
    """The swing between two ends, which reaches to the scenario's own value where that lies outside them."""
    (low_label, low), (high_label, high) = sorted((first, second), key=lambda bound: bound[1])
    present = result.total_co2e_kg.central
    if present < low:
        low_label, low = f"as now ({now})", present
    if present > high:
        high_label, high = f"as now ({now})", present
    return Swing(field, label, now, low_label, high_label, low, high)
