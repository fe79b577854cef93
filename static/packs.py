"""Packs: the files of a folder as one compressed file, which the browser unpacks into Python's file system.

A pack is [length of the list, 4 bytes, little-endian][the list: JSON of path and length][the files, in that order],
compressed by gzip.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import shutil
import struct
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from static.browser.later import LATER, LIBRARY, NAMES_OF_REST, PACK_OF, SITE
from static.fetch import Fetched, distribution

HERE = Path(__file__).parent
NODE = HERE / "node"

# The pack that every start needs; the others come when something of them is imported (browser/later.py).
FIRST = "python"
STANDARD = "library"  # Python's own modules
OF_PYODIDE = ("_pyodide", "pyodide")  # packages of these that every start may need
LICENSES = "licenses"  # the folder of the wheels' licences, which are no part of a pack
PACKED = ".packed"  # by gzip; some hosts would send what ends in .gz as something that browsers unpack
FRONT_ENDS = ("plotly",)  # of which only the version is needed
LEFT_OUT = re.compile(
    r"(^|/)(tests?|testing|\.agents|hello|__pycache__|_pyinstaller|distutils|include)/"
    r"|\.(pyi|pxd|pyx|h|c|a|md|rst|js|map|ipynb)$|^streamlit/(static|web/cli)|RECORD$|^bin/|\.dist-info/sboms/|\.data/"
)
LICENCE = re.compile(r"\.dist-info/(?:licenses/)?((?:.*/)?(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)$", re.IGNORECASE)
KEPT = ("numpy/testing", "numpy/_core/tests/_natype", "pandas/testing", "scipy/_lib", "streamlit/testing")


def make(fetched: Fetched, out: Path) -> None:
    """Makes the packs of the wheels in `out`; the files of the first also stay as a folder there, for the snapshot."""
    shutil.rmtree(out, ignore_errors=True)
    for wheel in fetched.wheels:
        if distribution(wheel) not in FRONT_ENDS:
            _unpack(wheel, out)
    for name in FRONT_ENDS:
        _name_and_version(fetched.wheel(name), out / FIRST)
    with ZipFile(fetched.pyodide / "python_stdlib.zip") as files:
        files.extractall(out / STANDARD)
    shutil.copytree(
        HERE / "browser" / "pyarrow", out / "arrow" / "pyarrow", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in (FIRST, STANDARD):
        compile_folder(fetched.pyodide, out / name, "--bare")
    for name in LATER:
        compile_folder(fetched.pyodide, out / name)
        (out / f"{name}{PACKED}").write_bytes(packed(files_below(out / name)))


@dataclass(frozen=True)
class Sorted:
    """The wheels' and Python's own files, by whether the first page needs them.

    Attributes:
        library: Python's standard library, as the zip that Python starts from; not compressed, as it is as a whole.
        first: The pack that every start needs.
        rest: What comes later.
    """

    library: bytes
    first: bytes
    rest: bytes


def by_need(made: Path, loaded: Iterable[str]) -> Sorted:
    """Sorts the files by what the first page loaded.

    Args:
        made: The folder that :func:`make` made.
        loaded: The files of the modules that it loaded, by their paths in the browser.
    """
    files = files_below(made / FIRST)
    standard = [(name, data) for name, data in files_below(made / STANDARD) if module_of(name)]
    needed = {_stem(path.removeprefix(f"{SITE}/").removeprefix(f"{LIBRARY}/")) for path in loaded}
    packages = {stem.removesuffix("/__init__") for stem in needed if stem.endswith("/__init__")}
    of_wheels = {path for path, _ in files if module_of(path)}
    inside = {path.rpartition("/")[0] for path in of_wheels}

    def is_first(path: str) -> bool:
        if module_of(path):
            return _stem(path) in needed or path.startswith(tuple(f"{name}/" for name in OF_PYODIDE))
        folder = path.rpartition("/")[0]
        while folder and folder not in inside:
            folder = folder.rpartition("/")[0]
        # Data goes with its package: a folder that has nothing but data would be imported in its place.
        return not folder or folder in packages

    rest = [(path, data) for path, data in [*files, *standard] if not is_first(path)]
    names = sorted(filter(None, (module_of(path) for path, _ in rest)))
    first = [*((path, data) for path, data in files if is_first(path)), (NAMES_OF_REST, "\n".join(names).encode())]
    return Sorted(_zip([(path, data) for path, data in standard if is_first(path)]), packed(first), packed(rest))


def module_of(path: str) -> str:
    """The module that a file is, below a folder that modules are looked for in; empty where it is none."""
    return _stem(path).replace("/", ".").removesuffix(".__init__") if path.endswith((".pyc", ".py", ".so")) else ""


def _stem(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0]}"


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip that compresses nothing; the same bytes for the same files."""
    whole = io.BytesIO()
    with ZipFile(whole, "w") as written:
        for name, data in files:
            written.writestr(ZipInfo(name), data)
    return whole.getvalue()


def _unpack(wheel: Path, out: Path) -> None:
    with ZipFile(wheel) as files:
        for info in files.infolist():
            path = info.filename
            licence = LICENCE.search(path)
            if info.is_dir() or not (licence or path.startswith(KEPT) or not LEFT_OUT.search(path)):
                continue
            target = out / LICENSES / distribution(wheel) / licence[1] if licence else out / pack_of(path) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_head(files.read(info)) if path.endswith(".dist-info/METADATA") else files.read(info))


def pack_of(path: str) -> str:
    """The pack of a file of a wheel: that of the innermost package above it which comes later, else the first."""
    parts = path.removesuffix(".py").replace(".libs/", "/").split("/")  # scipy.libs/ has what scipy/ is linked with
    packages = (".".join(parts[:depth]) for depth in range(len(parts), 0, -1))
    return next((PACK_OF[name] for name in packages if name in PACK_OF), FIRST)


def _name_and_version(wheel: Path, to: Path) -> None:
    """An empty package that has the version of the real package: pages/server/assets.py asks for both."""
    with ZipFile(wheel) as files:
        name = next(name for name in files.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = files.read(name)
    for path, data in ((to / name, _head(metadata)), (to / distribution(wheel) / "__init__.py", b"")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _head(metadata: bytes) -> bytes:
    """A distribution's name, version and what it needs, without what it says of itself."""
    return metadata.partition(b"\n\n")[0]


def compile_folder(pyodide: Path, folder: Path, *options: str) -> None:
    """Compiles the Python below a folder by the very Python that will run it: node/compile.mjs."""
    node("compile.mjs", pyodide, folder, *options)


def node(script: str, *arguments: str | Path) -> None:
    """Runs a script of node/."""
    done = subprocess.run(["node", NODE / script, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"node {script} failed:\n{done.stdout[-1000:]}{done.stderr[-3000:]}")


def files_below(folder: Path, root: str = "") -> list[tuple[str, bytes]]:
    """The files of a folder with their paths, which begin with `root`."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(f"{root}{path.relative_to(folder).as_posix()}", path.read_bytes()) for path in paths]


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A pack of files; the same bytes for the same files."""
    files = list(files)
    names = json.dumps([[name, len(data)] for name, data in files], separators=(",", ":")).encode()
    return compressed(b"".join([struct.pack("<I", len(names)), names, *(data for _, data in files)]))


def compressed(data: bytes) -> bytes:
    """By gzip; the same bytes for the same data."""
    return gzip.compress(data, 9, mtime=0)


def short_digest(data: bytes) -> str:
    """What stands in a file's name, so that its address changes with its content."""
    return hashlib.sha256(data).hexdigest()[:12]
