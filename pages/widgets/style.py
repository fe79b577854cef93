"""The app's own style sheet, and the colours of its themes."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
# As Streamlit calls them within elements of our own; nothing else of the page has them from it.
COLOURS = {
    "primary-color": "primaryColor",
    "text-color": "textColor",
    "background-color": "backgroundColor",
    "secondary-background-color": "secondaryBackgroundColor",
    "border-color": "borderColor",
    "link-color": "linkColor",
}


def apply() -> None:
    """Adds the style sheet to the page."""
    st.html(f"<style>{sheet()}</style>")


def give_slides_the_window() -> None:
    """Adds what slides need to the page, for this run."""
    st.html(f"<style>{compact(Path(__file__).with_name('slides.css').read_text(encoding='utf-8'))}</style>")


@cache
def sheet() -> str:
    """The style sheet with the colours of both themes; Streamlit says by `color-scheme` which of them is shown."""
    light, dark = theme("light"), theme("dark")
    colours = "".join(f"--st-{name}:light-dark({light[key]},{dark[key]});" for name, key in COLOURS.items())
    return f".stApp{{{colours}}}{compact(Path(__file__).with_name('style.css').read_text(encoding='utf-8'))}"


def compact(css: str) -> str:
    """A style sheet without comments and line breaks; a break stands after a comma, a semicolon or a brace."""
    return re.sub(r"/\*.*?\*/|\s*\n\s*", "", css, flags=re.DOTALL)


@cache
def theme(name: str) -> Mapping[str, str]:
    """The colours of the light or the dark theme."""
    found: Mapping[str, str] = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][name]
    return found
