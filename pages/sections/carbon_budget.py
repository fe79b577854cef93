"""Within how much carbon? The largest run that fits into a budget."""

import html
from dataclasses import dataclass

import streamlit as st

from oce import units
from oce.analysis import Impossible, alternatives, budget
from oce.analysis.budget import Budget
from oce.estimation import Estimate
from pages.charts import table
from pages.sections import options
from pages.sections.plan_controls import Chosen
from pages.widgets import view
from pages.widgets.view import NO_ROWS, View

HEADING = "Within how much carbon? The largest run that fits"


@dataclass(frozen=True)
class Answer:
    """The largest of each size within the budget, or why there is none."""

    budget_kg: float
    is_own: bool  # what the scenario emits, as the visitor gave no budget
    fitting: tuple[Budget, ...]
    impossible: tuple[str, ...]


def ask(result: Estimate, chosen: Chosen) -> Answer:
    """The largest runs."""
    own_kg = chosen.targets.budget_kg
    budget_kg = result.total_co2e_kg.central if own_kg is None else own_kg
    found = budget.largest_runs(result.scenario, budget_kg, past_runs=result.past_runs)
    fitting = tuple(one for one in found.values() if not isinstance(one, Impossible))
    refused = list(dict.fromkeys(str(one) for one in found.values() if isinstance(one, Impossible)))
    return Answer(
        budget_kg, own_kg is None, fitting, tuple(refused if result.scenario.amount == "tokens" else refused[:1])
    )


def content(result: Estimate, answer: Answer) -> View:
    """What is said and listed of the sizes."""
    run = result.scenario
    limit = units.shown(answer.budget_kg, units.MASS)
    of_whom = ", what your scenario emits by the central estimate" if answer.is_own else ""
    rows = [
        [
            one.field.capitalize(),
            _size(float(getattr(run, "token_count" if one.field == "tokens" else one.field))),
            _size(one.central),
            "none" if one.mean is None else _size(one.mean),
            _size(one.careful),
        ]
        for one in answer.fitting
    ]
    header = [
        "All else as it is",
        "Yours",
        "Largest, central estimate",
        "Largest, on average",
        "Largest, to be careful",
    ]
    return View(
        headline=HEADING,
        paragraphs={
            "budget": f"Within <b>{html.escape(limit)}</b>{of_whom}, on the devices that you have:" if rows else "",
            "budget-problem": html.escape(" ".join(answer.impossible)),
            "budget-devices": html.escape(
                " ".join(
                    f"That many {one.field} need another number of devices than yours. {one.problem}"
                    for one in answer.fitting
                    if one.problem
                )
            ),
        },
        tables={"budget-sizes": table(header, rows) if rows else NO_ROWS},
    )


def _size(value: float) -> str:
    return units.compact(float(f"{value:.3g}"))


def show(result: Estimate, answer: Answer, shown: View) -> None:
    """The most parameters or tokens within the budget."""
    st.header(HEADING, anchor="carbon")
    view.show_paragraph(shown, "budget-problem", "warning")
    view.show_paragraph(shown, "budget", "text")
    view.show_table(shown, "budget-sizes")
    view.show_paragraph(shown, "budget-devices", "remark")
    st.caption(
        "Central estimate: the median, exceeded as often as not. On average: the mean, above the median, which is "
        "what many such runs come to. To be careful: even the high end of the interval is within the budget."
    )
    careful = {one.field: one.careful for one in answer.fitting}
    with st.container(horizontal=True):
        for field in budget.BUDGET_FIELDS:
            st.button(
                f"Use as many {field} as fit", key=f"plan_use_{field}", disabled=field not in careful,
                help="To be careful.",
                on_click=_use, args=(result, field, careful.get(field, 0.0)),
            )  # fmt: skip


def _use(result: Estimate, field: str, size: float) -> None:
    """Makes the scenario as large as fits."""
    options.adopt(alternatives.with_size(result.scenario, field, size))
