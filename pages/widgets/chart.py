"""The only way in which a chart reaches the page: so that it can change in a single place.

Served by serve.py, a chart is an element of our own (chart.js), which changes the drawing that is there; under plain
`streamlit run` it is Streamlit's, which throws it away and draws it anew.
"""

import html
import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from oce import units
from oce.catalog import citation
from pages.charts import Chart
from pages.server import assets
from pages.widgets.element import element
from pages.widgets.glossary import OF_SCIENCE, explained
from pages.widgets.text import escape_markdown

CONFIG = {  # of Streamlit's chart; chart.js has its own
    "displaylogo": False,
    "responsive": True,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "svg"},
    "topojsonURL": "data:application/json,{}#",  # a map brings its shapes; Plotly would fetch its own elsewhere
}
OnPick = Callable[[Any], None]


def show(chart: Chart, key: str, on_pick: OnPick | None = None) -> None:
    """The chart under its heading and its sentence, which is its text alternative too; ``key`` is its name on the page.

    ``on_pick`` is called with the ``customdata`` of a point that was clicked, before the page runs.
    """
    (_ours if assets.served() else _streamlits)(chart, key, on_pick)


def packed(chart: Chart, key: str) -> bytes:
    """A chart as chart.js takes it: its sentence as HTML, and with the credit that a picture of it carries."""
    sentence = explained(html.escape(chart.sentence, quote=False), OF_SCIENCE)
    data = {"key": key, "heading": chart.heading, "sentence": sentence, "figure": chart.figure}
    data["credit"] = citation.credit()
    try:
        text = json.dumps(data, separators=(",", ":"), allow_nan=False, default=_plain)
    except ValueError:
        text = json.dumps(_finite(data), separators=(",", ":"), default=_plain)
    return text.replace("CO2e", "CO\\u2082e").encode()  # as units.typeset, within JSON


def packed_anew(chart: Chart, key: str) -> bytes:
    """A chart that is on the page already: without the shapes of its maps, which chart.js keeps."""
    data = [{**trace, "geojson": None} if "geojson" in trace else trace for trace in chart.figure["data"]]
    return packed(replace(chart, figure={**chart.figure, "data": data}), key)


def _ours(chart: Chart, name: str, on_pick: OnPick | None) -> None:
    key = f"chart-{name}"

    def picked() -> None:
        data = st.session_state[key].picked
        if on_pick and data is not None:
            on_pick(data)

    # One element, heading and all, as each costs time in the server and in the browser. As bytes, as Streamlit would
    # write and read a dictionary three times to tell whether it is still the same.
    watched = {"on_picked_change": picked} if on_pick else {}
    element("chart", "plotly.min.js", "picture.js")(key=key, data=packed(chart, name), **watched)


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays, and read-only mappings, as JSON has them."""
    return value.tolist() if hasattr(value, "tolist") else dict(value)


def _finite(value: Any) -> Any:
    """The same with null for what is no number: JSON has neither NaN nor infinity."""
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _streamlits(chart: Chart, key: str, on_pick: OnPick | None) -> None:
    def picked() -> None:
        points = st.session_state[f"plot-{key}"].selection.points
        if on_pick and points and "customdata" in points[0]:
            on_pick(points[0]["customdata"])

    with st.container(key=f"chart-{key}"):
        st.markdown(units.typeset(f"### {escape_markdown(chart.heading)}\n{escape_markdown(chart.sentence)}"))
        st.plotly_chart(
            json.loads(packed(chart, key))["figure"],
            key=f"plot-{key}",
            config=CONFIG,
            alt=units.typeset(f"{chart.heading}. {chart.sentence}"),
            on_select=picked if on_pick else "ignore",
            selection_mode="points",
        )
