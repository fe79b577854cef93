"""What is wrong with an input: typed, so that every door says it in the same words; and a package that is missing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

NO_SUCH_FIELD = "no such field"
DISTRIBUTION = "opencarboneval-explorer"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input: which field, its value, what is allowed, and near names."""

    field: str
    value: float | str | None
    allowed: str
    near: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return one plain line, such as ``pue: 0.5 is not allowed (allowed: 1 … 3)``."""
        near = f"; nearest: {', '.join(self.near)}" if self.near else ""
        field = _one_line(self.field)
        if self.allowed == NO_SUCH_FIELD:
            return f"{field}: {NO_SUCH_FIELD}{near}"
        if self.value is None:
            return f"{field}: missing ({self.allowed}){near}"
        shown = f"“{_one_line(self.value)}”" if isinstance(self.value, str) else plain_number(float(self.value))
        return f"{field}: {shown} is not allowed (allowed: {self.allowed}){near}"


def plain_number(value: float) -> str:
    """A number in full, as people write it: 16384, 3.0000001, 7e+10."""
    return repr(value).removesuffix(".0")


def _one_line(text: str) -> str:
    """The start of a text from outside, on one line and without control characters."""
    line = "".join(character if character.isprintable() else " " for character in text[:61])
    return f"{line[:60]}…" if len(text) > 60 else line


class InputError(ValueError):
    """An input that cannot be used. ``problems`` holds every problem found, the message is one line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep ``problems`` and say them all in one line."""
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


class NotReadError(ValueError):
    """A text that cannot be read as what its field takes; the message is a hint, and may be empty."""


class MissingExtraError(ImportError):
    """A package of an optional extra that is not installed: which, and the command that installs it."""


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Names the extra of pyproject.toml that brings what is imported inside.

    Raises:
        MissingExtraError: Where something that is imported inside is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{error.name} is not installed: pip install '{DISTRIBUTION}[{extra}]'", name=error.name
        ) from error
