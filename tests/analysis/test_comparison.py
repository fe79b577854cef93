"""Two estimates side by side: the parts sum to the difference, and the ratio's interval leaves out what both share."""

import math
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oce import Scenario, catalog, estimate
from oce.analysis import device_counts
from oce.analysis.comparison import (
    FACTORS,
    compare,
    half_width_of_ratio,
    in_words,
    log_sd_of,
    logarithmic_mean,
    ratio,
    sentence,
    why,
)
from oce.importers import prior_runs
from oce.interval import Interval, normal_quantile
from oce.method import embodied, run_prediction
from oce.method.calibration_file import committed
from oce.method.hardware_features import hardware
from oce.method.runs import Cases, Runs
from tests.support.rules import for_every

ALWAYS = settings(max_examples=100, deadline=None)
EXACT = 1e-9  # of the larger total: the same but for rounding
RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
PAST = prior_runs.read(
    b"device,device_hours,parameters,tokens,year\n"
    b"A100-80GB,120000,7e9,1e12,2024\nA100-80GB,230000,13e9,1e12,2024\nH100,610000,70e9,1e12,2025\n"
).for_calibration()


def parts(baseline: Scenario, other: Scenario) -> dict[str, float]:
    return {part.factor: part.change_kg for part in why(estimate(baseline), estimate(other))}


def totals(baseline: Scenario, other: Scenario) -> tuple[float, float]:
    return estimate(baseline).total_co2e_kg.central, estimate(other).total_co2e_kg.central


def width(times: Interval) -> float:
    """How wide, in ln."""
    return math.log(times.high / times.low)


# --- any pair of scenarios ---


def log_floats(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(math.log(low), math.log(high)).map(math.exp)


POWERED = sorted(one.id for one in catalog.devices() if one.tdp_w)
PUBLISHED = sorted(one.id for one in catalog.devices() if one.has_alpha)
KNOWN_EMBODIED = {  # by what is counted, the devices for which it is known
    "paper": sorted(one.id for one in catalog.devices() if one.tdp_w and one.beta_g_per_device_hour),
    "full": sorted(one.id for one in catalog.devices() if one.tdp_w and embodied.manufacturing(one.id)),
}
UNKNOWN_EMBODIED = {mode: sorted(set(POWERED) - set(known)) for mode, known in KNOWN_EMBODIED.items()}
FIELDS = st.fixed_dictionaries(
    {
        "parameters": log_floats(1e6, 1e13),
        "tokens": log_floats(1e6, 1e15),
        "region": st.sampled_from(["USA", "FRA", "CHN", "SWE", "paper-uk", "US-CA", "aws:us-east-1"]),
    },
    optional={
        "device_count": st.integers(1, 5_000_000),
        "carbon_intensity_g_per_kwh": st.one_of(st.just(0.0), log_floats(1e-3, 2000)),
        "pue": st.floats(1, 3),
        "overhead_fraction": st.floats(0, 10),
        "embodied": st.sampled_from(["full", "paper"]),
    },
)
POWERS = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"power_w": log_floats(1e-2, 5000)}),
    st.fixed_dictionaries({"power_fraction": st.floats(0.1, 2)}),
)
YEARS = {"year": st.integers(2012, 2030)}
LEVELS = st.sampled_from((0.5, 0.8, 0.95))
CALIBRATED_RATES = st.fixed_dictionaries({"device": st.sampled_from(POWERED)}, optional={**YEARS, "level": LEVELS})
PUBLISHED_RATES = st.fixed_dictionaries({"device": st.sampled_from(PUBLISHED), "throughput": st.just("published")})
OWN_RATES = st.one_of(
    st.fixed_dictionaries({"device": st.sampled_from(POWERED), "utilisation": st.floats(0.01, 1)}),
    st.fixed_dictionaries(
        {
            "device": st.sampled_from(POWERED),
            "log10_alpha_low": st.floats(-12, 60),
            "log10_alpha_high": st.floats(60, 1500),
        }
    ),
)


def scenarios(rates: st.SearchStrategy[dict]) -> st.SearchStrategy[Scenario]:
    return st.builds(lambda fields, rate, power: possible(Scenario(**fields, **rate, **power)), FIELDS, rates, POWERS)


def possible(scenario: Scenario, count: int | None = None) -> Scenario:
    """The scenario with the number of devices nearest to the asked, or its own, that memory and batch allow."""
    asked = scenario.device_count if count is None else count
    if asked is None:
        return scenario
    fewest, most = device_counts.possible_counts(scenario)
    return scenario.replace(device_count=min(max(asked, fewest), most))


CALIBRATED, PUBLISHED_RUNS = scenarios(CALIBRATED_RATES), scenarios(PUBLISHED_RATES)
ANY = scenarios(st.one_of(CALIBRATED_RATES, PUBLISHED_RATES, OWN_RATES))
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "region": st.sampled_from(["FRA", "CHN", "WORLD"]),
        "pue": st.floats(1, 3),
        "overhead_fraction": st.floats(0, 10),
        "tokens": log_floats(1e6, 1e15),
        "carbon_intensity_g_per_kwh": st.just(0.0),
    },
)
SAME_DEVICE = st.builds(lambda one, changes: (one, possible(one.replace(**changes))), ANY, CHANGES)
PAIRS = st.one_of(  # both calibrated, both published, mixed, and differing in a few fields only
    st.tuples(CALIBRATED, CALIBRATED),
    st.tuples(PUBLISHED_RUNS, PUBLISHED_RUNS),
    st.tuples(ANY, ANY),
    SAME_DEVICE,
)


# --- why they differ ---


@ALWAYS
@given(PAIRS)
def test_the_parts_sum_to_the_difference_of_the_totals(pair):
    before, after = totals(*pair)
    found = parts(*pair)
    assert tuple(found) == tuple(FACTORS)
    assert math.fsum(found.values()) == pytest.approx(after - before, rel=0, abs=EXACT * max(before, after))


@ALWAYS
@given(PAIRS)
def test_on_the_way_back_every_part_has_the_other_sign(pair):
    there, back = parts(*pair), parts(*reversed(pair))
    for name in FACTORS:
        assert there[name] == pytest.approx(-back[name], rel=0, abs=EXACT * max(totals(*pair)))


@ALWAYS
@given(ANY)
def test_nothing_differs_between_a_scenario_and_itself(scenario):
    assert set(parts(scenario, scenario).values()) == {0.0}


def divisia(baseline: Scenario, other: Scenario) -> dict[str, mpmath.mpf]:
    """The formula of Ang (2004) as printed, with a number next to nothing in place of every zero (Ang and Liu 2007)."""
    nothing = mpmath.mpf(10) ** -(10**14)
    changes = dict.fromkeys(FACTORS, mpmath.mpf(0))
    a, b = (
        {
            "compute": mpmath.mpf(one.training_flop),
            "throughput": mpmath.mpf(one.device_seconds_central) / mpmath.mpf(one.training_flop),
            "power": mpmath.mpf(one.power_w),
            "pue": mpmath.mpf(one.pue),
            "intensity": mpmath.mpf(one.carbon_intensity_g_per_kwh) or nothing,
            "overhead": 1 + mpmath.mpf(one.overhead_fraction),
            "embodied": mpmath.mpf(one.beta_g_per_device_hour) or nothing,
        }
        for one in (estimate(baseline).inputs, estimate(other).inputs)
    )
    shared = ("compute", "throughput", "overhead")
    for names, scale in ((("power", "pue", "intensity"), 3.6e9), (("embodied",), 3.6e6)):
        x, y = (mpmath.fprod(one[name] for name in (*shared, *names)) / mpmath.mpf(scale) for one in (a, b))
        weight = x if x == y else (y - x) / mpmath.log(y / x)
        for name in (*shared, *names):
            changes[name] += weight * mpmath.log(b[name] / a[name])
    return changes


@ALWAYS
@given(PAIRS)
def test_every_part_is_the_logarithmic_mean_times_the_logarithmic_change_of_its_factor(pair):
    found = parts(*pair)
    with mpmath.workdps(60):
        expected = divisia(*pair)
    for name in FACTORS:
        assert found[name] == pytest.approx(float(expected[name]), rel=0, abs=EXACT * max(totals(*pair)))


OWN_UTILISATION = RUN.replace(device_count=None, utilisation=0.4, power_w=500, overhead_fraction=0.1)
OWN_ALPHA = RUN.replace(log10_alpha_low=20, log10_alpha_high=200, power_w=500)
ONE_FACTOR = {  # what is changed, and how much
    "compute": (OWN_UTILISATION, "tokens", log_floats(1e6, 1e15)),
    "compute by parameters": (OWN_UTILISATION, "parameters", log_floats(1e6, 1e13)),
    "throughput": (OWN_UTILISATION, "utilisation", st.floats(0.01, 1)),
    "throughput by year": (RUN, "year", st.sampled_from([2018, 2022])),
    "power": (OWN_UTILISATION, "power_w", st.floats(1, 5000)),
    "power by share": (RUN, "power_fraction", st.floats(0.1, 2)),
    "pue": (RUN, "pue", st.floats(1, 3)),
    "intensity": (RUN, "carbon_intensity_g_per_kwh", st.floats(1, 2000)),
    "intensity by region": (RUN, "region", st.sampled_from(["FRA", "CHN", "aws:us-east-1"])),
    "intensity to nothing": (RUN, "carbon_intensity_g_per_kwh", st.just(0.0)),
    "overhead": (RUN, "overhead_fraction", st.floats(0, 10)),
    "embodied": (OWN_ALPHA, "device", st.sampled_from(["A100", "TPU v3", "B200"])),
}


@pytest.mark.parametrize("what", ONE_FACTOR)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_change_of_one_factor_only_is_attributed_to_it_alone(what, data):
    baseline, field, values = ONE_FACTOR[what]
    other = baseline.replace(**{field: data.draw(values)})
    before, after = totals(baseline, other)
    found = parts(baseline, other)
    rounding = 1e-13 * max(before, after)
    assert found.pop(what.split()[0]) == pytest.approx(after - before, rel=0, abs=10 * rounding)
    assert max(map(abs, found.values())) <= rounding


@ALWAYS
@given(ANY, st.sampled_from([0.5, 0.95]))
def test_the_level_does_not_change_the_carbon(scenario, level):
    assert set(parts(scenario, scenario.replace(level=level)).values()) == {0.0}


@ALWAYS
@given(ANY, st.tuples(st.integers(1, 1_000_000), st.integers(1, 1_000_000)).map(sorted))
def test_without_a_batch_given_more_devices_never_lower_the_carbon_and_only_by_their_speed(scenario, counts):
    fewer, more = (possible(scenario, count) for count in counts)
    before, after = totals(fewer, more)
    assert after >= before * (1 - EXACT)
    found = parts(fewer, more)
    assert found.pop("throughput") == pytest.approx(after - before, rel=0, abs=EXACT * after)
    assert max(map(abs, found.values())) <= EXACT * after
    if estimate(scenario).scenario.method != "calibrated":  # its speed is that of the whole run, on any number
        assert before == after


def test_twice_the_pue_at_half_the_intensity_are_two_equal_parts_that_cancel():
    here = RUN.replace(pue=1, carbon_intensity_g_per_kwh=400)
    found = parts(here, here.replace(pue=2, carbon_intensity_g_per_kwh=200))
    operational = estimate(here).operational_co2e_kg.central
    assert found["pue"] == pytest.approx(operational * math.log(2), rel=1e-12)
    assert found["intensity"] == pytest.approx(-operational * math.log(2), rel=1e-12)


@pytest.mark.parametrize("name", FACTORS)
def test_every_part_has_a_name_for_people(name):
    (part,) = (part for part in why(estimate(RUN), estimate(RUN)) if part.factor == name)
    assert part.label == FACTORS[name]


# --- zeros ---


@ALWAYS
@given(ANY, ANY.filter(lambda one: one.carbon_intensity_g_per_kwh != 0))
def test_on_the_way_to_electricity_without_carbon_all_operational_carbon_goes_by_its_intensity(one, other):
    clean = one.replace(carbon_intensity_g_per_kwh=0)
    operational = estimate(other).operational_co2e_kg.central
    for pair, gone in (((other, clean), -operational), ((clean, other), operational)):
        found = parts(*pair)
        assert found["intensity"] == gone
        assert found["power"] == found["pue"] == 0.0


@ALWAYS
@given(ANY, ANY, st.data())
def test_where_embodied_carbon_is_unknown_on_one_side_all_of_it_is_its_own_part(one, other, data):
    mode = "paper"  # in full, no device is without any
    own = {"embodied": mode, "throughput": None, "log10_alpha_low": 20, "log10_alpha_high": 200, "utilisation": None}
    one = one.replace(**own, device=data.draw(st.sampled_from(UNKNOWN_EMBODIED[mode])))
    other = other.replace(**own, device=data.draw(st.sampled_from(KNOWN_EMBODIED[mode])))
    made = estimate(other).embodied_co2e_kg.central
    assert made > 0
    assert parts(one, other)["embodied"] == made
    assert parts(other, one)["embodied"] == -made


UNKNOWN = [(mode, device) for mode, devices in UNKNOWN_EMBODIED.items() for device in devices]


@for_every(("mode", "device"), UNKNOWN)
def test_where_embodied_carbon_is_unknown_on_both_sides_it_has_no_part(mode, device):
    here = RUN.replace(device="Trainium2", embodied=mode)
    found = parts(here, here.replace(device=device, region="FRA"))
    assert found["embodied"] == 0.0
    assert found["intensity"] < 0.0


NOTHING = [{"device": "B200", "embodied": "paper"}]  # nothing counted for its making


@pytest.mark.parametrize("made", NOTHING, ids=str)
def test_two_runs_that_emit_nothing_do_not_differ(made):
    nothing = RUN.replace(**made, carbon_intensity_g_per_kwh=0)
    assert set(parts(nothing, nothing.replace(tokens=1e12, pue=1.5)).values()) == {0.0}


@pytest.mark.parametrize(
    "change", [{"carbon_intensity_g_per_kwh": 1e-310}, {"carbon_intensity_g_per_kwh": 5e-324}, {"power_w": 1e-310}]
)
def test_next_to_nothing_is_as_exact_as_nothing(change):
    other = RUN.replace(**change)
    before, after = totals(RUN, other)
    for pair, apart in (((RUN, other), after - before), ((other, RUN), before - after)):
        assert math.fsum(parts(*pair).values()) == pytest.approx(apart, rel=1e-9)


# --- the logarithmic mean ---

CARBON = log_floats(1e-12, 1e24)


@ALWAYS
@given(CARBON, CARBON)
def test_the_logarithmic_mean_is_symmetric_and_between_its_arguments(x, y):
    mean = logarithmic_mean(x, y)
    assert mean == pytest.approx(logarithmic_mean(y, x), rel=1e-12)
    assert min(x, y) * (1 - 1e-12) <= mean <= max(x, y) * (1 + 1e-12)
    assert mean <= (x + y) / 2 * (1 + 1e-12)
    assert mean >= math.sqrt(x * y) * (1 - 1e-12)


@ALWAYS
@given(CARBON)
def test_the_logarithmic_mean_of_equals_is_what_they_are_and_with_nothing_it_is_nothing(x):
    assert logarithmic_mean(x, x) == x
    assert logarithmic_mean(x, 0.0) == logarithmic_mean(0.0, x) == logarithmic_mean(0.0, 0.0) == 0.0


@ALWAYS
@given(CARBON, st.one_of(st.floats(-1e-6, 1e-6), st.floats(-20, 20).map(math.exp), st.just(2.0**-52)))
def test_the_logarithmic_mean_loses_no_digits_however_near_its_arguments_are(x, apart):
    y = x * (1.0 + apart)
    with mpmath.workdps(60):
        a, b = mpmath.mpf(x), mpmath.mpf(y)
        expected = float(a if a == b else (a - b) / mpmath.log(a / b))
    assert logarithmic_mean(x, y) == pytest.approx(expected, rel=1e-14)


# --- how many times ---


@ALWAYS
@given(PAIRS)
def test_the_central_ratio_is_that_of_the_central_totals_within_its_interval(pair):
    before, after = map(estimate, pair)
    assume(before.total_co2e_kg.central > 0)
    times = ratio(before, after).times
    assert times.central == after.total_co2e_kg.central / before.total_co2e_kg.central
    assert 0 <= times.low <= times.central <= times.high < math.inf


@ALWAYS
@given(PAIRS)
def test_the_other_way_round_the_ratio_is_the_inverse(pair):
    before, after = map(estimate, pair)
    assume(min(before.total_co2e_kg.central, after.total_co2e_kg.central) > 0)
    there, back = ratio(before, after), ratio(after, before)
    assert there.shared == back.shared
    assert (1 / back.times.high, 1 / back.times.central, 1 / back.times.low) == pytest.approx(
        (there.times.low, there.times.central, there.times.high), rel=1e-12
    )


# nothing but the hours is unsure: β has no range of its own, and the rest is said
GIVEN = {"embodied": "paper", "carbon_intensity_g_per_kwh": 400, "power_fraction": 1.0}
ELSEWHERE = {"carbon_intensity_g_per_kwh": 50, "pue": 1.4, "overhead_fraction": 0.2, "power_fraction": 0.8}


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"year": 2022, "level": 0.95},
        {"throughput": "published"},
        {"utilisation": 0.4},
        {"tokens_per_second_per_device": 400},
        {"log10_alpha_low": 20, "log10_alpha_high": 200},
        {"device": "MI300X"},
        {"precision": "fp8"},
        {"active_parameters": 7e9},
    ],
    ids=str,
)
def test_the_same_model_on_the_same_device_and_stack_elsewhere_shares_all_that_is_uncertain(how):
    here = RUN.replace(**how, **GIVEN)
    before, after = estimate(here), estimate(here.replace(**ELSEWHERE))
    found = ratio(before, after)
    assert found.times.low == found.times.central == found.times.high != 1.0
    assert found.shared == ("the throughput: same model, device and stack",)
    assert before.total_co2e_kg.high_over_low > 1.05  # there is something that cancels


def pull_of_making(one) -> float:
    """How far one standard deviation of what is not known of the making moves ln(total)."""
    return log_sd_of(one)["making"] * one.embodied_co2e_kg.central / one.total_co2e_kg.central


@pytest.mark.parametrize("device", ["H100", "A100", "TPU v4"])
def test_what_is_not_known_of_the_making_cancels_but_for_the_difference_of_its_shares(device):
    here = RUN.replace(device=device, **GIVEN).replace(embodied=None)
    before, after = estimate(here), estimate(here.replace(**ELSEWHERE))
    assert pull_of_making(after) > 1.5 * pull_of_making(before)  # the cleaner the grid, the larger
    expected = normal_quantile(0.8) * (pull_of_making(after) - pull_of_making(before))
    assert width(ratio(before, after).times) == pytest.approx(2 * expected, rel=1e-9)


def test_where_the_making_is_the_same_share_it_cancels_altogether():
    times = ratio(estimate(RUN), estimate(RUN.replace(overhead_fraction=0.5))).times
    assert (times.low, times.high) == pytest.approx((1.5, 1.5), rel=1e-12)


@pytest.mark.parametrize(("one", "other"), [("paper", "full"), ("full", "paper")])
def test_between_the_papers_making_and_the_whole_only_the_whole_is_uncertain(one, other):
    before, after = (estimate(RUN.replace(**GIVEN).replace(embodied=mode)) for mode in (one, other))
    expected = normal_quantile(0.8) * max(map(pull_of_making, (before, after)))
    assert width(ratio(before, after).times) == pytest.approx(2 * expected, rel=1e-9)


@pytest.mark.parametrize(
    "said",
    [
        {"throughput": "calibrated"},
        {"precision": "bf16"},
        {"active_parameters": 70e9},
        {"training_flop": 6.3e24},
        {"device": "h100-sxm"},
    ],
    ids=str,
)
def test_saying_what_would_be_assumed_anyway_makes_no_other_stack(said):
    bare = RUN.replace(**GIVEN)
    times = ratio(estimate(bare), estimate(bare.replace(**ELSEWHERE, **said))).times
    assert times.low == times.high


@pytest.mark.parametrize("said", [{"embodied": "full"}, {"device_life_years": 4}, {"use_fraction": 0.85}], ids=str)
def test_saying_how_the_making_would_be_counted_anyway_changes_nothing(said):
    assert ratio(estimate(RUN), estimate(RUN.replace(**said))).times == Interval(1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    "change", [{"tokens": 14e12}, {"parameters": 60e9}, {"device": "H100 PCIe"}, {"precision": "fp8"}, {"year": 2022}]
)
def test_another_model_device_or_stack_has_an_interval(change):
    assert width(ratio(estimate(RUN), estimate(RUN.replace(**change))).times) > 0.01


MODERATE = st.fixed_dictionaries(  # within what the runs cover: no end of an interval is held at the peak
    {
        "parameters": log_floats(1e8, 1e11),
        "tokens": log_floats(1e11, 1e13),
        "device": st.sampled_from(["A100", "A100-80GB", "H100", "TPU v3", "TPU v4", "V100"]),
    }
)


@ALWAYS
@given(MODERATE, MODERATE, st.sampled_from([None, 2024]), st.sampled_from([0.5, 0.8]))
def test_the_interval_of_the_ratio_is_narrower_than_ends_divided_by_ends(one, other, year, level):
    before, after = (estimate(Scenario(**fields, region="USA", year=year, level=level)) for fields in (one, other))
    assume(max(before.utilisation.high, after.utilisation.high) < 1)  # no end is held at the peak
    low = after.total_co2e_kg.low / before.total_co2e_kg.high
    high = after.total_co2e_kg.high / before.total_co2e_kg.low
    times = ratio(before, after).times
    assert low < times.low <= times.high < high
    assert width(times) < 0.95 * math.log(high / low)


@ALWAYS
@given(st.one_of(st.tuples(PUBLISHED_RUNS, PUBLISHED_RUNS), st.tuples(CALIBRATED, PUBLISHED_RUNS)))
def test_with_any_method_the_interval_is_no_wider_than_ends_divided_by_ends(pair):
    before, after = map(estimate, pair)
    assume(min(before.total_co2e_kg.low, after.total_co2e_kg.low) > 0)
    widest = math.log(after.total_co2e_kg.high_over_low) + math.log(before.total_co2e_kg.high_over_low)
    assert width(ratio(before, after).times) <= widest + 1e-12


def test_slow_published_throughputs_are_compared_with_slow_ones():
    before, after = (estimate(RUN.replace(device=name, throughput="published")) for name in ("H100", "A100"))
    ends = sorted(
        getattr(after.total_co2e_kg, end) / getattr(before.total_co2e_kg, end) for end in ("low", "central", "high")
    )
    found = ratio(before, after)
    assert [found.times.low, found.times.high] == [ends[0], ends[-1]]
    assert found.shared == ("the position in the interval: fast with fast, slow with slow",)


def test_between_two_methods_nothing_of_the_hours_is_shared():
    before = estimate(RUN.replace(**GIVEN))
    after = estimate(RUN.replace(**GIVEN, throughput="published"))
    found = ratio(before, after)
    assert found.shared == ()
    assert width(found.times) == pytest.approx(
        math.hypot(math.log(before.device_hours.high_over_low), math.log(after.device_hours.high_over_low)), rel=1e-12
    )


def test_against_a_device_that_is_only_placed_or_bracketed_the_interval_is_wider_and_says_so():
    before = estimate(RUN)
    measured, *weak = (
        ratio(before, estimate(RUN.replace(device=name, power_w=700)))
        for name in ("A100-80GB", "TPU v4", "MI300X", "Trainium2")
    )
    assert measured.basis is not None
    assert measured.basis.kind == "measured"
    for one in weak:
        assert one.basis is not None
        assert one.basis.is_weak
        assert width(one.times) > 1.05 * width(measured.times)


def test_an_h100_takes_less_than_half_the_hours_of_an_a100_and_emits_less_for_the_same_run():
    both = [estimate(RUN.replace(device=name)) for name in ("H100", "A100-80GB")]
    hours = ratio(*both, "device_hours").times
    assert 2.1 < hours.central < 2.4
    assert hours.low > 1.8
    assert 1.2 < ratio(*both).times.central < 1.5


def test_fp8_on_the_same_device_rests_on_measurements_of_both_precisions():
    found = ratio(estimate(RUN), estimate(RUN.replace(precision="fp8")))
    assert found.basis is not None
    assert found.basis.kind == "measured"
    assert found.times.high < 1


def test_a_hair_more_tokens_change_the_interval_by_a_hair():
    before = estimate(RUN.replace(embodied="paper"))
    same, near, nearer = (
        width(ratio(before, estimate(RUN.replace(embodied="paper", tokens=15e12 * more))).times)
        for more in (1.0, 1.01, 1.001)
    )
    assert same == 0.0
    assert 0 < nearer < near < 0.02
    swapped, after = (
        width(ratio(before, estimate(RUN.replace(device="A100-80GB", tokens=15e12 * more))).times)
        for more in (1.0, 1.001)
    )
    assert after == pytest.approx(swapped, rel=0.01)


def test_a_higher_level_is_a_wider_interval_of_the_same_ratio():
    found = [
        ratio(*(estimate(RUN.replace(device=name, level=level)) for name in ("H100", "A100"))).times
        for level in (0.2, 0.5, 0.8, 0.95)
    ]
    assert len({times.central for times in found}) == 1
    for narrow, wide in pairwise(map(width, found)):
        assert narrow < wide


def test_the_interval_is_of_the_devices_and_of_the_runs_each_by_what_its_errors_were():
    here = RUN.replace(year=2024, device_count=None)  # many devices have an error of their own
    there = here.replace(device="A100-80GB", tokens=1e12)
    machines = tuple(hardware(catalog.device(name)) for name in ("H100", "A100-80GB"))
    two = Cases(np.full(2, 70e9), np.zeros(2, dtype=bool), np.array([6.3e24, 4.2e23]), np.full(2, 2024.0), machines,
                np.arange(2))  # fmt: skip
    found, model = run_prediction.differences(committed().fit, two), committed()
    half = math.hypot(
        float(model.contrasts.quantile(0.8)) * math.sqrt(found.device[0, 1]),
        float(model.new_organisations.quantile(0.8)) * math.sqrt(found.run[0, 1]),
    )
    of_paper = ratio(*(estimate(one.replace(**GIVEN)) for one in (here, there))).times
    assert (math.log(of_paper.high / of_paper.central), math.log(of_paper.central / of_paper.low)) == pytest.approx(
        (half, half), rel=1e-9
    )
    # of two devices, what is not known of power and making of one says nothing of the other
    before, after = estimate(here), estimate(there)
    moves = half_width_of_ratio(before, after)
    assert width(ratio(before, after).times) == pytest.approx(2 * math.hypot(half, moves), rel=1e-9)
    assert moves > normal_quantile(0.8) * math.hypot(pull_of_making(before), pull_of_making(after))


# --- past runs ---


def runs_on(device: str, factor: float = 1.0) -> Runs | None:
    """Three past runs on one device, ``factor`` times as long as expected."""
    lines = [
        f"{device},{factor * estimate(RUN.replace(device=device, tokens=tokens)).device_hours.central},70e9,{tokens}\n"
        for tokens in (1e12, 5e12, 15e12)
    ]
    return prior_runs.read(("device,device_hours,parameters,tokens\n" + "".join(lines)).encode()).for_calibration()


@pytest.mark.parametrize("factor", [0.7, 1.0, 2.0])
def test_past_runs_on_one_device_leave_the_ratio_to_another_as_it_is_and_no_less_sure(factor):
    """Swap the device, and what this organisation reaches stays."""
    own = runs_on("A100-80GB", factor)
    for device in ("H100", "B200", "MI300X"):
        without, having = (
            ratio(estimate(RUN.replace(device="A100-80GB"), runs), estimate(RUN.replace(device=device), runs)).times
            for runs in (None, own)
        )
        assert having.central == pytest.approx(without.central, rel=0.02)
        assert width(having) <= width(without) * 1.01


def test_past_runs_make_the_ratio_of_two_runs_on_their_device_surer():
    small, large = RUN.replace(parameters=7e9, tokens=1e12), RUN
    without, having = (ratio(estimate(small, runs), estimate(large, runs)).times for runs in (None, runs_on("H100")))
    assert width(having) < width(without)


def test_with_past_runs_the_same_stack_elsewhere_still_shares_all():
    bare = RUN.replace(**GIVEN)
    found = ratio(estimate(bare, PAST), estimate(bare.replace(carbon_intensity_g_per_kwh=50), PAST)).times
    assert found.low == found.central == found.high


# --- in words (the words of a ratio alone: test_ratio_words.py) ---


@pytest.mark.parametrize("made", NOTHING, ids=str)
def test_there_are_words_for_a_run_that_emits_nothing(made):
    nothing = estimate(RUN.replace(**made, carbon_intensity_g_per_kwh=0))
    found = ratio(estimate(RUN), nothing)
    assert found.times.central == 0
    assert "less" in in_words(found)


def test_a_comparison_says_what_ratio_parts_and_sentence_say_alone():
    there = RUN.replace(region="SWE")
    found = compare(RUN, estimate(there))
    before, after = estimate(RUN), estimate(there)
    assert len({found, compare(before, there)}) == 1
    assert found.ratio("energy_kwh") == ratio(before, after, "energy_kwh")
    assert found.parts == why(before, after)
    assert found.sentence("here", "there") == sentence("here", "there", ratio(before, after))
    assert found.sentence() in repr(found)
