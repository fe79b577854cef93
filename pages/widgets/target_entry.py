"""A control for what is wanted of a run: typed, kept in the link, and told where it cannot be used."""

from oce import units
from pages.session import targets
from pages.session.targets import TARGETS, Targets
from pages.widgets import number_entry


def show(name: str, now: Targets, placeholder: str = "none") -> None:
    """The control.

    Args:
        name: One of :data:`pages.session.targets.TARGETS`.
        now: What the link holds.
        placeholder: Shown where it holds nothing.
    """
    field = TARGETS[name]
    unit = f" ({units.typeset(field.unit)})" if field.unit else ""
    number_entry.in_link(
        field, targets.read, getattr(now, name), f"{field.label}{unit}", f"{field.meaning}.", placeholder=placeholder
    )
