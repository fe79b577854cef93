"""The first charts as HTML: every bar, mark and line where its value lies, every text that the chart has."""

import datetime
import json
import math
import re
from dataclasses import replace

import pytest

from pages.server import preview
from pages.session import link, preview_query
from pages.views import explore
from pages.widgets import chart as element
from static.drawing import drawn

OF_TWO_AXES = {"lifetime": "life", "scaling": "accuracy-mmlu", "landscape": "timeline", "learn": "learn-1"}


@pytest.fixture(scope="module")
def charts():
    fields, _ = link.from_parameters(preview_query.scenario_of({}))
    return explore.previewed(fields, {}).charts


def test_a_bar_lies_where_its_value_is(charts):
    figure = charts["tornado"].figure
    low, high = figure["layout"]["xaxis"]["range"]
    values = [(trace["base"], trace["base"] + x) for trace in figure["data"][:2] for x in trace["x"]]
    boxes = re.findall(r'<i class="bar" style="left:([\d.]+)%;width:([\d.]+)%', drawn(charts["tornado"]))
    at = [(low + (high - low) * float(left) / 100, (high - low) * float(width) / 100) for left, width in boxes]
    assert at == [pytest.approx((min(ends), max(ends) - min(ends)), abs=(high - low) / 1000) for ends in values]


def test_parts_lie_end_to_end_and_make_the_total(charts):
    boxes = re.findall(r'<i class="bar" style="left:([\d.]+)%;width:([\d.]+)%', drawn(charts["carbon"]))
    ends = [(float(left), float(left) + float(width)) for left, width in boxes]
    assert ends[0][0] == 0
    assert [left for left, _ in ends[1:]] == pytest.approx([right for _, right in ends[:-1]], abs=0.1)
    mark = re.search(r'<i class="mark" style="left:([\d.]+)%', drawn(charts["carbon"]))
    assert float(mark[1]) == pytest.approx(ends[-1][1], abs=0.1)


@pytest.mark.parametrize("name", ["tornado", "carbon"])
def test_no_text_of_the_chart_is_missing(name, charts):
    figure, found = charts[name].figure, drawn(charts[name])
    noted = [note["text"] for note in figure["layout"]["annotations"]]
    written = [text for trace in figure["data"] if trace.get("mode") == "text" for text in trace["text"]]
    assert [text for text in (*noted, *written, charts[name].heading, charts[name].sentence) if text not in found] == []


@pytest.fixture(scope="module")
def of_two_axes():
    """The first chart of each page that has such, as it reaches the page."""
    fields, _ = link.from_parameters(preview_query.scenario_of({}))
    found = {page: preview.view_of(page)(fields, {}).charts[name] for page, name in OF_TWO_AXES.items()}
    return {
        page: replace(chart, figure=json.loads(element.packed(chart, page))["figure"]) for page, chart in found.items()
    }


def test_a_mark_stands_where_its_value_is(of_two_axes):
    figure = of_two_axes["landscape"].figure
    first, last = (datetime.date.fromisoformat(end).toordinal() for end in figure["layout"]["xaxis"]["range"])
    low, high = figure["layout"]["yaxis"]["range"]
    marked = [trace for trace in figure["data"] if trace["mode"] == "markers"]
    values = [
        ((datetime.date.fromisoformat(x).toordinal() - first) / (last - first), (math.log10(y) - low) / (high - low))
        for trace in marked
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]
    drawn_at = re.findall(r'<use href="[^"]*" x="([\d.]+)%" y="([\d.]+)%"', drawn(of_two_axes["landscape"]))
    assert len(values) > 40
    assert [(float(x) / 100, 1 - float(y) / 100) for x, y in drawn_at] == [pytest.approx(at, abs=1e-3) for at in values]


def test_a_line_goes_through_its_values(of_two_axes):
    figure = of_two_axes["lifetime"].figure
    last = figure["layout"]["xaxis"]["range"][1]
    most = max(max(trace["y"]) for trace in figure["data"]) / 0.95
    lines = re.findall(r'<path d="M([\d L]+)" stroke', drawn(of_two_axes["lifetime"]))
    assert len(lines) == len(figure["data"])
    for line, trace in zip(lines, figure["data"], strict=True):
        places = [tuple(map(float, place.split())) for place in line.split("L")]
        values = [(1000 * x / last, 1000 * (1 - y / most)) for x, y in zip(trace["x"], trace["y"], strict=True)]
        assert places == [pytest.approx(at, abs=0.6) for at in values]


@pytest.mark.parametrize("page", OF_TWO_AXES)
def test_no_text_of_a_chart_of_two_axes_is_missing(page, of_two_axes):
    chart = of_two_axes[page]
    found, layout = re.sub(r"&#x27;", "'", drawn(chart)), chart.figure["layout"]
    noted = [note["text"] for note in layout.get("annotations", ())]
    named = [text for trace in chart.figure["data"] for text in trace.get("text", ())]
    titles = [layout[axis]["title"]["text"] for axis in ("xaxis", "yaxis")]
    keys = [
        trace["name"] for trace in chart.figure["data"] if layout.get("showlegend") and trace.get("showlegend", True)
    ]
    assert [text for text in (*noted, *named, *titles, *keys, chart.heading, chart.sentence) if text not in found] == []


def test_an_axis_without_ends_is_refused(of_two_axes):
    chart = of_two_axes["learn"]
    layout = chart.figure["layout"]
    endless = {**layout, "xaxis": {name: value for name, value in layout["xaxis"].items() if name != "range"}}
    with pytest.raises(ValueError, match="nothing says where the axis trillion tokens begins and ends"):
        drawn(replace(chart, figure={**chart.figure, "layout": endless}))
