"""A plain table: real rows and columns for a screen reader, cards on a phone."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import streamlit as st

NUMBER = re.compile(r"[\d.,]+")


def show(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of texts; everything in it is escaped."""
    st.html(f"<table class='plain'>{content(header, rows)}</table>")


def content(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """What is within such a table; nothing without a header."""
    if not header:
        return ""
    head = "".join(f"<th scope='col'>{html.escape(cell)}</th>" for cell in header)
    body = "".join(
        f"<tr><th scope='row'{_label(header[0]) if NUMBER.fullmatch(row[0]) else ''}>{html.escape(row[0])}</th>"
        + "".join(
            f"<td{_label(label)}>{html.escape(cell)}</td>" for label, cell in zip(header[1:], row[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"


def _label(text: str) -> str:
    """What a cell is of, which a phone shows before it; a row that is headed by a number needs that too."""
    return f" data-label='{html.escape(text, quote=True)}'"
