"""What the charts of Scaling and Landscape draw is what is known, with its source; and their names can be read."""

import datetime
import json
import re
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oce import Scenario, catalog, estimate
from oce.field import accuracy, energy_sources, equipment_era, timeline
from oce.field.accuracy import BENCHMARKS, Conditions
from oce.interval import Interval
from pages import charts
from pages.charts import labels
from pages.charts import milestones as time_line
from pages.charts import scaling as scatter
from tests.support.rules import for_every

OFTEN = settings(max_examples=100, deadline=None)
BENCHMARK = pytest.mark.parametrize("benchmark", BENCHMARKS)
HERE = Conditions(400.0, 1.1)
RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
RUNS = {
    "usual": RUN,
    "tiny": Scenario(parameters=1e5, tokens=1e5, device="H100", region="NOR"),
    "huge": RUN.replace(parameters=1e14, tokens=1e16, device_count=None, carbon_intensity_g_per_kwh=2000),
}
IPCC = [one for one in energy_sources.sources() if one.set == "ipcc-2014"]


@cache
def operational(run):
    return estimate(RUNS[run]).operational_co2e_kg


@cache
def found(benchmark, as_trained=False, figure_7=False):
    """The points of a chart and what they say together."""
    points = accuracy.points(benchmark, HERE, as_trained, figure_7)
    return points, accuracy.finding(points)


def accuracy_chart(benchmark, run="usual", as_trained=False, figure_7=False, my_score=None, families=True):
    points, finding = found(benchmark, as_trained, figure_7)
    return charts.accuracy_against_carbon(benchmark, points, finding, operational(run), my_score, families)


def years_chart(benchmark, as_trained=False, figure_7=False):
    return charts.price_by_year(benchmark, found(benchmark, as_trained, figure_7)[0])


CHARTS = {
    **{
        f"accuracy-{benchmark}-{run}-{'own' if own else 'same'}-{'paper' if paper else 'all'}-{score}": (
            lambda b=benchmark, r=run, o=own, p=paper, s=score: accuracy_chart(b, r, o, p, s)
        )
        for benchmark in BENCHMARKS
        for run in RUNS
        for own in (False, True)
        for paper in (False, True)
        for score in (None, 0.0, 83.0)
    },
    **{
        f"years-{benchmark}-{'own' if own else 'same'}-{'paper' if paper else 'all'}": (
            lambda b=benchmark, o=own, p=paper: years_chart(b, o, p)
        )
        for benchmark in BENCHMARKS
        for own in (False, True)
        for paper in (False, True)
    },
    **{
        f"timeline-{recipe}-{run}": (lambda t=recipe, r=run: charts.timeline(timeline.emissions(t), operational(r)))
        for recipe in ("calibrated", "published")
        for run in RUNS
    },
    **{
        f"runs-{unit}-{by}": (lambda u=unit, b=by: charts.runs_over(equipment_era.run_points(), u, b))
        for unit in ("utilisation", "alpha")
        for by in ("year", "size")
    },
    **{
        f"devices-{unit}": (lambda u=unit: charts.by_device(equipment_era.by_device(), u))
        for unit in ("utilisation", "alpha")
    },
    "peak": lambda: charts.alpha_against_peak(equipment_era.run_points()),
    **{f"sources-{run}": (lambda r=run: charts.scenario_on_each(estimate(RUNS[r]), IPCC)) for run in RUNS},
    "survey": lambda: charts.survey_sources(energy_sources.survey()),
}
CHART = for_every("name", CHARTS)


@cache
def chart_of(name):
    return CHARTS[name]()


def marks(chart):
    """The traces that draw something that was found out, not a line between marks or a name beside one."""
    for one in chart.figure["data"]:
        drawn = one["type"] == "bar" or "markers" in one["mode"]
        if drawn and one.get("hoverinfo") != "skip" and one.get("name") != "your scenario":
            yield one


def trace(chart, name):
    return next(one for one in chart.figure["data"] if one.get("name") == name)


def drawn_ids(chart):
    return [data[0] for one in marks(chart) for data in one["customdata"]]


# --- every chart ---


@CHART
def test_a_chart_says_in_a_sentence_what_it_shows(name):
    chart = chart_of(name)
    assert chart.heading
    assert not chart.sentence[0].islower() or chart.sentence.startswith("log")
    assert chart.sentence.endswith(".")
    assert not re.search(r"\b(nan|inf|None)\b", chart.sentence)


@CHART
def test_a_chart_goes_over_the_wire_and_is_light(name):
    text = json.dumps(chart_of(name).figure, allow_nan=False)
    assert len(text.encode()) < 150_000


@CHART
def test_every_mark_carries_its_source(name):
    for one in marks(chart_of(name)):
        assert len(one["customdata"]) == len(one["x"]) == len(one["y"])
        last = len(one["customdata"][0]) - 1
        assert f"%{{customdata[{last}]}}" in one["hovertemplate"]
        for data in one["customdata"]:
            assert len(str(data[last]).strip()) >= 5
            assert all(str(part).strip() for part in data)


@CHART
def test_both_axes_say_what_they_show(name):
    chart = chart_of(name)
    said = [chart.figure["layout"][axis]["title"]["text"] for axis in ("xaxis", "yaxis")]
    assert any(said)


# --- accuracy against carbon ---


@BENCHMARK
@pytest.mark.parametrize("families", [True, False])
def test_every_model_is_drawn_once_at_its_carbon_and_its_score(benchmark, families):
    points = {one.row.id: one for one in accuracy.points(benchmark, HERE)}
    chart = accuracy_chart(benchmark, families=families)
    assert sorted(drawn_ids(chart)) == sorted(points)
    for one in marks(chart):
        for x, y, data in zip(one["x"], one["y"], one["customdata"], strict=True):
            assert x * 1000 == pytest.approx(points[data[0]].operational_co2e_kg.central, rel=1e-4)
            assert y == points[data[0]].score
    assert any(one.get("name") == "one family" for one in chart.figure["data"]) == families


@BENCHMARK
def test_a_filled_mark_has_reported_hours_and_an_open_one_an_interval(benchmark):
    points = {one.row.id: one for one in accuracy.points(benchmark, HERE)}
    for one in marks(accuracy_chart(benchmark)):
        filled = not one["marker"]["symbol"].endswith("-open")
        assert filled == ("error_x" not in one)
        for at, data in enumerate(one["customdata"]):
            assert points[data[0]].reported == filled
            assert ("estimated" in data[4]) == (not filled)
            if not filled:
                carbon = points[data[0]].operational_co2e_kg
                low, high = one["error_x"]["arrayminus"][at], one["error_x"]["array"][at]
                assert (one["x"][at] - low) * 1000 == pytest.approx(carbon.low, rel=1e-3)
                assert (one["x"][at] + high) * 1000 == pytest.approx(carbon.high, rel=1e-3)


@BENCHMARK
def test_the_dashed_line_goes_through_the_front(benchmark):
    best = accuracy.unbeaten(accuracy.points(benchmark, HERE))
    line = trace(accuracy_chart(benchmark), "best so far")
    assert line["y"] == [one.score for one in best] + [best[-1].score]
    assert line["x"][:-1] == pytest.approx([one.operational_co2e_kg.central / 1000 for one in best], rel=1e-4)
    assert line["x"] == sorted(line["x"])


@BENCHMARK
def test_the_legend_has_each_year_once(benchmark):
    chart = accuracy_chart(benchmark)
    shown = [one["name"] for one in chart.figure["data"] if one.get("showlegend", True)]
    assert len(set(shown)) == len(shown)
    assert {one["name"] for one in marks(chart)} <= set(shown)


@BENCHMARK
@pytest.mark.parametrize("run", RUNS)
def test_the_scenario_is_a_line_and_with_a_score_a_point(benchmark, run):
    tonnes = operational(run).central / 1000
    plan = accuracy_chart(benchmark, run).figure["layout"]
    line = next(one for one in plan["shapes"] if one["type"] == "line")
    assert line["x0"] == line["x1"] == tonnes
    assert 10 ** plan["xaxis"]["range"][0] < tonnes < 10 ** plan["xaxis"]["range"][1]
    assert "your scenario" in plan["annotations"][0]["text"]
    with_score = accuracy_chart(benchmark, run, my_score=83.0)
    star = trace(with_score, "your scenario")
    assert star["x"][0] == pytest.approx(tonnes, rel=1e-4)
    assert star["y"] == [83.0]
    assert "shapes" not in with_score.figure["layout"]


@BENCHMARK
@pytest.mark.parametrize("score", [0.0, 100.0])
def test_a_score_at_an_end_is_on_the_chart(benchmark, score):
    low, high = accuracy_chart(benchmark, my_score=score).figure["layout"]["yaxis"]["range"]
    assert low < score < high


@BENCHMARK
def test_what_a_score_costs_falls_in_steps(benchmark):
    chart = years_chart(benchmark)
    lines = chart.figure["data"]
    assert [one["name"] for one in lines] == [f"{score:g}% or more" for score in accuracy.THRESHOLDS[benchmark]]
    for one in lines:
        assert one["y"] == sorted(one["y"], reverse=True)
        assert one["line"]["shape"] == "hv"
    assert "times less" in chart.sentence


def test_where_nothing_fell_the_sentence_does_not_speak_of_a_fall():
    """With few models the first to reach a score may still be the cheapest."""
    for benchmark in BENCHMARKS:
        for as_trained in (False, True):
            for figure_7 in (False, True):
                assert "1.0 times less" not in years_chart(benchmark, as_trained, figure_7).sentence


def test_a_price_as_trained_is_not_said_to_be_under_the_same_conditions():
    """Each its own grid: the conditions are what differs."""
    chart = charts.price_by_year("mmlu", found("mmlu", as_trained=True, figure_7=False)[0], as_trained=True)
    assert "under the same conditions" not in chart.sentence
    assert "each under its own grid" in chart.sentence


def test_a_score_that_no_model_reaches_is_said():
    poor = [one for one in accuracy.points("mmlu", HERE) if one.score < 40]
    chart = charts.price_by_year("mmlu", poor)
    assert chart.sentence == "No model here reaches 40% on MMLU."
    assert chart.figure["data"] == []


# --- the time line ---


def test_every_milestone_is_drawn_and_those_with_another_compute_twice():
    placed = timeline.emissions()
    chart = charts.timeline(placed, operational("usual"))
    expected = [one.milestone.id for one in placed] + [one.milestone.id for one in placed if one.changed]
    assert sorted(drawn_ids(chart)) == sorted(expected)
    by_id = {one.milestone.id: one for one in placed}
    for one in marks(chart):
        for x, y, data in zip(one["x"], one["y"], one["customdata"], strict=True):
            row = by_id[data[0]]
            assert x == row.milestone.date.isoformat()
            either = (row.papers.central, row.todays.central)
            assert any(y * 1000 == pytest.approx(carbon, rel=1e-4) for carbon in either)


def test_each_task_has_a_symbol_and_each_kind_of_device_a_colour_of_its_own():
    placed = timeline.emissions()
    main = max(marks(charts.timeline(placed, operational("usual"))), key=lambda one: len(one["x"]))
    symbols = {}
    for row, symbol, colour in zip(placed, main["marker"]["symbol"], main["marker"]["color"], strict=True):
        assert symbols.setdefault(row.milestone.task, symbol) == symbol
        assert colour == charts.device_colour(catalog.device(row.milestone.device))
    assert len(set(symbols.values())) == len(symbols) == 15


def test_the_key_names_every_task_and_every_colour_once():
    placed = timeline.emissions()
    names = [one.name for one in charts.keys(placed)]
    tasks = list(dict.fromkeys(one.milestone.task for one in placed))
    assert names[: len(tasks)] == tasks
    coloured = [one.colour for one in charts.keys(placed)[len(tasks) :]]
    assert set(coloured) == {charts.device_colour(catalog.device(one.milestone.device)) for one in placed}
    assert len(set(coloured)) == len(coloured)
    assert len({(one.outline, one.filled) for one in charts.keys(placed)[: len(tasks)]}) == len(tasks)


@pytest.mark.parametrize("run", RUNS)
def test_the_scenario_lies_across_the_time_line(run):
    mine = operational(run)
    placed = timeline.emissions()
    chart = charts.timeline(placed, mine)
    plan = chart.figure["layout"]
    line = next(one for one in plan["shapes"] if one["type"] == "line")
    assert line["y0"] == line["y1"] == mine.central / 1000
    assert 10 ** plan["yaxis"]["range"][0] < mine.central / 1000 < 10 ** plan["yaxis"]["range"][1]
    below = sum(one.todays.central < mine.central for one in placed)
    assert chart.sentence.startswith(f"{below} of the 43 models")


def test_a_scenario_that_emits_nothing_has_no_place_on_the_time_line_but_the_models_have():
    chart = charts.timeline(timeline.emissions(), Interval(0.0, 0.0, 0.0))
    assert json.dumps(chart.figure, allow_nan=False)
    assert len(set(drawn_ids(chart))) == 43


# --- the equipment era ---


@pytest.mark.parametrize("unit", ["utilisation", "alpha"])
@pytest.mark.parametrize("by", ["year", "size"])
def test_every_run_is_drawn_once(unit, by):
    values = {
        one.run.id: one.utilisation if unit == "utilisation" else one.log10_alpha for one in equipment_era.run_points()
    }
    chart = charts.runs_over(equipment_era.run_points(), unit, by)
    assert sorted(drawn_ids(chart)) == sorted(
        one.run.id for one in equipment_era.run_points() if by == "year" or one.run.size is not None
    )
    for one in marks(chart):
        for y, data in zip(one["y"], one["customdata"], strict=True):
            assert y == pytest.approx(values[data[0]], rel=1e-4)


def test_a_run_stands_within_its_year():
    years = {one.run.id: one.run.year for one in equipment_era.run_points()}
    places = set()
    for one in marks(charts.runs_over(equipment_era.run_points(), "utilisation", "year")):
        for x, data in zip(one["x"], one["customdata"], strict=True):
            assert round(x) == years[data[0]]
            places.add(x)
    assert len(places) == len(years)


def test_the_papers_interval_holds_as_many_runs_as_it_says_in_both_units():
    said = {unit: charts.by_device(equipment_era.by_device(), unit).sentence for unit in ("utilisation", "alpha")}
    inside = total = 0
    for name, runs in equipment_era.by_device().items():
        device = catalog.device(name)
        if device.has_alpha:
            total += len(runs)
            inside += sum(device.log10_alpha_low <= one.log10_alpha <= device.log10_alpha_high for one in runs)
    for text in said.values():  # a run is inside or not, whatever the unit
        assert f"holds {inside} of the {total} runs" in text


def test_the_devices_without_an_alpha_are_drawn_on_the_line():
    chart = charts.alpha_against_peak(equipment_era.run_points())
    found = trace(chart, "devices without an α")
    for x, y in zip(found["x"], found["y"], strict=True):
        assert y == pytest.approx(equipment_era.line().at(x).central, rel=1e-3)
    shown = {data[0] for data in found["customdata"]}
    most = time_limit(chart)
    assert shown == {
        catalog.device(name).name
        for name in equipment_era.placed()
        if equipment_era.usual_peak(catalog.device(name)) <= most
    }


def time_limit(chart):
    return max(trace(chart, "line through the runs")["x"])


# --- where the energy comes from ---


@pytest.mark.parametrize("run", RUNS)
def test_each_source_and_the_grid_have_a_bar_from_the_least_to_the_most(run):
    result = estimate(RUNS[run])
    chart = charts.scenario_on_each(result, IPCC)
    bar = chart.figure["data"][0]
    assert bar["x"] == sorted(bar["x"])
    assert {data[0] for data in bar["customdata"]} == {one.name for one in IPCC} | {"Your grid"}
    by_name = {one.name: one for one in IPCC}
    size = max(energy_sources.emitted(result, one).central for one in IPCC) / max(
        x for x, data in zip(bar["x"], bar["customdata"], strict=True) if data[0] != "Your grid"
    )
    for at, data in enumerate(bar["customdata"]):
        own = data[0] == "Your grid"
        amount = result.operational_co2e_kg if own else energy_sources.emitted(result, by_name[data[0]])
        assert bar["x"][at] * size == pytest.approx(amount.central, rel=1e-3)
        assert (bar["x"][at] - bar["error_x"]["arrayminus"][at]) * size == pytest.approx(amount.low, rel=5e-3)


def test_a_source_of_which_only_a_range_is_known_gets_no_bar():
    chart = charts.scenario_on_each(estimate(RUN), energy_sources.sources())
    assert len(chart.figure["data"][0]["x"]) == sum(one.g_per_kwh is not None for one in energy_sources.sources()) + 1


def test_the_survey_is_drawn_as_it_was_printed():
    chart = charts.survey_sources(energy_sources.survey())
    bar = chart.figure["data"][0]
    called = [text.partition("  ")[0].removeprefix("<b>") for text, _ in bar["customdata"]]
    assert dict(zip((name.removesuffix("</b>") for name in called), bar["x"], strict=True)) == {
        "Hydroelectricity": 19,
        "Nuclear": 3,
        "Oil": 12,
        "Natural gas": 23,
        "Coal": 38,
    }
    assert "22 of 95 models" in chart.sentence


# --- names that can be read ---

ENDS = ((-1, "arrayminus"), (1, "array"))  # of whiskers
SHARES = st.floats(0, 1)
TEXTS = st.text(alphabet="abcdefghij", max_size=16)
CROWDS = st.lists(st.tuples(SHARES, SHARES, TEXTS), max_size=25)
SIZES = st.tuples(st.floats(50, 900), st.floats(50, 500))


def boxes(crowd, width, height, most):
    """What each text covers, by its place among the marks; only those that found one."""
    at = [(x, y) for x, y, _ in crowd]
    where = labels.text_positions(at, [text for *_, text in crowd], width, height, most)
    assert len(where) == len(crowd)
    return {
        number: labels._box(x * width, y * height, text, place)
        for number, ((x, y, text), place) in enumerate(zip(crowd, where, strict=True))
        if place
    }


def touch(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@OFTEN
@given(CROWDS, SIZES, st.integers(0, 30))
def test_no_name_touches_another_nor_a_mark_nor_leaves_the_plot(crowd, size, most):
    width, height = size
    found = boxes(crowd, width, height, most)
    assert len(found) <= most
    for one, other in combinations(found.values(), 2):
        assert not touch(one, other)
    for number, box in found.items():
        assert crowd[number][2]
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= width
        assert box[3] <= height
        for x, y, _ in crowd:
            mark = (x * width - 5, y * height - 5, x * width + 5, y * height + 5)
            assert not touch(box, mark)


@OFTEN
@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), TEXTS)
def test_alone_a_name_finds_room_on_a_large_plot(x, y, text):
    found = boxes([(x, y, text)], 900, 500, 1)
    assert bool(found) == bool(text)


def test_the_first_comes_first():
    crowd = [(0.5, 0.5, "important"), (0.5, 0.501, "less so")]
    assert list(boxes(crowd, 60, 30, 5)) == [] or list(boxes(crowd, 60, 30, 5)) == [0]
    assert labels.text_positions([(0.1, 0.5), (0.1, 0.52)], ["first", "second"], 200, 300, 1)[1] == ""


def test_a_name_goes_over_a_line_only_where_there_is_no_other_room():
    mark, plot = [(0.5, 0.5)], (200, 300)
    left = labels.line_box(0, 150, 90, 150)
    assert labels.text_positions(mark, ["name"], *plot, 1) == ["middle left"]
    assert labels.text_positions(mark, ["name"], *plot, 1, better_free=[left]) == ["top center"]
    assert labels.text_positions(mark, ["name"], *plot, 1, better_free=[(0, 0, *plot)]) == ["middle left"]
    assert labels.text_positions(mark, ["name"], *plot, 1, kept_free=[(0, 0, *plot)]) == [""]


def named(chart):
    return next(one for one in chart.figure["data"] if "text" in one.get("mode", ""))


def along(axis, values):
    """Values as they are measured along an axis: days, decades or as they are."""
    if axis.get("type") == "date":
        return [datetime.date.fromisoformat(value).toordinal() for value in values]
    return np.log10(values).tolist() if axis.get("type") == "log" else values


def shares(chart, one):
    """Where the names' marks lie, as shares of the plot."""
    columns = []
    for values, name in ((one["x"], "xaxis"), (one["y"], "yaxis")):
        axis = chart.figure["layout"][name]
        low, high = along(axis, axis["range"]) if axis.get("type") == "date" else axis["range"]
        columns.append([(value - low) / (high - low) for value in along(axis, values)])
    return list(zip(*columns, strict=True))


def overlap(one, other):
    """By how much two boxes lie over each other, the narrower way [px]."""
    return min(min(one[at + 2], other[at + 2]) - max(one[at], other[at]) for at in (0, 1))


@for_every("name", [name for name in CHARTS if name.startswith(("accuracy", "timeline"))])
def test_at_the_width_that_they_are_laid_out_for_no_two_names_overlap(name):
    chart = chart_of(name)
    module = time_line if name.startswith("timeline") else scatter
    one = named(chart)
    assert 0 < len(one["text"]) <= module.MOST_NAMES
    assert len(set(one["text"])) == len(one["text"])
    covered = [
        labels._box(x * module.WIDTH, y * module.HEIGHT, text, spot)
        for (x, y), text, spot in zip(shares(chart, one), one["text"], one["textposition"], strict=True)
    ]
    for box, other in combinations(covered, 2):
        assert (
            min(box[2], other[2]) - max(box[0], other[0]) < 0.5 or min(box[3], other[3]) - max(box[1], other[1]) < 0.5
        )


@for_every("name", [name for name in CHARTS if name.startswith("accuracy")])
def test_no_whisker_goes_through_a_name(name):
    chart = chart_of(name)
    one, size = named(chart), (scatter.WIDTH, scatter.HEIGHT)
    names = [
        labels._box(x * size[0], y * size[1], text, spot)
        for (x, y), text, spot in zip(shares(chart, one), one["text"], one["textposition"], strict=True)
    ]
    whiskers = []
    for trace in (trace for trace in chart.figure["data"] if "error_x" in trace and trace["name"] in scatter.ERAS):
        lows, highs = (np.add(trace["x"], sign * np.array(trace["error_x"][end])).tolist() for sign, end in ENDS)
        y = trace["y"]
        for (low, up), (high, _) in zip(*(shares(chart, {"x": x, "y": y}) for x in (lows, highs)), strict=True):
            whiskers.append((low * size[0], up * size[1], high * size[0], up * size[1]))
    assert whiskers or "-all-" not in name or "imagenet" in name  # the others may all have reported their hours
    assert [box for box in names for line in whiskers if touch(box, line)] == []


def test_on_the_usual_charts_most_of_the_important_names_are_there():
    chart = accuracy_chart("mmlu")
    best = [one.row.model for one in accuracy.unbeaten(accuracy.points("mmlu", HERE))]
    assert len(set(best) & set(named(chart)["text"])) >= len(best) - 1
    line = named(chart_of("timeline-calibrated-usual"))["text"]
    assert {"Gemini Ultra", "Flan-137B ×42"} <= set(line)
    assert len(line) >= 15
