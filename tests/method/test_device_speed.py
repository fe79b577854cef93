"""The device part: how fast a device is against another, learnt from what one stack did on both."""

import math
from dataclasses import replace

import numpy as np
import pytest

from oce import catalog
from oce.catalog import measurements
from oce.catalog.measurements import Contrast
from oce.evaluation import refit
from oce.method import device_speed
from oce.method.device_speed import GRID, PRIORS, REFERENCE_DEVICE, attention_share, hardware, size_covariate

DEVICES = {one.id: one for one in catalog.devices()}
A100, H100 = DEVICES[REFERENCE_DEVICE], DEVICES["h100-sxm"]
ALONE = refit.contrasts_alone()


def contrast(first: str, second: str, speed_ratio: float, **changes) -> Contrast:
    """A measurement of a dense model of 7 billion parameters at 4,096 tokens, in bf16, by one stack."""
    fields = {
        "id": f"{first} {second} {speed_ratio} {changes}",
        "source": "somebody",
        "version": "1",
        "stack": "a stack",
        "model": "a model",
        "kind": "language pre-training",
        "parameters": 7e9,
        "active_parameters": None,
        "sequence_length": 4096.0,
        "first_device": first,
        "first_precision": "bf16",
        "first_count": 8.0,
        "second_device": second,
        "second_precision": "bf16",
        "second_count": 8.0,
        "speed_ratio": speed_ratio,
        "evidence": "same stack",
        "left_out": "",
        "note": "",
        "read_from": "somewhere",
        "licence": "MIT",
    }
    return Contrast(**{**fields, **changes})


def seen(*rows: Contrast) -> device_speed.Observed:
    return device_speed.observed(rows, DEVICES)


def said(first, second, size=7e9, length=4096.0, mixture=False, model=ALONE, new=0.0):
    """Mean and standard deviation of ln(second / first)."""
    x = np.array([[1.0, float(size_covariate(size)), float(attention_share(size, length)), float(mixture)]])
    found = model.predict([(first, second)], x, np.array([new]))
    return float(found.mean[0]), float(found.sd[0])


def times(first: str, second: str, precisions=("", ""), **how) -> float:
    ends = (hardware(DEVICES[one], precision) for one, precision in zip((first, second), precisions, strict=True))
    return math.exp(said(*ends, **how)[0])


# --- the reference ---


def test_the_reference_has_speed_1_exactly_whatever_is_trained_on_it():
    reference = hardware(A100)
    assert reference.nominal == 0.0
    for x in ((1.0, 0.8, 0.2, 1.0), (1.0, -2.0, -0.1, 0.0)):
        design = ALONE.weights(reference) @ np.array(x)
        assert design @ ALONE.mean == 0.0
        assert design @ ALONE.covariance @ design == 0.0


def test_a_device_against_itself_is_as_fast_and_that_is_certain():
    for one in DEVICES.values():
        assert said(hardware(one), hardware(one)) == (0.0, 0.0)


def test_the_other_way_round_the_ratio_is_the_inverse():
    there, back = said(hardware(A100), hardware(H100)), said(hardware(H100), hardware(A100))
    assert there[0] == pytest.approx(-back[0], abs=1e-12)
    assert there[1] == pytest.approx(back[1], rel=1e-9)


def test_a_row_that_is_counted_as_another_device_is_that_device():
    counted = [one for one in DEVICES.values() if one.counted_as]
    assert counted
    assert [one.id for one in counted if hardware(one) != hardware(DEVICES[one.counted_as])] == []


def test_a_card_in_a_slot_is_another_device_than_the_one_on_a_board():
    for slot, board in (("h100-pcie", "h100-sxm"), ("a100-pcie-80gb", "a100-sxm-80gb")):
        assert hardware(DEVICES[slot]).device != hardware(DEVICES[board]).device
        assert times(board, slot) < 0.9


# --- what enters ---


def test_attention_is_the_share_that_it_has_of_the_compute_of_a_decoder():
    """Counted out: 6 s d FLOP a token and layer for causal attention, 72 d² for the weights of the layer."""
    for depth, length in ((12, 2048), (32, 4096), (96, 65536)):
        width = 128 * depth
        parameters = 12 * depth * width**2
        counted = 6 * length * width / (6 * length * width + 72 * width**2)
        usual = (1e10 * 128 / 12) ** (1 / 3)
        assert attention_share(parameters, length) == pytest.approx(counted - 4096 / (4096 + 12 * usual), rel=1e-12)
    assert attention_share(1e10, 4096) == 0.0


def test_size_counts_in_decades_and_only_within_its_range():
    assert size_covariate([1e10, 1e11, 1e9]).tolist() == [0.0, 1.0, -1.0]
    low, high = device_speed.SIZE_RANGE
    assert size_covariate([1e3, 1e30]).tolist() == [low, high]


def test_memory_faster_than_the_arithmetic_can_use_makes_no_device_faster():
    usual = hardware(H100)
    useful = 2 * usual.peak_tflops * 2039 / 312
    assert replace(usual, bandwidth_gb_per_s=useful).nominal == replace(usual, bandwidth_gb_per_s=9e9).nominal
    assert replace(usual, bandwidth_gb_per_s=useful / 2).nominal < replace(usual, bandwidth_gb_per_s=useful).nominal


def test_the_same_pair_of_one_source_and_model_counts_once_by_its_median():
    data = seen(*(contrast("a100-sxm-80gb", "h100-sxm", one) for one in (2.0, 2.2, 9.0)))
    assert data.log_ratio == pytest.approx([math.log(2.2)])
    assert (
        len(seen(contrast("a100-sxm-80gb", "h100-sxm", 2), contrast("a100-sxm-80gb", "h100-sxm", 2, model="b")).rows)
        == 2
    )


# --- the fit ---

FEW = seen(
    contrast("a100-sxm-80gb", "h100-sxm", 2.2),
    contrast("a100-sxm-80gb", "h100-sxm", 2.1, model="larger", parameters=70e9, source="another"),
    contrast("h100-sxm", "h200-sxm", 1.12),
    contrast("h100-sxm", "h100-sxm", 1.4, second_precision="fp8"),
    contrast(
        "h100-sxm", "h100-sxm", 1.1, second_precision="fp8", parameters=100e9, active_parameters=10e9, model="moe"
    ),
    contrast("h100-sxm", "mi300x", 0.9, evidence="two vendors", model="Llama"),
    contrast("a100-sxm-80gb", "tpu-v4", 1.4, evidence="claim", parameters=None, sequence_length=None),
    contrast("a100-sxm-80gb", "a100-pcie-80gb", 0.6, kind="encoder pre-training", parameters=3e8, model="BERT"),
    contrast("a100-sxm-80gb", "h100-sxm", 8.0, model="far off", source="another"),
)


def dense_posterior(data, spreads):
    """Mean and covariance of everything unknown by normal equations: prior precision + design' weights design."""
    names, rows = list(PRIORS), []
    sds = {name: sd for name, (_, sd) in PRIORS.items()}
    for row, (a, b), x, kind in zip(data.rows, data.ends, data.covariates, data.kinds, strict=True):
        cells: dict[str, float] = {}
        for sign, one in ((-1.0, a), (1.0, b)):
            for name, on in one.weights().items():
                cells[name] = cells.get(name, 0.0) + sign * float(np.dot(on, x))
                sds.setdefault(name, spreads["device"] if name.startswith("device") else device_speed.VENDOR_SD)
            for name, sd in (
                (f"~source {row.source} {one.device}", spreads["source"]),
                (f"~model {kind} {row.model} {one.device}", spreads[f"model: {kind}"]),
            ):
                cells[name] = cells.get(name, 0.0) + sign
                sds[name] = sd
            if kind == "encoder":
                cells["~kind"] = cells.get("~kind", 0.0) + sign * one.nominal
                sds["~kind"] = device_speed.OTHER_KIND_SD
        if row.evidence != "same stack":
            name, sds_of = f"~{row.evidence} {row.id}", {"claim": device_speed.CLAIM_SD}
            cells[name], sds[name] = 1.0, sds_of.get(row.evidence, device_speed.STACKS_SD)
        rows.append(cells)
        names += [name for name in cells if name not in names]
    names = [name for name in names if name != f"device {REFERENCE_DEVICE}"]
    design = np.array([[cells.get(name, 0.0) for name in names] for cells in rows])
    prior_mean = np.array([PRIORS.get(name, (0.0, 0.0))[0] for name in names])
    precision = np.diag([sds[name] ** -2.0 for name in names])
    scatter = {"encoder": "other"}
    noise = np.array([spreads[f"scatter: {scatter.get(kind, kind)}"] for kind in data.kinds]) ** 2
    weight = np.ones(len(noise))
    for _ in range(device_speed.ITERATIONS + 1):
        covariance = np.linalg.inv(precision + design.T @ np.diag(weight / noise) @ design)
        mean = prior_mean + covariance @ design.T @ (weight / noise * (data.log_ratio - design @ prior_mean))
        used, weight = weight, 5.0 / (4.0 + (data.log_ratio - design @ mean) ** 2 / noise)
    return names, mean, covariance, used


def test_the_posterior_is_that_of_the_normal_equations_under_t_noise():
    found = device_speed.fit(FEW)
    names, mean, covariance, weight = dense_posterior(FEW, found.spreads)
    ours = [found.place[name] for name in names if not name.startswith("~")]
    theirs = [at for at, name in enumerate(names) if not name.startswith("~")]
    assert len(ours) == len(found.names) - 1  # all but the reference, which is none
    assert found.mean[ours] == pytest.approx(mean[theirs], abs=1e-8)
    assert found.covariance[np.ix_(ours, ours)] == pytest.approx(covariance[np.ix_(theirs, theirs)], abs=1e-8)
    assert np.argmin(weight) == len(FEW.rows) - 1  # the measurement that is far off counts least
    assert weight[-1] < 0.3


def test_the_order_of_the_measurements_does_not_matter():
    back = FEW.take(np.ones(len(FEW.rows), dtype=bool))
    turned = device_speed.observed(reversed(back.rows), DEVICES)
    one, other = device_speed.fit(FEW), device_speed.fit(turned)
    at = [other.place[name] for name in one.names]
    assert other.mean[at] == pytest.approx(one.mean, abs=1e-8)
    assert other.covariance[np.ix_(at, at)] == pytest.approx(one.covariance, abs=1e-8)


def test_which_of_two_devices_a_row_names_first_does_not_matter():
    """Not even where two vendors each ran their own stack."""
    rows = [contrast("h100-sxm", "mi300x", 0.9, evidence="two vendors", source=str(at)) for at in range(3)]
    turned = [
        rows[0],
        *(one.replace(first_device="mi300x", second_device="h100-sxm", speed_ratio=1 / 0.9) for one in rows[1:]),
    ]
    pair = (hardware(H100), hardware(DEVICES["mi300x"]))
    one, other = (said(*pair, model=device_speed.fit(seen(*several))) for several in (rows, turned))
    assert one == pytest.approx(other, abs=1e-8)


def test_two_vendors_and_claims_say_less_than_one_stack():
    def sd(kind):
        model = device_speed.fit(seen(contrast("h100-sxm", "mi300x", 0.9, evidence=kind)))
        return said(hardware(H100), hardware(DEVICES["mi300x"]), model=model)[1]

    assert sd("same stack") < sd("two vendors") < sd("claim")


def test_without_any_measurement_a_device_stands_where_peak_bandwidth_and_slot_put_it():
    of_precisions = seen(contrast("h100-sxm", "h100-sxm", 1.4, second_precision="fp8"))  # says nothing of devices
    nothing = device_speed.fit(of_precisions)
    one = hardware(DEVICES["l40s"])
    mean, sd = said(hardware(A100), one, size=1e10, model=nothing)
    x = np.array([np.log(one.peak_tflops / 312), np.log(one.bandwidth_gb_per_s / 2039), 1.0])
    assert mean == pytest.approx(x @ [0.66, 0.33, -0.37])
    expected = math.sqrt(float(np.sum((x * 0.15) ** 2)) + nothing.spreads["device"] ** 2)
    assert sd == pytest.approx(expected)


def test_a_device_that_nobody_measured_is_less_sure_than_it_would_be_measured():
    known = {name.removeprefix("device ") for name in ALONE.names if name.startswith("device ")}
    measured = hardware(H100)
    stranger = replace(measured, device="never measured")
    assert measured.device in known
    assert said(hardware(A100), stranger)[1] > 1.2 * said(hardware(A100), measured)[1]


def test_devices_of_a_vendor_that_nobody_measured_share_what_is_not_known_of_it():
    one, other = (replace(hardware(H100), device=name, vendor="a new vendor") for name in ("one", "other"))
    own = ALONE.spreads["device"] ** 2
    assert said(one, other) == pytest.approx((0.0, math.sqrt(2 * own)))
    elsewhere = replace(other, vendor="another new vendor")
    assert said(one, elsewhere)[1] == pytest.approx(math.sqrt(2 * own + 2 * device_speed.VENDOR_SD**2))


def test_to_name_unmeasured_devices_beforehand_changes_no_prediction():
    stranger = replace(hardware(H100), device="never measured", vendor="a new vendor")
    named = ALONE.including([stranger])
    assert said(hardware(A100), stranger, model=named) == pytest.approx(said(hardware(A100), stranger))


def test_the_spreads_are_the_best_of_a_grid_one_by_one():
    best = device_speed.best_of({"a": (1.0, 2.0, 3.0), "b": (0.0, 5.0)}, lambda of: -((of["a"] - 3) ** 2) - of["b"])
    assert best == {"a": 3.0, "b": 0.0}


def test_a_covariance_that_is_none_is_not_solved():
    with pytest.raises(np.linalg.LinAlgError):
        device_speed.solved(np.array([[1.0, 2.0], [2.0, 1.0]]), np.ones(2))


# --- what the measurements say ---


@pytest.mark.parametrize("size", [7e9, 13e9, 30e9, 70e9])
@pytest.mark.parametrize("length", [2048, 4096, 8192])
def test_an_h100_is_2_1_to_2_4_times_as_fast_as_an_a100_for_7_to_70_billion_parameters(size, length):
    assert 2.1 <= times("a100-sxm-80gb", "h100-sxm", size=size, length=length) <= 2.4


def test_an_h100_gains_on_an_a100_with_size_and_loses_with_the_length_of_sequences():
    by_size = [times("a100-sxm-80gb", "h100-sxm", size=one) for one in np.geomspace(1e9, 1e11, 9)]
    by_length = [times("a100-sxm-80gb", "h100-sxm", length=one) for one in (1024, 4096, 16384, 65536)]
    assert np.all(np.diff(by_size) > 0)
    assert np.all(np.diff(by_length) < 0)


def test_fp8_is_faster_than_bf16_on_an_h100_the_more_so_the_larger_and_less_for_mixtures():
    gains = [times("h100-sxm", "h100-sxm", ("bf16", "fp8"), size=one) for one in np.geomspace(1e9, 1e11, 9)]
    assert gains[0] > 1
    assert np.all(np.diff(gains) > 0)
    assert times("h100-sxm", "h100-sxm", ("bf16", "fp8"), mixture=True) < times("h100-sxm", "h100-sxm", ("bf16", "fp8"))


@pytest.fixture(scope="module")
def left_out():
    return device_speed.leave_sources_out(refit.contrasts())


def rms(left_out, known_elsewhere, mixture=False):
    data = left_out.data
    asked = np.array(
        [row.is_language and row.evidence == "same stack" and row.is_mixture <= mixture for row in data.rows]
    )
    asked &= left_out.known_elsewhere == known_elsewhere
    assert asked.sum() >= 10
    return float(np.sqrt(np.mean((data.log_ratio - left_out.mean)[asked] ** 2)))


def test_without_its_source_a_dense_models_contrast_is_foretold_to_0_15_where_another_source_has_both(left_out):
    assert rms(left_out, known_elsewhere=True) <= 0.15


def test_without_its_source_a_contrast_is_foretold_to_0_25_where_no_other_has_both(left_out):
    assert rms(left_out, known_elsewhere=False) <= 0.25
    assert rms(left_out, known_elsewhere=False, mixture=True) <= 0.25


def test_the_errors_are_as_large_as_their_standard_deviations_say(left_out):
    data = left_out.data
    asked = np.array([row.is_language and row.evidence == "same stack" for row in data.rows])
    z = ((data.log_ratio - left_out.mean) / left_out.sd)[asked]
    assert 0.7 < np.sqrt(np.mean(z**2)) < 1.3


def test_nothing_of_a_source_is_seen_by_its_own_prediction(left_out):
    """Not by the spreads either."""
    data = left_out.data
    own = np.array([row.source == "llm-foundry" for row in data.rows])
    after = device_speed.leave_sources_out(replace(data, log_ratio=data.log_ratio - 0.7 * own))
    assert after.mean[own].tolist() == left_out.mean[own].tolist()
    assert after.sd[own].tolist() == left_out.sd[own].tolist()
    assert after.mean[~own].tolist() != left_out.mean[~own].tolist()


def test_the_precisions_of_one_device_are_known_elsewhere_only_where_both_were_compared_there(left_out):
    data = left_out.data
    wrong = []
    for row, ends, known in zip(data.rows, data.ends, left_out.known_elsewhere, strict=True):
        if ends[0].device != ends[1].device:
            continue
        others = [
            {one.low_precision for one in pair}
            for other, pair in zip(data.rows, data.ends, strict=True)
            if other.source != row.source and {one.device for one in pair} == {ends[0].device}
            and other.evidence == "same stack"
        ]  # fmt: skip
        if known != ({one.low_precision for one in ends} in others):
            wrong.append(row.id)
    assert wrong == []


def test_every_kind_of_work_and_every_precision_has_its_place():
    assert set(device_speed.LEVELS_OF) == set(measurements.KINDS)
    assert set(device_speed.LOW_PRECISIONS) | {"tf32", "fp16", "bf16"} == set(measurements.PRECISIONS) | {"fp4"}
    for name in GRID:
        assert list(GRID[name]) == sorted(GRID[name])
