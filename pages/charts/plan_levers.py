"""The chart of the levers: from the scenario's total down to the least that they reach."""

from collections.abc import Sequence

import numpy as np

from oce import units
from oce.analysis.levers import Lever
from oce.estimation import Estimate
from pages.charts.chart import Chart, table
from pages.charts.layouts import rows_layout
from pages.charts.theme import BLUE, GREEN
from pages.charts.traces import bars, rounded


def lever_steps(levers: Sequence[Lever], result: Estimate) -> Chart:
    """From the scenario's total down to the best that the levers reach, a step each."""
    before = result.total_co2e_kg.central
    after = levers[-1].after_kg if levers else before
    unit = units.unit_for(before, units.MASS)
    names = ["Your scenario", *(lever.label.partition(" (")[0] for lever in levers), "All of it"]
    bounds = [(0.0, before), *((lever.before_kg, lever.after_kg) for lever in levers), (0.0, after)]
    lows = [min(pair) for pair in bounds]
    sizes = [abs(first - second) for first, second in bounds]
    texts = [units.significant(size / unit.size) for size in sizes]
    texts[1:-1] = [f"−{text}" for text in texts[1:-1]]
    leaves = [units.significant(kg / unit.size) for kg in (before, *(lever.after_kg for lever in levers), after)]
    trace = bars(
        "total",
        list(range(len(names))),
        rounded(np.array(sizes) / unit.size),
        [GREEN, *(BLUE for _ in levers), GREEN],
        "%{text}",
        base=rounded(np.array(lows) / unit.size),
        text=[
            f"{name}: {text} {unit.name}, leaves {left}" for name, text, left in zip(names, texts, leaves, strict=True)
        ],
        textposition="none",
    )
    labels = [f"<b>{name}</b>  {text}" for name, text in zip(names, texts, strict=True)]
    plan = rows_layout(f"total carbon [{unit.name}]", labels, 70 + 50 * len(names))
    plan["xaxis"] |= {"rangemode": "tozero", "tickformat": ","}
    numbers = table(["Step", f"Carbon [{unit.name}]", f"Leaves [{unit.name}]"], zip(names, texts, leaves, strict=True))
    return Chart("The levers", _levers_sentence(levers, result), numbers, {"data": [trace], "layout": plan})


def _levers_sentence(levers: Sequence[Lever], result: Estimate) -> str:
    before = result.total_co2e_kg
    if not levers:
        return f"None of these would lower the {units.shown(before.central, units.MASS)} of your scenario."
    after = levers[-1].after_kg
    most = max(levers, key=lambda lever: lever.before_kg - lever.after_kg)
    saved = units.shown(most.before_kg - most.after_kg, units.MASS)
    times = f", {units.significant(before.central / after, 2)} times less" if after > 0 else ""
    return (
        f"All together would take the run from {units.amount(before, units.MASS)} to "
        f"{units.shown(after, units.MASS)}{times}; the largest step is “{most.label}”, {saved} less."
    )
