"""What may follow a number, by what its field takes: words for powers of ten, units, times of devices, dates."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from oce.errors import NotReadError

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


@dataclass(frozen=True, slots=True)
class Read:
    """A number that was read, and what there is to say about how."""

    value: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field takes: an example for whoever wrote something else, and what may follow its number."""

    example: str
    unit: Callable[[str], tuple[Decimal, str]]  # what follows → the factor that it stands for, and a note
    whole: Callable[[str], Read | None] | None = None  # reads a text that is no number and unit, such as a clock's


def _power_of_ten(power: int) -> Decimal:
    return Decimal(1).scaleb(power)


def _among(factors: Mapping[str, Decimal], wanted: str) -> Callable[[str], tuple[Decimal, str]]:
    """Nothing, or one of these words in any case; where it is neither, what is wanted."""

    def unit(rest: str) -> tuple[Decimal, str]:
        if rest and rest.lower() not in factors:
            raise NotReadError(wanted)
        return factors.get(rest.lower(), Decimal(1)), ""

    return unit


def _of_word(rest: str) -> tuple[Decimal, str] | None:
    """Nothing, or a word for a power of ten; ``None`` where it is neither."""
    word = rest.lower()
    return (_power_of_ten(_WORDS.get(word, 0)), "") if word in _WORDS or not word else None


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
    if plain := _of_word(rest):
        return plain
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


_RATE = re.compile(
    r"(k|m)? ?(?:toks?|tokens?|t|samples?|images?|sequences?) ?(?:/|per) ?(s|sec|second|min|minute|h|hour|day|d)"
    rf" ?(?:(?:/|per) ?(?:{_OF_DEVICES}))?",
    re.I,
)


def _rate(rest: str) -> tuple[Decimal, str]:
    if plain := _of_word(rest):
        return plain
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


_no_unit = _among({}, "a number alone")
_PER_CENT = _among(dict.fromkeys(("%", "percent", "pct", "per cent"), _power_of_ten(-2)), "a number alone")
_FLOP_RATE = re.compile(r"(g|t|p)(?:flop(?:s|/s|ps|s/s)|f(?:/s|ps))", re.I)


def _tflops(rest: str) -> tuple[Decimal, str]:
    found = _FLOP_RATE.fullmatch(rest)
    if rest and not found:
        raise NotReadError("in TFLOP/s of one device")
    return _power_of_ten(_PREFIXES[found[1].lower()] - 12) if found else Decimal(1), ""


def _share(rest: str) -> tuple[Decimal, str]:
    if _FLOP_RATE.fullmatch(rest):
        raise NotReadError("as a share: a rate in TFLOP/s divided by the device's dense peak")
    return _PER_CENT(rest)


_years = _among(
    dict.fromkeys(("y", "yr", "yrs", "year", "years", "a"), Decimal(1))
    | dict.fromkeys(("month", "months", "mo"), Decimal(1) / 12),
    "in years",
)
_kwh = _among(
    {"kwh": Decimal(1), "wh": _power_of_ten(-3), "mwh": _power_of_ten(3), "gwh": _power_of_ten(6)}
    | {"j": 1 / Decimal(3_600_000), "kj": 1 / Decimal(3600), "mj": 1 / Decimal("3.6")},
    "in kWh",
)
_CORES = {r"core": "devices are counted in chips, not cores", r"node|server|machine": "devices, not servers"}
KINDS: Mapping[str, Kind] = {
    "parameters": Kind("70e9 or 70B", _counted("parameters?", "params?", "weights?"), _experts),
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
    "TFLOP/s": Kind("410 TFLOP/s", _tflops),
    "tokens/s": Kind("3000 or 3k tokens/s", _rate),
    "years": Kind("4", _years),
    "year": Kind("2024", _no_unit, _of_date),
    "h": Kind("360 or 15 days", _in_time(False, 3600), _clock),
    "device-hours": Kind("57600 or 2400 GPU-days", _in_time(True, 3600)),
    "s": Kind("3600", _in_time(False, 1)),
    "kWh": Kind("240", _kwh),
}


def kind_named(name: str) -> Kind:
    """What a field takes; plain numbers where no kind has the name."""
    return KINDS.get(name, KINDS["number"])
