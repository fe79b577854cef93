"""Answers for the addresses of pages: the first response with the answer of the link in it, and what is no page."""

import hashlib
import re
from functools import partial

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.server import assets, encodings, front_end
from pages.server.kept_answers import Answer, KeptAnswers
from pages.server.request_queue import QUEUE, Kind
from pages.session import site

ELSEWHERE = ("/_stcore/", "/component/", "/media/", "/app/", "/static/", "/oce/")  # addresses of files, not of pages
FIRST_AGAIN = ("/explore", "/index.html")  # Streamlit knows its first page by the bare address alone
WITHOUT_CHARTS = ("data",)
HOST = re.compile(r"[\w.-]{1,253}(:\d{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?", re.ASCII)
# About 4 kB each as they are sent.
documents = KeptAnswers(most=512, most_bytes=8_000_000, threads=2)
images = KeptAnswers(most=64, most_bytes=8_000_000)


class FirstResponse:
    """Answers for pages; hands on all else, and says where there is no page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the page with the answer of its link."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        path, query = scope["path"], scope["query_string"].decode("utf-8", "replace")
        if path in FIRST_AGAIN:
            await RedirectResponse(f"./{query and '?' + query}", 308)(scope, receive, send)
            return
        page = site.FIRST if path == "/" else path[1:]
        if page in site.PAGES:
            response = await page_response(page, query, Headers(scope=scope), scope["scheme"])
            await (response or without_answer())(scope, receive, send)
        elif path.startswith(ELSEWHERE):
            await self._app(scope, receive, send)
        else:
            await self._or_missing(scope, receive, send)

    async def _or_missing(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands on; where Streamlit would show its first page for want of another, says that there is none."""
        is_missing = False

        async def sent(message: Message) -> None:
            nonlocal is_missing
            if message["type"] == "http.response.start":
                kind = Headers(raw=message["headers"]).get("content-type", "")
                is_missing = message["status"] == 200 and kind.startswith("text/html")
            if not is_missing:
                await send(message)

        await self._app(scope, receive, sent)
        if is_missing:
            text = await to_thread.run_sync(_missing, scope["path"])
            page = Response(text, 404, media_type="text/html", headers={"cache-control": "no-cache"})
            await page(scope, receive, send)


async def page_response(page: str, query: str, headers: Headers, scheme: str) -> Response | None:
    """The page with the answer of a link; None where that cannot be had soon enough."""
    encoding, at = encodings.taken(headers.get("accept-encoding", "")), origin(headers, scheme)
    found = await documents.get((page, query, at, encoding), partial(_document, page, query, at, encoding))
    if found is None:
        return None
    sent = {"vary": "accept-encoding", "cache-control": "no-cache", "etag": found.tag}
    if encoding:
        sent["content-encoding"] = encoding
    if found.tag in headers.get("if-none-match", ""):
        return Response(status_code=304, headers=sent)
    return Response(found.body, media_type="text/html", headers=sent)


def without_answer() -> Response:
    """Streamlit's own page, with the app's style sheet."""
    link = f'<link rel="stylesheet" href=".{assets.address("style.css")}">'
    page = front_end.index().replace('<div id="root">', f'{link}<div id="root">', 1)
    return Response(page, media_type="text/html", headers={"cache-control": "no-cache"})


async def image(request: Request) -> Response:
    """A picture of the answer of a link, for previews of the link elsewhere."""
    page, _, query = request.url.query.removeprefix("page=").partition("&")
    if page not in site.PAGES:
        return Response(status_code=404)
    found = await images.get((page, query), partial(_image, page, query))
    if found is None:
        return Response(status_code=503, headers={"retry-after": "10", "cache-control": "no-store"})
    if not found.body:  # a link without an estimate has no picture
        return Response(status_code=404)
    sent = {"cache-control": "public, max-age=3600", "etag": found.tag}
    if found.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=sent)
    return Response(found.body, media_type="image/png", headers=sent)


def origin(headers: Headers, scheme: str) -> str:
    """Scheme and host that the visitor's browser has in its address; empty where the host is none."""
    host, forwarded = headers.get("host", ""), headers.get("x-forwarded-proto", "").partition(",")[0].strip()
    return f"{forwarded if forwarded in ('http', 'https') else scheme}://{host}" if HOST.fullmatch(host) else ""


# What makes answers needs the library and the pages, which are read once the server listens.


def _document(page: str, query: str, at: str, encoding: str) -> Answer:
    from pages.server.library import first_answer, first_document, require_whole_data

    require_whole_data()
    with QUEUE.turn(Kind.FIRST_ANSWER):
        answer = first_answer.first_answer(page, query)
    script, style, plotly = map(assets.address, ("first.js", "style.css", "plotly.min.js"))
    plotly = "" if page in WITHOUT_CHARTS else plotly
    body = first_document.document(answer, script, style, at, query, plotly).encode()
    return Answer(_packed(body, encoding), _tag(body))


def _missing(path: str) -> str:
    from pages.server.library import first_document

    return first_document.missing(path)


def _image(page: str, query: str) -> Answer:
    from pages.server.library import first_answer, require_whole_data

    require_whole_data()
    with QUEUE.turn(Kind.FIRST_ANSWER):
        answer = first_answer.first_answer(page, query)
    from pages.server import link_image  # after the library, and with Pillow, which no page waits for

    body = link_image.draw(answer) if answer.figures else b""
    return Answer(body, _tag(body))


def _packed(body: bytes, encoding: str) -> bytes:
    return encodings.QUICK[encoding](body) if encoding else body


def _tag(body: bytes) -> str:
    return f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
