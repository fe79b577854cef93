"""Every model of the tables once, with what it is."""

from collections import Counter
from itertools import combinations, pairwise

import pytest

from oce import Scenario, catalog, estimate
from oce.field import accuracy, leaderboard, timeline
from oce.field.accuracy import Conditions

SAME = 1e-9  # relative: the same but for rounding
HERE, THERE = Conditions(400.0, 1.1), Conditions(50.0, 1.3)
BY_ID = {one.id: one for one in timeline.milestones()}
ENTRIES = leaderboard.ranked(HERE)
ENTRY = pytest.mark.parametrize("entry", ENTRIES, ids=lambda one: one.key)
DIFFERENT_RUNS = {  # that happen to have the same compute and hours on the same device
    frozenset({"BERT-Base (ELECTRA re-count)", "ELECTRA-Base"}),
    frozenset({"ELECTRA-Small", "BERT-Small (ELECTRA paper)"}),
    frozenset({"StarCoder 15B", "StarCoderBase-15B"}),
}


def test_every_model_is_there_once():
    assert [key for key, count in Counter(one.key for one in ENTRIES).items() if count > 1] == []
    names = Counter(leaderboard._key(one.model) for one in ENTRIES)
    assert [name for name, count in names.items() if count > 1] == []


def test_no_model_is_there_under_two_names():
    """The same device, the same compute and the same reported hours are one run."""
    twice = {
        frozenset({one.model, other.model})
        for one, other in combinations(ENTRIES, 2)
        if one.fields["device"] == other.fields["device"]
        and one.reported_device_hours
        and one.reported_device_hours == pytest.approx(other.reported_device_hours or 0, rel=1e-3)
        and one.training_flop == pytest.approx(other.training_flop, rel=0.01)
    }
    assert sorted(map(sorted, twice - DIFFERENT_RUNS)) == []


def test_every_preset_run_milestone_and_benchmark_is_in_it():
    sources = {source for one in ENTRIES for source in one.sources}
    # a fine-tune or an example is no model of its own
    published = [one for one in catalog.models() if "training" not in one.fields]
    for one in (*published, *timeline.milestones()):
        assert one.source in sources
    keys = {one.key for one in ENTRIES}
    assert {one.id for one in published} <= keys
    assert not {one.id for one in catalog.models() if one.is_example} & keys
    names = {leaderboard._key(one.model) for one in ENTRIES}
    for one in timeline.milestones():
        assert one.preset or leaderboard._key(one.model) in names or leaderboard._key(one.model) in leaderboard.SAME
    for run in catalog.runs():
        if run.kind == "training run" and run.training_flop is not None:
            assert run.source in sources
    for row in accuracy.scored():
        if row.status == accuracy.SHOWN and row.training_flop is not None:
            assert row.source in sources


@ENTRY
def test_every_entry_has_a_source_and_is_a_scenario_or_says_why_not(entry):
    assert all(entry.sources)
    place = {} if entry.own_grid else {"carbon_intensity_g_per_kwh": HERE.g_per_kwh, "pue": HERE.pue}
    run = Scenario(**{**entry.fields, **place})
    if entry.problem:
        assert entry.operational_co2e_kg is None
        assert entry.device_hours is None
        assert "missing" in entry.problem
        return
    result = estimate(run)
    assert [*result.operational_co2e_kg] == pytest.approx([*entry.operational_co2e_kg], rel=SAME)
    assert [*result.device_hours] == pytest.approx([*entry.device_hours], rel=SAME)
    assert result.training_flop.central == pytest.approx(entry.training_flop, rel=SAME)


def test_it_goes_from_the_largest_to_the_smallest_and_what_has_no_estimate_comes_last():
    with_one = [one for one in ENTRIES if one.operational_co2e_kg]
    assert ENTRIES[: len(with_one)] == tuple(with_one)
    for one, after in pairwise(with_one):
        assert one.operational_co2e_kg.central >= after.operational_co2e_kg.central


def test_the_scenarios_grid_moves_those_without_one_of_their_own_and_no_other():
    elsewhere = {one.key: one for one in leaderboard.ranked(THERE)}
    assert set(elsewhere) == {one.key for one in ENTRIES}
    factor = THERE.g_per_kwh * THERE.pue / (HERE.g_per_kwh * HERE.pue)
    assert {one.own_grid for one in ENTRIES} == {True, False}
    for one in ENTRIES:
        other = elsewhere[one.key]
        if one.own_grid:
            assert one == other
        elif one.operational_co2e_kg:
            moved = [factor * end for end in one.operational_co2e_kg]
            assert [*other.operational_co2e_kg] == pytest.approx(moved, rel=SAME)
            assert other.device_hours == one.device_hours


@pytest.mark.parametrize(
    ("key", "hours", "tonnes"),
    [("llama-3.1-405b", 30_840_000, 8930), ("bloom-176b", 1_082_990, 24.7), ("gpt-3-175b", 3_552_000, 552.1)],
)
def test_what_was_reported_stands_beside_the_estimate(key, hours, tonnes):
    entry = next(one for one in ENTRIES if one.key == key)
    assert (entry.reported_device_hours, entry.reported_co2e_t) == (hours, tonnes)


def test_a_model_of_several_tables_has_all_their_sources():
    entry = next(one for one in ENTRIES if one.key == "llama-3-70b")
    row = next(one for one in accuracy.scored() if one.id == "llama-3-70b-mmlu")
    for source in (catalog.model("llama-3-70b").source, BY_ID["llama-3-70b"].source, row.source):
        assert source in entry.sources


def test_a_reported_run_is_found_by_its_id():
    for run in catalog.runs():
        entry = leaderboard.of_run(run.id)
        assert entry.model == run.model
        assert entry.fields["device"] == run.device
        assert entry.own_grid == ("carbon_intensity_g_per_kwh" in entry.fields)
        assert entry.own_grid or "pue" not in entry.fields
    assert leaderboard.of_run("no such run") is None
