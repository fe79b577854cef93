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


def test_every_wheel_has_a_digest():
    found = versions.read()
    assert all(re.fullmatch(r"[0-9a-f]{64}", wheel.sha256) for wheel in (*found.wheels, found.carrier))


def test_no_file_of_the_builder_names_a_host():
    files = [path for path in (ROOT / "static").rglob("*") if path.suffix in {".py", ".toml", ".js", ".mjs"}]
    assert len(files) > 10
    named = {path.name: re.findall(r"https?://[\w.-]+\.\w+", path.read_text("utf-8")) for path in files}
    assert {name: hosts for name, hosts in named.items() if hosts} == {}
