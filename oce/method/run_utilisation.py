"""Calibrated throughput: what a run will reach, from how fast its device is and what runs of its kind have reached.

The logarithm of the mean throughput of a run, in TFLOP/s per device, has two parts that can be held in the head:

    ln v = s(device, precision; size, attention, mixture) + r(size, era, mixture) + o(organisation) + e

* **the device**, s: how fast it is against another on the same stack (:mod:`oce.method.device_speed`). It is learnt
  from measured contrasts; runs move it only where the contrasts leave it open.
* **the run**, r + o + e: what runs of this size and era reach, on an A100 as it were. It stays when the device is
  swapped. ``o`` is the organisation's own deviation, alike for models of like size and on the same device, and 0 for an
  organisation never seen; ``e`` is Student-t noise, larger for small models and for runs before 2023.

For given spreads that is a single linear system; the t noise is fitted by repeating it with weights. The spreads are
chosen from a grid by how well each run is foretold from all others, and are chosen anew wherever runs are left out.

An interval is ``exp(mean ± q sd)`` (:mod:`oce.method.run_prediction`). It promises a *new organisation's* run, so
organisations, not runs, are its units: q is the quantile of the standardised residuals of runs predicted without their
organisation (:mod:`oce.method.conformal`). Deterministic; no loop over rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce.array_values import ArrayValue
from oce.catalog.caches import cached
from oce.method.device_speed import DeviceSpeed
from oce.method.hardware_features import Hardware, attention_share, size_covariate
from oce.method.robust_fit import DEGREES_OF_FREEDOM, best_of, weights_of_t_noise
from oce.method.runs import Cases, Runs, size_on

Floats = NDArray[np.float64]
Devices = Sequence[str]  # ids

CENTRE = float(np.log(0.3 * 312.0))  # where the intercept is pooled to: 30 % of an A100
RUN_TERMS: Mapping[str, float] = {  # of the run part, with the standard deviation that pools each towards none
    "run": 1.0,
    "run size": 0.5,
    "run mixture": 0.3,
    "run before 2023": 0.5,
}
ORGANISATION_DECADES = 1.0  # runs whose sizes are d decades apart share exp(-d²/2) of the organisation's deviation
NOISE_RANGE = (-2.0, 1.0)  # decades around 1e10 parameters within which the noise depends on size
GRID: Mapping[str, tuple[float, ...]] = {  # spreads to choose from, the first guess in the middle
    "noise": (0.15, 0.2, 0.25, 0.3, 0.4),  # of a run of 1e10 parameters on the present stack
    "noise per decade": (0.0, 0.1, 0.2, 0.3),  # smaller models scatter more
    "noise before 2023": (1.0, 1.25, 1.5, 2.0),  # times as much
    "organisation": (0.1, 0.2, 0.3, 0.4, 0.5),
    "organisation on device": (0.0, 0.5, 0.8),  # share of its deviation that is one device's own
}


@dataclass(frozen=True, slots=True, eq=False)
class Fit(ArrayValue):
    """What was learnt: the posterior of the coefficients of both parts, the spreads, and the range of the runs."""

    speed: DeviceSpeed  # what the coefficients of the device part count for
    mean: Floats  # of the device part's coefficients, then of RUN_TERMS
    covariance: Floats
    spreads: Mapping[str, float]  # of GRID
    ranges: Floats  # 2 × 2: log10 of size and compute of the runs, from and to
    size_line: tuple[float, float, float]  # log10 size = first + second × log10 compute, give or take third

    def usual_size(self, compute_flop: ArrayLike) -> Floats:
        """Active parameters usual for a compute [FLOP] among the runs that were learnt from."""
        return size_on(self.size_line, compute_flop)


def fit(runs: Runs, speed: DeviceSpeed, spreads: Mapping[str, float] | None = None) -> Fit:
    """Fit both parts to runs with a known throughput.

    A Gaussian conditional: mean + prior X' V⁻¹ (y − X mean), V being the covariance of the runs (Rasmussen & Williams
    2006, *Gaussian Processes for Machine Learning*, equation A.6).

    Args:
        runs: The runs; size is filled in from the compute where it is unknown.
        speed: The device part, as the contrasts alone have it.
        spreads: Of :data:`GRID`; chosen by the runs where they are not given.

    Returns:
        The posterior given them.

    Raises:
        LinAlgError: Where a covariance is not positive definite.
    """
    known = ~np.isnan(runs.cases.size)
    line = _line(np.log10(runs.cases.compute_flop[known]), np.log10(runs.cases.size[known]))
    cases, _ = runs.cases.sized(line)
    speed = speed.including(cases.hardware)
    prior_mean, prior = _prior(speed)
    x = design(speed, cases)
    signal = x @ prior @ x.T
    residual = runs.log_throughput - x @ prior_mean
    if spreads is None:
        spreads = _choose(replace(runs, cases=cases), signal, residual)
    covariance = signal + organisation_covariance(spreads, cases, cases) * runs.same_organisation
    noise = (noise_sd(spreads, cases) * runs.noise) ** 2
    inverse = np.linalg.inv(covariance + np.diag(noise / weights_of_t_noise(covariance, noise, residual)))
    gain = prior @ x.T @ inverse
    mean, covariance = prior_mean + gain @ residual, prior - gain @ x @ prior
    return Fit(speed, mean, covariance, dict(spreads), _ranges(cases), line)


def _hardware_weights(speed: DeviceSpeed, machine: Hardware) -> Floats:
    """What every coefficient of both parts counts for: coefficients × covariates."""
    n = len(speed.names)
    found = np.zeros((n + len(RUN_TERMS), 5))
    found[:n, :4] = speed.weights(machine)
    for row, column in enumerate((0, 1, 3, 4)):  # of RUN_TERMS: constant, size, mixture, era
        found[n + row, column] = 1.0
    return found


def covariates(cases: Cases) -> tuple[Floats, ...]:
    """What a case's ln throughput is linear in: constant, size, attention, mixture, era; arrays that broadcast."""
    attention = attention_share(cases.size, cases.sequence_length)
    era = cases.old_stack.astype(np.float64)
    return np.ones(1), size_covariate(cases.size), attention, np.asarray(cases.mixture, dtype=np.float64), era


def moments_by_hardware(model: Fit, hardware: Sequence[Hardware]) -> tuple[Floats, Floats]:
    """Mean of ln throughput on each of the 5 covariates (machines × 5), and covariance (machines × 5 × 5).

    Args:
        model: The fit.
        hardware: The machines.

    Returns:
        W' m and W' C W for each, W being what a coefficient counts for on each covariate.
    """
    means, squares = zip(*(_moments(model, machine) for machine in hardware), strict=True)
    return np.array(means), np.array(squares)


@cached(most=512)  # machines of a few fits
def _moments(model: Fit, machine: Hardware) -> tuple[Floats, Floats]:
    weights = _hardware_weights(model.speed, machine)
    return np.einsum("ci,c->i", weights, model.mean), np.einsum("ci,cd,dj->ij", weights, model.covariance, weights)


def design(speed: DeviceSpeed, cases: Cases) -> Floats:
    """What every coefficient of both parts counts for in every case: cases × coefficients."""
    weights = np.array([_hardware_weights(speed, machine) for machine in cases.hardware])[cases.code]
    columns = np.column_stack(np.broadcast_arrays(*covariates(cases), cases.code)[:-1])
    return np.asarray(np.einsum("nci,ni->nc", weights, columns), dtype=np.float64)


def unknown_covariance(speed: DeviceSpeed, a: Cases, b: Cases) -> Floats:
    """Covariance of what the contrasts do not know of devices and vendors, cases of a × cases of b.

    Args:
        speed: The device part.
        a: Some cases.
        b: Others, or the same.
    """
    table = [[speed.unknown_covariance(first, second) for second in b.hardware] for first in a.hardware]
    return np.asarray(np.array(table)[np.ix_(a.code, b.code)], dtype=np.float64)


def organisation_covariance(
    spreads: Mapping[str, float], a: Cases, b: Cases, on_a: Devices | None = None, on_b: Devices | None = None
) -> Floats:
    """Covariance of the organisation's deviation between its runs: alike in size, and in part on the same device.

    Args:
        spreads: Of :data:`GRID`.
        a: Cases of the organisation; sizes known.
        b: Others of it, or the same.
        on_a: Devices that the deviations of ``a`` are taken from, one for each of its hardware; its own if not given.
        on_b: The same for ``b``.

    Returns:
        Cases of a × cases of b.
    """
    apart = np.log10(a.size)[:, None] - np.log10(b.size)[None, :]
    share = spreads["organisation on device"]
    of_a, of_b = (
        [machine.device for machine in cases.hardware] if on is None else on for cases, on in ((a, on_a), (b, on_b))
    )
    same = np.array([[(1.0 - share) + share * (one == other) for other in of_b] for one in of_a])
    return np.asarray(
        spreads["organisation"] ** 2
        * np.exp(-0.5 * (apart / ORGANISATION_DECADES) ** 2)
        * same[np.ix_(a.code, b.code)],
        dtype=np.float64,
    )


def noise_sd(spreads: Mapping[str, float], cases: Cases) -> Floats:
    """Standard deviation of a single run's own noise [ln].

    noise exp(−(noise per decade) z) × (noise before 2023), z = log10(size / 1e10) held to :data:`NOISE_RANGE`.

    Args:
        spreads: Of :data:`GRID`.
        cases: With known sizes.

    Returns:
        A value a case.
    """
    decades = np.clip(np.log10(cases.size) - 10.0, *NOISE_RANGE)
    old = np.where(cases.old_stack, spreads["noise before 2023"], 1.0)
    return np.asarray(spreads["noise"] * np.exp(-spreads["noise per decade"] * decades) * old, dtype=np.float64)


def _prior(speed: DeviceSpeed) -> tuple[Floats, Floats]:
    """Both parts before any run: the device part as the contrasts have it, the run part pooled towards none."""
    n = len(speed.names)
    mean = np.concatenate([speed.mean, np.zeros(len(RUN_TERMS))])
    mean[n] = CENTRE
    covariance = np.zeros((len(mean), len(mean)))
    covariance[:n, :n] = speed.covariance
    covariance[range(n, len(mean)), range(n, len(mean))] = np.array(list(RUN_TERMS.values())) ** 2
    return mean, covariance


def _choose(runs: Runs, signal: Floats, residual: Floats) -> dict[str, float]:
    """The spreads of :data:`GRID` under which each run is best foretold from all others, each chosen in turn, twice."""
    together = runs.same_organisation

    def score(spreads: Mapping[str, float]) -> float:
        """Log density of every run given the others, under t noise; but for a constant."""
        covariance = signal + organisation_covariance(spreads, runs.cases, runs.cases) * together
        noise = (noise_sd(spreads, runs.cases) * runs.noise) ** 2
        weight = weights_of_t_noise(covariance, noise, residual)
        inverse = np.linalg.inv(covariance + np.diag(noise / weight))
        alone = np.diag(inverse)
        left_out = inverse @ residual / alone  # the residual of each run, predicted from all others
        variance = np.maximum(1.0 / alone - noise / weight, 1e-6) + noise
        tails = 0.5 * (DEGREES_OF_FREEDOM + 1.0) * np.log1p(left_out**2 / variance / DEGREES_OF_FREEDOM)
        return float(-(0.5 * np.log(variance) + tails).sum())

    return best_of(GRID, score)


def _ranges(cases: Cases) -> Floats:
    logs = [np.log10(cases.size), np.log10(cases.compute_flop)]
    return np.array([[values.min(), values.max()] for values in logs])


def _line(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Least squares y = first + second × x, give or take third."""
    second, first = np.polyfit(x, y, 1)
    return float(first), float(second), float(np.std(y - first - second * x, ddof=2))
