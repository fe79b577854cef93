"""Where a condition begins to hold: two neighbouring whole numbers, whatever the curve."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from oce.analysis.inverse import turn

POWERS = st.lists(st.tuples(st.floats(0.1, 3.0), st.floats(0.0, 25.0)), min_size=1, max_size=6)


@given(POWERS)
def test_each_question_gets_its_own_answer_to_the_last_whole_number(questions):
    exponents, limits = (np.array(values) for values in zip(*questions, strict=True))

    def over(question, sizes):
        return exponents[question] * np.log(sizes) - limits[question] + 0.1 * np.sin(np.log(sizes))

    found = turn(lambda question, sizes: (over(question, sizes) > 0, over(question, sizes)), np.ones(len(limits)), 1e11)
    for place, (last, first) in enumerate(zip(found.last_without, found.first_with, strict=True)):
        at = np.array([place])
        if math.isnan(first):
            assert over(at, np.array([1e11]))[0] <= 0
            assert last == 1e11
            continue
        assert over(at, np.array([first]))[0] > 0
        if math.isnan(last):
            assert first == 1
        else:
            assert first - last == 1
            assert over(at, np.array([last]))[0] <= 0


def test_a_step_is_found_where_no_guess_helps():
    calls = []

    def ask(question, sizes):
        calls.append(len(sizes))
        return sizes >= 123_456_789, np.where(sizes >= 123_456_789, np.inf, -np.inf)

    found = turn(ask, [1], [10**12])
    assert (found.last_without[0], found.first_with[0]) == (123_456_788, 123_456_789)
    assert len(calls) < 40
