"""Terms are explained where they stand: once each, and nothing else of the text changes."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pages.widgets.glossary import MEANINGS, explained


def test_the_first_of_each_term_has_its_meaning_and_can_be_focused():
    text = explained("<b>PUE</b> 1.1, TDP 700 W, then PUE again; 15T tokens at 400 TFLOP/s")
    assert text.count("<abbr") == 4
    assert text.count("tabindex='0'") == 4
    assert "Power usage effectiveness" in text
    assert "again" in text.partition("then PUE")[2]


def test_attributes_and_other_words_are_left_alone():
    for text in ("<td data-label='PUE'>1.1</td>", "the FLOPs/s of it", "embodiedness", "&alpha; tokenizer"):
        assert "<abbr" not in explained(text)


@given(st.lists(st.sampled_from([*MEANINGS, "of", "&amp;", "<b>x</b>", "α-β", "parameters"]), max_size=12))
def test_without_its_marks_it_is_the_text(words):
    text = " ".join(words)
    assert re.sub(r"</?abbr[^>]*>", "", explained(text)) == text
