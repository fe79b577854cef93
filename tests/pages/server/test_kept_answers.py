"""Answers that are kept: bounded in number, bytes and waiting work; made once for all who ask."""

import asyncio
import threading
import time

from pages.server import kept_answers
from pages.server.kept_answers import Answer, KeptAnswers
from tests.support.visitors import run


def answered(kept, *asked):
    async def all_at_once():
        return await asyncio.gather(*(kept.get(key, make) for key, make in asked))

    return run(all_at_once())


def of_size(size):
    return lambda: Answer(b"x" * size, "tag")


def test_the_number_and_the_bytes_kept_are_bounded():
    kept = KeptAnswers(most=3, most_bytes=100)
    for number in range(10):
        answered(kept, (number, of_size(10)))
    assert kept.size == (3, 30)
    answered(kept, ("large", of_size(90)))
    assert kept.size == (2, 100)
    answered(kept, ("too large", of_size(101)))
    assert kept.size == (0, 0)


def test_who_asked_last_is_kept():
    kept, made = KeptAnswers(most=2, most_bytes=100), []

    def make(key):
        return lambda: made.append(key) or Answer(b"x", "tag")

    for key in "abaca":
        answered(kept, (key, make(key)))
    assert made == ["a", "b", "c"]


def test_the_same_answer_is_made_once_for_all_who_wait_for_it():
    kept, made = KeptAnswers(most=9, most_bytes=100), []

    def slow():
        made.append(1)
        time.sleep(0.05)
        return Answer(b"x", "tag")

    assert answered(kept, *[("key", slow)] * 30) == [Answer(b"x", "tag")] * 30
    assert made == [1]


def test_who_comes_when_too_many_wait_gets_none(monkeypatch):
    monkeypatch.setattr(kept_answers, "MOST_WAITING", 3)
    kept, free = KeptAnswers(most=9, most_bytes=100), threading.Event()

    def held():
        free.wait(5)
        return Answer(b"x", "tag")

    async def asked():
        waiting = [asyncio.ensure_future(kept.get(number, held)) for number in range(3)]
        await asyncio.sleep(0)
        refused = await kept.get("another", held)
        free.set()
        return refused, await asyncio.gather(*waiting)

    refused, given = run(asked())
    assert refused is None
    assert given == [Answer(b"x", "tag")] * 3


def test_an_answer_that_takes_too_long_is_kept_for_the_next(monkeypatch):
    monkeypatch.setattr(kept_answers, "PATIENCE", 0.02)
    kept = KeptAnswers(most=9, most_bytes=100)

    def slow():
        time.sleep(0.1)
        return Answer(b"x", "tag")

    assert answered(kept, ("key", slow)) == [None]
    time.sleep(0.2)
    assert answered(kept, ("key", slow)) == [Answer(b"x", "tag")]


def test_an_answer_that_cannot_be_made_is_none(caplog):
    def broken():
        raise ZeroDivisionError

    assert answered(KeptAnswers(most=9, most_bytes=100), ("key", broken)) == [None]
    assert "no answer to a link" in caplog.text
