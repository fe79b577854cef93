"""Quantities as people write them: ``70B``, ``0.7 kW``, ``40 %``, ``1000 PF-days``, ``15 days``, ``2024-05``.

One parser for every door. A text and what its field takes go in; the number comes out, with a word about what was
taken for what wherever it could have been meant otherwise. What has two readings that are both allowed is refused.
"""

import math
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

import numpy as np

from oce.errors import NotReadError
from oce.fields import FIELDS
from oce.quantity_units import Read, kind_named

MOST_CHARACTERS = 80
SUFFIXES = {"k": 1e3, "m": 1e6, "b": 1e9, "g": 1e9, "t": 1e12}
MISSING = frozenset(
    (
        *("", "na", "n/a", "n.a.", "#n/a", "#na", "<na>", "nan", "nat", "null", "none", "nil", "missing"),
        *("-", "--", "–", "—", "−", ".", "?"),
    )
)


def missing(text: str) -> bool:
    """Whether a cell says, as R, pandas or a spreadsheet do, that there is no value."""
    return text.strip().casefold() in MISSING


_PRECISIONS = (  # what frameworks call a precision
    (r"bf16|bfloat16|bfloat|bf16-mixed|bf16-true|mixed-bf16|bf-16", "bf16"),
    (r"fp16|float16|half|f16|16-mixed|16-true|fp16-mixed|fp-16", "fp16"),
    (r"fp32|float32|single|f32|float|32-true|fp-32", "fp32"),
    (r"tf32|tensorfloat-?32|tf-32", "tf32"),
    (r"fp8|float8|f8|fp-8|mxfp8", "fp8"),
    (r"(?:fp8|float8)[-_ ](?:cs|ds|mx|sc|e4m3|e5m2|e4m3fn|hybrid|delayed|current|blockwise)", "fp8"),
    (r"fp4|float4|nvfp4|mxfp4|fp-4", "fp4"),
)


def precision(text: str) -> str:
    """A precision by what frameworks call it, ``torch.bfloat16`` or ``16-mixed``; any other text as it is, folded."""
    word = text.strip().casefold().removeprefix("torch.").removeprefix("jnp.").removeprefix("tf.")
    return next((name for pattern, name in _PRECISIONS if re.fullmatch(pattern, word)), word)


def parse_number(text: str) -> float:
    """Read a number as people write it: ``70e9``, ``70B``, ``15 T``, ``16384``.

    k, M, B (or G) and T stand for 1e3, 1e6, 1e9 and 1e12.

    Raises:
        ValueError: Where it is not one, or not finite.
    """
    stripped = text.strip()
    factor = SUFFIXES.get(stripped[-1:].lower(), 1.0)
    digits = stripped[:-1].strip() if factor != 1.0 else stripped
    digits = re.sub(r"(?<=\d)([eE]) (?=\d)", r"\1+", digits)  # a link's "+" arrives as a blank
    if "_" in digits:
        raise ValueError("a number such as 70e9 or 70B")
    try:
        # "72.5B" is read as 72.5e9, in decimal, so that it equals what 72.5e9 would be
        number = float(f"{digits}e{round(math.log10(factor))}") if factor != 1.0 else float(digits)
    except ValueError:
        raise ValueError("a number such as 70e9 or 70B") from None
    if not math.isfinite(number):
        raise ValueError("a finite number")
    return number


def quantity(text: str, kind: str, allowed: Callable[[float], bool], decimal: str = "") -> Read:
    """Read a quantity.

    Args:
        text: As it was written.
        kind: What its field takes, a key of :data:`oce.quantity_units.KINDS`; any other takes plain numbers.
        allowed: Whether the field takes this number; decides between two readings of a text.
        decimal: The decimal sign of the file that it stands in, ``.`` or ``,``, where that is known.

    Returns:
        The number in the field's own unit, and a note where it could have been meant otherwise.

    Raises:
        NotReadError: Where it cannot be read, or has two readings that are both allowed.
    """
    plain = unambiguous_number(text)
    if plain is not None and decimal != "," and allowed(plain):
        return Read(plain)
    line = _tidy(text)
    if len(line) > MOST_CHARACTERS or not line:
        raise NotReadError("")
    of = kind_named(kind)
    if of.whole and (found := of.whole(line)) is not None:
        return found
    digits, exponent, rest = _split(line)
    factor, note = of.unit(rest)
    readings = _numbers(digits, "" if exponent else decimal)
    if exponent and "." in digits:
        readings = readings[:1]  # nobody marks thousands before an exponent
    candidates = [(_scaled(number, exponent, factor), how) for number, how in readings]
    possible = [pair for pair in candidates if allowed(pair[0])]
    if len(possible) > 1 and possible[0][0] != possible[1][0]:
        (first, how), (second, _) = possible[:2]
        if how == _AMBIGUOUS:
            raise NotReadError(f"it could be {_shown(first)} or {_shown(second)}: write one of these")
        note = note or f"{how}: {_shown(first)}, not {_shown(second)}"
    if not possible:
        if not math.isfinite(candidates[0][0]):
            raise NotReadError("")
        return Read(candidates[0][0], note)  # out of range: its field says so
    value, how = possible[0]
    if not note and how not in ("", _AMBIGUOUS) and "decimal" not in how:
        note = f"{how}: {_shown(value)}"
    if not note and how == _AMBIGUOUS:
        note = f"read as {_shown(value)}"
    return Read(value, note and f"“{line[:40]}” {note}")


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
    return quantity(text, field.kind, field.takes, decimal)


def not_given(name: str, text: str) -> bool:
    """Whether a text says that a field has no value, as ``nan``, ``None`` or ``-`` do at every door.

    ``NA`` as a region is Namibia's code, save in files, where R and pandas write it for what is missing.
    """
    return missing(text) and not (name == "region" and text.strip().casefold() == "na")


def finite(value: object) -> object:
    """``value``, unless it is no number of a field: NaN, a truth value, complex, or too large for any.

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


_AMBIGUOUS = "ambiguous"
_BLANKS = re.compile("[\\s\u00a0\u2007\u2009\u202f]+")
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_HEAD = re.compile(r"[+-]? ?(?:\d(?:[\d.,'_ ]*\d)?[.,]?|[.,]\d+)")
_POWER = re.compile(r" ?e ?([+-]?) ?(\d{1,4})(?![\d.,])| ?[x*·] ?10 ?(?:\^|\*\*) ?([+-]?\d{1,3})(?!\d)", re.I)
_TEN_TO = re.compile(r"10 ?(?:\^|\*\*) ?([+-]?\d{1,3})(?!\d)")
_GROUPED = re.compile(r"[1-9]\d{0,2}(.)\d{3}(?:\1\d{3})*")


def unambiguous_number(text: str) -> float | None:
    """The number of a text that has only one reading: digits, with a point that cannot stand for thousands."""
    if len(text) > MOST_CHARACTERS or "_" in text or text.strip()[-4:-3] == ".":
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _tidy(text: str) -> str:
    """The text on one line, its blanks and signs as on a keyboard."""
    raised = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda found: "^" + found[0].translate(_SUPER), text[: 2 * MOST_CHARACTERS])
    line = unicodedata.normalize("NFKC", raised.replace("×", "x").replace("⋅", "·"))
    line = line.replace("−", "-").replace("’", "'").replace("`", "'")
    if not line.isascii():  # digits of every script, which Python's own numbers take too
        line = "".join(str(unicodedata.decimal(character, character)) for character in line)
    return _BLANKS.sub(" ", line).strip()


def _split(line: str) -> tuple[str, int, str]:
    """The digits, the power of ten, and what follows."""
    ten = _TEN_TO.match(line)
    if ten:
        return "1", int(ten[1]), line[ten.end() :].strip()
    head = _HEAD.match(line.removeprefix("~").removeprefix("≈").strip())
    line = line.removeprefix("~").removeprefix("≈").strip()
    if not head:
        raise NotReadError("")
    rest = line[head.end() :]
    power = _POWER.match(rest)
    exponent = 0
    if power:
        exponent = int(power[3]) if power[3] else int(f"{power[1]}{power[2]}")
        rest = rest[power.end() :]
    return head[0], exponent, rest.strip()


def _numbers(digits: str, decimal: str) -> list[tuple[str, str]]:
    """The readings of a number as Python writes it, the likelier first, each with how it was read; at least one."""
    sign = "-" if digits.startswith("-") else ""
    body = digits.lstrip("+-").strip()
    for mark in (" ", "'", "_"):  # these only ever group
        if mark in body:
            whole, point, part = re.fullmatch(r"([^.,]*)([.,]?)(.*)", body).groups()  # type: ignore[union-attr]
            found = _GROUPED.fullmatch(whole)
            if not found or found[1] != mark or (not part.replace(".", "").replace(",", "").isdigit() and part):
                raise NotReadError(f"the digits stand in groups of three, as in 1{mark}000")
            body = whole.replace(mark, "") + point + part
            decimal = point or decimal
    points, commas = body.count("."), body.count(",")
    if points and commas:
        last = "." if body.rfind(".") > body.rfind(",") else ","
        other = "," if last == "." else "."
        whole, _, part = body.rpartition(last)
        found = _GROUPED.fullmatch(whole)
        if last in whole or not found or found[1] != other:
            raise NotReadError("")
        return [(f"{sign}{whole.replace(other, '')}.{part}", "")]
    if points + commas > 1:
        if not _GROUPED.fullmatch(body):
            raise NotReadError("")
        return [(sign + re.sub("[.,]", "", body), "")]
    if points + commas == 0:
        return [(sign + body, "")]
    mark = "." if points else ","
    as_decimal, as_thousand = sign + body.replace(",", "."), sign + re.sub("[.,]", "", body)
    if not _GROUPED.fullmatch(body):
        return [(as_decimal, "")]
    if decimal == mark:
        return [(as_decimal, "")]
    if decimal:
        return [(as_thousand, f"has its thousands marked, as the file's decimal sign is “{decimal}”"), (as_decimal, "")]
    if mark == ".":
        return [(as_decimal, "read with a decimal point"), (as_thousand, "has its thousands marked")]
    return [(as_thousand, _AMBIGUOUS), (as_decimal, _AMBIGUOUS)]


def _scaled(number: str, exponent: int, factor: Decimal) -> float:
    """The number times its power of ten and its unit, rounded once."""
    if abs(exponent) > 400:
        return math.inf if exponent > 0 else 0.0
    _, digits, place = factor.as_tuple()
    if digits == (1,) and isinstance(place, int):
        return float(f"{number.removesuffix('.')}e{exponent + place}")
    return float(Decimal(number.removesuffix(".")).scaleb(exponent) * factor)


def _shown(value: float) -> str:
    return f"{value:.10g}".replace("e+", "e")
