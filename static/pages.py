"""The pages of the site: Streamlit's own, with our start in front and the answer to the first scenario in words."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from oce.estimation import estimate
from oce.scenario import Scenario
from pages.server import preview
from pages.session import link, preview_query
from pages.session.current_estimate import cached_swings
from pages.views import explore

WEB = Path(__file__).parent / "web"
PAGES = {
    "explore": "Explore",
    "compare": "Compare",
    "plan": "Plan",
    "lifetime": "Lifetime",
    "scaling": "Scaling",
    "landscape": "Landscape",
    "evidence": "Evidence",
    "learn": "Learn",
    "data": "Data",
}
FIRST = "explore"
TITLE = "OpenCarbonEval explorer"
# Before the first words are drawn: whether they are those that the link asks for.
OTHER_SCENARIO = (
    "document.documentElement.classList.toggle('oce-other-scenario', "
    "[...new URLSearchParams(location.search).keys()].some((name) => !name.startsWith('embed')))"
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
    packs: Mapping[str, str]
    needed: Mapping[str, int]
    unpacked: Mapping[str, int]
    pages: tuple[str, ...]
    snapshot: str


def file_name(page: str) -> str:
    """The file of a page."""
    return "index.html" if page == FIRST else f"{page}.html"


def modules_of(index: str) -> tuple[str, tuple[str, ...]]:
    """Streamlit's first module and what it says to preload, of its index.html."""
    start = re.search(r'<script type="module"[^>]* src="\./([^"]+)"', index)
    if not start:
        raise ValueError("Streamlit's index.html names no module")
    return start[1], tuple(re.findall(r'<link rel="modulepreload"[^>]* href="\./([^"]+)"', index))


def page(name: str, index: str, site: Site, scripts: tuple[str, ...]) -> str:
    """A page of the site.

    Args:
        name: Which.
        index: Streamlit's index.html.
        site: What the scripts are told.
        scripts: Our scripts, in their order.
    """
    bare = re.sub(r'<(script type="module"|link rel="(modulepreload|service-desc)")[^>]*>(</script>)?\s*', "", index)
    bare = re.sub(r"<!--.*?-->\s*|<noscript>.*?</noscript>\s*", "", bare, flags=re.DOTALL)
    ours = [f"<script>{OTHER_SCENARIO}</script>", f"<style>{(WEB / 'first.css').read_text(encoding='utf-8')}</style>"]
    ours += [f'<script type="application/json" id="oce-site">{json.dumps(asdict(site))}</script>']
    ours += [f'<script defer src="./{script}"></script>' for script in scripts]
    headline, words = first_words(name)
    head = f"<title>{html.escape(headline)} · {TITLE}</title>\n    " + "\n    ".join(ours)
    whole = re.sub(r"<title>.*?</title>", lambda _: head, bare)
    return whole.replace('<div id="root"></div>', f'<div id="root"></div>\n    {words}')


def first_words(name: str) -> tuple[str, str]:
    """The headline of a page for the first scenario, and all that is shown before Python is there, as HTML."""
    fields = link.fields_of(link.FIRST_MODEL)
    model, result = link.model_of(fields), estimate(Scenario(**fields))
    of_scenario = explore.content(result, model, cached_swings(result))
    shown = preview.view_of(name)(fields, {}) if name in preview_query.PAGES else None
    headline = html.escape(shown.headline if shown else PAGES[name])
    strip = of_scenario.paragraphs["strip"]
    figures = "".join(one.as_html() for one in of_scenario.figures)
    return headline, (
        '<div id="oce-first"><main>'
        f'<div class="oce-words"><h1>{headline}</h1><dl class="figures">{figures}</dl><p>{strip}</p></div>'
        '<h1 class="oce-other">The answer to this link is being worked out in your browser</h1>'
        '<div id="oce-progress" role="status"><progress max="1" value="0" aria-label="Loading"></progress><br>'
        "<span>Loading Python and the app …</span></div>"
        "<noscript><p>To change the scenario, allow JavaScript for this page.</p></noscript></main></div>"
    )
