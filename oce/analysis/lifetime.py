"""After training: the carbon of serving the model, day by day, and the day on which it passes that of training.

Inference runs on the same grid and with the same PUE as training: its operational carbon is queries × kWh at the IT
equipment × PUE × intensity. Training counts from the first day of service on, and the number of queries a day is
steady, so every curve is a line.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce import units
from oce.estimation import Estimate
from oce.fields import Field
from oce.interval import Interval
from oce.method import footprint
from oce.parsing import parse_number

Floats = NDArray[np.float64]

DAYS_PER_YEAR = 365.25
HOURS_PER_DAY = 24.0
WH_PER_KWH = 1000.0
FAR = 1000 * DAYS_PER_YEAR  # later than this, no day is named

ENTRIES: Mapping[str, Field] = {  # what a visitor enters, beside the scenario
    field.name: field
    for field in (
        Field("queries_per_day", "Queries a day", "How often the model is asked, every day alike", "", 0, 1e12),
        Field("years", "Years in service", "From the first day of service to the last", "years", 0.1, 20),
        Field("output_tokens", "Output tokens a query", "Length of the answer", "tokens", 1, 1e5),
        Field("wh_per_query", "Energy a query", "At the IT equipment, without PUE", "Wh", 1e-4, 1e6),
    )
}
FEWEST_QUERIES = 1e-3  # a day, save none: one in three years is not in service
DEFAULTS: Mapping[str, float] = {
    "queries_per_day": 1e7,  # Luccioni et al. 2024, section 4.3: 10 million users a day, one query each
    "years": 4.0,  # assumed
    "output_tokens": 400.0,  # "Small conversation with a chatbot" in the EcoLogits Calculator
    "wh_per_query": 1.0,  # a placeholder
}

PARTS: Mapping[str, str] = {  # of the whole life, in the order in which they are stacked
    "training_operational": "Training, electricity",
    "training_embodied": "Training, devices",
    "inference_operational": "Inference, electricity",
    "inference_embodied": "Inference, devices",
}


@dataclass(frozen=True, slots=True)
class Service:
    """How the model is used once it is trained."""

    queries_per_day: float
    years: float
    kwh_per_query: Interval  # at the IT equipment
    embodied_kg_per_query: Interval | None = None  # none: as much per kWh as in training

    @property
    def days(self) -> float:
        """Days in service."""
        return self.years * DAYS_PER_YEAR

    @property
    def queries(self) -> float:
        """Queries over the whole service."""
        return self.queries_per_day * self.days


@dataclass(frozen=True, slots=True, eq=False)
class Lifetime:
    """Cumulative carbon [kg CO2e] of each part: three rows, low, central and high, and a column for each day.

    The parts sum to the total at the central values.
    """

    days: Floats
    training: Floats  # with the making of its devices; each of its two parts has an interval of its own
    training_operational: Floats
    training_embodied: Floats
    inference_operational: Floats
    inference_embodied: Floats

    @property
    def inference(self) -> Floats:
        """Inference with the making of its devices."""
        return self.inference_operational + self.inference_embodied

    @property
    def total(self) -> Floats:
        """Everything: training and inference, bound by bound, and so on the careful side."""
        return self.training + self.inference

    def part(self, name: str) -> Floats:
        """One of :data:`PARTS`."""
        found: Floats = getattr(self, name)
        return found


def read(name: str, text: str) -> float:
    """A number that a visitor entered, or that a link holds.

    Raises:
        ValueError: With what is allowed, in words.
    """
    field = ENTRIES[name]
    few = f"0, or {FEWEST_QUERIES:g} … {field.high:.0e}".replace("e+", "e") if name == "queries_per_day" else ""
    try:
        number = parse_number(text)
        field.check(number)
        if few and 0 < number < FEWEST_QUERIES:
            raise ValueError(few)
    except ValueError:
        raise ValueError(f"a number, {few or field.allowed}") from None
    return number


def lifetime(estimate: Estimate, service: Service, at_days: ArrayLike) -> Lifetime:
    """What training and inference together have emitted by each day since the service began.

    Bounds are added to bounds: the interval of the total is meant to be on the careful side.
    """
    days = np.atleast_1d(np.asarray(at_days, dtype=np.float64))
    queries = service.queries_per_day * days
    place = estimate.inputs.reach * math.hypot(float(estimate.inputs.log_sd_pue), float(estimate.inputs.log_sd_grid))
    operational = operational_kg_per_query(estimate, service.kwh_per_query).with_log_variance(float(place) ** 2)
    still = np.ones_like(days)
    return Lifetime(
        days,
        np.outer([*estimate.total_co2e_kg], still),
        np.outer([*estimate.operational_co2e_kg], still),
        np.outer([*estimate.embodied_co2e_kg], still),
        np.outer([*operational], queries),
        np.outer([*embodied_kg_per_query(estimate, service)], queries),
    )


def operational_kg_per_query(estimate: Estimate, kwh_per_query: Interval) -> Interval:
    """Carbon of the electricity of a query [kg CO2e], with the scenario's grid and PUE, as if they were known."""
    pue, intensity = float(estimate.inputs.pue), float(estimate.inputs.carbon_intensity_g_per_kwh)
    return kwh_per_query.map(lambda kwh: float(footprint.operational_co2e_kg(kwh * pue, intensity)))


def co2e_kg_per_query(estimate: Estimate, service: Service) -> Interval:
    """All carbon of a query [kg CO2e]: its electricity, and its share of making the devices."""
    return operational_kg_per_query(estimate, service.kwh_per_query) + embodied_kg_per_query(estimate, service)


def embodied_kg_per_query(estimate: Estimate, service: Service) -> Interval:
    """Carbon of making the devices for a query [kg CO2e]; where nothing says it, as much per kWh as in training."""
    if service.embodied_kg_per_query is not None:
        return service.embodied_kg_per_query
    inputs = estimate.inputs
    used = it_energy_kwh(estimate).central
    per_kwh = estimate.embodied_co2e_kg.central / used if used else 0.0
    unsure = float(inputs.reach) * math.hypot(float(inputs.log_sd_power), float(inputs.log_sd_making))
    return (service.kwh_per_query * per_kwh).with_log_variance(unsure**2)  # the hours of the training cancel in it


def it_energy_kwh(estimate: Estimate) -> Interval:
    """Energy of the training at the IT equipment, host included [kWh]: without PUE, and what is unsure of it."""
    unsure = float(estimate.inputs.reach) * float(estimate.inputs.log_sd_pue)
    return (estimate.energy_kwh * (1.0 / float(estimate.inputs.pue))).with_log_variance(-(unsure**2))


def _total_here(estimate: Estimate) -> Interval:
    """The total of the training [kg CO2e] as if PUE and grid were known: inference has the same."""
    inputs, total = estimate.inputs, estimate.total_co2e_kg
    place = float(inputs.reach) * math.hypot(float(inputs.log_sd_pue), float(inputs.log_sd_grid))
    share = estimate.operational_co2e_kg.central / total.central if total.central else 0.0
    return total.with_log_variance(-((place * share) ** 2))


def queries_at_parity(estimate: Estimate, service: Service) -> Interval | None:
    """After how many queries inference has emitted as much as training; ``None`` where either emits nothing.

    Where the making of devices is counted as in training, carbon is in proportion to energy in both, and what is
    uncertain about the making cancels.
    """
    if service.embodied_kg_per_query is None:
        return energy_parity(estimate, service) if estimate.total_co2e_kg.central > 0 else None
    return _total_here(estimate).ratio_to(co2e_kg_per_query(estimate, service))


def energy_parity(estimate: Estimate, service: Service) -> Interval | None:
    """The same for energy, as Table 5 of Power Hungry Processing has it; PUE cancels."""
    return it_energy_kwh(estimate).ratio_to(service.kwh_per_query)


def break_even_days(estimate: Estimate, service: Service) -> Interval | None:
    """The day on which inference passes training, in service or after; ``None`` where it never does."""
    queries = queries_at_parity(estimate, service)
    if queries is None or service.queries_per_day == 0:
        return None
    return queries * (1.0 / service.queries_per_day)


def inference_share(estimate: Estimate, service: Service) -> Interval:
    """The part of all carbon that inference has emitted by the end of service; 0 where nothing is emitted."""
    parity = queries_at_parity(estimate, service)
    if parity is not None:
        return parity.map(lambda queries: service.queries / (service.queries + queries))
    inference = co2e_kg_per_query(estimate, service).central * service.queries
    share = 1.0 if inference > 0 and estimate.total_co2e_kg.central == 0 else 0.0
    return Interval.point(share)


def at_end(estimate: Estimate, service: Service) -> Mapping[str, Interval]:
    """Carbon of each part and of the total [kg CO2e] on the last day of service."""
    found = lifetime(estimate, service, service.days)
    columns = {name: found.part(name)[:, 0] for name in PARTS} | {"total": found.total[:, 0]}
    return {name: Interval(*map(float, column)) for name, column in columns.items()}


def headline(estimate: Estimate, service: Service) -> str:
    """The sentence that answers: when inference passes training, and how much of the whole it is at the end."""
    total, share = at_end(estimate, service)["total"], inference_share(estimate, service)
    even = break_even_days(estimate, service)
    after, of_all = f"after {years(service.years)}", units.shown(total.central, units.MASS)
    if total.central == 0:
        return "Neither training nor inference emits anything here."
    if share.central == 0:
        return f"Without queries, training is all of it: {of_all}."
    if even is None:
        return f"Training emits nothing here; inference emits {of_all} {after}."
    when = units.shown(even.central * HOURS_PER_DAY, units.DURATION)
    between = "" if even.is_point else f" ({units.shown_range(even * HOURS_PER_DAY, units.DURATION)})"
    part = percent(share.central)
    if even.central <= service.days:
        return f"Inference passes training after {when}{between}, and is {part} of {of_all} {after}."
    would = f"after {when}{between}" if even.central < FAR else "only after more than a thousand years"
    return f"{after.capitalize()}, inference is {part} of {of_all}; it would pass training {would}."


def catching_up(estimate: Estimate, service: Service) -> str:
    """A sentence on how inference catches up with training, counted in queries."""
    training = units.shown(estimate.total_co2e_kg.central, units.MASS)
    a_year = co2e_kg_per_query(estimate, service).central * service.queries_per_day * DAYS_PER_YEAR
    added = f"{units.shown(a_year, units.MASS)} a year" if a_year > 0 else "nothing"
    adds = f"Training stays at {training}; inference adds {added}"
    even = queries_at_parity(estimate, service)
    if even is None or a_year == 0:
        return f"{adds}."
    between = "" if even.low == even.high else f" ({count(even.low)}–{count(even.high)})"
    return f"{adds}, and is level with it after {count(even.central)} queries{between}."


def count(number: float) -> str:
    """A number of queries, in three digits and a word: 2.37 billion."""
    words = ((" trillion", 1e12), (" billion", 1e9), (" million", 1e6), ("", 1.0))
    word, size = next(((word, size) for word, size in words if number >= size), ("", 1.0))
    return f"{units.significant(number / size)}{word}"


def years(number: float) -> str:
    """So many years, in words."""
    return f"{number:.3g} year{'' if number == 1 else 's'}"


def percent(share: float) -> str:
    """A share, with two significant digits, and never a whole that is none: 81%, 0.4%, over 99%."""
    if 0.995 <= share < 1:
        return "over 99%"
    return "under 0.1%" if 0 < share < 0.001 else f"{units.significant(100 * share, 2)}%"


def energy_in_words(kwh: Interval | float) -> str:
    """Energy of a query with its interval, whose ends have two digits, and no more zeros than were printed."""
    interval = kwh if isinstance(kwh, Interval) else Interval.point(kwh)
    unit = units.unit_for(interval.central, units.ENERGY)
    low, central, high = (
        units.without_zeros(units.significant(bound / unit.size, digits))
        for bound, digits in zip(interval, (2, 3, 2), strict=True)
    )
    between = "" if interval.low == interval.high else f" ({low}–{high})"
    return f"{central} {unit.name}{between}"
