"""What is said of an estimate: its method, what its interval means, what its throughput rests on, what to beware of.

All of it is read from the stages (:class:`oce.resolution.Resolved`, :class:`oce.method.device_time.DeviceTime`); no
default is looked up again.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from oce import catalog, plausibility
from oce.assumptions import Assumption
from oce.catalog import Device
from oce.fields import Method
from oce.interval import Interval
from oce.method import compute, footprint_uncertainty, limits, memory, ratio_basis, scaling
from oce.method.calibration_file import committed
from oce.method.device_time import DeviceTime, scaling_loss
from oce.method.footprint import Conditions
from oce.method.hardware_features import REFERENCE_DEVICE
from oce.method.run_prediction import MEAN_CAP
from oce.resolution import Resolved
from oce.resolution.checks import CHECKED_METHODS
from oce.resolution.steady_rate import rate_scale
from oce.scenario import Scenario
from oce.units import significant

PUBLISHED_LEVEL = 0.4515  # share of a normal distribution within mu ± 0.6 sigma, the paper's interval (section 3.2)
YEARS_APART = 3  # of grid and training, from which on it is said
WIDE = 3.0  # high over low of the hours from which on it is said, with what narrows them
OUTSIDE_TOLD = 0.1  # decades outside the runs from which on it is said


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader of an estimate should know; ``code`` is stable, ``text`` is for people."""

    code: str
    text: str


METHOD_NAMES: Mapping[Method, str] = {
    "calibrated": "OpenCarbonEval, calibrated throughput",
    "published": "OpenCarbonEval, published throughput",
    "alpha": "OpenCarbonEval, your own α",
    "utilisation": "OpenCarbonEval, your own utilisation",
    "measured": "OpenCarbonEval, your measured rate",
}


def method_name(method: Method, prior_runs: int) -> str:
    """The method in words, with how many prior runs of the organisation it took into account."""
    own = f" with {prior_runs} past runs of your own" if prior_runs else ""
    return METHOD_NAMES[method] + (own if method == "calibrated" else "")


UNSURE: Mapping[str, str] = {"power": "power", "pue": "PUE", "grid": "the grid", "making": "the making of devices"}


def level_of(resolved: Resolved, prior_runs: int) -> tuple[float | None, str]:
    """The share of runs that the intervals are meant to hold, if any, and what each of them is, in words."""
    level, of_hours = _level_of_hours(resolved, prior_runs)
    return level, "; ".join(filter(None, (of_hours, further(resolved.conditions))))


def further(conditions: Conditions) -> str:
    """What the intervals of energy and carbon add to that of the hours; empty where they add nothing."""
    unsure = [name for name in footprint_uncertainty.INGREDIENTS if np.any(getattr(conditions, f"log_sd_{name}") > 0)]
    energy = " and ".join(UNSURE[name] for name in unsure if name in ("power", "pue"))
    carbon = " and ".join(UNSURE[name] for name in unsure if name in ("grid", "making"))
    if energy and carbon:
        return f"energy adds what is not known of {energy}, carbon that of {carbon} too"
    if energy or carbon:
        return f"{'energy and carbon add' if energy else 'carbon adds'} what is not known of {energy or carbon}"
    return ""


def _level_of_hours(resolved: Resolved, prior_runs: int) -> tuple[float | None, str]:
    method, device, level = resolved.method, resolved.device, float(resolved.throughput.level[0])
    if method == "alpha":
        return None, "that of the α you gave"
    if method in ("utilisation", "measured"):
        runs = committed().gap_runs
        return level, (
            f"{level:.0%} of the gap between steady state and the whole run, learnt from {runs} runs that report both"
        )
    if method == "calibrated":
        if prior_runs:
            return level, f"meant to hold {level:.0%} of runs by an organisation with past runs like yours"
        return level, f"meant to hold {level:.0%} of runs by organisations that the calibration has not seen"
    assert device is not None
    if device.log10_alpha_low == device.log10_alpha_high:
        return None, "the paper has a single run on this device"
    return PUBLISHED_LEVEL, "the paper's, μ ± 0.6 σ of log α over its runs, which would hold 45% of them"


def of_throughput(resolved: Resolved, utilisation: Interval | None, prior_runs: int) -> Iterator[Assumption]:
    """What a throughput model filled in for a single scenario."""
    method, device, calibration = resolved.method, resolved.device, committed()
    if method in ("utilisation", "measured"):
        share = f"{math.exp(calibration.gap_mean):.0%} of steady state"
        source = f"mean of {calibration.gap_runs} runs that report both (data/training_runs.csv)"
        yield Assumption("throughput", share, "over the whole run", source, "2026")
    if method != "calibrated" or device is None or utilisation is None:
        return
    share = f"{utilisation.central:.0%} of the peak ({utilisation.low:.0%}–{utilisation.high:.0%})"
    own = f", and {prior_runs} of your own" if prior_runs else ""
    source = (
        f"calibrated on {calibration.runs} reported runs of {calibration.organisations} organisations, "
        f"{_runs_on(device) or 'none'} of them on {catalog.device(device.counted_id).name}{own}"
    )
    yield Assumption("throughput", share, "", source, "2026")
    reference = catalog.device(REFERENCE_DEVICE)
    if device.counted_id != reference.id:
        found = ratio_basis.basis(reference, device)
        yield Assumption("device_speed", found.word, "", found.sentence(reference, device), "2026")
    if device.counted_as:
        counted = catalog.device(device.counted_as).name
        yield Assumption(
            "device_variant", counted, "", f"{device.name} does not say which: its speed is taken as that of {counted}"
        )
    inputs, machine = resolved.throughput, resolved.machine
    if np.isnan(inputs.size[0]):
        size = float(calibration.fit.usual_size(inputs.training_flop)[0])
        yield Assumption("parameters", size, "parameters", "not given: usual for this compute among the runs", "2026")
    if not np.isnan(inputs.device_count[0]) and machine is not None:
        law, usual = scaling.law(), scaling.usual_count()
        reference_count = math.exp(max(float(usual.at(np.log(inputs.learnt_flop))[0]), 0.0))
        source = (
            f"against {reference_count:,.0f}, the number usual for this compute among {usual.runs} reported "
            f"runs; the speed of each falls by half at {math.exp(law.log_x0.centre):.0f} tokens of the batch for a "
            f"device (data/same_stack_scaling.csv: {law.log_x0.models} models)"
        )
        longer = math.expm1(float(scaling_loss(inputs, [machine]).log_time[0]))
        yield Assumption("device_loss", f"{longer:+.1%} device-time", "", source, "2026")


def _of_whole_run(resolved: Resolved, time: DeviceTime) -> Note:
    """The steady rate that was given beside that of the whole run, and where the difference comes from."""
    inputs, scale, calibration = resolved.throughput, rate_scale(resolved), committed()
    field = "utilisation" if resolved.method == "utilisation" else "tokens_per_second_per_device"
    steady = scale.tflops(float(getattr(inputs, field)[0]), field)
    whole = float(inputs.training_flop[0]) / compute.FLOP_PER_TFLOP / float(time.central[0])
    return Note(
        "whole_run",
        f"{significant(steady)} TFLOP/s steady, {significant(whole)} over the whole run: restarts, evaluations and the "
        f"start take the rest, as in the {calibration.gap_runs} runs that report both "
        f"({', '.join(run.model for run in catalog.runs() if run.tells_gap)}: data/training_runs.csv).",
    )


def _runs_on(device: Device) -> int:
    """How many of the calibration's runs were on a device, or on the one that it is counted as."""
    return committed().runs_by_device.get(device.counted_id, 0)


def notes(
    scenario: Scenario, resolved: Resolved, time: DeviceTime, utilisation: Interval | None, prior_runs: int
) -> Iterator[Note]:
    """What a careful reader would want to be told."""
    method, device, region = resolved.method, resolved.device, resolved.region
    beta, decades = float(np.ravel(resolved.conditions.beta_g_per_device_hour)[0]), float(time.extrapolation_decades[0])
    looked_up = region if "carbon_intensity_g_per_kwh" in {record.field for record in resolved.records} else None
    if device and device.unit == "chip" and device.cores_per_chip:
        cores = device.cores_per_chip
        say = "one core" if cores == 1 else f"{cores} cores"
        yield Note("chips", f"{device.name} is counted in chips; one chip has {say}.")
    if device and device.unit == "GPU" and device.cores_per_chip:
        yield Note(
            "dies",
            f"{device.name} is counted in cards; software lists each of its {device.cores_per_chip} dies as a device.",
        )
    if scenario.device and (named := catalog.device_named(scenario.device).note):
        yield Note("device", f"Device: {named}.")
    if scenario.region and (placed := catalog.region_named(scenario.region).note):
        yield Note("region", f"Region: {placed}.")
    if method in ("utilisation", "measured"):
        yield _of_whole_run(resolved, time)
    numbers = {name: value for name, value in scenario.given().items() if isinstance(value, float)}
    for doubt in plausibility.doubts(numbers, device):
        yield Note("plausible", doubt)
    if method == "calibrated" and device:
        found = ratio_basis.basis(catalog.device(REFERENCE_DEVICE), device)
        if found.kind == "placed":
            runs = f"; {_runs_on(device)} reported runs on it say a little" if _runs_on(device) else ""
            yield Note(
                "placed_device",
                f"Nobody has measured {device.name} and another device on one stack: its speed is placed by its peak, "
                f"memory bandwidth and link{runs}. The interval is wider for it.",
            )
        if found.kind == "bracketed":
            yield Note(
                "bracketed_device",
                f"{device.name} and NVIDIA's devices were never measured on one stack: its speed is bracketed by what "
                "vendors reach on stacks of their own and by claims. The interval is wider for it.",
            )
    yield from _memory_notes(scenario, resolved)
    if method == "calibrated" and decades > OUTSIDE_TOLD:
        factor = significant(10**decades, 2)
        yield Note(
            "outside_runs",
            f"This lies outside the runs that the calibration has learnt from, by a factor of {factor} in model size "
            "or compute: the interval is wider for it.",
        )
    width = utilisation.high_over_low if utilisation else 1.0
    if method == "calibrated" and width > WIDE and not prior_runs:
        yield Note(
            "wide",
            f"The interval is wide, ×{significant(width, 2)} from end to end: organisations differ "
            "that much. Your own past runs or a measured rate narrow it.",
        )
    if method == "calibrated" and utilisation and utilisation.central > 0.999 * MEAN_CAP:
        yield Note("held", f"The central utilisation is held at {MEAN_CAP:.0%}: no reported run did better.")
    if scenario.year is not None and device and device.year and scenario.year < device.year:
        yield Note(
            "year", f"{device.name} was released in {device.year}, after the year of training, {scenario.year:.0f}."
        )
    if region and region.year and scenario.year is not None and abs(scenario.year - region.year) >= YEARS_APART:
        yield Note("grid_year", f"The grid is that of {region.year}, the training of {scenario.year:.0f}.")
    if utilisation and utilisation.high > 1 + 1e-9:
        assert device is not None
        yield Note("above_peak", f"The fast end of the interval is above the peak of {device.name}.")
    if beta == 0.0:
        which = device.name if device else "an unnamed device"
        why = f"The paper has no β for {which}" if scenario.embodied == "paper" else f"How {which} is made is not known"
        yield Note("no_embodied", f"{why}: embodied carbon is left out.")
    elif device and device.beta_g_per_device_hour and scenario.embodied != "paper":
        times = significant(beta / device.beta_g_per_device_hour, 2)
        yield Note(
            "embodied",
            f"Embodied carbon counts the whole card and its share of the server: {times} times the paper's β, which "
            "counts bare silicon over one year. How unsure it is, the published figures say by their spread.",
        )
    if looked_up and looked_up.placeholder:
        yield Note(
            "placeholder",
            f"The intensity of {looked_up.name} is exactly 1,000 g CO2e/kWh at its source: a placeholder, as it seems. "
            "The interval is wider for it.",
        )
    if looked_up and looked_up.basis != "lifecycle":
        unstated = "The paper does not say what its grid intensity counts: compare it with care."
        stated = f"The intensity of {looked_up.name} is {looked_up.basis}, not lifecycle: compare with care."
        yield Note("basis", unstated if looked_up.basis == "unstated" else stated)


def _memory_notes(scenario: Scenario, resolved: Resolved) -> Iterator[Note]:
    """Whether the model fits on the devices, where that is not refused but should be said."""
    method, device, found = resolved.method, resolved.device, resolved.limits
    if found is None or device is None or scenario.device_count is None:
        return
    count, needed = scenario.device_count, float(found.states_bytes[0])
    held = count * device.memory_gb * memory.BYTES_PER_GB
    copies = max(count / float(found.replica[0]), 1.0)
    one_sequence = memory.activation_bytes(compute.shape(scenario.size or 0.0), float(found.sequence_length[0]))
    full = (needed + copies * float(one_sequence)) / held
    what = limits.gigabytes(needed)
    if needed > held:
        few = limits.too_few(device, count, float(found.fewest[0]), needed)
        yield Note(
            "memory", f"The model does not fit: {what} of states, {limits.gigabytes(held)} of memory. It takes {few}."
        )
    elif full > memory.TIGHT:
        yield Note(
            "memory_tight",
            f"The model hardly fits: {what} of weights, gradients and optimiser states, with activations {full:.0%} "
            f"of the memory of {count:,.0f} {device.name}. More devices, or fewer bytes for a parameter, make room.",
        )
    if method not in ("published", "alpha") and (why := limits.without_link(scenario.parameters, device)):
        yield Note("slow_link", why)
    if method not in CHECKED_METHODS and count > float(found.most[0]):
        yield Note("many_devices", f"Past {float(found.most[0]):,.0f} devices more do nothing at the usual batch.")
