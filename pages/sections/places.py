"""Where? Every place, for the scenario, with the least carbon first."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from oce import catalog
from oce.analysis import alternatives, places
from oce.analysis.places import Place
from oce.estimation import Estimate
from pages import charts
from pages.sections import options
from pages.sections.plan_controls import BASES, MIXED, Chosen
from pages.session.controls import Keep
from pages.widgets import table, view
from pages.widgets.view import View

HEADING = "Where? Every place, for your scenario"
LEAST = "The place with the least carbon"
KINDS = {"country": "country", "world": "average", "subnational": "state or zone", "cloud": "cloud region"}


@dataclass(frozen=True)
class Answer:
    """The places of a basis, least carbon first, and the one that the run is moved to."""

    ranked: tuple[Place, ...]
    there: Place


def ask(result: Estimate, chosen: Chosen) -> Answer:
    """The places."""
    ranked = places.ranked_from(result, "" if chosen.basis == MIXED else chosen.basis)
    return Answer(ranked, next((one for one in ranked if one.region.id == chosen.place), ranked[0]))


def content(result: Estimate, answer: Answer) -> View:
    """What is said and drawn of these places."""
    there = answer.there
    own = result.region is not None and result.scenario.carbon_intensity_g_per_kwh is None
    here = result.region if own else there.region.replace(id="", name="where it is now", basis="your own figure")
    assert here is not None
    moved = places.moving(Place(here, result.total_co2e_kg, 0.0), there)
    emits = options.with_interval(there.total_co2e_kg, "total_co2e_kg")
    return View(
        headline=HEADING,
        paragraphs={"move": f"{html.escape(moved)} There it would emit {html.escape(emits)}."},
        charts={"map": charts.world_map(answer.ranked, result), "ranking": charts.ranking(answer.ranked, result)},
    )


def show(result: Estimate, chosen: Chosen, keep: Mapping[str, Keep], answer: Answer, shown: View) -> None:
    """The places on one basis: a map, a ranking, what a move would bring, and all of them as a table."""
    st.header(HEADING, anchor="where")
    st.segmented_control(
        "Carbon intensity", list(BASES), format_func=lambda key: BASES[key][0], required=True,
        key="plan_basis", on_change=keep["plan_basis"],
    )  # fmt: skip
    st.caption(BASES[chosen.basis][1])
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
        offered = ["", *(one.region.id for one in answer.ranked)]
        st.selectbox(
            "New place", offered, help="Type to search; least carbon first.",
            format_func=lambda key: catalog.region(key).name if key else LEAST,
            key="plan_place", on_change=keep["plan_place"],
        )  # fmt: skip
        view.show_paragraph(shown, "move", "text")
        st.button(
            "Make it your region", key="plan_move",
            on_click=options.adopt, args=(alternatives.in_region(result.scenario, answer.there.region),),
            disabled=answer.there.region.id in options.own_regions(result),
        )  # fmt: skip
    panel = st.expander("Every place as a table", key="numbers-places", on_change="rerun")
    if panel.open:
        with panel:
            table.show_sortable(
                _records(answer.ranked, result),
                alt=f"Every place with its total, least first: {len(answer.ranked)} rows.",
                height=320,
                key="plan_places",
            )


def _records(chosen: Sequence[Place], result: Estimate) -> list[dict[str, object]]:
    """Every place with its total, in a unit for all of them."""
    unit = charts.unit_of(chosen, result)

    def in_unit(kg: float) -> float:
        return float(f"{kg / unit.size:.3g}")

    return [
        {
            "Place": place.region.name,
            f"Total ({unit.name})": in_unit(place.total_co2e_kg.central),
            "from": in_unit(place.total_co2e_kg.low),
            "to": in_unit(place.total_co2e_kg.high),
            f"Saved ({unit.name})": in_unit(place.saved_kg),
            "g CO2e/kWh": float(f"{place.region.g_per_kwh:.3g}"),
            "Basis": place.region.basis,
            "Year": place.region.year,
            "Kind": KINDS[place.region.kind],
            "Country": place.region.country_iso3,
        }
        for place in chosen
    ]
