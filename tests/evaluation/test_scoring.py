"""The scores: what a perfect and a biased method get, and what is kept of them."""

import math

import numpy as np
import pytest

from oce.evaluation import cross_validation, scoring
from oce.method.conformal import CONFIDENCE_LEVELS
from tests.support.scored_methods import SCORED, TEMPLATE, Median, MedianAndHalf, Times, runs_with_noise


def test_a_perfect_method_has_no_error_and_an_interval_without_width():
    score = scoring.evaluate(Times(1.0), SCORED).score
    assert score.runs == len(SCORED)
    assert score.median_error == score.bias == 0
    assert score.within_1_5 == score.within_2 == 1
    assert score.median_width == dict.fromkeys(CONFIDENCE_LEVELS, 1)
    assert score.coverage == dict.fromkeys(CONFIDENCE_LEVELS, 1)


@pytest.mark.parametrize(("factor", "error"), [(2.0, 1.0), (0.5, 0.5)])
def test_a_method_that_is_off_by_two_everywhere_says_so(factor, error):
    score = scoring.evaluate(Times(factor), SCORED).score
    assert score.bias == pytest.approx(math.log(factor))
    assert score.median_error == pytest.approx(error)
    assert score.within_1_5 == 0
    assert score.within_2 == 1
    assert score.median_width[0.8] == pytest.approx(4)  # its own errors are all a factor of two, either way
    assert score.coverage[0.8] > 0.9  # up to rounding at the ends


def test_runs_that_a_method_does_not_answer_for_are_not_counted():
    unanswered = frozenset(run.id for run in SCORED[:30])
    evaluation = scoring.evaluate(Times(1.25, unanswered), SCORED)
    assert evaluation.score.runs == len(SCORED) - 30
    assert evaluation.score.median_error == pytest.approx(0.25)
    assert not unanswered & set(evaluation.runs)


def test_a_method_that_answers_for_nothing_has_no_score():
    score = scoring.evaluate(Times(1.0, frozenset(run.id for run in SCORED)), SCORED).score
    assert score.runs == 0
    assert math.isnan(score.median_error)
    assert math.isnan(score.coverage[0.8])


def test_every_run_is_in_one_group_of_each_kind():
    groups = scoring.evaluate(Times(1.1), SCORED).groups
    assert list(groups) == ["generation", "modality", "size", "year"]
    for scores in groups.values():
        assert sum(score.runs for score in scores.values()) == len(SCORED)
    assert list(groups["year"]) == ["before 2023", "2023 and later"]
    assert list(groups["size"]) == ["< 0.3 B", "0.3–3 B", "3–30 B", "≥ 30 B"]
    assert next(iter(groups["modality"])) == "language"
    assert list(groups["generation"]).index("Volta") < list(groups["generation"]).index("Hopper")


def test_export_variants_count_with_the_original():
    assert scoring.generation(TEMPLATE.replace(device="h800-sxm")) == "Hopper"


@pytest.mark.parametrize(
    ("active", "name"), [(0.299e9, "< 0.3 B"), (0.3e9, "0.3–3 B"), (3e9, "3–30 B"), (30e9, "≥ 30 B"), (1e12, "≥ 30 B")]
)
def test_sizes_are_by_the_parameters_used_per_token(active, name):
    assert scoring.size_class(TEMPLATE.replace(parameters=2e12, active_parameters=active)) == name


def test_a_run_without_parameters_is_of_unknown_size():
    assert scoring.size_class(TEMPLATE.replace(parameters=None, active_parameters=None)) == scoring.UNKNOWN


def test_coverage_by_organisation_is_the_mean_of_their_shares_and_its_error_is_over_organisations():
    """Of three organisations with 3, 1 and 1 runs two, one and none are held: 3/5 by run, 5/9 by organisation."""
    runs = [
        TEMPLATE.replace(id=str(i), organisation_group=name, device_hours=hours)
        for i, (name, hours) in enumerate([("a", 1.0), ("a", 1.0), ("a", 9.0), ("b", 1.0), ("c", 9.0)])
    ]
    ends = {0.8: np.full(5, 0.5)}, {0.8: np.full(5, 2.0)}
    found = scoring.score(cross_validation.Predicted(np.ones(5), *ends), runs)
    assert found.coverage[0.8] == pytest.approx(3 / 5)
    assert found.organisation_coverage[0.8] == pytest.approx(5 / 9)
    shares = np.array([2 / 3, 1, 0])
    assert found.organisation_coverage_error[0.8] == pytest.approx(np.std(shares, ddof=1) / math.sqrt(3))
    clustered = np.array([3, 1, 1]) * (shares - 3 / 5) / (5 / 3)
    assert found.coverage_error[0.8] == pytest.approx(math.sqrt(np.sum(clustered**2) / 6))
    assert found.organisations == 3


def test_a_method_with_an_interval_of_its_own_is_judged_by_that():
    method = MedianAndHalf()
    score = scoring.evaluate(method, SCORED).score
    assert score.median_width == pytest.approx({0.5: 2.25, 0.8: 4, 0.95: 9})
    assert not any(train & test for train, test in method.seen)


def test_what_is_kept_can_be_read_back_to_four_digits():
    kept = scoring.to_json(scoring.evaluate(Median(), SCORED))
    assert scoring.to_json(scoring.from_json(kept)) == kept


def test_what_is_endless_or_missing_is_kept_too():
    runs = runs_with_noise(1, 2, seed=3)  # a single organisation: no other has errors to go by
    evaluation = scoring.from_json(scoring.to_json(scoring.evaluate(Times(1.1), runs)))
    assert evaluation.score.median_width[0.95] == math.inf
    nothing = scoring.evaluate(Times(1.0, frozenset(run.id for run in runs)), runs)
    assert math.isnan(scoring.from_json(scoring.to_json(nothing)).score.bias)
