"""The first response as HTML: Streamlit's own page, with the answer of the link in it (pages/server/first_answer.py).

The answer lies over the app, in the place where the app will say the same, until the app does (first.js takes it away);
without script it stays. Its few lines of style are its own, so that nothing else has to be there to read it.
"""

import html
import re
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from oce import units
from pages.charts import Table
from pages.server import front_end, host
from pages.server.first_answer import FirstAnswer
from pages.session import site
from pages.widgets.style import compact, theme
from pages.widgets.view import Figure

STYLE = Path(__file__).with_name("first.css")
FONTS = ("SourceSansVF-Upright", "SourceSerifVariable-Roman")
COLOURS = {
    "ink": "textColor",
    "paper": "backgroundColor",
    "side": "secondaryBackgroundColor",
    "line": "borderColor",
    "link": "linkColor",
}
KEPT_TAGS = ("b", "strong", "em", "i", "sub", "sup", "span")  # of a paragraph; without attributes
MOST_PARAGRAPHS = 3  # of a page: what stands first in it
IMAGE = "oce/answer.png"  # its address, before the query
IMAGE_WIDTH, IMAGE_HEIGHT = 1200, 630  # pixels, as link previews show it whole
NO_SCRIPT = (
    "This is the answer to this link. To change it, with sliders and charts, the page needs JavaScript. "
    "The same numbers come from the Python package and its command line."
)


class ChangedPageError(RuntimeError):
    """Streamlit's page no longer has a place for what is put into it."""


@dataclass(frozen=True)
class Shell:
    """Streamlit's page, cut where something is put into it."""

    start: str  # up to the title
    head: str  # what follows it, without what starts the app
    app: str  # its scripts and its style sheet, which wait for the answer, not the answer for them
    body: str  # from the end of the head to the root of the app
    root: str


@cache
def shell() -> Shell:
    """The page of the installed Streamlit, without its own title and its words for who has no script.

    Raises:
        ChangedPageError: Where it has no title, module, style sheet or root any more.
    """
    text = re.sub(r"<!--.*?-->\s*|<noscript>.*?</noscript>\s*", "", front_end.index(), flags=re.DOTALL)
    app = r"<script type=\"module\".*<link rel=\"stylesheet\"[^>]*>"
    parts = rf"(.*)<title>[^<]*</title>\s*(.*?)({app})\s*(</head>.*?)(<div id=\"root\">.*)"
    found = re.fullmatch(parts, text, flags=re.DOTALL)
    if found is None:
        raise ChangedPageError("Streamlit's index.html has another form: see pages/server/first_document.py")
    return Shell(*found.groups())


def document(
    answer: FirstAnswer, script: str, style_sheet: str, origin: str = "", query: str = "", plotly: str = ""
) -> str:
    """The whole page.

    Args:
        answer: What it says.
        script: The address of first.js.
        style_sheet: That of the app's own.
        origin: Scheme and host that the page was asked for at, for the addresses in link previews; empty: none.
        query: That of the link.
        plotly: The address of plotly.js where it is to start before a chart is there.
    """
    page = shell()
    early = f' data-plotly="{html.escape(plotly)}"' if plotly else ""
    app = (  # what first.js asks for once the answer is on the screen
        page.app,
        f'<link rel="stylesheet" href="{html.escape(style_sheet)}">',
        *(f'<link rel="modulepreload" crossorigin href="./{name}">' for name in front_end.modules()),
        f'<link rel="preload" as="script" fetchpriority="low" href="{html.escape(plotly)}">' if plotly else "",
    )
    return "".join(
        (
            page.start,
            head(answer, origin, query),
            f'<style>{style()}</style><script type="module" src="{html.escape(script)}"></script>',
            page.head,
            page.body,
            f'<div id="oce-first"{early}>{body(answer)}</div>',
            f'<template id="oce-app">{"".join(app)}</template>',
            page.root,
        )
    )


def missing(path: str) -> str:
    """The page for an address that there is none at."""
    up = "../" * (path.count("/") - 1) or "./"
    said = "There is no page at this address. These are the pages of the OpenCarbonEval explorer:"
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>No such page · {site.NAME}</title><style>{style(up)}</style></head>"
        f'<body><div id="oce-first" class="missing"><main><h1>No such page</h1><p>{said}</p>{navigation(up=up)}</main>'
        "</div></body></html>"
    )


def head(answer: FirstAnswer, origin: str = "", query: str = "") -> str:
    """Title, description and what link previews read."""
    title, said = html.escape(answer.title), html.escape(answer.description)
    tags = [f"<title>{title}</title>", f'<meta name="description" content="{said}">']
    properties = {"type": "website", "site_name": site.NAME, "title": answer.title, "description": answer.description}
    if origin:
        address = "" if answer.page == site.FIRST else answer.page
        properties["url"] = f"{origin}/{address}{query and '?' + query}"
        if answer.figures:
            properties["image"] = f"{origin}/{IMAGE}?{image_query(answer, query)}"
            properties |= {"image:width": str(IMAGE_WIDTH), "image:height": str(IMAGE_HEIGHT)}
            properties["image:alt"] = answer.description
            tags.append('<meta name="twitter:card" content="summary_large_image">')
    tags += [f'<meta property="og:{name}" content="{html.escape(text)}">' for name, text in properties.items()]
    return "".join(tags)


def image_query(answer: FirstAnswer, query: str) -> str:
    """The query of the picture of an answer."""
    return "&".join(filter(None, (f"page={answer.page}", query)))


def body(answer: FirstAnswer) -> str:
    """What is read before any script ran."""
    shown = answer.view
    paragraphs = [(name, text) for name, text in shown.paragraphs.items() if text][:MOST_PARAGRAPHS] if shown else []
    own_figures = shown.figures if shown else ()
    parts = [
        *(f'<p class="warn">{html.escape(text)}</p>' for text in answer.warnings),
        f'<p class="remark">{html.escape(answer.remark)}</p>' if answer.remark else "",
        f"<h1>{html.escape(answer.headline)}</h1>",
        _figures(own_figures),
        *(f"<p{' class=strip' if name == 'strip' else ''}>{sanitised(text)}</p>" for name, text in paragraphs),
        _table(shown.tables["comparison"]) if shown and "comparison" in shown.tables else "",
    ]
    if answer.figures and own_figures != answer.figures:
        parts += ["<h2>The scenario</h2>", _figures(answer.figures), f'<p class="strip">{sanitised(answer.strip)}</p>']
    parts.append(f"<noscript><p>{NO_SCRIPT}</p></noscript>")
    links, said = navigation(answer.page, answer.query), units.typeset("".join(parts))
    return f"<div class='side'></div><header>{links}</header><main>{said}</main>"


def navigation(page: str = "", query: str = "", up: str = "./") -> str:
    """Links to the pages of the app.

    Args:
        page: The page that they stand on.
        query: The scenario, as each link carries it.
        up: From where they stand to the app's own address.
    """
    links = []
    for name, title in site.PAGES.items():
        address = html.escape(f"{up}{'' if name == site.FIRST else host.address(name)}{query and '?' + query}")
        here = ' aria-current="page"' if name == page else ""
        links.append(f'<a href="{address}"{here} data-bold="{title}">{title}</a>')
    return f'<nav aria-label="App pages">{"".join(links)}</nav>'


def _figures(figures: tuple[Figure, ...]) -> str:
    return f"<dl>{''.join(one.as_html() for one in figures)}</dl>" if figures else ""


def _table(listed: Table) -> str:
    head_cells = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in listed.columns)
    body_rows = "".join(
        f'<tr><th scope="row">{html.escape(first)}</th>{"".join(f"<td>{html.escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in listed.rows
    )
    return f"<table><thead><tr>{head_cells}</tr></thead><tbody>{body_rows}</tbody></table>"


class _Sanitiser(HTMLParser):
    """Keeps texts and plain tags; Streamlit does the same, in the browser, to what the app itself shows as HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Keeps the tag where it is plain."""
        if tag in KEPT_TAGS:
            self.kept.append(f"<{tag}>")
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Keeps it where it closes the last that is open."""
        if self.open and self.open[-1] == tag:
            self.kept.append(f"</{self.open.pop()}>")

    def handle_data(self, data: str) -> None:
        """Keeps the text."""
        self.kept.append(html.escape(data))


def sanitised(text: str) -> str:
    """A paragraph's HTML with nothing but text and plain tags in it."""
    parser = _Sanitiser()
    parser.feed(text)
    parser.close()
    return "".join([*parser.kept, *(f"</{tag}>" for tag in reversed(parser.open))])


@cache
def style(up: str = "./") -> str:
    """The few lines of style, in the app's colours, with the addresses of the fonts that it will use.

    Args:
        up: From where it stands to the app's own address.
    """
    text = STYLE.read_text(encoding="utf-8")
    for name in FONTS:
        address = front_end.font(name).relative_to(front_end.FILES).as_posix()
        text = text.replace(f"url({name})", f"url({up}{address})")
    light, dark = ("".join(f"--{to}:{theme(one)[name]};" for to, name in COLOURS.items()) for one in ("light", "dark"))
    themes = (
        f"#oce-first{{color-scheme:light;{light}}}#oce-first.dark{{color-scheme:dark;{dark}}}"
        f"@media (prefers-color-scheme:dark){{#oce-first:not(.light){{color-scheme:dark;{dark}}}}}"
    )
    return themes + compact(text)
