"""The pages of the site: Streamlit's own, with our start in front and the answer to the first scenario in words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pages.server import assets, first_document, host
from pages.server.first_answer import first_answer
from pages.session import site as app
from static import first_screen

WEB = Path(__file__).parent / "web"
# Before the first words are drawn: whether they are those that the link asks for.
OTHER_SCENARIO = (
    "document.documentElement.classList.toggle('oce-other-scenario', "
    "[...new URLSearchParams(location.search).keys()].some((name) => !name.startsWith('embed')))"
)
PROGRESS = (
    '<p id="oce-other">The answer to this link is being worked out in your browser.</p>'
    '<div id="oce-progress" role="status"><progress max="1" value="0" aria-label="Loading"></progress>'
    "<span>Loading Python and the app …</span></div>"
)
WITHOUT_SCRIPT = (
    "<noscript><style>#oce-first #oce-progress { display: none; }</style></noscript>"  # nothing is being loaded
)


@dataclass(frozen=True)
class Site:
    """What page.js and worker.js are told of a build; paths are below the folder of the site.

    Attributes:
        worker: The script of Python's worker.
        serviceWorker: The script of the service worker.
        start: Streamlit's first module.
        modules: What that imports, to be asked for at once.
        plotly: Plotly's script, to be asked for before a chart needs it.
        pyodide: The folder of Pyodide's own files.
        library: Python's standard library.
        packs: The packs, by their names.
        needed: The files that every start needs and their sizes as sent [bytes].
        unpacked: The sizes of the same that arrive unpacked [bytes].
        pages: The pages.
        snapshot: Python's memory after its start, for a second visit.
    """

    worker: str
    serviceWorker: str  # noqa: N815 - as page.js names it
    start: str
    modules: tuple[str, ...]
    plotly: str
    pyodide: str
    library: str
    packs: Mapping[str, str]
    needed: Mapping[str, int]
    unpacked: Mapping[str, int]
    pages: tuple[str, ...]
    snapshot: str


def file_name(page: str) -> str:
    """The file of a page."""
    return "index.html" if page == app.FIRST else f"{page}{host.ENDING}"


def modules_of(index: str) -> tuple[str, tuple[str, ...]]:
    """Streamlit's first module and what it says to preload, of its index.html."""
    start = re.search(r'<script type="module"[^>]* src="\./([^"]+)"', index)
    if not start:
        raise ValueError("Streamlit's index.html names no module")
    return start[1], tuple(re.findall(r'<link rel="modulepreload"[^>]* href="\./([^"]+)"', index))


def page(name: str, site: Site, scripts: tuple[str, ...]) -> str:
    """A page of the site: as the server first sends it (pages/server/first_document.py), with our start in it.

    Streamlit's own scripts are left out: page.js starts them.

    Args:
        name: Which page.
        site: What the scripts are told.
        scripts: Our scripts, in their order.
    """
    script, style_sheet = (f".{assets.address(file)}" for file in ("first.js", "style.css"))
    whole = first_document.document(first_answer(name, ""), script, style_sheet)
    own = r'<script type="module"[^>]* src="\./static/[^>]*></script>|<link rel="(modulepreload|service-desc)"[^>]*>'
    ours = [
        f"<script>{OTHER_SCENARIO}</script><style>{(WEB / 'progress.css').read_text(encoding='utf-8')}</style>",
        f'<script type="application/json" id="oce-site">{json.dumps(asdict(site))}</script>',
        WITHOUT_SCRIPT,
        *(f'<script defer src="./{script}"></script>' for script in scripts),
    ]
    ours.insert(0, f"<style>{(WEB / 'first_screen.css').read_text(encoding='utf-8')}</style>")
    whole = with_first_screen(whole, name)
    whole = re.sub(rf"({own})\s*", "", whole).replace("</head>", f"{''.join(ours)}</head>", 1)
    return whole.replace('<div id="oce-first">', f'<div id="oce-first">{PROGRESS}', 1)


def with_first_screen(whole: str, name: str) -> str:
    """The page with what the app has on its first screen in place of the words alone (static/first_screen.py).

    The scenario's figures, where they are not on that screen, and what is said to who has no script follow it.

    Raises:
        ValueError: Where the page has no place for it.
    """
    found = re.search(r"<main>.*?(<h2>The scenario</h2>.*?)?(<noscript>.*?</noscript>)</main>", whole, re.DOTALL)
    if not found:
        raise ValueError(
            "the page has no answer that the first screen could replace: see pages/server/first_document.py"
        )
    rest = f"{found[1] or ''}{found[2]}"
    return f"{whole[: found.start()]}<main>{first_screen.of_page(name)}{rest}</main>{whole[found.end() :]}"
