"""The command line: ``python -m oce estimate | compare | devices | regions | models | calibrate``."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import Any, NoReturn

from oce.catalog import data_package, reader
from oce.commands import calibrate, compare, estimate, listings
from oce.commands.terminal import FileError
from oce.errors import InputError, MissingExtraError
from oce.fields import DEFAULTS, FIELDS
from oce.parsing import parse_number
from oce.version import VERSION


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
        if options.command != "calibrate" and data_package.unlike_its_version():  # that is run to bring it up to date
            from oce import data_check  # which says in which line, and raises

            data_check.read_everything()
        options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough, as with `| head`
        _drop_output()
    except OSError as error:
        _drop_output()
        print(f"oce: the output cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    except (InputError, reader.DataError, MissingExtraError, FileError) as error:
        print(f"oce: {error}", file=sys.stderr)
        return 2
    return 0


def _drop_output() -> None:
    """Leaves nothing for Python to write, and to complain about, when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._negative_number_matcher = re.compile(r"^-\.?\d")  # -1e1 is a value, not an option

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"oce: {' '.join(message.split())}\n")


def _limit(text: str) -> float:
    """A limit, above 0."""
    with suppress(ValueError):
        value = parse_number(text)
        if value > 0.0:
            return value
    raise argparse.ArgumentTypeError(f"“{text}” is not a number above 0")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m oce", description=(__doc__ or "").splitlines()[0], allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"oce {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    scenario = commands.add_parser(
        "estimate",
        help="carbon, energy and time of one scenario, or of every row of a CSV file",
        allow_abbrev=False,
    )
    _add_estimate_options(scenario)
    scenario.set_defaults(run=estimate.run)
    against = commands.add_parser(
        "compare",
        help="scenarios of a CSV file side by side: how many times the carbon, energy and time of a baseline, and why",
        allow_abbrev=False,
    )
    against.add_argument("--input", metavar="FILE", required=True, help="CSV file, a scenario a row; - for stdin")
    against.add_argument("--baseline", metavar="NAME", default="", help="name of the row to compare with; the first")
    against.add_argument("--deadline-days", type=_limit, metavar="DAYS", help="when every run has to be done")
    against.add_argument(
        "--carbon-budget-t", type=_limit, metavar="TONNES", help="the most that each may emit [t CO2e]"
    )
    against.add_argument("--cost-budget", type=_limit, metavar="AMOUNT", help="the most that each may cost")
    against.add_argument("--sum", action="store_true", help="add the rows up, as the stages of one project")
    against.add_argument("--json", action="store_true", help="print JSON instead of text")
    against.set_defaults(run=compare.run)
    refit = commands.add_parser(
        "calibrate",
        help="refit data/calibration.json from the reported runs, and print how well it holds",
        allow_abbrev=False,
    )
    refit.add_argument("--baselines", action="store_true", help="score the other methods too (needs scikit-learn)")
    refit.set_defaults(run=calibrate.run)
    listers = {"devices": listings.devices, "regions": listings.regions, "models": listings.models}
    for name, lister in listers.items():
        command = commands.add_parser(name, help=f"the {name} that can be named", allow_abbrev=False)
        command.add_argument("--json", action="store_true", help="print JSON instead of text")
        command.set_defaults(run=lister)
    return parser


def _add_estimate_options(parser: argparse.ArgumentParser) -> None:
    for field in FIELDS.values():
        default = f"; default {DEFAULTS[field.name]}" if field.name in DEFAULTS else ""
        allowed = f" ({field.allowed}{default})" if field.choices or field.high < float("inf") else ""
        parser.add_argument(
            "--" + field.name.replace("_", "-"),
            metavar="VALUE",
            help=(field.meaning + allowed).replace("%", "%%"),
        )
    parser.add_argument(
        "--preset", metavar="NAME", help="a model of `oce models`: its fields, where no option gives them"
    )
    parser.add_argument(
        "--config", metavar="FILE", help="config.json of a Hugging Face model: its sizes, where no option gives them"
    )
    parser.add_argument("--runs", metavar="FILE", help="CSV file of your own past runs, or CodeCarbon's emissions.csv")
    parser.add_argument(
        "--runs-training-flop", metavar="VALUE", help="compute of each run in --runs that does not state it"
    )
    parser.add_argument(
        "--runs-confirmed", action="store_true", help="use runs too that are far faster or slower than any reported"
    )
    parser.add_argument(
        "--open", metavar="FILE", help="a JSON file that was saved here or in the app; options change it"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.add_argument(
        "--input", metavar="FILE", help="CSV file with the fields as columns (underscores); - for stdin"
    )
    parser.add_argument("--output", metavar="FILE", help="where the CSV with the estimates goes; stdout if not given")
