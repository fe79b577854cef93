"""Accuracy against carbon: what is drawn has a source, what is reported is exact, and what is said follows from it."""

import math
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from oce import Scenario, catalog, estimate
from oce.field import accuracy
from oce.field.accuracy import BENCHMARKS, Conditions, Finding, Point
from oce.interval import Interval, normal_quantile
from oce.method.system_power import system_power
from tests.support.rules import for_every

OFTEN = settings(max_examples=50, deadline=None)
SAME = 1e-9  # relative: the same but for rounding
HERE = Conditions(400.0, 1.1)
BENCHMARK = pytest.mark.parametrize("benchmark", BENCHMARKS)
ROWS = accuracy.scored()
SHOWN = [one for one in ROWS if one.status == accuracy.SHOWN]
ONE = next(one for one in SHOWN if one.benchmark == "mmlu")


def point(kg, score, year=2023, family="", name="", ratio=1.0):
    row = ONE.replace(id=name or f"{kg}-{score}-{year}-{family}", score=float(score), year=year, family=family)
    return Point(row, Interval(kg / ratio**0.5, kg, kg * ratio**0.5), reported=ratio == 1.0)


def points_of(kilograms, scores):
    return [point(kg, score, name=str(at)) for at, (kg, score) in enumerate(zip(kilograms, scores, strict=True))]


POINTS = st.lists(  # few values, so that there are ties
    st.tuples(st.sampled_from([1.0, 2.0, 3.0, 5.0, 8.0, 13.0]), st.integers(1, 6), st.integers(2018, 2022)),
    min_size=1,
    max_size=12,
).map(lambda rows: [point(kg, 10 * score, year, name=str(at)) for at, (kg, score, year) in enumerate(rows)])
PAIRS = st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=2, max_size=15).map(
    lambda rows: np.array(rows, dtype=np.float64).T
)


def place(one):
    return one.operational_co2e_kg.central, one.score


def no_dearer_and_no_worse(one, other):
    return place(one)[0] <= place(other)[0] and place(one)[1] >= place(other)[1]


# --- the table ---


@BENCHMARK
def test_every_model_of_the_papers_figure_7_is_shown(benchmark):
    of_figure_7 = [one for one in ROWS if one.benchmark == benchmark and one.figure_7]
    assert len(of_figure_7) == {"mmlu": 7, "imagenet": 11}[benchmark]
    assert {one.status for one in of_figure_7} == {accuracy.SHOWN}
    drawn = accuracy.points(benchmark, HERE, figure_7=True)
    assert {one.row.id for one in drawn} == {one.id for one in of_figure_7}


@BENCHMARK
def test_every_row_that_is_shown_gives_a_point_and_no_other_does(benchmark):
    drawn = [one.row.id for one in accuracy.points(benchmark, HERE)]
    assert sorted(drawn) == sorted(one.id for one in SHOWN if one.benchmark == benchmark)
    assert len(set(drawn)) == len(drawn)


@for_every("row", SHOWN, ids=lambda one: one.id)
def test_a_score_that_is_shown_says_where_it_was_read_and_how_it_was_measured(row):
    assert row.score_source
    assert row.setting
    assert row.source
    assert 20 < row.score <= 100  # guessing among four gives 25


def test_a_score_that_is_only_remembered_has_no_number():
    remembered = [one for one in ROWS if one.status == "score only remembered"]
    assert remembered
    assert {one.score for one in remembered} == {None}
    assert {one.score_source for one in remembered} == {""}


@BENCHMARK
def test_what_is_left_out_is_counted_by_its_reason(benchmark):
    counts = accuracy.left_out(benchmark)
    assert accuracy.SHOWN not in counts
    assert sum(counts.values()) + len(accuracy.points(benchmark, HERE)) == sum(
        one.benchmark == benchmark for one in ROWS
    )
    assert set(counts) <= set(accuracy.STATUSES)


def test_a_model_is_on_a_benchmark_once():
    assert len({(one.model, one.benchmark) for one in ROWS}) == len(ROWS)


@for_every("row", SHOWN, ids=lambda one: one.id)
def test_what_a_click_takes_can_be_estimated(row):
    """The chart says “Click a mark to make it your scenario”: of every mark whose compute is known there is one."""
    if row.training_flop is None:  # the page says that this one cannot be
        assert row.device_hours
        return
    run = Scenario(**row.fields, carbon_intensity_g_per_kwh=HERE.g_per_kwh, pue=HERE.pue)
    assert estimate(run).operational_co2e_kg.central > 0


@BENCHMARK
def test_a_model_that_is_taken_as_the_scenario_lands_on_its_own_estimate(benchmark):
    for one in accuracy.points(benchmark, HERE):
        if not one.reported:
            run = Scenario(**one.row.fields, carbon_intensity_g_per_kwh=HERE.g_per_kwh, pue=HERE.pue)
            there = estimate(run).operational_co2e_kg
            for end in ("low", "central", "high"):
                assert getattr(there, end) == pytest.approx(getattr(one.operational_co2e_kg, end), rel=SAME)


# --- the carbon of a point ---


@BENCHMARK
@pytest.mark.parametrize("here", [HERE, Conditions(56.0, 1.0), Conditions(0.5, 2.0)])
def test_reported_hours_times_power_pue_and_grid_are_the_carbon_with_what_is_not_known_of_the_power(benchmark, here):
    reported = [one for one in accuracy.points(benchmark, here) if one.reported]
    assert len(reported) > 10
    for one in reported:
        power = system_power(one.row.device)
        kg = one.row.device_hours * power.power_w / 1000 * here.pue * here.g_per_kwh / 1000
        spread = math.exp(normal_quantile(0.8) * power.log_sd)
        assert [*one.operational_co2e_kg] == pytest.approx([kg / spread, kg, kg * spread], rel=1e-12)


@BENCHMARK
def test_every_point_has_an_interval(benchmark):
    for as_trained in (False, True):
        for one in accuracy.points(benchmark, HERE, as_trained):
            carbon = one.operational_co2e_kg
            assert one.reported == (one.row.device_hours is not None)
            assert 0 < carbon.low < carbon.central < carbon.high


@BENCHMARK
def test_a_higher_level_widens_what_is_estimated_and_moves_nothing(benchmark):
    half, most = (accuracy.points(benchmark, HERE, confidence_level=level) for level in (0.5, 0.95))
    for narrow, wide in zip(half, most, strict=True):
        assert narrow.row == wide.row
        assert narrow.operational_co2e_kg.central == pytest.approx(wide.operational_co2e_kg.central, rel=SAME)
        assert narrow.operational_co2e_kg.high_over_low < wide.operational_co2e_kg.high_over_low


@BENCHMARK
@pytest.mark.parametrize("figure_7", [False, True])
def test_twice_the_grid_is_twice_every_carbon_and_leaves_the_finding_as_it_is(benchmark, figure_7):
    once = accuracy.points(benchmark, HERE, figure_7=figure_7)
    twice = accuracy.points(benchmark, Conditions(2 * HERE.g_per_kwh, HERE.pue), figure_7=figure_7)
    for one, other in zip(once, twice, strict=True):
        assert one.row == other.row
        for end in ("low", "central", "high"):
            ends = (getattr(one.operational_co2e_kg, end), getattr(other.operational_co2e_kg, end))
            assert ends[1] == pytest.approx(2 * ends[0], rel=1e-14)
    assert_alike(accuracy.finding(once), accuracy.finding(twice))


def assert_alike(found, other):
    assert (found.models, found.in_order) == (other.models, other.in_order)
    for name in ("correlation", "per_point", "per_year"):
        for end in ("low", "central", "high"):
            one, two = (getattr(getattr(each, name), end) for each in (found, other))
            assert one == pytest.approx(two, rel=1e-6)


@BENCHMARK
def test_the_points_come_in_the_order_of_their_carbon(benchmark):
    for as_trained in (False, True):
        carbon = [place(one)[0] for one in accuracy.points(benchmark, HERE, as_trained)]
        assert carbon == sorted(carbon)


@BENCHMARK
def test_as_trained_drops_the_models_of_an_unknown_place_and_takes_the_grid_of_the_others(benchmark):
    own = {one.row.id: one for one in accuracy.points(benchmark, HERE, as_trained=True)}
    known = {
        one.id
        for one in SHOWN
        if one.benchmark == benchmark and (one.as_trained_region or one.as_trained_g_per_kwh is not None)
    }
    assert set(own) == known
    assert 0 < len(known) < len(accuracy.points(benchmark, HERE))
    for one in accuracy.points(benchmark, HERE):
        if one.row.id in own:
            row = one.row
            there = catalog.region(row.as_trained_region).g_per_kwh if row.as_trained_region else None
            grams = there if row.as_trained_g_per_kwh is None else row.as_trained_g_per_kwh
            factor = grams / HERE.g_per_kwh * (row.as_trained_pue or HERE.pue) / HERE.pue
            carbon = own[row.id].operational_co2e_kg.central
            assert carbon == pytest.approx(factor * one.operational_co2e_kg.central, rel=SAME)


@BENCHMARK
def test_as_trained_the_scenarios_own_grid_does_not_matter(benchmark):
    here, there = (accuracy.points(benchmark, Conditions(grid, 1.1), as_trained=True) for grid in (1.0, 1000.0))
    assert here == there


# --- the front ---


@OFTEN
@given(POINTS)
def test_the_front_is_what_no_other_model_beats(points):
    best = accuracy.unbeaten(points)
    for one in points:
        beaten = any(no_dearer_and_no_worse(other, one) and place(other) != place(one) for other in points)
        assert (place(one) in [place(other) for other in best]) == (not beaten)
    for one, after in pairwise(best):
        assert place(one)[0] < place(after)[0]
        assert one.score < after.score


@OFTEN
@given(POINTS, st.sampled_from([0.5, 1.0, 2.0, 4.0, 13.0]))
def test_the_best_score_within_a_carbon(points, kg):
    best = accuracy.best_within(points, kg)
    within = [one.score for one in points if place(one)[0] <= kg]
    assert (best is None) == (not within)
    if best is not None:
        assert best.score == max(within)
        assert place(best)[0] == min(place(one)[0] for one in points if one.score == best.score)


@OFTEN
@given(POINTS, st.integers(0, 70))
def test_the_least_carbon_that_reaches_a_score(points, score):
    cheapest = accuracy.cheapest_reaching(points, score)
    reaching = [place(one)[0] for one in points if one.score >= score]
    assert (cheapest is None) == (not reaching)
    if cheapest is not None:
        assert cheapest.score >= score
        assert place(cheapest)[0] == min(reaching)


@OFTEN
@given(POINTS, st.integers(0, 70))
def test_what_a_score_costs_never_rises_with_the_years(points, score):
    steps = accuracy.cheapest_by_year(points, score)
    assert bool(steps) == any(one.score >= score for one in points)
    for year, cheapest in steps:
        so_far = [place(one)[0] for one in points if one.score >= score and one.row.year <= year]
        assert place(cheapest)[0] == min(so_far)
        assert cheapest.row.year <= year
    for (year, one), (next_year, after) in pairwise(steps):
        assert next_year == year + 1
        assert place(after)[0] <= place(one)[0]
    if steps:
        assert steps[0][0] == min(one.row.year for one in points if one.score >= score)
        assert steps[-1][0] == max(one.row.year for one in points)


@BENCHMARK
def test_each_threshold_is_reached_by_some_model(benchmark):
    points = accuracy.points(benchmark, HERE)
    for score in accuracy.THRESHOLDS[benchmark]:
        assert accuracy.cheapest_by_year(points, score)


# --- the finding ---


@OFTEN
@given(PAIRS)
def test_the_rank_correlation_is_that_of_scipy(pairs):
    x, y = pairs
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    assert accuracy._spearman(x, y) == pytest.approx(spearmanr(x, y).statistic, abs=1e-12)


def test_without_any_difference_there_is_no_correlation():
    assert accuracy._spearman(np.ones(4), np.arange(4.0)) == 0.0


@OFTEN
@given(PAIRS)
def test_the_share_of_pairs_in_order_is_that_of_counting_them(pairs):
    signs = [(a[0] - b[0]) * (a[1] - b[1]) for a, b in combinations(pairs.T.tolist(), 2)]
    differ = [one for one in signs if one != 0]
    share = sum(one > 0 for one in differ) / len(differ) if differ else 0.5
    assert accuracy._in_order(*pairs) == pytest.approx(share, abs=1e-12)


def test_a_score_that_always_rises_with_the_carbon_is_in_order_and_said_so():
    found = accuracy.finding(points_of([10.0, 20, 40, 80, 160], [30, 40, 50, 60, 70]))
    assert found.correlation.central == pytest.approx(1)
    assert (found.models, found.in_order) == (5, 1.0)
    assert found.per_point.central == pytest.approx(2**0.1)  # ten points more for each doubling
    assert accuracy.in_words("mmlu", found).startswith("More carbon went with a higher MMLU score")


def test_a_score_that_always_falls_with_the_carbon_is_said_so():
    found = accuracy.finding(points_of([10.0, 20, 40, 80, 160], [70, 60, 50, 40, 30]))
    assert found.correlation.central == pytest.approx(-1)
    assert found.in_order == 0.0
    text = accuracy.in_words("imagenet", found)
    assert text.startswith("The models that emitted more score lower on ImageNet-1k top-1")
    assert "behind in 100% of pairs" in text


@pytest.mark.parametrize("scores", [[50] * 8, [52, 43, 60, 48, 55, 41, 58, 47]])
def test_scores_that_have_nothing_to_do_with_the_carbon_are_not_called_an_order(scores):
    found = accuracy.finding(points_of([2.0**power for power in range(8)], scores))
    assert found.correlation.low <= 0 <= found.correlation.high
    assert accuracy.in_words("mmlu", found).startswith("More carbon did not buy a higher MMLU score")


def test_with_the_same_years_nothing_can_be_said_of_a_year():
    assert accuracy.finding(points_of([1.0, 2, 4, 8], [30, 50, 40, 60])).per_year is None


def test_points_a_year_are_told_apart_from_those_of_carbon():
    many = [point(2.0**a, 10 * a + 3 * b, 2018 + b, name=f"{a}{b}") for a in range(4) for b in range(4)]
    found = accuracy.finding(many)
    assert found.per_year.central == pytest.approx(3)
    assert found.per_year.low == pytest.approx(3)


@BENCHMARK
def test_the_finding_is_the_same_each_time(benchmark):
    points = accuracy.points(benchmark, HERE)
    assert accuracy.finding(points) == accuracy.finding(points)


@BENCHMARK
def test_a_finding_lies_in_its_interval_and_a_higher_level_has_a_wider_one(benchmark):
    points = accuracy.points(benchmark, HERE)
    half, most = (accuracy.finding(points, level) for level in (0.5, 0.95))
    for name in ("correlation", "per_point", "per_year"):
        narrow, wide = getattr(half, name), getattr(most, name)
        assert wide.low <= narrow.low <= narrow.central <= narrow.high <= wide.high
    assert -1 <= most.correlation.low <= most.correlation.high <= 1 + 1e-12


def test_sizes_of_one_family_are_not_so_many_witnesses():
    """They resemble each other: drawn as one, they leave more room for doubt."""
    apart = [point(2.0**a, s, family=str(a), name=str(a)) for a, s in enumerate([30, 50, 35, 60, 40, 55, 65, 45])]
    joined = [replace(one, row=one.row.replace(family="one")) for one in apart[:6]] + apart[6:]
    alone, together = (accuracy.finding(points).correlation for points in (apart, joined))
    assert alone.central == together.central
    assert together.high - together.low > alone.high - alone.low


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_finding_needs_three_models(count):
    with pytest.raises(ValueError, match=f"{count} models: a finding needs three"):
        accuracy.finding(points_of([1.0, 2.0], [30, 40])[:count])


@BENCHMARK
def test_of_the_data_it_says_what_the_paper_does(benchmark):
    """Language: the scores rise with the carbon. Vision: they need not."""
    found = accuracy.finding(accuracy.points(benchmark, HERE))
    text = accuracy.in_words(benchmark, found)
    start = {"mmlu": "More carbon went with", "imagenet": "More carbon tended to go with"}[benchmark]
    assert text.startswith(start)
    assert f"{found.in_order:.0%} of pairs" in text


@pytest.mark.parametrize(
    ("low", "high", "in_order", "start", "share"),
    [
        (0.5, 0.9, 0.8, "More carbon went with a higher", "80%"),
        (0.5, 0.9, 0.75, "More carbon went with a higher", "75%"),
        (0.1, 0.9, 0.7, "More carbon tended to go with a higher", "70%"),
        (0.1, 0.9, 0.6, "More carbon tended to go with a higher", "60%"),
        (0.1, 0.9, 0.55, "More carbon did not buy a higher", "55%"),
        (-0.2, 0.9, 0.8, "More carbon did not buy a higher", "80%"),
        (-0.2, 0.4, 0.5, "More carbon did not buy a higher", "50%"),
        (-0.9, -0.3, 0.2, "The models that emitted more score lower on", "behind in 80%"),
    ],
)
def test_the_words_follow_the_numbers(low, high, in_order, start, share):
    found = Finding(9, Interval(low, (low + high) / 2, high), in_order, None, None)
    text = accuracy.in_words("mmlu", found)
    assert text.startswith(start)
    assert share in text
    assert text.endswith(".")
