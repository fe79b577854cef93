"""The charts of accuracy against carbon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oce import units
from oce.field import accuracy
from oce.field.accuracy import Finding, Point
from oce.interval import Interval
from pages.charts.labels import Box, note_box, places
from pages.charts.theme import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILION,
    Chart,
    Trace,
    faint,
    layout,
    note,
    rounded,
    short,
)

ERAS: Mapping[str, tuple[int, str]] = {  # up to which year, and its colour
    "until 2020": (2020, GREY),
    "2021": (2021, PURPLE),
    "2022": (2022, VERMILION),
    "2023": (2023, ORANGE),
    "2024": (2024, GREEN),
    "later": (9999, BLUE),
}
WIDTH, HEIGHT = 755.0, 360.0  # of the plot on a usual screen, for which the names are laid out [px]
MOST_NAMES = 26
NOTE = 20.0  # height of the note at the scenario's line [px]
TONNE = 1000.0


def accuracy_against_carbon(
    benchmark: str,
    points: Sequence[Point],
    found: Finding,
    mine: Interval,
    my_score: float | None = None,
    families: bool = True,
) -> Chart:
    """Score against operational carbon, with the front, the families, and the visitor's scenario among them.

    Args:
        benchmark: A key of :data:`oce.field.accuracy.BENCHMARKS`.
        points: The models, at least three.
        found: What they say together.
        mine: The scenario's operational carbon [kg CO2e].
        my_score: What the visitor expects to score [%]: then the scenario is a point, else a line.
        families: Whether lines join the sizes of one family.
    """
    name = accuracy.BENCHMARKS[benchmark]
    span = _span([one.operational_co2e_kg for one in points] + [mine])
    scores = [one.score for one in points] + ([] if my_score is None else [my_score])
    low, high = min(scores), max(scores)
    floor, ceiling = low - 0.06 * (high - low), high + 0.12 * (high - low)
    traces: list[Trace] = _family_lines(points) if families else []
    traces.append(_front(points, span[1]))
    traces += [trace for era in ERAS for trace in _of_era(points, era)]
    text, right = _mine_note(mine, span)
    x = WIDTH * (np.log10(mine.central / TONNE) - span[0]) / (span[1] - span[0])
    free = [] if my_score is not None else [note_box(x, HEIGHT - NOTE, text, right)]
    traces.append(_names(points, span, (floor, ceiling), free))
    plan = layout(x="operational carbon of training, t CO2e (log)", y=f"{name}, %")
    plan["xaxis"] |= {"type": "log", "dtick": 1, "exponentformat": "power", "range": [float(end) for end in span]}
    plan["yaxis"]["range"] = [floor, ceiling]
    plan |= {"height": 480, "showlegend": True, "legend": {"orientation": "h", "y": -0.18, "x": 0}}
    _add_mine(plan, traces, mine, my_score, ceiling)
    between = f"{found.correlation.low:.2f} to {found.correlation.high:.2f}"
    sentence = (
        f"{accuracy.in_words(benchmark, found)} {found.models} models, rank correlation "
        f"{found.correlation.central:.2f} ({between})."
    )
    return Chart(f"{name} against carbon", sentence, {"data": traces, "layout": plan})


def price_by_year(benchmark: str, points: Sequence[Point], as_trained: bool = False) -> Chart:
    """What the cheapest model emitted that had reached a score by the end of each year; one line a score.

    Args:
        benchmark: A key of :data:`oce.field.accuracy.BENCHMARKS`.
        points: The models.
        as_trained: Whether each is under its own grid: then the grids differ too, and it is said.
    """
    name = accuracy.BENCHMARKS[benchmark]
    traces: list[Trace] = []
    told: str | None = None
    for at, score in enumerate(accuracy.THRESHOLDS[benchmark]):
        steps = accuracy.cheapest_by_year(points, score)
        if not steps:
            continue
        colour, symbol, dash = (BLUE, ORANGE, GREEN)[at], ("circle", "diamond", "square")[at], ("solid", "dash", "dot")
        tonnes = [one.operational_co2e_kg.central / TONNE for _, one in steps]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": f"{score:g}% or more",
                "x": [year for year, _ in steps],
                "y": rounded(tonnes),
                "line": {"color": colour, "width": 2, "shape": "hv", "dash": dash[at]},
                "marker": {"color": colour, "size": 9, "symbol": symbol},
                "customdata": [
                    [one.row.id, one.row.model, f"{one.score:g}", short(one.row.source)] for _, one in steps
                ],
                "hovertemplate": "by %{x}: <b>%{customdata[1]}</b> (%{customdata[2]}%), %{y:.3s} t<br>"
                "%{customdata[3]}<extra></extra>",
            }
        )
        if told is None or at == 1:  # the middle one is neither too easy nor too rare
            told = _fall(f"{score:g}% on {name}", steps, as_trained)
    plan = layout(x="", y="t CO2e (log)")
    plan["yaxis"] |= {"type": "log", "dtick": 1, "exponentformat": "power"}
    plan["xaxis"] |= {"dtick": 1, "tickformat": "d"}
    plan |= {"height": 320, "showlegend": True, "legend": {"orientation": "h", "y": -0.18, "x": 0}}
    sentence = told or f"No model here reaches {accuracy.THRESHOLDS[benchmark][0]:g}% on {name}."
    return Chart(f"{name}: the cost of a score", sentence, {"data": traces, "layout": plan})


def _fall(score: str, steps: Sequence[tuple[int, Point]], as_trained: bool) -> str:
    """How much cheaper the same score has become, if it has."""
    (first_year, first), (last_year, last) = steps[0], steps[-1]
    conditions = "each under its own grid" if as_trained else "under the same conditions"
    if first is last:
        still = f"{first.row.model} ({first_year}): {_tonnes(first)}, {conditions}"
        return f"{score} is still reached with least by {still}."
    fall = units.significant(first.operational_co2e_kg.central / last.operational_co2e_kg.central, 2)
    return (
        f"{score} had cost {_tonnes(first)} by {first_year} ({first.row.model}) and {_tonnes(last)} by {last_year} "
        f"({last.row.model}): {fall} times less, {conditions}."
    )


def _of_era(points: Sequence[Point], era: str) -> list[Trace]:
    """The models of some years: filled where the hours were reported, open with an interval where estimated."""
    until, colour = ERAS[era]
    since = max((other for other, _ in ERAS.values() if other < until), default=0)
    traces: list[Trace] = []
    for reported in (True, False):
        these = [one for one in points if since < one.row.year <= until and one.reported == reported]
        if not these:
            continue
        carbon = [one.operational_co2e_kg for one in these]
        trace: Trace = {
            "type": "scatter",
            "mode": "markers",
            "name": era,
            "legendgroup": era,
            "showlegend": reported or not any(since < one.row.year <= until and one.reported for one in points),
            "x": rounded([one.central / TONNE for one in carbon]),
            "y": [one.score for one in these],
            "marker": {
                "color": colour,
                "size": 9,
                "symbol": "circle" if reported else "diamond-open",
                "line": {"width": 0 if reported else 2},
            },
            "customdata": [_hover(one) for one in these],
            "hovertemplate": "<b>%{customdata[1]}</b> (%{customdata[2]}), %{y:.3g}% (%{customdata[3]})<br>"
            "%{customdata[4]}<br>score: %{customdata[5]}<br>run: %{customdata[6]}<extra></extra>",
        }
        if not reported:
            trace["error_x"] = {
                "type": "data",
                "symmetric": False,
                "array": rounded([(one.high - one.central) / TONNE for one in carbon]),
                "arrayminus": rounded([(one.central - one.low) / TONNE for one in carbon]),
                "color": colour,
                "thickness": 1,
                "width": 0,
            }
        traces.append(trace)
    return traces


def _hover(one: Point) -> list[Any]:
    row = one.row
    how = "reported device-hours" if one.reported else "estimated"
    carbon = units.shown(one.operational_co2e_kg.central, units.MASS)
    if not one.reported:
        carbon += f" ({units.shown_range(one.operational_co2e_kg, units.MASS)})"
    text = f"{carbon}, {how}"
    return [row.id, row.model, row.year, short(row.setting, 40), text, short(row.score_source), short(row.source)]


def _family_lines(points: Sequence[Point]) -> list[Trace]:
    families = dict.fromkeys(one.row.family for one in points if one.row.family)
    x: list[float | None] = []
    y: list[float | None] = []
    for family in families:
        sizes = [one for one in points if one.row.family == family]
        if len(sizes) > 1:
            x += [*rounded([one.operational_co2e_kg.central / TONNE for one in sizes]), None]
            y += [*(one.score for one in sizes), None]
    if not x:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "one family",
            "x": x,
            "y": y,
            "line": {"color": faint(GREY, 0.55), "width": 1},
            "hoverinfo": "skip",
        }
    ]


def _front(points: Sequence[Point], end: float) -> Trace:
    best = accuracy.unbeaten(points)
    x = [one.operational_co2e_kg.central / TONNE for one in best] + [10.0**end]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "best so far",
        "x": rounded(x),
        "y": [one.score for one in best] + [best[-1].score],
        "line": {"color": VERMILION, "width": 2, "dash": "dash", "shape": "hv"},
        "hoverinfo": "skip",
    }


def _names(points: Sequence[Point], span: Sequence[float], scores: tuple[float, float], free: Sequence[Box]) -> Trace:
    """The names that fit: of the front first, then of the paper's models, then of the others."""
    best = accuracy.unbeaten(points)
    ordered = sorted(points, key=lambda one: (one not in best, not one.row.figure_7))

    def place(one: Point) -> tuple[float, float]:
        x = (np.log10(one.operational_co2e_kg.central / TONNE) - span[0]) / (span[1] - span[0])
        return float(x), (one.score - scores[0]) / (scores[1] - scores[0])

    texts = [one.row.model if len(one.row.model) <= 22 else "" for one in ordered]
    where = places([place(one) for one in ordered], texts, WIDTH, HEIGHT, MOST_NAMES, free)
    named = [(one, spot) for one, spot in zip(ordered, where, strict=True) if spot]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "marker": {"size": 12, "opacity": 0},  # keeps the text off the mark
        "showlegend": False,
        "x": rounded([one.operational_co2e_kg.central / TONNE for one, _ in named]),
        "y": [one.score for one, _ in named],
        "text": [one.row.model for one, _ in named],
        "textposition": [spot for _, spot in named],
        "textfont": {"size": 11},
        "hoverinfo": "skip",
    }


def _add_mine(
    plan: dict[str, Any], traces: list[Trace], mine: Interval, my_score: float | None, ceiling: float
) -> None:
    low, central, high = (end / TONNE for end in (mine.low, mine.central, mine.high))
    carbon = units.shown(mine.central, units.MASS)
    if my_score is not None:
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": "your scenario",
                "x": rounded([central]),
                "y": [my_score],
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": rounded([high - central]),
                    "arrayminus": rounded([central - low]),
                    "thickness": 3,
                    "width": 5,
                    "color": BLUE,
                },
                "marker": {"color": BLUE, "size": 16, "symbol": "star", "line": {"color": "white", "width": 1}},
                "hovertemplate": f"your scenario: {carbon}, %{{y:.3g}}%<extra></extra>",
            }
        )
        return
    place = {"xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    plan["shapes"] = [
        {"type": "rect", "x0": low, "x1": high, "fillcolor": faint(BLUE, 0.12), "line": {"width": 0}, **place},
        {"type": "line", "x0": central, "x1": central, "line": {"color": BLUE, "width": 2}, **place},
    ]
    text, right = _mine_note(mine, plan["xaxis"]["range"])
    side = "left" if right else "right"
    plan["annotations"] = [note(float(np.log10(central)), ceiling, text, xanchor=side, yanchor="top")]


def _mine_note(mine: Interval, span: Sequence[float]) -> tuple[str, bool]:
    """What is written at the scenario's line, and whether to the right of it."""
    right = bool(np.log10(mine.central / TONNE) < (span[0] + span[1]) / 2)
    return f" your scenario: {units.shown(mine.central, units.MASS)} ", right


def _span(carbon: Sequence[Interval]) -> tuple[float, float]:
    """The decades that the axis shows [log10 t], with room at both ends; the longest intervals may be cut."""
    middles = np.log10([one.central / TONNE for one in carbon])
    low, high = float(np.min(middles)), float(np.max(middles))
    room = 0.06 * (high - low) + 0.1
    return low - room, high + room


def _tonnes(one: Point) -> str:
    return units.shown(one.operational_co2e_kg.central, units.MASS)
