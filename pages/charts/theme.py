"""What the figures share: the palette, the layout, kinds of trace.

No colour of ink or paper is set here: the page's theme does that, in light and dark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from oce import units
from oce.catalog import Device

Trace = dict[str, Any]

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


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: what it is about, the sentence it says, and the Plotly figure (``data`` and ``layout``)."""

    heading: str
    sentence: str
    figure: Mapping[str, Any]


def device_colour(device: Device | None) -> str:
    """The colour of a device in every chart: one for each generation, or vendor outside NVIDIA."""
    if device is None:
        return GREEN
    generation = next((name for name in GENERATION_COLOURS if device.generation.startswith(name)), "")
    return VENDOR_COLOURS.get(device.vendor) or GENERATION_COLOURS.get(generation, GREY)


def layout(x: str, y: str) -> dict[str, Any]:
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


def note(x: float, y: float | str, text: str, **place: Any) -> dict[str, Any]:
    """A text on the chart, without an arrow."""
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": {"size": 12}, **place}


def log_ticks(values: Any) -> dict[str, Any]:
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


def interval_mark(name: str, ends: tuple[float, float, float], place: float | str, text: str, **mark: Any) -> Trace:
    """A figure with its interval, lying down: a mark at the central value, a bar from end to end, the text above it.

    Args:
        name: What it is of.
        ends: Low, central and high, in the unit of the axis.
        place: Where it stands on the other axis.
        text: What is written above it.
        **mark: Colour, symbol and size of the mark.
    """
    low, central, high = ends
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": name,
        "x": [central],
        "y": [place],
        "text": [text],
        "textposition": "top center",
        "cliponaxis": False,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - central],
            "arrayminus": [central - low],
            "color": mark["color"],
            "thickness": 3,
            "width": 5,
        },
        "marker": mark,
    }


def short(text: str, most: int = 60) -> str:
    """A text that fits into what is shown on hover."""
    return text if len(text) <= most else text[: most - 1] + "…"
