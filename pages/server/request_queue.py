"""Runs of pages, first answers and previews go one at a time; the short before the long, and none waits for ever.

All threads share one interpreter, so runs side by side are done no sooner: each only ends later, and the thread that
talks with browsers waits behind all of them. With 30 visitors the queue cuts the slowest answers to a fifth
(benchmarks/sessions.py).

Who has the turn keeps it for a moment only: then the next one goes on beside it, so that a run that hangs stops nobody.
"""

import asyncio
import enum
import heapq
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

T = TypeVar("T")

TURN_SECONDS = 0.3  # after which the next one no longer waits; a run of a page takes a tenth of it
CHECK_SECONDS = 0.15  # who waits looks so often whether a turn takes too long
WORK_SECONDS = 5.0  # for the work of who waits without a thread; the first of a server loads code
SHARE_SECONDS = 0.02  # by which each further request of a client is due later, where several wait at once
MOST_CLIENTS = 1_000  # that are remembered for it
LONG_PAGES = ("plan",)  # whose runs and previews let those of other pages go first
THREADS = 4  # that do the work of those who wait without a thread of their own


class NoTurnError(RuntimeError):
    """Too many are waiting, or nobody got on for too long; the message is a sentence for who waited."""


class Kind(enum.Enum):
    """What wants a turn: for how long those who come later may go first, how long it waits, and how many of it may."""

    RUN = (0.0, 20.0, 300)
    FIRST_ANSWER = (0.2, 3.0, 100)  # the figures in the HTML itself
    LONG_RUN = (0.6, 30.0, 150)  # Plan, and any page with past runs
    # Of a slider that moves: never before a run of its page, which waits until it is answered or refused.
    PREVIEW = (2.0, 2.0, 200)
    LONG_PREVIEW = (2.6, 2.0, 60)

    @property
    def patience_seconds(self) -> float:
        """For how long those who come later go first."""
        return self.value[0]

    @property
    def most_seconds(self) -> float:
        """How long it waits."""
        return self.value[1]

    @property
    def most_waiting(self) -> int:
        """How many of it may wait at once."""
        return self.value[2]


@dataclass(eq=False, slots=True)
class _Ticket:
    """A place in the queue."""

    kind: Kind
    grant: Callable[[], object]  # called once, by whoever hands the turn on
    came: float
    due: float  # the earliest due goes first
    started: float | None = None  # when it got the turn
    left: bool = False


class RequestQueue:
    """One turn at a time, to whoever is due first: a kind's patience after it came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._holder: _Ticket | None = None
        self._waiting: list[tuple[float, int, _Ticket]] = []
        self._number = count()
        self._last_due: dict[str, float] = {}  # of each client, before its kind's patience
        self._closed = False
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="turn")

    @contextmanager
    def turn(self, kind: Kind = Kind.RUN) -> Iterator[None]:
        """Waits for the turn in this thread, and hands it on at the end.

        Raises:
            NoTurnError: Where too many wait, or it did not come in time.
        """
        granted = threading.Event()
        ticket = self._enter(kind, granted.set)
        try:
            while not granted.wait(CHECK_SECONDS):
                self._look_after(ticket)
            yield
        finally:
            self._leave(ticket)

    async def run(self, work: Callable[[], T], kind: Kind = Kind.PREVIEW, client: str = "") -> T:
        """Does the work in another thread once it is its turn; who waits holds no thread until then.

        Cancelling it gives up the place; work that has begun is finished, and its result thrown away.

        Args:
            work: What is done.
            kind: What it is.
            client: Who asks. Many requests of one client at once let a single one of another go first.

        Raises:
            NoTurnError: Where too many wait, or it did not come in time.
        """
        loop, granted = asyncio.get_running_loop(), asyncio.Event()
        ticket = self._enter(kind, lambda: loop.call_soon_threadsafe(granted.set), client)
        try:
            while not granted.is_set():
                try:
                    async with asyncio.timeout(CHECK_SECONDS):
                        await granted.wait()
                except TimeoutError:
                    self._look_after(ticket)
            doing: Future[T] = self._threads.submit(work)
        except BaseException:
            self._leave(ticket)
            raise
        doing.add_done_callback(lambda _: self._leave(ticket))  # also where it was cancelled before it began
        try:
            async with asyncio.timeout(WORK_SECONDS):
                return await asyncio.wrap_future(doing)
        except TimeoutError:
            raise NoTurnError(f"It took more than {WORK_SECONDS:.0f} seconds.") from None

    def waiting(self, kind: Kind | None = None) -> int:
        """How many wait, of this kind or of all."""
        with self._guard:
            return self._count(kind)

    def close(self) -> None:
        """Sends away who waits and who comes, as the server stops."""
        self._closed = True

    def _count(self, kind: Kind | None) -> int:
        return sum(not one.left and kind in (None, one.kind) for _, _, one in self._waiting)

    def _enter(self, kind: Kind, grant: Callable[[], object], client: str = "") -> _Ticket:
        now = time.monotonic()
        if self._closed:
            raise NoTurnError("The server stops.")
        with self._guard:
            if self._count(kind) >= kind.most_waiting:
                raise NoTurnError("More people ask at this moment than can be answered.")
            ticket = _Ticket(kind, grant, now, self._start(client, now) + kind.patience_seconds)
            heapq.heappush(self._waiting, (ticket.due, next(self._number), ticket))
            if self._holder is None:
                self._hand_on(now)
        return ticket

    def _start(self, client: str, now: float) -> float:
        """From when on a client's request counts: its first from now on, each further one a little later."""
        if not client:
            return now
        if len(self._last_due) >= MOST_CLIENTS:
            self._last_due = {name: due for name, due in self._last_due.items() if due > now}
        start = max(now, self._last_due.get(client, 0.0) + SHARE_SECONDS)
        self._last_due[client] = start
        return start

    def _look_after(self, ticket: _Ticket) -> None:
        """What whoever waits does now and then: passes by a turn that takes too long, and gives up in the end."""
        now = time.monotonic()
        if self._closed and ticket.started is None:
            raise NoTurnError("The server stops.")
        with self._guard:
            if self._holder is not None and now - (self._holder.started or now) >= TURN_SECONDS:
                self._hand_on(now)
        if ticket.started is None and now > ticket.came + ticket.kind.most_seconds:
            raise NoTurnError(f"There was no turn for {ticket.kind.most_seconds:g} seconds.")

    def _leave(self, ticket: _Ticket) -> None:
        with self._guard:
            ticket.left = True
            if self._holder is ticket:
                self._hand_on(time.monotonic())

    def _hand_on(self, now: float) -> None:
        """Gives the turn to the next one; the guard is held."""
        self._holder = None
        while self._waiting:
            _, _, ticket = heapq.heappop(self._waiting)
            if ticket.left:
                continue
            with suppress(RuntimeError):  # the event loop of who waits is closed: the server stops
                ticket.grant()
                self._holder, ticket.started = ticket, now
                return


QUEUE = RequestQueue()
