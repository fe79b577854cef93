"""What Streamlit asks of pyarrow to show and edit a table, over nanoarrow: there is no pyarrow for the browser.

Columns of texts, numbers and truth values, with the index that pandas has; anything else is said to be impossible.
In the site this is the package `pyarrow`.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

__version__ = "0.0.0"  # pandas takes it for one that is too old, and leaves it alone


class ArrowInvalid(ValueError):  # noqa: N818 - these are pyarrow's names
    """What cannot be an Arrow table."""


class ArrowTypeError(TypeError, ArrowInvalid):
    """A value of another type than its column's."""


class ArrowNotImplementedError(NotImplementedError, ArrowInvalid):
    """What this cannot do."""


class _Never:
    """A class that nothing is an instance of."""


Array = ChunkedArray = LargeListType = ListType = RecordBatch = RecordBatchReader = _Never


@dataclass(frozen=True)
class DataType:
    """A column's type."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Field:
    """A column's name and type."""

    name: str
    type: DataType
    nullable: ClassVar[bool] = True

    def with_type(self, new: DataType) -> Field:
        """The same column of another type."""
        return replace(self, type=new)


class Schema(list[Field]):
    """The columns, and what pandas says of them."""

    def __init__(self, fields: Iterable[Field], metadata: Mapping[bytes, bytes]) -> None:
        super().__init__(fields)
        self.metadata = dict(metadata)

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [field.name for field in self]

    def field(self, which: int | str) -> Field:
        """A column by its place or its name."""
        return self[which if isinstance(which, int) else self.names.index(which)]


@dataclass(frozen=True)
class _Kind:
    """A type of column, as pyarrow, pandas, numpy and nanoarrow call it."""

    name: str
    pandas: str
    numpy: str
    nanoarrow: str


TEXT = _Kind("string", "unicode", "object", "string")
NUMBER = _Kind("double", "float64", "float64", "float64")
INTEGER = _Kind("int64", "int64", "int64", "int64")
TRUTH = _Kind("bool", "bool", "bool", "bool_")
KINDS = {kind.name: kind for kind in (TEXT, NUMBER, INTEGER, TRUTH)}


@dataclass(frozen=True)
class _Column:
    """A column: what pandas calls it, its name in the table, and its values, with None for what is missing."""

    label: Any
    field: str
    kind: _Kind
    values: list[Any]


def _column(label: Any, field: str, series: Any) -> _Column:
    """A pandas Series or Index as a column."""
    values = [None if _is_missing(value) else value for value in series.tolist()]
    types_there = {type(value) for value in values if value is not None}
    if types_there <= {str}:
        return _Column(label, field, TEXT, values)
    if types_there == {bool}:
        return _Column(label, field, TRUTH, values)
    if types_there == {int}:
        return _Column(label, field, INTEGER, values)
    if types_there <= {int, float}:
        return _Column(label, field, NUMBER, values)
    raise ArrowTypeError(f"a column of {', '.join(sorted(one.__name__ for one in types_there))}")


def _is_missing(value: Any) -> bool:
    return (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or type(value).__name__ in {"NAType", "NaTType"}
    )


@dataclass(frozen=True)
class Table:
    """Columns of values."""

    schema: Schema
    columns: list[list[Any]]
    num_rows: int

    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""
        return self.schema.names

    @classmethod
    def from_pandas(cls, frame: Any, preserve_index: bool | None = None) -> Table:
        """A DataFrame as a table; its index is a column too, unless it only counts."""
        import pandas as pd

        columns = [_column(str(name), str(name), frame.iloc[:, at]) for at, name in enumerate(frame.columns)]
        index = frame.index
        levels: list[Any] = []
        if isinstance(index, pd.RangeIndex) and not preserve_index:
            counts = {"start": index.start, "stop": index.stop, "step": index.step}
            levels.append({"kind": "range", "name": index.name, **counts})
        else:
            for at, name in enumerate(index.names):
                field = f"__index_level_{at}__" if name is None else str(name)
                columns.append(_column(name, field, index.get_level_values(at)))
                levels.append(field)
        described = {
            "index_columns": levels,
            "column_indexes": [_described(None, None, TEXT, {"encoding": "UTF-8"})],
            "columns": [_described(one.label, one.field, one.kind) for one in columns],
            "creator": {"library": "pyarrow", "version": __version__},
            "pandas_version": pd.__version__,
        }
        fields = [Field(one.field, DataType(one.kind.name)) for one in columns]
        return cls(
            Schema(fields, {b"pandas": json.dumps(described).encode()}), [one.values for one in columns], len(frame)
        )


def _described(label: Any, field: str | None, kind: _Kind, metadata: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A column as pandas describes it in a table's metadata."""
    types_of = {"pandas_type": kind.pandas, "numpy_type": kind.numpy}
    return {"name": label, "field_name": field, **types_of, "metadata": metadata}


class BufferOutputStream(io.BytesIO):
    """Bytes in memory."""

    def getvalue(self) -> _Bytes:
        """All bytes that were written."""
        return _Bytes(super().getvalue())


class _Bytes(bytes):
    def to_pybytes(self) -> bytes:
        return bytes(self)


class RecordBatchStreamWriter:
    """Writes Arrow's streaming format."""

    def __init__(self, sink: io.BytesIO, schema: Schema) -> None:
        self._sink, self._schema = sink, schema

    def write_table(self, table: Table) -> None:
        """Writes the whole stream."""
        import nanoarrow as na
        from nanoarrow.ipc import StreamWriter

        kinds = [getattr(na, KINDS[field.type.name].nanoarrow)() for field in table.schema]
        fields = dict(zip(table.column_names, kinds, strict=True))
        schema = na.Schema(na.Type.STRUCT, fields=fields, metadata=self._schema.metadata)
        children = [na.c_array(values, kind) for kind, values in zip(kinds, table.columns, strict=True)]
        batch = na.c_array_from_buffers(schema, table.num_rows, buffers=[None], children=children)
        with StreamWriter.from_writable(self._sink) as writer:
            writer.write_stream(na.c_array_stream(batch))

    def close(self) -> None:
        """The end of the stream is written already."""


def _never(_type: DataType) -> bool:
    return False


class types:  # noqa: N801 - pyarrow's name
    """Questions about types."""

    is_integer = staticmethod(lambda one: one.name == INTEGER.name)
    is_floating = staticmethod(lambda one: one.name == NUMBER.name)
    is_boolean = staticmethod(lambda one: one.name == TRUTH.name)
    is_string = staticmethod(lambda one: one.name == TEXT.name)
    is_large_string = is_binary = is_null = is_decimal = staticmethod(_never)
    is_date = is_time = is_timestamp = is_duration = is_list = is_struct = staticmethod(_never)


def array(values: Any, from_pandas: bool = False) -> Any:
    """No list of lists becomes a column here."""
    raise ArrowNotImplementedError("a column of lists")


def string() -> DataType:
    """The type of texts."""
    return DataType("string")


def binary() -> DataType:
    """The type of bytes."""
    return DataType("binary")


def large_string() -> DataType:
    """The type of long texts."""
    return DataType("large_string")


def large_binary() -> DataType:
    """The type of many bytes."""
    return DataType("large_binary")
