"""The sidebar: your scenario. Every control shows the scenario's fields and, when moved, changes them."""

import streamlit as st

from pages.session import compared_options, compared_scenarios, controls, edited, keys, state
from pages.widgets import number_entry
from pages.widgets.sidebar import advanced, answer, hardware, model, size, throughput
from pages.widgets.text import escape_markdown


def show() -> None:
    """Draws every control; the scenario is in `state` afterwards."""
    edited.choose(edited.option())  # another page, or an option that is gone: your scenario again
    hardware.keep_to_its_precisions()
    with st.sidebar:
        if keys.PAGE.get() == "compare":
            _what_is_changed()
        else:
            st.markdown("## Your scenario")
        beside = st.empty()  # every control
        model.show()
        size.show()
        hardware.show_device()
        number_entry.large("device_count", "Device count")
        hardware.show_region()
        hardware.show_pue()
        model.show_taken_over()
        throughput.show()
        advanced.show()
        told = answer.content(edited.fields(), state.calibration_runs())
        beside.html(f"<p class='answer' data-oce='{answer.NAME}'>{told}</p>")


def _what_is_changed() -> None:
    """Your scenario, from which the options of Compare start, or one of them: said, and chosen."""
    options, numbers, now = compared_options.entries(), compared_options.numbers(), edited.option()
    st.markdown(f"## Option {edited.place() + 1}" if now else "## Your scenario")
    names = {edited.ALL: "All"} | {number: str(at) for at, number in enumerate(numbers, 1)}
    controls.show(keys.EDITED_CHOICE.name, now)
    st.segmented_control(
        "Changes option", list(names), format_func=names.__getitem__, key=keys.EDITED_CHOICE.name, required=True,
        on_change=lambda: edited.choose(keys.EDITED_CHOICE.get() or edited.ALL),
        help="All: what the options share, your scenario. A number: that option alone.",
    )  # fmt: skip
    own = compared_options.own()
    said = compared_scenarios.changed_alone(options[edited.place()], edited.place(), own) if now else ""
    st.caption(escape_markdown(said or compared_scenarios.changed_by_sidebar(options)))
