"""Streamlit's old multipage mode, which it takes wherever a folder is called pages/, until an app says otherwise.

Streamlit 1.67 looks for that folder when a server's first visitor comes. If that visit is to a page other than the
first (a link to /evidence that wakes a sleeping Space), it tells the browser "Page not found" before the app's own
navigation finds the page.
"""

from streamlit.runtime.pages_manager import PagesManager


def turn_off() -> bool:
    """Turns it off for this server; returns whether it was on, and so has already answered its first visitor."""
    was_on = bool(PagesManager.uses_pages_directory)
    PagesManager.uses_pages_directory = False
    return was_on
