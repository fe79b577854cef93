"""Elements of our own in the page: each is drawn by the script beside this file that is called as it is."""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from pages.server import assets


@cache
def element(name: str, *others: str) -> Callable[..., Any]:
    """The element that a script draws, with the other files that it needs."""
    return st.components.v2.component(f"oce_{name}", js=assets.script(f"{name}.js", *others), isolate_styles=False)
