"""The site opens from a plain host of files, says the numbers of the library, and opens again without the host."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from oce import catalog, descriptions, estimate, units
from pages.charts import Chart
from pages.session.current_estimate import cached_swings
from pages.views import explore
from tests.support.file_server import Line, file_server
from tests.support.screen import PATIENCE_MS, charts, figures, headline, new_screen, press, settle, slider

FIRST = catalog.model("llama-3-70b")
MOST_FIRST, MOST_AGAIN = 15e6, 0.2e6  # bytes as sent
PLACES = """([within, ...selectors]) =>
    selectors.flatMap((one) => [...document.querySelectorAll(`${within} ${one}`)].map((found) => {
        const {x, y, width, height} = found.getBoundingClientRect();
        return [x, y, width, height];
    }))"""
PICTURE = ("#oce-first", "h1", ".strip", ".remark", "section p", ".plot", ".bar")
DRAWN = (
    *("#root .stMain", "h1", "p.strip", "p.remark"),
    *(f".st-key-pairs-carbon {one}" for one in (".oce-chart-sentence", ".oce-chart", ".bars .point path")),
)


def test_a_first_visit_a_second_and_one_without_the_host(browser, site):
    line, result = Line(), estimate(FIRST.scenario())
    with file_server(site, line) as url:
        screen = new_screen(browser, url, 1280, 800, "light")
        page = screen.page
        page.goto(url, wait_until="domcontentloaded")
        words = page.locator("#oce-first")  # before Python is there
        assert words.locator("h1").inner_text() == units.typeset(descriptions.headline(result, FIRST.name))
        said = words.locator("dl").inner_text()
        page.evaluate("document.fonts.ready")
        picture = page.evaluate(PLACES, PICTURE)
        page.locator("#oce-progress", has_text=" MB").wait_for()
        settle(page)
        assert words.count() == 0
        assert headline(page) == units.typeset(descriptions.headline(result, FIRST.name))
        assert figures(page).split() == said.split()
        assert page.locator(".oce-picture").count() == 0
        assert page.evaluate(PLACES, DRAWN) == [pytest.approx(box, abs=1.5) for box in picture]  # nothing jumps
        assert_same_numbers(charts(page), explore.content(result, FIRST, cached_swings(result)).charts.values())

        assert page.evaluate("async () => (await fetch('./oce/live?tokens=2e12')).status") == 200  # while it is dragged
        press(slider(page, "Training tokens, slider"), "ArrowLeft")
        assert headline(page) == units.typeset(descriptions.headline(estimate(FIRST.scenario().replace(tokens=12e12))))

        page.wait_for_function("window.oceMarks.all", timeout=PATIENCE_MS)  # what other pages need came meanwhile
        assert line.sent_until(page.evaluate("performance.timeOrigin + oceMarks.more") / 1000) <= MOST_FIRST
        before = line.sent
        page.goto(url, wait_until="domcontentloaded")
        settle(page)
        assert line.sent - before <= MOST_AGAIN
    page.goto(f"{url}/plan.html?tokens=2e12", wait_until="domcontentloaded")  # nobody serves it any more
    settle(page)
    assert page.get_by_label("Training tokens", exact=True).input_value() == "2T"
    assert page.locator("table.plain").count() > 0
    assert screen.complaints == []
    page.context.close()


def assert_same_numbers(drawn: list[dict[str, Any]], expected: Iterable[Chart]) -> None:
    """That the charts of a page have the numbers of the library, to 1e-9."""
    traces = [trace for chart in expected for trace in chart.figure["data"]]
    shown = [trace for chart in drawn for trace in chart["traces"]][: len(traces)]  # below: the bridge of the preset
    assert [trace["name"] for trace in shown] == [trace.get("name") for trace in traces]
    compared = 0
    for here, there in zip(shown, traces, strict=True):
        for axis in ("x", "y"):
            pairs = list(zip(numbers(here[axis]), numbers(there.get(axis, ())), strict=True))
            assert all(math.isclose(one, other, rel_tol=1e-9) for one, other in pairs)
            compared += len(pairs)
    assert compared > 100


def numbers(values: Iterable[Any]) -> Iterator[float]:
    """The numbers among the positions on an axis."""
    return (float(one) for one in values if isinstance(one, (int, float)))
