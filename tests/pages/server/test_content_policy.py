"""What a page may load and run (in Chromium: tests/browser)."""

import pytest

from pages.server import content_policy


def rules(host="localhost:8501"):
    return dict(rule.split(" ", 1) for rule in content_policy.policy(host).split("; "))


def test_nothing_is_loaded_but_from_this_server_and_no_script_of_a_page_runs_but_those_that_are_ours():
    assert rules()["default-src"] == "'none'"
    assert "unsafe" not in rules()["script-src"]
    assert rules()["connect-src"] == "'self' data: ws://localhost:8501 wss://localhost:8501"
    for sources in rules().values():
        assert not {"*", "http:", "https:", "ws:"} & set(sources.split())


def test_a_host_cannot_add_a_rule_of_its_own():
    for host in ("x; script-src *", "x *", "", "x\n"):
        assert rules(host) == rules("") == {**rules(), "connect-src": "'self' data:"}


@pytest.mark.parametrize("script", content_policy.inline_scripts())
def test_the_scripts_that_stand_in_a_page_are_named(script):
    assert content_policy.digest(script) in rules()["script-src"]


def test_a_script_is_named_by_the_digest_that_a_browser_makes_of_it():
    # of the W3C's Content Security Policy Level 3, section 6.7.2.1's example: printf 'doSomething();'
    assert content_policy.digest("doSomething();") == "'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='"
