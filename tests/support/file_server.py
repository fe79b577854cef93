"""A plain host of files, as a static Space is one: exact names, nothing packed, nothing worked out."""

from __future__ import annotations

import contextlib
import threading
import time
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CHUNK = 1 << 14  # bytes


@dataclass
class Line:
    """What goes from a host to its visitors.

    Attributes:
        log: When it had sent how many bytes: of all answers so far, less their headers.
    """

    log: list[tuple[float, int]] = field(default_factory=lambda: [(0.0, 0)])
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def sent(self) -> int:
        """The bytes of all answers so far."""
        return self.log[-1][1]

    def sent_until(self, moment: float) -> int:
        """The bytes until a moment, in seconds since the epoch."""
        return self.log[bisect(self.log, moment, key=lambda entry: entry[0]) - 1][1]

    def add(self, size: int) -> None:
        """Counts so many bytes more."""
        with self._lock:
            self.log.append((time.time(), self.sent + size))


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        self._line = line
        super().__init__(*args, **kwargs)

    def copyfile(self, source: Any, outputfile: Any) -> None:
        while data := source.read(CHUNK):
            self._line.add(len(data))
            outputfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of browsers that leave before all has come."""


@contextlib.contextmanager
def file_server(folder: Path, line: Line | None = None) -> Iterator[str]:
    """Shows a folder on a free port of this machine, and gives its address meanwhile."""
    with _Server(("127.0.0.1", 0), partial(_Handler, directory=str(folder), line=line or Line())) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
