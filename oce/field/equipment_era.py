"""The equipment era: throughput-α and utilisation of every reported run, by device, year and size.

The counterpart of figures 4 and 5 of OpenCarbonEval (arXiv:2405.12843). For a given device-time, α and mean throughput
are two names of one quantity: ln α ≈ mean throughput [TFLOP/s] − ln T + 1. So log₁₀ α is close to linear in a device's
peak, and the line through the reported runs places devices that the paper has no α for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oce import catalog
from oce.catalog import Device, Run
from oce.catalog.caches import cached
from oce.interval import Interval
from oce.method import throughput
from oce.method.compute import FLOP_PER_TFLOP, SECONDS_PER_HOUR
from oce.method.runs import scored_runs


@dataclass(frozen=True, slots=True)
class RunPoint:
    """A reported run: the α with which its compute takes its device-hours, and its mean share of the peak."""

    run: Run
    log10_alpha: float  # [log10 1/s]
    utilisation: float


@dataclass(frozen=True, slots=True)
class Line:
    """log₁₀ α against a device's peak: at zero what a run of usual length has there, then up with the utilisation.

    log₁₀ α = (mean throughput − ln T + 1) / ln 10, and mean throughput = utilisation × peak. Least squares would let
    the largest peaks alone decide, as the scatter grows with the peak; medians do not.
    """

    at_zero: float
    utilisation: Interval  # median over the runs, and the ends that four in five of them lie between

    def at(self, peak_tflops: float) -> Interval:
        """log₁₀ α at a peak [TFLOP/s]."""
        return self.utilisation.map(lambda share: self.at_zero + share * peak_tflops / throughput.LN10)


@cached
def run_points() -> tuple[RunPoint, ...]:
    """Every run whose compute and device-hours are known apart, oldest first."""
    found = []
    for run in sorted(scored_runs(), key=lambda run: (run.year, run.id)):
        assert run.training_flop
        assert run.device_hours
        assert run.utilisation
        alpha = throughput.log10_alpha_for(run.training_flop / FLOP_PER_TFLOP, run.device_hours * SECONDS_PER_HOUR)
        found.append(RunPoint(run, float(alpha), run.utilisation))
    return tuple(found)


def by_device() -> Mapping[str, tuple[RunPoint, ...]]:
    """The runs on each device, by its id, in the order of the devices' peaks, then of their ids."""
    devices = {point.run.device for point in run_points()}
    ordered = sorted(devices, key=lambda name: (usual_peak(catalog.device(name)), name))
    return {name: tuple(point for point in run_points() if point.run.device == name) for name in ordered}


def usual_peak(device: Device) -> float:
    """Dense peak of a device in its usual arithmetic of training [TFLOP/s]."""
    return device.peak_tflops[device.training_precision]


@cached
def line() -> Line:
    """The line of log₁₀ α against the peak, from the runs."""
    runs = run_points()
    seconds = np.array([(point.run.device_hours or np.nan) * SECONDS_PER_HOUR for point in runs])
    shares = np.quantile([point.utilisation for point in runs], [0.1, 0.5, 0.9]).tolist()
    return Line(float(np.median((1.0 - np.log(seconds)) / throughput.LN10)), Interval(*shares))


def placed() -> Mapping[str, Interval]:
    """Devices that the paper has no α for, by id, with the log₁₀ α that the line gives them."""
    return {device.id: line().at(usual_peak(device)) for device in catalog.devices() if not device.has_alpha}
