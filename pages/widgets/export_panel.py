"""Take it with you: every form in which an estimate leaves the app, and the way back in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from oce import exports
from oce.errors import InputError
from oce.estimation import Named
from oce.importers import saved_scenarios
from oce.scenario import Scenario
from pages.charts import Chart
from pages.charts.printed_report import html_report
from pages.session import state
from pages.widgets.text import plain

Saved = list[tuple[str, Scenario]]
TITLE = "Take it with you: link, data, sentence, LaTeX, model card, Python, report"


def show(named: Named, charts: Callable[[], Sequence[Chart]], opened: Callable[[Saved], None]) -> None:
    """The panel, whose contents are made when it is opened.

    Args:
        named: Name and estimate of each scenario on the page.
        charts: Makes those of the printed report.
        opened: Takes the scenarios of a saved file; may raise InputError.
    """
    panel = st.expander(TITLE, key="take_away", on_change="rerun")
    if not panel.open:
        return
    with panel:
        _forms(named)
        _files(named, charts)
        _open(opened)


def _forms(named: Named) -> None:
    forms = {
        "Link": state.address(),
        "Sentence": "\n\n".join(exports.statement(*one) for one in named),
        "LaTeX": exports.latex(named),
        "Python": "\n".join(exports.python_code(*one, state.past_runs()) for one in named),
    }
    if len(named) == 1:
        forms["Model card"] = exports.model_card(*named[0])
    for tab, text in zip(st.tabs(list(forms)), forms.values(), strict=True):
        with tab:
            st.code(text, language=None, wrap_lines=True)


def _files(named: Named, charts: Callable[[], Sequence[Chart]]) -> None:
    link = state.address()
    files = {
        "Report to print (HTML)": ("html", "text/html", lambda: html_report(named, charts(), link)),
        "JSON": ("json", "application/json", lambda: exports.to_json(named)),
        "CSV": ("csv", "text/csv", lambda: exports.to_csv(named)),
    }
    with st.container(horizontal=True):
        for label, (ending, mime, made) in files.items():
            st.download_button(label, made, f"training-carbon.{ending}", mime, on_click="ignore")


def _open(opened: Callable[[Saved], None]) -> None:
    key = f"saved_{st.session_state.setdefault('saved_files', 0)}"  # another key empties the control

    def read() -> None:
        upload = st.session_state[key]
        if upload is None:
            return
        st.session_state["saved_wrong"] = ""
        try:
            opened(saved_scenarios.read(upload.getvalue()))
        except InputError as error:
            st.session_state["saved_wrong"] = str(error)
        st.session_state["saved_files"] += 1

    st.file_uploader("Open a saved JSON", type=["json"], key=key, on_change=read)
    if st.session_state.get("saved_wrong"):
        st.error(plain(f"Not opened: {st.session_state['saved_wrong']}. Your scenario is as it was."))
