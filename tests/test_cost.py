"""Money: what the visitor's own price of a device-hour makes of a run, wherever figures are shown."""

import csv
import io
import json

import numpy as np
import pytest

from oce import InputError, Scenario, estimate, estimate_many, exports, units
from oce.__main__ import main
from oce.analysis import Impossible, combinations
from oce.estimation import COST_COLUMNS, OUTPUT_COLUMNS

RUN = {"parameters": 7e9, "tokens": 2e12, "device": "H100", "region": "USA", "device_count": 512}
PRICED = {**RUN, "price_per_device_hour": 2.5, "currency": "EUR"}


def test_cost_is_device_hours_times_the_price_with_their_interval():
    result = estimate(PRICED)
    assert result.cost is not None
    for end in ("low", "central", "high"):
        assert getattr(result.cost, end) == pytest.approx(2.5 * getattr(result.device_hours, end))
    assert result.cost.central == pytest.approx(estimate({**PRICED, "overhead_fraction": 1}).cost.central / 2)


def test_a_price_changes_nothing_else_and_without_one_nothing_is_said():
    with_price, without = estimate(PRICED), estimate(RUN)
    assert with_price.total_co2e_kg == without.total_co2e_kg
    assert without.cost is None
    assert "cost" not in without.to_dict()
    assert "cost" not in exports.to_csv([("one", without)])
    assert "costs" not in exports.statement("one", without)


def test_columns_have_the_cost_only_where_a_price_is_given():
    assert tuple(estimate_many(RUN)) == OUTPUT_COLUMNS
    found = estimate_many([Scenario(**RUN), Scenario(**PRICED)])
    assert set(found) == {*OUTPUT_COLUMNS, *COST_COLUMNS}
    assert np.isnan(found["cost_central"][0])
    assert found["cost_central"][1] == pytest.approx(estimate(PRICED).cost.central)


def test_every_export_says_it():
    result = estimate(PRICED)
    said = units.money(result.cost.central, "EUR")
    assert result.to_dict()["cost"]["central"] == result.cost.central
    (row,) = csv.DictReader(io.StringIO(exports.to_csv([("one", result)])))
    assert float(row["cost_central"]) == result.cost.central
    for text in (exports.statement("one", result), exports.model_card("one", result)):
        assert said in text
    assert said in exports.html_report([("one", result)])


def test_the_command_line_says_it_in_every_form(capsys, tmp_path):
    options = [word for name, value in PRICED.items() for word in ("--" + name.replace("_", "-"), str(value))]
    assert main(["estimate", *options]) == 0
    assert units.money(estimate(PRICED).cost.central, "EUR") in capsys.readouterr().out
    assert main(["estimate", *options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cost"]["central"] == estimate(PRICED).cost.central
    file = tmp_path / "in.csv"
    for fields, wanted in ((RUN, set()), (PRICED, set(COST_COLUMNS))):
        file.write_text(f"{','.join(fields)}\n{','.join(map(str, fields.values()))}\n", encoding="utf-8")
        assert main(["estimate", "--input", str(file)]) == 0
        header = capsys.readouterr().out.splitlines()[0].split(",")
        assert set(header) & set(COST_COLUMNS) == wanted


@pytest.mark.parametrize("currency", ["<b>", "=SUM(A1)", "toolongaword", "€ or so", "a1"])
def test_a_currency_is_a_word_or_a_sign(currency):
    with pytest.raises(InputError, match="currency"):
        Scenario(**{**PRICED, "currency": currency})
    assert "currency" in estimate_many(**{**PRICED, "currency": currency})["error"][0]


def test_a_price_is_of_one_device_and_not_taken_to_another():
    found = combinations.combine(Scenario(**PRICED), ["H100", "A100 SXM 80GB"], ["USA"], [256, 512], against="cost")
    known = np.isfinite(found.columns["cost_central"])
    assert set(found.columns["device"][known]) == {"h100-sxm"}
    assert not np.any(found.pareto_front & ~known)
    with pytest.raises(Impossible, match="price"):
        combinations.combine(Scenario(**RUN), ["H100"], ["USA"], [256], against="cost")
