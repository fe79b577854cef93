"""A data file that is missing or damaged is named, with its line, wherever the app is started."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oce import catalog, data_check
from oce.catalog import caches, reader
from oce.cli import main
from tests.support.app_test import new_app
from tools import data_digest

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path.name for path in reader.data_folder().iterdir() if path.suffix in (".csv", ".json", ".geojson", ".md", "")
)
READ = [name for name in FILES if not name.endswith(".md")]
WORDS = {("pue.csv", "year")}  # a text that can look like a number: 2023-24
TABLES = [name for name in READ if name.endswith(".csv")]


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of data/ to damage, in the place of the real one."""
    copy = tmp_path / "data"
    shutil.copytree(reader.data_folder(), copy)
    monkeypatch.setattr(reader, "data_folder", lambda: copy)
    caches.clear()
    yield copy
    caches.clear()


def said():
    with pytest.raises(reader.DataError) as caught:
        data_check.read_everything()
    message = str(caught.value)
    assert len(message) < 400
    return message


def test_everything_in_the_folder_is_read_as_it_is(data):
    data_check.read_everything()


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(data, name):
    (data / name).unlink()
    assert said().startswith(f"data/{name} cannot be read: No such file")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_utf_8_is_named_with_its_line(data, name):
    lines = (data / name).read_bytes().splitlines(keepends=True)
    at = len(lines) // 2
    lines[at] = b"\xff\xfe" + lines[at]
    (data / name).write_bytes(b"".join(lines))
    assert said().startswith(f"data/{name}, line {at + 1}: not UTF-8")


@pytest.mark.parametrize("name", READ)
def test_a_file_that_ends_in_the_middle_of_a_line_is_named_with_it(data, name):
    content = (data / name).read_bytes()
    half = content[: len(content) // 2]
    cut = half[: half.rindex(b"\n") + 4] if b"\n" in half else content[:2]  # a few characters of the last line
    (data / name).write_bytes(cut)
    assert re.match(rf"data/{re.escape(name)}, line {cut.count(10) + 1}: ", said())


@pytest.mark.parametrize("name", sorted(path.name for path in reader.data_folder().iterdir()))
def test_a_file_that_is_cut_in_half_is_named(data, name):
    """Also where the cut is between two lines, and where only what is made of the rows would show it."""
    content = (data / name).read_bytes()
    half = content[: len(content) // 2]
    for cut in (half, half[: half.rindex(b"\n") + 1] if half.count(b"\n") else half):
        (data / name).write_bytes(cut)
        caches.clear()
        assert said().startswith(f"data/{name}")


@pytest.mark.parametrize("name", ["embodied.csv", "models.csv"])
def test_a_table_that_lacks_rows_is_named_with_their_number(data, name):
    lines = (data / name).read_text(encoding="utf-8").splitlines(keepends=True)
    (data / name).write_text("".join(lines[:-1]), encoding="utf-8")
    version, rows = catalog.data_version(), len(lines) - 1
    assert said() == f"data/{name} has {rows - 1} rows, not the {rows} of version {version}"


@pytest.mark.parametrize("name", ["embodied.csv", "models.csv", "regions.csv"])
def test_the_command_line_estimates_with_nothing_that_was_cut(data, capsys, name):
    lines = (data / name).read_text(encoding="utf-8").splitlines(keepends=True)
    (data / name).write_text("".join(lines[: len(lines) // 2]), encoding="utf-8")
    caches.clear()
    options = ["--parameters", "7e9", "--tokens", "2e12", "--device", "H100", "--device-count", "64", "--region", "FRA"]
    assert main(["estimate", *options]) == 2
    assert capsys.readouterr().err.startswith(f"oce: data/{name}")


def test_a_file_that_changed_without_a_word_is_named(data):
    text = (data / "regions.csv").read_text(encoding="utf-8")
    (data / "regions.csv").write_text(text.replace(",lifecycle,", ",direct,", 1), encoding="utf-8")
    assert said() == f"data/regions.csv is not the file of version {catalog.data_version()}: its SHA-256 differs"


def test_a_version_whose_digests_were_not_recorded_is_named(data):
    (data / "VERSION").write_text("2099.01\n", encoding="utf-8")
    assert said().startswith("data/VERSION is 2099.01, but the digests in data/datapackage.json are those of ")


def test_digests_are_recorded_under_a_new_version_only(data, capsys):
    before = (data / "datapackage.json").read_bytes()
    assert data_digest.main([]) == 0
    assert (data / "datapackage.json").read_bytes() == before
    (data / "SOURCES.md").write_text("# Sources\n", encoding="utf-8")
    assert data_digest.main([]) == 1
    assert "SOURCES.md changed: raise data/VERSION" in capsys.readouterr().err
    (data / "VERSION").write_text("2099.01\n", encoding="utf-8")
    caches.clear()
    assert data_digest.main([]) == 0
    caches.clear()
    data_check.read_everything()


def test_a_line_with_more_cells_than_columns_is_named(data):
    """As where a comma was added to a text without quotation marks: its end would be dropped."""
    path = data / "pue.csv"
    header, first, *others = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, f"{first},and more", *others]) + "\n", encoding="utf-8")
    caches.clear()
    cells = 1 + header.count(",")
    assert f"data/pue.csv, line 2: {cells + 1} cells, where the header has {cells}" in said()


@pytest.mark.parametrize("name", [name for name in TABLES if name != "place_names.csv"])  # which has no numbers
def test_a_number_that_is_none_is_named_with_line_and_column(data, name):
    lines = (data / name).read_text(encoding="utf-8").split("\n")
    names = lines[0].split(",")
    numbers = (
        (at, found, names[lines[at][: found.start()].count(",")])
        for at in range(1, len(lines))
        for found in re.finditer(r"(?<=,)-?\d+(\.\d+)?(e\d+)?(?=,)", lines[at])
        if '"' not in lines[at][: found.start()]
    )
    at, found, column = next(one for one in numbers if (name, one[2]) not in WORDS)
    lines[at] = f"{lines[at][: found.start()]}12..5{lines[at][found.end() :]}"
    (data / name).write_text("\n".join(lines), encoding="utf-8")
    message = said()
    assert message.startswith(f"data/{name}, line {at + 1}: {column} is “12..5”")


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("calibration.json", '"size_from_compute": [', '"size_from_compute": ["many", '),
        ("calibration.json", '"known_elsewhere"', '"known_anywhere"'),
        ("calibration.json", '"covariance"', '"covariant"'),
        ("baselines.json", '"median_error"', '"middle_error"'),
        ("world.geojson", '"features"', '"feature"'),
        ("world.geojson", '"coordinates"', '"places"'),
    ],
)
def test_a_document_that_lacks_what_is_made_of_it_is_named(data, name, good, bad):
    content = (data / name).read_text(encoding="utf-8")
    assert good in content
    (data / name).write_text(content.replace(good, bad, 1), encoding="utf-8")
    assert said().startswith(f"data/{name} is damaged: ")


@pytest.mark.parametrize("name", ["devices.csv", "calibration.json", "VERSION"])
def test_the_page_names_it_without_a_traceback(data, name):
    (data / name).write_bytes((data / name).read_bytes()[:3])
    app = new_app().run()
    assert not app.exception
    assert [one.value for one in app.title] == ["A data file is damaged"]
    assert f"data/{name}" in app.error[0].value.replace("\\", "")


def test_the_server_and_the_command_line_do_not_start_on_a_damaged_file(tmp_path):
    for part in ("oce", "pages", "data", ".streamlit"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("serve.py", "pages/server/application.py", "app.py"):
        shutil.copy(ROOT / part, tmp_path / part)
    devices = tmp_path / "data" / "devices.csv"
    devices.write_text(devices.read_text(encoding="utf-8")[:2000], encoding="utf-8")
    for command in (["serve", "--port", "48531"], ["oce", "devices"]):
        found = subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert found.returncode != 0
        assert re.search(r"data/devices.csv(, line \d+: | has \d+ rows)", found.stderr)
        assert "Traceback" not in found.stderr
