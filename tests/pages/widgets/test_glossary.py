"""Terms are explained where they stand: once each, and nothing else of the text changes."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from pages import charts
from pages.charts import Chart
from pages.widgets.chart import packed
from pages.widgets.glossary import MEANINGS, explained, with_meanings


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


def test_a_help_has_the_meaning_of_the_terms_that_it_leaves_open_each_once():
    said = with_meanings("Tokens processed; a token counts each time", "Training tokens")
    assert said.count(MEANINGS["token"]) == 1
    assert said.startswith("Tokens processed; a token counts each time\n\nToken: ")
    spelled = "Power usage effectiveness: energy of the data centre over that of its IT."
    assert with_meanings(spelled, "PUE") == spelled
    assert with_meanings("How many", "Device count") == "How many"


def test_beside_a_chart_a_term_of_the_trade_is_explained_and_markup_of_a_name_stays_text():
    said = "<b>Ours</b> does 244 TFLOP/s, 15T tokens"
    drawn = Chart("Speed", said, charts.table(["x"], []), {"data": [], "layout": {}})
    sentence = json.loads(packed(drawn, "speed"))["sentence"]
    assert sentence.startswith("&lt;b&gt;Ours&lt;/b&gt; does 244 <abbr ")
    assert sentence.count("<abbr") == 1
