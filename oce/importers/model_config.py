"""A model from its own file: parameters, depth and width from a Hugging Face ``config.json``.

Pure: the text of the file in, :class:`ModelConfig` out. The sizes that a config states are summed up layer by layer as
the architecture has them (``transformers``' modelling code of each family), and nothing is downloaded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from oce.errors import InputError, Problem
from oce.near_names import near_names
from oce.scenario import known_fields

MOST_BYTES = 200_000
MOST = 10**12  # of any number in it
WANTED = "the config.json of a Hugging Face model"


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """What a config says of its model."""

    family: str  # model_type
    parameters: int
    active_parameters: int  # that a token passes through; all but the experts it is not sent to
    layers: int
    width: int
    context_length: int | None  # the longest that its positions allow, which may be more than it was trained on
    architecture: str  # decoder, encoder or encoder-decoder

    @property
    def fields(self) -> dict[str, float | str]:
        """The fields of a scenario that follow; the context is not among them, as few train at the longest."""
        mixture = self.active_parameters < self.parameters
        return known_fields(
            parameters=float(self.parameters),
            active_parameters=float(self.active_parameters) if mixture else None,
            layers=float(self.layers),
            width=float(self.width),
            architecture=None if self.architecture == "decoder" else self.architecture,
        )

    @property
    def sentence(self) -> str:
        """What was read, in words."""
        of_which = f", {self.active_parameters / 1e9:.3g} billion active" if "active_parameters" in self.fields else ""
        context = f", positions for {self.context_length:,} tokens" if self.context_length else ""
        return (
            f"{self.family}: {self.parameters / 1e9:.3g} billion parameters{of_which}, {self.layers} layers of width "
            f"{self.width:,}{context}."
        )


@dataclass(frozen=True, slots=True)
class _Counted:
    """Parameters of the parts of a model."""

    outside: int  # embeddings, head, last norm
    shared: int  # of all layers, that every token passes
    experts: int = 0  # of all layers
    active_experts: int = 0


@dataclass(frozen=True, slots=True)
class _Config:
    """The values of a config, each taken out checked; what is missing or cannot be used is remembered."""

    values: Mapping[str, Any]
    missing: list[str] = field(default_factory=list)
    wrong: dict[str, Problem] = field(default_factory=dict)

    def whole(self, *names: str, default: int | None = None) -> int:
        """The first of these that is there, as a whole number: of at least 1 where it has no default, else of 0.

        1 where it is missing or cannot be used, which is noted.
        """
        found = [name for name in names if self.values.get(name) is not None]
        if not found:
            if default is None:
                self.missing.append(names[0])
            return 1 if default is None else default
        value, least = self.values[found[0]], 1 if default is None else 0
        if isinstance(value, int) and not isinstance(value, bool) and least <= value < MOST:
            return value
        self._refuse(found[0], f"a whole number from {least} on")
        return 1

    def flag(self, name: str, default: bool) -> bool:
        """A truth value."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            self._refuse(name, "true or false")
        return value if isinstance(value, bool) else default

    def _refuse(self, name: str, allowed: str) -> None:
        self.wrong[name] = Problem(f"config, {name}", json.dumps(self.values[name]), allowed)

    def part(self, name: str) -> _Config:
        """A config inside this one, whose missing values are noted here."""
        value = self.values.get(name)
        if not isinstance(value, dict):
            self.missing.append(name)
        return _Config(value if isinstance(value, dict) else {}, self.missing, self.wrong)


def read(text: str | bytes) -> ModelConfig:
    """The model of a ``config.json``.

    Raises:
        InputError: Where it is no such file, of an unknown family, or lacks a value; naming which.
    """
    if len(text) > MOST_BYTES:
        raise InputError([Problem("config", f"{len(text):,} bytes", f"at most {MOST_BYTES:,} bytes")])
    try:
        found = json.loads(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
    except (ValueError, RecursionError):
        raise InputError([Problem("config", None, f"{WANTED}; this is no JSON")]) from None
    if not isinstance(found, dict) or not isinstance(found.get("model_type"), str):
        raise InputError([Problem("config", None, f"{WANTED}; it lacks model_type")])
    family = found["model_type"]
    if family not in FAMILIES:
        near = near_names(family, list(FAMILIES))
        raise InputError([Problem("model_type", family, ", ".join(sorted(FAMILIES)), near)])
    config = _Config(found)
    counted, about = FAMILIES[family](config), _about(family, config)
    if config.missing:
        raise InputError(
            [Problem(f"config, {name}", None, f"needed for {family}") for name in dict.fromkeys(config.missing)]
        )
    layers, width, architecture = about
    context = config.whole("max_position_embeddings", "n_positions", default=0)
    if config.wrong:
        raise InputError(list(config.wrong.values()))
    return ModelConfig(
        family=family,
        parameters=counted.outside + counted.shared + counted.experts,
        active_parameters=counted.outside + counted.shared + counted.active_experts,
        layers=layers,
        width=width,
        context_length=context or None,
        architecture=architecture,
    )


def _about(family: str, config: _Config) -> tuple[int, int, str]:
    """Layers, width and kind of network."""
    if family == "clip":
        vision = config.part("vision_config")
        return vision.whole("num_hidden_layers"), vision.whole("hidden_size"), "encoder"
    if family == "t5":
        layers = config.whole("num_layers")
        return layers + config.whole("num_decoder_layers", default=layers), config.whole("d_model"), "encoder-decoder"
    kind = "encoder" if family in ("bert", "vit") else "decoder"
    return config.whole("num_hidden_layers", "n_layer"), config.whole("hidden_size", "n_embd"), kind


def _embeddings(config: _Config, tied: bool) -> int:
    """Of tokens, once where the head shares them."""
    size = config.whole("vocab_size") * config.whole("hidden_size", "n_embd")
    return size if config.flag("tie_word_embeddings", tied) else 2 * size


def _head_size(config: _Config) -> int:
    """Of a head of attention: the width over the heads, unless it is stated."""
    return config.whole("head_dim", default=config.whole("hidden_size") // max(config.whole("num_attention_heads"), 1))


def _attention(config: _Config, bias: bool = False) -> int:
    """Queries, keys, values and output of a layer, keys and values of fewer heads where it says so."""
    width, heads = config.whole("hidden_size"), config.whole("num_attention_heads")
    key_heads, size = config.whole("num_key_value_heads", default=heads), _head_size(config)
    queries, keys = heads * size, key_heads * size
    return width * (queries + 2 * keys) + queries * width + (queries + 2 * keys if bias else 0)


def _gated(config: _Config, size: int) -> int:
    """A gated feed-forward block: three matrices."""
    return 3 * config.whole("hidden_size") * size


def _llama(
    tied: bool = False, bias: bool = False, norms: int = 2, head_norms: bool = False
) -> Callable[[_Config], _Counted]:
    """Llama and its like: gated blocks, norms without bias."""

    def count(config: _Config) -> _Counted:
        width = config.whole("hidden_size")
        with_bias = bias or config.flag("attention_bias", False)
        layer = _attention(config, with_bias) + _gated(config, config.whole("intermediate_size")) + norms * width
        layer += 2 * _head_size(config) if head_norms else 0
        last = width if norms else 0
        return _Counted(_embeddings(config, tied) + last, config.whole("num_hidden_layers") * layer)

    return count


def _olmo2(config: _Config) -> _Counted:
    """Llama's blocks with norms of queries and keys over all heads."""
    width, heads = config.whole("hidden_size"), config.whole("num_attention_heads")
    size = width // max(heads, 1)
    norms = 2 * width + heads * size + config.whole("num_key_value_heads", default=heads) * size
    layer = _attention(config) + _gated(config, config.whole("intermediate_size")) + norms
    return _Counted(_embeddings(config, False) + width, config.whole("num_hidden_layers") * layer)


def _mixtral(config: _Config) -> _Counted:
    width, layers = config.whole("hidden_size"), config.whole("num_hidden_layers")
    experts, used = config.whole("num_local_experts"), config.whole("num_experts_per_tok")
    expert = _gated(config, config.whole("intermediate_size"))
    layer = _attention(config) + width * experts + 2 * width
    outside = _embeddings(config, False) + width
    return _Counted(outside, layers * layer, layers * experts * expert, layers * used * expert)


def _qwen_moe(bias: bool, head_norms: bool) -> Callable[[_Config], _Counted]:
    def count(config: _Config) -> _Counted:
        width, layers = config.whole("hidden_size"), config.whole("num_hidden_layers")
        size, experts, used = _head_size(config), config.whole("num_experts"), config.whole("num_experts_per_tok")
        dense_layers = config.values.get("mlp_only_layers")
        dense = len(dense_layers) if isinstance(dense_layers, list) else 0
        step = max(config.whole("decoder_sparse_step", default=1), 1)
        sparse = sum(1 for at in range(min(layers, 10_000)) if (at + 1) % step == 0) - dense
        expert = _gated(config, config.whole("moe_intermediate_size"))
        shared_size = config.whole("shared_expert_intermediate_size", default=0)
        shared = _gated(config, shared_size) + width if shared_size else 0
        attention = _attention(config, bias) + 2 * width + (2 * size if head_norms else 0)
        every = layers * attention + sparse * (width * experts + shared)
        every += (layers - sparse) * _gated(config, config.whole("intermediate_size", default=0))
        outside = _embeddings(config, False) + width
        return _Counted(outside, every, sparse * experts * expert, sparse * used * expert)

    return count


def _deepseek(config: _Config) -> _Counted:
    """Multi-head latent attention; the first layers dense, the others with shared and routed experts."""
    width, layers = config.whole("hidden_size"), config.whole("num_hidden_layers")
    heads, key_rank = config.whole("num_attention_heads"), config.whole("kv_lora_rank")
    plain, rotary, value = (config.whole(name) for name in ("qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim"))
    rank = config.whole("q_lora_rank", default=0)
    queries = heads * (plain + rotary)
    attention = width * rank + rank + rank * queries if rank else width * queries
    attention += width * (key_rank + rotary) + key_rank + key_rank * heads * (plain + value) + heads * value * width
    dense = config.whole("first_k_dense_replace", default=0)
    routed, used = config.whole("n_routed_experts"), config.whole("num_experts_per_tok")
    expert = _gated(config, config.whole("moe_intermediate_size"))
    sparse = layers - dense
    every = layers * (attention + 2 * width) + dense * _gated(config, config.whole("intermediate_size"))
    every += sparse * (config.whole("n_shared_experts", default=0) * expert + width * routed)
    return _Counted(_embeddings(config, False) + width, every, sparse * routed * expert, sparse * used * expert)


def _plain_layer(width: int, inner: int) -> int:
    """A layer of the first transformers: four matrices, a block of two, all with bias, two norms with bias."""
    return 4 * width * width + 4 * width + 2 * width * inner + inner + width + 4 * width


def _gpt2(config: _Config) -> _Counted:
    width = config.whole("n_embd", "hidden_size")
    positions = config.whole("n_positions", "n_ctx", "max_position_embeddings")
    layers = config.whole("n_layer", "num_hidden_layers")
    inner = config.whole("n_inner", default=4 * width)
    outside = (config.whole("vocab_size") + positions) * width + 2 * width
    return _Counted(outside, layers * _plain_layer(width, inner))


def _neox(config: _Config) -> _Counted:
    width = config.whole("hidden_size")
    layer = _plain_layer(width, config.whole("intermediate_size"))
    return _Counted(_embeddings(config, False) + 2 * width, config.whole("num_hidden_layers") * layer)


def _falcon(config: _Config) -> _Counted:
    """Without bias; one head of keys for all, or groups of them."""
    width, heads = config.whole("hidden_size"), config.whole("num_attention_heads", "n_head")
    size = width // max(heads, 1)
    grouped = config.flag("new_decoder_architecture", False)
    key_heads = config.whole("num_kv_heads", "n_head_kv", default=heads) if grouped else heads
    key_heads = 1 if config.flag("multi_query", True) and not grouped else key_heads
    inner = config.whole("ffn_hidden_size", default=4 * width)
    norms = 4 * width if grouped or not config.flag("parallel_attn", True) else 2 * width
    layer = width * (width + 2 * key_heads * size) + width * width + 2 * width * inner + norms
    return _Counted(_embeddings(config, True) + 2 * width, config.whole("num_hidden_layers", "n_layer") * layer)


def _phi(config: _Config) -> _Counted:
    """Phi-1 to Phi-2: all with bias, one norm a layer, a head with bias."""
    width = config.whole("hidden_size")
    layer = _plain_layer(width, config.whole("intermediate_size")) - 2 * width
    outside = _embeddings(config, False) + config.whole("vocab_size") + 2 * width
    return _Counted(outside, config.whole("num_hidden_layers") * layer)


def _bert(config: _Config) -> _Counted:
    width = config.whole("hidden_size")
    places = config.whole("max_position_embeddings") + config.whole("type_vocab_size", default=2)
    outside = (config.whole("vocab_size") + places) * width + 2 * width + width * width + width  # and the pooler
    layer = _plain_layer(width, config.whole("intermediate_size"))
    return _Counted(outside, config.whole("num_hidden_layers") * layer)


def _images(config: _Config, bias: bool, norms: int) -> _Counted:
    """Patches and their places, then the layers of a plain encoder."""
    width, patch = config.whole("hidden_size"), config.whole("patch_size")
    patches = (config.whole("image_size") // max(patch, 1)) ** 2 + 1
    outside = config.whole("num_channels", default=3) * patch * patch * width + (width if bias else 0)
    outside += patches * width + width + 2 * norms * width
    layer = _plain_layer(width, config.whole("intermediate_size"))
    return _Counted(outside, config.whole("num_hidden_layers") * layer)


def _clip(config: _Config) -> _Counted:
    """Two encoders, each with a projection to a common space."""
    text, vision = config.part("text_config"), config.part("vision_config")
    image, width = _images(vision, bias=False, norms=2), text.whole("hidden_size")
    outside = (text.whole("vocab_size", default=49408) + text.whole("max_position_embeddings", default=77)) * width
    layers = text.whole("num_hidden_layers") * _plain_layer(width, text.whole("intermediate_size"))
    joined = config.whole("projection_dim") * (width + vision.whole("hidden_size")) + 1
    return _Counted(outside + 2 * width + joined + image.outside, layers + image.shared)


def _t5(config: _Config) -> _Counted:
    """Encoder and decoder without bias; the places of the first layer of each; gated blocks in version 1.1."""
    width, inner = config.whole("d_model"), config.whole("d_ff")
    heads, size, layers = config.whole("num_heads"), config.whole("d_kv"), config.whole("num_layers")
    decoders = config.whole("num_decoder_layers", default=layers)
    gated = str(config.values.get("feed_forward_proj", "relu")).startswith("gated")
    attention, block = 4 * width * heads * size, (3 if gated else 2) * width * inner
    embeddings = config.whole("vocab_size") * width
    outside = embeddings * (1 if config.flag("tie_word_embeddings", True) else 2) + 2 * width
    outside += 2 * config.whole("relative_attention_num_buckets", default=32) * heads
    encoder = layers * (attention + block + 2 * width)
    return _Counted(outside, encoder + decoders * (2 * attention + block + 3 * width))


FAMILIES: Mapping[str, Callable[[_Config], _Counted]] = {
    "llama": _llama(),
    "mistral": _llama(),
    "mixtral": _mixtral,
    "qwen2": _llama(bias=True),
    "qwen3": _llama(head_norms=True),
    "qwen2_moe": _qwen_moe(bias=True, head_norms=False),
    "qwen3_moe": _qwen_moe(bias=False, head_norms=True),
    "deepseek_v2": _deepseek,
    "deepseek_v3": _deepseek,
    "gemma": _llama(tied=True),
    "gemma2": _llama(tied=True, norms=4),
    "gpt2": _gpt2,
    "gpt_neox": _neox,
    "falcon": _falcon,
    "olmo": _llama(norms=0),
    "olmo2": _olmo2,
    "phi": _phi,
    "phi3": _llama(),
    "granite": _llama(tied=True),
    "bert": _bert,
    "vit": partial(_images, bias=True, norms=1),
    "clip": _clip,
    "t5": _t5,
}
