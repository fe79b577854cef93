"""Threads, timers and pools in the only thread that Python has in a browser.

A thread that is started runs at its next turn of the event loop, to its end, and is `threading.current_thread()`
meanwhile; a timer is one of the loop's; a pool does its work at once. That is all that Streamlit asks of them. A lock
that is held elsewhere would wait for ever, and nothing interrupts what runs.

This replaces private parts of threading, asyncio and anyio: tests/static/ notices when a new version needs others.
"""

# mypy: disable-error-code="attr-defined,method-assign,assignment"
from __future__ import annotations

import asyncio
import contextlib
import contextvars
import sys
import threading
import types
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


def take_over() -> None:
    """Puts the replacements in place; before anyio and Streamlit are imported."""
    threading.Thread.start = _start
    threading.Thread.is_alive = _is_alive
    threading.Thread.join = lambda thread, timeout=None: None
    threading.Timer.start = _start_timer
    ThreadPoolExecutor.submit = _submit
    asyncio.new_event_loop = _new_event_loop
    asyncio.set_event_loop = lambda loop: None
    asyncio.to_thread = _to_thread

    # anyio imports this where the Python is new enough to have it; the browser's has no interpreters beside its own.
    missing = types.ModuleType("concurrent.interpreters")
    missing.ExecutionFailed, missing.create = RuntimeError, None
    sys.modules["concurrent.interpreters"] = missing

    from anyio._backends._asyncio import AsyncIOBackend

    AsyncIOBackend.run_sync_in_worker_thread = staticmethod(_run_sync)


def _start(thread: threading.Thread) -> None:
    thread._started.set()
    asyncio.get_running_loop().call_soon(_run, thread)


def _run(thread: threading.Thread) -> None:
    ident = threading.get_ident()
    before = threading._active[ident]
    threading._active[ident] = thread
    try:
        with contextlib.suppress(SystemExit):
            contextvars.Context().run(thread.run)
    finally:
        threading._active[ident] = before
        thread._is_over = True


def _start_timer(timer: threading.Timer) -> None:
    timer._started.set()
    asyncio.get_running_loop().call_later(timer.interval, _fire, timer)


def _fire(timer: threading.Timer) -> None:
    if not timer.finished.is_set():
        timer.function(*timer.args, **timer.kwargs)
    timer.finished.set()
    timer._is_over = True


def _is_alive(thread: threading.Thread) -> bool:
    return thread._started.is_set() and not getattr(thread, "_is_over", False)


def _submit(_pool: ThreadPoolExecutor, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
    done: Future[Any] = Future()
    try:
        done.set_result(work(*args, **kwargs))
    except BaseException as error:  # which the future hands on, as a pool does
        done.set_exception(error)
    return done


def _new_event_loop() -> asyncio.AbstractEventLoop:
    """Another loop; Pyodide's makes itself the running loop when it is made."""
    running = asyncio.get_running_loop()
    try:
        return type(running)()
    finally:
        asyncio._set_running_loop(running)


async def _to_thread(work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    return work(*args, **kwargs)


async def _run_sync(work: Callable[..., Any], args: tuple[Any, ...], *_: Any, **__: Any) -> Any:
    return work(*args)
