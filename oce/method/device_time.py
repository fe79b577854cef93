"""How long one device takes for the compute: by the paper's α, by the calibration, or by what the user knows.

Each way gives the low, central and high device-time of the final run. α and device-time are two names of
one quantity for a given compute (:func:`oce.method.throughput.log10_alpha_for`), so every curve can be drawn for every
way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oce.fields import Method
from oce.method import compute, run_prediction, scaling, sequence_speed, throughput
from oce.method.calibration import gap_half_width
from oce.method.calibration_file import committed
from oce.method.hardware_features import Hardware
from oce.method.run_prediction import MEAN_CAP
from oce.method.runs import Cases, Runs

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

NO_HARDWARE = Hardware("", "", np.nan, np.nan, slot=False, rack=False, wafer=False, limit_tflops=np.nan)
METHODS: tuple[Method, ...] = ("calibrated", "published", "alpha", "utilisation", "measured")


@dataclass(frozen=True, slots=True)
class DeviceTime:
    """Device-time of the final run, of one device [s], and how far the case lies outside the calibration's runs."""

    low: Floats
    central: Floats
    high: Floats
    extrapolation_decades: Floats


@dataclass(frozen=True, slots=True)
class ThroughputInputs:
    """What the device-time rests on, as arrays of one value a row or one for all; NaN where not given or not known."""

    training_flop: Floats  # [FLOP]
    learnt_flop: Floats  # of it: without what the model writes itself; the usual batch and count are those for it
    written_flop: Floats  # of it: tokens that the model writes itself, which memory holds back
    written_tflops: Floats  # how fast a device writes at most [TFLOP/s]
    size: Floats  # active parameters, else parameters
    mixture: NDArray[np.bool_]  # whether fewer parameters are active than there are
    tokens: Floats
    year: Floats  # of training
    level: Floats  # share of runs that the bounds are to hold
    log10_alpha_low: Floats  # the user's own, else the device's published one [log10 1/s]
    log10_alpha_high: Floats
    utilisation: Floats  # share of the peak, in steady state
    tokens_per_second_per_device: Floats
    peak_tflops: Floats  # at the precision, which utilisation is measured against [TFLOP/s]
    hardware: Codes  # into the hardware that is passed along: device and precision
    sequence_length: Floats  # [tokens]
    attention_share: Floats  # compute of attention over that of the weights; NaN where it is not counted
    usual_attention_share: Floats  # the same at the usual length
    device_count: Floats
    batch_tokens: Floats  # global batch; NaN: usual for the compute
    regime: Floats  # place in scaling.REGIMES

    def take(self, rows: Codes) -> ThroughputInputs:
        """The rows at these places alone; places are quicker than a mask, which every column would count anew."""
        columns = (getattr(self, name) for name in ThroughputInputs.__slots__)
        return ThroughputInputs(*(column if len(column) == 1 else column.take(rows) for column in columns))


def device_time(
    inputs: ThroughputInputs, method: Codes, hardware: Sequence[Hardware | None], prior_runs: Runs | None = None
) -> DeviceTime:
    """The device-time of every row, by its method: the second stage of an estimate.

    Published and own α: equation 4 of OpenCarbonEval, solved for the time at both bounds of α
    (:func:`oce.method.throughput.device_seconds`); the central time is the mean of the two. Calibrated: compute ÷ the
    throughput that :mod:`oce.method.run_prediction` expects. Utilisation and measured rate: the time in steady state,
    and the share of it that whole runs keep.

    Args:
        inputs: What it rests on.
        method: Place of each row's method in :data:`METHODS`.
        hardware: What ``inputs.hardware`` points into; ``None`` where there is no device.
        prior_runs: Runs of the same organisation, which the calibrated throughput takes into account.

    Returns:
        The device-time of one value a row, or one for all; NaN where something that the method needs is missing.
    """
    ways: Mapping[Method, Callable[[ThroughputInputs], DeviceTime]] = {
        "calibrated": lambda rows: _calibrated(rows, hardware, prior_runs),
        "published": _by_alpha,
        "alpha": _by_alpha,
        "utilisation": _by_utilisation,
        "measured": _by_rate,
    }
    with np.errstate(all="ignore"):  # NaN and infinity mark what is missing, which was refused before
        used = np.flatnonzero(np.bincount(method))
        if len(used) == 1:
            return ways[METHODS[int(used[0])]](inputs)
        found = DeviceTime(*(np.full(len(method), np.nan) for _ in DeviceTime.__slots__))
        for code in used:
            rows = np.flatnonzero(method == code)
            part = ways[METHODS[int(code)]](inputs.take(rows))
            for name in DeviceTime.__slots__:
                getattr(found, name)[rows] = getattr(part, name)
        return found


def scaling_loss(inputs: ThroughputInputs, machines: Sequence[Hardware]) -> scaling.Loss:
    """What the number of devices costs against the usual number; nothing where it was not given.

    Args:
        inputs: The rows.
        machines: What ``inputs.hardware`` points into.
    """
    if len(inputs.device_count) == 1 and np.isnan(inputs.device_count[0]):
        return scaling.Loss(np.zeros(1), np.zeros(1))
    low = np.array([float(bool(machine.low_precision)) for machine in machines])
    low_precision = low[:1] if (low == low[0]).all() else low[inputs.hardware]
    with np.errstate(all="ignore"):  # what is no number was refused before
        return scaling.loss(inputs.learnt_flop, inputs.device_count, inputs.batch_tokens, inputs.regime, low_precision)


def sequence_sd(inputs: ThroughputInputs) -> Floats:
    """What is not known of the time, as attention differs by stack [ln], with its sign; 0 where it is not counted.

    Args:
        inputs: The rows.
    """
    share = inputs.attention_share
    if len(share) == 1 and np.isnan(share[0]):
        return np.zeros(1)
    return np.where(np.isnan(share), 0.0, sequence_speed.log_sd(share, inputs.usual_attention_share))


def cases_of(inputs: ThroughputInputs, machines: Sequence[Hardware]) -> Cases:
    """The rows as the calibration sees them.

    Args:
        inputs: What their device-time rests on.
        machines: What ``inputs.hardware`` points into.
    """
    return Cases(
        size=inputs.size,
        mixture=inputs.mixture,
        compute_flop=inputs.training_flop,
        year=inputs.year,
        hardware=tuple(machines),
        code=inputs.hardware,
        sequence_length=inputs.sequence_length,
    )


def _calibrated(inputs: ThroughputInputs, hardware: Sequence[Hardware | None], prior_runs: Runs | None) -> DeviceTime:
    model = committed()
    machines = [machine or NO_HARDWARE for machine in hardware]
    expected = run_prediction.predict(model.fit, cases_of(inputs, machines), prior_runs)
    errors = model.new_organisations if prior_runs is None else model.with_prior_runs
    loss = scaling_loss(inputs, machines)
    alike = not (loss.log_time.any() or loss.log_sd.any())
    longer = _time_over_compute(inputs)
    usual_length = bool(np.all(longer == 1.0))
    sd = expected.sd if alike and usual_length else np.sqrt(expected.sd**2 + loss.log_sd**2 + sequence_sd(inputs) ** 2)
    spread = np.exp(errors.quantile(inputs.level) * sd)
    tflop = inputs.training_flop / compute.FLOP_PER_TFLOP
    fastest = tflop / inputs.peak_tflops  # at the peak, which nothing passes
    central = tflop * np.exp(-expected.mean if alike else loss.log_time - expected.mean)
    if not (alike and usual_length):
        central = np.maximum(central * longer, fastest / MEAN_CAP)
    central = central + _writing(inputs, np.exp(expected.mean))
    return DeviceTime(np.maximum(central / spread, fastest), central, central * spread, expected.extrapolation_decades)


def _time_over_compute(inputs: ThroughputInputs) -> Floats:
    """How much longer a FLOP takes than at the usual length of sequence; 1 where attention is not counted."""
    share = inputs.attention_share
    if len(share) == 1 and np.isnan(share[0]):
        return np.ones(1)
    return np.where(np.isnan(share), 1.0, sequence_speed.time_over_compute(share, inputs.usual_attention_share))


def _by_alpha(inputs: ThroughputInputs) -> DeviceTime:
    """The paper's way: the bounds of α give those of the time; the central value is the mean of the two."""
    tflop = inputs.training_flop / compute.FLOP_PER_TFLOP
    low = throughput.device_seconds(tflop, inputs.log10_alpha_high)
    high = throughput.device_seconds(tflop, inputs.log10_alpha_low)
    return DeviceTime(low, 0.5 * (low + high), high, np.zeros_like(low))


def _by_utilisation(inputs: ThroughputInputs) -> DeviceTime:
    steady = inputs.training_flop / compute.FLOP_PER_TFLOP / (inputs.utilisation * inputs.peak_tflops)
    return _from_steady(steady + _writing(inputs, inputs.utilisation * inputs.peak_tflops), inputs.level)


def _writing(inputs: ThroughputInputs, tflops: Floats) -> Floats:
    """Device-time that writing takes over what its compute would at the speed of training [s]."""
    if not np.any(inputs.written_flop):
        return np.zeros(1)
    longer = np.maximum(1.0 / inputs.written_tflops - 1.0 / tflops, 0.0)
    return inputs.written_flop / compute.FLOP_PER_TFLOP * longer


def _by_rate(inputs: ThroughputInputs) -> DeviceTime:
    return _from_steady(inputs.tokens / inputs.tokens_per_second_per_device + 0.0 * inputs.training_flop, inputs.level)


def _from_steady(seconds: Floats, level: Floats) -> DeviceTime:
    """A whole run is slower than its steady state: restarts, evaluations, the start. How much is learnt from runs."""
    model = committed()
    central = seconds * np.exp(-model.gap_mean)
    half = np.exp(gap_half_width(model, level))
    return DeviceTime(np.maximum(central / half, seconds), central, central * half, np.zeros_like(central))
