"""Visitors without a browser: sessions of the app over its websocket, in Streamlit's own messages."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

T = TypeVar("T")

SLIDER = "Training tokens"  # the text entry, which every way of serving the app has


@dataclass
class Visitor:
    """One session: what it shows, and what went wrong in it."""

    socket: ClientConnection
    query: str = ""
    page: str = ""
    session: str = ""
    entry: str = ""  # the id of the control that is used
    title: str = ""
    held: set[str] = field(default_factory=set)  # large messages, which the server then refers to, as in a browser
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    async def open(self) -> None:
        """The first run."""
        await self._run(None)

    async def enter(self, text: str) -> None:
        """Types the number of tokens, and waits for the whole answer."""
        await self._run(text)

    async def _run(self, text: str | None) -> None:
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.cached_message_hashes.extend(self.held)
        if text is not None:
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.string_value = self.entry, text
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while True:
            received = ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(), 60))
            kind = received.WhichOneof("type")
            if received.metadata.cacheable:
                self.held.add(received.hash or received.ref_hash)
            if kind == "new_session":
                self.page = received.new_session.page_script_hash
                self.session = received.new_session.initialize.session_id
            elif kind == "page_info_changed":
                self.query = received.page_info_changed.query_string
            elif kind == "session_event" and received.session_event.HasField("script_compilation_exception"):
                self.errors.append(received.session_event.script_compilation_exception.message)
            elif kind == "delta":
                self._take(received)
            elif kind == "script_finished" and received.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                break
        self.seconds.append(time.perf_counter() - start)

    def _take(self, received: ForwardMsg) -> None:
        element = received.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.message)
        elif kind == "text_input" and element.text_input.label == SLIDER:
            self.entry = element.text_input.id
        elif kind == "heading" and element.heading.tag == "h1":
            self.title = element.heading.body


async def visit(url: str, query: str = "") -> Visitor:
    """A new session of the app."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    visitor = Visitor(await connect(address, subprotocols=["streamlit"], max_size=None, origin=url), query)
    await visitor.open()
    return visitor


def resident(pid: int) -> float:
    """What a process holds of the machine's memory [MB]."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


def server_of(url: str) -> int:
    """The process that serves this address, as tools/app_server.py started it."""
    port = f"--port={url.rpartition(':')[2]}".encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if port in path.read_bytes().split(b"\0"):
                return int(path.parent.name)
        except OSError:  # it has ended
            continue
    raise LookupError(f"no server for {url}")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Does the work of a coroutine in a thread of its own: Playwright keeps a loop running in the tests' thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
