"""The one way in which a chart reaches the page: so that it can change in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from oce.figures import Chart

CONFIG = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "svg"},
    "topojsonURL": "data:application/json,{}#",  # a map brings its shapes; Plotly would fetch its own elsewhere
}


def show(chart: Chart, key: str, on_pick: Callable[[Any], None] | None = None) -> None:
    """The chart under its heading and its sentence, which is its text alternative too.

    Args:
        chart: What to draw.
        key: Its name on the page.
        on_pick: Called with the ``customdata`` of a point that was clicked, before the page runs.
    """

    def picked() -> None:
        points = st.session_state[f"plot-{key}"].selection.points
        if on_pick and points and "customdata" in points[0]:
            on_pick(points[0]["customdata"])

    with st.container(key=f"chart-{key}"):
        st.markdown(f"### {chart.heading}\n{chart.sentence}")
        st.plotly_chart(
            dict(chart.figure),
            key=f"plot-{key}",
            config=CONFIG,
            alt=f"{chart.heading}. {chart.sentence}",
            on_select=picked if on_pick else "ignore",
            selection_mode="points",
        )
