"""Every page of the site: its first words, and that it opens clean by its own link."""

import pytest

from oce import catalog, estimate, units
from tests.support.screen import PAGES, PATIENCE_MS, scrolls_sideways

WIDE, NARROW = 1280, 390


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_page_opens_without_a_complaint_where_its_picture_was(open_page, browser, site_url, path, width):
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    pictured = context.new_page()
    pictured.goto(f"{site_url}{path}{'' if path == '/' else '.html'}", wait_until="load")
    picture = first_of_each(pictured, "#oce-first", ".plot, table, .grid")
    context.close()
    screen = open_page(path, width=width)
    assert screen.page.locator("#oce-first").count() == 0
    assert screen.page.locator("h1").count() == 1
    assert not scrolls_sideways(screen.page)
    assert first_of_each(screen.page, "#root .stMain", ".oce-chart, table.plain, .stDataFrame") == [
        pytest.approx(box, abs=1.5) for box in picture
    ]
    assert screen.complaints == []


def first_of_each(page, within, parts):
    """The places of the headline and of the first chart, table or grid that is in sight."""
    return page.evaluate(
        """([within, parts]) => ["h1", parts].map((one) => [...document.querySelectorAll(`${within} :is(${one})`)]
            .map((part) => part.getBoundingClientRect()).find(({height}) => height > 0))
            .map(({x, y, width, height}) => [x, y, width, height])""",
        [within, parts],
    )


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_without_script_every_page_says_its_headline_and_the_figures(browser, site_url, width):
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    result = estimate(catalog.model("llama-3-70b").scenario())
    for path in PAGES:
        page.goto(f"{site_url}{path}{'' if path == '/' else '.html'}")
        assert page.locator("h1:visible").count() == 1
        assert (
            units.typeset(units.shown_range(result.total_co2e_kg, units.SCALES["total_co2e_kg"]))
            in page.locator("body").inner_text()
        )
        widths = page.locator("html").evaluate_all("roots => roots.map((root) => [root.scrollWidth, innerWidth])")
        assert all(whole <= window for whole, window in widths)
    context.close()


def test_a_link_with_another_scenario_shows_no_other_answer_meanwhile(browser, site_url):
    page = browser.new_context().new_page()
    page.route("**/packs/*", lambda route: route.abort())  # so that it stays at its beginning
    page.goto(f"{site_url}/?tokens=2e12", wait_until="domcontentloaded")
    assert page.locator("#oce-first main").is_hidden()
    assert page.locator("#oce-progress").is_visible()
    page.context.close()


def test_it_says_so_where_it_cannot_start(browser, site_url):
    page = browser.new_context(service_workers="block").new_page()
    page.route("**/packs/*", lambda route: route.abort())
    page.goto(site_url)
    page.get_by_text("The app could not be started here").wait_for()
    page.context.close()


def test_without_a_service_worker_it_opens_too(browser, site_url):
    page = browser.new_context(service_workers="block").new_page()
    page.goto(f"{site_url}/?tokens=2e12")
    page.locator("#root dl.figures").wait_for(timeout=PATIENCE_MS)
    page.context.close()


def test_a_memory_that_cannot_be_restored_costs_nothing(browser, site_url):
    page = browser.new_context().new_page()
    page.goto(site_url)
    page.wait_for_function("window.oceMarks.all", timeout=PATIENCE_MS)
    kept = page.evaluate(
        """async () => {
            const { snapshot } = JSON.parse(document.querySelector("#oce-site").textContent);
            const cache = await caches.open("oce");
            const had = await cache.match(new URL(snapshot, location.href));
            await cache.put(new URL(snapshot, location.href), new Response("no memory"));
            return Boolean(had);
        }"""
    )
    assert kept
    page.goto(f"{site_url}/?tokens=2e12")
    page.locator("#root dl.figures").wait_for(timeout=PATIENCE_MS)
    page.context.close()
