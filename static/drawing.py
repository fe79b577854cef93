"""Charts of the first screen as plain HTML, where the app will draw them with plotly.js: nothing is there so early.

It draws what the figure of a :class:`pages.charts.Chart` of lying bars holds: bars, texts, notes, an interval, an axis;
static/curves.py draws the charts of two axes. Places are shares of the plot, so that it fits any width; heights are
those of plotly.js, in pixels.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pages.charts import Chart
from static import curves

FOOT = 51  # px below the plot, for the axis
KEY_TOP, KEY_GAP = 13, 5  # px above the key of the colours, and below it
BELOW_ROWS = 0.0285  # what plotly.js adds to an axis of rows for its texts, of a row
MOST_TICKS = 3.5
SIDES = {"middle left": "left", "middle right": "right"}


def drawn(chart: Chart) -> str:
    """The chart under its heading and its sentence, as the app shows it."""
    words = f"<h3>{html.escape(chart.heading)}</h3><p>{html.escape(chart.sentence)}</p>"
    height = _style(height=_px(chart.figure["layout"]["height"]))
    has_rows = chart.figure["layout"]["yaxis"].get("showticklabels") is False
    drawing = _plot(chart.figure) if has_rows else curves.plot(chart.figure)
    return f'<section>{words}<div class="plot" aria-hidden="true" {height}>{drawing}</div></section>'


def _plot(figure: Mapping[str, Any]) -> str:
    traces, layout = figure["data"], figure["layout"]
    bars = [trace for trace in traces if trace["type"] == "bar"]
    last_row = len(bars[0]["y"]) - 0.5 + BELOW_ROWS
    across = _Axis(*layout["xaxis"]["range"])
    down = _Axis(*reversed(layout["yaxis"].get("range") or [last_row, -0.5]))
    parts = [
        *_ticks(layout["xaxis"], across),
        *_bars(bars, 1 - layout.get("bargap", 0.2), across, down),
        *_marks([trace for trace in traces if trace["type"] == "scatter"], across, down),
    ]
    for shape in layout.get("shapes", ()):
        ends = (shape["x0"], shape["x1"], down, shape["y0"], shape["y1"])
        parts.append(_box("line", across, *ends, {"color": shape["line"]["color"]}))
    for note in layout.get("annotations", ()):
        x = note["x"] if note.get("xref") == "paper" else across.share(note["x"])
        parts.append(_text(x, down.share(note["y"]), note["text"], f"note {note['xanchor']}", note["yshift"]))
    key = _key(bars) if layout["showlegend"] else ""
    room = _style(margin_top="" if key else _px(layout["margin"]["t"]), margin_bottom=_px(FOOT))
    return f'{key}<div class="area" {room}>{"".join(parts)}</div>'


class _Axis:
    """From one end of the plot to the other."""

    def __init__(self, first: float, last: float) -> None:
        self._first, self._last = first, last

    def share(self, value: float) -> float:
        """Where a value lies."""
        return (value - self._first) / (self._last - self._first)

    def ticks(self) -> Iterator[float]:
        """A few round values, where the chart states none."""
        step = 10.0 ** math.floor(math.log10((self._last - self._first) / MOST_TICKS))
        step *= next(times for times in (1, 2, 5, 10) if (self._last - self._first) / (times * step) <= MOST_TICKS)
        yield from (step * at for at in range(math.ceil(self._first / step), math.floor(self._last / step) + 1))


def _ticks(about: Mapping[str, Any], axis: _Axis) -> Iterator[str]:
    for value in about.get("tickvals") or axis.ticks():
        if 0 <= (share := axis.share(value)) <= 1:
            yield _text(share, 1, f"{value:g}", "tick")
    yield _text(0.5, 1, about["title"]["text"], "title")


def _bars(traces: Sequence[Mapping[str, Any]], thick: float, across: _Axis, down: _Axis) -> Iterator[str]:
    """Each from its base, or from the end of the bar before."""
    end = 0.0
    for trace in traces:
        half = trace.get("width", thick) / 2
        for x, y in zip(trace["x"], trace["y"], strict=True):
            base = trace.get("base", end)
            end = base + x
            yield _box("bar", across, base, end, down, y - half, y + half, _look(trace["marker"]))


def _marks(traces: Sequence[Mapping[str, Any]], across: _Axis, down: _Axis) -> Iterator[str]:
    """Texts, and central values with their intervals."""
    for trace in traces:
        for at, (x, y) in enumerate(zip(trace["x"], trace["y"], strict=True)):
            if trace["mode"] == "text":
                yield _text(across.share(x), down.share(y), trace["text"][at], SIDES[trace["textposition"]])
            elif error := trace.get("error_x"):
                ends = (x - error["arrayminus"][at], x + error["array"][at])
                yield _box("whisker", across, *ends, down, y, y, {"color": error["color"]})
                yield _box("mark", across, x, x, down, y, y, {"color": trace["marker"]["color"]})


def _key(bars: Sequence[Mapping[str, Any]]) -> str:
    items = "".join(f"<span><i {_style(**_look(bar['marker']))}></i>{html.escape(bar['name'])}</span>" for bar in bars)
    return f'<div class="key" {_style(padding=f"{KEY_TOP}px 0 {KEY_GAP}px")}>{items}</div>'


def _look(marker: Mapping[str, Any]) -> dict[str, str]:
    colour = marker["color"]
    if marker["pattern"]["shape"] != "/":
        return {"background": colour}
    return {"background": f"repeating-linear-gradient(-45deg,{colour}80 0 2.4px,transparent 0 8px)"}


def _box(
    kind: str, across: _Axis, x0: float, x1: float, down: _Axis, y0: float, y1: float, look: dict[str, str]
) -> str:
    left, right = sorted(map(across.share, (x0, x1)))
    top, bottom = sorted(map(down.share, (y0, y1)))
    place = {
        "left": _percent(left),
        "width": _percent(right - left),
        "top": _percent(top),
        "height": _percent(bottom - top),
    }
    return f'<i class="{kind}" {_style(**place, **look)}></i>'


def _text(x: float, y: float, text: str, kind: str, up: float = 0) -> str:
    """A text of a chart; its bold words are marked as in HTML, the rest is plain."""
    plain = html.escape(text, quote=False).replace("&lt;b&gt;", "<b>").replace("&lt;/b&gt;", "</b>")
    place = _style(left=_percent(x), top=_percent(y), margin_top=_px(-up) if up else "")
    return f'<span class="{kind}" {place}>{plain}</span>'


def _style(**properties: str) -> str:
    found = ";".join(f"{name.replace('_', '-')}:{value}" for name, value in properties.items() if value)
    return f'style="{found}"'


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def _px(size: float) -> str:
    return f"{size:g}px"
