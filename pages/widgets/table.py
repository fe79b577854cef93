"""A plain table: real rows and columns for a screen reader, cards on a phone."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from oce import units
from pages.charts import Table
from pages.widgets.glossary import explained

ROW = 35  # height of a row of a sortable table [px]
NUMBER = re.compile(r"[\d.,]+")


def show(header: Sequence[str], rows: Sequence[Sequence[str]], name: str = "", labels: Sequence[str] = ()) -> None:
    """A table of texts; everything in it is escaped. A preview finds it by its name; ``labels`` are for a phone."""
    named = f" data-oce='{name}'" if name else ""
    st.html(f"<table class='plain'{named}>{content(header, rows, labels)}</table>")


def of(records: Iterable[Mapping[str, str]]) -> Table:
    """A table of some rows, each a text by the name of its column."""
    rows = list(records)
    return Table(tuple(rows[0]) if rows else (), tuple(tuple(row.values()) for row in rows))


def show_records(records: Iterable[Mapping[str, str]]) -> None:
    """A table of texts, each by the name of its column."""
    listed = of(records)
    show(listed.columns, listed.rows)


def height(rows: int, most: int) -> int:
    """Of a sortable table with so many rows, of which so many at most are seen at once [px]."""
    return ROW * (min(rows, most) + 1) + 3


def show_sortable(records: Iterable[Mapping[str, Any]], alt: str, **look: Any) -> Any:
    """A table of values by the names of their columns, to sort and search; `look` is of `st.dataframe`."""
    shown = [{units.typeset(name): _typeset(value) for name, value in record.items()} for record in records]
    if "column_config" in look:
        look["column_config"] = {units.typeset(name): column for name, column in look["column_config"].items()}
    return st.dataframe(shown, hide_index=True, alt=alt, **look)


def _typeset(value: Any) -> Any:
    return units.typeset(value) if isinstance(value, str) else value


def content(header: Sequence[str], rows: Sequence[Sequence[str]], labels: Sequence[str] = ()) -> str:
    """What is within such a table; nothing without a header.

    Args:
        header: What each column holds.
        rows: A text for each column.
        labels: What a phone writes before the cells of each column but the first, in place of the header.
    """
    if not header:
        return ""
    header = [units.typeset(cell) for cell in header]
    rows = [[units.typeset(cell) for cell in row] for row in rows]
    head = "".join(f"<th scope='col'>{html.escape(cell)}</th>" for cell in header)
    columns = labels or header[1:]
    body = "".join(
        f"<tr><th scope='row'{_label(header[0]) if NUMBER.fullmatch(row[0]) else ''}>{html.escape(row[0])}</th>"
        + "".join(f"<td{_label(label)}>{html.escape(cell)}</td>" for label, cell in zip(columns, row[1:], strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<thead><tr>{head}</tr></thead><tbody>{explained(body)}</tbody>"


def _label(text: str) -> str:
    """What a cell is of, which a phone shows before it; a row that is headed by a number needs that too."""
    return f" data-label='{html.escape(text, quote=True)}'"
