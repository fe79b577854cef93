"""The start of the app in the browser: the only place where it differs from serve.py.

A snapshot of Python's memory, for a second visit, holds Streamlit and what that needs (node/snapshot.mjs).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, TypeVar

import static.file_host  # noqa: F401 - before the app
from static.browser import one_thread

one_thread.take_over()

from pages.server import request_queue  # noqa: E402 - after the threads are replaced

T = TypeVar("T")


def part_of_server(name: str) -> ModuleType:
    """A module of pages/server, loaded when it is asked for: serve.py loads them all before the first visitor comes."""
    if name.startswith("__"):
        raise AttributeError(name)
    return importlib.import_module(f"pages.server.{name}")


class NoQueue(request_queue.RequestQueue):
    """One visitor and one thread: work is done at once, and to wait for a turn would be to wait for ever."""

    @contextmanager
    def turn(self, kind: request_queue.Kind = request_queue.Kind.RUN) -> Iterator[None]:
        """It is always the turn of who asks."""
        yield

    async def run(
        self, work: Callable[[], T], kind: request_queue.Kind = request_queue.Kind.PREVIEW, client: str = ""
    ) -> T:
        """Does the work."""
        return work()


def stand_in(name: str, **values: object) -> ModuleType:
    """Puts a module that holds no more than these values in the place of one that the browser does not have."""
    parent, _, own = name.rpartition(".")
    module = sys.modules[name] = ModuleType(name)
    if parent:
        setattr(sys.modules.get(parent) or stand_in(parent), own, module)
    module.__dict__.update(values)
    return module


request_queue.QUEUE = NoQueue()
library = ModuleType("pages.server.library")
library.__getattr__ = part_of_server  # type: ignore[method-assign]
library.__dict__["require_whole_data"] = lambda: None  # the data come with the app, as a whole or not at all
sys.modules[library.__name__] = library
# Nothing is compressed on its way from a worker to its page, nor is there a socket.
stand_in("brotli")
stand_in("uvicorn.protocols.websockets.websockets_sansio_impl", WebSocketsSansIOProtocol=object)

from pages.server import application  # noqa: E402 - after the threads are replaced
from static.browser.bridge import Bridge  # noqa: E402


async def start(post: Callable[..., None]) -> Bridge:
    """Starts the application.

    Args:
        post: Sends a message to the page.
    """
    from pyodide.ffi import to_js

    def post_plain(kind: str, number: int, *rest: Any) -> None:
        post(kind, number, *(to_js(part) for part in rest))

    bridge = Bridge(application.app, post_plain)
    await bridge.start()
    return bridge
