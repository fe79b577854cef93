"""Which points of a crowded chart can carry their name without any two texts touching."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pages.charts.chart import Trace
from pages.charts.traces import marks

Box = tuple[float, float, float, float]  # left, bottom, right, top [px]

CHARACTER, LINE, GAP = 6.4, 15.0, 7.0  # of 11 px text [px]; GAP from the middle of the mark
POSITIONS = ("middle left", "top center", "middle right", "bottom center")


def text_positions(
    at: Sequence[tuple[float, float]],
    texts: Sequence[str],
    width: float,
    height: float,
    most: int,
    kept_free: Sequence[Box] = (),
) -> list[str]:
    """Where each text goes, in Plotly's words; empty where it finds no room. First come, first served.

    Args:
        at: Where the marks are, as shares of the plot's width and height; the most important first.
        texts: Their names; an empty text is a mark that only takes room.
        width: Of the plot [px].
        height: Of the plot [px].
        most: Texts at most.
        kept_free: Where another text stands already [px].
    """
    middles = [(x * width, y * height) for x, y in at]
    marks = [(x - 5.0, y - 5.0, x + 5.0, y + 5.0) for x, y in middles]
    taken: list[Box] = list(kept_free)
    found = []
    for number, ((x, y), text) in enumerate(zip(middles, texts, strict=True)):
        position = ""
        if text and len(taken) < most + len(kept_free):
            for candidate in POSITIONS:
                box = _box(x, y, text, candidate)
                others = marks[:number] + marks[number + 1 :]
                inside = box[0] >= 0 and box[2] <= width and box[1] >= 0 and box[3] <= height
                if inside and not any(_touch(box, other) for other in (*taken, *others)):
                    position = candidate
                    taken.append(box)
                    break
        found.append(position)
    return found


def names(
    x: Sequence[Any], y: Sequence[Any], at: Sequence[tuple[float, float]], texts: Sequence[str], *room: Any
) -> Trace:
    """The names that find room, as a trace over the marks of a chart.

    Args:
        x: Where each mark is on the axis.
        y: The same on the other.
        at: The same as shares of the plot, with all that follows as of :func:`text_positions`.
        texts: The names.
        *room: Width, height, most names, and what is kept free.
    """
    spots = text_positions(at, texts, *room)
    named = [number for number, spot in enumerate(spots) if spot]
    x, y, texts, spots = ([column[number] for number in named] for column in (x, y, texts, spots))
    keeps_off = {"size": 12, "opacity": 0}  # the text, of the mark
    look: Trace = {"marker": keeps_off, "textfont": {"size": 11}, "showlegend": False}
    return marks("names", x, y, mode="markers+text", text=texts, textposition=spots, **look)


def note_box(x: float, y: float, text: str, to_the_right: bool = True) -> Box:
    """The room of a note of 12 px that begins (or ends) at a position, and stands above it [px]."""
    wide = CHARACTER * 12 / 11 * len(text)
    return (x, y, x + wide, y + LINE + 3) if to_the_right else (x - wide, y, x, y + LINE + 3)


def _box(x: float, y: float, text: str, position: str) -> Box:
    wide = CHARACTER * len(text)
    if position == "middle right":
        return (x + GAP, y - LINE / 2, x + GAP + wide, y + LINE / 2)
    if position == "middle left":
        return (x - GAP - wide, y - LINE / 2, x - GAP, y + LINE / 2)
    if position == "top center":
        return (x - wide / 2, y + GAP, x + wide / 2, y + GAP + LINE)
    return (x - wide / 2, y - GAP - LINE, x + wide / 2, y - GAP)


def _touch(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
