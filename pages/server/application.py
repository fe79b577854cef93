"""The app as an ASGI application, which serve.py runs: Streamlit's, with ours in front.

What `streamlit run app.py` shows too, but faster: the first response holds the answer of the link, static files go
compressed and stay in the browser, and the app's own elements, which need files of ours (pages/server/assets.py), take
the place of Streamlit's chart and slider.
"""

import os
import re
import threading
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st
from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.server import (
    assets,
    client_work,
    content_policy,
    encodings,
    first_response,
    front_end,
    held_state,
    old_multipage,
    other_components,
    other_hosts,
    refusals,
    uploads,
    websocket_bounds,
)
from pages.server.request_queue import LONG_PAGES, QUEUE, Kind, NoTurnError

os.environ[assets.SERVED] = "1"
old_multipage.turn_off()
other_hosts.ask_none()
other_components.look_for_none()
held_state.look_up()
# An upload stays in memory: Starlette would put what is larger than 1 MB into a temporary file.
MultiPartParser.spool_max_size = (st.get_option("server.maxUploadSize") + 1) * 1024 * 1024

ROOT = Path(__file__).parents[2]
TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"}
# No frame-ancestors: a Space shows the app in a frame, others may too; there are no accounts to trick anyone out of.
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class StaticFiles:
    """Answers for files that never change under their address, compressed once and kept.

    The files are those of the installed Streamlit and ours: about 9 MB compressed if every one is asked for.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._files = static_files()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the file where it is one that compresses; uncompressed, only ours: Streamlit sends its own."""
        path = self._files.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        encoding = encodings.taken(Headers(scope=scope).get("accept-encoding", "")) if path else ""
        if path is None or not (encoding or scope["path"] in assets.files()):
            await self._app(scope, receive, send)
            return
        headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
        if encoding:
            body = await to_thread.run_sync(pack, path, encoding)
            headers["content-encoding"] = encoding
        else:
            body = await to_thread.run_sync(assets.content, path)
        await Response(body, media_type=TYPES[path.suffix], headers=headers)(scope, receive, send)


class SafeHeaders:
    """Adds the security headers to every answer, and to a page what it may load and run."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands on, and adds to what comes back."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if headers.get("content-type", "").startswith("text/html"):
                    headers[content_policy.HEADER] = content_policy.policy(Headers(scope=scope).get("host", ""))
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


@cache
def static_files() -> Mapping[str, Path]:
    """The addresses of all static files that compress: Streamlit's, which carry a digest in their names, and ours."""
    hashed = (path for path in front_end.FILES.glob("static/**/*") if path.suffix in TYPES)
    return {f"/{path.relative_to(front_end.FILES).as_posix()}": path for path in hashed} | dict(assets.files())


_packed: dict[tuple[Path, str], bytes] = {}
_packing: dict[tuple[Path, str], threading.Lock] = {}


def pack(path: Path, encoding: str) -> bytes:
    """The file compressed: at the first call, which others for the same file wait for; kept from then on."""
    with _packing.setdefault((path, encoding), threading.Lock()):
        if (path, encoding) not in _packed:
            _packed[path, encoding] = encodings.QUICK[encoding](assets.content(path))
        return _packed[path, encoding]


def pack_first(seconds: float = 0.0) -> None:
    """Compresses what the first page asks for: quickly, for who waits for it, and then well, for all who follow.

    Args:
        seconds: Between the two. Who takes another encoding than most has it made while they wait, until then.
    """
    named = re.findall(r'(?:src|href)="\./(static/[^"]+\.(?:js|css))"', front_end.index())
    first = [*(front_end.FILES / name for name in (*named, *front_end.modules())), *assets.files().values()]
    for path in first:
        pack(path, next(iter(encodings.QUICK)))
    time.sleep(seconds)
    for path in first:
        body = assets.content(path)
        for encoding, compress in encodings.SMALL.items():
            _packed[path, encoding] = compress(body)


def preview_of(query: Mapping[str, str]) -> bytes:
    """What a page shows for the scenario in the query (pages/server/preview.py); its code is loaded at the first."""
    from pages.server.library import preview, require_whole_data

    require_whole_data()
    return preview.answer(query)


async def answer(request: Request) -> Response:
    """What a page shows for the scenario in the query; 422 where something in it cannot be used."""
    if request.headers.get("purpose") == "prefetch" and QUEUE.waiting():
        return Response(status_code=204)  # for a slider that may move on (slider.js): others wait, who need theirs now
    query = dict(request.query_params)
    kind = Kind.LONG_PREVIEW if query.get("live") in LONG_PAGES else Kind.PREVIEW
    try:
        found = await client_work.done(request, lambda: preview_of(query), kind)
    except client_work.ClientGoneError:
        return Response(status_code=499)  # nobody reads it
    except NoTurnError as error:
        return Response(str(error), status_code=503, headers={"retry-after": "1", "cache-control": "no-store"})
    except ValueError:  # an InputError: the page itself says what
        return Response(status_code=422)
    sent = {"cache-control": "no-store", "vary": "accept-encoding"}
    encoding = encodings.taken(request.headers.get("accept-encoding", ""))
    if encoding:
        found, sent["content-encoding"] = encodings.AT_ONCE[encoding](found), encoding
    return Response(found, media_type="application/json", headers=sent)


app = st.App(
    ROOT / "app.py",
    routes=[Route("/oce/live", answer), Route("/oce/answer.png", first_response.image)],
    middleware=[
        Middleware(SafeHeaders),
        Middleware(refusals.Refusals),
        Middleware(uploads.UploadBounds),
        Middleware(websocket_bounds.WebSocketPace),
        Middleware(StaticFiles),
        Middleware(first_response.FirstResponse),
    ],
)
