"""A chart as one static SVG, for a report that is printed: nothing is fetched, nothing runs.

What is drawn is the part of Plotly's figures that the charts of Explore and Compare use: lines, marks, texts, error
bars, bars and waterfalls on one pair of linear, log or category axes, with shapes, annotations and a legend. Axes find
their range as Plotly's do. Whatever else a figure asks for is refused, rather than drawn wrong.

Lengths are pixels of the picture, from its top left corner. Ink has the colour of the text around the picture. Where
the page's style says what colour its paper has, as ``--paper``, texts have a rim of it and can be read on lines.
"""

from __future__ import annotations

import hashlib
import html
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from numbers import Real
from typing import Any, TypeVar

from oce.figures.style import Chart, Trace
from oce.quantities import SUPERSCRIPTS

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom
Spec = Mapping[str, Any]  # a part of a figure, in Plotly's words
Run = tuple[str, bool]  # a piece of text, and whether it is bold
Known = TypeVar("Known")

SMALL, NORMAL, TITLE = 11.0, 12.0, 13.0  # sizes of text [px]
LINE_HEIGHT = 1.3  # of the size of the text
GAP = 6.0  # between an axis and its labels
EDGE = 2.0  # no text comes nearer to the edge of the picture
LEAST = 20.0  # an axis is never shorter
PADDING = 0.05  # of an axis's length, left free beyond what it shows: Plotly's
SAMPLE, SWATCH, LEGEND_ROW = 40.0, 46.0, 20.0  # of the legend: a line, from its start to its text, from row to row
MOST_LINES = 5  # of the name of a category: a longer one would leave the plot no room
NOTE_GAP = 3.0  # between a line and the annotation that stands on it
FAR = 1e5  # a pixel beyond which nothing can be seen

# Lengths of strokes and gaps, in widths of the line, of at least 3 px: Plotly's.
DASHES: Mapping[str, tuple[float, ...]] = {
    "solid": (),
    "dot": (1, 1),
    "dash": (3, 3),
    "longdash": (5, 5),
    "dashdot": (3, 1, 1, 1),
    "longdashdot": (5, 2, 2, 2),
}
# Corners of the marks, in radii: Plotly's sizes. A circle has none.
SYMBOLS: Mapping[str, tuple[Point, ...]] = {
    "circle": (),
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "diamond": ((-1.3, 0), (0, -1.3), (1.3, 0), (0, 1.3)),
    "triangle-up": ((-1.155, 0.5), (0, -1), (1.155, 0.5)),
    "triangle-down": ((-1.155, -0.5), (0, 1), (1.155, -0.5)),
    "cross": (
        *((-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4)),
        *((0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4)),
    ),
    "x": (
        *((0, -0.566), (0.566, -1.131), (1.131, -0.566), (0.566, 0), (1.131, 0.566), (0.566, 1.131)),
        *((0, 0.566), (-0.566, 1.131), (-1.131, 0.566), (-0.566, 0), (-1.131, -0.566), (-0.566, -1.131)),
    ),
    "star": tuple(
        (radius * math.sin(math.pi * at / 5), -radius * math.cos(math.pi * at / 5))
        for at, radius in enumerate((1.4, 0.535) * 5)
    ),
}
# Strokes of a hatching, on a tile of 8 px that repeats; they reach over its edge so that they join.
HATCHINGS: Mapping[str, str] = {
    "/": "M-2 2L2-2M0 8L8 0M6 10L10 6",
    "\\": "M-2 6L2 10M0 0L8 8M6-2L10 2",
    "x": "M-2 2L2-2M0 8L8 0M6 10L10 6M-2 6L2 10M0 0L8 8M6-2L10 2",
    "-": "M0 4H8",
    "|": "M4 0V8",
    "+": "M0 4H8M4 0V8",
}
SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
TRACES = ("scatter", "bar", "waterfall")
NOT_DRAWN = ("stackgroup", "fillpattern", "offset", "width")  # of a trace

_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|rgba?\([\d.,% ]+\)|[a-zA-Z]+")
_TICK_FORMAT = re.compile(r"(,?)((?:\.\d+)?)([fd%]?)")
_TAG = re.compile(r"(</?b>|<br ?/?>)")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no escape lets XML hold these
_NARROW, _WIDE = frozenset(" .,:;'|!()[]ijlftrI·-"), frozenset("mwMW%@…—")


def drawn(chart: Chart, width: int = 680) -> str:
    """A chart as an SVG that needs nothing else.

    Args:
        chart: What to draw: scatter, bar and waterfall traces on one pair of linear, log or category axes.
        width: Of the picture [px]. Its height is the layout's, and what a legend needs below.

    Returns:
        An ``<svg>`` element. Its ink has the colour of the text around it, its ids are its own, and its title is the
        chart's heading and sentence. The same chart always gives the same text.

    Raises:
        ValueError: Where the figure holds what would not look as in Plotly, such as a trace of another type.
    """
    figure = chart.figure
    _refuse_unknown(figure)
    named = json.dumps([chart.heading, chart.sentence, figure, width], sort_keys=True)
    key = f"chart-{hashlib.sha256(named.encode()).hexdigest()[:12]}"
    plot = _plot(figure, width, key)
    legend, below = _legend(figure, plot)
    size = f'width="{width}" height="{_px(plot.height + below)}" viewBox="0 0 {width} {_px(plot.height + below)}"'
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="{key}-title" '
            f'font-family="system-ui, sans-serif" font-size="{_px(NORMAL)}" text-anchor="middle" fill="currentColor">',
            f'<title id="{key}-title">{_escaped(f"{chart.heading}. {chart.sentence}")}</title>',
            _definitions(figure, plot),
            _grid(figure, plot),
            *(_tick_labels(axis, plot) for axis in (plot.x, plot.y)),
            _axis_titles(plot),
            _shapes(figure, plot, below=True),
            *_traces_drawn(figure, plot),
            _shapes(figure, plot, below=False),
            _notes(figure, plot),
            legend,
            "</svg>",
        )
    )


# --- what can be drawn ---


def _refuse_unknown(figure: Spec) -> None:
    """Raises ValueError for what is not drawn at all; the parts that are drawn check their own words."""
    for trace in figure["data"]:
        kind = trace.get("type", "scatter")
        _check(kind, TRACES, "trace type")
        for name in NOT_DRAWN:
            if trace.get(name) is not None:
                raise ValueError(f"{name} of a {kind} trace: it cannot be drawn as SVG")
        for letter in ("x", "y"):
            _check(trace.get(f"{letter}axis", letter), (letter,), f"{letter} axis")
    if sum(trace.get("type") == "bar" for trace in _shown(figure)) > 1:
        _check(figure["layout"].get("barmode", "group"), ("overlay",), "barmode of several traces")


def _check(word: str, known: Iterable[str], what: str) -> None:
    """Raises ValueError where one of Plotly's words is none that is known here."""
    if word not in known:
        raise ValueError(f"{what} {word!r}: it cannot be drawn as SVG, which knows {', '.join(map(repr, known))}")


def _known(table: Mapping[str, Known], word: str, what: str) -> Known:
    """What a table holds for one of Plotly's words; ValueError where it holds nothing."""
    _check(word, table, what)
    return table[word]


def _shown(figure: Spec) -> list[Trace]:
    return [trace for trace in figure["data"] if trace.get("visible", True) is True]


def _is_bars(trace: Spec) -> bool:
    return trace.get("type") in ("bar", "waterfall")


def _has(trace: Spec, part: str) -> bool:
    """Whether a scatter trace draws ``lines``, ``markers`` or ``text``."""
    default = "lines+markers" if len(trace["x"]) < 20 else "lines"  # Plotly's
    return not _is_bars(trace) and part in trace.get("mode", default).split("+")


def _each(value: Any, at: int) -> Any:
    """What a property is for one point: it may be one for all, or a list."""
    return value[at] if isinstance(value, Sequence) and not isinstance(value, str) else value


def _finite(value: Any) -> bool:
    return isinstance(value, Real) and math.isfinite(value)


# --- numbers, colours and texts ---


def _px(value: float) -> str:
    """A length to a tenth of a pixel."""
    text = f"{min(FAR, max(-FAR, value)):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _escaped(text: str) -> str:
    return html.escape(_NOT_XML.sub("", text))


def _colour(value: Any) -> str:
    """A colour as an attribute takes it; none is the ink of the page.

    Raises:
        ValueError: Where it is no colour: it might be a reference to elsewhere.
    """
    if value is None:
        return "currentColor"
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        raise ValueError(f"colour {value!r}: neither #rrggbb, rgb(), rgba() nor a name")
    return value


def _stroke(colour: str | None, width: float, dash: str = "solid") -> str:
    """The attributes of a line."""
    lengths = _known(DASHES, dash, "dash")
    dashed = " ".join(_px(length * max(width, 3.0)) for length in lengths)
    plain = f'stroke="{_colour(colour)}" stroke-width="{_px(width)}"'
    return f'{plain} stroke-dasharray="{dashed}"' if dashed else plain


def _text_lines(text: str) -> list[list[Run]]:
    """A text with the two tags that figures use, ``<b>`` and ``<br>``; any other is plain text."""
    lines: list[list[Run]] = [[]]
    bold = False
    for piece in _TAG.split(text):
        if not _TAG.fullmatch(piece):
            lines[-1] += [(piece, bold)] if piece else []
        elif piece.startswith("<br"):
            lines.append([])
        else:
            bold = piece == "<b>"
    return lines


def _line_width(line: Sequence[Run], size: float) -> float:
    """About how wide a line of text is [px]: what fonts the reader has is not known, so rather more than less."""
    width = 0.0
    for piece, bold in line:
        for character in piece:
            share = 0.36 if character in _NARROW else 0.9 if character in _WIDE else 0.6
            width += share * (1.06 if bold else 1.0)
    return width * size


def _text_width(text: str, size: float) -> float:
    return max(_line_width(line, size) for line in _text_lines(text))


def _text_height(text: str, size: float) -> float:
    return LINE_HEIGHT * size * len(_text_lines(text))


def _shortened(line: list[Run], size: float, room: float) -> list[Run]:
    """A line that fits: its longest piece ends in an ellipsis, as the shorter ones hold the figures."""
    line = list(line)
    while line and _line_width(line, size) > room:
        longest = max(range(len(line)), key=lambda at: len(line[at][0]))
        piece, bold = line[longest]
        if len(piece) < 3:
            break
        line[longest] = (f"{piece[:-2]}…", bold)
    return line


def _wrapped(text: str, size: float, room: float) -> str:
    """A text in lines that fit, broken between words, or within one that is too long by itself."""
    lines = [""]
    for word in text.split():
        rest = word
        if _text_width(f"{lines[-1]} {rest}".strip(), size) <= room:
            lines[-1] = f"{lines[-1]} {rest}".strip()
            continue
        lines += [""] if lines[-1] else []
        while _text_width(rest, size) > room and len(rest) > 2:
            fits = next((end for end in range(len(rest), 1, -1) if _text_width(rest[:end], size) <= room), 2)
            lines[-1], rest = rest[:fits], rest[fits:]
            lines.append("")
        lines[-1] = rest
    return "<br>".join(lines)


def _text(
    x: float,
    y: float,
    text: str,
    within: float,
    size: float = NORMAL,
    anchor: str = "middle",
    above: float = 0.5,
) -> str:
    """A text, moved sideways as far as it needs to stay inside the picture.

    Args:
        x: Where it is anchored [px].
        y: As well [px].
        text: May hold ``<b>`` and ``<br>``.
        within: The width of the picture [px].
        size: Of the letters [px].
        anchor: ``start``, ``middle`` or ``end``, as in SVG.
        above: The share of its height that is above ``y``: 1 puts it on top, 0 below.
    """
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    top = y - above * _text_height(text, size)
    drawn_lines = []
    for number, line in enumerate(_text_lines(text)):
        fitting = _shortened(line, size, within - 2 * EDGE)
        width = _line_width(fitting, size)
        moved = min(max(x, EDGE + before * width), within - EDGE - (1 - before) * width)
        baseline = top + (number * LINE_HEIGHT + 1.0) * size
        attributes = "" if anchor == "middle" else f' text-anchor="{anchor}"'
        attributes += "" if size == NORMAL else f' font-size="{_px(size)}"'
        drawn_lines.append(f'<text x="{_px(moved)}" y="{_px(baseline)}"{attributes}>{_runs(fitting)}</text>')
    return "".join(drawn_lines)


def _runs(line: Iterable[Run]) -> str:
    return "".join(
        f'<tspan font-weight="600">{_escaped(piece)}</tspan>' if bold else _escaped(piece) for piece, bold in line
    )


# --- axes ---


@dataclass(frozen=True, slots=True)
class _Scale:
    """How an axis counts: the place of a value is its log10 on a log axis, its number on one of categories."""

    kind: str  # linear, log or category
    categories: tuple[Any, ...] = ()

    def place(self, value: Any) -> float | None:
        """Where a value is; None where the axis has no place for it."""
        if self.kind == "category" and value in self.categories:
            return float(self.categories.index(value))
        if not _finite(value) or (self.kind == "log" and value <= 0):
            return None
        return math.log10(value) if self.kind == "log" else float(value)


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis: from the place ``first`` on the pixel ``start`` to the place ``last`` on the pixel ``end``."""

    letter: str  # x or y
    spec: Spec
    scale: _Scale
    first: float
    last: float
    start: float
    end: float

    def at(self, place: float) -> float:
        """The pixel of a place."""
        return self.at_share((place - self.first) / (self.last - self.first))

    def at_share(self, share: float) -> float:
        """The pixel of a share of the axis: what Plotly calls paper."""
        return min(FAR, max(-FAR, self.start + share * (self.end - self.start)))

    def pixel(self, value: Any) -> float | None:
        """The pixel of a value; None where the axis has no place for it."""
        place = self.scale.place(value)
        return None if place is None else self.at(place)

    def holds(self, pixel: float) -> bool:
        """Whether a pixel is on the axis, to half a pixel."""
        low, high = sorted((self.start, self.end))
        return low - 0.5 <= pixel <= high + 0.5

    def held(self, pixel: float) -> float:
        """The nearest pixel that is on the axis."""
        low, high = sorted((self.start, self.end))
        return min(high, max(low, pixel))


@dataclass(frozen=True, slots=True)
class _Reach:
    """A place that an axis has to show, and how far what is drawn there stands out [px]."""

    place: float
    before: float = 0.0  # to the left, or above
    after: float = 0.0  # to the right, or below


def _scale(figure: Spec, letter: str) -> _Scale:
    """How an axis counts; where texts are among the values, and nothing is said, it is an axis of categories."""
    values = [value for trace in _shown(figure) for value in trace[letter] if value is not None]
    texts = any(isinstance(value, str) for value in values)
    kind = figure["layout"].get(f"{letter}axis", {}).get("type", "-")
    kind = ("category" if texts else "linear") if kind == "-" else kind
    _check(kind, ("linear", "log", "category"), "axis type")
    return _Scale(kind, tuple(dict.fromkeys(values)) if kind == "category" else ())


def _axis(figure: Spec, letter: str, start: float, end: float) -> _Axis:
    spec = figure["layout"].get(f"{letter}axis", {})
    scale = _scale(figure, letter)
    reversed_ = spec.get("autorange") == "reversed"
    first, last = spec.get("range") or (None, None)
    if first is None or last is None:
        reaches = _reaches(figure, scale, letter, abs(end - start))
        found = _range(reaches, abs(end - start), letter, reversed_, spec)
        first, last = found[0] if first is None else first, found[1] if last is None else last
    if first == last:
        first, last = first - 1, last + 1
    return _Axis(letter, spec, scale, float(first), float(last), start, end)


def _range(reaches: Sequence[_Reach], length: float, letter: str, reversed_: bool, spec: Spec) -> Point:
    """The shortest range in which everything has the room it needs, as Plotly finds it.

    The pair of places decides that would need the most of the axis for each pixel it leaves them.
    """
    low_is_before = (letter == "x") != reversed_  # on an upright axis the low end is below
    lows = [(one.place, one.before if low_is_before else one.after) for one in reaches] or [(0.0, 0.0)]
    highs = [(one.place, one.after if low_is_before else one.before) for one in reaches] or [(1.0, 0.0)]
    if spec.get("rangemode") == "tozero" and spec.get("type") != "log":
        if min(lows)[0] >= 0:
            lows = [(0.0, 0.0)]
        if max(highs)[0] <= 0:
            highs = [(0.0, 0.0)]
    pairs = [(low, high) for low in _outermost(lows, min) for high in _outermost(highs, max)]

    def per_pixel(pair: tuple[Point, Point]) -> float:
        (low, low_room), (high, high_room) = pair
        return (high - low) / max(length - low_room - high_room, length / 4)

    (low, low_room), (high, high_room) = max(pairs, key=per_pixel)
    scale = per_pixel(((low, low_room), (high, high_room)))
    if scale <= 0:  # one value alone
        low, high, scale = low - 1.0, high + 1.0, 0.0
    ends = (low - scale * low_room, high + scale * high_room)
    return (ends[1], ends[0]) if reversed_ else ends


def _outermost(ends: Sequence[Point], of: Any) -> list[Point]:
    """The outermost place for each room: the others cannot decide."""
    by_room: dict[float, float] = {}
    for place, room in ends:
        by_room[room] = of(place, by_room.get(room, place))
    return [(place, room) for room, place in by_room.items()]


def _reaches(figure: Spec, scale: _Scale, letter: str, length: float) -> list[_Reach]:
    """What an axis has to show of the traces, the shapes and the annotations."""
    found: list[_Reach] = []
    for trace in _shown(figure):
        of_kind = _bar_reaches if _is_bars(trace) else _scatter_reaches
        found += of_kind(trace, scale, letter, PADDING * length)
    layout = figure["layout"]
    for shape in layout.get("shapes", ()):
        if not _is_share(shape.get(f"{letter}ref")):
            wide = float(shape.get("line", {}).get("width", 2)) / 2
            places = (scale.place(shape[f"{letter}{end}"]) for end in (0, 1))
            found += [_Reach(place, wide, wide) for place in places if place is not None]
    for note in layout.get("annotations", ()):
        place = None if _is_share(note.get(f"{letter}ref")) else _note_place(note[letter], scale)
        if place is not None:
            found.append(_Reach(place, *_note_room(note, letter)))
    return found


def _scatter_reaches(trace: Trace, scale: _Scale, letter: str, padding: float) -> list[_Reach]:
    errors = _errors(trace, letter)
    filled = trace.get("fill", "none") in ("tozeroy", "tonexty") and "error_y" not in trace
    flush = letter == "x" and errors is None and (filled or not (_has(trace, "markers") or _has(trace, "text")))
    room = 0.0 if flush else padding
    found = []
    if trace.get("fill") == "tozeroy" and letter == "y" and scale.kind == "linear":
        found.append(_Reach(0.0))
    for number, value in enumerate(trace[letter]):
        place = scale.place(value)
        if place is None:
            continue
        before = after = room if flush else room + _radius(trace, number)
        if letter == "y" and _has(trace, "text"):
            text, size, (_, side) = _own_text(trace, number)
            height = (_text_height(text, size) + _text_gap(trace, number)) if text else 0.0
            before, after = before + height * (side == "top"), after + height * (side == "bottom")
        found.append(_Reach(place, before, after))
        if errors is not None:
            ends = (scale.place(value + change) for change in (-errors[number][0], errors[number][1]))
            found += [_Reach(end, room, room) for end in ends if end is not None]
    return found


def _bar_reaches(trace: Trace, scale: _Scale, letter: str, padding: float) -> list[_Reach]:
    found = []
    across = _stands_on(trace) == letter
    for bar in _bars(trace):
        if across:
            place = scale.place(bar.at)
            found += [] if place is None else [_Reach(place - bar.slot / 2), _Reach(place + bar.slot / 2)]
            continue
        foot, head = scale.place(bar.foot), scale.place(bar.head)
        text = 0.0
        if bar.text:
            text = GAP + (_text_height(bar.text, NORMAL) if letter == "y" else _text_width(bar.text, NORMAL))
        towards_start = (bar.head < bar.foot) == (letter == "x")  # to the left, or up
        if foot is not None:
            room = 0.0 if bar.foot == 0 else padding
            found.append(_Reach(foot, room, room))
        if head is not None and (bar.head != 0 or text):
            found.append(_Reach(head, padding + text * towards_start, padding + text * (not towards_start)))
        errors = _errors(trace, letter)
        if errors is not None:
            ends = (scale.place(bar.head + change) for change in (-errors[bar.number][0], errors[bar.number][1]))
            found += [_Reach(end, padding, padding) for end in ends if end is not None]
    return found


# --- ticks ---


@dataclass(frozen=True, slots=True)
class _Tick:
    pixel: float
    label: str


def _ticks(axis: _Axis) -> list[_Tick]:
    """The ticks of an axis from its low end on; a label that would touch a rounder one is empty."""
    spec, scale = axis.spec, axis.scale
    if "tickvals" in spec:
        values = list(spec["tickvals"])
        labels = [str(text) for text in spec["ticktext"]] if "ticktext" in spec else _tick_labels_of(values, axis)
    elif scale.kind == "category":
        values = list(scale.categories)
        labels = [_category_label(value, axis) for value in values]
    else:
        values = _tick_values(axis)
        labels = _tick_labels_of(values, axis)
    pixels = [axis.pixel(value) for value in values]
    on_axis = [
        (pixel, label, value)
        for pixel, label, value in zip(pixels, labels, values, strict=True)
        if pixel is not None and axis.holds(pixel)
    ]
    free = _not_touching(on_axis, axis)
    return [_Tick(pixel, label if at in free else "") for at, (pixel, label, _) in enumerate(on_axis)]


def _tick_values(axis: _Axis) -> list[float]:
    low, high = sorted((axis.first, axis.last))
    dtick = axis.spec.get("dtick")
    if axis.scale.kind == "log":
        return _log_values(low, high, dtick)
    step = float(dtick) if isinstance(dtick, (int, float)) else 0.0
    if not 0 < (high - low) / 100 < step:  # no step is given, or one that would blacken the axis
        step = _round_step(high - low, _tick_count(axis))
    return _multiples(low, high, step)


def _tick_count(axis: _Axis) -> float:
    """About how many ticks there is room for: as in Plotly."""
    return min(9.0, max(4.0, abs(axis.end - axis.start) / (80 if axis.letter == "x" else 40))) + 1


def _round_step(span: float, count: float) -> float:
    size = 10.0 ** math.floor(math.log10(span / count))
    return next(size * digit for digit in (1, 2, 5, 10) if size * digit >= span / count * (1 - 1e-9))


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _log_values(low: float, high: float, dtick: Any) -> list[float]:
    """Ticks between two powers of ten; finer than asked for where less than two would tell nothing of the scale."""
    if _finite(dtick):
        ways = [(1,), (1, 2, 5)]
    else:
        auto = "1" if high - low > 2 else "D2" if high - low > 1 else "D1"
        digits = {"1": (1,), "D1": tuple(range(1, 10)), "D2": (1, 2, 5)}
        ways = [_known(digits, auto if dtick is None else str(dtick), "dtick of a log axis")]
    every = max(1, round(dtick)) if _finite(dtick) else 1
    for digits_of_each in ways:
        powers = [power for power in range(math.floor(low), math.ceil(high) + 1) if power % every == 0]
        values = [digit * 10.0**power for power in powers for digit in digits_of_each]
        values = [value for value in values if low - 1e-9 <= math.log10(value) <= high + 1e-9]
        if len(values) > 1:
            return values
    return _multiples(10.0**low, 10.0**high, _round_step(10.0**high - 10.0**low, 5.0))


def _tick_labels_of(values: Sequence[Any], axis: _Axis) -> list[str]:
    largest = max((abs(value) for value in values if _finite(value)), default=0.0)
    labels = []
    for value in values:
        if not _finite(value):
            labels.append(str(value))
        elif axis.spec.get("tickformat"):
            labels.append(_formatted(value, axis.spec["tickformat"]))
        else:  # numbers of one line share their unit; those of a log axis are too far apart for that
            labels.append(_short_number(value, abs(value) if axis.scale.kind == "log" else largest))
    return labels


def _formatted(value: float, tick_format: str) -> str:
    """A number as one of d3's formats asks: such as ``.0%``, ``,`` or ``d``.

    Raises:
        ValueError: Where the format is another.
    """
    found = _TICK_FORMAT.fullmatch(tick_format)
    if found is None:
        raise ValueError(f"tickformat {tick_format!r}: it cannot be drawn as SVG")
    comma, digits, kind = found.groups()
    if kind == "d":
        return _minus(format(round(value), f"{comma}d"))
    return _minus(format(value, f"{comma}{digits}{kind}" if kind or digits else f"{comma}.10g"))


def _short_number(value: float, largest: float) -> str:
    """A number of an axis: 4,000 and 20k, 3M, 10¹⁸; its unit is that of the largest."""
    if value != 0 and not 1e-3 * (1 - 1e-9) <= largest < 1e15:
        mantissa, exponent = f"{value:.5e}".split("e")
        power = f"10{str(int(exponent)).translate(SUPERSCRIPTS)}"
        digits = f"{float(mantissa):g}"
        return _minus(power if digits == "1" else f"{digits} × {power}")
    size, suffix = next((one for one in SUFFIXES if largest >= max(one[0], 1e4)), (1.0, ""))
    return _minus(f"{value / size:,.10g}{suffix if value else ''}")


def _minus(number: str) -> str:
    return number.replace("-", "−")


def _category_label(value: Any, axis: _Axis) -> str:
    """The name of a category, in lines as wide as it has room for."""
    room = 180.0 if axis.letter == "y" else abs(axis.at(1.0) - axis.at(0.0)) - GAP
    lines = _wrapped(str(value), SMALL, room).split("<br>")
    return "<br>".join(lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]}…"])


def _not_touching(ticks: Sequence[tuple[float, str, Any]], axis: _Axis) -> set[int]:
    """Which labels can be written; the roundest first: those that one digit can tell, 1 before 5 before 2."""
    taken: list[Point] = []
    found = set()
    for at in sorted(range(len(ticks)), key=lambda at: (_roundness(ticks[at][2], axis), at)):
        pixel, label, _ = ticks[at]
        half = _text_width(label, SMALL) / 2 + 2 if axis.letter == "x" else _text_height(label, SMALL) / 2 - 2
        if all(pixel + half <= low or high <= pixel - half for low, high in taken):
            taken.append((pixel - half, pixel + half))
            found.add(at)
    return found


def _roundness(value: Any, axis: _Axis) -> int:
    if axis.scale.kind != "log" or not _finite(value) or value <= 0:
        return 0
    return {"1": 0, "5": 1, "2": 2}.get(f"{value:.0e}"[0], 3)


# --- the frame, the grid, the labels of the axes ---


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where everything goes: both axes, and the size of the picture without its legend [px]."""

    x: _Axis
    y: _Axis
    width: float
    height: float
    key: str  # what every id of this picture begins with

    def pixels(self, x: Any, y: Any) -> Point | None:
        """The pixel of a pair of values; None where an axis has no place for it."""
        across, up = self.x.pixel(x), self.y.pixel(y)
        return None if across is None or up is None else (across, up)

    def shows(self, at: Point) -> bool:
        """Whether a pixel lies between the axes."""
        return self.x.holds(at[0]) and self.y.holds(at[1])


def _plot(figure: Spec, width: float, key: str) -> _Plot:
    """The axes in the largest frame that leaves room for their labels.

    The labels say how large the frame can be, and the frame which labels there are: the third round changes nothing.
    """
    layout = figure["layout"]
    height = float(layout.get("height", 300))
    margin = {"t": 16.0, "r": 12.0, "l": 8.0} | layout.get("margin", {})
    left, right, bottom = 60.0, width - float(margin["r"]), height - 50.0
    top = max(10.0, float(margin["t"]))
    for _ in range(3):
        x = _axis(figure, "x", left, right)
        y = _axis(figure, "y", bottom, top)
        left = max(float(margin["l"]), _room_left(y), left - _outermost_label(x)[0])
        right = min(width - float(margin["r"]), right + (width - EDGE - _outermost_label(x)[1]))
        right, bottom = max(right, left + LEAST), max(height - _room_below(x), top + LEAST)
    return _Plot(_axis(figure, "x", left, right), _axis(figure, "y", bottom, top), width, height, key)


def _title(axis: _Axis) -> str:
    title = axis.spec.get("title", "")
    return str(title if isinstance(title, str) else title.get("text") or "")


def _labelled(axis: _Axis) -> list[_Tick]:
    """The ticks that have a label."""
    shown = axis.spec.get("showticklabels", True) and axis.spec.get("visible", True)
    return [tick for tick in _ticks(axis) if tick.label] if shown else []


def _outermost_label(x: _Axis) -> Point:
    """How far to the left and to the right the labels below the plot reach, at least from end to end [px]."""
    ends = [(tick.pixel, _text_width(tick.label, SMALL) / 2) for tick in _labelled(x)]
    return min((at - half for at, half in ends), default=x.start), max((at + half for at, half in ends), default=x.end)


def _room_left(y: _Axis) -> float:
    labels = max((_text_width(tick.label, SMALL) + GAP for tick in _labelled(y)), default=0.0)
    return EDGE + labels + (_text_height(_title(y), TITLE) + GAP if _title(y) else 0.0)


def _room_below(x: _Axis) -> float:
    labels = max((_text_height(tick.label, SMALL) + GAP for tick in _labelled(x)), default=0.0)
    return EDGE + labels + (_text_height(_title(x), TITLE) + GAP if _title(x) else 0.0)


def _grid(figure: Spec, plot: _Plot) -> str:
    strokes = ""
    stood_on = {_stands_on(trace) for trace in _shown(figure) if _is_bars(trace)}  # bars need no lines: Plotly's rule
    for axis, other in ((plot.x, plot.y), (plot.y, plot.x)):
        if axis.spec.get("showgrid", axis.letter not in stood_on) and axis.spec.get("visible", True):
            for tick in _ticks(axis):
                ends = ((tick.pixel, other.start), (tick.pixel, other.end))
                strokes += _path(ends if axis is plot.x else [(y, x) for x, y in ends])
    look = 'fill="none" stroke="currentColor" stroke-opacity="0.16"'
    return f'<path class="grid" d="{strokes}" {look}/>' if strokes else ""


def _tick_labels(axis: _Axis, plot: _Plot) -> str:
    texts = []
    for tick in _labelled(axis):
        if axis.letter == "x":
            texts.append(_text(tick.pixel, plot.y.start + GAP, tick.label, plot.width, SMALL, above=0))
        else:
            texts.append(_text(plot.x.start - GAP, tick.pixel, tick.label, plot.width, SMALL, anchor="end"))
    return _group(f"{axis.letter}-ticks", *texts)


def _axis_titles(plot: _Plot) -> str:
    titles = ""
    if _title(plot.x):
        across = (plot.x.start + plot.x.end) / 2
        titles += _text(across, plot.height - EDGE, _title(plot.x), plot.width, TITLE, above=1)
    if _title(plot.y):  # turned about its own middle
        up = (plot.y.start + plot.y.end) / 2
        middle = EDGE + _text_height(_title(plot.y), TITLE) / 2
        # in the turned picture the middle of the plot is as far from its left edge as it was from the bottom
        turned = _text(plot.height - up, middle, _title(plot.y), plot.height, TITLE)
        titles += f'<g transform="translate(0 {_px(plot.height)}) rotate(-90)">{turned}</g>'
    return _group("titles", titles)


# --- traces ---


def _traces_drawn(figure: Spec, plot: _Plot) -> list[str]:
    parts = []
    before: Trace | None = None
    for number, trace in enumerate(_shown(figure)):
        if _is_bars(trace):
            parts.append(_bars_drawn(trace, number, figure["layout"], plot))
            continue
        parts.append(_scatter(trace, before, plot))
        before = trace
    return parts


def _group(name: str, *parts: str, opacity: float = 1.0, clip: str = "") -> str:
    """Parts together; nothing where there are none."""
    attributes = f' opacity="{opacity:g}"' if opacity != 1 else ""
    attributes += f' clip-path="url(#{clip})"' if clip else ""
    inner = "".join(parts)
    return f'<g class="{name}"{attributes}>{inner}</g>' if inner else ""


def _over_lines(name: str, texts: str) -> str:
    """Texts with a rim in the colour of the paper, where the page says what that is."""
    rim = 'paint-order="stroke" stroke="var(--paper, none)" stroke-width="4" stroke-linejoin="round"'
    return f'<g class="{name}" {rim}>{texts}</g>' if texts else ""


def _scatter(trace: Trace, before: Trace | None, plot: _Plot) -> str:
    points = [plot.pixels(x, y) for x, y in zip(trace["x"], trace["y"], strict=True)]
    lines = _fill(trace, points, before, plot)
    if _has(trace, "lines"):
        lines += _line(trace, points)
    clip = f"{plot.key}-plot" if trace.get("cliponaxis", True) else ""
    marks, texts = "", ""
    for number, at in enumerate(points):
        if at is None or not plot.shows(at):  # a mark is whole or not there
            continue
        if _has(trace, "markers"):
            marks += _mark(trace.get("marker", {}), number, at, _line_colour(trace))
        if _has(trace, "text"):
            texts += _point_text(trace, number, at, plot.width)
    return _group(
        "trace",
        _group("lines", lines, clip=clip),
        _group("errors", _error_bars(trace, dict(enumerate(zip(trace["x"], trace["y"], strict=True))), plot)),
        _group("marks", marks, opacity=float(trace.get("marker", {}).get("opacity", 1.0))),
        _over_lines("texts", texts),
        opacity=float(trace.get("opacity", 1.0)),
    )


def _line_colour(trace: Spec) -> str | None:
    colour = trace.get("line", {}).get("color") or trace.get("marker", {}).get("color")
    return colour if isinstance(colour, str) else None


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{_px(x)} {_px(y)}" for x, y in points)


def _unbroken(points: Sequence[Point | None]) -> list[list[Point]]:
    """The parts of a line between its gaps."""
    parts: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            parts.append([])
        else:
            parts[-1].append(point)
    return [part for part in parts if part]


def _line(trace: Trace, points: Sequence[Point | None]) -> str:
    spec = trace.get("line", {})
    _check(spec.get("shape", "linear"), ("linear",), "line shape")
    path = "".join(_path(part) for part in _unbroken(points))
    stroke = _stroke(_line_colour(trace), float(spec.get("width", 2)), spec.get("dash", "solid"))
    return f'<path d="{path}" fill="none" {stroke} stroke-linejoin="round"/>' if path else ""


def _fill(trace: Trace, points: Sequence[Point | None], before: Trace | None, plot: _Plot) -> str:
    """The area from a line down to zero, or back along the line before."""
    fill = trace.get("fill", "none")
    _check(fill, ("none", "tozeroy", "tonexty"), "fill")
    if fill == "none":
        return ""
    if fill == "tonexty" and before is not None:
        back = [plot.pixels(x, y) for x, y in zip(before["x"], before["y"], strict=True)]
        areas = [[*(at for at in points if at), *(at for at in reversed(back) if at)]]
    else:
        zero = plot.y.pixel(0.0)
        ground = plot.y.start if zero is None else zero  # a log axis has no zero: down to its end
        areas = [[*part, (part[-1][0], ground), (part[0][0], ground)] for part in _unbroken(points)]
    path = "".join(f"{_path(area)}Z" for area in areas if area)
    return f'<path d="{path}" fill="{_colour(trace.get("fillcolor"))}"/>' if path else ""


def _radius(trace: Spec, number: int) -> float:
    return float(_each(trace.get("marker", {}).get("size", 6), number)) / 2 if _has(trace, "markers") else 0.0


def _mark(marker: Spec, number: int, at: Point, default: str | None) -> str:
    symbol, is_open = re.subn("-open$", "", str(_each(marker.get("symbol", "circle"), number)))
    corners = _known(SYMBOLS, symbol, "marker symbol")
    radius = float(_each(marker.get("size", 6), number)) / 2
    colour = _colour(_each(marker.get("color", default), number))
    edge = marker.get("line", {})
    width = float(_each(edge.get("width", 1.5 if is_open else 0), number))
    look = f'fill="{"none" if is_open else colour}"'
    if width > 0:
        look += " " + _stroke(colour if is_open else _each(edge.get("color"), number), width)
    if not corners:
        return f'<circle cx="{_px(at[0])}" cy="{_px(at[1])}" r="{_px(radius)}" {look}/>'
    path = _path((radius * x, radius * y) for x, y in corners)
    return f'<path transform="translate({_px(at[0])} {_px(at[1])})" d="{path}Z" {look}/>'


def _own_text(trace: Spec, number: int) -> tuple[str, float, tuple[str, str]]:
    """The text of a point, its size [px], and at which side and height of the point it is."""
    size = float(_each(trace.get("textfont", {}).get("size", NORMAL), number))
    up, _, across = str(_each(trace.get("textposition", "middle center"), number)).partition(" ")
    return str(_each(trace.get("text", ""), number) or ""), size, (across, up)


def _text_gap(trace: Spec, number: int) -> float:
    """From a point to its text [px]: as in Plotly."""
    return _radius(trace, number) / 0.8 + 1 if _has(trace, "markers") else 0.0


def _point_text(trace: Trace, number: int, at: Point, within: float) -> str:
    text, size, (across, up) = _own_text(trace, number)
    if not text:
        return ""
    gap = _text_gap(trace, number)
    anchor, side = _known({"left": ("end", -1), "center": ("middle", 0), "right": ("start", 1)}, across, "textposition")
    above, rise = _known({"top": (1.0, -1), "middle": (0.5, 0), "bottom": (0.0, 1)}, up, "textposition")
    return _text(at[0] + side * gap, at[1] + rise * gap, text, within, size, anchor, above)


def _errors(trace: Spec, letter: str) -> list[Point] | None:
    """How far down and up the error of each point reaches, in the unit of the axis; None without errors."""
    spec = trace.get(f"error_{letter}")
    if spec is None or not spec.get("visible", True):
        return None
    _check(spec.get("type", "data" if "array" in spec else "percent"), ("data",), "error type")
    plus = spec["array"]
    minus = plus if spec.get("symmetric", "arrayminus" not in spec) else spec.get("arrayminus", [0.0] * len(plus))
    return [
        (float(low) if _finite(low) else 0.0, float(high) if _finite(high) else 0.0)
        for low, high in zip(minus, plus, strict=True)
    ]


def _error_bars(trace: Trace, values: Mapping[int, tuple[Any, Any]], plot: _Plot) -> str:
    """A bar with caps along either axis; where it leaves the axis it ends there, without a cap.

    Args:
        trace: What the errors are of.
        values: Both values of each point, by its number in the trace.
        plot: Where they are drawn.
    """
    found = ""
    for letter, axis in (("x", plot.x), ("y", plot.y)):
        errors = _errors(trace, letter)
        if errors is None:
            continue
        spec = trace[f"error_{letter}"]
        cap = float(spec.get("width", 4))
        path = ""
        for number, (x, y) in values.items():
            minus, plus = errors[number]
            at, value = plot.pixels(x, y), x if letter == "x" else y
            if at is None or not plot.shows(at) or (minus == 0 and plus == 0):
                continue
            path += _whisker(value - minus, value + plus, at, axis, cap)
        stroke = _stroke(spec.get("color") or _line_colour(trace), float(spec.get("thickness", 2)))
        found += f'<path d="{path}" fill="none" {stroke}/>' if path else ""
    return found


def _whisker(low: float, high: float, at: Point, axis: _Axis, cap: float) -> str:
    """The strokes of one error bar: from value to value, and a cap at either end that is on the axis."""
    across = at[1] if axis.letter == "x" else at[0]
    ends = [axis.pixel(low), axis.pixel(high)]
    lowest = axis.at(min(axis.first, axis.last))  # a log axis has no place for zero: to its low end
    strokes = [[(axis.held(lowest if end is None else end), across) for end in ends]]
    strokes += [[(end, across - cap), (end, across + cap)] for end in ends if end is not None and axis.holds(end)]
    return "".join(_path(stroke if axis.letter == "x" else [(y, x) for x, y in stroke]) for stroke in strokes)


# --- bars ---


@dataclass(frozen=True, slots=True)
class _Bar:
    """One bar: where it stands, and from where to where it goes along the other axis."""

    number: int  # of the point in its trace
    at: Any
    foot: float
    head: float
    slot: float  # the width of a bar with no gap beside it, in places of the axis it stands on
    marker: Spec
    text: str


def _stands_on(trace: Spec) -> str:
    """The letter of the axis along which bars stand side by side."""
    return "y" if trace.get("orientation") == "h" else "x"


def _bars(trace: Trace) -> list[_Bar]:
    """The bars of a trace; those of a waterfall begin where the one before ends."""
    stand = _stands_on(trace)
    places, values = trace[stand], trace["x" if stand == "y" else "y"]
    numbers = sorted({float(place) for place in places if _finite(place)})
    slot = min((high - low for low, high in pairwise(numbers)), default=1.0)
    texts = trace.get("text", "")
    if texts:
        _check(trace.get("textposition", "auto"), ("outside",), "textposition of bars")
    bars = []
    reached = 0.0
    for number, (at, value) in enumerate(zip(places, values, strict=True)):
        if not _finite(value):
            continue
        if trace["type"] == "waterfall":
            foot, head, marker = _step(trace, number, reached)
            reached = head
        else:
            foot = float(_each(trace.get("base") or 0.0, number))
            head, marker = foot + value, trace.get("marker", {})
        bars.append(_Bar(number, at, foot, head, slot, marker, str(_each(texts, number) or "")))
    return bars


def _step(trace: Trace, number: int, reached: float) -> tuple[float, float, Spec]:
    """From where to where a step of a waterfall goes, and its marker."""
    value = float(trace["y" if _stands_on(trace) == "x" else "x"][number])
    measures = trace.get("measure", ())
    measure = measures[number] if number < len(measures) else "relative"
    _check(measure, ("absolute", "relative", "total"), "measure of a waterfall")
    if measure == "relative":
        side = "increasing" if value >= 0 else "decreasing"
        return reached, reached + value, trace.get(side, {}).get("marker", {})
    head = value if measure == "absolute" else reached
    return 0.0, head, trace.get("totals", {}).get("marker", {})


def _bars_drawn(trace: Trace, trace_number: int, layout: Spec, plot: _Plot) -> str:
    gap = float(layout.get("bargap", 0.2))
    gap = float(layout.get("waterfallgap", gap)) if trace["type"] == "waterfall" else gap
    boxes = [(bar, _box(bar, trace, gap, plot)) for bar in _bars(trace)]
    known = [(bar, box) for bar, box in boxes if box is not None]
    fills = "".join(_rectangle(bar, box, trace_number, plot) for bar, box in known)
    texts = "".join(_bar_text(bar, box, trace, plot.width) for bar, box in known if bar.text)
    upright = _stands_on(trace) == "x"
    heads = {bar.number: (bar.at, bar.head) if upright else (bar.head, bar.at) for bar, _ in known}
    connectors = _connectors(trace, known, plot) if trace["type"] == "waterfall" else ""
    return _group(
        "trace",
        _group("bars", connectors, fills, clip=f"{plot.key}-plot"),
        _group("errors", _error_bars(trace, heads, plot)),
        _over_lines("texts", texts),
        opacity=float(trace.get("opacity", 1.0)),
    )


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle [px]; its head is where the bar ends, its foot where it begins."""

    left: float
    right: float
    top: float
    bottom: float
    head: float


def _box(bar: _Bar, trace: Spec, gap: float, plot: _Plot) -> _Box | None:
    """Where a bar is; None where an axis has no place for it."""
    upright = _stands_on(trace) == "x"
    across, along = (plot.x, plot.y) if upright else (plot.y, plot.x)
    place, head = across.scale.place(bar.at), along.pixel(bar.head)
    foot = along.pixel(bar.foot)
    if place is None or head is None:
        return None
    foot = along.start if foot is None else foot  # a log axis has no zero
    half = bar.slot * (1.0 - gap) / 2
    sides = sorted((across.at(place - half), across.at(place + half)))
    ends = sorted((foot, head))
    if upright:
        return _Box(sides[0], sides[1], ends[0], ends[1], head)
    return _Box(ends[0], ends[1], sides[0], sides[1], head)


def _rectangle(bar: _Bar, box: _Box, trace_number: int, plot: _Plot) -> str:
    width, height = _px(box.right - box.left), _px(box.bottom - box.top)
    if "0" in (width, height):
        return ""
    look = _bar_look(bar, trace_number, plot.key)
    return f'<rect x="{_px(box.left)}" y="{_px(box.top)}" width="{width}" height="{height}" {look}/>'


def _bar_look(bar: _Bar, trace_number: int, key: str) -> str:
    """The fill of a bar; one that is hatched has an edge too."""
    colour = _each(bar.marker.get("color"), bar.number)
    if not _hatching(bar):
        return f'fill="{_colour(colour)}"'
    return f'fill="url(#{_pattern_id(bar, trace_number, key)})" {_stroke(colour, 1)}'


def _bar_text(bar: _Bar, box: _Box, trace: Spec, within: float) -> str:
    """The text of a bar, beyond its head."""
    grows = bar.head >= bar.foot
    if _stands_on(trace) == "x":
        middle = (box.left + box.right) / 2
        return _text(middle, box.head + (-2 if grows else 2), bar.text, within, above=1.0 if grows else 0.0)
    anchor = "start" if grows else "end"
    return _text(box.head + (GAP if grows else -GAP), (box.top + box.bottom) / 2, bar.text, within, anchor=anchor)


def _connectors(trace: Spec, bars: Sequence[tuple[_Bar, _Box]], plot: _Plot) -> str:
    """Lines from the head of each bar of a waterfall to the next bar."""
    spec = trace.get("connector", {})
    if not spec.get("visible", True):
        return ""
    path = ""
    for (_, one), (_, other) in pairwise(bars):
        if _stands_on(trace) == "x":
            path += _path([(one.right, one.head), (other.left, one.head)])
        else:
            path += _path([(one.head, one.bottom), (one.head, other.top)])
    line = spec.get("line", {})
    stroke = _stroke(line.get("color"), float(line.get("width", 2)), line.get("dash", "solid"))
    return f'<path d="{path}" fill="none" {stroke}/>' if path else ""


def _hatching(bar: _Bar) -> str:
    return str(_each(bar.marker.get("pattern", {}).get("shape", ""), bar.number) or "")


def _pattern_id(bar: _Bar, trace_number: int, key: str) -> str:
    """One for each look: bars of one colour and hatching share it."""
    many = any(isinstance(one, list) for one in (bar.marker.get("color"), bar.marker.get("pattern", {}).get("shape")))
    return f"{key}-hatch-{trace_number}" + (f"-{bar.number}" if many else "")


def _definitions(figure: Spec, plot: _Plot) -> str:
    """What others refer to: the frame that lines are cut at, and the hatchings."""
    left, right, top, bottom = plot.x.start, plot.x.end, plot.y.end, plot.y.start
    frame = f'<rect x="{_px(left)}" y="{_px(top)}" width="{_px(right - left)}" height="{_px(bottom - top)}"/>'
    patterns = {}
    for number, trace in enumerate(_shown(figure)):
        for bar in _bars(trace) if _is_bars(trace) else ():
            if _hatching(bar):
                patterns[_pattern_id(bar, number, plot.key)] = _pattern(bar)
    hatchings = (
        f'<pattern id="{name}" width="8" height="8" patternUnits="userSpaceOnUse">{inside}</pattern>'
        for name, inside in patterns.items()
    )
    return f'<defs><clipPath id="{plot.key}-plot">{frame}</clipPath>{"".join(hatchings)}</defs>'


def _pattern(bar: _Bar) -> str:
    strokes = _known(HATCHINGS, _hatching(bar), "pattern")
    colour = _each(bar.marker.get("color"), bar.number)
    return f'<path d="{strokes}" fill="none" {_stroke(colour, 2)}/>'


# --- shapes and annotations ---


def _is_share(ref: str | None) -> bool:
    """Whether a coordinate is a share of the plot, and no value."""
    shares, values = ("paper", "x domain", "y domain"), ("x", "y")
    _check(ref or "x", (*shares, *values), "reference")
    return ref in shares


def _shapes(figure: Spec, plot: _Plot, below: bool) -> str:
    """The shapes below or above the traces, cut at the frame."""
    of_layer = [
        shape for shape in figure["layout"].get("shapes", ()) if (shape.get("layer", "above") == "below") == below
    ]
    return _group("shapes", *(_shape(shape, plot) for shape in of_layer), clip=f"{plot.key}-plot")


def _shape(shape: Spec, plot: _Plot) -> str:
    """A line or a rectangle. On a log axis its ends are values, not powers as those of an annotation."""
    kind = shape.get("type", "rect")
    _check(kind, ("line", "rect"), "shape")
    ends = []
    for letter, axis in (("x", plot.x), ("y", plot.y)):
        share = _is_share(shape.get(f"{letter}ref"))
        both = [shape[f"{letter}{end}"] for end in (0, 1)]
        ends.append([axis.at_share(end) if share else axis.pixel(end) for end in both])
    (x0, x1), (y0, y1) = ends
    if x0 is None or x1 is None or y0 is None or y1 is None:
        return ""
    spec = shape.get("line", {})
    width = float(spec.get("width", 2))
    stroke = _stroke(spec.get("color"), width, spec.get("dash", "solid")) if width > 0 else ""
    opacity = f' opacity="{float(shape["opacity"]):g}"' if "opacity" in shape else ""
    if kind == "line":
        return f'<path d="{_path([(x0, y0), (x1, y1)])}" fill="none" {stroke}{opacity}/>'
    fill = _colour(shape["fillcolor"]) if shape.get("fillcolor") else "none"
    return (
        f'<rect x="{_px(min(x0, x1))}" y="{_px(min(y0, y1))}" width="{_px(abs(x1 - x0))}" '
        f'height="{_px(abs(y1 - y0))}" fill="{fill}" {stroke}{opacity}/>'
    )


def _note_place(value: Any, scale: _Scale) -> float | None:
    """Where an annotation is: on a log axis it is given as a power of ten."""
    if scale.kind == "log" and _finite(value):
        return float(value)
    return scale.place(value)


def _note_anchor(note: Spec, letter: str) -> float:
    """The share of an annotation's text that is before its point: to the left, or above."""
    names = {"x": ("left", "center", "right"), "y": ("top", "middle", "bottom")}[letter]
    anchor = note.get(f"{letter}anchor", "auto")
    if anchor != "auto":
        return _known(dict(zip(names, (0.0, 0.5, 1.0), strict=True)), anchor, f"{letter}anchor")
    if not _is_share(note.get(f"{letter}ref")):
        return 0.5
    third = min(2, max(0, math.floor(3 * note[letter])))  # at the edges of the plot, towards its middle
    return (0.0, 0.5, 1.0)[third] if letter == "x" else (1.0, 0.5, 0.0)[third]


def _note_size(note: Spec) -> float:
    return float(note.get("font", {}).get("size", NORMAL))


def _note_room(note: Spec, letter: str) -> Point:
    """How far an annotation's text stands out to the left and right of its point, or above and below [px]."""
    size, text = _note_size(note), str(note["text"])
    length = _text_width(text, size) if letter == "x" else _text_height(text, size)
    length += 2 * NOTE_GAP if letter == "y" else 0.0
    before = _note_anchor(note, letter) * length
    shift = float(note.get("xshift", 0)) if letter == "x" else -float(note.get("yshift", 0))
    return max(0.0, before - shift), max(0.0, length - before + shift)


@dataclass(frozen=True, slots=True)
class _NotePlace:
    """Where an annotation's text goes: its point [px], and the share of its height that is above it."""

    x: float
    y: float
    above: float
    box: Box


def _notes(figure: Spec, plot: _Plot) -> str:
    """The annotations; one that would touch another goes to the other side of what it stands on, where it can."""
    taken: list[Box] = []
    texts = ""
    for note in figure["layout"].get("annotations", ()):
        places = _note_places(note, plot)
        if not places:
            continue
        free = (one for one in places if not any(_touch(one.box, other) for other in taken))
        place = next(free, places[0])
        taken.append(place.box)
        anchor = {0.0: "start", 0.5: "middle", 1.0: "end"}[_note_anchor(note, "x")]
        texts += _text(place.x, place.y, str(note["text"]), plot.width, _note_size(note), anchor, place.above)
    return _over_lines("notes", texts)


def _note_places(note: Spec, plot: _Plot) -> list[_NotePlace]:
    """Where an annotation can go, best first; nowhere if its point is beyond the end of an axis, as in Plotly."""
    if note.get("showarrow", True):
        raise ValueError("an annotation with an arrow: it cannot be drawn as SVG")
    at = []
    for letter, axis in (("x", plot.x), ("y", plot.y)):
        if _is_share(note.get(f"{letter}ref")):
            at.append(axis.at_share(float(note[letter])))
            continue
        place = _note_place(note[letter], axis.scale)
        if place is None or not axis.holds(axis.at(place)):
            return []
        at.append(axis.at(place))
    x, shift = at[0] + float(note.get("xshift", 0)), float(note.get("yshift", 0))
    width, height = _text_width(str(note["text"]), _note_size(note)), _text_height(str(note["text"]), _note_size(note))
    left = x - _note_anchor(note, "x") * width
    found = []
    for above in dict.fromkeys((_note_anchor(note, "y"), 1.0 - _note_anchor(note, "y"))):
        y = at[1] - shift + {0.0: NOTE_GAP, 0.5: 0.0, 1.0: -NOTE_GAP}[above]
        top = y - above * height
        found.append(_NotePlace(x, y, above, (left, top, left + width, top + height)))
    return found if shift == 0 else found[:1]  # what is moved on purpose stays there


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


# --- the legend ---


def _legend(figure: Spec, plot: _Plot) -> tuple[str, float]:
    """The legend below the picture, and its height [px]; traces that look alike share an entry.

    It is drawn where the layout asks for it, and where there are several lines with a name: on the screen a pointer
    tells which is which, on paper nothing does.
    """
    traces = [
        (number, one) for number, one in enumerate(_shown(figure)) if one.get("name") and one.get("showlegend", True)
    ]
    lines = [one for _, one in traces if _has(one, "lines")]
    if not traces or (not figure["layout"].get("showlegend", False) and len(lines) < 2):
        return "", 0.0
    names: dict[str, list[str]] = {}
    for number, trace in traces:
        names.setdefault(_sample(trace, number, plot.key), []).append(str(trace["name"]))
    room = plot.width - EDGE - plot.x.start
    entries = [(sample, _legend_text(alike, room - SWATCH)) for sample, alike in names.items()]
    column = max(_line_width(text, NORMAL) for _, text in entries) + SWATCH + 18
    columns = max(1, math.floor((room + 18) / column))
    top = plot.height + GAP
    parts = []
    for number, (sample, text) in enumerate(entries):
        row, at = divmod(number, columns)
        x, y = plot.x.start + at * column, top + (row + 0.5) * LEGEND_ROW
        label = f'<text x="{_px(SWATCH)}" y="4" text-anchor="start">{_runs(text)}</text>'
        parts.append(f'<g transform="translate({_px(x)} {_px(y)})">{sample}{label}</g>')
    return _group("legend", *parts), GAP + math.ceil(len(entries) / columns) * LEGEND_ROW


def _legend_text(names: Sequence[str], room: float) -> list[Run]:
    """The names of the traces that look alike, on one line."""
    runs = [run for line in _text_lines(", ".join(names)) for run in line]
    return _shortened(runs, NORMAL, room)


def _sample(trace: Trace, number: int, key: str) -> str:
    """What a trace looks like, on ``SAMPLE`` px from the origin to the right."""
    if _is_bars(trace):
        bar = next(iter(_bars(trace)), None)
        if bar is None:
            return ""
        return f'<rect x="{_px(SAMPLE / 2 - 8)}" y="-5" width="16" height="10" {_bar_look(bar, number, key)}/>'
    line = _line(trace, [(0.0, 0.0), (SAMPLE, 0.0)]) if _has(trace, "lines") else ""
    mark = _mark(trace.get("marker", {}), 0, (SAMPLE / 2, 0.0), _line_colour(trace)) if _has(trace, "markers") else ""
    return line + mark
