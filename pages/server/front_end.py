"""The files of the installed Streamlit's front end: its page, its scripts, its fonts."""

from pathlib import Path

import streamlit as st

FILES = Path(st.__file__).parent / "static"


def index() -> str:
    """The page that every address of the app shows."""
    return (FILES / "index.html").read_text(encoding="utf-8")


def font(name: str) -> Path:
    """The file of a font, which has a digest in its name: SourceSansVF-Upright."""
    [path] = FILES.glob(f"static/media/{name}.*.woff2")
    return path
