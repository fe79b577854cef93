"""Answers to links that are kept, and made: a bound on their number, their bytes and the work that waits."""

import asyncio
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from pages.server.request_queue import NoTurnError

MOST_WAITING = 32  # answers that are asked for and not made yet
PATIENCE = 8.0  # seconds until the page comes without its answer: more than the first takes, while data are read


@dataclass(frozen=True)
class Answer:
    """What is sent, and a tag that changes with it."""

    body: bytes
    tag: str


class KeptAnswers:
    """The answers asked for last, and the threads that make those that are not kept.

    Who asks for what another asks for already waits for the same work: a class that opens one link makes it once.

    Args:
        most: How many are kept.
        most_bytes: How many bytes of them.
        threads: How many are made at once.
    """

    def __init__(self, most: int, most_bytes: int, threads: int = 1) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._bytes = 0
        self._guard = threading.Lock()
        self._making: dict[Hashable, Future[Answer | None]] = {}
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="answers")

    async def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer | None:
        """The answer that is kept, or that `make` makes off the event loop.

        Returns:
            None where too many wait already, where it takes too long, or where it cannot be made.
        """
        found = self._found(key)
        if found is not None:
            return found
        making = self._making.get(key)
        if making is None:
            if len(self._making) >= MOST_WAITING:
                return None
            making = self._making[key] = self._threads.submit(self._make, key, make)
            making.add_done_callback(lambda _: self._making.pop(key, None))
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(making)), PATIENCE)
        except TimeoutError:
            return None

    @property
    def size(self) -> tuple[int, int]:
        """How many are kept, and their bytes."""
        return len(self._kept), self._bytes

    def _found(self, key: Hashable) -> Answer | None:
        with self._guard:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _make(self, key: Hashable, make: Callable[[], Answer]) -> Answer | None:
        try:
            answer = make()
        except NoTurnError:
            return None
        except Exception:  # the app itself says what is wrong; a first response never fails for it
            logging.getLogger(__name__).exception("no answer to a link")
            return None
        with self._guard:
            if key not in self._kept:
                self._kept[key] = answer
                self._bytes += len(answer.body)
            while len(self._kept) > self._most or self._bytes > self._most_bytes:
                self._bytes -= len(self._kept.popitem(last=False)[1].body)
        return answer
