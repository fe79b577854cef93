"""A model from its own config.json: parameters against published counts, and what is said of a file that lacks one."""

import json
from pathlib import Path

import pytest

from oce import InputError, Scenario, estimate
from oce.cli import main
from oce.importers import model_config

CONFIGS = Path(__file__).parents[1] / "cases" / "configs"
EXACT = 0.005
PUBLISHED = {  # parameters as the models' own pages count them (safetensors), else as their reports say
    "llama-2-7b": 6_738_415_616,
    "llama-3-8b": 8_030_261_248,
    "llama-3-70b": 70_553_706_496,
    "mistral-7b": 7_241_732_096,
    "mixtral-8x7b": 46_702_792_704,
    "qwen2-7b": 7_615_616_512,
    "qwen3-8b": 8_190_735_360,
    "qwen3-30b-a3b": 30_532_122_624,
    "deepseek-v3": 671e9,
    "deepseek-v2": 235_741_434_880,
    "gemma-7b": 8_537_680_896,
    "gemma-2-9b": 9_241_705_984,
    "gpt2": 124_439_808,
    "pythia-12b": 11_846_072_320,
    "falcon-40b": 41_303_293_952,
    "olmo-7b": 6_888_095_744,
    "olmo-2-7b": 7_298_617_344,
    "phi-2": 2_779_683_840,
    "phi-3-mini": 3_821_079_552,
    "granite-3.0-8b": 8_170_848_256,
    "bert-base": 109_482_240,
    "vit-l-16": 304_326_632,
    "clip-vit-l-14": 427_616_513,
    "t5-11b": 11_307_321_344,
}
ACTIVE = {"mixtral-8x7b": 12.9e9, "qwen3-30b-a3b": 3.3e9, "deepseek-v3": 37e9, "deepseek-v2": 21e9}


def read(name):
    return model_config.read((CONFIGS / f"{name}.json").read_bytes())


def test_parameters_are_those_that_were_published():
    assert {path.stem for path in CONFIGS.glob("*.json")} == set(PUBLISHED)
    wrong = {name: read(name).parameters / count - 1 for name, count in PUBLISHED.items()}
    assert not {name: error for name, error in wrong.items() if abs(error) > EXACT}


def test_active_parameters_are_those_that_were_published():
    wrong = {name: read(name).active_parameters / count - 1 for name, count in ACTIVE.items()}
    assert not {name: error for name, error in wrong.items() if abs(error) > 0.02}  # published with two digits
    dense = set(PUBLISHED) - set(ACTIVE)
    assert not [name for name in dense if read(name).active_parameters != read(name).parameters]


def test_every_family_has_a_model_that_was_checked():
    checked = {read(name).family for name in PUBLISHED}
    assert set(model_config.FAMILIES) - checked == {"qwen2_moe"}


def test_the_fields_make_a_scenario():
    for name in PUBLISHED:
        run = Scenario(**read(name).fields, tokens=1e12, device="H100", region="USA", context_length=2048)
        assert estimate(run).device_hours.central > 0


def test_depth_and_width_are_those_of_the_file():
    found = read("llama-3-70b")
    assert (found.layers, found.width, found.context_length) == (80, 8192, 8192)
    assert read("t5-11b").architecture == "encoder-decoder"
    assert read("bert-base").architecture == "encoder"


def test_a_file_that_lacks_something_says_what():
    whole = json.loads((CONFIGS / "mixtral-8x7b.json").read_text(encoding="utf-8"))
    for name in ("num_local_experts", "hidden_size", "vocab_size"):
        with pytest.raises(InputError, match=name):
            model_config.read(json.dumps({key: value for key, value in whole.items() if key != name}))
    with pytest.raises(InputError, match=r"nearest: llama"):
        model_config.read(json.dumps({**whole, "model_type": "llama5"}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"model_type": 1}',
        "[" * 100_000,
        '{"model_type": "llama", "hidden_size": "x"}',
        b"\xff",
        "x" * 300_000,
    ],
)
def test_what_is_no_config_is_refused_in_one_line(text):
    with pytest.raises(InputError) as caught:
        model_config.read(text)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("hidden_size", 0, "a whole number from 1 on"),
        ("num_key_value_heads", "8", "a whole number from 0 on"),
        ("tie_word_embeddings", 1, "true or false"),
        ("max_position_embeddings", [4096], "a whole number from 0 on"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_no_default_takes_its_place(name, value, allowed):
    config = json.loads((CONFIGS / "llama-2-7b.json").read_text(encoding="utf-8"))
    with pytest.raises(InputError, match=f"config, {name}: .* is not allowed .allowed: {allowed}"):
        model_config.read(json.dumps(config | {name: value}))


def test_the_command_line_takes_a_file(capsys):
    rest = ["--tokens", "1e12", "--device", "H100", "--region", "USA", "--json"]
    assert main(["estimate", "--config", str(CONFIGS / "mixtral-8x7b.json"), *rest]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["scenario"]["parameters"] == 46_702_792_704
    assert "12.9 billion active" in err
    assert main(["estimate", "--config", str(CONFIGS / "none.json"), *rest]) == 2
    assert "cannot be read" in capsys.readouterr().err
