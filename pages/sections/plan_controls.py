"""What Plan asks of the visitor: limits, devices, places, numbers of devices and levers; all of it in the link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oce import catalog
from oce.analysis import levers
from oce.errors import InputError, Problem
from oce.estimation import Estimate
from oce.fields import FIELDS
from pages.sections import options
from pages.session import controls, link, targets
from pages.session.controls import Keep
from pages.session.targets import Targets

MIXED = "mixed"  # every basis in one list
BASES = {  # what places are ranked by, each by itself but for the last
    "lifecycle": (
        "Lifecycle",
        "Lifecycle figures: with building the power stations and producing their fuel.",
    ),
    "direct": (
        "Direct",
        "Direct figures: only what power stations emit. For US states, Chinese provinces and cloud regions there; "
        "lower than lifecycle figures for the same power.",
    ),
    "location-based operational": (
        "Google's own",
        "Google's own figures for its cloud regions: weighted by hour, without producing the fuel.",
    ),
    MIXED: (
        "All, mixed",
        "Mixed: lifecycle, direct and Google's own figures in one list, though they are not counted alike. A place "
        "with direct figures looks better than it is.",
    ),
}
AGAINST = {"total_co2e_kg": "Carbon", "cost": "Cost"}  # what time is drawn against
FIRST_REGIONS = ("USA", "FRA", "SWE")
OF_YOURS = {  # numbers of devices that follow the scenario's own, so that they stay what they say while it changes
    "x0.25": (0.25, "a quarter of yours"),
    "x0.5": (0.5, "half of yours"),
    "x1": (1.0, "as many as yours"),
    "x2": (2.0, "twice yours"),
}
COUNTS = tuple(str(2**power) for power in range(18))
NOT_AT_FIRST = ("utilisation",)  # a lever that nobody can simply choose


@dataclass(frozen=True)
class Chosen:
    """What the visitor asks of Plan, beside the scenario."""

    targets: Targets
    devices: tuple[str, ...]  # for the deadline
    basis: str  # one of BASES
    place: str  # where the run is moved; empty: where it emits least
    levers: tuple[str, ...]
    combine_devices: tuple[str, ...]
    combine_regions: tuple[str, ...]
    combine_counts: tuple[str, ...]  # of OF_YOURS, or numbers
    against: str  # one of AGAINST

    @property
    def combinations(self) -> int:
        """How many combinations are asked for."""
        return len(self.combine_devices) * len(self.combine_regions) * len(self.combine_counts)

    def counts(self, own: float) -> tuple[int, ...]:
        """The numbers of devices to combine, for a scenario on so many."""
        numbers = (max(1, int(own * OF_YOURS[one][0])) if one in OF_YOURS else int(one) for one in self.combine_counts)
        return tuple(sorted(dict.fromkeys(numbers)))


Offered = tuple[Sequence[str], Sequence[str]]  # the default, and what can be chosen


def _lists(result: Estimate, query: Mapping[str, str]) -> dict[str, Offered]:
    """The controls that take several choices."""
    devices = (options.first_devices(result), options.devices(result))
    return {
        "plan_devices": devices,
        "plan_levers": ([one for one in levers.LEVERS if one not in NOT_AT_FIRST], levers.LEVERS),
        "combine_devices": devices,
        "combine_regions": ([*dict.fromkeys([*FIRST_REGIONS, *options.own_regions(result)])], options.regions(result)),
        "combine_counts": (list(OF_YOURS), counts_offered(query.get("combine_counts", ""))),
    }


def counts_offered(held: str) -> list[str]:
    """The numbers of devices that can be combined; any other that the link holds is allowed too."""
    field = FIELDS["device_count"]
    own = [text for text in link.list_from_text(held) if text.isdecimal() and len(text) < 9 and field.takes(int(text))]
    numbers = sorted({*COUNTS, *(str(int(text)) for text in own)}, key=int)
    return [*OF_YOURS, *numbers]


def _words(result: Estimate, query: Mapping[str, str]) -> dict[str, Offered]:
    """The controls that take a single choice."""
    basis = query.get("plan_basis") or "lifecycle"
    there = [one.id for one in catalog.regions() if one.kind != "paper" and basis in (one.basis, MIXED)]
    against = list(AGAINST) if result.scenario.price_per_device_hour is not None else ["total_co2e_kg"]
    return {
        "plan_basis": (["lifecycle"], list(BASES)),
        "plan_place": ([""], ["", *there]),
        "combine_against": (["total_co2e_kg"], against),
    }


def of_link(result: Estimate, query: Mapping[str, str]) -> Chosen:
    """What a link asks.

    Raises:
        InputError: Where something of it cannot be used.
    """
    wanted = targets.of_link(query)
    problems: list[Problem] = []
    lists: dict[str, tuple[str, ...]] = {}
    for name, (default, allowed) in _lists(result, query).items():
        lists[name] = tuple(link.list_from_text(query[name]) if query.get(name) else default)
        problems += [Problem(name, one, "what its list offers") for one in lists[name] if one not in allowed]
    words: dict[str, str] = {}
    for name, ((default_word,), allowed) in _words(result, query).items():
        words[name] = query.get(name) or default_word
        if words[name] not in allowed:
            problems.append(Problem(name, words[name], ", ".join(allowed[:5])))
    if problems:
        raise InputError(problems)
    return _chosen(wanted, words, lists)


def of_visitor(result: Estimate, query: Mapping[str, str]) -> tuple[Chosen, Mapping[str, Keep]]:
    """What the visitor asks, and what keeps each choice of theirs; what cannot be used is told."""
    keep: dict[str, Keep] = {}
    lists: dict[str, tuple[str, ...]] = {}
    words: dict[str, str] = {}
    for name, (default, allowed) in _lists(result, query).items():
        now, keep[name] = controls.keep_list_in_link(name, default, allowed)
        lists[name] = tuple(now)
    for name, ((default_word,), allowed) in _words(result, query).items():
        in_words = "a place of its list" if name == "plan_place" else ""
        words[name], keep[name] = controls.keep_in_link(name, default_word, allowed, in_words)
    return _chosen(targets.of_visitor(), words, lists), keep


def _chosen(wanted: Targets, words: Mapping[str, str], lists: Mapping[str, tuple[str, ...]]) -> Chosen:
    return Chosen(
        wanted,
        lists["plan_devices"],
        words["plan_basis"],
        words["plan_place"],
        lists["plan_levers"],
        lists["combine_devices"],
        lists["combine_regions"],
        lists["combine_counts"],
        words["combine_against"],
    )
