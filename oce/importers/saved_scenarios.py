"""Scenarios of a JSON file that was saved here: what :func:`oce.exports.to_json` wrote."""

import json
from collections.abc import Mapping

from oce.errors import InputError, Problem
from oce.fields import FIELDS
from oce.scenario import Scenario

MOST_BYTES = 2_000_000  # of a file that is opened again
MOST_SCENARIOS = 100
MOST_FIELDS = 2 * len(FIELDS)  # of one scenario: more are none of ours, and each would be named
WANTED = "a JSON file saved here, with a scenario in it"


def read(content: bytes) -> list[tuple[str, Scenario]]:
    """The scenarios of a JSON file that :func:`oce.exports.to_json` wrote, with their names; its figures are not read.

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
    return [(_name(saved, number), _scenario(saved, number)) for number, saved in enumerate(objects, 1)]


def _name(found: object, number: int) -> str:
    name = found.get("name") if isinstance(found, Mapping) else None
    return name[:60] if isinstance(name, str) and name.strip() else f"Scenario {number}"


def _scenario(found: object, number: int) -> Scenario:
    fields = found.get("scenario") if isinstance(found, Mapping) else None
    if not isinstance(fields, Mapping) or not 0 < len(fields) <= MOST_FIELDS:
        raise InputError([Problem(f"estimate {number}", None, WANTED)])
    return Scenario(**{str(name): value for name, value in fields.items()})
