"""Every key of the session that is read or written here, with its type and what it is before it is set.

A control whose value nobody reads but the call that draws it needs no entry: Streamlit keeps it by the control's key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st

from pages.session import site

if TYPE_CHECKING:  # the server listens before the library is read
    from oce.errors import Problem
    from oce.importers.prior_runs import PriorRuns
    from pages.session.link import Fields

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """A value of the visitor's session."""

    name: str
    default: T

    def get(self) -> T:
        """The value, or the default where none was set."""
        found: T = st.session_state.get(self.name, self.default)
        return found

    def set(self, value: T) -> None:
        st.session_state[self.name] = value

    def forget(self) -> None:
        st.session_state.pop(self.name, None)

    def is_set(self) -> bool:
        return self.name in st.session_state


@dataclass(frozen=True)
class Keys(Generic[T]):
    """A value of the session for each of several names; called with a name, that name's."""

    pattern: str
    default: T

    def __call__(self, name: str) -> Key[T]:
        return Key(self.pattern.format(name), self.default)


# --- the scenario and its link (state.py) ---
FIELDS: Key[Fields] = Key("fields", {})
FIELDS_OF_LINK: Key[Fields] = Key("fields_of_link", {})  # as the link gave them
LINK_PROBLEMS: Key[list[Problem]] = Key("link_problems", [])
LINK_WRONG: Key[Mapping[str, str]] = Key("link_wrong", {})  # parameters that cannot be used; they stay in the address
LINK_NOTES: Key[list[str]] = Key("link_notes", [])
LINKS_WRITTEN: Key[list[dict[str, str]]] = Key("links_written", [])
EXTRAS: Key[Mapping[str, str]] = Key("extras", {})  # what pages keep in the link beside the scenario
PAGE = Key("page", "")  # its address
HEADLINE = Key("headline", "")  # the sentence that the page answers with, in this run
BROWSER_TITLE = Key("browser_title", site.NAME)  # as the last run left it
AFTER_RUN: Key[tuple[str, int]] = Key("after_run", ("", 0))  # what the browser is to do, and which time (after_run.py)
PRESET = Key("preset", "")  # the id of the preset that the scenario began from
CONFIRMED: Key[frozenset[str]] = Key("confirmed", frozenset())  # fields that the visitor gave, or took for their own
TOUCHED = Key("touched", False)  # a control changed the scenario before this run
DRAGGING = Key("dragging", False)  # a slider is held: this run stays out of the address
PREVIEWED: Key[Mapping[str, str]] = Key("previewed", {})  # keys of controls, by their parameters (preview_query.py)
PAST_RUNS: Key[PriorRuns | None] = Key("past_runs", None)
# the digest of the file that was read last, what was said beside it, and what it came to: it is not read in every run
RUNS_READ: Key[tuple[tuple[bytes, float | None, bool], PriorRuns] | None] = Key("runs_read", None)

# --- the sidebar ---
MODEL = Key("model", "")
SIZE = Key("size", "")
KEPT_SIZE: Key[Mapping[str, float | str]] = Key("kept_size", {})  # what other ways of giving the compute had
THROUGHPUT = Key("throughput", "")
# the throughput's fields when the visitor chose to give a rate of their own, until they give it
RATE_WANTED: Key[Mapping[str, float | str] | None] = Key("own_rate_wanted", None)
RATE_UNIT = Key("own_rate_unit_kept", "")
RATE = "own_rate"  # the entry of a rate
ADVANCED = Key("advanced", False)
ADVANCED_OPEN = Key("advanced_open", False)  # Streamlit forgets the panel with the page
OWN_INTENSITY = Key("own_intensity", False)
TRAINING = Key("training_choice", "")
CURRENCY = Key("currency_text", "")
CONFIG_FILE: Key[Any] = Key("config_file", None)
CONFIG_TEXT = Key("config_text", "")
CONFIG_SAID: Key[tuple[bool, str]] = Key("config_said", (True, ""))  # whether it was read, and what is said of it
entry = Keys("{}_entry", "")  # the text of a number that is typed
entry_wrong = Keys("{}_wrong", "")  # why the text that was typed cannot be used; empty where it can
entry_note: Keys[tuple[float | str | None, str]] = Keys(
    "{}_note", (None, "")
)  # a value, and what its text was taken for
not_found: Keys[tuple[str, tuple[str, ...]]] = Keys("{}_not_found", ("", ()))  # a name that is none, and the nearest
slider: Keys[Any] = Keys("{}_slider", None)  # beside a number: ours, or Streamlit's
slider_seen = Keys("{}_slider_seen", 0)  # the number of the last move of our slider that a run has seen
slider_extra: Keys[float | None] = Keys("{}_extra", None)  # the exact value entered, where it is none of its own

# --- a number that a page keeps in the link (link_numbers.py) ---
number_typed = Keys("{}_typed", "")  # its text
# what was given and cannot be used: the link's text then, the text that was given, and what is said
number_refused = Keys("{}_refused", ("", "", ""))

# --- the export panel ---
SAVED_FILES = Key("saved_files", 0)  # another key empties the control
SAVED_WRONG = Key("saved_wrong", "")  # why a saved file was not opened

# --- Compare ---
EDITED_OPTION = Key("edited_option", 0)  # the number of the option that the sidebar changes; 0: all (edited.py)
EDITED_CHOICE: Key[int | None] = Key("edited_choice", 0)  # the control for it
# texts that cannot be used, and why, of each that the sidebar does not show now
EDITED_WRONG: Key[Mapping[int, Mapping[str, tuple[str, str]]]] = Key("edited_wrong", {})
OPTION_NUMBERS: Key[tuple[int, ...]] = Key("option_numbers", ())  # of the options, in their order (compared_options.py)
# of a field of an option: whether its text cannot be used, and what is said of it
OPTIONS_SAID: Key[Mapping[tuple[int, str], tuple[bool, str]]] = Key("options_said", {})
OFFER = Key("offer", "")
OFFER_SAID: Key[tuple[bool, str]] = Key("offer_said", (True, ""))  # whether it was read, and what is said of it
ADDED_MODEL: Key[str | None] = Key("added_model", None)
option_entry: Keys[Any] = Keys("option_entry_{}", None)  # the control for a field of an option
option_more = Keys("option_more_{}", False)
COMPARE_PROJECT = Key("compare_project", "")

# --- Plan ---
lever = Keys("plan_lever_{}", False)  # whether it is ticked

# --- Scaling, Landscape, Learn, Evidence, Data ---
SEARCH = Key("search", "")
ROWS_TAKEN = Key("entries_taken", 0)  # another key unticks the leaderboard
SLIDES_SHOWN = Key("slides_shown", False)
UPLOADS = Key("uploads", 0)  # another key empties the control
RUNS_CONFIRMED = Key("runs_confirmed", False)
DATA_SEARCH = Key("data_search", "")
own_score = Keys("my_{}", "")  # the visitor's score on a benchmark, as typed
learn_control: Keys[Any] = Keys("learn_{}", None)  # what the control of a step stands at
