"""What goes wrong on the server is told in its log, not on a visitor's screen: no traceback, no path."""

import pytest
import streamlit as st

from pages.server import request_queue
from pages.server.request_queue import NoTurnError
from pages.session import state


def test_a_mistake_of_ours_is_shown_without_its_traceback(app, monkeypatch):
    assert st.get_option("client.showErrorDetails") == "none"

    def fail(*_, **__):
        raise RuntimeError("/home/somebody/secret.py")

    monkeypatch.setattr(state, "save", fail)
    app.run()
    shown = "".join(str(one.proto) for one in app.exception)
    assert app.exception
    assert "secret.py" not in shown
    assert "Traceback" not in shown


def test_who_gets_no_turn_is_told_and_loses_nothing(app, monkeypatch):
    app.query_params["tokens"] = "2e12"
    app.run()
    before = app.title[0].value

    class Full:
        def turn(self, kind):
            raise NoTurnError("There was no turn for 20 seconds.")

    with monkeypatch.context() as patched:
        patched.setattr(request_queue, "QUEUE", Full())
        app.run()
    assert [one.value for one in app.title] == ["Many people are here at this moment"]
    assert "There was no turn for 20 seconds." in app.warning[0].value
    app.run()
    assert app.title[0].value == before
    with pytest.raises(IndexError):
        app.warning[0]
