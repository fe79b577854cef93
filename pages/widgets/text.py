"""Text from outside, made safe to show."""

import html
import re


def escape_markdown(text: str) -> str:
    """`text` as Markdown that shows it letter by letter: no emphasis, links, pictures, icons or formulas in it."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&@/])", r"\\\1", text)


def as_html(text: str) -> str:
    """Text with `**bold**` and empty lines between its paragraphs as HTML; everything else in it is escaped."""
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html.escape(text, quote=False)).replace("\n\n", "<br><br>")


def unescaped(markdown: str) -> str:
    """The text that was made Markdown by :func:`escape_markdown`."""
    return re.sub(r"\\(.)", r"\1", markdown)
