"""``oce compare``: scenarios of a table side by side, or added up."""

import argparse

from oce.commands.terminal import FileError, as_json_text, read_table, say, too_long
from oce.errors import InputError
from oce.estimation import Estimate, estimate
from oce.exports.comparison import NO_LIMITS, Limits, comparison_json, comparison_text, sum_json, sum_text
from oce.importers import scenario_rows
from oce.scenario import Scenario

HOURS_PER_DAY, KG_PER_T = 24.0, 1000.0


def run(options: argparse.Namespace) -> None:
    """Scenarios side by side; every row must be fine, as the ratio to one that is not would be missing."""
    table = read_table(options.input, any_columns=False)
    found = scenario_rows.read(table, {}, ("name",))
    say(found.of_table)
    names_at = next((at for at, name in enumerate(table.header) if name.casefold() == "name"), None)
    named: list[tuple[str, Estimate]] = []
    for number, line in enumerate(table.rows):
        cells = "" if names_at is None or names_at >= len(line) else line[names_at].strip()
        name = cells or f"row {number + 1}"
        if any(cell.strip() for cell in line[len(table.header) :]):
            raise FileError(f"{name}: {too_long(line, table.header).removeprefix('the row has ')}")
        if number in found.conflicts:
            raise FileError(f"{name}: {found.conflicts[number]}")
        say(f"{name}: {note}" for note in found.notes.get(number, ()))
        try:
            fields = {field: texts[number] for field, texts in found.cells.items() if texts[number]}
            named.append((name, estimate(Scenario(**fields))))
        except InputError as error:
            raise FileError(f"{name}: {error}") from None
    limits = Limits(
        None if options.deadline_days is None else options.deadline_days * HOURS_PER_DAY,
        None if options.carbon_budget_t is None else options.carbon_budget_t * KG_PER_T,
        options.cost_budget,
    )
    if options.sum:
        if options.baseline or limits != NO_LIMITS:
            raise FileError("--baseline and limits go without --sum")
        print(as_json_text(sum_json(named)) if options.json else sum_text(named))
        return
    if options.json:
        print(as_json_text(comparison_json(named, options.baseline, limits)))
    else:
        print(comparison_text(named, options.baseline, limits))
