"""What making a device emits: published figures where there are any, honest words and wide ends where not."""

import math
import re
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oce import InputError, Scenario, catalog, estimate, estimate_many
from oce.estimation import FIGURES
from oce.interval import BOUNDS
from oce.method import embodied
from oce.method.embodied import HOURS_PER_YEAR, SUBJECTS, figures, g_per_device_hour, manufacturing
from tests.support.rules import for_every

RUN = Scenario(
    parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1, throughput="published"
)
HOURS = (6337479.2, 6624561.4, 6911643.5)  # of it: low, central, high
BLOOM = {"life_years": 6, "use_fraction": 0.85}
SPREAD_HOURS = 4 * 8766 * 0.85  # of the default life

DEVICES = catalog.devices()
KNOWN = [one for one in DEVICES if manufacturing(one.id).known]
UNKNOWN = [one for one in DEVICES if not manufacturing(one.id).known]
MANUFACTURED_LIKE = [one for one in DEVICES if one.manufactured_like]
WITH_BETA = [one for one in DEVICES if one.beta_g_per_device_hour]
OF_CARDS = ("card", "card and host share")
USED_CARDS = [one for one in figures() if one.used and one.subject in OF_CARDS]
FIGURE = {one.id: one for one in figures()}
ALWAYS = settings(max_examples=100, deadline=None)
EXACT = 1e-12


def by_id(one) -> str:
    return one.id


def figure_ids(device: catalog.Device) -> list[str]:
    return [one.id for one in USED_CARDS if one.device == device.id]


# --- BLOOM, as published (Luccioni et al. 2022, section 4.1) ---


def test_blooms_server_and_gpus_emit_so_much_an_hour():
    server, gpu = (g_per_device_hour(kg, **BLOOM) / 1000 for kg in (2500, 150))
    assert f"{server:.3f} {gpu:.3f}" == "0.056 0.003"


def test_making_blooms_hardware_emitted_eleven_tonnes():
    gpu_hours = 1.08e6
    tonnes = gpu_hours * g_per_device_hour(2500 / 8 + 150, **BLOOM) / 1e6
    assert f"{tonnes:.1f}" == "11.2"


def test_blooms_server_is_that_of_the_table():
    host = FIGURE["host-bloom"]
    assert (host.kg_co2e, host.devices_per_host) == (2500, 8)
    assert manufacturing("a100").host_kg.low == 2500 / 8


@ALWAYS
@given(st.floats(1, 5000), st.floats(0.1, 15), st.floats(0.02, 0.5))
def test_twice_the_life_or_the_use_halves_the_carbon_of_an_hour(kg, life, use):
    now = g_per_device_hour(kg, life, use)
    assert now == pytest.approx(kg * 1000 / (life * 365.25 * 24 * use), rel=EXACT)
    assert g_per_device_hour(kg, 2 * life, use) == pytest.approx(now / 2, rel=EXACT)
    assert g_per_device_hour(kg, life, 2 * use) == pytest.approx(now / 2, rel=EXACT)
    assert g_per_device_hour(2 * kg, life, use) == pytest.approx(now * 2, rel=EXACT)


# --- the table ---


@for_every("one", figures(), ids=by_id)
def test_every_figure_has_a_boundary_a_method_a_licence_and_a_source(one):
    assert one.kg_co2e > 0
    assert one.subject in SUBJECTS
    for text in (one.boundary, one.method, one.licence, one.source):
        assert text.strip()
    assert (one.devices_per_host is not None) <= (one.subject == "host")
    if one.subject in (*OF_CARDS, "die"):
        assert catalog.device(one.device).id == one.device
    if one.subject == "silicon":
        assert re.fullmatch(r"\d+nm", one.node)


@for_every("one", [one for one in figures() if not one.used], ids=by_id)
def test_a_figure_that_is_only_shown_says_why(one):
    assert one.note.startswith("Not used: ")
    assert len(one.note) > 30


@for_every("one", [one for one in figures() if one.used], ids=by_id)
def test_a_figure_that_is_used_is_not_said_to_be_unused(one):
    assert not one.note.startswith("Not used")
    assert one.subject != "die"  # bare silicon is what the paper counts
    if one.subject == "host":
        assert one.servers


def test_no_device_rests_on_an_output_of_boaviztapi():
    rows = [one for one in figures() if one.source.startswith("boaviztapi")]
    assert len(rows) == 4
    assert not any(one.used for one in rows)
    for one in KNOWN:
        assert not any(source.startswith("boaviztapi") for source in manufacturing(one.id).sources), one.id


@pytest.mark.parametrize("one", [one for one in figures() if one.subject == "silicon"], ids=by_id)
def test_the_arithmetic_on_acts_inputs_is_right(one):
    grid, kwh, gases, materials, share = map(
        float,
        re.match(
            r"\((\S+) g/kWh Taiwan x (\S+) kWh/cm2 \+ (\S+) g gases \+ (\S+) g materials\) / (\S+) yield", one.note
        ).groups(),
    )
    assert one.kg_co2e == pytest.approx((grid * kwh + gases + materials) / share / 1000, abs=0.0006)


@pytest.mark.parametrize(
    ("name", "kg"),
    [
        ("h100-sxm-nvidia", 1312 / 8),
        ("b200-nvidia", 2274 / 8),
        ("memory-a100-falk", 19.3 / 40),
        ("memory-h100-nvidia", 0.42 * 164 / 80),
        ("a100-die", 8.26 * 1.6),
    ],
)
def test_figures_worked_out_from_others_are_right(name, kg):
    assert FIGURE[name].kg_co2e == pytest.approx(kg, rel=1e-9)


@pytest.mark.parametrize(("die", "device"), [("a100-die", "A100"), ("tpu-v4-die", "TPU v4"), ("tpu-v3-die", "TPU v3")])
def test_the_papers_beta_is_the_bare_die_over_a_year(die, device):
    beta = catalog.device(device).beta_g_per_device_hour
    assert FIGURE[die].kg_co2e * 1000 / 8760 == pytest.approx(beta, abs=0.05)


# --- each device ---


@for_every("one", DEVICES, ids=by_id)
def test_the_ends_are_in_order_and_both_parts_sum(one):
    made = manufacturing(one.id)
    for interval in (made.card_kg, made.host_kg, made.kg):
        assert 0 <= interval.low <= interval.central <= interval.high < 5000
    for end in BOUNDS:
        assert getattr(made.kg, end) == getattr(made.card_kg, end) + getattr(made.host_kg, end)
    assert made.kg.low > 0
    assert made.how.strip()
    assert made.sources
    assert all(source.strip() for source in made.sources)
    assert made.published == bool(figure_ids(one)) != made.how.startswith("no published figure")


CARDS = [pytest.param(one, id=one.id) for one in USED_CARDS]


@pytest.mark.parametrize("one", CARDS)
def test_every_used_figure_of_a_card_is_the_devices_central_or_within_its_interval(one):
    made = manufacturing(one.device)
    whole = made.card_kg if one.subject == "card" else made.kg
    assert whole.low <= one.kg_co2e <= whole.high
    assert one.source in made.sources


@pytest.mark.parametrize("one", [one for one in KNOWN if figure_ids(one)], ids=by_id)
def test_the_first_published_figure_of_a_device_is_the_central_one(one):
    same = [figure for figure in USED_CARDS if figure.device == one.id]
    first = next((figure for figure in same if figure.subject == "card and host share"), same[0])
    assert manufacturing(one.id).card_kg.central == first.kg_co2e


def test_a_single_figure_is_as_uncertain_as_figures_of_one_card_differ():
    assert manufacturing("h100-sxm").card_kg.high / manufacturing("h100-sxm").card_kg.low == 273 / 164
    for name, kg in (("a100-pcie-40gb", 120.5), ("l4", 57.5), ("tpu-v4", 513)):
        card = manufacturing(name).card_kg
        assert card.high / card.low == pytest.approx(273 / 164, rel=EXACT)
        assert math.sqrt(card.high * card.low) == pytest.approx(kg, rel=EXACT)


def test_an_h100_is_an_eighth_of_its_board_and_an_eighth_of_a_server():
    made = manufacturing("h100-sxm")
    assert (made.card_kg.low, made.card_kg.central, made.card_kg.high) == (164, 164, 273)
    assert (made.host_kg.low, made.host_kg.high) == (2500 / 8, 6000 / 8)
    assert made.host_kg.central == pytest.approx(math.sqrt(2500 * 6000) / 8)
    assert made.kg.central == 164 + made.host_kg.central


def test_devices_in_one_class_of_server_have_one_share_of_it_whatever_their_year():
    shares: dict[tuple[str, int], set[float]] = {}
    for one in DEVICES:
        made = manufacturing(one.id)
        if made.host_kg.central:
            shares.setdefault((one.server, max(one.devices_per_server, 8)), set()).add(round(made.host_kg.central, 9))
    assert {one: kg for one, kg in shares.items() if one[0] == "datacentre-8" and len(kg) > 1} == {}
    assert (
        manufacturing("a100-sxm-80gb").host_kg == manufacturing("h100-sxm").host_kg == manufacturing("mi300x").host_kg
    )


def test_what_stands_in_a_small_server_has_less_of_a_host_than_in_a_data_centre():
    large = manufacturing("h100-sxm").host_kg.central
    assert not [
        name for name in ("l4", "h100-pcie", "rtx-4090", "gh200") if manufacturing(name).host_kg.central >= large
    ]


def test_a_module_with_its_cpu_may_have_all_of_its_host_in_its_figure():
    assert {manufacturing(one.id).host_kg.low for one in DEVICES if one.server == "superchip"} == {0.0}


def test_a_tpus_host_is_in_its_figure_where_that_says_so():
    assert {manufacturing(name).host_kg.central for name in ("tpu-v4", "tpu-v5p", "tpu7x")} == {0.0}
    assert manufacturing("tpu-v3").host_kg.central == pytest.approx(3550 / 8)


PER_GB = math.sqrt(0.4825 * 0.861)  # kg: between Falk et al.'s and NVIDIA's


@pytest.mark.parametrize(
    ("device", "kg"),
    [
        ("A100", 127.6 + 40 * PER_GB),
        ("A100 40GB", 127.6),
        ("A100-80GB", 127.6 + 40 * PER_GB),
        ("A100 80GB PCIe", 120.5 + 40 * PER_GB),
        ("H20", 164 + 16 * PER_GB),
        ("B300", 284.25 + 90 * PER_GB),
        ("TPU7x", 796 + 97 * PER_GB),
    ],
)
def test_a_device_made_like_another_has_its_figure_and_the_memory_that_it_has_more(device, kg):
    assert manufacturing(catalog.device(device).id).card_kg.central == pytest.approx(kg, rel=EXACT)


@for_every("one", MANUFACTURED_LIKE, ids=by_id)
def test_a_device_made_like_another_emits_more_with_more_memory(one):
    assert not figure_ids(one)  # else the like would be needless
    made, like = manufacturing(one.id), manufacturing(one.manufactured_like)
    memory, of_like = one.memory_gb, catalog.device(one.manufactured_like).memory_gb
    assert catalog.device(one.manufactured_like).name in made.how
    if memory == of_like:
        assert made.card_kg == like.card_kg
        return
    for end in BOUNDS:
        assert (getattr(made.card_kg, end) > getattr(like.card_kg, end)) == (memory > of_like)
    assert f"{abs(memory - of_like):g} GB of memory {'more' if memory > of_like else 'less'}" in made.how


def test_a_v100_from_its_parts_by_hand():
    # 8.15 cm² at ACT's 1.638 kg/cm² for 14 nm, 32 GB, and beyond those what cards with a figure have in the middle:
    # A100 PCIe 120.5 - 8.26 × 2.463 - 40 × 0.64454 = 74.374, A100 SXM4 127.6 - the same = 81.474;
    # two have less (L4 33.3, P100 PCIe 45.0), two more (H100 SXM 88.3, H100 PCIe 91.4)
    card = manufacturing("v100-sxm2-32gb").card_kg
    assert card.central == pytest.approx(8.15 * 1.638 + 32 * PER_GB + (74.374 + 81.474) / 2, abs=0.002)
    assert card.low == pytest.approx(8.15 * 1.638 + 32 * 0.4825 + 33.32, abs=0.005)
    assert card.high == pytest.approx(8.15 * 1.638 + 32 * 0.861 + 91.42, abs=0.005)


PARTS = [one for one in KNOWN if figure_ids(one) and one.die_cm2 and one.process_nm and one.memory_gb]
SILICON = {one.node: one.kg_co2e for one in figures() if one.subject == "silicon"}


def silicon_and_memory(one: catalog.Device) -> float:
    return one.die_cm2 * SILICON[embodied.NODES[round(one.process_nm)]] + one.memory_gb * PER_GB


def rest_without(left_out: catalog.Device) -> float:
    """What other cards have beyond silicon and memory: this card's figure is not to foretell itself."""
    return statistics.median(
        next(figure.kg_co2e for figure in USED_CARDS if figure.device == one.id) - silicon_and_memory(one)
        for one in PARTS
        if manufacturing(one.id).host_kg.central and one.id != left_out.id  # else the host is in the figure
    )


@pytest.mark.parametrize("one", PARTS, ids=by_id)
def test_parts_come_near_the_published_figure_of_a_card_that_they_do_not_know(one):
    made = manufacturing(one.id)
    host = 0 if made.host_kg.central else 3550 / 8  # of a chip whose figure has it in it: all of them are TPUs
    foretold = silicon_and_memory(one) + rest_without(one) + host
    assert 1 / 2.5 < foretold / made.card_kg.central < 2.5
    parts = embodied._from_parts(one)
    assert 1 / 2.5 < (parts.central + host) / made.card_kg.central < 2.5
    assert parts.low < parts.central < parts.high


# --- where little is known ---


def test_of_most_devices_the_silicon_is_known():
    assert {one.id for one in UNKNOWN} == {
        *("gaudi-3", "trainium1", "trainium2", "trainium3", "ascend-910", "ascend-910b", "ascend-910c"),
    }


@pytest.mark.parametrize("one", UNKNOWN, ids=by_id)
def test_without_silicon_that_is_known_the_making_is_a_wide_guess_never_nothing_and_said_so(one):
    card = manufacturing(one.id).card_kg
    assert card.high / card.low > 2 * manufacturing("h100-sxm").card_kg.high_over_low
    result = estimate(RUN.replace(device=one.id, power_w=400, utilisation=0.4, throughput=None))
    assert result.embodied_co2e_kg.low > 0
    (said,) = [note for note in result.assumptions if note.field == "making"]
    assert "silicon not known, as on other accelerators" in said.source
    assert "no_embodied" not in {note.code for note in result.notes}


# --- in the estimate ---


@for_every("one", [one for one in DEVICES if one.tdp_w], ids=by_id)
def test_a_device_hour_has_its_share_of_the_manufacturing(one):
    result = estimate(Scenario(training_flop=1e22, device=one.id, region="FRA"))
    kg, made, hours = manufacturing(one.id).kg, result.embodied_co2e_kg, result.device_hours
    assert made.central == pytest.approx(hours.central * kg.central / SPREAD_HOURS, rel=1e-9)
    assert made.high_over_low > hours.high_over_low
    assert "no_embodied" not in {note.code for note in result.notes}


def test_an_h100s_making_is_carried_into_the_total_as_published():
    result = estimate(RUN)
    hand = [hours * (0.7 * 1.1 * 0.3844 + manufacturing("h100-sxm").kg.central / SPREAD_HOURS) for hours in HOURS]
    total = result.total_co2e_kg
    assert [total.low, total.central, total.high] == pytest.approx(hand, rel=1e-7)


@for_every("one", WITH_BETA, ids=by_id)
def test_the_whole_is_more_than_the_papers_bare_silicon(one):
    run = Scenario(training_flop=1e22, device=one.id, region="FRA")
    full, paper = (estimate(run.replace(embodied=mode)) for mode in ("full", "paper"))
    assert full.embodied_co2e_kg.low > paper.embodied_co2e_kg.low > 0
    assert full.embodied_co2e_kg.central > 5 * paper.embodied_co2e_kg.central
    for name in set(FIGURES) - {"embodied_co2e_kg", "total_co2e_kg"}:
        assert getattr(full, name) == getattr(paper, name)
    hours, made = paper.device_hours, paper.embodied_co2e_kg
    for end in BOUNDS:  # β of Table 3 or by its way, over every device-hour
        assert getattr(made, end) == pytest.approx(getattr(hours, end) * one.beta_g_per_device_hour / 1000, rel=EXACT)


def test_the_whole_is_the_default():
    unsaid, said = (estimate(RUN.replace(embodied=mode)) for mode in (None, "full"))
    spelt = estimate(RUN.replace(embodied="full", device_life_years=4, use_fraction=0.85))
    assert unsaid.total_co2e_kg == said.total_co2e_kg == spelt.total_co2e_kg


@pytest.mark.parametrize("change", [{"device_life_years": 8}, {"device_life_years": 16, "use_fraction": 0.425}])
def test_twice_as_many_hours_of_service_halve_what_each_bears(change):
    made, longer = estimate(RUN).embodied_co2e_kg, estimate(RUN.replace(**change)).embodied_co2e_kg
    for end in BOUNDS:
        assert getattr(longer, end) == pytest.approx(getattr(made, end) / 2, rel=EXACT)


def test_half_the_use_doubles_what_each_hour_bears():
    made, idle = estimate(RUN).embodied_co2e_kg, estimate(RUN.replace(use_fraction=0.425)).embodied_co2e_kg
    for end in BOUNDS:
        assert getattr(idle, end) == pytest.approx(2 * getattr(made, end), rel=EXACT)


def test_neither_life_nor_use_changes_the_papers_making_or_the_operation():
    changed = RUN.replace(device_life_years=8, use_fraction=0.3)
    assert estimate(changed).operational_co2e_kg == estimate(RUN).operational_co2e_kg
    bare = estimate(RUN.replace(embodied="paper"))
    assert estimate(changed.replace(embodied="paper")).total_co2e_kg == bare.total_co2e_kg


def log_floats(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(math.log(low), math.log(high)).map(math.exp)


MADE = st.fixed_dictionaries(
    {
        "training_flop": log_floats(1e16, 1e27),
        "device": st.sampled_from([one.id for one in DEVICES if one.tdp_w]),
        "region": st.sampled_from(["USA", "FRA", "NOR", "paper-uk"]),
    },
    optional={
        "embodied": st.sampled_from(["full", "paper"]),
        "device_life_years": st.floats(0.1, 30),
        "use_fraction": st.floats(0.01, 1),
        "overhead_fraction": st.floats(0, 10),
        "utilisation": st.floats(0.01, 1),
    },
)


@ALWAYS
@given(MADE)
def test_both_parts_make_the_total_whatever_is_counted(fields):
    for mode in ("full", "paper"):
        result = estimate(Scenario(**fields | {"embodied": mode}))
        both = result.operational_co2e_kg.central + result.embodied_co2e_kg.central
        assert result.total_co2e_kg.central == pytest.approx(both, rel=EXACT)
        made = result.embodied_co2e_kg
        assert 0 <= made.low <= made.central <= made.high < math.inf


@ALWAYS
@given(st.lists(MADE, min_size=1, max_size=8))
def test_rows_that_count_the_making_differently_do_not_disturb_each_other(rows):
    rows = [Scenario(**fields) for fields in rows]
    many = estimate_many(rows)
    assert many["error"].tolist() == [""] * len(rows)
    for at, row in enumerate(rows):
        one = estimate(row)
        for name in FIGURES:
            found = [many[f"{name}_{end}"][at] for end in BOUNDS]
            assert found == pytest.approx([getattr(getattr(one, name), end) for end in BOUNDS], rel=EXACT)


@pytest.mark.parametrize("scalar", [{}, {"device_life_years": 6}, {"use_fraction": [0.85] * 5}], ids=str)
def test_a_table_may_mix_the_papers_making_the_whole_and_nothing_said(scalar):
    modes = ["paper", "full", None, "Paper", ""]
    fixed = {name: value for name, value in RUN.given().items() if name != "embodied"}
    many = estimate_many(**fixed, **scalar, embodied=modes)
    assert many["error"].tolist() == [""] * 5
    life = scalar.get("device_life_years", 4)
    kilograms = {
        "paper": HOURS[1] * 1.7 / 1000,
        "full": HOURS[1] * manufacturing("h100-sxm").kg.central / (life * HOURS_PER_YEAR * 0.85),
    }
    expected = [kilograms[(mode or "full").lower()] for mode in modes]
    assert many["embodied_co2e_kg_central"] == pytest.approx(expected, rel=1e-7)
    assert len(set(many["operational_co2e_kg_central"])) == 1
    assert np.all(many["total_co2e_kg_low"] < many["total_co2e_kg_high"])


# --- what is refused ---

REFUSED = [
    *(("device_life_years", value) for value in (0.0, 0.09, 30.5, -4.0, math.inf)),
    *(("use_fraction", value) for value in (0.0, 0.009, 1.01, -0.85, 85.0)),
]


@pytest.mark.parametrize(("field", "value"), REFUSED)
def test_a_life_or_a_use_out_of_range_is_refused_by_its_name(field, value):
    with pytest.raises(InputError) as caught:
        RUN.replace(**{field: value})
    assert [one.field for one in caught.value.problems] == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    REFUSED,
)
def test_a_row_with_a_life_or_a_use_out_of_range_is_refused_alone(field, value):
    many = estimate_many(**RUN.given(), **{field: [value, 0.5, None]})
    assert many["error"][0].startswith(f"{field}: ")
    assert many["error"].tolist()[1:] == ["", ""]
    assert np.isnan(many["total_co2e_kg_central"]).tolist() == [True, False, False]
