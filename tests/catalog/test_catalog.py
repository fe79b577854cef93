"""The data: every row sound and sourced, every name meaning one thing, every damage noticed."""

import copy
import csv
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from oce import InputError, catalog, estimate
from oce.analysis import inference, water
from oce.catalog import caches, device_lookup, grid_basis, measurements, reader
from oce.cli import main
from oce.evaluation import own_measurements
from oce.field import accuracy, energy_sources, projects, timeline
from oce.method import embodied, footprint_uncertainty, scaling, sequence_speed, system_power
from tests.support.rules import for_every

DATA = Path(__file__).parents[2] / "data"
TABLES = {
    "devices.csv": catalog.devices,
    "regions.csv": catalog.regions,
    "regions_odbl.csv": catalog.regions,
    "grids_alike_odbl.csv": grid_basis.figures_alike,
    "models.csv": catalog.models,
    "training_runs.csv": catalog.runs,
    "project_stages.csv": projects.stages,
    "same_stack.csv": measurements.contrasts,
    "pue.csv": catalog.pues,
    "system_power.csv": system_power.meters,
    "own_measurements.csv": own_measurements.rows,
    "sequence_speed.csv": sequence_speed.rates,
    "same_stack_scaling.csv": scaling.series,
    "published_batches.csv": scaling.batches,
    "grid_spread.csv": footprint_uncertainty.spreads,
    "equivalences.csv": catalog.equivalences,
    "cloud_locations.csv": catalog.locations,
    "cloud_machines.csv": catalog.machines,
    "place_names.csv": catalog.places,
    "paper.csv": catalog.paper_rows,
    "benchmarks.csv": accuracy.scored,
    "timeline.csv": timeline.milestones,
    "energy_sources.csv": energy_sources.sources,
    "survey.csv": energy_sources.survey,
    "embodied.csv": embodied.figures,
    "inference.csv": inference.rows,
    "water.csv": water.figures,
}


def raw(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the files ---


def test_every_table_of_the_data_is_read():
    assert {path.name for path in DATA.glob("*.csv")} == set(TABLES)


@for_every("name", [name for name in TABLES if name != "project_stages.csv"])  # a stage holds a mapping of its fields
def test_rows_are_values_and_can_be_keys(name):
    rows = TABLES[name]()
    assert {copy.deepcopy(row) for row in rows} == set(rows)
    assert len(set(rows)) == len(rows)


@for_every("name", TABLES)
def test_every_row_is_loaded_under_an_id_of_its_own_and_has_a_source(name):
    loaded = {one.id: one for one in TABLES[name]()}
    rows = raw(name)
    assert len({row["id"] for row in rows}) == len(rows) > 0
    for row in rows:
        assert row["id"] == row["id"].strip() != ""
        assert loaded[row["id"]].source == row["source"].strip() != ""
    assert (
        len(loaded) == len(TABLES[name]()) == sum(len(raw(other)) for other in TABLES if TABLES[other] == TABLES[name])
    )


def test_sources_md_speaks_of_every_data_file():
    told = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    names = [path.name for path in DATA.iterdir() if path.suffix in (".csv", ".geojson") or "LICENSE" in path.name]
    assert len(names) > len(TABLES)
    assert [name for name in names if name not in told] == []


def test_every_location_is_one_of_a_cloud_region_a_state_or_a_zone():
    located = {one.id for one in catalog.locations()}
    assert located <= {one.id for one in catalog.regions() if one.kind in ("cloud", "subnational")}
    states = {one.id for one in catalog.regions() if one.id.startswith("US-") and len(one.id) == 5}
    assert states <= located
    assert len(states) > 50


def test_the_countries_of_the_map_have_codes_of_their_own_and_most_have_a_figure():
    codes = [feature["id"] for feature in catalog.world()["features"]]
    figures = {one.id for one in catalog.regions() if one.kind == "country"}
    assert len(set(codes)) == len(codes)
    assert set(codes) - figures == {"ATF", "CYN", "SOL", "XKX"}  # no electricity figure: grey on the map
    assert "ATA" not in codes
    assert (DATA / "world.geojson").stat().st_size < 200_000


def test_the_data_have_a_version():
    assert catalog.data_version() == (DATA / "VERSION").read_text(encoding="utf-8").strip() != ""


# --- names ---


def collisions(things, names_of, normal) -> dict[str, set[str]]:
    """Names, as the catalogue compares them, that stand for more than one thing."""
    ids = defaultdict(set)
    for one in things:
        for name in filter(None, names_of(one)):
            ids[normal(name)].add(one.id)
    return {name: found for name, found in ids.items() if len(found) > 1}


def test_no_two_devices_share_a_name():
    assert not collisions(catalog.devices(), lambda one: (one.id, one.name, *one.aliases), device_lookup.device_key)


def test_no_two_regions_share_a_name():
    def names(one: catalog.Region) -> tuple[str, ...]:
        return (one.id, one.name, one.country_iso2 if one.kind == "country" else "", *one.aliases)

    assert not collisions(catalog.regions(), names, str.casefold)


def test_no_two_models_share_a_name():
    assert not collisions(catalog.models(), lambda one: (one.id, one.name), str.casefold)


def test_every_name_finds_its_own_row_in_any_case():
    for find, things in ((catalog.device, catalog.devices()), (catalog.region, catalog.regions())):
        for one in things:
            for name in (one.id, one.name, *one.aliases):
                assert find(name) is find(f" {name.upper()} ") is find(name.lower()) is one


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("H100 SXM", "h100-sxm"),
        ("h100-sxm", "h100-sxm"),
        ("H100", "h100-sxm"),
        ("H100_SXM", "h100-sxm"),
        ("NVIDIA H100 SXM5 80GB", "h100-sxm"),
        ("A100", "a100"),
        ("nvidia a100", "a100"),
        ("A100 80GB", "a100-sxm-80gb"),
        ("TPU v4", "tpu-v4"),
        ("google tpu-v4", "tpu-v4"),
        ("Tesla V100", "v100"),
        ("Instinct MI300X", "mi300x"),
    ],
)
def test_a_device_is_found_by_what_people_call_it(name, found):
    assert catalog.device(name).id == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("USA", "USA"),
        ("US", "USA"),
        ("United States", "USA"),
        ("FRA", "FRA"),
        ("fr", "FRA"),
        ("france", "FRA"),
        ("UK", "GBR"),
        ("World", "WORLD"),
        ("California", "US-CA"),
        ("Georgia", "GEO"),
        ("us-east-1", "aws:us-east-1"),
        ("paper-usa", "paper-usa"),
    ],
)
def test_a_region_is_found_by_code_and_name(name, found):
    assert catalog.region(name).id == found


@pytest.mark.parametrize(
    ("find", "name", "near"),
    [
        (catalog.device, "H10O", "H100 SXM"),
        (catalog.device, "tpu v44", "TPU v4"),
        (catalog.region, "Frnace", "France"),
        (catalog.region, "Unted States", "United States"),
        (catalog.model, "lama 3 70b", "Llama 3 70B"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(find, name, near):
    with pytest.raises(InputError) as caught:
        find(name)
    assert near in caught.value.problems[0].near
    assert f"“{name}”" in str(caught.value)


@for_every("find", [catalog.device, catalog.region, catalog.model])
@for_every("name", ["", " ", "-", "NVIDIA", "x" * 5000, "\x00", "'; DROP TABLE"])
def test_nothing_much_is_no_name(find, name):
    with pytest.raises(InputError):
        find(name)


# --- physical range ---


def test_devices_lie_in_their_physical_range():
    for one in catalog.devices():
        assert one.unit in {"GPU", "chip", "system"}
        assert (one.unit == "system") == (one.vendor == "Cerebras")
        assert (one.unit == "GPU") == (one.vendor in {"NVIDIA", "AMD"})
        assert one.tdp_w is None or 50 <= one.tdp_w <= 1500
        assert 4 <= one.memory_gb <= 512
        assert 200 <= one.memory_bandwidth_gb_per_s <= (1e8 if one.unit == "system" else 10_000), one.id
        assert 1 <= one.devices_per_server <= 16
        assert one.year is None or 2014 <= one.year <= 2026
        assert one.training_precision in one.peak_tflops
        assert all(0 < peak <= 16_000 for peak in one.peak_tflops.values())
        assert one.beta_g_per_device_hour is None or 0.1 <= one.beta_g_per_device_hour <= 5
        if one.has_alpha:
            assert -12 <= one.log10_alpha_low <= one.log10_alpha_high <= 130
            assert one.alpha_source


def test_dies_lie_in_their_physical_range():
    for one in catalog.devices():
        assert one.die_cm2 is None or 0.5 <= one.die_cm2 <= 500
        assert one.process_nm is None or 3 <= one.process_nm <= 28
        if one.die_cm2 is not None and one.process_nm is not None:
            assert one.process_nm in embodied.NODES, one.id
    assert set(embodied.NODES.values()) <= {one.node for one in embodied.figures() if one.subject == "silicon"}


def test_what_a_device_is_made_like_is_another_device_and_no_circle():
    for one in catalog.devices():
        seen = [one.id]
        while like := catalog.device(seen[-1]).manufactured_like:
            assert like in {other.id for other in catalog.devices()}  # an id, not another of its names
            assert like not in seen
            seen.append(like)
        if one.manufactured_like:
            assert embodied.manufacturing(seen[-1]) is not None, one.id


def test_half_precision_is_never_slower_than_single_where_there_are_tensor_cores():
    for one in catalog.devices():
        if "bf16" in one.peak_tflops and "fp32" in one.peak_tflops:
            assert one.peak_tflops["bf16"] > one.peak_tflops["fp32"]
        if "bf16" in one.peak_tflops and "fp16" in one.peak_tflops:
            assert one.peak_tflops["bf16"] == one.peak_tflops["fp16"]
        if "fp8" in one.peak_tflops:
            assert one.peak_tflops["fp8"] >= one.peak_tflops["bf16"]
        if "fp4" in one.peak_tflops:
            assert one.peak_tflops["fp4"] >= one.peak_tflops["fp8"]


def test_a_row_counted_as_another_is_the_same_chip_on_the_same_link():
    """A PCIe card or an export variant is another device than the SXM card, with a speed of its own."""
    for one in catalog.devices():
        if one.counted_as:
            other = catalog.device(one.counted_as)
            same = (one.vendor, one.generation, one.interconnect, one.peak_tflops[one.training_precision])
            assert same == (
                *(other.vendor, other.generation, other.interconnect),
                other.peak_tflops[other.training_precision],
            ), one.id
    apart = [one for one in catalog.devices() if one.interconnect == "pcie" or "export" in one.generation]
    assert not [one.id for one in apart if one.counted_as]


def test_a_name_without_a_variant_has_the_memory_of_the_device_that_it_is_counted_as():
    for name in ("A100", "V100"):
        one = catalog.device(name)
        counted = catalog.device(one.counted_as)
        assert (one.memory_gb, one.memory_bandwidth_gb_per_s) == (counted.memory_gb, counted.memory_bandwidth_gb_per_s)
        assert f"{counted.memory_gb:g} GB" in one.note


def test_the_link_fits_the_server():
    links = {
        "datacentre-8": {"nvlink", "infinity fabric", "ethernet", "hccs"},
        "superchip": {"nvlink", "nvlink rack", "infinity fabric"},
        "pcie": {"pcie"},
        "inference": {"pcie"},
        "workstation": {"pcie", "nvlink"},  # a DGX Station has NVLink
        "tpu-tray": {"ici"},
        "trainium": {"neuronlink"},
        "wafer": {"on-wafer"},
    }
    assert set(links) == set(catalog.SERVERS)
    assert not [one.id for one in catalog.devices() if one.interconnect not in links[one.server]]
    assert not [one.id for one in catalog.devices() if "PCIe" in one.name and one.interconnect != "pcie"]


def test_geforce_cards_have_their_peak_with_fp32_accumulation():
    """On them it is half of what they do with fp16 accumulation: twice fp32 from Ampere on, four times in Turing."""
    geforce = [one for one in catalog.devices() if any("GeForce RTX" in name for name in one.aliases)]
    assert geforce
    for one in geforce:
        factor = 4.2 if one.generation == "Turing" else 2  # Turing has half the fp32 units a core
        assert one.peak_tflops["fp16"] == pytest.approx(factor * one.peak_tflops["fp32"], rel=0.02), one.id


def test_an_a10g_is_an_a10_at_twice_the_power_and_says_that_its_peaks_are_assumed():
    a10, a10g = catalog.device("A10"), catalog.device("A10G")
    assert (a10.tdp_w, a10g.tdp_w) == (150, 300)
    assert a10g.peak_tflops["bf16"] == a10.peak_tflops["bf16"]
    assert "assumed" in a10g.note


def test_regions_lie_in_their_physical_range():
    for one in catalog.regions():
        assert 0 <= one.g_per_kwh <= 1500
        assert one.year is None or 2009 <= one.year <= 2026
        assert one.pue is None or 1 <= one.pue <= 2


def test_no_reported_run_uses_more_than_the_peak_of_its_devices():
    reported = [one for one in catalog.models() if one.device_hours_reported]
    assert reported
    for one in reported:
        device = catalog.device(str(one.fields["device"]))
        flop = one.fields.get("training_flop") or (
            6 * (one.fields.get("active_parameters") or one.fields["parameters"]) * one.fields["tokens"]
        )
        peak_flop = device.peak_tflops[device.training_precision] * 1e12 * 3600 * one.device_hours_reported
        assert 0.01 < flop / peak_flop <= 1, one.id


def test_equivalences_are_of_carbon_or_of_energy():
    for one in catalog.equivalences():
        assert (one.kg_co2e_per_unit or 0) > 0 or (one.kwh_per_unit or 0) > 0
        assert one.kind == ("carbon" if one.kg_co2e_per_unit else "energy")


# --- what an intensity stands for ---


def test_every_country_is_lifecycle_from_ember():
    countries = [one for one in catalog.regions() if one.kind in {"country", "world"}]
    assert len(countries) > 200
    assert {one.basis for one in countries} == {"lifecycle"}
    assert all(one.source.startswith("Ember") for one in countries)
    assert all(one.year for one in countries)


@pytest.mark.parametrize(
    ("origin", "basis"),
    [
        ("EGRID", "direct"),
        ("MEE", "direct"),
        ("Google Cloud region carbon data", "location-based operational"),
        ("Ember", "lifecycle"),
        ("Electricity Maps", "lifecycle"),
        ("OpenCarbonEval", "unstated"),
    ],
)
def test_figures_of_one_origin_have_one_basis(origin, basis):
    found = [one for one in catalog.regions() if origin.casefold() in one.source.casefold()]
    assert found
    assert {one.basis for one in found} == {basis}


def test_a_place_is_never_given_twice_under_one_name_with_two_bases():
    assert catalog.region("USA").basis == "lifecycle"
    assert catalog.region("United States (eGRID)").basis == "direct"


def test_a_place_has_one_figure_on_one_basis_whichever_the_provider():
    """Virginia, Ohio, Oregon, Iowa, Georgia, Frankfurt, Montréal and Tokyo, each at several providers."""
    places = [
        ("aws:us-east-1", "azure:eastus", "azure:eastus2", "gcp:us-east4", "ovh:us-vint_hill"),
        ("aws:us-east-2", "gcp:us-east5"),
        ("aws:us-west-2", "gcp:us-west1", "ovh:us-hillsboro"),
        ("azure:centralus", "gcp:us-central1"),
        ("azure:eastus3", "gcp:us-east2"),
        ("aws:eu-central-1", "azure:germanywestcentral", "gcp:europe-west3", "ovh:de-frankfurt"),
        ("aws:ca-central-1", "azure:canadaeast", "gcp:northamerica-northeast1", "ovh:ca-beauharnois"),
        ("aws:ap-northeast-1", "azure:japaneast", "gcp:asia-northeast1"),
    ]
    for names in places:
        found = [catalog.region(name) for name in names]
        assert len({(one.g_per_kwh, one.basis, one.year) for one in found}) == 1, names
    cloud = [one for one in catalog.regions() if one.kind == "cloud" and not one.id.endswith(":own")]
    assert {one.basis for one in cloud} == {"lifecycle"}


def test_a_providers_own_figure_is_a_choice_of_its_own():
    own = [one for one in catalog.regions() if one.id.endswith(":own")]
    assert own
    assert {one.basis for one in own} == {"location-based operational"}
    assert not [one.id for one in own if catalog.region(one.id.removesuffix(":own")).pue != one.pue]


def test_the_european_union_is_a_place():
    members = re.findall("...", "AUTBELBGRHRVCYPCZEDNKESTFINFRADEUGRCHUNIRLITALVALTULUXMLTNLDPOLPRTROUSVKSVNESPSWE")
    assert len(members) == 27
    mean = sum(catalog.region(one).g_per_kwh for one in members) / len(members)
    assert catalog.region("EU-27").g_per_kwh == pytest.approx(mean, abs=0.005)


def test_a_figure_that_is_a_placeholder_is_marked_and_said():
    found = [one for one in catalog.regions() if one.placeholder]
    assert {one.id for one in found} == {one.id for one in catalog.regions() if one.note.startswith("Exactly 1,000")}
    assert "UZB" in {one.id for one in found}
    result = estimate({"training_flop": 1e22, "device": "H100", "region": "UZB"})
    assert "placeholder" in {note.code for note in result.notes}


def test_share_alike_data_stay_in_a_file_of_their_own():
    share_alike = re.compile(r"odbl|by-sa|share", re.IGNORECASE)
    assert not [row["id"] for row in raw("regions.csv") if share_alike.search(row["licence"])]
    for name in ("regions_odbl.csv", "grids_alike_odbl.csv"):
        assert all(share_alike.search(row["licence"]) for row in raw(name))
    assert (DATA / "regions_odbl.LICENSE.txt").exists()


# --- the paper's numbers ---


@pytest.mark.parametrize(
    ("name", "watts", "precision", "peak", "low", "high"),
    [
        ("TPU v2", 280, "bf16", 46, -1, -0.5),
        ("TPU v3", 450, "bf16", 123, 3, 13),
        ("TPU v4", 300, "bf16", 275, 15, 40),
        ("K80", 300, "fp32", 8.73, -6.7, -6.6),
        ("P100", 300, "fp16", 21.2, -4.5, -3.8),
        ("V100", 300, "fp16", 125, -2, 10),
        ("A100", 400, "bf16", 312, 20, 50),
        ("H100", 700, "bf16", 989, 100, 110),
    ],
)
def test_table_1(name, watts, precision, peak, low, high):
    one = catalog.device(name)
    assert (one.tdp_w, one.peak_tflops[precision]) == (watts, peak)
    assert (one.log10_alpha_low, one.log10_alpha_high) == (low, high)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("A100 (released data)", 31.9303, 44.7140),
        ("A100 SXM4 40 GB", 24.5889, 37.9713),
        ("A100 SXM4 80 GB", 36.1129, 50.5058),
        ("V100 (released data)", -0.1726, 10.4692),
        ("V100 DGXS 32 GB", -2.5602, -0.1724),
        ("TPU v3 (released data)", 3.3304, 13.1396),
        ("TPU v4 (released data)", 26.0815, 36.1286),
        ("A800", 53.8604, 53.8604),
        ("Ascend 910", 36.6362, 36.6362),
    ],
)
def test_the_released_alphas_of_the_variants(name, low, high):
    one = catalog.device(name)
    assert (round(one.log10_alpha_low, 4), round(one.log10_alpha_high, 4)) == (low, high)


@pytest.mark.parametrize(("name", "beta"), [("A100", 1.5), ("H100", 1.7), ("TPU v3", 0.8), ("V100", 1.1)])
def test_table_3_betas(name, beta):
    assert catalog.device(name).beta_g_per_device_hour == beta


def test_the_papers_intensities_are_a_set_of_their_own():
    assert {one.id: one.g_per_kwh for one in catalog.regions() if one.kind == "paper"} == {
        "paper-usa": 409,
        "paper-china": 581,
        "paper-uk": 214,
        "paper-germany": 425,
        "paper-canada": 76,
        "paper-uae": 673,
        "paper-mixed": 436,
        "paper-glm": 581,
        "paper-bloom": 57,
        "paper-starcoder": 155,
        "paper-llama-3": 424,
        "paper-vit-swin": 369,
    }


# --- presets ---


@for_every("preset", catalog.models(), ids=lambda one: one.id)
def test_every_preset_is_estimated_by_the_published_throughput_unless_its_device_has_no_alpha(preset):
    scenario = preset.scenario().replace(throughput="published")
    device, region = catalog.device(scenario.device), catalog.region(scenario.region)
    assert (device.id, region.id) == (scenario.device, scenario.region)
    if device.has_alpha:
        assert estimate(scenario).total_co2e_kg.central > 0
    else:
        with pytest.raises(InputError, match="the paper has an α for"):
            estimate(scenario)


@pytest.mark.parametrize(
    "name",
    [
        *("GPT-3 175B", "BLOOM 176B", "GLM-130B", "StarCoder 15B", "Llama 2 7B", "Llama 2 70B", "Llama 3 70B"),
        *("Llama 3.1 405B", "DeepSeek-V3 671B", "ViT-L/16", "Swin-L", "Stable Diffusion v1"),
    ],
)
def test_the_models_that_everyone_knows_are_presets(name):
    assert catalog.model(name.lower()).name == name


def test_a_mixture_of_experts_says_how_many_parameters_are_active():
    for one in catalog.models():
        assert one.architecture.strip()
        if "active_parameters" in one.fields:
            assert one.fields["active_parameters"] < one.fields["parameters"]
    assert catalog.model("deepseek-v3").fields["active_parameters"] == pytest.approx(37e9, rel=0.02)


# --- damage ---


@pytest.fixture
def data(tmp_path, monkeypatch) -> Iterator[Path]:
    """A copy of the data, which the catalogue then reads."""
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    monkeypatch.setattr(reader, "data_folder", lambda: copy)
    caches.clear()
    yield copy
    monkeypatch.undo()
    caches.clear()


def put(path: Path, line: int, column: str, text: str) -> None:
    """Write ``text`` into one cell; the header is line 1."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[line - 1][rows[0].index(column)] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def complaint(name: str) -> str:
    with pytest.raises(reader.DataError) as caught:
        TABLES[name]()
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "line", "column", "text", "wrong"),
    [
        ("devices.csv", 5, "id", "", "id is empty"),
        ("devices.csv", 5, "tdp_w", "many", "tdp_w is “many”, not a number"),
        ("devices.csv", 6, "tdp_w", "0", "tdp_w is 0, outside"),
        ("devices.csv", 7, "year", "20022", "year is 20022, outside"),
        ("devices.csv", 7, "year", "2022.5", "year is 2022.5"),
        ("devices.csv", 9, "peak_bf16_tflops", "-1", "peak_bf16_tflops is -1, outside"),
        ("devices.csv", 2, "log10_alpha_low", "", "log10_alpha_low and _high are not a range"),
        ("devices.csv", 2, "log10_alpha_low", "5", "log10_alpha_low and _high are not a range"),
        ("devices.csv", 2, "alpha_source", "", "alpha_source is empty"),
        ("devices.csv", 3, "training_precision", "int3", "training_precision is “int3”, not one of"),
        ("devices.csv", 59, "source", " ", "source is empty"),
        ("regions.csv", 100, "g_per_kwh", "", "g_per_kwh is empty"),
        ("regions.csv", 100, "g_per_kwh", "-0.1", "g_per_kwh is -0.1, outside"),
        ("regions.csv", 101, "g_per_kwh", "nan", "g_per_kwh is nan, outside"),
        ("regions.csv", 450, "basis", "guess", "basis is “guess”, not one of"),
        ("regions_odbl.csv", 9, "pue", "0.9", "pue is 0.9, outside"),
        ("project_stages.csv", 2, "run", "llama-4", "run is “llama-4”, not an id of training_runs.csv"),
        ("models.csv", 4, "kind", "guess", "kind is “guess”, not one of published run, example"),
        ("models.csv", 4, "device", "", "device is empty"),
        ("models.csv", 4, "region", "", "region is empty"),
        ("models.csv", 4, "tokens", "15T", "tokens is “15T”, not a number"),
        ("models.csv", 4, "device_count", "0", "device_count is 0, outside"),
        ("training_runs.csv", 2, "device", "a101", "device is “a101”, not an id of data/devices.csv"),
        ("training_runs.csv", 2, "device", "", "device is empty"),
        ("training_runs.csv", 23, "precision", "bf16", "precision is “bf16”, for which V100 SXM2 32GB has no peak"),
        ("training_runs.csv", 3, "kind", "run", "kind is “run”, not one of"),
        ("training_runs.csv", 3, "flop_independent_of_time", "", "flop_independent_of_time is “”, not one of"),
        ("training_runs.csv", 3, "device_hours", "0", "device_hours is 0, outside"),
        ("training_runs.csv", 3, "device_hours_basis", "", "device_hours_basis is empty"),
        ("training_runs.csv", 3, "utilisation_usable", "yes", "utilisation_usable is “yes”, not one of"),
        ("training_runs.csv", 164, "confidence", "sure", "confidence is “sure”, not one of"),
        ("pue.csv", 6, "pue", "4", "pue is 4, outside"),
        ("equivalences.csv", 2, "kg_co2e_per_unit", "x", "kg_co2e_per_unit is “x”, not a number"),
        ("benchmarks.csv", 2, "score", "", "score is empty"),
        ("benchmarks.csv", 2, "score", "351", "score is 351, outside"),
        ("benchmarks.csv", 2, "score_source", "", "score_source is empty"),
        ("benchmarks.csv", 2, "status", "drawn", "status is “drawn”, not one of"),
        ("benchmarks.csv", 2, "benchmark", "glue", "benchmark is “glue”, not one of"),
        ("benchmarks.csv", 2, "device", "", "device is empty"),
        ("benchmarks.csv", 2, "device", "a101", "device is “a101”, not an id of data/devices.csv"),
        ("benchmarks.csv", 2, "figure_7", "", "figure_7 is “”, not one of"),
        ("timeline.csv", 2, "date", "2024-04", "date is “2024-04”, not a date such as 2024-04-18"),
        ("timeline.csv", 2, "paper_training_flop", "", "paper_training_flop is empty"),
        ("timeline.csv", 2, "training_flop", "7", "training_flop is 7, outside"),
        ("timeline.csv", 2, "device", "a101", "device is “a101”, not an id of data/devices.csv"),
        ("timeline.csv", 2, "task", "", "task is empty"),
        ("energy_sources.csv", 2, "low_carbon", "maybe", "low_carbon is “maybe”, not one of"),
        ("energy_sources.csv", 2, "g_per_kwh", "-1", "g_per_kwh is -1, outside"),
        ("energy_sources.csv", 2, "set", "", "set is “”, not one of"),
        ("survey.csv", 2, "value", "many", "value is “many”, not a number"),
        ("survey.csv", 2, "place", "", "place is empty"),
        ("inference.csv", 2, "kind", "tasks", "kind is “tasks”, not one of"),
        ("inference.csv", 2, "sd_kwh_per_1000", "", "sd_kwh_per_1000 is empty"),
        ("inference.csv", 12, "parameters", "many", "parameters is “many”, not a number"),
        ("inference.csv", 20, "parity_printed", "0", "parity_printed is 0, outside"),
        ("water.csv", 2, "subject", "off-site", "subject is “off-site”, not one of"),
        ("water.csv", 2, "l_per_kwh", "", "l_per_kwh is empty"),
        ("water.csv", 2, "l_per_kwh", "-1", "l_per_kwh is -1, outside"),
        ("devices.csv", 5, "memory_gb", "", "memory_gb is empty"),
        ("devices.csv", 5, "memory_bandwidth_gb_per_s", "", "memory_bandwidth_gb_per_s is empty"),
        ("devices.csv", 5, "memory_bandwidth_gb_per_s", "0.7", "memory_bandwidth_gb_per_s is 0.7, outside"),
        ("devices.csv", 5, "devices_per_server", "", "devices_per_server is empty"),
        ("devices.csv", 5, "devices_per_server", "2.5", "devices_per_server is 2.5"),
        ("devices.csv", 5, "interconnect", "infiniband", "interconnect is “infiniband”, not one of"),
        ("devices.csv", 5, "server", "", "server is “”, not one of"),
        ("devices.csv", 2, "die_cm2", "0", "die_cm2 is 0, outside"),
        ("devices.csv", 2, "die_cm2", "large", "die_cm2 is “large”, not a number"),
        ("devices.csv", 2, "process_nm", "-5", "process_nm is -5, outside"),
        ("embodied.csv", 2, "subject", "board", "subject is “board”, not one of"),
        ("embodied.csv", 2, "device", "a101", "device is “a101”, not an id of data/devices.csv"),
        ("embodied.csv", 2, "kg_co2e", "", "kg_co2e is empty"),
        ("embodied.csv", 2, "kg_co2e", "-1", "kg_co2e is -1, outside"),
        ("embodied.csv", 2, "devices_per_host", "0", "devices_per_host is 0, outside"),
        ("embodied.csv", 2, "used", "maybe", "used is “maybe”, not one of"),
        ("embodied.csv", 2, "source", "", "source is empty"),
    ],
)
def test_a_damaged_row_is_named_with_file_and_line(data, name, line, column, text, wrong):
    put(data / name, line, column, text)
    message = complaint(name)
    assert message.startswith(f"data/{name}, line {line}: ")
    assert wrong in message


@pytest.mark.parametrize("other", ["a101", "a100-sxm-40gb-of-old", "v100"])
def test_what_a_device_is_counted_as_is_one_that_is_counted_as_itself(data, other):
    put(data / "devices.csv", 5, "counted_as", other)
    assert f"counted_as is “{other}”, not the id of a device" in complaint("devices.csv")


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_empty_or_unreadable_file_is_named(data, name):
    path = data / name
    path.write_bytes(b"\xff\xfe" + path.read_bytes())
    assert f"data/{name}" in complaint(name)
    path.write_text("", encoding="utf-8")
    assert f"data/{name}" in complaint(name)
    path.unlink()
    assert f"data/{name}" in complaint(name)


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_column_is_named(data, name):
    path = data / name
    path.write_text(path.read_text(encoding="utf-8").replace("source", "origin", 1), encoding="utf-8")
    assert f"data/{name}, line 2: there is no column" in complaint(name)


@pytest.mark.parametrize(
    ("name", "column", "text"),
    [
        ("benchmarks.csv", "as_trained_region", "Atlantis"),
        ("timeline.csv", "region", "Atlantis"),
        ("timeline.csv", "preset", "no-such-model"),
    ],
)
def test_a_name_that_a_table_takes_from_another_is_looked_up(data, name, column, text):
    put(data / name, 2, column, text)
    with pytest.raises((reader.DataError, InputError), match=text):
        TABLES[name]()


def test_a_blank_line_does_not_shift_the_line_that_is_named(data):
    put(data / "devices.csv", 5, "tdp_w", "many")
    lines = (data / "devices.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (data / "devices.csv").write_text("".join([*lines[:3], "\n", *lines[3:]]), encoding="utf-8")
    assert complaint("devices.csv").startswith("data/devices.csv, line 6: ")


def test_damage_ends_the_command_line_with_one_clear_line(data, capsys):
    put(data / "devices.csv", 5, "tdp_w", "many")
    assert main(["devices"]) == 2
    assert capsys.readouterr().err == "oce: data/devices.csv, line 5: tdp_w is “many”, not a number\n"
