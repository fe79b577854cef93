"""The app without a browser, for the tests of this folder."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest


@pytest.fixture
def app() -> AppTest:
    """The app, before its first run."""
    return AppTest.from_file(str(Path(__file__).parents[2] / "app.py"), default_timeout=60)
