"""The charts of the Learn page: every area is what it says, and every number in a sentence is one of the estimate's."""

import json
import re

import numpy as np
import pytest

from oce import Scenario, catalog, estimate
from oce.analysis import planning
from oce.method.calibration_file import committed
from oce.method.compute import FLOP_PER_TFLOP, training_flop
from oce.method.runs import reported, scored_runs
from oce.units import DEVICE_HOURS, DURATION, ENERGY, MASS, scientific, shown, significant
from pages.charts import learn

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
every_scenario = pytest.mark.parametrize("run", SCENARIOS.values(), ids=SCENARIOS)


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


def charts(result):
    """Every chart, as it opens and with its control moved."""
    run, past = result.scenario, result.past_runs
    own = result.log10_alpha.central
    elsewhere = estimate(planning.in_region(run, catalog.region("NOR")), past)
    yield learn.compute_area(result)
    yield learn.compute_area(result, 2, 2)
    for alpha in (own, -6, 150):
        yield learn.throughput_area(result, alpha)
    for count in {int(result.inputs.device_count), max(1, int(result.inputs.device_count) // 2)}:
        yield learn.time_area(result, estimate(run.replace(device_count=count), past))
    for pue in (float(result.inputs.pue), 1, 1.56, 2):
        yield learn.energy_area(result, estimate(run.replace(pue=pue), past), [(1.09, "good"), (1.56, "usual")])
    yield learn.carbon_area(result, result, "yours", 700)
    yield learn.carbon_area(result, elsewhere, "Norway", 700, [(458, "World")])
    for level in (0.5, 0.8, 0.95):
        yield learn.intervals(learn.states_of_knowledge(result, level), level)


@every_scenario
def test_every_chart_is_plain_json_and_says_something_without_gaps(run):
    for chart in charts(estimate(run)):
        for one in (chart, learn.enlarged(chart)):
            text = json.dumps(one.figure, allow_nan=False)
            assert len(text) < 12_000
            assert not re.search(r"\b(nan|inf|None)\b", one.sentence + text, re.IGNORECASE)
        assert chart.sentence.endswith(".")
        assert ".." not in chart.sentence
        assert chart.heading


# --- 1: compute ---


@every_scenario
@pytest.mark.parametrize("times", [(1, 1), (2, 1), (1, 2), (2, 2)])
def test_the_two_rectangles_are_the_compute(run, times):
    result = estimate(run)
    chart = learn.compute_area(result, *times)
    unit = size_of_unit(chart, "xaxis", learn.TOKENS) * size_of_unit(chart, "yaxis", learn.OPERATIONS)
    forward, backward = (area(trace(chart, name)) * unit for name in ("forward", "backward"))
    flop = result.training_flop.central * times[0] * times[1]
    assert forward + backward == pytest.approx(flop, rel=1e-3)
    assert backward == pytest.approx(2 * forward, rel=1e-3)  # 4 and 2 operations
    assert learn.flop_if(result, *times) == pytest.approx(flop)
    assert scientific(learn.flop_if(result, *times)) in chart.sentence


def test_a_token_costs_six_operations_for_each_parameter_it_passes_through():
    assert "6 × 70B parameters = 420 GFLOP; 15T tokens" in learn.compute_area(estimate(RUN)).sentence
    experts = learn.compute_area(estimate(SCENARIOS["mixture of experts"])).sentence
    assert "6 × 7B parameters = 42.0 GFLOP" in experts


@pytest.mark.parametrize("name", ["compute alone", "compute and size"])
def test_compute_that_was_given_directly_is_said_to_be(name):
    result = estimate(SCENARIOS[name])
    size = learn.size_of(result)
    assert size.stated
    assert size.usual == (name == "compute alone")
    assert float(training_flop(size.parameters, size.tokens)) == pytest.approx(4e20)
    assert "given directly, 4.00 × 10²⁰ FLOP" in learn.compute_area(result).sentence


# --- 2: throughput ---


@every_scenario
@pytest.mark.parametrize("alpha", [None, -6, 0, 30, 150])
def test_the_area_under_the_curve_is_the_compute_whatever_alpha(run, alpha):
    result = estimate(run)
    chart = learn.throughput_area(result, result.log10_alpha.central if alpha is None else alpha)
    curve = trace(chart, "compute (area)")
    seconds = np.array(curve["x"]) * size_of_unit(chart, "xaxis", DEVICE_HOURS) * 3600
    done = np.trapezoid(curve["y"], seconds) * FLOP_PER_TFLOP
    assert done == pytest.approx(result.training_flop.central, rel=0.01)
    assert scientific(result.training_flop.central) in chart.sentence


@every_scenario
def test_at_its_own_alpha_the_final_run_takes_what_the_estimate_says(run):
    result = estimate(run)
    hours = result.device_hours.central / (1 + float(result.inputs.overhead_fraction))
    assert learn.device_hours_at(result, result.log10_alpha.central) == pytest.approx(hours)
    chart = learn.throughput_area(result, result.log10_alpha.central)
    assert shown(hours, DEVICE_HOURS) in chart.sentence
    assert "as long as yours" not in chart.sentence
    half = learn.device_hours_at(result, learn.alpha_for_half_the_time(result))
    assert half == pytest.approx(hours / 2)


@pytest.mark.parametrize("final", [1e-6, 0.5, 3.0, 40.0, 400.0])
def test_the_cold_start_ends_at_nine_tenths_of_the_final_speed(final):
    share = learn.cold_start_share(final)
    # f(t) = ln(1 + αt) with αT = e^v - 1: at the share s of the time, f = ln(1 + s (e^v - 1))
    log_reached = np.log(share) + final + np.log(-np.expm1(-final))
    assert np.logaddexp(0, log_reached) == pytest.approx(0.9 * final, rel=1e-6)
    assert 0 < share < 0.9


def test_a_cold_start_that_can_be_seen_is_drawn_and_one_that_cannot_is_said():
    result = estimate(RUN)
    early = learn.throughput_area(result, -6)
    assert "cold start" in [one["name"] for one in early.figure["data"]]
    assert "27% of that." in early.sentence
    late = learn.throughput_area(result, 100)
    assert "cold start" not in [one["name"] for one in late.figure["data"]]
    assert "too short to be seen" in late.sentence


# --- 3: time ---


@every_scenario
@pytest.mark.parametrize("times", [1, 2, 3])
def test_devices_times_time_is_the_device_hours_however_many(run, times):
    result = estimate(run)
    count = min(planning.possible_counts(run)[1], int(result.inputs.device_count) * times)
    other = estimate(run.replace(device_count=count))
    chart = learn.time_area(result, other)
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
@pytest.mark.parametrize("pue", [None, 1, 1.56])
def test_power_times_device_hours_with_the_building_is_the_energy(run, pue):
    result = estimate(run)
    other = result if pue is None else estimate(run.replace(pue=pue))
    chart = learn.energy_area(result, other)
    parts = [one for one in chart.figure["data"] if one["name"] in ("devices", "building")]
    kwh = sum(map(area, parts)) * size_of_unit(chart, "xaxis", DEVICE_HOURS) / 1000
    assert kwh == pytest.approx(other.energy_kwh.central, rel=1e-3)
    assert shown(other.energy_kwh.central, ENERGY) in chart.sentence
    assert len(parts) == (2 if float(other.inputs.pue) > 1 else 1)


# --- 5: grid ---


@every_scenario
@pytest.mark.parametrize("place", [None, "NOR", "IND"])
def test_energy_times_intensity_is_the_operational_carbon(run, place):
    result = estimate(run)
    other = result if place is None else estimate(planning.in_region(run, catalog.region(place)))
    chart = learn.carbon_area(result, other, place or "yours", 700)
    grams = area(trace(chart, "operational carbon")) * size_of_unit(chart, "xaxis", ENERGY)
    assert grams / 1000 == pytest.approx(other.operational_co2e_kg.central, rel=1e-3)
    assert learn.operational(other, result) in chart.sentence


def test_a_grid_without_carbon_emits_nothing_in_a_unit_that_can_be_compared():
    none, some = estimate(SCENARIOS["no carbon"]), estimate(RUN)
    assert learn.operational(none, some) == "0 t CO2e"
    assert "times" not in learn.carbon_area(none, some, "United States", 700).sentence


# --- 6: uncertainty ---


def widths(result, level=0.8):
    return {one.label: one.result.device_hours.ratio for one in learn.states_of_knowledge(result, level)}


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
    states = {one.label: one for one in learn.states_of_knowledge(result, 0.95)}
    own = states["size, device and year"]
    assert own.own
    assert own.result.total_co2e_kg == estimate(RUN.replace(level=0.95)).total_co2e_kg
    (undated, *_) = learn.states_of_knowledge(estimate(RUN.replace(year=None)), 0.95)
    assert undated.label == "size and device"
    published = states["the paper's α"]
    assert published.result.total_co2e_kg == estimate(SCENARIOS["published"]).total_co2e_kg
    steady = states["+ a measured speed"].result
    assert steady.device_hours.central == pytest.approx(result.device_hours.central)
    assert steady.scenario.utilisation * np.exp(committed().gap_mean) == pytest.approx(result.utilisation.central)
    chart = learn.intervals(tuple(states.values()), 0.95)
    for one in states.values():
        assert f"×{significant(one.result.total_co2e_kg.ratio)}" in chart.sentence


@pytest.mark.parametrize("name", ["usual", "own utilisation", "measured", "published", "own alpha", "no device"])
def test_the_scenarios_own_state_is_marked_once(name):
    run = SCENARIOS[name]
    states = learn.states_of_knowledge(estimate(run), 0.8)
    (own,) = [one for one in states if one.own]
    assert own.result.total_co2e_kg == estimate(run).total_co2e_kg


def test_without_a_device_only_the_own_range_is_there_and_without_any_carbon_the_device_time():
    result = estimate(SCENARIOS["no carbon at all"])
    states = learn.states_of_knowledge(result, 0.8)
    chart = learn.intervals(states, 0.8)
    assert [one.label for one in states] == ["your own α range"]
    assert "All that is known here is your own α range: ×1.36" in chart.sentence
    assert "device-time" in chart.figure["layout"]["xaxis"]["title"]["text"]


def test_past_runs_are_a_state_of_their_own():
    past = reported([run for run in scored_runs() if run.organisation_group == "Meta"][:3])
    found = learn.states_of_knowledge(estimate(RUN, past), 0.8)
    assert [one.own for one in found] == [False, True, False, False]
    assert found[1].label == "+ your own past runs"
    assert found[1].result.device_hours == estimate(RUN, past).device_hours


# --- for a projector ---


@every_scenario
def test_slides_have_larger_type_and_the_same_data(run):
    for chart in charts(estimate(run)):
        large = learn.enlarged(chart)
        assert large.figure["data"] == chart.figure["data"]
        assert all(one["font"]["size"] >= 16 for one in large.figure["layout"]["annotations"])
        assert large.figure["layout"]["xaxis"]["tickfont"]["size"] >= 16
