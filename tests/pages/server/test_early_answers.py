"""What a start keeps for the next is read again by the same code with the same data, and by no other."""

import pytest

from pages.server import early_answers
from pages.server.early_answers import ANY_HOST, Kept

KEPT = {"explore": Kept({"content-security-policy": f"connect-src ws://{ANY_HOST}"}, f"<p>http://{ANY_HOST}/?a=1</p>")}


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(early_answers, "_read", {})
    return tmp_path


def test_what_was_kept_is_read_again_for_any_host():
    early_answers.keep(KEPT, {})
    early_answers.load()
    found = early_answers.of_page("explore", "https://example.org:8501")
    assert found.body == "<p>https://example.org:8501/?a=1</p>"
    assert found.headers["content-security-policy"] == "connect-src ws://example.org:8501"
    assert found.headers["etag"] == early_answers.tag(found.body.encode())
    assert early_answers.of_page("plan", "https://example.org") is None
    assert early_answers.of_page("explore", "") is None


def test_other_code_or_data_have_answers_of_their_own(monkeypatch, tmp_path):
    early_answers.keep(KEPT, {})
    (tmp_path / "app.py").write_text("changed")
    monkeypatch.setattr(early_answers, "ROOT", tmp_path)
    monkeypatch.setattr(early_answers, "PARTS", ("app.py",))
    early_answers.digest.cache_clear()
    early_answers.load()
    assert not early_answers.is_kept()
    early_answers.digest.cache_clear()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"explore": 1}', '{"explore": {"body": "x"}}'])
def test_a_file_that_is_cut_or_strange_is_as_none(content):
    early_answers.keep(KEPT, {})
    (early_answers.folder() / early_answers.ANSWERS).write_text(content)
    early_answers.load()
    assert not early_answers.is_kept()


def test_where_nothing_can_be_written_nothing_is_kept(own_cache):
    (own_cache / "oce-explorer").write_text("a file")
    early_answers.keep(KEPT, {})
    early_answers.load()
    assert not early_answers.is_kept()


def test_only_a_few_versions_are_kept(own_cache):
    for number in range(2 * early_answers.MOST_KEPT):
        (own_cache / "oce-explorer" / str(number)).mkdir(parents=True)
    early_answers.keep(KEPT, {})
    assert len(list((own_cache / "oce-explorer").iterdir())) == early_answers.MOST_KEPT


def test_a_file_is_kept_and_as_none_where_it_was_changed():
    early_answers.keep(KEPT, {"plotly.js br": b"packed"})
    early_answers.load()
    assert early_answers.file("plotly.js br") == b"packed"
    assert early_answers.file("plotly.js gzip") is None
    for path in early_answers.folder().iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    assert early_answers.file("plotly.js br") is None
