"""The chance of keeping to a limit is that of the interval itself; what limits say of several options."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import Interval, Scenario, estimate, units
from oce.analysis import option_names
from oce.analysis.verdict import chance_within, in_words, verdict

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
WIDTHS = st.floats(0.01, 5.0)
INTERVALS = st.builds(Interval.from_log_widths, st.floats(1e-3, 1e9), WIDTHS, WIDTHS)
LEVELS = st.sampled_from([0.5, 0.8, 0.95])


@given(INTERVALS, st.floats(1e-6, 1e12), st.floats(1.0, 10.0), LEVELS)
def test_a_larger_limit_is_never_kept_less_often(interval, limit, factor, level):
    assert 0.0 <= chance_within(interval, limit, level) <= chance_within(interval, limit * factor, level) <= 1.0


@given(INTERVALS, LEVELS)
def test_the_ends_and_the_centre_have_the_chance_that_the_level_says(interval, level):
    assert chance_within(interval, interval.central, level) == pytest.approx(0.5)
    assert chance_within(interval, interval.high, level) == pytest.approx(0.5 + level / 2)
    assert chance_within(interval, interval.low, level) == pytest.approx(0.5 - level / 2)
    assert chance_within(interval, interval.high) == pytest.approx(0.9)  # of 80 % where nothing is said


def test_what_is_exact_keeps_to_a_limit_or_does_not():
    assert [chance_within(Interval.point(5.0), limit) for limit in (4.9, 5.0, 5.1)] == [0.0, 1.0, 1.0]
    assert chance_within(Interval(1.0, 2.0, 3.0), 0.0) == 0.0
    assert chance_within(Interval.point(0.0), 1.0) == 1.0
    assert chance_within(Interval(2.0, 2.0, 3.0), 1.9) == 0.0  # nothing is below
    assert chance_within(Interval(0.0, 2.0, 3.0), 1.0) == pytest.approx(0.5)  # nothing is said of how far below


def test_a_limit_that_some_options_keep_and_others_do_not_tells_them_apart():
    fast, slow = (estimate(RUN.replace(device_count=count)) for count in (32768, 8192))
    hours = (fast.time_to_train_hours.high + slow.time_to_train_hours.high) / 2
    found = verdict([("many", fast), ("few", slow)], deadline_hours=hours, budget_kg=1e9)
    time, carbon = found.limits
    assert (time.kept, time.tells_apart) == ((True, False), True)
    assert (carbon.kept, carbon.tells_apart) == ((True, True), False)
    assert found.keeping == ("many",)
    slow_days = f"{units.significant(slow.time_to_train_hours.high / 24)} days"
    assert found.sentence().startswith(
        f"Both stay within 1 Mt CO2e even at the high end; only many finishes within {hours / 24:.3g} days even if slow"
    )
    assert found.sentence().endswith(f"; few {slow_days}). Carbon does not tell them apart.")


PLANNER = {  # the three offers: each has the same run to do
    "512 H100 SXM in N. Virginia (AWS)": {"device": "H100", "device_count": 512, "region": "aws:us-east-1"},
    "1,024 A100 SXM4 80GB in Ireland": {"device": "A100-80GB", "device_count": 1024, "region": "Ireland"},
    "512 TPU v4 in Oklahoma (Google)": {"device": "TPU v4", "device_count": 512, "region": "gcp:us-central2"},
}


def offers(tokens):
    runs = [Scenario(parameters=13e9, tokens=tokens, **offer) for offer in PLANNER.values()]
    results = [estimate(run) for run in runs]
    return list(zip(option_names.names(results), results, strict=True))


def test_the_planner_reads_which_of_three_offers_to_take():
    options = offers(1.9e12)
    assert [name for name, _ in options] == list(PLANNER)
    h100, a100, tpu = (result.time_to_train_hours.high / 24 for _, result in options)
    assert h100 < a100 < 45 < tpu
    found = verdict(options, deadline_hours=45 * 24, budget_kg=200_000)
    assert found.sentence() == (
        "All three stay within 200 t CO2e even at the high end; only 512 H100 SXM in N. Virginia (AWS) and 1,024 A100 "
        f"SXM4 80GB in Ireland finish within 45 days even if slow (H100 SXM {h100:.1f} days, A100 SXM4 80GB {a100:.1f} "
        f"days; TPU v4 {tpu:.1f} days). Carbon does not tell them apart."
    )
    between = (h100 + a100) / 2 * 24
    assert f"only {options[0][0]} finishes within" in verdict(options, between, 200_000).sentence()


def test_where_no_offer_is_sure_the_likeliest_is_named_with_its_chance():
    options = offers(1.9e12)
    days = options[0][1].time_to_train_hours.central / 24
    assert verdict(options, days * 24).sentence() == (
        f"None is sure to finish within {days:.3g} days (best chance 50%: {options[0][0]})."
    )
    assert "None is likely to stay within 1 t CO2e (best chance under 1%" in verdict(options, budget_kg=1e3).sentence()
    three = verdict(options, 45 * 24, 200_000, 1e3).sentence()
    assert three.endswith("Carbon does not tell them apart.")  # of what none is sure of, nothing is said
    assert "none has a price" in verdict(options, cost=1e6).sentence()


def test_two_limits_that_each_tell_options_apart_say_who_keeps_to_both():
    both = [("here", estimate(RUN)), ("there", estimate(RUN.replace(region="Sweden", device_count=8192)))]
    (_, here), (_, there) = both
    hours = (here.time_to_train_hours.high + there.time_to_train_hours.high) / 2
    carbon = (here.total_co2e_kg.high + there.total_co2e_kg.high) / 2
    assert verdict(both, hours, carbon).sentence().endswith("None is sure to keep to both.")
    best = [*both, ("best", estimate(RUN.replace(region="Sweden")))]
    assert verdict(best, hours, carbon).sentence().endswith("best keeps to both.")


def test_the_chances_are_those_of_each_estimate_at_its_own_level():
    options = [(str(level), estimate(RUN.replace(level=level))) for level in (0.5, 0.95)]
    found = verdict(options, deadline_hours=500.0)
    for (_, result), chance in zip(options, found.limits[0].chances, strict=True):
        assert chance == chance_within(result.time_to_train_hours, 500.0, result.level)
    assert found.limits[0].chances[0] == pytest.approx(found.limits[0].chances[1], abs=0.1)  # one distribution


def test_a_range_of_ones_own_has_no_chance_and_a_run_without_a_price_no_cost():
    own = estimate(RUN.replace(log10_alpha_low=20, log10_alpha_high=21))
    found = verdict([("own", own)], deadline_hours=1e6, cost=1e6)
    assert [one.chances for one in found.limits] == [(None,), (None,)]
    assert [one.kept for one in found.limits] == [(True,), (False,)]
    assert "no price" in found.sentence()
    assert in_words(None) == "not known"


def test_one_option_is_not_told_apart_from_others():
    result = estimate(RUN)
    missed = verdict([("This", result)], deadline_hours=result.time_to_train_hours.central, budget_kg=1e9)
    high = result.time_to_train_hours.high / 24
    assert (
        f"This is not sure to finish within {result.time_to_train_hours.central / 24:.3g} days (up to {high:.3g}"
        in (missed.sentence())
    )
    assert "apart" not in missed.sentence()
    assert verdict([("This", result)]).sentence() == ""


@given(st.floats(0, 1))
def test_a_chance_in_words_is_never_quite_none_or_all_of_it(chance):
    said = in_words(chance)
    share = float(said.split()[-1].removesuffix("%")) / 100
    assert 0.0 < share < 1.0
    assert said[0].isdigit() is (0.01 <= chance <= 0.99)
    assert abs(share - chance) < 0.0101
