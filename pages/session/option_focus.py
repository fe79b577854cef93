"""The keyboard's focus after an option was moved or removed: a browser may lose it with the button that was pressed."""

import streamlit as st

from pages.session import keys

# The same for every option, so that pages/server/content_policy.py can allow it by its digest.
SCRIPT = """
  setTimeout(() => {
    const wanted = document.querySelector("[data-oce-focus]")?.dataset.oceFocus.split(" ")[0];
    document.querySelector(`.st-key-${wanted} button`)?.focus({ preventScroll: true });
  }, 50);
"""


def move_to(button: str) -> None:
    """Asks for the focus on a button, by its key."""
    keys.OPTION_FOCUS.set((button, keys.OPTION_FOCUS.get()[1] + 1))


def show() -> None:
    """Moves the focus where it was asked for since the last run."""
    button, times = keys.OPTION_FOCUS.get()
    if times:  # another text each time, or the script would not run
        st.html(
            f'<span hidden data-oce-focus="{button} {times}"></span><script>{SCRIPT}</script>',
            unsafe_allow_javascript=True,
        )
