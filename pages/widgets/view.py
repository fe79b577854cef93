"""What a page says and draws for a scenario, as a value: made by its content function, shown here, previewed as it is.

Each part has a name that stays: where a slider moves, its script finds the part by that name (slider.js) and puts the
preview's in its place (pages/server/preview.py).
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from oce import units
from oce.interval import Interval
from oce.units import Unit
from pages.charts import Chart
from pages.widgets import chart, table

Rows = tuple[Sequence[str], Sequence[Sequence[str]]]  # of a table: the header, and a text for each cell


NO_ROWS: Rows = ([], [])  # of a table that has nothing to say, and keeps its place


@dataclass(frozen=True)
class Figure:
    """A figure of the answer as it is shown, with its interval, or another remark, beneath."""

    label: str
    value: str
    unit: str
    beneath: str

    def as_html(self) -> str:
        """The figure in a list of them; everything in it is escaped."""
        label, value, unit, beneath = map(html.escape, (self.label, self.value, self.unit, self.beneath))
        return (
            f"<div><dt>{label}</dt><dd><b>{value}</b> <span>{unit}</span></dd><dd class='interval'>{beneath}</dd></div>"
        )


@dataclass(frozen=True)
class View:
    """What a page says and draws for a scenario.

    Attributes:
        headline: The sentence that answers.
        figures: The figures of the answer.
        paragraphs: Further sentences, by their names, as HTML in which all that was given is escaped.
        tables: By their names.
        charts: By their names, in the order of the page.
        captions: Remarks that stay while a slider moves, by their names, as Markdown.
    """

    headline: str
    figures: tuple[Figure, ...] = ()
    paragraphs: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Rows] = field(default_factory=dict)
    charts: Mapping[str, Chart] = field(default_factory=dict)
    captions: Mapping[str, str] = field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        """What stands on the page beside the charts, by the names of its elements, as HTML; the headline as text."""
        listed = {"figures": _listed(self.figures)} if self.figures else {}
        tables = {name: table.content(*rows) for name, rows in self.tables.items()}
        return {"headline": self.headline, **listed, **self.paragraphs, **tables}


def figure(label: str, interval: Interval, scale: Sequence[Unit], implied: str = "") -> Figure:
    """A figure with its interval.

    Args:
        label: What it is called.
        interval: Its values, in the smallest unit of the scale.
        scale: The units it is shown in.
        implied: The unit that the label says already.
    """
    value, _, unit = units.shown(interval.central, scale).partition(" ")
    between = "no interval" if interval.low == interval.high else units.shown_range(interval, scale)
    return Figure(label, value, unit.removesuffix(implied), between.removesuffix(implied))


def show_figures(view: View) -> None:
    """The figures of the answer, side by side."""
    st.html(f"<dl class='figures' data-oce='figures'>{_listed(view.figures)}</dl>")


def show_paragraph(view: View, name: str, look: str = "strip") -> None:
    """A paragraph; `look` is its class in style.css."""
    st.html(f"<p class='{look}' data-oce='{name}'>{view.paragraphs[name]}</p>")


def show_table(view: View, name: str) -> None:
    """A table."""
    st.html(f"<table class='plain' data-oce='{name}'>{table.content(*view.tables[name])}</table>")


def show_chart(view: View, name: str, on_pick: chart.OnPick | None = None) -> None:
    """A chart, which is called so on the page too."""
    chart.show(view.charts[name], name, on_pick)


def _listed(figures: Sequence[Figure]) -> str:
    return "".join(one.as_html() for one in figures)
