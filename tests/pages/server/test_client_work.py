"""Work for a request is given up where its client is gone, and told where it cannot be done."""

import asyncio
import threading

import pytest
from starlette.requests import Request

from pages.server import client_work
from pages.server.client_work import ClientGoneError
from pages.server.request_queue import QUEUE, Kind
from tests.support.visitors import run


def request(*messages):
    """A request whose client sends these, and then nothing."""
    left = [{"type": one} for one in messages]

    async def receive():
        if not left:
            await asyncio.sleep(60)
        return left.pop(0)

    return Request({"type": "http", "client": ("192.0.2.1", 1), "headers": []}, receive)


def test_the_work_of_who_stays_is_done():
    assert run(client_work.done(request("http.request"), lambda: 7, Kind.PREVIEW)) == 7


def test_an_error_of_the_work_is_raised():
    with pytest.raises(ZeroDivisionError):
        run(client_work.done(request("http.request"), lambda: 1 / 0, Kind.PREVIEW))


def test_the_work_of_who_left_is_not_done():
    worked, held, ends = [], threading.Event(), threading.Event()

    def hold():
        with QUEUE.turn():
            held.set()
            ends.wait(5)

    holding = threading.Thread(target=hold)
    holding.start()
    held.wait(5)
    with pytest.raises(ClientGoneError):
        run(client_work.done(request("http.request", "http.disconnect"), lambda: worked.append(1), Kind.PREVIEW))
    ends.set()
    holding.join(5)
    assert run(client_work.done(request(), lambda: 7, Kind.PREVIEW)) == 7
    assert worked == []
    assert QUEUE.waiting() == 0
