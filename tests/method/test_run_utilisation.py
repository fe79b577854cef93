"""The fit of both parts, against the normal equations."""

import numpy as np
import pytest

from oce.evaluation import refit
from oce.method import robust_fit, run_utilisation
from oce.method.runs import reported, scored_runs
from tests.support.calibration_cases import (
    MODEL,
    SMALL_SPEED,
    SPREADS,
    invented,
    invented_design,
    invented_noise,
    luck,
    named,
)

RUNS = scored_runs()


def test_the_order_of_the_runs_does_not_matter():
    order = np.random.default_rng(1).permutation(len(RUNS))
    again = run_utilisation.fit(reported([RUNS[at] for at in order]), refit.contrasts_alone())
    at = [again.speed.place[name] for name in MODEL.speed.names] + list(range(-len(run_utilisation.RUN_TERMS), 0))
    assert again.mean[at] == pytest.approx(MODEL.mean, abs=1e-6)
    assert again.covariance[np.ix_(at, at)] == pytest.approx(MODEL.covariance, abs=1e-6)
    assert again.spreads == MODEL.spreads


PRIOR_MEAN = np.array([0.6, 0.05, run_utilisation.CENTRE, 0, 0, 0])

PRIOR = np.zeros((6, 6))

PRIOR[:2, :2] = SMALL_SPEED.covariance
PRIOR[range(2, 6), range(2, 6)] = np.array([1.0, 0.5, 0.3, 0.5]) ** 2


@pytest.mark.parametrize("seed", range(3))
def test_the_fit_is_the_posterior_of_the_normal_equations_under_t_noise(seed):
    """Every deviation of an organisation is an unknown of its own: precision = prior + design' weights design."""
    runs = invented(seed)
    kernel = luck(runs.cases, runs.cases) * (runs.organisation[:, None] == runs.organisation[None, :])
    n = len(kernel)
    precision = np.block([[np.linalg.inv(PRIOR), np.zeros((6, n))], [np.zeros((n, 6)), np.linalg.inv(kernel)]])
    design = np.hstack([invented_design(runs.cases), np.eye(n)])
    noise = (invented_noise(runs.cases) * runs.noise) ** 2
    prior_mean, weight = np.concatenate([PRIOR_MEAN, np.zeros(n)]), np.ones(n)
    for _ in range(robust_fit.ITERATIONS + 1):
        covariance = np.linalg.inv(precision + design.T @ np.diag(weight / noise) @ design)
        residual = runs.log_throughput - design @ prior_mean
        mean = prior_mean + covariance @ design.T @ (weight / noise * residual)
        used, weight = weight, 5 / (4 + (runs.log_throughput - design @ mean) ** 2 / noise)
    found = run_utilisation.fit(runs, named(SMALL_SPEED), SPREADS)
    kept = [0, 1, *range(len(found.mean) - 4, len(found.mean))]
    assert found.mean[kept] == pytest.approx(mean[:6], abs=1e-8)
    assert found.covariance[np.ix_(kept, kept)] == pytest.approx(covariance[:6, :6], abs=1e-8)
    assert used[0] < 0.5 < np.median(used)  # the run that is far off counts for little
