"""A browser starts the traces that the charts have, and no others."""

import re

import pytest

from pages.server import assets, plotly_part, preview
from pages.server.plotly_part import TRACES
from pages.session import link, preview_query
from tests.support.previewed_links import CASES

[WHOLE] = [path for path in assets.files().values() if path.name == "plotly.min.js"]


def test_the_installed_file_is_sent_with_these_traces_alone():
    whole, sent = WHOLE.read_text(encoding="utf-8"), plotly_part.part_of(WHOLE).decode()
    [dropped] = re.findall(r"\.register\(\[((?:[\w$]+\(\),?){20,})\]\)", whole)
    [kept] = re.findall(r"\.register\(\[((?:[\w$]+\(\),?){3})\]\)", sent)
    assert len(kept.split(",")) == len(TRACES)
    [searched] = plotly_part.SEARCHED.finditer(whole)
    assert whole.replace(dropped, kept).replace(searched[0], searched.expand(plotly_part.LATER)) == sent


@pytest.mark.parametrize("text", ["", "var a=W((e,t)=>{});b.register([a()])", "b.register([c(),d()])"])
def test_a_file_of_another_form_is_sent_whole(text, tmp_path):
    path = tmp_path / "plotly.min.js"
    path.write_text(text, encoding="utf-8")
    assert plotly_part.part(text) == ""
    assert plotly_part.part_of(path) == text.encode()


def test_every_chart_has_traces_that_are_started():
    drawn = set()
    for page, query in CASES:
        fields, _ = link.from_parameters(preview_query.scenario_of(query))
        view = preview.view_of(page)(fields, {preview_query.PAGE: page, **query})
        drawn |= {trace["type"] for chart in view.charts.values() for trace in chart.figure["data"]}
    assert drawn <= {"scatter", *TRACES}
    assert set(TRACES) <= drawn
