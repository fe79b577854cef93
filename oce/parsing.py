"""Quantities as people write them: ``70B``, ``0.7 kW``, ``40 %``, ``1000 PF-days``, ``15 days``, ``2024-05``.

One parser for every door. A text and what its field takes go in; the number comes out, with a word about what was
taken for what wherever it could have been meant otherwise. What has two readings that are both allowed is refused.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

MOST_CHARACTERS = 80
SUFFIXES = {"k": 1e3, "m": 1e6, "b": 1e9, "g": 1e9, "t": 1e12}
MISSING = frozenset(
    (
        *("", "na", "n/a", "n.a.", "#n/a", "#na", "<na>", "nan", "nat", "null", "none", "nil", "missing"),
        *("-", "--", "–", "—", "−", ".", "?"),
    )
)
_WORDS: Mapping[str, int] = {  # a word or letter for a power of ten
    **{"k": 3, "thousand": 3, "m": 6, "mn": 6, "mio": 6, "million": 6, "millions": 6},
    **{"b": 9, "bn": 9, "bln": 9, "mrd": 9, "billion": 9, "billions": 9, "g": 9},
    **{"t": 12, "tn": 12, "trn": 12, "trillion": 12, "trillions": 12},
}
_PREFIXES: Mapping[str, int] = {
    **{"": 0, "k": 3, "m": 6, "g": 9, "t": 12, "p": 15, "e": 18, "z": 21, "y": 24, "r": 27, "q": 30},
    **{"kilo": 3, "mega": 6, "giga": 9, "tera": 12, "peta": 15, "exa": 18, "zetta": 21, "yotta": 24},
}
_TIMES: Mapping[str, int] = {  # seconds
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("w", "wk", "week", "weeks"), 604_800),
}
_OF_DEVICES = "gpu|gpus|tpu|tpus|device|devices|chip|chips|card|cards|accelerator|accelerators"
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


class NotReadError(ValueError):
    """A text that cannot be read as what its field takes; the message is a hint, and may be empty."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field takes: an example for whoever wrote something else, and what may follow its number."""

    example: str
    unit: Callable[[str], tuple[Decimal, str]]  # what follows → the factor that it stands for, and a note


@dataclass(frozen=True, slots=True)
class Read:
    """A number that was read, and what there is to say about how."""

    value: float
    note: str = ""


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

    Args:
        text: The number; k, M, B (or G) and T stand for 1e3, 1e6, 1e9 and 1e12.

    Returns:
        The number.

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
        kind: What its field takes, a key of :data:`KINDS`; any other takes plain numbers.
        allowed: Whether the field takes this number; decides between two readings of a text.
        decimal: The decimal sign of the file that it stands in, ``.`` or ``,``, where that is known.

    Returns:
        The number in the field's own unit, and a note where it could have been meant otherwise.

    Raises:
        NotReadError: Where it cannot be read, or has two readings that are both allowed.
    """
    plain = plain_number(text)
    if plain is not None and decimal != "," and allowed(plain):
        return Read(plain)
    line = _tidy(text)
    if len(line) > MOST_CHARACTERS or not line:
        raise NotReadError("")
    special = _SPECIAL.get(kind)
    if special and (found := special(line)) is not None:
        return found
    digits, exponent, rest = _split(line)
    factor, note = KINDS.get(kind, KINDS["number"]).unit(rest)
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


def example(kind: str) -> str:
    """What may be written in such a field."""
    return KINDS.get(kind, KINDS["number"]).example


# --- the number ---

_AMBIGUOUS = "ambiguous"
_BLANKS = re.compile("[\\s\u00a0\u2007\u2009\u202f]+")
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_HEAD = re.compile(r"[+-]? ?(?:\d(?:[\d.,'_ ]*\d)?[.,]?|[.,]\d+)")
_POWER = re.compile(r" ?e ?([+-]?) ?(\d{1,4})(?![\d.,])| ?[x*·] ?10 ?(?:\^|\*\*) ?([+-]?\d{1,3})(?!\d)", re.I)
_TEN_TO = re.compile(r"10 ?(?:\^|\*\*) ?([+-]?\d{1,3})(?!\d)")
_GROUPED = re.compile(r"[1-9]\d{0,2}(.)\d{3}(?:\1\d{3})*")


def plain_number(text: str) -> float | None:
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


# --- what follows it, by kind ---


def _power_of_ten(power: int) -> Decimal:
    return Decimal(1).scaleb(power)


def _no_unit(rest: str) -> tuple[Decimal, str]:
    if rest:
        raise NotReadError("a number alone")
    return Decimal(1), ""


def _counted(*units: str, hint: Mapping[str, str] | None = None) -> Callable[[str], tuple[Decimal, str]]:
    """A count: a word for a power of ten, then what is counted, if anything."""
    pattern = re.compile(f"({'|'.join(sorted(_WORDS, key=len, reverse=True))})?[ -]?({'|'.join(units)})?", re.I)

    def unit(rest: str) -> tuple[Decimal, str]:
        found = pattern.fullmatch(rest.rstrip("."))
        if not found:
            said = next((said for sign, said in (hint or {}).items() if re.search(sign, rest, re.I)), "")
            raise NotReadError(said)
        return _power_of_ten(_WORDS.get((found[1] or "").lower(), 0)), ""

    return unit


_EXPERTS = "experts share layers: give the total as parameters, and active_parameters beside it"
_FLOP = re.compile(
    rf"({'|'.join(sorted(_PREFIXES, key=len, reverse=True))})[ -]?(flops?|flop/s|flops/s|fs|f/s|f)"
    rf"(?:[-·* ]+({'|'.join(_TIMES)}))?",
    re.I,
)


def _flop(rest: str) -> tuple[Decimal, str]:
    if rest.lower() in _WORDS or not rest:
        return _power_of_ten(_WORDS.get(rest.lower(), 0)), ""
    worded = re.fullmatch(r"(thousand|million|billion|trillion)s? (flops?)", rest, re.I)
    if worded:
        return _power_of_ten(_WORDS[worded[1].lower()]), ""
    found = _FLOP.fullmatch(rest)
    if not found:
        raise NotReadError("")
    power, unit, time = _PREFIXES[found[1].lower()], found[2], (found[3] or "").lower()
    if time:
        return _power_of_ten(power) * _TIMES[time], ""
    if "/" in unit or unit.lower() in ("f", "fs"):
        raise NotReadError("this is a rate: give FLOP, or a rate times a time such as 1000 PF-days")
    note = f"is read as FLOP, a count; a rate would be {unit} × seconds" if unit.endswith("S") else ""
    return _power_of_ten(power), note


def _watts(rest: str) -> tuple[Decimal, str]:
    if rest in ("", "W", "w") or rest.lower() in ("watt", "watts"):
        return Decimal(1), ""
    if rest.lower() in ("k", "kw", "kilowatt", "kilowatts"):
        return Decimal(1000), ""
    if rest == "MW":
        return _power_of_ten(6), ""
    if rest == "mW":
        return _power_of_ten(-3), ""
    energy = "this is energy: power is in W or kW"
    raise NotReadError(energy if rest.lower() in ("wh", "kwh", "mwh", "j") else "in W or kW")


_CARBON = re.compile(r"(g|kg|t|lb|lbs)[ -]?(?:co2|co₂)?[ -]?(?:e|eq|-eq|equivalent)?(?: ?(?:/|per) ?(k|m)?wh)?", re.I)


def _intensity(rest: str) -> tuple[Decimal, str]:
    if not rest:
        return Decimal(1), ""
    found = _CARBON.fullmatch(rest)
    if not found:
        raise NotReadError("in g CO2e/kWh")
    mass = {"g": Decimal(1), "kg": Decimal(1000), "t": _power_of_ten(6)}.get(found[1].lower(), Decimal("453.59237"))
    energy = (found[2] or "").lower()
    per_kwh = mass / (1000 if energy == "m" else 1)
    note = "" if "wh" in rest.lower() or found[1].lower() == "g" else "is read as per kWh"
    return per_kwh, note


def _share(rest: str) -> tuple[Decimal, str]:
    if rest.lower() in ("%", "percent", "pct", "per cent"):
        return _power_of_ten(-2), ""
    return _no_unit(rest)


_RATE = re.compile(
    r"(k|m)? ?(?:toks?|tokens?|t|samples?|images?|sequences?) ?(?:/|per) ?(s|sec|second|min|minute|h|hour|day|d)"
    rf" ?(?:(?:/|per) ?(?:{_OF_DEVICES}))?",
    re.I,
)


def _rate(rest: str) -> tuple[Decimal, str]:
    if rest.lower() in _WORDS or not rest:
        return _power_of_ten(_WORDS.get(rest.lower(), 0)), ""
    found = _RATE.fullmatch(rest)
    if not found:
        raise NotReadError("in tokens per second of one device")
    return _power_of_ten(_WORDS.get((found[1] or "").lower(), 0)) / _TIMES[found[2].lower()], ""


def _in_time(of_devices: bool, base: int) -> Callable[[str], tuple[Decimal, str]]:
    """A time, or with `of_devices` a time of devices such as GPU-hours; `base` is its own unit in seconds."""
    worded = f"(?:({'|'.join(sorted(_WORDS, key=len, reverse=True))})[ -])?"
    counted = re.compile(rf"{worded}(?:({_OF_DEVICES}|[a-z]+\d+[a-z]*)[- ]?)?({'|'.join(_TIMES)})", re.I)

    def unit(rest: str) -> tuple[Decimal, str]:
        low = rest.lower().rstrip(".")
        if not low:
            return Decimal(1), ""
        if rest == "m":
            raise NotReadError("is m minutes or millions? write min, or M")
        if low in _WORDS and low not in _TIMES:
            return _power_of_ten(_WORDS[low]), ""
        found = counted.fullmatch(low)
        if found and (of_devices or not found[2]):
            scale = _power_of_ten(_WORDS.get(found[1] or "", 0))
            return scale * _TIMES[found[3]] / base, ""
        if re.match(r"(core|cpu|node)", low):
            raise NotReadError("only devices count: a chip is not a core, and a node holds several")
        if found:
            raise NotReadError("a time of devices: give it as device_hours")
        if re.match(r"(month|mo|year|yr|y)", low):
            raise NotReadError("in hours or days")
        raise NotReadError("")

    return unit


def _years(rest: str) -> tuple[Decimal, str]:
    if rest.lower() in ("", "y", "yr", "yrs", "year", "years", "a"):
        return Decimal(1), ""
    if rest.lower() in ("month", "months", "mo"):
        return Decimal(1) / 12, ""
    raise NotReadError("in years")


def _kwh(rest: str) -> tuple[Decimal, str]:
    factors = {
        **{"": Decimal(1), "kwh": Decimal(1), "wh": _power_of_ten(-3), "mwh": _power_of_ten(3)},
        **{"gwh": _power_of_ten(6), "j": 1 / Decimal(3_600_000), "kj": 1 / Decimal(3600), "mj": 1 / Decimal("3.6")},
    }
    if rest.lower() not in factors:
        raise NotReadError("in kWh")
    return factors[rest.lower()], ""


def _clock(line: str) -> Read | None:
    """A time as a clock or Slurm writes it, 36:00:00 or 1-12:00:00, or of several parts, 1d 12h; in hours."""
    found = re.fullmatch(r"(?:(\d{1,4})[- ])?(\d{1,6}):([0-5]\d):([0-5]\d)(?:\.\d+)?", line)
    if found:
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return Read(24 * days + hours + minutes / 60 + seconds / 3600)
    part = rf"(\d+(?:\.\d+)?) ?({'|'.join(sorted(_TIMES, key=len, reverse=True))})(?![a-z]),? ?"
    parts = re.findall(part, line, re.I)
    whole = re.fullmatch(f"(?:{part}){{2,4}}", line, re.I)
    if whole and len(parts) > 1:
        return Read(sum(float(number) * _TIMES[unit.lower()] for number, unit in parts) / 3600)
    return None


def _experts(line: str) -> Read | None:
    if re.match(r"\d+ ?x ?\d", line, re.I) and not re.match(r"\d+ ?x ?10 ?(\^|\*\*)", line):
        raise NotReadError(_EXPERTS)
    return None


def _of_date(line: str) -> Read | None:
    """The year of a date; what stands beside it is not looked at, as a year is all that the field takes."""
    year = None
    for pattern, at in (
        (r"(\d{4})[-/.](0?[1-9]|1[0-2])(?:[-/.](?:0?[1-9]|[12]\d|3[01]))?(?:[T ]\d.*)?", 1),
        (r"(20\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", 1),
        (r"(?:(?:0?[1-9]|[12]\d|3[01])[./-])?(?:0?[1-9]|[12]\d|3[01])[./-](\d{4})", 1),
        (r"(?:q[1-4]|h[12]|fy) ?[/-]? ?(\d{4})", 1),
        (r"(\d{4}) ?[/-]? ?(?:q[1-4]|h[12])", 1),
    ):
        found = re.fullmatch(pattern, line, re.I)
        year = year or (found and int(found[at]))
    named = re.fullmatch(r"(?:\d{1,2}\.? )?([a-z]{3})[a-z]*\.?,? (?:\d{1,2},? )?(\d{4})", line, re.I)
    if named and named[1].lower() in _MONTHS:
        year = int(named[2])
    return None if year is None else Read(float(year))


_SPECIAL: Mapping[str, Callable[[str], Read | None]] = {
    "parameters": _experts,
    "year": _of_date,
    "h": _clock,
}
_CORES = {r"core": "devices are counted in chips, not cores", r"node|server|machine": "devices, not servers"}
KINDS: Mapping[str, Kind] = {
    "parameters": Kind("70e9 or 70B", _counted("parameters?", "params?", "weights?")),
    "tokens": Kind("15e12 or 15T", _counted("tokens?", "toks?", "samples?", "images?", "pairs?")),
    "tokens in a step": Kind("4e6 or 4M", _counted("tokens?", "toks?")),
    "tokens in a sequence": Kind("4096 or 4k", _counted("tokens?", "toks?", "patches", "frames?", "residues?")),
    "samples": Kind("400M", _counted("tokens?", "samples?", "images?", "pairs?", "clips?", "sequences?")),
    "number": Kind("12 or 4k", _counted()),
    "bytes": Kind("16", _counted("bytes?")),
    "log10(1/s)": Kind("26.1", _no_unit),
    "FLOP": Kind("6e23 or 600 ZFLOP", _flop),
    "devices": Kind("16384 or 16k", _counted(*_OF_DEVICES.split("|"), "x", hint=_CORES)),
    "W": Kind("700 or 0.7 kW", _watts),
    "g CO2e/kWh": Kind("385 or 0.385 kg/kWh", _intensity),
    "share": Kind("0.4 or 40%", _share),
    "PUE": Kind("1.1", _share),
    "tokens/s": Kind("3000 or 3k tokens/s", _rate),
    "years": Kind("4", _years),
    "year": Kind("2024", _no_unit),
    "h": Kind("360 or 15 days", _in_time(False, 3600)),
    "device-hours": Kind("57600 or 2400 GPU-days", _in_time(True, 3600)),
    "s": Kind("3600", _in_time(False, 1)),
    "kWh": Kind("240", _kwh),
}
