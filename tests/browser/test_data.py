"""The Data page as a reviewer uses it: finds a table, searches it, reads a row, takes the file along."""

from pathlib import Path

import pytest

from oce.catalog import citation, data_tables, reader
from tests.support.screen import change, query, scrolls_sideways, settle


def seek(page, words):
    with change(page):
        page.get_by_role("searchbox", name="Search").fill(words)
        page.keyboard.press("Enter")


def choose_table(page, title):
    with change(page):
        page.get_by_role("radio", name=title, exact=True).or_(
            page.get_by_role("button", name=title, exact=True)
        ).click()


def click_grid(page, x, row):
    """Clicks into a row of the grid, as it is sorted now; 0 is its header."""
    grid = page.locator("[data-testid=stDataFrame]")
    grid.evaluate("one => one.scrollIntoView({block: 'center'})")
    box = grid.bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + 35 * row + 17)


def row_read(page):
    return page.locator(".st-key-row").inner_text()


def test_a_table_is_chosen_searched_and_kept_in_the_link(open_page):
    screen = open_page("/data")
    page = screen.page
    choose_table(page, "Training runs")
    assert query(page)["table"] == "training_runs"
    seek(page, "bloom")
    assert "rows have “bloom”" in page.get_by_test_id("stMain").inner_text()
    page.reload()
    page.get_by_role("heading", name="Training runs").wait_for()
    assert query(page)["table"] == "training_runs"
    with change(page):
        page.get_by_role("link", name="Evidence").click()
    assert "table" not in query(page)
    with change(page):
        page.get_by_role("link", name="Data").click()
    page.get_by_role("heading", name="Training runs").wait_for()
    assert screen.complaints == []


def test_a_row_is_read_in_full_with_its_source_also_where_it_is_sorted(open_page):
    screen = open_page("/data?table=regions")
    page = screen.page
    with change(page):
        click_grid(page, 60, 1)
    assert "Name: Europe" in row_read(page)
    assert "Source: Ember (2026)" in row_read(page)
    click_grid(page, 60, 0)  # sorts by name
    page.wait_for_timeout(500)
    with change(page):
        click_grid(page, 60, 1)
    assert "Name: Afghanistan" in row_read(page)
    seek(page, "georgia")
    assert page.locator(".st-key-row").count() == 0
    assert screen.complaints == []


def test_sources_with_an_address_are_links(open_page):
    page = open_page("/data?table=inference").page
    with change(page):
        click_grid(page, 60, 1)
    link = page.locator(".st-key-row").get_by_role("link", name="arXiv:2311.16863")
    assert link.get_attribute("href") == "https://arxiv.org/abs/2311.16863"


@pytest.mark.parametrize(
    ("name", "files"),
    [("pue", ["pue.csv"]), ("regions_odbl", ["regions_odbl.csv", "regions_odbl.LICENSE.txt"])],
)
def test_a_download_is_the_file_as_it_is(open_page, name, files):
    page = open_page(f"/data?table={name}").page
    for file in (*files, *data_tables.other_files()):
        with page.expect_download() as waited:
            page.get_by_role("button", name=f"Download {file}", exact=True).click()
        assert waited.value.suggested_filename == file
        assert Path(waited.value.path()).read_bytes() == (reader.data_folder() / file).read_bytes()


def test_a_citation_is_copied_with_a_button(open_page):
    page = open_page("/data").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = page.get_by_test_id("stCode").first
    code.hover()
    code.get_by_role("button").click()
    assert page.evaluate("navigator.clipboard.readText()") == citation.bibtex_of_tool()


def test_every_table_fits_a_phone(open_page):
    screen = open_page("/data", width=390, height=844)
    page, main = screen.page, screen.page.get_by_test_id("stMain")
    first, *others = data_tables.tables().values()
    for table in (*others, first):
        choose_table(page, table.title)
        page.get_by_role("heading", name=table.title, exact=True).wait_for()
        for expander in main.locator("details").all():
            if expander.get_attribute("open") is None:
                expander.locator("summary").click()
        settle(page)
        assert not scrolls_sideways(page)
        assert main.evaluate("one => one.scrollWidth <= one.clientWidth"), table.title
    assert screen.complaints == []
