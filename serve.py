"""Serves the app: `python -m serve [--address localhost] [--port 8501]`, or `oce-explorer` where it is installed.

Pages that its last start kept are answered at once. The server itself listens as soon as Streamlit is loaded: the
data, and all else that pages need, is read while the first browser loads the first page. Where a data file is damaged,
the server says so and stops.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if find_spec("streamlit") is None:  # which brings uvicorn
    sys.exit("serve: Streamlit is not installed: pip install 'opencarboneval-explorer[app]'")

if TYPE_CHECKING:
    import uvicorn

FOLDER = Path(__file__).resolve().parent  # of the app: the root of a checkout, oce_explorer/ where it is installed
SWITCH_SECONDS = 0.0005  # 5 ms else, for which the thread that talks with browsers waits again and again
LOOPBACK = ("localhost", "127.0.0.1", "::1")  # who listens there is called so, and nothing else
STARTUP_FAILURE = 3  # the exit status that uvicorn has for it


def main() -> None:
    """Serves until it is stopped."""
    name = "oce-explorer" if __package__ else "python -m serve"
    parser = argparse.ArgumentParser(prog=name, description="Serves the OpenCarbonEval explorer.")
    parser.add_argument("--address", default="localhost", help="to listen on (default: localhost; 0.0.0.0 is all)")
    parser.add_argument("--port", type=int, default=8501, help="to listen on (default: 8501)")
    options = parser.parse_args()
    if not 0 < options.port < 65536:
        parser.error(f"argument --port: {options.port} is not a port: 1 to 65535")
    os.chdir(FOLDER)  # Streamlit takes .streamlit/config.toml from where it runs
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))
    from pages.server import early_listener, memory

    memory.share_heaps()
    sys.setswitchinterval(SWITCH_SECONDS)
    early = early_listener.begun(options.address, options.port)
    gc.disable()  # until all is loaded, none of which is rubbish: to look through it takes a sixth of the start
    found = configuration(options.address, options.port)
    from pages.server.uvicorn_server import Server

    server = Server(found, early)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(list(early.sockets) if early else None)
    if server.damage:
        sys.exit(f"serve: {server.damage}")
    if not server.started:
        sys.exit(STARTUP_FAILURE)


def configuration(address: str, port: int) -> uvicorn.Config:
    """How the app is served."""
    without_plotlys_theme()
    import streamlit as st
    import uvicorn
    from streamlit import config

    from pages.server import application, websocket_bounds

    if address in LOOPBACK and not config.get_option("server.allowedHosts"):
        config.set_option("server.allowedHosts", list(LOOPBACK))
    return uvicorn.Config(
        application.app,
        host=address,
        port=port,
        access_log=False,
        log_level="warning",
        # What Streamlit itself runs, with a bound; its sockets send small messages at once (TCP_NODELAY).
        ws=websocket_bounds.BoundedWebSocket,
        ws_max_size=st.get_option("server.maxWidgetStateSize") * 1_000_000,
        ws_per_message_deflate=st.get_option("server.enableWebsocketCompression"),
        timeout_graceful_shutdown=2,  # pages that are open keep their connection
    )


def without_plotlys_theme() -> None:
    """Imports Streamlit as if there were no Plotly, a sixth of the time until the server listens.

    Streamlit gives Plotly's figures a theme of its own, for which it imports all of Plotly. Charts that are served so
    are plain dictionaries, and drawn by an element of ours (pages/widgets/chart.py).
    """
    sys.modules["plotly.graph_objects"] = None  # type: ignore[assignment]
    import streamlit  # noqa: F401

    del sys.modules["plotly.graph_objects"]


if __name__ == "__main__":
    main()
