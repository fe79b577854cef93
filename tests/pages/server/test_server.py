"""What the server says of itself, and what it takes: headers, other sites, uploads."""

import asyncio
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from http.client import HTTPConnection
from pathlib import Path
from tempfile import gettempdir

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from oce import InputError
from oce.importers import prior_runs, saved_scenarios
from tests.support.visitors import run, visit

HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
LIMIT = 5 * 1024 * 1024  # server.maxUploadSize of .streamlit/config.toml
ROOT = Path(__file__).parents[3]


def get(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
        return answer.status, {name.lower(): text for name, text in answer.headers.items()}


@pytest.mark.parametrize("path", ["/", "/plan", "/_stcore/health", "/oce/live?tokens=2e12", "/index.html"])
def test_every_answer_carries_the_security_headers(app_url, path):
    status, headers = get(app_url + path)
    assert status == 200
    assert HEADERS.items() <= headers.items()
    for feature in ("camera", "geolocation", "microphone"):
        assert f"{feature}=()" in headers["permissions-policy"]


def test_an_answer_that_fails_carries_them_too(app_url):
    with pytest.raises(urllib.error.HTTPError) as failed:
        get(app_url + "/oce/live?tokens=%3Cscript%3E")
    assert failed.value.code == 422
    assert failed.value.read() == b""
    assert failed.value.headers["x-content-type-options"] == "nosniff"


def test_a_page_of_another_site_gets_no_session(app_url):
    async def from_elsewhere():
        address = app_url.replace("http", "ws", 1) + "/_stcore/stream"
        async with connect(address, subprotocols=["streamlit"], origin="http://elsewhere.example"):
            pass

    with pytest.raises(InvalidStatus):
        run(from_elsewhere())


def test_the_live_answer_is_not_kept_and_not_for_other_sites(app_url):
    headers = get(app_url + "/oce/live?tokens=2e12", Origin="http://elsewhere.example")[1]
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


# --- uploads ---


def put(url, session, content, token=""):
    """Sends a file as the browser does; returns the status and what is said."""
    edge = uuid.uuid4().hex
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="runs.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    ).encode() + content + f"\r\n--{edge}--\r\n".encode()  # fmt: skip
    headers = {"content-type": f"multipart/form-data; boundary={edge}"}
    if token:
        headers |= {"cookie": f"_streamlit_xsrf={token}", "x-xsrftoken": token}
    asked = HTTPConnection(url.removeprefix("http://"), timeout=20)
    asked.request("PUT", f"/_stcore/upload_file/{session}/{uuid.uuid4()}", body, headers)
    answer = asked.getresponse()
    said = answer.read().decode()
    asked.close()
    return answer.status, said


def uploads(url, *contents):
    """What a visitor's files are answered with."""

    async def sent():
        visitor = await visit(url)
        cookie = get(url + "/_stcore/health")[1].get("set-cookie", "")
        token = cookie.partition("_streamlit_xsrf=")[2].partition(";")[0]
        found = [await asyncio.to_thread(put, url, visitor.session, one, token) for one in contents]
        await visitor.socket.close()
        return found

    return run(sent())


def files():
    """What lies where an upload might be left."""
    return {path for folder in (ROOT, ROOT / "data", Path(gettempdir())) for path in folder.glob("*.csv")}


def test_an_upload_up_to_the_limit_is_taken_and_one_beyond_refused(app_url):
    before = files()
    [small, large] = uploads(app_url, b"x" * (LIMIT - 1_000), b"x" * (6 * 1024 * 1024))
    assert small[0] == 204
    assert large == (413, "File too large")
    assert files() == before


def test_an_upload_stays_in_memory():
    found = subprocess.run(
        [sys.executable, "-c", "from pages.server.application import MultiPartParser as p; print(p.spool_max_size)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(found.stdout.split()[-1]) > LIMIT


def test_an_upload_without_the_sessions_token_is_refused(app_url):
    assert put(app_url, "nobody", b"x")[0] in (400, 403)


def test_a_port_that_is_taken_is_said_and_no_server_is_announced(app_url):
    found = subprocess.run(
        [sys.executable, "-m", "serve", "--address=127.0.0.1", f"--port={app_url.rpartition(':')[2]}"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert found.returncode != 0
    assert "address already in use" in found.stderr
    assert "The app is on" not in found.stdout


def test_six_megabytes_given_to_the_library_are_refused_with_the_limit():
    with pytest.raises(InputError, match="at most 5,000,000 bytes"):
        prior_runs.read(b"device,device_hours,training_flop\n" + b"a100,1e6,1e22\n" * 430_000)
    with pytest.raises(InputError, match="at most 2,000,000 bytes"):
        saved_scenarios.read(b" " * 6_000_000)
