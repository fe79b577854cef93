"""Streamlit's old multipage mode is off, once and for all, however a server starts."""

import subprocess
import sys
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager

from pages.server import old_multipage

ROOT = Path(__file__).parents[3]


def test_it_is_off_once_it_was_turned_off_and_is_said_to_have_been_on(monkeypatch):
    monkeypatch.setattr(PagesManager, "uses_pages_directory", True)
    assert old_multipage.turn_off()
    assert not old_multipage.turn_off()


def test_a_folder_called_pages_does_not_turn_it_on_again(monkeypatch):
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    old_multipage.turn_off()
    PagesManager(str(ROOT / "app.py"))
    assert PagesManager.uses_pages_directory is False


def test_it_is_off_before_the_application_answers():
    code = "from pages.server import application; from streamlit.runtime.pages_manager import PagesManager as p; "
    found = subprocess.run(
        [sys.executable, "-c", code + "print(p.uses_pages_directory)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.split()[-1] == "False"
