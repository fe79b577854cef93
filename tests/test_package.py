"""The wheel: what it holds and needs, and that the library and the app run from it where there is no checkout."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import urllib.request
import venv
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from oce.errors import DISTRIBUTION
from oce.version import VERSION
from tests.support import visitors
from tests.support.app_server import app_server

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = {name: [Requirement(one) for one in lines] for name, lines in PROJECT["optional-dependencies"].items()}
LIBRARY = [Requirement(one) for one in PROJECT["dependencies"]]
EXAMPLE = [
    *("estimate", "--parameters", "70e9", "--tokens", "15e12", "--device", "H100 SXM", "--device-count", "16384"),
    *("--region", "USA", "--pue", "1.1"),
]
# Nothing of this machine's settings: no other place to get packages from, no checkout on the path.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
OFFLINE = ENVIRONMENT | {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", *arguments], env=OFFLINE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def names(requirements: Iterable[Requirement]) -> set[str]:
    return {canonicalize_name(one.name) for one in requirements}


def with_what_they_need(wanted: Iterable[str]) -> set[str]:
    """The distributions of these names, and those that they need in turn."""
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found:
            found.add(name)
            needed = (Requirement(one) for one in metadata.requires(name) or ())
            waiting += [one.name for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", str(ROOT), "--no-build-isolation", "--no-deps", "--wheel-dir", str(folder))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The scripts' folder of an environment that holds numpy, scipy, pydantic, what these need, and the wheel.

    The three are links to those that are installed here; pip itself finds that nothing else is asked for.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name in with_what_they_need(["numpy", "scipy", "pydantic"]):
        files = metadata.distribution(name).files
        assert files is not None
        for top in {path.parts[0] for path in files} - {"..", "__pycache__"}:
            (packages / top).symlink_to(metadata.distribution(name).locate_file(top))
    pip("--python", str(folder / "bin" / "python"), "install", "--no-compile", str(wheel))
    return folder / "bin"


@pytest.fixture
def run(installed, tmp_path):
    """Runs a script of the environment in an empty folder."""

    def call(*command: str) -> subprocess.CompletedProcess[str]:
        program = [str(installed / command[0]), *command[1:]]
        return subprocess.run(
            program, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False
        )

    return call


# --- what it holds and needs ---


def test_the_library_needs_three_packages():
    assert names(LIBRARY) == {"numpy", "scipy", "pydantic"}


def test_the_wheel_holds_the_library_its_data_and_the_app_and_nothing_else(wheel):
    held = set(ZipFile(wheel).namelist())
    about = f"opencarboneval_explorer-{VERSION}.dist-info"
    assert {name.partition("/")[0] for name in held} == {"oce", "oce_explorer", about}
    homes = {"oce": "oce", "data": "oce/data", "pages": "oce_explorer/pages"}
    files = {
        f"{home}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, home in homes.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    files |= {
        f"oce_explorer/{name}"
        for name in ("app.py", "pages/server/application.py", "serve.py", ".streamlit/config.toml")
    }
    assert {name for name in held if not name.startswith(about)} == files
    assert "oce/py.typed" in files


def pins(name: str) -> tuple[dict[str, str], set[str]]:
    """The versions that a list of requirements pins, and the names in its first part: what is asked for by itself."""
    first, _, rest = (ROOT / name).read_text(encoding="utf-8").partition("\n# What those need in turn")
    asked, all_ = (re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE) for text in (first, first + rest))
    return {canonicalize_name(one): version for one, version in all_}, {canonicalize_name(one) for one, _ in asked}


def test_what_the_app_is_said_to_need_is_pinned_in_requirements_txt():
    versions, asked = pins("requirements.txt")
    needed = [*LIBRARY, *EXTRAS["app"], *EXTRAS["lifetime"]]
    assert not [
        str(one) for one in needed if one.name != DISTRIBUTION and not one.specifier.contains(versions[one.name])
    ]
    assert asked == names(needed) - {DISTRIBUTION}


def test_the_hashed_list_pins_the_same_versions_each_with_its_hashes():
    """It is made by ``make hashes``, and serves other systems too: what only these need may stand in it besides."""
    text = (ROOT / "requirements-hashed.txt").read_text().replace("\\\n", " ")
    versions = {}
    for line in filter(None, text.splitlines()):
        pinned, *hashes = line.split(" --hash=sha256:")
        requirement = Requirement(pinned.strip())
        assert hashes
        assert all(len(digest.strip()) == 64 for digest in hashes)
        versions[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    asked = pins("requirements.txt")[0]
    assert {name: versions.get(name) for name in asked} == asked


def test_what_the_tests_are_said_to_need_is_pinned_in_requirements_dev_txt():
    versions, asked = pins("requirements-dev.txt")
    versions |= pins("requirements.txt")[0]
    needed = [*EXTRAS["baselines"], *EXTRAS["dev"], *map(Requirement, PYPROJECT["build-system"]["requires"])]
    others = [one for one in needed if one.name != DISTRIBUTION]
    assert not [str(one) for one in others if not one.specifier.contains(versions[canonicalize_name(one.name)])]
    assert asked == names(others) - set(pins("requirements.txt")[0])


def imported(paths: Iterable[Path]) -> set[str]:
    """The distributions that these modules import, anywhere in them."""
    found: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").partition(".")[0])
    homes = metadata.packages_distributions()
    return {canonicalize_name(homes[one][0]) for one in found - sys.stdlib_module_names if one in homes}


def test_what_is_imported_is_asked_for():
    library = names([*LIBRARY, *EXTRAS["lifetime"], *EXTRAS["baselines"]])
    assert imported((ROOT / "oce").rglob("*.py")) - {"pandas"} == library  # pandas is for a type checker alone
    app = imported(
        [
            *(ROOT / "pages").rglob("*.py"),
            *(ROOT / name for name in ("app.py", "pages/server/application.py", "serve.py")),
        ]
    )
    assert app <= names([*LIBRARY, *EXTRAS["app"]])


# --- that it runs ---


def test_the_command_prints_what_it_prints_in_a_checkout(run):
    here = subprocess.run([sys.executable, "-m", "oce", *EXAMPLE], cwd=ROOT, capture_output=True, text=True, check=True)
    there = run("oce", *EXAMPLE)
    assert (there.returncode, there.stderr) == (0, "")
    assert there.stdout == here.stdout != ""


def test_the_example_of_the_readme_runs(run, installed):
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert "estimate_many(" in example
    done = run("python", "-c", f"{example}\nimport oce\nprint(oce.__file__, oce.__version__, result.total_co2e_kg)")
    assert done.returncode == 0, done.stderr
    home, version, total = done.stdout.strip().split(" ", 2)
    assert Path(home).is_relative_to(installed.parent)
    assert version == VERSION
    assert re.fullmatch(r"Interval\(low=[\d.]+, central=[\d.]+, high=[\d.]+\)", total)


REFIT = "from oce.evaluation import refit; refit.baselines_document()"
QUERY = "from oce.analysis import inference; inference.modelled(7e9, 7e9, 1)"


@pytest.mark.parametrize(
    ("command", "lacking", "extra"),
    [
        (["oce", "calibrate"], "oce: threadpoolctl", "baselines"),
        (["python", "-c", REFIT], "oce.errors.MissingExtraError: sklearn", "baselines"),
        (["python", "-c", QUERY], "oce.errors.MissingExtraError: ecologits", "lifetime"),
        (["oce-explorer"], "serve: Streamlit", "app"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_what_needs_an_extra_says_which(run, command, lacking, extra):
    done = run(*command)
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1] == f"{lacking} is not installed: pip install '{PROJECT['name']}[{extra}]'"


def test_the_app_is_served_from_the_wheel(installed, tmp_path, monkeypatch):
    """With the packages of this environment behind those of the empty one, in place of the extra `app`."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    (packages,) = installed.parent.glob("lib/python*/site-packages")
    others = packages / "others.pth"
    others.write_text(f"{metadata.distribution('streamlit').locate_file('')}\n")
    try:
        with app_server(installed=installed / "oce-explorer", folder=tmp_path) as url:
            with urllib.request.urlopen(f"{url}/oce/live?tokens=2e12", timeout=60) as answer:
                assert answer.status == 200
            errors, title, colour = visitors.run(opened(url))
    finally:
        others.unlink()
    assert errors == []
    assert "CO₂e" in title
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert colour == config["theme"]["light"]["primaryColor"]  # the wheel's configuration is in force


async def opened(url: str) -> tuple[list[str], str, str]:
    """What went wrong on the first page, its heading, and the colour that the server tells browsers to use."""
    visitor = await visitors.visit(url)
    await visitor.socket.close()
    return visitor.errors, visitor.title, visitor.colour
