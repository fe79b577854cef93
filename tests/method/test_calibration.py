"""The calibration's residuals are of organisations that it has not seen; the gap is that of runs that report both."""

import math
from dataclasses import replace

import numpy as np
import pytest

from oce.evaluation import refit
from oce.method import (
    calibration,
    run_prediction,
    run_utilisation,
)
from oce.method.calibration_file import committed
from oce.method.runs import reported, scored_runs
from tests.support.calibration_cases import MODEL

RUNS = scored_runs()

KNOWN = reported(RUNS)


def test_a_residual_is_that_of_a_fit_without_the_organisation():
    found = calibration.residuals_of_new_organisations(KNOWN, MODEL)
    own = KNOWN.organisation == "DeepSeek"
    others = run_utilisation.fit(KNOWN.take(~own), refit.contrasts_alone(), MODEL.spreads)
    expected = run_prediction.predict(others, KNOWN.cases.take(own))
    z = np.abs(KNOWN.log_throughput[own] - expected.mean) / expected.sd
    assert np.isin(np.round(z, 6), np.round(found.size, 6)).all()


def test_three_past_runs_lower_the_error_and_narrow_the_interval():
    without = committed().new_organisations.quantile(0.8)
    with_them = committed().with_prior_runs.quantile(0.8)
    found = calibration.predict_with_prior_runs(KNOWN, MODEL)
    assert np.median(np.abs(found.error_with)) < np.median(np.abs(found.error_without))
    alone = run_prediction.predict(MODEL, KNOWN.cases).sd
    assert np.median(with_them * found.sd_with) < np.median(without * alone)


def test_the_gap_is_that_of_the_runs_that_report_both():
    ratios = refit.steady_ratios(RUNS)
    assert len(ratios) == committed().gap_runs >= 3
    assert committed().gap_mean == pytest.approx(np.mean(ratios), rel=1e-7)
    assert committed().gap_sd == pytest.approx(np.std(ratios, ddof=1), rel=1e-7)
    assert committed().gap_mean < 0


@pytest.mark.parametrize(("level", "students_t"), [(0.5, 0.7406971), (0.8, 1.5332063), (0.95, 2.7764451)])
def test_its_interval_is_students_for_one_more_run(level, students_t):
    five = replace(committed(), gap_runs=5, gap_sd=0.117)
    assert calibration.gap_half_width(five, level) == pytest.approx(students_t * 0.117 * math.sqrt(1.2), rel=1e-6)
