"""What it would take: each lever as its label says, and none that raises the total."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import Scenario, catalog, estimate
from oce.analysis import levers
from oce.analysis.alternatives import on_device
from oce.analysis.levers import LEVERS, OTHER_MODEL, SAME_MODEL
from oce.method import embodied
from oce.method.ratio_basis import basis
from tests.support.plans import ALWAYS, COMPUTE, MIXTURE, PAST, POWERED, RUN, SAME, SCENARIOS, possible

ALONE = RUN.replace(device_count=None)
UNKNOWN_MAKING = [{"device": name, "embodied": "paper"} for name in ("Gaudi 3", "M40")]  # nothing is counted for it


WASTEFUL = RUN.replace(pue=1.6, overhead_fraction=0.5)


@ALWAYS
@given(SCENARIOS, st.sets(st.sampled_from(LEVERS)))
def test_levers_multiply_out_and_none_raises_the_total(scenario, use):
    scenario = possible(scenario)
    pulled = levers.pulled(scenario, use)
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
    assert levers.pulled(tiny, {"experts"}) == ()


def test_each_lever_goes_to_the_value_that_its_label_states():
    pulled = {one.key: one for one in levers.pulled(WASTEFUL)}
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
    (lever,) = levers.pulled(WASTEFUL, [key])
    assert lever.is_same_model == (key in SAME_MODEL)
    what = ("parameters", "active_parameters", "tokens", "training_flop", "samples")
    trained = [{name: getattr(one, name) for name in what} for one in (WASTEFUL, lever.scenario)]
    assert (trained[0] == trained[1]) == lever.is_same_model


def test_fp8_is_a_lever_where_the_device_has_it_and_it_is_not_used_yet():
    (lever,) = levers.pulled(RUN, ["precision"])
    assert lever.label == "Precision: fp8 instead of bf16"
    assert lever.scenario == RUN.replace(precision="fp8")
    assert not levers.pulled(lever.scenario, ["precision"])
    assert not levers.pulled(RUN.replace(device="a100-sxm-80gb"), ["precision"])
    assert not levers.pulled(RUN.replace(throughput="published"), ["precision"])  # whose speed has no precision


def test_better_utilisation_leads_to_the_fast_end_of_the_interval():
    (lever,) = levers.pulled(RUN, ["utilisation"])
    now = estimate(RUN)
    assert estimate(lever.scenario).device_hours.central == pytest.approx(now.device_hours.low, rel=1e-6)
    assert f"{now.utilisation.high:.0%} over the whole run" in lever.label
    assert not levers.pulled(lever.scenario, ["utilisation"])


def test_a_longer_life_of_devices_lowers_the_embodied_carbon_alone():
    (lever,) = levers.pulled(RUN, ["life"])
    assert lever.label == "Life of devices: 6 years (now 4)"
    before, after = estimate(RUN), estimate(lever.scenario)
    assert after.operational_co2e_kg == before.operational_co2e_kg
    assert after.embodied_co2e_kg.central == pytest.approx(before.embodied_co2e_kg.central * 4 / 6)
    assert not levers.pulled(RUN.replace(device_life_years=7), ["life"])
    assert not levers.pulled(RUN.replace(embodied="paper"), ["life"])


def test_no_country_with_a_cloud_region_has_less_carbon_over_the_lifecycle():
    region = catalog.region(levers.pulled(RUN, ["region"])[0].scenario.region)
    hosts = {one.country_iso3 for one in catalog.regions() if one.kind == "cloud"}
    countries = [one for one in catalog.regions() if one.kind == "country" and one.country_iso3 in hosts]
    assert {one.basis for one in countries} == {"lifecycle"}
    assert region in countries
    assert region.g_per_kwh == min(one.g_per_kwh for one in countries)


MAKING_KNOWN = {
    "paper": lambda one: one.beta_g_per_device_hour is not None,
    "full": lambda one: embodied.manufacturing(one.id) is not None,
}


@pytest.mark.parametrize("mode", MAKING_KNOWN)
@pytest.mark.parametrize("region", ["USA", "NOR"])
def test_no_device_whose_making_is_known_and_whose_speed_is_measured_has_a_lower_total(mode, region):
    now = RUN.replace(device="V100", region=region, embodied=mode)
    (lever,) = levers.pulled(now, ["device"], PAST)
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
    (lever,) = levers.pulled(clean, ["device"])
    assert MAKING_KNOWN[mode](catalog.device(lever.scenario.device))
    assert 0 < lever.after_kg < lever.before_kg


def test_a_lever_that_is_ticked_off_leaves_the_others_where_they_were():
    for without in LEVERS:
        pulled = levers.pulled(WASTEFUL, [key for key in LEVERS if key != without])
        assert [one.key for one in pulled] == [key for key in LEVERS if key != without]
    assert levers.pulled(WASTEFUL, []) == ()


def test_what_is_as_good_already_is_left_out():
    best = levers.pulled(levers.pulled(WASTEFUL)[-1].scenario)[
        -1
    ].scenario  # what has less of everything may favour another device
    assert [one.key for one in levers.pulled(best)] == ["tokens"]
    assert not levers.pulled(RUN.replace(pue=1.05), ["pue", "overhead"])
    assert not levers.pulled(MIXTURE, ["experts"])  # a mixture of experts already
    assert not levers.pulled(ALONE.replace(tokens=1e5), ["tokens"])
    for unknown in UNKNOWN_MAKING:
        assert not levers.pulled(RUN.replace(**unknown, carbon_intensity_g_per_kwh=0), ["region", "pue", "tokens"])


def test_a_lever_that_changes_nothing_may_follow_one_that_does():
    best = levers.pulled(RUN, ["region", "device"])[-1].scenario
    there = levers.pulled(best.replace(region=RUN.region), ["region", "device"])  # the device is the best already
    assert [lever.key for lever in there] == ["region"]


def test_compute_that_is_given_directly_is_halved_in_place_of_the_tokens():
    (lever,) = levers.pulled(COMPUTE, ["experts", "tokens"])
    assert lever.label == "Compute: half (5.00 × 10²³ FLOP)"
    assert lever.scenario == COMPUTE.replace(training_flop=5e23)


def test_labels_say_what_is_not_alike():
    direct = next(one for one in catalog.regions() if one.basis == "direct" and one.g_per_kwh > 300)
    (lever,) = levers.pulled(RUN.replace(region=direct.id), ["region"])
    assert lever.label.endswith(" g/kWh, lifecycle; before: direct)")
    stated = direct.g_per_kwh  # by the planner, who knows what it counts
    (lever,) = levers.pulled(RUN.replace(region=direct.id, carbon_intensity_g_per_kwh=stated), ["region"])
    assert lever.label.endswith(" g/kWh)")
    (lever,) = levers.pulled(RUN.replace(tokens_per_second_per_device=500), ["device"])
    assert lever.label.endswith("(calibrated throughput, not your own)")


def test_a_lever_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match="price: not one of region"):
        levers.pulled(RUN, ["price", "pue"])
