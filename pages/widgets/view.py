"""What a page says and draws for a scenario, as a value: made by its content function, shown here, previewed as it is.

Each part has a name that stays: where a slider moves, its script finds the part by that name (slider.js) and puts the
preview's in its place (pages/server/preview.py).
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from oce import units
from oce.interval import Interval
from oce.units import Unit
from pages.charts import Chart, Table
from pages.widgets import chart, table
from pages.widgets.glossary import explained

NO_ROWS = Table((), ())  # has nothing to say, and keeps its place


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
            f"<div><dt>{explained(label)}</dt><dd><b>{value}</b> <span>{unit}</span></dd>"
            f"<dd class='interval'>{beneath}</dd></div>"
        )


@dataclass(frozen=True)
class View:
    """What a page says and draws for a scenario, each part by its name."""

    headline: str  # the sentence that answers
    figures: tuple[Figure, ...] = ()  # of the answer
    paragraphs: Mapping[str, str] = field(default_factory=dict)  # as HTML in which all that was given is escaped
    lists: Mapping[str, str] = field(default_factory=dict)  # their items, as such HTML
    tables: Mapping[str, Table] = field(default_factory=dict)
    charts: Mapping[str, Chart] = field(default_factory=dict)  # in the order of the page

    def texts(self) -> dict[str, str]:
        """What stands on the page beside the charts, by the names of its elements, as HTML; the headline as text."""
        figures = {"figures": _listed(self.figures)} if self.figures else {}
        tables = {
            name: table.content(listed.columns, listed.rows, listed.labels) for name, listed in self.tables.items()
        }
        paragraphs = {name: _typeset(text) for name, text in self.paragraphs.items()}
        lists = {name: units.typeset(text) for name, text in self.lists.items()}
        return {"headline": units.typeset(self.headline), **figures, **paragraphs, **lists, **tables}


def figure(label: str, interval: Interval, scale: Sequence[Unit], implied: str = "") -> Figure:
    """A figure with its interval, which is in the base unit of the scale; `implied` is a unit that the label says."""
    between = "no interval" if interval.low == interval.high else units.shown_range(interval, scale)
    found = worded(label, units.shown(interval.central, scale), between.removesuffix(implied))
    return replace(found, unit=found.unit.removesuffix(implied))


def worded(label: str, text: str, beneath: str) -> Figure:
    """A figure of a text: a number, and a unit if it has one."""
    value, _, unit = units.typeset(text).partition(" ")
    return Figure(label, value, unit, units.typeset(beneath))


def show_figures(view: View) -> None:
    st.html(f"<dl class='figures' data-oce='figures'>{_listed(view.figures)}</dl>")


def show_paragraph(view: View, name: str, look: str = "strip") -> None:
    """A paragraph; `look` is its class in style.css."""
    st.html(f"<p class='{look}' data-oce='{name}'>{_typeset(view.paragraphs[name])}</p>")


def show_list(view: View, name: str) -> None:
    st.html(f"<ul data-oce='{name}'>{units.typeset(view.lists[name])}</ul>")


def show_table(view: View, name: str) -> None:
    listed = view.tables[name]
    table.show(listed.columns, listed.rows, name, listed.labels)


def show_chart(view: View, name: str, on_pick: chart.OnPick | None = None) -> None:
    chart.show(view.charts[name], name, on_pick)


def show_beside(view: View, names: Sequence[str], on_pick: chart.OnPick | None = None) -> None:
    """Charts side by side; a column stays empty where the view has no chart of its name."""
    for column, name in zip(st.columns(len(names), gap="large"), names, strict=True):
        if name in view.charts:
            with column:
                show_chart(view, name, on_pick)


def _typeset(text: str) -> str:
    """A paragraph as the screen shows it: its terms explained."""
    return explained(units.typeset(text))


def _listed(figures: Sequence[Figure]) -> str:
    return "".join(figure.as_html() for figure in figures)
