"""``oce estimate``: one scenario, a saved file, or every row of a table."""

import argparse
import csv
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from oce import catalog, units
from oce.commands.terminal import FileError, as_json_text, content_of, read_table, say, too_long
from oce.errors import NotReadError
from oce.estimation import COST_COLUMNS, OUTPUT_COLUMNS, Estimate, estimate, estimate_many
from oce.exports.sentence import cost
from oce.fields import FIELDS
from oce.importers import model_config, prior_runs, saved_scenarios, scenario_rows
from oce.importers.prior_runs import PriorRuns
from oce.parsing import number_wanted, read_number
from oce.scenario import Scenario
from oce.version import METHOD_VERSION

READ_AS = "read_as"  # a column of the output, where there is something to say: what was taken for what


def run(options: argparse.Namespace) -> None:
    """Estimates of what the options say, printed or written."""
    given = {name: value for name in FIELDS if (value := getattr(options, name)) is not None}
    given = {**_from_preset(options, given), **_from_config(options.config), **given}
    if options.input is not None:
        if options.json:
            raise FileError("--json goes without --input, whose output is CSV")
        if options.open is not None:
            raise FileError("--open goes without --input")
        _estimate_file(options, given)
        return
    if options.output is not None:
        raise FileError("--output goes with --input")
    found = _prior_runs(options)
    past = None if found is None else found.for_calibration()
    named = [("", Scenario(**given))] if options.open is None else _opened(options.open, given)
    results = [(name, estimate(scenario, past)) for name, scenario in named]
    if found is not None and results[0][1].scenario.method == "calibrated":
        without = estimate(results[0][1].scenario).device_hours.high_over_low
        narrowed = _narrowed(len(found.used), without, results[0][1].device_hours.high_over_low)
        print(f"oce: {narrowed}{_measured(found, options)}", file=sys.stderr)
    said = scenario_rows.notes_of(given)
    if options.json:
        objects = [_with_notes(({"name": name} if name else {}) | result.to_dict(), said) for name, result in results]
        print(as_json_text(objects[0] if len(objects) == 1 else {"estimates": objects}))
        return
    shown = [(f"{name}\n" if name else "") + as_text(result) for name, result in results]
    print("\n".join(["\n\n".join(shown), *(f"Note: {note}" for note in said)]))


def _with_notes(found: dict[str, Any], said: Sequence[str]) -> dict[str, Any]:
    """An estimate's JSON with what was taken for what in the texts that it was asked with."""
    return {**found, "notes": [*found["notes"], *({"code": "read_as", "text": note} for note in said)]}


def _opened(name: str, given: Mapping[str, str]) -> list[tuple[str, Scenario]]:
    """The scenarios of a saved JSON file, changed by the options that were given."""
    saved = saved_scenarios.read(content_of("--open", name, saved_scenarios.MOST_BYTES))
    return [(called, scenario.replace(**given) if given else scenario) for called, scenario in saved]


def _from_preset(options: argparse.Namespace, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a preset, less what another way of giving the compute replaces."""
    if options.preset is None:
        return {}
    if options.input is not None or options.open is not None:
        raise FileError("--preset goes without --input and --open")
    model = catalog.model(options.preset)
    if model.is_example:
        print(f"oce: --preset, {model.note}", file=sys.stderr)
    replaced = ("parameters", "tokens", "active_parameters", "training_flop")
    stated = "training_flop" in given or "samples" in given
    return {name: value for name, value in model.fields.items() if not (stated and name in replaced)}


def _from_config(name: str | None) -> dict[str, Any]:
    """The fields of a model's own file, and what was read of it on standard error."""
    if name is None:
        return {}
    found = model_config.read(content_of("--config", name, model_config.MOST_BYTES))
    print(f"oce: --config, {found.sentence}", file=sys.stderr)
    return dict(found.fields)


def _prior_runs(options: argparse.Namespace) -> PriorRuns | None:
    """The prior runs of --runs; what cannot be used of them is said, the rest is used."""
    if options.runs is None:
        if options.runs_training_flop is not None:
            raise FileError("--runs-training-flop goes with --runs")
        if options.runs_confirmed:
            raise FileError("--runs-confirmed goes with --runs")
        return None
    stated = options.runs_training_flop
    try:
        flop = None if stated is None else read_number("training_flop", stated).value
    except NotReadError as error:
        raise FileError(f"--runs-training-flop: {stated} is not {number_wanted('training_flop', error)}") from None
    content = content_of("--runs", options.runs, prior_runs.MOST_BYTES)
    found = prior_runs.read(content, flop, options.runs_confirmed)
    for line in (*found.notes, *found.problems):
        print(f"oce: --runs, {line}", file=sys.stderr)
    if not found.used:
        raise FileError(f"--runs {options.runs}: none of its runs can be used")
    return found


def _narrowed(runs: int, without: float, within: float) -> str:
    """How much past runs narrowed the interval."""
    used = f"{runs} past run{'' if runs == 1 else 's'} used"
    return f"{used}: the interval is x{within:.3g} wide, without them x{without:.3g}"


def _measured(found: PriorRuns, options: argparse.Namespace) -> str:
    """That the runs measured their power, and how to count with it; empty where they did not, or it is given."""
    if found.mean_power_w is None or options.power_w is not None:
        return ""
    watts = f"{float(f'{found.mean_power_w:.3g}'):g}"
    return f"; they measured {watts} W a device, which --power-w {watts} counts with"


def as_text(result: Estimate) -> str:
    """The estimate as a short text: the figures with their intervals, then what was assumed."""
    lines = [f"{'Compute':<14} {units.scientific(result.training_flop.central)} FLOP"]
    for name in units.LABELS:
        label, scale, interval = units.short_label(name), units.SCALES[name], getattr(result, name)
        label = f"  {label.lower()}" if name in ("operational_co2e_kg", "embodied_co2e_kg") else label
        central = units.shown(interval.central, scale)
        lines.append(f"{label:<14} {central:<28} ({units.shown_range(interval, scale)})")
    lines += [f"{'Cost':<14} {cost(result)}"] if result.cost is not None else []
    lines += ["", f"Interval: {result.level_meaning}", f"Method:   {result.method} {METHOD_VERSION}"]
    lines += [f"Data:     {result.data_version}", "", "Assumed:"]
    for assumption in result.assumptions:
        value = assumption.value if isinstance(assumption.value, str) else f"{assumption.value:.4g}"
        year = f", {assumption.year}" if assumption.year else ""
        lines.append(f"  {assumption.field} = {value} {assumption.unit}".rstrip() + f"  [{assumption.source}{year}]")
    lines += [f"Note: {note.text}" for note in result.notes]
    return "\n".join(lines)


def _estimate_file(options: argparse.Namespace, for_every_row: Mapping[str, str]) -> None:
    table = read_table(options.input, any_columns=bool(for_every_row))
    header, width = list(table.header), len(table.header)
    of_output = {*OUTPUT_COLUMNS, *COST_COLUMNS, READ_AS} - {"training_flop"}
    found = scenario_rows.read(table, for_every_row, tuple(of_output))
    say([*found.of_table, *scenario_rows.notes_of(for_every_row)])
    rows = [(line + [""] * width)[:width] for line in table.rows]
    empty: dict[str, list[Any]] = {name: [""] * len(rows) for name in OUTPUT_COLUMNS}
    found_runs = _prior_runs(options)
    past = None if found_runs is None else found_runs.for_calibration()
    results: dict[str, list[Any]] = (
        {name: list(values) for name, values in estimate_many(found.cells, past_runs=past).items()}
        if rows and found.cells
        else empty
    )
    wanted = tuple(results)  # with the cost, where a price is given
    if rows and not found.cells:
        results["error"] = ["no column is named like a field of a scenario"] * len(rows)
    refused = dict(found.conflicts)
    for number, line in enumerate(table.rows):
        if any(cell.strip() for cell in line[width:]):  # which cell belongs to which column cannot be known
            refused[number] = too_long(line, header)
    for number, why in refused.items():
        for name in wanted:
            results[name][number] = ""
        results["error"][number] = why
    kept = [at for at, name in enumerate(header) if name not in of_output]
    added = [name for name in wanted if name not in {header[at] for at in kept}]
    texts = {name: [_cell(value) for value in results[name]] for name in wanted}
    notes = {number: "; ".join(said) for number, said in found.notes.items()}
    if found.of_table and rows:
        notes[0] = "; ".join([*found.of_table, *found.notes.get(0, ())])
    flop_at = header.index("training_flop") if "training_flop" in header else None

    def lines() -> Iterable[list[str]]:
        yield [header[at] for at in kept] + added + ([READ_AS] if notes else [])
        for number, row in enumerate(rows):
            if flop_at is not None and not found.cells["training_flop"][number]:
                row[flop_at] = texts["training_flop"][number]
            said = [notes.get(number, "")] if notes else []
            yield [row[at] for at in kept] + [texts[name][number] for name in added] + said

    if options.output is None or options.output == "-":
        _write(lines(), sys.stdout)
    else:
        try:
            with Path(options.output).open("w", encoding="utf-8", newline="") as file:
                _write(lines(), file)
        except OSError as error:
            raise FileError(f"--output {options.output} cannot be written: {error.strerror}") from None
    bad = sum(1 for message in results["error"] if message)
    if bad == len(rows):
        raise FileError(
            f"--input {options.input}: none of its {len(rows)} rows could be estimated; see the column error"
            if rows
            else f"--input {options.input} has no rows"
        )
    if bad:
        print(f"oce: {bad} of {len(rows)} rows could not be estimated; see the column error", file=sys.stderr)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if math.isnan(value) else repr(float(value))


def _write(lines: Iterable[Sequence[str]], file: TextIO) -> None:
    csv.writer(file, lineterminator="\n").writerows(lines)
