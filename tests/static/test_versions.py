"""What the site is built from is what the server runs, as far as it is there for the browser."""

import re
from pathlib import Path

from static import versions
from static.fetch import normal

ROOT = Path(__file__).parents[2]
PINNED = {
    normal(name): version
    for name, version in re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
}
ONLY_IN_THE_BROWSER = {"nanoarrow", "six"}


def test_the_wheels_have_the_versions_of_the_server():
    site = {normal(wheel.name): wheel.version for wheel in versions.read().wheels}
    assert {name: site[name] for name in site if name not in ONLY_IN_THE_BROWSER} == {
        name: PINNED.get(name) for name in site if name not in ONLY_IN_THE_BROWSER
    }


def test_the_wheels_of_pure_python_are_the_files_that_the_server_installs():
    """By their digests, which requirements-hashed.txt has for the server's files."""
    hashed = (ROOT / "requirements-hashed.txt").read_text("utf-8")
    compiled_or_only_here = {"pydantic_core", "wrapt", "protobuf", *ONLY_IN_THE_BROWSER}
    same = [wheel for wheel in versions.read().wheels if normal(wheel.name) not in compiled_or_only_here]
    assert len(same) > 10
    assert [wheel.name for wheel in same if wheel.sha256 not in hashed] == []


def test_no_file_of_the_builder_names_a_host():
    files = [path for path in (ROOT / "static").rglob("*") if path.suffix in {".py", ".toml", ".js", ".mjs"}]
    assert len(files) > 10
    named = {path.name: re.findall(r"https?://[\w.-]+\.\w+", path.read_text("utf-8")) for path in files}
    assert {name: hosts for name, hosts in named.items() if hosts} == {}
