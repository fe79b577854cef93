"""Runs that a method has not seen: never judged by itself, in intervals that hold."""

import math
from itertools import pairwise

import numpy as np
import pytest

from oce.evaluation import cross_validation, scoring
from oce.method.conformal import CONFIDENCE_LEVELS
from tests.support.scored_methods import SCORED, Median, hours_of, runs_with_noise


def test_no_run_is_predicted_with_its_own_organisation_among_those_learnt_from():
    spy = Median()
    cross_validation.predict_unseen(spy, SCORED)
    assert spy.seen
    assert not any(train & test for train, test in spy.seen)


def test_the_errors_behind_an_interval_know_nothing_of_the_organisation_that_it_is_for():
    organisations = {run.organisation_group for run in SCORED}
    spy = Median()
    cross_validation.predict_unseen(spy, SCORED)
    left_out = {frozenset(organisations - train) for train, _ in spy.seen}
    assert left_out == {frozenset({one, other}) for one in organisations for other in organisations}


def test_an_interval_does_not_depend_on_the_runs_that_it_is_for():
    runs = runs_with_noise(10, 3, seed=1)
    elsewhere = [
        run.replace(device_hours=50 * run.device_hours) if run.organisation_group == "organisation 4" else run
        for run in runs
    ]
    before, after = (cross_validation.predict_unseen(Median(), which) for which in (runs, elsewhere))
    own = [i for i, run in enumerate(runs) if run.organisation_group == "organisation 4"]
    for level in CONFIDENCE_LEVELS:
        np.testing.assert_array_equal(before.low[level][own], after.low[level][own])
        np.testing.assert_array_equal(before.high[level][own], after.high[level][own])


def test_leaving_organisations_out_is_the_median_of_the_others():
    runs = runs_with_noise(4, 5, seed=2)
    predicted = cross_validation.leave_organisations_out(Median(), runs)
    for i, run in enumerate(runs):
        others = [other for other in runs if other.organisation_group != run.organisation_group]
        assert predicted[i] == np.median(hours_of(others))


def test_the_order_of_the_runs_does_not_matter():
    forwards, backwards = (cross_validation.predict_unseen(Median(), runs) for runs in (SCORED, SCORED[::-1]))
    np.testing.assert_array_equal(forwards.high[0.8], backwards.high[0.8][::-1])
    np.testing.assert_array_equal(forwards.central, backwards.central[::-1])


@pytest.mark.parametrize("level", CONFIDENCE_LEVELS)
def test_intervals_hold_about_what_they_promise(level):
    covered = [scoring.evaluate(Median(), runs_with_noise(25, 2, seed)).score.coverage[level] for seed in range(30)]
    assert level - 0.02 < np.mean(covered) < level + 0.04  # the (n + 1) rule promises a little more, never less


def test_an_interval_is_at_least_as_wide_at_a_higher_level():
    predicted = cross_validation.predict_unseen(Median(), SCORED)
    for narrow, wide in pairwise(CONFIDENCE_LEVELS):
        assert np.all(predicted.low[narrow] >= predicted.low[wide])
        assert np.all(predicted.high[narrow] <= predicted.high[wide])


@pytest.mark.parametrize(("level", "half_width"), [(0.5, 5), (0.8, 8), (0.89, 9), (0.95, 9)])
def test_of_one_run_each_the_half_width_is_the_nth_plus_one_quantile_of_the_errors_else_the_largest(level, half_width):
    errors = np.array([3.0, -1, 2, -4, 6, 5, -9, 8, 7, math.nan])  # nine of them
    organisations = np.array([f"organisation {i}" for i in range(10)])
    assert cross_validation.conformal_half_width(errors, organisations, level) == half_width


def test_the_errors_of_an_organisation_with_many_runs_weigh_no_more_than_those_of_another():
    errors = np.array([1.0, 1, 1, 1, 1, 1, 1, 2, 3])
    organisations = np.array(["many"] * 7 + ["second", "third"])
    assert cross_validation.conformal_half_width(errors, organisations, 0.5) == 2  # two of four with the one more


def test_without_any_error_the_interval_is_everything():
    assert cross_validation.conformal_half_width(np.array([math.nan]), np.array(["one"]), 0.5) == math.inf
