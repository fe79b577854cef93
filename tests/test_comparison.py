"""Two estimates side by side: the parts sum to the difference, and the ratio's interval leaves out what both share."""

import math
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oce import Scenario, calibration, catalog, embodied, estimate, past_runs
from oce.calibration import DEVICE_SD, ORGANISATION_SD, OUTSIDE_SD_PER_DECADE, STATES, VENDOR_SD, Cases, Fit, Runs
from oce.comparison import FACTORS, Ratio, in_words, logarithmic_mean, ratio, why
from oce.footprint_uncertainty import half_width_of_ratio, log_sd_of
from oce.interval import Interval, normal_reach
from oce.pace import committed

ALWAYS = settings(max_examples=100, deadline=None)
EXACT = 1e-9  # of the larger total: the same but for rounding
RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
PAST = past_runs.read(
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
    "full": sorted(one.id for one in catalog.devices() if one.tdp_w and embodied.making(one.id)),
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
    return st.builds(lambda fields, rate, power: Scenario(**fields, **rate, **power), FIELDS, rates, POWERS)


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
SAME_DEVICE = st.builds(lambda one, changes: (one, one.replace(**changes)), ANY, CHANGES)
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


OWN_UTILISATION = RUN.replace(utilisation=0.4, power_w=500, overhead_fraction=0.1)
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
@given(ANY, st.integers(1, 1_000_000), st.sampled_from([0.5, 0.95]))
def test_neither_the_number_of_devices_nor_the_level_changes_the_carbon(scenario, count, level):
    assert set(parts(scenario, scenario.replace(device_count=count, level=level)).values()) == {0.0}


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


@pytest.mark.parametrize(("mode", "device"), UNKNOWN)
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
    assert before.total_co2e_kg.ratio > 1.05  # there is something that cancels


def pull_of_making(one) -> float:
    """How far one standard deviation of what is not known of the making moves ln(total)."""
    return log_sd_of(one)["making"] * one.embodied_co2e_kg.central / one.total_co2e_kg.central


@pytest.mark.parametrize("device", ["H100", "A100", "TPU v4"])
def test_what_is_not_known_of_the_making_cancels_but_for_the_difference_of_its_shares(device):
    here = RUN.replace(device=device, **GIVEN).replace(embodied=None)
    before, after = estimate(here), estimate(here.replace(**ELSEWHERE))
    assert pull_of_making(after) > 1.5 * pull_of_making(before)  # the cleaner the grid, the larger
    expected = normal_reach(0.8) * (pull_of_making(after) - pull_of_making(before))
    assert width(ratio(before, after).times) == pytest.approx(2 * expected, rel=1e-9)


def test_where_the_making_is_the_same_share_it_cancels_altogether():
    times = ratio(estimate(RUN), estimate(RUN.replace(overhead_fraction=0.5))).times
    assert (times.low, times.high) == pytest.approx((1.5, 1.5), rel=1e-12)


@pytest.mark.parametrize(("one", "other"), [("paper", "full"), ("full", "paper")])
def test_between_the_papers_making_and_the_whole_only_the_whole_is_uncertain(one, other):
    before, after = (estimate(RUN.replace(**GIVEN).replace(embodied=mode)) for mode in (one, other))
    expected = normal_reach(0.8) * max(map(pull_of_making, (before, after)))
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
    assert width(ratio(estimate(RUN), estimate(RUN.replace(**change))).times) > 0.1


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
    assert max(before.utilisation.high, after.utilisation.high) < 1
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
    widest = math.log(after.total_co2e_kg.ratio) + math.log(before.total_co2e_kg.ratio)
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
        math.hypot(math.log(before.device_hours.ratio), math.log(after.device_hours.ratio)), rel=1e-12
    )


@pytest.mark.parametrize("baseline", ["A100-80GB", "H100", "TPU v4"])
@pytest.mark.parametrize("device", ["H200", "GH200", "B200", "MI300X", "Gaudi 2", "TPU v6e", "Trainium2"])
def test_against_a_device_without_runs_the_interval_is_wider(baseline, device):
    known = {"A100-80GB": "H100", "H100": "A100-80GB", "TPU v4": "H100"}[baseline]
    before = estimate(RUN.replace(device=baseline))
    with_runs, without = (ratio(before, estimate(RUN.replace(device=name))).times for name in (known, device))
    assert width(without) > 1.05 * width(with_runs)


def test_a_higher_level_is_a_wider_interval_of_the_same_ratio():
    found = [
        ratio(*(estimate(RUN.replace(device=name, level=level)) for name in ("H100", "A100"))).times
        for level in (0.2, 0.5, 0.8, 0.95)
    ]
    assert len({times.central for times in found}) == 1
    for narrow, wide in pairwise(map(width, found)):
        assert narrow < wide


@pytest.mark.parametrize(
    ("years", "state"), [((2024, 2024), 0), ((None, None), 1), ((2024, None), 1), ((None, 2024), 1)]
)
def test_the_interval_is_that_of_the_difference_by_the_quantile_of_what_is_known_least_of(years, state):
    here, there = (RUN.replace(device=name, year=year) for name, year in zip(("H100", "A100"), years, strict=True))
    model = committed()
    two = cases(
        size=70e9,
        compute_flop=6.3e24,
        peak_tflops=[989, 312],
        year=[np.nan if year is None else year for year in years],
        device_year=[2022, 2020],
        device=["h100-sxm", "a100-sxm-40gb"],
    )
    sd = math.sqrt(calibration.difference_variance(model.fit, two)[0, 1])
    half = float(calibration.quantile(model.residuals[STATES[state]], 0.8)) * sd
    of_paper = ratio(*(estimate(one.replace(**GIVEN)) for one in (here, there))).times
    assert (math.log(of_paper.high / of_paper.central), math.log(of_paper.central / of_paper.low)) == pytest.approx(
        (half, half), rel=1e-9
    )
    # of two devices, what is not known of power and making of one says nothing of the other
    before, after = estimate(here), estimate(there)
    moves = half_width_of_ratio(before, after)
    assert width(ratio(before, after).times) == pytest.approx(2 * math.hypot(half, moves), rel=1e-9)
    assert moves > normal_reach(0.8) * math.hypot(pull_of_making(before), pull_of_making(after))


# --- past runs ---


def test_with_past_runs_the_ratio_is_of_the_totals_that_they_give_and_surer():
    without, having = (
        [estimate(RUN.replace(device=name), own) for name in ("A100-80GB", "H100")] for own in (None, PAST)
    )
    found = ratio(*having).times
    assert found.central == having[1].total_co2e_kg.central / having[0].total_co2e_kg.central
    assert found.central != pytest.approx(ratio(*without).times.central, rel=1e-3)
    assert width(found) < width(ratio(*without).times)


@ALWAYS
@given(MODERATE, MODERATE)
def test_past_runs_never_make_a_ratio_less_sure(one, other):
    without, having = (
        [estimate(Scenario(**fields, region="USA"), own) for fields in (one, other)] for own in (None, PAST)
    )
    assert width(ratio(*having).times) <= width(ratio(*without).times) + 1e-12


def test_with_past_runs_the_same_stack_elsewhere_still_shares_all():
    bare = RUN.replace(**GIVEN)
    found = ratio(estimate(bare, PAST), estimate(bare.replace(carbon_intensity_g_per_kwh=50), PAST)).times
    assert found.low == found.central == found.high


# --- in words ---


@pytest.mark.parametrize(
    ("low", "central", "high", "words"),
    [
        (1 / 2.8, 1 / 2.1, 1 / 1.6, "2.1× less, 1.6–2.8×"),
        (1.6, 2.1, 2.8, "2.1× more, 1.6–2.8×"),
        (2.0, 2.0, 2.0, "2× more"),
        (0.125, 0.125, 0.125, "8× less"),
        (5.0, 12.3, 31.0, "12× more, 5–31×"),
        (1.0, 1.0, 1.0, "the same"),
        (0.998, 0.998, 0.998, "the same"),
        (1.001, 1.003, 1.005, "the same"),
        (0.8, 1.3, 2.2, "1.3× more, 0.8–2.2×"),  # crosses 1
        (1 / 1.8, 1 / 1.1, 1 / 0.69, "1.1× less, 0.69–1.8×"),
    ],
)
def test_a_ratio_is_said_like_this(low, central, high, words):
    assert in_words(Ratio(Interval(low, central, high), ())) == words


@ALWAYS
@given(log_floats(1.05, 90), st.floats(0.01, 0.5))
def test_less_is_said_with_the_numbers_of_more_the_other_way_round(central, half):
    spread = math.exp(half)
    more = in_words(Ratio(Interval(central / spread, central, central * spread), ()))
    less = in_words(Ratio(Interval(1 / central / spread, 1 / central, spread / central), ()))
    assert " more, " in more
    assert less == more.replace("more", "less")


@pytest.mark.parametrize(
    "times", [Interval(120, 150, 180), Interval(50, 80, 128), Interval(1e-3, 2e-3, 4e-3), Interval(2e5, 5e5, 1e6)]
)
def test_large_ratios_are_said_without_powers_of_ten(times):
    assert "e+" not in in_words(Ratio(times, ()))


@pytest.mark.parametrize("times", [Interval(1.02, 1.02, 1.02), Interval(0.97, 0.97, 0.97), Interval(0.6, 1.0, 1.6)])
def test_once_is_neither_more_nor_less(times):
    assert not in_words(Ratio(times, ())).startswith("1× ")


@pytest.mark.parametrize("made", NOTHING, ids=str)
def test_there_are_words_for_a_run_that_emits_nothing(made):
    nothing = estimate(RUN.replace(**made, carbon_intensity_g_per_kwh=0))
    found = ratio(estimate(RUN), nothing)
    assert found.times.central == 0
    assert "less" in in_words(found)


# --- the variance of a difference ---


def cases(device="h100-sxm", vendor="NVIDIA", **values) -> Cases:
    """Cases by default like Llama 3 70B on H100, as many as the longest value has."""
    numbers = {"size": 70e9, "peak_tflops": 989.0, "compute_flop": 6.3e24, "year": 2024.0, "device_year": 2022.0}
    columns = {**numbers, **values, "device": device, "vendor": vendor}
    count = max(np.size(value) for value in columns.values())
    return Cases(
        **{
            name: np.broadcast_to(np.array(value, dtype=float if name in numbers else None), (count,)).copy()
            for name, value in columns.items()
        }
    )


SMALL = Fit(  # two devices "a" and "b" of one vendor, V
    devices=np.array(["a", "b"]),
    vendors=("V",),
    mean=np.array([0.0, 0.1, 0.2, -0.5, 0.1, -0.1]),
    covariance=np.diag([0.04, 0.01, 0.02, 0.05, 0.010, 0.015]),
    ranges=np.array([[7.0, 12.0], [1.0, 4.0], [18.0, 26.0]]),
    size_line=(-3.4, 0.58, 0.4),
)
MIXED = np.random.default_rng(4).normal(0, 0.15, (6, 6))
CORRELATED = Fit(
    SMALL.devices, SMALL.vendors, SMALL.mean, MIXED @ MIXED.T + SMALL.covariance, SMALL.ranges, SMALL.size_line
)
FOUR = cases(
    size=[1e9, 1e11, 3e9, 1e9],
    peak_tflops=[100, 1000, 300, 100_000],
    year=[2024, 2020, 2024, 2024],
    device=["a", "b", "c", "d"],
    vendor=["V", "V", "W", "W"],
)
NOISE = np.array(
    [0.3 * math.exp(0.2), 0.45 * math.exp(-0.2), 0.3 * math.exp(0.2 * math.log10(10 / 3)), 0.3 * math.exp(0.2)]
)
DESIGN = np.array(  # intercept, size, peak, era, a, b
    [
        [1, -1.0, -0.5, 0, 1, 0],
        [1, 1.0, 0.5, 1, 0, 1],
        [1, math.log10(0.3), math.log10(300) - 2.5, 0, 0, 0],
        [1, -1.0, 2.5, 0, 0, 0],
    ]
)


def organisation(sizes: np.ndarray) -> np.ndarray:
    logs = np.log10(sizes)
    return ORGANISATION_SD**2 * np.exp(-0.5 * (logs[:, None] - logs[None, :]) ** 2)


def test_the_variance_of_a_difference_is_what_the_two_do_not_share():
    apart = 0.01 * 2.0**2 + 0.02 * 1.0**2 + 0.05 + 0.010 + 0.015  # size, peak, era, device a, device b; no intercept
    apart += 2 * ORGANISATION_SD**2 * (1 - math.exp(-(2.0**2) / 2))
    noise = (0.3 * math.exp(0.2)) ** 2 + (0.3 * 1.5 * math.exp(-0.2)) ** 2
    assert calibration.difference_variance(SMALL, FOUR)[0, 1] == pytest.approx(apart + noise, rel=1e-12)


@pytest.mark.parametrize(
    ("devices", "vendors", "expected"),
    [
        (("a", "a"), ("V", "V"), 0.0),
        (("a", "b"), ("V", "V"), 0.025),
        (("a", "c"), ("V", "V"), 0.010 + DEVICE_SD**2),
        (("c", "c"), ("V", "V"), 0.0),
        (("c", "d"), ("V", "V"), 2 * DEVICE_SD**2),
        (("a", "c"), ("V", "W"), 0.010 + DEVICE_SD**2 + VENDOR_SD**2),
        (("c", "c"), ("W", "W"), 0.0),
        (("c", "d"), ("W", "W"), 2 * DEVICE_SD**2),
        (("c", "d"), ("W", "X"), 2 * DEVICE_SD**2 + 2 * VENDOR_SD**2),
    ],
)
def test_a_common_device_cancels_and_so_does_a_common_new_vendor(devices, vendors, expected):
    two = cases(size=1e10, device=devices, vendor=vendors)
    found = calibration.difference_variance(SMALL, two)[0, 1]
    assert found == pytest.approx(expected + 2 * 0.3**2, rel=1e-12)


def test_the_variance_of_a_difference_is_that_of_runs_drawn_by_the_model():
    draw, count = np.random.default_rng(1), 400_000
    coefficients = draw.multivariate_normal(CORRELATED.mean, CORRELATED.covariance, count)
    luck = draw.multivariate_normal(np.zeros(4), organisation(FOUR.size), count)
    device_c, device_d, vendor_w, outside = (draw.normal(0, 1, count) for _ in range(4))
    runs = coefficients @ DESIGN.T + luck + NOISE * draw.normal(0, 1, (count, 4))
    runs[:, 2] += DEVICE_SD * device_c + VENDOR_SD * vendor_w
    runs[:, 3] += DEVICE_SD * device_d + VENDOR_SD * vendor_w + OUTSIDE_SD_PER_DECADE * outside  # one decade of peak
    drawn = np.array([[np.var(runs[:, i] - runs[:, j]) for j in range(4)] for i in range(4)])
    assert calibration.difference_variance(CORRELATED, FOUR) == pytest.approx(drawn, rel=0.015)


def test_past_runs_that_went_as_expected_take_from_the_variance_what_they_tell():
    past = cases(size=[1e9, 1e11], peak_tflops=[100, 1000], device=["a", "b"], vendor="V")
    own = Runs(past, calibration.predict(CORRELATED, past).mean, np.array(["own", "own"]))
    design = np.vstack([DESIGN[:2], DESIGN[:2] * [1, 1, 1, 0, 1, 1]])
    joint = design @ CORRELATED.covariance @ design.T + organisation(np.array([1e9, 1e11, 1e9, 1e11]))
    noise = np.diag([(0.3 * math.exp(0.2)) ** 2, (0.3 * math.exp(-0.2)) ** 2]) / 1.25  # t with 4, no surprise: 5/4
    contrast = np.array([1.0, -1.0])
    told = contrast @ joint[:2, 2:]
    expected = contrast @ joint[:2, :2] @ contrast - told @ np.linalg.solve(joint[2:, 2:] + noise, told)
    expected += NOISE[0] ** 2 + NOISE[1] ** 2
    two = FOUR.take(np.array([True, True, False, False]))
    assert calibration.difference_variance(CORRELATED, two, own)[0, 1] == pytest.approx(expected, rel=1e-9)


DEVICES = st.sampled_from(
    [
        ("h100-sxm", "NVIDIA", 989),
        ("v100", "NVIDIA", 125),
        ("b200", "NVIDIA", 2250),
        ("tpu-v4", "Google", 275),
        ("mi300x", "AMD", 1307),
        ("mi325x", "AMD", 1307),
        ("gaudi-2", "Intel", 450),
    ]
)
CASE = st.tuples(DEVICES, log_floats(1e6, 1e14), log_floats(1e15, 1e29), st.sampled_from([np.nan, 2018.0, 2025.0]))


def many(drawn) -> Cases:
    devices, size, flop, year = zip(*drawn, strict=True)
    name, vendor, peak = zip(*devices, strict=True)
    return cases(size=size, compute_flop=flop, year=year, device=name, vendor=vendor, peak_tflops=peak)


def own_noise(several: Cases) -> np.ndarray:
    decades = np.clip(np.log10(several.size), 8, 11) - 10
    old = np.where(np.isnan(several.year), several.device_year < 2020, several.year < 2023)
    return 0.3 * np.exp(-0.2 * decades) * np.where(old, 1.5, 1.0)


@ALWAYS
@given(st.lists(CASE, min_size=2, max_size=6), st.sampled_from([None, PAST]))
def test_the_variances_are_symmetric_zero_for_the_run_itself_and_hold_the_noise_of_both_runs(drawn, own):
    several = many(drawn)
    found = calibration.difference_variance(committed().fit, several, own)
    noise = own_noise(several) ** 2
    assert found.shape == (len(drawn), len(drawn))
    assert np.all(np.diag(found) == 0)
    assert found == pytest.approx(found.T, rel=1e-9)
    apart = ~np.eye(len(drawn), dtype=bool)
    assert np.all((found >= (noise[:, None] + noise[None, :]) * (1 - 1e-9))[apart])


@ALWAYS
@given(CASE, CASE, st.sampled_from([None, PAST]))
def test_a_difference_is_never_surer_nor_less_sure_than_any_correlation_allows(one, other, own):
    two = many([one, other])
    sd = calibration.predict(committed().fit, two, own).sd
    apart = math.sqrt(calibration.difference_variance(committed().fit, two, own)[0, 1])
    assert abs(sd[0] - sd[1]) - 1e-9 <= apart <= sd.sum() + 1e-9


WITHIN = st.tuples(  # the range of the runs
    st.sampled_from([("h100-sxm", "NVIDIA", 989), ("v100", "NVIDIA", 125), ("tpu-v4", "Google", 275)]),
    log_floats(1e8, 1e11),
    log_floats(1e19, 1e25),
    st.sampled_from([np.nan, 2018.0, 2025.0]),
)


@ALWAYS
@given(WITHIN, st.sampled_from([None, PAST]))
def test_a_second_run_of_the_same_differs_by_the_noise_of_both_alone(one, own):
    two = many([one, one])
    found = calibration.difference_variance(committed().fit, two, own)[0, 1]
    assert found == pytest.approx(np.sum(own_noise(two) ** 2), rel=1e-9)


def test_models_of_unlike_size_share_less_of_the_luck_of_their_organisation():
    found = calibration.difference_variance(SMALL, cases(size=[1e10, 2e10, 1e11], device="a", vendor="V"))
    noise = 0.3**2 * np.exp(-0.4 * np.log10([1, 2, 10]))
    luck = found[0] - noise - noise[0] - 0.01 * np.log10([1, 2, 10]) ** 2
    assert luck[1:] == pytest.approx(2 * 0.2**2 * (1 - np.exp(-(np.log10([2, 10]) ** 2) / 2)), rel=1e-9)
    assert luck[1] < luck[2]


def test_a_size_that_is_not_known_makes_a_difference_less_sure_as_it_does_a_prediction():
    model = committed().fit
    first, second, _ = model.size_line
    guess = 10 ** (first + second * math.log10(6.3e24))
    unknown, known = cases(size=[np.nan, 70e9]), cases(size=[guess, 70e9])
    more = [float(calibration.predict(model, one).sd[0] ** 2) for one in (known, unknown)]
    found = [calibration.difference_variance(model, one)[0, 1] for one in (known, unknown)]
    assert found[1] - found[0] == pytest.approx(more[1] - more[0], rel=1e-9)


def test_a_value_for_all_cases_counts_for_each():
    brief = Cases(
        *(np.array(value) for value in ([70e9], [989.0, 312.0], [6.3e24], [np.nan], [2022.0, 2020.0])),
        device=np.array(["h100-sxm", "a100-sxm-40gb"]),
        vendor=np.array(["NVIDIA"]),
    )
    spelt = cases(peak_tflops=[989, 312], year=np.nan, device_year=[2022, 2020], device=["h100-sxm", "a100-sxm-40gb"])
    found = (calibration.difference_variance(committed().fit, one, PAST) for one in (brief, spelt))
    assert np.array_equal(*found)
