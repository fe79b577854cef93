"""What is said about an estimate: every value that was filled in, with its source, and what a reader should know."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from oce import catalog, plausibility
from oce.catalog import Device, Region
from oce.interval import Interval
from oce.method import compute, embodied, footprint_uncertainty, limits, memory, ratio_basis, scaling, system_power
from oce.method.calibration_file import committed
from oce.method.hardware_features import REFERENCE_DEVICE
from oce.method.run_prediction import MEAN_CAP
from oce.method.training import GENERATION_SOURCE, RECIPES
from oce.resolution import CHECKED_METHODS, Inputs
from oce.scenario import DEFAULTS, Method, Scenario
from oce.units import significant

PUBLISHED_LEVEL = 0.4515  # share of a normal distribution within mu ± 0.6 sigma, the paper's interval (section 3.2)
YEARS_APART = 3  # of grid and training, from which on it is said
WIDE = 3.0  # high over low of the hours from which on it is said, with what narrows them
OUTSIDE_TOLD = 0.1  # decades outside the runs from which on it is said


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that the estimate filled in: what was used, and where it comes from."""

    field: str
    value: float | str
    unit: str
    source: str
    year: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader of an estimate should know; ``code`` is stable, ``text`` is for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What there is to say something about: the scenario, what was looked up for it, and what came of it."""

    scenario: Scenario
    inputs: Inputs
    device: Device | None
    region: Region | None
    precision: str | None
    utilisation: Interval | None
    decades_outside: float  # the runs that the calibration has learnt from
    past_runs: int
    log_loss: float = 0.0  # ln of what the number of devices costs in device-time

    @property
    def runs_on_device(self) -> int:
        """How many of the calibration's runs were on this device."""
        return committed().runs_by_device.get(self.device.counted_id, 0) if self.device else 0


METHOD_NAMES: Mapping[Method, str] = {
    "calibrated": "OpenCarbonEval, calibrated throughput",
    "published": "OpenCarbonEval, published throughput",
    "alpha": "OpenCarbonEval, your own α",
    "utilisation": "OpenCarbonEval, your own utilisation",
    "measured": "OpenCarbonEval, your measured rate",
}


def method_name(said: Said) -> str:
    """The method, with the past runs that it took into account."""
    own = f" with {said.past_runs} past runs of your own" if said.past_runs else ""
    return METHOD_NAMES[said.scenario.method] + (own if said.scenario.method == "calibrated" else "")


UNSURE: Mapping[str, str] = {"power": "power", "pue": "PUE", "grid": "the grid", "making": "the making of devices"}


def level_of(said: Said) -> tuple[float | None, str]:
    """The share of runs that the intervals are meant to hold, if any, and what each of them is, in words."""
    level, of_hours = _level_of_hours(said)
    return level, of_hours + _further(said.inputs)


def _further(inputs: Inputs) -> str:
    """What the intervals of energy and carbon add to that of the hours; empty where they add nothing."""
    unsure = [name for name in footprint_uncertainty.INGREDIENTS if getattr(inputs, f"log_sd_{name}") > 0]
    energy = " and ".join(UNSURE[name] for name in unsure if name in ("power", "pue"))
    carbon = " and ".join(UNSURE[name] for name in unsure if name in ("grid", "making"))
    if energy and carbon:
        return f"; energy adds what is not known of {energy}, carbon that of {carbon} too"
    if energy or carbon:
        return f"; {'energy and carbon add' if energy else 'carbon adds'} what is not known of {energy or carbon}"
    return ""


def _level_of_hours(said: Said) -> tuple[float | None, str]:
    method, device = said.scenario.method, said.device
    level = float(said.scenario.level or DEFAULTS["level"])
    if method == "alpha":
        return None, "that of the α you gave"
    if method in ("utilisation", "measured"):
        runs = committed().gap_runs
        return level, (
            f"{level:.0%} of the gap between steady state and the whole run, learnt from {runs} runs that report both"
        )
    if method == "calibrated":
        if said.past_runs:
            return level, f"meant to hold {level:.0%} of runs by an organisation with past runs like yours"
        return level, f"meant to hold {level:.0%} of runs by organisations that the calibration has not seen"
    assert device is not None
    if device.log10_alpha_low == device.log10_alpha_high:
        return None, "the paper has a single run on this device"
    return PUBLISHED_LEVEL, "the paper's, μ ± 0.6 σ of log α over its runs, which would hold 45% of them"


def assumptions(said: Said) -> Iterable[Assumption]:
    """Every value that was filled in, in the order in which it matters."""
    scenario, inputs, device, region = said.scenario, said.inputs, said.device, said.region
    if scenario.training_flop is None:
        yield Assumption("training_flop", float(inputs.training_flop), "FLOP", _formula(scenario), "2020")
    if scenario.training == "reinforcement" and scenario.rollout_batch is None:
        yield Assumption(
            "rollout_batch", float(DEFAULTS["rollout_batch"]), "", "as EcoLogits has requests served at once"
        )
    if scenario.context_length is not None and scenario.size is not None:
        yield from _shape(scenario, scenario.size)
    yield from _throughput(said)
    yield from _power(said)
    if scenario.carbon_intensity_g_per_kwh is None and region:
        source = f"{region.name}, {region.basis} ({region.source})"
        yield Assumption("carbon_intensity_g_per_kwh", region.g_per_kwh, "g CO2e/kWh", source, str(region.year or ""))
    if scenario.pue is None:
        if scenario.as_in_paper:
            yield Assumption("pue", 1.0, "", "none, as in the paper: nothing is added for cooling and losses", "2024")
        else:
            usual = footprint_uncertainty.default_pue(region, device)
            yield Assumption("pue", usual.pue, "", usual.what, usual.year)
    if scenario.overhead_fraction is None:
        yield Assumption("overhead_fraction", 0.0, "", "none: only the final run is counted")
    if scenario.device_count is None:
        count = catalog.device_named(scenario.device).count if scenario.device else None
        source = "not given: the time is that of a single device" if count is None else f"as {scenario.device} says"
        yield Assumption("device_count", float(count or 1), "devices", source)
    elif scenario.method == "calibrated":
        yield from _many(said)
    yield from _making(said)
    if scenario.precision is None and said.precision:
        assert device is not None
        peak = f"{said.precision}, peak {device.peak_tflops[said.precision]:g} TFLOP/s"
        yield Assumption("precision", peak, "", f"usual for training on {device.name} ({device.source})")


def _many(said: Said) -> Iterable[Assumption]:
    """What was filled in for the loss to many devices."""
    scenario, flop = said.scenario, float(said.inputs.training_flop)
    law = scaling.law()
    if scenario.batch_tokens is None:
        source = f"usual for this compute: the batches of {len(scaling.batches())} published runs"
        batch = float(scaling.default_batch(flop))
        found = limits.of_run(scenario, said.device, flop)
        if found is not None and scenario.device_count is not None:
            needed = scenario.device_count / float(found.replica) * float(found.sequence_length)
            if needed > batch:
                source += (
                    "; the same on any number of devices, though on so many each copy of the model has a whole "
                    f"sequence only from {significant(needed / 1e6)} million tokens on: give "
                    "batch_tokens if yours is larger"
                )
        yield Assumption("batch_tokens", batch, "tokens", source)
    reference = math.exp(max(float(scaling.usual_count().at(np.log(np.array(flop)))), 0.0))
    source = (
        f"against {reference:,.0f}, the number usual for this compute among {scaling.usual_count().runs} reported "
        f"runs; the speed of each falls by half at {math.exp(law.log_x0.centre):.0f} tokens of the batch for a device "
        f"(data/same_stack_scaling.csv: {law.log_x0.models} models)"
    )
    yield Assumption("device_loss", f"{math.expm1(said.log_loss):+.1%} device-time", "", source, "2026")


def _memory_notes(said: Said) -> Iterable[Note]:
    """Whether the model fits on the devices, where that is not refused but should be said."""
    scenario, device = said.scenario, said.device
    found = limits.of_run(scenario, device, float(said.inputs.training_flop))
    if found is None or device is None or scenario.device_count is None:
        return
    count, needed = scenario.device_count, float(found.states_bytes)
    held = count * device.memory_gb * memory.BYTES_PER_GB
    copies = max(count / float(found.replica), 1.0)
    one_sequence = memory.activation_bytes(compute.shape(scenario.size or 0.0), float(found.sequence_length))
    full = (needed + copies * float(one_sequence)) / held
    what = limits.gigabytes(needed)
    if needed > held:
        few = limits.too_few(device, count, float(found.fewest), needed)
        yield Note(
            "memory", f"The model does not fit: {what} of states, {limits.gigabytes(held)} of memory. It takes {few}."
        )
    elif full > memory.TIGHT:
        yield Note(
            "memory_tight",
            f"The model hardly fits: {what} of weights, gradients and optimiser states, with activations {full:.0%} "
            f"of the memory of {count:,.0f} {device.name}. More devices, or fewer bytes for a parameter, make room.",
        )
    if scenario.method not in ("published", "alpha") and (why := limits.without_link(scenario, device)):
        yield Note("slow_link", why)
    if scenario.method not in CHECKED_METHODS and count > float(found.most):
        yield Note("many_devices", f"Past {float(found.most):,.0f} devices more do nothing at the usual batch.")


def _formula(scenario: Scenario) -> str:
    """How the compute was worked out."""
    if scenario.forward_flop_per_sample is not None:
        return "3 × forward FLOP per sample × samples (backward twice forward: Kaplan et al. 2020)"
    tokens = "tokens" if scenario.samples is None else "samples × tokens per sample"
    half = " ÷ 2, as a token passes either the encoder or the decoder" if scenario.is_encoder_decoder else ""
    attention = ""
    if scenario.context_length is not None:
        attention = ", and attention (Narayanan et al. 2021, arXiv:2104.04473, section 5.1)"
    if scenario.training is None:
        return f"6 × active parameters × {tokens}{half} (Kaplan et al. 2020){attention}"
    recipe = RECIPES[scenario.training]
    written = f", and 2 to write it ({GENERATION_SOURCE})" if recipe.writes else ""
    return f"{recipe.flop:g} × active parameters × {tokens}{half} ({recipe.source}){written}{attention}"


def _shape(scenario: Scenario, size: float) -> Iterable[Assumption]:
    """Depth and width, where attention is counted by them and they were not given."""
    found = compute.shape(size, scenario.layers or math.nan, scenario.width or math.nan)
    source = "inferred from the parameters: N = 12 × layers × width², width = 128 × layers, as published decoders have"
    for name in ("layers", "width"):
        if getattr(scenario, name) is None:
            yield Assumption(name, round(float(getattr(found, name))), "", source)


def _power(said: Said) -> Iterable[Assumption]:
    """What was filled in for the power of the device and of what its server adds."""
    scenario, device = said.scenario, said.device
    watts, host = float(said.inputs.power_w), float(said.inputs.host_power_w)
    if device is None:
        return
    year = str(device.year or "")
    if scenario.power_w is None and (scenario.as_in_paper or scenario.power_fraction is not None):
        share = 1.0 if scenario.power_fraction is None else scenario.power_fraction
        source = f"TDP of {device.name} × {share:g} ({device.source})"
        yield Assumption("power_w", watts - host, "W", source, year)
    elif scenario.power_w is None and scenario.host_power_w is not None:
        source = f"{significant(watts - host)} W {device.unit} ({device.source}), and the server as given"
        yield Assumption("power_w", watts, "W", source, year)
        return
    elif scenario.power_w is None:
        found = system_power.system_power(device.id)
        assert found is not None
        assert device.tdp_w is not None
        source = (
            f"{significant(device.tdp_w)} W {device.unit} (TDP), {significant(watts)} W with its share of the server, "
            f"{found.how} ({found.source})"
        )
        yield Assumption("power_w", watts, "W", source, year)
        return
    if scenario.host_power_w is None and host > 0.0:
        source = "what the server adds for each device, as on metered ones (data/system_power.csv)"
        yield Assumption("host_power_w", host, "W", source)


def _making(said: Said) -> Iterable[Assumption]:
    """What was filled in for the making of the device."""
    scenario, device, inputs = said.scenario, said.device, said.inputs
    if device is None or inputs.beta_g_per_device_hour == 0.0:
        return
    if scenario.embodied == "paper":
        source = f"{device.beta_source}, bare silicon, 1-year life"
        yield Assumption("beta", float(inputs.beta_g_per_device_hour), "g CO2e per device-hour", source, "2024")
        return
    made = embodied.making(device.id)
    source = f"{made.how} ({made.sources[0]})"
    yield Assumption("making", made.card_kg.central, "kg CO2e", source)
    if made.host_kg.central:
        source = f"its share of a server ({made.sources[-1]})"
        yield Assumption("host", made.host_kg.central, "kg CO2e", source)
    if scenario.device_life_years is None:
        source = "assumed; published analyses take 3 (EcoLogits), 4 (Teads) or 6 (BLOOM, Google)"
        yield Assumption("device_life_years", float(DEFAULTS["device_life_years"]), "years", source)
    if scenario.use_fraction is None:
        source = "BLOOM's computing centre, 85% average use (Luccioni et al. 2022, section 4.1)"
        yield Assumption("use_fraction", float(DEFAULTS["use_fraction"]), "", source, "2022")


def _throughput(said: Said) -> Iterable[Assumption]:
    scenario, device, calibration = said.scenario, said.device, committed()
    if scenario.method == "published" and device:
        alpha = f"{device.log10_alpha_low:.4g} … {device.log10_alpha_high:.4g}"
        yield Assumption("log10_alpha", alpha, "log₁₀ 1/s", device.alpha_source, "2024")
    if scenario.method in ("utilisation", "measured"):
        share = f"{math.exp(calibration.gap_mean):.0%} of steady state"
        source = f"mean of {calibration.gap_runs} runs that report both (data/training_runs.csv)"
        yield Assumption("throughput", share, "over the whole run", source, "2026")
    if scenario.method != "calibrated" or device is None or said.utilisation is None:
        return
    used = said.utilisation
    share = f"{used.central:.0%} of the peak ({used.low:.0%}–{used.high:.0%})"
    own = f", and {said.past_runs} of your own" if said.past_runs else ""
    source = (
        f"calibrated on {calibration.runs} reported runs of {calibration.organisations} organisations, "
        f"{said.runs_on_device} of them on {device.name}{own}"
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
    if scenario.year is None:
        yield Assumption("year", str(catalog.data_year()), "", "year of training not given: a plan is for now")
    if scenario.parameters is None and scenario.active_parameters is None:
        first, second, _ = calibration.fit.size_line
        size = 10 ** (first + second * math.log10(float(said.inputs.training_flop)))
        yield Assumption("parameters", size, "parameters", "not given: usual for this compute among the runs", "2026")


def notes(said: Said) -> Iterable[Note]:
    """What a careful reader would want to be told."""
    scenario, device, region = said.scenario, said.device, said.region
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
    numbers = {name: value for name, value in scenario.given().items() if isinstance(value, float)}
    for doubt in plausibility.doubts(numbers, device):
        yield Note("plausible", doubt)
    if scenario.method == "calibrated" and device:
        found = ratio_basis.basis(catalog.device(REFERENCE_DEVICE), device)
        if found.kind == "placed":
            runs = f"; {said.runs_on_device} reported runs on it say a little" if said.runs_on_device else ""
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
    yield from _memory_notes(said)
    if scenario.method == "calibrated" and said.decades_outside > OUTSIDE_TOLD:
        factor = significant(10**said.decades_outside, 2)
        yield Note(
            "outside_runs",
            f"This lies outside the runs that the calibration has learnt from, by a factor of {factor} in model size "
            "or compute: the interval is wider for it.",
        )
    if scenario.method == "calibrated" and said.utilisation and said.utilisation.ratio > WIDE and not said.past_runs:
        yield Note(
            "wide",
            f"The interval is wide, ×{significant(said.utilisation.ratio, 2)} from end to end: organisations differ "
            "that much. Your own past runs or a measured rate narrow it.",
        )
    if scenario.method == "calibrated" and said.utilisation and said.utilisation.central > 0.999 * MEAN_CAP:
        yield Note("held", f"The central utilisation is held at {MEAN_CAP:.0%}: no reported run did better.")
    if scenario.year is not None and device and device.year and scenario.year < device.year:
        yield Note("year", f"{device.name} was released in {device.year}, after the year of training that was given.")
    if region and region.year and scenario.year is not None and abs(scenario.year - region.year) >= YEARS_APART:
        yield Note("grid_year", f"The grid is that of {region.year}, the training of {scenario.year:.0f}.")
    if said.utilisation and said.utilisation.high > 1 + 1e-9:
        assert device is not None
        yield Note("above_peak", f"The fast end of the interval is above the peak of {device.name}.")
    if said.inputs.beta_g_per_device_hour == 0.0:
        which = device.name if device else "an unnamed device"
        why = f"The paper has no β for {which}" if scenario.embodied == "paper" else f"How {which} is made is not known"
        yield Note("no_embodied", f"{why}: embodied carbon is left out.")
    elif device and device.beta_g_per_device_hour and scenario.embodied != "paper":
        times = significant(float(said.inputs.beta_g_per_device_hour) / device.beta_g_per_device_hour, 2)
        yield Note(
            "embodied",
            f"Embodied carbon counts the whole card and its share of the server: {times} times the paper's β, which "
            "counts bare silicon over one year. How unsure it is, the published figures say by their spread.",
        )
    if region and scenario.carbon_intensity_g_per_kwh is None and region.placeholder:
        yield Note(
            "placeholder",
            f"The intensity of {region.name} is exactly 1,000 g CO2e/kWh at its source: a placeholder, as it seems. "
            "The interval is wider for it.",
        )
    if region and scenario.carbon_intensity_g_per_kwh is None and region.basis != "lifecycle":
        if region.basis == "unstated":
            yield Note("basis", "The paper does not say what its grid intensity counts: compare it with care.")
        else:
            yield Note("basis", f"The intensity of {region.name} is {region.basis}, not lifecycle: compare with care.")
