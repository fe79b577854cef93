"""Why not what was reported? The factors from a reported footprint to our estimate of the same run."""

import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

from oce import catalog, units
from oce.analysis.bridge import INGREDIENTS, REST, Bridge, bridge, ours
from oce.catalog.caches import cached
from oce.estimation import Estimate
from oce.evaluation import reported_footprints
from oce.evaluation.reported_footprints import Bridged
from pages import charts
from pages.session.current_estimate import conditions_of
from pages.widgets import chart, table
from pages.widgets.text import escape_markdown

ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
MOST_ROWS = 12  # that are seen at once

_bridges = cached(most=8)(reported_footprints.bridges)  # for each grid


def show_preset(model: catalog.Model | None, result: Estimate) -> None:
    """The bridge of the preset that the scenario is, where its run was reported; else an empty place."""
    place = st.container(key="bridge")  # always there: else what follows would be drawn anew
    reported = reported_footprints.of_model(model) if model and not model.is_example else None
    between = bridge(reported, ours(result)) if reported else None
    if between is None:
        return
    with place:
        st.markdown(f"## {units.typeset(question(between))}")
        drawn = charts.bridge(between, result)
        of_power = "" if between.figure == "device_hours" else "Our power is at the server's plug. "
        if not of_power:
            st.markdown(f"{escape_markdown(drawn.sentence)} Energy and carbon were not reported.")
        else:
            chart.show(drawn, "bridge")
            table.show(drawn.table.columns, drawn.table.rows)
        st.caption(escape_markdown(f"{of_power}Reported: {between.reported.source}. {between.reported.note}"))


def question(between: Bridge) -> str:
    """The heading: ours as the headline has it, against what was reported, each with what it counts."""
    scale, what = units.SCALES[between.figure], charts.BRIDGED[between.figure]
    own, theirs = (units.shown(value, scale) for value in (between.total, between.theirs))
    if what == "device-hours":
        return f"Why {own}, when {theirs} were reported?"
    counts = " in total" if between.making_kg else f" of {what}"
    return f"Why {own}{counts}, when {theirs} of {what} was reported?"


def show_all(result: Estimate) -> None:
    """Every model whose run was reported, with the factors to ours."""
    found = _bridges(conditions_of(result))
    carbon = sum(one.bridge.figure == "operational_co2e_kg" for one in found)
    st.markdown(
        f"## From what was reported to ours\n{len(found)} models whose hours, energy or carbon were reported, "
        f"{carbon} of them with carbon. Reported × hours × power × PUE × grid = our operational carbon; the making of "
        "the devices is added to it for the total."
    )
    rows = [_row(one) for one in found]
    numbers = [name for name in rows[0] if name not in ("Model", "Not said", "Source", "Read")]
    table.show_sortable(
        rows, key="evidence_bridges", placeholder="", height=table.height(len(found), MOST_ROWS),
        alt="Every reported footprint with the factors to our estimate of the same run",
        column_config={name: st.column_config.NumberColumn(format="localized") for name in numbers}
        | {
            "Model": st.column_config.TextColumn(pinned=True),
            "Read": st.column_config.LinkColumn(display_text="open"),
        },
    )  # fmt: skip
    st.caption(
        "A factor (×) is ours over what was reported. Not said: what a report leaves open is one factor together, ours "
        "over what its own figure leaves for it. Rest: its figure is not the product of what it says, by rounding or "
        "by something that it does not say. Our power is at the server's plug; many reports take the device's TDP. "
        "Where the place of a run is not known, ours is under your scenario's grid and PUE. Best estimates; the "
        "leaderboard of Landscape has their intervals."
    )


def _row(one: Bridged) -> Mapping[str, Any]:
    between, reported = one.bridge, one.bridge.reported
    factors = {step.of[0]: step.factor for step in between.steps if step.said}
    open_ = [f"{step.name} {charts.change(step.factor)}" for step in between.steps if not step.said]
    carbon = between.figure == "operational_co2e_kg"

    def tonnes(kg: float | None) -> float | None:
        return _rounded(kg and kg / 1e3)

    return {
        "Model": one.model,
        "Reported, t operational": tonnes(reported.co2e_kg),
        **{f"{name[:1].upper()}{name[1:]} ×": _rounded(factors.get(name)) for name in INGREDIENTS},
        "Not said": "; ".join(open_),
        "Rest ×": _rounded(factors.get(REST)),
        "Ours, t operational": tonnes(between.ours) if carbon else None,
        "Devices, t": tonnes(between.making_kg) if carbon else None,
        "Ours, t total": tonnes(between.total) if carbon else None,
        "Reported MWh": tonnes(reported.energy_kwh),
        "Our MWh": tonnes(one.ours.figure("energy_kwh")),
        "Reported device-hours": reported.device_hours,
        "Our device-hours": _rounded(one.ours.device_hours),
        "Source": reported.source,
        "Read": f"https://arxiv.org/abs/{arxiv[1]}" if (arxiv := ARXIV.search(reported.source)) else None,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.3g}")
