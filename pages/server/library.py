"""All that answers need of the library and the pages, for threads that import it side by side.

Whoever comes first imports it, and the others wait for this one module: where they begin with different parts, Python
hands them modules that are only half there (so it breaks the deadlock of two packages that wait for each other).
"""

from oce import data_check
from pages.server import first_answer, first_document, preview

__all__ = ["data_check", "first_answer", "first_document", "preview"]
