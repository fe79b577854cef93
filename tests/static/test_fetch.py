"""Only files with the digest that was stated are used, wherever they come from."""

import hashlib
import json

import pytest

from static import fetch, versions

FILE = "numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
RIGHT = b"the wheel"


@pytest.fixture
def npm_package(tmp_path):
    """The npm package pyodide, as far as it matters here."""
    folder = tmp_path / "npm"
    folder.mkdir()
    about = {name: {"file_name": FILE, "sha256": hashlib.sha256(RIGHT).hexdigest()} for name in versions.read().own}
    (folder / "pyodide-lock.json").write_text(json.dumps({"packages": about}))
    (folder / "pyodide.mjs").write_text("cdnUrl=`https://host.invalid/v${V}/full/`")
    return folder


def sources(monkeypatch, release, carrier):
    monkeypatch.setattr(fetch, "_from_release", lambda *_: release)
    monkeypatch.setattr(fetch, "_from_carrier", lambda *_: carrier)


def wheels(npm_package, tmp_path):
    (tmp_path / "wheels").mkdir(exist_ok=True)
    return fetch._own_wheels(versions.read(), npm_package, tmp_path / "wheels", tmp_path)


def test_a_wheel_comes_from_the_release_where_that_is_reached(monkeypatch, npm_package, tmp_path):
    sources(monkeypatch, {FILE: RIGHT}, {FILE: b"another"})
    assert wheels(npm_package, tmp_path)[0].read_bytes() == RIGHT


def test_else_it_comes_from_the_carrier(monkeypatch, npm_package, tmp_path):
    sources(monkeypatch, {}, {FILE: RIGHT})
    assert wheels(npm_package, tmp_path)[0].read_bytes() == RIGHT


@pytest.mark.parametrize("release", [{FILE: b"another"}, {}])
def test_a_file_of_another_digest_is_refused_and_not_kept(monkeypatch, npm_package, tmp_path, release):
    sources(monkeypatch, release, {FILE: b"another"})
    with pytest.raises(fetch.FetchError, match="is not the file whose digest Pyodide"):
        wheels(npm_package, tmp_path)
    assert list((tmp_path / "wheels").iterdir()) == []


def test_a_release_out_of_reach_gives_nothing(npm_package, tmp_path):
    assert fetch._from_release([FILE], versions.read(), npm_package, tmp_path) == {}
