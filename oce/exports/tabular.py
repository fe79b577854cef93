"""An estimate as JSON and CSV, and JSON back to scenarios."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

from oce.errors import InputError, Problem
from oce.estimation import COST_COLUMNS, FIGURES, Named
from oce.fields import FIELDS
from oce.interval import BOUNDS
from oce.scenario import Scenario
from oce.version import METHOD_VERSION

MOST_BYTES = 2_000_000  # of a file that is opened again
MOST_SCENARIOS = 100
MOST_FIELDS = 2 * len(FIELDS)  # of one scenario: more are none of ours, and each would be named
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take a text for
WANTED = "a JSON file saved here, with a scenario in it"


def to_json(named: Named) -> str:
    """One estimate as a JSON object, several as an object with a list of them; each with its name."""
    objects = [{"name": name, **one.to_dict()} for name, one in named]
    content = objects[0] if len(objects) == 1 else {"estimates": objects}
    return json.dumps(content, indent=2, ensure_ascii=False)


def from_json(content: bytes) -> list[tuple[str, Scenario]]:
    """The scenarios of a JSON file that :func:`to_json` wrote, with their names.

    Args:
        content: Of the file. The figures in it are not read: they are worked out anew.

    Returns:
        Name and scenario, at most :data:`MOST_SCENARIOS` of them.

    Raises:
        InputError: Where it is no such file, or a field in it cannot be used.
    """
    if len(content) > MOST_BYTES:
        raise InputError([Problem("file", f"{len(content):,} bytes", f"at most {MOST_BYTES:,} bytes")])
    try:
        found = json.loads(content.decode("utf-8-sig"))
        json.dumps(found, ensure_ascii=False).encode()  # fails on half a character, which nothing could show
    except (ValueError, RecursionError):
        raise InputError([Problem("file", None, f"{WANTED}; this is no JSON")]) from None
    objects = found.get("estimates", [found]) if isinstance(found, dict) else found
    if not isinstance(objects, list) or not 0 < len(objects) <= MOST_SCENARIOS:
        raise InputError([Problem("file", None, f"{WANTED}, at most {MOST_SCENARIOS} of them")])
    return [(_name(one, number), _scenario(one, number)) for number, one in enumerate(objects, 1)]


def to_csv(named: Named) -> str:
    """A row an estimate: its name, the fields that were given, and the figures under the names of the command line."""
    given = [name for name in FIELDS if any(getattr(one.scenario, name) is not None for _, one in named)]
    given = [name for name in given if name != "training_flop"]
    figures = [f"{name}_{end}" for name in FIGURES for end in BOUNDS]
    figures += COST_COLUMNS if any(one.cost is not None for _, one in named) else ()
    said = ["level", "method", "method_version", "data_version"]
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["name", *given, "training_flop", *figures, *(name for name in said if name not in given)])
    for name, one in named:
        values = [bound for figure in FIGURES for bound in getattr(one, figure)]
        if COST_COLUMNS[0] in figures:
            values += ["", "", ""] if one.cost is None else [*one.cost]
        about = {
            "level": "" if one.level is None else one.level,
            "method": one.method,
            "method_version": METHOD_VERSION,
            "data_version": one.data_version,
        }
        writer.writerow(
            [
                _plain(name),
                *("" if (value := getattr(one.scenario, field)) is None else value for field in given),
                one.training_flop.central,
                *values,
                *(about[column] for column in said if column not in given),
            ]
        )
    return lines.getvalue()


def _name(found: object, number: int) -> str:
    name = found.get("name") if isinstance(found, Mapping) else None
    return name[:60] if isinstance(name, str) and name.strip() else f"Scenario {number}"


def _scenario(found: object, number: int) -> Scenario:
    fields = found.get("scenario") if isinstance(found, Mapping) else None
    if not isinstance(fields, Mapping) or not 0 < len(fields) <= MOST_FIELDS:
        raise InputError([Problem(f"estimate {number}", None, WANTED)])
    return Scenario(**{str(name): value for name, value in fields.items()})


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
