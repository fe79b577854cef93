"""The app without a browser: a page of it, opened as a visitor does."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

APP = Path(__file__).parents[2] / "app.py"
MOST_SECONDS = 60.0  # of a run, on a busy machine


def new_app() -> AppTest:
    """The app, before its first run."""
    return AppTest.from_file(str(APP), default_timeout=MOST_SECONDS)


def path_of(page: str) -> str:
    """The file of a page, by its address."""
    return f"pages/views/{page}.py"


def opened(page: str, **link: str) -> AppTest:
    """A page as a visitor meets it who follows a link to it; no exception is shown."""
    app = new_app()
    for name, value in link.items():
        app.query_params[name] = value
    app.switch_page(path_of(page)).run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    """The page's title, Markdown and captions, without the strokes that escape Markdown."""
    return " ".join(one.value for one in (*app.title, *app.markdown, *app.caption)).replace("\\", "")


def typed_into(choice: Selectbox[str], text: str) -> AppTest:
    """The page once a text that is no option was typed into a choice and Enter pressed, which AppTest cannot."""
    choice.options.append(text)
    return choice.set_value(text).run()
