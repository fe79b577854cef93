"""The charts of several scenarios side by side: totals, throughput curves, time and devices, and why they differ."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from oce import units
from oce.analysis import comparison, device_counts
from oce.analysis.comparison import Part
from oce.estimation import Estimate, Named
from oce.method.compute import FLOP_PER_TFLOP, SECONDS_PER_HOUR
from pages.charts.chart import Cell, Chart, Layout, Trace, amount, sampled, short, signed, table
from pages.charts.device_curve import final_run, peak, throughput_at, times
from pages.charts.layouts import layout, level, level_note, rows_layout
from pages.charts.log_axis import DECADES, span
from pages.charts.theme import BLUE, REFERENCE, VERMILION, device_colour
from pages.charts.traces import bars, interval_marks, line, point, rounded

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

FAR_APART = 1.3  # decades between the totals from which on the axis is logarithmic
MOST_OF_NAME = 42  # characters of a scenario's name on a phone
NOTE_HIGH = 0.12  # of the chart's height, a line of text
_POINTS = 60


def totals(named: Named) -> Chart:
    """The total of every scenario with its interval, on one axis."""
    unit = units.unit_for(max(result.total_co2e_kg.central for _, result in named), units.MASS)
    ends = [bound / unit.size for _, result in named for bound in (result.total_co2e_kg.low, result.total_co2e_kg.high)]
    decades = np.log10(max(ends) / min(ends)) if min(ends) > 0 else 0.0
    traces: list[Trace] = []
    labels: list[str] = []
    for at, (name, result) in enumerate(named):
        total, symbol = result.total_co2e_kg, SYMBOLS[at % len(SYMBOLS)]
        central, bounds = amount(total, unit.size).partition(" ")[::2]
        labels.append(f"<b>{short(name, MOST_OF_NAME)}</b>  {central}" + (f"  {bounds}" if bounds else ""))
        look = {"color": device_colour(result.device), "size": 10, "symbol": symbol}
        mark = interval_marks(name, [total], unit.size, [at], f"{name}: {central} {unit.name}", look)
        traces.append(mark)
    is_log = decades > FAR_APART
    plan = rows_layout(
        f"total carbon [{unit.name}]{' (log)' if is_log else ''}", labels, 90 + 62 * len(named), shift=10
    )
    plan["xaxis"] |= {**DECADES, "range": span(ends, 0.7)} if is_log else {"range": [0.0, 1.15 * max(ends) or 1.0]}
    plan["yaxis"] |= {"range": [len(named) - 0.5, -0.8], "autorange": False}
    least = min(named, key=lambda pair: pair[1].total_co2e_kg.central)
    most = max(named, key=lambda pair: pair[1].total_co2e_kg.central)
    sentence = comparison.sentence(most[0], least[0], comparison.ratio(most[1], least[1])) + "."
    numbers = table(
        ["Scenario", f"Total carbon [{unit.name}]"],
        ([name, result.total_co2e_kg / unit.size] for name, result in named),
    )
    return Chart("Total carbon", sentence, numbers, {"data": traces, "layout": plan})


def throughput_curves(named: Named) -> Chart:
    """f(t) of one device of every scenario over device-time, with each device's own peak."""
    hours_of = [final_run(result).central for _, result in named]
    scale = units.unit_for(max(hours_of), units.DEVICE_HOURS)
    traces: list[Trace] = []
    plan = layout(f"device-time [{scale.name}]", "throughput of one device [TFLOP/s]", height=360, key_at=-0.3)
    plan |= {"shapes": [], "annotations": []}
    plan["yaxis"]["rangemode"] = "tozero"
    marked: set[str] = set()
    peaks = [most for _, result in named if (most := peak(result)) is not None]
    rows: list[list[Cell]] = []
    for at, (name, result) in enumerate(named):
        hours, colour = hours_of[at], device_colour(result.device)
        time = times(hours, _POINTS)
        curve = throughput_at(time, result.log10_alpha.central)
        traces.append(line(time / scale.size, curve, colour, name, dash=DASHES[at % len(DASHES)], width=3))
        rows += [[name, time[row] / scale.size, curve[row]] for row in sampled(_POINTS)]
        end = point(hours / scale.size, curve[-1], colour, f"{name}, end", SYMBOLS[at % len(SYMBOLS)])
        traces.append(end | {"showlegend": False})
        most = peak(result)
        if most is not None and result.device is not None and result.device.id not in marked:
            marked.add(result.device.id)
            side = "left" if len(marked) % 2 == 0 else "right"  # near peaks keep apart
            plan["shapes"].append(level(most, colour))
            under = any(
                0 < other - most < NOTE_HIGH * max(peaks) for other in peaks
            )  # another line is where it would be
            plan["annotations"].append(level_note(most, f"{result.device.name} peak, {most:g}", side, not under))
    rates = [result.training_flop.central / hours for (_, result), hours in zip(named, hours_of, strict=True)]
    fastest, first = named[rates.index(max(rates))]
    mean = max(rates) / SECONDS_PER_HOUR / FLOP_PER_TFLOP
    does = "does" if _rests_on_measurements(first, named) else "may do"
    sentence = f"A device of {fastest} {does} most: {units.significant(mean)} TFLOP/s on average."
    numbers = table(["Scenario", f"Device-time [{scale.name}]", "Throughput of one device [TFLOP/s]"], rows)
    return Chart("Throughput", sentence, numbers, {"data": traces, "layout": plan})


def times_by_devices(named: Named) -> Chart:
    """Time to train against the number of devices, every scenario with its own point."""
    counts_given = [float(result.inputs.device_count) for _, result in named]
    low, high = max(1.0, min(counts_given) / 8), min(1e7, max(counts_given) * 8)
    counts = np.geomspace(low, high, 25)
    longest = max(result.time_to_train_hours.central for _, result in named)
    scale = units.unit_for(longest, units.DURATION)
    traces: list[Trace] = []
    rows: list[list[Cell]] = []
    for at, (name, result) in enumerate(named):
        colour = device_colour(result.device)
        found = device_counts.by_count(result, np.round(counts))
        possible = found["error"] == ""
        hours = found["time_to_train_hours_central"][possible] / scale.size
        devices = np.round(counts)[possible]
        traces.append(line(devices, rounded(hours), colour, name, dash=DASHES[at % len(DASHES)], width=3))
        rows += [[name, devices[row], hours[row]] for row in sampled(len(devices))]
        chosen, took = f"{name}, chosen", result.time_to_train_hours / scale.size
        rows.append([chosen, counts_given[at], took])
        mark = point(counts_given[at], took.central, colour, chosen, SYMBOLS[at % len(SYMBOLS)])
        traces.append(mark | {"showlegend": False})
    plan = layout("devices (log)", f"time to train [{scale.name}] (log)", height=360, key_at=-0.3)
    plan["xaxis"] |= DECADES
    plan["yaxis"] |= DECADES
    first = min(named, key=lambda pair: pair[1].time_to_train_hours.central)
    soonest = units.shown(first[1].time_to_train_hours.central, units.DURATION)
    sure = all(
        comparison.is_sure(comparison.ratio(first[1], result, "time_to_train_hours"))
        for _, result in named
        if result is not first[1]
    )
    sentence = f"{first[0]} {'is' if sure else 'may be'} done first, in {soonest}."
    numbers = table(["Scenario", "Devices", f"Time to train [{scale.name}]"], rows)
    return Chart("Time and devices", sentence, numbers, {"data": traces, "layout": plan})


def _rests_on_measurements(first: Estimate, named: Named) -> bool:
    """Whether the device of every other was measured beside its own, where the calibration says how they compare."""
    found = (comparison.ratio(first, result, "device_hours").basis for _, result in named if result is not first)
    return not any(basis.is_weak for basis in found if basis)


ENERGY, WITHIN = "Energy per FLOP", {"throughput": "speed", "power": "power"}  # of which the first is made


def waterfall(baseline: tuple[str, Estimate], other: tuple[str, Estimate], parts: Sequence[Part]) -> Chart:
    """From the baseline's total to the other's, a step a factor, the first on top.

    Power and speed of a device are a single step, the energy of a FLOP, with thin bars of both below it.
    """
    (from_name, before), (to_name, after) = baseline, other
    unit = units.unit_for(max(before.total_co2e_kg.central, after.total_co2e_kg.central), units.MASS)
    steps = _steps(parts, 1e-4 * max(before.total_co2e_kg.central, after.total_co2e_kg.central))
    start, end = before.total_co2e_kg.central, after.total_co2e_kg.central
    bars_drawn = [_Bar(from_name, 0.0, start, False)]
    at = start
    for label, change, within in steps:
        bars_drawn.append(_Bar(label, at, change, False))
        inner = at
        for name, part in within:
            bars_drawn.append(_Bar(name, inner, part, True))
            inner += part
        at += change
    bars_drawn.append(_Bar(to_name, 0.0, end, False))
    rows = list(range(len(bars_drawn)))
    ends = (0, len(rows) - 1)
    texts = [(units.significant if at in ends else signed)(bar.change / unit.size) for at, bar in enumerate(bars_drawn)]
    colours = [REFERENCE if at in ends else BLUE if bar.change < 0 else VERMILION for at, bar in enumerate(bars_drawn)]
    of_bars = {
        "base": rounded([bar.base / unit.size for bar in bars_drawn]),
        "width": [0.2 if bar.within else 0.4 for bar in bars_drawn],
        "customdata": [[bar.label, text] for bar, text in zip(bars_drawn, texts, strict=True)],
    }
    changes = rounded([bar.change / unit.size for bar in bars_drawn])
    hover = f"%{{customdata[0]}}: %{{customdata[1]}} {unit.name}"
    drawn = bars("steps", rows, changes, colours, hover, ["/" if bar.within else "" for bar in bars_drawn]) | of_bars
    labels = [
        f"     {bar.label}  {text}" if bar.within else f"<b>{short(bar.label, MOST_OF_NAME)}</b>  {text}"
        for bar, text in zip(bars_drawn, texts, strict=True)
    ]
    plan = rows_layout(f"total carbon [{unit.name}]", labels, 80 + 44 * len(rows), shift=9)
    reached = [0.0, *(bar.base + bar.change for bar in bars_drawn)]
    plan["xaxis"]["range"] = rounded([min(reached) / unit.size, 1.03 * max(reached) / unit.size or 1.0])
    plan["yaxis"] |= {"range": [len(rows) - 0.6, -0.75], "autorange": False}
    plan["shapes"] = [_connector(rows, bars_drawn, at, unit.size) for at in rows[:-1] if not bars_drawn[at + 1].within]
    sentence = why_in_words(from_name, to_name, before, after, [(label, change) for label, change, _ in steps])
    listed = [f"of it, {bar.label}" if bar.within else bar.label for bar in bars_drawn]
    numbers = table(["Step", f"Total carbon, or what the step changes [{unit.name}]"], zip(listed, texts, strict=True))
    return Chart("Why they differ", sentence, numbers, {"data": [drawn], "layout": plan})


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar of the waterfall: where it begins and how far it goes [kg CO2e], and whether it is part of that above."""

    label: str
    base: float
    change: float
    within: bool


Step = tuple[str, float, list[tuple[str, float]]]  # what it is called, what it changes [kg CO2e], and the same within


def _steps(parts: Sequence[Part], least: float) -> list[Step]:
    """What changes the total by more than that, the largest first; power and speed as a single step that has both."""
    inner = [(WITHIN[part.factor], part.change_kg) for part in parts if part.factor in WITHIN]
    found: list[Step] = [(part.label, part.change_kg, []) for part in parts if part.factor not in WITHIN]
    if any(abs(change) > least for _, change in inner):
        found.append((ENERGY, sum(change for _, change in inner), inner))
    kept = [step for step in found if max(map(abs, (step[1], *(change for _, change in step[2])))) > least]
    return sorted(kept, key=lambda step: -abs(step[1]))


def _connector(rows: Sequence[int], drawn: Sequence[_Bar], at: int, size: float) -> Layout:
    """A thin line from the end of a step to the next one, past what is within it."""
    whole = next(number for number in reversed(rows[: at + 1]) if not drawn[number].within)
    x = float(f"{(drawn[whole].base + drawn[whole].change) / size:.6g}")
    look = {"color": REFERENCE, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": x, "x1": x, "y0": whole + 0.2, "y1": at + 1 - 0.2, "line": look}


def why_in_words(
    from_name: str, to_name: str, before: Estimate, after: Estimate, steps: Sequence[tuple[str, float]]
) -> str:
    """The sentence that names the largest factor."""
    if not steps:
        return f"{to_name} and {from_name} emit the same, for the same reasons."
    label, first = steps[0]
    difference = after.total_co2e_kg.central - before.total_co2e_kg.central
    less = units.shown(abs(difference), units.MASS)
    change = units.shown(abs(first), units.MASS)
    verb = "adds" if first > 0 else "saves"
    return (
        f"{to_name} emits {less} {'more' if difference > 0 else 'less'} than {from_name}; "
        f"{label if label == 'PUE' else label[:1].lower() + label[1:]} matters most and {verb} {change}."
    )
