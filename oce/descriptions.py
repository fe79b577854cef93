"""An estimate in words."""

import html

from oce import catalog, notes, units
from oce.assumptions import Assumption
from oce.estimation import Estimate
from oce.fields import FIELDS
from oce.version import METHOD_VERSION

__all__ = ["METHOD_VERSION", "entered", "headline", "label", "level", "named", "place", "timed", "value", "where"]


def headline(result: Estimate, name: str = "this model") -> str:
    """The one sentence that answers: the total, its interval, and what share of runs that is meant to hold.

    ``name`` is what is trained, as it reads after "Training".
    """
    total = result.total_co2e_kg
    amount = units.shown(total.central, units.MASS)
    called = "your range" if result.level is None else f"{result.level:.0%} interval"
    between = "" if total.low == total.high else f" ({called}: {units.shown_range(total, units.MASS)})"
    return f"Training {name} {where(result)} would emit about {amount}{between}."


def summary(result: Estimate) -> str:
    """The figures that matter most with their ranges, on what and where: the text of an estimate in a terminal."""
    figures = (
        units.amount(getattr(result, name), units.SCALES[name])
        for name in ("total_co2e_kg", "energy_kwh", "time_to_train_hours")
    )
    share = "no share of runs" if result.level is None else f"{result.level:.0%} of runs"
    return f"{', '.join(figures)} {where(result)}; ranges for {share}, by the {result.scenario.method} throughput"


def html_table(result: Estimate) -> str:
    """The figures with their ranges as an HTML table, every text escaped."""
    rows = "".join(
        f"<tr><th>{label}</th><td>{html.escape(units.amount(getattr(result, name), units.SCALES[name]))}</td></tr>"
        for name, label in units.LABELS.items()
    )
    caption = html.escape(f"Training {where(result)}. {level(result)}")
    return f"<table><caption>{caption}</caption><tbody>{rows}</tbody></table>"


def where(result: Estimate) -> str:
    """On how many of what, and where: ``on 16,384 H100 SXM (United States)``."""
    named = place(result)
    return f"on {how_many_counted(result)} {named if named.startswith('at ') else f'({named})'}"


def how_many_counted(result: Estimate) -> str:
    """How many of what, with what is counted where that is no device as its name has it: ``512 TPU v4 chips``."""
    chips = " chips" if result.device and result.device.unit == "chip" and result.inputs.device_count != 1 else ""
    return f"{how_many(result)}{chips}"


def how_many(result: Estimate) -> str:
    """How many of what: ``16,384 H100 SXM``, ``8 devices``."""
    count = float(result.inputs.device_count)
    device = result.device.name if result.device else ("device" if count == 1 else "devices")
    return f"{count:,.0f} {device}"


def place(result: Estimate) -> str:
    """Where: the region, or ``at 384 g CO2e/kWh`` where the grid was given as a number."""
    own = result.scenario.carbon_intensity_g_per_kwh is not None
    if result.region is None or own or result.region.kind == "paper":
        return f"at {units.significant(float(result.inputs.carbon_intensity_g_per_kwh))} g CO2e/kWh"
    return result.region.name


def level(result: Estimate) -> str:
    """What the interval stands for, in a sentence or two."""
    if not timed(result):
        return f"There is no interval: {result.level_meaning}."
    if result.scenario.method != "calibrated" or result.level is None:
        return f"The interval is {result.level_meaning}."
    whom = "labs we have no data from" if result.past_runs is None else "a lab with past runs like yours"
    further = notes.further(result.resolved.conditions)
    also = f" {further[:1].upper()}{further[1:]}." if further else ""
    return f"{out_of(result.level)} runs by {whom} should land in this range.{also}"


def out_of(share: float) -> str:
    """A share as so many in so many: 0.8 as 8 in 10."""
    whole = next((whole for whole in (10, 20) if abs(share * whole - round(share * whole)) < 1e-6), 100)
    return f"{units.without_zeros(f'{share * whole:.3g}')} in {whole}"


def timed(result: Estimate) -> bool:
    """Whether the device-time has an interval; else, which is so only by the paper's method, nothing has."""
    return result.device_hours.low < result.device_hours.high


def label(field: str) -> str:
    """The name of a field, or of a value that is looked up, for people."""
    names = {
        "log10_alpha": "Throughput, log₁₀ α",
        "beta": "Embodied carbon, β",
        "making": "Making of the device",
        "device_loss": "Loss to many devices",
        "host": "Server, for each device",
        "power_w": "Power of a device",
        "device_speed": "Speed against an A100 80 GB",
        "device_variant": "Which device",
    }
    return names.get(field) or FIELDS[field].label


def value(assumption: Assumption) -> str:
    """A value that was filled in, with its unit."""
    if isinstance(assumption.value, str):
        shown = assumption.value
    elif assumption.value >= 1e6:
        shown = units.scientific(assumption.value)
    elif assumption.field == "device_count":
        shown = f"{assumption.value:,.0f}"
    else:
        shown = units.significant(assumption.value)
    return f"{shown} {assumption.unit}".strip()


def named(field: str, value: float | str) -> str:
    """A field of a scenario as people write it: a device and a region by name, not by id."""
    if field == "device":
        return catalog.device(str(value)).name
    if field == "region":
        return catalog.region(str(value)).name
    return entered(value)


def entered(value: float | str | None) -> str:
    """A field of a scenario as one would enter it: 70B, 16384, a100; empty where it is not given."""
    if value is None:
        return ""
    return value if isinstance(value, str) else units.exact(value)
