"""The Learn page as a class goes through it."""

from tests.support.screen import change, charts, press, query, reading, scrolls_sideways, settle, slider

STEPS = {
    "1": "What does a token cost?",
    "2": "How fast does a device train?",
    "3": "How long does it take?",
    "4": "How much energy is that?",
    "5": "How much carbon is that?",
    "6": "How sure is the answer?",
    "7": "And the devices themselves?",
    "8": "What would you do?",
}


def heading(page):
    return page.locator("h1").inner_text()


def press_on(page, name):
    """Presses Enter on a button, as somebody without a mouse does."""
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    with change(page):
        page.keyboard.press("Enter")


def test_the_steps_follow_each_other_by_keyboard_and_the_link_survives_a_reload(open_page):
    screen = open_page("/learn")
    page = screen.page
    assert "step" not in query(page)
    for step in list(STEPS)[1:4]:
        press_on(page, "Next")
        assert heading(page) == f"{step} · {STEPS[step]}"
        assert query(page)["step"] == step
        assert len(charts(page)) == 1
    press_on(page, "Previous")
    assert query(page)["step"] == "3"
    page.reload()
    settle(page)  # until then the first response's own heading stands beside Streamlit's
    assert heading(page) == f"3 · {STEPS['3']}"
    assert screen.complaints == []


def test_every_slide_fits_a_projector_with_its_question_and_chart(open_page):
    screen = open_page("/learn?slides=yes", width=1280, height=720)
    page = screen.page
    for step, title in STEPS.items():
        if step != "1":
            with change(page):
                page.keyboard.press("PageDown")
        assert heading(page) == f"{step} · {title}"
        assert not scrolls_sideways(page), step
        assert page.evaluate("document.querySelector('.stMain').scrollHeight") <= 720, step
        for part in (page.get_by_text("Think first:"), page.locator("summary", has_text="The answer")):
            box = part.bounding_box()
            assert box["y"] + box["height"] <= 720, step
        chart = page.locator("[class*='st-key-chart-learn'] .js-plotly-plot").bounding_box()
        assert chart["y"] + chart["height"] <= 720, step
        assert chart["width"] > 600, step
        size = page.get_by_text("Think first:").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
        assert size > 19, step
        assert not page.locator(".stSidebar").is_visible(), step
    assert screen.complaints == []


def test_the_keys_of_a_presenter_turn_the_slides(open_page):
    screen = open_page("/learn?slides=yes", width=1280, height=720)
    page = screen.page
    for key, step in (("PageDown", "2"), ("ArrowRight", "3"), ("PageDown", "4"), ("ArrowLeft", "3"), ("PageUp", "2")):
        with change(page):
            page.keyboard.press(key)
        assert heading(page) == f"{step} · {STEPS[step]}"
    with change(page):
        page.get_by_text("Show as slides").click()
    assert page.locator(".stSidebar").is_visible()
    assert query(page) == {"step": "2"}
    assert screen.complaints == []


def test_the_control_changes_the_chart_and_not_the_scenario(open_page):
    screen = open_page("/learn?step=2")
    page = screen.page
    before = charts(page)[0]["traces"]
    alpha = slider(page, "log₁₀ α")
    assert reading(alpha).endswith("(yours)")
    press(alpha, "Home")
    assert reading(alpha) == "−6"
    assert "cold start" in [one["name"] for one in charts(page)[0]["traces"]]
    assert charts(page)[0]["traces"] != before
    assert query(page) == {"step": "2"}
    assert screen.complaints == []


def test_the_answer_is_folded_until_it_is_asked_for(open_page):
    page = open_page("/learn?step=3").page
    answer = page.get_by_text("The carbon rises")
    assert not answer.is_visible()
    page.locator("summary", has_text="The answer").press("Enter")
    answer.wait_for(state="visible")


def test_all_steps_are_on_one_page_on_a_phone_too(open_page):
    assert len(charts(open_page("/learn?step=all", width=390, height=844).page)) == len(STEPS)
