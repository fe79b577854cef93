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


@pytest.mark.parametrize("statement", ["import oce", "import oce.cli"])
def test_importing_oce_stays_light(statement):
    code = f"{statement}; import json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert "numpy" in loaded
    assert not loaded & {"pandas", "plotly", "streamlit", "scipy"}


def test_the_server_listens_before_library_and_plotly_are_read():
    code = "import serve, json, sys; serve.configuration('localhost', 8501); print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}
    assert "streamlit" in loaded
    assert not loaded & {"oce", "numpy", "pandas", "plotly", "scipy"}


@for_every("module", MODULES, ids=lambda module: str(module.relative_to(ROOT)))
def test_the_package_knows_nothing_of_the_app(module):
    assert not packages(module) & {"streamlit", "plotly", "pages", "app", "tools"}


FORMULAS = (
    *("errors", "near_names", "fields", "rules", "quantity_units", "parsing", "scenario"),
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


RUN_AGAIN = ROOT / "tests/browser/static/test_visits.py"  # the server's tests, run against the static site


def test_no_test_imports_another():
    tests = [one for one in (ROOT / "tests").rglob("*.py") if one.parent.name != "support" and one != RUN_AGAIN]
    assert {one.name: wrong for one in tests if (wrong := places(one) - {*MAY_IMPORT["tests/support"]})} == {}


# What a room is for, the innermost first: a module may import from its own room and from those before it. A name with a
# folder is a room; the others are modules at the root of oce.
ROOMS = {
    "words of a scenario, numbers and units": (
        *("version", "errors", "array_values", "interval", "parsing", "quantity_units"),
        *("near_names", "fields", "rules", "scenario", "units"),
    ),
    "data": ("catalog",),
    "formulas and the calibration": ("method",),
    "one estimate": ("plausibility", "assumptions", "resolution", "notes", "estimation", "descriptions"),
    "what follows from estimates": ("analysis",),
    "the field": ("field",),
    "how good it is": ("evaluation",),
    "doors": ("importers", "exports"),
    "entries": ("data_check", "cli", "commands", "__main__", "__init__"),
}
ROOM_OF = {name: at for at, names in enumerate(ROOMS.values()) for name in names}


def room(module: str) -> str:
    """The part of a module's name that says its room: `oce.method.compute` and `oce.method` are of method."""
    return module.split(".")[1] if "." in module else "__init__"


def test_every_module_has_a_room():
    names = {path.relative_to(ROOT / "oce").with_suffix("").parts[0] for path in MODULES}
    assert names - set(ROOM_OF) == set()


def test_no_module_imports_from_a_room_after_its_own():
    upward = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        for name in imported(path)
        if name.startswith("oce.") and room(name) in ROOM_OF
        if ROOM_OF[room(name)] > ROOM_OF[path.relative_to(ROOT / "oce").with_suffix("").parts[0]]
    ]
    assert upward == []


def test_no_two_modules_need_each_other_to_be_imported():
    needs = {name_of(path): at_the_top(path) for path in MODULES}
    waiting = set(needs)
    while free := {name for name in waiting if not needs[name] & waiting - {name}}:
        waiting -= free
    assert sorted(waiting) == []


def name_of(module: Path) -> str:
    return ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def at_the_top(module: Path) -> set[str]:
    """The modules that this one imports when it is imported: not those that a function of it does, or a type needs."""
    names: set[str] = set()
    known = {name_of(path) for path in MODULES}
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            full = {f"{node.module}.{name.name}" for name in node.names}
            names |= full & known | ({node.module} & known if full - known else set())
    return names
