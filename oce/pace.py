"""How long one device takes for the compute: by the paper's α, by the calibration, or by what the user knows.

Each way gives the device-time of the final run at the fast, central and slow end. α and device-time are two names of
one quantity for a given compute (:func:`oce.throughput.log10_alpha_for`), so every curve can be drawn for every way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from oce import calibration, catalog, compute, tables, throughput
from oce.calibration import FAMILIES, Calibration, Cases, Runs
from oce.scenario import Method

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

SECONDS_PER_HOUR = 3600.0
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
    tokens: Floats
    year: Floats
    level: Floats
    log10_alpha_low: Floats  # the user's own, else the device's published one
    log10_alpha_high: Floats
    utilisation: Floats
    tokens_per_second_per_device: Floats
    peak_tflops: Floats  # at the precision, which utilisation is measured against
    calibration_peak_tflops: Floats  # the same, but of bf16 for fp8: the runs in fp8 are too few to tell it apart
    device: Codes  # into the devices that are passed along

    def take(self, rows: NDArray[np.bool_]) -> Asked:
        """These rows alone."""
        return Asked(*(one if len(one) == 1 else one[rows] for one in (getattr(self, n) for n in Asked.__slots__)))


def pace(asked: Asked, method: Codes, devices: Sequence[catalog.Device | None], past_runs: Runs | None = None) -> Pace:
    """The device-time of every row, by its method.

    Args:
        asked: What decides it.
        method: Place of each row's method in :data:`METHODS`.
        devices: The devices that ``asked.device`` points into.
        past_runs: Past runs of the same organisation, which the calibrated throughput takes into account.

    Returns:
        The pace; NaN where something that the method needs is missing.
    """
    ways: Mapping[Method, Callable[[Asked], Pace]] = {
        "calibrated": lambda one: _calibrated(one, devices, past_runs),
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
            rows = method == code
            _put(found, rows, ways[METHODS[int(code)]](asked.take(rows)))
        return found


@cache
def committed() -> Calibration:
    """The calibration of data/calibration.json."""
    return tables.from_json_file("calibration.json", lambda held: calibration.from_json(held["calibration"]))


def cases_of(asked: Asked, devices: Sequence[catalog.Device | None]) -> Cases:
    """The rows as the calibration sees them."""
    families = np.array(["" if one is None else family(one) for one in devices])
    vendors = np.array(["" if one is None else one.vendor for one in devices])
    released = _numbers([None if one is None else released_in(one) for one in devices])
    return Cases(
        size=asked.size,
        peak_tflops=asked.calibration_peak_tflops,
        compute_flop=asked.training_flop,
        year=asked.year,
        device_year=released[asked.device],
        device=families[asked.device],
        vendor=vendors[asked.device],
    )


def finished(
    devices: Sequence[catalog.Device],
    size: Sequence[float | None],
    peak_tflops: Sequence[float],
    training_flop: Sequence[float | None],
    year: Sequence[float | None],
) -> Cases:
    """Runs that are over, as the calibration sees them: one value a run, ``None`` where it is not known.

    Args:
        devices: What each ran on.
        size: Active parameters, else all.
        peak_tflops: Dense peak that its utilisation is counted against [TFLOP/s].
        training_flop: Its compute [FLOP].
        year: Its year of training.
    """
    return Cases(
        size=_numbers(size),
        peak_tflops=_numbers(peak_tflops),
        compute_flop=_numbers(training_flop),
        year=_numbers(year),
        device_year=_numbers([released_in(one) for one in devices]),
        device=np.array([family(one) for one in devices]),
        vendor=np.array([one.vendor for one in devices]),
    )


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def family(device: catalog.Device) -> str:
    """The device that this one counts as in the calibration."""
    return FAMILIES.get(device.id, device.id)


def released_in(device: catalog.Device) -> float | None:
    """The year of release, or that of the generation's first device where its own is not known."""
    if device.year is not None:
        return float(device.year)
    years = [one.year for one in catalog.devices() if one.generation == device.generation and one.year]
    return float(min(years)) if years else None


def _calibrated(asked: Asked, devices: Sequence[catalog.Device | None], past_runs: Runs | None) -> Pace:
    """Device by device: there are few, and what is the same for all rows of one is then worked out once."""
    if len(asked.device) == 1:
        return _calibrated_on(asked, devices[int(asked.device[0])], past_runs)
    found = _empty(len(asked.device))
    for code in np.flatnonzero(np.bincount(asked.device)):
        rows = asked.device == code
        _put(found, rows, _calibrated_on(asked.take(rows), devices[int(code)], past_runs))
    return found


def _calibrated_on(asked: Asked, device: catalog.Device | None, past_runs: Runs | None) -> Pace:
    if device is None:
        return _empty(len(asked.training_flop))
    model = committed()
    here = replace(asked, device=np.zeros(1, dtype=np.intp))
    expected = calibration.predict(model.fit, cases_of(here, [device]), past_runs)
    given, not_given = (calibration.quantile(model.residuals[state], asked.level) for state in calibration.STATES)
    half = np.where(np.isnan(asked.year), not_given, given) * expected.sd
    tflop = asked.training_flop / compute.FLOP_PER_TFLOP
    fastest = tflop / asked.peak_tflops  # at the peak, which nothing passes
    central = tflop / asked.calibration_peak_tflops * np.exp(-expected.mean)
    spread = np.exp(half)
    return Pace(np.maximum(central / spread, fastest), central, central * spread, expected.decades_outside)


def _empty(count: int) -> Pace:
    return Pace(*(np.full(count, np.nan) for _ in Pace.__slots__))


def _put(pace: Pace, rows: NDArray[np.bool_], part: Pace) -> None:
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
    return _from_steady(steady, asked.level)


def _by_rate(asked: Asked) -> Pace:
    return _from_steady(asked.tokens / asked.tokens_per_second_per_device + 0.0 * asked.training_flop, asked.level)


def _from_steady(seconds: Floats, level: Floats) -> Pace:
    """A whole run is slower than its steady state: restarts, evaluations, the start. How much is learnt from runs."""
    model = committed()
    central = seconds * np.exp(-model.gap_mean)
    half = np.exp(calibration.gap_half_width(model, level))
    return Pace(np.maximum(central / half, seconds), central, central * half, np.zeros_like(central))
