"""The charts of a model's whole life: the curves, the shares at the end, the energy of a query, the parity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oce import units
from oce.analysis import lifetime
from oce.analysis.inference import Parity, Task
from oce.analysis.lifetime import HOURS_PER_DAY, PARTS, WH_PER_KWH, Service, count, energy_in_words
from oce.estimation import Estimate
from oce.interval import Interval
from pages.charts.theme import (
    BLUE,
    GREEN,
    GREY,
    PURPLE,
    TOTAL,
    VERMILION,
    Chart,
    Trace,
    faint,
    layout,
    line,
    note,
    rounded,
)

TRAINING, INFERENCE = PURPLE, VERMILION
LOOKS: Mapping[str, tuple[str, str]] = {  # of each part: its colour, and its pattern
    "training_operational": (TRAINING, ""),
    "training_embodied": (TRAINING, "x"),
    "inference_operational": (INFERENCE, ""),
    "inference_embodied": (INFERENCE, "/"),
}
LOOK_AHEAD = 3  # times the years in service: so far the chart goes on, where the lines cross by then
_POINTS = 31
_BELOW = {"orientation": "h", "y": -0.22, "x": 0, "traceorder": "normal"}  # where the key stands


def training_against_inference(result: Estimate, service: Service) -> Chart:
    """Training, inference and both together, day by day, with the day on which inference passes training."""
    even = lifetime.break_even_days(result, service)
    last = service.days
    if even is not None and last < even.central < LOOK_AHEAD * last:
        last = min(1.15 * even.central, LOOK_AHEAD * last)  # as far as the lines take to cross
    days, time, mass = _axes(result, service, last)
    found = lifetime.lifetime(result, service, days)
    x = days * HOURS_PER_DAY / time.size
    traces: list[Trace] = []
    for name, ends, colour in (("training", found.training, TRAINING), ("inference", found.inference, INFERENCE)):
        low, central, high = ends / mass.size
        if np.any(low < high):
            traces.append(_edge(x, high, colour, name))
            traces.append(_edge(x, low, colour, name) | {"fill": "tonexty", "fillcolor": faint(colour, 0.18)})
        traces.append(line(x, central, colour, name, dash="solid" if name == "inference" else "dash", width=3))
    traces.append(line(x, found.total[1] / mass.size, TOTAL, "both together", dash="dot"))
    plan = layout(x=f"{time.name} in service", y=f"carbon so far [{mass.name}]")
    plan |= {"height": 380, "showlegend": True, "legend": _BELOW, "shapes": [], "annotations": []}
    plan["margin"]["t"] = 26
    plan["xaxis"]["range"] = [0, float(f"{x[-1]:.6g}")]
    plan["yaxis"] |= {"rangemode": "tozero", "tickformat": ","}
    if last > service.days:
        end = service.days * HOURS_PER_DAY / time.size
        plan["shapes"].append(_upright(end, end, "dot"))
        plan["annotations"].append(note(end, 0, "end of service ", yref="paper", xanchor="right", yanchor="bottom"))
    if even is not None:
        _mark(plan, even * (HOURS_PER_DAY / time.size), float(x[-1]), time)
    return Chart("Training against inference", lifetime.catching_up(result, service), {"data": traces, "layout": plan})


def parts_of_life(result: Estimate, service: Service) -> Chart:
    """What the carbon is made of, day by day: the parts on top of each other, as high as the total."""
    days, time, mass = _axes(result, service, service.days)
    found = lifetime.lifetime(result, service, days)
    x = days * HOURS_PER_DAY / time.size
    traces: list[Trace] = []
    for name, label in PARTS.items():
        colour, pattern = LOOKS[name]
        area = line(x, found.part(name)[1] / mass.size, colour, label, width=1)
        area |= {"stackgroup": "parts", "fillcolor": faint(colour, 0.6)}
        if pattern:
            area["fillpattern"] = {"shape": pattern, "fgcolor": colour, "bgcolor": faint(colour, 0.3), "size": 6}
        traces.append(area)
    plan = layout(x=f"{time.name} in service", y=f"carbon so far [{mass.name}]")
    plan |= {"height": 340, "showlegend": True, "legend": _BELOW}
    plan["xaxis"]["range"] = [0, float(f"{x[-1]:.6g}")]
    plan["yaxis"] |= {"rangemode": "tozero", "tickformat": ","}
    total = lifetime.at_end(result, service)["total"]
    start = units.shown(float(found.total[1, 0]), units.MASS)
    sentence = (
        f"From {start} when service begins to {units.shown(total.central, units.MASS)} "
        f"({units.shown_range(total, units.MASS)}) after {lifetime.years(service.years)}."
    )
    return Chart("What it is made of", sentence, {"data": traces, "layout": plan})


def shares_of_life(result: Estimate, service: Service) -> Chart:
    """The share of each part on the last day of service."""
    ends = lifetime.at_end(result, service)
    total = ends["total"].central
    unit = units.unit_for(total, units.MASS)
    of_all = {name: ends[name].central / total if total > 0 else 0.0 for name in PARTS}
    names = list(PARTS)
    labels = [
        f"<b>{lifetime.percent(of_all[name])}</b>  {PARTS[name]}: "
        f"{units.significant(ends[name].central / unit.size)} {unit.name}"
        for name in names
    ]
    traces: list[Trace] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": "share",
            "x": rounded([100 * of_all[name] for name in names]),
            "y": list(range(len(names))),
            "marker": {
                "color": [LOOKS[name][0] for name in names],
                "pattern": {"shape": [LOOKS[name][1] for name in names], "fillmode": "overlay", "fgcolor": "white"},
            },
            "text": labels,
            "textposition": "none",
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]
    plan = layout(x=f"share after {lifetime.years(service.years)}, %", y="")
    plan |= {"height": 340, "bargap": 0.66, "annotations": _above(labels)}
    plan["margin"]["t"] = 26
    plan["xaxis"]["range"] = [0, 100]
    plan["yaxis"] |= {"autorange": "reversed", "showticklabels": False, "showgrid": False}
    return Chart("At the end", _shares_sentence(of_all, total), {"data": traces, "layout": plan})


def energy_of_a_query(tasks: Sequence[Task], level: float, mine: Interval, name: str) -> Chart:
    """The energy of a query of each measured task, and the visitor's own among them, on a log axis.

    Args:
        tasks: The measured tasks.
        level: Share of the models of a task that its interval is meant to hold.
        mine: Energy of the visitor's query [kWh].
        name: What the visitor's is called.
    """
    rows = [(one.name, one.kwh_per_query(level), False) for one in tasks] + [(name, mine, True)]
    rows.sort(key=lambda row: row[1].central)
    traces: list[Trace] = []
    for own, called, colour, symbol in ((False, "measured", BLUE, "circle"), (True, "your query", GREEN, "diamond")):
        these = [(at, interval) for at, (_, interval, is_own) in enumerate(rows) if is_own is own]
        traces.append(_intervals(these, WH_PER_KWH, called, colour, symbol))
    labels = [f"<b>{energy_in_words(interval)}</b>  {called}" for called, interval, _ in rows]
    for trace in traces:
        trace["text"] = [labels[at] for at in trace["y"]]
    plan = layout(x="energy of a query at the IT equipment [Wh] (log)", y="")
    plan |= {"height": 90 + 40 * len(rows), "annotations": _above(labels)}
    ends = [end * WH_PER_KWH for _, interval, _ in rows for end in (interval.low, interval.high)]
    plan["margin"]["t"] = 26
    plan["xaxis"] |= _decades(ends)
    plan["yaxis"] |= {"range": [len(rows) - 0.6, -0.6], "showticklabels": False, "showgrid": False}
    less = [called for called, interval, own in rows if not own and interval.central < mine.central]
    near = min((row for row in rows if not row[2]), key=lambda row: abs(np.log(row[1].central / mine.central)))
    times = units.significant(mine.central / near[1].central, 2)
    like = (
        f"as {near[0].lower()} does"
        if mine == near[1]
        else f"{times} times as much as {near[0].lower()}, the nearest of the measured tasks"
    )
    sentence = (
        f"Your query takes {energy_in_words(mine.central)}, {like}; {len(less)} of the {len(tasks)} tasks take less."
    )
    return Chart("Energy of a query, by task", sentence, {"data": traces, "layout": plan})


def parity_with_training(rows: Sequence[Parity], mine: Interval | None) -> Chart:
    """After how many queries inference has used as much energy as training: printed, recomputed, and the visitor's.

    Args:
        rows: The models of Table 5.
        mine: The same for the scenario; ``None`` where there is none.
    """
    traces: list[Trace] = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": values,
            "y": list(range(len(rows))),
            "marker": {"color": colour, "size": size, "symbol": symbol, "line": {"width": 2, "color": colour}},
            "text": [one.name for one in rows],
            "hovertemplate": f"%{{text}}, {name}: %{{x:,}} queries<extra></extra>",
        }
        for name, values, colour, symbol, size in (
            ("printed", [one.printed for one in rows], GREY, "circle-open", 15),
            ("recomputed", [one.recomputed for one in rows], BLUE, "x", 8),
        )
    ]
    labels = [
        f"<b>{one.name}</b>  {one.printed:,}" + ("" if one.agrees else f", here {one.recomputed:,}") for one in rows
    ]
    ends = [float(one.printed) for one in rows]
    if mine is not None:
        traces.append(_intervals([(len(rows), mine)], 1.0, "your scenario", GREEN, "diamond"))
        labels.append(f"<b>Your scenario</b>  {count(mine.central)} queries")
        traces[-1]["text"] = labels[-1:]
        ends += [mine.low, mine.high]
    plan = layout(x="queries until inference has used as much energy (log)", y="")
    plan |= {"height": 120 + 46 * len(labels), "annotations": _above(labels), "showlegend": True}
    plan["legend"] = {"orientation": "h", "y": -0.3, "x": 0}
    plan["margin"]["t"] = 26
    plan["xaxis"] |= _decades(ends)
    plan["yaxis"] |= {"range": [len(labels) - 0.6, -0.6], "showticklabels": False, "showgrid": False}
    agree = sum(one.agrees for one in rows)
    most = max(abs(one.printed / one.exactly - 1) for one in rows)
    yours = "" if mine is None else f" Your scenario takes {count(mine.central)} queries."
    sentence = (
        f"{agree} of the {len(rows)} printed figures follow from their inputs to every digit; the largest difference "
        f"is {units.significant(float(100 * most), 1)}%.{yours}"
    )
    return Chart("Parity with training, in energy", sentence, {"data": traces, "layout": plan})


def _axes(result: Estimate, service: Service, last: float) -> tuple[Any, units.Unit, units.Unit]:
    """The days of a chart up to the last, and the units of its axes."""
    total = lifetime.at_end(result, service)["total"].central
    return (
        np.linspace(0.0, last, _POINTS),
        units.unit_for(last * HOURS_PER_DAY, units.DURATION),
        units.unit_for(total, units.MASS),
    )


def _edge(x: Any, y: Any, colour: str, name: str) -> Trace:
    """An end of an interval: the edge of a band, without an entry in the key."""
    edge = line(x, y, colour, name, dash="dot", width=1)
    return edge | {"showlegend": False, "hoverinfo": "skip", "hovertemplate": None}


def _upright(left: float, right: float, dash: str = "solid") -> dict[str, Any]:
    """A line from bottom to top behind the curves; where its sides differ, an area."""
    left, right = rounded([left, right])
    place = {"xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "x0": left, "x1": right}
    if left == right:
        return {"type": "line", "line": {"color": GREY, "width": 2, "dash": dash}, **place}
    return {"type": "rect", "fillcolor": faint(GREY, 0.18), "line": {"width": 0}, **place}


def _mark(plan: dict[str, Any], even: Interval, last: float, time: units.Unit) -> None:
    """Marks the day on which inference passes training with its interval, as far as they are on the chart."""
    if even.low < min(even.high, last):
        plan["shapes"].append(_upright(even.low, min(even.high, last)))
    at, text = even.central, "inference passes training"
    if at <= last:
        plan["shapes"].append(_upright(at, at))
    else:
        at, text = even.low, "inference may pass training from"
    if at <= last:
        side = "left" if at < last / 2 else "right"
        text = f"{text}: {units.shown(at * time.size, units.DURATION)}"
        plan["annotations"].append(note(rounded([at])[0], 1, text, yref="paper", xanchor=side, yanchor="bottom"))


def _shares_sentence(of_all: Mapping[str, float], total: float) -> str:
    if total == 0:
        return "Nothing is emitted."
    first = max(of_all, key=lambda name: of_all[name])
    devices = of_all["training_embodied"] + of_all["inference_embodied"]
    made = "no figure for making the devices" if devices == 0 else f"making all devices is {lifetime.percent(devices)}"
    return f"The largest part is {PARTS[first].lower()}, {lifetime.percent(of_all[first])}; {made}."


def _intervals(
    rows: Sequence[tuple[int, Interval]], factor: float, name: str, colour: str, symbol: str
) -> dict[str, Any]:
    """Marks with their intervals, each in its row."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": rounded([interval.central * factor for _, interval in rows]),
        "y": [at for at, _ in rows],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": rounded([(interval.high - interval.central) * factor for _, interval in rows]),
            "arrayminus": rounded([(interval.central - interval.low) * factor for _, interval in rows]),
            "color": colour,
            "thickness": 3,
            "width": 5,
        },
        "marker": {"color": colour, "size": 11, "symbol": symbol},
        "hovertemplate": "%{text}<extra></extra>",
    }


def _above(labels: Sequence[str]) -> list[dict[str, Any]]:
    """A text above each row, from the left edge on: readable on a phone, where names beside it would take half."""
    return [
        note(0, at, label, xref="paper", xanchor="left", yanchor="bottom", yshift=8) for at, label in enumerate(labels)
    ]


def _decades(values: Sequence[float]) -> dict[str, Any]:
    """A log axis from below the least to above the most of these."""
    low, high = float(np.log10(min(values))), float(np.log10(max(values)))
    room = 0.06 * (high - low) + 0.05
    return {"type": "log", "dtick": 1, "exponentformat": "power", "range": [low - room, high + room]}
