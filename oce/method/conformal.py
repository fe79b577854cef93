"""Intervals that hold a stated share of a new group's cases: conformal prediction by whole groups.

The groups are organisations, or sources of measurements. Each weighs the same, and one more is expected that may err
by any amount (hierarchical conformal prediction: Lee, Barber & Willett 2023, arXiv:2306.06342).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce.array_values import ArrayValue

Floats = NDArray[np.float64]

CONFIDENCE_LEVELS = (0.5, 0.8, 0.95)  # nominal coverages that can be chosen, and are scored


@dataclass(frozen=True, slots=True, eq=False)
class Residuals(ArrayValue):
    """Standardised residuals of groups that were left out, each group weighing the same."""

    size: Floats  # |z|, ascending
    weight: Floats  # of each residual: 1 over how many its group has
    groups: int

    def quantile(self, confidence_level: ArrayLike) -> Floats:
        """q, so that ``mean ± q sd`` is to hold this share of a new group's cases.

        The smallest residual at or below which lies that share of the weight, where one more group is counted that may
        err by any amount; the largest where that is past it.

        Args:
            confidence_level: Shares in (0, 1), of any shape.

        Returns:
            q for each, of the same shape.
        """
        reached = np.cumsum(self.weight)
        wanted = np.asarray(confidence_level, dtype=np.float64) * (self.groups + 1)
        return self.size[np.minimum(np.searchsorted(reached, wanted - 1e-9), len(self.size) - 1)]


def residuals_of(z: Floats, groups: NDArray[np.str_]) -> Residuals:
    """Standardised residuals, each group weighing the same.

    Args:
        z: Residuals over their standard deviations, of any sign.
        groups: The group of each.
    """
    names, place, counts = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.argsort(np.abs(z), kind="stable")
    return Residuals(np.abs(z)[order], (1.0 / counts[place])[order], len(names))
