"""Before the server is loaded, pages are answered as the server will; all else waits for it."""

import http.client
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pages.server import application, early_answers, early_listener
from pages.server.early_listener import EarlyListener
from tests.support.app_server import ROOT, free_port

ASKED = "GET {} HTTP/1.1\r\nHost: {}\r\n\r\n"


@pytest.fixture(scope="module", autouse=True)
def kept(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(early_answers, "_read", {})
        with ThreadPoolExecutor(1) as thread:  # where no browser's event loop runs
            thread.submit(application.keep_for_the_next_start).result()
        early_answers.load()
        yield


@pytest.fixture
def listener():
    port = free_port()
    found = EarlyListener("127.0.0.1", port)
    yield found, port
    for one in (*found.sockets, *found.stop()):
        one.close()


def got(port, path="/", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def test_a_page_is_answered_with_the_headline_and_the_headers_of_the_server(listener):
    _, port = listener
    headers, body = got(port)
    assert b"<h1>" in body
    assert f"http://127.0.0.1:{port}".encode() in body
    assert f"ws://127.0.0.1:{port}" in headers["content-security-policy"]
    assert early_answers.ANY_HOST not in f"{headers} {body.decode()}"
    packed, smaller = got(port, "/compare", **{"Accept-Encoding": "gzip"})
    assert packed["content-encoding"] == "gzip"
    assert len(smaller) < len(body)


@pytest.mark.parametrize(
    "asked",
    [
        ASKED.format("/?tokens=2e12", "localhost:8501"),
        ASKED.format("/static/js/index.js", "localhost:8501"),
        ASKED.format("/", "elsewhere.example"),
        ASKED.format("/", "localhost:8501").replace("GET", "HEAD"),
        ASKED.format("/", "localhost:8501")[:-2],
        "\r\n\r\n",
        "\x16\x03\x01",
    ],
)
def test_all_else_is_left_to_the_server(asked, listener):
    assert listener[0].answer(asked.encode("latin-1")) is None


def test_what_waits_is_handed_on_unread():
    port = free_port()
    found = EarlyListener("127.0.0.1", port)
    with socket.create_connection(("127.0.0.1", port)) as waiting:
        waiting.sendall(b"GET /_stcore/health")
        time.sleep(0.2)
        [held] = found.stop()
        assert held.recv(100) == b"GET /_stcore/health"
    for one in (held, *found.sockets):
        one.close()


def test_without_kept_answers_or_with_a_port_that_is_taken_there_is_none(listener, monkeypatch):
    assert early_listener.begun("127.0.0.1", listener[1]) is None
    monkeypatch.setattr(early_answers, "_read", {})
    monkeypatch.setattr(early_answers, "load", lambda: None)
    assert early_listener.begun("127.0.0.1", free_port()) is None


def test_the_server_that_starts_says_the_same_early_and_later():
    port = free_port()
    command = [sys.executable, "-m", "serve", "--address=127.0.0.1", f"--port={port}"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                early = got(port)
                break
            except ConnectionError:
                time.sleep(0.01)
        assert early[0].get("connection") == "close"  # which the server itself does not say
        assert got(port, "/_stcore/health")[1] == b"ok"
        later = got(port)
        assert later[1] == early[1]
        same = {"content-security-policy", "etag", "link", "cache-control", "content-type", "vary"}
        assert {name: early[0][name] for name in same} == {name: later[0][name] for name in same}
    finally:
        server.terminate()
        server.wait(20)
