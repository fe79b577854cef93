"""The charts of how good the methods are: predicted against reported, coverage, error by group."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from oce import catalog, units
from oce.catalog import Run
from oce.evaluation import device_evidence, metered_energy
from oce.evaluation.device_evidence import Checked
from oce.evaluation.metered_energy import Metered
from oce.evaluation.scoring import Evaluation, generation
from oce.interval import Interval
from oce.method.conformal import CONFIDENCE_LEVELS
from pages.charts.chart import Cell, Chart, Trace, short, table
from pages.charts.layouts import layout
from pages.charts.log_axis import POWERS, span, ticks_at
from pages.charts.theme import BLUE, GREEN, OLIVE, ORANGE, PURPLE, SKY, SYMBOLS, VERMILION, device_colour, faint
from pages.charts.traces import bars, centrals, diagonal, error_bars, marks, rounded

LOOKS = ((BLUE, ""), (ORANGE, "/"))  # of ours and of the method beside it: colour and pattern
KINDS: Mapping[str, str] = {  # of ratios that the interval is made for, in words
    "dense language models, known devices": "ratios of dense language models whose devices other sources measured too",
    "dense language models, a new device": "with a device that none did",
    "mixtures of experts": "of mixtures of experts",
    "32 bits against 16 of one device": "of 32 bits against 16",
}


def predicted_against_reported(method: Evaluation, runs: Sequence[Run]) -> Chart:
    """Device-hours of every run, as predicted without its organisation, against those reported; log axes."""
    answered = [run for run in runs if run.id in method.runs and run.device_hours]
    counts = Counter(map(generation, answered))
    generations = sorted(counts, key=lambda name: (-counts[name], name))
    traces: list[Trace] = []
    for at, name in enumerate(generations):
        these = [run for run in answered if generation(run) == name]
        predicted = [_predicted(method, run) for run in these]
        colour = device_colour(catalog.device(these[0].device))
        traces.append(
            marks(
                name,
                [run.device_hours for run in these],
                centrals(predicted, 1.0),
                "<b>%{customdata[0]}</b>, %{customdata[1]} %{customdata[3]}<br>reported %{x:.3s}, "
                "predicted %{y:.3s} device-hours<br>%{customdata[2]}",
                error_y=error_bars(predicted, 1.0, colour, 1, 0),
                marker={"color": colour, "size": 8, "symbol": SYMBOLS[at % len(SYMBOLS)]},
                customdata=[[run.model, run.organisation, short(run.source), run.year] for run in these],
            )
        )
    hours = [run.device_hours for run in answered if run.device_hours]
    ends = [min(hours) / 2, max(hours) * 2]
    traces.insert(0, diagonal(ends, "as reported"))
    plan = layout("reported device-hours (log)", "predicted device-hours (log)", height=460, key_at=-0.2)
    for axis in ("xaxis", "yaxis"):
        plan[axis] |= {**POWERS, "range": span(ends)}
    score = method.score
    own = len(set(score.median_width.values())) == 1  # one interval, whatever the level asked for
    holds = "the method's own interval holds" if own else "the 80% interval holds"
    sentence = (
        f"{method.name}: half of {score.runs} runs are predicted within {score.median_error:.0%} of their reported "
        f"device-hours, {score.within_2:.0%} within a factor of two; {holds} {score.coverage[0.8]:.0%}."
    )
    numbers = table(
        ["Run", "Device", "Reported [device-hours]", "Predicted [device-hours]", "From"],
        (
            [
                f"{run.model}, {run.organisation} {run.year}",
                generation(run),
                run.device_hours or 0.0,
                _predicted(method, run),
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
    measured = rounded([metered.measured_kwh / 1000 for metered in rows])
    circles, crosses = ({"color": BLUE, "size": 9, "symbol": "circle"}, {"color": VERMILION, "size": 11, "symbol": "x"})
    value, name = "%{x:.3s} MWh", "<b>%{customdata}</b>"
    central = centrals(said, 1000)
    traces = [
        marks("said, 80% interval", central, at, f"{name}: said {value}", marker=circles, customdata=names),
        marks("metered", measured, at, f"{name}: metered {value}", marker=crosses, customdata=names),
    ]
    traces[0]["error_x"] = error_bars(said, 1000, BLUE, 2, 5)
    plan = layout("energy [MWh] (log)", "", height=120 + 34 * len(rows), key_at=-0.3)
    plan["xaxis"] |= POWERS
    plan["yaxis"] |= {"tickmode": "array", "tickvals": at, "ticktext": names}
    sentence = (
        f"Of {score.runs} runs whose energy was metered the 80% interval holds {score.held:.0%}; the median error is "
        f"{score.median_error:.0%}."
    )
    numbers = table(
        ["Run", "Metered [MWh]", "Said, 80% interval [MWh]"],
        ([metered.run.model, metered.measured_kwh / 1000, metered.said_kwh / 1000] for metered in rows),
    )
    return Chart("Energy, said against metered", sentence, numbers, {"data": traces, "layout": plan})


def coverage_curve(methods: Sequence[Evaluation]) -> Chart:
    """The share of runs that each interval holds, against the share it states."""
    traces: list[Trace] = [diagonal([0, 1], "as stated")]
    rows: list[list[str]] = []
    for at, (method, (colour, _)) in enumerate(zip(methods, LOOKS[: len(methods)], strict=True)):
        counted = (
            ("runs", method.score.coverage, method.score.coverage_error),
            ("organisations", method.score.organisation_coverage, method.score.organisation_coverage_error),
        )
        for by, (what, held, error) in enumerate(counted):
            name = f"{method.name}, by {what}"
            shares = [(held[level], error[level]) for level in CONFIDENCE_LEVELS]
            rows.append([name, *(_exact_share(*share) for share in shares)])
            errors = [_known(error) for _, error in shares]
            traces.append(
                marks(
                    name,
                    [level + 0.012 * (2 * at + by) for level in CONFIDENCE_LEVELS],  # beside each other
                    [share for share, _ in shares],
                    f"{name}: stated %{{customdata[0]}}, held %{{customdata[1]}}",
                    mode="lines+markers",
                    error_y={"type": "data", "array": errors, "color": colour, "thickness": 1.5, "width": 4},
                    line={"color": colour, "width": 2, "dash": "dot" if by else "solid"},
                    marker={"color": colour, "size": 10, "symbol": SYMBOLS[at] + ("-open" if by else "")},
                    customdata=[[f"{level:.0%}", _share(held[level], error[level])] for level in CONFIDENCE_LEVELS],
                )
            )
    plan = layout("share that the interval states", "share that it holds", key_at=-0.35)
    for axis in ("xaxis", "yaxis"):
        plan[axis] |= {"range": [0.2, 1.02], "tickformat": ".0%", "dtick": 0.2}
    first = methods[0]
    score = first.score
    runs = _share(score.coverage[0.8], score.coverage_error[0.8])
    organisations = _share(score.organisation_coverage[0.8], score.organisation_coverage_error[0.8])
    sentence = (
        f"{first.name}: the 80% interval holds {runs} of the runs, and {organisations} where each of "
        f"{score.organisations} organisations counts the same; each run predicted without its organisation. "
        "Bars: one standard error."
    )
    numbers = table(["Share that is held", *(f"Stated {level:.0%}" for level in CONFIDENCE_LEVELS)], rows)
    return Chart("Do the intervals hold?", sentence, numbers, {"data": traces, "layout": plan})


def said_against_measured(rows: Sequence[Checked]) -> Chart:
    """How many times faster one device is than another: as said without the source, against as measured; log axes."""
    traces: list[Trace] = []
    groups = device_evidence.groups(rows)
    looks = zip(
        groups.items(), (BLUE, GREEN, PURPLE, SKY, OLIVE, ORANGE, VERMILION), SYMBOLS[: len(groups)], strict=True
    )
    listed: list[list[Cell]] = []
    for (name, contrasts), colour, symbol in looks:
        these = [_faster_over_slower(contrast) for contrast in contrasts]
        if not these:
            continue
        listed += [[pair, name, of, measured, said] for measured, said, pair, of in these]
        intervals = [said for _, said, *_ in these]
        traces.append(
            marks(
                name,
                [measured for measured, *_ in these],
                centrals(intervals, 1.0),
                "%{customdata}<br>measured %{x:.3s}×, said %{y:.3s}×",
                error_y=error_bars(intervals, 1.0, faint(colour, 0.3), 1, 0),
                marker={"color": colour, "size": 7, "symbol": symbol, "opacity": 0.8},
                customdata=[f"<b>{pair}</b><br>{of}" for *_, pair, of in these],
            )
        )
    found = [value for trace in traces for value in trace["x"]]
    ends = [0.8, 1.2 * max(found, default=1.0)]
    traces.insert(0, diagonal(ends, "as measured"))
    title = "said without its source, times faster (log)"
    plan = layout("measured, times faster (log)", title, height=560, key_at=-0.16)
    ticks = ticks_at([0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 7, 10])
    plan["xaxis"] |= {**ticks, "range": span(ends)}
    plan["yaxis"] |= {**ticks, "range": span([0.45, 1.35 * ends[1]])}
    known = [(of, device_evidence.score(groups[name])) for name, of in KINDS.items() if groups[name]]
    errors = ", ".join(
        f"{_error(score.rms_error, score.rms_error_error)} on {score.contrasts} {of}" for of, score in known
    )
    inside = ", ".join(_share(score.held, score.held_error) for _, score in known)
    sentence = (
        f"Each measured ratio, beside what is said without its source. Error of the logarithm: {errors}; the 80% "
        f"interval holds {inside} of them. The other groups are not what it is made for; the table has them."
    )
    numbers = table(["Faster over slower", "Group", "From", "Measured [times]", "Said without it [times]"], listed)
    return Chart("Device against device", sentence, numbers, {"data": traces, "layout": plan})


def _faster_over_slower(contrast: Checked) -> tuple[float, Interval, str, str]:
    """Measured and said with the device that was measured the faster on top, the two devices, and whose they are."""
    row = contrast.row
    slow = f"{catalog.device(row.first_device).name} {row.first_precision}"
    fast = f"{catalog.device(row.second_device).name} {row.second_precision}"
    values = (contrast.measured, contrast.low, contrast.said, contrast.high)
    if contrast.measured < 1.0:
        slow, fast = fast, slow
        values = (1 / contrast.measured, 1 / contrast.high, 1 / contrast.said, 1 / contrast.low)
    measured, *said = (float(f"{value:.3g}") for value in values)
    return measured, Interval(*said), f"{fast} over {slow}", f"{short(row.model, 30)}, {short(row.source, 30)}"


def _predicted(method: Evaluation, run: Run) -> Interval:
    central, low, high = method.runs[run.id]
    return Interval(low, central, high)


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
    errors = [
        [method.groups[by][name].median_error if name in method.groups[by] else np.nan for name in groups]
        for method in methods
    ]
    counted = [f"{name} ({first.groups[by][name].runs})" for name in groups]
    traces = [
        bars(method.name, counted, list(map(_known, values)), colour, f"{method.name}, %{{y}}: %{{x:.0%}}", pattern)
        for method, values, (colour, pattern) in zip(methods, errors, LOOKS[: len(methods)], strict=True)
    ]
    plan = layout("median error (of so many runs)", "", height=120 + 48 * len(groups), key_at=1.0)
    plan |= {"barmode": "group", "showlegend": len(methods) > 1}
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
            [name, str(first.groups[by][name].runs), *map(_percent, of_each)]
            for name, of_each in zip(groups, zip(*errors, strict=True), strict=True)
        ),
    )
    return Chart("Where it errs", sentence, numbers, {"data": traces, "layout": plan})


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(units.significant(value))


def _percent(share: float) -> str:
    return "" if np.isnan(share) else f"{units.significant(100 * share)}%"
