"""All that answers need of the library and the pages, for threads that import it side by side.

Whoever comes first imports it, and the others wait for this one module: where they begin with different parts, Python
hands them modules that are only half there (so it breaks the deadlock of two packages that wait for each other).
"""

from oce import data_check
from oce.catalog.reader import DataError
from pages.server import first_answer, first_document, preview
from pages.server.request_queue import NoTurnError

__all__ = ["data_check", "first_answer", "first_document", "preview", "require_whole_data"]


def require_whole_data() -> None:
    """Before an answer: nothing is worked out from data that are damaged.

    Raises:
        NoTurnError: Where they are; serve.py says which file, and stops the server.
    """
    try:
        data_check.whole()
    except DataError:
        raise NoTurnError("The app cannot answer: its data are damaged.") from None
