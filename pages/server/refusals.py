"""What is refused before anything looks at it: a foreign Host, an endless query, what Streamlit tells of itself.

HEAD is answered as GET is, without the content: the server leaves that out.
"""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

MOST_QUERY_BYTES = 16_000  # six scenarios with every field take 2,000
CORE = "/_stcore/"
OPEN = ("health", "host-config", "stream", "upload_file", "bidi-components")  # what the page itself asks for
CLOSED = ("/auth/", "/oauth2callback", "/component/", "/metrics", "/app/static/")  # sign-in, old components, figures


class Refusals:
    """Refuses what no page of ours asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, or hands on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        status, said = refused(scope["path"], len(scope["query_string"]), Headers(scope=scope).get("host"))
        if status:
            await PlainTextResponse(said, status, {"cache-control": "no-store"})(scope, receive, send)
            return
        head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self._app({**scope, "method": "GET"} if head else scope, receive, send)


def refused(path: str, query_bytes: int, host: str | None) -> tuple[int, str]:
    """The status and a sentence where it is refused; 0 where it is not."""
    if not is_host_allowed(host):
        return 421, "This address is not one of ours. Who runs the app names them in STREAMLIT_SERVER_ALLOWED_HOSTS."
    if query_bytes > MOST_QUERY_BYTES:
        return 414, f"The link is too long: at most {MOST_QUERY_BYTES:,} bytes."
    part = path.lower()
    inner = part.startswith(CORE.rstrip("/")) and part.removeprefix(CORE).split("/")[0] not in OPEN
    if inner or any(f"{part}/".startswith(f"{one.rstrip('/')}/") for one in CLOSED):
        return 404, "Not found"
    return 0, ""
