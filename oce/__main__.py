"""The command line: ``python -m oce estimate | compare | devices | regions | models | calibrate``."""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn, TextIO

from oce import catalog, units
from oce.catalog import data_package, reader
from oce.catalog.listing import listed
from oce.errors import InputError, NotReadError
from oce.estimation import COST_COLUMNS, OUTPUT_COLUMNS, Estimate, estimate, estimate_many
from oce.evaluation import device_evidence, scoring
from oce.evaluation import refit as evidence
from oce.exports.comparison import comparison_json, comparison_text, sum_json, sum_text
from oce.exports.sentence import cost
from oce.exports.tabular import MOST_BYTES as MOST_SAVED_BYTES
from oce.exports.tabular import from_json
from oce.extras import MissingExtraError
from oce.fields import DEFAULTS, FIELDS
from oce.importers import columns, model_config, prior_runs, scenario_rows, table_file
from oce.importers.prior_runs import PastRuns
from oce.importers.table_file import Table
from oce.reading import number_wanted, read_number
from oce.scenario import Scenario
from oce.version import METHOD_VERSION, VERSION

READ_AS = "read_as"  # a column of the output, where there is something to say: what was taken for what
SCORES = {evidence.CALIBRATION: "scores", evidence.BASELINES: "methods"}  # where each document holds them


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0, or 2 after one clear line on standard error."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that lacks a character shows its code instead
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.error("a command is needed: estimate, compare, devices, regions, models or calibrate")
    try:
        options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough, as with `| head`
        _drop_output()
    except OSError as error:
        _drop_output()
        print(f"oce: the output cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    except (InputError, reader.DataError, MissingExtraError, _FileError) as error:
        print(f"oce: {error}", file=sys.stderr)
        return 2
    return 0


def _drop_output() -> None:
    """Leaves nothing for Python to write, and to complain about, when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _FileError(Exception):
    """A file that cannot be read or written, in one line."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._negative_number_matcher = re.compile(r"^-\.?\d")  # -1e1 is a value, not an option

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"oce: {' '.join(message.split())}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m oce", description=(__doc__ or "").splitlines()[0], allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"oce {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    one = commands.add_parser(
        "estimate",
        help="carbon, energy and time of one scenario, or of every row of a CSV file",
        allow_abbrev=False,
    )
    for field in FIELDS.values():
        default = f"; default {DEFAULTS[field.name]}" if field.name in DEFAULTS else ""
        allowed = f" ({field.allowed}{default})" if field.choices or field.high < float("inf") else ""
        one.add_argument(
            "--" + field.name.replace("_", "-"),
            metavar="VALUE",
            help=(field.meaning + allowed).replace("%", "%%"),
        )
    one.add_argument("--preset", metavar="NAME", help="a model of `oce models`: its fields, where no option gives them")
    one.add_argument(
        "--config", metavar="FILE", help="config.json of a Hugging Face model: its sizes, where no option gives them"
    )
    one.add_argument("--runs", metavar="FILE", help="CSV file of your own past runs, or CodeCarbon's emissions.csv")
    one.add_argument(
        "--runs-training-flop", metavar="VALUE", help="compute of each run in --runs that does not state it"
    )
    one.add_argument(
        "--runs-confirmed", action="store_true", help="use runs too that are far faster or slower than any reported"
    )
    one.add_argument("--open", metavar="FILE", help="a JSON file that was saved here or in the app; options change it")
    one.add_argument("--json", action="store_true", help="print JSON instead of text")
    one.add_argument("--input", metavar="FILE", help="CSV file with the fields as columns (underscores); - for stdin")
    one.add_argument("--output", metavar="FILE", help="where the CSV with the estimates goes; stdout if not given")
    one.set_defaults(run=_estimate)
    against = commands.add_parser(
        "compare",
        help="scenarios of a CSV file side by side: how many times the carbon, energy and time of a baseline, and why",
        allow_abbrev=False,
    )
    against.add_argument("--input", metavar="FILE", required=True, help="CSV file, a scenario a row; - for stdin")
    against.add_argument("--baseline", metavar="NAME", default="", help="name of the row to compare with; the first")
    against.add_argument("--sum", action="store_true", help="add the rows up, as the stages of one project")
    against.add_argument("--json", action="store_true", help="print JSON instead of text")
    against.set_defaults(run=_compare)
    refit = commands.add_parser(
        "calibrate",
        help="refit data/calibration.json from the reported runs, and print how well it holds",
        allow_abbrev=False,
    )
    refit.add_argument("--baselines", action="store_true", help="score the other methods too (needs scikit-learn)")
    refit.set_defaults(run=_calibrate)
    for name, lister in (("devices", _devices), ("regions", _regions), ("models", _models)):
        command = commands.add_parser(name, help=f"the {name} that can be named", allow_abbrev=False)
        command.add_argument("--json", action="store_true", help="print JSON instead of text")
        command.set_defaults(run=lister)
    return parser


def _estimate(options: argparse.Namespace) -> None:
    given = {name: value for name in FIELDS if (value := getattr(options, name)) is not None}
    given = {**_from_preset(options, given), **_from_config(options.config), **given}
    if options.input is not None:
        if options.json:
            raise _FileError("--json goes without --input, whose output is CSV")
        if options.open is not None:
            raise _FileError("--open goes without --input")
        _estimate_file(options, given)
        return
    if options.output is not None:
        raise _FileError("--output goes with --input")
    found = _past_runs(options)
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
        print(_json(objects[0] if len(objects) == 1 else {"estimates": objects}))
        return
    shown = [(f"{name}\n" if name else "") + as_text(result) for name, result in results]
    print("\n".join(["\n\n".join(shown), *(f"Note: {note}" for note in said)]))


def _with_notes(found: dict[str, Any], said: Sequence[str]) -> dict[str, Any]:
    """An estimate's JSON with what was taken for what in the texts that it was asked with."""
    return {**found, "notes": [*found["notes"], *({"code": "read_as", "text": note} for note in said)]}


def _opened(name: str, given: Mapping[str, str]) -> list[tuple[str, Scenario]]:
    """The scenarios of a saved JSON file, changed by the options that were given."""
    try:
        with Path(name).open("rb") as file:
            saved = from_json(file.read(MOST_SAVED_BYTES + 1))
    except OSError as error:
        raise _FileError(f"--open {name} cannot be read: {error.strerror}") from None
    return [(called, scenario.replace(**given) if given else scenario) for called, scenario in saved]


def _from_preset(options: argparse.Namespace, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a preset, less what another way of giving the compute replaces."""
    if options.preset is None:
        return {}
    if options.input is not None or options.open is not None:
        raise _FileError("--preset goes without --input and --open")
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
    try:
        with Path(name).open("rb") as file:
            found = model_config.read(file.read(model_config.MOST_BYTES + 1))
    except OSError as error:
        raise _FileError(f"--config {name} cannot be read: {error.strerror}") from None
    print(f"oce: --config, {found.sentence}", file=sys.stderr)
    return dict(found.fields)


def _json(content: Any) -> str:
    """JSON as the output can show it: characters that it lacks are escaped."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    return json.dumps(content, indent=2, ensure_ascii=plain)


def _past_runs(options: argparse.Namespace) -> PastRuns | None:
    """The past runs of --runs; what cannot be used of them is said, the rest is used."""
    if options.runs is None:
        if options.runs_training_flop is not None:
            raise _FileError("--runs-training-flop goes with --runs")
        if options.runs_confirmed:
            raise _FileError("--runs-confirmed goes with --runs")
        return None
    stated = options.runs_training_flop
    try:
        flop = None if stated is None else read_number("training_flop", stated).value
        with Path(options.runs).open("rb") as file:
            found = prior_runs.read(file.read(prior_runs.MOST_BYTES + 1), flop, options.runs_confirmed)
    except OSError as error:
        raise _FileError(f"--runs {options.runs} cannot be read: {error.strerror}") from None
    except NotReadError as error:
        raise _FileError(f"--runs-training-flop: {stated} is not {number_wanted('training_flop', error)}") from None
    for line in (*found.notes, *found.problems):
        print(f"oce: --runs, {line}", file=sys.stderr)
    if not found.used:
        raise _FileError(f"--runs {options.runs}: none of its runs can be used")
    return found


def _narrowed(runs: int, without: float, within: float) -> str:
    """How much past runs narrowed the interval."""
    used = f"{runs} past run{'' if runs == 1 else 's'} used"
    return f"{used}: the interval is x{within:.3g} wide, without them x{without:.3g}"


def _measured(found: PastRuns, options: argparse.Namespace) -> str:
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
    for one in result.assumptions:
        value = one.value if isinstance(one.value, str) else f"{one.value:.4g}"
        year = f", {one.year}" if one.year else ""
        lines.append(f"  {one.field} = {value} {one.unit}".rstrip() + f"  [{one.source}{year}]")
    lines += [f"Note: {note.text}" for note in result.notes]
    return "\n".join(lines)


# --- a file of scenarios ---


def _compare(options: argparse.Namespace) -> None:
    """Scenarios side by side; every row must be fine, as the ratio to one that is not would be missing."""
    table = _read_table(options.input, any_columns=False)
    found = scenario_rows.read(table, {}, ("name",))
    _say(found.of_table)
    names_at = next((at for at, name in enumerate(table.header) if name.casefold() == "name"), None)
    named: list[tuple[str, Estimate]] = []
    for number, line in enumerate(table.rows):
        cells = "" if names_at is None or names_at >= len(line) else line[names_at].strip()
        name = cells or f"row {number + 1}"
        if any(cell.strip() for cell in line[len(table.header) :]):
            raise _FileError(f"{name}: {_too_long(line, table.header).removeprefix('the row has ')}")
        if number in found.conflicts:
            raise _FileError(f"{name}: {found.conflicts[number]}")
        _say(f"{name}: {note}" for note in found.notes.get(number, ()))
        try:
            fields = {field: texts[number] for field, texts in found.cells.items() if texts[number]}
            named.append((name, estimate(Scenario(**fields))))
        except InputError as error:
            raise _FileError(f"{name}: {error}") from None
    if options.sum:
        if options.baseline:
            raise _FileError("--baseline goes without --sum")
        print(_json(sum_json(named)) if options.json else sum_text(named))
        return
    show = comparison_json(named, options.baseline) if options.json else comparison_text(named, options.baseline)
    print(_json(show) if options.json else show)


def _estimate_file(options: argparse.Namespace, for_every_row: Mapping[str, str]) -> None:
    table = _read_table(options.input, any_columns=bool(for_every_row))
    header, width = list(table.header), len(table.header)
    of_output = {*OUTPUT_COLUMNS, *COST_COLUMNS, READ_AS} - {"training_flop"}
    found = scenario_rows.read(table, for_every_row, tuple(of_output))
    _say([*found.of_table, *scenario_rows.notes_of(for_every_row)])
    rows = [(line + [""] * width)[:width] for line in table.rows]
    empty: dict[str, list[Any]] = {name: [""] * len(rows) for name in OUTPUT_COLUMNS}
    own = _past_runs(options)
    past = None if own is None else own.for_calibration()
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
            refused[number] = _too_long(line, header)
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
            raise _FileError(f"--output {options.output} cannot be written: {error.strerror}") from None
    bad = sum(1 for message in results["error"] if message)
    if bad == len(rows):
        raise _FileError(
            f"--input {options.input}: none of its {len(rows)} rows could be estimated; see the column error"
            if rows
            else f"--input {options.input} has no rows"
        )
    if bad:
        print(f"oce: {bad} of {len(rows)} rows could not be estimated; see the column error", file=sys.stderr)


def _too_long(line: Sequence[str], header: Sequence[str]) -> str:
    return (
        f"the row has {len(line)} cells where the first line names {len(header)} columns: "
        "is there a decimal comma, or a comma in a text without quotes?"
    )


def _say(notes: Iterable[str]) -> None:
    """What was taken for what, a line each."""
    for note in notes:
        print(f"oce: {note}", file=sys.stderr)


def _read_table(name: str, any_columns: bool) -> Table:
    """The table of a file or of standard input."""
    try:
        content = sys.stdin.buffer.read() if name == "-" and isinstance(sys.stdin, TextIOWrapper) else None
        if name == "-" and content is None:  # a stream of text, as tests and notebooks put there
            content = sys.stdin.read().encode()
        content = Path(name).read_bytes() if content is None else content
        table = table_file.read(content, lambda column: columns.field_of(column) is not None, None, any_columns)
    except OSError as error:
        raise _FileError(f"--input {name} cannot be read: {error.strerror}") from None
    except table_file.TableError as error:
        raise _FileError(f"--input {name} {error}") from None
    twice = [column for column in table_file.twice(table.header) if column in FIELDS]
    if twice:
        raise _FileError(f"--input {name} has the column {twice[0]} more than once")
    return table


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if math.isnan(value) else repr(float(value))


def _write(lines: Iterable[Sequence[str]], file: TextIO) -> None:
    csv.writer(file, lineterminator="\n").writerows(lines)


# --- the calibration ---


def _calibrate(options: argparse.Namespace) -> None:
    documents = {evidence.CALIBRATION: evidence.calibration_document()}
    if options.baselines:
        documents[evidence.BASELINES] = evidence.baselines_document()
    for name, document in documents.items():
        try:
            evidence.write(name, document)
            data_package.record([name])
        except OSError as error:
            raise _FileError(f"data/{name} cannot be written: {error.strerror}") from None
    held = documents[evidence.CALIBRATION]["calibration"]
    print(f"{held['runs']} runs of {held['organisations']} organisations, each predicted without its organisation\n")
    print(f"{'':<30} runs  error  in x1.5  in x2   bias   50 %         80 %         95 %  held (median width)", end="")
    print("   80 % by organisation")
    for one in (scoring.from_json(item) for name in documents for item in documents[name][SCORES[name]]):
        score = one.score
        intervals = "  ".join(
            f"{score.coverage[p]:4.0%} (x{score.median_width[p]:.3g})".ljust(11) for p in scoring.LEVELS
        )
        print(
            f"{one.name:<30} {score.runs:4d}  {score.median_error:5.1%}  {score.within_1_5:7.0%}  "
            f"{score.within_2:5.0%}  {score.bias:+5.2f}   {intervals}          "
            f"{score.organisation_coverage[0.8]:.0%} ± {score.organisation_coverage_error[0.8]:.0%}"
        )
    print("\nDevice against device: measured ratios, each predicted without its source")
    for title, rows in device_evidence.groups(device_evidence.checked()).items():
        found = device_evidence.score(rows)
        print(
            f"{title:<44} {found.contrasts:4d} of {found.sources} sources   rms ln error {found.rms_error:.3f}   "
            f"80 % intervals hold {found.held:.0%}"
        )


# --- what can be named ---


def _devices(options: argparse.Namespace) -> None:
    def alpha(one: catalog.Device) -> str:
        return f"{one.log10_alpha_low:.4g} … {one.log10_alpha_high:.4g}" if one.has_alpha else "-"

    _list(
        options,
        ("id", "name", "year", "TDP W", "peak TFLOP/s", "log10 alpha"),
        [
            (
                one.id,
                one.name,
                str(one.year or "-"),
                f"{one.tdp_w:g}" if one.tdp_w else "-",
                f"{one.peak_tflops[one.training_precision]:g} {one.training_precision}",
                alpha(one),
            )
            for one in catalog.devices()
        ],
        catalog.devices(),
    )


def _regions(options: argparse.Namespace) -> None:
    _list(
        options,
        ("id", "name", "kind", "g CO2e/kWh", "year", "basis"),
        [
            (one.id, one.name, one.kind, f"{one.g_per_kwh:.4g}", str(one.year or "-"), one.basis)
            for one in catalog.regions()
        ],
        catalog.regions(),
    )


def _models(options: argparse.Namespace) -> None:
    def size(one: catalog.Model, name: str) -> str:
        value = one.fields.get(name)
        return units.compact(float(value)) if value is not None else "-"

    _list(
        options,
        ("id", "name", "year", "training", "parameters", "tokens", "device", "count", "region"),
        [
            (
                one.id,
                one.name,
                "example" if one.is_example else str(one.year),
                str(one.fields.get("training", DEFAULTS["training"])),
                size(one, "parameters"),
                size(one, "tokens"),
                str(one.fields["device"]),
                size(one, "device_count"),
                str(one.fields["region"]),
            )
            for one in catalog.models()
        ],
        catalog.models(),
    )


def _list(
    options: argparse.Namespace, header: Sequence[str], rows: Sequence[Sequence[str]], items: Sequence[Any]
) -> None:
    if options.json:
        print(_json([listed(item) for item in items]))
        return
    widths = [max(len(row[at]) for row in (header, *rows)) for at in range(len(header))]
    for row in (header, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
