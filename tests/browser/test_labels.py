"""No label of a chart lies over another or over bars and whiskers, or is cut off; axes have ticks: at any width."""

import pytest

from pages.session import site
from tests.support.screen import settle

WIDTHS = (1280, 390, 320)
MORE = {"landscape": ("view=era", "view=energy")}  # what a page draws beside what it opens with
PATHS = [
    f"/{'' if page == site.FIRST else page}{query and '?' + query}"
    for page in site.PAGES
    if page not in ("learn", "data")
    for query in ("", *MORE.get(page, ()))
]

# Pairs of texts of a chart whose boxes lie over each other, texts that leave the drawing, notes above rows that lie
# over a bar or a whisker, and x axes without ticks.
FAULTS = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap(plot => {
    const frame = plot.getBoundingClientRect();
    const key = plot.getAttribute("aria-label")?.split(".")[0];
    const texts = [...plot.querySelectorAll("svg text")]
        .filter(text => text.textContent.trim() && text.checkVisibility({opacityProperty: true}))
        .map(text => [text.textContent, text.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0);
    const out = texts
        .filter(([, box]) => box.left < frame.left - 2 || box.right > frame.right + 2 || box.bottom > frame.bottom + 2)
        .map(([text]) => [key, text, "cut off"]);
    const over = texts.flatMap(([one, a], at) => texts.slice(at + 1)
        .filter(([, b]) => Math.min(Math.min(a.right, b.right) - Math.max(a.left, b.left),
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)) > 3)
        .map(([other]) => [key, one, other]));
    const drawn = [...plot.querySelectorAll(".barlayer .point path, .errorbar path")]
        .map(mark => mark.getBoundingClientRect());
    const rows = plot.querySelector(".ytick") ? [] : [...plot.querySelectorAll(".annotation-text")];
    const struck = rows.map(row => [row.textContent, row.getBoundingClientRect()])
        .filter(([, a]) => drawn.some(b => Math.min(Math.min(a.right, b.right) - Math.max(a.left, b.left),
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)) > 1))
        .map(([text]) => [key, text, "over a mark"]);
    const bare = plot.querySelector(".xaxislayer-above") && plot.querySelectorAll(".xtick").length < 2;
    return [...out, ...over, ...struck, ...(bare ? [[key, "no ticks"]] : [])];
})"""


@pytest.mark.parametrize("path", PATHS)
def test_no_label_lies_over_another_or_is_cut_off(open_page, path):
    page = open_page(path).page
    faults = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        faults[width] = page.evaluate(FAULTS)
    assert faults == {width: [] for width in WIDTHS}
