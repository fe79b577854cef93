"""Runs of pages that take turns, first come, first served; what a slider asks for while it moves comes after them.

All threads share one interpreter, so runs side by side are done no sooner: each only ends later, and the thread that
talks with browsers waits behind all of them. With 30 visitors turns cut the slowest answers to a fifth
(benchmarks/sessions.py).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """One turn at a time, handed to whoever has waited longest (a lock of `threading` goes to whoever comes by)."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._first: deque[threading.Lock] = deque()
        self._after: deque[threading.Lock] = deque()

    @contextmanager
    def turn(self, after: bool = False) -> Iterator[None]:
        """Waits for the turn, and hands it on at the end.

        Args:
            after: Wait for all who do not say so.
        """
        with self._guard:
            waiting = threading.Lock() if self._taken else None
            if waiting:
                waiting.acquire()
                (self._after if after else self._first).append(waiting)
            self._taken = True
        if waiting:
            waiting.acquire()  # until the turn is handed over
        try:
            yield
        finally:
            with self._guard:
                others = self._first or self._after
                if others:
                    others.popleft().release()
                else:
                    self._taken = False


TURNS = Turns()
