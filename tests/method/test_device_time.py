"""The device-time: one quantity under the names of α, utilisation and rate, by whichever way it is known."""

import math

import numpy as np
import pytest

from oce import Interval, Scenario, catalog, compare, estimate, estimate_many
from oce.estimation import FIGURES
from oce.interval import BOUNDS
from oce.method import throughput
from oce.method.calibration_file import committed
from oce.method.conformal import CONFIDENCE_LEVELS
from oce.method.runs import Runs, reported
from tests.support.rules import for_every

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
WAYS = {
    "calibrated": {},
    "calibrated, with its year": {"year": 2021},
    "published": {"throughput": "published"},
    "own alpha": {"log10_alpha_low": 99, "log10_alpha_high": 112},
    "utilisation": {"utilisation": 0.4},
    "measured": {"tokens_per_second_per_device": 900},
}
every_way = for_every("way", WAYS)


def ends(interval: Interval) -> list[float]:
    return [interval.low, interval.central, interval.high]


# --- one quantity, many names ---


@every_way
@for_every("device", ["H100", "A100", "V100", "TPU v3", "K80"])
def test_alpha_and_device_time_are_two_names_of_one_quantity(way, device):
    peak = next(iter(catalog.device(device).peak_tflops.values())) * 1e12
    own = dict(WAYS[way])
    if "tokens_per_second_per_device" in own:
        own["tokens_per_second_per_device"] = 0.3 * peak / (6 * 70e9)
    if "log10_alpha_low" in own:
        own |= {"log10_alpha_low": -6, "log10_alpha_high": -3}
    result = estimate(RUN.replace(device=device, **own))
    tflop = result.training_flop.central / 1e12
    hours = [float(throughput.device_seconds(tflop, one)) / 3600 for one in reversed(ends(result.log10_alpha))]
    assert hours == pytest.approx(ends(result.device_hours), rel=1e-12)


@every_way
def test_utilisation_and_device_time_are_two_names_of_one_quantity(way):
    result = estimate(RUN.replace(**WAYS[way]))
    hours = [6.3e24 / (one * 989e12) / 3600 for one in reversed(ends(result.utilisation))]
    assert hours == pytest.approx(ends(result.device_hours), rel=1e-12)


@every_way
def test_overhead_adds_device_time_and_leaves_alpha_and_utilisation_those_of_the_final_run(way):
    with_it, without = (estimate(RUN.replace(**WAYS[way], overhead_fraction=share)) for share in (0.5, 0))
    assert ends(with_it.device_hours) == pytest.approx([1.5 * one for one in ends(without.device_hours)])
    assert with_it.log10_alpha == without.log10_alpha
    assert with_it.utilisation == without.utilisation


def test_an_alpha_taken_from_an_estimate_gives_its_interval_again():
    result = estimate(RUN)
    again = estimate(
        RUN.replace(log10_alpha_low=result.log10_alpha.low, log10_alpha_high=result.log10_alpha.high)
    ).device_hours
    assert [again.low, again.high] == pytest.approx([result.device_hours.low, result.device_hours.high], rel=1e-12)


# --- calibrated ---


def test_precisions_of_the_same_peak_are_as_fast():
    bf16, fp16 = (estimate(RUN.replace(precision=name)).device_hours for name in ("bf16", "fp16"))
    assert bf16 == fp16


def test_fp8_has_the_effect_that_was_measured_and_fp4_more_of_it():
    hours = [
        estimate(RUN.replace(device="B200", precision=name)).device_hours.central for name in ("bf16", "fp8", "fp4")
    ]
    assert hours[0] > hours[1] > hours[2]


def test_the_effect_of_fp8_is_not_that_of_its_peak():
    """It is the same on every device, however much higher the peak is said to be."""
    gains = [
        estimate(RUN.replace(device=name, precision="bf16")).device_hours.central
        / estimate(RUN.replace(device=name, precision="fp8")).device_hours.central
        for name in ("H100", "H200")
    ]
    assert gains[0] == pytest.approx(gains[1], rel=1e-9)
    assert 1.0 < gains[0] < 2.0


def test_32_bits_cost_more_than_their_peak_and_what_was_measured_lies_in_the_interval():
    run = {"parameters": 1.3e9, "tokens": 26e9, "device_count": 8, "region": "USA"}
    measured = {("h100-sxm", "tf32"): 0.333, ("a100-sxm-80gb", "tf32"): 0.519}
    for (device, precision), ratio in measured.items():
        wide = estimate(Scenario(**run, device=device, precision=precision))
        times = compare(estimate(Scenario(**run, device=device, precision="bf16")), wide).ratio("device_hours").times
        assert 1 / ratio in times, device
        assert times.central > 1.5, device


def test_on_a_device_whose_32_bits_nobody_measured_the_interval_is_wider():
    run = {"parameters": 1.3e9, "tokens": 26e9, "device_count": 8, "region": "USA"}
    known, unknown = (
        compare(*(estimate(Scenario(**run, device=device, precision=precision)) for precision in ("bf16", "tf32")))
        for device in ("h100-sxm", "h200-sxm")
    )
    assert unknown.ratio("device_hours").times.log_half_width > known.ratio("device_hours").times.log_half_width


def test_a_lower_peak_takes_longer():
    bf16, tf32, fp32 = (estimate(RUN.replace(precision=name)).device_hours for name in ("bf16", "tf32", "fp32"))
    assert bf16.central < tf32.central < fp32.central


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("device", ["K80", "T4", "H100", "CS-2"])
def test_no_end_of_an_interval_is_faster_than_the_peak(device, level):
    many = estimate_many(
        parameters=np.geomspace(1e6, 1e13, 30), tokens=1e12, device=device, region="USA", level=level, power_w=300
    )
    one = catalog.device(device)
    at_peak = many["training_flop"] / (one.peak_tflops[one.training_precision] * 1e12) / 3600
    assert np.all(many["device_hours_low"] >= at_peak * (1 - 1e-12))


def test_a_run_of_old_software_takes_longer():
    hours = [estimate(RUN.replace(year=year)).device_hours.central for year in (2019, 2022, 2023, 2026)]
    assert hours[0] == hours[1] > hours[2] == hours[3]


def test_a_year_that_is_not_given_is_that_of_the_data_whatever_the_device():
    for device in ("H100", "V100", "K80"):
        unsaid, said = (estimate(RUN.replace(device=device, year=year)) for year in (None, catalog.data_year()))
        assert unsaid.device_hours == said.device_hours


def test_a_mixture_of_experts_is_as_large_as_its_active_parameters_and_slower_than_a_dense_model_of_that_size():
    mixture = RUN.replace(parameters=671e9, active_parameters=37e9)
    dense = estimate(RUN.replace(parameters=37e9))
    assert estimate(mixture).training_flop == dense.training_flop
    assert estimate(mixture).device_hours.central > dense.device_hours.central
    assert estimate(RUN.replace(parameters=37e9, active_parameters=37e9)).utilisation == dense.utilisation


@pytest.mark.parametrize("flop", [1e19, 1e22, 6.3e24])
@pytest.mark.parametrize("device", ["H100", "V100", "MI300X"])
def test_compute_alone_has_the_size_usual_for_it_and_a_wider_interval(flop, device):
    first, second, _ = committed().fit.size_line
    usual = 10 ** (first + second * math.log10(flop))
    alone = estimate(Scenario(training_flop=flop, device=device, region="USA"))
    sized = estimate(Scenario(training_flop=flop, parameters=usual, device=device, region="USA"))
    assert alone.device_hours.central == pytest.approx(sized.device_hours.central, rel=1e-9)
    assert alone.device_hours.high_over_low > 1.005 * sized.device_hours.high_over_low
    (said,) = [one.value for one in alone.assumptions if one.field == "parameters"]
    assert said == pytest.approx(usual, rel=1e-12)


def test_a_stated_compute_of_a_stated_size_keeps_both():
    alone = RUN.replace(device_count=None)  # what many devices lose goes by the compute
    stated, derived = (estimate(alone.replace(training_flop=flop)) for flop in (6.3e23, None))
    assert stated.device_hours.central == pytest.approx(derived.device_hours.central / 10)
    assert ends(stated.utilisation) == pytest.approx(ends(derived.utilisation), rel=1e-12)


def test_rows_that_stand_for_one_device_are_as_fast_and_a_card_in_a_slot_is_not():
    a100, generic, released, slot = (
        estimate(RUN.replace(device=name, power_w=400)).device_hours
        for name in ("a100-sxm-80gb", "a100", "a100-released", "a100-pcie-80gb")
    )
    assert a100 == generic == released
    assert slot.central > 1.1 * a100.central


# --- from a steady state that is known ---

REPORTED = [run for run in catalog.runs() if run.utilisation_usable == "yes"]
of_reported = pytest.mark.parametrize("run", REPORTED, ids=lambda run: run.id)


def steady_scenario(run: catalog.Run) -> Scenario:
    """The run as its planner could have stated it, with the utilisation that its stack reaches."""
    return Scenario(
        training_flop=run.training_flop,
        device=run.device,
        precision=run.precision or None,
        region="WORLD",
        utilisation=run.utilisation_reported,
    )


def test_with_the_steady_utilisation_given_the_median_error_of_device_hours_is_below_20_percent():
    assert len(REPORTED) >= 3
    hours = [estimate(steady_scenario(run)).device_hours.central for run in REPORTED]
    errors = [abs(one / run.device_hours - 1) for one, run in zip(hours, REPORTED, strict=True)]
    assert np.median(errors) < 0.20
    as_if_steady = [math.exp(committed().gap_mean) * one for one in hours]
    naive = [abs(one / run.device_hours - 1) for one, run in zip(as_if_steady, REPORTED, strict=True)]
    assert np.median(errors) < np.median(naive)


def test_so_it_is_where_the_gap_is_learnt_from_other_organisations_alone():
    errors = []
    for run in REPORTED:
        others = [one for one in REPORTED if one.organisation_group != run.organisation_group]
        gaps = [math.log(one.utilisation / one.utilisation_reported) for one in others]
        at_steady = run.training_flop / (run.utilisation_reported * run.peak_tflops * 1e12) / 3600
        errors.append(abs(at_steady / math.exp(np.mean(gaps)) / run.device_hours - 1))
    assert np.median(errors) < 0.20


@of_reported
def test_each_of_these_runs_lies_in_its_80_percent_interval_and_was_slower_than_its_steady_state(run):
    hours = estimate(steady_scenario(run)).device_hours
    assert hours.low <= run.device_hours <= hours.high
    assert run.utilisation < run.utilisation_reported


@pytest.mark.parametrize("level", [*CONFIDENCE_LEVELS, 0.99])
@pytest.mark.parametrize("share", [0.01, 0.4, 1.0])
def test_no_whole_run_is_faster_than_its_steady_state(level, share):
    for own in ({"utilisation": share}, {"tokens_per_second_per_device": share * 989e12 / (6 * 70e9)}):
        result = estimate(RUN.replace(level=level, **own))
        assert result.utilisation.high <= share * (1 + 1e-12)
        assert result.utilisation.low < result.utilisation.central < share


def test_a_steady_rate_needs_no_device_that_the_calibration_knows():
    known, unknown = (
        estimate(RUN.replace(device=device, power_w=700, tokens_per_second_per_device=500)).device_hours
        for device in ("H100", None)
    )
    assert known == unknown


def test_neither_size_nor_year_matters_where_the_steady_state_is_known():
    steady = RUN.replace(utilisation=0.4)
    assert estimate(steady.replace(year=2018)).device_hours == estimate(steady).device_hours
    compute_only = Scenario(training_flop=6.3e24, device="H100", device_count=16384, region="USA", utilisation=0.4)
    assert estimate(compute_only).device_hours.high_over_low == pytest.approx(
        estimate(steady).device_hours.high_over_low
    )


# --- many ways in one call ---


def own_runs() -> Runs:
    return reported([run for run in catalog.runs() if run.scored and run.organisation_group == "Hugging Face"])


MIXED = [RUN.replace(**own, **more) for own in WAYS.values() for more in ({}, {"level": 0.5})] + [
    RUN.replace(device="MI300X"),
    RUN.replace(device="B200", level=0.95, utilisation=0.3),
    RUN.replace(device="V100", throughput="published"),
    Scenario(training_flop=1e22, device="TPU v4", region="FRA", year=2022),
    Scenario(training_flop=1e22, power_w=300, log10_alpha_low=10, log10_alpha_high=20, region="FRA"),
]


@pytest.mark.parametrize("past_runs", [None, own_runs()], ids=["alone", "with past runs"])
def test_every_way_in_one_call_is_as_each_alone(past_runs):
    many = estimate_many(MIXED, past_runs=past_runs)
    assert many["error"].tolist() == [""] * len(MIXED)
    for row, scenario in enumerate(MIXED):
        one = estimate(scenario, past_runs)
        for name in FIGURES:
            found = [many[f"{name}_{end}"][row] for end in BOUNDS]
            assert found == pytest.approx(ends(getattr(one, name)), rel=1e-12)


def test_rows_that_are_refused_leave_the_others_as_they_are():
    good = estimate_many(MIXED)
    columns = {name: [one.given().get(name) for one in MIXED] for name in {n for one in MIXED for n in one.given()}}
    columns["device"][0] = "H10O"
    columns["level"] = [2 if row == 3 else cell for row, cell in enumerate(columns["level"])]
    found = estimate_many(columns)
    assert [bool(error) for error in found["error"]] == [row in (0, 3) for row in range(len(MIXED))]
    kept = [row for row in range(len(MIXED)) if row not in (0, 3)]
    for name in FIGURES:
        for end in BOUNDS:
            assert found[f"{name}_{end}"][kept] == pytest.approx(good[f"{name}_{end}"][kept], rel=1e-12)


def test_past_runs_change_the_calibrated_rows_alone():
    without, within = (estimate_many(MIXED, past_runs=runs)["device_hours_central"] for runs in (None, own_runs()))
    calibrated = np.array([one.method == "calibrated" for one in MIXED])
    assert np.all(without[calibrated] != within[calibrated])
    assert np.array_equal(without[~calibrated], within[~calibrated])
