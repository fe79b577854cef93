"""Builds the site: packs, Streamlit's front end, our scripts, the pages."""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

from pages.server import assets
from pages.session.site import PAGES
from static import fetch, packs, pages, versions
from static.browser.later import LATER, REST
from static.packs import PACKED, compressed, files_below, packed, short_digest

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "static" / "web"
DIST = ROOT / "dist"
SCRATCH = ROOT / "build" / "static"  # what was fetched and compiled; it may be deleted at any time
STAMP = "build.json"  # in dist/: the digest of what it was built from
# What runs in the browser.
APP = (
    "app.py",
    "oce",
    "pages",
    "data",
    ".streamlit",
    *(f"static/{name}" for name in ("__init__.py", "file_host.py", "browser")),
)
BUILDER = ("static", "requirements.txt", "README.md", "LICENSE")
OF_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json")
# Whose source is read: Streamlit runs the pages, and a digest of the other is in the address of plotly.js.
READ = r"^app\.py$|^pages/views/|^pages/server/plotly_part\.py$"
# Parts of Streamlit's front end that no page of the app uses.
UNUSED = re.compile(
    r"/(PlotlyChart|DeckGlJsonChart|EChartsChart|GraphVizChart|ArrowVegaLiteChart|elk-|cytoscape|mermaid|embed\.|katex"
    r"|katexLoader|wardley|Snow|Balloons)[^/]*$|/KaTeX_"
)
PACKS_WELL = (".js", ".mjs", ".css", ".wasm", ".json", ".zip")
SMALL = 1000  # bytes: not worth another file


def build(dist: Path = DIST, scratch: Path = SCRATCH) -> bool:
    """Builds the site where it is not there yet, as these sources have it.

    Returns:
        Whether anything had to be done.

    Raises:
        FetchError: Where something that is needed cannot be got.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    with _alone(scratch):
        sources = digest_of_sources()
        stamp = dist / STAMP
        if stamp.exists() and json.loads(stamp.read_text(encoding="utf-8")) == sources:
            return False
        fetched = fetch.fetch(versions.read(), scratch)
        new = scratch / "dist"
        shutil.rmtree(new, ignore_errors=True)
        _put(new, fetched, _packs(fetched, scratch), scratch)
        (new / STAMP).write_text(json.dumps(sources), encoding="utf-8")
        shutil.rmtree(dist, ignore_errors=True)
        new.rename(dist)
        return True


def digest_of_sources() -> str:
    """Of all that a build depends on in this checkout."""
    whole = hashlib.sha256()
    for path in sorted(path for name in {*APP, *BUILDER} for path in _files(ROOT / name)):
        whole.update(f"{path.relative_to(ROOT)} {fetch.digest(path)}\n".encode())
    return whole.hexdigest()


def _files(path: Path) -> list[Path]:
    found = [path] if path.is_file() else path.rglob("*")
    return [one for one in found if one.is_file() and "__pycache__" not in one.parts]


@contextmanager
def _alone(scratch: Path) -> Iterator[None]:
    """One build at a time: tests run side by side."""
    with (scratch / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _packs(fetched: fetch.Fetched, scratch: Path) -> Path:
    """The packs of the wheels, made again only where those or what makes them have changed."""
    makers = [
        versions.FILE,
        Path(packs.__file__),
        packs.NODE / "compile.mjs",
        packs.HERE / "browser" / "later.py",
        *_files(packs.HERE / "browser" / "pyarrow"),
    ]
    made = scratch / f"packs-{short_digest(b''.join(path.read_bytes() for path in makers))}"
    if not (made / "done").exists():
        for old in scratch.glob("packs-*"):
            shutil.rmtree(old)
        packs.make(fetched, made)
        (made / "done").touch()
    return made


def _put(dist: Path, fetched: fetch.Fetched, made: Path, scratch: Path) -> None:
    files = _Files(dist)
    app = _compiled_app(fetched, scratch)
    first_page = scratch / "first_page.json"
    packs.node("first_page.mjs", fetched.pyodide, made / packs.FIRST, app, first_page)
    python = packs.by_need(made, json.loads(first_page.read_text(encoding="utf-8"))["files"])
    contents = {
        packs.FIRST: python.first,
        REST: python.rest,
        **{name: (made / f"{name}{PACKED}").read_bytes() for name in LATER},
        "app": packed(files_below(app, "/app/")),
    }
    named = {name: files.add_named(f"packs/{name}{PACKED}", data) for name, data in contents.items()}
    pyodide = f"{fetched.pyodide.name}/"
    library = files.add_named("library.zip", python.library)
    memory = scratch / "snapshot.bin"
    packs.node("snapshot.mjs", fetched.pyodide, (dist / library).resolve(), made / packs.FIRST, app, first_page, memory)
    snapshot = files.add_named(f"packs/snapshot{PACKED}", compressed(memory.read_bytes()))
    for name in OF_PYODIDE:
        files.add(f"{pyodide}{name}", (fetched.pyodide / name).read_bytes())
    index = _streamlit(fetched.wheel("streamlit"), files)
    for url, path in assets.files().items():
        files.add(url.lstrip("/"), assets.content(path))
    scripts = tuple(files.add_named(name, (WEB / name).read_bytes()) for name in ("connections.js", "page.js"))
    start, modules = pages.modules_of(index)
    wasm = f"{pyodide}pyodide.asm.wasm"
    needed = [named[packs.FIRST], named["app"], wasm, library]
    site = pages.Site(
        worker=files.add_named("worker.js", (WEB / "worker.js").read_bytes()),
        serviceWorker="service_worker.js",
        start=start,
        modules=modules,
        plotly=assets.address("plotly.min.js").lstrip("/"),
        pyodide=pyodide,
        library=library,
        packs=named,
        needed={name: files.sent(name) for name in needed},
        unpacked={name: len((dist / name).read_bytes()) for name in (wasm, library)},
        pages=tuple(map(pages.file_name, PAGES)),
        snapshot=snapshot,
    )
    for name in PAGES:
        files.write(pages.file_name(name), pages.page(name, site, scripts).encode())
    files.write("service_worker.js", _service_worker(files.all))
    files.write("README.md", _readme().encode())
    shutil.copy(ROOT / "LICENSE", dist)
    shutil.copytree(made / packs.LICENSES, dist / packs.LICENSES)


class _Files:
    """The files of the site whose content never changes under their names."""

    def __init__(self, dist: Path) -> None:
        self._dist = dist
        self.all: dict[str, bool] = {}  # whether it lies packed beside

    def write(self, name: str, data: bytes) -> None:
        """Writes any file."""
        path = self._dist / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def add(self, name: str, data: bytes) -> None:
        """Writes a file, and it packed beside it where that is worth it: the host may pack nothing."""
        self.write(name, data)
        self.all[name] = name.endswith(PACKS_WELL) and len(data) > SMALL
        if self.all[name]:
            self.write(f"{name}{PACKED}", compressed(data))

    def add_named(self, name: str, data: bytes) -> str:
        """Writes a file under a name that changes with its content, and returns that."""
        stem, _, ending = name.partition(".")
        self.add(named := f"{stem}-{short_digest(data)}.{ending}", data)
        return named

    def sent(self, name: str) -> int:
        """The bytes that a browser with a service worker asks for."""
        return (self._dist / (f"{name}{PACKED}" if self.all[name] else name)).stat().st_size


def _compiled_app(fetched: fetch.Fetched, scratch: Path) -> Path:
    """The app as the browser has it, in a folder."""
    folder = scratch / "app"
    shutil.rmtree(folder, ignore_errors=True)
    for path in (path for name in APP for path in _files(ROOT / name) if "pyarrow" not in path.parts):
        to = folder / path.relative_to(ROOT)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, to)
    packs.compile_folder(fetched.pyodide, folder, "--bare", "--root=/app/", f"--sources={READ}")
    return folder


def _streamlit(wheel: Path, files: _Files) -> str:
    """Adds Streamlit's front end; returns its index.html."""
    home = "streamlit/static/"
    with ZipFile(wheel) as found:
        for name in found.namelist():
            if name.startswith(f"{home}static/") and not name.endswith("/") and not UNUSED.search(name):
                files.add(name.removeprefix(home), found.read(name))
        for name in ("favicon.png", "favicon.ico"):  # a browser asks for the second by itself, sometimes
            files.write(name, found.read(f"{home}favicon.png"))
        return found.read(f"{home}index.html").decode()


def _service_worker(listed: Mapping[str, bool]) -> bytes:
    table = json.dumps(listed, separators=(",", ":"))
    return f"const FILES = {table};\n{(WEB / 'service_worker.js').read_text(encoding='utf-8')}".encode()


def _readme() -> str:
    """A Space's front matter: the project's own, for a static Space."""
    front = (ROOT / "README.md").read_text(encoding="utf-8").split("---\n")[1]
    front = re.sub(r"sdk: docker\napp_port: \d+\n", "sdk: static\napp_file: index.html\n", front)
    about = (
        "Built from the project's sources by `make static`. It needs no server: any host of files shows it.\n\n"
        "LICENSE is the app's, the folder licenses has those of the packages; Pyodide is under the Mozilla Public "
        "License 2.0, plotly.js under the MIT License."
    )
    return f"---\n{front}---\n\n{about}\n"
