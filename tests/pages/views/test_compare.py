"""What Compare says and draws, without a page: which emits least, and what that rests on."""

from oce.method import ratio_basis
from pages.session import compared_scenarios, link
from pages.session.compared_scenarios import Compared, Entry
from pages.views import compare

OWN = link.fields_of("llama-3-70b")


def compared(entries, own=OWN):
    return compared_scenarios.estimates(entries, own, None)


def viewed(found, at=0):
    return compare.content(found, at, found.named[1 if at == 0 else 0])


def test_a_speed_that_rests_on_no_measurement_says_so_beside_the_ratio_and_in_the_headline():
    found = compared([Entry({"device": one}) for one in ("h100-sxm", "a100-sxm-80gb", "tpu-v6e")])
    rows = viewed(found).tables["comparison"].rows
    words = next(row for row in rows if row[0] == "Speed of the two devices")
    assert words[1:3] == ("", "measured")
    assert words[3] == ratio_basis.WORDS["bracketed"]
    for at, name in enumerate(found.names):
        weak = Compared([found.named[at], found.named[2 if at < 2 else 0]], [])
        for baseline in (0, 1):
            headline = viewed(weak, baseline).headline
            assert "may emit" in headline, name
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
