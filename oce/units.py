"""Figures as people read them: a fitting unit and three significant digits."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from oce.interval import Interval
from oce.parsing import parse_number

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and how much of the base unit it is."""

    name: str
    size: float
    least: float  # it is used from this much of the base unit on


Scale = Sequence[Unit]  # from the smallest unit to the largest

MASS: Scale = (  # base: kg CO2e. Tonnes up to a million of them: what this field quotes.
    Unit("mg CO2e", 1e-6, 0.0),
    Unit("g CO2e", 1e-3, 1e-3),
    Unit("kg CO2e", 1.0, 1.0),
    Unit("t CO2e", 1e3, 1e3),
    Unit("Mt CO2e", 1e9, 1e9),
)
ENERGY: Scale = (  # base: kWh
    Unit("Wh", 1e-3, 0.0),
    Unit("kWh", 1.0, 1.0),
    Unit("MWh", 1e3, 1e3),
    Unit("GWh", 1e6, 1e6),
    Unit("TWh", 1e9, 1e9),
)
DURATION: Scale = (  # base: hour
    Unit("seconds", 1 / 3600, 0.0),
    Unit("minutes", 1 / 60, 2 / 60),
    Unit("hours", 1.0, 2.0),
    Unit("days", 24.0, 72.0),
    Unit("years", 24 * 365.25, 24 * 365.25 * 2),
)
DEVICE_HOURS: Scale = (  # base: device-hour
    Unit("device-hours", 1.0, 0.0),
    Unit("million device-hours", 1e6, 1e6),
    Unit("billion device-hours", 1e9, 1e9),
)
SCALES: Mapping[str, Scale] = {  # of every figure of an estimate
    "device_hours": DEVICE_HOURS,
    "time_to_train_hours": DURATION,
    "energy_kwh": ENERGY,
    "operational_co2e_kg": MASS,
    "embodied_co2e_kg": MASS,
    "total_co2e_kg": MASS,
}
LABELS: Mapping[str, str] = {  # what each is called, in the order in which they are listed
    "total_co2e_kg": "Total carbon",
    "operational_co2e_kg": "Operational carbon",
    "embodied_co2e_kg": "Embodied carbon",
    "time_to_train_hours": "Time to train",
    "energy_kwh": "Energy",
    "device_hours": "Device-hours",
}


def short_label(figure: str) -> str:
    """What a figure is called where "carbon" stands beside it already: Total, Operational, Embodied."""
    return LABELS[figure].removesuffix(" carbon")


def unit_for(value: float, scale: Scale) -> Unit:
    """The largest unit of ``scale`` that ``value`` (in the base unit) reaches."""
    return next((unit for unit in reversed(scale) if abs(value) >= unit.least), scale[0])


def significant(value: float, digits: int = 3) -> str:
    """``value`` rounded to ``digits`` significant digits, in plain notation: 1970 as 1,970."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    places = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    places = digits - 1 - math.floor(math.log10(abs(rounded)))  # 9.996 becomes 10.0, not 10.00
    return f"{rounded:,.{max(0, places)}f}"


def without_zeros(text: str) -> str:
    """A number without zeros behind its point: 1.50 as 1.5, 2.0 as 2."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded_up(value: float) -> str:
    """``value`` with three significant digits, rounded up: who asks for that much will have enough."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 2)
    return significant(math.ceil(value * (1 + 1e-9) / unit) * unit)


def typeset(text: str) -> str:
    """A text as a screen shows it: CO2e with its subscript, which exports keep in ASCII."""
    return text.replace("CO2e", "CO₂e")


def listed(names: Iterable[str], most: int | None = None) -> str:
    """``A``, ``A and B``, ``A, B and C``; past ``most`` names the rest counted: ``A, B and 3 more``."""
    every = list(names)
    if most is not None and len(every) > most:
        every = [*every[:most], f"{len(every) - most} more"]
    return " and ".join(filter(None, (", ".join(every[:-1]), *every[-1:])))


def shown(value: float, scale: Scale) -> str:
    """``value`` (in the base unit of ``scale``) with its unit, such as ``1,970 t CO2e``."""
    unit = unit_for(value, scale)
    return f"{significant(value / unit.size)} {unit.name}"


def shown_range(interval: Interval, scale: Scale) -> str:
    """Both bounds in the unit of the central value, as ``1,810–2,120 t CO2e``; a single number where they are equal."""
    unit = unit_for(interval.central, scale)
    low, high = (significant(bound / unit.size) for bound in (interval.low, interval.high))
    return f"{low} {unit.name}" if low == high else f"{low}–{high} {unit.name}"


def amount(interval: Interval, scale: Scale) -> str:
    """A figure with its range, such as ``1,970 t CO2e (1,810–2,120 t CO2e)``; the number alone where it is a point."""
    central = shown(interval.central, scale)
    return central if interval.is_point else f"{central} ({shown_range(interval, scale)})"


def money_amount(interval: Interval, currency: str | None) -> str:
    """A cost with its range, such as ``1.97 million EUR (1.81 million EUR – 2.12 million EUR)``; alone if a point."""
    low, central, high = (money(bound, currency) for bound in interval)
    return central if low == high else f"{central} ({low} – {high})"


def compact(value: float) -> str:
    """A large count, short, and read back by ``parse_number``: 70.6e9 as 70.6B; small ones in full."""
    if value < 1e6:
        return f"{value:,.0f}".replace(",", "") if value % 1 == 0 else f"{value:g}"
    for suffix, size in (("T", 1e12), ("B", 1e9), ("M", 1e6)):
        if value >= size * 0.9995:
            return f"{value / size:.4g}{suffix}" if value / size < 1e4 else f"{value:.4g}".replace("e+", "e")
    raise AssertionError(value)


def scientific(value: float) -> str:
    """``value`` as 6.30 × 10²⁴."""
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(SUPERSCRIPTS)}"


def exact(value: float) -> str:
    """A count in as few characters as give it back exactly: 70.55e9 as 70.55B, 16384 as 16384."""
    if value >= 1e6:
        for suffix, size in (("T", 1e12), ("B", 1e9), ("M", 1e6)):
            text = f"{value / size:.12g}{suffix}"
            if size <= value < 1e5 * size and parse_number(text) == value:
                return text
    text = f"{value:.15g}"
    return (text if float(text) == value else repr(value)).replace("e+", "e")


def money(value: float, currency: str | None) -> str:
    """An amount with three significant digits: 1.23 million EUR; without a currency, the bare amount."""
    for least, name in ((1e9, " billion"), (1e6, " million"), (0.0, "")):
        if abs(value) >= least:
            return f"{significant(value / (least or 1.0))}{name}{f' {currency}' if currency else ''}"
    return str(value)
