"""The OpenCarbonEval explorer: page set-up, your scenario in the sidebar, navigation."""

import streamlit as st

import pages.server.library  # noqa: F401  before any part of it
from oce import data_check
from oce.catalog.reader import DataError
from pages.server import assets, held_state, host, old_multipage, other_hosts
from pages.server.request_queue import LONG_PAGES, QUEUE, Kind, NoTurnError
from pages.session import browser_title, keys, page_scripts, site, state
from pages.widgets import sidebar, style
from pages.widgets.text import escape_markdown

too_late = old_multipage.turn_off()
other_hosts.ask_none()
held_state.look_up()
st.set_page_config(page_title=keys.BROWSER_TITLE.get(), page_icon="🌍", layout="wide")

page = st.navigation(
    [
        st.Page(f"pages/views/{name}.py", title=title, url_path=host.address(name), default=name == site.FIRST)
        for name, title in site.PAGES.items()
    ],
    position="top",
)
if too_late and page.url_path and st.context.url:  # under plain `streamlit run`: loading once more puts it right
    st.html("<script>window.location.reload()</script>", unsafe_allow_javascript=True)
    st.stop()
name = host.page_at(page.url_path)
if not assets.served():  # else the first response has it
    style.apply()
page_scripts.add()
try:
    data_check.whole()
    with QUEUE.turn(Kind.LONG_RUN if name in LONG_PAGES or state.past_runs() else Kind.RUN):
        state.load(name)
        sidebar.show()
        state.save()
        keys.HEADLINE.forget()
        try:
            page.run()
        finally:  # a page that has no estimate stops before its end
            keys.BROWSER_TITLE.set(browser_title.of_page(keys.PAGE.get(), keys.HEADLINE.get(), state.fields()))
            st.set_page_config(page_title=keys.BROWSER_TITLE.get())
except NoTurnError as error:
    st.title("Many people are here at this moment", anchor=False)
    st.warning(f"{error} Your scenario is kept: change something, or load the page again, in a while.")
except DataError as error:  # for whoever runs the app: a visitor cannot mend it
    st.title("A data file is damaged", anchor=False)
    st.error(escape_markdown(f"{error}. Take the file anew from the repository, and start the app again."))
