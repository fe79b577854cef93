"""What is typed into a box of the sidebar is the number that is used, or is refused in words; never another number."""

import pytest

from tests.support.app_test import opened


def typed(name, text, **link):
    app = opened("explore", **link)
    app.session_state["advanced_open"] = True
    app.run()
    app.text_input(key=f"{name}_entry").set_value(text).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("pue", "1,15", 1.15),
        ("host_power_w", "41,5", 41.5),
        ("host_power_w", "0.2 kW", 200.0),
        ("overhead_fraction", "15,5", 0.155),
        ("overhead_fraction", "15.5 %", 0.155),
        ("year", "2023", 2023.0),
    ],
)
def test_a_decimal_comma_a_unit_and_a_sign_are_read(name, text, value):
    app = typed(name, text)
    assert app.session_state["fields"][name] == pytest.approx(value)
    assert not app.error


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("host_power_w", "1,200", "it could be 1200 or 1.2: write one"),  # what is ambiguous is asked
        ("pue", "0.5", "1 … 3. Until then the estimate is for 1.08."),
        ("overhead_fraction", "-3", "0 to 1000 %"),
        ("year", "1066", "2010 … 2040"),
        ("pue", "good", "a number such as"),
    ],
)
def test_what_cannot_be_used_is_said_in_words_and_stays_as_it_was_typed(name, text, said):
    before = opened("explore").session_state["fields"].get(name)
    app = typed(name, text)
    assert app.session_state["fields"].get(name) == before
    assert said in " ".join(error.value for error in app.error).replace("\\", "")
    assert app.text_input(key=f"{name}_entry").value == text


def test_an_emptied_box_is_not_given_any_more():
    assert "pue" not in typed("pue", "", pue="1.3").session_state["fields"]
