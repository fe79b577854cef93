"""The picture of a chart: where its axes are, and what stands around them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from pages.charts.svg import marks, words
from pages.charts.svg.axes import Axis, axis
from pages.charts.svg.elements import (
    EDGE,
    LINE,
    SMALL,
    Spec,
    group,
    image,
    path,
    px,
    stroke,
    width_of,
    wrapped,
    written,
)
from pages.charts.theme import Chart

GAP = 8.0  # between an axis and its labels, and their title
RIGHT = 20.0  # of the plot: half a label
RISE = 6.0  # from a line to the baseline of the note on it
HALF = 4.0  # from the middle of a text down to its baseline
ROW = 20.0  # of the legend
SWATCH, BETWEEN = 46.0, 18.0  # from a sample to its name, from a name to the next sample


def drawn(chart: Chart, width: int = 680) -> str:
    """A chart as an SVG that needs nothing else.

    Args:
        chart: What to draw: one of the charts of Explore and Compare.
        width: Of the picture [px]. Its height is the layout's, and what a legend needs below.

    Returns:
        An ``<svg>`` element. Its ink has the colour of the text around it, its ids are its own, and its title is the
        chart's heading and sentence. The same chart always gives the same text.

    Raises:
        ValueError: Where the figure holds what would not look as in Plotly, such as a trace of another type.
    """
    figure = chart.figure
    words.check(figure)
    named = json.dumps([chart.heading, chart.sentence, figure, width], sort_keys=True)
    key = f"chart-{hashlib.sha256(named.encode()).hexdigest()[:12]}"
    height = float(figure["layout"]["height"])
    x, y = _frame(figure, width, height)
    around = _grid(x, y) + _labels(x, y, width) + _titles(x, y, width, height)
    shapes = group("shapes", *(_shape(shape, x, y) for shape in figure["layout"].get("shapes", ())))
    legend, below = _legend(figure, x.start, width, height)
    inside = around + marks.traces(figure, x, y, width, key) + shapes + _notes(figure, x, y, width) + legend
    return image(inside, f"{chart.heading}. {chart.sentence}", key, width, height + below)


def _frame(figure: Spec, width: float, height: float) -> tuple[Axis, Axis]:
    """Both axes, in a frame that leaves room for what is written around it."""
    x, y = axis(figure, "x"), axis(figure, "y")
    left = EDGE + GAP + (LINE if y.title else 0.0)
    left += max((GAP + width_of(label, SMALL) for _, label in y.ticks()), default=0.0)
    x = replace(x, start=left, end=width - RIGHT)
    lines = max((len(_lines(label, x)) for _, label in x.ticks()), default=0)
    below = EDGE + GAP + lines * LINE + (GAP + LINE if x.title else 0.0)
    return x, replace(y, start=height - below, end=float(figure["layout"]["margin"]["t"]))


def _lines(label: str, x: Axis) -> list[str]:
    """The lines of a label below the plot: a name has as much room as the others."""
    return wrapped(label, (x.end - x.start) / len(x.names) - GAP) if x.names else [label]


def _grid(x: Axis, y: Axis) -> str:
    """Lines at the numbers of both axes; names need none."""
    across = [] if x.names else [[(x.pixel(value), end) for end in (y.start, y.end)] for value, _ in x.ticks()]
    up = [] if y.names else [[(end, y.pixel(value)) for end in (x.start, x.end)] for value, _ in y.ticks()]
    lines = "".join(map(path, across + up))
    return f'<path class="grid" d="{lines}" fill="none" stroke="currentColor" stroke-opacity="0.16"/>' if lines else ""


def _labels(x: Axis, y: Axis, width: float) -> str:
    below = [
        written(line, (x.pixel(value), y.start + GAP + SMALL + number * LINE), width, SMALL)
        for value, label in x.ticks()
        for number, line in enumerate(_lines(label, x))
    ]
    beside = [written(label, (x.start - GAP, y.pixel(value) + HALF), width, SMALL, "end") for value, label in y.ticks()]
    return group("x-ticks", *below) + group("y-ticks", *beside)


def _titles(x: Axis, y: Axis, width: float, height: float) -> str:
    along = written(x.title, ((x.start + x.end) / 2, height - EDGE - HALF), width)
    # in the turned picture the middle of the plot is as far from its left edge as it was from the bottom
    turned = written(y.title, (height - (y.start + y.end) / 2, LINE - EDGE), height)
    return group("titles", along, f'<g transform="translate(0 {px(height)}) rotate(-90)">{turned}</g>')


def _across(part: Spec, word: str, x: Axis) -> float:
    """Where a part of the layout is: at a value, or at a share of the plot."""
    share = part.get("xref") == "paper"
    return x.start + part[word] * (x.end - x.start) if share else x.pixel(part[word])


def _shape(shape: Spec, x: Axis, y: Axis) -> str:
    ends = ((_across(shape, f"x{end}", x), y.pixel(shape[f"y{end}"])) for end in (0, 1))
    return f'<path d="{path(ends)}" {stroke(shape["line"])}/>'


def _notes(figure: Spec, x: Axis, y: Axis, width: float) -> str:
    """The annotations, each above its point; one that would touch another goes on towards the middle of the plot."""
    taken: list[tuple[float, float, float]] = []  # left, right, baseline
    texts = ""
    for note in figure["layout"].get("annotations", ()):
        at, length = _across(note, "x", x), width_of(note["text"])
        left = at if note["xanchor"] == "left" else at - length
        up = y.pixel(note["y"]) - note.get("yshift", 0.0) - RISE
        step = (LINE + RISE) * (1 if up < (y.start + y.end) / 2 else -1)
        while any(left < end and start < left + length and abs(up - other) < LINE for start, end, other in taken):
            up += step
        taken.append((left, left + length, up))
        texts += written(note["text"], (at, up), width, anchor="start" if left == at else "end")
    return group("notes", texts)


def _legend(figure: Spec, left: float, width: float, height: float) -> tuple[str, float]:
    """What each line and point is, below the picture, and how high that is.

    It is drawn where the layout asks for it, and where there are several lines with a name: on the screen a pointer
    tells which is which, on paper nothing does.
    """
    named = [trace for trace in figure["data"] if trace["type"] == "scatter" and trace.get("showlegend", True)]
    if not figure["layout"].get("showlegend") and sum(trace["mode"] == "lines" for trace in named) < 2:
        return "", 0.0
    entries, x, row = [], left, 0
    for trace in named:
        room = width - left - SWATCH
        length = SWATCH + min(room, width_of(trace["name"])) + BETWEEN
        if x > left and x + length - BETWEEN > width - EDGE:
            x, row = left, row + 1
        name = written(trace["name"], (SWATCH, HALF), width, anchor="start", room=room)
        place = f"translate({px(x)} {px(height + (row + 0.5) * ROW)})"
        entries.append(f'<g transform="{place}">{marks.sample(trace)}{name}</g>')
        x += length
    return group("legend", *entries), (row + 1) * ROW
