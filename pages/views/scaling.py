"""Scaling: is the accuracy worth the carbon?"""

from collections.abc import Mapping

import streamlit as st

from oce import catalog, units
from oce.errors import InputError, Problem
from oce.estimation import Estimate
from oce.field import accuracy
from oce.field.accuracy import BENCHMARKS
from oce.scenario import Scenario
from pages import charts
from pages.sections import benchmark_panel
from pages.sections.benchmark_panel import Panel
from pages.session import controls, keys, link, state
from pages.session.current_estimate import cached_estimate, conditions_of, level_of, shown_estimate
from pages.session.link import Fields
from pages.widgets import chart_tables, export_panel, table, view
from pages.widgets.text import escape_markdown
from pages.widgets.view import View

HEADLINE = "Is the accuracy worth the carbon?"
GRIDS = {"same": "Same grid for all", "own": "Each its own grid"}
MODELS = {"all": "All models", "paper": "The paper's figure 7"}
JOINED = {"yes": "yes", "no": "no"}
CHOICES = {"grids": tuple(GRIDS), "models": tuple(MODELS), "families": tuple(JOINED)}  # the default of each first


def content(
    result: Estimate, panels: Mapping[str, Panel], scores: Mapping[str, float | None], own: bool, joined: bool
) -> View:
    """What Scaling says and draws of an estimate beside the models of each benchmark and the visitor's scores [%].

    Each model is under its `own` grid or under that of the estimate; those of a family can be `joined`.
    """
    mine = result.operational_co2e_kg
    stands = [
        benchmark_panel.standing(name, panel.points, mine, scores[name])
        for name, panel in panels.items()
        if panel.points
    ]
    paragraphs = {
        "standing": f"<b>Your scenario emits {units.shown(mine.central, units.MASS)}</b> "
        f"({units.shown_range(mine, units.MASS)}). {' '.join(stands)}"
    }
    against, by_year = {}, {}
    for name, panel in panels.items():
        points, finding = panel.points, panel.finding
        if finding is not None:
            paragraphs[f"price-{name}"] = benchmark_panel.price(name, finding, mine)
            against[f"accuracy-{name}"] = charts.accuracy_against_carbon(
                name, points, finding, mine, scores[name], joined
            )
            by_year[f"years-{name}"] = charts.price_by_year(name, points, own)
    return View(headline=HEADLINE, paragraphs=paragraphs, charts=against | by_year)


def previewed(fields: Fields, query: Mapping[str, str]) -> View:
    result = cached_estimate(Scenario(**fields))
    chosen = link.chosen(query, CHOICES)
    if conditions_of(result).g_per_kwh == 0:
        raise InputError([Problem("carbon_intensity_g_per_kwh", 0.0, "above 0")])
    scores = {name: benchmark_panel.own_score(name, query.get(name, "")) for name in BENCHMARKS}
    own, joined = chosen["grids"] == "own", chosen["families"] == "yes"
    return content(result, panels_of(result, own, chosen["models"] == "paper"), scores, own, joined)


def panels_of(result: Estimate, own: bool, paper: bool) -> dict[str, Panel]:
    here, level = conditions_of(result), level_of(result)
    return {name: benchmark_panel.panel(name, here, own, paper, level) for name in BENCHMARKS}


def score_of(benchmark: str) -> float | None:
    """The score that the visitor gave, from the link; says so where it is none."""
    text = state.extra(benchmark)
    try:
        return benchmark_panel.own_score(benchmark, text)
    except InputError:
        wrong = f"{BENCHMARKS[benchmark]} score “{text[:40]}” cannot be used; allowed: {benchmark_panel.SCORES}"
        st.error(escape_markdown(wrong))
        return None


def keep_score(benchmark: str) -> None:
    state.keep_extra(benchmark, keys.own_score(benchmark).get().strip())


def take(picked: list[str]) -> None:
    """Makes the model of a point that was clicked the scenario."""
    row = next((row for row in accuracy.scored() if row.id == picked[0]), None)
    if row is not None and row.training_flop is None:
        st.toast(f"The compute of {row.model} is not known, only its device-hours: it cannot be your scenario.")
    elif row is not None:
        preset = next((model for model in catalog.models() if row.id == f"{model.id}-{row.benchmark}"), None)
        state.take(preset.fields if preset else row.fields)


def show() -> None:
    result = shown_estimate()
    here, level = conditions_of(result), level_of(result)
    st.title(HEADLINE, anchor=False)
    if here.g_per_kwh == 0:
        st.warning("At 0 g CO₂e/kWh no training emits anything, so there is nothing to compare. Choose another grid.")
        st.stop()
    chosen = {name: controls.keep_in_link(name, allowed[0], allowed) for name, allowed in CHOICES.items()}
    keep = {name: kept for name, (_, kept) in chosen.items()}
    own, joined = chosen["grids"][0] == "own", chosen["families"][0] == "yes"
    scores = {benchmark: score_of(benchmark) for benchmark in BENCHMARKS}
    panels = panels_of(result, own, chosen["models"][0] == "paper")
    shown = content(result, panels, scores, own, joined)
    view.show_paragraph(shown, "standing", "text")
    ask(keep)
    where = (
        "Each model under the grid of where it was trained, as far as that is known (today's intensity of the place "
        "where its own was not reported), and its own PUE or else yours."
        if own
        else f"Every model under your grid ({units.significant(here.g_per_kwh)} g CO₂e/kWh) and PUE ({here.pue:g}), "
        "so that only model and device differ."
    )
    st.caption(
        f"Operational carbon of the final run, power at the server's plug. {where} Filled marks: from reported "
        f"device-hours; the {level:.0%} interval of their power is in the table. Open marks: estimated, with that of "
        "the hours too. Click a mark to make it your scenario."
    )
    for benchmark, panel in panels.items():
        show_benchmark(shown, benchmark, panel)

    st.markdown("## What the same score has cost, year by year")
    by_year = [f"years-{benchmark}" for benchmark in panels]
    view.show_beside(shown, by_year, on_pick=take)
    st.caption(
        "Correlation is not cause: data, architecture and the year differ too. The training of a teacher model, or of "
        "the model that wrote the training text, is not counted, which favours small models taught by large ones. "
        "Intervals here come from drawing whole families of models again and again. The paper's own claim, from its "
        "figure 7: language scores rise with carbon, vision scores need not."
    )
    chart_tables.show([shown.charts[name] for name in by_year if name in shown.charts], "years")
    export_panel.show_page(shown, result)


def ask(keep: Mapping[str, controls.Keep]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        controls.show_choice("Grid and PUE", "grids", GRIDS, keep["grids"])
        controls.show_choice("Models", "models", MODELS, keep["models"])
        controls.show_choice("Join families", "families", JOINED, keep["families"])
        for benchmark, name in BENCHMARKS.items():
            entry = keys.own_score(benchmark)
            controls.show(entry.name, state.extra(benchmark))
            st.text_input(
                f"Your {name} score, %", key=entry.name, on_change=keep_score, args=(benchmark,),
                placeholder="if you have one", width=190,
            )  # fmt: skip


def show_benchmark(shown: View, benchmark: str, panel: Panel) -> None:
    """The chart of a benchmark, what it says, and its models."""
    if panel.finding is None:
        st.markdown(f"## {BENCHMARKS[benchmark]} against carbon\nToo few models have what this choice needs.")
        return
    view.show_chart(shown, f"accuracy-{benchmark}", on_pick=take)
    view.show_paragraph(shown, f"price-{benchmark}", "text")
    with st.expander(f"The front step by step, and all {len(panel.points)} models with their sources"):
        table.show_records(benchmark_panel.steps(panel.points))
        sources = map(benchmark_panel.with_sources, panel.points)
        table.show_sortable(sources, alt=f"{BENCHMARKS[benchmark]}: every model with its sources")
    left = ", ".join(f"{count}: {reason}" for reason, count in accuracy.left_out(benchmark).items())
    if left:
        st.caption(f"Not drawn, of {BENCHMARKS[benchmark]}: {left}.")


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
