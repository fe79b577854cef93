"""The browser's history: a page that is changed to, and the scenario written after it, are one entry."""

from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).with_name("history.js").read_text(encoding="utf-8")  # allowed by its digest (content_policy.py)


def one_entry_a_page() -> None:
    """Puts the script on the page."""
    st.html(f"<script>{SCRIPT}</script>", unsafe_allow_javascript=True)
