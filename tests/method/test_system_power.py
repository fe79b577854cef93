"""What a device draws at its server's plug: metered where it was, between its meters and other devices' else."""

import math
from statistics import mean

import pytest

from oce import Scenario, catalog, estimate
from oce.method.system_power import SPREADS, factor, meters, system_power

RUN = Scenario(parameters=7e9, tokens=1e12, device="H100 SXM", region="USA")


def metered_w(device: str) -> float:
    """The geometric mean of a device's counted systems."""
    systems: dict[str, list[float]] = {}
    for one in meters():
        if one.device == device and one.counted:
            systems.setdefault(one.system, []).append(math.log(one.power_w))
    return math.exp(mean(mean(values) for values in systems.values()))


METERED = sorted({one.device for one in meters() if one.counted})
FOUND = {one.id: found for one in catalog.devices() if (found := system_power(one.id))}


def test_a_metered_device_is_placed_between_its_meters_and_what_others_would_say():
    for device in METERED:
        usual = (catalog.device(device).tdp_w or math.nan) * factor().centre
        low, high = sorted((metered_w(device), usual))
        assert low * (1 - 1e-9) <= FOUND[device].power_w <= high * (1 + 1e-9), device
        assert abs(math.log(FOUND[device].power_w / metered_w(device))) < abs(math.log(high / low)) / 2, device


def test_a_device_that_nobody_metered_draws_the_usual_times_its_tdp():
    unmetered = {device: found for device, found in FOUND.items() if found.systems == 0}
    assert unmetered
    for device, found in unmetered.items():
        assert found.power_w == pytest.approx((catalog.device(device).tdp_w or math.nan) * factor().centre)


def test_meters_make_it_surer_and_other_classes_of_server_less_sure():
    assert not [one for one in FOUND if FOUND[one].systems and FOUND[one].log_sd >= FOUND["a100-sxm-80gb"].log_sd]
    assert FOUND["a100-sxm-80gb"].log_sd < FOUND["a100-pcie-80gb"].log_sd < FOUND["l4"].log_sd
    assert set(SPREADS) == set(catalog.SERVERS)


def test_a_card_alone_and_a_run_of_minutes_are_never_counted_and_say_why():
    assert not [one.id for one in meters() if one.counted and (one.basis == "card alone" or one.why_not)]
    assert {one.basis for one in meters()} == {
        "server at its plug",
        "device's share of its server",
        "card alone",
    }


def test_one_chip_in_one_kind_of_server_has_one_power():
    assert FOUND["h800-sxm"].power_w == FOUND["h100-sxm"].power_w
    assert FOUND["h100-pcie"].systems == 0
    watts = FOUND["tpu-v3"].power_w, FOUND["tpu-v3-released"].power_w
    assert watts[1] == pytest.approx(watts[0], rel=0.05)  # the paper's 250 W is another rating of the same chip


def test_what_is_left_out_of_the_meters_is_not_known():
    without = system_power("tpu-v4", ("Google",))
    assert without is not None
    assert without.systems == 0
    fewer = system_power("tpu-v4", ("palm-540b",))
    assert fewer is not None
    assert fewer.power_w < FOUND["tpu-v4"].power_w


@pytest.mark.parametrize(
    ("device", "low", "high"),
    [
        ("H100 SXM", 0.85, 1.25),
        ("B200", 1.15, 1.65),
        ("TPU v4", 0.33, 0.48),
        ("TPU v3", 0.22, 0.42),
        ("A100 SXM4 80GB", 0.42, 0.68),
    ],
)
def test_a_device_hour_in_the_united_states_takes_what_meters_say(device, low, high):
    found = estimate(RUN.replace(device=device))
    assert low <= found.energy_kwh.central / found.device_hours.central <= high


def test_the_published_method_has_tdp_alone_and_no_pue():
    found = estimate(RUN.replace(throughput="published"))
    assert (found.inputs.power_w, found.inputs.host_power_w, found.inputs.pue) == (700.0, 0.0, 1.0)
    for figure in (found.energy_kwh, found.operational_co2e_kg, found.total_co2e_kg):
        assert figure.high_over_low == pytest.approx(found.device_hours.high_over_low, rel=1e-12)


def test_power_of_the_device_and_of_its_host_add_up():
    usual = estimate(RUN).inputs
    chip = float(usual.power_w) - float(usual.host_power_w)
    assert chip == pytest.approx(700.0)
    for given, watts in [
        ({"power_w": 500}, 500 + float(usual.host_power_w)),
        ({"power_fraction": 0.5}, 350 + float(usual.host_power_w)),
        ({"host_power_w": 300}, chip + 300),
        ({"power_w": 500, "host_power_w": 0}, 500),
        ({"power_w": 500, "throughput": "published"}, 500),
        ({"host_power_w": 100, "throughput": "published"}, 800),
    ]:
        assert estimate(RUN.replace(**given)).inputs.power_w == pytest.approx(watts), given


def test_a_device_without_a_tdp_has_a_host_in_proportion_to_what_it_is_said_to_draw():
    found = estimate(RUN.replace(device="Trainium1", power_w=200)).inputs
    assert found.power_w == pytest.approx(200 * factor().centre)
    unnamed = estimate(
        Scenario(training_flop=1e24, power_w=200, log10_alpha_low=99, log10_alpha_high=110, region="USA")
    )
    assert unnamed.inputs.power_w == 200.0


def test_the_power_says_the_devices_own_and_that_with_its_server():
    (said,) = [one for one in estimate(RUN).assumptions if one.field == "power_w"]
    assert said.source.startswith("700 W GPU (TDP), 861 W with its share of the server, metered in 5 systems")
    (said,) = [one for one in estimate(RUN.replace(device="A100 SXM4 80GB")).assumptions if one.field == "power_w"]
    assert "TDP × 1.18, as 4 devices metered in their servers" in said.source
