"""Carries requests and sockets between a page and an ASGI application: Python's side of web/worker.js."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, MutableMapping
from typing import Any
from urllib.parse import unquote

Message = MutableMapping[str, Any]
App = Callable[..., Awaitable[None]]
Pairs = list[list[str]]


class Bridge:
    """One page and one application.

    Args:
        app: The application.
        post: Sends the page a message: its kind, the number of the request or socket, and what belongs to it.
    """

    def __init__(self, app: App, post: Callable[..., None]) -> None:
        self._app = app
        self._post = post
        self._sockets: dict[int, asyncio.Queue[Message]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Starts the application: ASGI's lifespan protocol."""
        started = asyncio.get_running_loop().create_future()

        async def send(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                started.set_result(None)
            elif message["type"] == "lifespan.startup.failed":
                started.set_exception(RuntimeError(message.get("message", "")))

        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._go(self._app(scope, _once({"type": "lifespan.startup"}), send))
        await started

    def request(self, number: int, method: str, target: str, headers: Any, body: Any) -> None:
        """Answers a request by "answer", its number, status, headers and body."""
        data = body.to_bytes() if body else b""
        self._go(self._answer(number, {**_scope("http", target, headers.to_py()), "method": method}, data))

    async def _answer(self, number: int, scope: Message, body: bytes) -> None:
        start: Mapping[str, Any] = {"status": 500}
        parts: list[bytes] = []

        async def send(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif message["type"] == "http.response.body":
                parts.append(bytes(message.get("body", b"")))

        try:
            await self._app(scope, _once({"type": "http.request", "body": body, "more_body": False}), send)
        finally:
            pairs = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in start.get("headers", ())]
            self._post("answer", number, start["status"], pairs, b"".join(parts))

    def connect(self, number: int, target: str, headers: Any, protocols: Any) -> None:
        """Opens a socket; "open", "message" and "close" say what comes of it."""
        names = list(protocols.to_py())
        scope = _scope("websocket", target, [*headers.to_py(), ["sec-websocket-protocol", ", ".join(names)]])
        queue: asyncio.Queue[Message] = asyncio.Queue()
        queue.put_nowait({"type": "websocket.connect"})
        self._sockets[number] = queue
        self._go(self._socket(number, {**scope, "subprotocols": names}, queue))

    async def _socket(self, number: int, scope: Message, queue: asyncio.Queue[Message]) -> None:
        async def send(message: Message) -> None:
            match message["type"]:
                case "websocket.accept":
                    self._post("open", number, message.get("subprotocol") or "")
                case "websocket.send":
                    data = message.get("bytes")
                    self._post("message", number, message["text"] if data is None else data)
                case "websocket.close":
                    self._post("close", number, message.get("code", 1000))

        try:
            await self._app(scope, queue.get, send)
        finally:
            self._sockets.pop(number, None)
            self._post("close", number, 1000)

    def receive(self, number: int, data: Any) -> None:
        """Hands on what the page sends through a socket."""
        text, body = (data, None) if isinstance(data, str) else (None, data.to_bytes())
        self._put(number, {"type": "websocket.receive", "bytes": body, "text": text})

    def disconnect(self, number: int, code: int) -> None:
        """Hands on that the page has closed a socket."""
        self._put(number, {"type": "websocket.disconnect", "code": code})

    def _put(self, number: int, message: Message) -> None:
        if number in self._sockets:
            self._sockets[number].put_nowait(message)

    def _go(self, work: Awaitable[None]) -> None:
        async def coroutine() -> None:
            await work

        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(coroutine())
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error:
            sys.excepthook(type(error), error, error.__traceback__)


def _once(message: Message) -> Callable[[], Coroutine[Any, Any, Message]]:
    """An ASGI `receive` that has one message, and waits from then on: the page stays."""
    left = [message]

    async def receive() -> Message:
        if not left:
            await asyncio.get_running_loop().create_future()
        return left.pop()

    return receive


def _scope(kind: str, target: str, headers: Pairs) -> Message:
    path, _, query = target.partition("?")
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        "state": {},
    }
