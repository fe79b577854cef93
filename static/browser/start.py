"""The start of the app in the browser: the only place where it differs from serve.py.

What can be done without a page is done when this is imported, so that it can be kept in a snapshot of Python's memory
(node/snapshot.mjs).
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from static.browser import one_thread

os.environ["OPENCARBONEVAL_PAGE_ENDING"] = ".html"  # a host of files knows its pages by their whole names
one_thread.take_over()

from pages.server import application  # noqa: E402 - after the threads are replaced
from static.browser.bridge import Bridge  # noqa: E402

PACKS = {"pandas": "pandas", "narwhals": "pandas", "scipy": "scipy", "pyarrow": "arrow", "ecologits": "ecologits"}


class BringPack(importlib.abc.MetaPathFinder):
    """Brings the pack of a package when it is imported for the first time (static/packs.py makes them)."""

    def __init__(self) -> None:
        self.bring: Callable[[str], None] | None = None
        self._brought: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Has the pack written into the file system, and leaves the rest to Python."""
        pack = PACKS.get(fullname)
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
