"""The charts of the printed report: what is drawn is what the figure says, and nothing else gets in."""

import math
import re
from functools import cache
from itertools import combinations
from xml.etree import ElementTree

import pytest

from oce import Scenario, catalog, estimate
from oce.analysis import comparison, sensitivity
from pages import charts as figures
from pages.charts.compare import DASHES, SYMBOLS
from pages.charts.svg import drawn
from pages.charts.theme import Chart

SVG = "{http://www.w3.org/2000/svg}"
LLAMA = catalog.model("llama-3-70b").scenario()
NO_CARBON = {"region": None, "carbon_intensity_g_per_kwh": 0.0}
RUNS = {
    "default": LLAMA,
    "tiny": Scenario(parameters=1e6, tokens=1e7, device="V100", device_count=1, region="FRA"),
    "clean grid": LLAMA.replace(**NO_CARBON),
    "nothing at all": LLAMA.replace(**NO_CARBON, device="ascend-910", throughput="published"),
    "published": LLAMA.replace(throughput="published"),
    "TPU": LLAMA.replace(device="TPU v4", device_count=4096),
}
CHARTS = ["throughput_curve", "time_by_devices", "carbon_interval", "tornado"]
CHARTS += ["totals", "throughput_curves", "times_by_devices", "waterfall"]
EVERY = [pytest.param(run, name, id=f"{run}-{name}") for run in RUNS for name in CHARTS]
HOSTILE = "<script>alert(1)</script> & \"one\" 'two' </b> ]]>\x00\x1b\ud800"
LONG = "A name that goes on and on, " * 12


@cache
def charts(run_name, other_name="On TPU v4"):
    run = RUNS[run_name]
    result = estimate(run)
    others = [("As it is", result), (other_name, estimate(run.replace(device="TPU v4", region="France")))]
    others += [("A small one", estimate(RUNS["tiny"]))]
    return {
        "throughput_curve": figures.throughput_curve(result),
        "time_by_devices": figures.time_by_devices(result),
        "carbon_interval": figures.carbon_interval(result),
        "tornado": figures.tornado(result, sensitivity.swings(result)),
        "totals": figures.totals(others),
        "throughput_curves": figures.throughput_curves(others),
        "times_by_devices": figures.times_by_devices(others),
        "waterfall": figures.waterfall(others[0], others[1], comparison.why(result, others[1][1])),
    }


def figure(*traces, **layout):
    """A chart of these traces; each is drawn by its marks unless it says otherwise."""
    whole = [{"type": "scatter", "mode": "markers", "marker": {"color": "#2A86C7", "size": 8}} | one for one in traces]
    plan = {"height": 300, "margin": {"t": 16}, **layout}
    return Chart("Heading", "Sentence.", {"data": whole, "layout": plan})


def parsed(chart):
    return ElementTree.fromstring(drawn(chart))


def groups(root, name):
    return [one for one in root.iter(f"{SVG}g") if one.get("class") == name]


def numbers(path):
    return [float(one) for one in re.findall(r"-?[\d.]+", path)]


def marks(root):
    """Where the marks are."""
    found = [mark for group in groups(root, "marks") for mark in group]
    return [tuple(numbers(one.get("transform") or f"{one.get('cx')} {one.get('cy')}")) for one in found]


def boxes(root):
    """Left, top, right, bottom of each bar."""
    rectangles = [one for group in groups(root, "bars") for one in group if one.tag == f"{SVG}rect"]
    sizes = [[float(one.get(name)) for name in ("x", "y", "width", "height")] for one in rectangles]
    return [(x, y, x + width, y + height) for x, y, width, height in sizes]


def texts(root):
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


def ruler(root, letter, log=False):
    """Where a value is, by what is written along the axis."""
    (group,) = groups(root, f"{letter}-ticks")
    known = [(float(text.text.replace(",", "")), float(text.get(letter))) for text in group]
    (low, start), (high, end) = known[1 if len(known) > 3 else 0], known[-2]  # those at the ends may be moved inwards
    shift = 4 if letter == "y" else 0  # from the middle of a label to its baseline
    of = math.log10 if log else float
    return lambda value: start - shift + (of(value) - of(low)) / (of(high) - of(low)) * (end - start)


# --- every chart of Explore and Compare ---


@pytest.mark.parametrize(("run", "name"), EVERY)
def test_every_chart_is_whole_and_stands_alone(run, name):
    chart = charts(run)[name]
    text = drawn(chart)
    root = ElementTree.fromstring(text)
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    assert root.find(f"{SVG}title").text == f"{chart.heading}. {chart.sentence}"
    assert len(text.encode()) < 60_000
    assert not re.search(r"(?<![a-z])(nan|inf|null|undefined)(?![a-z])", text.lower())
    assert re.findall(r"\w+://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"<script|@import|\s(on\w+|href|src|style)=", text.lower())
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(([^)]*)\)", text)) <= {f"#{one}" for one in ids}
    others = "".join(drawn(chart) for other, chart in charts(run).items() if other != name)
    assert not any(f'"{one}"' in others for one in ids)


@pytest.mark.parametrize(("run", "name"), EVERY)
@pytest.mark.parametrize("other", ["On TPU v4", LONG])
def test_marks_and_texts_are_inside_the_picture_and_no_texts_touch(run, name, other):
    root = parsed(charts(run, other)[name])
    *_, width, height = numbers(root.get("viewBox"))
    assert all(0 <= x <= width and 0 <= y <= height for x, y in marks(root))
    found = []
    for text in (
        one for name in ("x-ticks", "y-ticks", "texts", "notes") for group in groups(root, name) for one in group
    ):
        length = float(text.get("textLength") or 0.5 * float(text.get("font-size", 12)) * len("".join(text.itertext())))
        left = float(text.get("x")) - {"start": 0, None: 0.5, "end": 1}[text.get("text-anchor")] * length
        found.append((left, float(text.get("y")), left + length))
    assert all(left >= 0 and right <= width and 8 < y < height for left, y, right in found)
    for (left, y, right), (start, level, end) in combinations(found, 2):
        assert abs(y - level) > 11 or right < start or end < left


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_chart_is_always_the_same_text(name):
    charts.cache_clear()
    first = drawn(charts("default")[name])
    charts.cache_clear()
    assert drawn(charts("default")[name]) == first


def test_the_marks_of_the_carbon_interval_are_where_the_figures_say():
    result = estimate(LLAMA)
    root = parsed(figures.carbon_interval(result))
    at = ruler(root, "x", log=True)
    three = (result.total_co2e_kg, result.operational_co2e_kg, result.embodied_co2e_kg)
    for (x, _), errors, carbon in zip(marks(root), groups(root, "errors"), three, strict=True):
        low, _, high, *_ = numbers(errors[0].get("d"))
        ends = [at(end / 1e3) for end in (carbon.low, carbon.central, carbon.high)]
        assert [low, x, high] == pytest.approx(ends, abs=0.5)
    assert {"Total", "Operational", "Embodied", "carbon [t CO2e] (log)"} < set(texts(root))


def test_a_waterfall_stands_on_its_steps():
    chart = charts("default")["waterfall"]
    root = parsed(chart)
    at, changes = ruler(root, "y"), chart.figure["data"][0]["y"]
    levels = [sum(changes[: number + 1]) for number in range(len(changes))]
    feet = [0, *levels[:-2], 0]  # both totals stand on zero
    for (_, top, _, bottom), ends in zip(boxes(root), zip(feet, levels, strict=True), strict=True):
        assert (bottom, top) == pytest.approx([at(end) for end in sorted(ends)], abs=0.5)
    assert set(chart.figure["data"][0]["text"]) <= set(texts(root))


def test_the_sides_of_the_tornado_reach_its_ends_and_differ_in_more_than_colour():
    result = estimate(LLAMA)
    swings = sensitivity.swings(result)
    root = parsed(figures.tornado(result, swings))
    at = ruler(root, "x")
    lows, highs = boxes(root)[: len(swings)], boxes(root)[len(swings) :]
    assert [one[0] for one in lows] == pytest.approx([at(swing.low_kg / 1e3) for swing in swings], abs=0.5)
    assert [one[2] for one in highs] == pytest.approx([at(swing.high_kg / 1e3) for swing in swings], abs=0.5)
    assert [one[1] for one in lows] == sorted(one[1] for one in lows)  # the first on top
    less, more = groups(root, "bars")
    assert not less.findall(f"{SVG}pattern")
    (pattern,) = more.findall(f"{SVG}pattern")
    assert {one.get("fill") for one in more if one is not pattern} == {f"url(#{pattern.get('id')})"}


def test_lines_are_told_apart_by_a_legend_where_the_screen_has_a_pointer():
    for name in ("throughput_curve", "time_by_devices", "throughput_curves", "times_by_devices"):
        root = parsed(charts("default")[name])
        (legend,) = groups(root, "legend")
        width, height = numbers(root.get("viewBox"))[2:]
        places = [numbers(entry.get("transform")) for entry in legend]
        assert all(x < width - 46 and y < height for x, y in places)
        assert len(set(map(tuple, places))) == len(places)
    assert ["".join(one.itertext()) for one in legend] == ["As it is", "On TPU v4", "A small one"]
    assert not groups(parsed(charts("default")["totals"]), "legend")


def test_a_name_cannot_become_anything_but_text():
    for name in ("totals", "throughput_curves", "times_by_devices", "waterfall"):
        chart = charts("default", HOSTILE)[name]
        text = drawn(Chart(chart.heading, f"{HOSTILE} {chart.sentence}", chart.figure))
        root = ElementTree.fromstring(text)
        assert "<script" not in text
        assert "alert(1)" in re.sub(r"\s", "", "".join(texts(root)))


# --- where things are ---


@pytest.mark.parametrize("ends", [[0, 4], [4, 0]])
@pytest.mark.parametrize("kind", ["linear", "log"])
def test_a_point_is_at_its_value_on_both_axes(kind, ends):
    axis = {"type": kind, "range": ends}
    values = [10, 100, 1000] if kind == "log" else [0.5, 1, 3.5]
    root = parsed(figure({"x": values, "y": values}, xaxis=axis, yaxis=axis))
    x, y = ruler(root, "x", kind == "log"), ruler(root, "y", kind == "log")
    for at, value in zip(marks(root), values, strict=True):
        assert at == pytest.approx((x(value), y(value)), abs=0.2)


def test_an_area_reaches_down_to_zero_or_back_along_the_line_before():
    lines = {"mode": "lines", "name": "", "x": [0, 1], "line": {"color": "red"}, "fillcolor": "rgba(1,2,3,0.2)"}
    below, above = lines | {"y": [10, 20], "fill": "tozeroy"}, lines | {"y": [30, 40], "fill": "tonexty"}
    root = parsed(figure(below, above, yaxis={"range": [0, 50]}))
    x, y = ruler(root, "x"), ruler(root, "y")
    one, other = (numbers(group[0].get("d")) for group in groups(root, "lines"))
    low, high = [x(0), y(10), x(1), y(20)], [x(0), y(30), x(1), y(40)]
    assert one == pytest.approx([*low, x(1), y(0), x(0), y(0)], abs=0.2)
    assert other == pytest.approx([*high, x(1), y(20), x(0), y(10)], abs=0.2)


def test_shapes_and_annotations_are_at_their_values():
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 60, "y1": 60, "line": {"color": "red"}}
    note = {"x": 1, "xref": "paper", "xanchor": "right", "yanchor": "bottom", "showarrow": False}
    notes = [note | {"y": 60, "text": "one peak"}, note | {"y": 59, "text": "the other"}]
    root = parsed(figure({"x": [0, 1], "y": [0, 100]}, shapes=[line], annotations=notes))
    level = ruler(root, "y")(60)
    (path,) = groups(root, "shapes")[0]
    start, y, end, other = numbers(path.get("d"))
    assert (y, other) == pytest.approx((level, level), abs=0.1)
    assert end - start > 600
    first, second = (float(one.get("y")) for one in groups(root, "notes")[0])
    assert level - 10 < first < level
    assert abs(second - first) > 15  # where it would touch, it goes on


def test_six_scenarios_look_different():
    lines = [{"mode": "lines", "x": [0, 1], "y": [0, 1], "line": {"color": "red", "dash": dash}} for dash in DASHES]
    points = [{"x": [1], "y": [1], "marker": {"color": "red", "size": 8, "symbol": symbol}} for symbol in SYMBOLS]
    looks = {re.sub("chart-[0-9a-f]+", "", drawn(figure(trace))) for trace in lines + points}
    assert len(looks) == 12


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        ({"range": [0, 4000]}, ["0", "500", "1,000", "1,500", "2,000", "2,500", "3,000", "3,500", "4,000"]),
        ({"range": [-0.1, 0.1]}, ["−0.1", "−0.05", "0", "0.05", "0.1"]),
        ({"range": [0, 3e6]}, ["0", "500,000", "10⁶", "1.5 × 10⁶", "2 × 10⁶", "2.5 × 10⁶", "3 × 10⁶"]),
        ({"type": "log", "range": [-1, 5]}, ["0.1", "1", "10", "100", "1,000", "10,000", "100,000"]),
        ({"type": "log", "range": [0.2, 1.9]}, ["2", "5", "10", "20", "50"]),
        ({"type": "log", "range": [-6, 8]}, ["10⁻⁶", "0.0001", "0.01", "1", "100", "10,000", "10⁶", "10⁸"]),
        ({"range": [0, 3], "showticklabels": False}, []),
    ],
)
def test_the_ticks_of_an_axis(axis, expected):
    middle = sum(axis["range"]) / 2
    root = parsed(figure({"x": [10**middle if axis.get("type") else middle], "y": [1]}, xaxis=axis))
    assert [text for group in groups(root, "x-ticks") for text in texts(group)] == expected


# --- what is refused ---


@pytest.mark.parametrize(
    ("trace", "layout", "said"),
    [
        ({"type": "choropleth"}, {}, "choropleth"),
        ({"stackgroup": "parts"}, {}, "stackgroup"),
        ({"yaxis": "y2"}, {}, "yaxis"),
        ({"marker": {"symbol": "hexagram"}}, {}, "hexagram"),
        ({"marker": {"color": "url(https://example.org/x)", "size": 8}}, {}, "colour"),
        ({"mode": "lines", "line": {"dash": "5px 2px"}}, {}, "dash"),
        ({"type": "bar"}, {}, "mode of bar"),
        ({"error_x": {"type": "percent", "value": 10}}, {}, "value"),
        ({"x": [None]}, {}, "None"),
        ({"x": [math.nan]}, {}, "nan"),
        ({"x": [0]}, {"xaxis": {"type": "log"}}, "log"),
        ({"x": [5]}, {"xaxis": {"range": [0, 2]}}, "beyond"),
        ({}, {"xaxis": {"type": "date"}}, "date"),
        ({}, {"shapes": [{"type": "circle", "x0": 0, "x1": 1, "y0": 0, "y1": 1}]}, "circle"),
        ({}, {"annotations": [{"x": 1, "y": 1, "text": "there"}]}, "showarrow"),
    ],
)
def test_what_would_be_drawn_wrong_is_refused_by_name(trace, layout, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        drawn(figure({"x": [1], "y": [1]} | trace, **layout))


def test_bars_side_by_side_are_refused():
    sides = charts("default")["tornado"].figure
    with pytest.raises(ValueError, match="barmode"):
        drawn(Chart("", "", {"data": sides["data"], "layout": sides["layout"] | {"barmode": None}}))
