"""Values that hold arrays: equal where type and numbers are, and fit to be a key."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np


class ArrayValue:
    """Base of frozen dataclasses with arrays, made with ``eq=False``: ``==`` and ``hash`` go by the numbers in them.

    Two NaN are equal. Arrays must not be written to once they are in.
    """

    __slots__ = ("_hash",)
    _hash: int

    def __eq__(self, other: object) -> bool:
        """Whether both are of one type and every field holds the same numbers, in the same shape."""
        if not isinstance(other, ArrayValue) or type(self) is not type(other):
            return NotImplemented
        return self is other or _contents(self) == _contents(other)

    def __hash__(self) -> int:
        """The same for equal values; worked out once, as an estimate looks up by the fit again and again."""
        try:
            return self._hash
        except AttributeError:
            object.__setattr__(self, "_hash", hash(_contents(self)))  # the values are frozen
            return self._hash


def _contents(value: ArrayValue) -> tuple[object, ...]:
    return tuple(_comparable(getattr(value, field.name)) for field in fields(value))  # type: ignore[arg-type]


def _comparable(value: Any) -> object:
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    return tuple(value.items()) if isinstance(value, Mapping) else value
