"""What a page shows first of the first scenario, as plain HTML: its words, outlines of its controls, its first charts.

The page itself is run, without a browser (streamlit.testing), so that nothing of it is written here again. Each part
gets the size that Streamlit gives it (web/first_screen.css): the app takes its place without a jump.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from streamlit.proto.Block_pb2 import Block as BlockProto
from streamlit.proto.ButtonGroup_pb2 import ButtonGroup as ButtonGroupProto
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from pages.charts import Chart, Table
from pages.server import host
from pages.session import site
from static import drawing

APP = Path(__file__).parents[1] / "app.py"
MOST_SECONDS = 60.0  # of a run, on a busy machine
ROWS, COLUMNS = 14, 12  # of a grid that are drawn, which are those in sight
TARGET = re.compile(r'class="plot"|<table')  # with the first of these a page has shown what it is about
WORDS = ("html", "caption")  # that may follow it
NOT_SHOWN = re.compile(r"<(?:script|span hidden).*|<(p|ul|table)[^>]*></\1>", re.DOTALL)
NOT_NEEDED = re.compile(r"</?abbr[^>]*>| (?:data-oce|tabindex)=(?:'[^']*'|\"[^\"]*\")")
KEY = re.compile(r"\$\$ID-[0-9a-f]+-(.*)")


def of_page(page: str) -> str:
    """The page from its top to its first charts or its first table, with the words that follow those.

    Args:
        page: Which page, of :data:`pages.session.site.PAGES`.

    Raises:
        ValueError: Where the page shows an exception, or an element that this module knows nothing of.
    """
    app = AppTest.from_file(str(APP), default_timeout=MOST_SECONDS).run()
    if page != site.FIRST:
        app = app.switch_page(f"pages/views/{page}.py").run()
    if app.exception:
        raise ValueError(f"the page {page} shows an exception: {app.exception[0].message}")
    parts: list[str] = []
    for node in app.main.children.values():
        if any(map(TARGET.search, parts)) and node.type not in WORDS:
            break
        parts.append(_drawn(node))
    return f'<div class="screen {page}">{"".join(parts)}</div>'


def _drawn(node: Node) -> str:
    if isinstance(node, Block):
        return _block(node)
    if node.type not in ELEMENTS:
        raise ValueError(f"nothing is known of how {node.type} looks: see static/first_screen.py")
    return ELEMENTS[node.type](node)


def _block(block: Block) -> str:
    if block.type == "expander":
        return _control(block.type, _plain(block.proto.label))
    if block.type == "popover":
        return _control("button tertiary", _plain(block.proto.popover.label))
    key = _key(block)
    if key.startswith("chart-"):
        return _chart(block)
    inner = "".join(map(_drawn, block.children.values()))
    if not inner:
        return ""
    if block.type == "column":
        return f'<div class="column" style="--share:{100 * block.proto.weight:.4g}%">{inner}</div>'
    flex = block.proto.flex_container
    across = flex.direction == BlockProto.FlexContainer.Direction.HORIZONTAL
    look = ["across" if across else "down"]
    if flex.align == BlockProto.FlexContainer.Align.ALIGN_END:
        look.append("low")
    if flex.align == BlockProto.FlexContainer.Align.ALIGN_CENTER:
        look.append("middle")
    if flex.border:
        look.append("framed")
    if key:
        look.append(f"k-{re.sub(r'[-_]?[0-9]+$', '', key)}")
    return f'<div class="{" ".join(look)}">{inner}</div>'


def _key(block: Block) -> str:
    found = KEY.fullmatch(getattr(block.proto, "id", ""))
    return found[1] if found else ""


def _chart(block: Block) -> str:
    """A chart by its heading, its sentence and its figure, as pages/widgets/chart.py gives them to Streamlit."""
    words, figure = block.children.values()
    heading, sentence = words.proto.body.removeprefix("### ").split("\n", 1)
    spec = json.loads(figure.proto.spec)
    return drawing.drawn(Chart(_unescaped(heading), _unescaped(sentence), Table((), ()), spec))


def _html(node: Any) -> str:
    return NOT_NEEDED.sub("", NOT_SHOWN.sub("", node.proto.body))


def _heading(node: Any) -> str:
    tag = node.proto.tag
    return f"<{tag}>{html.escape(_unescaped(node.proto.body), quote=False)}</{tag}>"


def _markdown(node: Any) -> str:
    """Headings, paragraphs, bold texts and links: there is no more on a first screen."""
    look = ' class="remark"' if node.type == "caption" else ""
    return "".join(_paragraphs(node.proto.body, look))


def _paragraphs(text: str, look: str) -> Iterator[str]:
    for part in text.split("\n\n"):
        mark, heading, rest = re.fullmatch(r"(?:(#+) ([^\n]*)\n?)?(.*)", part, re.DOTALL).groups()  # type: ignore[union-attr]
        if mark:
            yield f"<h{len(mark)}>{_inline(heading)}</h{len(mark)}>"
        if rest:
            yield f"<p{look}>{_inline(rest)}</p>"


def _inline(text: str) -> str:
    said = html.escape(text, quote=False)
    said = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", said)
    said = re.sub(r"(?<!\\)\[(.+?)\]\((https?:[^)]*)\)", r'<a href="\2">\1</a>', said)
    return _unescaped(said.replace("  \n", "<br>"))


def _unescaped(markdown: str) -> str:
    """The text without the strokes that escape Markdown."""
    return re.sub(r"\\([^\w\s])", r"\1", markdown)


def _plain(label: str) -> str:
    """A label, as HTML, without what only a screen reader needs of it (a coloured text: pages/widgets/style.css)."""
    return html.escape(_unescaped(re.sub(r" ?:\w+\[.*?\]", "", label)))


def _control(kind: str, content: str, label: str = "") -> str:
    """The outline of a control; nothing that can be used, and so nothing that is read out."""
    named = f"<b>{html.escape(label)}</b>" if label else ""
    return f'<div class="control {kind}" aria-hidden="true">{named}<span>{content}</span></div>'


def _entry(node: Any) -> str:
    return _control("entry", html.escape(node.value or node.proto.placeholder), node.proto.label)


def _choice(node: Any) -> str:
    text = node.proto.placeholder if node.index is None else node.options[node.index]
    return _control("choice", html.escape(text), node.proto.label)


def _choices(node: Any) -> str:
    return _control("choice picked", "".join(_option(node.options[at]) for at in node.indices), node.proto.label)


def _options(node: Any) -> str:
    """Options beside each other, one of them chosen."""
    about = node.proto
    chosen = set(about.raw_values) or {about.options[at].content for at in about.default}
    drawn = "".join(_option(option.content, option.content in chosen) for option in about.options)
    kind = "pills" if about.style == ButtonGroupProto.Style.PILLS else "options"
    return _control(kind, drawn, "" if about.label_visibility.value else about.label)


def _option(text: str, is_on: bool = False) -> str:
    return f"<i{' class=on' if is_on else ''}>{html.escape(text)}</i>"


def _slider(node: Any) -> str:
    share = node.options.index(node.format_func(node.value)) / (len(node.options) - 1)
    return f'<div class="control slider" aria-hidden="true" style="--at:{100 * share:.3g}%"><i></i></div>'


def _button(node: Any) -> str:
    return _control(f"button {node.proto.type}", _plain(node.proto.label))


def _page_link(node: Any) -> str:
    return f'<p class="onwards"><a href="./{host.address(node.proto.page)}">{html.escape(node.proto.label)}</a></p>'


def _grid(node: Any) -> str:
    """The first rows of a grid, in its columns' order and under their labels."""
    about = json.loads(node.proto.columns or "{}")
    shown = node.value.iloc[:ROWS, :COLUMNS]
    labels = [about.get(name, {}).get("label") or name for name in shown.columns]
    head = "".join(f"<th>{html.escape(label)}</th>" for label in labels)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in shown.itertuples(index=False))
    return f'<div class="grid"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return f"<td>{html.escape(value)}</td>"
    return f'<td class="number">{"" if math.isnan(value) else f"{value:.6g}"}</td>'


ELEMENTS: Mapping[str, Callable[[Any], str]] = {
    "html": _html,
    "title": _heading,
    "header": _heading,
    "markdown": _markdown,
    "caption": _markdown,
    "text_input": _entry,
    "selectbox": _choice,
    "multiselect": _choices,
    "button_group": _options,
    "select_slider": _slider,
    "button": _button,
    "toggle": lambda node: _control("toggle", html.escape(node.proto.label)),
    "page_link": _page_link,
    "dataframe": _grid,
}
