"""Why not what was reported? The factors from a reported footprint to our estimate of the same run."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from oce import catalog, units
from oce.analysis.bridge import INGREDIENTS, Bridge, bridge
from oce.catalog.caches import cached
from oce.estimation import Estimate
from oce.evaluation import reported_footprints
from oce.evaluation.reported_footprints import Bridged
from pages import charts
from pages.session.current_estimate import conditions_of
from pages.widgets import chart, table
from pages.widgets.text import escape_markdown

_bridges = cached(most=8)(reported_footprints.bridges)  # for each grid


def show_preset(model: catalog.Model | None, result: Estimate) -> None:
    """The bridge of the preset that the scenario is, where its run was reported; else an empty place."""
    place = st.container(key="bridge")  # always there: else what follows would be drawn anew
    reported = reported_footprints.of_model(model) if model and not model.is_example else None
    between = bridge(reported, result) if reported else None
    if reported is None or between is None or model is None:
        return
    with place:
        st.markdown(f"## {question(between)}")
        drawn = charts.bridge(between, result)
        if between.figure == "device_hours":
            st.markdown(f"{escape_markdown(drawn.sentence)} Energy and carbon were not reported.")
        else:
            chart.show(drawn, "bridge")
            table.show(drawn.table.columns, drawn.table.rows)
        st.caption(escape_markdown(f"Reported: {reported.source}. {reported.note}"))


def question(between: Bridge) -> str:
    """The heading: ours with what it counts, against theirs."""
    scale, what = units.SCALES[between.figure], charts.BRIDGED[between.figure]
    ours, theirs = (units.shown(value, scale) for value in (between.ours, between.theirs))
    of = "" if what == "device-hours" else f" of {what}"
    return f"Why {ours}{of}, when {theirs} was reported?" if of else f"Why {ours}, when {theirs} were reported?"


def show_all(result: Estimate) -> None:
    """Every model whose run was reported, with the factors to ours."""
    found = _bridges(conditions_of(result), result.level or 0.8)
    carbon = sum(one.bridge.figure == "operational_co2e_kg" for one in found)
    st.markdown(
        f"## From what was reported to ours\n{len(found)} models whose hours, energy or carbon were reported, "
        f"{carbon} of them with carbon. Reported × hours × power × PUE × grid = our operational carbon; the making of "
        "the devices is added to it for the total."
    )
    table.show_sortable(
        map(_row, found), key="evidence_bridges", placeholder="", height=table.height(len(found), 12),
        alt="Every reported footprint with the factors to our estimate of the same run",
    )  # fmt: skip
    st.caption(
        "A factor is ours over what was reported. “Not said”: what the report leaves open is one factor together, "
        "in the last column but one: what its own figure leaves for it, against ours. Rest: their figure is not the "
        "product of what they say, by rounding or by something that they do not say. Where the place of a run is not "
        "known, ours is under your scenario's grid and PUE."
    )


def _row(one: Bridged) -> Mapping[str, Any]:
    between, result = one.bridge, one.result
    factors = {step.of[0]: step.factor for step in between.steps if step.said}
    open_ = [f"{charts.bridge_step(step)} {charts.change(step.factor)}" for step in between.steps if not step.said]
    carbon = between.figure == "operational_co2e_kg"

    def tonnes(kg: float | None) -> float | None:
        return None if kg is None else float(f"{kg / 1e3:.3g}")

    return {
        "Model": one.model,
        "Reported, t operational": tonnes(one.reported.co2e_kg),
        "Ours, t operational": tonnes(between.ours) if carbon else None,
        "Devices, t": tonnes(between.making_kg) if carbon else None,
        "Ours, t total": tonnes(between.total) if carbon else None,
        "Reported, MWh": tonnes(one.reported.energy_kwh),
        "Ours, MWh": tonnes(result.energy_kwh.central),
        "Reported device-hours": one.reported.device_hours,
        "Our device-hours": float(f"{result.device_hours.central:.3g}"),
        **{f"× {name}": _factor(factors.get(name)) for name in INGREDIENTS},
        "× rest": _factor(factors.get("rest")),
        "Not said": "; ".join(open_),
        "Source": one.reported.source,
    }


def _factor(factor: float | None) -> float | None:
    return None if factor is None else float(f"{factor:.3g}")
