"""Serves the app: `python -m serve [--address localhost] [--port 8501]`, or `oce-explorer` where it is installed.

The server listens as soon as Streamlit is loaded: the data, and all else that pages need, is read while the first
browser loads the first page. Where a data file is damaged, the server says so and stops.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

if find_spec("streamlit") is None:  # which brings uvicorn
    sys.exit("serve: Streamlit is not installed: pip install 'opencarboneval-explorer[app]'")

import uvicorn

FOLDER = Path(__file__).resolve().parent  # of the app: the root of a checkout, oce_explorer/ where it is installed
ALONE_SECONDS = 0.1  # for the first answer on its way to who woke the server, before more is read and compressed
SMALL_SECONDS = 5.0  # after which files are compressed well: who wakes the server is answered first
SWITCH_SECONDS = 0.0005  # 5 ms else, for which the thread that talks with browsers waits again and again
LOOPBACK = ("localhost", "127.0.0.1", "::1")  # who listens there is called so, and nothing else
STARTUP_FAILURE = 3  # the exit status that uvicorn has for it


class Server(uvicorn.Server):
    """Once it listens, it reads and prepares what pages need; it stops where that cannot be read."""

    damage: str | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to listen, and what goes on beside that."""
        await super().startup(sockets)
        if not self.started:
            return
        from pages.server import memory

        print(f"The app is on http://{self.config.host}:{self.config.port}", flush=True)
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=memory.give_back, args=(asyncio.get_running_loop(),), daemon=True).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Sends away who waits for a turn, and stops."""
        from pages.server.request_queue import QUEUE

        QUEUE.close()
        await super().shutdown(sockets)

    def read(self) -> None:
        """Reads all data, and loads all code that pages need."""
        import oce  # noqa: F401  whole, before a part of it (pages/server/library.py)
        from oce.catalog.reader import DataError
        from pages.server import application
        from pages.server.request_queue import QUEUE, Kind, NoTurnError

        try:
            from pages.server.library import data_check, first_answer

            data_check.whole()
            # Not beside the first visitor's. Without a turn the server is stopping, or has visitors who do the same.
            with suppress(NoTurnError), QUEUE.turn(Kind.FIRST_ANSWER):
                first_answer.first_answer("explore", "")
            time.sleep(ALONE_SECONDS)
            threading.Thread(target=application.pack_first, args=(SMALL_SECONDS,), daemon=True).start()
            data_check.read_everything()
            with suppress(NoTurnError), QUEUE.turn():
                application.preview_of({})
        except DataError as error:
            self.damage, self.should_exit = str(error), True
        finally:
            gc.freeze()  # what is loaded by now stays: no collection looks through it again
            gc.enable()


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
    from pages.server import memory

    memory.share_heaps()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()  # until all is loaded, none of which is rubbish: to look through it takes a sixth of the start
    server = Server(configuration(options.address, options.port))
    with suppress(KeyboardInterrupt):
        server.run()
    if server.damage:
        sys.exit(f"serve: {server.damage}")
    if not server.started:
        sys.exit(STARTUP_FAILURE)


def configuration(address: str, port: int) -> uvicorn.Config:
    """How the app is served."""
    without_plotlys_theme()
    import streamlit as st
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
