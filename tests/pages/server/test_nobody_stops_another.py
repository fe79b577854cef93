"""Whatever one visitor sends, another's slider answers as before, and the server's memory stays what it is."""

import asyncio
import socket
import time

import pytest

from serve import SMALL_SECONDS
from tests.support import attacks
from tests.support.app_server import app_server
from tests.support.visitors import processor_seconds, resident, run, server_of, visit

MOST_DELAY = 0.5  # s
MOST_GROWTH = 60  # MB
IDLE = 0.1  # s of a processor in a second
TRIES = 3  # as the machine does other things too; what stops the app does so each time


@pytest.fixture(scope="module")
def black_hole():
    """Another host that takes connections and never answers; who asked it."""
    asked = []
    with socket.create_server(("127.0.0.1", 0), backlog=50) as hole:
        hole.setblocking(False)
        yield f"http://127.0.0.1:{hole.getsockname()[1]}", asked, hole


@pytest.fixture(scope="module")
def url(black_hole):
    """A server of its own, all of whose questions to other hosts go into the black hole."""
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), black_hole[0])
    with app_server(variables=proxies) as address:
        run(_everything_is_loaded(address))
        yield address


async def _everything_is_loaded(url):
    """What takes memory once, whoever comes; and files compressed well, which a start does after a while."""
    for page in ("explore", "compare", "evidence"):
        visitor = await visit(url, page=page)
        await visitor.socket.close()
    await asyncio.sleep(SMALL_SECONDS)
    while busy := processor_seconds(server_of(url)):
        await asyncio.sleep(1)
        if processor_seconds(server_of(url)) - busy < IDLE:
            return


async def moves(visitor, seconds):
    """Moves the slider for so long; returns the longest that an answer took."""
    end, longest = time.monotonic() + seconds, 0.0
    while time.monotonic() < end:
        start = time.monotonic()
        await visitor.follow(1e12 + 1e9 * (start % 1000))
        longest = max(longest, time.monotonic() - start)
        start = time.monotonic()
        await visitor.enter(f"{1000 + start % 1000:.3f}B")
        longest = max(longest, time.monotonic() - start)
        await asyncio.sleep(0.05)
    return longest


async def both_move(visitors, seconds):
    """The longest that an answer took for either of two."""
    return max(await asyncio.gather(*(moves(one, seconds) for one in visitors)))


async def beside(attack, url, visitors):
    """How much longer the longest answer takes beside an attack than before and after it [s]."""
    before = await both_move(visitors, 0.8)
    attacking, longest = asyncio.ensure_future(attack(url)), await both_move(visitors, 1.5)
    while not attacking.done():
        longest = max(longest, await both_move(visitors, 0.3))
    await attacking
    return longest - max(before, await both_move(visitors, 0.8))


@pytest.mark.parametrize("attack", attacks.ATTACKS, ids=lambda attack: attack.__name__)
def test_nothing_that_a_visitor_sends_delays_anothers_answer(attack, url):
    async def tried():
        visitors = [await visit(url), await visit(url)]
        await both_move(visitors, 0.3)
        memory, delays = resident(server_of(url)), []
        while not delays or (min(delays) >= MOST_DELAY and len(delays) < TRIES):
            delays.append(await beside(attack, url, visitors))
        growth = resident(server_of(url)) - memory
        for one in visitors:
            assert not one.errors
            await one.leave()
        return min(delays), growth

    delay, growth = run(tried())
    assert delay < MOST_DELAY
    assert growth < MOST_GROWTH


def test_a_visitor_holds_a_few_files_at_a_time(url):
    found = run(attacks.many_files(url, number=6))
    assert found == [204, 204, 204, 413, 413, 413]


def test_no_other_host_is_asked_for_anything(url, black_hole):
    run(attacks.pages_of_another_site(url))
    with pytest.raises(BlockingIOError):
        black_hole[2].accept()
