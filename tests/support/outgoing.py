"""What a Python process asks other hosts for: told on its standard error, and refused, as where there is no network."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

MARK = "asked another host:"
HOOK = f"""
import os, sys, time

def _watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host and host not in ("localhost", "::1", "::", "0.0.0.0") and not host.startswith("127."):
        os.write(2, f"{MARK} {{host}}\\n".encode())
        time.sleep(float(os.environ.get("SECONDS_TO_OTHER_HOSTS", "0")))
        raise OSError(101, "Network is unreachable")

sys.addaudithook(_watch)
"""


@contextmanager
def refused(seconds: float = 0.0) -> Iterator[Mapping[str, str]]:
    """The variables of a process that is to reach no other host: each try fails, after so many seconds."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sitecustomize.py").write_text(HOOK, encoding="utf-8")
        yield {"PYTHONPATH": folder, "SECONDS_TO_OTHER_HOSTS": str(seconds)}


def asked(said: str) -> list[str]:
    """The hosts that a process asked, by what it said."""
    return re.findall(rf"{MARK} (.+)", said)
