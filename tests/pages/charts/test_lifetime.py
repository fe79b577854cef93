"""What the charts of the whole life draw is what is worked out; and they are small."""

import dataclasses
import json

import numpy as np
import pytest

from oce import Scenario, estimate
from oce import units as quantities
from oce.analysis import inference, lifetime
from oce.analysis.lifetime import DAYS_PER_YEAR, HOURS_PER_DAY, PARTS, Service
from oce.interval import Interval
from pages import charts
from pages.charts.lifetime import LOOK_AHEAD

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
QUERY = inference.modelled(70e9, 70e9, 400)
SERVICE = Service(1e7, 4.0, QUERY.kwh_per_query, QUERY.embodied_kg_per_query)
OFTEN = dataclasses.replace(SERVICE, queries_per_day=3e8)
SHORT = dataclasses.replace(OFTEN, years=0.5)
SELDOM = dataclasses.replace(SERVICE, queries_per_day=100.0)
NEVER = dataclasses.replace(SERVICE, queries_per_day=0.0)
OWN = Service(1e8, 10.0, Interval(1e-3, 1e-3, 1e-3))
SERVICES = pytest.mark.parametrize("service", [SERVICE, OFTEN, SHORT, SELDOM, NEVER, OWN])
GRIDS = pytest.mark.parametrize("grid", [0, 400])


def result_on(grid):
    return estimate(RUN.replace(carbon_intensity_g_per_kwh=grid))


def trace(chart, name, band=False):
    return next(
        one
        for one in chart.figure["data"]
        if one["name"] == name and ("fill" in one) == band and "hoverinfo" not in one
    )


def units(chart):
    """What a unit of the axes of a chart is: days, and kg."""
    layout = chart.figure["layout"]
    time = layout["xaxis"]["title"]["text"].split()[0]
    mass = layout["yaxis"]["title"]["text"].partition("[")[2].rstrip("]")
    hours = next(one.size for one in quantities.DURATION if one.name == time)
    return hours / HOURS_PER_DAY, next(one.size for one in quantities.MASS if one.name == mass)


@SERVICES
@GRIDS
def test_the_curves_are_those_that_are_worked_out(service, grid):
    result = result_on(grid)
    chart = charts.training_against_inference(result, service)
    a_day, a_kg = units(chart)
    for name, of in (("training", "training"), ("inference", "inference"), ("both together", "total")):
        drawn = trace(chart, name)
        wanted = getattr(lifetime.lifetime(result, service, np.array(drawn["x"]) * a_day), of)[1]
        assert np.array(drawn["y"]) * a_kg == pytest.approx(wanted, rel=2e-4, abs=1e-6 * max(wanted))
    both = np.array(trace(chart, "both together")["y"])
    parts = np.array(trace(chart, "training")["y"]) + np.array(trace(chart, "inference")["y"])
    assert both == pytest.approx(parts, rel=1e-4)


@SERVICES
@GRIDS
def test_the_parts_are_stacked_as_high_as_the_total(service, grid):
    result = result_on(grid)
    chart = charts.parts_of_life(result, service)
    a_day, a_kg = units(chart)
    areas = chart.figure["data"]
    assert [one["name"] for one in areas] == list(PARTS.values())
    assert {one["stackgroup"] for one in areas} == {"parts"}
    total = lifetime.lifetime(result, service, np.array(areas[0]["x"]) * a_day).total[1]
    assert sum(np.array(one["y"]) for one in areas) * a_kg == pytest.approx(total, rel=2e-4)
    assert areas[0]["x"][-1] * a_day == pytest.approx(service.days, rel=1e-4)
    assert chart.figure["layout"]["xaxis"]["range"][1] * a_day == pytest.approx(service.days, rel=1e-4)


@SERVICES
def test_the_day_is_marked_where_it_is_on_the_chart(service):
    result = estimate(RUN)
    chart = charts.training_against_inference(result, service)
    a_day, _ = units(chart)
    layout = chart.figure["layout"]
    last = layout["xaxis"]["range"][1] * a_day
    even = lifetime.break_even_days(result, service)
    marks = [one for one in layout["shapes"] if one["type"] == "line" and one["line"]["dash"] == "solid"]
    if even is None or even.central > last:
        assert marks == []
        return
    assert len(marks) == 1
    assert marks[0]["x0"] * a_day == pytest.approx(even.central, rel=1e-4)
    bands = [one for one in layout["shapes"] if one["type"] == "rect"]
    assert [bands[0]["x0"] * a_day, bands[0]["x1"] * a_day] == pytest.approx([even.low, min(even.high, last)], rel=2e-4)
    said = quantities.shown(even.central * HOURS_PER_DAY, quantities.DURATION)
    assert any(said in one["text"] for one in layout["annotations"])


def test_the_chart_goes_on_to_where_the_lines_cross_but_not_for_ever():
    result = estimate(RUN)
    even = lifetime.break_even_days(result, SERVICE).central
    for queries, ends_at in ((1.0, SERVICE.days), (1e7 * even / SERVICE.days / 1.5, 1.5 * 1.15 * SERVICE.days)):
        service = dataclasses.replace(SERVICE, queries_per_day=queries)
        chart = charts.training_against_inference(result, service)
        assert chart.figure["layout"]["xaxis"]["range"][1] * units(chart)[0] == pytest.approx(ends_at, rel=1e-3)
        said = [one["text"] for one in chart.figure["layout"]["annotations"]]
        assert ("end of service " in said) == (ends_at > service.days)
    assert LOOK_AHEAD > 1


@SERVICES
@GRIDS
def test_the_shares_are_those_of_the_table_and_make_a_whole(service, grid):
    result = result_on(grid)
    bars = charts.shares_of_life(result, service).figure["data"][0]
    assert sum(bars["x"]) == pytest.approx(100, abs=0.01)
    ends = lifetime.at_end(result, service)
    assert bars["x"] == pytest.approx([100 * ends[name].central / ends["total"].central for name in PARTS], abs=1e-3)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_every_task_has_its_interval_and_the_visitor_is_among_them(level):
    tasks, mine = inference.tasks(), QUERY.kwh_per_query
    chart = charts.energy_of_a_query(tasks, level, mine, "Yours: 400 tokens")
    measured, own = chart.figure["data"]
    drawn = {
        text: (x - low, x, x + high)
        for text, x, low, high in zip(
            measured["text"],
            measured["x"],
            measured["error_x"]["arrayminus"],
            measured["error_x"]["array"],
            strict=True,
        )
    }
    assert len(drawn) == 10
    for one in tasks:
        ends = next(ends for text, ends in drawn.items() if text.endswith(f"  {one.name}"))
        kwh = one.kwh_per_query(level)
        assert ends == pytest.approx([1000 * kwh.low, 1000 * kwh.central, 1000 * kwh.high], rel=1e-3)
    assert own["x"] == pytest.approx([1000 * mine.central], rel=1e-4)
    assert sorted([*measured["y"], *own["y"]]) == list(range(11))
    everything = dict(zip([*measured["y"], *own["y"]], [*measured["x"], *own["x"]], strict=True))
    assert [everything[at] for at in range(11)] == sorted(everything.values())
    assert chart.figure["layout"]["xaxis"]["type"] == "log"
    assert chart.sentence.startswith("Your query takes 0.219 Wh, 3.5 times as much as image captioning")


def test_a_query_that_is_a_measured_task_is_said_to_be_one():
    task = inference.tasks()[6]
    chart = charts.energy_of_a_query(inference.tasks(), 0.8, task.kwh_per_query(0.8), "Yours")
    assert chart.sentence == "Your query takes 0.047 Wh, as text generation does; 6 of the 10 tasks take less."


def test_table_5_is_drawn_as_printed_and_as_recomputed():
    chart = charts.parity_with_training(inference.parity())
    printed, recomputed = chart.figure["data"]
    assert printed["x"] == [592_570_000, 395_602_740, 292_467_741, 204_592_592]
    assert recomputed["x"] == [592_570_000, 395_561_643, 292_467_741, 204_592_592]
    assert chart.sentence.startswith(
        "3 of the 4 printed figures follow from their inputs to every digit; the largest difference is 0.01%."
    )


@SERVICES
@GRIDS
def test_the_charts_are_small_plain_and_each_says_something(service, grid):
    result = result_on(grid)
    for chart in (
        charts.training_against_inference(result, service),
        charts.parts_of_life(result, service),
        charts.shares_of_life(result, service),
        charts.energy_of_a_query(inference.tasks(), 0.8, service.kwh_per_query, "Yours"),
        charts.parity_with_training(inference.parity()),
    ):
        assert len(json.dumps(chart.figure, allow_nan=False)) < 9_000
        assert chart.sentence.endswith(".")
        assert "nan" not in chart.sentence


def test_years_are_days_below_two():
    result = estimate(RUN)
    for years, word in ((0.5, "days"), (4.0, "years")):
        chart = charts.parts_of_life(result, dataclasses.replace(OFTEN, years=years))
        assert chart.figure["layout"]["xaxis"]["title"]["text"].startswith(word)
        assert chart.figure["data"][0]["x"][-1] == pytest.approx(
            years * (DAYS_PER_YEAR if word == "days" else 1), rel=1e-4
        )
