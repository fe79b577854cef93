"""What would it take? The changes that lower the carbon, one on top of another."""

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from oce import units
from oce.analysis import levers
from oce.analysis.levers import Lever
from oce.estimation import Estimate
from pages import charts
from pages.sections import options
from pages.sections.plan_controls import Chosen
from pages.session import controls, keys
from pages.session.controls import Keep
from pages.widgets import view
from pages.widgets.glossary import with_meanings
from pages.widgets.view import NO_ROWS, View

HEADING = "What would it take?"
SAME_MODEL = {
    "region": "Region",
    "device": "Device",
    "precision": "fp8",
    "utilisation": "Better utilisation",
    "life": "Longer device life",
    "pue": "PUE",
    "overhead": "Less overhead",
}
OTHER_MODEL = {"experts": "Mixture of experts", "tokens": "Fewer tokens"}
LEVERS = SAME_MODEL | OTHER_MODEL
OFFERED = {"The same model, for less:": SAME_MODEL, "Another model, perhaps worse:": OTHER_MODEL}


def ask(result: Estimate, chosen: Chosen) -> tuple[Lever, ...]:
    """The changes, one on top of another."""
    return levers.pulled_from(result, chosen.levers)


def content(result: Estimate, chosen: Chosen, steps: Sequence[Lever]) -> View:
    """What is drawn and listed of the changes."""
    rows = [
        [
            one.label if one.is_same_model else f"{one.label}: another model",
            units.shown(one.before_kg - one.after_kg, units.MASS).replace(" ", options.NO_BREAK),
            options.with_interval(one.total_co2e_kg, "total_co2e_kg"),
        ]
        for one in steps
    ]
    unused = [LEVERS[key] for key in LEVERS if key in chosen.levers and key not in {one.key for one in steps}]
    return View(
        headline=HEADING,
        paragraphs={
            "levers-unused": html.escape(f"Would not lower the total any more: {', '.join(unused)}." if unused else "")
        },
        charts={"levers": charts.lever_steps(steps, result)},
        tables={"lever-steps": charts.table(["Change", "Saves", "Leaves"], rows) if rows else NO_ROWS},
    )


def show(result: Estimate, chosen: Chosen, keep: Mapping[str, Keep], steps: Sequence[Lever], shown: View) -> None:
    """The changes to choose from, and what they save together."""
    st.header(HEADING, anchor="levers")

    def ticked() -> None:
        st.session_state["plan_levers"] = [one for one in LEVERS if keys.lever(one).get()]
        keep["plan_levers"]()

    for heading, offered in OFFERED.items():
        st.caption(heading)
        with st.container(horizontal=True):
            for one, label in offered.items():
                controls.show(keys.lever(one).name, one in chosen.levers)
                st.checkbox(
                    label, key=keys.lever(one).name, on_change=ticked, help=with_meanings("", label).strip() or None
                )
    view.show_chart(shown, "levers")
    view.show_table(shown, "lever-steps")
    st.button(
        "Make all of it your scenario", key="plan_use_levers", disabled=not steps,
        on_click=options.adopt, args=(steps[-1].scenario if steps else result.scenario,),
    )  # fmt: skip
    view.show_paragraph(shown, "levers-unused", "remark")
