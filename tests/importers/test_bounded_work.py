"""What a visitor sends is bounded in columns, rows, cells and bytes before work is done on it: no file takes long."""

import contextlib
import csv
import io
import json
import time
import tracemalloc
from functools import cache
from itertools import chain

import pytest

from oce.errors import InputError
from oce.importers import model_config, prior_runs, saved_scenarios
from tests.support.rules import for_every

HEAD = b"device,device_hours,training_flop"
WIDE = ",".join(f"c{number}" for number in range(100_000)).encode() + b"\n1,2\n"
LIKE_OURS = HEAD + b"," + ",".join(f"devicee_{number}" for number in range(1_900)).encode()
UNKNOWN = [b"Q%d xyz nothing %d,1000,1e21" % (number, number * 7919) for number in range(1_000)]


def _row(cell: bytes) -> bytes:
    return HEAD + b'\n"' + cell + b'",1000,1e21\n'


TABLES = {
    "100,000 columns": WIDE,
    "100,000 columns with the mark of UTF-8": b"\xef\xbb\xbf" + WIDE,
    "100,000 columns in UTF-16": WIDE.decode().encode("utf-16"),
    "100,000 columns of one name": b",".join([b"device"] * 100_000) + b"\nH100\n",
    "1,900 columns like ours": LIKE_OURS + b"\n" + (b"H100 SXM,1000,1e21" + b"," * 1_900 + b"\n") * 1_000,
    "a row of 4.9 million cells": HEAD + b"\nH100 SXM,1000,1e21" + b"," * 4_900_000,
    "1,000 unknown devices": HEAD + b"\n" + b"\n".join(UNKNOWN),
    "1,000 long unknown devices": HEAD
    + b"\n"
    + b"\n".join((b"Q%d " % number) * 1_000 + b",1,1e21" for number in range(1_000)),
    "a device of 130,000 digits": _row(b"1" * 130_000),
    "a device of 43,000 wide digits": _row("１".encode() * 43_000),
    "a device in 130,000 brackets": _row(b"(" * 130_000),
    "hours of 130,000 digits": HEAD + b"\nH100 SXM," + b"9" * 130_000 + b",1e21\n",
    "one cell of 4.9 MB": HEAD + b"\nH100 SXM," + b"1" * 4_900_000 + b",1e21\n",
    "an open quote": HEAD + b'\n"' + b"x" * 4_900_000,
    "4.9 million blank lines": HEAD + b"\n" * 4_900_000,
    "2.4 million rows": HEAD + b"\n" + b"1\n" * 2_400_000,
    "a separator of its own": b"sep=a\n" + b"a" * 4_900_000,
    "a spreadsheet": b"PK\x03\x04" + bytes(4_999_000),
    "a spreadsheet that looks like text": b"PK\x03\x04 device,device_hours\n" * 150_000,
    "a sentence without an end": b"cumulative of 1 hours of computation was performed on hardware of type " * 60_000,
}
JSONS = {
    "brackets": b"[" * 1_900_000,
    "brackets that close": b"[" * 900_000 + b"]" * 900_000,
    "objects in objects": b'{"a":' * 300_000,
    "900,000 numbers": b"[" + b"1," * 900_000 + b"1]",
    "a number of 1.9 million digits": b'{"scenario":{"tokens":' + b"9" * 1_900_000 + b"}}",
    "100 scenarios of unknown fields": json.dumps(
        {"estimates": [{"scenario": {f"device{one}_{two}": "x" for two in range(60)}} for one in range(100)]}
    ).encode(),
    "a name of 1.9 MB": json.dumps({"scenario": {"device": "x" * 1_900_000}}).encode(),
}
PLAIN = ("1," * 100 + "\n") * 24_000  # 4.8 MB, of 2.4 million cells
TRIES = 3  # as a collection of what other tests left may come between
MOST_TIMES = 8  # what csv takes for that, 0.6 s where nothing else runs; most take a tenth of it
MOST_MEMORY = 40e6  # bytes, for a file of 4.9 MB: its text, and its text by lines


def _seconds(read, content) -> float:
    start = time.process_time()
    with contextlib.suppress(InputError):
        read(content)
    return time.process_time() - start


@cache
def _plain_seconds() -> float:
    """What csv takes for a plain file as large as any is read."""
    return min(
        _seconds(lambda text: len([*chain.from_iterable(csv.reader(io.StringIO(text)))]), PLAIN) for _ in range(3)
    )


def _is_quick(read, content, times=MOST_TIMES) -> bool:
    return any(_seconds(read, content) < times * _plain_seconds() for _ in range(TRIES))


@for_every("name", list(TABLES))
def test_a_table_of_past_runs_takes_no_time_whatever_is_in_it(name):
    prior_runs.read(HEAD + b"\nH100 SXM,1000,1e21\n")  # what is loaded once
    assert _is_quick(prior_runs.read, TABLES[name])


def test_100_000_columns_are_refused_in_less_than_a_plain_file_takes():
    assert _is_quick(prior_runs.read, WIDE, times=1)


def test_a_row_of_millions_of_cells_is_refused_before_it_is_split():
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="4,900,003 cells in line 2: at most 20,000 are read"):
            prior_runs.read(TABLES["a row of 4.9 million cells"])
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


@for_every("name", list(JSONS))
def test_a_json_file_takes_no_time_whatever_is_in_it(name):
    for read in (saved_scenarios.read, model_config.read):
        assert _is_quick(read, JSONS[name])


def test_a_row_with_a_cell_that_is_too_long_is_named_and_the_others_are_used():
    found = prior_runs.read(_row(b"1" * 130_000) + b"H100 SXM,1000,1e21\n")
    assert len(found.used) + len(found.questioned) == 1
    assert "row 2: device" in found.problems[0]
    assert "at most 1,000 characters" in found.problems[0]


def test_of_many_unknown_devices_the_first_are_told_the_nearest_names():
    found = prior_runs.read(HEAD + b"\n" + b"\n".join(b"H1%d,1000,1e21" % number for number in range(100, 300)))
    assert len(found.problems) == 200
    assert "nearest: " in found.problems[0]
    assert "nearest: " not in found.problems[-1]
