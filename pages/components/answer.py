"""The answer to the scenario: its estimate, or what stands in the way."""

from __future__ import annotations

import streamlit as st

from oce import catalog
from oce.estimate import Estimate, alternatives, estimate
from oce.scenario import InputError
from pages.components import state
from pages.components.text import plain


def shown_estimate() -> Estimate:
    """The estimate of the visitor's scenario; where there is none, says why, offers a way on, and ends the page."""
    for problem in state.link_problems():
        st.warning(plain(f"In the link, {problem}. The rest of it was kept."))
    try:
        return estimate(state.scenario())
    except InputError as error:
        st.title("One thing is missing")
        for problem in error.problems:
            st.error(plain(str(problem)))
        _offer_devices()
        st.stop()


def _offer_devices() -> None:
    """Buttons for the devices with a published α, where the chosen one has none."""
    name = state.fields().get("device")
    if name is None:
        return
    device = catalog.device(str(name))
    if device.has_alpha:
        return
    st.markdown(
        f"The paper has no α for **{device.name}**. Take a device that has one, or give your own utilisation, "
        "rate or α under *Advanced* in the sidebar."
    )
    with st.container(horizontal=True):
        for other in alternatives(device):
            st.button(f"Use {other.name}", key=f"use-{other.id}", on_click=state.change, kwargs={"device": other.id})
