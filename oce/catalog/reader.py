"""Reading ``data/``: a table row by row, every cell checked as it is taken out; what is damaged is named.

:class:`DataError` says which file, line and column, and what is wrong.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

T = TypeVar("T")


@cache
def data_folder() -> Traversable:
    """``oce/data`` where the package is installed, ``data/`` at the root in a checkout."""
    from importlib.resources import files  # here, as it takes 2 ms that `import oce` need not wait for

    installed = files("oce") / "data"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[2] / "data"


class DataError(RuntimeError):
    """A data file that is missing or damaged: which, where, and what is wrong."""


def text_file(name: str) -> str:
    """A file of data/ as text.

    Raises:
        DataError: Where it is missing or no UTF-8; then with the line.
    """
    try:
        content = (data_folder() / name).read_bytes()
    except OSError as error:
        raise DataError(f"data/{name} cannot be read: {error.strerror}") from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(f"data/{name}, line {line}: not UTF-8 ({error.reason})") from None


def json_file(name: str) -> dict[str, Any]:
    """A JSON file of data/.

    Raises:
        DataError: Where it is missing or damaged.
    """
    try:
        content = json.loads(text_file(name))
    except json.JSONDecodeError as error:
        raise DataError(f"data/{name}, line {error.lineno}: {error.msg}") from None
    if not isinstance(content, dict):
        raise DataError(f"data/{name} does not hold an object")
    return content


def from_json_file(name: str, parse: Callable[[dict[str, Any]], T]) -> T:
    """What is made of a JSON file of data/.

    Raises:
        DataError: Where it is missing or damaged, or lacks what is made of it.
    """
    content = json_file(name)
    try:
        return parse(content)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        what = f"there is no {error}" if isinstance(error, KeyError) else str(error)
        raise DataError(f"data/{name} is damaged: {what}") from None


class Row:
    """One line of a table, whose cells are taken out checked."""

    def __init__(self, where: str, cells: dict[str, str]) -> None:
        """Keep the cells, and where they stand for what is said of them."""
        self.where, self.cells = where, cells

    def text(self, column: str, needed: bool = False) -> str:
        """The cell's text; where it is `needed`, not empty."""
        try:
            cell = (self.cells[column] or "").strip()
        except KeyError:
            raise DataError(f"{self.where}: there is no column {column}") from None
        if needed and not cell:
            raise DataError(f"{self.where}: {column} is empty")
        return cell

    def texts(self, *columns: str) -> dict[str, str]:
        """Several cells' texts, by column."""
        return {column: self.text(column) for column in columns}

    def names(self, column: str) -> tuple[str, ...]:
        """The parts of a cell that semicolons separate."""
        return tuple(name.strip() for name in self.text(column).split(";") if name.strip())

    def maybe(self, column: str, low: float, high: float) -> float | None:
        """The cell's number, in low … high; ``None`` where it is empty."""
        cell = self.text(column)
        if not cell:
            return None
        try:
            number = float(cell)
        except ValueError:
            raise DataError(f"{self.where}: {column} is “{cell}”, not a number") from None
        if not low <= number <= high:
            raise DataError(f"{self.where}: {column} is {number:g}, outside {low:g} … {high:g}")
        return number

    def number(self, column: str, low: float, high: float) -> float:
        """The cell's number, in low … high, which must be there."""
        self.text(column, needed=True)
        number = self.maybe(column, low, high)
        assert number is not None
        return number

    def whole(self, column: str, low: float, high: float) -> int | None:
        """The cell's whole number; ``None`` where it is empty."""
        number = self.maybe(column, low, high)
        if number is not None and number % 1:
            raise DataError(f"{self.where}: {column} is {number}, not a whole number")
        return None if number is None else int(number)

    def count(self, column: str, low: float, high: float) -> int:
        """The cell's whole number, in low … high, which must be there."""
        self.text(column, needed=True)
        number = self.whole(column, low, high)
        assert number is not None
        return number

    def one_of(self, column: str, allowed: Iterable[str]) -> str:
        """The cell's text, which must be among those allowed."""
        cell = self.text(column)
        if cell not in allowed:
            raise DataError(f"{self.where}: {column} is “{cell}”, not one of {', '.join(allowed)}")
        return cell


def read(name: str, parse: Callable[[Row], T]) -> tuple[T, ...]:
    """A CSV table of data/, each line parsed; every line has an id and a source.

    Raises:
        DataError: Naming file, line and column of what is missing or damaged.
    """
    lines = csv.DictReader(io.StringIO(text_file(name), newline=""))
    try:
        rows = [(f"data/{name}, line {lines.line_num}", cells) for cells in lines]
    except csv.Error as error:
        raise DataError(f"data/{name}, line {lines.line_num}: {error}") from None
    if not rows:
        raise DataError(f"data/{name} has no rows")
    parsed = []
    for where, cells in rows:
        row = Row(where, cells)
        for column in ("id", "source"):
            row.text(column, needed=True)
        parsed.append(parse(row))
    return tuple(parsed)
