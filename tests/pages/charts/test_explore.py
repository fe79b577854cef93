"""What the charts draw is what the estimate says."""

import json
import math

import numpy as np
import pytest

from oce import InputError, Scenario, catalog, estimate
from oce.analysis import device_counts, sensitivity
from oce.method.compute import FLOP_PER_TFLOP
from oce.method.embodied import manufacturing
from pages import charts
from tests.support.rules import for_every

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
FULL = RUN.replace(overhead_fraction=0.5)
SLOW = Scenario(training_flop=4e20, device="V100", device_count=8, region="FRA")


def trace(chart, name):
    return next(one for one in chart.figure["data"] if one["name"] == name)


STEADY = RUN.replace(utilisation=0.4)
PUBLISHED = RUN.replace(throughput="published")


@pytest.mark.parametrize("run", [RUN, FULL, SLOW, STEADY, PUBLISHED])
def test_the_shaded_area_is_the_compute(run):
    result = estimate(run)
    area = trace(charts.throughput_curve(result), "compute (area)")
    size = 1e6 if result.device_hours.high >= 1e6 else 1.0
    seconds = np.array(area["x"]) * size * 3600
    done = np.trapezoid(area["y"], seconds) * FLOP_PER_TFLOP
    assert done == pytest.approx(result.training_flop.central, rel=0.01)


def test_the_point_on_the_time_chart_is_the_scenario():
    result = estimate(RUN)
    point = trace(charts.time_by_devices(result), "your scenario")
    assert point["x"] == [16384]
    assert point["y"][0] * 24 == pytest.approx(result.time_to_train_hours.central)


def test_the_time_chart_marks_where_more_devices_stop_helping():
    chart = charts.time_by_devices(estimate(RUN))
    mark, curve = trace(chart, "more stop helping"), trace(chart, "central")
    most = mark["x"][0]
    assert most == pytest.approx(device_counts.fastest(estimate(RUN)).devices, rel=1e-4)
    assert mark["y"][0] == pytest.approx(min(curve["y"]), rel=1e-4)
    with pytest.raises(InputError, match="at most"):
        estimate(RUN.replace(device_count=device_counts.possible_counts(RUN)[1] + 1))
    assert f"Past {device_counts.fastest(estimate(RUN)).devices:,.0f}, more stop helping" in chart.sentence


def test_its_name_stands_below_every_curve():
    chart = charts.time_by_devices(estimate(RUN))
    (text,) = chart.figure["layout"]["annotations"]
    assert text["text"] == "more stop helping"
    assert text["yanchor"] == "top"
    assert 10 ** text["y"] == pytest.approx(min(trace(chart, "fast end")["y"]), rel=1e-4)
    assert chart.figure["layout"]["yaxis"]["range"][0] < text["y"]


def test_where_nothing_says_how_many_devices_are_too_many_none_is_marked():
    chart = charts.time_by_devices(estimate(RUN.replace(throughput="published")))
    assert "stop helping" not in json.dumps(chart.figure) + chart.sentence


def test_the_parts_of_the_bar_add_up_to_the_total_and_its_whisker_is_the_interval():
    result = estimate(RUN)
    traces = charts.carbon_parts(result).figure["data"]
    parts = {one["name"]: one["x"][0] * 1000 for one in traces if one["type"] == "bar"}
    assert sum(parts.values()) == pytest.approx(result.total_co2e_kg.central)
    made = {name: kg for name, kg in parts.items() if "embodied" in name}
    assert sum(made.values()) == pytest.approx(result.embodied_co2e_kg.central)
    chips, servers = made.values()
    of_card = manufacturing("h100-sxm")
    assert chips / servers == pytest.approx(of_card.card_kg.central / of_card.host_kg.central)
    whisker = trace(charts.carbon_parts(result), "total")
    centre, bar = whisker["x"][0], whisker["error_x"]
    assert (centre - bar["arrayminus"][0]) * 1000 == pytest.approx(result.total_co2e_kg.low, rel=1e-4)
    assert (centre + bar["array"][0]) * 1000 == pytest.approx(result.total_co2e_kg.high, rel=1e-4)


@pytest.mark.parametrize("unknown", [{"device": "B200", "embodied": "paper"}], ids=str)
def test_where_the_making_is_not_known_the_chart_says_that_it_is_left_out(unknown):
    result = estimate(Scenario(training_flop=1e21, region="FRA", **unknown))
    assert result.embodied_co2e_kg.central == 0
    assert "left out" in charts.carbon_parts(result).sentence
    assert "left out" not in charts.carbon_parts(estimate(RUN)).sentence


def test_the_ends_of_the_tornado_are_estimates_of_their_own():
    swings = {one.field: one for one in sensitivity.swings(estimate(RUN))}
    clean, dirty = catalog.region("Norway"), catalog.region("India")
    for swing, changes in (
        (swings["carbon_intensity_g_per_kwh"], [{"region": clean.id}, {"region": dirty.id}]),
        (swings["tokens"], [{"tokens": 7.5e12}, {"tokens": 30e12}]),
        (swings["pue"], [{"pue": 1.09}, {"pue": 1.56}]),
    ):
        ends = [estimate(RUN.replace(**change)).total_co2e_kg.central for change in changes]
        assert [swing.low_kg, swing.high_kg] == pytest.approx(ends)


def test_the_largest_swing_comes_first_and_is_named():
    result = estimate(RUN)
    swings = sensitivity.swings(result)
    assert [one.log_ratio for one in swings] == sorted((one.log_ratio for one in swings), reverse=True)
    assert charts.tornado(result, swings).sentence.startswith(swings[0].label)


def test_the_ends_of_its_bars_say_the_totals_and_have_room_beside_them():
    result = estimate(RUN)
    swings = sensitivity.swings(result)
    chart = charts.tornado(result, swings)
    least, most = chart.figure["layout"]["xaxis"]["range"]
    for name, field in (("lowest", "low_kg"), ("highest", "high_kg")):
        ends = trace(chart, name)
        assert ends["x"] == pytest.approx([getattr(swing, field) / 1000 for swing in swings], rel=1e-4)
        assert [float(text.strip().replace(",", "")) for text in ends["text"]] == pytest.approx(ends["x"], rel=5e-3)
        assert least < min(ends["x"]) < max(ends["x"]) < most
    assert min(chart.figure["layout"]["xaxis"]["tickvals"]) >= 0


def swing_of(result, field):
    (found,) = [one for one in sensitivity.swings(result) if one.field == field]
    return found


def test_the_throughput_swing_is_the_interval_where_nothing_else_is_uncertain():
    known = {"embodied": "paper", "power_fraction": 1.0, "pue": 1.1, "carbon_intensity_g_per_kwh": 400}
    result = estimate(RUN.replace(**known))
    swing = swing_of(result, "throughput")
    assert (swing.low_kg, swing.high_kg) == pytest.approx((result.total_co2e_kg.low, result.total_co2e_kg.high))


def test_the_throughput_swing_leaves_the_making_where_it_is():
    result = estimate(RUN)
    swing, total, hours = swing_of(result, "throughput"), result.total_co2e_kg, result.device_hours
    assert swing.low_kg == pytest.approx(total.central * hours.low / hours.central)
    assert swing.high_kg == pytest.approx(total.central * hours.high / hours.central)
    assert total.low < swing.low_kg < swing.high_kg < total.high


SPREAD_HOURS = 4 * 8766 * 0.85


def test_the_swing_of_the_making_is_as_wide_as_the_published_figures_are_apart():
    result = estimate(RUN)
    swing, operational = swing_of(result, "embodied"), result.operational_co2e_kg.central
    kg = manufacturing("h100-sxm").kg
    made = (swing.low_kg - operational, swing.high_kg - operational)
    assert made[1] / made[0] == pytest.approx(kg.high / kg.low)
    assert math.sqrt(made[0] * made[1]) == pytest.approx(result.embodied_co2e_kg.central)
    assert (swing.low_label, swing.high_label) == ("lowest figures", "highest figures")


def test_the_swing_of_the_papers_making_goes_to_the_whole_card_with_its_share_of_the_server():
    result = estimate(RUN.replace(embodied="paper"))
    swing, operational = swing_of(result, "embodied"), result.operational_co2e_kg.central
    hours = result.device_hours.central
    assert swing.low_kg == pytest.approx(operational + hours * 1.7 / 1000)
    assert swing.high_kg == pytest.approx(operational + hours * manufacturing("h100-sxm").kg.central / SPREAD_HOURS)
    assert (swing.low_label, swing.high_label) == ("bare silicon", "card and server")


def test_the_high_end_of_power_is_above_the_tdp_and_what_the_scenario_has():
    swing = swing_of(estimate(RUN), "power_w")
    assert float(swing.high_label.split(" W")[0]) > 700
    assert swing.low_kg < estimate(RUN).total_co2e_kg.central < swing.high_kg


@pytest.mark.parametrize("unknown", [{"device": "B200", "embodied": "paper"}], ids=str)
def test_a_making_that_is_not_known_has_no_swing(unknown):
    swings = sensitivity.swings(estimate(RUN.replace(**unknown)))
    assert "embodied" not in {one.field for one in swings}


def test_a_single_alpha_has_no_throughput_swing():
    swings = sensitivity.swings(estimate(RUN.replace(log10_alpha_low=100, log10_alpha_high=100)))
    assert "throughput" not in {one.field for one in swings}


@pytest.mark.parametrize("rate", [{"utilisation": 0.4}, {"tokens_per_second_per_device": 900}])
def test_the_throughput_swing_of_a_steady_rate_is_its_gap_to_the_whole_run(rate):
    result = estimate(RUN.replace(**rate))
    swing = next(one for one in sensitivity.swings(result) if one.field == "throughput")
    assert swing.high_kg / swing.low_kg == pytest.approx(result.device_hours.high_over_low)
    assert result.device_hours.high_over_low > 1.2


@for_every("model", [one.id for one in catalog.models()])
def test_every_preset_draws_plain_json_that_is_small(model):
    result = estimate(catalog.model(model).scenario())
    swings = sensitivity.swings(result)
    for chart in (
        charts.throughput_curve(result),
        charts.time_by_devices(result),
        charts.carbon_parts(result),
        charts.tornado(result, swings),
    ):
        assert len(json.dumps(chart.figure, allow_nan=False)) < 12_000
        assert chart.sentence.endswith(".")


def test_a_device_has_one_colour_and_its_family_shares_it():
    assert charts.device_colour(catalog.device("H100")) == charts.device_colour(catalog.device("H200"))
    assert charts.device_colour(catalog.device("H100")) != charts.device_colour(catalog.device("A100"))
    assert charts.device_colour(catalog.device("TPU v4")) != charts.device_colour(catalog.device("A100"))
