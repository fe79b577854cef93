"""The OpenCarbonEval explorer: page set-up, your scenario in the sidebar, navigation."""

from contextlib import nullcontext

import streamlit as st

from oce.catalog.reader import DataError
from pages.server import old_multipage
from pages.server.request_queue import QUEUE
from pages.session import state
from pages.widgets import sidebar, style
from pages.widgets.text import escape_markdown

too_late = old_multipage.turn_off()
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
state.one_entry_a_page()
try:
    quick = page.url_path != "plan" and not state.past_runs()  # 0.1 s; nobody waits for what takes longer
    with QUEUE.turn() if quick else nullcontext():
        state.load(page.url_path)
        sidebar.show()
        state.save()
        page.run()
except DataError as error:  # for whoever runs the app: a visitor cannot mend it
    st.title("A data file is damaged", anchor=False)
    st.error(escape_markdown(f"{error}. Take the file anew from the repository, and start the app again."))
