"""The version of ``data/``."""

from __future__ import annotations

import re

from oce.catalog import reader
from oce.catalog.caches import cached
from oce.catalog.reader import DataError


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
