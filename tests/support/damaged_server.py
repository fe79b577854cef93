"""A server that is started on a copy of the code and data, to be damaged; and whether its answers are right."""

from __future__ import annotations

import contextlib
import html
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from oce import catalog, descriptions, estimate, units
from oce.scenario import Scenario
from pages.session import link
from tests.support import outgoing
from tests.support.app_server import ROOT, free_port
from tests.support.http_answers import asked
from tests.support.visitors import run, visit

LINK = {"parameters": "7e9", "tokens": "2e12", "device": "h100-sxm", "device_count": "64", "region": "FRA"}
PARTS = ("app.py", "serve.py", ".streamlit", "data", "oce", "pages")
PATIENCE_S = 30.0


@dataclass
class Server:
    """A server that was started, and what it has printed."""

    process: subprocess.Popen[bytes]
    url: str
    printed: list[bytes] = field(default_factory=list)
    thread: threading.Thread | None = None

    def read(self) -> None:
        """Takes what it prints: by a pipe, as a disk may be full."""
        assert self.process.stdout is not None
        self.printed.extend(iter(self.process.stdout.readline, b""))

    def said(self) -> str:
        """All that it has printed so far."""
        return b"".join(self.printed).decode(errors="replace")

    def answers(self) -> bool:
        """Waits until it answers; whether it does so before it ends."""
        end = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError):
                return asked(self.url + "/_stcore/health")[0] == 200
            time.sleep(0.05)
        return False

    def ended(self) -> str:
        """Waits until it ends by itself; what it printed."""
        self.process.wait(PATIENCE_S)
        assert self.thread is not None
        self.thread.join()
        return self.said()


@contextlib.contextmanager
def started(
    folder: Path,
    port: int = 0,
    variables: Mapping[str, str] | None = None,
    most_written: int | None = None,
    wrapped: Sequence[str] = (),
    seconds_outside: float = 0.0,
) -> Iterator[Server]:
    """Starts the server that lies in a folder.

    Args:
        folder: Where it lies.
        port: Where it listens; 0 for one that is free.
        variables: Of its environment, beside those of this process.
        most_written: How many bytes it can write to a file; any number if not given.
        wrapped: A command that starts it, if it is not to be started by itself.
        seconds_outside: After how long a try to reach another host fails.
    """
    port = port or free_port()
    command = [*wrapped, sys.executable, "-m", "serve", "--address=127.0.0.1", f"--port={port}"]
    with outgoing.refused(seconds_outside) as hook:
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", **(variables or {}), **hook}
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if most_written is not None:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most_written, most_written))
        server = Server(process, f"http://127.0.0.1:{port}")
        server.thread = threading.Thread(target=server.read, daemon=True)
        server.thread.start()
        try:
            yield server
        finally:
            process.kill()
            process.wait()
            server.thread.join()
            process.stdout.close()  # type: ignore[union-attr]


@contextlib.contextmanager
def copied() -> Iterator[Path]:
    """A copy of the code and the data, to be damaged."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "app")
        folder.mkdir()
        for name in PARTS:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, folder)
        yield folder


# --- what is right ---


def headlines() -> tuple[str, str]:
    """What the first page and the link have to say, by the library as it is here."""
    model = catalog.model("llama-3-70b")
    of_both = ((model.scenario(), model.name), (Scenario(**link.from_parameters(LINK)[0]), "this model"))
    first, linked = (units.typeset(descriptions.headline(estimate(one), called)) for one, called in of_both)
    return first, linked


def heading(body: bytes) -> str:
    """The heading of a first answer; empty where it has none."""
    found = re.search(r"<h1>(.*?)</h1>", body.decode(errors="replace"))
    return html.unescape(found[1]) if found else ""


def leaks(text: str) -> bool:
    """Whether a visitor's answer has a traceback or a path of the server."""
    return "Traceback" in text or 'File "' in text or tempfile.gettempdir() in text or str(ROOT) in text


def wrong_answers(url: str) -> list[str]:
    """What is wrong with what a visitor gets from a server that runs."""
    first, linked = headlines()
    query = urlencode(LINK)
    found = []
    for path, wanted in (("/", first), (f"/?{query}", linked)):
        status, _, body = asked(url + path)
        if status != 200 or heading(body) != wanted or leaks(body.decode(errors="replace")):
            found.append(f"{path} is answered {status}, {heading(body)!r}")
    status, _, body = asked(f"{url}/oce/live?live=explore&{query}")
    if status != 200 or json.loads(body)["texts"]["headline"] != linked:
        found.append(f"a move of a slider is answered {status}")
    visitor = run(visit(url, query))
    if visitor.title != linked or visitor.errors:
        found.append(f"the page says {visitor.title!r}, {visitor.errors}")
    return found


def judged(server: Server, also: Sequence[str] = ()) -> tuple[str, ...]:
    """What is wrong with a server that is to answer as if nothing were."""
    if not server.answers():
        return (f"does not answer: {server.said()[-300:]}",)
    wrong = [*also, *wrong_answers(server.url)]
    if "Traceback" in server.said():
        wrong.append("a traceback in its log")
    return (*wrong, *(f"asked {host}" for host in outgoing.asked(server.said())))


def last_line(said: str) -> str:
    """The last line that a server printed, short enough for a table."""
    return re.sub(r"\s+", " ", said.strip().rpartition("\n")[2])[:160].replace("|", "\\|")
