"""What is kept of the data is emptied by one call."""

import re
from pathlib import Path

from oce import catalog
from oce.catalog import caches

ROOT = Path(__file__).parents[2]
NOTHING_OF_THE_DATA = {  # what these keep does not depend on data/
    "oce/catalog/caches.py",
    "oce/importers/columns.py",
    "oce/near_names.py",
    "pages/server/application.py",
    "pages/server/assets.py",
    "pages/server/content_policy.py",
    "pages/server/first_document.py",
    "pages/server/front_end.py",
    "pages/server/link_image.py",
    "pages/widgets/element.py",
    "pages/widgets/export_panel.py",
    "pages/widgets/style.py",
}


def test_no_cache_of_the_data_stands_outside_the_register():
    modules = [path for folder in ("oce", "pages") for path in (ROOT / folder).rglob("*.py")]
    other = {
        str(path.relative_to(ROOT))
        for path in modules
        if re.search(r"import .*\b(lru_cache|cache)\b|functools\.(lru_)?cache", path.read_text(encoding="utf-8"))
    }
    assert other <= NOTHING_OF_THE_DATA


def test_what_was_read_is_kept_until_the_caches_are_emptied():
    before = catalog.devices()
    assert catalog.devices() is before
    caches.clear()
    assert catalog.devices() is not before
    assert catalog.devices() == before


def test_a_cache_of_so_many_answers_keeps_no_more():
    asked = []

    @caches.cached(most=2)
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    assert [double(number) for number in (1, 2, 3, 3, 1)] == [2, 4, 6, 6, 2]
    assert asked == [1, 2, 3, 1]
