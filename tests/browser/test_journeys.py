"""People with a task, each in as few steps as it takes; what they see on the way is asserted."""

import json
import re
import subprocess
import sys

from oce import catalog, descriptions, estimate, units
from oce.analysis import planning
from oce.evaluation import refit
from tests.support.app_server import ROOT
from tests.support.screen import change, choose, drawn, enter, headline, press_button, query, settle, table

RUN = catalog.model("llama-3-70b").scenario()
NEXT = re.compile(r"^Next(?!:)")  # at the top; that at the end names the step


def follow(page, link, heading):
    """Goes to another page of the app."""
    with change(page):
        page.get_by_role("link", name=link).first.click()
    page.locator("h1", has_text=heading).wait_for()
    settle(page)


def test_a_planner_with_a_deadline(open_page):
    """14 days instead of 30: how many devices, how much carbon? And a link for the boss."""
    screen = open_page("/")
    page = screen.page
    took = units.shown(estimate(RUN).time_to_train_hours.central, units.DURATION)
    assert took.split()[0] in page.locator("dl.figures").inner_text()  # and the planner wants 14, to be careful
    follow(page, "Plan", "what would you change?")  # 1
    assert page.get_by_label("Deadline (days)", exact=True).get_attribute("placeholder") == "30"
    enter(page, "Deadline (days)", "14")  # 2
    option = planning.deadline(RUN, 14, catalog.device("H100"))
    row = next(line for line in table(page, "Devices, to be careful").splitlines() if line.startswith("H100 SXM"))
    assert f"{option.devices_careful:,}" in row  # the number of devices
    carbon = units.typeset(units.shown(option.result.total_co2e_kg.central, units.MASS))
    assert carbon.replace(" ", "\xa0") in row
    press_button(page, "Use H100 SXM")  # 3
    assert query(page) == {
        "device_count": str(option.devices_careful),
        "deadline_days": "14",
    }  # 4: the link is the address
    boss = open_page(page.url.replace(page.url.split("/plan")[0], "")).page
    assert headline(boss) == headline(page)
    assert screen.complaints == []


class Hands:
    """A visitor's hands: what is pressed and clicked, counted; a chord is a key, a double click two clicks."""

    def __init__(self, page):
        self.page, self.clicks, self.keys = page, 0, 0

    def click(self, target, times=1):
        target.click(click_count=times)
        self.clicks += times
        settle(self.page)

    def type(self, text):
        """Types into what has the focus."""
        self.page.keyboard.type(text)
        self.keys += len(text)
        settle(self.page)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1
            settle(self.page)


def proposal_of(text):
    """The verdict that the paragraphs for a proposal have, and the sentence of each option."""
    *sentences, compared, _ = units.typeset(text).split("\n\n")
    return [compared[: compared.index(". No clear difference") + 1], *sentences]


def test_a_planner_with_three_offers(open_page):
    """A run of 13B on 4T tokens: which offer makes 45 days and 200 t? A sentence for the proposal, and a link."""
    screen = open_page("/")
    page, hands = screen.page, Hands(screen.page)
    hands.click(page.get_by_role("link", name="Compare").first)
    cards = page.locator(".st-key-options")
    offers = (("512", "va"), ("1024", "ie"), ("1024", "ok"))  # H100, A100 and TPU v4 are there already
    for place, (count, where) in enumerate(offers):
        hands.click(cards.get_by_label("Number", exact=True).nth(place), times=2)
        hands.type(count)
        hands.press("Tab")
        hands.type(where)
        hands.press("Enter")
    for field, size in (("Parameters", "13B"), ("Training tokens", "4T")):
        hands.click(page.locator(".stSidebar").get_by_label(field, exact=True))
        hands.press("ControlOrMeta+a")
        hands.type(size)
    hands.press("Enter")
    hands.click(page.get_by_label("Deadline (days)", exact=True))
    hands.type("45")
    hands.press("Tab", "Tab")  # past the help
    hands.type("200")
    hands.press("Enter")
    verdict = headline(page)
    names = ("512 H100 SXM in Virginia", "1,024 A100 SXM4 80GB in Ireland", "1,024 TPU v4 in Oklahoma")
    entered = {"parameters": "13e9", "tokens": "4e12", "deadline_days": "45", "carbon_budget_t": "200"}
    assert entered.items() <= query(page).items()
    assert "baseline" not in query(page)  # nobody chose it: the options only have other names now
    assert "45 days" in verdict
    assert "200 t" in verdict
    shown = [cards.get_by_label(f"Option {number}", exact=True).input_value() for number in (1, 2, 3)]
    assert tuple(shown) == names
    hands.click(page.locator("summary", has_text="Take it with you"))
    hands.click(page.get_by_role("tab", name="Sentence"))
    proposal = page.get_by_test_id("stExpander").get_by_role("tabpanel").inner_text()
    decided, *sentences = proposal_of(proposal)
    assert decided == verdict
    for said, name in zip(sentences, names, strict=True):
        count, place = name.split(" in ")
        assert said.startswith("We estimate that training a 13B model (4T tokens, ")
        assert re.search(rf"\) on {count}( chips)? in {place}, PUE .* takes .* days .* emits ", said)
    assert hands.clicks <= 12
    assert hands.keys <= 40
    boss = open_page(page.url.replace(page.url.split("/compare")[0], "")).page
    assert headline(boss) == verdict
    assert [boss.locator(".st-key-options input").nth(at).input_value() for at in range(12)] == [
        cards.locator("input").nth(at).input_value() for at in range(12)
    ]
    assert screen.complaints == []


def test_a_journalist_with_two_numbers(open_page):
    """Meta says 8,930 t of Llama 3.1 405B, this page says more: why? A sentence to quote, and a link that proves it."""
    screen = open_page("/")
    page, hands = screen.page, Hands(screen.page)
    hands.click(page.locator(".stSidebar").get_by_role("combobox", name="Model"))  # 1
    hands.type("405B")
    page.get_by_role("option", name="Llama 3.1 405B").wait_for()
    with change(page):
        hands.press("Enter")
    reported = catalog.model("llama-3.1-405b")
    ours = estimate(reported.scenario())
    total = units.typeset(units.shown(ours.total_co2e_kg.central, units.MASS))
    assert "Llama 3.1 405B" in headline(page)
    assert total in headline(page)
    bridge = page.locator(".st-key-bridge")
    theirs = units.typeset(units.shown(1000 * reported.reported_co2e_t, units.MASS))
    question = bridge.get_by_role("heading").first.inner_text()
    assert question == f"Why {total} in total, when {theirs} of operational carbon was reported?"
    for part in ("Hours", "Power", "Making the devices"):
        assert part in bridge.locator("table.plain").inner_text()
    assert reported.source in bridge.inner_text()
    hands.click(page.locator("summary", has_text="Take it with you"))  # 2: the link stands there, beside its QR code
    panel = page.get_by_test_id("stExpander").filter(has_text="Take it with you")
    link = panel.get_by_role("tabpanel").locator("code").first.inner_text()
    hands.click(page.get_by_role("tab", name="Sentence"))  # 3
    sentence = units.typeset(panel.get_by_role("tabpanel").inner_text())
    assert sentence.startswith("We estimate that training Llama 3.1 405B (")
    assert f"emits {total} (" in sentence
    assert hands.clicks <= 3
    reader = open_page(link.replace(link.split("?")[0], "/")).page
    assert headline(reader) == headline(page)
    assert reader.locator(".st-key-bridge").get_by_role("heading").first.inner_text() == question
    assert screen.complaints == []


class Thumb:
    """A thumb on a phone that scrolls down only; what is above the window is out of its reach."""

    def __init__(self, page):
        self.page = page

    def top(self, target):
        """Where something begins in the window."""
        return target.evaluate("one => one.getBoundingClientRect().top")

    def down_to(self, target):
        """Scrolls down until the whole of something is in the window."""
        for _ in range(40):
            box = target.bounding_box()
            below = box["y"] + box["height"] - self.page.viewport_size["height"] if box else 1
            if below <= 0:
                break
            self.page.mouse.wheel(0, min(below + 8, 400))
            self.page.wait_for_timeout(50)
        assert self.top(target) >= 0, "it is above the window"

    def tap(self, target):
        self.down_to(target)
        target.click()
        settle(self.page)


def test_a_lecturer_on_a_phone(open_page):
    """Eight steps on a phone, each with its chart, control, question and answer, without scrolling up once."""
    screen = open_page("/learn", width=390, height=844)
    page, thumb = screen.page, Thumb(screen.page)
    page.mouse.move(195, 600)
    for number in range(1, 9):
        assert headline(page).startswith(f"{number} · ")
        assert 0 <= thumb.top(page.locator("h1")) < 422  # the step begins in the upper half of the window
        chart = page.locator("[class*='st-key-chart-learn'] .js-plotly-plot")
        thumb.down_to(chart)
        before = drawn(page), chart.inner_text()
        control = page.locator(f"[class*='st-key-learn_{number}']").first
        thumb.down_to(control)
        knob = control.locator("input[type=range], [role=radio][aria-checked=false]").last
        with change(page):
            knob.press("Home") if knob.get_attribute("type") == "range" else knob.click()
        assert (drawn(page), chart.inner_text()) != before
        box = chart.bounding_box()
        assert box["y"] + box["height"] / 2 > 0  # most of what the control changes is seen while it is moved
        thumb.tap(page.locator("details", has_text="The answer").locator("summary"))
        thumb.down_to(page.locator(f"[data-oce=answer-{number}]"))
        if number < 8:
            with change(page):
                thumb.tap(page.locator(".st-key-learn_next_end button"))
            page.locator("h1", has_text=f"{number + 1} · ").wait_for()
    assert screen.complaints == []


def test_a_teacher_with_a_class(open_page):
    """Eight steps on the projector, with a question to each and its answer after the class has thought."""
    screen = open_page("/learn", width=1280, height=720)
    page = screen.page
    with change(page):
        page.get_by_text("Show as slides").click()  # 1
    steps = (
        "token cost",
        "fast does a device",
        "long does it take",
        "much energy",
        "much carbon",
        "sure is the answer",
        "the devices themselves",
        "would you do",
    )
    for number, words in enumerate(steps, 1):
        page.locator("h1", has_text=words).wait_for()
        assert headline(page).startswith(f"{number} · ")
        assert page.get_by_text("Think first:").is_visible()
        answer = page.locator("details", has_text="The answer")
        words_of_answer = answer.locator("[data-oce^=answer]")
        assert not words_of_answer.is_visible()  # the answer of the step before is not left open
        answer.locator("summary").click()  # the class has thought
        words_of_answer.wait_for(state="visible")
        settle(page)
        if number < len(steps):
            press_button(page, NEXT)
    assert page.get_by_role("button", name=NEXT).is_disabled()
    assert query(page) == {"step": "8", "slides": "yes"}  # bookmarked for the next class
    assert screen.complaints == []


def test_a_reviewer_with_a_doubt(open_page):
    """Is this number any good, is it the paper's, and does it come out again on another machine?"""
    screen = open_page("/")
    page = screen.page
    result = estimate(RUN)
    doubted = headline(page)
    follow(page, "How far can this be trusted?", "Can this number be trusted?")  # 1
    near = refit.nearby(result)
    said = page.locator(".stMain").inner_text()
    assert f"{len(near.runs)} of the" in said
    assert f"{near.held} of {len(near.runs)} lay inside the interval" in said
    choose(page, "Method", "Published")  # 2: against the paper's own method
    assert "Published α: half of" in page.locator("[class*='st-key-chart-runs']").inner_text()
    page.get_by_role("tab", name="Table 3, embodied").click()  # 3
    page.get_by_role("tab", name="Table 2, operational").click()  # 4
    assert page.get_by_text("BLOOM were given each other's compute").is_visible()
    follow(page, "Explore", "would emit about")  # 5
    assert headline(page) == doubted
    with change(page):
        page.locator("summary", has_text="Take it with you").click()  # 6
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()  # 7
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    options = [
        part for name, value in saved["scenario"].items() for part in (f"--{name.replace('_', '-')}", str(value))
    ]
    command = [sys.executable, "-m", "oce", "estimate", *options, "--json"]  # 8
    again = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert units.typeset(descriptions.headline(result, "Llama 3 70B")) == doubted
    assert abs(again["total_co2e_kg"]["central"] / result.total_co2e_kg.central - 1) < 1e-9
    assert screen.complaints == []
