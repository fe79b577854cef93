"""The kinds of trace that charts are made of: lines, marks with their intervals, bars."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from oce.interval import Interval
from pages.charts.chart import Trace
from pages.charts.theme import REFERENCE, faint


def rounded(values: Any) -> list[float]:
    """Five significant digits: as fine as a pixel, and half the bytes on the wire."""
    return [float(f"{value:.5g}") for value in np.asarray(values, dtype=np.float64).tolist()]


def centrals(intervals: Iterable[Interval], size: float) -> list[float]:
    """Their central values, in a unit of this size."""
    return rounded([interval.central / size for interval in intervals])


def marks(name: str, x: Any, y: Any, hover: str = "", mode: str = "markers", **more: Any) -> Trace:
    """Marks, or lines; ``hover`` is Plotly's template of what is shown for a mark, nothing is where it is empty."""
    shown = {"hovertemplate": f"{hover}<extra></extra>"} if hover else {"hoverinfo": "skip"}
    return {"type": "scatter", "mode": mode, "name": name, "x": x, "y": y, **shown, **more}


def line(x: Any, y: Any, colour: str, name: str, dash: str = "solid", width: float = 2) -> Trace:
    """A line, rounded to what a pixel shows."""
    look = {"color": colour, "width": width, "dash": dash}
    y = y if isinstance(y, list) else rounded(y)
    return marks(name, rounded(x), y, f"{name}: %{{x:.3s}}, %{{y:.3s}}", mode="lines", line=look)


def segments(name: str, pieces: Iterable[tuple[Iterable[Any], Iterable[Any]]], **look: Any) -> Trace:
    """Lines that are not joined to each other: the x and the y of each."""
    ended = [((*along, None), (*up, None)) for along, up in pieces]
    x, y = ([value for piece in ended for value in piece[axis]] for axis in (0, 1))
    return marks(name, x, y, mode="lines", line=look)


def band(x: Any, first: tuple[str, Any], second: tuple[str, Any], colour: str, opacity: float) -> list[Trace]:
    """The area between the two ends of an interval, each of them a name and a curve."""
    edges = [line(x, y, colour, name, dash="dot", width=1) for name, y in (first, second)]
    return [edges[0], edges[1] | {"fill": "tonexty", "fillcolor": faint(colour, opacity)}]


def diagonal(ends: Sequence[float], name: str) -> Trace:
    """Where both axes say the same."""
    return line(ends, ends, REFERENCE, name, dash="dash", width=1.5) | {"hoverinfo": "skip"}


def point(x: float, y: float, colour: str, name: str, symbol: str = "circle") -> Trace:
    """A point that stands out: the scenario's own."""
    look = {"color": colour, "size": 13, "symbol": symbol, "line": {"color": "white", "width": 2}}
    return marks(name, [x], [y], f"{name}: %{{x:.3s}}, %{{y:.3s}}", marker=look)


def error_bars(
    intervals: Sequence[Interval], size: float, colour: str, thickness: float = 1.5, width: int = 4
) -> Trace:
    """The bars from low to high of marks at the central values, in a unit of this size; none towards infinity."""
    above = [(interval.high - interval.central) / size for interval in intervals]
    return {
        "type": "data",
        "symmetric": False,
        "array": rounded(np.nan_to_num(above, posinf=0.0)),
        "arrayminus": rounded([(interval.central - interval.low) / size for interval in intervals]),
        "color": colour,
        "thickness": thickness,
        "width": width,
    }


def interval_marks(name: str, intervals: Sequence[Interval], size: float, y: Any, hover: str, look: Trace) -> Trace:
    """Figures with their intervals, lying down, in a unit of this size: marks at the central values, bars to the ends.

    ``look`` has the colour of both, and the symbol and the size of the marks.
    """
    x, ends = [interval.central / size for interval in intervals], error_bars(intervals, size, look["color"], 3, 5)
    return marks(name, x, y, hover, error_x=ends, marker=look)


def bars(name: str, y: Any, x: Any, colour: Any, hover: str, pattern: Any = None, **more: Any) -> Trace:
    """Lying bars; colour and pattern are of all of them, or of each."""
    look = {"color": colour} | ({} if pattern is None else {"pattern": {"shape": pattern, "fgopacity": 0.5}})
    shown = {"hovertemplate": f"{hover}<extra></extra>"}
    return {"type": "bar", "orientation": "h", "name": name, "y": y, "x": x, "marker": look, **shown, **more}


def outside(texts: Sequence[str]) -> Trace:
    """What is written beyond the end of each bar."""
    return {"text": texts, "textposition": "outside", "cliponaxis": False, "constraintext": "none"}
