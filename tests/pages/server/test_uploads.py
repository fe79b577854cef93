"""How much visitors' files take: each one's is bounded, and who holds most makes room for the others."""

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from pages.server import uploads


@pytest.fixture
def files(monkeypatch):
    held = MemoryUploadedFileManager("/_stcore/upload_file")
    monkeypatch.setattr(uploads, "_files", lambda: held)
    return held


def add(files, session, *sizes):
    for size in sizes:
        name = f"{session}{len(files.file_storage[session])}"
        files.add_file(session, UploadedFileRec(name, "runs.csv", "text/csv", bytes(size)))


def test_a_session_may_hold_a_few_files_and_so_many_bytes(files):
    add(files, "a", *[10] * (uploads.MOST_FILES - 1))
    assert not uploads.refused("a", 10)
    add(files, "a", 10)
    assert "at most" in uploads.refused("a", 10)
    assert not uploads.refused("b", 5_000_000)
    add(files, "b", 5_000_000, 5_000_000, 5_000_000)
    assert "at most" in uploads.refused("b", 5_000_000)
    assert not uploads.refused("b", 1_000_000)


def test_who_holds_most_loses_the_oldest_first_and_small_files_stay(files):
    add(files, "small", 10, 20)
    add(files, "large", 1_000, 2_000, 3_000)
    add(files, "medium", 2_500)
    uploads.make_room(8_000)
    assert list(files.file_storage["large"]) == ["large1", "large2"]
    uploads.make_room(4_000)
    assert uploads.held() == {"small": {"small0": 10, "small1": 20}, "large": {}, "medium": {"medium0": 2_500}}


def test_without_a_server_nothing_is_held():
    assert uploads.held() == {}
    uploads.make_room()
