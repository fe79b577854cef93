"""With what you have: the chance that the scenario as it is keeps to a deadline, a carbon budget and a cost."""

import html

import streamlit as st

from oce.analysis import verdict
from oce.analysis.verdict import WORDS, Verdict
from oce.estimation import Estimate
from pages.charts import table
from pages.sections import options
from pages.sections.plan_controls import Chosen
from pages.session import state
from pages.session.targets import TARGETS, Targets
from pages.widgets import target_entry, view
from pages.widgets.view import NO_ROWS, View

HEADING = "With what you have"
PLACEHOLDERS = {"deadline_days": "30", "carbon_budget_t": "none", "cost_budget": "none"}
NOTHING = "Enter a deadline, a carbon budget or, where a price is given, a cost: how likely your scenario keeps to it."


def ask(result: Estimate, targets: Targets) -> Verdict:
    """What the limits say of the scenario as it is."""
    return verdict.verdict([("Your scenario", result)], targets.deadline_hours, targets.budget_kg, targets.cost_budget)


def content(found: Verdict) -> View:
    """The chance of keeping to each limit, and what that comes to."""
    rows = [
        [
            f"{WORDS[one.figure].noun.capitalize()}: at most {verdict.limit_in_words(one, found.currency)}",
            _value(one, found),
            verdict.in_words(one.chances[0]),
        ]
        for one in found.limits
    ]
    return View(
        headline=HEADING,
        paragraphs={"verdict": html.escape(found.sentence() or NOTHING)},
        tables={"limits": table(["Limit", "Yours", "Chance to keep to it"], rows) if rows else NO_ROWS},
    )


def _value(limit: verdict.Limit, found: Verdict) -> str:
    """The scenario's figure with its interval."""
    (value,) = limit.values
    if value is None:
        return "no price"
    low, central, high = (verdict.shown(limit.figure, bound, found.currency) for bound in value)
    return central if value.is_point else f"{central} ({low} – {high})".replace(" ", options.NO_BREAK, 1)


def show(result: Estimate, chosen: Chosen, shown: View) -> None:
    """The limits, and what they say."""
    st.header(HEADING, anchor="have")
    priced = result.scenario.price_per_device_hour is not None or bool(state.extra("cost_budget"))
    names = [name for name in TARGETS if name != "cost_budget" or priced]
    with st.container(key="targets"):
        for column, name in zip(st.columns(len(names)), names, strict=True):
            with column:
                target_entry.show(name, chosen.targets, PLACEHOLDERS[name])
    view.show_paragraph(shown, "verdict", "text")
    view.show_table(shown, "limits")
    if not priced:
        st.caption("A cost can be limited too, once the sidebar's advanced part has the price of a device-hour.")
