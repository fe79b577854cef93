"""The Pareto front of two quantities of which less is better."""

import numpy as np
from numpy.typing import NDArray


def pareto_front(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points no other is at most as large as in both, and smaller in one; of equal points, all.

    Args:
        x: First coordinate of each point.
        y: Second coordinate.

    Returns:
        Whether each is on the front; by sorting, O(n log n).

    Example:
        >>> pareto_front(np.array([1.0, 2.0, 3.0]), np.array([5.0, 4.0, 4.0])).tolist()
        [True, True, False]
    """
    if len(x) == 0:
        return np.zeros(0, dtype=np.bool_)
    order = np.lexsort((y, x))
    x_sorted, y_sorted = x[order], y[order]
    new = np.concatenate(([True], x_sorted[1:] != x_sorted[:-1]))
    first = np.flatnonzero(new)[np.cumsum(new) - 1]  # of the points that share an x, the one with the least y
    before = np.concatenate(([np.inf], np.minimum.accumulate(y_sorted)))  # least y of all that come earlier
    on_front = np.zeros(len(x), dtype=np.bool_)
    on_front[order] = (y_sorted == y_sorted[first]) & (y_sorted < before[first])
    return on_front
