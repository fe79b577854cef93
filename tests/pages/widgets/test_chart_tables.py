"""The numbers of a chart as a table."""

from oce import catalog, estimate
from oce.analysis import comparison, sensitivity
from oce.units import MASS, shown, significant
from pages import charts
from pages.charts import Chart
from pages.widgets.chart_tables import POINTS_OF_A_LINE, table_of

RUN = catalog.model("llama-3-70b").scenario()


def test_a_range_is_a_row_with_its_interval():
    header, rows = table_of(charts.carbon_interval(estimate(RUN)))
    assert header == ["Drawn", "Carbon [t CO2e]"]
    assert [name for name, _ in rows] == ["Total", "Operational", "Embodied"]
    total = estimate(RUN).total_co2e_kg
    low, central, high = (significant(end / 1e3) for end in (total.low, total.central, total.high))
    assert rows[0][1] == f"{central} ({low}–{high})"


def test_a_bar_says_what_pointing_at_it_says_and_where_it_ends():
    result = estimate(RUN)
    header, rows = table_of(charts.tornado(result, sensitivity.swings(result)))
    assert header == ["Drawn", "Point", "Total carbon [t CO2e]"]
    lowest = significant(estimate(RUN.replace(region="NOR")).total_co2e_kg.central / 1e3)
    assert rows[0] == ["less", f"Grid intensity: 28 g/kWh, Norway, total {lowest} t CO2e", lowest]


def test_a_line_is_given_by_a_few_of_its_points_the_ends_among_them():
    chart = charts.time_by_devices(estimate(RUN))
    rows = [row for row in table_of(chart)[1] if row[0] == "central"]
    assert len(rows) == POINTS_OF_A_LINE
    drawn = next(trace for trace in chart.figure["data"] if trace["name"] == "central")
    assert float(rows[0][1].replace(",", "")) == drawn["x"][0]
    assert float(rows[-1][1].replace(",", "")) == float(f"{drawn['x'][-1]:.3g}")


def test_steps_that_stand_on_each_other_are_told_by_their_labels_alone():
    one, other = estimate(RUN), estimate(RUN.replace(device="A100"))
    header, rows = table_of(charts.waterfall(("A", one), ("B", other), comparison.why(one, other)))
    assert header == ["Point"]
    assert rows[0] == [f"A: {shown(one.total_co2e_kg.central, MASS)}"]
    assert rows[1][0].startswith("Throughput: +")


def test_no_mark_up_is_left_and_one_series_needs_no_name():
    trace = {"type": "bar", "name": "only", "x": ["a<br>b", "R&amp;D"], "y": [1.5, 0.001], "hovertemplate": "%{x}"}
    layout = {"xaxis": {"title": {"text": ""}}, "yaxis": {"title": {"text": "share (log)"}}}
    assert table_of(Chart("", "", {"data": [trace], "layout": layout})) == (
        ["Point", "Share"],
        [["a, b", "1.50"], ["R&D", "0.00100"]],
    )
