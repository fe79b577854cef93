"""What some functions need beyond numpy, scipy and pydantic, and what is said where it is not installed."""

from collections.abc import Iterator
from contextlib import contextmanager

DISTRIBUTION = "opencarboneval-explorer"


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
