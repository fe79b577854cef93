"""What is kept of ``data/`` once it was read: every cache is in one register, and one call empties them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, overload

T = TypeVar("T")

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

_registered: list[_lru_cache_wrapper[Any]] = []
_while_used: list[_lru_cache_wrapper[Any]] = []  # those of them that are emptied when nobody asks


@overload
def cached(function: Callable[..., T], /) -> _lru_cache_wrapper[T]: ...
@overload
def cached(*, most: int, while_used: bool = False) -> Callable[[Callable[..., T]], _lru_cache_wrapper[T]]: ...
def cached(function: Callable[..., Any] | None = None, /, *, most: int | None = None, while_used: bool = False) -> Any:
    """``functools.cache``, registered; with ``most``, the number of answers kept, ``functools.lru_cache``.

    Args:
        function: Whose answers are kept.
        most: How many of them; else all.
        while_used: Whether :func:`forget_unused` empties it.
    """

    def registered(decorated: Callable[..., Any]) -> _lru_cache_wrapper[Any]:
        wrapped = lru_cache(maxsize=most)(decorated)
        _registered.append(wrapped)
        if while_used:
            _while_used.append(wrapped)
        return wrapped

    return registered if function is None else registered(function)


def clear() -> None:
    """Empty every cache, so that the next look reads the files of ``data/`` again."""
    for kept in _registered:
        kept.cache_clear()


def forget_unused() -> None:
    """Empty the caches of answers that visitors asked for, where nobody asks any more; what was read is kept."""
    for kept in _while_used:
        kept.cache_clear()
