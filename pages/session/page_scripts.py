"""Scripts of ours that every page has: one entry of the browser's history a page; headlines spoken as they change."""

from pathlib import Path

import streamlit as st

# Allowed by their digests (content_policy.py).
SCRIPTS = tuple(Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8") for name in ("history", "spoken"))


def add() -> None:
    """Puts the scripts on the page."""
    st.html("".join(f"<script>{script}</script>" for script in SCRIPTS), unsafe_allow_javascript=True)
