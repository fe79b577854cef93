"""The numbers of charts as tables, for whoever cannot see or point at them."""

from collections.abc import Iterable

import streamlit as st

from pages.charts import Chart
from pages.widgets import table
from pages.widgets.text import escape_markdown

TITLE = "The numbers as a table"
MOST_ROWS = 300


def show(charts: Iterable[Chart], key: str) -> None:
    """An expander with a table for each chart, made when it is opened."""
    panel = st.expander(TITLE, key=f"numbers-{key}", on_change="rerun")
    if not panel.open:
        return
    with panel:
        for chart in charts:
            rows = chart.table.rows[:MOST_ROWS]
            st.markdown(f"**{escape_markdown(chart.heading)}**")
            table.show(chart.table.columns, rows)
            if left_out := len(chart.table.rows) - len(rows) + chart.table.left_out:
                st.caption(f"The first {len(rows)} of {len(rows) + left_out:,}.")
