"""Requests and sockets are carried between a page and an application: messages on one side, ASGI on the other."""

import asyncio

from static.browser.bridge import Bridge
from tests.support.visitors import run


class Given:
    """What JavaScript hands over."""

    def __init__(self, value):
        self._value = value

    def to_py(self):
        return self._value

    def to_bytes(self):
        return self._value


async def echo(scope, receive, send):
    """Answers a request with what it was, and says in a socket what it hears."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()  # for ever
    elif scope["type"] == "http":
        said = f"{scope['method']} {scope['path']} {scope['query_string'].decode()} {dict(scope['headers'])[b'x-a']}"
        body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 201, "headers": [(b"x-b", b"2")]})
        await send({"type": "http.response.body", "body": said.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": body})
    else:
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept", "subprotocol": scope["subprotocols"][0]})
        while (message := await receive())["type"] == "websocket.receive":
            text, data = message["text"], message["bytes"]
            await send({"type": "websocket.send", **({"text": text[::-1]} if text else {"bytes": data[::-1]})})


def talk(*calls, app=echo):
    """The messages that the page gets for calls of the bridge."""
    heard = []

    async def calls_made():
        bridge = Bridge(app, lambda *message: heard.append(message))
        await bridge.start()
        for name, *arguments in calls:
            getattr(bridge, name)(*arguments)
            for _ in range(20):
                await asyncio.sleep(0)

    run(calls_made())
    return heard


def test_a_request_is_answered_whole():
    asked = ("request", 7, "POST", "/a%20b?c=d", Given([["X-A", "1"]]), Given(b"body"))
    assert talk(asked) == [("answer", 7, 201, [["x-b", "2"]], b"POST /a b c=d b'1'body")]


def test_a_socket_says_what_comes_and_that_it_is_closed():
    calls = (
        ("connect", 3, "/stream", Given([]), Given(["streamlit"])),
        ("receive", 3, "abc"),
        ("receive", 3, Given(b"\x01\x02")),
        ("disconnect", 3, 1000),
        ("receive", 3, "too late"),
    )
    messages = [("message", 3, "cba"), ("message", 3, b"\x02\x01")]
    assert talk(*calls) == [("open", 3, "streamlit"), *messages, ("close", 3, 1000)]


def test_an_application_that_fails_answers_all_the_same(capsys):
    async def fails(scope, receive, send):
        if scope["type"] == "lifespan":
            await echo(scope, receive, send)
        raise ValueError("no")

    assert talk(("request", 1, "GET", "/", Given([]), None), app=fails) == [("answer", 1, 500, [], b"")]
    assert "ValueError: no" in capsys.readouterr().err
