"""The largest run within a carbon budget: exact to one token, and honest about what cannot be."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oce import Scenario, estimate
from oce.analysis import Impossible, levers, places
from oce.analysis.alternatives import with_size
from oce.analysis.budget import largest_run, largest_runs
from oce.analysis.planning import deadline
from oce.errors import InputError
from oce.fields import FIELDS
from tests.support.plans import (
    ALWAYS,
    COMPUTE,
    MIXTURE,
    PAST,
    RUN,
    SAME,
    SCENARIOS,
    TRAINIUM,
    allowed,
    log_floats,
    message,
    one_sentence,
    possible,
)

UNKNOWN_MAKING = [{"device": name, "embodied": "paper"} for name in ("Gaudi 3", "M40")]  # nothing is counted for it


def share_active(scenario: Scenario) -> float:
    return scenario.active_parameters / scenario.parameters


def sized(scenario, field, value):
    """The scenario at another size, whatever its devices have room for."""
    return estimate(with_size(scenario, field, value), limited=False)


@ALWAYS
@given(SCENARIOS, log_floats(1e-2, 1e9), st.sampled_from(["tokens", "parameters"]))
def test_the_largest_run_within_a_budget_is_within_it_and_one_more_is_not(scenario, total_kg, field):
    scenario = possible(scenario)
    assume(scenario.method != "measured" or field == "tokens")
    try:
        found = largest_run(scenario, total_kg, field)
    except Impossible:
        assert sized(scenario, field, 1e5).total_co2e_kg.high > total_kg
        return
    assert found.field == field
    assert found.careful <= found.central
    for value, end in ((found.central, "central"), (found.careful, "high")):
        assert value % 1 == 0
        assert getattr(sized(scenario, field, value).total_co2e_kg, end) <= total_kg
        if value < FIELDS[field].high:
            more = max(value + 1, value * (1 + 1e-14))  # beyond 1e14, one token more is lost in rounding
            assert getattr(sized(scenario, field, more).total_co2e_kg, end) > total_kg


@ALWAYS
@given(SCENARIOS, st.integers(10**11, 10**15))
def test_the_carbon_of_some_tokens_is_a_budget_for_them(scenario, tokens):
    scenario = possible(scenario.replace(tokens=tokens))
    total = estimate(scenario, limited=False).total_co2e_kg
    assert largest_run(scenario, total.central, "tokens").central == pytest.approx(tokens, rel=SAME)
    assert largest_run(scenario, total.high, "tokens").careful == pytest.approx(tokens, rel=SAME)


@ALWAYS
@given(SCENARIOS, log_floats(1, 1e9), st.floats(1, 100), st.sampled_from(["tokens", "parameters"]))
def test_a_larger_budget_never_allows_less(scenario, total_kg, factor, field):
    scenario = possible(scenario)
    try:
        less, more = (largest_run(scenario, one, field) for one in (total_kg, total_kg * factor))
    except Impossible:
        assume(False)
    assert less.central <= more.central
    assert less.careful <= more.careful


def test_a_mixture_of_experts_keeps_the_share_that_is_active():
    found = largest_run(MIXTURE, 100e3, "parameters")
    changed = with_size(MIXTURE, "parameters", found.central)
    assert share_active(changed) == pytest.approx(share_active(MIXTURE), rel=SAME)
    assert estimate(changed, limited=False).total_co2e_kg.central == pytest.approx(100e3, rel=1e-8)
    sparse = RUN.replace(parameters=1e12, active_parameters=1e3)  # none smaller has so small a share
    assert largest_run(sparse, 1e9, "parameters").central >= 1e12
    assert "1T parameters" in message(largest_run, sparse, 1e-9, "parameters")


@ALWAYS
@given(st.integers(1000, 10**6), st.integers(100, 10**6))
def test_the_smallest_mixture_of_experts_is_one_that_is_allowed(active, times):
    scenario = RUN.replace(parameters=active * times, active_parameters=active)
    least = message(largest_run, scenario, 1e-12, "parameters")
    assert largest_run(scenario, allowed(least), "parameters").careful >= 1000 * times


def test_what_a_scenario_emits_is_a_budget_for_it_by_both_of_its_sizes():
    total_kg = estimate(RUN).total_co2e_kg.high
    found = largest_runs(RUN, total_kg)
    assert {field: one.careful for field, one in found.items()} == {"tokens": RUN.tokens, "parameters": RUN.parameters}


def test_past_runs_change_what_a_budget_allows():
    assert largest_run(RUN, 100e3, "tokens", PAST) != largest_run(RUN, 100e3, "tokens")


def test_what_emits_nothing_has_no_limit_but_what_can_be_asked_for():
    for unknown in UNKNOWN_MAKING:
        clean = RUN.replace(**unknown, carbon_intensity_g_per_kwh=0)
        assert largest_run(clean, 1e-3, "tokens").careful == 1e16
    assert largest_run(RUN, 1e30, "parameters").central == 1e14


@pytest.mark.parametrize("total_kg", [0, -1, math.nan])
def test_no_run_emits_nothing(total_kg):
    text = message(largest_run, RUN, total_kg, "tokens")
    assert one_sentence(text)
    assert "allow more than 0 kg" in text


@pytest.mark.parametrize("field", ["tokens", "parameters"])
def test_what_too_small_a_budget_says_would_do_does(field):
    text = message(largest_run, RUN, 1e-6, field)
    assert one_sentence(text)
    assert f"100000 {field}" in text
    assert largest_run(RUN, allowed(text), field).careful >= 1e5
    assert message(largest_run, RUN, allowed(text) * 0.98, field)


def test_a_budget_for_what_does_not_decide_the_carbon_says_what_does():
    text = message(largest_run, COMPUTE, 1e6, "tokens")
    assert one_sentence(text)
    assert "give parameters and tokens" in text
    text = message(largest_run, RUN.replace(tokens_per_second_per_device=900), 1e6, "parameters")
    assert one_sentence(text)
    assert "ask for the tokens" in text
    with pytest.raises(ValueError, match="tokens, parameters"):
        largest_run(RUN, 1e6, "pue")


@pytest.mark.parametrize("device", ["Trainium1", "no such device"])
def test_what_is_wrong_with_the_scenario_is_said_as_ever(device):
    broken = RUN.replace(device=device)
    for ask in (
        lambda: largest_run(broken, 1e6, "tokens"),
        lambda: places.ranked(broken),
        lambda: levers.pulled(broken),
    ):
        with pytest.raises(InputError):
            ask()
    with pytest.raises(InputError):
        deadline(broken, 30, TRAINIUM)


def test_on_average_a_budget_allows_less_than_by_the_median_and_more_than_carefully():
    found = largest_run(RUN, 1e6, "tokens")
    assert found.careful < found.mean < found.central
    at = estimate(RUN.replace(tokens=found.mean))
    assert at.mean("total_co2e_kg") <= 1e6 < estimate(RUN.replace(tokens=found.mean * 1.001)).mean("total_co2e_kg")
    published = largest_run(RUN.replace(log10_alpha_low=100, log10_alpha_high=110), 1e6, "tokens")
    assert published.mean == published.central  # of a range that stands for no share there is no mean
