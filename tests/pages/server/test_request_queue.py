"""Runs of pages take turns: one at a time, in the order in which they came, and what a slider asks for after them."""

import threading
import time

import pytest

from pages.server.request_queue import Turns


def waiting(turns):
    return len(turns._first) + len(turns._after)


def together(turns, *kinds):
    """Who had a turn, in order, when all of these came, one after another, while somebody else had it."""
    had, at_once = [], []

    def work(name, after):
        with turns.turn(after):
            at_once.append(name)
            time.sleep(0.002)
            had.append((name, list(at_once)))
            at_once.remove(name)

    with turns.turn():
        threads = []
        for name, after in kinds:
            threads.append(threading.Thread(target=work, args=(name, after)))
            threads[-1].start()
            while waiting(turns) < len(threads):
                time.sleep(0.001)
    for one in threads:
        one.join(5)
    assert all(others == [name] for name, others in had)
    return [name for name, _ in had]


def test_who_came_first_goes_first():
    assert together(Turns(), *[(name, False) for name in "abcdefgh"]) == list("abcdefgh")


def test_a_slider_that_moves_lets_runs_go_first():
    assert together(Turns(), ("live 1", True), ("live 2", True), ("run 1", False), ("run 2", False)) == [
        "run 1", "run 2", "live 1", "live 2"
    ]  # fmt: skip


def test_a_run_that_fails_hands_on_its_turn():
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.turn():
        raise ZeroDivisionError
    assert together(turns, ("next", False)) == ["next"]


def test_many_who_come_at_any_time_all_get_one():
    turns, done = Turns(), []

    def work(number):
        for _ in range(200):
            with turns.turn(after=number % 2 == 0):
                done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert len(done) == 8 * 200
    assert not turns._taken
    assert waiting(turns) == 0
