"""An estimate in words."""

from oce import Scenario, estimate, report

RUN = Scenario(training_flop=6.3e24, device="H100", device_count=16384, region="Paper: LLaMa-3 (Table 2)")


def test_the_headline_has_the_total_its_interval_and_its_level():
    assert report.headline(estimate(RUN), "LLaMa-3") == (
        "Training LLaMa-3 on 16,384 H100 SXM at 424 g CO2e/kWh would emit about 1,980 t CO2e "
        "(45% interval: 1,890–2,060 t CO2e)."
    )


def test_a_single_value_is_not_given_an_interval():
    assert "interval" not in report.headline(estimate(RUN.replace(utilisation=0.4)))


def test_chips_are_called_chips():
    assert "256 TPU v4 chips" in report.where(estimate(RUN.replace(device="TPU v4", device_count=256)))
