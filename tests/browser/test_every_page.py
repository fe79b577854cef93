"""Every page opens clean, wide and narrow, in light and dark."""

import pytest

from tests.browser.screen import scrolls_sideways

PAGES = ("/", "/data")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_opens_without_a_complaint_and_fits_the_window(open_page, path, width, scheme):
    screen = open_page(path, width=width, scheme=scheme)
    assert screen.page.locator("h1").count() == 1
    assert not scrolls_sideways(screen.page)
    assert screen.complaints == []
