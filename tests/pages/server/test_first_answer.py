"""The first response holds what the page and the link answer, before any script; nothing in a link breaks it."""

import html
import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import catalog, descriptions, estimate, units
from oce.fields import FIELDS
from pages.server import first_document, front_end
from pages.server.first_answer import ANSWERING, MOST_CHARACTERS, MOST_PARAMETERS, first_answer
from pages.session import link, site
from tests.support.app_test import new_app, path_of

LINKS = ["", "tokens=2e12&device=v100", "price_per_device_hour=2", "compare=own~name-Ours~~region-FRA", "tokens=lots"]
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'onload='alert(1)",
    "</title><b>",
    "</style>",
]


class Elements(HTMLParser):
    """The tags and attributes of a document."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


def document(page, query):
    files = "/oce/first.js", "/oce/style.css"
    return first_document.document(first_answer(page, query), *files, "https://example.org", query)


def test_the_answer_is_that_of_the_library():
    scenario = catalog.model("llama-3-70b").scenario().replace(tokens=2e12)
    said = units.typeset(descriptions.headline(estimate(scenario), "this model"))
    found = first_answer("explore", "tokens=2e12")
    assert found.headline == said
    assert found.title == f"{said} · {site.NAME}"
    assert said in found.description
    assert len(found.figures) == 4
    assert all(one.beneath for one in found.figures)
    assert found.strip.count("·") == 2  # three assumptions


def test_all_that_starts_the_app_waits_until_the_answer_is_painted():
    text = document("explore", "")
    waiting = re.search(r'<template id="oce-app">.*</template>', text, re.DOTALL)[0]
    rest = text.replace(waiting, "")
    assert re.findall(r'src="([^"]+)"', rest) == ["/oce/first.js"]
    assert not re.search(r'rel="?(stylesheet|modulepreload)', rest)
    index = front_end.index()
    for address in re.findall(r'(?:src|href)="(\./static/(?:js|css)/[^"]+)"', index):
        assert address in waiting
    assert waiting.index("index.") < waiting.index("/oce/style.css")  # which has the last word


@pytest.mark.parametrize("page", site.PAGES)
@pytest.mark.parametrize("query", LINKS)
def test_every_page_and_link_holds_its_words_before_any_script(page, query):
    found, text = first_answer(page, query), document(page, query)
    assert text.count("<h1>") == 1
    for one in (found.headline, *found.warnings, *(figure.beneath for figure in found.figures)):
        assert html.escape(one) in text
    assert f"<title>{html.escape(found.title)}</title>" in text
    for name in ("description", "og:title", "og:description", "og:image", "og:url"):
        assert re.search(rf'(name|property)="{name}" content="[^"]+"', text), name
    assert text.index("<h1>") < text.index('id="root"')


@pytest.mark.parametrize("page", site.PAGES)
def test_the_browsers_title_is_that_of_the_page_itself_once_it_ran(page):
    query = {"tokens": "2e12", "region": "FRA"}
    app = new_app()
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    if page != site.FIRST:
        app.switch_page(path_of(page)).run()
    assert not app.exception
    assert app.session_state["browser_title"] == first_answer(page, urlencode(query)).title


def test_pages_and_links_have_titles_of_their_own():
    links = ("", "tokens=2e12", "tokens=2e12&device=v100", "tokens=2e12&device=v100&pue=1.3")
    found = {first_answer(page, query).title for page in site.PAGES for query in links}
    assert len(found) == len(links) * len(site.PAGES)


@pytest.mark.parametrize("page", [page for page in site.PAGES if page not in ANSWERING and page != "learn"])
def test_a_page_whose_heading_never_changes_has_it_from_the_start(page):
    app = new_app()
    app.run()
    app.switch_page(path_of(page)).run()
    assert first_answer(page, "").headline in [one.value for one in app.title]


@pytest.mark.parametrize("query", ["tokens=lots&pue=0.2", "colour=red", "device=H1000", "parameters="])
def test_what_cannot_be_used_is_said_as_the_page_says_it(query):
    app = new_app()
    for name, _, value in (one.partition("=") for one in query.split("&")):
        app.query_params[name] = value
    app.run()
    found = first_answer("explore", query)
    assert found.warnings
    assert [one.value.replace("\\", "") for one in app.warning] == list(found.warnings)
    assert found.headline in [one.value for one in app.title]


def test_a_scenario_without_an_estimate_says_why():
    query = "device=v100&precision=fp32&method=published&parameters=1e9&tokens=1e30"
    assert first_answer("explore", query).warnings


@pytest.mark.parametrize("page", ["explore", "compare", "lifetime", "learn"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_a_link_stays_text(page, payload):
    sound = Elements(document(page, ""))
    for name in ("tokens", "device", "currency", "compare", "baseline", "step", "task", payload):
        for value in (payload, f"own~name-{payload}~~device-{payload}"):
            found = Elements(document(page, urlencode({name: value})))
            assert found.tags.count("script") == sound.tags.count("script")
            assert set(found.tags) <= {*sound.tags, "p", "dl", "table", "tr", "td", "th", "b", "span", "div"}
            assert not {one for one in found.attributes if one.startswith("on")}


@given(st.text(max_size=300), st.sampled_from(list(site.PAGES)))
def test_no_query_breaks_the_first_answer(query, page):
    assert first_answer(page, query).page == page


@given(st.dictionaries(st.sampled_from([*FIELDS, *link.EXTRAS]), st.text(max_size=40), max_size=8))
def test_no_values_break_the_first_answer(values):
    assert document("compare", urlencode(values))


def test_work_and_size_of_a_link_are_bounded():
    long = "&".join(f"{name}={'rubbish' * 30}" for name in FIELDS)
    for query in (long, "x" * (MOST_CHARACTERS + 1), "&".join(f"a{n}=1" for n in range(MOST_PARAMETERS + 1))):
        for page in site.PAGES:
            found = first_answer(page, query)
            assert found.warnings
            assert len(document(page, query)) < 60_000 + 6 * len(query)
            assert len(first_document.body(found)) < 20_000


def test_what_stays_of_a_paragraph_is_text_and_plain_tags():
    made = first_document.sanitised("<b onclick='x'>a</b> &lt;i&gt; <script>x</script><img src=x><span>c &amp; d")
    assert made == "<b>a</b> &lt;i&gt; x<span>c &amp; d</span>"


def test_the_links_to_other_pages_carry_the_scenario():
    text = document("explore", "tokens=2e12&device=v100")
    assert re.search(r'href="\./plan\?tokens=2e12&amp;device=v100[^"]*"', text)
