"""What a session holds, looked up value by value.

Streamlit 1.67 writes the whole of it into a new dictionary for each selectbox and each text field that a run draws,
only to see whether a single value is none: a tenth of a run of Plan, which has thirteen of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.state.safe_session_state import SafeSessionState


class HeldState(Mapping[str, Any]):
    """A session's values by the keys of the app; only who goes through all of them has them written out."""

    def __init__(self, state: SafeSessionState) -> None:
        self._state = state

    def __getitem__(self, key: str) -> Any:
        with self._state._lock:
            return self._state._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def _all(self) -> dict[str, Any]:
        with self._state._lock:
            return self._state._state.filtered_state


def look_up() -> None:
    """Has Streamlit look a value up where it needs a single one, from now on."""
    SafeSessionState.filtered_state = property(HeldState)  # type: ignore[method-assign, assignment]
