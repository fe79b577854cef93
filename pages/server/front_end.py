"""The files of the installed Streamlit's front end: its page, its scripts, its fonts."""

import re
from functools import cache
from pathlib import Path

import streamlit as st

FILES = Path(st.__file__).parent / "static"
ELEMENTS = ("BidiComponent", "ButtonGroup", "Html", "PageLink", "Selectbox", "TextInput")  # of the first screen
_IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*["']\./([\w.-]+\.js)["']""")


def index() -> str:
    """The page that every address of the app shows."""
    return (FILES / "index.html").read_text(encoding="utf-8")


def font(name: str) -> Path:
    """The file of a font, which has a digest in its name: SourceSansVF-Upright."""
    [path] = FILES.glob(f"static/media/{name}.*.woff2")
    return path


@cache
def modules() -> tuple[str, ...]:
    """The addresses of the scripts of `ELEMENTS`, which Streamlit asks for once a run has named them.

    Those that its page asks for are left out.
    """
    folder, known = FILES / "static" / "js", set(re.findall(r"static/js/([^\"']+\.js)", index()))
    left = [path.name for name in ELEMENTS for path in sorted(folder.glob(f"{name}.*.js"))]
    found: list[str] = []
    while left:
        name = left.pop(0)
        if name not in known:
            known.add(name)
            found.append(f"static/js/{name}")
            left += _IMPORTED.findall((folder / name).read_text(encoding="utf-8"))
    return tuple(found)
