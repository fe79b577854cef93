"""Charts of two axes on the first screen as plain HTML: lines, areas, marks, intervals (see static/drawing.py).

Lines and areas are stretched with the plot, in thousandths of it; marks keep their size, and stand at shares of it.
"""

from __future__ import annotations

import datetime
import html
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pages.charts.milestones import OUTLINES

MARKS: Mapping[str, str] = {  # of a symbol, in a square of 10
    **OUTLINES,
    "pentagon": "M5 0L9.8 3.5L7.9 9H2.1L.2 3.5Z",
    "hexagon": "M2.5 .7H7.5L10 5L7.5 9.3H2.5L0 5Z",
    "line-ew": "M0 5H10",
}
SIZES: Mapping[str, float] = {  # of what plotly.js draws, against a square of the symbol's size
    "square": 1.25,
    "diamond": 1.3,
    "star": 1.4,
    "cross": 1.3,
    "x": 1.2,
    "triangle-up": 1.2,
    "triangle-down": 1.2,
    "triangle-left": 1.2,
    "line-ew": 1.4,
}
PLACES = {"middle left": (-100, -50, -8, 0), "middle right": (0, -50, 8, 0)} | {
    "top center": (-50, -100, 0, -6),
    "bottom center": (-50, 0, 0, 6),
}
ANCHORS = {"left": 0, "center": -50, "right": -100, "top": 0, "middle": -50, "bottom": -100}
WHOLE = 1000  # the side of what is stretched
DIGIT, COMMA, POWER = 5.97, 3.0, 20.0  # px: the widths of tick labels of 12 px, and of a power of ten
TITLE, TICK = 26, 9  # px left of the tick labels, and right of them
EDGE = 7  # px left of what the axis that goes up is of
ENTRY, LETTER, ROW = 45, 5.2, 19  # px: an entry of the key beside its text, a letter of that, a row
WIDE, NARROW = 740, 290  # px of plots on a usual screen and on a phone: how many ticks have room
MOST_OWN_WIDTHS = 8  # entries of a key that are as wide as their texts; of more, all are as wide as the widest
ROOM = 0.05  # what plotly.js leaves above curves that begin at nothing, of the axis


def plot(figure: Mapping[str, Any]) -> str:
    """The plot with its axes and the key of its colours."""
    traces, layout = figure["data"], figure["layout"]
    x, y = _axis(layout["xaxis"], traces, "x"), _axis(layout["yaxis"], traces, "y")
    labels = [y.label(value) for value in y.ticks(layout["height"] - 100)]
    left = TITLE + TICK + max(map(_width, labels))
    stretched = [*_grid(y, layout), *_shapes(layout, x, y), *_curves(traces, x, y)]
    parts = [
        _svg("".join(stretched), f'viewBox="0 0 {WHOLE} {WHOLE}" preserveAspectRatio="none"'),
        _marks(traces, x, y),
        *_labels(layout, x, y, left),
        *_names(traces, x, y),
        *(_note(note, x, y) for note in layout.get("annotations", ())),
    ]
    room = f"margin:{layout['margin']['t']}px 0 0 {left - TITLE:g}px"
    below = _key(traces, layout["legend"]["y"], left) if layout.get("showlegend") else '<div style="height:51px"></div>'
    return f'<div class="area" style="{room}">{"".join(parts)}</div>{below}'


class _Axis:
    """From one end of the plot to the other; values are numbers, or dates as texts."""

    def __init__(self, about: Mapping[str, Any], ends: Sequence[Any]) -> None:
        self._about, self.kind = about, about.get("type", "linear")
        # the ends of a log axis are decades already
        self._low, self._high = (self._number(end) if self.kind == "date" else float(end) for end in ends)

    def share(self, value: Any) -> float:
        """Where a value lies."""
        return (self._number(value) - self._low) / (self._high - self._low)

    def noted(self, value: Any) -> float:
        """Where a note stands: on a log axis, at a decade."""
        return (float(value) - self._low) / (self._high - self._low) if self.kind == "log" else self.share(value)

    def ticks(self, length: float, side: int = 40) -> list[Any]:
        """Round values, as plotly.js takes them for a length of so many px."""
        if self.kind == "date":
            first, last = (datetime.date.fromordinal(int(end)).year for end in (self._low, self._high))
            return [f"{year}-01-01" for year in range(first + 1, last + 1)]
        if self.kind == "log":
            return [10.0**power for power in range(math.ceil(self._low), math.floor(self._high) + 1)]
        most = self._about.get("nticks") or min(max(length / side, 4), 9) + 1
        rough = (self._high - self._low) / most
        step = 10.0 ** math.floor(math.log10(rough))
        step *= next(times for times in (1, 2, 5, 10) if times * step >= rough * (1 - 1e-9))
        return [step * at for at in range(math.ceil(self._low / step), math.floor(self._high / step) + 1)]

    def label(self, value: Any) -> str:
        """What is written at a tick, as HTML."""
        if self.kind == "date":
            return str(value)[:4]
        if self.kind == "log" and value >= 100:
            return f"10<sup>{round(math.log10(value))}</sup>"
        return f"{value:,g}" if self._about.get("tickformat") == "," else f"{value:g}"

    def _number(self, value: Any) -> float:
        if self.kind == "date":
            return float(datetime.date.fromisoformat(value).toordinal())
        return math.log10(value) if self.kind == "log" else float(value)


def _axis(about: Mapping[str, Any], traces: Sequence[Mapping[str, Any]], name: str) -> _Axis:
    if "range" in about:
        return _Axis(about, about["range"])
    if about.get("rangemode") != "tozero":
        raise ValueError(f"nothing says where the axis {about['title']['text']} begins and ends: see static/curves.py")
    return _Axis(about, (0.0, max(value for trace in traces for value in trace[name]) / (1 - ROOM)))


def _place(x: float | None, y: float | None = None) -> str:
    """A place in what is stretched; within ten times the plot, as it is cut there."""
    return " ".join(f"{WHOLE * min(max(share, -10.0), 10.0):.0f}" for share in (x, y) if share is not None)


def _grid(y: _Axis, layout: Mapping[str, Any]) -> Iterator[str]:
    lines = "".join(f"M0 {_place(1 - y.share(value))}H{WHOLE}" for value in y.ticks(layout["height"] - 100))
    yield f'<path class="lines" d="{lines}"/>'


def _shapes(layout: Mapping[str, Any], x: _Axis, y: _Axis) -> Iterator[str]:
    for shape in layout.get("shapes", ()):
        left, right = _ends(shape, "x", x)
        top, bottom = _ends(shape, "y", y)
        ends = _place(left, 1 - bottom), _place(right), _place(1 - top)
        look = f'fill="{shape["fillcolor"]}"' if shape["type"] == "rect" else _stroke(shape["line"])
        yield f'<path d="M{ends[0]}H{ends[1]}V{ends[2]}H{_place(left)}Z" {look}/>'


def _ends(shape: Mapping[str, Any], name: str, axis: _Axis) -> list[float]:
    """Where a shape begins and ends along an axis."""
    on_paper = shape.get(f"{name}ref") == "paper"
    return sorted(value if on_paper else axis.share(value) for value in (shape[f"{name}0"], shape[f"{name}1"]))


def _curves(traces: Sequence[Mapping[str, Any]], x: _Axis, y: _Axis) -> Iterator[str]:
    """Areas, then lines and the bars of intervals, each trace over those before it."""
    before: list[str] = []
    for trace in traces:
        pieces = list(_pieces(trace, x, y))
        if trace.get("fill"):
            outline = [*pieces[0], *reversed(before)] if trace["fill"] == "tonexty" else pieces[0]
            yield f'<path d="M{"L".join(outline)}Z" fill="{trace["fillcolor"]}"/>'
        if "lines" in trace["mode"]:
            yield f'<path d="{"".join("M" + "L".join(piece) for piece in pieces)}" {_stroke(trace["line"])}/>'
        before = pieces[0]
        for name in ("x", "y"):
            if error := trace.get(f"error_{name}"):
                look = _stroke({"color": error["color"], "width": error["thickness"]})
                yield f'<path d="{"".join(_intervals(trace, error, name, x, y))}" {look}/>'


def _pieces(trace: Mapping[str, Any], x: _Axis, y: _Axis) -> Iterator[list[str]]:
    """The lines of a trace, which are cut where it has no value."""
    piece: list[str] = []
    for along, up in zip(trace["x"], trace["y"], strict=True):
        if along is None or up is None:
            yield piece
            piece = []
            continue
        if piece and trace.get("line", {}).get("shape") == "hv":
            piece.append(f"{_place(x.share(along))} {piece[-1].split()[1]}")
        piece.append(_place(x.share(along), 1 - y.share(up)))
    if piece:
        yield piece


def _intervals(trace: Mapping[str, Any], error: Mapping[str, Any], name: str, x: _Axis, y: _Axis) -> Iterator[str]:
    for along, up, more, less in zip(trace["x"], trace["y"], error["array"], error["arrayminus"], strict=True):
        if name == "x":
            yield f"M{_place(x.share(along - less), 1 - y.share(up))}H{_place(x.share(along + more))}"
        else:
            yield f"M{_place(x.share(along), 1 - y.share(up - less))}V{_place(1 - y.share(up + more))}"


def _stroke(line: Mapping[str, Any]) -> str:
    width = line.get("width", 2)
    unit = max(width, 3)
    dashes = {"dot": f"{unit:g}", "dash": f"{3 * unit:g}"}.get(line.get("dash", ""))
    return f'stroke="{line["color"]}" stroke-width="{width:g}"' + (f' stroke-dasharray="{dashes}"' if dashes else "")


def _marks(traces: Sequence[Mapping[str, Any]], x: _Axis, y: _Axis) -> str:
    used: dict[str, None] = {}
    drawn: list[str] = []
    for trace in traces:
        look = trace.get("marker", {})
        if "markers" not in trace["mode"] or look.get("opacity") == 0:
            continue
        for at, (along, up) in enumerate(zip(trace["x"], trace["y"], strict=True)):
            one = {name: value[at] if isinstance(value, list) else value for name, value in look.items()}
            symbol, ink, side = _look(one)
            used[symbol] = None
            faint = f' opacity="{one["opacity"]:g}"' if one.get("opacity", 1) < 1 else ""
            place = f'x="{100 * x.share(along):.1f}%" y="{100 * (1 - y.share(up)):.1f}%"'
            drawn.append(f'<use href="#m-{symbol}" {place} {side} {ink}{faint}/>')
    about = 'viewBox="0 0 10 10" overflow="visible"'  # its middle stands at the place
    symbols = "".join(
        f'<symbol id="m-{name}" {about}><path transform="translate(-5 -5)" d="{MARKS[name]}"/></symbol>'
        for name in used
    )
    return _svg(symbols + "".join(drawn)) if drawn else ""


def _look(mark: Mapping[str, Any]) -> tuple[str, str, str]:
    """The symbol of a mark, its ink and its size, as attributes."""
    symbol, is_open = mark["symbol"].removesuffix("-open"), mark["symbol"].endswith("-open")
    ink = f'fill="none" stroke="{mark["color"]}"' if is_open else f'fill="{mark["color"]}"'
    size = f"{mark['size'] * SIZES.get(symbol, 1.1):.3g}"
    return symbol, ink, f'width="{size}" height="{size}"'


def _labels(layout: Mapping[str, Any], x: _Axis, y: _Axis, left: float) -> Iterator[str]:
    """Of the ticks, and what the axes are of; the plot begins so many px from the left."""
    wide, narrow = x.ticks(WIDE, 80), x.ticks(NARROW, 80)
    for value in wide:
        there = "" if value in narrow else " wide"
        yield f'<span class="tick{there}" style="left:{100 * x.share(value):.1f}%;top:100%">{x.label(value)}</span>'
    for value in y.ticks(layout["height"] - 100):
        yield f'<span class="tick up" style="top:{100 * (1 - y.share(value)):.1f}%">{y.label(value)}</span>'
    for axis, kind, place in (("xaxis", "", "left:50%;top:100%"), ("yaxis", " up", f"top:50%;left:{EDGE - left:g}px")):
        if text := layout[axis]["title"]["text"]:
            yield f'<span class="title{kind}" style="{place}">{html.escape(text)}</span>'


def _names(traces: Sequence[Mapping[str, Any]], x: _Axis, y: _Axis) -> Iterator[str]:
    for trace in traces:
        if "text" in trace["mode"]:
            for along, up, text, where in zip(
                *(trace[name] for name in ("x", "y", "text", "textposition")), strict=True
            ):
                right, down, more, less = PLACES[where]
                shift = f"transform:translate(calc({right}% + {more}px),calc({down}% + {less}px))"
                place = f"left:{100 * x.share(along):.1f}%;top:{100 * (1 - y.share(up)):.1f}%;{shift}"
                yield f'<span class="name" style="{place}">{html.escape(text)}</span>'


def _note(note: Mapping[str, Any], x: _Axis, y: _Axis) -> str:
    along = note["x"] if note.get("xref") == "paper" else x.noted(note["x"])
    up = note["y"] if note.get("yref") == "paper" else y.noted(note["y"])
    shift = f"transform:translate({ANCHORS[note['xanchor']]}%,{ANCHORS[note['yanchor']]}%)"
    place = f"left:{100 * along:.1f}%;top:{100 * (1 - up):.1f}%;margin-left:{note.get('xshift', 0)}px;{shift}"
    text = html.escape(note["text"], quote=False).replace("&lt;b&gt;", "<b>").replace("&lt;/b&gt;", "</b>")
    large = " large" if note["font"]["size"] > 12 else ""
    return f'<span class="said{large}" style="{place}">{text}</span>'


def _key(traces: Sequence[Mapping[str, Any]], y: float, left: float) -> str:
    """Below the plot, at a share of its height; as the plot, it gets what the rows of the key leave."""
    items: list[str] = []
    shown = [trace for trace in traces if trace.get("showlegend", True)]
    for trace in shown:
        if "markers" in trace["mode"]:
            symbol, ink, side = _look(trace["marker"])
            drawn = f'<svg viewBox="0 0 10 10" {side}><path d="{MARKS[symbol]}" {ink}/></svg>'
        else:
            drawn = f'<svg width="30" height="6"><path d="M0 3H30" {_stroke(trace["line"])}/></svg>'
        items.append(f"<span><i>{drawn}</i>{html.escape(trace['name'])}</span>")
    widest = ENTRY + LETTER * max(len(trace["name"]) for trace in shown)
    look = f"margin-left:{left - TITLE:g}px"
    if len(shown) > MOST_OWN_WIDTHS:
        look += f";display:grid;grid-template-columns:repeat(auto-fill,{widest:.0f}px)"
    if any("legendgroup" in trace for trace in shown):
        look += ";row-gap:10px"
    return f'<div style="flex:{-y:g} 1 0"></div><div class="names" style="{look}">{"".join(items)}</div>'


def _width(label: str) -> float:
    """Of the label of a tick [px]."""
    return POWER if "<sup>" in label else DIGIT * len(label) - (DIGIT - COMMA) * label.count(",")


def _svg(content: str, more: str = "") -> str:
    return f"<svg {more}>{content}</svg>"
