"""Where? Every place, for the scenario, with the least carbon first."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from oce import units
from oce.analysis import alternatives, places
from oce.analysis.places import Place
from oce.estimation import Estimate
from pages import charts
from pages.sections import options
from pages.session import controls
from pages.widgets import view
from pages.widgets.text import escape_markdown
from pages.widgets.view import View

BASES = {  # what places are ranked by, each by itself but for the last
    "lifecycle": (
        "Lifecycle",
        "Lifecycle figures: with building the power stations and producing their fuel.",
    ),
    "direct": (
        "Direct",
        "Direct figures: only what power stations emit. For US states, Chinese provinces and cloud regions there; "
        "lower than lifecycle figures for the same power.",
    ),
    "location-based operational": (
        "Google's own",
        "Google's own figures for its cloud regions: weighted by hour, without producing the fuel.",
    ),
    "": (
        "All, mixed",
        "Mixed: lifecycle, direct and Google's own figures in one list, though they are not counted alike. A place "
        "with direct figures looks better than it is.",
    ),
}
KINDS = {"country": "country", "world": "average", "subnational": "state or zone", "cloud": "cloud region"}


def content(result: Estimate, places: Sequence[Place]) -> View:
    """What is drawn of these places."""
    return View(
        headline="Where? Every place, for your scenario",
        charts={"map": charts.world_map(places, result), "ranking": charts.ranking(places, result)},
    )


def show(result: Estimate) -> None:
    """The places on one basis: a map, a ranking, what a move would bring, and all of them as a table."""
    own, past, total = result.scenario, result.past_runs, result.total_co2e_kg
    st.markdown("## Where? Every place, for your scenario")
    basis = st.segmented_control(
        "Carbon intensity", list(BASES), format_func=lambda key: BASES[key][0], required=True,
        key="plan_basis", on_change=controls.keep_in_session("plan_basis", "lifecycle"),
    )  # fmt: skip
    chosen = [one for one in places.ranked(own, past) if one.region.basis == basis or not basis]
    shown = content(result, chosen)
    st.caption(BASES[basis or ""][1])
    view.show_chart(shown, "map")
    st.caption(
        "Grey: no figure of this kind. Not on the map, but in the table: small countries, states and zones, and cloud "
        "regions that are not named after a city or state."
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        view.show_chart(shown, "ranking")
    with right:
        st.markdown("### Move the run")
        by_id = {one.region.id: one for one in chosen}
        target = st.selectbox(
            "New place", list(by_id), help="Type to search; least carbon first.",
            format_func=lambda key: (
                f"{by_id[key].region.name} · {units.shown(by_id[key].total_co2e_kg.central, units.MASS)}"
            ),
            key="plan_place", on_change=controls.keep_in_session("plan_place", chosen[0].region.id, by_id),
        )  # fmt: skip
        there = by_id[target]
        here = (
            result.region
            if result.region and own.carbon_intensity_g_per_kwh is None
            else there.region.replace(id="", name="where it is now", basis="your own figure")
        )
        st.markdown(escape_markdown(places.moving(places.Place(here, total, 0.0), there)))
        st.markdown(f"There it would emit {options.with_interval(there.total_co2e_kg, 'total_co2e_kg')}.")
        st.button(
            "Make it your region", key="plan_move",
            on_click=options.adopt, args=(alternatives.in_region(own, there.region),),
            disabled=target in options.own_regions(result),
        )  # fmt: skip
    st.dataframe(
        _frame(chosen, result),
        hide_index=True,
        height=320,
        key="plan_places",
        alt=f"Every place with its total, least first: {len(chosen)} rows.",
    )


def _frame(chosen: Sequence[Place], result: Estimate) -> pd.DataFrame:
    """Every place with its total, in a unit for all of them."""
    unit = charts.unit_of(chosen, result)

    def in_unit(kg: float) -> float:
        return float(f"{kg / unit.size:.3g}")

    return pd.DataFrame(
        {
            "Place": [one.region.name for one in chosen],
            f"Total ({unit.name})": [in_unit(one.total_co2e_kg.central) for one in chosen],
            "from": [in_unit(one.total_co2e_kg.low) for one in chosen],
            "to": [in_unit(one.total_co2e_kg.high) for one in chosen],
            f"Saved ({unit.name})": [in_unit(one.saved_kg) for one in chosen],
            "g CO2e/kWh": [float(f"{one.region.g_per_kwh:.3g}") for one in chosen],
            "Basis": [one.region.basis for one in chosen],
            "Year": [one.region.year for one in chosen],
            "Kind": [KINDS[one.region.kind] for one in chosen],
            "Country": [one.region.country_iso3 for one in chosen],
        }
    )
