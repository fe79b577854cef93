"""Runs of pages go one at a time, in the order in which they came, and previews of a slider after them."""

import threading
import time

import pytest

from pages.server.request_queue import RequestQueue


def waiting(queue):
    return len(queue._foreground) + len(queue._background)


def together(queue, *kinds):
    """Who had a turn, in order, when all of these came, one after another, while somebody else had it."""
    had, at_once = [], []

    def work(name, background):
        with queue.turn(background):
            at_once.append(name)
            time.sleep(0.002)
            had.append((name, list(at_once)))
            at_once.remove(name)

    with queue.turn():
        threads = []
        for name, background in kinds:
            threads.append(threading.Thread(target=work, args=(name, background)))
            threads[-1].start()
            while waiting(queue) < len(threads):
                time.sleep(0.001)
    for one in threads:
        one.join(5)
    assert all(others == [name] for name, others in had)
    return [name for name, _ in had]


def test_who_came_first_goes_first():
    assert together(RequestQueue(), *[(name, False) for name in "abcdefgh"]) == list("abcdefgh")


def test_a_slider_that_moves_lets_runs_go_first():
    assert together(RequestQueue(), ("preview 1", True), ("preview 2", True), ("run 1", False), ("run 2", False)) == [
        "run 1", "run 2", "preview 1", "preview 2"
    ]  # fmt: skip


def test_a_run_that_fails_hands_on_its_turn():
    queue = RequestQueue()
    with pytest.raises(ZeroDivisionError), queue.turn():
        raise ZeroDivisionError
    assert together(queue, ("next", False)) == ["next"]


def test_many_who_come_at_any_time_all_get_one():
    queue, done = RequestQueue(), []

    def work(number):
        for _ in range(200):
            with queue.turn(background=number % 2 == 0):
                done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert len(done) == 8 * 200
    assert not queue._taken
    assert waiting(queue) == 0
