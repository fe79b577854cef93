"""What visitors who left no longer need is let go of, without anybody coming."""

import gc
import time
import weakref
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from oce import catalog
from oce.catalog import caches
from pages.server import memory
from pages.server.request_queue import Kind, RequestQueue
from pages.session import current_estimate


class Held:
    """What a session holds."""


@pytest.mark.parametrize("seconds", [0.01, 60.0])
def test_a_session_whose_time_is_over_is_dropped_and_no_other(seconds):
    storage, held = MemorySessionStorage(ttl_seconds=seconds), Held()
    storage.save(SimpleNamespace(session=SimpleNamespace(id="1"), held=held))
    gone = weakref.ref(held)
    del held
    time.sleep(0.05)
    memory.expire(storage)
    gc.collect()
    assert (gone() is None) == (seconds < 1)


def test_an_idle_server_forgets_its_answers_and_keeps_what_it_read():
    scenario, read = catalog.model("llama-3-70b").scenario(), catalog.devices()
    answer = current_estimate.cached_estimate(scenario)
    assert current_estimate.cached_estimate(scenario) is answer
    caches.forget_unused()
    assert current_estimate.cached_estimate(scenario) is not answer
    assert catalog.devices() is read


def test_a_server_is_idle_from_its_last_turn_on():
    queue = RequestQueue()
    queue._last_turn -= 100
    assert queue.idle_seconds() >= 100
    with queue.turn(Kind.RUN):
        pass
    assert queue.idle_seconds() < 100
