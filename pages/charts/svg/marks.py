"""The traces of a figure, as marks on a pair of axes: lines, points, error bars, bars."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from pages.charts.svg import bars
from pages.charts.svg.axes import Axis, error_ends
from pages.charts.svg.elements import NORMAL, Point, Spec, colour, group, path, px, stroke, written

# Corners of the points, in radii: Plotly's sizes. A circle has none.
SYMBOLS: Mapping[str, tuple[Point, ...]] = {
    "circle": (),
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "diamond": ((-1.3, 0), (0, -1.3), (1.3, 0), (0, 1.3)),
    "triangle-up": ((-1.155, 0.5), (0, -1), (1.155, 0.5)),
    "cross": (
        *((-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4)),
        *((0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4)),
    ),
    "star": tuple(
        (radius * math.sin(math.pi * at / 5), -radius * math.cos(math.pi * at / 5))
        for at, radius in enumerate((1.4, 0.535) * 5)
    ),
}
GAP = 4.0  # between a mark and its text
SAMPLE = 40.0  # length of a line in the legend
BAR_GAP = 0.2  # of the room of a bar, where the layout does not say: Plotly's
# A tile of 8 px that repeats; its strokes reach over its edge so that they join.
HATCHINGS: Mapping[str, str] = {"": "", "/": "M-2 2L2-2M0 8L8 0M6 10L10 6"}


def traces(figure: Spec, x: Axis, y: Axis, width: float, key: str) -> str:
    """All traces of a figure; the ids of their hatchings begin with ``key``."""
    parts = []
    before: list[Point] = []
    for number, trace in enumerate(figure["data"]):
        if trace["type"] == "scatter":
            points = [(x.pixel(one), y.pixel(other)) for one, other in zip(trace["x"], trace["y"], strict=True)]
            parts.append(_scatter(trace, points, before, x, y, width))
            before = points
        else:
            gap = float(figure["layout"].get("bargap", BAR_GAP))
            parts.append(_bars(trace, x, y, gap, width, f"{key}-hatch-{number}"))
    return "".join(parts)


def sample(trace: Spec) -> str:
    """What a line or a point looks like, on ``SAMPLE`` px to the right of the origin."""
    if trace["mode"] == "lines":
        return _line(trace["line"], [(0.0, 0.0), (SAMPLE, 0.0)])
    return _point(trace["marker"], (SAMPLE / 2, 0.0))


def _scatter(trace: Spec, points: Sequence[Point], before: Sequence[Point], x: Axis, y: Axis, width: float) -> str:
    """A line and the area below it, or points with their error bars and texts."""
    if trace["mode"] == "lines":
        return group("lines", _area(trace, points, before, y), _line(trace["line"], points))
    return (
        group("errors", _error_bars(trace, points, x))
        + group("marks", *(_point(trace["marker"], at) for at in points))
        + group("texts", *_texts(trace, points, width))
    )


def _line(line: Spec, points: Iterable[Point]) -> str:
    return f'<path d="{path(points)}" {stroke(line)} stroke-linejoin="round"/>'


def _area(trace: Spec, points: Sequence[Point], before: Sequence[Point], y: Axis) -> str:
    """The area from a line down to zero, or back along the line before, if there is one."""
    fill = trace.get("fill", "none")
    if fill == "none":
        return ""
    along = fill == "tonexty" and before
    back = reversed(before) if along else [(x, y.pixel(0.0)) for x in (points[-1][0], points[0][0])]
    return f'<path d="{path((*points, *back))}Z" fill="{colour(trace["fillcolor"])}"/>'


def _point(marker: Spec, at: Point) -> str:
    radius = float(marker["size"]) / 2
    look = f'fill="{colour(marker["color"])}"'
    if "line" in marker:
        look += f' stroke="{colour(marker["line"]["color"])}" stroke-width="{px(marker["line"]["width"])}"'
    corners = SYMBOLS[marker.get("symbol", "circle")]
    if not corners:
        return f'<circle cx="{px(at[0])}" cy="{px(at[1])}" r="{px(radius)}" {look}/>'
    outline = path((radius * x, radius * y) for x, y in corners)
    return f'<path transform="translate({px(at[0])} {px(at[1])})" d="{outline}Z" {look}/>'


def _texts(trace: Spec, points: Iterable[Point], width: float) -> list[str]:
    """What is written above the points, or below and to the left of them."""
    away = float(trace["marker"]["size"]) / 2 + GAP
    below = trace.get("textposition") == "bottom left"
    down, anchor = (away + NORMAL / 2, "end") if below else (-away, "middle")
    texts = zip(points, trace.get("text", ()), strict=False)
    return [written(text, (x, y + down), width, anchor=anchor) for (x, y), text in texts]


def _error_bars(trace: Spec, points: Iterable[Point], x: Axis) -> str:
    """A line from end to end, with a cap at both."""
    lines = ""
    for (_, y), values in zip(points, error_ends(trace), strict=False):
        ends, cap = [x.pixel(value) for value in values], float(trace["error_x"]["width"])
        lines += path((end, y) for end in ends) + "".join(path([(end, y - cap), (end, y + cap)]) for end in ends)
    if not lines:
        return ""
    look = stroke({"color": trace["error_x"]["color"], "width": trace["error_x"]["thickness"]})
    return f'<path d="{lines}" {look}/>'


def _bars(trace: Spec, x: Axis, y: Axis, gap: float, width: float, hatch: str) -> str:
    """Bars that lie on a base, or the steps of a waterfall with their figures above them and lines between them."""
    lying = trace["type"] == "bar"
    across, along = (y, x) if lying else (x, y)
    hatching = HATCHINGS[trace["marker"].get("pattern", {}).get("shape", "")] if lying else ""
    shown, texts, connected = "", [], []
    for bar in bars.of(trace):
        at = across.names.index(bar.at)
        sides = sorted(across.pixel(at + side * (1.0 - gap) / 2) for side in (-1, 1))
        ends = sorted((along.pixel(bar.foot), along.pixel(bar.head)))
        (left, right), (top, bottom) = (ends, sides) if lying else (sides, ends)
        size = f'width="{px(right - left)}" height="{px(bottom - top)}" stroke="{colour(bar.colour)}"'
        fill = f"url(#{hatch})" if hatching else bar.colour
        shown += f'<rect x="{px(left)}" y="{px(top)}" {size} fill="{fill}"/>'
        room = (right - left) / (1.0 - gap) - GAP
        texts.append(written(bar.text, ((left + right) / 2, top - GAP), width, room=room))
        connected.append((left, right, along.pixel(bar.head)))
    if hatching:
        tile = f'<path d="{hatching}" {stroke(trace["marker"])}/>'
        shown = f'<pattern id="{hatch}" width="8" height="8" patternUnits="userSpaceOnUse">{tile}</pattern>{shown}'
    if not lying:
        lines = "".join(path([(right, head), (left, head)]) for (_, right, head), (left, _, _) in pairwise(connected))
        shown += f'<path d="{lines}" {stroke(trace["connector"]["line"])}/>' if lines else ""
    return group("bars", shown) + group("texts", *texts)
