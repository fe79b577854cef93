"""What a page may load and run: only what comes from this server, and no script that stands in the page's own text.

Scripts that stand in the text of Streamlit's index.html, and those of ours (pages/session: space_frame.py,
page_scripts.py, after_run.py), are named by their digests. Styles may stand in the text: Plotly and
Streamlit write them. `blob:` is how Streamlit loads the modules of our own elements, which only a script that already
runs can make; `data:` is a map's outlines, which chart.js gives to Plotly so that it asks nobody for them.
"""

import base64
import hashlib
import re
from functools import cache, lru_cache

from pages.server import front_end
from pages.session import after_run, page_scripts, space_frame

HEADER = "content-security-policy"
_HOST = re.compile(r"[a-z0-9.:\[\]-]{1,255}", re.I)


def digest(script: str) -> str:
    """A script that stands in a page, as the policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@cache
def inline_scripts() -> tuple[str, ...]:
    """The scripts that stand in the text of pages."""
    return (
        *re.findall(r"<script>(.*?)</script>", front_end.index(), re.S),
        space_frame.SCRIPT,
        *page_scripts.SCRIPTS,
        after_run.SCRIPT,
    )


@lru_cache(maxsize=64)
def policy(host: str) -> str:
    """The policy of a page that is asked for under this host."""
    own = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""  # 'self' is not a WebSocket to every browser
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' blob: {' '.join(map(digest, inline_scripts()))}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' data:{own}",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "object-src 'none'",
        ]
    )
