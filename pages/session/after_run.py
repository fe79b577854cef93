"""What the browser does after a run of the page: it scrolls to the top, or gives a button the keyboard's focus.

A button at the end of a page that leads on would leave it scrolled to where the button was; and a browser may lose the
focus with a button that moves or goes.
"""

import streamlit as st

from pages.session import keys

TOP = "top"
# The same each time, so that pages/server/content_policy.py can allow it by its digest.
SCRIPT = f"""
  const wanted = document.querySelector("[data-oce-after]")?.dataset.oceAfter.split(" ")[0];
  if (wanted === "{TOP}") document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  else setTimeout(() => document.querySelector(`.st-key-${{wanted}} button`)?.focus({{ preventScroll: true }}), 50);
"""


def ask(wanted: str) -> None:
    """Asks for the top of the page, or for the focus on a button, by its key; called by controls, before the run."""
    keys.AFTER_RUN.set((wanted, keys.AFTER_RUN.get()[1] + 1))


def show() -> None:
    """Does what was asked for since the last run."""
    wanted, times = keys.AFTER_RUN.get()
    if times:  # another text each time, or the script would not run
        asked = f'<span hidden data-oce-after="{wanted} {times}"></span><script>{SCRIPT}</script>'
        st.html(asked, unsafe_allow_javascript=True)
