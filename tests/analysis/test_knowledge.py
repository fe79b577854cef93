"""Every further piece of knowledge is an estimate of its own, and narrows the interval."""

import numpy as np
import pytest

from oce import Scenario, estimate
from oce.analysis.knowledge import states_of_knowledge
from oce.evaluation.refit import scored_runs
from oce.method.device_time import committed, reported

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1, year=2024)
SCENARIOS = {
    "usual": RUN,
    "own utilisation": RUN.replace(utilisation=0.4),
    "measured": RUN.replace(tokens_per_second_per_device=900),
    "published": RUN.replace(throughput="published"),
    "compute alone": Scenario(training_flop=4e20, device="V100", device_count=8, region="FRA"),
    "fp8": RUN.replace(precision="fp8"),
    "own alpha": RUN.replace(log10_alpha_low=100, log10_alpha_high=110),
    "no device": Scenario(
        training_flop=1e22, power_w=500, log10_alpha_low=20, log10_alpha_high=30, carbon_intensity_g_per_kwh=100
    ),
}


def widths(result, level=0.8):
    return {state.label: state.result.device_hours.high_over_low for state in states_of_knowledge(result, level)}


@pytest.mark.parametrize("name", ["usual", "own utilisation", "measured", "published", "compute alone", "fp8"])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_every_bit_of_knowledge_narrows_the_interval(name, level):
    found = widths(estimate(SCENARIOS[name]), level)
    ours = [width for label, width in found.items() if label != "the paper's α"]
    assert len(ours) == 2
    assert ours == sorted(ours, reverse=True)
    assert ours[0] > ours[-1] > 1


def test_the_states_are_estimates_of_their_own():
    result = estimate(RUN)
    states = {state.label: state for state in states_of_knowledge(result, 0.95)}
    own = states["size, device and year"]
    assert own.is_own
    assert own.result.total_co2e_kg == estimate(RUN.replace(level=0.95)).total_co2e_kg
    (undated, *_) = states_of_knowledge(estimate(RUN.replace(year=None)), 0.95)
    assert undated.label == "size and device"
    published = states["the paper's α"]
    assert published.result.total_co2e_kg == estimate(SCENARIOS["published"]).total_co2e_kg
    steady = states["+ a measured speed"].result
    assert steady.device_hours.central == pytest.approx(result.device_hours.central)
    assert steady.scenario.utilisation * np.exp(committed().gap_mean) == pytest.approx(result.utilisation.central)


@pytest.mark.parametrize("name", ["usual", "own utilisation", "measured", "published", "own alpha", "no device"])
def test_the_scenarios_own_state_is_marked_once(name):
    run = SCENARIOS[name]
    states = states_of_knowledge(estimate(run), 0.8)
    (own,) = [state for state in states if state.is_own]
    assert own.result.total_co2e_kg == estimate(run).total_co2e_kg


def test_without_a_device_only_the_own_range_is_there():
    (state,) = states_of_knowledge(estimate(SCENARIOS["no device"]), 0.8)
    assert (state.label, state.is_own) == ("your own α range", True)


def test_past_runs_are_a_state_of_their_own():
    past = reported([run for run in scored_runs() if run.organisation_group == "Meta"][:3])
    found = states_of_knowledge(estimate(RUN, past), 0.8)
    assert [state.is_own for state in found] == [False, True, False, False]
    assert found[1].label == "+ your own past runs"
    assert found[1].result.device_hours == estimate(RUN, past).device_hours
