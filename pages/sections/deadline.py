"""By when? The devices that finish the run within a deadline."""

import html
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from oce import catalog, units
from oce.analysis import Impossible, alternatives, planning
from oce.analysis.planning import Deadlines
from oce.estimation import Estimate
from oce.interval import Interval
from pages.charts import Table, table
from pages.sections import options
from pages.sections.plan_controls import Chosen
from pages.session.controls import Keep
from pages.widgets import view
from pages.widgets.view import NO_ROWS, View

HEADING = "By when? The devices it takes"
FIRST_DAYS = 30.0  # where the visitor has no deadline
MOST_BUTTONS = 6


@dataclass(frozen=True)
class Answer:
    """The devices that meet the deadline, or why none can."""

    days: float
    found: Deadlines
    impossible: str  # empty where it is not


def ask(result: Estimate, chosen: Chosen) -> Answer:
    """The devices it takes."""
    days = chosen.targets.deadline_days or FIRST_DAYS
    devices = [catalog.device(key) for key in chosen.devices]
    try:
        found = planning.deadlines(result.scenario, days, devices, result.past_runs)
    except Impossible as why:
        return Answer(days, Deadlines((), ()), str(why))
    nearest = found.nearest if not found.options else None
    return Answer(days, found, str(nearest.why) if nearest else "")


def content(result: Estimate, answer: Answer) -> View:
    """What is said and listed of the devices."""
    options_, left_out = answer.found.options, answer.found.left_out
    shown_left_out = [] if answer.impossible else left_out
    weak = [one.device.name for one in options_ if alternatives.is_weak(result, one.device)]
    return View(
        headline=HEADING,
        paragraphs={
            "deadline": _fewest(result, answer),
            "deadline-problem": html.escape(answer.impossible),
            "deadline-left-out": html.escape(
                " ".join(f"Left out: {options.device_name(one.device.id)}. {one.why}" for one in shown_left_out)
            ),
            "deadline-weak": html.escape(
                f"Nobody has measured {' or '.join(weak)} beside {result.device.name if result.device else ''} on one "
                "stack: how they compare may turn out otherwise. Evidence shows what it rests on."
            )
            if weak
            else "",
        },
        tables={"deadline-options": _rows(result, answer)},
    )


def _fewest(result: Estimate, answer: Answer) -> str:
    """The device of which the fewest are enough, as HTML."""
    if not answer.found.options:
        return "" if answer.found.left_out else "Choose a device."
    fewest = answer.found.options[0]
    called = html.escape(options.device_name(fewest.device.id))
    remark = html.escape(options.unmeasured(result, fewest.device))
    return (
        f"To finish within <b>{answer.days:g} days</b> even at the slow end of the interval takes at least "
        f"<b>{fewest.devices_careful:,} {called}</b>{remark}. More devices shorten the time, and each is slower: "
        "energy and carbon rise."
    )


def _rows(result: Estimate, answer: Answer) -> Table:
    if not answer.found.options:
        return NO_ROWS
    priced = result.scenario.price_per_device_hour is not None
    against = (
        [f"Speed against {result.device.name}"] if result.device and result.scenario.method == "calibrated" else []
    )
    return table(
        [
            *("Device", "Devices, central estimate", "Devices, to be careful", "Carbon", "Energy"),
            *(["Cost"] if priced else []),
            *against,
        ],
        [
            [
                options.device_name(one.device.id),
                f"{one.devices_central:,}",
                f"{one.devices_careful:,}",
                options.with_interval(one.total_co2e_kg, "total_co2e_kg"),
                options.with_interval(one.energy_kwh, "energy_kwh"),
                *([_cost(one.cost, result.scenario.currency)] if priced else []),
                *(options.speed(result, one.device) for _ in against),
            ]
            for one in answer.found.options
        ],
    )


def _cost(cost: Interval | None, currency: str | None) -> str:
    return "no price" if cost is None else units.money_amount(cost, currency)


def show(result: Estimate, chosen: Chosen, keep: Mapping[str, Keep], answer: Answer, shown: View) -> None:
    """The devices to choose from, and how many of each it takes."""
    st.header(HEADING, anchor="when")
    st.multiselect(
        "Devices", options.devices(result), format_func=options.device_name,
        wrap=True, key="plan_devices", on_change=keep["plan_devices"],
    )  # fmt: skip
    view.show_paragraph(shown, "deadline-problem", "warning")
    view.show_paragraph(shown, "deadline", "text")
    view.show_table(shown, "deadline-options")
    for name in ("deadline-weak", "deadline-left-out"):
        view.show_paragraph(shown, name, "remark")
    found = {one.device.id: one for one in answer.found.options}
    with st.container(horizontal=True):
        for key in chosen.devices[:MOST_BUTTONS]:
            st.button(
                f"Use {catalog.device(key).name}", key=f"plan_use_{key}", disabled=key not in found,
                help="As many as it takes to be careful.",
                on_click=options.adopt, args=(found[key].scenario if key in found else result.scenario,),
            )  # fmt: skip
