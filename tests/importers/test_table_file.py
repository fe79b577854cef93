"""Tables as people save them: encodings, separators, decimal signs, names of columns; and the work is bounded."""

import contextlib
import time

import pytest

from oce.importers import columns, table_file
from oce.importers.table_file import TableError
from tests.support.rules import for_every

ROWS = "parameters;tokens;device;region;pue\n7000000000;2000000000000;A100;France;1,2\n"


def read(content, **options):
    return table_file.read(content, lambda name: columns.field_of(name) is not None, **options)


@for_every("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@for_every("newline", ["\n", "\r\n", "\r"])
def test_a_table_is_the_same_in_every_encoding(encoding, newline):
    table = read(ROWS.replace("\n", newline).encode(encoding))
    assert (table.header[0], table.rows[0][4], table.decimal) == ("parameters", "1,2", ",")


def test_an_export_of_excel_in_the_west_is_read_and_it_is_told():
    table = read("region;pue\nQuébec;1,2\n".encode("cp1252"))
    assert table.rows[0][0] == "Québec"
    assert "Windows-1252" in " ".join(table.notes)


@pytest.mark.parametrize("separator", list(table_file.SEPARATORS))
@pytest.mark.parametrize("said", [False, True])
def test_every_separator_is_read_with_and_without_a_line_that_names_it(separator, said):
    text = f"sep={separator}\n" * said + f"region{separator}pue\nFRA{separator}1.4\n"
    table = read(text.encode())
    assert (table.header, table.rows) == (("region", "pue"), [["FRA", "1.4"]])
    assert (separator == ",") == (not table.notes)


def test_a_line_that_names_another_sign_goes_before_any_guess():
    assert read(b"sep=^\nregion^pue\nFRA^1.4\n").header == ("region", "pue")


def test_a_table_that_two_separators_would_cut_is_asked():
    with pytest.raises(TableError, match="commas or semicolons"):
        read(b"region,x;pue\nFRA,1;1.4\n")


@pytest.mark.parametrize(
    ("cells", "decimal"),
    [
        (["1,2", "1.000"], ","),
        (["1.2", "1,000"], "."),
        (["0,125"], ","),
        (["0.4125 kW"], "."),
        (["1.234,5"], ","),
        (["1.000"], ""),
        (["1.2", "1,2"], ""),  # both: each cell for itself
        (["7"], ""),
    ],
)
def test_the_decimal_sign_is_that_of_the_cells_that_can_have_one_reading_only(cells, decimal):
    content = "\n".join(["region;power_w", *(f"FRA;{cell}" for cell in cells)]).encode()
    assert read(content).decimal == decimal


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\x89PNG\r\n\x1a\n\x00", bytes(1000), b"PK\x03\x04\x00", b"a\x01b\n"]
)
def test_what_is_no_table_is_refused_in_one_line(content):
    with pytest.raises(TableError) as caught:
        read(content)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        ",".join(f"c{number}" for number in range(100_000)).encode() + b"\n1,2\n",
        (",".join(f"device{number}" for number in range(1_900)) + "\n").encode() + b"x\n" * 100,
        b"region" + b" " * 5_000_000 + b"\nFRA\n",
        b"region\n" + b"\n" * 2_000_000,
        b"region,pue\n" + b'"' * 1_000_000,
        b";" * 3_000_000,
    ],
    ids=["wide", "wide and like ours", "long name", "blank lines", "quotes", "separators"],
)
def test_the_work_on_a_table_is_bounded_before_it_is_done(content):
    start = time.process_time()
    with contextlib.suppress(TableError):
        columns.of_header(read(content).header)
    assert time.process_time() - start < 2.0  # on a machine that does other things too; it takes a tenth of that


COLUMNS = [
    ("PUE", "pue", ""),
    ("Device Count", "device_count", ""),
    ("device-count", "device_count", ""),
    ("#GPUs", "device_count", ""),
    ("num_gpus", "device_count", ""),
    ("power (W)", "power_w", "W"),
    ("power_kw", "power_w", "kW"),
    ("tdp", "power_w", ""),
    ("params (B)", "parameters", "B"),
    ("activated_params", "active_parameters", ""),
    ("MFU (%)", "utilisation", "%"),
    ("dtype", "precision", ""),
    ("carbon_intensity", "carbon_intensity_g_per_kwh", ""),
    ("Carbon intensity (kgCO2e/kWh)", "carbon_intensity_g_per_kwh", "kg/kWh"),
    ("Tokens / sec / GPU", "tokens_per_second_per_device", ""),
]


@pytest.mark.parametrize(("name", "field", "unit"), COLUMNS)
def test_a_column_is_known_by_its_usual_names_and_the_unit_in_them(name, field, unit):
    found = columns.field_of(name)
    assert found is not None
    assert found[0] == field
    assert columns.with_unit("5", found[1]) in (f"5 {unit}".strip(), "5")


@pytest.mark.parametrize("name", ["GPU hours", "gpu_hours", "gpu-hours", "total GPU hours"])
def test_the_time_of_past_runs_has_its_usual_names_too(name):
    own = ("device", "device_hours", "hours", "device_count")
    assert columns.field_of(name, columns.OF_RUNS, own) == ("device_hours", "")
    assert columns.field_of(name) is None  # no scenario has one, and it is no device


@pytest.mark.parametrize("name", ["tokens_per_second", "gpu_power", "nodes", "years"])
def test_a_column_that_could_be_another_quantity_is_named_and_not_used(name):
    found = columns.of_header([name])
    assert not found.by_field
    assert "is not used; did you mean" in " ".join(found.notes)


def test_two_columns_for_one_field_must_agree():
    found = columns.of_header(["gpus", "num_gpus"])
    assert found.cells(["64", "64.0"]) == {"device_count": "64"}
    assert found.cells(["", "64"]) == {"device_count": "64"}
    with pytest.raises(ValueError, match="gpus and num_gpus"):
        found.cells(["64", "128"])
