"""The charts of where the energy comes from."""

from collections.abc import Sequence

import numpy as np

from oce import units
from oce.estimation import Estimate
from oce.field import energy_sources
from oce.field.energy_sources import Printed, Source
from oce.interval import Interval
from pages.charts.chart import Chart, short, table
from pages.charts.layouts import rows_layout
from pages.charts.theme import BLUE, GREEN, REFERENCE, VERMILION
from pages.charts.traces import bars, centrals, error_bars

LOOKS = {True: (GREEN, ""), False: (VERMILION, "/")}  # low-carbon or not: colour and pattern


def scenario_on_each(result: Estimate, sources: Sequence[Source]) -> Chart:
    """What the scenario would emit on each source alone, beside the source's lifecycle intensity; least first.

    Sources of which only a range is known are not drawn.
    """
    known = sorted(
        (source for source in sources if source.g_per_kwh is not None), key=lambda source: source.g_per_kwh or 0.0
    )
    amounts = [energy_sources.emitted(result, source) for source in known]
    grid = float(result.inputs.carbon_intensity_g_per_kwh)
    own = result.operational_co2e_kg
    unit = units.unit_for(amounts[-1].central, units.MASS)
    rows: list[tuple[str, float, Interval, tuple[str, str], str]] = [
        (source.name, source.g_per_kwh or 0.0, emitted, LOOKS[source.low_carbon], short(source.source))
        for source, emitted in zip(known, amounts, strict=True)
    ]
    rows.append(("Your grid", grid, own, (BLUE, ""), "your scenario"))
    rows.sort(key=lambda row: row[2].central)
    emissions = [emitted for _, _, emitted, _, _ in rows]
    trace = bars(
        "sources",
        list(range(len(rows))),
        centrals(emissions, unit.size),
        [colour for *_, (colour, _), _ in rows],
        "<b>%{customdata[0]}</b>, %{customdata[1]} g CO2e/kWh: %{x:.3s} "
        f"{unit.name} (%{{customdata[2]}})<br>%{{customdata[3]}}",
        [pattern for *_, (_, pattern), _ in rows],
        error_x=error_bars(emissions, unit.size, REFERENCE),
        customdata=[
            [name, units.significant(grams), units.shown_range(emitted, units.MASS), source]
            for name, grams, emitted, _, source in rows
        ],
    )
    labels = [
        f"<b>{units.shown(emitted.central, units.MASS)}</b>  {name}, {units.significant(grams)} g/kWh"
        for name, grams, emitted, _, _ in rows
    ]
    plan = rows_layout(f"operational carbon, {unit.name}", labels, 70 + 40 * len(rows), shift=6)
    plan["xaxis"] |= {"rangemode": "tozero"}
    least, most = known[0], known[-1]
    times = (most.g_per_kwh or 0.0) / (least.g_per_kwh or np.inf)
    sentence = (
        f"On {_spoken(least)} alone your scenario would emit "
        f"{units.shown(amounts[0].central, units.MASS)}, on {_spoken(most)} "
        f"{units.shown(amounts[-1].central, units.MASS)}: {units.significant(times, 2)} times as much, "
        f"for the same energy. On your grid: {units.shown(own.central, units.MASS)}."
    )
    numbers = table(
        ["Source", "Intensity [g CO2e/kWh]", f"Operational carbon [{unit.name}]", "From"],
        ([name, grams, emitted / unit.size, source] for name, grams, emitted, _, source in rows),
    )
    return Chart("Your scenario on each source", sentence, numbers, {"data": [trace], "layout": plan})


def survey_sources(printed: Sequence[Printed]) -> Chart:
    """How many of the survey's models had each main source of electricity, and the mean intensity (Table 2)."""
    rows = [row for row in printed if row.subject == "energy source" and row.place == "Table 2"]
    models = {row.group: row for row in rows if row.quantity == "models"}
    grams = {row.group: row.value or 0.0 for row in rows if row.quantity == "mean carbon intensity"}
    groups = sorted(models, key=lambda name: grams[name])
    counts = [models[name].value or 0.0 for name in groups]
    low = [models[name].low_carbon == "yes" for name in groups]
    colours, patterns = zip(*(LOOKS[is_low] for is_low in low), strict=True)
    labels = [
        f"<b>{name}</b>  {count:.0f} models, {grams[name]:.0f} g/kWh"
        for name, count in zip(groups, counts, strict=True)
    ]
    trace = bars(
        "sources",
        list(range(len(groups))),
        counts,
        list(colours),
        "%{customdata[0]}<br>Table 2, %{customdata[1]}",
        list(patterns),
        customdata=[[text, models[name].source] for text, name in zip(labels, groups, strict=True)],
    )
    plan = rows_layout("models", labels, 90 + 44 * len(groups), shift=9)
    clean = sum(count for count, is_low in zip(counts, low, strict=True) if is_low)
    mean = sum(count * grams[name] for name, count in zip(groups, counts, strict=True)) / sum(counts)
    sentence = (
        f"{clean:.0f} of {sum(counts):.0f} models had a low-carbon main source of electricity; the mean grid of "
        f"the sample was {mean:.0f} g CO2e/kWh."
    )
    numbers = table(
        ["Main source", "Models", "Mean intensity [g CO2e/kWh]"],
        ([name, f"{count:.0f}", f"{grams[name]:.0f}"] for name, count in zip(groups, counts, strict=True)),
    )
    return Chart("What a survey found, 2012–2021", sentence, numbers, {"data": [trace], "layout": plan})


def _spoken(source: Source) -> str:
    """Its name as it is said: onshore wind for Wind, onshore."""
    return " ".join(reversed(source.name.lower().split(", ")))
