"""What is wanted of a run: a deadline, a carbon budget, a cost; one declaration for every page that takes them.

They stand in the link under their names. The price of a device-hour, which a cost follows from, is a field of the
scenario.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from oce import parsing
from oce.errors import InputError, NotReadError
from oce.fields import Field
from pages.session import link_numbers

HOURS_PER_DAY, KG_PER_T = 24.0, 1000.0
TARGETS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("deadline_days", "Deadline", "When the run has to be done", "days", 0.0, 36_525.0, above=True),
        Field("carbon_budget_t", "Carbon budget", "The most that it may emit", "t CO2e", 0.0, 1e9, above=True),
        Field("cost_budget", "Cost budget", "The most that it may cost, in the currency of the price", "", 0.0, 1e15,
              above=True),
    )
}  # fmt: skip
_OWN_UNIT = re.compile(
    r"\s*(?:t(?:onnes?|ons?)?(?:\s*co2e?q?)?)$", re.IGNORECASE
)  # of a budget, which T is no trillion in


@dataclass(frozen=True, slots=True)
class Targets:
    """What is wanted; ``None`` where nothing is."""

    deadline_days: float | None = None
    carbon_budget_t: float | None = None
    cost_budget: float | None = None

    @property
    def deadline_hours(self) -> float | None:
        """The deadline [h]."""
        return None if self.deadline_days is None else self.deadline_days * HOURS_PER_DAY

    @property
    def budget_kg(self) -> float | None:
        """The carbon budget [kg CO2e]."""
        return None if self.carbon_budget_t is None else self.carbon_budget_t * KG_PER_T


def read(name: str, text: str) -> float:
    """A target that was entered, or that a link holds: ``45``, ``6 weeks``, ``200 t``.

    Raises:
        ValueError: With what is allowed, in words.
    """
    field, line = TARGETS[name], text.strip()
    hint = ""
    try:
        if name == "deadline_days" and line and line[-1].isalpha():
            value = parsing.quantity(line, "h", lambda hours: field.takes(hours / HOURS_PER_DAY)).value / HOURS_PER_DAY
        else:
            number = _OWN_UNIT.sub("", line) if name == "carbon_budget_t" else line
            value = parsing.quantity(number, "number", field.takes).value
        if field.takes(value):
            return value
    except NotReadError as error:
        hint = f"; {error}" if str(error) else ""
    raise ValueError(f"a number, {field.allowed}{hint}")


def of_link(query: Mapping[str, str]) -> Targets:
    """The targets of a link.

    Raises:
        InputError: Where one of them cannot be used.
    """
    found, problems = link_numbers.of_link(TARGETS, read, query)
    if problems:
        raise InputError(problems)
    return Targets(**found)


def of_visitor() -> Targets:
    """The visitor's targets; what cannot be used is left out, and told beside its control."""
    return Targets(**link_numbers.of_visitor(TARGETS, read))
