"""The one way in which a chart reaches the page: so that it can change in one place."""

from __future__ import annotations

import streamlit as st

from oce.figures import Chart

CONFIG = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "svg"},
}


def show(chart: Chart, key: str) -> None:
    """The chart under its heading and its sentence, which is its text alternative too."""
    with st.container(key=f"chart-{key}"):
        st.markdown(f"### {chart.heading}\n{chart.sentence}")
        st.plotly_chart(dict(chart.figure), key=f"plot-{key}", config=CONFIG, alt=f"{chart.heading}. {chart.sentence}")
