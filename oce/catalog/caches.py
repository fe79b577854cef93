"""What is kept of ``data/`` once it was read: every cache is in one register, and one call empties them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, overload

T = TypeVar("T")

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

_registered: list[_lru_cache_wrapper[Any]] = []


@overload
def cached(function: Callable[..., T], /) -> _lru_cache_wrapper[T]: ...
@overload
def cached(*, most: int) -> Callable[[Callable[..., T]], _lru_cache_wrapper[T]]: ...
def cached(function: Callable[..., Any] | None = None, /, *, most: int | None = None) -> Any:
    """``functools.cache``, registered; with ``most``, the number of answers kept, ``functools.lru_cache``."""
    if function is None:
        return lambda decorated: _register(decorated, most)
    return _register(function, None)


def clear() -> None:
    """Empty every cache, so that the next look reads the files of ``data/`` again."""
    for kept in _registered:
        kept.cache_clear()


def _register(function: Callable[..., Any], most: int | None) -> _lru_cache_wrapper[Any]:
    wrapped = lru_cache(maxsize=most)(function)
    _registered.append(wrapped)
    return wrapped
