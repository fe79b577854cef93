"""What a session holds is the same, looked up or written out."""

from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState

from pages.server import held_state


def test_a_value_that_is_looked_up_is_the_one_that_is_written_out(monkeypatch):
    monkeypatch.setattr(SafeSessionState, "filtered_state", SafeSessionState.filtered_state)
    state = SafeSessionState(SessionState(), lambda: None)
    state["tokens"], state["region"] = "15T", None
    held_state.look_up()
    held = state.filtered_state
    assert dict(held) == {"tokens": "15T", "region": None} == state._state.filtered_state
    assert "region" in held
    assert held["region"] is None
    assert "device" not in held
    assert len(held) == 2
