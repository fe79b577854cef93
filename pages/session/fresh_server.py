"""A defect of Streamlit to work around: the first visit to a server that has just started.

Where there is a folder called pages/, Streamlit 1.67 treats the very first run as an app of its old multipage mode. If
that visit is to a page other than the first (a link to /evidence that wakes a sleeping Space), it tells the browser
"Page not found" before our own navigation finds the page. Loading once more puts it right: by then the server knows.
"""

from __future__ import annotations

import streamlit as st


@st.cache_resource(show_spinner=False)
def _server() -> dict[str, bool]:
    return {"is fresh": True}


def load_once_more(first_page: bool) -> None:
    """Ends the first run of a fresh server with a reload, unless it is for the first page."""
    server = _server()
    fresh, server["is fresh"] = server["is fresh"], False
    if fresh and not first_page:
        st.html("<script>window.location.reload()</script>", unsafe_allow_javascript=True)
        st.stop()
