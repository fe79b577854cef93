"""The numbers of charts as tables, for whoever cannot see or point at them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from oce import units
from pages.charts import Chart
from pages.widgets import table

TITLE = "The numbers as a table"
POINTS_OF_A_LINE = 9  # of the dozens that make it look smooth
MOST_ROWS = 300
PLACE = re.compile(r"%\{(x|y|text|customdata\[(\d+)\])(?::[^}]*)?\}")  # in a hover text


def show(charts: Callable[[], Sequence[Chart]], key: str) -> None:
    """An expander with a table for each chart, made when it is opened.

    Args:
        charts: Gives the charts.
        key: Its name on the page.
    """
    panel = st.expander(TITLE, key=f"numbers-{key}", on_change="rerun")
    if not panel.open:
        return
    with panel:
        for chart in charts():
            header, rows = table_of(chart)
            st.markdown(f"**{chart.heading}**")
            table.show(header, rows[:MOST_ROWS])
            if len(rows) > MOST_ROWS:
                st.caption(f"The first {MOST_ROWS} of {len(rows)}.")


def table_of(chart: Chart) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a chart: a row for each point, with what pointing at it says and its place on the axes."""
    layout = chart.figure["layout"]
    axes = [str(layout.get(f"{axis}axis", {}).get("title", {}).get("text", "")) for axis in "xy"]
    header = ["Drawn", "Point", *(_capital(title.removesuffix(" (log)")) for title in axes)]
    rows = [row for trace in chart.figure["data"] for row in _rows(trace, axes)]
    kept = [at for at in range(len(header)) if at == 0 or any(row[at] for row in rows)]
    if 1 in kept and all(row[1] for row in rows) and len({row[0] for row in rows}) == 1:
        kept.remove(0)  # one trace: its points are what the rows are about
    return [header[at] for at in kept], [[row[at] for at in kept] for row in rows]


def _rows(trace: Mapping[str, Any], axes: Sequence[str]) -> list[list[str]]:
    places = [_listed(trace.get(axis)) for axis in "xy"]
    texts = _listed(trace.get("text"))
    many = max(map(len, [*places, texts]))
    points: Sequence[int] = range(many)
    if trace.get("mode") == "lines" and many > POINTS_OF_A_LINE:
        last = POINTS_OF_A_LINE - 1
        points = [round(number * (many - 1) / last) for number in range(POINTS_OF_A_LINE)]
    base = trace.get("base", 0.0)
    stacked = trace["type"] == "waterfall" or not isinstance(base, (int, float))  # its place says nothing by itself
    rows = []
    for at in points:
        cells = []
        for axis, title, values in zip("xy", axes, places, strict=True):
            value = values[at] if at < len(values) else None
            if not title or isinstance(value, str) or value is None or stacked:
                cells.append("")
                continue
            along = axis == ("x" if trace.get("orientation") == "h" else "y")
            cells.append(_number(value + (base if along else 0.0), trace.get(f"error_{axis}"), at))
        name, label = _plain(str(trace.get("name", ""))), _label(trace, places, texts, at)
        rows.append([name, "" if label == name else label, *cells])
    return rows


def _label(trace: Mapping[str, Any], places: Sequence[list[Any]], texts: list[Any], at: int) -> str:
    """What pointing at a point says, but for the numbers that have a column of their own."""
    data = _listed(trace.get("customdata"))
    named = dict(zip("xy", places, strict=True)) | {"text": texts}

    def filled(match: re.Match[str]) -> str:
        value = data[at][int(match[2])] if match[2] else named[match[1]][at]
        return f"{value:,}" if isinstance(value, int) and value > 9999 else str(value)

    said = []
    for part in str(trace.get("hovertemplate", "")).split("<extra>")[0].split("<br>"):
        asked = [match[1] for match in PLACE.finditer(part)]
        numbers = [axis for axis in asked if axis in named and not isinstance(named[axis][at], str)]
        if asked and not numbers:
            said.append(_plain(PLACE.sub(filled, part)))
    categories = [values[at] for values in places if at < len(values) and isinstance(values[at], str)]
    return ", ".join(said) or ", ".join(map(_plain, categories))


def _number(value: float, error: Mapping[str, Any] | None, at: int) -> str:
    central = units.significant(float(value))
    if not error or "array" not in error:
        return central
    above = float(_listed(error["array"])[at])
    below = float(_listed(error.get("arrayminus", error["array"]))[at])
    return f"{central} ({units.significant(value - below)}–{units.significant(value + above)})"


def _listed(values: Any) -> list[Any]:
    """The values of a trace as a list; one value for all its points, or none, as an empty one."""
    values = values.tolist() if hasattr(values, "tolist") else values
    return list(values) if isinstance(values, (list, tuple)) else []


def _plain(text: str) -> str:
    """A label without Plotly's mark-up."""
    return html.unescape(re.sub(r"<[^>]+>", "", text.replace("<br>", ", ")))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
