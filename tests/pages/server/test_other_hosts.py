"""No other host is asked for anything, however the app is served (by serve.py: test_nobody_stops_another.py)."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streamlit import net_util

from pages.server import other_hosts
from tests.support import attacks
from tests.support.app_server import answers, free_port
from tests.support.visitors import run, visit

ROOT = Path(__file__).parents[3]


def test_streamlit_is_told_no_address_and_asks_nobody(monkeypatch):
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    monkeypatch.setattr(net_util, "get_internal_ip", net_util.get_internal_ip)
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *_, **__: pytest.fail("a host was asked"))
    other_hosts.ask_none()
    assert net_util.get_external_ip() is None
    assert net_util.get_internal_ip() is None


def test_plain_streamlit_run_asks_nobody_either():
    port = free_port()
    with socket.create_server(("127.0.0.1", 0), backlog=50) as hole:  # takes connections and never answers
        hole.setblocking(False)
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), f"http://127.0.0.1:{hole.getsockname()[1]}")
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"],
            cwd=ROOT, env={**os.environ, **proxies}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            assert answers(server, url, 60)
            run(visit(url))
            start = time.monotonic()
            run(attacks.pages_of_another_site(url))
            assert time.monotonic() - start < 2
            with pytest.raises(BlockingIOError):
                hole.accept()
        finally:
            server.terminate()
            server.wait(10)
