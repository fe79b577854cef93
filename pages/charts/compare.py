"""The charts of several scenarios side by side: totals, throughput curves, time and devices, and why they differ."""

from collections.abc import Sequence

import numpy as np

from oce import units
from oce.analysis import comparison, planning
from oce.analysis.comparison import Part
from oce.estimation import Estimate, Named
from oce.method.compute import FLOP_PER_TFLOP, SECONDS_PER_HOUR
from pages.charts.chart import Cell, Chart, Trace, amount, sampled, table
from pages.charts.device_curve import final_run, peak, throughput_at, times
from pages.charts.layouts import layout, level, level_note
from pages.charts.log_axis import DECADES, span
from pages.charts.theme import BLUE, REFERENCE, VERMILION, device_colour
from pages.charts.traces import interval_marks, line, outside, point, rounded, written_above

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

FAR_APART = 1.3  # decades between the totals from which on the axis is logarithmic
BESIDE = (0.3, 0.8)  # of the axis: outside of this a name that is centred on its mark may be cut off on a phone
_POINTS = 60


def totals(named: Named) -> Chart:
    """The total of every scenario with its interval, on one axis."""
    unit = units.unit_for(max(result.total_co2e_kg.central for _, result in named), units.MASS)
    ends = [bound / unit.size for _, result in named for bound in (result.total_co2e_kg.low, result.total_co2e_kg.high)]
    decades = np.log10(max(ends) / min(ends)) if min(ends) > 0 else 0.0
    traces: list[Trace] = []
    for at, (name, result) in enumerate(named):
        total, symbol = result.total_co2e_kg, SYMBOLS[at % len(SYMBOLS)]
        central, bounds = amount(total, unit.size).partition(" ")[::2]
        text = f"<b>{name}</b>  {central}" + (f"  {bounds}" if bounds else "")
        look = {"color": device_colour(result.device), "size": 10, "symbol": symbol}
        mark = interval_marks(name, [total], unit.size, [at], f"{name}: {central} {unit.name}", look)
        mark |= written_above([text])
        share = total.central / unit.size / (max(ends) or 1.0)
        if decades <= FAR_APART and not BESIDE[0] < share < BESIDE[1]:
            mark["textposition"] = "top right" if share < 0.5 else "top left"
        traces.append(mark)
    is_log = decades > FAR_APART
    plan = layout(x=f"total carbon [{unit.name}]{' (log)' if is_log else ''}", y="", height=90 + 62 * len(named))
    plan["xaxis"] |= {**DECADES, "range": span(ends, 0.7)} if is_log else {"range": [0.0, 1.15 * max(ends) or 1.0]}
    plan["yaxis"] |= {"range": [len(named) - 0.5, -0.8], "showticklabels": False, "showgrid": False}
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
            plan["annotations"].append(level_note(most, f"peak of {result.device.name}, {most:g}", side))
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
        found = planning.by_count(result, np.round(counts))
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


def waterfall(baseline: tuple[str, Estimate], other: tuple[str, Estimate], parts: Sequence[Part]) -> Chart:
    """From the baseline's total to the other's, a step a factor."""
    (from_name, before), (to_name, after) = baseline, other
    unit = units.unit_for(max(before.total_co2e_kg.central, after.total_co2e_kg.central), units.MASS)
    least = 1e-4 * max(before.total_co2e_kg.central, after.total_co2e_kg.central)
    steps = sorted((part for part in parts if abs(part.change_kg) > least), key=lambda part: -abs(part.change_kg))
    values = [before.total_co2e_kg.central, *(part.change_kg for part in steps), 0.0]
    labels = [from_name, *(part.label for part in steps), to_name]
    first, *changes = (units.significant(value / unit.size) for value in values[:-1])
    changes = [f"{'' if text.startswith('-') else '+'}{text}".replace("-", "−") for text in changes]
    texts = [first, *changes, units.significant(after.total_co2e_kg.central / unit.size)]
    trace: Trace = {
        "type": "waterfall",
        "orientation": "v",
        "measure": ["absolute", *("relative" for _ in steps), "total"],
        "x": labels,
        "y": [float(f"{value / unit.size:.6g}") for value in values],
        **outside(texts),
        "connector": {"line": {"color": REFERENCE, "width": 1}},
        "decreasing": {"marker": {"color": BLUE}},
        "increasing": {"marker": {"color": VERMILION}},
        "totals": {"marker": {"color": REFERENCE}},
        "hovertemplate": f"%{{x}}: %{{text}} {unit.name}<extra></extra>",
    }
    plan = layout(x="", y=f"total carbon [{unit.name}]", height=360)
    plan["margin"]["t"] = 30
    sentence = why_in_words(from_name, to_name, before, after, steps)
    numbers = table(["Step", f"Total carbon, or what the step changes [{unit.name}]"], zip(labels, texts, strict=True))
    return Chart("Why they differ", sentence, numbers, {"data": [trace], "layout": plan})


def why_in_words(from_name: str, to_name: str, before: Estimate, after: Estimate, steps: Sequence[Part]) -> str:
    """The sentence that names the largest factor."""
    if not steps:
        return f"{to_name} and {from_name} emit the same, for the same reasons."
    first = steps[0]
    difference = after.total_co2e_kg.central - before.total_co2e_kg.central
    less = units.shown(abs(difference), units.MASS)
    change = units.shown(abs(first.change_kg), units.MASS)
    verb = "adds" if first.change_kg > 0 else "saves"
    return (
        f"{to_name} emits {less} {'more' if difference > 0 else 'less'} than {from_name}; "
        f"{first.label.lower() if first.label != 'PUE' else 'PUE'} matters most and {verb} {change}."
    )
