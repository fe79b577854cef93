"""Numbers that a page keeps in the link beside the scenario: read, kept, and told where they cannot be used."""

from collections.abc import Callable, Iterable, Mapping

from oce import units
from oce.errors import Problem
from oce.fields import Field
from pages.session import keys, state

Read = Callable[[str, str], float]  # the number that a text gives for a name; raises ValueError with what is allowed


def of_link(names: Iterable[str], read: Read, query: Mapping[str, str]) -> tuple[dict[str, float], list[Problem]]:
    """The numbers that a link holds, and what of them cannot be used."""
    found: dict[str, float] = {}
    problems: list[Problem] = []
    for name in names:
        if query.get(name):
            try:
                found[name] = read(name, query[name])
            except ValueError as error:
                problems.append(Problem(name, query[name], str(error)))
    return found, problems


def of_visitor(fields: Mapping[str, Field], read: Read) -> dict[str, float]:
    """The visitor's numbers; what cannot be used is left out, and told beside its control."""
    held = {name: state.extra(name) for name in fields}
    found, problems = of_link(fields, read, held)
    for problem in problems:
        name = problem.field
        if keys.number_refused(name).get()[0] != held[name]:
            refuse(fields[name], held[name], problem.allowed)
    return found


def keep(name: str, value: float | None, default: float | None) -> None:
    """Keeps a number in the link, which has nothing for the default; called by controls, before the page runs."""
    keys.number_refused(name).forget()
    state.keep_extra(name, "" if value is None or value == default else units.exact(value))


def refuse(field: Field, text: str, allowed: str) -> None:
    """Keeps a text that cannot be used, for as long as the link stays as it is."""
    said = f"{field.label}: “{text.strip()[:40]}” cannot be used; allowed: {allowed}."
    keys.number_refused(field.name).set((state.extra(field.name), text, said))


def refused(name: str) -> tuple[str, str]:
    """The text that was given and cannot be used, and what is said of it; empty where there is none."""
    held, text, said = keys.number_refused(name).get()
    return (text, said) if held == state.extra(name) else ("", "")
