"""Each figure's interval combines what is unsure in it, and nothing that was given."""

import math

import numpy as np
import pytest

from oce import Scenario, catalog, estimate, estimate_many
from oce.analysis import comparison
from oce.analysis.comparison import half_width_of_ratio, log_sd_of
from oce.interval import Interval, normal_quantile
from oce.method.footprint_uncertainty import INGREDIENTS, default_pue, grid_log_sd, spreads

RUN = Scenario(parameters=7e9, tokens=1e12, device="H100 SXM", region="USA", year=2024)
GIVEN = {"power_w": 600, "host_power_w": 100, "pue": 1.2, "carbon_intensity_g_per_kwh": 300, "embodied": "paper"}
FIGURES = ("energy_kwh", "operational_co2e_kg", "embodied_co2e_kg", "total_co2e_kg")


def widths(figure: Interval) -> tuple[float, float]:
    return math.log(figure.central / figure.low), math.log(figure.high / figure.central)


def test_an_ingredient_that_is_given_is_not_unsure():
    usual = log_sd_of(estimate(RUN))
    assert all(usual[name] > 0 for name in INGREDIENTS)
    for field, value, name in [
        ("power_w", 600, "power"),
        ("power_fraction", 0.8, "power"),
        ("pue", 1.2, "pue"),
        ("carbon_intensity_g_per_kwh", 300, "grid"),
        ("embodied", "paper", "making"),
    ]:
        assert log_sd_of(estimate(RUN.replace(**{field: value}))) == usual | {name: 0.0}, field


def test_with_everything_given_each_interval_is_that_of_the_hours():
    found = estimate(RUN.replace(**GIVEN))
    for name in FIGURES:
        assert widths(getattr(found, name)) == pytest.approx(widths(found.device_hours), rel=1e-12), name


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_half_widths_add_up_in_quadrature(level):
    found = estimate(RUN.replace(level=level))
    sd, reach = log_sd_of(found), normal_quantile(level)
    share = found.operational_co2e_kg.central / found.total_co2e_kg.central
    energy = math.hypot(sd["power"], sd["pue"])
    operational = math.hypot(energy, sd["grid"])
    further = (energy, operational, sd["making"], math.hypot(share * operational, (1 - share) * sd["making"]))
    for name, log_sd in zip(FIGURES, further, strict=True):
        expected = [math.hypot(width, reach * log_sd) for width in widths(found.device_hours)]
        assert widths(getattr(found, name)) == pytest.approx(expected, rel=1e-9), name


def test_the_intervals_hold_what_draws_hold():
    found = estimate(RUN)
    sd = log_sd_of(found)
    random = np.random.default_rng(0)
    reach = normal_quantile(0.8)
    hours = sum(widths(found.device_hours)) / 2 / reach

    def draw(log_sd: float) -> np.ndarray:
        return np.exp(random.normal(0.0, log_sd, 200_000))

    on_hours, on_energy = draw(hours), draw(sd["power"]) * draw(sd["pue"])
    operational = found.operational_co2e_kg.central * on_hours * on_energy * draw(sd["grid"])
    embodied = found.embodied_co2e_kg.central * on_hours * draw(sd["making"])
    for figure, drawn in [
        (found.energy_kwh, found.energy_kwh.central * on_hours * on_energy),
        (found.operational_co2e_kg, operational),
        (found.embodied_co2e_kg, embodied),
        (found.total_co2e_kg, operational + embodied),
    ]:
        assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx((figure.low, figure.central, figure.high), rel=0.04)
    assert found.mean("energy_kwh") == pytest.approx((found.energy_kwh.central * on_hours * on_energy).mean(), rel=0.02)


def test_central_operational_and_embodied_make_the_total():
    found = estimate_many({"parameters": np.logspace(7, 12, 50), "tokens": 1e12, "device": "H100", "region": "FRA"})
    parts = found["operational_co2e_kg_central"] + found["embodied_co2e_kg_central"]
    np.testing.assert_allclose(parts, found["total_co2e_kg_central"], rtol=1e-14)
    for name in FIGURES:
        low, central, high = (found[f"{name}_{end}"] for end in ("low", "central", "high"))
        assert np.all((low < central) & (central < high)), name


def test_ends_do_not_add_up_end_to_end():
    found = estimate(RUN.replace(region="FRA"))
    assert found.total_co2e_kg.high < found.operational_co2e_kg.high + found.embodied_co2e_kg.high
    assert found.total_co2e_kg.low > found.operational_co2e_kg.low + found.embodied_co2e_kg.low


def test_nothing_emitted_has_no_width_and_many_rows_agree_with_one():
    nothing = RUN.replace(carbon_intensity_g_per_kwh=0, device="TPU v4", embodied="paper")
    assert estimate(nothing).operational_co2e_kg == Interval(0.0, 0.0, 0.0)
    rows = [RUN, nothing, RUN.replace(throughput="published"), RUN.replace(level=0.5, pue=1.1)]
    many = estimate_many(rows)
    for at, row in enumerate(rows):
        alone = estimate(row)
        for name in FIGURES:
            held = [many[f"{name}_{end}"][at] for end in ("low", "central", "high")]
            one = getattr(alone, name)
            assert held == pytest.approx([one.low, one.central, one.high], rel=1e-12), (at, name)


def test_a_clean_grid_is_less_sure_in_proportion_than_a_dirty_one():
    assert grid_log_sd(catalog.region("NOR")) > grid_log_sd(catalog.region("IND")) > 0
    assert grid_log_sd(catalog.region("paper-uk")) == 0
    for subject in {one.subject for one in spreads()}:
        ranges = sorted((one.from_g_per_kwh, one.to_g_per_kwh) for one in spreads() if one.subject == subject)
        assert ranges[0][0] == 0
        assert [low for low, _ in ranges[1:]] == [high for _, high in ranges[:-1]]


def test_pue_is_the_places_or_its_operators_or_that_of_public_clouds():
    h100, tpu = catalog.device("H100"), catalog.device("TPU v4")
    site = catalog.region("gcp:us-east4")
    assert default_pue(site, h100).pue == site.pue
    assert default_pue(catalog.region("gcp:us-west2"), h100).pue == catalog.pue("google-fleet-2024").pue
    assert default_pue(catalog.region("aws:us-east-1"), tpu).pue == catalog.pue("aws-global-2025").pue
    assert default_pue(catalog.region("USA"), tpu).pue == catalog.pue("google-fleet-2024").pue
    world = default_pue(catalog.region("USA"), h100)
    assert world.pue == catalog.pue("idc-cloud-2025").pue
    assert world.log_sd > default_pue(site, h100).log_sd
    assert min(default_pue(region, h100).pue for region in catalog.regions()) > 1.0


def test_the_pue_that_was_taken_names_its_source():
    (said,) = [one for one in estimate(RUN).assumptions if one.field == "pue"]
    assert "public cloud industry average (IDC survey" in said.source


def test_what_two_scenarios_share_cancels_in_their_ratio():
    one = estimate(RUN)
    assert half_width_of_ratio(one, estimate(RUN.replace(tokens=2e12))) == pytest.approx(0.0)
    elsewhere = estimate(RUN.replace(region="CAN"))
    other_device = estimate(RUN.replace(device="A100 SXM4 80GB"))
    assert (
        0
        < half_width_of_ratio(one, elsewhere)
        < half_width_of_ratio(one, estimate(RUN.replace(region="CAN", device="A100")))
    )
    assert half_width_of_ratio(one, other_device) > 0
    times = comparison.ratio(one, elsewhere).times
    reach = half_width_of_ratio(one, elsewhere)
    assert math.log(times.high / times.central) == pytest.approx(reach)


def test_what_each_interval_is_says_which_ingredients_are_unsure():
    assert estimate(RUN).level_meaning.endswith(
        "; energy adds what is not known of power and PUE, carbon that of the grid and the making of devices too"
    )
    only = estimate(RUN.replace(pue=1.2, power_w=600, embodied="paper")).level_meaning
    assert only.endswith("; carbon adds what is not known of the grid")
    assert "adds" not in estimate(RUN.replace(**GIVEN)).level_meaning
    assert "adds" not in estimate(RUN.replace(throughput="published")).level_meaning
