"""Take it with you: every form in which an estimate leaves the app, and the way back in."""

import html
import json
from collections.abc import Callable, Sequence
from datetime import date

import segno
import streamlit as st

from oce import exports
from oce.errors import InputError
from oce.estimation import Estimate, Named
from oce.importers import saved_scenarios
from oce.scenario import Scenario
from pages.server import assets
from pages.session import keys, site, state
from pages.widgets.element import element
from pages.widgets.text import escape_markdown
from pages.widgets.view import View

ScenariosByName = Sequence[tuple[str, Scenario]]
FILE, REPORT = "training-carbon", "Report to print (HTML)"
TITLE = "Take it with you: link, QR code, data, sentence, LaTeX, model card, Python, report"
PAGE_TITLE = "Take it with you: link, QR code, report"
MOST_IN_A_CODE = 1_200  # characters: more make squares that a phone cannot read across a room
EMBED_HEIGHT = 900


def show(named: Named, import_scenarios: Callable[[ScenariosByName], None], answer: str = "") -> None:
    """The panel, made when it is opened.

    Args:
        named: The estimates, a single one called by what is trained.
        import_scenarios: Takes those of a saved file, and may raise InputError.
        answer: The sentence that decides among several.
    """
    panel = st.expander(TITLE, key="export_panel", on_change="rerun")
    if not panel.open:
        return
    with panel:
        _forms(named, answer)
        with st.container(horizontal=True):
            _report(exports.html_report(named, state.address(), date.today(), answer))
            _file("JSON", "application/json", lambda: exports.to_json(named))
            _file("CSV", "text/csv", lambda: exports.to_csv(named))
        _import(import_scenarios)


def show_page(shown: View, result: Estimate, counts_use: bool = False) -> None:
    """The panel of a page whose answer is more than an estimate, such as of use: its link, and its answer to print."""
    panel = st.expander(PAGE_TITLE, key="export_panel", on_change="rerun")
    if not panel.open:
        return
    with panel:
        show_link(state.address())
        tables = [("", listed.columns, listed.rows) for listed in shown.tables.values()]
        _report(exports.page_report(shown.headline, result, tables, state.address(), date.today(), counts_use))


def show_link(address: str) -> None:
    """The link, with a button that copies it, as a code that a phone reads, and as a line that embeds the page."""
    st.code(address, language=None, wrap_lines=True)
    if len(address) <= MOST_IN_A_CODE:
        code = segno.make(address, error="m", micro=False)
        st.html(f"<div class='qr' role='img' aria-label='QR code of the link'>{code.svg_inline(border=4)}</div>")
    else:
        st.caption(f"Too long for a QR code ({len(address):,} characters).")
    joined = f"{address}{'&' if '?' in address else '?'}embed=true"
    line = f'<iframe src="{html.escape(joined)}" width="100%" height="{EMBED_HEIGHT}" title="{site.NAME}"></iframe>'
    st.code(line, language=None, wrap_lines=True)


def _forms(named: Named, answer: str) -> None:
    forms = {
        "Link": state.address(),
        "Sentence": "\n\n".join(exports.statements(named, answer)),
        "LaTeX": exports.latex(named),
        "Python": "\n".join(exports.python_code(name, result, state.past_runs()) for name, result in named),
    }
    if len(named) == 1:
        forms["Model card"] = exports.model_card(*named[0])
    for tab, (name, text) in zip(st.tabs(list(forms)), forms.items(), strict=True):
        with tab:
            if name == "Link":
                show_link(text)
            else:
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
