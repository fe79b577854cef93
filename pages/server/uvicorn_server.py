"""The server as serve.py runs it: it listens first, and reads what pages need while the first browser loads."""

import asyncio
import contextlib
import gc
import socket
import threading

import uvicorn

from pages.server import early_answers, memory
from pages.server.early_listener import EarlyListener
from pages.server.request_queue import QUEUE

SMALL_SECONDS = 5.0  # after which files are compressed well: who wakes the server is answered first


class Server(uvicorn.Server):
    """Once it listens, it reads and prepares what pages need; it stops where that cannot be read."""

    damage: str | None = None

    def __init__(self, config: uvicorn.Config, early: EarlyListener | None = None) -> None:
        super().__init__(config)
        self._early = early

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to listen, and what goes on beside that."""
        waiting = self._early.stop() if self._early else []
        await super().startup(sockets)
        if not self.started:
            return
        for one in waiting:
            await self._take(one)
        print(f"The app is on http://{self.config.host}:{self.config.port}", flush=True)
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=memory.give_back, args=(asyncio.get_running_loop(),), daemon=True).start()

    async def _take(self, connection: socket.socket) -> None:
        """Goes on with a connection that came before the server listened."""

        def protocol() -> asyncio.Protocol:
            made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
                config=self.config, server_state=self.server_state, app_state=self.lifespan.state
            )
            return made

        with contextlib.suppress(OSError):  # it is closed by now
            await asyncio.get_running_loop().connect_accepted_socket(protocol, connection)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Sends away who waits for a turn, and stops."""
        QUEUE.close()
        await super().shutdown(sockets)

    def read(self) -> None:
        """Reads all data, and loads all code that pages need."""
        import oce  # noqa: F401  whole, before a part of it (pages/server/library.py)
        from oce.catalog.reader import DataError
        from pages.server import application

        try:
            from pages.server.library import data_check, first_answer

            data_check.whole()
            first_answer.first_answer("explore", "")  # what the first visitor waits for
            threading.Thread(target=prepare, daemon=True).start()
            data_check.read_everything()
            with QUEUE.turn():
                application.preview_of({})
        except DataError as error:
            self.damage, self.should_exit = str(error), True
        finally:
            gc.freeze()  # what is loaded by now stays: no collection looks through it again
            gc.enable()


def prepare() -> None:
    """Compresses what browsers ask for first, and keeps answers for the next start."""
    from pages.server import application

    application.pack_first(SMALL_SECONDS)
    if not early_answers.is_kept():
        application.keep_for_the_next_start()
