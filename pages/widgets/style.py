"""The app's own style sheet."""

from pathlib import Path

import streamlit as st


def apply() -> None:
    """Adds the style sheet to the page."""
    st.html(Path(__file__).with_name("style.css"))
