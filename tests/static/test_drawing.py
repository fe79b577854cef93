"""The first charts as HTML: every bar where its value lies, every text that the chart has."""

import re

import pytest

from pages.session import link, preview_query
from pages.views import explore
from static.drawing import drawn


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
