"""By when? The devices that finish the run within a deadline."""

import streamlit as st

from oce import catalog
from oce.analysis import Impossible, alternatives, planning
from oce.estimation import Estimate
from oce.exports import sentence
from pages.sections import options
from pages.session import controls
from pages.widgets import table
from pages.widgets.text import escape_markdown


def show(result: Estimate) -> None:
    """The deadline, the devices to choose from, and how many of each it takes."""
    own, past, offered = result.scenario, result.past_runs, options.devices(result)
    priced = own.price_per_device_hour is not None
    st.markdown("## By when? The devices it takes")
    left, right = st.columns([1, 3], gap="large")
    with left:
        days = st.number_input(
            "Deadline (days)", 0.0, 36_525.0, step=1.0, format="%0.5g",
            key="plan_days", on_change=controls.keep_in_session("plan_days", 30.0),
        )  # fmt: skip
    with right:
        picked = st.multiselect(
            "Devices", offered, format_func=options.device_name,
            wrap=True, key="plan_devices",
            on_change=controls.keep_in_session("plan_devices", options.first_devices(result), offered),
        )  # fmt: skip
    found: tuple[planning.DeadlineOption, ...] = ()
    try:
        found = planning.deadline_options(own, float(days or 0.0), [catalog.device(key) for key in picked], past)
    except Impossible as why:
        st.warning(escape_markdown(str(why)))
    else:
        left_out = [options.device_name(key) for key in picked if key not in {one.device.id for one in found}]
        if not picked:
            st.markdown("Choose a device.")
        for key in picked if left_out else ():
            if options.device_name(key) in left_out and found:
                why_not = planning.why_not(own, float(days or 0.0), catalog.device(key), past)
                st.caption(escape_markdown(f"Left out: {options.device_name(key)}. {why_not}"))
    if found:
        fewest = found[0]
        called = f"{options.device_name(fewest.device.id)}**{options.unmeasured(result, fewest.device)}"
        st.markdown(
            f"To finish within **{days:g} days** even at the slow end of the interval takes at least "
            f"**{fewest.devices_careful:,} {called}. More devices shorten the time, and each is slower: energy and "
            "carbon rise."
        )
        said_of_speed = [f"Speed against {result.device.name}"] if result.device and own.method == "calibrated" else []
        table.show(
            [
                "Device",
                "Devices, central estimate",
                "Devices, to be careful",
                "Carbon",
                "Energy",
                *(["Cost"] if priced else []),
                *said_of_speed,
            ],
            [
                [
                    options.device_name(one.device.id),
                    f"{one.devices_central:,}",
                    f"{one.devices_careful:,}",
                    options.with_interval(one.result.total_co2e_kg, "total_co2e_kg"),
                    options.with_interval(one.result.energy_kwh, "energy_kwh"),
                    *([sentence.cost(one.result) or "no price"] if priced else []),
                    *(options.speed(result, one.device) for _ in said_of_speed),
                ]
                for one in found
            ],
        )
        weak = [one.device.name for one in found if alternatives.is_weak(result, one.device)]
        if weak:
            st.caption(
                escape_markdown(
                    f"Nobody has measured {' or '.join(weak)} and {result.device.name if result.device else ''} on one "
                    "stack: how they compare may turn out otherwise. Evidence shows what it rests on."
                )
            )
        with st.container(horizontal=True):
            for one in found[:6]:
                st.button(
                    f"Use {one.devices_careful:,} {one.device.name}", key=f"plan_use_{one.device.id}",
                    on_click=options.adopt, args=(one.result.scenario,),
                )  # fmt: skip
