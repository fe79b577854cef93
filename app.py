"""The OpenCarbonEval explorer: page set-up, your scenario in the sidebar, navigation."""

import streamlit as st

from oce.catalog.reader import DataError
from pages.server import old_multipage, other_hosts
from pages.server.request_queue import LONG_PAGES, QUEUE, Kind, NoTurnError
from pages.session import state
from pages.widgets import sidebar, style
from pages.widgets.text import escape_markdown

too_late = old_multipage.turn_off()
other_hosts.ask_none()
st.set_page_config(page_title="OpenCarbonEval explorer", page_icon="🌍", layout="wide")

first = st.Page("pages/views/explore.py", title="Explore", url_path="explore", default=True)
page = st.navigation(
    [
        first,
        st.Page("pages/views/compare.py", title="Compare", url_path="compare"),
        st.Page("pages/views/plan.py", title="Plan", url_path="plan"),
        st.Page("pages/views/lifetime.py", title="Lifetime", url_path="lifetime"),
        st.Page("pages/views/scaling.py", title="Scaling", url_path="scaling"),
        st.Page("pages/views/landscape.py", title="Landscape", url_path="landscape"),
        st.Page("pages/views/evidence.py", title="Evidence", url_path="evidence"),
        st.Page("pages/views/learn.py", title="Learn", url_path="learn"),
        st.Page("pages/views/data.py", title="Data", url_path="data"),
    ],
    position="top",
)
if too_late and page != first and st.context.url:  # under plain `streamlit run`: loading once more puts it right
    st.html("<script>window.location.reload()</script>", unsafe_allow_javascript=True)
    st.stop()
style.apply()
try:
    with QUEUE.turn(Kind.LONG_RUN if page.url_path in LONG_PAGES or state.past_runs() else Kind.RUN):
        state.load(page.url_path)
        sidebar.show()
        state.save()
        page.run()
except NoTurnError as error:
    st.title("Many people are here at this moment", anchor=False)
    st.warning(f"{error} Your scenario is kept: change something, or load the page again, in a while.")
except DataError as error:  # for whoever runs the app: a visitor cannot mend it
    st.title("A data file is damaged", anchor=False)
    st.error(escape_markdown(f"{error}. Take the file anew from the repository, and start the app again."))
