"""With what, where, how many? Every combination, and those that no other beats in time and carbon."""

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from oce import catalog, units
from oce.analysis import Impossible, alternatives, combinations
from oce.errors import InputError
from oce.estimation import Estimate, interval_at
from oce.scenario import Scenario
from pages import charts
from pages.sections import options
from pages.sections.plan_controls import AGAINST, OF_YOURS, Chosen, counts_offered
from pages.session import state
from pages.session.controls import Keep
from pages.widgets import chart_tables, view
from pages.widgets.text import escape_markdown
from pages.widgets.view import NO_ROWS, View

HEADING = "With what, where, how many? Every combination"
MOST_ROWS = 30  # of a table that is read, not searched


@dataclass(frozen=True)
class Answer:
    """Combinations of devices, regions and counts for a scenario; a row of `front` is one of them."""

    result: Estimate
    front: combinations.Combinations | None
    impossible: str  # why there is none; empty where there are
    against: str  # one of AGAINST

    def best(self) -> list[int]:
        """The rows that no other beats, the fastest first."""
        if self.front is None:
            return []
        hours = self.front.columns["time_to_train_hours_central"]
        return sorted(map(int, self.front.pareto_front.nonzero()[0]), key=lambda row: (hours[row], row))

    def scenario(self, row: int) -> Scenario:
        """The scenario of a row."""
        assert self.front is not None
        columns = self.front.columns
        device, region = catalog.device(str(columns["device"][row])), catalog.region(str(columns["region"][row]))
        on_it = alternatives.in_region(alternatives.on_device(self.result.scenario, device), region)
        return on_it.replace(device_count=int(columns["device_count"][row]))

    def name(self, row: int) -> str:
        """A row, as it reads in a list."""
        assert self.front is not None
        columns = self.front.columns
        device = str(columns["device"][row])
        what = f"{int(columns['device_count'][row]):,} × {options.device_name(device)}"
        place = catalog.region(str(columns["region"][row])).name
        return f"{what}, {place}{options.unmeasured(self.result, catalog.device(device))}"

    def figure(self, row: int, name: str) -> str:
        """A figure of a row with its interval."""
        assert self.front is not None
        return options.with_interval(interval_at(self.front.columns, name, row), name)

    def cost(self, row: int) -> str:
        """What a row costs; a price is of the visitor's own device alone."""
        assert self.front is not None
        columns = self.front.columns
        cost = float(columns["cost_central"][row]) if "cost_central" in columns else math.nan
        return units.money(cost, self.result.scenario.currency) if math.isfinite(cost) else "no price"

    def rows(self) -> charts.Table:
        """The fastest of the best, as a table."""
        priced = self.result.scenario.price_per_device_hour is not None
        best = self.best()[:MOST_ROWS]
        if not best:
            return NO_ROWS
        return charts.table(
            ["On the front", "Time to train", "Carbon", *(["Cost"] if priced else [])],
            [
                [
                    self.name(row),
                    self.figure(row, "time_to_train_hours"),
                    self.figure(row, "total_co2e_kg"),
                    *([self.cost(row)] if priced else []),
                ]
                for row in best
            ],
        )


def ask(result: Estimate, chosen: Chosen) -> Answer:
    """The combinations of what is chosen."""
    counts = chosen.counts(float(result.inputs.device_count))
    try:
        found = combinations.combine(
            result.scenario, chosen.combine_devices, chosen.combine_regions, counts, result.past_runs, chosen.against
        )
    except (Impossible, InputError) as why:
        return Answer(result, None, str(why), chosen.against)
    return Answer(result, found, "", chosen.against)


def content(answer: Answer) -> View:
    """What is drawn and listed of the combinations."""
    if answer.front is None:
        drawn = charts.no_front(answer.result, answer.impossible)
    else:
        front = charts.front if answer.against == "total_co2e_kg" else charts.front_of_cost
        drawn = front(answer.front, answer.result)
    more = len(answer.best()) - MOST_ROWS
    return View(
        headline=HEADING,
        paragraphs={
            "front-more": html.escape(f"The fastest {MOST_ROWS} of {more + MOST_ROWS}; all are in the list below.")
            if more > 0
            else ""
        },
        charts={"front": drawn},
        tables={"front-rows": answer.rows()},
    )


def show(result: Estimate, chosen: Chosen, keep: Mapping[str, Keep], answer: Answer, shown: View) -> None:
    """The devices, regions and counts to combine, and the front of their combinations."""
    st.header(HEADING, anchor="combinations")
    _ask(result, chosen, keep)
    view.show_chart(shown, "front", on_pick=lambda data: _use(answer, int(data[0])))
    chart_tables.show([shown.charts["front"]], "front")
    bases = {catalog.region(key).basis for key in chosen.combine_regions}
    if len(bases) > 1:
        st.warning(escape_markdown(f"Not counted alike: the regions chosen have {', '.join(sorted(bases))} figures."))
    st.caption(
        "Click a point to make it your scenario, or choose one here. With more devices time falls and carbon rises, "
        "as each has less of the batch to work on. Numbers that memory or batch rule out are left out."
    )
    view.show_table(shown, "front-rows")
    view.show_paragraph(shown, "front-more", "remark")
    best = answer.best()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        row = st.selectbox(
            "Combination", best, format_func=answer.name, key="plan_combination", width=560, disabled=not best
        )
        st.button("Make it your scenario", key="plan_use_front", on_click=_use, args=(answer, row), disabled=not best)


def _use(answer: Answer, row: int) -> None:
    """Makes a row the visitor's scenario."""
    options.adopt(answer.scenario(row))


def _ask(result: Estimate, chosen: Chosen, keep: Mapping[str, Keep]) -> None:
    """The controls."""
    left, right = st.columns(2, gap="large")
    with left:
        st.multiselect(
            "Devices to combine", options.devices(result), format_func=options.device_name,
            wrap=True, key="combine_devices", on_change=keep["combine_devices"],
        )  # fmt: skip
    with right:
        st.multiselect(
            "Regions to combine", options.regions(result), format_func=options.region_name,
            wrap=True, key="combine_regions", on_change=keep["combine_regions"],
        )  # fmt: skip
    st.multiselect(
        "Device counts to combine", counts_offered(state.extra("combine_counts")),
        format_func=lambda one: OF_YOURS[one][1] if one in OF_YOURS else f"{int(one):,}",
        wrap=True, key="combine_counts", on_change=keep["combine_counts"],
    )  # fmt: skip
    if result.scenario.price_per_device_hour is not None:
        st.segmented_control(
            "Time against", list(AGAINST), format_func=AGAINST.__getitem__, required=True,
            key="combine_against", on_change=keep["combine_against"],
        )  # fmt: skip
