"""The app without a browser, for the tests of this folder."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.app_test import new_app


@pytest.fixture
def app() -> AppTest:
    """The app, before its first run."""
    return new_app()
