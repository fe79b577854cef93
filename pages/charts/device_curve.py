"""The throughput of a device over its device-time, as charts draw it."""

from typing import Any

import numpy as np

from oce.estimation import Estimate
from oce.interval import Interval
from oce.method import throughput
from oce.method.compute import SECONDS_PER_HOUR
from pages.charts.traces import rounded


def final_run(result: Estimate) -> Interval:
    """Device-hours of the final run alone."""
    return result.device_hours / (1.0 + float(result.inputs.overhead_fraction))


def times(hours: float, count: int) -> Any:
    """So many times from 0 to these hours: close together at first, where the curve bends."""
    return hours * np.linspace(0.0, 1.0, count) ** 3


def throughput_at(hours: Any, log10_alpha: float) -> list[float]:
    """f(t) [TFLOP/s]."""
    return rounded(throughput.throughput(hours * SECONDS_PER_HOUR, log10_alpha))


def peak(result: Estimate) -> float | None:
    """Of the device at the scenario's precision [TFLOP/s], if both are known."""
    return result.device.peak_tflops.get(result.precision or "") if result.device else None
