"""Columns of scenarios as read: numbers with NaN where not given, names as codes, and what the catalogue has for them.

A column has one value a row, or a single value that stands for every row. A row that cannot be used keeps its problems,
by field, and never disturbs the others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import catalog
from oce.assumptions import Assumption
from oce.errors import NO_SUCH_FIELD, InputError, Problem
from oce.fields import CURRENCY, DEFAULTS, FIELDS, NUMBER_FIELDS, TEXT_FIELDS
from oce.near_names import near_names
from oce.parsing import finite, not_given, number_wanted, read_number
from oce.parsing import precision as read_precision
from oce.rules import violations

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Texts = tuple[Codes, list[str | None]]  # a column of names: codes into the distinct ones

CHOICES = ("modality", "precision", "throughput", "embodied", "architecture", "interconnect", "training")
FEW_NAMES = 16
NOT_GIVEN = np.full(1, np.nan)
NOT_GIVEN.setflags(write=False)


class Problems(dict[int, list[Problem]]):
    """What is wrong, by row."""

    def note(self, row: int, problem: Problem) -> None:
        """Note a problem of a row, unless the field's value has one already: a second says nothing new."""
        others = self.setdefault(row, [])
        if not any(other.field == problem.field and problem.value in (None, other.value) for other in others):
            others.append(problem)


@dataclass(frozen=True, slots=True)
class Table:
    """Scenarios as columns, with what is wrong with their rows and what was filled in."""

    count: int
    numbers: Mapping[str, Floats]
    texts: Mapping[str, Texts]
    devices: list[catalog.Device | None]  # by code
    regions: list[catalog.Region | None]
    problems: Problems
    records: list[Assumption] | None  # of a single scenario; of many, none are kept

    @property
    def device_codes(self) -> Codes:
        """Place of each row's device in ``devices``."""
        return self.texts["device"][0]

    @property
    def device(self) -> catalog.Device | None:
        """The device of a single scenario."""
        return self.devices[0]

    def of_devices(self, values: Sequence[float | None]) -> Floats:
        """A value a device as one value a row."""
        return gather(values, self.device_codes)

    def known_device(self) -> NDArray[np.bool_]:
        """Whether each row has a device of the catalogue."""
        return np.array([device is not None for device in self.devices])[self.device_codes]

    def working_codes(self, *columns: NDArray[Any]) -> tuple[Codes, Codes]:
        """Codes of the devices to work with, and each row's place in what comes of them.

        Where these columns are the same for every row, a device is worked out once; else every row is.
        """
        if all(len(column) == 1 for column in columns):
            return np.arange(len(self.devices), dtype=np.intp), self.device_codes
        count = max(len(self.device_codes), *(len(column) for column in columns))
        return np.broadcast_to(self.device_codes, (count,)), np.arange(count, dtype=np.intp)

    def refuse(self, broken: bool | NDArray[np.bool_], problem: Problem | Callable[[int], Problem]) -> None:
        """Note a problem, or that which a function has for the row, of every row that is ``broken``."""
        if np.count_nonzero(broken):
            for row in map(int, np.flatnonzero(np.broadcast_to(broken, (self.count,)))):
                self.problems.note(row, problem if isinstance(problem, Problem) else problem(row))

    def refuse_value(self, broken: bool | NDArray[np.bool_], name: str, allowed: str) -> None:
        """Note that the value of a number is not allowed, of every row that is ``broken``."""
        values = self.numbers[name]
        self.refuse(broken, lambda row: Problem(name, number_at(values, row), allowed))

    def is_given(self, name: str) -> bool:
        """Whether a number was given in any row; where none was, what follows from it need not be worked out."""
        values = self.numbers[name]
        return len(values) > 1 or not np.isnan(values[0])

    def filled(self, name: str, source: str = "", unit: str = "", year: str = "") -> Floats:
        """A column with its default (:data:`oce.fields.DEFAULTS`) where none was given.

        Args:
            name: The field.
            source: Why that value; with it, a single scenario's is recorded.
            unit: Of the value.
            year: Of the source.
        """
        values = self.numbers[name]
        found = or_else(values, float(DEFAULTS[name]))
        if source:
            self.record(np.isnan(values), lambda: Assumption(name, float(found[0]), unit, source, year))
        return found

    def record(self, filled: NDArray[np.bool_] | bool, make: Callable[[], Assumption]) -> None:
        """Record what was just filled in, if it was, for a single scenario."""
        if self.records is not None and filled:
            self.records.append(make())


def read_table(columns: Mapping[str, Any], *, recorded: bool = False) -> Table:
    """Columns checked by :mod:`oce.rules`, with names looked up.

    Args:
        columns: Fields of scenarios, each a single value or one value a row.
        recorded: Whether what is filled in is recorded, of a single scenario.

    Raises:
        InputError: Where a column is no field.
        ValueError: Where columns differ in length.
    """
    unknown = [name for name in columns if name not in FIELDS]
    if unknown:
        raise InputError([Problem(name, name, NO_SUCH_FIELD, near_names(name, list(FIELDS))) for name in unknown])
    count, problems = row_count(columns), Problems()
    numbers = {name: _numbers(name, columns.get(name), count, problems) for name in NUMBER_FIELDS}
    texts = {name: _factorise(name, columns.get(name)) for name in TEXT_FIELDS}
    devices: list[catalog.Device | None] = []
    regions: list[catalog.Region | None] = []
    table = Table(count, numbers, texts, devices, regions, problems, [] if recorded else None)
    alone = all(len(values) == 1 for values in numbers.values())  # then plain numbers are ten times quicker than arrays
    rules = violations({name: float(values[0]) for name, values in numbers.items()}) if alone else violations(numbers)
    for name, _, broken, allowed in list(rules):
        table.refuse_value(broken, name, allowed)
        numbers[name] = np.where(broken, np.nan, numbers[name])  # nothing is worked out with it
    for name in CHOICES:
        texts[name] = _choices(name, table)
    _check_currency(table)
    devices += _look_up(catalog.device, "device", table)
    regions += _look_up(catalog.region, "region", table)
    return table


def is_single(values: Any) -> bool:
    """Whether it is one value, which stands for every row, and no column."""
    if values is None or isinstance(values, float | str):  # most of them
        return True
    if isinstance(values, list):
        return False
    no_column = np.isscalar(values) or isinstance(values, Mapping | set) or not hasattr(values, "__len__")
    return no_column or (isinstance(values, np.ndarray) and values.ndim == 0)


def row_count(columns: Mapping[str, Any]) -> int:
    """The number of rows of columns that are arrays or single values.

    Raises:
        ValueError: Where columns differ in length.
    """
    lengths = {name: len(values) for name, values in columns.items() if not is_single(values)}
    longest = max(lengths.values(), default=1)
    for name, length in lengths.items():
        if length not in (1, longest):
            raise ValueError(f"{name}: {length} values where other columns have {longest}")
    return 0 if 0 in lengths.values() else longest


def gather(values: Sequence[float | None], codes: Codes) -> Floats:
    """The value at each code; NaN where it is not known."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)[codes]


def or_else(values: Floats, otherwise: Floats | float) -> Floats:
    """The values, and others where they are NaN."""
    return np.where(np.isnan(values), otherwise, values)


def at(values: Floats, row: int) -> float:
    """The value of a row, of a column of one value a row or one for all."""
    return float(values[row if len(values) > 1 else 0])


def number_at(values: Floats, row: int) -> float | None:
    """The value of a row; ``None`` where there is none."""
    value = at(values, row)
    return None if np.isnan(value) else value


def _cells(values: Any) -> NDArray[Any]:
    """A column as an array of a cell a row; a cell that holds several values is their text, which no field takes."""
    cells = [values] if is_single(values) else values
    try:
        array = np.asarray(cells)
    except ValueError:  # lists of different lengths
        array = np.empty(0)
    if array.ndim != 1 or len(array) != len(cells):
        return np.array([str(cell) if np.isscalar(cell) else f"{len(cell)} values: {cell}" for cell in cells])
    copied = array.dtype.kind == "U" and array is not cells
    if (copied or array.dtype.kind == "O") and "\0" in "".join(map(str, cells)):
        return np.array([str(cell).replace("\0", "\ufffd") for cell in cells])  # arrays of texts end before a NUL
    return array


def _numbers(name: str, values: Any, count: int, problems: Problems) -> Floats:
    """A column of numbers, NaN where not given; text is read as people write numbers."""
    if values is None:
        return NOT_GIVEN
    array = _cells(values)
    if array.dtype.kind in "iuf":
        return array.astype(np.float64, copy=False)
    parsed = np.full(len(array), np.nan)
    for row, value in enumerate(array):
        if value is None or not_given(name, str(value)):
            continue
        try:
            parsed[row] = read_number(name, value).value if isinstance(value, str) else float(finite(value))  # type: ignore[arg-type]
        except (TypeError, ValueError) as error:
            problem = Problem(name, str(value), number_wanted(name, error))
            for bad in range(count) if len(array) == 1 else (row,):
                problems.note(bad, problem)
    return parsed


def _factorise(name: str, values: Any) -> Texts:
    """A column of names as codes into its few distinct ones (None where not given)."""
    if values is None or isinstance(values, str):
        return np.zeros(1, dtype=np.intp), [None if values is None or not_given(name, values) else values.strip()]
    array = _cells(values)
    found, codes = _distinct(array if array.dtype.kind == "U" else array.astype(str))
    names = [None if not_given(name, text) else text.strip() for text in found]
    return codes[:1] if len(names) == 1 else codes, names


def _distinct(texts: NDArray[np.str_]) -> tuple[list[str], Codes]:
    """The distinct texts and each one's place among them: by comparing, which beats sorting where they are few."""
    word = np.uint64 if texts.itemsize % 8 == 0 else np.uint32  # compared as numbers, four times quicker than as texts
    words = np.ascontiguousarray(np.ascontiguousarray(texts).view(word).reshape(len(texts), -1).T)
    found: list[str] = []
    codes = np.full(len(texts), -1, dtype=np.intp)
    for _ in range(FEW_NAMES):
        first = int(np.argmin(codes))  # the first that has no place yet, if any
        if len(texts) == 0 or codes[first] >= 0:
            return found, codes
        codes[(words == words[:, first, None]).all(axis=0)] = len(found)
        found.append(str(texts[first]))
    left = codes < 0
    others, places = np.unique(texts[left], return_inverse=True)
    codes[left] = places + len(found)
    return found + others.tolist(), codes


def _look_up(find: Callable[[str], Any], name: str, table: Table) -> list[Any]:
    """What the catalogue has for each distinct name; ``None``, and a problem of its rows, where it has nothing."""
    codes, names = table.texts[name]
    found: list[Any] = []
    for code, text in enumerate(names):
        try:
            found.append(None if text is None else find(text))
        except InputError as error:
            found.append(None)
            table.refuse(codes == code, error.problems[0])
    return found


def _choices(name: str, table: Table) -> Texts:
    """A column of choices in lower case; a value that is not offered is a problem of its rows."""
    field, (codes, values) = FIELDS[name], table.texts[name]
    if name == "precision":
        values = [value and read_precision(value) for value in values]
    for code, value in enumerate(values):
        if value is not None and value.lower() not in field.choices:
            table.refuse(codes == code, Problem(name, value, field.allowed, near_names(value, field.choices)))
    return codes, [value and value.lower() for value in values]


def _check_currency(table: Table) -> None:
    codes, values = table.texts["currency"]
    for code, value in enumerate(values):
        if value is not None and not CURRENCY.fullmatch(value):
            table.refuse(codes == code, Problem("currency", value, FIELDS["currency"].allowed))
