"""With what, where, how many? Every combination, and those that no other beats in time and carbon."""

import math
from dataclasses import dataclass

import streamlit as st

from oce import catalog, units
from oce.analysis import Impossible, alternatives, combinations, planning
from oce.estimation import Estimate, interval_at
from oce.scenario import Scenario
from pages import charts
from pages.sections import options
from pages.session import controls, keys, state
from pages.widgets import chart_tables, table, view
from pages.widgets.text import escape_markdown
from pages.widgets.view import View

FIRST_REGIONS = ("USA", "FRA", "SWE")
COUNTS = tuple(2**power for power in range(18))
MOST_ROWS = 30  # of a table that is read, not searched
AXES = {"total_co2e_kg": "Carbon", "cost": "Cost"}  # what time is drawn against


@dataclass(frozen=True)
class Combinations:
    """Combinations of devices, regions and counts for a scenario; a row of `front` is one of them."""

    result: Estimate
    front: combinations.Combinations
    regions: tuple[str, ...]  # that were asked for
    against: str  # one of AXES

    def best(self) -> list[int]:
        """The rows that no other beats, the fastest first."""
        hours = self.front.columns["time_to_train_hours_central"]
        return sorted(map(int, self.front.pareto_front.nonzero()[0]), key=lambda row: (hours[row], row))

    def scenario(self, row: int) -> Scenario:
        """The scenario of a row."""
        columns = self.front.columns
        device, region = catalog.device(str(columns["device"][row])), catalog.region(str(columns["region"][row]))
        on_it = alternatives.in_region(alternatives.on_device(self.result.scenario, device), region)
        return on_it.replace(device_count=int(columns["device_count"][row]))

    def name(self, row: int) -> str:
        """A row, as it reads in a list."""
        columns = self.front.columns
        device = str(columns["device"][row])
        what = f"{int(columns['device_count'][row]):,} × {options.device_name(device)}"
        place = catalog.region(str(columns["region"][row])).name
        return f"{what}, {place}{options.unmeasured(self.result, catalog.device(device))}"

    def figure(self, row: int, name: str) -> str:
        """A figure of a row with its interval."""
        return options.with_interval(interval_at(self.front.columns, name, row), name)

    def cost(self, row: int) -> str:
        """What a row costs; a price is of the visitor's own device alone."""
        columns = self.front.columns
        cost = float(columns["cost_central"][row]) if "cost_central" in columns else math.nan
        return units.money(cost, self.result.scenario.currency) if math.isfinite(cost) else "no price"

    def rows(self) -> charts.Table:
        """The fastest of the best, as a table."""
        priced = self.result.scenario.price_per_device_hour is not None
        return charts.table(
            ["On the front", "Time to train", "Carbon", *(["Cost"] if priced else [])],
            [
                [
                    self.name(row),
                    self.figure(row, "time_to_train_hours"),
                    self.figure(row, "total_co2e_kg"),
                    *([self.cost(row)] if priced else []),
                ]
                for row in self.best()[:MOST_ROWS]
            ],
        )


def content(found: Combinations) -> View:
    """What is drawn and listed of the combinations."""
    drawn = charts.front if found.against == "total_co2e_kg" else charts.front_of_cost
    return View(
        headline="With what, where, how many? Every combination",
        charts={"front": drawn(found.front, found.result)},
        tables={"front-rows": found.rows()},
    )


def show(result: Estimate) -> None:
    """The devices, regions and counts to combine, and the front of their combinations."""
    st.markdown("## With what, where, how many? Every combination")
    found = _asked(result)
    if found is None:
        return
    shown = content(found)
    view.show_chart(shown, "front", on_pick=lambda data: _use(found, int(data[0])))
    chart_tables.show(shown.charts.values(), "front")
    bases = {catalog.region(key).basis for key in found.regions}
    if len(bases) > 1:
        st.warning(escape_markdown(f"Not counted alike: the regions chosen have {', '.join(sorted(bases))} figures."))
    st.caption(
        "Click a point to make it your scenario, or choose one here. With more devices time falls and carbon rises, "
        "as each has less of the batch to work on. Numbers that memory or batch rule out are left out."
    )
    listed = shown.tables["front-rows"]
    table.show(listed.columns, listed.rows)
    best = found.best()
    if len(best) > MOST_ROWS:
        st.caption(f"The fastest {MOST_ROWS} of {len(best)}; all are in the list below.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        row = st.selectbox("Combination", best, format_func=found.name, key="plan_combination", width=560)
        st.button("Make it your scenario", key="plan_use_front", on_click=_use, args=(found, row))


def _use(found: Combinations, row: int) -> None:
    """Makes a row the visitor's scenario."""
    options.adopt(found.scenario(row))


def _asked(result: Estimate) -> Combinations | None:
    """The controls, and the combinations that they ask for; nothing where there is none, which is said."""
    own, past = result.scenario, result.past_runs
    left, right = st.columns(2, gap="large")
    with left:
        offered, first = options.devices(result), options.first_devices(result)
        devices = st.multiselect(
            "Devices to combine", offered, format_func=options.device_name,
            wrap=True, key="plan_front_devices",
            on_change=controls.keep_in_session("plan_front_devices", first, offered),
        )  # fmt: skip
    with right:
        here = options.own_regions(result)
        places = [one.id for one in catalog.regions() if one.kind != "paper" or one.id in here]
        regions = st.multiselect(
            "Regions to combine", places, format_func=options.region_name,
            wrap=True, key="plan_front_regions",
            on_change=controls.keep_in_session(
                "plan_front_regions", list(dict.fromkeys([*FIRST_REGIONS, *here])), places
            ),
        )  # fmt: skip
    near = _near(result)
    kept = keys.chosen_in_session("plan_front_counts").get() or []
    counts = st.multiselect(
        "Device counts to combine", sorted({*COUNTS, *near, *kept}), format_func=lambda number: f"{number:,}",
        wrap=True, key="plan_front_counts", on_change=controls.keep_in_session("plan_front_counts", near),
    )  # fmt: skip
    against = "total_co2e_kg"
    if own.price_per_device_hour is not None:
        chosen = st.segmented_control(
            "Time against", list(AXES), format_func=AXES.__getitem__, required=True,
            key="plan_against", on_change=controls.keep_in_session("plan_against", "total_co2e_kg"),
        )  # fmt: skip
        against = chosen or against
    asked = (own, state.past_runs(), tuple(devices), tuple(regions), tuple(counts), against)
    try:
        if keys.FRONT_ASKED.get() != asked:
            with st.spinner("Working out every combination …"):
                keys.FRONT.set(combinations.combine(own, asked[2], asked[3], asked[4], past, against))
            keys.FRONT_ASKED.set(asked)
    except Impossible as why:
        st.warning(escape_markdown(str(why)))
        return None
    return Combinations(result, keys.FRONT.get(), tuple(regions), against)


def _near(result: Estimate) -> list[int]:
    """The scenario's own number of devices, and some about it that can be."""
    count = int(float(result.inputs.device_count))
    fewest, most = planning.possible_counts(result.scenario, result.past_runs)
    return sorted({count, *(n for n in (count // 4, count // 2, 2 * count) if max(fewest, 1) <= n <= most)})
