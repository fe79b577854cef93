"""Work for a request over HTTP: done in its turn, and given up where the client has gone before."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request

from pages.server.request_queue import QUEUE, Kind

T = TypeVar("T")


class ClientGoneError(ConnectionError):
    """Nobody waits for the answer any more."""


async def done(request: Request, work: Callable[[], T], kind: Kind) -> T:
    """What the work comes to, once it had its turn (:meth:`RequestQueue.run`).

    Raises:
        ClientGoneError: Where the client left, or asks for something else, before it was done.
        NoTurnError: Where too many wait, or it did not come in time.
    """
    client = request.client.host if request.client else ""
    working, leaving = asyncio.ensure_future(QUEUE.run(work, kind, client)), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGoneError
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def _gone(request: Request) -> None:
    """Returns once the connection is closed."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
