"""Estimates for machines: as JSON, which :mod:`oce.importers.saved_scenarios` reads back, and as CSV."""

import csv
import io
import json

from oce.estimation import COST_COLUMNS, FIGURES, Named
from oce.fields import FIELDS
from oce.interval import BOUNDS
from oce.version import METHOD_VERSION

FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # what a spreadsheet would take a text for a formula by; East Asian forms too


def to_json(named: Named) -> str:
    """One estimate as a JSON object, several as an object with a list of them; each with its name."""
    objects = [{"name": name, **result.to_dict()} for name, result in named]
    content = objects[0] if len(objects) == 1 else {"estimates": objects}
    return json.dumps(content, indent=2, ensure_ascii=False)


def to_csv(named: Named) -> str:
    """A row an estimate: its name, the fields that were given, and the figures under the names of the command line."""
    given = [name for name in FIELDS if any(getattr(result.scenario, name) is not None for _, result in named)]
    given = [name for name in given if name != "training_flop"]
    figures = [f"{name}_{end}" for name in FIGURES for end in BOUNDS]
    figures += COST_COLUMNS if any(result.cost is not None for _, result in named) else ()
    said = ["level", "method", "method_version", "data_version"]
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["name", *given, "training_flop", *figures, *(name for name in said if name not in given)])
    for name, result in named:
        values = [bound for figure in FIGURES for bound in getattr(result, figure)]
        if COST_COLUMNS[0] in figures:
            values += ["", "", ""] if result.cost is None else [*result.cost]
        about = {
            "level": "" if result.level is None else result.level,
            "method": result.method,
            "method_version": METHOD_VERSION,
            "data_version": result.data_version,
        }
        writer.writerow(
            [
                _plain(name),
                *("" if (value := getattr(result.scenario, field)) is None else value for field in given),
                result.training_flop.central,
                *values,
                *(about[column] for column in said if column not in given),
            ]
        )
    return lines.getvalue()


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \0").startswith(FORMULA) else text
