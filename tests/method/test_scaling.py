"""Many devices: what each loses as they become more, where more do nothing, and what fits."""

import re

import numpy as np
import pytest

from oce import InputError, Scenario, catalog, estimate, estimate_many
from oce.analysis import Impossible, combinations, device_counts, planning
from oce.method import limits, memory, scaling
from tests.support.plans import why_not

H100 = {"device": "H100", "region": "USA"}
SEVEN = {"parameters": 7e9, "tokens": 2e12, **H100}


def loss(few, many, batch, **how):
    first, last = scaling.speed([few, many], batch, **how)
    return 1.0 - last / first


def run(**fields):
    return estimate(Scenario(**{**SEVEN, **fields}))


def refused(**fields):
    with pytest.raises(InputError) as caught:
        run(**fields)
    (problem,) = caught.value.problems
    assert problem.field == "device_count"
    return str(caught.value)


# --- the law ---


@pytest.mark.parametrize("low_precision", [False, True])
def test_with_the_work_per_device_kept_speed_per_device_falls_a_little(low_precision):
    few, many = (scaling.speed(n, 32768 * n, low_precision=low_precision) for n in (8, 512))
    assert 0.0 <= 1.0 - many / few <= 0.06


def test_gpt_3_loses_a_fifth_to_a_third_at_the_batch_of_mlperf():
    assert 0.20 <= loss(512, 10_752, 2688 * 2048, low_precision=True) <= 0.35


def test_llama_405b_loses_a_sixth_to_two_fifths_at_the_batch_of_mlperf():
    assert 0.15 <= loss(512, 8_192, 1152 * 8192, low_precision=True) <= 0.40


def test_the_law_holds_what_the_series_measured():
    known = [
        one
        for one in scaling.series()
        if not one.left_out and one.speed_ratio and one.tokens_per_device_to and one.tokens_per_device_to <= 2048
    ]
    apart = {}
    for one in known:
        ours = [
            float(scaling.speed([n], n * x, low_precision=one.is_low_precision)[0])
            for n, x in (
                (one.count_from, one.tokens_per_device_from),
                (one.count_to, one.tokens_per_device_to),
            )
        ]
        apart[one.id] = ours[1] / ours[0] / one.speed_ratio
    assert apart
    assert not {name: ratio for name, ratio in apart.items() if not 0.85 < ratio < 1.15}


def test_across_sites_more_is_lost_than_across_servers_and_within_a_server_nothing():
    server, cluster, sites = (loss(8, 64, 1e9, regime=one) for one in scaling.REGIMES)
    assert server == pytest.approx(0.0, abs=1e-3)
    assert server < cluster < sites


@pytest.mark.parametrize("batch", [None, 4e6])
@pytest.mark.parametrize("interconnect", [None, "sites"])
def test_doubling_devices_at_a_fixed_batch_never_lowers_energy_and_always_the_time(batch, interconnect):
    counts = 2.0 ** np.arange(1, 13)
    given = {"batch_tokens": batch, "interconnect": interconnect}
    found = estimate_many({**SEVEN, **{name: value for name, value in given.items() if value}, "device_count": counts})
    assert not any(found["error"])
    assert np.all(np.diff(found["energy_kwh_central"]) >= 0.0)
    assert np.all(np.diff(found["time_to_train_hours_central"]) < 0.0)


@pytest.mark.parametrize("context", [8192, 32768])
def test_a_context_length_changes_little_in_what_twice_the_devices_cost(context):
    """The assumed batch is that of the compute; it does not grow with the devices to feed each copy of the model."""
    large = {"parameters": 70e9, "tokens": 15e12}
    for count in (2048, 16_384):
        with_it, without = (
            run(**large, **given, device_count=2 * count).device_hours.central
            / run(**large, **given, device_count=count).device_hours.central
            for given in ({"context_length": context}, {})
        )
        assert with_it == pytest.approx(without, abs=0.02)


def test_twice_the_devices_at_the_assumed_batch_cost_what_they_cost_at_that_batch_given():
    batch = next(one.value for one in run(device_count=512).assumptions if one.field == "batch_tokens")
    assumed, given = (
        [run(**fields, device_count=count).device_hours.central for count in (512, 1024)]
        for fields in ({}, {"batch_tokens": batch})
    )
    assert assumed == pytest.approx(given)


def test_more_devices_than_the_assumed_batch_feeds_are_said_with_the_batch_that_would():
    def source(count):
        found = run(parameters=70e9, tokens=15e12, context_length=8192, device_count=count)
        return next(one.source for one in found.assumptions if one.field == "batch_tokens")

    assert "give batch_tokens" not in source(8192)
    assert "only from 19.2 million tokens on: give batch_tokens" in source(32_768)


def test_a_larger_batch_wastes_less():
    small, large = (run(device_count=2048, batch_tokens=batch).device_hours.central for batch in (2e6, 16e6))
    assert large < small


def test_without_a_number_of_devices_nothing_is_lost_and_on_the_usual_number_too():
    alone = run()
    flop = alone.training_flop.central
    usual = float(np.exp(scaling.usual_count().at(np.log(np.array(flop)))))
    assert run(device_count=round(usual)).device_hours.central == pytest.approx(alone.device_hours.central, rel=1e-3)


def test_far_from_the_usual_number_the_interval_is_wider():
    assert run(device_count=5000).device_hours.high_over_low > run(device_count=512).device_hours.high_over_low


@pytest.mark.parametrize(
    "own", [{"throughput": "published"}, {"utilisation": 0.4}, {"tokens_per_second_per_device": 5000}]
)
def test_what_the_user_or_the_paper_says_of_the_speed_stays(own):
    few, many = (run(**own, device_count=count) for count in (64, 1024))
    assert few.device_hours == many.device_hours


def test_the_presets_stay_near_their_level_on_their_own_number_of_devices():
    typical = [one for one in catalog.models() if float(one.fields["device_count"]) <= 1024]
    moved = {}
    for one in typical:
        alone = {name: value for name, value in one.fields.items() if name != "device_count"}
        ratio = estimate(one.fields).device_hours.central / estimate(alone).device_hours.central
        if not 0.9 < ratio < 1.15:
            moved[one.id] = ratio
    assert not moved


# --- where more do nothing ---


def test_ten_million_devices_do_not_train_a_small_model():
    said = refused(device_count=10_000_000)
    most = device_counts.possible_counts(Scenario(**SEVEN))[1]
    assert f"at most {most:,}" in said
    assert "batch_tokens" in said
    run(device_count=most)
    refused(device_count=most + 1)


def test_a_deadline_that_no_number_meets_says_the_fastest_that_is_possible():
    with pytest.raises(Impossible, match=r"allow at least [\d.,]+ days"):
        planning.deadline(Scenario(**SEVEN), 0.01, catalog.device("H100"))


@pytest.mark.parametrize("fields", [{}, {"parameters": 405e9}, {"interconnect": "sites"}, {"interconnect": "server"}])
def test_no_number_of_devices_is_done_sooner_than_the_fastest(fields):
    scenario = Scenario(**{**SEVEN, **fields})
    low, high = device_counts.possible_counts(scenario)
    found = device_counts.fastest(estimate(scenario.replace(device_count=None)))
    if low > high:
        assert found is None
        return
    counts = np.unique(np.round(np.geomspace(low, high, 500)))
    hours = estimate_many({**scenario.given(), "device_count": counts})
    assert not any(hours["error"])
    assert found.hours.central <= np.min(hours["time_to_train_hours_central"]) * (1 + 1e-9)


def test_a_deadline_is_met_by_the_fewest_devices_and_not_by_one_fewer():
    scenario = Scenario(**SEVEN)
    found = planning.deadline(scenario, 20, catalog.device("H100"))
    for count, end in ((found.devices_central, "central"), (found.devices_careful, "high")):
        days = [getattr(run(device_count=n).time_to_train_hours, end) / 24 for n in (count, count - 1)]
        assert days[0] <= 20 < days[1]


def test_within_one_server_there_are_no_more_devices_than_it_holds():
    assert "at most 8 within one server" in refused(device_count=16, interconnect="server")
    run(device_count=8, interconnect="server")


def test_the_front_is_a_trade_off_of_time_and_carbon():
    found = combinations.combine(Scenario(**SEVEN), ["H100"], ["USA"], [64, 256, 1024, 4096])
    assert np.all(found.pareto_front)


# --- does it fit ---


def test_weights_gradients_and_optimiser_states_need_room():
    said = refused(parameters=70e9, device_count=8)
    assert "at least 14 H100 SXM" in said
    run(parameters=70e9, device_count=14)
    run(parameters=70e9, device_count=8, bytes_per_parameter=8)


def test_a_refusal_names_a_device_that_would_fit():
    roomy = limits.room_for(70e9 * 16, 8)
    assert roomy is not None
    assert roomy.name in refused(parameters=70e9, device_count=8)
    run(parameters=70e9, device_count=8, device=roomy.id)


@pytest.mark.parametrize(
    "fields",
    [
        {"device_count": 1_000_000},
        {"device_count": 1_000_000, "context_length": 32_768},
        {"device_count": 10_000_000, "utilisation": 0.4},
        {"device_count": 4096, "batch_tokens": 1e6},
        {"device_count": 16, "interconnect": "server"},
        {"device_count": 4, "parameters": 70e9, "device": "T4"},
        {"device_count": 64, "parameters": 671e9, "active_parameters": 37e9},
        {"device_count": 8, "parameters": 70e9, "training": "reinforcement"},
        {"device_count": 8, "parameters": 70e9, "training": "distillation", "teacher_parameters": 405e9},
    ],
    ids=str,
)
def test_every_refusal_of_a_number_of_devices_names_one_that_runs(fields):
    (number,) = re.findall(r"at (?:least|most) ([\d,]+)", refused(**fields))
    run(**{**fields, "device_count": int(number.replace(",", ""))})


def test_the_runs_of_the_published_batches_are_as_the_other_tables_have_them():
    runs = {run.id: run for run in catalog.runs()}
    known = [(one, runs[one.id]) for one in scaling.batches() if one.id in runs]
    assert known
    for one, run_ in known:
        found = (run_.active_parameters or run_.parameters, run_.tokens)
        assert (one.parameters, one.tokens) == pytest.approx(found, rel=0.01), one.id


def test_all_parameters_of_a_mixture_lie_in_memory():
    assert "at least" in refused(parameters=671e9, active_parameters=37e9, device_count=64)


def test_what_hardly_fits_is_said():
    codes = [note.code for note in run(parameters=70e9, device_count=14).notes]
    assert "memory_tight" in codes
    assert "memory_tight" not in [note.code for note in run(parameters=70e9, device_count=512).notes]


@pytest.mark.parametrize("own", [{"throughput": "published"}, {"log10_alpha_low": 20, "log10_alpha_high": 40}])
def test_as_in_the_paper_it_is_only_said(own):
    given = {**SEVEN, **own, "parameters": 70e9, "device_count": 8}
    assert "memory" in [note.code for note in estimate(Scenario(**given)).notes]


def test_cards_without_a_fast_link_are_no_choice_for_a_model_that_none_of_them_holds():
    large = Scenario(**{**SEVEN, "parameters": 405e9})
    why = why_not(large, 400, catalog.device("T4"))
    assert "no fast link" in why
    devices = combinations.combine(large, ["H100", "T4"], ["USA"], [4096]).columns["device"]
    assert set(devices) == {"h100-sxm"}


def test_nothing_that_does_not_fit_is_on_the_front():
    large = Scenario(**{**SEVEN, "parameters": 405e9})
    assert list(combinations.combine(large, ["H100"], ["USA"], [8, 4096]).columns["device_count"]) == [4096]


def test_memory_is_plain_arithmetic():
    assert memory.states_bytes(1e9) == 16e9
    assert memory.fewest_devices(1120e9, 80) == 14
    assert memory.replica_devices(112e9, 80, 8) == 8
    assert memory.replica_devices(1120e9, 80, 8) == 14


def test_every_preset_fits_on_its_devices():
    assert not [one.id for one in catalog.models() if estimate(one.fields).device_hours.central <= 0]
