"""First responses that are kept on disk, for the next start of the same code and data: pages/server/early_listener.py.

Light, as it comes before all else. What is kept stands under the digest of the code, the data and the packages that it
was made with; who can write into the folder of the visitor's own system account could change the code as well.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("app.py", "serve.py", ".streamlit/config.toml", "data", "oce", "pages")
HOST = re.compile(r"[\w.-]{1,253}(:\d{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?", re.ASCII)
MOST_KEPT = 8  # files: of other versions, and of copies elsewhere
ANY_HOST = "any-host.invalid"  # stands in what is kept for the host that a page is asked for at


@dataclass(frozen=True)
class Kept:
    """A first response: its headers and its page, for `ANY_HOST`, over HTTP."""

    headers: Mapping[str, str]
    body: str


_read: dict[str, Kept] = {}  # by the address of the page, as load() found them


def folder() -> Path:
    """Where they are kept: the cache of the system account that the server runs under."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "oce-explorer"


@cache
def digest() -> str:
    """What the answers depend on, as it was when the server started: code, data, packages with their versions."""
    found = hashlib.sha256(f"{sys.version} {os.environ.get('OPENCARBONEVAL_PAGE_ENDING', '')}".encode())
    for package_folder in sys.path:
        if package_folder.endswith("site-packages"):
            found.update(" ".join(sorted(one.name for one in Path(package_folder).glob("*-info"))).encode())
    for part in PARTS:
        path = ROOT / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix != ".pyc" and file.is_file():
                found.update(f"{file.relative_to(ROOT)} {file.stat().st_size} ".encode())
                found.update(file.read_bytes())
    return found.hexdigest()[:32]


def load() -> None:
    """Reads what is kept."""
    try:
        kept = json.loads((folder() / f"{digest()}.json").read_text(encoding="utf-8"))
        _read.update({page: Kept(**one) for page, one in kept.items()})
    except (OSError, ValueError, TypeError, AttributeError, RuntimeError):
        return


def keep(answers: Mapping[str, Kept]) -> None:
    """Keeps answers for the next start; nothing where that cannot be written."""
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder() / f"{digest()}.json"
        new = path.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps({page: asdict(one) for page, one in answers.items()}), encoding="utf-8")
        new.replace(path)
        newest = sorted(folder().glob("*.json"), key=lambda one: one.stat().st_mtime, reverse=True)
        for file in newest[MOST_KEPT:]:
            file.unlink(missing_ok=True)
    except (OSError, RuntimeError):
        return


def is_kept() -> bool:
    """Whether the last start kept any."""
    return bool(_read)


def of_page(page: str, at: str) -> Kept | None:
    """The answer that was kept of a page without a query, for who asks for it at this scheme and host."""
    found = _read.get(page)
    if found is None or not at:
        return None
    host = at.partition("//")[2]
    headers = {name: value.replace(ANY_HOST, host) for name, value in found.headers.items()}
    body = found.body.replace(f"http://{ANY_HOST}", at)
    return Kept({**headers, "etag": tag(body.encode())}, body)


def origin(headers: Mapping[str, str], scheme: str) -> str:
    """Scheme and host that the visitor's browser has in its address; empty where the host is none."""
    host, forwarded = headers.get("host", ""), headers.get("x-forwarded-proto", "").partition(",")[0].strip()
    return f"{forwarded if forwarded in ('http', 'https') else scheme}://{host}" if HOST.fullmatch(host) else ""


def tag(body: bytes) -> str:
    """A tag that changes with a page."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
