"""Only files with the digest that was stated are used, wherever they come from."""

import hashlib
import json

import pytest

from static import fetch, versions
from tests.support.file_server import Line, file_server

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


@pytest.fixture
def release(npm_package, tmp_path):
    """The folder of Pyodide's release on a host of files, at the address that the package's loader has."""
    with file_server(tmp_path / "host", Line()) as url:
        (npm_package / "pyodide.mjs").write_text(f"cdnUrl=`{url}/v${{V}}/full/`")
        folder = tmp_path / "host" / f"v{versions.read().pyodide.version}" / "full"
        folder.mkdir(parents=True)
        yield folder


def test_the_release_of_this_version_is_where_the_loader_says(monkeypatch, release, npm_package, tmp_path):
    (release / FILE).write_bytes(RIGHT)
    monkeypatch.setattr(fetch, "_from_carrier", lambda *_: pytest.fail("the release was reached"))
    assert wheels(npm_package, tmp_path)[0].read_bytes() == RIGHT
    (release / FILE).unlink()
    assert wheels(npm_package, tmp_path)[0].read_bytes() == RIGHT  # it is there already: nobody is asked


def test_what_the_release_has_not_comes_from_the_carrier(monkeypatch, release, npm_package, tmp_path):
    assert list(release.iterdir()) == []
    monkeypatch.setattr(fetch, "_from_carrier", lambda *_: {FILE: RIGHT})
    assert wheels(npm_package, tmp_path)[0].read_bytes() == RIGHT


def test_another_file_of_the_release_is_refused(release, npm_package, tmp_path):
    (release / FILE).write_bytes(b"another")
    with pytest.raises(fetch.FetchError, match="is not the file whose digest Pyodide"):
        wheels(npm_package, tmp_path)
