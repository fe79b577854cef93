"""What both parts of the calibration are fitted with: Student-t noise by weights, and spreads chosen from a grid."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DEGREES_OF_FREEDOM = 4.0
ITERATIONS = 12


def best_of(grid: Mapping[str, tuple[float, ...]], score: Callable[[Mapping[str, float]], float]) -> dict[str, float]:
    """The values of a grid with the highest score, each chosen in turn, twice over.

    Args:
        grid: What can be chosen, by name; the first guess stands in the middle.
        score: How good a choice is.

    Returns:
        The choice.
    """
    known: dict[tuple[float, ...], float] = {}

    def scored(choice: Mapping[str, float]) -> float:
        key = tuple(choice.values())
        if key not in known:
            known[key] = score(choice)
        return known[key]

    best = {name: values[len(values) // 2] for name, values in grid.items()}
    for name in (*grid, *grid):
        for value in grid[name]:
            other = best | {name: value}
            if scored(other) > scored(best) + 1e-9:
                best = other
    return best


def weights_of_t_noise(signal: Floats, noise: Floats, residual: Floats) -> Floats:
    """Weights under Student-t noise, found by repeating the fit: what lies far from its prediction counts less.

    Iteratively reweighted least squares for the t distribution (Lange, Little & Taylor 1989, JASA 84:881):
    weight = (ν + 1) / (ν + e² / noise), e being what the fit leaves of the residual.

    Args:
        signal: Covariance of the n observations without the noise, n × n.
        noise: Variance of the noise of each, n.
        residual: What is observed less what is expected before the fit, n.

    Returns:
        By how much the variance of each one's noise is to be divided, n.

    Raises:
        LinAlgError: Where the covariance is not positive definite.
    """
    weight = np.ones(len(residual))
    for _ in range(ITERATIONS):
        left = noise / weight * solved(signal + np.diag(noise / weight), residual)
        weight = (DEGREES_OF_FREEDOM + 1.0) / (DEGREES_OF_FREEDOM + left**2 / noise)
    return weight


def solved(covariance: Floats, right: Floats) -> Floats:
    """The x of ``covariance`` x = ``right``.

    Args:
        covariance: Symmetric and positive definite, n × n.
        right: The right-hand side, n or n × m.

    Raises:
        LinAlgError: Where the covariance is not positive definite.
    """
    from scipy.linalg.lapack import dposv  # here, as only a fit needs it

    _, found, failed = dposv(covariance, right)
    if failed:
        raise np.linalg.LinAlgError("a covariance is not positive definite")
    return np.asarray(found, dtype=np.float64)
