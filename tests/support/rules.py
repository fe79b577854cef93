"""A rule that holds for many rows is a single test: it fails once, and names every row that breaks it."""

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

MOST_LINES = 3  # of what is said about a row
MOST_LETTERS = 100  # of a row's name

Test = Callable[..., None]


def for_every(
    names: str | Sequence[str], rows: Iterable[Any], ids: Iterable[str] | Callable[[Any], str] | None = None
) -> Callable[[Test], Test]:
    """Calls a test for every row, and fails with all rows for which it fails.

    Used like ``pytest.mark.parametrize``, where the rows are data rather than kinds of behaviour. The test gets its
    fixtures once: those that a row would change belong to a parametrised test.

    Args:
        names: The parameters that a row gives, as ``"device, count"`` or as a sequence.
        rows: A value a row where there is a single name, else as many as there are names.
        ids: What the rows are called, or what calls a value so; else by their values.
    """
    given = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    listed = list(rows)
    assert listed, f"no rows for {', '.join(given)}: a test that cannot fail"
    if ids is None or callable(ids):
        name_of = ids or label
        called = [", ".join(map(name_of, [row] if len(given) == 1 else row)) for row in listed]
    else:
        called = list(ids)

    def decorate(test: Test) -> Test:
        signature = inspect.signature(test)

        @functools.wraps(test)
        def for_all(**fixtures: Any) -> None:
            broken = []
            for row, name in zip(listed, called, strict=True):
                values = [row] if len(given) == 1 else list(row)
                try:
                    test(**dict(zip(given, values, strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    broken.append(f"{name}: {_said(error)}")
            if broken:
                said = "\n- ".join(broken)
                raise AssertionError(f"{len(broken)} of {len(listed)} rows break the rule:\n- {said}")

        fixtures = [one for name, one in signature.parameters.items() if name not in given]
        for_all.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return for_all

    return decorate


def label(value: Any) -> str:
    """What a value of a row is called: its id, the name of a file or a function, else the value."""
    for attribute in ("id", "name", "__name__"):
        found = getattr(value, attribute, None)
        if isinstance(found, str) and found:
            return found
    text = str(value) if isinstance(value, Path) else repr(value)
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"


def _said(error: BaseException) -> str:
    """The first lines of an error, its kind and the line of the test that it is from."""
    frames = inspect.getinnerframes(error.__traceback__) if error.__traceback__ else []
    line = f"line {frames[1].lineno}, " if len(frames) > 1 else ""
    kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
    return line + kind + " / ".join(islice(str(error).splitlines(), MOST_LINES))
