"""The pages of the site: Streamlit's own, with our start in front and the answer to the first scenario in words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from oce import units
from pages.server import assets, first_document, host
from pages.server.first_answer import first_answer
from pages.session import link, preview_query
from pages.session import site as app
from pages.views import explore
from static import drawing

WEB = Path(__file__).parent / "web"
# Before the first words are drawn: whether they are those that the link asks for.
OTHER_SCENARIO = (
    "document.documentElement.classList.toggle('oce-other-scenario', "
    "[...new URLSearchParams(location.search).keys()].some((name) => !name.startsWith('embed')))"
)
# As pages/views/explore.py has them between the words and the charts; a test compares.
ONWARDS, CARBON = "How far can this be trusted? Every reported run, and your own", "The carbon"
PROGRESS = (
    '<p id="oce-other">The answer to this link is being worked out in your browser.</p>'
    '<div id="oce-progress" role="status"><progress max="1" value="0" aria-label="Loading"></progress>'
    "<span>Loading Python and the app …</span></div>"
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
        *(f'<script defer src="./{script}"></script>' for script in scripts),
    ]
    if name == app.FIRST:
        ours.insert(0, f"<style>{(WEB / 'first_screen.css').read_text(encoding='utf-8')}</style>")
        whole = with_first_charts(whole)
    whole = re.sub(rf"({own})\s*", "", whole).replace("</head>", f"{''.join(ours)}</head>", 1)
    return whole.replace('<div id="oce-first">', f'<div id="oce-first">{PROGRESS}', 1)


def with_first_charts(whole: str) -> str:
    """The first page with what the app has on its first screen below the words: two charts, drawn as HTML.

    Raises:
        ValueError: Where the page has no place for them.
    """
    fields, _ = link.from_parameters(preview_query.scenario_of({}))
    shown = explore.previewed(fields, {})
    notes = shown.paragraphs["notes"]
    as_it_is = units.typeset(f"<p>{first_document.sanitised(notes)}</p>")
    lines = "<br>".join(map(first_document.sanitised, notes.split("<br>")))
    onwards = f'<p class="onwards"><a href="./{host.address("evidence")}">{ONWARDS}</a></p>'
    pair = "".join(drawing.drawn(shown.charts[name]) for name in ("tornado", "carbon"))
    more = f'<p class="notes">{lines}</p>{onwards}<h2>{CARBON}</h2><div class="pair">{pair}</div>'
    if as_it_is not in whole:
        raise ValueError("the first page has no notes that the charts could follow: see pages/server/first_document.py")
    return whole.replace(as_it_is, units.typeset(more), 1)
