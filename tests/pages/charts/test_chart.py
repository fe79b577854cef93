"""Every chart has its numbers beside it, as a table."""

from oce import catalog, estimate
from oce.analysis import combinations, comparison, sensitivity
from oce.units import significant
from pages import charts
from pages.charts.chart import ROWS_OF_A_CURVE, amount, sampled
from pages.charts.plan_front import MOST_ROWS

RUN = catalog.model("llama-3-70b").scenario()


def column(chart, name):
    return [row[chart.table.columns.index(name)] for row in chart.table.rows]


def test_a_figure_with_an_interval_is_told_with_both_its_ends():
    result = estimate(RUN)
    chart = charts.carbon_parts(result)
    assert chart.table.columns == ("Part", "Carbon [t CO2e]")
    assert column(chart, "Part")[:3] == ["Total", "Operational", "Embodied"]
    total = result.total_co2e_kg
    low, central, high = (significant(end / 1e3) for end in (total.low, total.central, total.high))
    assert column(chart, "Carbon [t CO2e]")[0] == amount(total, 1e3) == f"{central} ({low}–{high})"


def test_each_input_has_the_total_at_both_its_ends():
    result = estimate(RUN)
    chart = charts.tornado(result, sensitivity.swings(result))
    lowest = significant(estimate(RUN.replace(region="NOR")).total_co2e_kg.central / 1e3)
    assert chart.table.rows[0][:3] == ("Grid intensity", "28 g/kWh, Norway", lowest)


def test_a_curve_is_given_by_a_few_of_its_points_the_ends_among_them():
    chart = charts.time_by_devices(estimate(RUN))
    drawn = next(trace for trace in chart.figure["data"] if trace["name"] == "central")
    curve = [row for row in chart.table.rows if not row[2]]
    assert len(curve) == ROWS_OF_A_CURVE
    assert [curve[0][0], curve[-1][0]] == [significant(drawn["x"][0]), significant(drawn["x"][-1])]
    assert {"your scenario", "more stop helping"} < {row[2] for row in chart.table.rows}


def test_so_many_points_are_listed_and_no_more():
    assert sampled(3) == [0, 1, 2]
    assert sampled(81) == [0, 10, 20, 30, 40, 50, 60, 70, 80]


def test_the_steps_of_a_waterfall_are_its_changes_and_both_totals():
    one, other = estimate(RUN), estimate(RUN.replace(device="A100"))
    parts = comparison.why(one, other)
    chart = charts.waterfall(("A", one), ("B", other), parts)
    assert chart.table.rows[0] == ("A", significant(one.total_co2e_kg.central / 1e3))
    assert chart.table.rows[-1] == ("B", significant(other.total_co2e_kg.central / 1e3))
    assert chart.table.rows[1][0] == "Energy per FLOP"
    assert chart.table.rows[1][1].startswith("+")


def test_of_very_many_combinations_the_table_has_the_unbeaten_first_and_says_what_it_leaves_out():
    front = combinations.combine(RUN, ["h100-sxm", "a100-sxm-80gb"], ["USA", "SWE"], range(1000, 11_000, 100))
    chart = charts.front(front, estimate(RUN))
    unbeaten = int(front.pareto_front.sum())
    assert all(row[3] == "not beaten" for row in chart.table.rows[1 : unbeaten + 1])
    assert len(chart.table.rows) == MOST_ROWS
    assert chart.table.left_out == len(front.pareto_front) + 1 - MOST_ROWS
