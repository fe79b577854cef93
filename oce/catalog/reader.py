"""Reading ``data/``: a table as typed rows, a document as an object; what is damaged is named.

A table's columns are declared once, as the fields of its :class:`Row`: with their type, their bounds and, as a default,
what an empty cell stands for. :class:`DataError` says which file, line and column, and what is wrong.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, ValidationError

from oce.catalog.caches import cached

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

T = TypeVar("T")


@cached
def data_folder() -> Traversable:
    """``oce/data`` where the package is installed, ``data/`` at the root in a checkout."""
    from importlib.resources import files  # here, as it takes 2 ms that `import oce` need not wait for

    installed = files("oce") / "data"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[2] / "data"


class DataError(RuntimeError):
    """A data file that is missing or damaged: which, where, and what is wrong."""


def content(name: str) -> bytes:
    """A file of data/, as it is.

    Raises:
        DataError: Where it is missing.
    """
    try:
        return (data_folder() / name).read_bytes()
    except OSError as error:
        raise DataError(f"data/{name} cannot be read: {error.strerror}") from None


def text_file(name: str) -> str:
    """A file of data/ as text.

    Raises:
        DataError: Where it is missing or no UTF-8; then with the line.
    """
    found = content(name)
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise DataError(f"data/{name}, line {line}: not UTF-8 ({error.reason})") from None


def json_file(name: str) -> dict[str, Any]:
    """A JSON file of data/.

    Raises:
        DataError: Where it is missing or damaged.
    """
    try:
        document = json.loads(text_file(name))
    except json.JSONDecodeError as error:
        raise DataError(f"data/{name}, line {error.lineno}: {error.msg}") from None
    if not isinstance(document, dict):
        raise DataError(f"data/{name} does not hold an object")
    return document


def from_json_file(name: str, parse: Callable[[dict[str, Any]], T]) -> T:
    """What is made of a JSON file of data/.

    Raises:
        DataError: Where it is missing or damaged, or lacks what is made of it.
    """
    document = json_file(name)
    try:
        return parse(document)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        what = f"there is no {error}" if isinstance(error, KeyError) else str(error)
        raise DataError(f"data/{name} is damaged: {what}") from None


class Row(BaseModel):
    """A line of a table. Its fields are the columns; an empty cell is the field's default, wrong where it has none."""

    model_config = ConfigDict(frozen=True, defer_build=True, protected_namespaces=(), populate_by_name=True)

    id: str
    source: str

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns that a table of such rows must have."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    def replace(self, **changes: Any) -> Self:
        """The same row with other values in some fields, which are taken as they are."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return cast("Self", self.model_construct(**values | changes))


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class OneOf:
    """The annotation of a text that must be among those allowed: ``Annotated[str, OneOf(KINDS)]``."""

    allowed: Collection[str]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        """Checked before what the type itself asks."""
        return handler(Annotated[source, BeforeValidator(self._check)])

    def _check(self, cell: Any) -> Any:
        if isinstance(cell, str) and cell not in self.allowed:
            require(False, _no_choice(cell, self.allowed))
        return cell


def require(holds: bool, wrong: str) -> None:
    """Checks a cell, or in a validator of the whole row what its columns say together.

    Raises:
        ValueError: Saying what is wrong, where it does not hold; of a cell without the name of its column.
    """
    if not holds:
        raise ValueError(wrong)


def require_one_of(column: str, cell: str, allowed: Collection[str]) -> None:
    """Checks in a validator of the whole row a text for which another column says what is allowed.

    Raises:
        ValueError: Where it is not among those allowed.
    """
    if cell not in allowed:
        require(False, f"{column} {_no_choice(cell, allowed)}")


def _no_choice(cell: Any, allowed: Iterable[str]) -> str:
    return f"is “{cell}”, not one of {', '.join(allowed)}"


def _parts(cell: Any) -> Any:
    return tuple(filter(None, map(str.strip, cell.split(";")))) if isinstance(cell, str) else cell


YesNo = Annotated[bool, OneOf(("yes", "no"))]
Names = Annotated[tuple[str, ...], BeforeValidator(_parts)]  # separated by semicolons


def read(name: str, row_type: type[R] | Mapping[str, type[R]]) -> tuple[R, ...]:
    """A CSV table of data/ as typed rows; where it has lines of several kinds, by what stands in its column ``kind``.

    Raises:
        DataError: Naming file, line and column of what is missing or damaged.
    """
    lines = csv.reader(io.StringIO(text_file(name), newline=""))
    rows: list[R] = []
    header: list[str] = []
    try:
        for cells in lines:
            where = f"data/{name}, line {lines.line_num}"
            if not header:
                header = cells
            elif cells:
                if not rows:
                    _check_header(where, header, row_type)
                if len(cells) > len(header):
                    raise DataError(f"{where}: {len(cells)} cells, where the header has {len(header)}")
                rows.append(_row(where, dict(zip(header, map(str.strip, cells), strict=False)), row_type))
    except csv.Error as error:
        raise DataError(f"data/{name}, line {lines.line_num}: {error}") from None
    if not rows:
        raise DataError(f"data/{name} has no rows")
    return tuple(rows)


def alone_by_key(named: Iterable[tuple[str, R]]) -> dict[str, R]:
    """Rows by the keys that stand for one row only."""
    found: dict[str, dict[str, R]] = {}
    for key, row in named:
        found.setdefault(key, {})[row.id] = row
    return {key: next(iter(rows.values())) for key, rows in found.items() if len(rows) == 1}


def _check_header(where: str, header: Collection[str], row_type: type[R] | Mapping[str, type[R]]) -> None:
    for each in row_type.values() if isinstance(row_type, Mapping) else (row_type,):
        for column in each.columns():
            if column not in header:
                raise DataError(f"{where}: there is no column {column}")


def _row(where: str, cells: Mapping[str, str], row_type: type[R] | Mapping[str, type[R]]) -> R:
    if isinstance(row_type, Mapping):
        kind = cells.get("kind", "")
        if kind not in row_type:
            raise DataError(f"{where}: kind is “{kind}”, not one of {', '.join(row_type)}")
        row_type = row_type[kind]
    try:
        return row_type.model_validate({column: cell for column, cell in cells.items() if cell})
    except ValidationError as error:
        raise DataError(f"{where}: {_wrong(row_type, error.errors(include_url=False)[0])}") from None


def _wrong(row_type: type[Row], error: Any) -> str:
    """What is wrong with a row, in words: the column, its cell and what is allowed there."""
    column, cell, kind = "".join(map(str, error["loc"][:1])), error["input"], error["type"]
    if kind == "value_error":
        return f"{column} {error['ctx']['error']}".strip()
    field = next(field for name, field in row_type.model_fields.items() if column in (name, field.alias))
    if kind == "missing":
        choice = next((each for each in field.metadata if isinstance(each, OneOf)), None)
        return f"{column} {_no_choice('', choice.allowed)}" if choice else f"{column} is empty"
    try:
        number = float(cell)
    except ValueError:
        return f"{column} is “{cell}”, not a number"
    if kind == "int_parsing":
        return f"{column} is {number:g}, not a whole number"
    low, high = (next(getattr(each, end) for each in field.metadata if hasattr(each, end)) for end in ("ge", "le"))
    return f"{column} is {number:g}, outside {low:g} … {high:g}"
