"""An estimate in words."""

import pytest

from oce import Scenario, descriptions, estimate
from oce.method.calibration_file import committed
from oce.units import significant

RUN = Scenario(training_flop=6.3e24, device="H100", device_count=16384, region="Paper: LLaMa-3 (Table 2)")
BARE = RUN.replace(embodied="paper", power_w=700, host_power_w=0, pue=1)  # but for the hours, nothing is unsure


HEADLINE = "Training LLaMa-3 on 16,384 H100 SXM at 424 g CO2e/kWh would emit about "
SAID = [
    ({}, "80% interval: ", "8 in 10 runs by labs we have no data from"),
    ({"level": 0.95}, "95% interval: ", "19 in 20 runs by labs we have no data from"),
    ({"throughput": "published"}, "45% interval: ", "which would hold 45% of them"),
    ({"utilisation": 0.4}, "80% interval: ", f"learnt from {committed().gap_runs} runs that report both"),
    ({"log10_alpha_low": 100, "log10_alpha_high": 110}, "your range: ", "that of the α you gave"),
    ({"log10_alpha_low": 100, "log10_alpha_high": 100}, "", "There is no interval"),
]


@pytest.mark.parametrize(("changes", "which", "level"), SAID, ids=lambda value: str(value)[:30])
def test_the_headline_has_the_total_its_interval_and_its_level_and_says_what_that_means(changes, which, level):
    result = estimate(BARE.replace(**changes))
    total = result.total_co2e_kg
    low, central, high = (significant(kg / 1000) for kg in (total.low, total.central, total.high))
    between = f" ({which}{low}–{high} t CO2e)" if which else ""
    assert descriptions.headline(result, "LLaMa-3") == f"{HEADLINE}{central} t CO2e{between}."
    assert level in descriptions.level(result)


def test_the_headline_counts_the_whole_card_and_its_share_of_the_server():
    # The paper's hours of H100, 6,337,479 to 6,911,643, emit 1,881 to 2,051 t (Table 2: 1,966 t) in use. A card is
    # 164 kg, the eighth of a server √(2,500 × 6,000) / 8 = 484 kg, over 4 years × 8,766 h × 0.85 = 29,804 h:
    # 138, 144 and 150 t.
    amount = "2,110 t CO2e (45% interval: 2,020–2,200 t CO2e)."
    assert descriptions.headline(estimate(RUN.replace(throughput="published")), "LLaMa-3") == HEADLINE + amount


def test_chips_are_called_chips():
    assert "256 TPU v4 chips" in descriptions.where(estimate(RUN.replace(device="TPU v4", device_count=256)))
