"""The top of the page, for when a button at its end leads on: the page would stay scrolled to where the button was."""

import streamlit as st

from pages.session import keys

# The same each time, so that pages/server/content_policy.py can allow it by its digest.
SCRIPT = """
  document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
"""


def ask() -> None:
    """Asks for the top of the page after this run; called by controls, before it."""
    keys.PAGE_TOP.set(keys.PAGE_TOP.get() + 1)


def show() -> None:
    """Scrolls there where that was asked for since the last run."""
    times = keys.PAGE_TOP.get()
    if times:  # another text each time, or the script would not run
        st.html(f'<span hidden data-oce-top="{times}"></span><script>{SCRIPT}</script>', unsafe_allow_javascript=True)
