"""What pictures are made of: lengths, colours, strokes and texts as SVG writes them."""

from __future__ import annotations

import html
import math
import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

Point = tuple[float, float]
Spec = Mapping[str, Any]  # a part of a figure, in Plotly's words

NORMAL, SMALL = 12.0, 11.0  # sizes of text [px]
LINE = 15.0  # from line to line of text [px]
EDGE = 2.0  # no text comes nearer to the edge of the picture [px]
MOST_LINES = 5  # of a text that is wrapped
# Lengths of strokes and gaps, in widths of the line, of at least 3 px: Plotly's.
DASHES: Mapping[str, tuple[int, ...]] = {
    "solid": (),
    "dot": (1, 1),
    "dash": (3, 3),
    "longdash": (5, 5),
    "dashdot": (3, 1, 1, 1),
    "longdashdot": (5, 2, 2, 2),
}

_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|rgba?\([\d.,% ]+\)|[a-zA-Z]+")
_BOLD = re.compile("&lt;b&gt;(.*?)&lt;/b&gt;", re.DOTALL)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no escape lets XML hold these


def px(value: float) -> str:
    """A length to a tenth of a pixel."""
    return f"{round(value, 1) + 0.0:.10g}"  # no −0


def path(points: Iterable[Point]) -> str:
    """The points of a line, for the ``d`` of a path."""
    return "M" + "L".join(f"{px(x)} {px(y)}" for x, y in points)


def colour(value: Any) -> str:
    """A colour; ValueError where it is none, as it might be a reference to elsewhere."""
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        raise ValueError(f"colour {value!r}: neither #rrggbb, rgb(), rgba() nor a name")
    return value


def stroke(line: Spec) -> str:
    """The attributes of a line."""
    width = float(line.get("width", 2))
    dashes = " ".join(px(length * max(width, 3.0)) for length in DASHES[line.get("dash", "solid")])
    plain = f'fill="none" stroke="{colour(line["color"])}" stroke-width="{px(width)}"'
    return f'{plain} stroke-dasharray="{dashes}"' if dashes else plain


def group(name: str, *parts: str) -> str:
    """Parts together; nothing where there are none."""
    inner = "".join(parts)
    return f'<g class="{name}">{inner}</g>' if inner else ""


def escaped(text: str) -> str:
    """A text that can be nothing but text."""
    return html.escape(_NOT_XML.sub("", text))


def width_of(text: str, size: float = NORMAL) -> float:
    """About how wide a text is [px], rather more than less: which font the reader has is not known."""
    letters = re.sub("</?b>", "", text)
    return size * sum(1.0 if one > "\u2fff" else 0.8 if one.isupper() else 0.6 for one in letters)


def wrapped(text: str, room: float) -> list[str]:
    """A small text in lines of a width [px]."""
    letters = int(room * len(text) / max(1.0, width_of(text, SMALL)))
    return textwrap.wrap(text, max(4, letters), max_lines=MOST_LINES, placeholder="…")


def written(
    text: str, at: Point, within: float, size: float = NORMAL, anchor: str = "middle", room: float = math.inf
) -> str:
    """A text on one line, with ``<b>`` and no other tag.

    It is moved sideways to stay inside the picture, and squeezed where it is wider than that, or than its room.
    """
    if not text:
        return ""
    most = min(within - 2 * EDGE, room)
    width = min(most, width_of(text, size))
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
    x = min(max(at[0], EDGE + before), within - EDGE - width + before)
    look = "" if anchor == "middle" else f' text-anchor="{anchor}"'
    look += "" if size == NORMAL else f' font-size="{px(size)}"'
    look += f' textLength="{px(most)}" lengthAdjust="spacingAndGlyphs"' if width_of(text, size) > most else ""
    inner = _BOLD.sub(r'<tspan font-weight="600">\1</tspan>', escaped(text))
    return f'<text x="{px(x)}" y="{px(at[1])}"{look}>{inner}</text>'


def image(inside: str, title: str, key: str, width: float, height: float) -> str:
    """The whole: its ink has the colour of the text around it, and its title is read aloud."""
    size = f'width="{px(width)}" height="{px(height)}" viewBox="0 0 {px(width)} {px(height)}"'
    look = f'font-family="system-ui, sans-serif" font-size="{px(NORMAL)}" text-anchor="middle" fill="currentColor"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {look} role="img" aria-labelledby="{key}-title">'
        f'<title id="{key}-title">{escaped(title)}</title>{inside}</svg>'
    )
