"""Where the energy comes from: grams times kilowatt-hours, and a survey's numbers as it printed them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import Scenario, estimate
from oce.field import energy_sources
from oce.interval import BOUNDS
from tests.support.rules import for_every

RESULT = estimate(Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1))
SOURCES = energy_sources.sources()
CENTRAL = [one for one in SOURCES if one.g_per_kwh is not None]
SURVEY = energy_sources.survey()
TABLE_2 = {
    (one.group, one.quantity): one.value for one in SURVEY if one.subject == "energy source" and one.place == "Table 2"
}
SOURCE = for_every("source", SOURCES, ids=lambda one: one.id)


def with_grams(grams):
    return CENTRAL[0].replace(g_per_kwh=grams)


# --- what the scenario would emit ---


@for_every("source", CENTRAL, ids=lambda one: one.id)
def test_what_is_emitted_is_the_energy_times_the_grams(source):
    for end in BOUNDS:
        kg = getattr(RESULT.energy_kwh, end) * source.g_per_kwh / 1000
        assert getattr(energy_sources.emitted(RESULT, source), end) == pytest.approx(kg, rel=1e-14)


@given(st.floats(0, 1000), st.floats(0, 2))
def test_what_is_emitted_is_in_proportion_to_the_grams(grams, factor):
    once, times = (energy_sources.emitted(RESULT, with_grams(one)) for one in (grams, factor * grams))
    for end in BOUNDS:
        assert getattr(times, end) == pytest.approx(factor * getattr(once, end), rel=1e-12, abs=1e-300)


def test_a_source_like_the_scenarios_grid_emits_what_the_scenario_does():
    grid = RESULT.inputs.carbon_intensity_g_per_kwh
    emitted = energy_sources.emitted(RESULT, with_grams(grid))
    assert emitted.central == pytest.approx(RESULT.operational_co2e_kg.central, rel=1e-12)
    assert emitted.high_over_low == pytest.approx(
        RESULT.energy_kwh.high_over_low
    )  # a grid that is chosen is not unsure


def test_where_only_a_range_is_given_nothing_is_made_of_it():
    ranged = [one for one in SOURCES if one.g_per_kwh is None]
    assert ranged
    for one in ranged:
        with pytest.raises(ValueError, match="only a range is given"):
            energy_sources.emitted(RESULT, one)


# --- the sources ---


@SOURCE
def test_every_source_has_a_figure_or_a_range_and_says_where_it_is_from(source):
    assert source.source
    assert source.licence
    assert source.g_per_kwh is not None or (source.low is not None and source.high is not None)
    if source.low is not None and source.high is not None:
        assert 0 <= source.low <= (source.low if source.g_per_kwh is None else source.g_per_kwh) <= source.high


@SOURCE
def test_what_is_low_carbon_emits_at_most_150_g_and_what_is_not_emits_more(source):
    figure = source.g_per_kwh
    if source.low_carbon:
        assert (source.high if figure is None else figure) <= 150
    else:
        assert (source.low if figure is None else figure) > 150


def test_the_ipccs_medians():
    medians = {one.name: one.g_per_kwh for one in SOURCES if one.set == "ipcc-2014"}
    assert len(medians) == sum(one.set == "ipcc-2014" for one in SOURCES)
    assert medians["Coal"] == 820
    assert medians["Natural gas, combined cycle"] == 490
    assert medians["Biomass, dedicated"] == 230
    assert {medians[name] for name in medians if name.startswith("Wind")} == {11, 12}
    assert medians["Nuclear"] == 12
    assert medians["Hydropower"] == 24
    assert {one.basis for one in SOURCES if one.set == "ipcc-2014"} == {"lifecycle"}


# --- the survey ---


def test_the_models_of_table_2_are_the_95_of_the_survey():
    counts = {group: value for (group, quantity), value in TABLE_2.items() if quantity == "models"}
    assert counts == {"Hydroelectricity": 19, "Natural gas": 23, "Coal": 38, "Nuclear": 3, "Oil": 12}
    assert sum(counts.values()) == 95
    assert {group for group, quantity in TABLE_2 if quantity == "mean carbon intensity"} == set(counts)


def test_every_number_of_the_survey_is_quoted_with_its_place():
    for one in SURVEY:
        assert one.place
        assert one.quote
        assert one.source
        assert one.value is not None or one.low is not None or one.high is not None
        for number in (one.value, one.low, one.high):
            if number is not None and number % 1 == 0 and number < 1000 and one.place == "Table 2":
                assert f"{number:g}" in one.quote


def test_what_table_2_calls_low_carbon_is_hydro_and_nuclear():
    low = {one.group for one in SURVEY if one.place == "Table 2" and one.low_carbon == "yes"}
    assert low == {"Hydroelectricity", "Nuclear"}
    least_of_others = min(TABLE_2[group, "mean carbon intensity"] for group, _ in TABLE_2 if group not in low)
    assert max(TABLE_2[group, "mean carbon intensity"] for group in low) <= 150 < least_of_others
