"""``make fuzz``: the same texts through every door by which a scenario comes in, and what each door makes of them.

A door gives one of three: the total in kg (the text was used), the fields that it names as wrong, or what it raised.
Doors must agree, none may raise what is no message, and a value that is used must be within what its field takes.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oce import InputError, Scenario, estimate, estimate_many
from oce.cli import main
from oce.errors import Problem
from oce.fields import DEFAULTS, FIELDS, NUMBER_FIELDS
from oce.importers import saved_scenarios
from pages.session import compared_scenarios, link

SEED = 20261126
BASE = {"parameters": "7e9", "tokens": "2e12", "device": "a100-sxm-80gb", "device_count": "64", "region": "FRA"}
TABLE = "| what came in | how many | raised what is no message | in silence, or doors disagree |\n|---|---|---|---|"
SAME = 1e-12  # relative; two doors that read the same number agree this well
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What a door made of a scenario: its total in kg, or the fields it named as wrong, or what it raised."""

    total: float | None = None
    refused: frozenset[str] = frozenset()
    raised: str = ""

    def agrees(self, other: Outcome) -> bool:
        """Whether both doors used the same values, or both refused."""
        if self.total is None or other.total is None:
            return bool(self.refused) == bool(other.refused) and self.raised == other.raised
        return abs(self.total - other.total) <= SAME * max(self.total, other.total)

    def __str__(self) -> str:
        """For a table of what differs."""
        if self.total is not None:
            return f"{self.total:.15g} kg"
        return self.raised or f"refused: {', '.join(sorted(self.refused))}"


def outcome(door: Callable[[Texts], float], texts: Texts) -> Outcome:
    """What a door makes of these fields."""
    try:
        total = door(texts)
    except InputError as error:
        return Outcome(refused=frozenset(problem.field for problem in error.problems))
    except Exception as error:
        return Outcome(raised=f"{type(error).__name__}: {error}"[:120])
    return Outcome(total=total)


# --- the doors ---


class RefusedError(InputError):
    """What a door without exceptions refused, by what it wrote."""

    def __init__(self, text: str) -> None:
        super().__init__([Problem(text.partition(":")[0].removeprefix("oce").strip() or "input", None, text)])


def python(texts: Texts) -> float:
    """``Scenario(**texts)``."""
    return estimate(Scenario(**texts)).total_co2e_kg.central


def address(texts: Texts) -> float:
    """The link of the app, with what the first scenario has and this one has not emptied."""
    first = {
        name: "" if name == "device_count" else str(DEFAULTS.get(name, "")) for name in link.fields_of(link.FIRST_MODEL)
    }
    fields, problems = link.from_parameters(first | dict(texts))
    if problems:
        raise InputError(problems)
    return estimate(Scenario(**fields)).total_co2e_kg.central


def compared(texts: Texts) -> float:
    """A scenario of Compare, changed field by field."""
    entry = compared_scenarios.Entry()
    for name, text in texts.items():
        entry = compared_scenarios.changed(entry, name, text)
    return estimate(entry.scenario({})).total_co2e_kg.central


def saved(texts: Texts) -> float:
    """A saved JSON file."""
    [(_, scenario)] = saved_scenarios.read(json.dumps({"scenario": dict(texts)}).encode())
    return estimate(scenario).total_co2e_kg.central


def columns(texts: Texts) -> float:
    """``estimate_many`` with a list a field."""
    return _first(estimate_many({name: [text] for name, text in texts.items()}))


def objects(texts: Texts) -> float:
    """``estimate_many`` with arrays of objects, as pandas has them."""
    return _first(estimate_many({name: np.array([text], dtype=object) for name, text in texts.items()}))


def command(texts: Texts) -> float:
    """``oce estimate`` with an option a field."""
    options = [f"--{name.replace('_', '-')}={text}" for name, text in texts.items()]
    found = json.loads(_printed(["estimate", "--json", *options]))
    return float(found["total_co2e_kg"]["central"])


def table(texts: Texts) -> float:
    """``oce estimate --input`` with a row of a CSV file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenarios.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([list(texts), list(texts.values())])
        [row] = csv.DictReader(io.StringIO(_printed(["estimate", "--input", str(path)])))
    if row["error"]:
        raise RefusedError(row["error"])
    return float(row["total_co2e_kg_central"])


def _first(found: Mapping[str, Sequence[object]]) -> float:
    if found["error"][0]:
        raise RefusedError(str(found["error"][0]))
    return float(found["total_co2e_kg_central"][0])  # type: ignore[arg-type]


def _printed(arguments: list[str]) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(arguments)
        except SystemExit as stop:  # argparse
            code = int(stop.code or 0)
    if code:
        raise RefusedError(err.getvalue())
    return out.getvalue()


DOORS: Mapping[str, Callable[[Texts], float]] = {
    "Python": python,
    "link": address,
    "Compare": compared,
    "saved file": saved,
    "estimate_many": columns,
    "arrays of objects": objects,
    "command line": command,
    "CSV": table,
}


# --- what comes in ---

NUMBERS: tuple[str, ...] = (
    *(
        "1",
        "0",
        "-1",
        "1.5",
        "70B",
        "70e9",
        "70 B",
        "1e3",
        "1E3",
        "1_000",
        "1,5",
        "1.500",
        "1,000,000",
        "12 %",
        "0.7kW",
    ),
    *(
        "700 W",
        "400 g/kWh",
        "0,4 kg/kWh",
        "15 T",
        "64.0",
        "64.5",
        "1e999",
        "-0",
        "+5",
        "0x10",
        "1e-400",
        "٣",
        "１２",
        "²",
    ),
    *("nan", "NaN", "None", "<NA>", "NaT", "null", "n/a", "NA", "-", "?", "inf", "-inf", "Infinity", "true", "False"),
    *("", " ", "\t7e9", "7e9\x00", "\x007e9", "7e9\u200b", "1+0j", "[1]", "{}", "1;2", "a", "H100", "9" * 400, "1\n2"),
)
NAMES: tuple[str, ...] = (
    *("H100", "h100 sxm", "A100", "TPU v4", "8x A100", "H2000", "USA", "france", "FRA", "XX", "us-east-1", "Virginia"),
    *(
        "",
        " ",
        "nan",
        "None",
        "NA",
        "<NA>",
        "null",
        "-",
        "?",
        "bf16",
        "BF16",
        "torch.bfloat16",
        "fp99",
        "full",
        "PAPER",
    ),
    *(
        "calibrated",
        "encoder",
        "EUR",
        "€",
        "=1+1",
        "<script>",
        "a\x00",
        "\x00",
        "x" * 300,
        "\u202e",
        "＝1",
        "decoder\n",
    ),
)
LETTERS = "0123456789eE.,+-_ %kMBTWh/\x00\u00a0٣x²naN"


def inputs(count: int, seed: int = SEED) -> Iterator[dict[str, str]]:
    """Scenarios with one or two fields that somebody or something wrote; the same for the same seed."""
    chosen = random.Random(seed)
    for _ in range(count):
        texts = dict(BASE)
        for name in chosen.sample(sorted(FIELDS), chosen.choice((1, 1, 2))):
            known = NUMBERS if name in NUMBER_FIELDS else NAMES
            known = tuple(text for text in known if (name, text) != ("region", "NA"))  # Namibia, but missing in a file
            made = "".join(chosen.choices(LETTERS, k=chosen.randint(1, 8)))
            texts[name] = chosen.choice((*known, *known, made)) if chosen.random() < 0.9 else made
        yield texts


def differences(texts: Texts) -> tuple[dict[str, Outcome], str]:
    """What each door makes of a scenario, and what is wrong with that: empty where nothing is."""
    found = {name: outcome(door, texts) for name, door in DOORS.items()}
    raised = [name for name, one in found.items() if one.raised]
    if raised:
        return found, "raised"
    first = found["Python"]
    return found, "" if all(first.agrees(other) for other in found.values()) else "disagree"


def run() -> int:
    """Prints what differs, and how much was tried; 1 where something does."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    wrong: Counter[str] = Counter()
    used = 0
    for texts in inputs(options.count, options.seed):
        found, what = differences(texts)
        used += found["Python"].total is not None
        if what:
            wrong[what] += 1
            if sum(wrong.values()) <= 40:
                changed = {name: text[:40] for name, text in texts.items() if BASE.get(name) != text}
                print(f"{what}: {changed!r}")
                for name, made in found.items():
                    print(f"    {name:<18} {made}")
    what = f"scenarios through {len(DOORS)} doors: {used:,} used, {options.count - used:,} refused"
    print(f"{TABLE}\n| {what} | {options.count:,} | {wrong['raised']} | {wrong['disagree']} |")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(run())
