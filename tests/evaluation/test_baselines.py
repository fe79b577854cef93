"""The other methods: each does what its publication says, and answers only where it can."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest

from oce import Scenario, catalog, estimate
from oce.catalog import reader
from oce.evaluation import baselines, scoring
from oce.evaluation.baselines import ConstantUtilisation, DeviceMedian, LLMCarbon, PublishedAlpha

RUNS = catalog.runs()
SCORED = [run for run in RUNS if run.scored]
BY_ID = {run.id: run for run in RUNS}
BY_NAME = {method.name: method for method in baselines.METHODS}

every_method = pytest.mark.parametrize("method", baselines.METHODS, ids=lambda method: method.name)


def utilisation(run, device_hours):
    return run.utilisation * run.device_hours / device_hours


@every_method
def test_a_method_never_looks_at_the_hours_it_is_to_predict(method):
    test = [run.replace(device_hours=None) for run in SCORED[:40]]
    np.testing.assert_array_equal(
        method.predict(SCORED[40:], test), method.predict(SCORED[40:], SCORED[:40]), strict=True
    )


@every_method
def test_a_method_says_in_one_sentence_what_it_does(method):
    assert method.about.endswith(".")
    assert method.about.count(". ") == 0
    assert len(method.about) < 200


@every_method
def test_a_prediction_is_a_time_or_nothing(method):
    hours = method.predict(SCORED, RUNS)
    assert hours.shape == (len(RUNS),)
    assert np.all(np.isnan(hours) | (np.isfinite(hours) & (hours > 0)))
    without_compute = np.array([run.training_flop is None for run in RUNS])
    assert np.isnan(hours[without_compute]).all()


@every_method
def test_nothing_asked_is_nothing_answered(method):
    assert method.predict(SCORED, []).shape == (0,)


# --- constant and median utilisation ---


@pytest.mark.parametrize("share", [0.3, 0.4])
def test_a_constant_utilisation_is_that_for_every_run(share):
    for run, hours in zip(SCORED, ConstantUtilisation(share).predict((), SCORED), strict=True):
        assert utilisation(run, hours) == pytest.approx(share)


def test_the_device_median_is_that_of_the_other_runs_on_the_device():
    llama, others = BY_ID["llama-7b"], [run for run in SCORED if run.organisation_group != "Meta"]
    (hours,) = DeviceMedian().predict(others, [llama])
    alike = [run.utilisation for run in others if run.device == llama.device]
    assert utilisation(llama, hours) == pytest.approx(np.median(alike))


def test_without_the_device_its_generation_and_without_that_all_runs_stand_in():
    with_runs = [catalog.device(run.device) for run in SCORED]
    new = [one for one in catalog.devices() if one not in with_runs]
    ampere, other = next(one for one in new if one.generation == "Ampere"), [one.generation for one in with_runs]
    run = BY_ID["llama-7b"].replace(device=ampere.id, precision="")
    (hours,) = DeviceMedian().predict(SCORED, [run])
    alike = [other.utilisation for other in SCORED if catalog.device(other.device).generation == "Ampere"]
    assert utilisation(run, hours) == pytest.approx(np.median(alike))
    run = run.replace(device=next(one.id for one in new if one.generation not in other))
    (hours,) = DeviceMedian().predict(SCORED, [run])
    assert utilisation(run, hours) == pytest.approx(np.median([other.utilisation for other in SCORED]))


def test_a_median_of_nothing_is_no_answer():
    assert np.isnan(DeviceMedian().predict([], SCORED)).all()


# --- the published α ---


@pytest.mark.parametrize("name", ["llama-7b", "bloom-176b", "llama-3-70b", "glm-130b", "starcoderbase-15b"])
def test_the_published_alpha_is_the_estimate(name):
    run = BY_ID[name]
    predicted = PublishedAlpha().predict_intervals((), [run])
    device = catalog.device(run.device).name
    expected = estimate(Scenario(training_flop=run.training_flop, device=device, region="USA", throughput="published"))
    for level in scoring.LEVELS:
        assert predicted.low[level][0] == expected.device_hours.low
        assert predicted.high[level][0] == expected.device_hours.high
    assert predicted.central[0] == expected.device_hours.central


def test_a_device_without_a_published_alpha_has_no_answer():
    answered = np.isfinite(PublishedAlpha().predict((), SCORED))
    assert answered.tolist() == [catalog.device(run.device).has_alpha for run in SCORED]
    assert 0 < answered.sum() < len(SCORED)


# --- LLMCarbon ---


def llmcarbon_error(name):
    run = BY_ID[name]
    (hours,) = LLMCarbon().predict((), [run])
    return hours / run.device_hours - 1


@pytest.mark.parametrize("name", [f"llama-{size}" for size in ("7b", "13b", "33b", "65b", "2-7b", "2-13b", "2-70b")])
def test_llmcarbon_is_right_for_the_stack_that_it_was_fitted_on(name):
    assert -0.17 <= llmcarbon_error(name) <= 0.14


@pytest.mark.parametrize(("name", "error"), [("bloom-176b", -0.33), ("gpt-3-175b", -0.46), ("glm-130b", 0.76)])
def test_llmcarbon_errs_by_what_its_own_code_errs(name, error):
    assert llmcarbon_error(name) == pytest.approx(error, abs=0.006)


@pytest.mark.parametrize(
    ("billions", "published"), [(1.7, 137), (7.5, 142), (18.4, 135), (145.6, 148), (310.1, 155), (529.6, 163)]
)
def test_llmcarbon_follows_the_megatron_table_it_was_fitted_to(billions, published):
    assert baselines.llmcarbon_tflops(billions * 1e9, 80) == pytest.approx(published, rel=0.02)


def test_llmcarbon_takes_any_other_memory_for_a_v100():
    big, small = baselines.llmcarbon_tflops(1e9, [80, 40])
    assert small / big == pytest.approx(0.3077, abs=1e-4)
    assert small < 125


def test_llmcarbon_answers_for_nvidia_alone_and_not_without_parameters():
    hours = LLMCarbon().predict((), SCORED)
    for run, value in zip(SCORED, hours, strict=True):
        assert math.isnan(value) == (catalog.device(run.device).vendor != "NVIDIA")
    unknown = BY_ID["llama-7b"].replace(parameters=None, active_parameters=None)
    assert np.isnan(LLMCarbon().predict((), [unknown])).all()


def test_llmcarbon_has_no_answer_where_its_quadratic_has_turned_negative():
    assert np.isnan(baselines.llmcarbon_tflops(5e12, 80))


# --- the regressions ---

regressions = pytest.mark.parametrize("name", ["Polynomial regression", "Support vector regression", "Decision tree"])


@regressions
def test_a_regression_learns_that_every_run_has_one_utilisation(name):
    same = [
        run.replace(device_hours=hours)
        for run, hours in zip(SCORED, ConstantUtilisation(0.3).predict((), SCORED), strict=True)
        if run.device == "a100-sxm-80gb"
    ]
    learnt = BY_NAME[name].predict(same, same)
    np.testing.assert_allclose(learnt, [run.device_hours for run in same], rtol=0.01)


@regressions
def test_a_regression_has_no_answer_without_parameters_or_runs(name):
    unknown = BY_ID["llama-7b"].replace(parameters=None, active_parameters=None)
    assert np.isnan(BY_NAME[name].predict(SCORED, [unknown])).all()
    assert np.isnan(BY_NAME[name].predict([], SCORED)).all()


@regressions
def test_a_regression_learns_from_runs_with_every_feature_only(name):
    unknown = [run.replace(parameters=None, active_parameters=None, device_hours=1.0) for run in SCORED[:20]]
    np.testing.assert_array_equal(
        BY_NAME[name].predict([*SCORED, *unknown], SCORED), BY_NAME[name].predict(SCORED, SCORED)
    )


def test_the_regressions_are_not_loaded_until_they_are_used():
    code = "import oce.evaluation.baselines, sys; sys.exit('sklearn' in sys.modules or 'scipy' in sys.modules)"
    root = reader.data_folder().parent
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


# --- the file ---


@pytest.fixture(scope="module")
def document():
    return baselines.scores_json(baselines.METHODS, RUNS)


def test_only_runs_that_may_be_scored_on_are_scored_on(document):
    assert document["runs"] == len(SCORED)
    names = {run.id for run in SCORED}
    for method in document["methods"]:
        assert {run["id"] for run in method["runs"]} <= names
        assert len(method["runs"]) == method["score"]["runs"]


def test_the_scores_are_the_same_each_time(document):
    assert baselines.scores_json(baselines.METHODS, RUNS) == document


def test_the_scores_are_json_to_four_digits(document):
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["methods"][0]["score"]["median_error"] == float(
        f"{document['methods'][0]['score']['median_error']:.4g}"
    )


def test_intervals_made_from_a_method_s_own_errors_hold_on_organisations_not_seen(document):
    """Counted by organisation, as they are made, to two standard errors."""
    for method in document["methods"]:
        if method["name"] != PublishedAlpha.name:
            score = method["score"]
            off = score["organisation_coverage"]["0.8"] - 0.8
            assert abs(off) <= 2 * score["organisation_coverage_error"]["0.8"], method["name"]


def test_the_published_interval_is_one_for_every_level(document):
    (published,) = (method for method in document["methods"] if method["name"] == PublishedAlpha.name)
    assert len(set(published["score"]["coverage"].values())) == 1
    assert published["score"]["coverage"]["0.8"] < 0.5
