"""Visitors without a browser: sessions of the app over its websocket, in Streamlit's own messages."""

from __future__ import annotations

import asyncio
import json
import os
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
from websockets.typing import Origin, Subprotocol

T = TypeVar("T")

STREAMLIT = Subprotocol("streamlit")
KEPT_RUNS = 2  # global.maxCachedMessageAge
SLIDER = "Training tokens"  # the text entry, which every way of serving the app has


@dataclass
class Visitor:
    """One session: what it shows, and what went wrong in it."""

    socket: ClientConnection
    query: str = ""
    page: str = ""
    name: str = ""  # of the page that is asked for first, as in its address
    session: str = ""
    entry: str = ""  # the id of the control that is used
    uploaders: dict[str, str] = field(default_factory=dict)  # the ids of places for a file, by label
    title: str = ""
    colour: str = ""  # the first of the light theme, by which a server's configuration is known
    # Large messages, which the server then refers to, by the number of the run that last had them: as a browser does.
    held: dict[str, int] = field(default_factory=dict)
    runs: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    live_seconds: list[float] = field(default_factory=list)
    dropped: int = 0  # positions of the slider that were not answered
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None  # kept from one live answer to the next

    async def ask(self) -> None:
        """Asks for the first run, and waits for nothing."""
        message = BackMsg()
        message.rerun_script.query_string, message.rerun_script.page_name = self.query, self.name
        await self.socket.send(message.SerializeToString())

    async def open(self) -> None:
        """The first run."""
        await self._run(None)

    async def enter(self, text: str) -> None:
        """Types the number of tokens, and waits for the whole answer."""
        await self._run(text)

    async def follow(self, tokens: float) -> None:
        """Passes a position of the slider while it moves, and waits for what the page then shows (slider.js)."""
        host, port = self.socket.remote_address[:2]
        if self.connection is None or self.connection[0].at_eof():  # a server closes what is not used for a while
            self.connection = await asyncio.open_connection(host, port)
        reader, writer = self.connection
        start = time.perf_counter()
        address = f"/oce/live?live={self.name or 'explore'}&tokens={tokens:.0f}"
        writer.write(f"GET {address} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
        except (asyncio.IncompleteReadError, ConnectionError):  # it was closed as this went out: a browser asks again
            self.connection = None
            return await self.follow(tokens)
        body = await reader.readexactly(int(re.search(rb"content-length: (\d+)", head)[1]))  # type: ignore[index]
        self.live_seconds.append(time.perf_counter() - start)
        if b" 200 " in head.partition(b"\r\n")[0]:
            self.title = json.loads(body)["texts"]["headline"]
        elif b" 503 " in head.partition(b"\r\n")[0]:  # too many ask: the run of the page says it
            self.dropped += 1
        else:
            self.errors.append(head.decode())
        return None

    async def send(self, label: str, name: str, size: int) -> None:
        """Asks for a run with a file that was put to the server under this name, and waits for nothing."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id = self.uploaders[label]
        file = widget.file_uploader_state_value.uploaded_file_info.add()
        file.file_id, file.name, file.size = name, "runs.csv", size
        file.file_urls.file_id = name
        await self.socket.send(message.SerializeToString())

    async def leave(self) -> None:
        """Closes the page."""
        if self.connection:
            self.connection[1].close()
        await self.socket.close()

    async def _run(self, text: str | None) -> None:
        self.runs += 1
        self.held = {one: run for one, run in self.held.items() if self.runs - run <= KEPT_RUNS}
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page
        if not self.page:
            message.rerun_script.page_name = self.name
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
                self.held[received.hash or received.ref_hash] = self.runs
            if kind == "new_session":
                self.page = received.new_session.page_script_hash
                self.session = received.new_session.initialize.session_id
                self.colour = received.new_session.custom_theme.light.primary_color
            elif kind == "navigation":
                self.page = received.navigation.page_script_hash
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
        elif kind == "file_uploader":
            self.uploaders[element.file_uploader.label] = element.file_uploader.id
        elif kind == "heading" and element.heading.tag == "h1":
            self.title = element.heading.body


async def visit(url: str, query: str = "", page: str = "") -> Visitor:
    """A new session of the app, on a page by its name in the address."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    visitor = Visitor(
        await connect(address, subprotocols=[STREAMLIT], max_size=None, origin=Origin(url)), query, name=page
    )
    await visitor.open()
    return visitor


def resident(pid: int) -> float:
    """What a process holds of the machine's memory [MB]."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


def processor_seconds(pid: int) -> float:
    """What a process has taken of processors since its start [s]."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def server_of(url: str) -> int:
    """The process that serves this address, as tests/support/app_server.py started it."""
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
