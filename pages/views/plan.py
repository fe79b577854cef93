"""Plan: with what, where, by when?"""

import streamlit as st

from oce import descriptions, units
from oce.estimation import Estimate
from pages.sections import carbon_budget, combinations, deadline, levers, places
from pages.session.current_estimate import shown_estimate, title
from pages.widgets.view import View

# No preview while a slider moves: a run takes about 0.2 s, most of it for the places, the front and the levers.


def content(result: Estimate) -> View:
    """What Plan says of an estimate before the visitor asks anything; each section has a content of its own."""
    time, total = result.time_to_train_hours, result.total_co2e_kg
    in_words = f"{units.shown(time.central, units.DURATION)} and {units.shown(total.central, units.MASS)}"
    return View(
        headline=f"{in_words}: what would you change?",
        captions={
            "standing": f"Your scenario {descriptions.where(result)} takes {units.shown_range(time, units.DURATION)} "
            f"and emits {units.shown_range(total, units.MASS)}. {descriptions.level(result)}"
        },
    )


def show() -> None:
    """Draws the page."""
    result = shown_estimate()
    shown = content(result)
    title(shown.headline)
    st.markdown(shown.captions["standing"])
    deadline.show(result)
    carbon_budget.show(result)
    places.show(result)
    combinations.show(result)
    levers.show(result)


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
