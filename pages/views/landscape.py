"""Landscape: where does it stand?"""

import html
from collections.abc import Mapping
from urllib.parse import quote

import streamlit as st

from oce import catalog, units
from oce.estimation import Estimate
from oce.field import energy_sources, timeline
from oce.field import equipment_era as era
from oce.field.leaderboard import of_run
from oce.field.timeline import Placed
from oce.fields import Throughput
from oce.interval import Interval
from oce.scenario import Scenario
from pages import charts
from pages.sections import leaderboard
from pages.sections.benchmark_panel import tonnes
from pages.session import controls, link, state
from pages.session.current_estimate import cached_estimate, level_of, shown_estimate
from pages.session.link import Fields
from pages.widgets import chart, chart_tables, table, view
from pages.widgets.view import View

HEADLINE = "Where does it stand?"
VIEWS = {"models": "Models in time", "era": "Equipment era", "energy": "Where energy comes from"}
ALPHA_MEANS = "α is the one with which the paper's curve f(t) = ln(1 + αt) takes exactly the reported device-hours. "
RECIPES = {"calibrated": "Calibrated", "published": "The paper's method"}
UNITS = {"utilisation": "Utilisation", "alpha": "The paper's α"}
SIDES = {"year": "Year", "size": "Model size"}
CHOICES = {  # each with the view that it is of, and what can be chosen, the default first
    "view": ("", VIEWS),
    "against": ("models", RECIPES),
    "unit": ("era", UNITS),
    "by": ("era", SIDES),
}


def content(result: Estimate, chosen: str, recipe: Throughput) -> View:
    """What Landscape says of an estimate, and the charts that change with it, in one of `VIEWS`."""
    mine = result.operational_co2e_kg
    placed = leaderboard.milestones(recipe, level_of(result))
    drawn: dict[str, charts.Chart] = {}
    if chosen == "models":
        drawn = {"timeline": charts.timeline(placed, mine, result.device)}
    elif chosen == "energy":
        sources = [source for source in energy_sources.sources() if source.set == "ipcc-2014"]
        drawn = {"sources": charts.scenario_on_each(result, sources)}
    return View(headline=HEADLINE, paragraphs={"standing": standing(mine, placed)}, charts=drawn)


def previewed(fields: Fields, query: Mapping[str, str]) -> View:
    chosen = link.chosen(query, {name: tuple(allowed) for name, (_, allowed) in CHOICES.items()})
    return content(cached_estimate(Scenario(**fields)), chosen["view"], recipe_named(chosen["against"]))


def recipe_named(text: str) -> Throughput:
    """How the models of the time line are estimated, by what the link says of it."""
    return "published" if text == "published" else "calibrated"


def standing(mine: Interval, placed: tuple[Placed, ...]) -> str:
    """Where the scenario stands on the time line, in a sentence, as HTML."""
    above = [model for model in placed if model.todays.central >= mine.central]
    beside = "above them all"
    if above:
        nearest = min(above, key=lambda model: model.todays.central)
        of_it = units.shown(nearest.todays.central, units.MASS)
        beside = f"just below {html.escape(nearest.milestone.model)} ({of_it})"
    return (
        f"<b>Your scenario's {units.shown(mine.central, units.MASS)}</b> "
        f"({units.shown_range(mine, units.MASS)}, operational) would be number <b>{len(above) + 1}</b> among the "
        f"paper's {len(placed)} models, {beside}."
    )


def switch(label: str, name: str) -> str:
    options = CHOICES[name][1]
    chosen, keep = controls.keep_in_link(name, next(iter(options)), options)
    controls.show_choice(label, name, options, keep)
    return chosen


def take_milestone(picked: list[str]) -> None:
    """Makes a model of the time line the scenario."""
    state.take(next(model for model in timeline.milestones() if model.id == picked[0]).fields)


def take_run(picked: list[str]) -> None:
    entry = of_run(picked[0])
    if entry is not None:
        state.take(entry.fields)


def show() -> None:
    result = shown_estimate()
    st.title(HEADLINE, anchor=False)
    if result.operational_co2e_kg.central == 0:
        st.warning(
            "At 0 g CO₂e/kWh your scenario emits nothing: it stands below every model, and off the charts' scales."
        )
    held, recipe = state.extra("view"), recipe_named(state.extra("against"))
    shown = content(result, held if held in VIEWS else "models", recipe)
    view.show_paragraph(shown, "standing", "text")
    chosen = switch("View", "view")
    for name, (of_view, options) in CHOICES.items():
        if of_view not in ("", chosen) and state.extra(name) not in ("", *options):
            state.refuse(name, ", ".join(options), next(iter(options)))
    if chosen == "models":
        models_in_time(shown, leaderboard.milestones(recipe, level_of(result)))
        leaderboard.show(result)
    elif chosen == "era":
        equipment_era(result)
    else:
        where_energy_comes_from(shown)


def key(symbol: charts.Key) -> str:
    """A symbol with what it stands for; a picture, as Streamlit lets no SVG into a page."""
    colour = symbol.colour
    look = f"fill='{colour}'" if symbol.filled else f"fill='none' stroke='{colour}' stroke-width='1.5'"
    path = f"<path d='{symbol.outline}' {look}/>"
    drawn = quote(f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='-1 -1 12 12'>{path}</svg>")
    return f"<span><img alt='' width='12' height='12' src='data:image/svg+xml,{drawn}'> {symbol.name}</span>"


def models_in_time(shown: View, placed: tuple[Placed, ...]) -> None:
    """The time line of the models placed on it."""
    recipe = switch("Estimated by", "against")
    view.show_chart(shown, "timeline", on_pick=take_milestone)
    st.html(f"<p class='key'>{' '.join(map(key, charts.keys(placed)))}</p>")
    how = (
        "the paper's α, TDP and grid, no PUE"
        if recipe == "published"
        else "the calibrated throughput, power at the server's plug, the paper's grid, a usual PUE"
    )
    st.caption(
        f"Operational carbon by {how}, with today's compute of each model (Epoch AI, CC BY). A grey dash is what the "
        "paper's own compute gives, where the two differ by more than 10%, by the factor at the name. The paper says "
        f"42 models; its text lists {len(placed)}, over {len({model.milestone.task for model in placed})} tasks, and "
        "does not tell which is one too many. In full colour: models on your device's generation, where there are any; "
        "point at a mark for its name. Click a mark to make it your scenario."
    )
    with st.expander("The time line as a table, with sources"):
        table.show_sortable(
            (
                {
                    "Model": model.milestone.model,
                    "Date": model.milestone.date.isoformat(),
                    "Task": model.milestone.task,
                    "Device": catalog.device(model.milestone.device).name,
                    "Operational, t CO2e": tonnes(model.todays.central),
                    "Low, t": tonnes(model.todays.low),
                    "High, t": tonnes(model.todays.high),
                    "With the paper's compute, t": tonnes(model.papers.central),
                    "Today's compute / the paper's": float(f"{model.milestone.compute_ratio:.3g}"),
                    "Compute is": model.milestone.flop_confidence,
                    "Note": model.milestone.note,
                    "Source": model.milestone.source,
                }
                for model in placed
            ),
            alt="The models of the time line with their carbon and sources",
        )


def equipment_era(result: Estimate) -> None:
    """α and utilisation of every reported run."""
    with st.container(horizontal=True):
        unit = switch("Shown as", "unit")
        by = switch("Against", "by")
    points = era.run_points()
    chart.show(charts.runs_over(points, unit, by, result.device), "era-runs", on_pick=take_run)
    chart.show(charts.by_device(era.by_device(), unit), "era-devices", on_pick=take_run)
    st.caption(
        "Runs whose compute and device-hours are known apart from each other. "
        + ("" if unit == "utilisation" else ALPHA_MEANS)
        + "The paper's interval as a utilisation: for the middle compute of the runs on that device. In full colour: "
        "your device's generation; point at a mark for its name. Click a mark to make that run your scenario."
    )
    with st.expander("The runs as a table, with sources"):
        table.show_sortable(
            (
                {
                    "Model": point.run.model,
                    "Organisation": point.run.organisation,
                    "Year": point.run.year,
                    "Device": catalog.device(point.run.device).name,
                    "Utilisation": f"{point.utilisation:.1%}",
                    **({} if unit == "utilisation" else {"log₁₀ α": float(f"{point.log10_alpha:.3g}")}),
                    "Source": point.run.source,
                }
                for point in points
            ),
            alt="Every run with its utilisation, α and source",
            column_config={"Year": st.column_config.NumberColumn(format="%d")},
        )


def where_energy_comes_from(shown: View) -> None:
    """The scenario on each source of electricity, and what the survey printed."""
    view.show_chart(shown, "sources")
    chart_tables.show([shown.charts["sources"]], "sources")
    st.caption(
        "Green, plain: low-carbon, at most 150 g/kWh. Red, hatched: not. Lifecycle medians of the IPCC (2014), which "
        "count building the plant; the bars carry your scenario's interval, not that of the source."
    )
    chart.show(charts.survey_sources(energy_sources.survey()), "survey")
    st.markdown(
        "**Over the years and by task**, as far as that survey prints it: emissions per model grew about 100-fold from "
        "2012 to its last years; for no task alone did they rise steadily, and machine translation peaked in 2019. The "
        "95 models together emitted about 253 t CO₂e. Its “487” and “2020 tons” a model, for 2015–16 and 2020–22, "
        "cannot be tonnes beside that total: they must be kilograms."
    )
    with st.expander("Every number that the survey prints, and other lifecycle figures"):
        table.show_sortable(
            (
                {
                    "About": statement.subject,
                    "Which": statement.group,
                    "What": statement.quantity,
                    "Value": _amount(statement.value, statement.low, statement.high),
                    "Unit": statement.unit,
                    "Where": statement.place,
                    "Words": statement.quote,
                    "Note": statement.note,
                    "Source": statement.source,
                }
                for statement in energy_sources.survey()
            ),
            alt="Every number that the survey prints",
        )
        table.show_sortable(
            (
                {
                    "Source of electricity": source.name,
                    "g CO2e/kWh": _amount(source.g_per_kwh, source.low, source.high),
                    "Counts": source.basis,
                    "By": energy_sources.SETS[source.set],
                    "Source": source.source,
                    "Note": source.note,
                }
                for source in energy_sources.sources()
            ),
            alt="Lifecycle intensity of each source of electricity, by author",
        )


def _amount(value: float | None, low: float | None, high: float | None) -> str:
    central, least, most = ("" if number is None else f"{number:g}" for number in (value, low, high))
    between = f"{least}–{most}" if least or most else ""
    return f"{central} ({between})" if central and between else central or between


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
