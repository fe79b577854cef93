"""Lifetime: and after training?"""

import html
from collections.abc import Mapping

import streamlit as st

from oce import descriptions, units
from oce.analysis import inference, lifetime, water
from oce.analysis.lifetime import DEFAULTS, HOURS_PER_DAY, PARTS, Service
from oce.analysis.water import WaterFigure
from oce.estimation import Estimate
from oce.field.accuracy import Conditions
from oce.interval import Interval
from oce.scenario import Scenario
from pages import charts
from pages.sections import usage
from pages.sections.usage import PAPER, QueryEnergy, Usage
from pages.session.current_estimate import cached_estimate, conditions_of, level_of, shown_estimate, title
from pages.session.link import Fields
from pages.widgets import chart_tables, export_panel, table, view
from pages.widgets.view import Figure, View

OF_SUMS = (
    "The parts add up to the total at the central values, at every instant; the total's interval is that of training "
    "and that of inference, low to low and high to high, and so on the careful side. The day on which inference passes "
    "training, and its share, take the energy of a query as independent of training: their relative half-widths add up "
    "in quadrature."
)


def content(result: Estimate, used: Usage) -> View:
    """What Lifetime says and draws of an estimate and of how its model is used."""
    level, here = level_of(result), conditions_of(result)
    query = usage.query_energy(result.scenario, used, level)
    service = Service(used.numbers["queries_per_day"], used.numbers["years"], query.kwh, query.embodied_kg)
    ends = lifetime.at_end(result, service)
    fleet = usage.fleet_of(used, result.region)
    litres = water_of(result, service, fleet)
    drawn: dict[str, charts.Chart] = {}
    if ends["total"].central > 0:
        drawn |= {
            "life": charts.training_against_inference(result, service),
            "parts": charts.parts_of_life(result, service),
            "shares": charts.shares_of_life(result, service),
        }
    return View(
        headline=lifetime.headline(result, service),
        figures=figures(result, service, ends),
        paragraphs={
            "strip": strip(here, service, query),
            "water": water_sentence(service, litres["Both"]),
            "basis": html.escape(query.basis),
            "sums-basis": html.escape(f"Training: {descriptions.level(result)} {OF_SUMS}"),
            **water_sources(result, fleet),
        },
        charts=drawn | {"tasks": charts.energy_of_a_query(inference.tasks(), level, query.kwh, query.name)},
        tables={
            "sums": sums(result, service, ends),
            "multi-purpose": multi_purpose(here),
            "water-use": charts.table(
                ("Water of", "On-site", "Off-site", "Together"),
                (
                    [name, *map(_litres, (taken.on_site_l, taken.off_site_l, taken.total_l))]
                    for name, taken in litres.items()
                ),
            ),
            "assumed": assumed(result, here, used, service, query),
        },
    )


def previewed(fields: Fields, query: Mapping[str, str]) -> View:
    result = cached_estimate(Scenario(**fields))
    return content(result, usage.of_link(result.scenario, query))


def figures(result: Estimate, service: Service, ends: Mapping[str, Interval]) -> tuple[Figure, ...]:
    in_service = lifetime.years(service.years)
    even = lifetime.break_even_days(result, service)
    if even is None:
        passes = view.worded("Passes training", "never", "")
    elif even.central > lifetime.FAR:
        passes = view.worded("Passes after", "1,000+ years", "")
    else:
        passes = view.figure("Passes training after", even * HOURS_PER_DAY, units.DURATION)
    share = lifetime.inference_share(result, service)
    low, central, high = map(lifetime.percent, share)
    of_share = "" if share.low == share.high else f"{low.removesuffix('%')}–{high}"
    of_query = units.shown(lifetime.co2e_kg_per_query(result, service).central, units.MASS)
    return (
        passes,
        view.worded(f"Inference's share, {in_service}", central, of_share),
        view.figure(f"All carbon, {in_service}", ends["total"], units.MASS),
        view.worded("Carbon of a query", of_query, lifetime.energy_in_words(service.kwh_per_query)),
    )


def strip(here: Conditions, service: Service, query: QueryEnergy) -> str:
    """What the answer rests on most, as the content of a paragraph."""
    asked = f"{units.compact(float(f'{service.queries_per_day:.3g}'))} queries a day"
    entered = " (assumed: enter yours)" if service.queries_per_day == DEFAULTS["queries_per_day"] else ""
    return (
        f"<b>Depends most on:</b> {html.escape(f'{asked}{entered} · {query.rests}')}. "
        f"<span>Inference on the same grid ({units.significant(here.g_per_kwh)} g CO2e/kWh) and with the same "
        f"PUE ({here.pue:g}) as training.</span>"
    )


def sums(result: Estimate, service: Service, ends: Mapping[str, Interval]) -> charts.Table:
    """The parts and their total at three instants."""
    total = ends["total"].central
    unit = units.unit_for(total, units.MASS)
    earlier = lifetime.lifetime(result, service, [0.0, service.days / 2])

    def row(label: str, name: str) -> list[str]:
        interval = ends[name]
        at_launch, halfway = earlier.total[1] if name == "total" else earlier.part(name)[1]
        amounts = [f"{units.significant(kg / unit.size)} {unit.name}" for kg in (at_launch, halfway, interval.central)]
        low, high = (units.significant(end / unit.size) for end in (interval.low, interval.high))
        of_all = interval.central / total if total > 0 else 0.0
        return [label, *amounts, f"{low}–{high} {unit.name}" if low != high else "none", lifetime.percent(of_all)]

    halfway, in_service = lifetime.years(service.years / 2), lifetime.years(service.years)
    return charts.table(
        ["Part", "At launch", f"After {halfway}", f"After {in_service}", "Interval", "Share"],
        [*(row(label, name) for name, label in PARTS.items()), row("Total", "total")],
    )


def multi_purpose(here: Conditions) -> charts.Table:
    """Models for many tasks, with the carbon of their queries on the grid of the scenario."""
    kg_per_kwh = here.pue * here.g_per_kwh / 1000
    return table.of(
        {
            "Model": model.name,
            "Parameters": units.compact(model.parameters),
            "Energy of a query": lifetime.energy_in_words(model.kwh_per_query),
            "Carbon with your grid and PUE": units.shown(model.kwh_per_query * kg_per_kwh, units.MASS),
        }
        for model in inference.multi_purpose()
    )


def assumed(result: Estimate, here: Conditions, used: Usage, service: Service, query: QueryEnergy) -> charts.Table:
    """What the answer takes as given, and from whom."""

    def origin(name: str, default: str) -> str:
        return default if used.is_default(name) else "Yours"

    users = origin(
        "queries_per_day",
        "Assumed: 10 million users a day, one query each, as was estimated of ChatGPT in 2023 "
        "(Power Hungry Processing, section 4.3)",
    )
    length = origin("output_tokens", "A small conversation in EcoLogits' calculator")
    tokens = ["Output tokens", f"{used.numbers['output_tokens']:,.0f}", length]
    devices = units.amount(lifetime.embodied_kg_per_query(result, service), units.MASS)
    both = "Your scenario, for training and inference alike"
    return charts.table(
        ["Value", "Used", "From"],
        [
            ["Queries a day", units.compact(service.queries_per_day), users],
            ["Years in service", f"{service.years:.3g}", origin("years", "Assumed")],
            *([tokens] if used.way == usage.MODELLED else []),
            ["Energy of a query", lifetime.energy_in_words(query.kwh), query.energy_from],
            ["Devices of a query", devices, query.embodied_from],
            ["PUE", f"{here.pue:g}", both],
            ["Grid", f"{units.significant(here.g_per_kwh)} g CO2e/kWh", both],
        ],
    )


def water_of(result: Estimate, service: Service, fleet: WaterFigure | None) -> dict[str, water.Water]:
    """The water that training and inference take; on-site by the figure of a fleet, if there is one."""
    training, served = lifetime.it_energy_kwh(result), service.kwh_per_query * service.queries
    energies = {
        "Training": training,
        f"Inference, {lifetime.years(service.years)}": served,
        "Both": training + served,
        "One query": service.kwh_per_query,
    }
    on_site, off_site = fleet.l_per_kwh if fleet else None, water.off_site_l_per_kwh(result.region)
    return {
        name: water.litres(energy, float(result.inputs.pue), on_site, off_site) for name, energy in energies.items()
    }


def water_sentence(service: Service, both: water.Water) -> str:
    """How much water training and inference take, in a sentence, as HTML."""
    takes = f"training and {lifetime.years(service.years)} of inference take"
    if both.total_l:
        return f"{takes.capitalize()} <b>{_litres(both.total_l)}</b> of water."
    if both.on_site_l or both.off_site_l:
        known, missing = ("On-site", "off-site") if both.on_site_l else ("Off-site", "on-site")
        return (
            f"{known} alone, {takes} <b>{_litres(both.on_site_l or both.off_site_l)}</b> of water. There is no total, "
            f"as the {missing} part has no figure: it is missing, not 0."
        )
    return "Neither part of the water has a figure here: it is missing, not 0."


def water_sources(result: Estimate, fleet: WaterFigure | None) -> dict[str, str]:
    """Where the figures for water are from, as HTML."""
    off_site = water.off_site_l_per_kwh(result.region)
    on_site_said = (
        f"On-site: {fleet.l_per_kwh:g} l per kWh of IT equipment, without PUE. {fleet.entity}, {fleet.year}. "
        f"{fleet.remark} Source: {fleet.source}."
        if fleet
        else "On-site: no figure for this place; choose a provider."
    )
    off_site_said = (
        f"Off-site: {off_site:.3g} l consumed per kWh at the meter, with PUE once: the country's electricity, by the "
        "World Resources Institute, as in EcoLogits. Reservoirs evaporate, so hydropower has little carbon and much "
        "water."
        if off_site is not None
        else "Off-site: no figure, as the scenario names no country."
    )
    return {"on-site water": html.escape(on_site_said), "off-site water": html.escape(off_site_said)}


def _litres(interval: Interval | None) -> str:
    return "no figure" if interval is None else units.amount(interval, water.VOLUME)


def show() -> None:
    result = shown_estimate()
    top = st.container()  # the answer: before the warnings, whatever is found out first
    used, keep = usage.of_visitor(result)
    shown = content(result, used)
    with top:
        title(shown.headline)
        view.show_figures(shown)
        view.show_paragraph(shown, "strip")
    usage.show(used, usage.ways_of(result.scenario), keep)
    view.show_paragraph(shown, "basis", "remark")
    show_curves(shown)
    show_queries(shown, level_of(result))
    chart_tables.show(shown.charts.values(), "lifetime")

    st.markdown("## Water")
    usage.show_fleet(keep)
    view.show_paragraph(shown, "water", "text")
    view.show_table(shown, "water-use")
    for name in ("on-site water", "off-site water"):
        view.show_paragraph(shown, name, "remark")
    with st.expander("Litres per kWh, by source of electricity"):
        table.show_records(
            {"Source": source.entity, "Water consumed": f"{units.significant(source.l_per_kwh)} l/kWh"}
            for source in water.sources()
        )
        st.caption("Medians of US studies: Macknick et al. 2012.")

    st.markdown("## What was assumed")
    view.show_table(shown, "assumed")
    st.markdown(
        "**Limits.** Every day has as many queries as the last, on the same grid; training counts from the first day. "
        "EcoLogits counts the tokens of the answer, not those of a long prompt; 8-bit weights about halve a large "
        "model's energy. Networks, storage, visitors' own devices and retraining are not counted."
    )
    export_panel.show_page(shown, result, counts_use=True)


def show_curves(shown: View) -> None:
    """Training against inference over the years, and the sums."""
    if "life" not in shown.charts:  # they need some carbon
        st.info("The grid emits nothing and no figure for making the devices is known, so there are no curves to draw.")
        return
    st.markdown("## The carbon, year by year")
    view.show_chart(shown, "life")
    view.show_beside(shown, ("parts", "shares"))
    st.markdown("## The sums")
    view.show_table(shown, "sums")
    view.show_paragraph(shown, "sums-basis", "remark")


def show_queries(shown: View, level: float) -> None:
    """The energy of a query beside what was measured."""
    st.markdown("## The energy of a query")
    view.show_chart(shown, "tasks")
    st.caption(
        f"{PAPER}, Table 2: mean and standard deviation over the models of a task, here with the {level:.0%} interval "
        "of a log-normal. One A100 of a node of eight in us-west-2, no batching, idle GPUs included; text generation "
        "is only 10 new tokens. Most of the printed figures have one digit."
    )
    with st.expander("Eight models for many tasks (Table 3)"):
        view.show_table(shown, "multi-purpose")
        st.caption(
            "Mean over question answering, text classification and summarization. The carbon printed there implies "
            "about 139 g CO₂e/kWh, not the 297.6 that the text states; only the energy is used here."
        )


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
