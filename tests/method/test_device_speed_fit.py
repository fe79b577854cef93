"""The device part learnt from contrasts: against the normal equations, and without each source."""

import math
from dataclasses import replace

import numpy as np
import pytest

from oce.evaluation import refit
from oce.method import (
    device_speed,
    device_speed_fit,
    robust_fit,
)
from oce.method.device_speed_fit import PRIORS
from oce.method.hardware_features import REFERENCE_DEVICE, hardware
from tests.support.device_ratios import A100, DEVICES, H100, contrast, said, seen


def test_the_same_pair_of_one_source_and_model_counts_once_by_its_median():
    data = seen(*(contrast("a100-sxm-80gb", "h100-sxm", one) for one in (2.0, 2.2, 9.0)))
    assert data.log_ratio == pytest.approx([math.log(2.2)])
    assert (
        len(seen(contrast("a100-sxm-80gb", "h100-sxm", 2), contrast("a100-sxm-80gb", "h100-sxm", 2, model="b")).rows)
        == 2
    )


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
                sds["~kind"] = device_speed_fit.OTHER_KIND_SD
        if row.evidence != "same stack":
            name, sds_of = f"~{row.evidence} {row.id}", {"claim": device_speed_fit.CLAIM_SD}
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
    for _ in range(robust_fit.ITERATIONS + 1):
        covariance = np.linalg.inv(precision + design.T @ np.diag(weight / noise) @ design)
        mean = prior_mean + covariance @ design.T @ (weight / noise * (data.log_ratio - design @ prior_mean))
        used, weight = weight, 5.0 / (4.0 + (data.log_ratio - design @ mean) ** 2 / noise)
    return names, mean, covariance, used


def test_the_posterior_is_that_of_the_normal_equations_under_t_noise():
    found = device_speed_fit.fit(FEW)
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
    turned = device_speed_fit.observed(reversed(back.rows), DEVICES)
    one, other = device_speed_fit.fit(FEW), device_speed_fit.fit(turned)
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
    one, other = (said(*pair, model=device_speed_fit.fit(seen(*several))) for several in (rows, turned))
    assert one == pytest.approx(other, abs=1e-8)


def test_two_vendors_and_claims_say_less_than_one_stack():
    def sd(kind):
        model = device_speed_fit.fit(seen(contrast("h100-sxm", "mi300x", 0.9, evidence=kind)))
        return said(hardware(H100), hardware(DEVICES["mi300x"]), model=model)[1]

    assert sd("same stack") < sd("two vendors") < sd("claim")


def test_without_any_measurement_a_device_stands_where_peak_bandwidth_and_slot_put_it():
    of_precisions = seen(contrast("h100-sxm", "h100-sxm", 1.4, second_precision="fp8"))  # says nothing of devices
    nothing = device_speed_fit.fit(of_precisions)
    one = hardware(DEVICES["l40s"])
    mean, sd = said(hardware(A100), one, size=1e10, model=nothing)
    x = np.array([np.log(one.peak_tflops / 312), np.log(one.bandwidth_gb_per_s / 2039), 1.0])
    assert mean == pytest.approx(x @ [0.66, 0.33, -0.37])
    expected = math.sqrt(float(np.sum((x * 0.15) ** 2)) + nothing.spreads["device"] ** 2)
    assert sd == pytest.approx(expected)


@pytest.fixture(scope="module")
def left_out():
    return device_speed_fit.leave_sources_out(refit.contrasts())


def rms(left_out, known_elsewhere, mixture=False):
    data = left_out.data
    asked = np.array(
        [row.is_language and row.evidence == "same stack" and row.is_mixture <= mixture for row in data.rows]
    )
    asked &= left_out.known_elsewhere == known_elsewhere
    asked &= np.array([not second.wide for _, second in data.ends])  # what 32 bits cost is scored by itself
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
    after = device_speed_fit.leave_sources_out(replace(data, log_ratio=data.log_ratio - 0.7 * own))
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
