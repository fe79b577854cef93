"""The throughput curve f(t) = ln(1 + αt), its integral, and the time that a given compute takes."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from oce.method.throughput import compute_done, device_seconds, final_throughput, log10_alpha_for, throughput
from tests.support.rules import for_every

LOG10_ALPHA = st.floats(-12, 130)
LOG10_TFLOP = st.floats(-3, 18)  # 1e9 … 1e30 FLOP
LOG10_SECONDS = st.floats(-3, 16)
EXACT = 1e-12  # relative; 1e-10 is asked for
MANY = settings(max_examples=300, deadline=None)


@pytest.fixture(autouse=True, scope="module")
def _no_floating_point_surprise():
    """Overflow, division by zero and NaN are errors in every test here; what underflows is nothing, and right."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        yield


def exact_device_seconds(compute_tflop: float, log10_alpha: float) -> float:
    """T = (e^(1 + W₀((αC − 1)/e)) − 1)/α with sixty digits."""
    with mpmath.workdps(60):
        alpha = mpmath.mpf(10) ** mpmath.mpf(log10_alpha)
        w = mpmath.lambertw((alpha * mpmath.mpf(compute_tflop) - 1) / mpmath.e).real
        return float((mpmath.exp(1 + w) - 1) / alpha)


@MANY
@given(LOG10_TFLOP, LOG10_ALPHA)
@example(-3, -12)  # αC = 1e-15: the branch point of W
@example(18, 130)  # αC = 1e148
@example(0, 0)  # αC = 1: where the argument of W changes sign
def test_the_time_of_a_compute_is_that_of_lambert_w(log10_tflop, log10_alpha):
    compute = 10.0**log10_tflop
    assert device_seconds(compute, log10_alpha) == pytest.approx(exact_device_seconds(compute, log10_alpha), rel=EXACT)


@pytest.mark.parametrize("log10_alpha", [-12.0, -6.7, 0.0, 3.0])
def test_the_time_keeps_its_digits_from_the_branch_point_on(log10_alpha):
    alpha_c = np.concatenate([np.geomspace(1e-15, 1e3, 181), np.geomspace(2e-3, 2e-2, 40), [1 - 1e-9, 1 + 1e-9]])
    compute = alpha_c / 10.0**log10_alpha
    exact = [exact_device_seconds(one, log10_alpha) for one in compute]
    assert device_seconds(compute, log10_alpha) == pytest.approx(exact, rel=EXACT)


def test_a_tiny_compute_takes_the_root_of_two_c_over_alpha():
    assert device_seconds(1e-3, -12.0) == pytest.approx(math.sqrt(2 * 1e-3 / 1e-12), rel=1e-7)


@MANY
@given(st.lists(st.tuples(LOG10_TFLOP, LOG10_ALPHA), min_size=1, max_size=20))
def test_an_array_gives_what_its_elements_give_alone(pairs):
    compute, log10_alpha = 10.0 ** np.array([tflop for tflop, _ in pairs]), np.array([alpha for _, alpha in pairs])
    alone = [device_seconds(float(c), float(a)) for c, a in zip(compute, log10_alpha, strict=True)]
    np.testing.assert_array_max_ulp(device_seconds(compute, log10_alpha), np.array(alone), maxulp=4)


def test_arrays_broadcast_against_each_other():
    hours = device_seconds(np.array([[1e3], [1e6]]), np.array([-1.0, 0.0, 10.0]))
    assert hours.shape == (2, 3)
    assert hours[1, 2] == pytest.approx(device_seconds(1e6, 10.0), rel=1e-15)


@MANY
@given(LOG10_SECONDS, LOG10_ALPHA)
def test_the_time_of_the_compute_done_in_a_time_is_that_time(log10_seconds, log10_alpha):
    seconds = 10.0**log10_seconds
    assert device_seconds(compute_done(seconds, log10_alpha), log10_alpha) == pytest.approx(seconds, rel=1e-10)


@MANY
@given(LOG10_TFLOP, LOG10_ALPHA)
def test_the_compute_done_in_the_time_of_a_compute_is_that_compute(log10_tflop, log10_alpha):
    compute = 10.0**log10_tflop
    assert compute_done(device_seconds(compute, log10_alpha), log10_alpha) == pytest.approx(compute, rel=1e-10)


@MANY
@given(LOG10_TFLOP, st.floats(-6, 3))
def test_the_alpha_for_a_time_gives_that_time(log10_tflop, log10_mean_throughput):
    compute = 10.0**log10_tflop
    seconds = compute / 10.0**log10_mean_throughput
    assert device_seconds(compute, log10_alpha_for(compute, seconds)) == pytest.approx(seconds, rel=1e-10)


@MANY
@given(LOG10_TFLOP, LOG10_ALPHA)
def test_the_alpha_for_the_time_that_an_alpha_takes_is_that_alpha(log10_tflop, log10_alpha):
    compute = 10.0**log10_tflop
    assert log10_alpha_for(compute, device_seconds(compute, log10_alpha)) == pytest.approx(log10_alpha, abs=1e-10)


@MANY
@given(LOG10_TFLOP, LOG10_ALPHA, st.floats(1.001, 1e3), st.floats(0.01, 10))
def test_more_compute_takes_longer_and_a_higher_alpha_is_faster(log10_tflop, log10_alpha, more, higher):
    compute = 10.0**log10_tflop
    seconds = device_seconds(compute, log10_alpha)
    assert device_seconds(compute * more, log10_alpha) > seconds
    assert device_seconds(compute, log10_alpha + higher) < seconds


@MANY
@given(LOG10_TFLOP, LOG10_ALPHA)
def test_the_final_throughput_is_the_throughput_at_the_end(log10_tflop, log10_alpha):
    compute = 10.0**log10_tflop
    end = device_seconds(compute, log10_alpha)
    assert final_throughput(compute, log10_alpha) == pytest.approx(throughput(end, log10_alpha), rel=1e-10)


@pytest.mark.parametrize("log10_alpha", [-12.0, 0.0, 130.0, 1500.0])
def test_nothing_runs_and_nothing_is_done_at_the_start(log10_alpha):
    assert throughput(0.0, log10_alpha) == 0.0
    assert compute_done(0.0, log10_alpha) == 0.0


def test_the_throughput_is_ln_of_one_plus_alpha_t():
    assert throughput(1.0, 0.0) == pytest.approx(0.6931471805599453)  # ln 2
    assert throughput(math.e - 1, 0.0) == pytest.approx(1.0)
    assert throughput(1e-20, 0.0) == pytest.approx(1e-20)


@pytest.mark.parametrize("log10_alpha", [-1.0, 10.0, 50.0, 110.0])
def test_the_throughput_rises_by_one_tflop_per_second_with_each_e_fold_of_time(log10_alpha):
    assert throughput(math.e * 1e9, log10_alpha) - throughput(1e9, log10_alpha) == pytest.approx(1.0, rel=1e-6)


@for_every("log10_alpha", [-6.7, -2.0, 0.0, 4.0, 10.0])
@for_every("seconds", [1e-2, 1.0, 1e4, 1e8])
def test_the_compute_done_is_the_area_under_the_curve(seconds, log10_alpha):
    area, _ = quad(lambda t: math.log1p(10.0**log10_alpha * t), 0.0, seconds, epsabs=0.0, epsrel=1e-11, limit=200)
    assert compute_done(seconds, log10_alpha) == pytest.approx(area, rel=1e-9)


@pytest.mark.parametrize("log10_alpha", [400.0, 1500.0, 2000.0])
def test_an_alpha_beyond_the_largest_float_gives_a_time_all_the_same(log10_alpha):
    # C = 1e12 TFLOP; for such α the throughput hardly moves: C/T = ln(αT) − 1
    seconds = device_seconds(1e12, log10_alpha)
    assert 1e12 / seconds == pytest.approx(log10_alpha * math.log(10) + math.log(seconds) - 1.0, rel=1e-12)
    assert compute_done(seconds, log10_alpha) == pytest.approx(1e12, rel=1e-10)
