"""What to choose: exact to one device and one token, never better elsewhere, and honest about what cannot be."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oce import Scenario, catalog, estimate, units
from oce.analysis.planning import (
    LEVERS,
    MOST_DEVICES,
    OTHER_MODEL,
    SAME_MODEL,
    Impossible,
    budget,
    deadline,
    deadline_options,
    front,
    in_region,
    levers,
    moving,
    not_dominated,
    on_device,
    places,
    possible_counts,
    usual_count,
    why_not,
    with_size,
)
from oce.errors import InputError
from oce.field import landscape
from oce.fields import FIELDS
from oce.importers import prior_runs
from oce.method import embodied, limits
from oce.method.ratio_basis import basis

ALWAYS = settings(max_examples=60, deadline=None)
SAME = 1e-9  # relative: the same but for rounding
RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
FEWEST, MOST = possible_counts(RUN)  # what memory and batch allow
ALONE = RUN.replace(device_count=None)
MIXTURE = RUN.replace(parameters=671e9, active_parameters=37e9)
COMPUTE = Scenario(training_flop=1e24, device="A100", region="USA")
PAST = prior_runs.read(
    b"device,device_hours,parameters,tokens,year\n"
    b"A100-80GB,120000,7e9,1e12,2024\nA100-80GB,230000,13e9,1e12,2024\nH100,610000,70e9,1e12,2025\n"
).for_calibration()
H100, A100, TRAINIUM = (catalog.device(name) for name in ("H100", "A100", "Trainium1"))


def log_floats(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(math.log(low), math.log(high)).map(math.exp)


POWERED = [one for one in catalog.devices() if one.tdp_w]
UNKNOWN_MAKING = [{"device": name, "embodied": "paper"} for name in ("Gaudi 3", "M40")]  # nothing is counted for it
PLACES = [one.id for one in catalog.regions()]
DEVICES = st.sampled_from(POWERED)
RATES = st.sampled_from(
    [
        {},
        {"level": 0.95},
        {"year": 2024},
        {"throughput": "published", "device": "V100"},
        {"utilisation": 0.4},
        {"tokens_per_second_per_device": 1.0},
        {"log10_alpha_low": 10, "log10_alpha_high": 40},
    ]
)
SCENARIOS = st.builds(
    lambda fields, rate: Scenario(**{**fields, **rate}),
    st.fixed_dictionaries(
        {
            "parameters": log_floats(1e6, 1e13),
            "tokens": log_floats(1e6, 1e15),
            "device": st.sampled_from([one.id for one in POWERED]),
            "region": st.sampled_from(PLACES),
        },
        optional={
            "device_count": st.integers(1, MOST_DEVICES),
            "carbon_intensity_g_per_kwh": log_floats(1, 2000),
            "pue": st.floats(1, 3),
            "overhead_fraction": st.floats(0, 10),
            "power_w": log_floats(1, 5000),
        },
    ),
    RATES,
)


def test_on_the_usual_number_of_devices_a_run_emits_what_it_does_where_the_number_is_not_known():
    unknown = [one for one in landscape.milestones() if one.device_count is None]
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


def possible(scenario: Scenario) -> Scenario:
    """The scenario, where it has an estimate: a device may be too slow for a rate that is stated."""
    try:
        estimate(scenario, limited=False)
    except InputError:
        assume(False)
    fewest, most = possible_counts(scenario)
    if scenario.device_count is None:
        return scenario
    return scenario.replace(device_count=min(max(scenario.device_count, fewest), most))


def days_with(scenario: Scenario, count: int, end: str) -> float:
    return getattr(estimate(scenario.replace(device_count=count)).time_to_train_hours, end) / 24


def share_active(scenario: Scenario) -> float:
    return scenario.active_parameters / scenario.parameters


def message(ask, *args, **kwargs) -> str:
    with pytest.raises(Impossible) as caught:
        ask(*args, **kwargs)
    return str(caught.value)


def one_sentence(text: str) -> bool:
    return text[0].isupper() and text.endswith(".") and ". " not in text and "\n" not in text


def allowed(text: str) -> float:
    """The number that the message says would be enough."""
    return float(re.search(r"allow at least ([\d,.]+)", text).group(1).replace(",", ""))


# --- deadline → devices ---


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


# --- budget → size ---


def sized(scenario, field, value):
    """The scenario at another size, whatever its devices have room for."""
    return estimate(with_size(scenario, field, value), limited=False)


@ALWAYS
@given(SCENARIOS, log_floats(1e-2, 1e9), st.sampled_from(["tokens", "parameters"]))
def test_the_largest_run_within_a_budget_is_within_it_and_one_more_is_not(scenario, total_kg, field):
    scenario = possible(scenario)
    assume(scenario.method != "measured" or field == "tokens")
    try:
        found = budget(scenario, total_kg, field)
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
    assert budget(scenario, total.central, "tokens").central == pytest.approx(tokens, rel=SAME)
    assert budget(scenario, total.high, "tokens").careful == pytest.approx(tokens, rel=SAME)


@ALWAYS
@given(SCENARIOS, log_floats(1, 1e9), st.floats(1, 100), st.sampled_from(["tokens", "parameters"]))
def test_a_larger_budget_never_allows_less(scenario, total_kg, factor, field):
    scenario = possible(scenario)
    try:
        less, more = (budget(scenario, one, field) for one in (total_kg, total_kg * factor))
    except Impossible:
        assume(False)
    assert less.central <= more.central
    assert less.careful <= more.careful


def test_a_mixture_of_experts_keeps_the_share_that_is_active():
    found = budget(MIXTURE, 100e3, "parameters")
    changed = with_size(MIXTURE, "parameters", found.central)
    assert share_active(changed) == pytest.approx(share_active(MIXTURE), rel=SAME)
    assert estimate(changed, limited=False).total_co2e_kg.central == pytest.approx(100e3, rel=1e-8)
    sparse = RUN.replace(parameters=1e12, active_parameters=1e3)  # none smaller has so small a share
    assert budget(sparse, 1e9, "parameters").central >= 1e12
    assert "1T parameters" in message(budget, sparse, 1e-9, "parameters")


@ALWAYS
@given(st.integers(1000, 10**6), st.integers(100, 10**6))
def test_the_smallest_mixture_of_experts_is_one_that_is_allowed(active, times):
    scenario = RUN.replace(parameters=active * times, active_parameters=active)
    least = message(budget, scenario, 1e-12, "parameters")
    assert budget(scenario, allowed(least), "parameters").careful >= 1000 * times


def test_past_runs_change_what_a_budget_allows():
    assert budget(RUN, 100e3, "tokens", PAST) != budget(RUN, 100e3, "tokens")


def test_what_emits_nothing_has_no_limit_but_what_can_be_asked_for():
    for unknown in UNKNOWN_MAKING:
        clean = RUN.replace(**unknown, carbon_intensity_g_per_kwh=0)
        assert budget(clean, 1e-3, "tokens").careful == 1e16
    assert budget(RUN, 1e30, "parameters").central == 1e14


@pytest.mark.parametrize("total_kg", [0, -1, math.nan])
def test_no_run_emits_nothing(total_kg):
    text = message(budget, RUN, total_kg, "tokens")
    assert one_sentence(text)
    assert "allow more than 0 kg" in text


@pytest.mark.parametrize("field", ["tokens", "parameters"])
def test_what_too_small_a_budget_says_would_do_does(field):
    text = message(budget, RUN, 1e-6, field)
    assert one_sentence(text)
    assert f"100000 {field}" in text
    assert budget(RUN, allowed(text), field).careful >= 1e5
    assert message(budget, RUN, allowed(text) * 0.98, field)


def test_a_budget_for_what_does_not_decide_the_carbon_says_what_does():
    text = message(budget, COMPUTE, 1e6, "tokens")
    assert one_sentence(text)
    assert "give parameters and tokens" in text
    text = message(budget, RUN.replace(tokens_per_second_per_device=900), 1e6, "parameters")
    assert one_sentence(text)
    assert "ask for the tokens" in text
    with pytest.raises(ValueError, match="tokens, parameters"):
        budget(RUN, 1e6, "pue")


@pytest.mark.parametrize("device", ["Trainium1", "no such device"])
def test_what_is_wrong_with_the_scenario_is_said_as_ever(device):
    broken = RUN.replace(device=device)
    for ask in (lambda: budget(broken, 1e6, "tokens"), lambda: places(broken), lambda: levers(broken)):
        with pytest.raises(InputError):
            ask()
    with pytest.raises(InputError):
        deadline(broken, 30, TRAINIUM)


# --- where ---


def test_every_place_but_the_papers_own_is_ranked_as_an_estimate_there():
    ranking = places(RUN, PAST)
    assert {one.region for one in ranking} == {one for one in catalog.regions() if one.kind != "paper"}
    centrals = [one.total_co2e_kg.central for one in ranking]
    assert centrals == sorted(centrals)
    now = estimate(RUN, PAST).total_co2e_kg
    for place in ranking[::50]:
        there = estimate(RUN.replace(region=place.region.id), PAST).total_co2e_kg
        for end in ("low", "central", "high"):
            assert getattr(place.total_co2e_kg, end) == pytest.approx(getattr(there, end), rel=SAME)
        assert place.saved_kg == pytest.approx(now.central - there.central, rel=SAME, abs=SAME * now.central)
    own = next(one for one in ranking if one.region.id == "USA")
    assert own.saved_kg == pytest.approx(0, abs=SAME * now.central)


def test_a_stated_intensity_is_left_behind_but_compared_with():
    stated = RUN.replace(region=None, carbon_intensity_g_per_kwh=1000)
    assert in_region(stated, catalog.region("SWE")) == RUN.replace(region="SWE")
    moved = {one.region.id: one for one in places(stated)}
    fixed = {one.region.id: one for one in places(RUN)}
    assert moved["SWE"].total_co2e_kg == fixed["SWE"].total_co2e_kg
    assert moved["SWE"].saved_kg > fixed["SWE"].saved_kg > 0


@pytest.mark.parametrize("mode", ["paper", "full"])
def test_moving_is_said_in_a_sentence_either_way(mode):
    run = RUN.replace(embodied=mode)
    at = {one.region.id: one for one in places(run)}
    here, there = (estimate(in_region(run, catalog.region(name))).total_co2e_kg.central for name in ("USA", "SWE"))
    tonnes = units.shown(here - there, units.MASS)
    less, more = (f"{100 * (here - there) / one:.0f}" for one in (here, there))
    assert moving(at["USA"], at["SWE"]) == f"Moving the run from United States to Sweden saves {tonnes} ({less}%)."
    assert moving(at["SWE"], at["USA"]) == f"Moving the run from Sweden to United States adds {tonnes} ({more}%)."
    assert moving(at["SWE"], at["SWE"]) == "Moving the run from Sweden to Sweden changes nothing."


def test_moving_between_places_that_are_not_counted_alike_warns():
    ranking = places(RUN)
    by_basis = {one.region.basis: one for one in ranking}
    assert len(by_basis) == 3
    for one in by_basis.values():
        for other in by_basis.values():
            text = moving(one, other)
            assert one_sentence(text)
            assert ("not counted alike" in text) == (one is not other)
            if one is not other:
                assert f"{one.region.name} is {one.region.basis}" in text
                assert f"{other.region.name} {other.region.basis}" in text


# --- the front ---


SOME = (["h100", "A100-80GB", "TPU v4", "l4"], ["USA", "SWE", "FRA"], [8, 64, 512])


def brute(x, y):
    points = list(zip(x, y, strict=True))
    return [not any(a <= c and b <= d and (a < c or b < d) for a, b in points) for c, d in points]


@pytest.mark.parametrize("scenario", [RUN, MIXTURE, COMPUTE, RUN.replace(tokens_per_second_per_device=900)])
def test_every_combination_is_as_an_estimate_of_it(scenario):
    found = front(scenario, *SOME, PAST).columns
    count = len(found["device"])
    assert 0 < count <= 4 * 3 * 3  # without what memory, batch and links rule out
    for row in range(count):
        device, region = catalog.device(found["device"][row]), catalog.region(found["region"][row])
        there = in_region(on_device(scenario, device), region).replace(device_count=int(found["device_count"][row]))
        result = estimate(there, PAST)
        for figure in ("time_to_train_hours", "total_co2e_kg"):
            for end in ("low", "central", "high"):
                assert found[f"{figure}_{end}"][row] == pytest.approx(getattr(getattr(result, figure), end), rel=SAME)
    rows = set(zip(found["device"], found["region"], found["device_count"], strict=True))
    assert len(rows) == count


@ALWAYS
@given(
    st.lists(DEVICES.map(lambda one: one.id), min_size=1, max_size=5),
    st.lists(st.sampled_from(PLACES), min_size=1, max_size=4),
    st.lists(st.integers(1, 1000), min_size=1, max_size=4),
)
def test_nothing_beats_what_is_on_the_front_and_something_all_else(devices, regions, counts):
    try:
        found = front(RUN, devices, regions, counts)
    except Impossible:
        return
    x, y = found.columns["time_to_train_hours_central"], found.columns["total_co2e_kg_central"]
    assert found.best.tolist() == brute(x, y)
    assert found.best.any()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30))
def test_the_front_of_any_points_is_that_of_comparing_each_with_each(points):
    x, y = (np.array([point[at] for point in points], dtype=float) for at in (0, 1))
    assert not_dominated(x, y).tolist() == brute(x, y)


def test_a_name_that_is_given_twice_counts_once():
    found = front(RUN, ["H100", "h100-sxm"], ["USA", "United States"], [16, 16])
    assert len(found.best) == 1


def test_devices_without_an_estimate_are_left_out_of_the_front():
    assert set(front(RUN, ["H100", "Trainium1"], ["USA"], [16]).columns["device"]) == {"h100-sxm"}
    text = message(front, RUN, ["Trainium1"], ["USA"], [8])
    assert one_sentence(text)
    assert "choose others" in text


@pytest.mark.parametrize("nothing", [([], ["USA"], [8]), (["H100"], [], [8]), (["H100"], ["USA"], [])])
def test_nothing_to_combine_is_said(nothing):
    text = message(front, RUN, *nothing)
    assert one_sentence(text)
    assert "at least one device" in text


def test_too_many_combinations_are_refused_before_any_is_worked_out():
    text = message(front, RUN, ["H100", "A100"], ["USA"], range(1, 50_002))
    assert one_sentence(text)
    assert "2 × 1 × 50,001" in text
    assert "100,002" in text
    assert "at most 100,000" in text
    assert len(front(RUN, ["H100", "A100"], ["USA"], range(1000, 51_000)).best) == 100_000


@pytest.mark.parametrize(
    ("devices", "regions", "counts", "field"),
    [
        (["no such"], ["USA"], [8], "device"),
        (["H100"], ["no such"], [8], "region"),
        (["H100"], ["USA"], [0], "device_count"),
        (["H100"], ["USA"], [1.5], "device_count"),
        (["H100"], ["USA"], [10**8], "device_count"),
    ],
)
def test_a_wrong_choice_is_named(devices, regions, counts, field):
    with pytest.raises(InputError) as caught:
        front(RUN, devices, regions, counts)
    assert [one.field for one in caught.value.problems] == [field]


# --- what it would take ---


WASTEFUL = RUN.replace(pue=1.6, overhead_fraction=0.5)


@ALWAYS
@given(SCENARIOS, st.sets(st.sampled_from(LEVERS)))
def test_levers_multiply_out_and_none_raises_the_total(scenario, use):
    scenario = possible(scenario)
    pulled = levers(scenario, use)
    assert [one.key for one in pulled] == [key for key in LEVERS if key in {lever.key for lever in pulled}]
    assert {one.key for one in pulled} <= use
    first = estimate(scenario).total_co2e_kg.central
    assert all(one.after_kg < one.before_kg for one in pulled)
    assert all(one.after_kg == other.before_kg for one, other in pairwise(pulled))
    assert math.prod(one.after_kg / one.before_kg for one in pulled) * first == pytest.approx(
        pulled[-1].after_kg if pulled else first
    )
    for one in pulled:
        assert estimate(one.scenario).total_co2e_kg.central == one.after_kg
    if pulled:
        assert pulled[0].before_kg == first


def test_a_lever_to_what_the_devices_cannot_train_is_none():
    tiny = Scenario(parameters=1202604.28, tokens=78962960182680.69, device="k80", region="EUROPE", device_count=868)
    assert estimate(
        tiny
    )  # its largest batch just feeds so many; of a mixture of experts, with less compute, it does not
    assert levers(tiny, {"experts"}) == ()


def test_each_lever_goes_to_the_value_that_its_label_states():
    pulled = {one.key: one for one in levers(WASTEFUL)}
    assert tuple(pulled) == LEVERS
    end = pulled["tokens"].scenario
    region = catalog.region(end.region)
    assert pulled["region"].label == f"Region: {region.name} ({region.g_per_kwh:.0f} g/kWh)"
    assert pulled["device"].label == f"Device: {catalog.device(end.device).name}"
    assert pulled["pue"].label == "PUE: 1.09 (Google fleet, 2024)"
    assert pulled["overhead"].label == "Overhead: none (now 50%)"
    assert "1/8 of the parameters active (assumed; DeepSeek-V3 has 37 of 671 billion)" in pulled["experts"].label
    assert pulled["tokens"].label == "Tokens: half (7.5T)"
    assert (end.pue, end.overhead_fraction, end.active_parameters, end.tokens) == (1.09, 0, 70e9 / 8, 7.5e12)


@pytest.mark.parametrize("key", [*SAME_MODEL, *OTHER_MODEL])
def test_every_lever_is_named_as_the_same_model_or_as_another(key):
    (lever,) = levers(WASTEFUL, [key])
    assert lever.is_same_model == (key in SAME_MODEL)
    what = ("parameters", "active_parameters", "tokens", "training_flop", "samples")
    trained = [{name: getattr(one, name) for name in what} for one in (WASTEFUL, lever.scenario)]
    assert (trained[0] == trained[1]) == lever.is_same_model


def test_fp8_is_a_lever_where_the_device_has_it_and_it_is_not_used_yet():
    (lever,) = levers(RUN, ["precision"])
    assert lever.label == "Precision: fp8 instead of bf16"
    assert lever.scenario == RUN.replace(precision="fp8")
    assert not levers(lever.scenario, ["precision"])
    assert not levers(RUN.replace(device="a100-sxm-80gb"), ["precision"])
    assert not levers(RUN.replace(throughput="published"), ["precision"])  # whose speed has no precision


def test_better_utilisation_leads_to_the_fast_end_of_the_interval():
    (lever,) = levers(RUN, ["utilisation"])
    now = estimate(RUN)
    assert estimate(lever.scenario).device_hours.central == pytest.approx(now.device_hours.low, rel=1e-6)
    assert f"{now.utilisation.high:.0%} over the whole run" in lever.label
    assert not levers(lever.scenario, ["utilisation"])


def test_a_longer_life_of_devices_lowers_the_embodied_carbon_alone():
    (lever,) = levers(RUN, ["life"])
    assert lever.label == "Life of devices: 6 years (now 4)"
    before, after = estimate(RUN), estimate(lever.scenario)
    assert after.operational_co2e_kg == before.operational_co2e_kg
    assert after.embodied_co2e_kg.central == pytest.approx(before.embodied_co2e_kg.central * 4 / 6)
    assert not levers(RUN.replace(device_life_years=7), ["life"])
    assert not levers(RUN.replace(embodied="paper"), ["life"])


def test_no_country_with_a_cloud_region_has_less_carbon_over_the_lifecycle():
    region = catalog.region(levers(RUN, ["region"])[0].scenario.region)
    hosts = {one.country_iso3 for one in catalog.regions() if one.kind == "cloud"}
    countries = [one for one in catalog.regions() if one.kind == "country" and one.country_iso3 in hosts]
    assert {one.basis for one in countries} == {"lifecycle"}
    assert region in countries
    assert region.g_per_kwh == min(one.g_per_kwh for one in countries)


MAKING_KNOWN = {
    "paper": lambda one: one.beta_g_per_device_hour is not None,
    "full": lambda one: embodied.making(one.id) is not None,
}


@pytest.mark.parametrize("mode", MAKING_KNOWN)
@pytest.mark.parametrize("region", ["USA", "NOR"])
def test_no_device_whose_making_is_known_and_whose_speed_is_measured_has_a_lower_total(mode, region):
    now = RUN.replace(device="V100", region=region, embodied=mode)
    (lever,) = levers(now, ["device"], PAST)
    here = catalog.device("V100")
    measured = [one for one in POWERED if not basis(here, one).is_weak]
    known = [one for one in measured if MAKING_KNOWN[mode](one)]
    assert len(known) > 5
    totals = [estimate(on_device(now, one), PAST).total_co2e_kg.central for one in known]
    assert lever.after_kg == pytest.approx(min(totals), rel=SAME)
    assert catalog.device(lever.scenario.device) in known


@pytest.mark.parametrize("mode", MAKING_KNOWN)
def test_without_carbon_in_use_the_device_does_not_win_by_a_making_that_is_not_known(mode):
    clean = Scenario(training_flop=1e24, device="A100", carbon_intensity_g_per_kwh=0, utilisation=0.4, embodied=mode)
    (lever,) = levers(clean, ["device"])
    assert MAKING_KNOWN[mode](catalog.device(lever.scenario.device))
    assert 0 < lever.after_kg < lever.before_kg


def test_a_lever_that_is_ticked_off_leaves_the_others_where_they_were():
    for without in LEVERS:
        pulled = levers(WASTEFUL, [key for key in LEVERS if key != without])
        assert [one.key for one in pulled] == [key for key in LEVERS if key != without]
    assert levers(WASTEFUL, []) == ()


def test_what_is_as_good_already_is_left_out():
    best = levers(levers(WASTEFUL)[-1].scenario)[-1].scenario  # what has less of everything may favour another device
    assert [one.key for one in levers(best)] == ["tokens"]
    assert not levers(RUN.replace(pue=1.05), ["pue", "overhead"])
    assert not levers(MIXTURE, ["experts"])  # a mixture of experts already
    assert not levers(ALONE.replace(tokens=1e5), ["tokens"])
    for unknown in UNKNOWN_MAKING:
        assert not levers(RUN.replace(**unknown, carbon_intensity_g_per_kwh=0), ["region", "pue", "tokens"])


def test_compute_that_is_given_directly_is_halved_in_place_of_the_tokens():
    (lever,) = levers(COMPUTE, ["experts", "tokens"])
    assert lever.label == "Compute: half (5.00 × 10²³ FLOP)"
    assert lever.scenario == COMPUTE.replace(training_flop=5e23)


def test_labels_say_what_is_not_alike():
    direct = next(one for one in catalog.regions() if one.basis == "direct" and one.g_per_kwh > 300)
    (lever,) = levers(RUN.replace(region=direct.id), ["region"])
    assert lever.label.endswith(" g/kWh, lifecycle; before: direct)")
    stated = direct.g_per_kwh  # by the planner, who knows what it counts
    (lever,) = levers(RUN.replace(region=direct.id, carbon_intensity_g_per_kwh=stated), ["region"])
    assert lever.label.endswith(" g/kWh)")
    (lever,) = levers(RUN.replace(tokens_per_second_per_device=500), ["device"])
    assert lever.label.endswith("(calibrated throughput, not your own)")


def test_a_lever_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match="price: not one of region"):
        levers(RUN, ["price", "pue"])


def test_on_average_a_budget_allows_less_than_by_the_median_and_more_than_carefully():
    found = budget(RUN, 1e6, "tokens")
    assert found.careful < found.mean < found.central
    at = estimate(RUN.replace(tokens=found.mean))
    assert at.mean("total_co2e_kg") <= 1e6 < estimate(RUN.replace(tokens=found.mean * 1.001)).mean("total_co2e_kg")
    published = budget(RUN.replace(log10_alpha_low=100, log10_alpha_high=110), 1e6, "tokens")
    assert published.mean == published.central  # of a range that stands for no share there is no mean
