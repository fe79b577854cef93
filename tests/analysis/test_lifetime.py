"""The whole life: parts that add up at every instant, curves that cross where it is said, and PUE once."""

import dataclasses
import math

import numpy as np
import pytest
from ecologits.impacts.llm import compute_llm_impacts
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oce import Scenario, estimate, units
from oce.analysis import inference, lifetime
from oce.analysis.lifetime import DAYS_PER_YEAR, DEFAULTS, ENTRIES, PARTS, Service
from oce.errors import InputError
from oce.interval import Interval
from tests.support.rules import for_every

OFTEN = settings(max_examples=80, deadline=None)
SAME = 1e-9  # relative: the same but for rounding
ENDS = ("low", "central", "high")
RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
NOTHING = Interval(0.0, 0.0, 0.0)


def log_floats(low, high):
    return st.floats(math.log(low), math.log(high)).map(math.exp)


def intervals(low, high):
    return st.tuples(log_floats(low, high), st.floats(1, 10), st.floats(1, 10)).map(
        lambda one: Interval(one[0] / one[1], one[0], one[0] * one[2])
    )


SCENARIOS = st.builds(
    lambda fields: Scenario(**fields),
    st.fixed_dictionaries(
        {
            "parameters": log_floats(1e7, 1e12),
            "tokens": log_floats(1e8, 1e14),
            "device": st.sampled_from(["h100-sxm", "a100", "tpu-v4", "v100", "mi300x"]),
            "region": st.sampled_from(["USA", "FRA", "SWE", "WORLD", "gcp:us-central1"]),
        },
        optional={
            "pue": st.floats(1, 3),
            "carbon_intensity_g_per_kwh": st.one_of(st.just(0.0), log_floats(1, 2000)),
            "embodied": st.just("paper"),
            "overhead_fraction": st.floats(0, 2),
        },
    ),
)
SERVICES = st.builds(
    Service,
    queries_per_day=st.one_of(st.just(0.0), log_floats(1, 1e12)),
    years=st.floats(0.1, 20),
    kwh_per_query=intervals(1e-9, 1e3),
    embodied_kg_per_query=st.one_of(st.none(), intervals(1e-9, 1e2)),
)
QUERY = inference.modelled(70e9, 70e9, 400)
SERVICE = Service(1e7, 4.0, QUERY.kwh_per_query, QUERY.embodied_kg_per_query)


def estimated(scenario):
    try:
        return estimate(scenario)
    except InputError:
        assume(False)


def ends(interval):
    return np.array([getattr(interval, end) for end in ENDS])


# --- the sums ---


@OFTEN
@given(SCENARIOS, SERVICES, st.lists(st.floats(0, 7305), min_size=1, max_size=6))
def test_the_parts_add_up_to_the_total_at_every_instant(scenario, service, days):
    result = estimated(scenario)
    found = lifetime.lifetime(result, service, days)
    parts = np.array([found.part(name) for name in PARTS])
    assert found.total.shape == (3, len(days))
    assert found.total[1] == pytest.approx(parts[:, 1].sum(axis=0), rel=SAME)
    assert found.training + found.inference == pytest.approx(found.total, rel=SAME)
    assert found.training == pytest.approx(np.outer(ends(result.total_co2e_kg), np.ones(len(days))), rel=SAME)
    per_query = lifetime.co2e_kg_per_query(result, service).central
    assert found.inference[1] == pytest.approx(per_query * service.queries_per_day * np.array(days), rel=SAME)
    assert np.all(found.total[0] <= found.total[1])
    assert np.all(found.total[1] <= found.total[2])


@OFTEN
@given(SCENARIOS, SERVICES)
def test_the_table_at_the_end_is_the_last_point_of_the_curves(scenario, service):
    result = estimated(scenario)
    table, curves = lifetime.at_end(result, service), lifetime.lifetime(result, service, [0.0, service.days])
    assert set(table) == {*PARTS, "total"}
    assert sum(table[name].central for name in PARTS) == pytest.approx(table["total"].central, rel=SAME)
    assert ends(table["total"]) == pytest.approx(curves.total[:, -1], rel=SAME)


@OFTEN
@given(SCENARIOS, SERVICES, st.floats(0, 20))
def test_carbon_is_linear_in_queries_and_never_falls(scenario, service, times):
    result = estimated(scenario)
    days = np.linspace(0, service.days, 7)
    once = lifetime.lifetime(result, service, days)
    more = dataclasses.replace(service, queries_per_day=times * service.queries_per_day)
    assert lifetime.lifetime(result, more, days).inference == pytest.approx(times * once.inference, rel=SAME)
    for name in (*PARTS, "total"):
        part = once.total if name == "total" else once.part(name)
        assert np.all(np.diff(part, axis=1) >= 0)
    assert np.all(once.inference[:, 0] == 0)


@pytest.mark.parametrize("pue", [1.0, 1.1, 2.5])
def test_pue_is_in_the_operational_carbon_of_a_query_once(pue):
    result = estimate(RUN.replace(pue=pue, carbon_intensity_g_per_kwh=400))
    theirs = compute_llm_impacts(
        70, 70, 400, if_electricity_mix_adpe=0, if_electricity_mix_pe=0, if_electricity_mix_gwp=0.4,
        if_electricity_mix_wue=0, datacenter_pue=pue, datacenter_wue=0,
    )  # fmt: skip
    operational = lifetime.operational_kg_per_query(result, SERVICE.kwh_per_query)
    assert operational.central == pytest.approx(theirs.usage.gwp.value, rel=1e-12)
    assert lifetime.co2e_kg_per_query(result, SERVICE).central == pytest.approx(theirs.gwp.value, rel=1e-12)


def test_the_energy_of_training_at_the_equipment_is_without_pue():
    assert ends(lifetime.it_energy_kwh(estimate(RUN))) == pytest.approx(ends(estimate(RUN.replace(pue=1)).energy_kwh))


@OFTEN
@given(SCENARIOS, intervals(1e-9, 1e3))
def test_devices_without_a_figure_are_counted_as_in_training(scenario, kwh):
    result = estimated(scenario)
    found = lifetime.embodied_kg_per_query(result, Service(1.0, 1.0, kwh))
    per_kwh = result.embodied_co2e_kg.central / lifetime.it_energy_kwh(result).central
    assert found.central == pytest.approx(kwh.central * per_kwh, rel=SAME)
    assert found.central == 0 or found.high_over_low >= kwh.high_over_low * (1 - SAME)


# --- the day on which inference passes training ---


@OFTEN
@given(SCENARIOS, SERVICES)
def test_the_day_is_where_the_curves_cross(scenario, service):
    result = estimated(scenario)
    even = lifetime.break_even_days(result, service)
    if even is None:
        nothing = service.queries_per_day == 0 or result.total_co2e_kg.central == 0
        assert nothing or lifetime.co2e_kg_per_query(result, service).low == 0
        return
    crossing = lifetime.lifetime(result, service, even.central)
    assert crossing.inference[1, 0] == pytest.approx(crossing.training[1, 0], rel=SAME)
    before, after = lifetime.lifetime(result, service, [even.central * 0.99, even.central * 1.01]).inference[1]
    assert before < crossing.training[1, 0] < after
    assert even.low <= even.central <= even.high


@OFTEN
@given(SCENARIOS, SERVICES)
def test_the_interval_of_the_day_is_narrower_than_end_against_end(scenario, service):
    result = estimated(scenario)
    even = lifetime.break_even_days(result, service)
    assume(even is not None)
    training = result.total_co2e_kg
    a_day = ends(lifetime.co2e_kg_per_query(result, service)) * service.queries_per_day
    assert even.low >= training.low / a_day[2] * (1 - SAME)
    assert even.high <= training.high / a_day[0] * (1 + SAME)


@given(intervals(1e-6, 1e6), intervals(1e-6, 1e6))
def test_half_widths_of_independent_figures_add_up_in_quadrature(one, other):
    found = one.ratio_to(other)
    up = math.log(found.high / found.central)
    wanted = math.log(one.high / one.central) ** 2 + math.log(other.central / other.low) ** 2
    assert up**2 == pytest.approx(wanted, rel=1e-6, abs=1e-12)
    back = other.ratio_to(one)
    assert (back.low, back.high) == pytest.approx((1 / found.high, 1 / found.low))


def test_a_figure_without_an_interval_leaves_the_others():
    one = Interval(1.0, 2.0, 5.0)
    assert ends(one.ratio_to(Interval.point(2.0))) == pytest.approx([0.5, 1.0, 2.5])
    assert one.ratio_to(NOTHING) is None
    assert NOTHING.ratio_to(one) is None


def test_twice_the_queries_halve_the_days_and_leave_the_number_of_queries():
    result = estimate(RUN)
    twice = dataclasses.replace(SERVICE, queries_per_day=2 * SERVICE.queries_per_day)
    assert ends(lifetime.break_even_days(result, twice)) == pytest.approx(
        ends(lifetime.break_even_days(result, SERVICE)) / 2
    )
    assert lifetime.queries_at_parity(result, twice) == lifetime.queries_at_parity(result, SERVICE)


def test_what_is_uncertain_about_making_devices_cancels_where_both_are_counted_alike():
    result = estimate(RUN)
    kwh = Interval(1e-3, 1e-3, 1e-3)
    service = Service(1e7, 4.0, kwh)
    assert lifetime.queries_at_parity(result, service) == lifetime.energy_parity(result, service)
    assert lifetime.queries_at_parity(result, service).high_over_low == pytest.approx(result.energy_kwh.high_over_low)
    even = lifetime.queries_at_parity(result, service).central
    a_query = lifetime.co2e_kg_per_query(result, service).central
    assert even * a_query == pytest.approx(result.total_co2e_kg.central)


def test_energy_parity_is_that_of_table_5_and_does_not_know_pue():
    for one in inference.parity():
        kwh = one.kwh_per_query
        trained = one.training_kwh + one.finetuning_kwh
        for pue in (1.0, 1.5):
            result = estimate(RUN.replace(pue=pue))
            scaled = dataclasses.replace(result, energy_kwh=Interval(*(trained * pue,) * 3))
            found = lifetime.energy_parity(scaled, Service(1.0, 1.0, Interval(kwh, kwh, kwh)))
            assert found.central == pytest.approx(float(one.exactly))


@OFTEN
@given(SCENARIOS, SERVICES)
def test_the_share_is_what_inference_is_of_the_total(scenario, service):
    result = estimated(scenario)
    share, end = lifetime.inference_share(result, service), lifetime.at_end(result, service)
    assume(end["total"].central > 0)
    inferred = end["inference_operational"].central + end["inference_embodied"].central
    assert share.central == pytest.approx(inferred / end["total"].central, rel=1e-6, abs=1e-12)
    assert 0 <= share.low <= share.central <= share.high <= 1
    even = lifetime.break_even_days(result, service)
    if even is not None:
        assert (share.central > 0.5) == (even.central < service.days) or math.isclose(even.central, service.days)


# --- where something is nothing ---


def without_carbon():
    return dataclasses.replace(
        estimate(RUN.replace(carbon_intensity_g_per_kwh=0)),
        operational_co2e_kg=NOTHING,
        embodied_co2e_kg=NOTHING,
        total_co2e_kg=NOTHING,
    )


def test_without_queries_inference_never_passes():
    result, service = estimate(RUN), dataclasses.replace(SERVICE, queries_per_day=0.0)
    assert lifetime.break_even_days(result, service) is None
    assert lifetime.inference_share(result, service) == NOTHING
    assert lifetime.headline(result, service).startswith("Without queries, training is all of it: ")
    assert lifetime.catching_up(result, service).endswith("inference adds nothing.")


def test_where_nothing_is_emitted_it_is_said():
    result, service = without_carbon(), Service(1e7, 4.0, Interval(1e-3, 1e-3, 1e-3))
    assert lifetime.break_even_days(result, service) is None
    assert lifetime.inference_share(result, service) == NOTHING
    assert lifetime.headline(result, service) == "Neither training nor inference emits anything here."


def test_where_training_emits_nothing_inference_is_all_of_it():
    result = without_carbon()
    assert lifetime.break_even_days(result, SERVICE) is None
    assert lifetime.inference_share(result, SERVICE).central == 1
    assert lifetime.headline(result, SERVICE).startswith("Training emits nothing here; inference emits ")


def test_on_a_grid_without_carbon_making_the_devices_is_what_is_compared():
    result = estimate(RUN.replace(carbon_intensity_g_per_kwh=0))
    found = lifetime.at_end(result, SERVICE)
    assert found["training_operational"] == found["inference_operational"] == NOTHING
    assert lifetime.break_even_days(result, SERVICE).central > 0


# --- in words ---


def test_the_headline_says_the_day_and_the_share():
    result = estimate(RUN)
    often = dataclasses.replace(SERVICE, queries_per_day=2e8)
    even, share = lifetime.break_even_days(result, often), lifetime.inference_share(result, often)
    total = lifetime.at_end(result, often)["total"]
    said = lifetime.headline(result, often)
    assert units.shown(24 * even.central, units.DURATION) in said
    assert f"is {100 * share.central:.0f}% of {units.shown(total.central, units.MASS)} after 4 years." in said
    assert said.startswith("Inference passes training after ")


def test_the_headline_says_where_service_ends_before():
    result = estimate(RUN)
    assert "it would pass training after" in lifetime.headline(result, SERVICE)
    seldom = dataclasses.replace(SERVICE, queries_per_day=1.0)
    assert lifetime.headline(result, seldom).endswith("only after more than a thousand years.")
    assert lifetime.headline(result, seldom).startswith("After 4 years, inference is under 0.1% of ")


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0%"), (1e-9, "under 0.1%"), (0.004, "0.40%"), (0.806, "81%"), (0.9999, "over 99%"), (1.0, "100%")],
)
def test_a_part_is_never_called_the_whole_or_none(share, said):
    assert lifetime.percent(share) == said


@pytest.mark.parametrize(
    ("number", "said"), [(2.371e9, "2.37 billion"), (4e6, "4.00 million"), (1500.0, "1,500"), (2e12, "2.00 trillion")]
)
def test_a_number_of_queries_is_read_easily(number, said):
    assert lifetime.count(number) == said


@pytest.mark.parametrize(
    ("kwh", "said"),
    [
        (Interval(1e-6, 2e-6, 3e-6), "0.002 Wh (0.001–0.003)"),
        (Interval(2e-4, 2e-4, 2e-4), "0.2 Wh"),
        (Interval(0.0006, 0.0029071, 0.00624), "2.91 Wh (0.6–6.2)"),
        (1.5, "1.5 kWh"),
    ],
)
def test_energy_has_no_more_zeros_than_were_printed(kwh, said):
    assert lifetime.energy_in_words(kwh) == said


# --- what is entered ---


@pytest.mark.parametrize("name", ENTRIES)
def test_the_defaults_are_allowed(name):
    assert lifetime.read(name, units.exact(DEFAULTS[name])) == DEFAULTS[name]


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [("queries_per_day", "10M", 1e7), ("queries_per_day", "0", 0), ("years", "0.1", 0.1), ("output_tokens", "1k", 1e3)],
)
def test_numbers_are_read_as_people_write_them(name, text, number):
    assert lifetime.read(name, text) == number


@for_every("name", ENTRIES)
@for_every("text", ["", "abc", "nan", "inf", "-1", "1e13", "70,000", "<script>", "1e400", "0x10"])
def test_what_cannot_be_read_says_what_is_allowed(name, text):
    with pytest.raises(ValueError, match=r"^a number, (0, or )?[\d.e]+ … [\d.e]+"):
        lifetime.read(name, text)


def test_a_year_has_days():
    assert Service(2.0, 4.0, NOTHING).days == 4 * DAYS_PER_YEAR
    assert Service(2.0, 4.0, NOTHING).queries == 8 * DAYS_PER_YEAR
