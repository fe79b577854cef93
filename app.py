"""The OpenCarbonEval explorer: page set-up, your scenario in the sidebar, navigation."""

from contextlib import nullcontext

import streamlit as st

import pages.server.library  # noqa: F401  before any part of it
from oce.catalog.reader import DataError
from pages.server import host, old_multipage
from pages.server.request_queue import QUEUE
from pages.session import browser_title, keys, site, state
from pages.widgets import sidebar, style
from pages.widgets.text import escape_markdown

too_late = old_multipage.turn_off()
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
style.apply()
try:
    quick = name != "plan" and not state.past_runs()  # 0.1 s; nobody waits for what takes longer
    with QUEUE.turn() if quick else nullcontext():
        state.load(name)
        sidebar.show()
        state.save()
        keys.HEADLINE.forget()
        try:
            page.run()
        finally:  # a page that has no estimate stops before its end
            keys.BROWSER_TITLE.set(browser_title.of_page(keys.PAGE.get(), keys.HEADLINE.get(), state.fields()))
            st.set_page_config(page_title=keys.BROWSER_TITLE.get())
except DataError as error:  # for whoever runs the app: a visitor cannot mend it
    st.title("A data file is damaged", anchor=False)
    st.error(escape_markdown(f"{error}. Take the file anew from the repository, and start the app again."))
