"""A server that is told to stop does so soon and says nothing of it, whatever is asked of it at that moment."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

from tests.support import attacks
from tests.support.app_server import answers, free_port
from tests.support.visitors import run, visit

ROOT = Path(__file__).parents[3]


def test_it_stops_without_a_traceback_while_previews_and_pages_wait(tmp_path):
    port = free_port()
    url, log = f"http://127.0.0.1:{port}", tmp_path / "log"
    with log.open("w") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "serve", "--address=127.0.0.1", f"--port={port}"],
            cwd=ROOT, stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            assert answers(server, url, 60)

            async def asked():
                visitors = [await visit(url) for _ in range(3)]
                previews = [
                    asyncio.ensure_future(attacks.get_and_leave(url, f"/oce/live?live=plan&tokens={number}e12", 8.0))
                    for number in range(1, 60)
                ]
                await asyncio.sleep(0.05)
                server.send_signal(signal.SIGTERM)
                await asyncio.to_thread(server.wait, 15)
                for one in previews:
                    one.cancel()
                for one in visitors:
                    one.socket.transport.abort()

            run(asked())
        finally:
            server.kill()
            server.wait()
    assert "Traceback" not in log.read_text(encoding="utf-8")
    assert server.returncode == -signal.SIGTERM
