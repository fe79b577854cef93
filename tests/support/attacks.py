"""What a visitor can send that once stopped everybody else: the tests do each while another moves a slider."""

import asyncio
import contextlib
import random
import string
import struct
import uuid
import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from tests.support.visitors import STREAMLIT, Visitor, visit

HEAD = b"device,device_hours,training_flop"
FILES: Mapping[str, bytes] = {
    "45,000 columns": ",".join(f"column {number}" for number in range(45_000)).encode() + b"\n1,2\n",
    "100,000 columns": ",".join(f"c{number}" for number in range(100_000)).encode() + b"\n1,2\n",
    "130,000 digits": HEAD + b"\n" + b"1" * 130_000 + b",1000,1e21\n",
    "1,000 unknown devices": HEAD
    + b"\n"
    + b"\n".join(b"Q%d xyz %d,1000,1e21" % (number, 7919 * number) for number in range(1_000)),
    "4.9 million cells": HEAD + b"\nH100 SXM,1000,1e21" + b"," * 4_900_000,
}


def words(number: int, length: int = 40) -> list[str]:
    """Names that nothing has, the same each time."""
    chance = random.Random(number)
    return ["".join(chance.choices(string.ascii_letters + string.digits, k=length)) for _ in range(number)]


def unknown_names(field: str, number: int = 200) -> str:
    """A `compare=` of 10 kB in which every name is unknown."""
    return "~~".join("~".join(f"{field}-{word}" for word in words(number)[at::6]) for at in range(6))[:10_000]


async def put(url: str, session: str, content: bytes) -> tuple[int, str]:
    """Sends a file as a browser does; returns the status and the name it has for the server."""
    name, edge = str(uuid.uuid4()), uuid.uuid4().hex
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="runs.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    ).encode() + content + f"\r\n--{edge}--\r\n".encode()  # fmt: skip
    token = await _token(url)
    head = (
        f"PUT /_stcore/upload_file/{session}/{name} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n"
        f"Content-Type: multipart/form-data; boundary={edge}\r\nContent-Length: {len(body)}\r\n"
        f"Cookie: _streamlit_xsrf={token}\r\nX-Xsrftoken: {token}\r\nConnection: close\r\n\r\n"
    )
    answer = await _asked(url, head.encode() + body)
    return int(answer.split(b" ", 2)[1]), name


async def _token(url: str) -> str:
    head = f"GET /_stcore/health HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nConnection: close\r\n\r\n"
    answer = (await _asked(url, head.encode())).decode(errors="replace")
    return answer.partition("_streamlit_xsrf=")[2].partition(";")[0]


async def _asked(url: str, request: bytes) -> bytes:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(request)
    answer = b""
    with contextlib.suppress(ConnectionError):  # who is refused gets a word before the connection is closed
        await writer.drain()
    with contextlib.suppress(ConnectionError):
        while more := await reader.read(65_536):
            answer += more
    writer.close()
    return answer


async def get_and_leave(url: str, path: str, stay: float = 0.0) -> None:
    """Asks for an address from another machine, and closes the connection before it is answered."""
    address = urlsplit(url)
    _, writer = await asyncio.open_connection(address.hostname, address.port, local_addr=("127.0.0.2", 0))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    await writer.drain()
    await asyncio.sleep(stay)
    writer.close()


async def files_of_past_runs(url: str) -> None:
    """Files of past runs that are wide, long and wrong, of a visitor who then leaves."""
    for content in FILES.values():
        visitor = await visit(url, page="evidence")
        status, name = await put(url, visitor.session, content)
        if status == 204:
            await visitor.send("Past runs", name, len(content))
        await asyncio.sleep(0.5)
        visitor.socket.transport.abort()


async def links_of_unknown_names(url: str) -> None:
    """Four tabs of Compare with 10 kB of names that nothing has."""
    for field in ("device", "region", "model", "colour"):
        visitor = Visitor(
            await connect(_socket(url), subprotocols=[STREAMLIT], max_size=None, origin=Origin(url)),
            urlencode({"compare": unknown_names(field)}),
            name="compare",
        )
        await visitor.ask()
        await asyncio.sleep(0.1)
        visitor.socket.transport.abort()


async def previews_of_who_is_gone(url: str) -> None:
    """Forty previews of unknown names whose sockets are closed at once, and forty whose are not."""
    for stay in (0.0, 1.0):
        queries = [
            urlencode({"live": "compare", "compare": unknown_names("region", 50 + number)[:1_200]})
            for number in range(40)
        ]
        await asyncio.gather(*(get_and_leave(url, f"/oce/live?{query}", stay) for query in queries))


async def pages_of_another_site(url: str) -> None:
    """Handshakes of pages of other sites, for which Streamlit would ask a third host."""

    async def once(number: int) -> None:
        with contextlib.suppress(InvalidStatus, OSError):
            async with connect(
                _socket(url), subprotocols=[STREAMLIT], origin=Origin(f"http://elsewhere{number}.example")
            ):
                pass

    await asyncio.gather(*(once(number) for number in range(10)))


async def many_runs(url: str) -> None:
    """Two thousand runs asked for at once."""
    visitor = await visit(url)
    message = BackMsg()
    message.rerun_script.query_string, message.rerun_script.page_script_hash = visitor.query, visitor.page
    text = message.SerializeToString()
    with contextlib.suppress(ConnectionClosed, TimeoutError):
        async with asyncio.timeout(2):
            for _ in range(2_000):
                await visitor.socket.send(text)
    visitor.socket.transport.abort()


async def bombs(url: str, number: int = 3, megabytes: int = 190) -> None:
    """WebSocket messages of a few hundred kB that inflate to hundreds of MB."""
    frame = _compressed(zlib.compressobj(9, zlib.DEFLATED, -12), megabytes * 1_000_000)
    for _ in range(number):
        socket = await connect(_socket(url), subprotocols=[STREAMLIT], max_size=None, origin=Origin(url))
        socket.transport.write(frame)
        await asyncio.sleep(0.3)
        socket.transport.abort()


def _compressed(packer: Any, size: int) -> bytes:
    """A binary message of so many zeros, compressed, as a client sends it (RFC 6455 and 7692; the mask is 0)."""
    data: bytes = (packer.compress(bytes(size)) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]
    return struct.pack("!BBQ4x", 0xC2, 0xFF, len(data)) + data


async def small_bombs(url: str) -> None:
    """Many messages, each of which inflates to what is allowed, in one go."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -12)
    frames = [_compressed(packer, 990_000) for _ in range(400)]
    for _ in range(3):
        socket = await connect(_socket(url), subprotocols=[STREAMLIT], max_size=None, origin=Origin(url))
        socket.transport.write(b"".join(frames))
        await asyncio.sleep(0.3)
        socket.transport.abort()


async def many_files(url: str, number: int = 30, size: int = 5_000_000) -> list[int]:
    """Thirty files of 5 MB of one visitor; the statuses they are answered with."""
    visitor = await visit(url)
    found = [(await put(url, visitor.session, b"x" * size))[0] for _ in range(number)]
    await visitor.socket.close()
    return found


def _socket(url: str) -> str:
    return url.replace("http", "ws", 1) + "/_stcore/stream"


ATTACKS: tuple[Callable[[str], Awaitable[object]], ...] = (
    files_of_past_runs,
    links_of_unknown_names,
    previews_of_who_is_gone,
    pages_of_another_site,
    many_runs,
    bombs,
    small_bombs,
    many_files,
)
