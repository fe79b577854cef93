"""The scores: what a perfect and a biased method get, intervals that hold, and no organisation judged by itself."""

import math
from dataclasses import dataclass, field

import numpy as np
import pytest

from oce import catalog
from oce.evaluation import scoring

SCORED = [run for run in catalog.runs() if run.scored]
TEMPLATE = SCORED[0]


def hours_of(runs):
    return np.array([run.device_hours for run in runs])


def runs_with_noise(organisations, each, seed):
    """Runs whose device-hours scatter about the same value, independently of everything else."""
    hours = np.random.default_rng(seed).lognormal(math.log(1000), 0.5, size=(organisations, each))
    return [
        TEMPLATE.replace(id=f"run-{i}-{j}", organisation_group=f"organisation {i}", device_hours=float(value))
        for i, row in enumerate(hours)
        for j, value in enumerate(row)
    ]


@dataclass
class Times:
    """Predicts the reported device-hours times a factor: what no method can, and the scores must tell apart."""

    factor: float = 1.0
    unanswered: frozenset[str] = frozenset()
    name = "times"
    about = "A constant multiple of the truth."
    fitted = False

    def predict(self, _train, test):
        return np.array([math.nan if run.id in self.unanswered else self.factor * run.device_hours for run in test])


@dataclass
class Median:
    """Predicts the median device-hours of the runs it learns from, and remembers what it was shown."""

    seen: list[tuple[frozenset[str], frozenset[str]]] = field(default_factory=list)
    name = "median"
    about = "The median of the other runs."
    fitted = True

    def predict(self, train, test):
        self.seen.append(tuple(frozenset(run.organisation_group for run in runs) for runs in (train, test)))
        return np.full(len(test), np.median(hours_of(train)))


class MedianAndHalf(Median):
    """The same with an interval of its own: a factor of 1.5, 2 and 3 either way."""

    def predict_intervals(self, train, test):
        central = self.predict(train, test)
        factors = dict(zip(scoring.LEVELS, (1.5, 2.0, 3.0), strict=True))
        return scoring.Predicted(
            central,
            {level: central / factor for level, factor in factors.items()},
            {level: central * factor for level, factor in factors.items()},
        )


# --- the figures of a score ---


def test_a_perfect_method_has_no_error_and_an_interval_without_width():
    score = scoring.evaluate(Times(1.0), SCORED).score
    assert score.runs == len(SCORED)
    assert score.median_error == score.bias == 0
    assert score.within_1_5 == score.within_2 == 1
    assert score.median_width == dict.fromkeys(scoring.LEVELS, 1)
    assert score.coverage == dict.fromkeys(scoring.LEVELS, 1)


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


# --- never judged by itself ---


def test_no_run_is_predicted_with_its_own_organisation_among_those_learnt_from():
    spy = Median()
    scoring.predict_unseen(spy, SCORED)
    assert spy.seen
    assert not any(train & test for train, test in spy.seen)


def test_the_errors_behind_an_interval_know_nothing_of_the_organisation_that_it_is_for():
    organisations = {run.organisation_group for run in SCORED}
    spy = Median()
    scoring.predict_unseen(spy, SCORED)
    left_out = {frozenset(organisations - train) for train, _ in spy.seen}
    assert left_out == {frozenset({one, other}) for one in organisations for other in organisations}


def test_an_interval_does_not_depend_on_the_runs_that_it_is_for():
    runs = runs_with_noise(10, 3, seed=1)
    elsewhere = [
        run.replace(device_hours=50 * run.device_hours) if run.organisation_group == "organisation 4" else run
        for run in runs
    ]
    before, after = (scoring.predict_unseen(Median(), which) for which in (runs, elsewhere))
    own = [i for i, run in enumerate(runs) if run.organisation_group == "organisation 4"]
    for level in scoring.LEVELS:
        np.testing.assert_array_equal(before.low[level][own], after.low[level][own])
        np.testing.assert_array_equal(before.high[level][own], after.high[level][own])


def test_leaving_organisations_out_is_the_median_of_the_others():
    runs = runs_with_noise(4, 5, seed=2)
    predicted = scoring.leave_organisations_out(Median(), runs)
    for i, run in enumerate(runs):
        others = [other for other in runs if other.organisation_group != run.organisation_group]
        assert predicted[i] == np.median(hours_of(others))


def test_the_order_of_the_runs_does_not_matter():
    forwards, backwards = (scoring.predict_unseen(Median(), runs) for runs in (SCORED, SCORED[::-1]))
    np.testing.assert_array_equal(forwards.high[0.8], backwards.high[0.8][::-1])
    np.testing.assert_array_equal(forwards.central, backwards.central[::-1])


# --- intervals ---


@pytest.mark.parametrize("level", scoring.LEVELS)
def test_intervals_hold_about_what_they_promise(level):
    covered = [scoring.evaluate(Median(), runs_with_noise(25, 2, seed)).score.coverage[level] for seed in range(30)]
    assert level - 0.02 < np.mean(covered) < level + 0.04  # the (n + 1) rule promises a little more, never less


def test_an_interval_is_at_least_as_wide_at_a_higher_level():
    predicted = scoring.predict_unseen(Median(), SCORED)
    for narrow, wide in zip(scoring.LEVELS, scoring.LEVELS[1:], strict=False):
        assert np.all(predicted.low[narrow] >= predicted.low[wide])
        assert np.all(predicted.high[narrow] <= predicted.high[wide])


@pytest.mark.parametrize(("level", "half_width"), [(0.5, 5), (0.8, 8), (0.89, 9), (0.95, 9)])
def test_of_one_run_each_the_half_width_is_the_nth_plus_one_quantile_of_the_errors_else_the_largest(level, half_width):
    errors = np.array([3.0, -1, 2, -4, 6, 5, -9, 8, 7, math.nan])  # nine of them
    organisations = np.array([f"organisation {i}" for i in range(10)])
    assert scoring.conformal_half_width(errors, organisations, level) == half_width


def test_the_errors_of_an_organisation_with_many_runs_weigh_no_more_than_those_of_another():
    errors = np.array([1.0, 1, 1, 1, 1, 1, 1, 2, 3])
    organisations = np.array(["many"] * 7 + ["second", "third"])
    assert scoring.conformal_half_width(errors, organisations, 0.5) == 2  # two of four with the one more


def test_without_any_error_the_interval_is_everything():
    assert scoring.conformal_half_width(np.array([math.nan]), np.array(["one"]), 0.5) == math.inf


def test_coverage_by_organisation_is_the_mean_of_their_shares_and_its_error_is_over_organisations():
    """Of three organisations with 3, 1 and 1 runs two, one and none are held: 3/5 by run, 5/9 by organisation."""
    runs = [
        TEMPLATE.replace(id=str(i), organisation_group=name, device_hours=hours)
        for i, (name, hours) in enumerate([("a", 1.0), ("a", 1.0), ("a", 9.0), ("b", 1.0), ("c", 9.0)])
    ]
    ends = {0.8: np.full(5, 0.5)}, {0.8: np.full(5, 2.0)}
    found = scoring.score(scoring.Predicted(np.ones(5), *ends), runs)
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


# --- kept in a file ---


def test_what_is_kept_can_be_read_back_to_four_digits():
    kept = scoring.to_json(scoring.evaluate(Median(), SCORED))
    assert scoring.to_json(scoring.from_json(kept)) == kept


def test_what_is_endless_or_missing_is_kept_too():
    runs = runs_with_noise(1, 2, seed=3)  # a single organisation: no other has errors to go by
    evaluation = scoring.from_json(scoring.to_json(scoring.evaluate(Times(1.1), runs)))
    assert evaluation.score.median_width[0.95] == math.inf
    nothing = scoring.evaluate(Times(1.0, frozenset(run.id for run in runs)), runs)
    assert math.isnan(scoring.from_json(scoring.to_json(nothing)).score.bias)
