"""Listens before the server is loaded: answers for pages that were kept (early_answers.py), and holds what else comes.

It looks at a request without taking it, so that the server finds it whole: each connection that is not answered here is
handed on, as if it had come a moment later.
"""

import contextlib
import os
import selectors
import socket
import threading
from collections.abc import Sequence

from pages.server import early_answers, encodings
from pages.session import site

MOST_BYTES = 16_384  # of a request that is answered here
MOST_HELD = 500  # connections; further ones wait in the system's own queue
SEND_SECONDS = 0.2  # for who does not read
OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")
ADDRESSES = {"/" if page == site.FIRST else f"/{page}": page for page in site.PAGES}


class EarlyListener:
    """Answers and holds connections in a thread of its own, from its making to :meth:`stop`.

    Args:
        address: To listen on.
        port: To listen on.

    Raises:
        OSError: Where it cannot listen there.
    """

    def __init__(self, address: str, port: int) -> None:
        self.sockets = _listening(address, port)
        self._local = address in ("localhost", "127.0.0.1", "::1")
        self._held: list[socket.socket] = []
        self._wakes, self._wake = socket.socketpair()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> list[socket.socket]:
        """Stops to answer; `sockets` go on listening.

        Returns:
            The connections that wait for an answer.
        """
        self._wake.close()
        self._thread.join()
        self._wakes.close()
        return self._held

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            for listening in (*self.sockets, self._wakes):
                selector.register(listening, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if self._wakes in ready:
                    return
                for one in ready:
                    assert isinstance(one, socket.socket)
                    if one in self.sockets:
                        if len(self._held) < MOST_HELD and (new := _accepted(one)):
                            self._held.append(new)
                            selector.register(new, selectors.EVENT_READ)
                        continue
                    selector.unregister(one)
                    if self._is_done(one):
                        self._held.remove(one)
                        one.close()

    def _is_done(self, connection: socket.socket) -> bool:
        """Whether a connection needs nothing more: it was answered, or it is closed."""
        try:
            asked = connection.recv(MOST_BYTES, socket.MSG_PEEK)
            found = self.answer(asked) if asked else b""
            if found:
                connection.recv(MOST_BYTES)
                connection.settimeout(SEND_SECONDS)
                connection.sendall(found)
        except OSError:
            return True
        return found is not None

    def answer(self, asked: bytes) -> bytes | None:
        """What is sent for a request; None where the server has to answer it."""
        head, end, _ = asked.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, _, rest = first.partition(" ")
        path, _, version = rest.partition(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if not end or (method, version) != ("GET", "HTTP/1.1") or path not in ADDRESSES:
            return None
        if self._local and headers.get("host", "").rpartition(":")[0] not in OWN_NAMES:
            return None
        kept = early_answers.of_page(ADDRESSES[path], early_answers.origin(headers, "http"))
        if kept is None:
            return None
        body, sent = kept.body.encode(), {**kept.headers, "connection": "close"}
        encoding = encodings.taken(headers.get("accept-encoding", ""))
        if encoding:
            body, sent["content-encoding"] = encodings.QUICK[encoding](body), encoding
        sent["content-length"] = str(len(body))
        said = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        return f"HTTP/1.1 200 OK\r\n{said}\r\n".encode("latin-1") + body


def begun(address: str, port: int) -> EarlyListener | None:
    """A listener, where there is something that it could answer with and it can listen."""
    early_answers.load()
    if os.environ.get("STREAMLIT_SERVER_ALLOWED_HOSTS") or not early_answers.is_kept():
        return None
    with contextlib.suppress(OSError):  # which the server says as it starts to listen
        return EarlyListener(address, port)
    return None


def _listening(address: str, port: int) -> Sequence[socket.socket]:
    """Sockets on all that an address stands for, as asyncio makes them."""
    found: list[socket.socket] = []
    try:
        for family, kind, protocol, _, target in dict.fromkeys(
            socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        ):
            one = socket.socket(family, kind, protocol)
            found.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(target)
            one.listen(2048)
            one.setblocking(False)
    except OSError:
        for one in found:
            one.close()
        raise
    return found


def _accepted(listening: socket.socket) -> socket.socket | None:
    try:
        found, _ = listening.accept()
    except OSError:
        return None
    found.setblocking(False)
    return found
