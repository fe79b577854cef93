"""How much of one visitor's messages is taken: how many a second, and how large what is compressed may become.

A slider under a finger sends 10 messages a second at most, of a few kB. What is not taken is not read from the socket,
so a flood waits at its sender, and nobody else does.
"""

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MESSAGES_PER_SECOND = 25.0
BURST = 50.0
PIECE_BYTES = 4_096  # of the stream that are looked at at once: a thousand times as much may come out of them
MOST_UNREAD_BYTES = 2_000_000  # of messages that wait for the app; ours are a thousandth of it


class BoundedWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, which inflates everything that came in at one go: here it stops when that is too much."""

    unread_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Takes what came in, a piece at a time."""
        for start in range(0, len(data), PIECE_BYTES):
            super().data_received(data[start : start + PIECE_BYTES])
            if self.unread_bytes > MOST_UNREAD_BYTES:
                self.transport.abort()
            if self.transport.is_closing():
                return

    def send_receive_event_to_app(self) -> None:
        """Queues a message that is complete."""
        self.unread_bytes += sum(map(len, self.frames))
        super().send_receive_event_to_app()

    def connection_lost(self, exc: Exception | None) -> None:
        """Lets go of what waits: nobody is there to see what would come of it."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.unread_bytes = 0
        super().connection_lost(exc)

    async def receive(self) -> Message:  # type: ignore[override]
        """The next message."""
        message: Message = await super().receive()  # type: ignore[assignment]
        self.unread_bytes -= len(message.get("bytes") or message.get("text") or "")
        return message


class Pace:
    """A burst at once, and so many a second afterwards."""

    def __init__(self, per_second: float = MESSAGES_PER_SECOND, burst: float = BURST) -> None:
        self._per_second, self._burst = per_second, burst
        self._left, self._then = burst, time.monotonic()

    def seconds_to_wait(self, now: float) -> float:
        """Counts a message, and says how long it waits."""
        self._left = min(self._burst, self._left + (now - self._then) * self._per_second) - 1
        self._then = now
        return max(0.0, -self._left / self._per_second)


class WebSocketPace:
    """Takes the messages of each socket at its pace."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands on; what comes in over a WebSocket may wait."""
        pace = Pace()

        async def paced() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and (seconds := pace.seconds_to_wait(time.monotonic())):
                await asyncio.sleep(seconds)
            return message

        await self._app(scope, paced if scope["type"] == "websocket" else receive, send)
