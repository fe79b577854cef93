"""What the commands share: tables in, JSON and remarks out, and files that cannot be used."""

import json
import sys
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from oce.fields import FIELDS
from oce.importers import columns, table_file
from oce.importers.table_file import Table


class FileError(Exception):
    """A file that cannot be read or written, in one line."""


def as_json_text(content: Any) -> str:
    """JSON as the output can show it: characters that it lacks are escaped."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    return json.dumps(content, indent=2, ensure_ascii=plain)


def too_long(line: Sequence[str], header: Sequence[str]) -> str:
    """What is said of a row with more cells than there are columns."""
    return (
        f"the row has {len(line)} cells where the first line names {len(header)} columns: "
        "is there a decimal comma, or a comma in a text without quotes?"
    )


def content_of(option: str, name: str, most: int) -> bytes:
    """The start of a file that an option names: a byte more than may be read, so that a longer one is refused.

    Raises:
        FileError: Where it cannot be read.
    """
    try:
        with Path(name).open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise FileError(f"{option} {name} cannot be read: {error.strerror}") from None


def say(notes: Iterable[str]) -> None:
    """What was taken for what, a line each."""
    for note in notes:
        print(f"oce: {note}", file=sys.stderr)


def read_table(name: str, any_columns: bool) -> Table:
    """The table of a file, or of standard input for ``-``; with ``any_columns`` also where no column is known.

    Raises:
        FileError: Where it cannot be read, or a field stands in two columns.
    """
    try:
        content = sys.stdin.buffer.read() if name == "-" and isinstance(sys.stdin, TextIOWrapper) else None
        if name == "-" and content is None:  # a stream of text, as tests and notebooks put there
            content = sys.stdin.read().encode()
        content = Path(name).read_bytes() if content is None else content
        table = table_file.read(content, lambda column: columns.field_of(column) is not None, None, any_columns)
    except OSError as error:
        raise FileError(f"--input {name} cannot be read: {error.strerror}") from None
    except table_file.TableError as error:
        raise FileError(f"--input {name} {error}") from None
    twice = [column for column in table_file.twice(table.header) if column in FIELDS]
    if twice:
        raise FileError(f"--input {name} has the column {twice[0]} more than once")
    return table
