"""The charts of how good the methods are: predicted against reported, coverage, error by group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oce import catalog, quantities
from oce.catalog import Run
from oce.figures.style import BLUE, ORANGE, REFERENCE, Chart, Trace, device_colour, layout, line, short
from oce.scoring import LEVELS, Evaluation, generation

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "triangle-down", "pentagon", "hexagon")


def predicted_against_reported(method: Evaluation, runs: Sequence[Run]) -> Chart:
    """Device-hours of every run, as predicted without its organisation, against those reported; log axes."""
    answered = [run for run in runs if run.id in method.runs and run.device_hours]
    generations = sorted({generation(run) for run in answered}, key=lambda name: -_count(answered, name))
    traces: list[Trace] = []
    for at, name in enumerate(generations):
        these = [run for run in answered if generation(run) == name]
        central, low, high = (np.array([method.runs[run.id][end] for run in these]) for end in range(3))
        colour = device_colour(catalog.device(these[0].device))
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [run.device_hours for run in these],
                "y": [float(f"{value:.4g}") for value in central],
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": [float(f"{value:.4g}") for value in np.nan_to_num(high - central, posinf=0.0)],
                    "arrayminus": [float(f"{value:.4g}") for value in central - low],
                    "color": colour,
                    "thickness": 1,
                    "width": 0,
                },
                "marker": {"color": colour, "size": 8, "symbol": SYMBOLS[at % len(SYMBOLS)]},
                "customdata": [[run.model, run.organisation, short(run.source), run.year] for run in these],
                "hovertemplate": "<b>%{customdata[0]}</b>, %{customdata[1]} %{customdata[3]}<br>reported %{x:.3s}, "
                "predicted %{y:.3s} device-hours<br>%{customdata[2]}<extra></extra>",
            }
        )
    hours = [run.device_hours for run in answered if run.device_hours]
    ends = [min(hours) / 2, max(hours) * 2]
    traces.insert(0, line(ends, ends, REFERENCE, "as reported", dash="dash", width=1.5) | {"hoverinfo": "skip"})
    plan = layout(x="reported device-hours (log)", y="predicted device-hours (log)")
    plan |= {"height": 460, "showlegend": True, "legend": {"orientation": "h", "y": -0.2, "x": 0}}
    for axis in ("xaxis", "yaxis"):
        plan[axis] |= {"type": "log", "dtick": 1, "exponentformat": "power"}
    plan["yaxis"]["range"] = plan["xaxis"]["range"] = [float(np.log10(end)) for end in ends]
    score = method.score
    own = len(set(score.median_width.values())) == 1  # one interval, whatever the level asked for
    bars = "the method's own interval holds" if own else "the 80% interval holds"
    sentence = (
        f"{method.name}: half of {score.runs} runs are predicted within {score.median_error:.0%} of their reported "
        f"device-hours, {score.within_2:.0%} within a factor of two; {bars} {score.coverage[0.8]:.0%}."
    )
    return Chart("Predicted against reported", sentence, {"data": traces, "layout": plan})


def coverage_curve(methods: Sequence[Evaluation]) -> Chart:
    """The share of runs that each interval holds, against the share it states."""
    traces: list[Trace] = [line([0, 1], [0, 1], REFERENCE, "as stated", dash="dash", width=1.5)]
    for at, (method, colour) in enumerate(zip(methods, (BLUE, ORANGE), strict=False)):
        held = [method.score.coverage[level] for level in LEVELS]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": method.name,
                "x": list(LEVELS),
                "y": held,
                "line": {"color": colour, "width": 2},
                "marker": {"color": colour, "size": 10, "symbol": SYMBOLS[at]},
                "hovertemplate": f"{method.name}: stated %{{x:.0%}}, held %{{y:.0%}}<extra></extra>",
            }
        )
    plan = layout(x="share that the interval states", y="share of runs it holds")
    plan |= {"showlegend": True, "legend": {"orientation": "h", "y": -0.35, "x": 0}}
    for axis in ("xaxis", "yaxis"):
        plan[axis] |= {"range": [0.2, 1.02], "tickformat": ".0%", "dtick": 0.2}
    first = methods[0]
    held_in_words = ", ".join(f"{first.score.coverage[p]:.0%} for {p:.0%}" for p in LEVELS)
    sentence = f"{first.name}: the intervals hold {held_in_words}, each run predicted without its organisation."
    return Chart("Do the intervals hold?", sentence, {"data": traces, "layout": plan})


def error_by_group(methods: Sequence[Evaluation], by: str) -> Chart:
    """The median error of each method on each group of runs."""
    first = methods[0]
    groups = [name for name, score in first.groups[by].items() if score.runs]
    traces: list[Trace] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": method.name,
            "y": [f"{name} ({first.groups[by][name].runs})" for name in groups],
            "x": [
                _known(method.groups[by][name].median_error if name in method.groups[by] else np.nan) for name in groups
            ],
            "marker": {"color": colour, "pattern": {"shape": shape, "fgopacity": 0.5}},
            "hovertemplate": f"{method.name}, %{{y}}: %{{x:.0%}}<extra></extra>",
        }
        for method, colour, shape in zip(methods, (BLUE, ORANGE), ("", "/"), strict=False)
    ]
    plan = layout(x="median error (of so many runs)", y="")
    plan |= {"barmode": "group", "height": 120 + 48 * len(groups), "showlegend": len(methods) > 1}
    plan["legend"] = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0}
    plan["xaxis"] |= {"tickformat": ".0%", "rangemode": "tozero"}
    plan["yaxis"] |= {"autorange": "reversed", "showgrid": False}
    worst = max(groups, key=lambda name: first.groups[by][name].median_error)
    error = first.groups[by][worst]
    sentence = (
        f"By {by}, {first.name} errs most on {worst}: a median of {error.median_error:.0%} over {error.runs} runs."
    )
    return Chart("Where it errs", sentence, {"data": traces, "layout": plan})


def _count(runs: Sequence[Run], name: str) -> int:
    return sum(generation(run) == name for run in runs)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(quantities.significant(value))
