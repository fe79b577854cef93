"""What visitors who left no longer need is let go of, without anybody coming."""

import gc
import time
import weakref
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from pages.server import memory


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
