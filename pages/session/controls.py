"""Controls that keep their value: in a field of the scenario, in the link, or in the session.

Each shows its value before it is drawn and gives the callback that keeps what the visitor chooses: Streamlit itself
forgets a control when another page is shown.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import streamlit as st

from pages.session import edited, link, state

Keep = Callable[[], None]
MOST_NAMED = 5  # of the choices that are not allowed


def show(key: str, value: object) -> None:
    """Shows `value` in a control, unless it does already: setting it anew would disturb one that is being moved."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def keep_in_field(name: str, key: str, value: object) -> Keep:
    """Shows `value` in a control; what is chosen becomes the field of the scenario called `name`."""
    show(key, value)

    return lambda: edited.give(name, st.session_state[key])


def keep_in_link(name: str, default: str, allowed: Collection[str], in_words: str = "") -> tuple[str, Keep]:
    """Shows in the control called `name` what the link holds under that name, else the default; gives both.

    What the link holds and is not allowed is told, with what is allowed `in_words` where it is too much to list.
    """
    held = state.extra(name)
    now = held if held in allowed else default
    show(name, now)
    if held and held not in allowed:
        state.refuse(name, in_words or ", ".join(allowed), default)

    def keep() -> None:
        chosen = st.session_state[name]
        if chosen in (None, *allowed):  # else the label of before, of a choice that is called otherwise now
            state.keep_extra(name, "" if chosen in (None, default) else chosen)

    return now, keep


def show_choice(label: str, name: str, options: Mapping[str, str], keep: Keep) -> None:
    """A row of buttons for a choice that is kept: its options with the words for each."""
    st.segmented_control(label, list(options), format_func=options.__getitem__, key=name, on_change=keep, required=True)


def keep_list_in_link(name: str, default: Sequence[str], allowed: Collection[str]) -> tuple[list[str], Keep]:
    """Shows in the control called `name` the choices that the link holds under that name, else the default.

    What the link holds and is not allowed is left out and told.

    Args:
        name: Of the control, and of what the link holds.
        default: Used where the link holds nothing.
        allowed: What can be chosen.

    Returns:
        What is chosen, and the callback that keeps what the visitor chooses.
    """
    held = state.extra(name)
    found = link.list_from_text(held) if held else list(default)
    now = [one for one in found if one in allowed]
    wrong = [one[:40] for one in found if one not in allowed]
    if held and wrong:
        state.refuse(name, "what its list offers", f"all but {', '.join(wrong[:MOST_NAMED])}")
    show(name, now)

    def keep() -> None:
        chosen = st.session_state[name]
        state.keep_extra(name, "" if list(chosen) == list(default) else link.list_to_text(chosen))

    return now, keep
