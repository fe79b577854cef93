"""Devices for a deadline: exact to one device, and honest about what cannot be."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oce import Scenario, catalog, estimate
from oce.analysis import Impossible, levers, places
from oce.analysis.alternatives import on_device
from oce.analysis.budget import largest_run
from oce.analysis.device_counts import MOST_DEVICES, possible_counts, usual_count
from oce.analysis.planning import deadline, deadline_options, plan
from oce.field import timeline
from oce.method import limits
from tests.support.plans import (
    A100,
    ALWAYS,
    DEVICES,
    H100,
    PAST,
    POWERED,
    RUN,
    SCENARIOS,
    TRAINIUM,
    allowed,
    log_floats,
    message,
    one_sentence,
    possible,
    why_not,
)

FEWEST, MOST = possible_counts(RUN)  # what memory and batch allow


def test_on_the_usual_number_of_devices_a_run_emits_what_it_does_where_the_number_is_not_known():
    unknown = [one for one in timeline.milestones() if one.device_count is None]
    off = []
    for one in unknown:
        run = Scenario(**one.fields)
        known, not_known = (
            estimate(run.replace(device_count=count)).total_co2e_kg.central for count in (usual_count(run), None)
        )
        if abs(known / not_known - 1) > 0.01:
            off.append(one.id)
    assert unknown
    assert off == []


def days_with(scenario: Scenario, count: int, end: str) -> float:
    return getattr(estimate(scenario.replace(device_count=count)).time_to_train_hours, end) / 24


@ALWAYS
@given(SCENARIOS, log_floats(0.1, 3000))
def test_one_device_fewer_misses_the_deadline(scenario, days):
    scenario = possible(scenario)
    device = catalog.device(scenario.device)
    try:
        option = deadline(scenario, days, device)
    except Impossible:
        assume(not limits.without_link(scenario.parameters, device))
        assert days_with(scenario, possible_counts(scenario)[1], "high") > days
        return
    for count, end in ((option.devices_central, "central"), (option.devices_careful, "high")):
        hours = getattr(estimate(scenario.replace(device_count=count)).time_to_train_hours, end)
        assert hours <= days * 24
        if count > possible_counts(scenario)[0]:
            fewer = getattr(estimate(scenario.replace(device_count=count - 1)).time_to_train_hours, end)
            assert fewer > days * 24
    assert option.result == estimate(scenario.replace(device_count=option.devices_careful))


@ALWAYS
@given(st.integers(FEWEST, MOST), st.sampled_from(["central", "high"]))
def test_a_deadline_that_so_many_devices_just_meet_asks_for_so_many(count, end):
    hours = getattr(estimate(RUN.replace(device_count=count)).time_to_train_hours, end)
    days = hours / 24 if hours / 24 * 24 >= hours else math.nextafter(hours / 24, math.inf)
    try:
        option = deadline(RUN, days, H100)
    except Impossible:
        assert end == "central"  # the slow end would need more than there are
        return
    assert {"central": option.devices_central, "high": option.devices_careful}[end] == count


@ALWAYS
@given(st.integers(FEWEST, MOST // 4))
def test_a_deadline_that_so_many_devices_just_miss_asks_for_one_more(count):
    days = estimate(RUN.replace(device_count=count)).time_to_train_hours.high / 24
    while days * 24 >= estimate(RUN.replace(device_count=count)).time_to_train_hours.high:
        days = math.nextafter(days, 0)
    assert deadline(RUN, days, H100).devices_careful == count + 1


@ALWAYS
@given(DEVICES, log_floats(1, 3000), st.floats(1, 10))
def test_more_days_never_need_more_devices_and_care_never_fewer(device, days, factor):
    run = RUN.replace(tokens=1e12)
    try:
        short, long = (deadline(run, one, device) for one in (days, days * factor))
    except Impossible:
        return
    assert long.devices_central <= short.devices_central
    assert long.devices_careful <= short.devices_careful
    assert short.devices_careful >= short.devices_central


def test_the_number_of_devices_in_the_scenario_does_not_matter():
    numbers = {
        (one.devices_central, one.devices_careful)
        for one in (deadline(RUN.replace(device_count=count), 30, H100) for count in (1, 1000, None))
    }
    assert len(numbers) == 1


def test_a_long_deadline_needs_as_many_devices_as_hold_the_model():
    option = deadline(RUN, math.inf, H100)
    assert (option.devices_central, option.devices_careful) == (FEWEST, FEWEST)


def test_past_runs_are_taken_into_account():
    with_own = deadline(RUN, 30, H100, PAST)
    assert with_own.result.past_runs is PAST
    assert with_own.devices_careful != deadline(RUN, 30, H100).devices_careful


@pytest.mark.parametrize("days", [0, -3, -0.0, math.nan])
def test_no_run_takes_no_time(days):
    text = message(deadline, RUN, days, H100)
    assert one_sentence(text)
    assert "allow more than 0 days" in text
    assert message(deadline_options, RUN, days, []) == text


@pytest.mark.parametrize("scenario", [RUN, RUN.replace(tokens=1e16, parameters=1e13), RUN.replace(tokens=1e11)])
def test_what_too_short_a_deadline_says_would_do_does(scenario):
    most = possible_counts(on_device(scenario, A100))[1]
    least = days_with(on_device(scenario, A100), most, "high")
    text = message(deadline, scenario, least * 0.99, A100)
    assert one_sentence(text)
    assert A100.name in text
    option = deadline(scenario, allowed(text), A100)
    assert least <= allowed(text) <= least * 1.011
    assert option.devices_careful <= MOST_DEVICES


def test_devices_are_offered_fewest_first_and_as_each_alone():
    options = deadline_options(RUN, 30, catalog.devices(), PAST)
    left_out = {one.id for one in POWERED} - {one.device.id for one in options}
    assert {one.device.id for one in options} <= {one.id for one in POWERED}  # of others no power is known
    assert not [key for key in left_out if not why_not(RUN, 30, catalog.device(key), PAST)]
    assert [one.devices_careful for one in options] == sorted(one.devices_careful for one in options)
    for option in options[::10]:
        assert option == deadline(RUN, 30, option.device, PAST)


def test_devices_that_are_too_slow_are_left_out_until_none_is_left():
    days = days_with(RUN, MOST, "high") * 1.001
    fast = {one.device.id for one in deadline_options(RUN, days, POWERED)}
    assert H100.id in fast
    assert A100.id not in fast
    text = message(deadline_options, RUN, days, [catalog.device("V100"), A100])
    assert text == message(deadline, RUN, days, A100)  # the one that comes nearest
    assert deadline_options(RUN, 30, [TRAINIUM]) == ()


def test_what_was_said_of_one_device_is_not_taken_for_another():
    own = RUN.replace(tokens_per_second_per_device=900, power_w=600, precision="fp8")
    moved = on_device(own, A100)
    assert moved == RUN.replace(device="a100")
    assert on_device(own, H100) == own
    assert on_device(own, catalog.device("H200")).precision == "fp8"  # which it has
    kept = on_device(RUN.replace(utilisation=0.4, power_fraction=0.8), A100)
    assert (kept.utilisation, kept.power_fraction) == (0.4, 0.8)
    assert on_device(Scenario(training_flop=1e22, region="FRA"), A100).device == "a100"


def test_a_plan_is_what_each_of_its_questions_answers_alone():
    found = plan(RUN, deadline_days=60, budget_co2e_kg=2e6, devices=["H100", "A100-80GB"], past_runs=PAST)
    devices = [H100, catalog.device("A100-80GB")]
    assert found.now == estimate(RUN, PAST)
    assert found.options == deadline_options(RUN, 60, devices, PAST)
    assert found.largest == largest_run(RUN, 2e6, "tokens", PAST)
    assert found.places == places.ranked(RUN, PAST)
    assert found.levers == levers.pulled(RUN, past_runs=PAST)
    first = found.options[0]
    assert f"{first.devices_careful:,} × {first.device.name}" in repr(found)
    assert f"least carbon in {found.places[0].region.name}" in repr(found)


def test_a_plan_without_a_deadline_or_a_budget_says_where_and_how():
    found = plan(RUN)
    assert (found.options, found.largest) == ((), None)
    assert found.places
    assert found.levers


def test_a_plan_that_cannot_be_says_so():
    assert one_sentence(message(plan, RUN, deadline_days=0))
