"""What α decides of a run: how long its cold start is, and its device-time.

f(t) = ln(1 + αt) is the throughput of a device after t seconds (OpenCarbonEval, section 2.4), in TFLOP/s.
"""

import numpy as np

from oce.estimation import Estimate
from oce.method import throughput
from oce.method.compute import FLOP_PER_TFLOP, SECONDS_PER_HOUR

END_OF_COLD_START = 0.9  # share of the final throughput: our choice, the paper has none


def cold_start_share(final_throughput: float) -> float:
    """Share of a run's time until it has 90% of its final throughput f(T) [TFLOP/s], which is above 0: α drops out."""
    v = final_throughput
    return float(np.exp(-(1.0 - END_OF_COLD_START) * v) * np.expm1(-END_OF_COLD_START * v) / np.expm1(-v))


def device_hours_at(result: Estimate, log10_alpha: float) -> float:
    """Device-hours of the final run at this α [h]."""
    return float(throughput.device_seconds(tflop(result), log10_alpha)) / SECONDS_PER_HOUR


def doubled(log10_alpha: float) -> float:
    """log10 of twice this α."""
    return log10_alpha + float(np.log10(2.0))


def log10_alpha_for_half_the_time(result: Estimate) -> float:
    """log10 of the α at which the final run takes half the device-time."""
    seconds = device_hours_at(result, result.log10_alpha.central) * SECONDS_PER_HOUR
    return float(throughput.log10_alpha_for(tflop(result), seconds / 2))


def tflop(result: Estimate) -> float:
    """The compute of the final run [TFLOP]."""
    return result.training_flop.central / FLOP_PER_TFLOP
