"""A table as people save it: whatever its encoding, separator and decimal sign, where these cannot be mistaken.

Every door that takes a table reads it here. The work is bounded before it is done: bytes, columns, rows and cells.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

MOST_COLUMNS = 2_000
MOST_CELLS = 20_000  # of a line: commas inside quoted text count, so more than there are columns
MOST_LINES_WITHOUT = 1_000  # of a file none of whose columns is known: a longer one is not read to its end
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAMPLED = 2_000  # rows that are looked at for the decimal sign
_REST = r"(?:e[+-]?\d+)?(?: ?[a-z%][^\d,;]*)?"  # an exponent, then a unit
_COMMA = re.compile(rf"[+-]?(?:(?:\d{{1,3}}(?:\.\d{{3}})+|\d+),(?:\d{{1,2}}|\d{{4,}})|0,\d+){_REST}", re.I)
_POINT = re.compile(rf"[+-]?(?:(?:\d{{1,3}}(?:,\d{{3}})+|\d+)\.(?:\d{{1,2}}|\d{{4,}})|0\.\d+){_REST}", re.I)


class TableError(ValueError):
    """A file that is no table, or more than one; the message is one line, to stand behind the file's name."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: a header, and rows of as many cells as each line had."""

    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]  # in the file, of each row
    decimal: str  # "," or "." where the file's cells show it, else empty
    notes: tuple[str, ...]  # what was taken for what


def read(content: bytes, known: Callable[[str], bool], most_rows: int | None = None, any_columns: bool = True) -> Table:
    """Read a table.

    Args:
        content: Of the file.
        known: Whether a column's name means something to whoever asks; decides between separators.
        most_rows: More rows are refused.
        any_columns: Whether a table none of whose columns is known is read to its end.

    Returns:
        The table, with what was taken for what.

    Raises:
        TableError: Where it is no table that can be read in one way, or too large.
    """
    text, notes = _text(content)
    text, separator = _separator(text, known)
    if separator != ",":
        notes.append(f"its columns are separated by {SEPARATORS.get(separator, repr(separator))}")
    rows: list[list[str]] = []
    lines: list[int] = []
    header: list[str] | None = None
    reader = csv.reader(_lines(text, separator), delimiter=separator)
    some_known = any_columns
    try:
        for row in reader:
            if header is None:
                if not any(cell.strip() for cell in row):
                    continue
                if len(row) > MOST_COLUMNS:
                    raise TableError(f"has {len(row):,} columns: at most {MOST_COLUMNS:,} are read")
                header = [cell.strip() for cell in row]
                some_known = some_known or any(map(known, header))
                continue
            if not row:
                continue
            rows.append(row)
            lines.append(reader.line_num)
            if most_rows is not None and len(rows) > most_rows:
                raise TableError(f"has more than {most_rows:,} rows: at most {most_rows} are read")
            if not some_known and len(rows) >= MOST_LINES_WITHOUT:
                raise TableError("no column of its first line is named like a field")
    except csv.Error as error:
        raise TableError(f"is not a CSV file: {error}") from None
    if header is None:
        raise TableError("is empty: its first line must name the columns")
    decimal = _decimal(header, rows, known, separator)
    if decimal == ",":
        notes.append("its decimal sign is a comma")
    return Table(tuple(header), rows, lines, decimal, tuple(notes))


def _lines(text: str, separator: str) -> Iterator[str]:
    """The lines of a text, each with few enough cells: five million empty ones take eighty megabytes."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) >= MOST_CELLS:  # a shorter one has no more cells than that
            cells = 1 + line.count(separator)
            if cells > MOST_CELLS:
                raise TableError(f"has {cells:,} cells in line {number}: at most {MOST_CELLS:,} are read")
        yield line


def twice(names: Sequence[str]) -> list[str]:
    """The names that stand more than once, in order."""
    return sorted(name for name, count in Counter(name for name in names if name).items() if count > 1)


def _text(content: bytes) -> tuple[str, list[str]]:
    """The text of a file, and how it was read where that is not UTF-8."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _decoded(content, encoding), []
    start = content[:4096]
    if b"\x00" in start:  # UTF-16 without a mark: every other byte of plain text is zero
        for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            if start[at::2].count(0) >= 0.8 * len(start[at::2]) and not start[1 - at :: 2].count(0):
                return _decoded(content, encoding), ["it is read as UTF-16"]
    try:
        return _checked(content.decode("utf-8")), []
    except UnicodeDecodeError:
        pass
    text = _decoded(content, "cp1252")
    return text, ["it is not UTF-8 and is read as Windows-1252, as Excel writes it in the West"]


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return _checked(content.decode(encoding))
    except UnicodeDecodeError:
        raise TableError("is not a CSV file in UTF-8: save it again, in Excel as “CSV UTF-8”") from None


def _checked(text: str) -> str:
    """The text, unless it is none: control characters are those of other files."""
    if re.search("[\x00-\x08\x0e-\x1a\x1c-\x1f]", text[:100_000]):
        raise TableError("is not a CSV file in UTF-8: there are control characters in it")
    return text


def _separator(text: str, known: Callable[[str], bool]) -> tuple[str, str]:
    """The text without a line that names the separator, and the separator."""
    said = re.match(r'\ufeff?"?sep=(.)"?[^\S\n]*\r?\n', text, re.I)
    if said:
        return text[said.end() :], said[1]
    first = next((line for line in re.split(r"\r\n?|\n", text[:1_000_000], maxsplit=50) if line.strip(" ,;\t|")), "")
    if sum(map(first.count, SEPARATORS)) > MOST_CELLS:
        raise TableError(f"has too many columns: at most {MOST_COLUMNS:,} are read")
    split = {}
    for separator in SEPARATORS:
        try:
            cells = next(csv.reader([first], delimiter=separator))
        except (csv.Error, StopIteration):
            cells = [first]
        split[separator] = (sum(known(cell.strip()) for cell in cells[:MOST_COLUMNS]), len(cells))
    most = max(count for count, _ in split.values())
    if most == 0:
        return text, max(split, key=lambda mark: (split[mark][1] > 1, split[mark][1], mark == ","))
    best = [mark for mark, (count, _) in split.items() if count == most]
    if len(best) > 1:
        widest = max(split[mark][1] for mark in best)
        wide = [mark for mark in best if split[mark][1] == widest]
        if widest > 1 and len(wide) > 1:
            words = " or ".join(SEPARATORS[mark] for mark in wide)
            raise TableError(f"separates its columns by {words}: use one of them, or put sep=; in front")
        best = wide if "," not in wide else [","]
    return text, best[0]


def _decimal(header: Sequence[str], rows: Sequence[Sequence[str]], known: Callable[[str], bool], separator: str) -> str:
    """The decimal sign that the cells of known columns show; empty where they show none, or both."""
    columns = [at for at, name in enumerate(header) if known(name)]
    commas = points = False
    for row in rows[:_SAMPLED]:
        for at in columns:
            if at < len(row):
                cell = row[at].strip()
                if len(cell) < 40 and cell[:1] in "+-0123456789":
                    commas = commas or bool(_COMMA.fullmatch(cell))
                    points = points or bool(_POINT.fullmatch(cell))
    return "," if commas and not points else "." if points and not commas else ""
