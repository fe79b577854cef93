"""What the weights do: adapters, distillation and own answers, in compute, time and memory."""

import pytest

from oce import InputError, Scenario, catalog, estimate
from oce.analysis import device_counts
from oce.method.training import RECIPES

RUN = {"parameters": 70e9, "tokens": 1e10, "device": "H100", "region": "USA"}
# Tokens/s per H100, fp8, sequences of 8,192. Pre-training Llama 3.1 70B: DGX Cloud recipes v25.04, llama3.1/README.md;
# LoRA on Llama 2 70B: MLPerf Training v4.1, NVIDIA, eos_ngc24.09_nemo, 8 devices.
MEASURED_PRETRAINING, MEASURED_LORA = 1661.7, 2233.9


def flop(**fields):
    return estimate(Scenario(**RUN, **fields)).training_flop.central


def hours(**fields):
    return estimate(Scenario(**{**RUN, **fields})).device_hours.central


def test_fine_tuning_all_weights_costs_what_pre_training_does():
    assert flop(training="fine-tuning") == flop(training="pre-training") == flop() == 6 * 70e9 * 1e10


def test_adapters_save_the_gradient_of_the_frozen_weights():
    assert flop(training="adapters") == pytest.approx(4 * 70e9 * 1e10)


def test_adapters_are_as_much_quicker_as_mlperf_measured():
    ours = hours(training="pre-training", context_length=8192) / hours(training="adapters", context_length=8192)
    assert ours == pytest.approx(MEASURED_LORA / MEASURED_PRETRAINING, rel=0.15)


def test_a_teacher_reads_every_token_once():
    assert flop(training="distillation", teacher_parameters=405e9) == pytest.approx(flop() + 2 * 405e9 * 1e10)
    with pytest.raises(InputError, match="teacher_parameters"):
        estimate(Scenario(**RUN, training="distillation"))


def test_own_answers_are_written_read_by_a_reference_and_learnt_from():
    assert flop(training="reinforcement") == pytest.approx((6 + 2 + 2) * 70e9 * 1e10)


def test_writing_few_answers_at_once_takes_longer_than_its_compute():
    few, many = (hours(training="reinforcement", rollout_batch=count) for count in (4, 1000))
    assert few > 1.5 * many
    assert many == pytest.approx(hours() * 10 / 6, rel=0.1)


def test_adapters_need_little_memory():
    with pytest.raises(InputError, match="at least"):
        estimate(Scenario(**RUN, device_count=4))
    assert estimate(Scenario(**RUN, device_count=4, training="adapters")).device_hours.central > 0
    found = device_counts.possible_counts(Scenario(**RUN, training="adapters"))
    assert found[0] <= 2


def test_what_a_run_holds_is_the_same_wherever_it_is_asked():
    for training, teacher in (("adapters", None), ("distillation", 405e9), ("reinforcement", None)):
        run = Scenario(**RUN, training=training, teacher_parameters=teacher)
        fewest = device_counts.possible_counts(run)[0]
        with pytest.raises(InputError):
            estimate(run.replace(device_count=max(fewest - 1, 1), parameters=140e9))
        estimate(run.replace(device_count=fewest))
        if fewest > 1:
            with pytest.raises(InputError):
                estimate(run.replace(device_count=fewest - 1))


# --- presets ---


def test_every_kind_of_training_has_a_preset_and_an_example_says_that_it_is_none_of_the_published():
    of_kind = {
        kind: [one for one in catalog.models() if one.fields.get("training", "pre-training") == kind]
        for kind in RECIPES
    }
    assert all(of_kind.values()), of_kind
    for one in catalog.models():
        assert one.is_example == ("example" in one.name) == ("An example, not a published run" in one.note)


def test_the_presets_of_published_runs_hold_what_was_reported():
    for name in ("flan-palm-540b-fine-tuning", "llama-2-70b-lora"):
        preset = catalog.model(name)
        found = estimate(preset.fields).device_hours
        assert found.low <= preset.device_hours_reported <= found.high, name


def test_the_fine_tuning_preset_is_the_reported_run():
    preset, run = (
        next(one for one in rows if one.id == "flan-palm-540b-fine-tuning")
        for rows in (catalog.models(), catalog.runs())
    )
    assert preset.device_hours_reported == run.device_hours
    assert [preset.fields[name] for name in ("parameters", "tokens", "device", "device_count")] == [
        run.parameters,
        run.tokens,
        run.device,
        run.device_count,
    ]


def test_the_distillation_preset_holds_what_its_students_run_and_its_teachers_reading_took():
    preset = catalog.model("llama-3.2-1b")
    student, teacher = 370_000, 86_000  # H100-hours: Llama 3.2 model card; the teacher's are of the 3B model too
    found = estimate(preset.fields).device_hours
    assert found.low <= student <= student + teacher <= found.high
