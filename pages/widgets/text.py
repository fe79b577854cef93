"""Text from outside, made safe to show."""

import re


def escape_markdown(text: str) -> str:
    """`text` as Markdown that shows it letter by letter: no emphasis, links, pictures, icons or formulas in it."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&@/])", r"\\\1", text)


def unescaped(markdown: str) -> str:
    """The text that was made Markdown by :func:`escape_markdown`."""
    return re.sub(r"\\(.)", r"\1", markdown)
