"""What would it take? The changes that lower the carbon, one on top of another."""

from collections.abc import Sequence

import streamlit as st

from oce import units
from oce.analysis import levers
from oce.estimation import Estimate
from pages import charts
from pages.sections import options
from pages.session import controls
from pages.session.current_estimate import cached_estimate
from pages.widgets import table, view
from pages.widgets.text import escape_markdown
from pages.widgets.view import View

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
NOT_AT_FIRST = ("utilisation",)  # what nobody can simply choose


def content(result: Estimate, steps: Sequence[levers.Lever]) -> View:
    """What is drawn and listed of the changes."""
    totals = [cached_estimate(step.scenario, result.past_runs).total_co2e_kg for step in steps]
    rows = [
        {
            "Change": step.label if step.is_same_model else f"{step.label}: another model",
            "Saves": units.shown(step.before_kg - step.after_kg, units.MASS).replace(" ", options.NO_BREAK),
            "Leaves": options.with_interval(total, "total_co2e_kg"),
        }
        for step, total in zip(steps, totals, strict=True)
    ]
    return View(
        headline="What would it take?",
        charts={"levers": charts.lever_steps(steps, result)},
        tables={"lever-steps": table.of(rows)} if rows else {},
    )


def show(result: Estimate) -> None:
    """The changes to choose from, and what they save together."""
    st.markdown("## What would it take?")
    pulled: list[str] = []
    for heading, offered in OFFERED.items():
        st.caption(heading)
        with st.container(horizontal=True):
            for lever, label in offered.items():
                key = f"plan_lever_{lever}"
                if st.checkbox(label, key=key, on_change=controls.keep_in_session(key, lever not in NOT_AT_FIRST)):
                    pulled.append(lever)
    steps = levers.pulled(result.scenario, pulled, result.past_runs)
    shown = content(result, steps)
    view.show_chart(shown, "levers")
    if steps:
        view.show_table(shown, "lever-steps")
        st.button(
            "Make all of it your scenario", key="plan_use_levers",
            on_click=options.adopt, args=(steps[-1].scenario,),
        )  # fmt: skip
    unused = [label for key, label in LEVERS.items() if key in pulled and key not in {step.key for step in steps}]
    if unused:
        st.caption(escape_markdown(f"Would not lower the total any more: {', '.join(unused)}."))
