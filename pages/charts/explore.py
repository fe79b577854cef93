"""The charts of one scenario: what moves its carbon, what it is made of, time, throughput."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oce import units
from oce.analysis import device_counts
from oce.analysis.sensitivity import Swing
from oce.estimation import Estimate
from oce.interval import BOUNDS, Interval
from oce.method.compute import FLOP_PER_TFLOP, SECONDS_PER_HOUR
from pages.charts.chart import Cell, Chart, Layout, Trace, amount, percent, sampled, table
from pages.charts.device_curve import final_run, peak, throughput_at, times
from pages.charts.layouts import layout, level, level_note, note, rows_layout
from pages.charts.log_axis import DECADES, few_ticks, span
from pages.charts.theme import BLUE, EMBODIED, OPERATIONAL, REFERENCE, VERMILION, device_colour, faint
from pages.charts.traces import band, bars, interval_marks, line, marks, point, rounded

ELECTRICITY, CHIPS, SERVERS = "electricity (operational)", "making chips (embodied)", "making servers (embodied)"
BOTH = "making chips and servers (embodied)"  # where no figure tells them apart
LOOKS: Mapping[str, tuple[str, str]] = {  # of each part of the carbon: its colour, and its pattern
    ELECTRICITY: (OPERATIONAL, ""),
    CHIPS: (EMBODIED, ""),
    SERVERS: (EMBODIED, "/"),
    BOTH: (EMBODIED, ""),
}
ABOVE = 0.38  # where the whisker lies, over a bar of half a unit
_POINTS = 80


def throughput_curve(result: Estimate) -> Chart:
    """f(t) of one device over the device-time of the run; the area under it is the compute."""
    hours, alpha = final_run(result), result.log10_alpha
    tflop = result.training_flop.central / FLOP_PER_TFLOP
    mean = tflop / (hours.central * SECONDS_PER_HOUR)
    scale = units.unit_for(hours.high, units.DEVICE_HOURS)
    time = np.unique(np.append(times(hours.high, _POINTS), hours.central))
    run = time[time <= hours.central]
    colour = device_colour(result.device)
    area = line(run / scale.size, throughput_at(run, alpha.central), colour, "compute (area)", width=3)
    area |= {"fill": "tozeroy", "fillcolor": faint(colour, 0.22)}
    traces: list[Trace] = [area]
    fast, slow = throughput_at(time, alpha.high), throughput_at(time, alpha.low)
    is_range = hours.low < hours.high
    if is_range:
        traces += band(time / scale.size, ("fast end", fast), ("slow end", slow), colour, 0.14)
    traces.append(point(hours.central / scale.size, area["y"][-1], colour, "end of the run"))
    plan = layout(x=f"device-time [{scale.name}]", y="throughput of one device [TFLOP/s]")
    if (most := peak(result)) is not None:
        plan["shapes"] = [level(most)]
        plan["annotations"] = [level_note(most, f"dense {result.precision} peak {most:g}")]
    plan["yaxis"]["rangemode"] = "tozero"
    plan["xaxis"]["range"] = [0, hours.high / scale.size * 1.03]
    share = f", {result.utilisation.central:.0%} of the peak" if result.utilisation else ""
    compute = units.scientific(result.training_flop.central)
    sentence = (
        f"Each device runs at {units.significant(mean)} TFLOP/s on average{share}; "
        f"the shaded area is the compute, {compute} FLOP."
    )
    listed = sorted({*sampled(len(run)), *(sampled(len(time)) if is_range else ())})
    columns = [f"Device-time [{scale.name}]", "Throughput of one device [TFLOP/s]"]
    rows: list[list[Cell]] = [[time[at] / scale.size, area["y"][at] if at < len(run) else ""] for at in listed]
    if is_range:
        columns += ["Slow end [TFLOP/s]", "Fast end [TFLOP/s]"]
        rows = [[*row, slow[at], fast[at]] for row, at in zip(rows, listed, strict=True)]
    numbers = table(columns, rows)
    return Chart("Throughput", sentence, numbers, {"data": traces, "layout": plan})


def time_by_devices(result: Estimate) -> Chart:
    """Time to train against the number of devices, with the scenario's point and where more devices stop helping."""
    count = float(result.inputs.device_count)
    _, possible = device_counts.counts_possible_for(result)
    low, high = max(1.0, count / 32), min(device_counts.MOST_DEVICES, count * 32)
    if possible < device_counts.MOST_DEVICES:
        high = max(high, possible)  # to where more stop helping
    counts = np.unique(np.round(np.geomspace(low, high, 41)))
    asked = device_counts.curve(result, np.append(counts, 2.0 * count))
    found, soonest = asked.columns, asked.soonest
    doubled = {name: column[-1] for name, column in found.items()}
    estimated = np.append(found["error"][:-1] == "", False)
    counts = counts[estimated[:-1]]
    hours = {bound: found[f"time_to_train_hours_{bound}"][estimated] for bound in BOUNDS}
    if soonest is not None:  # the curve goes through it
        counts, order = np.unique(np.append(counts, float(soonest.devices)), return_index=True)
        hours = {bound: np.append(hours[bound], getattr(soonest.hours, bound))[order] for bound in BOUNDS}
    scale = units.unit_for(result.time_to_train_hours.central, units.DURATION)
    colour, devices = device_colour(result.device), _devices_word(result)
    slow, fast = (hours[end] / scale.size for end in ("high", "low"))
    traces = band(counts, ("slow end", slow), ("fast end", fast), colour, 0.18)
    traces += [line(counts, hours["central"] / scale.size, colour, "central", width=3)]
    central = result.time_to_train_hours.central
    traces.append(point(count, central / scale.size, colour, "your scenario"))
    plan = layout(x=f"{devices} (log)", y=f"time to train [{scale.name}] (log)")
    stop = ""
    if soonest is not None:
        took = soonest.hours.central
        traces.append(point(soonest.devices, took / scale.size, REFERENCE, "more stop helping", "diamond"))
        # below the band, which falls towards the mark: no line goes through the text
        x, y = float(np.log10(soonest.devices)), float(np.log10(soonest.hours.low / scale.size))
        plan["annotations"] = [note(x, y, "more stop helping", xanchor="right", yanchor="top", yshift=-3)]
        least, longest = span([fast, slow])
        plan["yaxis"]["range"] = [least - 0.15 * (longest - least), longest + 0.05 * (longest - least)]
        said = units.shown(took, units.DURATION)
        stop = f" Past {soonest.devices:,}, more stop helping: the soonest possible is {said}."
    plan["xaxis"] |= DECADES
    plan["yaxis"] |= few_ticks(hours["central"] / scale.size)
    sentence = (
        f"{count:,.0f} {devices} {'takes' if count == 1 else 'take'} "
        f"{units.shown(central, units.DURATION)}; {_if_doubled(result, doubled)}.{stop}"
    )
    shown = [
        (counts[row], Interval(*(float(hours[bound][row]) for bound in BOUNDS)), "") for row in sampled(len(counts))
    ]
    shown.append((count, result.time_to_train_hours, "your scenario"))
    if soonest is not None:
        shown.append((float(soonest.devices), soonest.hours, "more stop helping"))
    numbers = table(
        [f"{devices[:1].upper()}{devices[1:]}", f"Time to train [{scale.name}]", "Point"],
        ([at, time / scale.size, what] for at, time, what in sorted(shown, key=lambda row: row[0])),
    )
    return Chart("Time and devices", sentence, numbers, {"data": traces, "layout": plan})


def _if_doubled(result: Estimate, doubled: Mapping[str, Any]) -> str:
    """What twice as many devices would change (a row of :func:`oce.estimate_many`), or why they are not possible."""
    if doubled["error"]:
        return "twice as many would be more than do anything at this batch"
    took = units.shown(float(doubled["time_to_train_hours_central"]), units.DURATION)
    more = float(doubled["total_co2e_kg_central"]) / result.total_co2e_kg.central - 1.0
    carbon = f"{more:.1%} more carbon" if more > 0.0005 else "the same carbon"
    return f"twice as many would take {took}, for {carbon}"


def carbon_parts(result: Estimate) -> Chart:
    """What the total is made of: one bar of its parts, with the total's interval as its whisker."""
    total = result.total_co2e_kg
    unit = units.unit_for(total.central, units.MASS)
    parts = [(name, kg, *LOOKS[name]) for name, kg in _parts(result).items() if kg > 0]
    traces: list[Trace] = []
    for name, kg, colour, pattern in parts:
        text = f"{units.significant(kg / unit.size)} {unit.name}"
        drawn = bars(f"{name} {percent(kg / total.central)}", [0], [kg / unit.size], colour, f"{name}: {text}", pattern)
        traces.append(drawn | {"width": 0.5})
    central, bounds = amount(total, unit.size).partition(" ")[::2]
    look = {"color": REFERENCE, "size": 9, "symbol": "diamond"}
    whisker = interval_marks("total", [total], unit.size, [ABOVE], f"Total: {central} {unit.name}", look)
    traces.append(whisker | {"showlegend": False})
    plan = layout(x=f"carbon [{unit.name}]", y="", height=230, key_at=1.0)
    most = total.high if math.isfinite(total.high) else total.central
    plan |= {"barmode": "stack", "annotations": [_beside_whisker(total, unit, f"<b>{central}</b> {bounds}".rstrip())]}
    plan["legend"]["traceorder"] = "normal"
    plan["xaxis"]["range"] = [0.0, float(f"{1.06 * most / unit.size or 1.0:.6g}")]
    plan["yaxis"] |= {"range": [-0.3, 0.75], "showticklabels": False, "showgrid": False}
    share = result.embodied_co2e_kg.central / total.central if total.central > 0 else 0.0
    making = f"is included ({percent(share)})" if result.embodied_co2e_kg.central > 0 else "is left out"
    sentence = f"The total is {units.shown_range(total, units.MASS)}. Making the {_making_word(result)} {making}."
    named = {"Total": total, "Operational": result.operational_co2e_kg, "Embodied": result.embodied_co2e_kg}
    rows: list[list[Cell]] = [[name, kg / unit.size] for name, kg in named.items() if kg.central > 0]
    rows += [[f"Of it, {name}", kg / unit.size] for name, kg, _, _ in parts if name in (CHIPS, SERVERS)]
    numbers = table(["Part", f"Carbon [{unit.name}]"], rows)
    return Chart("What it is made of", sentence, numbers, {"data": traces, "layout": plan})


def _parts(result: Estimate) -> dict[str, float]:
    """The central total by what emits it [kg CO2e]."""
    made, filled_in = result.embodied_co2e_kg.central, {taken.field: taken.value for taken in result.assumptions}
    chips, servers = (float(filled_in.get(name, 0.0)) for name in ("making", "host"))
    parts = {ELECTRICITY: result.operational_co2e_kg.central}
    if servers > 0:
        share = servers / (chips + servers)
        return parts | {CHIPS: made * (1 - share), SERVERS: made * share}
    return parts | {CHIPS if result.scenario.embodied == "paper" else BOTH: made}


def _making_word(result: Estimate) -> str:
    """What is made: chips and servers, or chips alone where that is all that is counted."""
    return "chips" if result.scenario.embodied == "paper" else "chips and servers"


def _beside_whisker(total: Interval, unit: units.Unit, text: str) -> Layout:
    """The total in figures, above its mark, kept within the chart."""
    share = total.central / total.high if 0 < total.high < math.inf else 1.0
    side = "right" if share > 0.7 else "left" if share < 0.3 else "center"
    return note(total.central / unit.size, ABOVE, text, yshift=6, xanchor=side, yanchor="bottom")


def tornado(result: Estimate, swings: Sequence[Swing]) -> Chart:
    """The total at both ends of each input's stated range, the largest swing on top."""
    unit = units.unit_for(result.total_co2e_kg.central, units.MASS)
    now = result.total_co2e_kg.central / unit.size
    names = [swing.label for swing in swings]
    lows = [swing.low_kg / unit.size for swing in swings]
    highs = [swing.high_kg / unit.size for swing in swings]
    rows = list(range(len(names)))

    def side(values: Sequence[float], labels: Sequence[str], colour: str, name: str, pattern: str) -> Trace:
        texts = [f"{units.significant(value)} {unit.name}" for value in values]
        hover = "%{customdata[0]}: %{customdata[1]}<br>total %{customdata[2]}"
        drawn = bars(name, rows, rounded([value - now for value in values]), colour, hover, pattern)
        return drawn | {"base": now, "customdata": list(map(list, zip(names, labels, texts, strict=True)))}

    def ends(values: Sequence[float], position: str, name: str) -> Trace:
        """The totals at the ends of the bars."""
        texts = [f"\u00a0{units.significant(value)}\u00a0" for value in values]  # off the bar
        look: Trace = {"text": texts, "textposition": position, "cliponaxis": False, "textfont": {"size": 11}}
        return marks(name, rounded(values), rows, mode="text", **look)

    traces = [
        side(lows, [swing.low_label for swing in swings], BLUE, "less", ""),
        side(highs, [swing.high_label for swing in swings], VERMILION, "more", "/"),
        ends(lows, "middle left", "lowest"),
        ends(highs, "middle right", "highest"),
    ]
    # what the ends stand for, above each bar: readable on a phone too, where a category axis would take half
    labels = [f"<b>{swing.label}</b>: {swing.low_label} … {swing.high_label}" for swing in swings]
    plan = rows_layout(f"total carbon [{unit.name}]", labels, 70 + 58 * len(names), shift=11)
    plan |= {
        "barmode": "overlay",
        "bargap": 0.62,
        "shapes": [
            {"type": "line", "y0": at - 0.2, "y1": at + 0.2, "x0": now, "x1": now}
            | {"line": {"color": REFERENCE, "width": 2}}
            for at in rows
        ],
    }
    plan["xaxis"] |= _with_room([*lows, *highs])
    first = swings[0]
    sentence = (
        f"{first.label} moves the total most: from {units.shown(first.low_kg, units.MASS)} "
        f"({first.low_label}) to {units.shown(first.high_kg, units.MASS)} ({first.high_label})."
    )
    numbers = table(
        ["Input", "Lowest at", f"Lowest total [{unit.name}]", "Highest at", f"Highest total [{unit.name}]"],
        (
            [swing.label, swing.low_label, low, swing.high_label, high]
            for swing, low, high in zip(swings, lows, highs, strict=True)
        ),
    )
    return Chart("What moves it", sentence, numbers, {"data": traces, "layout": plan})


def _with_room(values: Sequence[float]) -> Layout:
    """An axis with room at both ends for figures beside the bars, on a phone too, and no ticks below zero."""
    low, high = min(values), max(values)
    apart = high - low or high or 1.0
    step = 10.0 ** math.floor(math.log10(apart / 3))
    step *= next(times for times in (1, 2, 5, 10) if apart / (times * step) <= 4)
    ticks = [step * number for number in range(math.ceil(low / step) - 1, math.floor(high / step) + 2)]
    ticks = [at for at in rounded(ticks) if at >= 0]
    return {"range": rounded([low - 0.24 * apart, high + 0.24 * apart]), "tickmode": "array", "tickvals": ticks}


def _devices_word(result: Estimate) -> str:
    if result.device is None:
        return "devices"
    word = "chip" if result.device.unit == "chip" else "device"
    return f"{result.device.name} {word}{'' if float(result.inputs.device_count) == 1 else 's'}"
