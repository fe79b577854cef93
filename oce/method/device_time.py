"""How long one device takes for the compute: by the paper's α, by the calibration, or by what the user knows.

Each way gives the device-time of the final run at the fast, central and slow end. α and device-time are two names of
one quantity for a given compute (:func:`oce.method.throughput.log10_alpha_for`), so every curve can be drawn for every
way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oce.method import compute, run_prediction, throughput
from oce.method.calibration import gap_half_width
from oce.method.calibration_file import committed
from oce.method.hardware_features import Hardware
from oce.method.run_prediction import MEAN_CAP
from oce.method.runs import Cases, Runs
from oce.scenario import Method

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

METHODS: tuple[Method, ...] = ("calibrated", "published", "alpha", "utilisation", "measured")


@dataclass(frozen=True, slots=True)
class Pace:
    """Device-time of the final run, of one device [s], and how far the case lies outside the calibration's runs."""

    low: Floats
    central: Floats
    high: Floats
    decades_outside: Floats


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides the pace, as arrays of one value a row or one for all; NaN where not given or not known."""

    training_flop: Floats
    size: Floats  # active parameters, else parameters
    mixture: NDArray[np.bool_]  # whether fewer parameters are active than there are
    tokens: Floats
    year: Floats  # of training; of the data where not given
    level: Floats
    log10_alpha_low: Floats  # the user's own, else the device's published one
    log10_alpha_high: Floats
    utilisation: Floats
    tokens_per_second_per_device: Floats
    peak_tflops: Floats  # at the precision, which utilisation is measured against
    hardware: Codes  # into the hardware that is passed along: device and precision
    sequence_length: Floats  # the usual one where not given
    time_over_compute: Floats  # of the calibrated time: how much longer a FLOP takes than usual; 1 where not known
    sample_length: Floats  # tokens of a sequence or sample
    written_flop: Floats  # of the compute: tokens that the model writes itself, which memory holds back
    written_tflops: Floats  # how fast a device writes at most
    log_loss: Floats  # ln of what the number of devices costs against the usual one, give or take
    log_loss_sd: Floats

    def take(self, rows: Codes) -> Asked:
        """The rows at these places alone; places are quicker than a mask, which every column would count anew."""
        columns = (getattr(self, name) for name in Asked.__slots__)
        return Asked(*(one if len(one) == 1 else one.take(rows) for one in columns))


def pace(asked: Asked, method: Codes, machines: Sequence[Hardware | None], past_runs: Runs | None = None) -> Pace:
    """The device-time of every row, by its method.

    Args:
        asked: What decides it.
        method: Place of each row's method in :data:`METHODS`.
        machines: The hardware that ``asked.hardware`` points into; ``None`` where there is no device.
        past_runs: Past runs of the same organisation, which the calibrated throughput takes into account.

    Returns:
        The pace; NaN where something that the method needs is missing.
    """
    ways: Mapping[Method, Callable[[Asked], Pace]] = {
        "calibrated": lambda one: _calibrated(one, machines, past_runs),
        "published": _by_alpha,
        "alpha": _by_alpha,
        "utilisation": _by_utilisation,
        "measured": _by_rate,
    }
    with np.errstate(all="ignore"):  # NaN and infinity mark what is missing, and are refused by the caller
        if len(method) == 1:
            return ways[METHODS[int(method[0])]](asked)
        found = _empty(len(method))
        for code in np.flatnonzero(np.bincount(method)):
            rows = np.flatnonzero(method == code)
            _put(found, rows, ways[METHODS[int(code)]](asked.take(rows)))
        return found


def cases_of(asked: Asked, machines: Sequence[Hardware]) -> Cases:
    """The rows as the calibration sees them."""
    return Cases(
        size=asked.size,
        mixture=asked.mixture,
        compute_flop=asked.training_flop,
        year=asked.year,
        hardware=tuple(machines),
        code=asked.hardware,
        sequence_length=asked.sequence_length,
    )


def _calibrated(asked: Asked, machines: Sequence[Hardware | None], past_runs: Runs | None) -> Pace:
    """Device by device: there are few, and what is the same for all rows of one is then worked out once."""
    if len(asked.hardware) == 1:
        return _calibrated_on(asked, machines[int(asked.hardware[0])], past_runs)
    found = _empty(len(asked.hardware))
    for code in np.flatnonzero(np.bincount(asked.hardware)):
        rows = np.flatnonzero(asked.hardware == code)
        _put(found, rows, _calibrated_on(asked.take(rows), machines[int(code)], past_runs))
    return found


def _calibrated_on(asked: Asked, machine: Hardware | None, past_runs: Runs | None) -> Pace:
    if machine is None:
        return _empty(len(asked.training_flop))
    model = committed()
    here = replace(asked, hardware=np.zeros(1, dtype=np.intp))
    expected = run_prediction.predict(model.fit, cases_of(here, [machine]), past_runs)
    errors = model.new_organisations if past_runs is None else model.with_prior_runs
    alike = not (np.any(asked.log_loss) or np.any(asked.log_loss_sd))
    sd = expected.sd if alike else np.sqrt(expected.sd**2 + asked.log_loss_sd**2)
    spread = np.exp(errors.quantile(asked.level) * sd)
    tflop = asked.training_flop / compute.FLOP_PER_TFLOP
    fastest = tflop / asked.peak_tflops  # at the peak, which nothing passes
    central = tflop * np.exp(-expected.mean if alike else asked.log_loss - expected.mean)
    if not alike or np.any(asked.time_over_compute != 1.0):
        central = np.maximum(central * asked.time_over_compute, fastest / MEAN_CAP)
    central = central + _writing(asked, np.exp(expected.mean))
    return Pace(np.maximum(central / spread, fastest), central, central * spread, expected.extrapolation_decades)


def _empty(count: int) -> Pace:
    return Pace(*(np.full(count, np.nan) for _ in Pace.__slots__))


def _put(pace: Pace, rows: Codes, part: Pace) -> None:
    """Puts what was found for some rows in its place."""
    for name in Pace.__slots__:
        getattr(pace, name)[rows] = getattr(part, name)


def _by_alpha(asked: Asked) -> Pace:
    """The paper's way: the ends of α give the ends; the central value is the mean of the two."""
    tflop = asked.training_flop / compute.FLOP_PER_TFLOP
    low = throughput.device_seconds(tflop, asked.log10_alpha_high)
    high = throughput.device_seconds(tflop, asked.log10_alpha_low)
    return Pace(low, 0.5 * (low + high), high, np.zeros_like(low))


def _by_utilisation(asked: Asked) -> Pace:
    steady = asked.training_flop / compute.FLOP_PER_TFLOP / (asked.utilisation * asked.peak_tflops)
    return _from_steady(steady + _writing(asked, asked.utilisation * asked.peak_tflops), asked.level)


def _writing(asked: Asked, tflops: Floats) -> Floats:
    """Device-time that writing takes over what its compute would at the speed of training [s]."""
    if not np.any(asked.written_flop):
        return np.zeros(1)
    longer = np.maximum(1.0 / asked.written_tflops - 1.0 / tflops, 0.0)
    return asked.written_flop / compute.FLOP_PER_TFLOP * longer


def _by_rate(asked: Asked) -> Pace:
    return _from_steady(asked.tokens / asked.tokens_per_second_per_device + 0.0 * asked.training_flop, asked.level)


def _from_steady(seconds: Floats, level: Floats) -> Pace:
    """A whole run is slower than its steady state: restarts, evaluations, the start. How much is learnt from runs."""
    model = committed()
    central = seconds * np.exp(-model.gap_mean)
    half = np.exp(gap_half_width(model, level))
    return Pace(np.maximum(central / half, seconds), central, central * half, np.zeros_like(central))
