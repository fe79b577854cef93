"""The chart element: drawn once, changed in place, in the theme's colours, with its text and its downloads."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.app_server import app_server
from tests.support.screen import change, charts, new_screen, press, settle, slider

TOKENS = "Training tokens, slider"
THROUGHPUT = ".st-key-chart-throughput .js-plotly-plot"


def ink(page):
    """The colour of the letters in a chart."""
    return page.locator(THROUGHPUT + " .xtick text").first.evaluate("text => getComputedStyle(text).fill")


def test_a_change_is_drawn_on_the_same_node_without_a_moment_of_nothing(open_page):
    page = open_page("/").page
    page.evaluate("""() => {
        // not the bridge, which a preset has and another scenario has not
        window.kept = [...document.querySelectorAll(".js-plotly-plot")].filter((one) => !one.closest(".st-key-bridge"));
        window.drawings = kept.map((chart) => chart.querySelector(".main-svg"));
        window.empty = 0;
        new MutationObserver(() => { empty += drawings.filter((svg) => !svg.isConnected).length; })
            .observe(document, { subtree: true, childList: true });
    }""")
    before = charts(page)
    press(slider(page, TOKENS), "ArrowRight", "ArrowRight")
    assert charts(page) != before
    assert page.evaluate("kept.length") == 4
    assert page.evaluate("kept.every((chart) => chart.isConnected)")
    assert page.evaluate("empty") == 0


def test_a_chart_that_stays_as_it_is_is_not_drawn_again(open_page):
    page = open_page("/").page
    page.evaluate("""() => {
        window.again = 0;
        const charts = document.querySelectorAll(".js-plotly-plot");
        for (const chart of charts) chart.on("plotly_afterplot", () => { again += 1; });
    }""")
    tokens = page.get_by_label("Training tokens", exact=True)
    tokens.fill("15e12")  # as it is, but written in another way
    with change(page):
        tokens.press("Enter")
    assert tokens.input_value() == "15T"
    assert page.evaluate("again") == 0


def test_what_is_below_the_window_is_drawn_too_where_a_browser_cannot_tell_when_it_is_idle(browser, visited_url):
    screen = new_screen(browser, visited_url, 1280, 800, "light")
    screen.page.context.add_init_script("delete window.requestIdleCallback")  # as Safari
    screen.go("/")
    last = screen.page.locator("[data-chart]").last
    assert last.bounding_box()["y"] > 1000
    expect(last.locator(".main-svg").first).to_be_attached()
    assert screen.complaints == []
    screen.page.context.close()


def test_what_was_hidden_in_the_legend_stays_hidden(open_page):
    page = open_page("/compare").page
    totals = page.locator(".st-key-chart-curves .js-plotly-plot")
    hidden = "chart => chart._fullData.map((trace) => trace.visible)"
    before = totals.evaluate(hidden)
    totals.locator(".legendtoggle").first.click()
    page.wait_for_function(
        "() => document.querySelector('.st-key-chart-curves .js-plotly-plot')._fullData"
        ".some((trace) => trace.visible === 'legendonly')"
    )
    after = totals.evaluate(hidden)
    assert after != before
    press(slider(page, TOKENS), "ArrowLeft")
    assert totals.evaluate(hidden) == after


def test_the_theme_changes_the_colours_without_another_run(open_page):
    page = open_page("/").page
    light, asked = ink(page), page.evaluate("window.__seen.asked")
    page.evaluate("window.kept = document.querySelector('.js-plotly-plot .main-svg')")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "([chart, light]) => getComputedStyle(document.querySelector(chart)).fill !== light",
        arg=[THROUGHPUT + " .xtick text", light],
    )
    assert ink(page) == page.locator("h1").evaluate("title => getComputedStyle(title.closest('.stApp')).color")
    assert page.evaluate("kept.isConnected")
    settle(page)
    assert page.evaluate("window.__seen.asked") in (asked, asked + 1)  # Streamlit tells the server of the new theme


def test_a_chart_says_what_it_shows(open_page):
    page = open_page("/").page
    chart = page.get_by_role("figure", name=re.compile("^Throughput. Each device runs at"))
    expect(chart).to_be_visible()
    expect(page.get_by_role("heading", name="Throughput", exact=True)).to_be_visible()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_chart_is_downloaded(open_page, kind, tmp_path):
    page = open_page("/").page
    wide = page.locator(THROUGHPUT).bounding_box()["width"]
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save “Throughput” as {kind.upper()}").click()
    assert download.value.suggested_filename == f"throughput.{kind}"
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\x89PNG" if kind == "png" else b"<svg")
    if kind == "png":  # twice as large as on the screen
        assert int.from_bytes(content[16:20]) == pytest.approx(2 * (wide + 32), abs=4)
    else:  # with its title, the scenario, whose it is and where; on the page's paper, with its ink
        assert b"rgb(252, 251, 248)" in content
        assert b"rgb(27, 42, 41)" in content
        for said in (b">Throughput<", b"Scenario: Training Llama 3 70B", b"CC BY 4.0", page.url.split("?")[0].encode()):
            assert said in content
        assert b"font-family: Arial, Helvetica, sans-serif" in content  # fonts that are there outside of the app too


def test_without_plotly_it_says_so_and_the_rest_works(browser, visited_url):
    screen = new_screen(browser, visited_url, 1280, 800, "light")
    page = screen.page
    page.route("**/oce/plotly-*", lambda route: route.abort())
    screen.go("/")
    page.locator(".oce-chart[data-missing]").nth(3).wait_for()
    expect(page.get_by_role("alert").first).to_contain_text("This chart could not be drawn")
    before = page.locator("dl.figures").inner_text()
    press(slider(page, TOKENS), "ArrowLeft")
    assert page.locator("dl.figures").inner_text() != before
    page.unroute("**/oce/plotly-*")
    press(slider(page, TOKENS), "ArrowLeft")  # it is asked for again, and there now
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    assert page.locator(".oce-chart[data-missing]").count() == 0
    page.context.close()


def test_plain_streamlit_run_shows_the_charts_too(browser):
    with app_server(plain=True) as url:
        screen = new_screen(browser, url, 1280, 800, "light")
        screen.go("/")
        assert len(charts(screen.page)) == 5
        assert screen.page.get_by_test_id("stPlotlyChart").count() == 5
        press(slider(screen.page, TOKENS), "ArrowRight")
        assert screen.complaints == []
        screen.page.context.close()
