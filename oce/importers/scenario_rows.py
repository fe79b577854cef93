"""A table of scenarios: its columns as fields, its cells as the library reads them, and what was taken for what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oce import catalog
from oce.errors import InputError, NotReadError
from oce.fields import FIELDS, NUMBER_FIELDS
from oce.importers import columns
from oce.importers.columns import Column
from oce.importers.table_file import Table
from oce.parsing import missing, not_given, read_number, unambiguous_number
from oce.plausibility import doubts

MOST_NOTES = 200_000  # rows that are told what was taken for what; of a longer table the first ones
_DOUBTED = ("power_w", "carbon_intensity_g_per_kwh", "utilisation", "power_fraction")


@dataclass(frozen=True, slots=True)
class ScenarioRows:
    """Scenarios, a row each: fields as columns of texts, empty where not given, and what there is to say."""

    cells: Mapping[str, list[str]]
    notes: Mapping[int, list[str]]  # by row
    conflicts: Mapping[int, str]  # by row: why it cannot be read in one way
    of_table: tuple[str, ...]  # what was taken for what in all of it
    used: frozenset[str] = field(default_factory=frozenset)  # names of the columns that are used


def read(table: Table, given: Mapping[str, str], kept: Sequence[str] = ()) -> ScenarioRows:
    """The scenarios of a table.

    ``given`` fills the rows that leave a field empty; columns ``kept`` mean nothing here and are no mistake.
    """
    found = columns.of_header(table.header, kept)
    count = len(table.rows)
    notes: dict[int, list[str]] = {}
    conflicts: dict[int, str] = {}
    cells: dict[str, list[str]] = {}
    for name, those in found.by_field.items():
        texts = _texts(table, those, conflicts, name)
        said = _missing_notes(table, those[0], name) if name == "region" else {}
        read_as, why = _read(name, set(texts), table.decimal)
        cells[name] = [read_as[text] for text in texts]
        for row, text in enumerate(texts[:MOST_NOTES]) if why or said else ():
            for note in (why.get(text), said.get(row)):
                if note:
                    notes.setdefault(row, []).append(note)
    for name, value in given.items():
        cells[name] = [cell or value for cell in cells.get(name, [""] * count)]
    _doubt(cells, notes)
    return ScenarioRows(
        cells,
        notes,
        conflicts,
        (*table.notes, *found.notes),
        frozenset(column.name for those in found.by_field.values() for column in those),
    )


def _texts(table: Table, those: Sequence[Column], conflicts: dict[int, str], name: str) -> list[str]:
    """A field's texts, of one column or of several that must agree."""
    if len(those) == 1 and not those[0].unit:
        at = those[0].at
        texts = [row[at].strip() if at < len(row) else "" for row in table.rows]
        absent = {text for text in set(texts) if missing(text)}
        return ["" if text in absent else text for text in texts] if absent - {""} else texts
    only = columns.Columns({name: tuple(those)}, ())
    texts = []
    for number, row in enumerate(table.rows):
        try:
            texts.append(only.cells(row)[name])
        except InputError as error:
            conflicts.setdefault(number, str(error))
            texts.append("")
    return texts


def _missing_notes(table: Table, column: Column, name: str) -> dict[int, str]:
    """Where a missing value could be meant as a code: NA is Namibia's."""
    at = column.at
    text = f"{name}: NA is read as missing, as R and pandas write it; for Namibia write NAM"
    return {
        number: text for number, row in enumerate(table.rows[:MOST_NOTES]) if at < len(row) and row[at].strip() == "NA"
    }


def _read(name: str, texts: set[str], decimal: str) -> tuple[dict[str, str], dict[str, str]]:
    """What each text is read as, and what there is to say about it."""
    read_as, why = {text: text for text in texts}, {}
    takes = FIELDS[name].takes
    for text in texts:
        if not text:
            continue
        if name in NUMBER_FIELDS:
            if decimal != "," and (plain := unambiguous_number(text)) is not None and takes(plain):
                continue
            try:
                found = read_number(name, text, decimal)
            except NotReadError:
                continue  # the library says what is wrong with it
            read_as[text] = repr(found.value)
            if found.note:
                why[text] = f"{name}: {found.note}"
            continue
        note = name_note(name, text)
        if note:
            why[text] = note
    return read_as, why


def name_note(name: str, text: str) -> str:
    """What was taken for what in the name of a device or a region; empty where nothing was."""
    try:
        if name == "device" and (said := catalog.device_named(text).note):
            return f"device: {said}"
        if name == "region" and (said := catalog.region_named(text).note):
            return f"region: {said}"
    except InputError:
        pass
    return ""


def notes_of(given: Mapping[str, object]) -> list[str]:
    """What there is to say about what was given as texts, each alone."""
    said = []
    for name, text in given.items():
        if isinstance(text, str) and text.strip() and not_given(name, text):
            said.append(f"{name}: “{text.strip()}” is read as not given")
        elif name in NUMBER_FIELDS and isinstance(text, str):
            try:
                note = read_number(name, text).note
            except NotReadError:
                continue
            said += [f"{name}: {note}"] if note else []
    return said


def _doubt(cells: Mapping[str, list[str]], notes: dict[int, list[str]]) -> None:
    """Adds what is to be asked about values that are probably meant otherwise."""
    names = [name for name in _DOUBTED if name in cells]
    if not names:
        return
    devices = cells.get("device", [])
    known: dict[tuple[str, ...], list[str]] = {}
    for row, values in enumerate(zip(*(cells[name][:MOST_NOTES] for name in names), strict=True)):
        key = (*values, devices[row] if devices else "")
        if key not in known:
            known[key] = _doubts(dict(zip(names, values, strict=True)), key[-1])
        if known[key]:
            notes.setdefault(row, []).extend(known[key])


def _doubts(texts: Mapping[str, str], device: str) -> list[str]:
    numbers = {}
    for name, text in texts.items():
        try:
            numbers[name] = float(text)
        except ValueError:
            continue
    try:
        known = catalog.device(device) if device else None
    except InputError:
        known = None
    return list(doubts({name: value for name, value in numbers.items() if FIELDS[name].takes(value)}, known))
