"""The sidebar: your scenario. Every control shows the scenario's fields and, when moved, changes them."""

import streamlit as st

from pages.session import compared_options, compared_scenarios, keys, state
from pages.widgets import number_entry
from pages.widgets.sidebar import advanced, answer, hardware, model, size, throughput


def show() -> None:
    """Draws every control; the scenario is in `state` afterwards."""
    hardware.keep_to_its_precisions()
    with st.sidebar:
        st.markdown("## Your scenario")
        beside = st.empty()  # every control
        if keys.PAGE.get() == "compare":
            st.caption(compared_scenarios.changed_by_sidebar(compared_options.entries()))
        model.show()
        size.show()
        hardware.show_device()
        number_entry.large("device_count", "Device count")
        hardware.show_region()
        hardware.show_pue()
        model.show_taken_over()
        throughput.show()
        advanced.show()
        told = answer.content(state.fields(), state.calibration_runs())
        beside.html(f"<p class='answer' data-oce='{answer.NAME}'>{told}</p>")
