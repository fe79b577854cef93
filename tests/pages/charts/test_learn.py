"""The charts of the Learn page: every area is what it says, and every number in a sentence is one of the estimate's."""

import json
import re

import numpy as np
import pytest

from oce import Scenario, catalog, estimate
from oce.analysis import alternatives, device_counts
from oce.analysis.knowledge import states_of_knowledge
from oce.method.compute import FLOP_PER_TFLOP
from oce.units import DEVICE_HOURS, DURATION, ENERGY, MASS, scientific, shown, significant
from pages import charts
from pages.charts.learn_areas import OPERATIONS, TOKENS
from tests.support.rules import for_every

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1, year=2024)
SCENARIOS = {
    "usual": RUN,
    "overhead": RUN.replace(overhead_fraction=0.5),
    "mixture of experts": RUN.replace(active_parameters=7e9),
    "own utilisation": RUN.replace(utilisation=0.4),
    "measured": RUN.replace(tokens_per_second_per_device=900),
    "own alpha": RUN.replace(log10_alpha_low=100, log10_alpha_high=110),
    "one alpha": RUN.replace(log10_alpha_low=100, log10_alpha_high=100),
    "largest alpha": RUN.replace(log10_alpha_low=1900, log10_alpha_high=2000),
    "smallest alpha": RUN.replace(log10_alpha_low=-12, log10_alpha_high=-11),
    "published": RUN.replace(throughput="published"),
    "compute alone": Scenario(training_flop=4e20, device="V100", device_count=8, region="FRA"),
    "compute and size": Scenario(training_flop=4e20, parameters=3e8, device="TPU v3", device_count=7, region="FRA"),
    "no device": Scenario(
        training_flop=1e22, power_w=500, log10_alpha_low=20, log10_alpha_high=30, carbon_intensity_g_per_kwh=100
    ),
    "unknown embodied": Scenario(training_flop=1e21, device="P100", region="IND", power_w=200),
    "no carbon": RUN.replace(carbon_intensity_g_per_kwh=0),
    "no carbon at all": Scenario(
        training_flop=1e22, power_w=500, log10_alpha_low=20, log10_alpha_high=30, carbon_intensity_g_per_kwh=0
    ),
    "tiny": Scenario(parameters=1e5, tokens=1e5, device="A100", region="NOR"),
    "least": Scenario(training_flop=1e12, device="K80", region="FRA"),
    "huge": Scenario(parameters=1e14, tokens=1e15, device="B200", device_count=10_000_000, region="IND", pue=3),
    "most": Scenario(training_flop=1e30, device="H100", device_count=10_000_000, region="IND", pue=3, level=0.99),
    "fp8": RUN.replace(precision="fp8"),
}
every_scenario = for_every("run", SCENARIOS.values(), ids=SCENARIOS)


def trace(chart, name):
    return next(one for one in chart.figure["data"] if one["name"] == name)


def area(one):
    """What a rectangle encloses, in the units of its axes."""
    return (max(one["x"]) - min(one["x"])) * (max(one["y"]) - min(one["y"]))


def size_of_unit(chart, axis, units):
    """How many of the base unit the unit of an axis is."""
    title = chart.figure["layout"][axis]["title"]["text"]
    found = [unit for unit in units if re.search(rf"(\[|^){unit.name}(\]| per|$)", title)]
    assert len(found) == 1, title
    return found[0].size


def all_charts(result):
    """Every chart, as it opens and with its control moved."""
    run, past = result.scenario, result.past_runs
    own = result.log10_alpha.central
    elsewhere = estimate(alternatives.in_region(run, catalog.region("NOR")), past)
    yield charts.compute_area(result)
    yield charts.compute_area(result, 2, 2)
    for alpha in (own, -6, 150):
        yield charts.throughput_area(result, alpha)
    for count in {int(result.inputs.device_count), max(1, int(result.inputs.device_count) // 2)}:
        yield charts.time_area(result, estimate(run.replace(device_count=count), past))
    for pue in (float(result.inputs.pue), 1, 1.56, 2):
        yield charts.energy_area(result, estimate(run.replace(pue=pue), past), [(1.09, "good"), (1.56, "usual")])
    yield charts.carbon_area(result, result, "yours", 700)
    yield charts.carbon_area(result, elsewhere, "Norway", 700, [(458, "World")])
    for level in (0.5, 0.8, 0.95):
        yield charts.intervals(states_of_knowledge(result, level), level)


@every_scenario
def test_every_chart_is_plain_json_and_says_something_without_gaps(run):
    for chart in all_charts(estimate(run)):
        for one in (chart, charts.enlarged(chart)):
            text = json.dumps(one.figure, allow_nan=False)
            assert len(text) < 12_000
            assert not re.search(r"\b(nan|inf|None)\b", one.sentence + text, re.IGNORECASE)
        assert chart.sentence.endswith(".")
        assert ".." not in chart.sentence
        assert chart.heading


# --- 1: compute ---


@every_scenario
@for_every("times", [(1, 1), (2, 1), (1, 2), (2, 2)])
def test_the_two_rectangles_are_the_compute(run, times):
    result = estimate(run)
    chart = charts.compute_area(result, *times)
    unit = size_of_unit(chart, "xaxis", TOKENS) * size_of_unit(chart, "yaxis", OPERATIONS)
    forward, backward = (area(trace(chart, name)) * unit for name in ("forward", "backward"))
    flop = result.training_flop.central * times[0] * times[1]
    assert forward + backward == pytest.approx(flop, rel=1e-3)
    assert backward == pytest.approx(2 * forward, rel=1e-3)  # 4 and 2 operations
    assert scientific(flop) in chart.sentence


def test_a_token_costs_six_operations_for_each_parameter_it_passes_through():
    assert "6 × 70B parameters = 420 GFLOP; 15T tokens" in charts.compute_area(estimate(RUN)).sentence
    experts = charts.compute_area(estimate(SCENARIOS["mixture of experts"])).sentence
    assert "6 × 7B parameters = 42.0 GFLOP" in experts


@pytest.mark.parametrize("name", ["compute alone", "compute and size"])
def test_compute_that_was_given_directly_is_said_to_be(name):
    result = estimate(SCENARIOS[name])
    whose = "usual for that much compute" if name == "compute alone" else "as given"
    assert whose in charts.compute_area(result).sentence
    assert "given directly, 4.00 × 10²⁰ FLOP" in charts.compute_area(result).sentence


# --- 2: throughput ---


@every_scenario
@for_every("alpha", [None, -6, 0, 30, 150])
def test_the_area_under_the_curve_is_the_compute_whatever_alpha(run, alpha):
    result = estimate(run)
    chart = charts.throughput_area(result, result.log10_alpha.central if alpha is None else alpha)
    curve = trace(chart, "compute (area)")
    seconds = np.array(curve["x"]) * size_of_unit(chart, "xaxis", DEVICE_HOURS) * 3600
    done = np.trapezoid(curve["y"], seconds) * FLOP_PER_TFLOP
    assert done == pytest.approx(result.training_flop.central, rel=0.01)
    assert scientific(result.training_flop.central) in chart.sentence


@every_scenario
def test_at_its_own_alpha_the_final_run_takes_what_the_estimate_says(run):
    result = estimate(run)
    hours = result.device_hours.central / (1 + float(result.inputs.overhead_fraction))
    chart = charts.throughput_area(result, result.log10_alpha.central)
    assert shown(hours, DEVICE_HOURS) in chart.sentence
    assert "as long as yours" not in chart.sentence


def test_a_cold_start_that_can_be_seen_is_drawn_and_one_that_cannot_is_said():
    result = estimate(RUN)
    early = charts.throughput_area(result, -6)
    assert "cold start" in [one["name"] for one in early.figure["data"]]
    assert "27% of that." in early.sentence
    late = charts.throughput_area(result, 100)
    assert "cold start" not in [one["name"] for one in late.figure["data"]]
    assert "too short to be seen" in late.sentence


# --- 3: time ---


@every_scenario
@for_every("times", [1, 2, 3])
def test_devices_times_time_is_the_device_hours_however_many(run, times):
    result = estimate(run)
    count = min(device_counts.possible_counts(run)[1], int(result.inputs.device_count) * times)
    other = estimate(run.replace(device_count=count))
    chart = charts.time_area(result, other)
    hours = area(trace(chart, "device-hours")) * size_of_unit(chart, "yaxis", DURATION)
    assert hours == pytest.approx(other.device_hours.central, rel=1e-3)
    assert shown(other.time_to_train_hours.central, DURATION) in chart.sentence
    before, after = (shown(one.total_co2e_kg.central, MASS) for one in (result, other))
    assert before in chart.sentence
    assert after in chart.sentence
    assert ("as before" in chart.sentence) == (count != int(result.inputs.device_count) and before == after)
    assert ("instead of" in chart.sentence) == (before != after)


# --- 4: energy ---


@every_scenario
@for_every("pue", [None, 1, 1.56])
def test_power_times_device_hours_with_the_building_is_the_energy(run, pue):
    result = estimate(run)
    other = result if pue is None else estimate(run.replace(pue=pue))
    chart = charts.energy_area(result, other)
    parts = [one for one in chart.figure["data"] if one["name"] in ("devices", "building")]
    kwh = sum(map(area, parts)) * size_of_unit(chart, "xaxis", DEVICE_HOURS) / 1000
    assert kwh == pytest.approx(other.energy_kwh.central, rel=1e-3)
    assert shown(other.energy_kwh.central, ENERGY) in chart.sentence
    assert len(parts) == (2 if float(other.inputs.pue) > 1 else 1)


# --- 5: grid ---


@every_scenario
@for_every("place", [None, "NOR", "IND"])
def test_energy_times_intensity_is_the_operational_carbon(run, place):
    result = estimate(run)
    other = result if place is None else estimate(alternatives.in_region(run, catalog.region(place)))
    chart = charts.carbon_area(result, other, place or "yours", 700)
    grams = area(trace(chart, "operational carbon")) * size_of_unit(chart, "xaxis", ENERGY)
    assert grams / 1000 == pytest.approx(other.operational_co2e_kg.central, rel=1e-3)
    assert charts.operational(other, result) in chart.sentence


def test_a_grid_without_carbon_emits_nothing_in_a_unit_that_can_be_compared():
    none, some = estimate(SCENARIOS["no carbon"]), estimate(RUN)
    assert charts.operational(none, some) == "0 t CO2e"
    assert "times" not in charts.carbon_area(none, some, "United States", 700).sentence


# --- 6: uncertainty ---


def test_the_sentence_of_the_intervals_says_how_wide_each_is():
    states = states_of_knowledge(estimate(RUN), 0.95)
    chart = charts.intervals(states, 0.95)
    for state in states:
        assert f"×{significant(state.result.total_co2e_kg.high_over_low)}" in chart.sentence
    assert [row[2] for row in chart.table.rows] == [
        significant(state.result.total_co2e_kg.high_over_low) for state in states
    ]


def test_without_a_device_only_the_own_range_is_there_and_without_any_carbon_the_device_time():
    result = estimate(SCENARIOS["no carbon at all"])
    states = states_of_knowledge(result, 0.8)
    chart = charts.intervals(states, 0.8)
    assert [one.label for one in states] == ["your own α range"]
    assert "All that is known here is your own α range: ×1.36" in chart.sentence
    assert "device-time" in chart.figure["layout"]["xaxis"]["title"]["text"]


# --- for a projector ---


@every_scenario
def test_slides_have_larger_type_and_the_same_data(run):
    for chart in all_charts(estimate(run)):
        large = charts.enlarged(chart)
        assert large.figure["data"] == chart.figure["data"]
        assert all(one["font"]["size"] >= 16 for one in large.figure["layout"]["annotations"])
        assert large.figure["layout"]["xaxis"]["tickfont"]["size"] >= 16
