"""Every model of our tables with its estimate, to search, sort and take."""

from typing import Any

import streamlit as st

from oce import catalog
from oce.catalog.caches import cached
from oce.estimation import Estimate
from oce.field import leaderboard, timeline
from oce.field.leaderboard import RankedModel
from pages.sections.benchmark_panel import tonnes
from pages.session import controls, keys, state
from pages.session.current_estimate import conditions_of, level_of
from pages.widgets import table

COUNTED = ("Operational, t CO2e", "Low, t", "High, t", "Reported, t", "Device-hours", "Reported hours")

milestones = cached(most=32)(timeline.emissions)  # the models of the time line with their estimates
_entries = cached(most=32)(leaderboard.ranked)  # every model with its estimate, for each grid


def show(result: Estimate) -> None:
    """The leaderboard, under the grid of the scenario where a model has none of its own."""
    entries = _entries(conditions_of(result), level_of(result))
    reported = [model for model in entries if model.reported_co2e_t and model.operational_co2e_kg]
    st.markdown(
        f"## Every model in our tables\n{len(entries)} models, the largest estimate first; {len(reported)} of them "
        "have a reported emission beside it. Pick a row to make it your scenario."
    )
    controls.show(keys.SEARCH.name, state.extra("search"))
    sought = st.text_input(
        "Search", key=keys.SEARCH.name, placeholder="model, organisation, device or year", width=320,
        on_change=lambda: state.keep_extra("search", keys.SEARCH.get().strip()),
    )  # fmt: skip
    shown = tuple(model for model in entries if sought.strip().casefold() in _text(model))
    if not shown:
        st.info("No model of our tables has that in its name, organisation, device or year.")
        return
    with st.container(key="leaderboard"):
        table.show_sortable(
            map(_row, shown),
            key=_key(),
            on_select=lambda: _take(shown),
            selection_mode="single-row",
            placeholder="",
            alt="Every model with its estimated and reported carbon",
            column_config={name: st.column_config.NumberColumn(format="localized") for name in COUNTED}
            | {"Year": st.column_config.NumberColumn(format="%d")},
        )
    st.caption(
        "Operational carbon of the final run, power at the server's plug, location-based, under the grid that the "
        "column says: its own where that is known, the paper's country average, else yours. What was reported may "
        "count other things: read its source before comparing."
    )


def _row(model: RankedModel) -> dict[str, Any]:
    low, central, high = map(tonnes, model.operational_co2e_kg) if model.operational_co2e_kg else (None, None, None)
    return {
        "Model": model.model,
        "Operational, t CO2e": central,
        "Low, t": low,
        "High, t": high,
        "Reported, t": model.reported_co2e_t,
        "Year": model.year,
        "Device": catalog.device(str(model.fields["device"])).name,
        "Organisation": model.organisation,
        "For": model.modality,
        "Device-hours": float(f"{model.device_hours.central:.3g}") if model.device_hours else None,
        "Reported hours": model.reported_device_hours,
        "Grid": model.grid,
        "Not estimated": model.problem,
        "Sources": "; ".join(model.sources),
    }


def _key() -> str:
    """Another after each row that was taken: the order may change, and the tick with it."""
    return f"leaderboard_{keys.ROWS_TAKEN.get()}"


def _take(entries: tuple[RankedModel, ...]) -> None:
    rows = st.session_state[_key()].selection.rows
    if rows and rows[0] < len(entries):
        keys.ROWS_TAKEN.set(keys.ROWS_TAKEN.get() + 1)
        state.take(entries[rows[0]].fields)


def _text(model: RankedModel) -> str:
    device = catalog.device(str(model.fields["device"])).name
    return f"{model.model} {model.organisation} {model.year} {device}".casefold()
