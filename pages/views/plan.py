"""Plan: with what, where, by when?"""

import html
from collections.abc import Mapping

import streamlit as st

from oce import descriptions, units
from oce.errors import InputError, Problem
from oce.estimation import Estimate
from oce.scenario import Scenario
from pages.sections import carbon_budget, combinations, deadline, levers, places, plan_controls, wanted
from pages.sections.plan_answers import Answers, answers
from pages.sections.plan_controls import Chosen
from pages.session import state
from pages.session.current_estimate import cached_estimate, shown_estimate, title
from pages.session.link import Fields
from pages.widgets import export_panel, view
from pages.widgets.view import View

MOST_PREVIEWED = 5_000  # combinations; more are left to the run of the page
SECTIONS = {  # the index: each section by its anchor
    "have": wanted.HEADING,
    "when": "By when?",
    "carbon": "Within how much carbon?",
    "where": "Where?",
    "combinations": "Every combination",
    "levers": "What would it take?",
}


def content(result: Estimate, chosen: Chosen, found: Answers) -> View:
    """What Plan says and draws.

    Args:
        result: The estimate of the scenario.
        chosen: What is asked.
        found: What was found out.
    """
    time, total = result.time_to_train_hours, result.total_co2e_kg
    parts = (
        wanted.content(found.wanted),
        deadline.content(result, found.deadline),
        carbon_budget.content(result, found.budget),
        places.content(result, found.places),
        combinations.content(found.combinations),
        levers.content(result, chosen, found.levers),
    )
    standing = (
        f"Your scenario {descriptions.where(result)} takes {units.shown_range(time, units.DURATION)} and emits "
        f"{units.shown_range(total, units.MASS)}. {descriptions.level(result)}"
    )
    in_words = f"{units.shown(time.central, units.DURATION)} and {units.shown(total.central, units.MASS)}"
    return View(
        headline=f"{in_words}: what would you change?",
        paragraphs={"standing": html.escape(standing)} | {k: v for part in parts for k, v in part.paragraphs.items()},
        tables={name: rows for part in parts for name, rows in part.tables.items()},
        charts={name: drawn for part in parts for name, drawn in part.charts.items()},
    )


def previewed(fields: Fields, query: Mapping[str, str]) -> View:
    """The view while a slider moves.

    Raises:
        InputError: Where something that the link asks of the plan cannot be used.
    """
    result = cached_estimate(Scenario(**fields))
    chosen = plan_controls.of_link(result, query)
    if chosen.combinations > MOST_PREVIEWED:
        raise InputError(
            [Problem("combine_counts", float(chosen.combinations), f"at most {MOST_PREVIEWED:,} to combine")]
        )
    return content(result, chosen, answers(result, chosen))


def show() -> None:
    """Draws the page."""
    result = shown_estimate()
    top = st.container()  # the answer: before the warnings, whatever is found out first
    chosen, keep = plan_controls.of_visitor(result, state.extras_of_page())
    found = answers(result, chosen)
    shown = content(result, chosen, found)
    with top:
        title(shown.headline)
        view.show_paragraph(shown, "standing", "text")
        links = "".join(f"<a href='#{anchor}'>{html.escape(name)}</a>" for anchor, name in SECTIONS.items())
        st.html(f"<nav class='index' aria-label='On this page'>{links}</nav>")
    wanted.show(result, chosen, shown)
    deadline.show(result, chosen, keep, found.deadline, shown)
    carbon_budget.show(result, found.budget, shown)
    places.show(result, chosen, keep, found.places, shown)
    combinations.show(result, chosen, keep, found.combinations, shown)
    levers.show(result, chosen, keep, found.levers, shown)
    export_panel.show_page(shown, result)


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
