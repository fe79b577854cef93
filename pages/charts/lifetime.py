"""The charts of a model's whole life: the curves, the shares at the end, the energy of a query, the parity."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oce import units
from oce.analysis import lifetime
from oce.analysis.inference import Parity, Task
from oce.analysis.lifetime import HOURS_PER_DAY, PARTS, WH_PER_KWH, Service, energy_in_words
from oce.estimation import Estimate
from oce.interval import Interval
from pages.charts.chart import Chart, Layout, Trace, sampled, table
from pages.charts.layouts import across, key_of_colours, layout, note, rows_layout
from pages.charts.log_axis import POWERS, few_round_values, span, ticks_at
from pages.charts.theme import BLUE, GREEN, GREY, PURPLE, TOTAL, VERMILION, faint
from pages.charts.traces import band, bars, interval_marks, line, marks, rounded

TRAINING, INFERENCE = PURPLE, VERMILION
LOOKS: Mapping[str, tuple[str, str]] = {  # of each part: its colour, and its pattern
    "training_operational": (TRAINING, ""),
    "training_embodied": (TRAINING, "x"),
    "inference_operational": (INFERENCE, ""),
    "inference_embodied": (INFERENCE, "/"),
}
LOOK_AHEAD = 3  # times the years in service: so far the chart goes on, where the lines cross by then
_POINTS = 31


def training_against_inference(result: Estimate, service: Service) -> Chart:
    """Training, inference and both together, day by day, with the day on which inference passes training."""
    even = lifetime.break_even_days(result, service)
    last = service.days
    if even is not None and last < even.central < LOOK_AHEAD * last:
        last = min(1.15 * even.central, LOOK_AHEAD * last)  # as far as the lines take to cross
    x, found, time, mass, plan = _day_by_day(result, service, last, 380)
    plan |= {"shapes": [], "annotations": []}
    plan["margin"]["t"] = 26
    traces: list[Trace] = []
    for name, ends, colour in (("training", found.training, TRAINING), ("inference", found.inference, INFERENCE)):
        low, central, high = ends / mass.size
        if np.any(low < high):
            unnamed = {"showlegend": False, "hoverinfo": "skip", "hovertemplate": None}
            traces += [edge | unnamed for edge in band(x, (name, high), (name, low), colour, 0.18)]
        traces.append(line(x, central, colour, name, dash="solid" if name == "inference" else "dash", width=3))
    traces.append(line(x, found.total[1] / mass.size, TOTAL, "both together", dash="dot"))
    if last > service.days:
        end = service.days * HOURS_PER_DAY / time.size
        plan["shapes"].append(_upright(end, dash="dot"))
        plan["annotations"].append(note(end, 0, "end of service ", yref="paper", xanchor="right", yanchor="bottom"))
    if even is not None:
        _mark(plan, even * (HOURS_PER_DAY / time.size), float(x[-1]), time)
    curves = {"Training": found.training, "Inference": found.inference, "Both together": found.total}
    numbers = table(
        [f"{time.name.capitalize()} in service", *(f"{name} [{mass.name}]" for name in curves)],
        (
            [x[at], *(Interval(*map(float, ends[:, at] / mass.size)) for ends in curves.values())]
            for at in sampled(_POINTS)
        ),
    )
    figure = {"data": traces, "layout": plan}
    return Chart("Training against inference", lifetime.catching_up(result, service), numbers, figure)


def parts_of_life(result: Estimate, service: Service) -> Chart:
    """What the carbon is made of, day by day: the parts on top of each other, as high as the total."""
    x, found, time, mass, plan = _day_by_day(result, service, service.days, 340)
    traces: list[Trace] = []
    for name, label in PARTS.items():
        colour, pattern = LOOKS[name]
        area = line(x, found.part(name)[1] / mass.size, colour, label, width=1)
        area |= {"stackgroup": "parts", "fillcolor": faint(colour, 0.6)}
        if pattern:
            area["fillpattern"] = {"shape": pattern, "fgcolor": colour, "bgcolor": faint(colour, 0.3), "size": 6}
        traces.append(area)
    total = lifetime.at_end(result, service)["total"]
    start = units.shown(float(found.total[1, 0]), units.MASS)
    sentence = (
        f"From {start} when service begins to {units.shown(total.central, units.MASS)} "
        f"({units.shown_range(total, units.MASS)}) after {lifetime.years(service.years)}."
    )
    numbers = table(
        [f"{time.name.capitalize()} in service", *(f"{label} [{mass.name}]" for label in PARTS.values())],
        ([x[at], *(found.part(name)[1, at] / mass.size for name in PARTS)] for at in sampled(_POINTS)),
    )
    return Chart("What it is made of", sentence, numbers, {"data": traces, "layout": plan})


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
    colours, patterns = map(list, zip(*(LOOKS[name] for name in names), strict=True))
    shares = rounded([100 * of_all[name] for name in names])
    drawn = bars(
        "share", list(range(len(names))), shares, colours, "%{text}", patterns, text=labels, textposition="none"
    )
    drawn["marker"]["pattern"] = {"shape": patterns, "fillmode": "overlay", "fgcolor": "white"}
    plan = rows_layout(f"share after {lifetime.years(service.years)}, %", labels, 340, shift=12)
    plan["xaxis"]["range"] = [0, 100]
    numbers = table(
        ["Part", f"Share after {lifetime.years(service.years)} [%]", f"Carbon [{unit.name}]"],
        ([PARTS[name], 100 * of_all[name], ends[name] / unit.size] for name in names),
    )
    return Chart("At the end", _shares_sentence(of_all, total), numbers, {"data": [drawn], "layout": plan})


def energy_of_a_query(tasks: Sequence[Task], level: float, mine: Interval, name: str) -> Chart:
    """The energy of a query of each measured task, and the visitor's own (``mine``) [kWh] among them, on a log axis.

    ``level`` is the share of the models of a task that its interval is meant to hold.
    """
    rows = [(task.name, task.kwh_per_query(level), False) for task in tasks] + [(name, mine, True)]
    rows.sort(key=lambda row: row[1].central)
    labels = [f"<b>{energy_in_words(interval)}</b>  {called}" for called, interval, _ in rows]
    traces: list[Trace] = []
    for own, called, colour, symbol in ((False, "measured", BLUE, "circle"), (True, "your query", GREEN, "diamond")):
        at = [row for row, (_, _, is_own) in enumerate(rows) if is_own is own]
        look = {"color": colour, "size": 11, "symbol": symbol}
        drawn = interval_marks(called, [rows[row][1] for row in at], 1 / WH_PER_KWH, at, "%{text}", look)
        traces.append(drawn | {"text": [labels[row] for row in at]})
    plan = rows_layout("energy of a query at the IT equipment [Wh] (log)", labels, 90 + 40 * len(rows))
    ends = [bound * WH_PER_KWH for _, query, _ in rows for bound in (query.low, query.high)]
    plan["xaxis"] |= {**POWERS, "range": span(ends, 0.05, 0.06)}
    plan["yaxis"] |= {"range": [len(rows) - 0.6, -0.6], "autorange": False}
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
    numbers = table(
        ["Task", "Energy of a query [Wh]", "Whose"],
        ([called, query * WH_PER_KWH, "your query" if is_own else "measured"] for called, query, is_own in rows),
    )
    return Chart("Energy of a query, by task", sentence, numbers, {"data": traces, "layout": plan})


def parity_with_training(rows: Sequence[Parity]) -> Chart:
    """After how many queries inference has used as much energy as training: as printed in Table 5, and recomputed."""
    at, names = list(range(len(rows))), [parity.name for parity in rows]
    traces: list[Trace] = []
    for name, values, colour, symbol, size in (
        ("printed", [parity.printed for parity in rows], GREY, "circle-open", 15),
        ("recomputed", [parity.recomputed for parity in rows], BLUE, "x", 8),
    ):
        look = {"color": colour, "size": size, "symbol": symbol, "line": {"width": 2, "color": colour}}
        traces.append(marks(name, values, at, f"%{{text}}, {name}: %{{x:,}} queries", marker=look, text=names))
    labels = [
        f"<b>{parity.name}</b>  {parity.printed:,}" + ("" if parity.agrees else f", here {parity.recomputed:,}")
        for parity in rows
    ]
    ends = span([parity.printed for parity in rows], 0.05, 0.06)
    ticks = few_round_values(*(10**end for end in ends))
    plan = rows_layout("queries until inference has used as much energy (log)", labels, 120 + 46 * len(labels))
    plan |= key_of_colours(-0.3)
    plan["xaxis"] |= {**ticks_at(ticks), "range": ends, "ticktext": list(map(units.compact, ticks))}
    plan["yaxis"] |= {"range": [len(labels) - 0.6, -0.6], "autorange": False}
    agree = sum(parity.agrees for parity in rows)
    most = max(abs(parity.printed / parity.exactly - 1) for parity in rows)
    sentence = (
        f"{agree} of the {len(rows)} printed figures follow from their inputs to every digit; the largest difference "
        f"is {units.significant(float(100 * most), 1)}%."
    )
    numbers = table(
        ["Model", "Printed [queries]", "Recomputed [queries]"],
        ([parity.name, f"{parity.printed:,}", f"{parity.recomputed:,}"] for parity in rows),
    )
    return Chart("Parity with training, in energy", sentence, numbers, {"data": traces, "layout": plan})


def _day_by_day(
    result: Estimate, service: Service, last: float, height: int
) -> tuple[Any, lifetime.Lifetime, units.Unit, units.Unit, Layout]:
    """The times of a chart up to the last day, the carbon by then, the units of both, and the layout."""
    days = np.linspace(0.0, last, _POINTS)
    time = units.unit_for(last * HOURS_PER_DAY, units.DURATION)
    mass = units.unit_for(lifetime.at_end(result, service)["total"].central, units.MASS)
    x = days * HOURS_PER_DAY / time.size
    plan = layout(f"{time.name} in service", f"carbon so far [{mass.name}]", height, key_at=-0.22)
    plan["legend"]["traceorder"] = "normal"
    plan["xaxis"]["range"] = [0, float(f"{x[-1]:.6g}")]
    plan["yaxis"] |= {"rangemode": "tozero", "tickformat": ","}
    return x, lifetime.lifetime(result, service, days), time, mass, plan


def _upright(left: float, right: float | None = None, dash: str = "solid") -> Layout:
    """A line from bottom to top behind the curves, or between two sides an area."""
    left, right = rounded([left, left if right is None else right])
    return across("x", left, right, GREY, 0.18, dash)


def _mark(plan: Layout, even: Interval, last: float, time: units.Unit) -> None:
    """Marks the day on which inference passes training with its interval, as far as they are on the chart."""
    if even.low < min(even.high, last):
        plan["shapes"].append(_upright(even.low, min(even.high, last)))
    at, text = even.central, "inference passes training"
    if at <= last:
        plan["shapes"].append(_upright(at))
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
