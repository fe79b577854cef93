"""Starts the app as a visitor meets it, for the tests, the picture and the benchmarks."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class AppDidNotStartError(RuntimeError):
    """The server ended, or never answered; the message ends with what it printed."""


@contextlib.contextmanager
def app_server(
    script: Path = ROOT / "app.py",
    seconds: float = 60,
    plain: bool = False,
    port: int = 0,
    installed: Path | None = None,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Runs the app, or another Streamlit script, on a free port of this machine and gives its address meanwhile.

    Args:
        script: What to run: the app by serve.py, any other by `streamlit run`.
        seconds: How long to wait for its first answer.
        plain: Run the app by `streamlit run` too.
        port: Where to serve it; 0 for one that is free.
        installed: The command `oce-explorer` of an environment that the package is installed in, to run instead.
        folder: Where to run it; else in the script's own.
        variables: Of its environment, beside those of this process.
    """
    port = port or free_port()
    if installed is not None:
        command = [str(installed), "--address=127.0.0.1", f"--port={port}"]
    elif script == ROOT / "app.py" and not plain:
        command = [sys.executable, "-m", "serve", "--address=127.0.0.1", f"--port={port}"]
    else:
        command = [sys.executable, "-m", "streamlit", "run", str(script)]
    options = {
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
        "STREAMLIT_SERVER_PORT": str(port),
        "STREAMLIT_SERVER_HEADLESS": "true",
        "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
        "PYTHONDONTWRITEBYTECODE": "",  # what is compiled is kept, as where the app is served
    }
    environment = {**os.environ, **options, **(variables or {})}
    with tempfile.TemporaryFile("w+") as log:
        # In the script's own folder, as .streamlit/config.toml is looked up where Streamlit is started.
        server = subprocess.Popen(
            command, cwd=folder or script.parent, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            if not answers(server, url, seconds):
                log.seek(0)
                how = f"gave no answer for {seconds:.0f} s" if server.poll() is None else "ended at once"
                raise AppDidNotStartError(f"{script} {how}:\n{log.read()[-4000:]}")
            yield url
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(server: subprocess.Popen[bytes], url: str, seconds: float) -> bool:
    """Waits until a server answers; returns whether it does so within so many seconds."""
    deadline = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(url + "/_stcore/health", timeout=2):
            return True
        time.sleep(0.1)
    return False
