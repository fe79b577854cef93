"""What importing the package costs, and which way its arrows run."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.rules import for_every

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "oce").rglob("*.py"))


def imported(module: Path) -> set[str]:
    """The modules that ``module`` imports anywhere in it, as it names them: x and x.y for `from x import y`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = ".".join(filter(None, ("oce" if node.level else "", node.module or "")))
            names |= {origin, *(f"{origin}.{name.name}" for name in node.names)}
    return names


def packages(module: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(module)}


@pytest.mark.parametrize("statement", ["import oce", "import oce.__main__"])
def test_importing_oce_stays_light(statement):
    code = f"{statement}; import json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert "numpy" in loaded
    assert not loaded & {"pandas", "plotly", "streamlit", "scipy"}


@for_every("module", MODULES, ids=lambda module: str(module.relative_to(ROOT)))
def test_the_package_knows_nothing_of_the_app(module):
    assert not packages(module) & {"streamlit", "plotly", "pages", "app", "tools"}


FORMULAS = (
    *("errors", "near_names", "fields", "rules", "quantity_units", "parsing", "reading", "scenario"),
    *("interval", "method.compute", "method.throughput", "method.footprint"),
)


@pytest.mark.parametrize("name", FORMULAS)
def test_the_formulas_know_nothing_of_files(name):
    module = (ROOT / "oce" / name.replace(".", "/")).with_suffix(".py")
    assert not packages(module) & {"csv", "json", "os", "pathlib", "io"}
    used = {path for path in MODULES if ".".join(path.relative_to(ROOT).with_suffix("").parts) in imported(module)}
    assert not used - {(ROOT / "oce" / other.replace(".", "/")).with_suffix(".py") for other in FORMULAS}


def test_the_data_are_read_without_the_estimate():
    assert not {"oce.estimation", "oce.resolution"} & imported(ROOT / "oce" / "catalog" / "__init__.py")


# --- tests, benchmarks, tools ---

MAY_IMPORT = {  # of each other and of the app, beside themselves
    "tools": {"oce", "tools"},
    "tests/support": {"oce", "pages", "tests.support", "tools"},
    "benchmarks": {"oce", "pages", "benchmarks", "tests.support"},
}


def places(module: Path) -> set[str]:
    """The rooms of this repository that a module imports from: tests.support and tests.browser are two."""
    ours = {"oce", "pages", "tests", "benchmarks", "tools"}
    found = {tuple(name.split(".")) for name in imported(module) if name.partition(".")[0] in ours}
    return {".".join(name[:2]) if name[0] == "tests" else name[0] for name in found if name != ("tests",)}


@for_every("folder, allowed", MAY_IMPORT.items())
def test_tools_stand_alone_and_what_is_shared_comes_from_one_place(folder, allowed):
    modules = list((ROOT / folder).glob("*.py"))
    assert modules
    assert {one.name: wrong for one in modules if (wrong := places(one) - allowed)} == {}


def test_no_test_imports_another():
    tests = [one for one in (ROOT / "tests").rglob("*.py") if one.parent.name != "support"]
    assert {one.name: wrong for one in tests if (wrong := places(one) - {*MAY_IMPORT["tests/support"]})} == {}
