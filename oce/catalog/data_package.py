"""``data/datapackage.json``: what every file of ``data/`` is, in Frictionless Data Package terms, and its digest.

The version in ``data/VERSION`` stands for the files whose digests the description records: a file that was cut or
changed is named when a server starts. ``python -m tools.data_digest`` records them anew.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from oce.catalog import reader
from oce.catalog.caches import cached
from oce.catalog.reader import DataError

FILE = "datapackage.json"
_SHA_256 = "sha256:"


@cached
def data_version() -> str:
    """The version of the data, as written in ``data/VERSION``."""
    version = reader.text_file("VERSION").strip()
    if not re.fullmatch(r"\d{4}\.\d{2}(\.\d+)?", version):
        raise DataError(f"data/VERSION, line 1: “{version[:40]}” is no version such as 2026.11")
    return version


@cached
def data_year() -> int:
    """The year of the data: that of a training whose year is not given, as a plan is for now."""
    return int(data_version()[:4])


@cached
def resources() -> tuple[Mapping[str, Any], ...]:
    """The description of every file of ``data/``, in the order of ``data/datapackage.json``."""
    return reader.from_json_file(FILE, lambda package: tuple(package["resources"]))


def unlike_its_version() -> str:
    """The first file that is not the file of this version of the data, in words; empty where all are.

    Raises:
        DataError: Where a file is missing, or the description is damaged.
    """
    recorded = reader.from_json_file(FILE, lambda package: str(package["version"]))
    if recorded != data_version():
        return f"data/VERSION is {data_version()}, but the digests in data/{FILE} are those of {recorded}"
    for resource in resources():
        path = str(resource["path"])
        content = reader.content(path)
        if hash_of(content) != resource["hash"]:
            found = digest(content, path)
            if found.get("rows") != resource.get("rows"):
                return f"data/{path} has {found['rows']} rows, not the {resource['rows']} of version {recorded}"
            return f"data/{path} is not the file of version {recorded}: its SHA-256 differs"
    return ""


def hash_of(content: bytes) -> str:
    """The SHA-256 of a file, as the description has it."""
    return _SHA_256 + hashlib.sha256(content).hexdigest()


def digest(content: bytes, path: str) -> dict[str, Any]:
    """What is recorded of a file: its SHA-256, its size and, of a table, the number of its rows."""
    found: dict[str, Any] = {"bytes": len(content), "hash": hash_of(content)}
    if path.endswith(".csv"):
        lines = csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline=""))
        found["rows"] = max(sum(1 for cells in lines if cells) - 1, 0)
    return found


def record(paths: Iterable[str] | None = None) -> None:
    """Writes the digests of files, as they are now, into the description; for ``None`` of all, with the version."""
    package = reader.json_file(FILE)
    chosen = None if paths is None else set(paths)
    for resource in package["resources"]:
        if chosen is None or resource["path"] in chosen:
            resource.update(digest(reader.content(resource["path"]), resource["path"]))
    if chosen is None:
        package["version"] = reader.text_file("VERSION").strip()
    Path(str(reader.data_folder() / FILE)).write_text(as_text(package), encoding="utf-8", newline="\n")


def as_text(package: Mapping[str, Any]) -> str:
    """The description as it is written: an object or list of plain values a line."""
    text = json.dumps(package, indent=1, ensure_ascii=False)
    plain = re.compile(r"([{\[])\n\s+([^{}\[\]]*?)\n\s+([}\]])")
    return plain.sub(lambda found: found[1] + re.sub(r"\n\s+", " ", found[2]) + found[3], text) + "\n"
