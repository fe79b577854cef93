"""What is the matter with how a page of the app is laid out, at the size that its window has."""

from typing import Any

from playwright.sync_api import Page

# Pairs of texts of a chart whose boxes lie over each other, texts that leave the drawing, notes above rows that lie
# over a bar or a whisker, and x axes without ticks.
FAULTS_OF_LABELS = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap(plot => {
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
# Controls that are seen and offer a finger less than 24 px. A link within a sentence is as high as its line; what is
# hidden behind a label or a track is met there; the link to the content shows when the keyboard reaches it.
SMALL = """() => [...document.querySelectorAll("button, a[href], input, summary, [role=tab], [role=button]")]
    .filter(one => one.checkVisibility({visibilityProperty: true}))
    .filter(one => !one.matches("p a, li a, td a, [data-testid=stSkipToContent]"))
    .map(one => [one, (one.closest(".stSlider [role=group]") || (one.matches("input") && one.closest("label")) || one)
        .getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && Math.min(box.width, box.height) < 23.5)
    .map(([one, box]) => [one.ariaLabel || one.textContent, box.width, box.height])"""
HEADINGS = """() => [...document.querySelectorAll(".stMain :is(h1, h2, h3)")].map(one => {
    const {fontSize, fontWeight} = getComputedStyle(one);
    return [one.tagName, one.ariaLevel, parseFloat(fontSize), Number(fontWeight)];
})"""


def faults_of_labels(page: Page) -> list[Any]:
    """Labels of a chart that lie over each other or over what is drawn, or are cut off; an axis without ticks."""
    found: list[Any] = page.evaluate(FAULTS_OF_LABELS)
    return found


def small_controls(page: Page) -> list[Any]:
    """Controls that offer a finger less than 24 pixels."""
    found: list[Any] = page.evaluate(SMALL)
    return found


def faults_of_headings(page: Page) -> list[str]:
    """Where a heading outranks the section that it stands in, to the eye or to a screen reader."""
    headings: list[tuple[str, str | None, float, int]] = page.evaluate(HEADINGS)
    sizes = {level: [size for tag, _, size, _ in headings if tag == level] for level in ("H1", "H2", "H3")}
    faults = [
        f"an {below} of {max(sizes[below])} px under an {above} of {min(sizes[above])} px"
        for above, below in (("H1", "H2"), ("H2", "H3"))
        if sizes[above] and sizes[below] and min(sizes[above]) <= max(sizes[below])
    ]
    faults += [f"{tag} of weight {weight}" for tag, _, _, weight in headings if weight != 600]
    tags = [tag for tag, *_ in headings]
    in_sections = headings[tags.index("H2") :] if "H2" in tags else []
    faults += [
        f"a chart of level {level}" for tag, level, *_ in in_sections if tag == "H3" and level not in (None, "3")
    ]
    return faults if headings else ["no heading"]
