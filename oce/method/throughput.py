"""Dynamic throughput: how fast a device trains after a given time, and the time that a given compute takes.

OpenCarbonEval (Yu et al. 2024, arXiv:2405.12843, section 2.4) models the throughput of one device after ``t``
seconds of device-time as ``f(t) = ln(1 + alpha t)`` TFLOP/s, and finds the device-time ``T`` of a training run
from Little's law, ``integral of f over [0, T] = C`` (equation 4), with ``C`` in TFLOP.

Everything here works with ``v = f(T) = ln(1 + alpha T)``, the throughput at the end of the run, because

    alpha C        = e^v (v - 1 + e^-v)                   the integral, in closed form
    C / T          = v / (1 - e^-v) - 1                   the mean throughput of the run

hold without ever forming ``alpha`` itself, which runs from 1e-12 to 1e130 in the paper's data and beyond the
largest float for today's devices. Working with ``ln alpha`` and ``v`` nothing overflows, and writing ``T`` as
``C`` over the mean throughput leaves nothing to cancel.

All functions take floats or arrays that broadcast against each other, and return a ``float64`` array (a numpy
float for scalars). ``log10_alpha`` is the base-10 logarithm of alpha in 1/s.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

LN10 = float(np.log(10.0))
_SERIES_BELOW = 0.1  # where v - 1 + e^-v loses digits and its series is used instead
_SERIES = (1.0, -1 / 3, 1 / 12, -1 / 60, 1 / 360, -1 / 2520, 1 / 20160, -1 / 181440)  # 2 (-1)^k / (k + 2)!
_ITERATIONS = 4  # Newton steps from the guesses below: enough for 1e-14 everywhere (tests/method/test_throughput.py)


def throughput(device_seconds: ArrayLike, log10_alpha: ArrayLike) -> Floats:
    """Throughput f(t) of one device after ``device_seconds`` of device-time.

    Args:
        device_seconds: Time since the start, of one device [s], >= 0.
        log10_alpha: log10 of the paper's throughput-alpha [1/s].

    Returns:
        Throughput [TFLOP/s] (OpenCarbonEval, section 2.4).
    """
    with np.errstate(divide="ignore"):  # ln 0 = -inf at t = 0 gives f(0) = 0, as it should
        ln_alpha_t = np.log(_floats(device_seconds)) + LN10 * _floats(log10_alpha)
    return np.logaddexp(0.0, ln_alpha_t)


def compute_done(device_seconds: ArrayLike, log10_alpha: ArrayLike) -> Floats:
    """Compute that one device has done after ``device_seconds``: the integral of f (OpenCarbonEval, equation 4).

    Args:
        device_seconds: Device-time [s], >= 0.
        log10_alpha: log10 of alpha [1/s].

    Returns:
        Compute [TFLOP].
    """
    return _floats(device_seconds) * _mean_throughput(throughput(device_seconds, log10_alpha))


def device_seconds(compute_tflop: ArrayLike, log10_alpha: ArrayLike) -> Floats:
    """Device-time in which one device does ``compute_tflop``: the inverse of :func:`compute_done`.

    Right to better than 1e-12 relative for log10 alpha in -12...130 and compute of 1e-3...1e18 TFLOP.

    Args:
        compute_tflop: Compute C [TFLOP], > 0.
        log10_alpha: log10 of alpha [1/s].

    Returns:
        Device-time T [s].
    """
    compute = _floats(compute_tflop)
    return compute / _mean_throughput(final_throughput(compute, log10_alpha))


def final_throughput(compute_tflop: ArrayLike, log10_alpha: ArrayLike) -> Floats:
    """Throughput f(T) at the end of a run of ``compute_tflop``.

    Solves ``v + ln(v - 1 + e^-v) = ln(alpha C)`` for v by Newton's method, a fixed number of steps for every
    element. In terms of Lambert's W the root is ``1 + W0((alpha C - 1)/e)``; that form overflows for large alpha
    and loses every digit at its branch point, alpha C -> 0.

    Args:
        compute_tflop: Compute C [TFLOP], > 0.
        log10_alpha: log10 of alpha [1/s].

    Returns:
        Throughput v [TFLOP/s].
    """
    target = np.log(_floats(compute_tflop)) + LN10 * _floats(log10_alpha)
    v = _first_guess(target)
    for _ in range(_ITERATIONS):
        q = _excess(v)
        # The step of Newton's method for h(v) = v + ln q(v) - target, taken in ln v where v is small
        # (there h is linear in ln v) and in v where it is large (there h is linear in v).
        step = (v + np.log(q) - target) * q / v
        v = np.where(v < 1.0, v * np.exp(np.minimum(-step / v, 1.0)), np.maximum(v - step, 0.5 * v))
    return v


def log10_alpha_for(compute_tflop: ArrayLike, device_seconds: ArrayLike) -> Floats:
    """The alpha with which ``compute_tflop`` takes exactly ``device_seconds`` of one device.

    This is how a utilisation or a measured rate becomes the paper's curve: alpha and mean throughput are two
    names of one quantity for a given device-time.

    Args:
        compute_tflop: Compute C [TFLOP], > 0.
        device_seconds: Device-time T [s], > 0.

    Returns:
        log10 of alpha [1/s].
    """
    seconds = _floats(device_seconds)
    mean = _floats(compute_tflop) / seconds
    v = mean - np.expm1(-mean)  # 2 m for small means, m + 1 for large ones
    for _ in range(_ITERATIONS):
        rise = -np.expm1(-v)  # 1 - e^-v
        slope = (v * rise - _excess(v)) / rise**2  # of the mean throughput in v
        v = np.maximum(v - (_mean_throughput(v) - mean) / slope, 0.1 * v)
    return (v + np.log(-np.expm1(-v)) - np.log(seconds)) / LN10


def _first_guess(target: Floats) -> Floats:
    """A guess within a third of the root of v + ln(v - 1 + e^-v) = target, for any target."""
    s = np.sqrt(2.0 * np.exp(np.minimum(target, 1.0)))
    large = np.maximum(target, 1.0)
    return np.where(target < 1.0, s / (1.0 + s / 3.0), large - np.log(large) + 0.4 / large)


def _excess(v: Floats) -> Floats:
    """q(v) = v - 1 + e^-v, to full precision for small v too."""
    q = v + np.expm1(-v)
    small = v < _SERIES_BELOW
    if np.count_nonzero(small):
        series = np.polynomial.polynomial.polyval(np.minimum(v, _SERIES_BELOW), _SERIES)
        q = np.where(small, 0.5 * v * v * series, q)
    return np.asarray(q)


def _mean_throughput(v: Floats) -> Floats:
    """Mean of f over a run that ends at throughput v: v / (1 - e^-v) - 1; 0 for v = 0."""
    with np.errstate(invalid="ignore"):
        mean = _excess(v) / -np.expm1(-v)
    return np.where(v == 0.0, 0.0, mean)[()]


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
