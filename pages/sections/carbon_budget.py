"""Within how much carbon? The largest run that fits into a budget."""

import math

import streamlit as st

from oce import units
from oce.analysis import Impossible, alternatives, budget
from oce.estimation import Estimate
from oce.scenario import Scenario
from pages.sections import options
from pages.session import controls
from pages.widgets import table
from pages.widgets.text import escape_markdown


def show(result: Estimate) -> None:
    """The budget, and the most parameters or tokens within it."""
    own, past, total = result.scenario, result.past_runs, result.total_co2e_kg
    st.markdown("## Within how much carbon? The largest run that fits")
    rounded_t = float(f"{total.central / 1000:.3g}")
    budget_t = st.number_input(
        "Carbon budget (t CO2e)", 0.0, 1e9, step=10.0 ** math.floor(math.log10(rounded_t or 1.0) - 0.5), format="%0.9g",
        key="plan_budget", on_change=controls.keep_in_session("plan_budget", rounded_t), width=320,
    )  # fmt: skip
    fitting: list[tuple[budget.Budget, Scenario]] = []
    refused: list[str] = []
    for field in budget.BUDGET_FIELDS:
        try:
            largest = budget.largest_run(own, 1000 * float(budget_t or 0.0), field, past)
        except Impossible as why:
            refused.append(str(why))
        else:
            fitting.append((largest, alternatives.with_size(own, field, largest.careful)))
    for why_not in dict.fromkeys(refused[:1] if own.amount != "tokens" else refused):
        st.warning(escape_markdown(why_not))
    if fitting:
        table.show(
            [
                "All else as it is",
                "Yours",
                "Largest, central estimate",
                "Largest, on average",
                "Largest, to be careful",
            ],
            [
                [
                    one.field.capitalize(),
                    units.compact(float(f"{getattr(own, 'token_count' if one.field == 'tokens' else one.field):.3g}")),
                    units.compact(float(f"{one.central:.3g}")),
                    "none" if one.mean is None else units.compact(float(f"{one.mean:.3g}")),
                    units.compact(float(f"{one.careful:.3g}")),
                ]
                for one, _ in fitting
            ],
        )
        for one, _ in fitting:
            if one.problem:
                st.caption(
                    escape_markdown(f"That many {one.field} need another number of devices than yours. {one.problem}")
                )
        st.caption(
            "Central estimate: the median, exceeded as often as not. On average: the mean, above the median, which is "
            "what many such runs come to. To be careful: even the high end of the interval is within the budget."
        )
        with st.container(horizontal=True):
            for one, smaller in fitting:
                st.button(
                    f"Use {units.compact(float(f'{one.careful:.3g}'))} {one.field}", key=f"plan_use_{one.field}",
                    on_click=options.adopt, args=(smaller,),
                )  # fmt: skip
