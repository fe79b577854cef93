"""Runs of pages go one at a time, first come, first served; previews of a slider that moves come after them.

All threads share one interpreter, so runs side by side are done no sooner: each only ends later, and the thread that
talks with browsers waits behind all of them. With 30 visitors the queue cuts the slowest answers to a fifth
(benchmarks/sessions.py).
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class RequestQueue:
    """One at a time, in the order in which they came (a lock of `threading` goes to whoever comes by)."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._foreground: deque[threading.Lock] = deque()
        self._background: deque[threading.Lock] = deque()

    @contextmanager
    def turn(self, background: bool = False) -> Iterator[None]:
        """Waits for the turn, and hands it on at the end.

        Args:
            background: Wait for all who do not say so.
        """
        with self._guard:
            waiting = threading.Lock() if self._taken else None
            if waiting:
                waiting.acquire()
                (self._background if background else self._foreground).append(waiting)
            self._taken = True
        if waiting:
            waiting.acquire()  # until the turn is handed over
        try:
            yield
        finally:
            with self._guard:
                others = self._foreground or self._background
                if others:
                    others.popleft().release()
                else:
                    self._taken = False


QUEUE = RequestQueue()
