"""The Evidence page as a doubting reviewer uses it."""

from oce.evaluation import device_evidence, refit
from oce.method.runs import scored_runs
from tests.support.screen import change, charts, choose, framed, headline, upload_in_frame

RUNS = b"""device,device_hours,training_flop,parameters,year
A100-SXM4-80GB,82432,4.02e22,6.7e9,2023
A100 SXM 80GB,135168,7.8e22,13e9,2023
A100 80GB SXM,530432,2.73e23,32.5e9,2023
H1000,1,1e20,,
"""


def upload(page, content):
    with change(page):
        page.locator("input[type=file]").set_input_files(
            {"name": "runs.csv", "mimeType": "text/csv", "buffer": content}
        )


def test_every_scored_run_is_drawn_with_its_prediction(open_page):
    page = open_page("/evidence").page
    drawn = sum(len(trace["x"]) for trace in charts(page)[0]["traces"] if trace["name"] != "as reported")
    assert drawn == len(scored_runs())


def test_another_method_is_shown_against_ours(open_page):
    page = open_page("/evidence").page
    choose(page, "Method", "LLMCarbon")
    score = next(one for one in refit.evaluations() if one.name == "LLMCarbon").score
    assert f"LLMCarbon: half of {score.runs} runs" in page.locator("[class*='st-key-chart-runs']").inner_text()
    names = [trace["name"] for trace in charts(page)[1]["traces"]]
    methods = [f"{name}, by {what}" for name in ("Calibrated", "LLMCarbon") for what in ("runs", "organisations")]
    assert names == ["as stated", *methods]


def test_every_checked_contrast_is_drawn_and_what_your_two_devices_rest_on_is_listed(open_page):
    screen = open_page("/evidence")
    page = screen.page
    chart = page.locator("[class*='st-key-chart-contrasts']")
    chart.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelectorAll('[data-chart] .main-svg').length > 0")
    drawn = next(one for one in charts(page) if any(trace["name"] == "mixtures of experts" for trace in one["traces"]))
    points = sum(len(trace["x"]) for trace in drawn["traces"] if trace["name"] != "as measured")
    assert points == len(device_evidence.checked())
    choose(page, "H100 SXM against", "TPU v4")
    assert "never measured on one stack" in page.get_by_text("Bracketed, not measured.").locator("..").inner_text()
    assert page.get_by_test_id("stDataFrame").nth(1).is_visible()  # the first has the bridges
    assert screen.complaints == []


def test_past_runs_are_read_named_where_bad_used_everywhere_and_forgotten(open_page):
    screen = open_page("/evidence?parameters=65e9&tokens=1.4e12&device=a100-sxm-80gb")
    page = screen.page
    upload(page, RUNS)
    page.get_by_text("3 runs are used").wait_for()
    assert "row 5" in page.get_by_text("Left out").inner_text()
    with change(page):
        page.get_by_role("link", name="Explore").click()
    page.locator("dl.figures").wait_for()
    with_runs = headline(page)
    with change(page):
        page.get_by_role("link", name="Evidence").click()
    with change(page):
        page.get_by_role("button", name="Forget them").click()
    with change(page):
        page.get_by_role("link", name="Explore").click()
    page.locator("dl.figures").wait_for()
    assert headline(page) != with_runs
    assert screen.complaints == []


def test_past_runs_are_read_in_the_frame_of_another_site(open_page, app_url):
    """As a Space shows it: the browser withholds every cookie there, so no check of a cookie may stand in the way."""
    frame = framed(open_page("/data").page, app_url, "tokens=2e12")
    assert upload_in_frame(frame, RUNS).startswith("3 runs are used")


def test_a_file_that_is_no_table_is_refused_in_a_sentence(open_page):
    screen = open_page("/evidence")
    upload(screen.page, b"\x89PNG\r\n\x1a\n\x00\x00 no table")
    assert "CSV file in UTF-8" in screen.page.get_by_role("alert").inner_text()
    assert screen.complaints == []
