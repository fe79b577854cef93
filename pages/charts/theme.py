"""What the figures share: the palette, the layout, kinds of trace.

No colour of ink or paper is set here: the page's theme does that, in light and dark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oce import units
from oce.catalog import Device
from oce.interval import Interval
from pages.charts.chart import Layout, Trace

# Okabe and Ito's palette, which people with any colour vision can tell apart, darkened or lightened a little so that
# every colour has a contrast of 3:1 on the light and on the dark ground.
BLUE, ORANGE, GREEN, VERMILION = "#2A86C7", "#C98500", "#0A9472", "#D0602B"
SKY, PURPLE, GREY, OLIVE = "#3E9BC4", "#B8679A", "#808785", "#8F8A1E"
OPERATIONAL, EMBODIED, TOTAL = BLUE, ORANGE, GREEN
REFERENCE = GREY

GENERATION_COLOURS: Mapping[str, str] = {
    "Kepler": GREY,
    "Maxwell": GREY,
    "Pascal": OLIVE,
    "Volta": PURPLE,
    "Turing": OLIVE,
    "Ampere": ORANGE,
    "Ada": SKY,
    "Hopper": BLUE,
    "Blackwell": VERMILION,
}
VENDOR_COLOURS: Mapping[str, str] = {"Google": GREEN, "AMD": VERMILION, "Huawei": PURPLE, "Cerebras": OLIVE}


def device_colour(device: Device | None) -> str:
    """The colour of a device in every chart: that of its generation, or of its vendor outside NVIDIA."""
    if device is None:
        return GREEN
    generation = next((name for name in GENERATION_COLOURS if device.generation.startswith(name)), "")
    return VENDOR_COLOURS.get(device.vendor) or GENERATION_COLOURS.get(generation, GREY)


def layout(x: str, y: str) -> Layout:
    """The layout that every chart starts from."""
    axis = {"zeroline": False, "automargin": True, "fixedrange": True}
    return {
        "height": 300,
        "margin": {"l": 8, "r": 12, "t": 16, "b": 8},
        "showlegend": False,
        "hovermode": "closest",
        "xaxis": {**axis, "title": {"text": x, "standoff": 8}},
        "yaxis": {**axis, "title": {"text": y, "standoff": 8}},
    }


def line(x: Any, y: Any, colour: str, name: str, dash: str = "solid", width: float = 2) -> Trace:
    """A line, rounded to what a pixel shows."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": rounded(x),
        "y": y if isinstance(y, list) else rounded(y),
        "line": {"color": colour, "width": width, "dash": dash},
        "hovertemplate": f"{name}: %{{x:.3s}}, %{{y:.3s}}<extra></extra>",
    }


def point(x: float, y: float, colour: str, name: str) -> Trace:
    """A point that stands out: the scenario's own."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [x],
        "y": [y],
        "marker": {"color": colour, "size": 13, "line": {"color": "white", "width": 2}},
        "hovertemplate": f"{name}: %{{x:.3s}}, %{{y:.3s}}<extra></extra>",
    }


def note(x: float, y: float | str, text: str, **position: Any) -> Layout:
    """A text on the chart, without an arrow."""
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": {"size": 12}, **position}


def log_ticks(values: Any) -> Layout:
    """Ticks on a log axis: decades, with 2 and 5 between where there are few."""
    decades = np.log10(np.max(values) / np.min(values))
    return {"dtick": 1} if decades > 2 else {"dtick": "D2" if decades > 1 else "D1"}


def percent(share: float) -> str:
    """A share, with two significant digits."""
    return f"{units.significant(100 * share, 2)}%"


def faint(colour: str, opacity: float) -> str:
    """A colour for areas."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def rounded(values: Any) -> list[float]:
    """Five significant digits: as fine as a pixel, and half the bytes on the wire."""
    return [float(f"{value:.5g}") for value in np.asarray(values, dtype=np.float64).tolist()]


def error_bars(
    intervals: Sequence[Interval], size: float, colour: str, thickness: float = 1.5, width: int = 4
) -> Trace:
    """The bars from low to high of marks at the central values, in a unit of this size."""
    return {
        "type": "data",
        "symmetric": False,
        "array": rounded([(interval.high - interval.central) / size for interval in intervals]),
        "arrayminus": rounded([(interval.central - interval.low) / size for interval in intervals]),
        "color": colour,
        "thickness": thickness,
        "width": width,
    }


def interval_mark(name: str, interval: Interval, unit_size: float, place: float | str, text: str, **mark: Any) -> Trace:
    """A figure with its interval, lying down: a mark at the central value, a bar from end to end, the text above it.

    Args:
        name: What it is of.
        interval: The figure.
        unit_size: Of the unit of the axis.
        place: Where it stands on the other axis.
        text: What is written above it.
        **mark: Colour, symbol and size of the mark.
    """
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": name,
        "x": [interval.central / unit_size],
        "y": [place],
        "text": [text],
        "textposition": "top center",
        "cliponaxis": False,
        "error_x": error_bars([interval], unit_size, mark["color"], 3, 5),
        "marker": mark,
    }


def above_rows(labels: Sequence[str], shift: int = 8) -> list[Layout]:
    """A text above each row, from the left edge on: readable on a phone, where names beside it would take half."""
    return [
        note(0, at, label, xref="paper", xanchor="left", yanchor="bottom", yshift=shift)
        for at, label in enumerate(labels)
    ]


def rows_layout(x: str, labels: Sequence[str], height: int, shift: int = 8) -> Layout:
    """The layout of marks or bars that lie below each other, the first on top, each with a text above it."""
    plan = layout(x=x, y="")
    plan |= {"height": height, "annotations": above_rows(labels, shift)}
    plan["margin"]["t"] = 26
    plan["yaxis"] |= {"autorange": "reversed", "showticklabels": False, "showgrid": False}
    return plan


def legend_below(y: float) -> Layout:
    """The key of the colours in rows below the chart."""
    return {"showlegend": True, "legend": {"orientation": "h", "y": y, "x": 0}}


def short(text: str, most: int = 60) -> str:
    """A text that fits into what is shown on hover."""
    return text if len(text) <= most else text[: most - 1] + "…"
