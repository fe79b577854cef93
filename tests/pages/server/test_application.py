"""What the application sends, apart from the pages: compressed files, headers, and the preview of a slider."""

import asyncio
import gzip
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import plotly
import pytest
from starlette.requests import Request

from pages.server import assets, plotly_part, request_queue
from tests.support.http_answers import asked

PLOTLY = plotly_part.part_of(Path(plotly.__file__).parent / "package_data" / "plotly.min.js")


def got(url, gzipped=True):
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"} if gzipped else {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.headers, answer.read()


def test_plotly_is_the_installed_one_compressed_once_and_kept_by_the_browser(app_url):
    headers, body = got(app_url + assets.address("plotly.min.js"))
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]
    assert gzip.decompress(body) == PLOTLY


def test_brotli_takes_a_tenth_less_than_gzip(app_url):
    sizes = []
    for encoding in ("gzip", "br"):
        _, headers, body = asked(app_url + assets.address("plotly.min.js"), Accept_Encoding=encoding)
        assert headers["content-encoding"] == encoding
        sizes.append(len(body))
    assert sizes[1] < 9 / 10 * sizes[0]


@pytest.mark.parametrize("header", ["", "gzip;q=0", "br;q=0, gzip;q=0.0", "zstd, deflate"])
def test_who_takes_neither_gets_the_file_as_it_is(header, app_url):
    _, headers, body = asked(app_url + assets.address("plotly.min.js"), Accept_Encoding=header)
    assert "content-encoding" not in headers
    assert body == PLOTLY


def test_streamlits_files_are_compressed_and_the_page_is_never_kept(app_url):
    headers, page = got(app_url + "/", gzipped=False)
    assert headers["cache-control"] == "no-cache"
    assert "link" not in headers  # nothing is asked for before the answer is painted
    script = page.decode().split('type="module" crossorigin src=".')[1].split('"')[0]
    headers, body = got(app_url + script)
    assert "immutable" in headers["cache-control"]
    assert len(body) < len(gzip.decompress(body)) / 2


def test_an_answer_to_a_slider_is_compressed(app_url):
    headers, body = got(f"{app_url}/oce/live?tokens=2e12")
    assert headers["content-encoding"] == "gzip"
    assert len(body) < len(gzip.decompress(body)) / 3


@pytest.mark.parametrize(("waiting", "status"), [(0, 200), (1, 204)])
def test_what_a_slider_asks_for_ahead_is_answered_where_nobody_waits(waiting, status, monkeypatch):
    monkeypatch.setenv(assets.SERVED, "")  # and is as it was for the tests that follow
    from pages.server import application

    monkeypatch.setattr(request_queue.RequestQueue, "waiting", lambda _: waiting)
    scope = {"type": "http", "headers": [(b"purpose", b"prefetch")], "query_string": b"tokens=2e12", "client": None}

    async def connected():
        await asyncio.Event().wait()

    with ThreadPoolExecutor(1) as thread:  # where no browser's event loop runs
        found = thread.submit(lambda: asyncio.run(application.answer(Request(scope, connected)))).result()
    assert found.status_code == status


def test_every_answer_has_the_security_headers(app_url):
    for path in ("/", "/plan", assets.address("chart.js"), "/oce/live?live=explore", "/_stcore/health"):
        headers, _ = got(app_url + path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "geolocation=()" in headers["permissions-policy"]


@pytest.mark.parametrize("path", ["/static/../serve.py", "/static/js/../../../serve.py", "/oce/../serve.py"])
def test_nothing_else_is_sent(app_url, path):
    try:
        _, body = got(app_url + path, gzipped=False)
    except urllib.error.HTTPError as error:
        body = error.read()
    assert b"uvicorn" not in body


@pytest.mark.parametrize(
    "query",
    [
        {"tokens": "lots"},
        {"tokens": "nan"},
        {"tokens": "-1"},
        {"device": "H1000"},
        {"colour": "red"},
        {"parameters": "1e9", "active_parameters": "2e9"},
        {"live": "compare", "compare": "own~~device-H1000"},
        {"live": "compare", "compare": "own"},
    ],
)
def test_a_preview_of_what_cannot_be_used_is_refused_without_a_word(query, app_url):
    with pytest.raises(urllib.error.HTTPError) as caught:
        got(f"{app_url}/oce/live?{urllib.parse.urlencode({'live': 'explore', **query})}")
    assert caught.value.code == 422
