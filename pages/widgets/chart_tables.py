"""The numbers of charts as tables, for whoever cannot see or point at them."""

import re
from collections.abc import Iterable

import streamlit as st

from pages.charts import Chart
from pages.widgets import table
from pages.widgets.text import escape_markdown

TITLE = "The numbers as a table"
MOST_ROWS = 300
PREFIX = "numbers-"  # of the names of the tables


def show(charts: Iterable[Chart], key: str) -> None:
    """An expander with a table for each chart, made when it is opened."""
    panel = st.expander(TITLE, key=f"numbers-{key}", on_change="rerun")
    if not panel.open:
        return
    with panel:
        for chart in charts:
            st.markdown(f"**{escape_markdown(chart.heading)}**")
            rows = chart.table.rows
            table.show(chart.table.columns, rows[:MOST_ROWS], name(chart))
            shown = min(len(rows), MOST_ROWS)
            if left_out := len(rows) - shown + chart.table.left_out:
                st.caption(f"The first {shown} of {shown + left_out:,}.")


def name(chart: Chart) -> str:
    """What the table of a chart is called on the page, where a slider's script finds it."""
    return f"{PREFIX}{re.sub(r'[^a-z0-9]+', '-', chart.heading.lower())}"


def content(chart: Chart) -> str:
    """What is within the table of a chart, as HTML."""
    return table.content(chart.table.columns, chart.table.rows[:MOST_ROWS])
