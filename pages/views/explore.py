"""Explore: how much, how long, how sure?"""

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from oce import catalog, descriptions, units
from oce.analysis import equivalences, option_names, sensitivity
from oce.analysis.equivalences import Equivalent
from oce.analysis.sensitivity import Swing
from oce.estimation import Estimate
from oce.evaluation import refit
from oce.scenario import Scenario
from pages import charts
from pages.sections import bridge
from pages.session import link, preset, state
from pages.session.current_estimate import cached_estimate, cached_swings, shown_estimate, title
from pages.session.link import Fields
from pages.session.preset import FromPreset
from pages.widgets import chart_tables, export_panel, view
from pages.widgets.view import Figure, View

ABOUT = (
    "What training a large AI model will emit, take and use, before it is trained: for those who plan it, report on it "
    "or teach about it. Your scenario is in the sidebar."
)
FIGURES = ("total_co2e_kg", "time_to_train_hours", "energy_kwh", "device_hours")


def content(
    result: Estimate, model: catalog.Model | None, swings: Sequence[Swing], taken_over: FromPreset | None = None
) -> View:
    """What Explore says and draws of an estimate, of the preset that it is of (if any), and of what moves it most.

    ``taken_over`` is what of the scenario a preset gave.
    """
    reported = refit.reported_run(model, result) if model else ""
    notes = [note.text for note in result.notes if note.code != "chips"]  # the sidebar says those of chips
    return View(
        headline=descriptions.headline(result, name_of(model)),
        figures=figures(result),
        paragraphs={
            "about": ABOUT,
            "strip": strip(result, swings),
            "notes": "<br>".join(map(html.escape, [*([reported] if reported else []), *notes])),
        },
        lists={"pictures": "".join(map(picture, equivalences.equivalents(result)))},
        charts={
            "tornado": charts.tornado(result, swings),
            "carbon": charts.carbon_parts(result),
            "time": charts.time_by_devices(result),
            "throughput": charts.throughput_curve(result),
        },
        tables={
            "assumed": charts.table(
                ("Value", "Used", "Source", "Year"),
                [
                    *(
                        [descriptions.label(taken.field), descriptions.value(taken), taken.source, taken.year]
                        for taken in result.assumptions
                    ),
                    *(taken_over.rows() if taken_over else ()),
                ],
            )
        },
    )


def previewed(fields: Fields, query: Mapping[str, str]) -> View:
    result = cached_estimate(Scenario(**fields))
    return content(result, link.model_of(fields), cached_swings(result), preset.of_link(query, fields))


def name_of(model: catalog.Model | None) -> str:
    return model.name if model else "this model"


def figures(result: Estimate) -> tuple[Figure, ...]:
    """The answer in numbers, and its cost where the scenario has a price."""
    found = (
        view.figure(units.LABELS[name], getattr(result, name), units.SCALES[name], "device-hours") for name in FIGURES
    )
    return (*found, *cost(result))


def cost(result: Estimate) -> tuple[Figure, ...]:
    if result.cost is None:
        return ()
    (low, low_unit), (central, unit), (high, high_unit) = (
        units.money(bound, result.scenario.currency).partition(" ")[::2] for bound in result.cost
    )
    between = f"{low}–{high} {high_unit}" if low_unit == high_unit else f"{low} {low_unit} – {high} {high_unit}"
    return (Figure("Cost", central, unit, between),)


def strip(result: Estimate, swings: Sequence[Swing]) -> str:
    """What the answer rests on most, as the content of a paragraph."""
    most = [swing.now for swing in swings if swing.field not in sensitivity.COMPUTE_FIELDS][:3]
    return (
        f"<b>Depends most on:</b> {' · '.join(map(html.escape, most))}. "
        f"<span>{html.escape(f'{result.method}. {descriptions.level(result)}')}</span>"
    )


def picture(equivalent: Equivalent) -> str:
    """What the run compares with, as an item of a list."""
    low, central, high = map(units.significant, equivalent.count)
    between = "" if low == high else f" ({low}–{high})"
    return f"<li><b>{central}</b> {html.escape(equivalent.label)}{between}</li>"


def opened(saved: export_panel.ScenariosByName) -> None:
    """Makes the first scenario of a saved file yours."""
    state.replace(link.with_ids(saved[0][1]))
    state.confirm()


def show() -> None:
    result, model = shown_estimate(), state.model()
    shown = content(result, model, cached_swings(result), preset.held())

    # The answer
    title(shown.headline)
    view.show_figures(shown)
    view.show_paragraph(shown, "about", "text")
    view.show_paragraph(shown, "strip")
    view.show_paragraph(shown, "notes", "remark")

    st.page_link("pages/views/evidence.py", label="How far can this be trusted? Every reported run, and your own")

    st.markdown("## The carbon")
    with st.container(key="pairs-carbon"):
        view.show_chart(shown, "tornado")
        with st.container():
            view.show_chart(shown, "carbon")
            pictures = equivalences.equivalents(result)
            sources = "\n".join(f"- {equivalent.label}: {equivalent.source}" for equivalent in pictures)
            st.markdown("### Picture it", help=sources)
            view.show_list(shown, "pictures")

    st.markdown("## The time")
    with st.container(key="pairs-time"):
        for name in ("time", "throughput"):
            view.show_chart(shown, name)

    chart_tables.show(shown.charts.values(), "explore")
    export_panel.show([(model.name if model else option_names.trained(result), result)], opened)

    # Against what was reported
    bridge.show_preset(model, result)

    # What was assumed
    st.markdown("## What was assumed")
    view.show_table(shown, "assumed")
    st.caption(
        f"{result.method} {descriptions.METHOD_VERSION}, data {result.data_version}. Change them in the sidebar."
    )


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
