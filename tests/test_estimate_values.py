"""An estimate is a value: equal to one that follows from the same, and readable in a terminal and a notebook."""

import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from oce import Scenario, estimate, units
from oce.estimation import FIGURES
from oce.importers import prior_runs

RUN = Scenario(parameters=7e9, tokens=2e12, device="H100", device_count=512, region="USA", pue=1.2)
FILE = b"device,device_hours,training_flop\nH100,1000,1.2e21\nH100,3000,3.9e21\n"


def past_runs(content: bytes = FILE):
    return prior_runs.read(content).for_calibration()


def test_the_same_scenario_gives_one_value():
    assert len({estimate(RUN), estimate(RUN), estimate(RUN.given())}) == 1


def test_estimates_that_learnt_from_the_same_past_runs_are_one_value():
    assert len({estimate(RUN, past_runs()), estimate(RUN, past_runs())}) == 1


@pytest.mark.parametrize(
    "other",
    [
        lambda: estimate(RUN.replace(pue=1.1)),
        lambda: estimate(RUN, past_runs()),
        lambda: "an estimate",
    ],
)
def test_estimates_of_something_else_are_other_values(other):
    assert estimate(RUN) != other()


def test_other_past_runs_are_another_value():
    others = past_runs(FILE.replace(b"3000", b"2000"))
    assert others != past_runs()
    assert hash(past_runs()) == hash(past_runs())
    assert estimate(RUN, others) != estimate(RUN, past_runs())


def test_a_terminal_shows_the_figures_with_their_ranges_in_one_line():
    result = estimate(RUN)
    text = repr(result)
    assert len(text) < 300
    assert "\n" not in text
    for figure in ("total_co2e_kg", "energy_kwh", "time_to_train_hours"):
        assert units.amount(getattr(result, figure), units.SCALES[figure]) in text
    assert "on 512 H100 SXM (United States)" in text
    assert "80% of runs" in text


def test_a_terminal_says_where_the_ranges_stand_for_no_share_of_runs():
    given = estimate(RUN.replace(log10_alpha_low=14, log10_alpha_high=16))
    assert given.level is None
    assert "ranges for no share of runs" in repr(given)


class Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def test_a_notebook_shows_a_row_for_every_figure():
    result = estimate(RUN)
    found = Cells()
    found.feed(result._repr_html_())
    assert found.tags.count("tr") == len(FIGURES) == len(units.LABELS)
    for figure, label in units.LABELS.items():
        assert f"{label}{units.amount(getattr(result, figure), units.SCALES[figure])}" in found.text


def test_a_notebook_shows_text_and_never_markup_of_the_data():
    result = estimate(RUN)
    found = Cells()
    named = replace(result, device=result.device.replace(name="<script>alert(1)</script>&amp;"))
    found.feed(named._repr_html_())
    assert "script" not in found.tags
    assert "<script>alert(1)</script>&amp;" in found.text


def test_a_dictionary_and_a_table_hold_the_figures_as_they_are():
    result = estimate(RUN.replace(price_per_device_hour=2.0))
    as_dict, frame = result.to_dict(), result.to_frame()
    assert list(frame.columns) == ["low", "central", "high"]
    assert list(frame.index) == ["training_flop", *FIGURES, "cost"]
    for name, row in frame.iterrows():
        assert row.to_dict() == as_dict[name]
        assert row.tolist() == [*getattr(result, name)]


def test_a_table_needs_pandas_and_the_library_does_not():
    script = (
        "import sys; sys.modules['pandas'] = None\n"
        "from oce import Scenario, estimate\n"
        "result = estimate(Scenario(parameters=7e9, tokens=2e12, device='H100', device_count=512, region='USA'))\n"
        "result.to_dict()\n"
        "try:\n    result.to_frame()\nexcept ImportError:\n    print('no pandas')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "no pandas\n"
