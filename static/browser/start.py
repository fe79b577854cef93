"""The start of the app in the browser: the only place where it differs from serve.py.

What can be done without a page is done when this is imported, so that it can be kept in a snapshot of Python's memory
(node/snapshot.mjs).
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import static.file_host  # noqa: F401 - before the app
from static.browser import one_thread

one_thread.take_over()


def part_of_server(name: str) -> ModuleType:
    """A module of pages/server, loaded when it is asked for: serve.py loads them all before the first visitor comes."""
    if name.startswith("__"):
        raise AttributeError(name)
    return importlib.import_module(f"pages.server.{name}")


library = ModuleType("pages.server.library")
library.__getattr__ = part_of_server  # type: ignore[method-assign]
sys.modules[library.__name__] = library
sys.modules["brotli"] = ModuleType("brotli")  # nothing is compressed on its way from a worker to its page

from pages.server import application  # noqa: E402 - after the threads are replaced
from static.browser.bridge import Bridge  # noqa: E402
from static.browser.later import PACK_OF  # noqa: E402


class BringPack(importlib.abc.MetaPathFinder):
    """Brings the pack of a package when it is imported for the first time (static/packs.py makes them)."""

    def __init__(self) -> None:
        self.bring: Callable[[str], None] | None = None
        self._brought: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Has the pack written into the file system, and leaves the rest to Python."""
        pack = PACK_OF.get(fullname)
        if pack is None or pack in self._brought or self.bring is None:
            return None
        self._brought.add(pack)
        self.bring(pack)
        importlib.invalidate_caches()
        return importlib.util.find_spec(fullname)


finder = BringPack()
sys.meta_path.append(finder)


async def start(bring: Callable[[str], None], post: Callable[..., None]) -> Bridge:
    """Starts the application.

    Args:
        bring: Writes the files of a pack into Python's file system.
        post: Sends a message to the page.
    """
    from pyodide.ffi import to_js

    finder.bring = bring
    importlib.invalidate_caches()

    def post_plain(kind: str, number: int, *rest: Any) -> None:
        post(kind, number, *(to_js(part) for part in rest))

    bridge = Bridge(application.app, post_plain)
    await bridge.start()
    return bridge
