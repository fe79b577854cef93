"""No other host is asked for anything, however the app is served (by serve.py: test_nobody_stops_another.py)."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit import net_util

from pages.server import other_hosts
from tests.support import attacks, outgoing
from tests.support.app_server import answers, free_port
from tests.support.http_answers import asked
from tests.support.visitors import run, visit

ROOT = Path(__file__).parents[3]


def test_streamlit_is_told_no_address_and_asks_nobody(monkeypatch):
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    monkeypatch.setattr(net_util, "get_internal_ip", net_util.get_internal_ip)
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *_, **__: pytest.fail("a host was asked"))
    other_hosts.ask_none()
    assert net_util.get_external_ip() is None
    assert net_util.get_internal_ip() is None


@contextmanager
def plain(tmp_path):
    """`streamlit run app.py`, whose tries to reach another host fail after 2 s; its address, and what it says."""
    port = free_port()
    with outgoing.refused(seconds=2) as hook, (tmp_path / "said").open("w") as said:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
        server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **hook}, stdout=said, stderr=said)
        try:
            url = f"http://127.0.0.1:{port}"
            assert answers(server, url, 60)
            yield url, tmp_path / "said"
        finally:
            server.terminate()
            server.wait(10)


def test_plain_streamlit_run_asks_nobody_from_its_start_on(tmp_path):
    with plain(tmp_path) as (url, said):
        asked(url)
        time.sleep(0.5)  # what it does beside the first answer
        assert outgoing.asked(said.read_text()) == []
        run(visit(url))
        start = time.monotonic()
        run(attacks.pages_of_another_site(url))
        assert time.monotonic() - start < 2
        assert outgoing.asked(said.read_text()) == []


def test_what_a_process_asks_is_seen_and_refused():
    with outgoing.refused() as hook:
        asks = "import socket; socket.create_connection(('elsewhere.example', 80))"
        found = subprocess.run(
            [sys.executable, "-c", asks], env={**os.environ, **hook}, capture_output=True, text=True, check=False
        )
    assert outgoing.asked(found.stderr) == ["elsewhere.example"]
    assert "Network is unreachable" in found.stderr
