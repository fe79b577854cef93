"""What it would take to emit less: one change after another, each to the best value that can be reached."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from oce import catalog, units
from oce.analysis.alternatives import in_region, is_weak, link_too_slow, on_device
from oce.analysis.sensitivity import GOOD_PUE
from oce.catalog import Device
from oce.errors import InputError
from oce.estimation import Estimate, estimate, estimate_many, interval_at
from oce.fields import FIELDS
from oce.interval import Interval
from oce.method import embodied
from oce.method.calibration_file import committed
from oce.method.hardware_features import LOW_PRECISIONS
from oce.method.runs import Runs
from oce.scenario import Scenario

SAME_MODEL = ("region", "device", "precision", "utilisation", "life", "pue", "overhead")  # the same model, for less
OTHER_MODEL = ("experts", "tokens")  # another model, which may be worse
LEVERS = (*SAME_MODEL, *OTHER_MODEL)
LONG_LIFE_YEARS = 6.0  # BLOOM and Google take so long (see the provenance of the life of a device)
LOW_PRECISION = "fp8"

ACTIVE_SHARE = 1 / 8  # of a mixture of experts: assumed. DeepSeek-V3 (arXiv:2412.19437) has 37 of 671 billion
FEWER_TOKENS = 1 / 2  # assumed


@dataclass(frozen=True, slots=True)
class Lever:
    """One change on the way to less carbon, with the central total before and after it."""

    key: str  # one of LEVERS
    label: str
    before_kg: float
    total_co2e_kg: Interval  # after it
    scenario: Scenario  # after this and all earlier levers

    @property
    def after_kg(self) -> float:
        """The central total after it [kg CO2e]."""
        return self.total_co2e_kg.central

    @property
    def is_same_model(self) -> bool:
        """Whether the same model comes of it; else another one is trained."""
        return self.key in SAME_MODEL


def pulled(scenario: Scenario, use: Collection[str] = LEVERS, past_runs: Runs | None = None) -> tuple[Lever, ...]:
    """From the scenario to the best that can be reached, one change after another, in the order of :data:`LEVERS`.

    Each goes to the best reachable value: of the countries with a cloud region, the one with the least lifecycle
    carbon; the device with the least carbon, of those with reported runs and whose embodied carbon is known where that
    of the present one is; fp8 where the device has it; the utilisation of the fast end of the interval; six years of
    life; the PUE of a good fleet; no overhead. The last two train another model, which may be worse: an eighth of the
    parameters active; half the tokens. What would not lower the total is left out. Power caps and cleaner hours are no
    levers here, as there are no data on what they cost in time.

    Returns:
        The levers; the ``after_kg`` of one is the ``before_kg`` of the next.

    Raises:
        InputError: Where there is no estimate for the scenario.
        ValueError: Where ``use`` names no lever.
    """
    return pulled_from(estimate(scenario, past_runs), use)


def pulled_from(now: Estimate, use: Collection[str] = LEVERS) -> tuple[Lever, ...]:
    """The same (:func:`pulled`) where the estimate is there already.

    The levers are asked together, as if each lowered the total; where one does not, those after it are asked again.
    """
    unknown = sorted(set(use) - set(LEVERS))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: not one of {', '.join(LEVERS)}")
    found: list[Lever] = []
    run, before = now.scenario, now.total_co2e_kg.central
    left = [lever for lever in LEVERS if lever in use]
    while left:
        steps = _steps(now, run, left)
        if not steps:
            break
        totals = estimate_many([changed for _, _, changed in steps], now.past_runs)
        for row, (key, label, changed) in enumerate(steps):
            left = left[left.index(key) + 1 :]
            # What the scenario's devices cannot train is no way to less.
            if totals["error"][row] or totals["total_co2e_kg_central"][row] >= before:
                break
            after = interval_at(totals, "total_co2e_kg", row)
            found.append(Lever(key, label, before, after, changed))
            run, before = changed, after.central
        else:
            break
    return tuple(found)


def _steps(now: Estimate, run: Scenario, keys: Sequence[str]) -> list[tuple[str, str, Scenario]]:
    """Each lever on top of those before it, with its label."""
    steps: list[tuple[str, str, Scenario]] = []
    for key in keys:
        try:
            step = _PULL[key](now, run)
        except InputError:  # on top of what cannot be, which is asked again without it
            break
        if step is not None:
            steps.append((key, *step))
            run = step[1]
    return steps


Pulled = tuple[str, Scenario] | None  # what changes, and the scenario after it; None where there is nothing to pull


def _pull_region(now: Estimate, run: Scenario) -> Pulled:
    hosts = {region.country_iso3 for region in catalog.regions() if region.kind == "cloud"}  # where a run can be rented
    countries = [
        region
        for region in catalog.regions()
        if region.kind == "country" and region.basis == "lifecycle" and region.country_iso3 in hosts
    ]
    best = min(countries, key=lambda region: (region.g_per_kwh, region.name))
    stated = now.scenario.carbon_intensity_g_per_kwh is not None
    alike = stated or now.region is None or now.region.basis == best.basis
    but = "" if alike or now.region is None else f", {best.basis}; before: {now.region.basis}"
    return f"Region: {best.name} ({best.g_per_kwh:.0f} g/kWh{but})", in_region(run, best)


def _pull_device(now: Estimate, run: Scenario) -> Pulled:
    # On a clean grid embodied carbon decides: a device must not win because nobody has published its own.
    whole = now.embodied_co2e_kg.central > 0
    others = [
        device
        for device in catalog.devices()
        if device.tdp_w is not None
        and not link_too_slow(run, device)
        and (not whole or _manufacturing_known(device, run))
        # nor because nobody has measured the two on one stack
        and not is_weak(now, device)
    ]
    if not others:
        return None
    on_each = [on_device(run, device) for device in others]
    found = estimate_many(on_each, now.past_runs)
    totals = np.where(found["error"] == "", found["total_co2e_kg_central"], np.inf)
    at = int(np.argmin(totals))
    best, changed = others[at], on_each[at]
    own = "" if changed.method == run.method else f" ({changed.method} throughput, not your own)"
    return (f"Device: {best.name}{own}", changed) if np.isfinite(totals.min()) else None


def _device(now: Estimate, run: Scenario) -> Device | None:
    """The device of a scenario on the way."""
    return now.device if run.device is None else catalog.device(run.device)


def _manufacturing_known(device: Device, run: Scenario) -> bool:
    """Whether there is a figure for making this device, of the kind that the scenario counts."""
    if run.embodied == "paper":
        return device.beta_g_per_device_hour is not None
    return embodied.manufacturing(device.id).known


def _pull_precision(now: Estimate, run: Scenario) -> Pulled:
    device = _device(now, run)
    if device is None or run.method != "calibrated" or LOW_PRECISION not in device.peak_tflops:
        return None
    precision = run.precision or device.training_precision
    if precision in LOW_PRECISIONS:
        return None
    return f"Precision: {LOW_PRECISION} instead of {precision}", run.replace(precision=LOW_PRECISION)


def _pull_utilisation(now: Estimate, run: Scenario) -> Pulled:
    """The speed that the fast end of the interval stands for, as the steady-state utilisation that leads to it."""
    if run != now.scenario:
        now = estimate(run, now.past_runs)
    if run.method != "calibrated" or now.utilisation is None or now.level is None:
        return None
    reached = now.utilisation.high
    steady = reached / math.exp(committed().gap_mean)
    if not FIELDS["utilisation"].low <= steady <= 1.0:
        return None
    few = (1.0 - now.level) / 2.0
    label = f"Utilisation: {reached:.0%} over the whole run (what {few:.0%} of such runs pass)"
    return label, run.replace(throughput=None, utilisation=steady)


def _pull_life(now: Estimate, run: Scenario) -> Pulled:
    if run.embodied == "paper":
        return None
    years = float(now.resolved.device_life_years[0])
    if years >= LONG_LIFE_YEARS:
        return None
    return f"Life of devices: {LONG_LIFE_YEARS:g} years (now {years:g})", run.replace(device_life_years=LONG_LIFE_YEARS)


def _pull_pue(now: Estimate, run: Scenario) -> Pulled:
    good = catalog.pue(GOOD_PUE)
    if run.pue is not None and run.pue <= good.pue:
        return None
    return f"PUE: {good.pue:g} ({good.operator} {good.site}, {good.year})", run.replace(pue=good.pue)


def _pull_overhead(now: Estimate, run: Scenario) -> Pulled:
    before = float(now.inputs.overhead_fraction)
    if before == 0.0:
        return None
    return f"Overhead: none (now {before:.0%})", run.replace(overhead_fraction=0.0)


def _pull_experts(now: Estimate, run: Scenario) -> Pulled:
    dense = run.active_parameters is None or run.active_parameters == run.parameters
    if run.training_flop is not None or run.forward_flop_per_sample is not None or run.parameters is None or not dense:
        return None
    label = "Mixture of experts: 1/8 of the parameters active (assumed; DeepSeek-V3 has 37 of 671 billion)"
    return label, run.replace(active_parameters=run.parameters * ACTIVE_SHARE)


def _pull_tokens(now: Estimate, run: Scenario) -> Pulled:
    amounts = ("tokens", "samples", "training_flop")
    sizes = {name: getattr(run, name) for name in amounts if getattr(run, name) is not None}
    fewer = {name: size * FEWER_TOKENS for name, size in sizes.items()}
    if any(half < FIELDS[name].low for name, half in fewer.items()):
        return None
    if "training_flop" in fewer:  # it stands for the tokens
        return f"Compute: half ({units.scientific(fewer['training_flop'])} FLOP)", run.replace(**fewer)
    (name, half), *_ = fewer.items()
    return f"{name.capitalize()}: half ({units.compact(half)})", run.replace(**fewer)


# From the estimate where it begins, and the scenario on the way.
_PULL: Mapping[str, Callable[[Estimate, Scenario], Pulled]] = {
    "region": _pull_region,
    "device": _pull_device,
    "precision": _pull_precision,
    "utilisation": _pull_utilisation,
    "life": _pull_life,
    "pue": _pull_pue,
    "overhead": _pull_overhead,
    "experts": _pull_experts,
    "tokens": _pull_tokens,
}
