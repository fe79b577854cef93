"""Take it with you: every form in which an estimate leaves the app, and the way back in."""

import json
from collections.abc import Callable, Sequence

import streamlit as st

from oce import exports
from oce.errors import InputError
from oce.estimation import Named
from oce.importers import saved_scenarios
from oce.scenario import Scenario
from pages.server import assets
from pages.session import keys, state
from pages.widgets.element import element
from pages.widgets.text import escape_markdown

ScenariosByName = Sequence[tuple[str, Scenario]]
FILE, REPORT = "training-carbon", "Report to print (HTML)"
TITLE = "Take it with you: link, data, sentence, LaTeX, model card, Python, report"


def show(named: Named, import_scenarios: Callable[[ScenariosByName], None]) -> None:
    """The panel, made when it is opened; ``import_scenarios`` takes those of a saved file, and may raise InputError."""
    panel = st.expander(TITLE, key="export_panel", on_change="rerun")
    if not panel.open:
        return
    with panel:
        _forms(named)
        with st.container(horizontal=True):
            _report(exports.html_report(named, state.address()))
            _file("JSON", "application/json", lambda: exports.to_json(named))
            _file("CSV", "text/csv", lambda: exports.to_csv(named))
        _import(import_scenarios)


def _forms(named: Named) -> None:
    forms = {
        "Link": state.address(),
        "Sentence": "\n\n".join(exports.statement(name, result) for name, result in named),
        "LaTeX": exports.latex(named),
        "Python": "\n".join(exports.python_code(name, result, state.past_runs()) for name, result in named),
    }
    if len(named) == 1:
        forms["Model card"] = exports.model_card(*named[0])
    for tab, text in zip(st.tabs(list(forms)), forms.values(), strict=True):
        with tab:
            st.code(text, language=None, wrap_lines=True)


def _file(label: str, mime: str, made: Callable[[], str]) -> None:
    st.download_button(label, made, f"{FILE}.{label.lower()}", mime, on_click="ignore")


def _report(text: str) -> None:
    """The button of the report, into which the browser puts the charts as it draws them; plain Streamlit has none."""
    if assets.served():
        content = json.dumps({"label": REPORT, "file": f"{FILE}.html", "report": text}).encode()
        element("report")(key="report", data=content, width="content")
    else:
        st.download_button(REPORT, text, f"{FILE}.html", "text/html", on_click="ignore")


def _import(import_scenarios: Callable[[ScenariosByName], None]) -> None:
    key = f"saved_{keys.SAVED_FILES.get()}"  # another key empties the control

    def read() -> None:
        upload = st.session_state[key]
        if upload is None:
            return
        keys.SAVED_WRONG.forget()
        try:
            import_scenarios(saved_scenarios.read(upload.getvalue()))
        except InputError as error:
            keys.SAVED_WRONG.set(str(error))
        keys.SAVED_FILES.set(keys.SAVED_FILES.get() + 1)

    st.file_uploader("Open a saved JSON", type=["json"], key=key, on_change=read)
    if keys.SAVED_WRONG.get():
        st.error(escape_markdown(f"Not opened: {keys.SAVED_WRONG.get()}. Your scenario is as it was."))
