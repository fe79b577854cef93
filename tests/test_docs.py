"""The docs and the README: they build, and what they name, quote and tell to run is there."""

import ast
import re
import shlex
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from oce.cli import _parser
from tools import docs_tables

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXTS = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in PAGES}
QUOTED = re.compile(r"`([^`\n]+)`")
INDENTED = re.compile(r"^    (\S.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site, as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.rmtree(ROOT / "docs" / "reference", ignore_errors=True)  # pages of packages that are gone
    sphinx = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "-b", "html"]
    done = subprocess.run(
        [*sphinx, "-d", folder / "doctrees", ROOT / "docs", folder / "site"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "site"


class _Fetched(HTMLParser):
    """What a browser fetches by itself when it opens a page; links that a reader follows are none of it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name == "src" or (tag == "link" and name == "href")]


def test_the_site_fetches_nothing_from_elsewhere(site):
    parser = _Fetched()
    for page in site.rglob("*.html"):
        parser.feed(page.read_text(encoding="utf-8"))
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    found = parser.found + re.findall(r"(?:url\(|@import)\s*[\"']?([^\"');]+)", styles)
    assert len(found) > 100
    assert not [address for address in found if "//" in address]


def test_the_site_has_a_page_for_every_formula_and_package(site):
    formulas = {path.stem for path in (ROOT / "docs" / "method").glob("*.md")}
    assert formulas == {path.stem for path in (site / "method").glob("*.html")}
    packages = {path.parent.name for path in (ROOT / "oce").glob("*/__init__.py")}
    assert packages == {path.suffixes[0][1:] for path in (site / "reference").glob("oce.*.html")}


def test_every_table_says_what_the_library_says():
    assert not [name for name, text in TEXTS.items() if docs_tables.filled(text) != text]
    used = set(re.findall(r"<!-- table: ([\w-]+) -->\n", "".join(TEXTS.values())))
    assert used == set(docs_tables.TABLES)


def test_every_file_that_is_named_exists():
    named = {
        (page, word)
        for page, text in TEXTS.items()
        for word in QUOTED.findall(text)
        if re.fullmatch(r"[\w.-]+/[\w./-]*", word) and word not in ("n/a", "dist/") and "NAME" not in word
    }
    assert len(named) > 50
    assert not sorted(f"{page}: {word}" for page, word in named if not (ROOT / word).exists())


def names_in(path: Path) -> set[str]:
    """Every name that a module defines, and every member of its classes as Class.member."""
    found: set[str] = set()

    def collect(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(prefix + node.name)
            if isinstance(node, ast.ClassDef):
                collect(node.body, f"{node.name}.")
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            found.update(prefix + one.id for one in targets if isinstance(one, ast.Name))

    collect(ast.parse(path.read_text(encoding="utf-8")).body, "")
    return found


def test_every_name_stands_in_the_module_that_is_said_to_hold_it():
    """`path/of/module.py` (`name`): a name after a module, in the same sentence or cell, is that module's."""
    wrong, checked = [], 0
    for page, text in TEXTS.items():
        for sentence in re.split(r"\n|\. |; | \| ", text):
            module = ""
            for word in QUOTED.findall(sentence):
                if word.endswith(".py"):
                    module = word
                elif "/" in module and (ROOT / module).is_file() and re.fullmatch(r"[A-Za-z]\w*(\.\w+)?", word):
                    checked += 1
                    if word not in names_in(ROOT / module):
                        wrong.append(f"{page}: {word} is not in {module}")
                else:
                    module = ""
    assert checked > 30
    assert not wrong


def test_every_command_that_is_named_is_there():
    words = [word for text in TEXTS.values() for word in (*QUOTED.findall(text), *INDENTED.findall(text))]
    modules = {found for word in words for found in re.findall(r"python3? -m ([\w.]+)", word)}
    modules -= {"venv", "pip", "pytest"}
    assert {"oce", "serve"} <= modules
    paths = [ROOT / name.replace(".", "/") for name in modules]
    assert not [path for path in paths if not path.is_dir() and not path.with_suffix(".py").exists()]
    targets = {found for word in words for found in re.findall(r"^make ([\w-]+)", word)}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"run", "test", "docs"} <= targets <= set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))


def test_every_option_that_is_named_is_one_of_the_command_line():
    (commands,) = (action for action in _parser()._actions if action.dest == "command")
    allowed = {
        name: {option for action in one._actions for option in action.option_strings}
        for name, one in commands.choices.items()
    }
    wrong = []
    for page, text in TEXTS.items():
        for word in (*QUOTED.findall(text), *INDENTED.findall(text)):
            found = re.match(r"(?:.*python -m oce |oce )?(\w+)(?= |$)(.*)", word)
            if found and found[1] in allowed:
                options = set(re.findall(r"(?<= )--[\w-]+", found[2].partition("#")[0]))
                wrong += [f"{page}: {word}"] if options - allowed[found[1]] else []
    assert not wrong


def test_links_of_the_readme_lead_somewhere():
    links = re.findall(r"\]\((?!https?:)([^)#]+)", TEXTS["README.md"])
    assert len(links) > 5
    assert not [link for link in links if not (ROOT / link).exists()]


def test_the_commands_of_the_readme_and_the_usage_page_run(tmp_path):
    """Those of the library, in an empty folder; the rest start servers, install, or are tested elsewhere."""
    lines = [line for name in ("README.md", "docs/usage.md") for line in INDENTED.findall(TEXTS[name])]
    wanted = [line for line in dict.fromkeys(lines) if "-m oce" in line or line.startswith("printf")]
    assert len(wanted) >= 6
    for line in wanted:
        command = line.replace(".venv/bin/python", shlex.quote(sys.executable))
        done = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"


@pytest.mark.parametrize("page", [name for name, text in TEXTS.items() if "```python" in text])
def test_python_on_a_page_runs(page):
    for code in re.findall(r"```python\n(.*?)```", TEXTS[page], re.DOTALL):
        exec(compile(code, page, "exec"), {})
