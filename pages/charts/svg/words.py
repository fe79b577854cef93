"""The words of Plotly's that are drawn; all others are refused, rather than drawn wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.charts.svg.bars import MEASURES
from pages.charts.svg.elements import DASHES, Spec
from pages.charts.svg.marks import HATCHINGS, SYMBOLS

# What is known of each part: a mapping for a part of its own; the values it may have, with None where it may be left
# out; or ``ANY``, which is checked where it is used, or says nothing of the picture.
ANY = None


def _any(words: str) -> dict[str, Any]:
    return dict.fromkeys(words.split(), ANY)


_LINE = {**_any("color width"), "dash": (None, *DASHES)}
_STEP = {"marker": _any("color")}
_TRACE = _any("type name x y text cliponaxis showlegend hovertemplate customdata")
TRACES: Mapping[str, Mapping[str, Any]] = {
    "scatter": {
        **_TRACE,
        "mode": ("lines", "markers", "markers+text"),
        "line": _LINE,
        "fill": (None, "none", "tozeroy", "tonexty"),
        "fillcolor": ANY,
        "marker": {**_any("color size"), "symbol": (None, *SYMBOLS), "line": _any("color width")},
        "textposition": (None, "top center", "bottom left"),
        "error_x": {**_any("array arrayminus color thickness width"), "type": ("data",), "symmetric": (False,)},
    },
    "bar": {
        **{**_TRACE, "base": ANY, "text": (None,), "orientation": ("h",)},
        "marker": {"color": ANY, "pattern": {"shape": (None, *HATCHINGS), "fgopacity": ANY}},
    },
    "waterfall": {
        **{**_TRACE, "measure": MEASURES, "textposition": ("outside",), "orientation": (None, "v")},
        **{"connector": {"line": _LINE}, "decreasing": _STEP, "increasing": _STEP, "totals": _STEP},
    },
}
_AXIS = {
    **_any("range dtick showgrid automargin fixedrange"),
    "title": _any("text standoff"),
    "type": (None, "linear", "log", "category"),
    "rangemode": (None, "tozero"),
    "autorange": (None, "reversed"),
    "showticklabels": (None, True, False),
    "zeroline": (None, False),
}
_PLACED = {"xref": ("paper",), "xanchor": ("left", "right"), "yanchor": ("bottom",)}
LAYOUT: Mapping[str, Any] = {
    **_any("height margin showlegend legend hovermode bargap"),
    "xaxis": _AXIS,
    "yaxis": _AXIS,
    "barmode": (None, "overlay"),
    "shapes": {**_any("x0 x1 y0 y1"), "type": ("line",), "xref": (None, "paper"), "line": _LINE},
    "annotations": {**_any("text x y yshift"), "showarrow": (False,), "font": {"size": (None, 12)}, **_PLACED},
}


def check(figure: Spec) -> None:
    """Raises ValueError for what would not look as in Plotly."""
    for trace in figure["data"]:
        kind = trace.get("type")
        if kind not in TRACES:
            raise ValueError(f"trace type {kind!r}: it cannot be drawn as SVG, which knows {', '.join(TRACES)}")
        _check(trace, TRACES[kind], kind)
    _check(figure["layout"], LAYOUT, "layout")
    if figure["layout"].get("barmode") is None and sum(trace["type"] == "bar" for trace in figure["data"]) > 1:
        raise ValueError("bars of several traces without barmode overlay: they cannot be drawn as SVG")


def _check(part: Spec, known: Mapping[str, Any], name: str) -> None:
    for word in part:
        if word not in known:
            raise ValueError(f"{word} of {name}: it cannot be drawn as SVG")
    for word, allowed in known.items():
        value = part.get(word)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(allowed, tuple) and one not in allowed:
                raise ValueError(f"{word} {one!r} of {name}: it cannot be drawn as SVG, which knows {allowed}")
            if isinstance(allowed, Mapping) and one is not None:
                _check(one, allowed, word)
