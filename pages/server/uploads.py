"""How much visitors' files may take of the server's memory: each one's, all together, and while they arrive.

Where all together are too much, who holds most loses their oldest file first: small ones never pay for large ones.
"""

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

ADDRESS = "/_stcore/upload_file/"
MOST_FILES = 12  # of a session: a page has three places for a file
MOST_SESSION_BYTES = 16_000_000
MOST_BYTES = 100_000_000
MOST_ARRIVING_BYTES = 50_000_000
MOST_SECONDS = 60.0  # for a file to arrive: 5 MB at 0.7 Mbit/s


class UploadBounds:
    """Refuses an upload that would be too much, and makes room after one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._arriving = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, or hands on and counts what comes in."""
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(ADDRESS):
            await self._app(scope, receive, send)
            return
        session = scope["path"].removeprefix(ADDRESS).split("/")[0]
        length = Headers(scope=scope).get("content-length", "")
        said = refused(session, int(length) if length.isdecimal() and length.isascii() else 0)
        if said or self._arriving > MOST_ARRIVING_BYTES:
            await _pass_over(receive)  # a browser reads no answer before all is sent
            await PlainTextResponse(said or "Too many files arrive at once", 413 if said else 503)(scope, receive, send)
            return
        arrived = 0

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            self._arriving += len(message.get("body", b""))
            return message

        try:
            async with asyncio.timeout(MOST_SECONDS):
                await self._app(scope, counted, send)
        except TimeoutError:
            await PlainTextResponse("The file took too long to arrive", 408)(scope, receive, send)
        finally:
            self._arriving -= arrived
        make_room()


async def _pass_over(receive: Receive, most: int = 6_000_000) -> None:
    """Takes what comes in, and keeps nothing of it."""
    passed, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(MOST_SECONDS):
            while more and passed < most:
                message = await receive()
                passed += len(message.get("body", b""))
                more = message.get("more_body", False)


def _files() -> MemoryUploadedFileManager | None:
    found = runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
    return found if isinstance(found, MemoryUploadedFileManager) else None


def held() -> dict[str, dict[str, int]]:
    """The bytes of every file that is held, by session; each session's in the order in which they came."""
    files = _files()
    if files is None:
        return {}
    return {
        session: {name: len(file.data) for name, file in list(own.items())}
        for session, own in list(files.file_storage.items())
    }


def refused(session: str, coming: int) -> str:
    """Why a session may not send another file of so many bytes; empty where it may."""
    own = held().get(session, {})
    if len(own) >= MOST_FILES:
        return f"You have sent {len(own)} files already: at most {MOST_FILES} are held. Load the page again."
    if sum(own.values()) + coming > MOST_SESSION_BYTES:
        return f"Your files are too large together: at most {MOST_SESSION_BYTES:,} bytes are held. Load the page again."
    return ""


def make_room(most: int = MOST_BYTES) -> None:
    """Lets go of files until no more bytes than these are held."""
    files, sizes = _files(), held()
    total = sum(sum(own.values()) for own in sizes.values())
    while files is not None and total > most:
        session = max(sizes, key=lambda one: sum(sizes[one].values()))
        name = next(iter(sizes[session]))
        files.remove_file(session, name)
        total -= sizes[session].pop(name)
