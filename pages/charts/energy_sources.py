"""The charts of where the energy comes from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oce import units
from oce.estimation import Estimate
from oce.field import energy_sources
from oce.field.energy_sources import Printed, Source
from pages.charts.theme import BLUE, GREEN, REFERENCE, VERMILION, Chart, Trace, layout, note, rounded, short

LOOKS = {True: (GREEN, ""), False: (VERMILION, "/")}  # low-carbon or not: colour and pattern


def scenario_on_each(result: Estimate, sources: Sequence[Source]) -> Chart:
    """What the scenario would emit on each source alone, beside the source's lifecycle intensity; least first.

    Args:
        result: The scenario's estimate.
        sources: Those with a central figure are drawn.
    """
    known = sorted((one for one in sources if one.g_per_kwh is not None), key=lambda one: one.g_per_kwh or 0.0)
    amounts = [energy_sources.emitted(result, one) for one in known]
    grid = float(result.inputs.carbon_intensity_g_per_kwh)
    own = result.operational_co2e_kg
    unit = units.unit_for(amounts[-1].central, units.MASS)
    rows = [
        (one.name, one.g_per_kwh or 0.0, amount, LOOKS[one.low_carbon], one)
        for one, amount in zip(known, amounts, strict=True)
    ]
    rows.append(("Your grid", grid, own, (BLUE, ""), None))  # type: ignore[arg-type]
    rows.sort(key=lambda row: row[2].central)
    trace: Trace = {
        "type": "bar",
        "orientation": "h",
        "x": rounded([amount.central / unit.size for _, _, amount, _, _ in rows]),
        "y": list(range(len(rows))),
        "marker": {
            "color": [look[0] for *_, look, _ in rows],
            "pattern": {"shape": [look[1] for *_, look, _ in rows], "fgopacity": 0.5},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": rounded([(amount.high - amount.central) / unit.size for _, _, amount, _, _ in rows]),
            "arrayminus": rounded([(amount.central - amount.low) / unit.size for _, _, amount, _, _ in rows]),
            "color": REFERENCE,
            "thickness": 1.5,
            "width": 4,
        },
        "customdata": [
            [name, units.significant(grams), units.shown_range(amount, units.MASS), _source(source)]
            for name, grams, amount, _, source in rows
        ],
        "hovertemplate": "<b>%{customdata[0]}</b>, %{customdata[1]} g CO2e/kWh: %{x:.3s} "
        f"{unit.name} (%{{customdata[2]}})<br>%{{customdata[3]}}<extra></extra>",
    }
    plan = layout(x=f"operational carbon, {unit.name}", y="")
    plan |= {
        "bargap": 0.66,
        "height": 70 + 40 * len(rows),
        "annotations": [
            note(
                0,
                at,
                f"<b>{units.shown(amount.central, units.MASS)}</b>  {name}, {units.significant(grams)} g/kWh",
                xref="paper",
                xanchor="left",
                yanchor="bottom",
            )
            | {"yshift": 6}
            for at, (name, grams, amount, _, _) in enumerate(rows)
        ],
    }
    plan["margin"]["t"] = 26
    plan["xaxis"] |= {"rangemode": "tozero"}
    plan["yaxis"] |= {"autorange": "reversed", "showticklabels": False, "showgrid": False}
    least, most = known[0], known[-1]
    times = (most.g_per_kwh or 0.0) / (least.g_per_kwh or np.inf)
    sentence = (
        f"On {_spoken(least)} alone your scenario would emit "
        f"{units.shown(amounts[0].central, units.MASS)}, on {_spoken(most)} "
        f"{units.shown(amounts[-1].central, units.MASS)}: {units.significant(times, 2)} times as much, "
        f"for the same energy. On your grid: {units.shown(own.central, units.MASS)}."
    )
    return Chart("Your scenario on each source", sentence, {"data": [trace], "layout": plan})


def survey_sources(printed: Sequence[Printed]) -> Chart:
    """How many of the survey's models had each main source of electricity, and the mean intensity (Table 2)."""
    table = [one for one in printed if one.subject == "energy source" and one.place == "Table 2"]
    models = {one.group: one for one in table if one.quantity == "models"}
    grams = {one.group: one.value or 0.0 for one in table if one.quantity == "mean carbon intensity"}
    groups = sorted(models, key=lambda name: grams[name])
    counts = [models[name].value or 0.0 for name in groups]
    low = [models[name].low_carbon == "yes" for name in groups]
    trace: Trace = {
        "type": "bar",
        "orientation": "h",
        "x": counts,
        "y": groups,
        "text": [f"{count:.0f} models, {grams[name]:.0f} g/kWh" for name, count in zip(groups, counts, strict=True)],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {
            "color": [LOOKS[one][0] for one in low],
            "pattern": {"shape": [LOOKS[one][1] for one in low], "fgopacity": 0.5},
        },
        "customdata": [[models[name].source] for name in groups],
        "hovertemplate": "%{y}: %{text}<br>Table 2, %{customdata[0]}<extra></extra>",
    }
    plan = layout(x="models", y="")
    plan |= {"height": 90 + 44 * len(groups)}
    plan["xaxis"]["range"] = [0, max(counts) * 1.7]
    plan["yaxis"] |= {"autorange": "reversed", "showgrid": False}
    clean = sum(count for count, one in zip(counts, low, strict=True) if one)
    mean = sum(count * grams[name] for name, count in zip(groups, counts, strict=True)) / sum(counts)
    sentence = (
        f"{clean:.0f} of {sum(counts):.0f} models had a low-carbon main source of electricity; the mean grid of "
        f"the sample was {mean:.0f} g CO2e/kWh."
    )
    return Chart("What a survey found, 2012–2021", sentence, {"data": [trace], "layout": plan})


def _spoken(one: Source) -> str:
    """Its name as one says it: onshore wind for Wind, onshore."""
    return " ".join(reversed(one.name.lower().split(", ")))


def _source(one: Source | None) -> str:
    return "your scenario" if one is None else short(one.source)
