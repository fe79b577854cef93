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
    """What all visitors of a host share: how much goes over it, and how fast.

    Attributes:
        log: When it had sent how many bytes: of all answers so far, less their headers.
        megabits_per_second: Its speed; None for as fast as it goes.
        delay: Before each answer [s].
    """

    log: list[tuple[float, int]] = field(default_factory=lambda: [(0.0, 0)], repr=False)
    megabits_per_second: float | None = None
    delay: float = 0.0
    _free_at: float = field(default=0.0, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def sent(self) -> int:
        """The bytes of all answers so far."""
        return self.log[-1][1]

    def sent_until(self, moment: float) -> int:
        """The bytes until a moment, in seconds since the epoch."""
        return self.log[bisect(self.log, moment, key=lambda entry: entry[0]) - 1][1]

    def take(self, size: int) -> None:
        """Waits until so many bytes have gone over the line, in turn with others."""
        with self._lock:
            self.log.append((time.time(), self.sent + size))
            if not self.megabits_per_second:
                return
            self._free_at = max(self._free_at, time.monotonic()) + size * 8 / (self.megabits_per_second * 1e6)
            wait = self._free_at - time.monotonic()
        if wait > 0:
            time.sleep(wait)


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

    def do_GET(self) -> None:
        time.sleep(self._line.delay)
        super().do_GET()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        while data := source.read(CHUNK):
            self._line.take(len(data))
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
