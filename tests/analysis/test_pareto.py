"""The Pareto front is that of comparing each point with each."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from oce.analysis.pareto import pareto_front


def brute(x, y):
    points = list(zip(x, y, strict=True))
    return [not any(a <= c and b <= d and (a < c or b < d) for a, b in points) for c, d in points]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30))
def test_the_front_of_any_points_is_that_of_comparing_each_with_each(points):
    x, y = (np.array([point[at] for point in points], dtype=float) for at in (0, 1))
    assert pareto_front(x, y).tolist() == brute(x, y)
