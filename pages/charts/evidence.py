"""The charts of how good the methods are: predicted against reported, coverage, error by group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oce import catalog, units
from oce.catalog import Run
from oce.evaluation import device_evidence, metered_energy
from oce.evaluation.device_evidence import Checked
from oce.evaluation.metered_energy import Metered
from oce.evaluation.scoring import Evaluation, generation
from oce.interval import Interval
from oce.method.conformal import CONFIDENCE_LEVELS
from pages.charts.chart import Chart, Trace, amount, table
from pages.charts.theme import (
    BLUE,
    GREEN,
    OLIVE,
    ORANGE,
    PURPLE,
    REFERENCE,
    VERMILION,
    device_colour,
    error_bars,
    faint,
    layout,
    legend_below,
    line,
    short,
)

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "triangle-down", "pentagon", "hexagon")


def predicted_against_reported(method: Evaluation, runs: Sequence[Run]) -> Chart:
    """Device-hours of every run, as predicted without its organisation, against those reported; log axes."""
    answered = [run for run in runs if run.id in method.runs and run.device_hours]
    generations = sorted({generation(run) for run in answered}, key=lambda name: (-_count(answered, name), name))
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
    plan |= {"height": 460, **legend_below(-0.2)}
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
    numbers = table(
        ["Run", "Device", "Reported [device-hours]", "Predicted [device-hours]", "From"],
        (
            [
                f"{run.model}, {run.organisation} {run.year}",
                generation(run),
                units.significant(run.device_hours or 0.0),
                _bounds(*method.runs[run.id]),
                short(run.source),
            ]
            for run in sorted(answered, key=lambda run: run.device_hours or 0.0)
        ),
    )
    return Chart("Predicted against reported", sentence, numbers, {"data": traces, "layout": plan})


def energy_said_against_metered(found: Sequence[Metered]) -> Chart:
    """Energy of every run that was metered, beside what is said of it; a log axis, where equal lengths are factors."""
    rows = sorted(found, key=lambda metered: metered.measured_kwh)
    at = list(range(len(rows)))
    names = [metered.run.model for metered in rows]
    said = [metered.said_kwh for metered in rows]
    score = metered_energy.score(rows)
    traces: list[Trace] = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "said, 80% interval",
            "x": [float(f"{interval.central / 1000:.4g}") for interval in said],
            "y": at,
            "error_x": error_bars(said, 1000, BLUE, 2, 5),
            "marker": {"color": BLUE, "size": 9, "symbol": "circle"},
            "customdata": names,
            "hovertemplate": "<b>%{customdata}</b>: said %{x:.3s} MWh<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "metered",
            "x": [float(f"{metered.measured_kwh / 1000:.4g}") for metered in rows],
            "y": at,
            "marker": {"color": VERMILION, "size": 11, "symbol": "x"},
            "customdata": names,
            "hovertemplate": "<b>%{customdata}</b>: metered %{x:.3s} MWh<extra></extra>",
        },
    ]
    plan = layout(x="energy [MWh] (log)", y="")
    plan["xaxis"] |= {"type": "log", "dtick": 1, "exponentformat": "power"}
    plan["yaxis"] |= {"tickmode": "array", "tickvals": at, "ticktext": names, "automargin": True}
    plan |= {"height": 120 + 34 * len(rows), **legend_below(-0.3)}
    sentence = (
        f"Of {score.runs} runs whose energy was metered the 80% interval holds {score.held:.0%}; the median error is "
        f"{score.median_error:.0%}."
    )
    numbers = table(
        ["Run", "Metered [MWh]", "Said, 80% interval [MWh]"],
        (
            [name, units.significant(metered.measured_kwh / 1000), amount(metered.said_kwh, 1000)]
            for name, metered in zip(names, rows, strict=True)
        ),
    )
    return Chart("Energy, said against metered", sentence, numbers, {"data": traces, "layout": plan})


def coverage_curve(methods: Sequence[Evaluation]) -> Chart:
    """The share of runs that each interval holds, against the share it states."""
    traces: list[Trace] = [line([0, 1], [0, 1], REFERENCE, "as stated", dash="dash", width=1.5)]
    rows: list[list[str]] = []
    for at, (method, colour) in enumerate(zip(methods, (BLUE, ORANGE), strict=False)):
        counted = (
            ("runs", method.score.coverage, method.score.coverage_error),
            ("organisations", method.score.organisation_coverage, method.score.organisation_coverage_error),
        )
        for by, (what, held, error) in enumerate(counted):
            rows.append(
                [f"{method.name}, by {what}", *(_exact_share(held[level], error[level]) for level in CONFIDENCE_LEVELS)]
            )
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "name": f"{method.name}, by {what}",
                    "x": [level + 0.012 * (2 * at + by) for level in CONFIDENCE_LEVELS],  # beside each other
                    "y": [held[level] for level in CONFIDENCE_LEVELS],
                    "error_y": {
                        "type": "data",
                        "array": [_known(error[level]) for level in CONFIDENCE_LEVELS],
                        "color": colour,
                        "thickness": 1.5,
                        "width": 4,
                    },
                    "line": {"color": colour, "width": 2, "dash": "dot" if by else "solid"},
                    "marker": {"color": colour, "size": 10, "symbol": SYMBOLS[at] + ("-open" if by else "")},
                    "customdata": [
                        f"stated {level:.0%}, held {_share(held[level], error[level])}" for level in CONFIDENCE_LEVELS
                    ],
                    "hovertemplate": f"{method.name}, by {what}: %{{customdata}}<extra></extra>",
                }
            )
    plan = layout(x="share that the interval states", y="share that it holds")
    plan |= legend_below(-0.35)
    for axis in ("xaxis", "yaxis"):
        plan[axis] |= {"range": [0.2, 1.02], "tickformat": ".0%", "dtick": 0.2}
    first = methods[0]
    runs, organisations = (
        _share(held[0.8], error[0.8])
        for held, error in (
            (first.score.coverage, first.score.coverage_error),
            (first.score.organisation_coverage, first.score.organisation_coverage_error),
        )
    )
    sentence = (
        f"{first.name}: the 80% interval holds {runs} of the runs, and {organisations} where each of "
        f"{first.score.organisations} organisations counts the same; each run predicted without its organisation. "
        "Bars: one standard error."
    )
    numbers = table(["Share that is held", *(f"Stated {level:.0%}" for level in CONFIDENCE_LEVELS)], rows)
    return Chart("Do the intervals hold?", sentence, numbers, {"data": traces, "layout": plan})


def said_against_measured(rows: Sequence[Checked]) -> Chart:
    """How many times faster one device is than another: as said without the source, against as measured; log axes."""
    traces: list[Trace] = []
    looks = zip(
        device_evidence.groups(rows).items(), (BLUE, GREEN, PURPLE, OLIVE, ORANGE, VERMILION), SYMBOLS, strict=False
    )
    listed: list[list[str]] = []
    for (name, contrasts), colour, symbol in looks:
        these = [_faster_over_slower(contrast) for contrast in contrasts]
        if not these:
            continue
        listed += [[pair, name, of, units.significant(measured), amount(said)] for measured, said, pair, of in these]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [measured for measured, *_ in these],
                "y": [said.central for _, said, *_ in these],
                "error_y": error_bars([said for _, said, *_ in these], 1.0, faint(colour, 0.3), 1, 0),
                "marker": {"color": colour, "size": 7, "symbol": symbol, "opacity": 0.8},
                "customdata": [f"<b>{pair}</b><br>{of}" for *_, pair, of in these],
                "hovertemplate": "%{customdata}<br>measured %{x:.3s}×, said %{y:.3s}×<extra></extra>",
            }
        )
    found = [value for trace in traces for value in trace["x"]]
    ends = [0.8, 1.2 * max(found, default=1.0)]
    traces.insert(0, line(ends, ends, REFERENCE, "as measured", dash="dash", width=1.5) | {"hoverinfo": "skip"})
    plan = layout(x="measured, times faster (log)", y="said without its source, times faster (log)")
    plan |= {"height": 560, **legend_below(-0.16)}
    ticks = [0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 7, 10]
    for axis in ("xaxis", "yaxis"):
        plan[axis] |= {
            "type": "log",
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [f"{tick:g}" for tick in ticks],
        }
    plan["xaxis"]["range"] = [float(np.log10(end)) for end in ends]
    plan["yaxis"]["range"] = [float(np.log10(0.45)), float(np.log10(1.35 * ends[1]))]
    scores = [device_evidence.score(these) for these in device_evidence.groups(rows).values()]
    kinds = (
        "ratios of dense language models whose devices other sources measured too",
        "with a device that none did",
        "of mixtures of experts",
    )
    known = [(of, score) for of, score in zip(kinds, scores, strict=False) if score.contrasts]
    errors = ", ".join(
        f"{_error(score.rms_error, score.rms_error_error)} on {score.contrasts} {of}" for of, score in known
    )
    inside = ", ".join(_share(score.held, score.held_error) for _, score in known)
    sentence = (
        f"Each measured ratio, beside what is said without its source. Error of the logarithm: {errors}; the 80% "
        f"interval holds {inside} of them."
    )
    numbers = table(["Faster over slower", "Group", "From", "Measured [times]", "Said without it [times]"], listed)
    return Chart("Device against device", sentence, numbers, {"data": traces, "layout": plan})


def _faster_over_slower(contrast: Checked) -> tuple[float, Interval, str, str]:
    """Measured and said with the device that was measured the faster on top, the two devices, and whose they are."""
    row = contrast.row
    slow, fast = (
        f"{catalog.device(device).name} {precision}"
        for device, precision in (
            (row.first_device, row.first_precision),
            (row.second_device, row.second_precision),
        )
    )
    values = (contrast.measured, contrast.low, contrast.said, contrast.high)
    if contrast.measured < 1.0:
        slow, fast = fast, slow
        values = (1 / contrast.measured, 1 / contrast.high, 1 / contrast.said, 1 / contrast.low)
    measured, *said = (float(f"{value:.3g}") for value in values)
    return measured, Interval(*said), f"{fast} over {slow}", f"{short(row.model, 30)}, {short(row.source, 30)}"


def _bounds(central: float, low: float, high: float) -> str:
    """A prediction with its interval, which may be open or missing."""
    if not np.isfinite(high):
        return f"{units.significant(central)} ({units.significant(low)} or more)"
    return amount(Interval(low, central, high))


def _error(value: float, error: float) -> str:
    return f"{value:.2f}" + ("" if np.isnan(error) else f" ± {error:.2f}")


def _share(value: float, error: float) -> str:
    return f"{value:.0%}" + (f" ± {100 * error:.0f}" if error > 0 else "")


def _exact_share(value: float, error: float) -> str:
    return _percent(value) + (f" ± {units.significant(100 * error, 2)}" if error > 0 else "")


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
    numbers = table(
        [f"By {by}", "Runs", *(f"{method.name}, median error" for method in methods)],
        (
            [
                name,
                str(first.groups[by][name].runs),
                *(
                    _percent(method.groups[by][name].median_error) if name in method.groups[by] else ""
                    for method in methods
                ),
            ]
            for name in groups
        ),
    )
    return Chart("Where it errs", sentence, numbers, {"data": traces, "layout": plan})


def _count(runs: Sequence[Run], name: str) -> int:
    return sum(generation(run) == name for run in runs)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(units.significant(value))


def _percent(share: float) -> str:
    return "" if np.isnan(share) else f"{units.significant(100 * share)}%"
