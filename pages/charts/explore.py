"""The charts of one scenario: throughput, time, carbon, and what moves them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oce import units
from oce.analysis import planning
from oce.analysis.sensitivity import Swing
from oce.estimation import Estimate
from oce.interval import BOUNDS, Interval
from oce.method.compute import FLOP_PER_TFLOP, SECONDS_PER_HOUR
from pages.charts.chart import Cell, Chart, Trace, amount, percent, sampled, table
from pages.charts.device_curve import final_run, peak, throughput_at, times
from pages.charts.layouts import layout, level, level_note, note, rows_layout
from pages.charts.log_axis import DECADES, few_ticks, span
from pages.charts.theme import BLUE, EMBODIED, OPERATIONAL, REFERENCE, TOTAL, VERMILION, device_colour, faint
from pages.charts.traces import band, bars, interval_marks, line, point, written_above

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
    _, possible = planning.counts_possible_for(result)
    low, high = max(1.0, count / 32), min(planning.MOST_DEVICES, count * 32)
    if possible < planning.MOST_DEVICES:
        high = max(high, possible)  # to where more stop helping
    counts = np.unique(np.round(np.geomspace(low, high, 41)))
    asked = planning.curve(result, np.append(counts, 2.0 * count))
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


def carbon_interval(result: Estimate) -> Chart:
    """Operational, embodied and total carbon with their intervals, on a log axis."""
    rows = [
        ("Total", result.total_co2e_kg, TOTAL, "diamond"),
        ("Operational", result.operational_co2e_kg, OPERATIONAL, "circle"),
        ("Embodied", result.embodied_co2e_kg, EMBODIED, "square"),
    ]
    rows = [row for row in rows if row[1].central > 0]
    unit = units.unit_for(result.total_co2e_kg.central, units.MASS)
    traces: list[Trace] = []
    for name, interval, colour, symbol in rows:
        central, bounds = amount(interval, unit.size).partition(" ")[::2]
        text = f"<b>{central}</b>  {bounds}".rstrip()
        look = {"color": colour, "size": 9, "symbol": symbol}
        mark = interval_marks(name, [interval], unit.size, [name], f"{name}: {central} {unit.name}", look)
        traces.append(mark | written_above([text]))
    plan = layout(x=f"carbon [{unit.name}] (log)", y="")
    ends = [bound / unit.size for _, interval, _, _ in rows for bound in (interval.low, interval.high)] or [1.0]
    plan["xaxis"] |= {**DECADES, "range": span(ends, 0.9)}  # with room for the figures above the marks
    plan["yaxis"] |= {"autorange": "reversed", "type": "category", "showgrid": False}
    plan["margin"]["t"] = 26
    total, embodied = result.total_co2e_kg, result.embodied_co2e_kg
    share = embodied.central / total.central if total.central > 0 else 0.0
    part = "embodied carbon is left out" if embodied.central == 0 else f"making the devices is {percent(share)} of it"
    sentence = f"The total is {units.shown_range(total, units.MASS)}; {part}."
    numbers = table(["Part", f"Carbon [{unit.name}]"], ([name, interval / unit.size] for name, interval, _, _ in rows))
    return Chart("Carbon", sentence, numbers, {"data": traces, "layout": plan})


def tornado(result: Estimate, swings: Sequence[Swing]) -> Chart:
    """The total at both ends of each input's stated range, the largest swing on top."""
    unit = units.unit_for(result.total_co2e_kg.central, units.MASS)
    now = result.total_co2e_kg.central / unit.size
    names = [swing.label for swing in swings]
    lows = [swing.low_kg / unit.size for swing in swings]
    highs = [swing.high_kg / unit.size for swing in swings]

    def side(values: Sequence[float], labels: Sequence[str], colour: str, name: str, pattern: str) -> Trace:
        texts = [f"{units.significant(value)} {unit.name}" for value in values]
        hover = "%{y}: %{customdata[0]}<br>total %{customdata[1]}"
        drawn = bars(name, names, [value - now for value in values], colour, hover, pattern)
        return drawn | {"base": now, "customdata": list(map(list, zip(labels, texts, strict=True)))}

    traces = [
        side(lows, [swing.low_label for swing in swings], BLUE, "less", ""),
        side(highs, [swing.high_label for swing in swings], VERMILION, "more", "/"),
    ]
    # what the ends stand for, above each bar: readable on a phone too, where a category axis would take half
    labels = [f"<b>{swing.label}</b>: {swing.low_label} … {swing.high_label}" for swing in swings]
    plan = rows_layout(f"total carbon [{unit.name}]", labels, 70 + 58 * len(names), shift=11)
    plan |= {
        "barmode": "overlay",
        "bargap": 0.62,
        "shapes": [
            {"type": "line", "y0": at - 0.26, "y1": at + 0.26, "x0": now, "x1": now}
            | {"line": {"color": REFERENCE, "width": 2}}
            for at in range(len(names))
        ],
    }
    plan["xaxis"]["rangemode"] = "tozero"
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


def _devices_word(result: Estimate) -> str:
    if result.device is None:
        return "devices"
    word = "chip" if result.device.unit == "chip" else "device"
    return f"{result.device.name} {word}{'' if float(result.inputs.device_count) == 1 else 's'}"
