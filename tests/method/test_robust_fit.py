"""Spreads chosen from a grid, and a system that has no solution."""

import numpy as np
import pytest

from oce.method import robust_fit


def test_the_spreads_are_the_best_of_a_grid_one_by_one():
    best = robust_fit.best_of({"a": (1.0, 2.0, 3.0), "b": (0.0, 5.0)}, lambda of: -((of["a"] - 3) ** 2) - of["b"])
    assert best == {"a": 3.0, "b": 0.0}


def test_a_covariance_that_is_none_is_not_solved():
    with pytest.raises(np.linalg.LinAlgError):
        robust_fit.solved(np.array([[1.0, 2.0], [2.0, 1.0]]), np.ones(2))
