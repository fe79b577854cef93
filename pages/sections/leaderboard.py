"""Every model of our tables with its estimate, to search, sort and take."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from oce import catalog
from oce.catalog.caches import cached
from oce.estimation import Estimate
from oce.field import leaderboard, timeline
from oce.field.accuracy import Conditions
from oce.field.leaderboard import RankedModel
from oce.field.timeline import Placed
from oce.fields import Throughput
from pages.session import controls, keys, state

COUNTED = ("Carbon, t CO2e", "Low, t", "High, t", "Reported, t", "Device-hours", "Reported hours")


@cached(most=32)
def milestones(recipe: Throughput, level: float) -> tuple[Placed, ...]:
    """The models of the time line with their estimates, done once for each level."""
    return timeline.emissions(recipe, level)


@cached(most=32)
def _entries(here: Conditions, level: float) -> tuple[RankedModel, ...]:
    """Every model with its estimate, done once for each grid."""
    return leaderboard.ranked(here, level)


def show(result: Estimate) -> None:
    """The leaderboard, under the grid of the scenario where a model has none of its own."""
    here = Conditions(float(result.inputs.carbon_intensity_g_per_kwh), float(result.inputs.pue))
    entries = _entries(here, result.level or 0.8)
    reported = [one for one in entries if one.reported_co2e_t and one.operational_co2e_kg]
    st.markdown(
        f"## Every model in our tables\n{len(entries)} models, the largest estimate first; {len(reported)} of them "
        "have a reported emission beside it. Pick a row to make it your scenario."
    )
    controls.show(keys.SEARCH.name, state.extra("search"))
    sought = st.text_input(
        "Search", key=keys.SEARCH.name, on_change=_keep_search, placeholder="model, organisation, device or year",
        width=320,
    )  # fmt: skip
    shown = tuple(one for one in entries if sought.strip().casefold() in _text(one))
    if not shown:
        st.info("No model of our tables has that in its name, organisation, device or year.")
        return
    with st.container(key="leaderboard"):
        st.dataframe(
            _frame(shown),
            hide_index=True,
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
        "column says: its own where that is known, "
        "the paper's country average, else yours. What was reported may count other things: read its source before "
        "comparing."
    )


def tonnes(kg: float) -> float:
    """Three significant digits of an amount [t]."""
    return float(f"{kg / 1000:.3g}")


def _frame(shown: tuple[RankedModel, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Model": one.model,
                "Carbon, t CO2e": tonnes(one.operational_co2e_kg.central) if one.operational_co2e_kg else None,
                "Low, t": tonnes(one.operational_co2e_kg.low) if one.operational_co2e_kg else None,
                "High, t": tonnes(one.operational_co2e_kg.high) if one.operational_co2e_kg else None,
                "Reported, t": one.reported_co2e_t,
                "Year": one.year,
                "Device": catalog.device(str(one.fields["device"])).name,
                "Organisation": one.organisation,
                "For": one.modality,
                "Device-hours": float(f"{one.device_hours.central:.3g}") if one.device_hours else None,
                "Reported hours": one.reported_device_hours,
                "Grid": one.grid,
                "Not estimated": one.problem,
                "Sources": "; ".join(one.sources),
            }
            for one in shown
        ]
    )


def _key() -> str:
    """Another after each row that was taken: the order may change, and the tick with it."""
    return f"leaderboard_{keys.ROWS_TAKEN.get()}"


def _keep_search() -> None:
    state.keep_extra("search", keys.SEARCH.get().strip())


def _take(entries: tuple[RankedModel, ...]) -> None:
    """Makes the model of the row that was picked the scenario."""
    rows = st.session_state[_key()].selection.rows
    if rows and rows[0] < len(entries):
        keys.ROWS_TAKEN.set(keys.ROWS_TAKEN.get() + 1)
        state.take(entries[rows[0]].fields)


def _text(one: RankedModel) -> str:
    return f"{one.model} {one.organisation} {one.year} {catalog.device(str(one.fields['device'])).name}".casefold()
