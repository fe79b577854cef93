"""What Compare says and draws, without a page: which emits least, and what that rests on."""

import json

import pytest

from oce.errors import InputError
from oce.method import ratio_basis
from pages.sections import side_by_side
from pages.server import preview
from pages.session import compared_scenarios, link, preview_query
from pages.session.compared_scenarios import Compared, Entry
from pages.session.targets import Targets
from pages.views import compare

OWN = link.fields_of("llama-3-70b")
NOTHING = Targets()


def compared(entries, own=OWN):
    return compared_scenarios.estimates(entries, own, None)


def viewed(found, at=0, wanted=NOTHING):
    return side_by_side.content(found, at, found.named[1 if at == 0 else 0], wanted)


def test_a_speed_that_rests_on_no_measurement_says_so_beside_the_ratio_and_in_the_headline():
    found = compared([Entry({"device": one}) for one in ("h100-sxm", "a100-sxm-80gb", "tpu-v6e")])
    rows = viewed(found).tables["comparison"].rows
    words = next(row for row in rows if row[0] == "Speed of the two devices")
    assert words[1:3] == ("", "measured")
    assert words[3] == ratio_basis.WORDS["bracketed"]
    for at, name in enumerate(found.names):
        weak = Compared([found.named[at], found.named[2 if at < 2 else 0]], {})
        for baseline in (0, 1):
            headline = viewed(weak, baseline).headline
            assert "may emit" in headline or "No clear difference" in headline, name
            assert ratio_basis.WORDS["bracketed"] in headline


def test_what_the_devices_speed_rests_on_is_said_once_a_device_and_not_where_it_is_one():
    entries = [Entry({"device": one}) for one in ("h100-sxm", "tpu-v4", "tpu-v4")] + [Entry({"region": "FRA"})]
    said = viewed(compared(entries, {**OWN, "device": "h100-sxm"})).paragraphs["bases"]
    assert said.count("against") == 2  # the heading's and the sentence's
    assert "TPU v4 against H100 SXM: never measured on one stack" in said.replace("\\", "")


def test_stages_add_up_to_the_headline_and_their_shares_to_all():
    shown = compare.content_of_sum(compared([Entry(model="llama-3-8b"), Entry(model="llama-3-70b")]))
    rows = shown.tables["sums"].rows
    assert shown.tables["sums"].columns[-1] == "Together"
    assert next(row for row in rows if row[0] == "Total")[-1] in shown.headline
    assert sum(float(share.rstrip("%")) for share in rows[0][1:-1]) == 100


PLANNER = (  # 512 H100 in Virginia, 1,024 A100 in Ireland, TPU v4 in Oklahoma
    "device-h100-sxm~device_count-512~region-aws:us-east-1~pue-"
    "~~device-a100-sxm-80gb~device_count-1024~region-IRL~pue-"
    "~~device-tpu-v4~device_count-512~region-gcp:us-central2:own~pue-"
)
RUN = {"parameters": 13e9, "tokens": 1.9e12, "year": 2024.0}
WANTED = {"deadline_days": "45", "carbon_budget_t": "200"}


def planned(**query):
    return compare.previewed(RUN, {"compare": PLANNER, **query})


def test_the_planner_reads_the_verdict_first_with_the_chance_of_every_option():
    shown = planned(**WANTED)
    assert shown.headline.startswith("All three stay within 200 t CO2e even at the high end; only ")
    assert "finish within 45 days even if slow" in shown.headline
    assert shown.headline.endswith("Carbon does not tell them apart.")
    rows = {row[0]: row[1:] for row in shown.tables["comparison"].rows}
    for limit in ("finish within 45 days", "stay within 200 t CO2e"):
        chances = rows[f"Chance to {limit}"]
        assert len(chances) == 3
        assert all(chance in shown.paragraphs["chances"] for chance in chances)
    assert shown.paragraphs["standing"].rstrip(".") in planned().headline.replace("'", "&#x27;")


def test_without_a_limit_there_is_no_verdict_and_what_cannot_be_used_is_named():
    shown = planned()
    assert (shown.paragraphs["chances"], shown.paragraphs["standing"]) == ("", "")
    assert not any(row[0].startswith("Chance") for row in shown.tables["comparison"].rows)
    with pytest.raises(InputError, match="deadline_days"):
        planned(deadline_days="soon")
    with pytest.raises(InputError, match="alike"):
        planned(alike="perhaps")


def test_grids_that_are_not_counted_alike_are_named_above_the_headline_until_they_are():
    shown, alike = planned(), planned(alike="yes")
    for words in ("consumption-based", "production-based", "Google", "N. Virginia (AWS)", "Ireland"):
        assert words in shown.paragraphs["grids"]
    assert alike.paragraphs["grids"] == ""
    grids = next(row[1:] for row in alike.tables["comparison"].rows if row[0] == "Grid")
    assert all(grid.endswith("g/kWh, lifecycle, consumption-based, 2025") for grid in grids)
    assert "No clear difference" in alike.headline


def test_a_place_without_a_figure_that_counts_alike_is_named_though_alike_was_asked():
    entries = "region-CN-BJ~~region-aws:us-east-1"
    shown = compare.previewed(OWN, {"compare": entries, "alike": "yes"})
    assert shown.paragraphs["grids"].startswith("Not every place has a figure that counts like the others")
    assert "Beijing direct" in shown.paragraphs["grids"]


def test_what_is_asked_of_compare_is_in_its_link_and_plan_has_the_same_limits():
    assert {*WANTED, "alike"} <= set(link.OF_PAGES["compare"])
    assert set(WANTED) <= set(link.OF_PAGES["plan"])


def test_what_a_slider_shows_while_it_moves_has_the_verdict_and_the_grids_of_the_link():
    query = {"parameters": "13e9", "tokens": "1.9e12", "compare": PLANNER, **WANTED, preview_query.PAGE: "compare"}
    slow, fast = (json.loads(preview.answer({**query, "tokens": tokens}))["texts"] for tokens in ("1.9e12", "3e11"))
    assert slow["headline"].startswith("All three stay within 200 t CO₂e")
    assert fast["headline"] != slow["headline"]
    assert "Chance to finish within 45 days" in slow["chances"]
    assert slow["grids"]
    assert not json.loads(preview.answer({**query, "alike": "yes"}))["texts"]["grids"]


def test_a_slider_of_one_option_moves_that_option_alone_in_the_preview():
    query = {"parameters": "13e9", "tokens": "1.9e12", "compare": PLANNER, preview_query.PAGE: "compare"}
    asked = {**query, preview_query.OPTION: "1~tokens", preview_query.VALUE: "4e12"}
    moved = json.loads(preview.answer(asked))["texts"]
    entries = PLANNER.replace("~region-IRL", "~region-IRL~tokens-4e12")
    shown = json.loads(preview.answer({**query, "compare": entries}))["texts"]
    beside, of_all = moved.pop("answer"), shown.pop("answer")  # in the sidebar, which shows that option
    assert moved == shown
    assert beside != of_all
    for wrong in ({preview_query.OPTION: "3~tokens"}, {preview_query.OPTION: "1~colour"}, {preview_query.VALUE: "-1"}):
        with pytest.raises(InputError):
            preview.answer({**asked, **wrong})


def test_before_a_cell_a_phone_has_the_device_or_where_that_tells_nothing_the_options_number():
    devices = [Entry({"device": device}) for device in ("h100-sxm", "a100-sxm-80gb")]
    assert viewed(compared(devices)).tables["comparison"].labels == ("H100 SXM", "A100 SXM4 80GB")
    places = [Entry({"region": region}) for region in ("aws:us-east-1", "IRL", "FRA")]
    assert viewed(compared(places)).tables["comparison"].labels == ("Option 1", "Option 2", "Option 3")
    with_refused = compared([places[0], Entry({"device": "h100-sxm", "power_w": "-1"}), places[1]])
    assert list(with_refused.refused) == [1]
    assert side_by_side.labels(with_refused) == ["Option 1", "Option 3"]
