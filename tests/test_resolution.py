"""From what was given to the numbers that are counted with: looked up, filled in, or refused."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oce import InputError, Scenario, catalog, estimate, estimate_many
from oce.analysis import comparison
from oce.errors import plain_number
from oce.estimation import FIGURES
from oce.fields import DEFAULTS
from oce.method.device_time import committed
from oce.resolution import resolve
from oce.resolution.checks import alternatives
from tests.support.rules import for_every

RUN = Scenario(
    parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1, throughput="published"
)
UNPUBLISHED = sorted(one.id for one in catalog.devices() if not one.has_alpha and one.tdp_w)


@for_every("device", UNPUBLISHED)
def test_a_device_without_alpha_is_refused_by_the_published_throughput_with_some_that_have_one(device):
    with pytest.raises(InputError, match="the paper has an α for") as caught:
        estimate(RUN.replace(device=device))
    (problem,) = caught.value.problems
    assert problem.field == "device"
    assert problem.near == tuple(one.name for one in alternatives(catalog.device(device)))
    assert len(problem.near) == 3
    for name in problem.near:
        assert catalog.device(name).has_alpha


@pytest.mark.parametrize(("device", "first"), [("H200", "H100 SXM"), ("TPU v5p", "TPU v4"), ("A100 PCIe", "A100")])
def test_the_first_alternative_is_the_nearest_relative(device, first):
    assert alternatives(catalog.device(device))[0].name == first


@pytest.mark.parametrize(
    ("left_out", "field"),
    [("device", "device"), ("region", "region"), ("parameters", "parameters"), ("tokens", "tokens")],
)
def test_what_cannot_be_filled_in_is_asked_for(left_out, field):
    with pytest.raises(InputError) as caught:
        estimate(RUN.replace(**{left_out: None}))
    assert [problem.field for problem in caught.value.problems] == [field]


def test_no_region_is_needed_where_the_intensity_is_given():
    given = RUN.replace(region=None, carbon_intensity_g_per_kwh=384.4)
    assert estimate(given).total_co2e_kg == estimate(RUN).total_co2e_kg


@for_every("device", [one.id for one in catalog.devices()])
def test_a_precision_that_a_device_does_not_have_is_refused_with_those_it_has(device):
    run = RUN.replace(device=device, power_w=400, utilisation=0.4)
    peaks = catalog.device(device).peak_tflops
    for precision in catalog.PRECISIONS:
        error = estimate_many([run.replace(precision=precision)])["error"][0]
        if precision in peaks:
            assert error == ""
        else:
            assert error.startswith(f"precision: “{precision}” is not allowed (allowed: {', '.join(peaks)} on ")


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.floats(0, 1, exclude_min=True), st.floats(-18, 0).map(lambda power: 10**power)),
    st.sampled_from(["utilisation", "tokens_per_second_per_device"]),
    st.floats(5, 16),
    st.floats(12, 30),
)
@example(1.0, "tokens_per_second_per_device", 5, 30)  # a trillion tokens a second, each of 1e25 FLOP
@example(1e-165, "utilisation", 13, 24)
@example(1e-305, "utilisation", 13, 24)  # too slow for a float: never replaced by another throughput
@example(1e-320, "tokens_per_second_per_device", 13, 24)
@example(1.0, "utilisation", 13, 24)
@example(1e-4, "utilisation", 5, 30)
def test_any_rate_is_either_counted_with_or_refused_by_its_name(share, name, log10_tokens, log10_flop):
    rate = share if name == "utilisation" else share * 1e12
    tokens, flop = 10**log10_tokens, 10**log10_flop
    fields = {"tokens": tokens, "training_flop": flop, "device": "H100", "region": "USA", name: rate}
    seconds = tokens / rate if name == "tokens_per_second_per_device" else flop / (rate * 989e12)
    steady_share_of_peak = flop / 989e12 / seconds if seconds else math.inf
    try:
        hours = estimate(Scenario(**fields)).device_hours
    except InputError as error:
        assert {problem.field for problem in error.problems} == {name}  # noqa: PT017
        assert not (1e-4 <= steady_share_of_peak < 1) or rate < 1e-6
    else:
        assert steady_share_of_peak <= 1 + 1e-9
        whole_run = seconds / 3600 / math.exp(committed().gap_mean)  # the share of steady state that runs keep
        assert hours.central == pytest.approx(whole_run, rel=1e-6)
        assert seconds / 3600 * (1 - 1e-12) <= hours.low <= hours.central < hours.high


@pytest.mark.parametrize("utilisation", [0, 9e-5, 1.0000001, 40])
def test_a_utilisation_outside_its_range_is_refused_by_its_name_alone(utilisation):
    error = estimate_many(**RUN.given(), utilisation=[utilisation])["error"][0]
    assert error == f"utilisation: {plain_number(utilisation)} is not allowed (allowed: 0.0001 … 1)"


@pytest.mark.parametrize("field", ["utilisation", "tokens_per_second_per_device"])
def test_a_rate_needs_a_device_to_be_measured_against_or_is_told_so(field):
    nameless = RUN.replace(device=None, power_w=700, **{field: 0.5})
    if field == "utilisation":
        with pytest.raises(InputError) as caught:
            estimate(nameless)
        assert [problem.field for problem in caught.value.problems] == ["utilisation", "device"]
    else:  # tokens over rate: nothing to look up
        assert estimate(nameless).device_hours.central == pytest.approx(
            15e12 / 0.5 / 3600 / math.exp(committed().gap_mean), rel=1e-6
        )


@pytest.mark.parametrize("throughput", [None, "calibrated", "published"])
def test_a_throughput_that_is_learnt_by_device_needs_one(throughput):
    with pytest.raises(InputError) as caught:
        estimate(RUN.replace(device=None, power_w=700, throughput=throughput))
    assert [problem.field for problem in caught.value.problems] == ["device"]


COUNTED = ("training_flop", "power_w", "pue", "carbon_intensity_g_per_kwh", "overhead_fraction", "device_count")
GIVEN_BACK = (  # fields that take what was filled in for them
    *("batch_tokens", "pue", "carbon_intensity_g_per_kwh", "overhead_fraction"),
    *("device_life_years", "use_fraction", "year", "rollout_batch"),
)
CALIBRATED = RUN.replace(throughput=None, pue=None)
REINFORCED = CALIBRATED.replace(training="reinforcement", parameters=7e9, tokens=1e10, device_count=None)


def first_stage(scenario, **options):
    return resolve({name: [value] for name, value in scenario.given().items()}, **options)


@pytest.mark.parametrize("scenario", [RUN, CALIBRATED, CALIBRATED.replace(utilisation=0.4)])
def test_the_first_stage_asks_no_throughput_model(monkeypatch, scenario):
    def asked(*_, **__):
        raise AssertionError("a throughput model was asked")

    for model in ("run_utilisation.predict", "throughput.device_seconds", "scaling.loss"):
        monkeypatch.setattr(f"oce.method.{model}", asked)
    assert not first_stage(scenario, recorded=True).problems
    with pytest.raises(AssertionError, match="was asked"):
        estimate(RUN)


@pytest.mark.parametrize("scenario", [RUN, CALIBRATED, REINFORCED, CALIBRATED.replace(device="8x A100")])
def test_what_is_recorded_is_what_is_counted_with(scenario):
    found = first_stage(scenario, recorded=True)
    told = {record.field: record.value for record in found.records}
    counted = {name: getattr(found.conditions, name)[0] for name in COUNTED if name in told}
    assert counted == {name: told[name] for name in counted}
    assert {"training_flop", "overhead_fraction", "carbon_intensity_g_per_kwh", "power_w"} <= set(counted)


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("overhead_fraction", 0.3),
        ("device_count", 4.0),
        ("device_life_years", 6.0),
        ("use_fraction", 0.5),
        ("rollout_batch", 32.0),
    ],
)
def test_a_default_stands_in_one_place(monkeypatch, name, changed):
    before = estimate(REINFORCED)
    monkeypatch.setitem(DEFAULTS, name, changed)
    after = estimate(REINFORCED)
    assert [one.value for one in after.assumptions if one.field == name] == [changed]
    assert (after.total_co2e_kg, after.time_to_train_hours) != (before.total_co2e_kg, before.time_to_train_hours)


def test_of_a_table_nothing_is_recorded():
    columns = {name: [value, value] for name, value in CALIBRATED.given().items()}
    assert first_stage(CALIBRATED).records == ()
    assert resolve(columns).records == ()


def test_a_comparison_resolves_nothing_again(monkeypatch):
    pair = estimate(CALIBRATED), estimate(CALIBRATED.replace(device="A100"))
    monkeypatch.setattr("oce.resolution.read_table", None)
    assert comparison.ratio(*pair).times.central > 1


@pytest.mark.parametrize(
    "scenario",
    [
        CALIBRATED,
        REINFORCED.replace(device_count=512),
        CALIBRATED.replace(device="8x A100", device_count=None, embodied="full"),
        CALIBRATED.replace(device="TPU v4", region="gcp:us-central1", utilisation=0.4),
    ],
)
def test_who_gives_what_was_filled_in_gets_the_same_central_figures(scenario):
    first = estimate(scenario)
    told = {one.field: one.value for one in first.assumptions if one.field in GIVEN_BACK}
    again = estimate(scenario.replace(**told))
    assert {"overhead_fraction", "pue", "device_life_years"} <= set(told)
    assert not {one.field for one in again.assumptions} & set(told)
    for figure in FIGURES:
        assert getattr(again, figure).central == pytest.approx(getattr(first, figure).central, rel=1e-12), figure
