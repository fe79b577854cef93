"""What the server answers at the addresses of pages, and where there is none."""

import gzip
import re
from io import BytesIO

import pytest
from PIL import Image
from starlette.datastructures import Headers

from pages.server import assets, first_response
from pages.session import site
from tests.support.http_answers import asked

PATHS = ["/" if page == site.FIRST else f"/{page}" for page in site.PAGES]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_comes_with_its_answer_and_is_asked_for_again_only_by_its_tag(path, app_url):
    status, headers, body = asked(app_url + path + "?tokens=2e12")
    assert status == 200
    assert b"<h1>" in body
    assert "t CO₂e".encode() in body
    assert headers["cache-control"] == "no-cache"
    status, headers, body = asked(app_url + path + "?tokens=2e12", If_None_Match=headers["etag"])
    assert (status, body) == (304, b"")
    assert headers["x-content-type-options"] == "nosniff"


def test_another_link_has_another_tag(app_url):
    tags = {asked(app_url + query)[1]["etag"] for query in ("/", "/?tokens=2e12", "/compare")}
    assert len(tags) == 3


def test_a_page_names_its_style_sheet_and_what_its_elements_need_which_are_kept(app_url):
    page = asked(app_url + "/")[2].decode()
    named = re.findall(r'<link rel="(?:modulepreload|stylesheet)" (?:crossorigin )?href="\.?(/[^"]+)"', page)
    assert any("/oce/style-" in name for name in named)
    assert any("/Selectbox." in name for name in named)
    for name in named:
        status, headers, _ = asked(app_url + name)
        assert (status, "immutable" in headers["cache-control"]) == (200, True), name


def test_a_page_without_its_answer_has_the_style_sheet_too():
    assert assets.address("style.css").encode() in first_response.without_answer().body


def test_a_page_is_compressed_for_who_takes_it(app_url):
    _, headers, plain = asked(app_url + "/")
    assert "content-encoding" not in headers
    _, headers, packed = asked(app_url + "/", Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    assert "content-encoding" not in asked(app_url + "/", Accept_Encoding="gzip;q=0")[1]


def test_head_is_answered_as_get_without_the_body(app_url):
    for path in ("/", "/plan?tokens=2e12", "/nothing", "/oce/answer.png?page=explore"):
        got, head = asked(app_url + path), asked(app_url + path, "HEAD")
        assert head[0] == got[0], path
        assert head[2] == b""
        assert head[1]["content-type"] == got[1]["content-type"]


@pytest.mark.parametrize("path", ["/explore", "/index.html"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_first_page_has_one_address(path, method, app_url):
    status, headers, _ = asked(f"{app_url}{path}?tokens=2e12", method)
    assert (status, headers["location"]) == (308, "./?tokens=2e12")


@pytest.mark.parametrize(
    "path", ["/nothing", "/Compare", "/compare/deeper", "/a/b/c.html", "/%3Cscript%3E", "/wp-login.php"]
)
def test_an_unknown_address_says_so_with_links_to_the_pages(path, app_url):
    status, headers, body = asked(app_url + path)
    assert status == 404
    assert headers["content-type"].startswith("text/html")
    text = body.decode()
    assert "No such page" in text
    assert "<script" not in text
    up = "../" * (path.count("/") - 1) or "./"
    assert re.findall(r'href="([^"]+)"', text) == [f"{up}{'' if page == site.FIRST else page}" for page in site.PAGES]


def test_streamlits_own_addresses_stay(app_url):
    assert asked(app_url + "/_stcore/health")[2] == b"ok"
    assert asked(app_url + "/favicon.png")[1]["content-type"] == "image/png"
    assert asked(app_url + "/compare/")[0] == 301
    assert asked(app_url + "/oce/nothing.js")[0] in (200, 404)


def test_the_picture_of_a_link_is_a_small_png(app_url):
    address = re.search(
        r'og:image" content="[^/]+//[^/]+(/[^"]+)"', asked(app_url + "/compare?tokens=2e12")[2].decode()
    )[1]
    status, headers, body = asked(app_url + address.replace("&amp;", "&"))
    assert (status, headers["content-type"]) == (200, "image/png")
    picture = Image.open(BytesIO(body))
    assert picture.size == (1200, 630)
    assert len(body) < 100_000
    assert len(picture.convert("RGB").getcolors(1 << 20)) > 3


@pytest.mark.parametrize(
    "query", ["page=nothing", "", "page=explore&tokens=1&parameters=1e30&device_count=0" + "&a=1" * 200]
)
def test_what_has_no_picture_is_not_found(query, app_url):
    assert asked(f"{app_url}/oce/answer.png?{query}")[0] == 404


@pytest.mark.parametrize("host", ["example.org", "example.org:8501", "127.0.0.1:80", "[::1]:8501"])
def test_a_link_preview_has_the_address_that_was_asked_for(host):
    assert first_response.origin(Headers({"host": host}), "http") == f"http://{host}"
    assert first_response.origin(Headers({"host": host, "x-forwarded-proto": "https"}), "http") == f"https://{host}"


@pytest.mark.parametrize("host", ["", 'a"onload="x', "a b", "a/b", "a>b", "evil.example:99999999"])
def test_a_host_that_is_none_is_not_repeated(host):
    assert first_response.origin(Headers({"host": host}), "http") == ""
