"""The charts of the printed report: what is drawn is what the figure says, and nothing else gets in."""

import re
from functools import cache
from xml.etree import ElementTree

import pytest

from oce import Scenario, catalog, comparison, estimate, figures, sensitivity
from oce.figures.style import Chart
from oce.figures.svg import drawn

SVG = "{http://www.w3.org/2000/svg}"
LLAMA = catalog.model("llama-3-70b").scenario()
RUNS = {
    "default": LLAMA,
    "tiny": Scenario(parameters=1e6, tokens=1e7, device="V100", device_count=1, region="FRA"),
    "clean grid": LLAMA.replace(region=None, carbon_intensity_g_per_kwh=0.0),
    "nothing at all": Scenario(
        **{"parameters": 1e9, "tokens": 1e9, "device": "ascend-910", "carbon_intensity_g_per_kwh": 0.0},
        throughput="published",
    ),
    "published": LLAMA.replace(throughput="published"),
    "TPU": LLAMA.replace(device="TPU v4", device_count=4096),
}
CHARTS = (
    *("throughput_curve", "time_by_devices", "carbon_interval", "tornado"),
    *("totals", "throughput_curves", "times_by_devices", "waterfall"),
)
HOSTILE = "<script>alert(1)</script> & \"one\" 'two' ]]>\x00\x1b\ud800"


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
    return Chart("Heading", "Sentence.", {"data": whole, "layout": {"height": 300, **layout}})


def parsed(chart):
    return ElementTree.fromstring(drawn(chart))


def frame(root):
    """Left, right, top, bottom of the plot."""
    box = root.find(f"{SVG}defs/{SVG}clipPath/{SVG}rect").attrib
    left, top, width, height = (float(box[name]) for name in ("x", "y", "width", "height"))
    return left, left + width, top, top + height


def groups(root, name):
    return [one for one in root.iter(f"{SVG}g") if one.get("class") == name]


def marks(root):
    """Where the marks are, and which they are."""
    found = []
    for group in groups(root, "marks"):
        for mark in group:
            if mark.tag == f"{SVG}circle":
                found.append((float(mark.get("cx")), float(mark.get("cy"))))
            else:
                found.append(tuple(map(float, re.findall(r"[-\d.]+", mark.get("transform")))))
    return found


def texts(root):
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


def numbers(path):
    return [float(one) for one in re.findall(r"-?[\d.]+", path)]


# --- every chart of Explore and Compare ---


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("run", RUNS)
def test_every_chart_is_whole_and_stands_alone(run, name):
    chart = charts(run)[name]
    text = drawn(chart)
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == f"{chart.heading}. {chart.sentence}"
    assert len(text.encode()) < 60_000
    assert not re.search(r"(?<![a-z])(nan|inf|null|undefined)(?![a-z])", text.lower())
    assert re.findall(r"\w+://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert "<script" not in text.lower()
    assert "@import" not in text
    assert not re.search(r"\s(on\w+|href|src|style)=", text)


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("run", RUNS)
def test_what_a_chart_refers_to_is_in_it_and_only_there(run, name):
    text = drawn(charts(run)[name])
    ids = re.findall(r'\sid="([^"]+)"', text)
    used = re.findall(r"url\(([^)]*)\)", text)
    assert len(ids) == len(set(ids))
    assert {one.removeprefix("#") for one in used} <= set(ids)
    assert all(one.startswith("#") for one in used)
    others = "".join(drawn(chart) for other, chart in charts(run).items() if other != name)
    assert not any(f'"{one}"' in others for one in ids)


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("run", RUNS)
def test_marks_and_texts_are_inside_the_picture(run, name):
    root = parsed(charts(run)[name])
    width, height = numbers(root.get("viewBox"))[2:]
    assert all(0 <= x <= width and 0 <= y <= height for x, y in marks(root))
    upright = {one for group in groups(root, "titles") for inner in group.iter(f"{SVG}g") for one in inner.iter()}
    upright |= {one for group in groups(root, "legend") for one in group.iter()}
    for text in root.iter(f"{SVG}text"):
        if text not in upright:
            assert 0 <= float(text.get("x")) <= width
            assert 0 <= float(text.get("y")) <= height
    left, right, top, bottom = frame(root)
    assert right - left > 0.7 * width
    assert bottom - top > 0.4 * (height - 24)


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_chart_is_always_the_same_text(name):
    charts.cache_clear()
    first = drawn(charts("default")[name])
    charts.cache_clear()
    assert drawn(charts("default")[name]) == first


def test_the_ends_of_the_carbon_interval_are_where_the_figures_say():
    result = estimate(LLAMA)
    root = parsed(figures.carbon_interval(result))
    assert len(marks(root)) == 3
    words = " ".join(texts(root))
    assert all(name in words for name in ("Total", "Operational", "Embodied", "carbon [t CO2e] (log)", "2,290"))
    (x, _), *_ = marks(root)
    whisker = numbers(groups(root, "errors")[0][0].get("d"))
    assert whisker[0] < x < whisker[2]


def test_a_waterfall_stands_on_its_steps():
    chart = charts("default")["waterfall"]
    root = parsed(chart)
    trace = chart.figure["data"][0]
    bars = [one for group in groups(root, "bars") for one in group if one.tag == f"{SVG}rect"]
    assert len(bars) == len(trace["x"])
    tops = [float(one.get("y")) for one in bars]
    bottoms = [top + float(one.get("height")) for top, one in zip(tops, bars, strict=True)]
    assert bottoms[0] == pytest.approx(bottoms[-1], abs=0.2)  # both totals stand on zero
    down = trace["y"][1] < 0
    assert tops[1 if down else 0] == pytest.approx(tops[0] if down else bottoms[1], abs=0.2)
    shown = texts(root)
    assert all(one in shown for one in trace["text"])


def test_higher_and_lower_ends_of_the_tornado_differ_in_more_than_colour():
    root = parsed(charts("default")["tornado"])
    fills = [{one.get("fill") for one in group if one.tag == f"{SVG}rect"} for group in groups(root, "bars")]
    assert [any("url(" in fill for fill in of_trace) for of_trace in fills] == [False, True]
    pattern = root.find(f"{SVG}defs/{SVG}pattern")
    assert fills[1] == {f"url(#{pattern.get('id')})"}
    assert pattern.find(f"{SVG}path").get("stroke") == "#D0602B"


def test_lines_are_told_apart_by_a_legend_where_the_screen_has_a_pointer():
    for name in ("throughput_curve", "time_by_devices", "throughput_curves", "times_by_devices"):
        root = parsed(charts("default")[name])
        (legend,) = groups(root, "legend")
        height = numbers(root.get("viewBox"))[3]
        assert all(numbers(entry.get("transform"))[1] < height for entry in legend)
    names = ["".join(one.itertext()) for one in legend]
    assert names == ["As it is", "On TPU v4", "A small one"]
    assert not groups(parsed(charts("default")["totals"]), "legend")


def test_a_name_cannot_become_anything_but_text():
    for name in ("totals", "throughput_curves", "times_by_devices", "waterfall"):
        chart = charts("default", HOSTILE)[name]
        chart = Chart(chart.heading, f"{HOSTILE} {chart.sentence}", chart.figure)
        text = drawn(chart)
        root = ElementTree.fromstring(text)
        assert "<script" not in text
        assert not list(root.iter(f"{SVG}script"))
        assert "alert(1)" in re.sub(r"[\s]", "", "".join(texts(root)))


def test_a_long_name_leaves_room_for_the_plot_and_its_figures_readable():
    long = "A name that goes on and on, " * 12
    for name in ("totals", "throughput_curves", "waterfall"):
        root = parsed(charts("default", long)[name])
        left, right, top, bottom = frame(root)
        assert bottom - top > 100
        assert right - left > 400
    assert any(re.search(r"…\s+404", one) for one in texts(parsed(charts("default", long)["totals"])))


# --- where things are ---


@pytest.mark.parametrize(
    ("axis", "low", "high"),
    [
        ({"range": [2, 12]}, 2, 12),
        ({"range": [12, 2]}, 12, 2),
        ({"type": "log", "range": [-1, 3]}, 0.1, 1000),
        ({"type": "log", "range": [3, -1]}, 1000, 0.1),
    ],
)
def test_a_point_at_the_end_of_an_axis_is_drawn_there(axis, low, high):
    middle = (low * high) ** 0.5 if axis.get("type") == "log" else (low + high) / 2
    ends = [low, middle, high]
    root = parsed(figure({"x": ends, "y": ends}, xaxis=axis, yaxis=axis))
    left, right, top, bottom = frame(root)
    found = marks(root)
    assert found[0] == pytest.approx((left, bottom), abs=0.11)
    assert found[1] == pytest.approx(((left + right) / 2, (top + bottom) / 2), abs=0.11)
    assert found[2] == pytest.approx((right, top), abs=0.11)


def test_a_reversed_axis_begins_at_the_other_end():
    trace = {"x": ["a", "b", "c"], "y": [1, 2, 3]}
    usual, turned = parsed(figure(trace)), parsed(figure(trace, xaxis={"autorange": "reversed"}))
    assert [x for x, _ in marks(usual)] == sorted(x for x, _ in marks(usual))
    assert [x for x, _ in marks(turned)] == sorted((x for x, _ in marks(turned)), reverse=True)


def test_an_axis_shows_everything_with_room_for_the_marks():
    root = parsed(figure({"x": [1, 5], "y": [10, 90]}))
    left, right, top, bottom = frame(root)
    (x0, y0), (x1, y1) = marks(root)
    assert x0 - left == pytest.approx(0.05 * (right - left) + 4, abs=0.2)  # Plotly's 5 % and the radius
    assert right - x1 == pytest.approx(0.05 * (right - left) + 4, abs=0.2)
    assert bottom - y0 == pytest.approx(0.05 * (bottom - top) + 4, abs=0.2)
    assert y1 - top == pytest.approx(0.05 * (bottom - top) + 4, abs=0.2)


def test_an_axis_to_zero_begins_there():
    root = parsed(figure({"x": [1, 2], "y": [50, 100]}, yaxis={"rangemode": "tozero"}))
    *_, bottom = frame(root)
    (_, half), (_, whole) = marks(root)
    assert bottom - whole == pytest.approx(2 * (bottom - half), abs=0.3)


@pytest.mark.parametrize("kind", ["linear", "log"])
def test_error_bars_end_where_their_values_are(kind):
    error = {"type": "data", "symmetric": False, "array": [60], "arrayminus": [30], "width": 5, "thickness": 3}
    axis = {"range": [0, 100]} if kind == "linear" else {"type": "log", "range": [0, 2]}
    root = parsed(figure({"x": [40], "y": [1], "error_x": error}, {"x": [10, 100], "y": [1, 1]}, xaxis=axis))
    (path,) = groups(root, "errors")[0]
    _, low, high = (x for x, _ in marks(root))
    _, y = marks(root)[0]
    line, first, last = re.findall(r"M[^M]+", path.get("d"))
    assert numbers(line) == pytest.approx([low, y, high, y], abs=0.11)
    assert numbers(first) == pytest.approx([low, y - 5, low, y + 5], abs=0.11)
    assert numbers(last) == pytest.approx([high, y - 5, high, y + 5], abs=0.11)
    assert path.get("stroke-width") == "3"


def test_an_error_bar_to_zero_ends_with_a_log_axis_and_has_no_cap_there():
    error = {"type": "data", "array": [10], "arrayminus": [40], "symmetric": False}
    root = parsed(figure({"x": [40], "y": [1], "error_x": error}, xaxis={"type": "log", "range": [0, 2]}))
    (path,) = groups(root, "errors")[0]
    assert numbers(path.get("d"))[0] == pytest.approx(frame(root)[0], abs=0.11)
    assert path.get("d").count("M") == 2


def test_shapes_are_given_in_values_and_annotations_in_powers_on_a_log_axis():
    root = parsed(
        figure(
            {"x": [0, 1], "y": [1, 100]},
            yaxis={"type": "log", "range": [0, 4]},
            shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 100, "y1": 100}],
            annotations=[{"x": 0, "xref": "paper", "y": 2, "text": "here", "showarrow": False, "xanchor": "left"}],
        )
    )
    left, right, top, bottom = frame(root)
    (path,) = groups(root, "shapes")[0]
    assert numbers(path.get("d")) == pytest.approx([left, (top + bottom) / 2, right, (top + bottom) / 2], abs=0.11)
    (note,) = groups(root, "notes")[0]
    assert float(note.get("y")) == pytest.approx((top + bottom) / 2 + 4.2, abs=1)  # the baseline is below the middle


def test_annotations_that_would_touch_go_to_either_side_of_their_line():
    note = {"x": 1, "xref": "paper", "xanchor": "right", "yanchor": "bottom", "showarrow": False}
    root = parsed(
        figure(
            {"x": [0, 1], "y": [0, 100]},
            yaxis={"range": [0, 100]},
            annotations=[note | {"y": 52, "text": "one peak"}, note | {"y": 50, "text": "the other"}],
        )
    )
    first, second = (float(one.get("y")) for one in groups(root, "notes")[0])
    assert second - first > 15


def test_a_line_has_a_gap_where_a_value_is_missing_or_has_no_logarithm():
    trace = {"mode": "lines", "x": [1, 2, 3, 4, 5], "y": [1, 2, None, 4, 5]}
    (line,) = groups(parsed(figure(trace)), "lines")[0]
    assert line.get("d").count("M") == 2
    (line,) = groups(parsed(figure(trace | {"y": [1, 2, 0, 4, 5]}, yaxis={"type": "log"})), "lines")[0]
    assert line.get("d").count("M") == 2


def test_an_area_reaches_down_to_zero_or_back_along_the_line_before():
    lines = {"mode": "lines", "x": [0, 1]}
    root = parsed(
        figure(
            lines | {"y": [10, 20], "fill": "tozeroy", "fillcolor": "rgba(1,2,3,0.2)"},
            lines | {"y": [30, 40], "fill": "tonexty"},
            yaxis={"range": [0, 50]},
        )
    )
    left, right, top, bottom = frame(root)
    step = (bottom - top) / 5
    one, other = (numbers(group[0].get("d")) for group in groups(root, "lines"))
    low = [left, bottom - step, right, bottom - 2 * step]
    assert one == pytest.approx([*low, right, bottom, left, bottom], abs=0.11)
    high = [left, bottom - 3 * step, right, bottom - 4 * step]
    assert other == pytest.approx([*high, right, bottom - 2 * step, left, bottom - step], abs=0.11)


@pytest.mark.parametrize("orientation", ["h", "v"])
def test_bars_go_from_their_base_to_their_end(orientation):
    names, values = ["a", "b"], [20, -30]
    bars = {"type": "bar", "orientation": orientation, "base": 50, "mode": None}
    bars |= {"x": values, "y": names} if orientation == "h" else {"x": names, "y": values}
    along = {"range": [0, 100]}
    root = parsed(figure(bars, **({"xaxis": along} if orientation == "h" else {"yaxis": along}), bargap=0.5))
    left, right, top, bottom = frame(root)
    boxes = [[float(one.get(k)) for k in ("x", "y", "width", "height")] for one in groups(root, "bars")[0]]
    if orientation == "h":
        a_start, a_length, size, across = left + (right - left) / 2, (right - left) / 5, right - left, bottom - top
        starts, lengths, thick = [one[0] for one in boxes], [one[2] for one in boxes], [one[3] for one in boxes]
        assert starts == pytest.approx([a_start, a_start - 0.3 * size], abs=0.11)
    else:
        a_length, size, across = (bottom - top) / 5, bottom - top, right - left
        starts, lengths, thick = [one[1] for one in boxes], [one[3] for one in boxes], [one[2] for one in boxes]
        assert starts == pytest.approx([top + 0.3 * size, top + 0.5 * size], abs=0.11)
    assert lengths == pytest.approx([a_length, 1.5 * a_length], abs=0.11)
    assert thick == pytest.approx([across / 4, across / 4], abs=0.11)


@pytest.mark.parametrize(
    "symbol", ["circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star"]
)
def test_every_mark_can_be_filled_or_open(symbol):
    shape = {"x": [1], "y": [1], "marker": {"color": "#2A86C7", "size": 10, "symbol": symbol}}
    (mark,) = groups(parsed(figure(shape)), "marks")[0]
    assert mark.get("fill") == "#2A86C7"
    shape["marker"]["symbol"] = f"{symbol}-open"
    (mark,) = groups(parsed(figure(shape)), "marks")[0]
    assert (mark.get("fill"), mark.get("stroke")) == ("none", "#2A86C7")


def test_a_mark_beyond_the_end_of_an_axis_is_not_drawn():
    root = parsed(figure({"x": [1, 5, 20], "y": [1, 1, 1]}, xaxis={"range": [0, 10]}))
    assert len(marks(root)) == 2


# --- ticks ---


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        ({"range": [0, 10], "dtick": 2}, ["0", "2", "4", "6", "8", "10"]),
        ({"range": [0, 1], "dtick": 0.5, "tickformat": ".0%"}, ["0%", "50%", "100%"]),
        ({"range": [0, 20000], "dtick": 10000, "tickformat": ","}, ["0", "10,000", "20,000"]),
        ({"range": [2020, 2023], "dtick": 1, "tickformat": "d"}, ["2020", "2021", "2022", "2023"]),
        ({"range": [0, 4000]}, ["0", "500", "1,000", "1,500", "2,000", "2,500", "3,000", "3,500", "4,000"]),
        ({"range": [0, 2e6], "dtick": 1e6}, ["0", "1M", "2M"]),
        ({"range": [-10, 10], "dtick": 10}, ["−10", "0", "10"]),
        ({"range": [1e6, 1e6 + 2], "dtick": 1}, ["1M", "1.000001M", "1.000002M"]),
        ({"range": [0, 3], "tickvals": [1, 2], "ticktext": ["one", "<two>"]}, ["one", "<two>"]),
        ({"type": "log", "range": [-1, 5], "dtick": 1}, ["0.1", "1", "10", "100", "1,000", "10k", "100k"]),
        ({"type": "log", "range": [0, 1], "dtick": "D2"}, ["1", "2", "5", "10"]),
        ({"type": "log", "range": [0, 1], "dtick": "D1"}, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]),
        ({"type": "log", "range": [0.2, 1.9], "dtick": 1}, ["2", "5", "10", "20", "50"]),  # one tick is no scale
        ({"type": "log", "range": [15, 18], "dtick": 1}, ["10¹⁵", "10¹⁶", "10¹⁷", "10¹⁸"]),
        ({"type": "log", "range": [0, 2], "tickvals": [1, 30]}, ["1", "30"]),
        ({"range": [0, 3], "showticklabels": False}, []),
    ],
)
def test_the_ticks_of_an_axis(axis, expected):
    root = parsed(figure({"x": [1], "y": [1]}, xaxis=axis))
    found = [text for group in groups(root, "x-ticks") for text in texts(group)]
    assert found == expected


def test_grid_lines_are_at_the_ticks_or_nowhere():
    axis = {"range": [0, 10], "dtick": 5, "showgrid": True}
    root = parsed(figure({"x": [1], "y": [1]}, xaxis=axis, yaxis={"showgrid": False}))
    (grid,) = [one for one in root.iter(f"{SVG}path") if one.get("class") == "grid"]
    left, right, top, bottom = frame(root)
    middle = (left + right) / 2
    upright = [end for x in (left, middle, right) for end in (x, bottom, x, top)]
    assert numbers(grid.get("d")) == pytest.approx(upright, abs=0.11)


def test_labels_that_would_touch_are_left_out():
    axis = {"type": "log", "range": [0, 40], "dtick": 1}
    root = parsed(figure({"x": [1], "y": [1]}, xaxis=axis))
    assert 5 < len(texts(groups(root, "x-ticks")[0])) < 25


# --- what is refused ---


@pytest.mark.parametrize(
    ("trace", "layout", "said"),
    [
        ({"type": "choropleth"}, {}, "choropleth"),
        ({"type": "heatmap"}, {}, "heatmap"),
        ({"stackgroup": "parts"}, {}, "stackgroup"),
        ({"fill": "toself"}, {}, "toself"),
        ({"yaxis": "y2"}, {}, "y2"),
        ({"marker": {"symbol": "hexagram"}}, {}, "hexagram"),
        ({"marker": {"color": [0.3]}}, {}, "0.3"),
        ({"marker": {"color": "url(https://example.org/x)"}}, {}, "colour"),
        ({"mode": "lines", "line": {"dash": "5px 2px"}}, {}, "dash"),
        ({"mode": "lines", "line": {"shape": "spline"}}, {}, "spline"),
        ({"type": "bar", "text": ["a"], "textposition": "inside"}, {}, "inside"),
        ({"type": "bar", "marker": {"pattern": {"shape": "."}}}, {}, "pattern"),
        ({"error_x": {"type": "percent", "value": 10}}, {}, "percent"),
        ({}, {"xaxis": {"type": "date"}}, "date"),
        ({}, {"xaxis": {"tickformat": ".3s"}}, ".3s"),
        ({}, {"shapes": [{"type": "circle", "x0": 0, "x1": 1, "y0": 0, "y1": 1}]}, "circle"),
        ({}, {"annotations": [{"x": 1, "y": 1, "text": "there"}]}, "arrow"),
        ({}, {"annotations": [{"x": 1, "y": 1, "yref": "y2", "text": "there", "showarrow": False}]}, "y2"),
    ],
)
def test_what_would_be_drawn_wrong_is_refused_by_name(trace, layout, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        drawn(figure({"x": [1], "y": [1]} | trace, **layout))


def test_bars_side_by_side_are_refused():
    bars = {"type": "bar", "x": ["a"], "y": [1]}
    with pytest.raises(ValueError, match="barmode"):
        drawn(figure(bars, bars))
    assert drawn(figure(bars, bars, barmode="overlay"))
