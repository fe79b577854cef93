"""The keyboard's focus after an option was removed: a browser loses it with the button that was pressed."""

import streamlit as st

from pages.session import keys

# The same for every option, so that pages/server/content_policy.py can allow it by its digest.
SCRIPT = """
  setTimeout(() => {
    const wanted = document.querySelector("[data-oce-focus]")?.dataset.oceFocus.split(" ")[0];
    document.querySelector(`.st-key-option_remove_${wanted} button`)?.focus({ preventScroll: true });
  }, 50);
"""


def move_to(number: int) -> None:
    """Asks for the focus on the card of an option."""
    keys.OPTION_FOCUS.set((number, keys.OPTION_FOCUS.get()[1] + 1))


def show() -> None:
    """Moves the focus where it was asked for since the last run."""
    number, times = keys.OPTION_FOCUS.get()
    if times:  # another text each time, or the script would not run
        st.html(
            f'<span hidden data-oce-focus="{number} {times}"></span><script>{SCRIPT}</script>',
            unsafe_allow_javascript=True,
        )
