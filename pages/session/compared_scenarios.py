"""The scenarios of the Compare page: your own with changes, or presets with changes; all of it in the link.

In the link each is a list of changes, ``device-a100-sxm-80gb~pue-1.2``, and ``~~`` stands between two of them. The
characters are those that an address leaves as they are, so six scenarios stay short.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from oce import catalog
from oce.analysis import grid_basis, option_names
from oce.errors import InputError, Problem
from oce.estimation import Estimate
from oce.field import projects
from oce.fields import FIELDS, NUMBER_FIELDS
from oce.method.runs import Runs
from oce.parsing import not_given
from oce.scenario import Scenario
from pages.session import link, offers
from pages.session.current_estimate import cached_estimate
from pages.session.link import Fields

MOST = 6
MOST_CHARACTERS = 10_000  # of the text in a link: six scenarios with every field take 2,000
MOST_SHOWN = 4  # fields that the sidebar names
MOST_CHANGES = 60  # of a scenario: there are fewer fields
MOST_PROBLEMS = 6  # that are named: each costs a search for near names
OWN = "own"  # your scenario without a change
HARDWARE = ("device", "device_count", "region")  # what an offer is of
DEFAULT_DEVICES = ("h100-sxm", "a100-sxm-80gb", "tpu-v4")


@dataclass(frozen=True)
class Entry:
    """One scenario: what it starts from, and what is changed of it (texts as in a link; empty for not given)."""

    changes: dict[str, str] = field(default_factory=dict)
    model: str = ""  # a preset's id; empty: your scenario in the sidebar
    name: str = ""  # as the visitor calls it

    def fields(self, own: Fields) -> Fields:
        base = link.fields_of(self.model) if self.model else own
        kept = {name: value for name, value in base.items() if name not in self.changes}
        return {**kept, **{name: text for name, text in self.changes.items() if text}}

    def scenario(self, own: Fields) -> Scenario:
        """The scenario, checked; raises InputError where a value or their combination is not allowed."""
        scenario = Scenario(**self.fields(own))
        for name, find in link.FINDERS.items():
            if getattr(scenario, name):
                find(getattr(scenario, name))
        return scenario

    @property
    def follows(self) -> bool:
        """Whether it starts from your scenario, so that the sidebar changes it."""
        return not self.model

    def called(self, own: Fields) -> str:
        """Its name: the visitor's, or else what is changed, or what it starts from."""
        if self.name:
            return self.name
        base = catalog.model(self.model).name if self.model else ""
        shown = []
        for name, text in self.changes.items():
            find = link.FINDERS.get(name)
            try:
                shown.append(find(text).name if find else f"{FIELDS[name].label} {text or 'not given'}")
            except InputError:
                shown.append(text)
        if not base and not self.changes:
            base = catalog.device(str(own["device"])).name if "device" in own else "Your scenario"
        return ", ".join([base, *shown] if base else shown)


def default(own: Fields) -> list[Entry]:
    """Your scenario on its own device, then on H100, A100 80 GB and TPU v4, at a precision that each has."""
    others = (device for device in DEFAULT_DEVICES if device != own.get("device"))
    return [Entry(), *(fitted(Entry({"device": device}), own) for device in others)]


def fitted(entry: Entry, own: Fields) -> Entry:
    """The scenario without a precision that its device does not have."""
    fields = entry.fields(own)
    precision, device = fields.get("precision"), fields.get("device")
    lacks = precision and device and precision not in catalog.device(str(device)).peak_tflops
    return replace(entry, changes={**entry.changes, "precision": ""}) if lacks else entry


def of_offer(line: str, own: Fields) -> tuple[Entry, tuple[str, ...]]:
    """Your scenario as an offer has it, "1,024 A100 in Ireland", and what was taken for what.

    Raises:
        InputError: Where the line cannot be read as an offer.
    """
    offer = offers.read(line)
    return fitted(Entry(offer.changes), own), offer.notes


def changed_by_sidebar(entries: Sequence[Entry]) -> str:
    """What a change in the sidebar does to the scenarios that are compared, in words."""
    following = [number for number, entry in enumerate(entries, 1) if entry.follows]
    kept = [number for number in range(1, len(entries) + 1) if number not in following]
    if not following:
        return "A change here changes no option: each has a model of its own."
    said = f"A change here changes {'all options' if not kept and len(entries) > 1 else _options(following)}"
    set_on: dict[str, list[str]] = {}
    for number in following:
        for name in entries[number - 1].changes:
            set_on.setdefault(FIELDS[name].label, []).append(str(number))
    if set_on:
        shown = [f"{label} ({', '.join(numbers)})" for label, numbers in list(set_on.items())[:MOST_SHOWN]]
        said += f", but for what their cards set: {', '.join(shown)}{' and more' if len(set_on) > MOST_SHOWN else ''}"
    if kept:
        said += f". {_options(kept).capitalize()} stay{'s' if len(kept) == 1 else ''} as set"
    return f"{said}."


def changed_alone(entry: Entry, at: int, own: Fields) -> str:
    """What a change in the sidebar does while it shows the option at this place, from 0, in words."""
    fields = entry.fields(own)
    parts = [find(str(fields[name])).name for name, find in link.FINDERS.items() if name in fields]
    called = entry.name or ", ".join(parts)
    return (
        f"A change here changes option {at + 1} alone{f' ({called})' if called else ''}. The others stay as they are."
    )


def _options(numbers: Sequence[int]) -> str:
    """option 2; options 1, 2 and 3."""
    *first, last = map(str, numbers)
    return f"options {', '.join(first)} and {last}" if first else f"option {last}"


def to_text(entries: Sequence[Entry]) -> str:
    """The scenarios as one text for the link."""

    def words(entry: Entry) -> str:
        named = {"name": entry.name} if entry.name else {}
        based = {"model": entry.model} if entry.model else {}
        return "~".join(f"{name}-{text}" for name, text in {**named, **based, **entry.changes}.items()) or OWN

    return "~~".join(map(words, entries))


def from_text(text: str) -> tuple[list[Entry], list[Problem]]:
    """The scenarios of a link, and what of them could not be used."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    if len(text) > MOST_CHARACTERS:
        text, whole = text[:MOST_CHARACTERS].rpartition("~")[0], f"{len(text):,} characters"
        problems.append(Problem("compare", whole, f"at most {MOST_CHARACTERS:,}"))
    for number, part in enumerate(text.split("~~")[:MOST], 1):
        entry = Entry()
        words = [word for word in part.split("~") if word and word != OWN]
        for at, word in enumerate(words):
            name, _, value = word.partition("-")
            if at >= MOST_CHANGES or len(problems) >= MOST_PROBLEMS:
                left = f"{len(words) - at} further changes"
                allowed = f"at most {MOST_CHANGES}, of which at most {MOST_PROBLEMS} in all cannot be used"
                problems.append(Problem(f"scenario {number}", left, allowed))
                break
            try:
                entry = changed(entry, name, value)
            except InputError as error:
                problems += [
                    replace(problem, field=f"scenario {number}, {problem.field}") for problem in error.problems
                ]
        entries.append(entry)
    return entries, problems


def changed(entry: Entry, name: str, text: str) -> Entry:
    """The entry with one of its fields changed; raises InputError where there is no such field or value."""
    text = text.strip()
    if name == "name":
        return replace(entry, name=_name(text))
    if name == "model":
        return replace(entry, model=catalog.model(text).id)
    if name not in FIELDS:
        raise InputError([Problem(name[:60], text[:60], "a field of a scenario")])
    text = "" if not_given(name, text) else text
    if text and name in link.FINDERS:
        text = link.FINDERS[name](text).id
    elif text and name in NUMBER_FIELDS:
        text = link.text_of(link.number_of(name, text).value)
    elif text:
        text = getattr(Scenario(**{"training_flop": 1e21, "price_per_device_hour": 1.0, name: text}), name)
    return replace(entry, changes={**entry.changes, name: text})


def _name(text: str) -> str:
    """A name as it may stand in the link, and in a chart, which would take <b> or a link for markup."""
    return "".join(sign if sign.isprintable() and sign not in "~<>" else " " for sign in text).strip()[:40].strip()


def of_project(name: str) -> list[Entry]:
    """The stages of a published project, by its name (:func:`oce.field.projects.projects`)."""
    stages = projects.projects().get(name, ())
    return [replace(snapshot(link.tidy(stage.fields)), name=_name(stage.name)) for stage in stages]


def snapshot(own: Fields) -> Entry:
    """Your scenario as it is now: later changes in the sidebar leave it alone."""
    base = link.fields_of(link.FIRST_MODEL)
    removed = {name: "" for name in base if name not in own}
    changes = {name: link.text_of(value) for name, value in own.items() if base.get(name) != value}
    return Entry({**removed, **changes}, model=link.FIRST_MODEL)


Named = tuple[str, Estimate]


@dataclass(frozen=True)
class Compared:
    """The estimates of the scenarios, each with a name of its own, and what was refused."""

    named: list[Named]
    refused: Mapping[int, str]  # why a scenario has no estimate, by its place in all that were asked

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.named]

    def baseline(self, wanted: str) -> int:
        """Which of them the others are compared with: the one of the link, else the first."""
        return {str(number): number for number in range(len(self.named))}.get(wanted, 0)


def estimates(entries: Sequence[Entry], own: Fields, past: Runs | None, alike: bool = False) -> Compared:
    """The estimates of the scenarios, given the fields of your own; one that has none is refused.

    What the visitor did not name is called by how many of what it is, and where.

    Args:
        entries: The scenarios.
        own: The fields of your own.
        past: Your own past runs.
        alike: Whether each place has the figure that is counted as the others' are, as far as there is one.
    """
    given: list[str] = []
    results: list[Estimate] = []
    refused: dict[int, str] = {}
    for at, entry in enumerate(entries):
        try:
            results.append(cached_estimate(entry.scenario(own), past))
        except InputError as error:
            refused[at] = str(error)
        else:
            given.append(entry.name)
    if alike:
        results = _counted_alike(results, past)
    named: list[Named] = []
    for number, (name, result) in enumerate(zip(option_names.names(results), results, strict=True), 1):
        called = given[number - 1] or name
        named.append((called if called not in dict(named) else f"{called} ({number})", result))
    return Compared(named, refused)


def _counted_alike(results: Sequence[Estimate], past: Runs | None) -> list[Estimate]:
    """The estimates with each place at its figure on the common basis."""
    places = grid_basis.counted_alike([grid_basis.place_of(result) for result in results])
    return [
        cached_estimate(result.scenario.replace(region=place.id), past) if place and place != result.region else result
        for place, result in zip(places, results, strict=True)
    ]
