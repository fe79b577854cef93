"""What a run of a page keeps for the next has a bound: Streamlit makes the file of a page anew in each run."""

import gc

from oce.catalog import caches
from pages.session import site
from pages.widgets.view import View
from tests.support.app_test import opened
from tests.support.rules import for_every


def kept() -> tuple[int, int]:
    """Caches in the register, and views that anything holds."""
    gc.collect()
    return len(caches._registered), sum(isinstance(held, View) for held in gc.get_objects())


@for_every("page", site.PAGES)
def test_no_page_keeps_more_with_each_run(page):
    app = opened(page)
    before = kept()
    app.run()
    assert kept() == before
