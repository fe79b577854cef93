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

    def registered(decorated: Callable[..., Any]) -> _lru_cache_wrapper[Any]:
        wrapped = lru_cache(maxsize=most)(decorated)
        _registered.append(wrapped)
        return wrapped

    return registered if function is None else registered(function)


def clear() -> None:
    """Empty every cache, so that the next look reads the files of ``data/`` again."""
    for kept in _registered:
        kept.cache_clear()
