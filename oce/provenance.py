"""What is said about an estimate: every value that was filled in, with its source, and what a reader should know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oce.catalog import Device, Region
from oce.interval import Interval
from oce.resolution import Inputs
from oce.scenario import DEFAULTS, Method, Scenario

PUBLISHED_LEVEL = 0.4515  # share of a normal distribution within mu ± 0.6 sigma, the paper's interval (section 3.2)


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


METHODS: Mapping[Method, str] = {
    "published": "OpenCarbonEval, published throughput",
    "alpha": "OpenCarbonEval, your own α",
    "utilisation": "OpenCarbonEval, your own utilisation",
    "measured": "OpenCarbonEval, your measured rate",
}


def level_of(method: Method, device: Device | None) -> tuple[float | None, str]:
    """The share of runs that the interval is meant to hold, if any, and what the interval is, in words."""
    if method == "alpha":
        return None, "that of the α you gave"
    if method != "published":
        return None, "your rate is taken as the mean of the whole run, with no uncertainty added"
    assert device is not None
    if device.log10_alpha_low == device.log10_alpha_high:
        return None, "the paper has a single run on this device"
    return (
        PUBLISHED_LEVEL,
        "the paper's, μ ± 0.6 σ of log α over its runs, which would hold 45 % of them",
    )


def assumptions(
    scenario: Scenario,
    inputs: Inputs,
    device: Device | None,
    region: Region | None,
    precision: str | None,
) -> Iterable[Assumption]:
    """Every value that was filled in, in the order in which it matters."""
    if scenario.training_flop is None:
        source = "6 × active parameters × tokens (Kaplan et al. 2020)"
        yield Assumption("training_flop", float(inputs.training_flop), "FLOP", source, "2020")
    if scenario.method == "published" and device:
        alpha = f"{device.log10_alpha_low:.4g} … {device.log10_alpha_high:.4g}"
        yield Assumption("log10_alpha", alpha, "log₁₀ 1/s", device.alpha_source, "2024")
    if scenario.power_w is None and device:
        share = scenario.power_fraction or DEFAULTS["power_fraction"]
        source = f"TDP of {device.name} × {share:g} ({device.source})"
        yield Assumption("power_w", float(inputs.power_w), "W", source, str(device.year or ""))
    if scenario.carbon_intensity_g_per_kwh is None and region:
        source = f"{region.name}, {region.basis} ({region.source})"
        yield Assumption("carbon_intensity_g_per_kwh", region.g_per_kwh, "g CO2e/kWh", source, str(region.year or ""))
    if scenario.pue is None:
        yield Assumption("pue", 1.0, "", "none, as in the paper: nothing is added for cooling and losses", "2024")
    if scenario.overhead_fraction is None:
        yield Assumption("overhead_fraction", 0.0, "", "none: only the final run is counted")
    if scenario.device_count is None:
        yield Assumption("device_count", 1.0, "devices", "not given: the time is that of a single device")
    if device and device.beta_g_per_device_hour is not None:
        source = f"{device.beta_source}, 1-year life"
        yield Assumption("embodied", device.beta_g_per_device_hour, "g CO2e per device-hour", source, "2024")
    if scenario.precision is None and precision:
        assert device is not None
        peak = f"{precision}, peak {device.peak_tflops[precision]:g} TFLOP/s"
        yield Assumption("precision", peak, "", f"usual for training on {device.name} ({device.source})")


def notes(
    device: Device | None,
    region: Region | None,
    utilisation: Interval | None,
    scenario: Scenario,
) -> Iterable[Note]:
    """What a careful reader would want to be told."""
    if device and device.unit == "chip" and device.cores_per_chip:
        cores = device.cores_per_chip
        say = "one core" if cores == 1 else f"{cores} cores"
        yield Note("chips", f"{device.name} is counted in chips; one chip has {say}.")
    if utilisation and utilisation.high > 1:
        assert device is not None
        yield Note("above_peak", f"The fast end of the interval is above the peak of {device.name}.")
    if device is None or device.beta_g_per_device_hour is None:
        which = device.name if device else "an unnamed device"
        yield Note(
            "no_embodied",
            f"No figure for the making of {which} is published here: embodied carbon is left out.",
        )
    if region and scenario.carbon_intensity_g_per_kwh is None and region.basis != "lifecycle":
        if region.basis == "unstated":
            yield Note("basis", "The paper does not say what its grid intensity counts: compare it with care.")
        else:
            yield Note("basis", f"The intensity of {region.name} is {region.basis}, not lifecycle: compare with care.")
