"""What is refused before anything looks at it, and HEAD, which is answered as GET is without the content."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit import config
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from pages.server import assets, refusals
from tests.support.http_answers import asked
from tests.support.visitors import run

ROOT = Path(__file__).parents[3]
SAME = ("content-length", "content-type", "cache-control", "content-encoding", "x-content-type-options")


@pytest.mark.parametrize(
    "path", ["/", "/plan", "/oce/live?tokens=2e12", "/oce/live?tokens=lots", "script", "/nowhere.js"]
)
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_head_is_get_without_the_content(app_url, path, encoding):
    path = assets.address("chart.js") if path == "script" else path
    there, here = (asked(app_url + path, method, Accept_Encoding=encoding) for method in ("GET", "HEAD"))
    assert here[0] == there[0]
    assert here[2] == b""
    assert {name: here[1].get(name) for name in SAME} == {name: there[1].get(name) for name in SAME}


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/metrics/",
        "/_stcore%2fmetrics",
        "/_STCORE/metrics",
        "/_stcore/script-health-check",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact",
        "/_stcore/",
        "/metrics",
        "/auth/login",
        "/oauth2callback",
        "/component/x/index.html",
    ],
)
def test_what_streamlit_tells_of_itself_is_closed(app_url, path):
    status, headers, _ = asked(app_url + path)
    assert status == 404
    assert headers["x-content-type-options"] == "nosniff"


def test_an_endless_query_is_refused(app_url):
    assert asked(f"{app_url}/compare?compare={'x' * 17_000}")[0] == 414
    assert asked(f"{app_url}/compare?compare={'x' * 10_000}")[0] == 200


def test_a_host_that_is_not_ours_is_refused_where_the_address_is_known(app_url):
    assert asked(app_url + "/", Host="elsewhere.example")[0] == 421
    assert asked(app_url + "/", Host="localhost:8501")[0] == 200

    async def opened():
        address = app_url.replace("http", "ws", 1) + "/_stcore/stream"
        async with connect(address, subprotocols=["streamlit"], additional_headers={"Host": "elsewhere.example"}):
            await asyncio.sleep(0)

    with pytest.raises(InvalidStatus):
        run(opened())


def test_any_host_is_ours_where_the_address_is_not_known_and_those_that_are_named_else(monkeypatch):
    assert refusals.refused("/", 0, "a.hf.space") == (0, "")
    monkeypatch.setattr(config, "get_option", lambda name: ["*.hf.space"])
    assert refusals.refused("/", 0, "a.hf.space") == (0, "")
    assert refusals.refused("/", 0, "elsewhere.example")[0] == 421
    assert refusals.refused("/", 0, None)[0] == 421


@pytest.mark.parametrize("port", ["99999", "0", "-1", "65536"])
def test_a_port_that_is_none_is_refused_in_words(port):
    found = subprocess.run(
        [sys.executable, "-m", "serve", f"--port={port}"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, env=os.environ | {"PYTHONWARNINGS": ""},
    )  # fmt: skip
    assert found.returncode == 2
    assert found.stderr.splitlines()[-1].endswith(f"{port} is not a port: 1 to 65535")
