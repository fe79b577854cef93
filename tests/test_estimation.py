"""The estimate: the paper's numbers, what must always be true, one scenario and many."""

import math
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oce import InputError, Interval, Scenario, catalog, estimate, estimate_many, estimation
from oce.analysis import device_counts
from oce.estimation import FIGURES, OUTPUT_COLUMNS
from oce.interval import BOUNDS
from oce.method.calibration import gap_half_width
from oce.method.calibration_file import committed
from oce.method.conformal import CONFIDENCE_LEVELS
from oce.method.footprint_uncertainty import default_pue
from oce.method.system_power import system_power

RUN = Scenario(
    parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1, throughput="published"
)
PUBLISHED = sorted(one.id for one in catalog.devices() if one.has_alpha)
UNPUBLISHED = sorted(one.id for one in catalog.devices() if not one.has_alpha and one.tdp_w)
EXACT = 1e-12  # relative: the same but for rounding


def ends(interval: Interval) -> np.ndarray:
    return np.array([interval.low, interval.central, interval.high])


# --- the paper ---


@pytest.mark.parametrize(
    ("flop", "device", "grid", "tonnes"),
    [
        (6300e21, "H100", "paper-llama-3", "1966.170"),
        (93e21, "A100", "paper-starcoder", "18.067"),
        (0.40e21, "V100", "paper-vit-swin", "0.685"),
        (312e21, "A100", "paper-glm", "223.84"),
        (387e21, "A100", "paper-bloom", "27.17"),
        # GLM and BLOOM were given each other's compute in the paper:
        (387e21, "A100", "paper-glm", "276.919"),
        (312e21, "A100", "paper-bloom", "21.960"),
    ],
)
def test_table_2_operational_carbon(flop, device, grid, tonnes):
    result = estimate(Scenario(training_flop=flop, device=device, region=grid, throughput="published"))
    decimals = len(tonnes.partition(".")[2])
    assert f"{result.operational_co2e_kg.central / 1000:.{decimals}f}" == tonnes


@pytest.mark.parametrize(
    ("flop", "device", "kilograms"),
    [
        (387e21, "A100", "1787.35"),  # GLM, with BLOOM's compute
        (312e21, "A100", "1444.75"),  # BLOOM, with GLM's
        (93e21, "A100", "437.11"),
        (6300e21, "H100", "11261.75"),
    ],
)
def test_table_3_embodied_carbon(flop, device, kilograms):
    run = Scenario(training_flop=flop, device=device, region="WORLD", throughput="published", embodied="paper")
    result = estimate(run)
    # 1787.345 to the next digit: the paper rounds a half up
    assert result.embodied_co2e_kg.central == pytest.approx(float(kilograms), abs=0.005001)


LEADERBOARD = [  # compute, log10 α low and high, W, g/kWh, and t CO2e worked out with 60 digits
    pytest.param(5.0000000001e25, 26.08153575089343, 36.128636984131944, 300, 436, 18874.836015, id="Gemini Ultra"),
    pytest.param(1.46e22, 26.08153575089343, 36.128636984131944, 300, 409, 5.6496856133476, id="Imagen"),
    pytest.param(3.14e23, -2.5602428817952507, -0.17240877050385794, 300, 409, 562.69795386195, id="GPT-3"),
]


@pytest.mark.parametrize(("flop", "low", "high", "watts", "grams_per_kwh", "tonnes"), LEADERBOARD)
def test_the_leaderboard_from_its_own_alpha_power_and_intensity(flop, low, high, watts, grams_per_kwh, tonnes):
    scenario = Scenario(
        training_flop=flop,
        log10_alpha_low=low,
        log10_alpha_high=high,
        power_w=watts,
        carbon_intensity_g_per_kwh=grams_per_kwh,
    )
    assert estimate(scenario).operational_co2e_kg.central == pytest.approx(1000 * tonnes, rel=1e-10)


def test_the_ends_are_those_of_alpha_and_the_faster_one_emits_less():
    result = estimate(Scenario(training_flop=6.3e24, device="H100", region="paper-llama-3", throughput="published"))
    tonnes = ends(result.operational_co2e_kg) / 1000
    assert tonnes == pytest.approx([1880.9637422543, 1966.1698190374, 2051.3758958205], rel=1e-10)


# --- what must always be true ---


def log_floats(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(math.log(low), math.log(high)).map(math.exp)


ANY_DEVICE = st.sampled_from(PUBLISHED + UNPUBLISHED)
PUBLISHED_RATES = st.fixed_dictionaries({"device": st.sampled_from(PUBLISHED), "throughput": st.just("published")})
OWN_ALPHAS = st.fixed_dictionaries(
    {"device": ANY_DEVICE, "log10_alpha_low": st.floats(-12, 60), "log10_alpha_high": st.floats(60, 1500)}
)
RATES = st.one_of(  # where the throughput comes from
    PUBLISHED_RATES,
    OWN_ALPHAS,
    st.fixed_dictionaries(
        {"device": ANY_DEVICE}, optional={"year": st.integers(2012, 2030), "level": st.sampled_from(CONFIDENCE_LEVELS)}
    ),
    st.fixed_dictionaries({"device": ANY_DEVICE, "utilisation": st.floats(0.01, 1)}),
    st.fixed_dictionaries({"device": ANY_DEVICE, "measured share of the peak": st.floats(0.01, 1)}),
)
FIELDS = st.fixed_dictionaries(
    {
        "parameters": log_floats(1e6, 1e13),
        "tokens": log_floats(1e6, 1e15),
        "region": st.sampled_from(["USA", "FRA", "CHN", "paper-uk", "US-CA", "aws:us-east-1"]),
    },
    optional={
        "device_count": st.integers(1, 5_000_000),
        "carbon_intensity_g_per_kwh": st.floats(0, 2000),
        "pue": st.floats(1, 3),
        "overhead_fraction": st.floats(0, 10),
        "embodied": st.sampled_from(["full", "paper"]),
        "device_life_years": st.floats(0.1, 30),
        "use_fraction": st.floats(0.01, 1),
    },
)
POWERS = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"power_w": st.floats(1, 5000)}),
    st.fixed_dictionaries({"power_fraction": st.floats(0.1, 2)}),
)


def run_of(fields: dict, rate: dict, power: dict) -> Scenario:
    """A scenario; a measured rate is drawn as a share of what the device could do at most."""
    rate = dict(rate)
    share = rate.pop("measured share of the peak", None)
    if share is not None:
        device = catalog.device(rate["device"])
        peak = device.peak_tflops[device.training_precision] * 1e12
        rate["tokens_per_second_per_device"] = share * peak / (6 * fields["parameters"])
    return possible(Scenario(**fields, **rate, **power))


def possible(scenario: Scenario) -> Scenario:
    """The scenario with a number of devices that memory and batch allow."""
    if scenario.device_count is None:
        return scenario
    fewest, most = device_counts.possible_counts(scenario)
    return scenario.replace(device_count=min(max(scenario.device_count, fewest), most))


SCENARIOS = st.builds(run_of, FIELDS, RATES, POWERS)
ALPHA_SCENARIOS = st.builds(run_of, FIELDS, st.one_of(PUBLISHED_RATES, OWN_ALPHAS), POWERS)
ALWAYS = settings(max_examples=100, deadline=None)


@ALWAYS
@given(SCENARIOS)
def test_every_interval_is_in_order_finite_and_positive(scenario):
    result = estimate(scenario)
    for name in ("training_flop", *FIGURES):
        low, central, high = ends(getattr(result, name))
        assert 0 <= low <= central <= high < math.inf
    assert result.device_hours.low > 0


@ALWAYS
@given(ALPHA_SCENARIOS)
def test_with_a_range_of_alpha_the_central_value_is_the_mean_of_the_ends(scenario):
    bare = estimate(scenario.replace(embodied="paper"))
    for name in FIGURES:
        low, central, high = ends(getattr(bare, name))
        assert central == pytest.approx((low + high) / 2, rel=EXACT)
    whole = estimate(scenario.replace(embodied="full"))  # whose making has ends of its own
    for name in set(FIGURES) - {"embodied_co2e_kg", "total_co2e_kg"}:
        assert getattr(whole, name) == getattr(bare, name)


@ALWAYS
@given(SCENARIOS)
def test_nothing_is_faster_than_the_peak_unless_alpha_says_so(scenario):
    result = estimate(scenario)
    if result.scenario.method in ("calibrated", "utilisation", "measured"):
        assert result.utilisation.high <= 1 + 1e-9


@ALWAYS
@given(SCENARIOS)
def test_energy_is_power_times_device_hours_times_pue_once(scenario):
    result = estimate(scenario)
    tdp_w = catalog.device(scenario.device).tdp_w
    if scenario.as_in_paper:
        watts = scenario.power_w or tdp_w * (scenario.power_fraction or 1.0)
    else:
        found = system_power(catalog.device(scenario.device).id)
        drawn = scenario.power_w or (scenario.power_fraction and tdp_w * scenario.power_fraction)
        watts = found.power_w if drawn is None else drawn + found.host_w
    usual = 1.0 if scenario.as_in_paper else default_pue(result.region, result.device).pue
    kilowatts_at_the_meter = watts / 1000 * (scenario.pue or usual)
    assert result.energy_kwh.central == pytest.approx(result.device_hours.central * kilowatts_at_the_meter, rel=EXACT)


@ALWAYS
@given(SCENARIOS)
def test_operational_carbon_is_energy_times_intensity(scenario):
    result = estimate(scenario)
    stated = scenario.carbon_intensity_g_per_kwh
    intensity = catalog.region(scenario.region).g_per_kwh if stated is None else stated
    energy, carbon = result.energy_kwh, result.operational_co2e_kg
    assert carbon.central == pytest.approx(energy.central * intensity / 1000, rel=EXACT)
    if stated is not None or scenario.as_in_paper or result.region.kind == "paper":
        assert ends(carbon) == pytest.approx(ends(energy) * intensity / 1000, rel=EXACT)
    else:
        assert carbon.high_over_low > energy.high_over_low


@ALWAYS
@given(SCENARIOS)
def test_operational_and_embodied_make_the_total(scenario):
    result = estimate(scenario)
    both = ends(result.operational_co2e_kg) + ends(result.embodied_co2e_kg)
    assert result.total_co2e_kg.central == pytest.approx(both[1], rel=EXACT)
    assert result.total_co2e_kg.high <= both[2] * (1 + EXACT)


@ALWAYS
@given(SCENARIOS)
def test_doubling_devices_at_most_halves_the_time_and_never_lowers_the_energy(scenario):
    fewest, most = device_counts.possible_counts(scenario)
    count = scenario.device_count or fewest
    assume(2 * count <= most)
    result, doubled = (estimate(scenario.replace(device_count=n)) for n in (count, 2 * count))
    assert doubled.time_to_train_hours.central >= result.time_to_train_hours.central / 2 * (1 - EXACT)
    assert doubled.time_to_train_hours.central <= result.time_to_train_hours.central
    assert doubled.energy_kwh.central >= result.energy_kwh.central * (1 - EXACT)
    if scenario.method != "calibrated":
        assert doubled.energy_kwh == result.energy_kwh
        assert ends(doubled.time_to_train_hours) == pytest.approx(ends(result.time_to_train_hours) / 2, rel=EXACT)


@ALWAYS
@given(SCENARIOS, st.floats(1, 500), st.floats(1, 4))
def test_emission_is_linear_in_intensity(scenario, intensity, factor):
    one = estimate(scenario.replace(carbon_intensity_g_per_kwh=intensity)).operational_co2e_kg
    other = estimate(scenario.replace(carbon_intensity_g_per_kwh=intensity * factor)).operational_co2e_kg
    assert ends(other) == pytest.approx(ends(one) * factor, rel=EXACT)


@ALWAYS
@given(SCENARIOS, st.floats(1.01, 10))
def test_emission_rises_with_compute(scenario, factor):
    more = estimate(scenario.replace(tokens=scenario.tokens * factor, carbon_intensity_g_per_kwh=400))
    less = estimate(scenario.replace(carbon_intensity_g_per_kwh=400))
    assert np.all(ends(more.total_co2e_kg) > ends(less.total_co2e_kg))


@ALWAYS
@given(SCENARIOS, st.floats(0, 10))
def test_overhead_adds_its_share_to_hours_time_energy_and_carbon(scenario, overhead):
    without, with_it = (estimate(scenario.replace(overhead_fraction=share)) for share in (0, overhead))
    for name in FIGURES:
        expected = ends(getattr(without, name)) * (1 + overhead)
        assert ends(getattr(with_it, name)) == pytest.approx(expected, rel=EXACT)
    assert with_it.training_flop == without.training_flop
    if with_it.utilisation:  # that of the final run
        assert ends(with_it.utilisation) == pytest.approx(ends(without.utilisation), rel=EXACT)


@ALWAYS
@given(SCENARIOS)
def test_one_and_many_give_the_same(scenario):
    one, many = estimate(scenario), estimate_many([scenario, RUN, scenario])
    for row in (0, 2):
        assert many["error"][row] == ""
        assert many["training_flop"][row] == one.training_flop.central
        for name in FIGURES:
            found = [many[f"{name}_{end}"][row] for end in BOUNDS]
            assert found == pytest.approx(ends(getattr(one, name)), rel=EXACT)


def test_scenarios_that_are_alike_have_a_row_each():
    bad = RUN.replace(device="no such device")
    for run in (RUN, bad):
        found = estimate_many([run] * 3)
        assert {name: len(values) for name, values in found.items()} == dict.fromkeys(found, 3)
        assert len(set(found["error"])) == 1
    assert len(estimate_many([RUN, bad], device="A100")["error"]) == 2


@ALWAYS
@given(SCENARIOS)
def test_everything_assumed_has_a_source_and_was_not_given(scenario):
    assumptions = estimate(scenario).assumptions
    assert all(one.source.strip() for one in assumptions)
    # β is looked up, and listed as "embodied", where the scenario says that it is to be the paper's
    assert not {one.field for one in assumptions} & (set(scenario.given()) - {"embodied"})


# --- compute ---


def test_compute_is_six_flop_per_parameter_and_token():
    assert estimate(RUN).training_flop == Interval(6.3e24, 6.3e24, 6.3e24)


def test_a_mixture_of_experts_counts_only_its_active_parameters():
    mixture = RUN.replace(parameters=671e9, active_parameters=37e9)
    assert estimate(mixture).training_flop.central == pytest.approx(6 * 37e9 * 15e12)
    assert estimate(mixture).total_co2e_kg == estimate(RUN.replace(parameters=37e9)).total_co2e_kg


def test_a_stated_compute_wins_over_the_size():
    assert estimate(RUN.replace(training_flop=1e24)).training_flop.central == 1e24


# --- where the throughput comes from ---


def test_the_calibrated_throughput_is_used_unless_another_is_asked_for():
    calibrated = RUN.replace(throughput="calibrated")
    unsaid = Scenario(**{name: value for name, value in RUN.given().items() if name != "throughput"})
    assert estimate(unsaid).device_hours == estimate(calibrated).device_hours
    assert estimate(unsaid).method == "OpenCarbonEval, calibrated throughput"
    assert estimate(unsaid).device_hours != estimate(RUN).device_hours


def test_llama_3_70b_by_the_calibration():
    result = estimate(RUN.replace(throughput="calibrated"))  # 70 B on H100, worked out by hand in test_calibration.py
    hours = result.device_hours
    assert 1 / (3600 * hours.central) == pytest.approx(result.utilisation.central * 989e12 / 6.3e24, rel=1e-3)
    assert hours.high / hours.central == pytest.approx(hours.central / hours.low)
    assert result.level == 0.8


GAP = committed()
STEADY_SHARE = math.exp(GAP.gap_mean)  # of the steady state, over the whole run: the mean of runs that report both
STEADY_FACTOR = math.exp(float(gap_half_width(GAP, 0.8)))  # either way, at 80 %: for their spread and number


@pytest.mark.parametrize("device", ["H100", "B200", "TPU v5p", "MI300X"])
@pytest.mark.parametrize("utilisation", [0.01, 0.4, 0.9])
def test_a_whole_run_is_slower_than_the_given_steady_utilisation(device, utilisation):
    result = estimate(RUN.replace(device=device, utilisation=utilisation))
    peak = catalog.device(device).peak_tflops["bf16"] * 1e12
    steady = 6.3e24 / (utilisation * peak) / 3600
    central = steady / STEADY_SHARE
    expected = [max(central / STEADY_FACTOR, steady), central, central * STEADY_FACTOR]
    assert ends(result.device_hours) == pytest.approx(expected, rel=1e-6)
    assert result.utilisation.central == pytest.approx(utilisation * STEADY_SHARE, rel=1e-6)
    assert result.level == 0.8


@pytest.mark.parametrize("level", CONFIDENCE_LEVELS)
def test_no_run_is_faster_than_its_steady_state(level):
    hours = estimate(RUN.replace(utilisation=1, level=level)).device_hours
    at_peak = 6.3e24 / 989e12 / 3600
    assert hours.low >= at_peak * (1 - 1e-12)
    assert hours.central > at_peak
    if level == 0.95:  # so wide that it would reach beyond
        assert hours.low == pytest.approx(at_peak, rel=1e-12)


def test_utilisation_is_measured_against_the_peak_of_the_precision():
    bf16, fp8 = (estimate(RUN.replace(utilisation=0.4, precision=precision)) for precision in ("bf16", "fp8"))
    assert bf16.device_hours.central / fp8.device_hours.central == pytest.approx(1979 / 989, rel=1e-10)


def test_a_precision_means_the_same_in_any_case_for_one_and_for_many():
    one = estimate(RUN.replace(utilisation=0.4, precision="BF16"))
    many = estimate_many(**RUN.given(), utilisation=0.4, precision=["BF16"])
    assert many["error"].tolist() == [""]
    assert many["total_co2e_kg_central"][0] == pytest.approx(one.total_co2e_kg.central, rel=EXACT)


@ALWAYS
@given(st.floats(1e-3, 1), log_floats(1e6, 1e15), ANY_DEVICE)
def test_device_hours_are_tokens_over_the_measured_rate_and_the_gap_to_the_whole_run(share, tokens, device):
    one = catalog.device(device)
    rate = share * one.peak_tflops[one.training_precision] * 1e12 / (6 * 70e9)
    hours = estimate(RUN.replace(device=device, tokens=tokens, tokens_per_second_per_device=rate)).device_hours
    assert hours.central == pytest.approx(tokens / rate / 3600 / STEADY_SHARE, rel=1e-6)
    assert hours.high == pytest.approx(hours.central * STEADY_FACTOR, rel=1e-6)
    assert hours.low == pytest.approx(max(hours.central / STEADY_FACTOR, tokens / rate / 3600), rel=1e-6)


def test_a_utilisation_and_the_rate_that_it_gives_are_the_same_statement():
    utilisation = estimate(RUN.replace(utilisation=0.4))
    rate = estimate(RUN.replace(tokens_per_second_per_device=0.4 * 989e12 / (6 * 70e9)))
    assert ends(rate.total_co2e_kg) == pytest.approx(ends(utilisation.total_co2e_kg), rel=EXACT)


@pytest.mark.parametrize("times_the_peak", [1.001, 10, 1e6])
def test_a_rate_beyond_the_peak_of_the_device_is_refused_by_its_name(times_the_peak):
    rate = times_the_peak * 989e12 / (6 * 70e9)
    with pytest.raises(InputError) as caught:
        estimate(RUN.replace(tokens_per_second_per_device=rate))
    (problem,) = caught.value.problems
    assert problem.field == "tokens_per_second_per_device"
    assert "peak" in problem.allowed
    assert estimate_many([RUN.replace(tokens_per_second_per_device=rate)])["error"].tolist() == [str(caught.value)]


@pytest.mark.parametrize("device", ["H100", "B200", "K80"])
def test_your_own_alpha_wins_over_the_devices(device):
    own = estimate(RUN.replace(device=device, log10_alpha_low=20, log10_alpha_high=50))
    assert own.device_hours == estimate(RUN.replace(device="A100")).device_hours
    assert own.level is None


def test_a_single_alpha_has_no_interval():
    hours = estimate(RUN.replace(log10_alpha_low=30, log10_alpha_high=30)).device_hours
    assert hours.low == hours.central == hours.high
    assert hours.high_over_low == 1.0


@pytest.mark.parametrize(
    "own",
    [
        {"utilisation": 0.4},
        {"tokens_per_second_per_device": 900},
        {"log10_alpha_low": 100, "log10_alpha_high": 105},
    ],
    ids=lambda own: next(iter(own)),
)
@pytest.mark.parametrize("model", ["calibrated", "published"])
def test_what_you_know_goes_before_any_model(own, model):
    assert estimate(RUN.replace(**own, throughput=model)).device_hours == estimate(RUN.replace(**own)).device_hours
    assert estimate(RUN.replace(**own)).device_hours != estimate(RUN.replace(throughput=model)).device_hours


# --- many ---

ROWS = [
    {"parameters": 70e9, "tokens": 15e12, "device": "H100", "region": "USA", "pue": 1.1},
    {"parameters": 176e9, "tokens": 366e9, "device": "A100", "region": "FRA", "pue": 1.2},
    {"parameters": 15.5e9, "tokens": 1e12, "device": "tpu-v4", "region": "us-ca", "pue": 1.0},
]
COLUMNS = {name: [row[name] for row in ROWS] for name in ROWS[0]}
SCENARIO_LIST = [Scenario(**row) for row in ROWS]
BAD = {
    "device": "H10O",
    "region": "Atlantis",
    "parameters": "many",
    "tokens": 1e30,
    "pue": 0.5,
    "precision": "int3",
    "device_count": 2.5,
    "utilisation": 40,
    "log10_alpha_low": 5000,
    "power_w": True,
    "embodied": "half",
    "device_life_years": 0.05,
    "use_fraction": 1.5,
}


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(lambda: estimate_many(COLUMNS), id="dictionary"),
        pytest.param(lambda: estimate_many(**COLUMNS), id="keywords"),
        pytest.param(lambda: estimate_many(pd.DataFrame(ROWS)), id="frame"),
        pytest.param(lambda: estimate_many(pd.DataFrame(ROWS).convert_dtypes()), id="nullable frame"),
        pytest.param(lambda: estimate_many(pd.DataFrame(ROWS).astype("category")), id="categories"),
        pytest.param(lambda: estimate_many(SCENARIO_LIST), id="scenarios"),
        pytest.param(lambda: estimate_many(iter(SCENARIO_LIST)), id="iterator"),
        pytest.param(lambda: estimate_many({name: [*map(str, cells)] for name, cells in COLUMNS.items()}), id="text"),
        pytest.param(lambda: estimate_many({name: np.array(cells) for name, cells in COLUMNS.items()}), id="arrays"),
        pytest.param(lambda: estimate_many({**COLUMNS, "colour": ["red"] * 3}), id="other columns"),
    ],
)
def test_scenarios_come_in_any_form(found):
    result = found()
    assert tuple(result) == OUTPUT_COLUMNS
    assert list(result["error"]) == [""] * 3
    for row, scenario in enumerate(SCENARIO_LIST):
        one = estimate(scenario)
        for name in FIGURES:
            assert result[f"{name}_central"][row] == pytest.approx(getattr(one, name).central, rel=EXACT)


def test_a_frame_gives_a_frame_with_its_index():
    frame = pd.DataFrame(ROWS, index=["llama", "bloom", "starcoder"])
    result = estimate_many(frame)
    assert isinstance(result, pd.DataFrame)
    assert list(result.index) == ["llama", "bloom", "starcoder"]


def test_a_single_value_stands_for_every_row():
    result = estimate_many(parameters=[7e9, 70e9], tokens=15e12, device="H100", region="USA")
    assert result["training_flop"].tolist() == [6.3e23, 6.3e24]


@pytest.mark.parametrize("table", [COLUMNS, pd.DataFrame(ROWS), SCENARIO_LIST], ids=["dictionary", "frame", "list"])
def test_a_keyword_beside_a_table_stands_for_every_row_and_is_never_ignored(table):
    found = estimate_many(table, throughput="published")["total_co2e_kg_central"]
    expected = [estimate(one.replace(throughput="published")).total_co2e_kg.central for one in SCENARIO_LIST]
    assert list(found) == pytest.approx(expected, rel=EXACT)


def test_missing_cells_mean_not_given():
    frame = pd.DataFrame({**COLUMNS, "pue": [1.1, math.nan, None], "precision": [None, "", math.nan]})
    result = estimate_many(frame)
    assert list(result["error"]) == [""] * 3
    assert result["energy_kwh_central"][1] == pytest.approx(
        estimate(SCENARIO_LIST[1].replace(pue=None)).energy_kwh.central, rel=EXACT
    )


@pytest.mark.parametrize("empty", [[], {name: [] for name in COLUMNS}, pd.DataFrame(ROWS).iloc[:0]], ids=type)
def test_no_scenarios_give_no_rows(empty):
    result = estimate_many(empty)
    assert tuple(result) == OUTPUT_COLUMNS
    assert all(len(result[name]) == 0 for name in OUTPUT_COLUMNS)


@pytest.mark.parametrize(("field", "value"), BAD.items())
def test_one_bad_row_never_loses_the_others(field, value):
    cells = list(COLUMNS.get(field, [None] * 3))
    cells[1] = value
    result, good = estimate_many({**COLUMNS, field: cells}), estimate_many(COLUMNS)
    assert result["error"][1].startswith(f"{field}: ") or f"; {field}: " in result["error"][1]
    assert [result["error"][0], result["error"][2]] == ["", ""]
    for name in OUTPUT_COLUMNS[:-1]:
        assert np.isnan(result[name][1])
        assert [result[name][0], result[name][2]] == pytest.approx([good[name][0], good[name][2]], rel=EXACT)


@pytest.mark.parametrize(("field", "value"), BAD.items())
def test_a_bad_row_is_told_what_a_bad_scenario_is_told(field, value):
    row = {**ROWS[0], field: value}
    with pytest.raises(InputError) as caught:
        estimate(Scenario(**row))
    error = estimate_many({name: [cell] for name, cell in row.items()})["error"][0]
    assert error == str(caught.value)


def test_a_table_of_several_blocks_is_the_same_as_of_one(monkeypatch):
    rows = {
        "parameters": [7e9, 0.0, 70e9, 8e9, 1e9],
        "tokens": [2e12],
        "device": ["H100", "A100", "no such device", "A100", "H100"],
        "device_count": 512,
        "region": "USA",
        "price_per_device_hour": [None, None, None, 2.0, None],
    }
    whole = estimate_many(rows)
    monkeypatch.setattr(estimation, "BLOCK", 2)
    parts = estimate_many(rows)
    assert [bool(error) for error in whole["error"]] == [False, True, True, False, False]
    assert list(parts) == list(whole)
    for name, values in whole.items():
        np.testing.assert_array_equal(parts[name], values)


@pytest.mark.parametrize(
    ("name", "cells", "said"),
    [("parameters", [[7e9, 8e9], [7e9]], "2 values: [7"), ("device", ["H1\0", "H100"], "“H1\ufffd”")],
)
def test_a_cell_that_no_array_can_hold_is_a_problem_of_its_row(name, cells, said):
    columns = {"parameters": 7e9, "tokens": 2e12, "device": "H100", "device_count": 512, "region": "USA", name: cells}
    assert estimate_many(columns)["error"][0].startswith(f"{name}: ")
    assert said in estimate_many(columns)["error"][0]


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="tokens: 3 values where other columns have 4"):
        estimate_many(parameters=[7e9] * 4, tokens=[1e12] * 3, device="H100", region="USA")


def test_an_unknown_keyword_is_refused_with_near_names():
    with pytest.raises(InputError, match=r"paramters: no such field; nearest: parameters"):
        estimate_many(paramters=[7e9], tokens=[1e12])


def test_every_way_to_a_throughput_works_in_one_call():
    rows = [
        RUN,
        RUN.replace(throughput="calibrated"),
        RUN.replace(throughput="calibrated", device="MI300X", year=2024, level=0.95),
        RUN.replace(utilisation=0.4),
        RUN.replace(device="B200", tokens_per_second_per_device=900),
        RUN.replace(device=None, power_w=700, log10_alpha_low=100, log10_alpha_high=110),
    ]
    many = estimate_many(rows)
    assert many["error"].tolist() == [""] * len(rows)
    for end in BOUNDS:
        hours = [getattr(estimate(one).device_hours, end) for one in rows]
        assert many[f"device_hours_{end}"] == pytest.approx(hours, rel=EXACT)


def many_inputs(count: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(2024)
    return {
        "parameters": 10.0 ** random.uniform(7, 13, count),
        "tokens": 10.0 ** random.uniform(8, 14, count),
        "device": random.choice(np.array(PUBLISHED), count),
        "region": random.choice(np.array(["USA", "FRA", "CHN"]), count),
        "utilisation": np.where(np.arange(count) % 2, 0.35, np.nan),
    }


def test_a_million_scenarios_in_one_call():
    inputs = many_inputs(1_000_000)
    many = estimate_many(inputs)
    assert not any(many["error"])
    for row in (0, 1, 499_999, 999_999):
        scenario = {name: values[row].item() for name, values in inputs.items()}
        one = estimate(Scenario(**{name: value for name, value in scenario.items() if value == value}))  # noqa: PLR0124
        assert many["total_co2e_kg_high"][row] == pytest.approx(one.total_co2e_kg.high, rel=EXACT)


def test_no_line_of_python_runs_once_a_row():
    def lines_run(count: int) -> int:
        inputs, lines = many_inputs(count), 0

        def trace(frame, event, _):
            nonlocal lines
            lines += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            estimate_many(inputs)
        finally:
            sys.settrace(before)
        return lines

    lines_run(10_000)  # imports done, caches filled
    assert lines_run(10_000) - lines_run(1000) < 900  # a tenth of the further rows; a few branches differ
