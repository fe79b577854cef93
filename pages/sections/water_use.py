"""Water of training and inference: on-site, off-site, and what has no figure."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from oce import units
from oce.analysis import lifetime, water
from oce.analysis.lifetime import Service
from oce.analysis.water import VOLUME, WaterFigure
from oce.estimation import Estimate
from oce.interval import Interval
from pages import charts
from pages.widgets import table
from pages.widgets.text import escape_markdown


@dataclass(frozen=True)
class WaterUse:
    """The water of a scenario: the sentence as HTML, the table, and where its figures are from."""

    sentence: str
    table: charts.Table
    sources: tuple[str, ...]


def of_service(result: Estimate, service: Service, fleet: WaterFigure | None) -> WaterUse:
    """The water that training and inference take; on-site by the figure of a fleet, if there is one."""
    in_service, pue = lifetime.years(service.years), float(result.inputs.pue)
    off_site = water.off_site_l_per_kwh(result.region)
    on_site = None if fleet is None else fleet.l_per_kwh
    training, served = lifetime.it_energy_kwh(result), service.kwh_per_query * service.queries
    energies = {
        "Training": training,
        f"Inference, {in_service}": served,
        "Both": training + served,
        "One query": service.kwh_per_query,
    }
    used = {name: water.litres(energy, pue, on_site, off_site) for name, energy in energies.items()}
    both, takes = used["Both"], f"training and {in_service} of inference take"
    if both.total_l:
        sentence = f"{takes.capitalize()} <b>{_litres(both.total_l)}</b> of water."
    elif both.on_site_l or both.off_site_l:
        known, missing = ("On-site", "off-site") if both.on_site_l else ("Off-site", "on-site")
        sentence = (
            f"{known} alone, {takes} <b>{_litres(both.on_site_l or both.off_site_l)}</b> of water. There is no total, "
            f"as the {missing} part has no figure: it is missing, not 0."
        )
    else:
        sentence = "Neither part of the water has a figure here: it is missing, not 0."
    rows = ([name, *map(_litres, (taken.on_site_l, taken.off_site_l, taken.total_l))] for name, taken in used.items())
    sources = (
        f"On-site: {on_site:g} l per kWh of IT equipment, without PUE. {fleet.entity}, {fleet.year}. {fleet.remark} "
        f"Source: {fleet.source}."
        if fleet
        else "On-site: no figure for this place; choose a provider.",
        f"Off-site: {off_site:.3g} l consumed per kWh at the meter, with PUE once: the country's electricity, by the "
        "World Resources Institute, as in EcoLogits. Reservoirs evaporate, so hydropower has little carbon and much "
        "water."
        if off_site is not None
        else "Off-site: no figure, as the scenario names no country.",
    )
    return WaterUse(
        sentence,
        charts.table(("Water of", "On-site", "Off-site", "Together"), rows),
        tuple(map(escape_markdown, sources)),
    )


def show_by_source() -> None:
    """Litres per kWh of each source of electricity, folded."""
    with st.expander("Litres per kWh, by source of electricity"):
        table.show_records(
            {"Source": source.entity, "Water consumed": f"{units.significant(source.l_per_kwh)} l/kWh"}
            for source in water.sources()
        )
        st.caption("Medians of US studies: Macknick et al. 2012.")


def _litres(interval: Interval | None) -> str:
    return "no figure" if interval is None else units.amount(interval, VOLUME)
