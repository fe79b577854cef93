"""Reading what was written for a field: text in any unit that the field takes, or a number."""

from __future__ import annotations

import math

import numpy as np

from oce import parsing
from oce.errors import NotReadError
from oce.fields import FIELDS
from oce.quantity_units import Read, kind_named


def read_number(name: str, text: str, decimal: str = "") -> Read:
    """Read what was written for a numeric field, in any unit that it takes: ``0.7 kW``, ``40%``, ``1000 PF-days``.

    Args:
        name: The field.
        text: What was written.
        decimal: The decimal sign of the file that it stands in, where that is known.

    Returns:
        The number in the field's unit, which may be outside its range, and a note where it could be meant otherwise.

    Raises:
        NotReadError: Where it cannot be read; its message is a hint, and may be empty.
    """
    field = FIELDS[name]
    return parsing.quantity(text, field.kind, field.takes, decimal)


def not_given(name: str, text: str) -> bool:
    """Whether a text says that a field has no value, as ``nan``, ``None`` or ``-`` do at every door.

    ``NA`` as a region is Namibia's code, save in files, where R and pandas write it for what is missing.
    """
    return parsing.missing(text) and not (name == "region" and text.strip().casefold() == "na")


def finite(value: object) -> object:
    """``value``, unless it is no number at all: NaN, a truth value, complex, or too large for any.

    Raises:
        ValueError: For these.
    """
    if isinstance(value, bool | np.bool_ | complex | np.complexfloating):
        raise ValueError("a truth value and a complex number are no number of a field")
    if isinstance(value, int | float | np.number):
        try:
            if math.isnan(value):
                raise ValueError("NaN is no number")
        except OverflowError as error:
            raise ValueError("too large") from error
    return value


def number_wanted(name: str, error: Exception | None = None) -> str:
    """What a numeric field takes, in words, with the hint of the error that its text was refused with."""
    field = FIELDS[name]
    hint = str(error) if isinstance(error, NotReadError) else ""
    return f"a number such as {kind_named(field.kind).example}, {field.allowed}" + (f"; {hint}" if hint else "")
