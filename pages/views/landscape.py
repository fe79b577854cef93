"""Landscape: where does it stand?"""

from urllib.parse import quote

import pandas as pd
import streamlit as st

from oce import catalog, units
from oce.estimation import Estimate
from oce.field import energy_sources, leaderboard, timeline
from oce.field import equipment_era as era
from oce.field.accuracy import Conditions
from oce.field.leaderboard import RankedModel
from oce.field.timeline import Placed
from pages import charts
from pages.session import state
from pages.session.current_estimate import shown_estimate
from pages.widgets import chart, chart_tables

VIEWS = {"models": "Models in time", "era": "Equipment era", "energy": "Where energy comes from"}
RECIPES = {"calibrated": "Calibrated", "published": "The paper's α"}
UNITS = {"utilisation": "Utilisation", "alpha": "α"}
COUNTED = ("Carbon, t CO2e", "Low, t", "High, t", "Reported, t", "Device-hours", "Reported hours")
SIDES = {"year": "Year", "size": "Model size"}


@st.cache_data(show_spinner=False, max_entries=32)
def ranked(here: Conditions, level: float) -> tuple[RankedModel, ...]:
    """Every model of our tables with its estimate, done once for each grid."""
    return leaderboard.ranked(here, level)


def take_milestone(picked: list[str]) -> None:
    """Makes a model of the time line the scenario."""
    state.take(next(one for one in timeline.milestones() if one.id == picked[0]).fields)


def take_run(picked: list[str]) -> None:
    """Makes a reported run the scenario."""
    entry = leaderboard.of_run(picked[0])
    if entry is not None:
        state.take(entry.fields)


def keep_search() -> None:
    """Keeps what is sought in the link."""
    state.keep_extra("search", st.session_state["search"].strip())


def take_entry(entries: tuple[RankedModel, ...]) -> None:
    """Makes the model of the row that was picked the scenario."""
    rows = st.session_state[f"leaderboard_{_taken()}"].selection.rows
    if rows and rows[0] < len(entries):
        st.session_state["entries_taken"] = _taken() + 1  # another key: the order may change, and the tick with it
        state.take(entries[rows[0]].fields)


def _taken() -> int:
    number: int = st.session_state.get("entries_taken", 0)
    return number


def switch(label: str, name: str, default: str, options: dict[str, str]) -> str:
    """A choice that the link keeps."""
    keep = state.choice(name, default, options)
    st.segmented_control(label, list(options), format_func=options.get, key=name, on_change=keep, required=True)
    chosen: str = st.session_state[name]
    return chosen


def key(one: charts.Key) -> str:
    """A symbol with what it stands for; a picture, as Streamlit lets no SVG into a page."""
    look = f"fill='{one.colour}'" if one.filled else f"fill='none' stroke='{one.colour}' stroke-width='1.5'"
    path = f"<path d='{one.outline}' {look}/>"
    drawn = quote(f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='-1 -1 12 12'>{path}</svg>")
    return f"<span><img alt='' width='12' height='12' src='data:image/svg+xml,{drawn}'> {one.name}</span>"


def models_in_time(result: Estimate, placed: tuple[Placed, ...]) -> None:
    """The time line of the models placed on it, and the leaderboard."""
    recipe = switch("Estimated by", "against", "calibrated", RECIPES)
    chart.show(charts.timeline(placed, mine), "timeline", on_pick=take_milestone)
    st.html(f"<p class='key'>{' '.join(map(key, charts.keys(placed)))}</p>")
    how = (
        "the paper's α, TDP and grid, no PUE"
        if recipe == "published"
        else "the calibrated throughput, power at the server's plug, the paper's grid, a usual PUE"
    )
    st.caption(
        f"Operational carbon by {how}, with today's compute of each model (Epoch AI, CC BY). A grey dash is what the "
        "paper's own compute gives, where the two differ by more than 10%, by the factor at the name. The paper says "
        f"42 models; its text lists {len(placed)}, over {len({one.milestone.task for one in placed})} tasks, and does "
        "not tell which is one too many. Click a mark to make it your scenario."
    )
    with st.expander("The time line as a table, with sources"):
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        "Model": one.milestone.model,
                        "Date": one.milestone.date.isoformat(),
                        "Task": one.milestone.task,
                        "Device": catalog.device(one.milestone.device).name,
                        "Carbon, t CO2e": _tonnes(one.todays.central),
                        "Low, t": _tonnes(one.todays.low),
                        "High, t": _tonnes(one.todays.high),
                        "With the paper's compute, t": _tonnes(one.papers.central),
                        "Today's compute / the paper's": float(f"{one.milestone.compute_ratio:.3g}"),
                        "Compute is": one.milestone.flop_confidence,
                        "Note": one.milestone.note,
                        "Source": one.milestone.source,
                    }
                    for one in placed
                ]
            ),
            hide_index=True,
            alt="The models of the time line with their carbon and sources",
        )
    everything(result)


def everything(result: Estimate) -> None:
    """The leaderboard of every model in our tables."""
    here = Conditions(float(result.inputs.carbon_intensity_g_per_kwh), float(result.inputs.pue))
    entries = ranked(here, level)
    reported = [one for one in entries if one.reported_co2e_t and one.operational_co2e_kg]
    st.markdown(
        f"## Every model in our tables\n{len(entries)} models, the largest estimate first; {len(reported)} of them "
        "have a reported emission beside it. Pick a row to make it your scenario."
    )
    st.session_state["search"] = state.extra("search")
    sought = st.text_input(
        "Search", key="search", on_change=keep_search, placeholder="model, organisation, device or year", width=320
    )
    shown = tuple(one for one in entries if sought.strip().casefold() in _text(one))
    if not shown:
        st.info("No model of our tables has that in its name, organisation, device or year.")
        return
    with st.container(key="leaderboard"):
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        "Model": one.model,
                        "Carbon, t CO2e": _tonnes(one.operational_co2e_kg.central) if one.operational_co2e_kg else None,
                        "Low, t": _tonnes(one.operational_co2e_kg.low) if one.operational_co2e_kg else None,
                        "High, t": _tonnes(one.operational_co2e_kg.high) if one.operational_co2e_kg else None,
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
            ),
            hide_index=True,
            key=f"leaderboard_{_taken()}",
            on_select=lambda: take_entry(shown),
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


def equipment_era() -> None:
    """α and utilisation of every reported run."""
    with st.container(horizontal=True):
        unit = switch("Shown as", "unit", "utilisation", UNITS)
        by = switch("Against", "by", "year", SIDES)
    points = era.run_points()
    chart.show(charts.runs_over(points, unit, by), "era-runs", on_pick=take_run)
    chart.show(charts.by_device(era.by_device(), unit), "era-devices", on_pick=take_run)
    chart.show(charts.alpha_against_peak(points), "era-peak")
    st.caption(
        "Runs whose compute and device-hours are known apart from each other. α is the one with which the paper's "
        "curve f(t) = ln(1 + αt) takes exactly the reported device-hours. The paper's interval as a utilisation: for "
        "the middle compute of the runs on that device. Click a mark to make that run your scenario."
    )
    with st.expander("The runs as a table, with sources"):
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        "Model": one.run.model,
                        "Organisation": one.run.organisation,
                        "Year": one.run.year,
                        "Device": catalog.device(one.run.device).name,
                        "Utilisation": f"{one.utilisation:.1%}",
                        "log₁₀ α": float(f"{one.log10_alpha:.3g}"),
                        "Source": one.run.source,
                    }
                    for one in points
                ]
            ),
            hide_index=True,
            alt="Every run with its utilisation, α and source",
            column_config={"Year": st.column_config.NumberColumn(format="%d")},
        )


def where_energy_comes_from(result: Estimate) -> None:
    """The scenario on each source of electricity, and what the survey printed."""
    ipcc = [one for one in energy_sources.sources() if one.set == "ipcc-2014"]
    on_each = charts.scenario_on_each(result, ipcc)
    chart.show(on_each, "sources")
    chart_tables.show(lambda: [on_each], "sources")
    st.caption(
        "Green, plain: low-carbon, at most 150 g/kWh. Red, hatched: not. Lifecycle medians of the IPCC (2014), which "
        "count building the plant; the bars carry your scenario's interval, not that of the source."
    )
    chart.show(charts.survey_sources(energy_sources.survey()), "survey")
    st.markdown(
        "**Over the years and by task**, as far as that survey prints it: emissions per model grew about 100-fold from "
        "2012 to its last years; for no task alone did they rise steadily, and machine translation peaked in 2019. The "
        "95 models together emitted about 253 t CO2e. Its “487” and “2020 tons” a model, for 2015–16 and 2020–22, "
        "cannot be tonnes beside that total: they must be kilograms."
    )
    with st.expander("Every number that the survey prints, and other lifecycle figures"):
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        "About": one.subject,
                        "Which": one.group,
                        "What": one.quantity,
                        "Value": _amount(one.value, one.low, one.high),
                        "Unit": one.unit,
                        "Where": one.place,
                        "Words": one.quote,
                        "Note": one.note,
                        "Source": one.source,
                    }
                    for one in energy_sources.survey()
                ]
            ),
            hide_index=True,
            alt="Every number that the survey prints",
        )
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        "Source of electricity": one.name,
                        "g CO2e/kWh": _amount(one.g_per_kwh, one.low, one.high),
                        "Counts": one.basis,
                        "By": energy_sources.SETS[one.set],
                        "Source": one.source,
                        "Note": one.note,
                    }
                    for one in energy_sources.sources()
                ]
            ),
            hide_index=True,
            alt="Lifecycle intensity of each source of electricity, by author",
        )


def _tonnes(kg: float) -> float:
    return float(f"{kg / 1000:.3g}")


def _amount(value: float | None, low: float | None, high: float | None) -> str:
    between = (
        ""
        if low is None and high is None
        else f"{'' if low is None else f'{low:g}'}–{'' if high is None else f'{high:g}'}"
    )
    if value is None:
        return between
    return f"{value:g}" + (f" ({between})" if between else "")


def _text(one: RankedModel) -> str:
    return f"{one.model} {one.organisation} {one.year} {catalog.device(str(one.fields['device'])).name}".casefold()


result = shown_estimate()
mine = result.operational_co2e_kg
level = result.level or 0.8

st.title("Where does it stand?", anchor=False)
if mine.central == 0:
    st.warning("At 0 g CO2e/kWh your scenario emits nothing: it stands below every model, and off the charts' scales.")
recipe = "published" if state.extra("against") == "published" else "calibrated"
emitted = timeline.emissions(recipe, level)
above = [one for one in emitted if one.todays.central >= mine.central]
next_one = min(above, key=lambda one: one.todays.central) if above else None
beside = (
    f"just below {next_one.milestone.model} ({units.shown(next_one.todays.central, units.MASS)})"
    if next_one
    else "above them all"
)
st.markdown(
    f"**Your scenario's {units.shown(mine.central, units.MASS)}** "
    f"({units.shown_range(mine, units.MASS)}, operational) would be number **{len(above) + 1}** among the "
    f"paper's {len(emitted)} models, {beside}."
)
view = switch("View", "view", "models", VIEWS)
for drawn_in, name, default, options in (
    ("models", "against", "calibrated", RECIPES),
    ("era", "unit", "utilisation", UNITS),
    ("era", "by", "year", SIDES),
):
    if view != drawn_in and state.extra(name) not in ("", *options):
        state.refuse(name, ", ".join(options), default)
if view == "models":
    models_in_time(result, emitted)
elif view == "era":
    equipment_era()
else:
    where_energy_comes_from(result)
