"""Figures with their uncertainty: what is refused, and the laws that their arithmetic keeps."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import Interval
from oce.interval import normal_quantile

EXACT = 1e-12
VALUES = st.floats(1e-6, 1e6)
INTERVALS = st.lists(VALUES, min_size=3, max_size=3).map(sorted).map(lambda bounds: Interval(*bounds))
FACTORS = st.floats(1e-3, 1e3)


def near(interval: Interval) -> object:
    return pytest.approx([*interval], rel=EXACT)


@pytest.mark.parametrize("bounds", [(3, 2, 1), (1, 3, 2), (2, 1, 3), (math.nan, 1, 2), (1, math.nan, 2)])
def test_what_is_out_of_order_is_refused_in_words(bounds):
    with pytest.raises(ValueError, match=f"low ≤ central ≤ high, not low={bounds[0]}"):
        Interval(*bounds)


def test_the_ratio_to_nothing_is_infinite():
    assert [*Interval.point(math.inf)] == [math.inf] * 3


@given(INTERVALS)
def test_equal_intervals_are_one_value(interval):
    assert len({interval, Interval(*interval)}) == 1


@given(INTERVALS, INTERVALS)
def test_a_sum_adds_bound_to_bound_whatever_the_order(one, other):
    assert [*(one + other)] == [a + b for a, b in zip(one, other, strict=True)]
    assert one + other == other + one
    assert one + Interval.point(0.0) == one


@given(INTERVALS, FACTORS)
def test_a_factor_leaves_the_width_of_the_logarithm(interval, factor):
    scaled = interval * factor
    assert scaled == factor * interval
    assert scaled.high_over_low == pytest.approx(interval.high_over_low)
    assert [*(scaled / factor)] == near(interval)


@given(INTERVALS, FACTORS)
def test_a_negative_factor_turns_the_bounds_around(interval, factor):
    assert [*(interval * -factor)] == [-value for value in reversed([*(interval * factor)])]


@given(INTERVALS)
def test_a_falling_function_turns_the_bounds_around_and_back(interval):
    inverse = interval.map(lambda value: 1.0 / value)
    assert inverse.low == 1.0 / interval.high
    assert [*inverse.map(lambda value: 1.0 / value)] == near(interval)


def test_a_function_that_turns_is_refused():
    with pytest.raises(ValueError, match="low ≤ central ≤ high"):
        Interval(-1.0, 0.0, 2.0).map(lambda value: value**2)


@given(INTERVALS, INTERVALS)
def test_the_ratio_of_independent_figures_is_narrower_than_bounds_over_bounds(one, other):
    found = one.ratio_to(other)
    assert found.central == one.central / other.central
    assert one.low / other.high <= found.low * (1 + EXACT)
    assert found.high <= one.high / other.low * (1 + EXACT)
    assert found.high_over_low >= max(one.high_over_low, other.high_over_low) * (1 - EXACT)
    assert [*other.ratio_to(one).map(lambda value: 1.0 / value)] == near(found)


def test_nothing_has_no_ratio():
    assert Interval.point(0.0).ratio_to(Interval.point(1.0)) is None
    assert Interval.point(1.0).ratio_to(Interval(0.0, 1.0, 2.0)) is None


@pytest.mark.parametrize("calculate", [lambda one: one * one, lambda one: one / one, lambda one: one + 1.0])
def test_what_would_have_to_guess_the_dependence_is_no_arithmetic(calculate):
    with pytest.raises(TypeError):
        calculate(Interval(1.0, 2.0, 3.0))


@given(INTERVALS, st.floats(0.0, 4.0))
def test_what_is_added_to_the_variance_can_be_taken_away(interval, further):
    wider = interval.with_log_variance(further)
    assert wider.low <= interval.low * (1 + EXACT)
    assert interval.high <= wider.high * (1 + EXACT)
    assert [*wider.with_log_variance(-further)] == pytest.approx([*interval], rel=1e-6)


@given(VALUES, FACTORS.map(lambda factor: 1.0 + factor))
def test_widening_a_point_by_a_factor_is_a_width_of_its_logarithm(value, factor):
    widened = Interval.point(value).widened(factor)
    assert [*widened] == near(Interval.from_log_widths(value, math.log(factor), math.log(factor)))
    assert widened.log_half_width == pytest.approx(math.log(factor))
    assert value in widened
    assert value * factor * 1.01 not in widened


def test_the_mean_lies_above_the_median():
    # of a log-normal figure with σ = 0.5, whose 80 % lie within 1.2816 σ: e^(σ²/2) = 1.1331
    factor = math.exp(0.5 * normal_quantile(0.8))
    assert Interval.point(10.0).widened(factor).mean(0.8) == pytest.approx(11.331, rel=1e-4)
    assert Interval.point(10.0).mean(0.8) == 10.0
