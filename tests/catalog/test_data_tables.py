"""What is said about data/ is true of the files, and the same as SOURCES.md and CITATION.cff say."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from oce import catalog
from oce.catalog import citation, data_package, data_tables, reader
from oce.version import VERSION
from tests.support.rules import for_every

ROOT = Path(__file__).parents[2]
TABLES = data_tables.tables()
SOURCES = " ".join((reader.data_folder() / "SOURCES.md").read_text(encoding="utf-8").replace("*", "").split())
PAPER = next(source for source in TABLES["paper"].attribution if "arXiv" in source)
UNITS = {  # how a column's name ends, and what its label must then say
    "_g_per_kwh": "g CO2e/kWh",
    "_kwh": "kWh",
    "_w": "W",
    "_kg": "kg CO2e",
    "_t": "t CO2e",
    "_gb": "GB",
    "_nm": "nm",
    "_cm2": "cm²",
    "_tflops": "TFLOP/s",
    "_flop": "FLOP",
    "_per_1000": "per 1,000 queries",
    "_per_unit": "each",
    "l_per_kwh": "litres/kWh",
    "latitude": "degrees",
    "longitude": "degrees",
    "score": "%",
}


def rows(name):
    """The rows of a table as the file has them."""
    return list(csv.DictReader(io.StringIO(reader.content(TABLES[name].file).decode("utf-8"), newline="")))


def columns(name):
    return tuple(rows(name)[0])


def test_every_file_of_the_data_is_offered():
    beside = {file for table in TABLES.values() for file in table.beside}
    offered = {table.file for table in TABLES.values()} | beside | set(data_tables.other_files())
    assert {path.name for path in reader.data_folder().iterdir()} - {"VERSION", "datapackage.json"} == offered


def test_the_description_is_written_as_its_program_writes_it():
    package = reader.json_file(data_package.FILE)
    written = (reader.data_folder() / data_package.FILE).read_text(encoding="utf-8")
    assert written == data_package.as_text(package)
    assert package["version"] == catalog.data_version()
    assert data_package.unlike_its_version() == ""


@pytest.mark.parametrize("resource", data_package.resources(), ids=lambda one: one["path"])
def test_the_type_of_a_column_is_that_of_its_cells(resource):
    parse = {"number": float, "integer": int, "date": date.fromisoformat, "boolean": ("yes", "no").index, "string": str}
    types = {field["name"]: field["type"] for field in resource.get("schema", {}).get("fields", ())}
    for row in rows(resource["name"]) if types else ():
        for column, cell in row.items():
            if cell:
                parse[types[column]](cell)


@for_every("name", TABLES)
def test_every_column_has_a_name_of_its_own_for_people(name):
    labels = [TABLES[name].labels[column] for column in columns(name)]
    assert len(set(labels)) == len(labels)
    assert not [label for label in labels if "_" in label or label in columns(name)]
    assert tuple(TABLES[name].labels) == columns(name)


@for_every("name", TABLES)
def test_a_column_with_a_unit_says_it(name):
    for column in columns(name):
        unit = next((unit for end, unit in UNITS.items() if column.endswith(end) and column != "licence"), "")
        assert unit in TABLES[name].labels[column], column
        if column in data_tables.IN_BILLIONS:
            assert TABLES[name].labels[column].endswith(", billion")


@for_every("name", TABLES)
def test_all_columns_are_shown_the_sources_last(name):
    order = TABLES[name].order(columns(name))
    assert sorted(order) == sorted(columns(name))
    assert order[: len(TABLES[name].first)] == TABLES[name].first
    assert order[-1] == "source"


@for_every("name", TABLES)
def test_licence_and_attribution_are_those_of_the_sources(name):
    table = TABLES[name]
    assert table.licence
    assert table.attribution
    for text in (*table.licence, *table.attribution):
        assert text.casefold() in SOURCES.casefold(), text
    section = data_tables.section(table.file)
    assert section
    assert not [sign for sign in ("|", "$", "<") if sign in section]
    said = " ".join((*table.licence, *table.attribution))
    named = {
        licence
        for row in rows(name)
        for licence in re.findall(r"CC BY(?:-SA)?|[AM]?[GP]L-\d|MIT|Apache|ODbL", row.get("licence", ""))
    }
    assert {licence for licence in named if licence not in said} == set()


@pytest.mark.parametrize("line", ["Ember (2026), with major", "Epoch AI, Data on", "Electricity Maps,", "Google Cloud"])
def test_every_attribution_line_of_the_sources_is_given(line):
    asked = next(one for one in SOURCES.split(" - ") if one.startswith(line))
    assert any(asked in table.attribution for table in TABLES.values())


SHARE_ALIKE = ("regions_odbl", "grids_alike_odbl")


def test_share_alike_data_come_with_their_licence():
    for name in SHARE_ALIKE:
        assert TABLES[name].beside == ("regions_odbl.LICENSE.txt",)
    assert b"Open Database License" in reader.content("regions_odbl.LICENSE.txt")
    assert not any(
        "ODbL" in row["licence"]
        for name in TABLES
        if name not in SHARE_ALIKE
        for row in rows(name)[:1]
        if "licence" in row
    )


@for_every("name", TABLES)
def test_the_years_are_those_of_the_rows(name):
    table = TABLES[name]
    covered = table.years_covered(row[table.dated] for row in rows(name)) if table.dated else table.years_covered(())
    assert "{}" not in covered
    if table.dated:
        found = sorted(int(row[table.dated][:4]) for row in rows(name) if row[table.dated])
        assert covered.endswith(f"{found[0]}–{found[-1]}" if found[0] != found[-1] else str(found[0]))
    else:
        assert "{}" not in table.years


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("parameters", "1.746e11", "174.6"),
        ("tokens", "15000000000000", "15,000"),
        ("training_flop", "4.02e+22", "4.02e22"),
        ("device_hours", "3552000", "3,552,000"),
        ("device_hours", "12.58", "12.58"),
        ("kwh_per_unit", "0.00033295", "0.00033295"),
        ("year", "2024", "2024"),
        ("name", "A100", "A100"),
        ("note", "", ""),
    ],
)
def test_a_cell_is_shown_as_people_read_it(column, cell, text):
    assert data_tables.shown(column, cell) == text


SEARCHED = [
    data_tables.searchable({"name": name, "parameters": parameters, "device_hours": hours})
    for name, parameters, hours in (("São Paulo", "1.746e11", "3552000"), ("Llama 2 70B", "68980000000", ""))
]


@pytest.mark.parametrize(
    ("sought", "places"),
    [
        ("", [0, 1]),
        ("  ", [0, 1]),
        ("sao paulo", [0]),
        ("PAULO são", [0]),
        ("174.6", [0]),
        ("1.746e11", [0]),
        ("3,552,000", [0]),
        ("3552000", [0]),
        ("llama", [1]),
        ("llama paulo", []),
        ("zzzz", []),
    ],
)
def test_a_row_is_found_by_every_word_as_it_is_written_or_shown(sought, places):
    assert data_tables.search(SEARCHED, sought) == places


def test_rows_with_the_words_as_they_were_typed_go_first():
    stated = (("Llama 2 70B", "1.23"), ("Llama v2, 3 stages", "1"), ("Llama 3 8B", "1"), ("Llama 3.1 405B", "1"))
    rows = [data_tables.searchable({"name": name, "pue": pue}) for name, pue in stated]
    assert data_tables.search(rows, "llama 3") == [2, 3, 1, 0]


def test_a_missing_file_is_named():
    with pytest.raises(reader.DataError, match=r"data/nowhere\.csv cannot be read"):
        reader.content("nowhere.csv")


# --- citing ---


def parsed(entry):
    """A BibTeX entry, roughly: its kind and its fields."""
    depth = 0
    for character in entry:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert entry.count("@") == 1
    head = re.fullmatch(r"@(\w+)\{([\w-]+),\n((?:  \w+ = \{.*\},\n)+)\}", entry)
    assert head, entry
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", head[3], re.MULTILINE))
    assert len(fields) == head[3].count("\n")
    return head[1], fields


def test_the_tool_is_cited_with_its_versions():
    kind, fields = parsed(citation.bibtex_of_tool())
    assert kind == "software"
    assert fields["version"] == VERSION
    assert f"data version {catalog.data_version()}" in fields["note"]
    assert fields["year"] == catalog.data_version()[:4]


def test_the_paper_is_cited_with_all_its_authors():
    kind, fields = parsed(citation.BIBTEX_OF_PAPER)
    assert kind == "misc"
    assert re.findall(r"(\w+), ", fields["author"]) == ["Yu", "Wu", "Deng", "Tang", "Zhang"]
    assert fields["eprint"] in PAPER
    assert fields["title"].replace("{", "").replace("}", "") in PAPER


def test_the_citation_file_says_the_same():
    file = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert file["cff-version"] == "1.2.0"
    assert file["version"] == VERSION
    assert file["license"] == "Apache-2.0"
    assert (file["title"], file["authors"]) == (citation.TOOL_TITLE, [{"name": citation.TOOL_AUTHORS}])
    assert {"message", "abstract", "keywords", "references"} <= set(file)
    (paper,) = file["references"]
    _, fields = parsed(citation.BIBTEX_OF_PAPER)
    assert paper["title"] == fields["title"].replace("{", "").replace("}", "")
    authors = " and ".join(f"{one['family-names']}, {one['given-names']}" for one in paper["authors"])
    assert (authors, str(paper["year"]), paper["url"]) == (fields["author"], fields["year"], fields["url"])
    assert fields["eprint"] in paper["identifiers"][0]["value"]
