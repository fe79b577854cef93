"""A view as a value: what it says is escaped, and each part has the name by which a preview finds it."""

from oce import units
from oce.interval import Interval
from pages import charts
from pages.widgets import view
from pages.widgets.view import Figure, View

SHARP = "<script>alert('1')</script>"


def test_figures_and_cells_of_a_table_are_escaped():
    shown = View(
        SHARP, (Figure(SHARP, SHARP, SHARP, SHARP),), tables={"rows": charts.table([SHARP, SHARP], [[SHARP, SHARP]])}
    )
    texts = shown.texts()
    assert "<script" not in texts["figures"] + texts["rows"]
    assert texts["headline"] == SHARP  # put in place as text, never as HTML


def test_each_part_is_named_once_and_a_view_without_figures_names_none():
    shown = View("Said", paragraphs={"strip": "<b>most</b>"}, tables={"assumed": charts.table(["Value"], [])})
    assert set(shown.texts()) == {"headline", "strip", "assumed"}


def test_a_figure_without_an_interval_says_so_and_the_unit_of_its_label_is_not_repeated():
    exact = view.figure("Device-hours", Interval(1e6, 1e6, 1e6), units.SCALES["device_hours"], "device-hours")
    assert exact.beneath == "no interval"
    assert "device-hours" not in exact.unit
    wide = view.figure("Total carbon", Interval(1e3, 2e3, 3e3), units.MASS)
    assert (wide.value, wide.unit, wide.beneath) == ("2.00", "t CO₂e", "1.00–3.00 t CO₂e")
