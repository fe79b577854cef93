"""The addresses of pages, as the host of the app has them."""

from __future__ import annotations

import os

ENDING = os.environ.get("OPENCARBONEVAL_PAGE_ENDING", "")  # ".html" where a host of files knows whole names only


def address(page: str) -> str:
    """The address of a page: compare, or compare.html."""
    return page + ENDING


def page_at(address: str) -> str:
    """The page that has this address."""
    return address.removesuffix(ENDING)
