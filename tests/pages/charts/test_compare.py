"""What the charts of a comparison draw is what the estimates say."""

import json

import pytest

from oce import Scenario, estimate
from oce.analysis import comparison
from pages import charts

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.08, year=2024)
NAMED = [
    ("H100", estimate(RUN)),
    ("A100", estimate(RUN.replace(device="A100 SXM4 80GB"))),
    ("TPU v4 in France", estimate(RUN.replace(device="TPU v4", region="France"))),
]


def test_every_scenario_has_its_total_and_its_ends():
    traces = charts.totals(NAMED).figure["data"]
    for (name, one), trace in zip(NAMED, traces, strict=True):
        assert trace["name"] == name
        centre = trace["x"][0]
        assert centre * 1000 == pytest.approx(one.total_co2e_kg.central)
        assert (centre + trace["error_x"]["array"][0]) * 1000 == pytest.approx(one.total_co2e_kg.high, rel=1e-4)


def test_the_waterfall_goes_from_one_total_to_the_other():
    for name, other in NAMED[1:]:
        (trace,) = charts.waterfall(NAMED[0], (name, other), comparison.why(NAMED[0][1], other)).figure["data"]
        steps = [
            (base, change)
            for base, change, width in zip(trace["base"], trace["x"], trace["width"], strict=True)
            if width > 0.3
        ]
        at = steps[0][1]
        assert at * 1000 == pytest.approx(NAMED[0][1].total_co2e_kg.central, rel=1e-4)
        for base, change in steps[1:-1]:
            assert base == pytest.approx(at, rel=1e-3)
            at = base + change
        assert at == pytest.approx(steps[-1][1], rel=1e-3)
        assert steps[-1][1] * 1000 == pytest.approx(other.total_co2e_kg.central, rel=1e-4)


def test_the_energy_of_a_flop_is_a_single_step_made_of_power_and_speed():
    parts = comparison.why(NAMED[0][1], NAMED[1][1])
    (trace,) = charts.waterfall(NAMED[0], NAMED[1], parts).figure["data"]
    change = dict(zip((name for name, _ in trace["customdata"]), trace["x"], strict=True))
    assert change["Energy per FLOP"] == pytest.approx(change["speed"] + change["power"], rel=1e-3)
    of = {part.factor: part.change_kg / 1000 for part in parts}
    assert [change["speed"], change["power"]] == pytest.approx([of["throughput"], of["power"]], rel=1e-3)


def test_the_sentence_names_the_largest_factor():
    parts = comparison.why(NAMED[0][1], NAMED[2][1])
    largest = max(parts, key=lambda part: abs(part.change_kg))
    assert largest.factor == "intensity"
    assert "grid intensity matters most and saves" in charts.waterfall(NAMED[0], NAMED[2], parts).sentence


def test_the_chosen_points_are_on_their_lines():
    chart = charts.times_by_devices(NAMED)
    marks = [trace for trace in chart.figure["data"] if trace["mode"] == "markers"]
    for (_, one), mark in zip(NAMED, marks, strict=True):
        assert mark["x"] == [16384]
        assert mark["y"][0] * 24 == pytest.approx(one.time_to_train_hours.central)


def test_every_device_has_its_own_peak_on_the_throughput_chart():
    layout = charts.throughput_curves(NAMED).figure["layout"]
    assert sorted(shape["y0"] for shape in layout["shapes"]) == [275, 312, 989]
    sides = {note["y"]: note["yanchor"] for note in layout["annotations"]}
    assert sides == {989: "bottom", 312: "bottom", 275: "top"}  # above the lowest, the next peak's line is too near


def test_the_charts_are_plain_json_and_small():
    for chart in (charts.totals(NAMED), charts.throughput_curves(NAMED), charts.times_by_devices(NAMED)):
        assert len(json.dumps(chart.figure, allow_nan=False)) < 15_000
        assert chart.sentence.endswith(".")
