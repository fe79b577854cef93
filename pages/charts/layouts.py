"""Layouts: axes and their titles, the key of the colours, notes, lines across the chart."""

from collections.abc import Sequence
from typing import Any

from pages.charts.chart import Layout
from pages.charts.theme import REFERENCE, faint


def layout(x: str, y: str, height: int = 300, key_at: float | None = None) -> Layout:
    """The layout that every chart starts from.

    Args:
        x: What the axis is of, with its unit.
        y: The same of the other.
        height: Of the chart [px].
        key_at: Where the key of the colours is, as a share of the plot's height, below 0 under it; ``None`` without.
    """
    axis = {"zeroline": False, "automargin": True, "fixedrange": True}
    key = {"showlegend": False} if key_at is None else key_of_colours(key_at)
    return {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 16, "b": 8},
        "hovermode": "closest",
        "xaxis": {**axis, "title": {"text": x, "standoff": 8}},
        "yaxis": {**axis, "title": {"text": y, "standoff": 8}},
        **key,
    }


def key_of_colours(y: float) -> Layout:
    """The key of the colours in rows, from this share of the plot's height down, or up where it is above the plot."""
    side = {"yanchor": "bottom"} if y >= 1 else {}
    return {"showlegend": True, "legend": {"orientation": "h", "y": y, "x": 0, **side}}


def note(x: float, y: float | str, text: str, **position: Any) -> Layout:
    """A text on the chart, without an arrow."""
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": {"size": 12}, **position}


def level(y: float, colour: str = REFERENCE, width: float = 1.5, dash: str = "dash") -> Layout:
    """A line from side to side, over the marks."""
    place = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y}
    return place | {"line": {"color": colour, "width": width, "dash": dash}}


def level_note(y: float, text: str, side: str = "right", above: bool = True) -> Layout:
    """What such a line is, above it or below and at a side of the chart."""
    return note(int(side == "right"), y, text, xref="paper", xanchor=side, yanchor="bottom" if above else "top")


def across(axis: str, low: float, high: float, colour: str, opacity: float, dash: str = "solid") -> Layout:
    """From side to side behind the marks, at a value of an axis (``x`` or ``y``): a line, between two an area."""
    other = "y" if axis == "x" else "x"
    place: Layout = {f"{axis}ref": axis, f"{other}ref": "paper", f"{other}0": 0, f"{other}1": 1, "layer": "below"}
    place |= {f"{axis}0": low, f"{axis}1": high}
    if low == high:
        return {"type": "line", "line": {"color": colour, "width": 2, "dash": dash}, **place}
    return {"type": "rect", "fillcolor": faint(colour, opacity), "line": {"width": 0}, **place}


def rows_layout(x: str, labels: Sequence[str], height: int, shift: int = 8) -> Layout:
    """The layout of marks or bars that lie below each other, the first on top, each with a text above it.

    The texts begin at the left edge: readable on a phone, where names beside the rows would take half.
    """
    plan = layout(x=x, y="", height=height) | {"bargap": 0.66}
    plan["margin"]["t"] = 26
    plan["yaxis"] |= {"autorange": "reversed", "showticklabels": False, "showgrid": False}
    place: Layout = {"xref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": shift}
    plan["annotations"] = [note(0, at, label, **place) for at, label in enumerate(labels)]
    return plan
