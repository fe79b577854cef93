"""One turn at a time: who is due first goes first, nobody waits for ever, and nobody waits for a run that hangs."""

import asyncio
import threading
import time

import pytest

from pages.server import request_queue
from pages.server.request_queue import Kind, NoTurnError, RequestQueue
from tests.support.visitors import run


def together(queue, *kinds):
    """Who had a turn, in order, when all of these came, one after another, while somebody else had it."""
    had, at_once = [], []

    def work(name, kind):
        with queue.turn(kind):
            at_once.append(name)
            time.sleep(0.002)
            had.append((name, list(at_once)))
            at_once.remove(name)

    with queue.turn():
        threads = []
        for name, kind in kinds:
            threads.append(threading.Thread(target=work, args=(name, kind)))
            threads[-1].start()
            while queue.waiting() < len(threads):
                time.sleep(0.001)
    for one in threads:
        one.join(5)
    assert all(others == [name] for name, others in had)
    return [name for name, _ in had]


def test_who_came_first_goes_first():
    assert together(RequestQueue(), *[(name, Kind.RUN) for name in "abcdefgh"]) == list("abcdefgh")


def test_short_runs_go_before_long_ones_and_previews():
    assert together(RequestQueue(), *[(kind.name, kind) for kind in reversed(Kind)]) == [kind.name for kind in Kind]
    for preview in (Kind.PREVIEW, Kind.LONG_PREVIEW):  # which never goes before the runs of its page
        assert preview.patience_seconds >= preview.most_seconds
    assert list(Kind) == [Kind.RUN, Kind.FIRST_ANSWER, Kind.LONG_RUN, Kind.PREVIEW, Kind.LONG_PREVIEW]


def test_a_long_run_that_has_waited_for_its_patience_goes_before_a_short_one_that_comes_then(monkeypatch):
    monkeypatch.setattr(Kind, "patience_seconds", property(lambda kind: 0.02 if kind is Kind.LONG_RUN else 0.0))
    queue, had = RequestQueue(), []

    def work(kind):
        with queue.turn(kind):
            had.append(kind)

    threads = [threading.Thread(target=work, args=(kind,)) for kind in (Kind.LONG_RUN, Kind.RUN)]
    with queue.turn():
        for one in threads:
            one.start()
            time.sleep(0.05)
    for one in threads:
        one.join(5)
    assert had == [Kind.LONG_RUN, Kind.RUN]


def test_a_run_that_fails_hands_on_its_turn():
    queue = RequestQueue()
    with pytest.raises(ZeroDivisionError), queue.turn():
        raise ZeroDivisionError
    assert together(queue, ("next", Kind.RUN)) == ["next"]


def test_many_who_come_at_any_time_all_get_a_turn():
    queue, done = RequestQueue(), []

    def work(number):
        for _ in range(200):
            with queue.turn(list(Kind)[number % len(Kind)]):
                done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert len(done) == 8 * 200
    assert queue.waiting() == 0
    assert queue._holder is None


def test_nobody_waits_for_a_run_that_hangs():
    queue, ends = RequestQueue(), threading.Event()

    def hang():
        with queue.turn():
            ends.wait(20)

    hanging = threading.Thread(target=hang)
    hanging.start()
    start = time.monotonic()
    for kind in Kind:  # the first waits for a moment, and the others not at all
        with queue.turn(kind):
            pass
    assert time.monotonic() - start < 0.5
    ends.set()
    hanging.join(5)
    with queue.turn():  # whose end took nobody's turn away
        pass


def test_a_place_is_bounded_in_number_and_in_time(monkeypatch):
    monkeypatch.setattr(Kind, "most_waiting", property(lambda kind: 1))
    monkeypatch.setattr(Kind, "most_seconds", property(lambda kind: 0.1))
    monkeypatch.setattr(request_queue, "CHECK_SECONDS", 0.05)
    queue = RequestQueue()

    async def asked():
        with pytest.raises(NoTurnError, match="There was no turn"):
            await first
        assert queue.waiting() == 0

    monkeypatch.setattr(queue, "_hand_on", lambda now: None)  # nobody ever gets on

    async def both():
        nonlocal first
        first = asyncio.ensure_future(queue.run(lambda: None))
        await asyncio.sleep(0.01)
        with pytest.raises(NoTurnError, match="More people"):
            await queue.run(lambda: None)
        await asked()

    first = None
    run(both())


def test_who_waits_for_a_preview_holds_no_thread_and_who_left_gets_no_work():
    queue, worked = RequestQueue(), []

    async def both():
        before = threading.active_count()
        waiting = [
            asyncio.ensure_future(queue.run(lambda number=number: worked.append(number))) for number in range(50)
        ]
        await asyncio.sleep(0.05)
        assert threading.active_count() == before
        assert queue.waiting(Kind.PREVIEW) == 50
        for one in waiting[:-1]:
            one.cancel()
        await asyncio.sleep(0.01)
        assert queue.waiting() == 1
        held.release()
        await waiting[-1]

    held = threading.Lock()
    held.acquire()

    def hold():
        with queue.turn():
            held.acquire()

    holding = threading.Thread(target=hold)
    holding.start()
    run(both())
    holding.join(5)
    assert worked == [49]


def test_work_is_returned_its_error_raised_and_the_turn_handed_on():
    queue = RequestQueue()

    async def asked():
        assert await queue.run(lambda: 7) == 7
        with pytest.raises(ZeroDivisionError):
            await queue.run(lambda: 1 / 0)
        return await queue.run(threading.get_ident)

    assert run(asked()) != threading.get_ident()
    assert queue._holder is None
