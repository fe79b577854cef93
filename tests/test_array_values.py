"""Values with arrays in them are values: equal where the numbers are, and fit to be a key."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from oce import Scenario, estimate
from oce.array_values import ArrayValue
from oce.method.calibration_file import committed
from oce.method.runs import Runs, reported, scored_runs

NUMBERS = arrays.arrays(np.float64, st.integers(0, 4), elements=st.floats(allow_nan=True))


@dataclass(frozen=True, slots=True, eq=False)
class Pair(ArrayValue):
    name: str
    numbers: np.ndarray


def runs() -> Runs:
    return reported(scored_runs()[:3])


@given(NUMBERS)
def test_a_copy_is_equal_and_finds_what_was_kept_under_the_original(numbers):
    original, copy = Pair("a", numbers), Pair("a", numbers.copy())
    assert original == copy
    assert {original: 1}[copy] == 1


@given(NUMBERS, NUMBERS)
def test_two_are_equal_where_the_numbers_are_nan_too(first, second):
    alike = first.shape == second.shape and first.tobytes() == second.tobytes()
    assert (Pair("a", first) == Pair("a", second)) == alike


def test_another_type_shape_or_text_is_another_value():
    value = Pair("a", np.zeros(2))
    assert value != Pair("b", np.zeros(2))
    assert value != Pair("a", np.zeros((1, 2)))
    assert value != ("a", (0.0, 0.0))


def test_prior_runs_that_were_read_twice_are_the_same_and_slower_ones_are_not():
    assert runs() == runs()
    assert hash(runs()) == hash(runs())
    assert runs() != replace(runs(), log_throughput=runs().log_throughput - 0.1)


def test_equal_scenarios_with_equal_prior_runs_have_equal_estimates():
    run = Scenario(parameters=7e9, tokens=2e12, device="H100", region="USA")
    slower = replace(runs(), log_throughput=runs().log_throughput - 0.1)
    assert estimate(run, runs()) == estimate(run, runs())
    assert estimate(run, runs()) != estimate(run, slower)
    assert estimate(run, runs()) != estimate(run)


def test_a_calibration_is_equal_to_itself_read_again():
    again = committed.__wrapped__()
    assert again is not committed()
    assert again == committed()
    assert hash(again) == hash(committed())
