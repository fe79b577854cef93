"""Which points of a crowded chart can carry their name without any two texts touching."""

from collections.abc import Sequence
from typing import Any

from pages.charts.chart import Trace
from pages.charts.traces import marks

Box = tuple[float, float, float, float]  # left, bottom, right, top [px]

CHARACTER, LINE, GAP = 6.4, 15.0, 7.0  # of 11 px text [px]; GAP from the middle of the mark
POSITIONS = {
    "middle left": (-1, 0),
    "top center": (0, 1),
    "middle right": (1, 0),
    "bottom center": (0, -1),
    "top left": (-1, 1),
    "top right": (1, 1),
    "bottom right": (1, -1),
    "bottom left": (-1, -1),
}


def text_positions(
    at: Sequence[tuple[float, float]],
    texts: Sequence[str],
    width: float,
    height: float,
    most: int,
    kept_free: Sequence[Box] = (),
    better_free: Sequence[Box] = (),
) -> list[str]:
    """Where each text goes, in Plotly's words; empty where it finds no room. First come, first served.

    Args:
        at: Where the marks are, as shares of the plot's width and height; the most important first.
        texts: Their names; an empty text is a mark that only takes room.
        width: Of the plot [px].
        height: Of the plot [px].
        most: Texts at most.
        kept_free: Where another text or a line stands already [px].
        better_free: Where a text goes only if it finds no room elsewhere [px].
    """
    middles = [(x * width, y * height) for x, y in at]
    dots = [(x - 5.0, y - 5.0, x + 5.0, y + 5.0) for x, y in middles]
    taken: list[Box] = list(kept_free)
    found = []
    for number, ((x, y), text) in enumerate(zip(middles, texts, strict=True)):
        boxes = {name: _box(x, y, text, name) for name in POSITIONS if text and len(taken) < most + len(kept_free)}
        others = (*taken, *dots[:number], *dots[number + 1 :])
        free = [
            name
            for name, box in boxes.items()
            if box[0] >= 0 and box[2] <= width and box[1] >= 0 and box[3] <= height
            if not any(_touch(box, other) for other in others)
        ]
        better = (name for name in free if not any(_touch(boxes[name], other) for other in better_free))
        found.append(next(better, next(iter(free), "")))
        taken += [boxes[found[-1]]] if found[-1] else []
    return found


def names(x: Sequence[Any], y: Sequence[Any], texts: Sequence[str], positions: Sequence[str]) -> Trace:
    """The names that found room (:func:`text_positions`), as a trace over the marks, which are at x and y."""
    named = [number for number, position in enumerate(positions) if position]
    x, y, texts, positions = ([column[number] for number in named] for column in (x, y, texts, positions))
    keeps_off = {"size": 12, "opacity": 0}  # the text, of the mark
    look: Trace = {"marker": keeps_off, "textfont": {"size": 11}, "showlegend": False}
    return marks("names", x, y, mode="markers+text", text=texts, textposition=positions, **look)


def note_box(x: float, y: float, text: str, to_the_right: bool = True) -> Box:
    """The room of a note of 12 px that begins (or ends) at a position, and stands above it [px]."""
    wide = CHARACTER * 12 / 11 * len(text)
    return (x, y, x + wide, y + LINE + 3) if to_the_right else (x - wide, y, x, y + LINE + 3)


def line_box(x0: float, y0: float, x1: float, y1: float) -> Box:
    """The room of a thin upright or lying line [px]."""
    return (min(x0, x1) - 1.5, min(y0, y1) - 1.5, max(x0, x1) + 1.5, max(y0, y1) + 1.5)


def _box(x: float, y: float, text: str, position: str) -> Box:
    (right, up), half = POSITIONS[position], CHARACTER * len(text) / 2
    x, y = x + right * (GAP + half), y + up * (GAP + LINE / 2)
    return (x - half, y - LINE / 2, x + half, y + LINE / 2)


def _touch(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
