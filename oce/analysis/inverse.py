"""From a limit back to the size that meets it: for many questions at once, each answered to the last whole number.

A question asks where a condition begins to hold: from how many devices a time, which falls with them, is within a
deadline; from how many tokens a total, which grows with them, is beyond a budget. Every round asks a single vectorised
call for all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
# From the numbers of questions and a size for each: whether its condition holds there, and the logarithm of what is
# compared over its limit, which is close to a straight line over the logarithm of the size.
Ask = Callable[[NDArray[np.intp], Floats], tuple[NDArray[np.bool_], Floats]]

GRID = 64  # sizes that are looked at together
_NEARER = 10.0 ** -np.arange(0.0, 15.0, 0.5)  # steps from the guess, in widths of what is left


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """Where conditions begin to hold: two neighbouring whole numbers for each question."""

    last_without: Floats  # NaN where the condition holds at the smallest number
    first_with: Floats  # NaN where it does not hold even at the largest


def turn(ask: Ask, low: ArrayLike, high: ArrayLike) -> Turn:
    """Where a condition begins to hold, for several questions.

    Between two sizes the quantity is taken for a power of the size, and the sizes about that guess are looked at, ever
    closer together: four or five rounds from eleven decades down to a whole number.

    Args:
        ask: What holds; from its first size on it has to hold for all that are larger.
        low: The smallest whole number of each question.
        high: The largest, at least ``low``.

    Returns:
        The last number at which the condition does not hold, and the first at which it does.
    """
    smallest, largest = np.broadcast_arrays(np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64))
    last: Floats = largest.copy()
    first: Floats = np.full(smallest.shape, np.nan)
    left = np.arange(smallest.size)
    sizes = np.asarray(np.round(np.geomspace(smallest, largest, GRID, axis=1)), dtype=np.float64)
    sizes[:, 0], sizes[:, -1] = smallest, largest  # exactly
    while len(left):
        answers = ask(np.repeat(left, sizes.shape[1]), sizes.ravel())
        held, log_over = (values.reshape(sizes.shape) for values in answers)
        rows, at = np.arange(len(left)), held.argmax(axis=1)
        before = np.maximum(at - 1, 0)
        below, above = sizes[rows, before], sizes[rows, at]
        holds = held[rows, at]
        near = (at == 0) | (above - below <= np.maximum(1.0, np.spacing(below)))
        first[left[holds]] = above[holds]
        last[left[holds]] = np.where(at > 0, below, np.nan)[holds]
        further = holds & ~near
        left, below, above = left[further], below[further], above[further]
        sizes = _closer(below, above, log_over[rows, before][further], log_over[rows, at][further])
    return Turn(last, first)


def _closer(below: Floats, above: Floats, log_over_below: Floats, log_over_above: Floats) -> Floats:
    """Sizes between those that are known not to hold and to hold, both included: a row for each question."""
    width = np.log(above / below)
    with np.errstate(all="ignore"):  # what is nothing has no logarithm
        share = log_over_below / (log_over_below - log_over_above)
    share = np.where(np.isfinite(share), np.clip(share, 0.0, 1.0), 0.5)
    steps = np.concatenate((-_NEARER, [0.0], _NEARER[::-1]))
    near = below[:, None] * np.exp(width[:, None] * np.sort(np.clip(share[:, None] + steps, 0.0, 1.0), axis=1))
    few = (above - below <= near.shape[1])[:, None]  # so few that each is looked at
    every = below[:, None] + np.arange(near.shape[1])
    sizes: Floats = np.clip(np.round(np.where(few, every, near)), below[:, None], above[:, None])
    sizes[:, 0], sizes[:, -1] = below, above
    return sizes
