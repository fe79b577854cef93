"""Memory that visitors who left no longer need goes back to the system."""

import asyncio
import contextlib
import ctypes
import gc
import os
import time

COLLECT_SECONDS = 60.0
SHORT_SECONDS = 1.0  # for what the event loop does of it
M_ARENA_MAX = -8  # of glibc's malloc.h


def share_heaps() -> None:
    """Has all threads share one heap: glibc else gives each visitor's its own, and keeps them all when they left."""
    mallopt = getattr(_libc(), "mallopt", None)
    if mallopt:
        mallopt(M_ARENA_MAX, 1)


def give_back(loop: asyncio.AbstractEventLoop) -> None:
    """Collects what nobody needs, and hands it back to the system, every minute; ends with the server.

    Streamlit keeps who left for two minutes, but lets go of them only when the next one leaves. Python collects by
    itself, but the oldest objects seldom; and the C library (glibc only) keeps what was freed until it is told not to.
    Python's own small objects go back by the megabyte, all of which must be unused: of the 40 MB that a first hundred
    visitors take, two thirds stay for the next hundred (benchmarks/two_minutes.py).

    Args:
        loop: Of the server, in which its sessions are looked after.
    """
    while True:
        time.sleep(COLLECT_SECONDS)
        with contextlib.suppress(RuntimeError):  # it is closed: the server stops
            loop.call_soon_threadsafe(let_go_of_who_left)
            time.sleep(SHORT_SECONDS)
        collect()


def let_go_of_who_left() -> None:
    """Drops the sessions that Streamlit no longer keeps; their files go with them."""
    from streamlit import runtime

    if runtime.exists():
        expire(getattr(runtime.get_instance()._session_mgr, "_session_storage", None))


def expire(storage: object) -> None:
    """Has a store of sessions (Streamlit's MemorySessionStorage) drop those whose time is over."""
    drop = getattr(getattr(storage, "_cache", None), "expire", None)
    if drop:
        drop()


def collect() -> None:
    """Collects, and tells the C library to hand back what is free."""
    gc.collect()
    trim = getattr(_libc(), "malloc_trim", None)
    if trim:
        trim(0)


def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if os.name == "posix" else None
