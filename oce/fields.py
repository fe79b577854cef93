"""The fields of a scenario: what each means, its unit, what is allowed, and what is used where it is not given."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Architecture = Literal["decoder", "encoder", "encoder-decoder"]
Interconnect = Literal["server", "cluster", "sites"]
Training = Literal["pre-training", "fine-tuning", "adapters", "distillation", "reinforcement"]
Modality = Literal["language", "vision", "multimodal", "protein", "speech", "other"]
Precision = Literal["fp32", "tf32", "fp16", "bf16", "fp8", "fp4"]
Throughput = Literal["calibrated", "published"]
Embodied = Literal["full", "paper"]
Method = Literal["calibrated", "published", "alpha", "utilisation", "measured"]
OWN_METHODS: Mapping[str, Method] = {  # a field of the user's own, and the method that it stands for; the first counts
    "log10_alpha_low": "alpha",
    "utilisation": "utilisation",
    "tokens_per_second_per_device": "measured",
}
PAPERS_METHODS: tuple[Method, ...] = ("published", "alpha")  # energy there is TDP × device-hours, without PUE

CURRENCY = re.compile(r"[^\W\d_]{1,8}|[$€£¥₹₩₽₺₴₪₫฿¢]")
CURRENCY_ALLOWED = "up to 8 letters, or a sign such as €"
MOST_OF_A_SHARE = 10.0  # a field without a unit that goes higher is a count


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a scenario: what it means, its unit, and what is allowed."""

    name: str
    label: str
    meaning: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    above: bool = False  # low itself is refused
    whole: bool = False
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        if self.choices:
            return ", ".join(self.choices)
        if self.name == "currency":
            return CURRENCY_ALLOWED
        if self.name in TEXT_FIELDS:
            return "a text"
        unit = f" {self.unit}" if self.unit else ""
        if self.above:
            return f"above {_plain(self.low)}, at most {_plain(self.high)}{unit}"
        return f"{_plain(self.low)} … {_plain(self.high)}{unit}" + (", whole" if self.whole else "")

    @property
    def kind(self) -> str:
        """What is written for it, a key of :data:`oce.quantity_units.KINDS`; its unit where that says enough."""
        named = {"year": "year", "pue": "PUE", "batch_tokens": "tokens in a step"}
        named |= dict.fromkeys(("context_length", "tokens_per_sample"), "tokens in a sequence")
        return named.get(self.name) or self.unit or ("share" if self.high <= MOST_OF_A_SHARE else "number")

    def takes(self, value: float) -> bool:
        """Whether ``value`` is allowed."""
        outside = not self.low <= value <= self.high or (self.above and value == self.low)
        return not outside and not (self.whole and value % 1 != 0)

    def check(self, value: float) -> None:
        """Refuse ``value`` where it is not allowed.

        Raises:
            ValueError: With what is allowed, in words.
        """
        if not self.takes(value):
            raise ValueError(self.allowed)


def _plain(bound: float) -> str:
    """A bound as people write it: 1e5 rather than 100000."""
    return re.sub(r"e\+?0*", "e", f"{bound:.0e}") if bound >= 1e5 else f"{bound:g}"


# fmt: off
FIELDS: Mapping[str, Field] = {field.name: field for field in (
    Field("parameters", "Parameters", "Total parameters of the model", "parameters", 1e5, 1e14),
    Field("active_parameters", "Active parameters",
          "Parameters used per token (mixture of experts); all of them if not given", "parameters", 1e3, 1e14),
    Field("tokens", "Training tokens", "Tokens processed, all epochs", "tokens", 1e5, 1e16),
    Field("training_flop", "Training compute",
          "Compute of the run, given directly instead of 6 × active parameters × tokens", "FLOP", 1e12, 1e30),
    Field("device", "Device", "Accelerator: name, id or alias from the catalogue, any case"),
    Field("modality", "Modality", "What the model is for", choices=get_args(Modality)),
    Field("precision", "Precision", "Arithmetic that sets the peak", choices=get_args(Precision)),
    Field("device_count", "Devices", "Number of devices; for TPUs, chips", "devices", 1, 1e7, whole=True),
    Field("region", "Region", "Country (ISO 3166 code or name), sub-national zone or cloud region"),
    Field("carbon_intensity_g_per_kwh", "Grid carbon intensity", "Replaces the region's intensity", "g CO2e/kWh", 0,
          2000),
    Field("pue", "PUE", "Power usage effectiveness of the data centre", "", 1, 3),
    Field("power_w", "Device power", "Mean power of one device by itself, without its server", "W", 0, 1e5, above=True),
    Field("power_fraction", "Share of TDP", "Mean device power as a share of TDP", "", 0, 10, above=True),
    Field("host_power_w", "Host power",
          "What the server adds for each device: processors, memory, fans, losses of its power supplies", "W", 0, 1e5),
    Field("overhead_fraction", "Overhead", "Failed runs, restarts and experiments, as a share of the final run", "", 0,
          10),
    Field("throughput", "Throughput", "Which throughput model is used", choices=get_args(Throughput)),
    Field("utilisation", "Utilisation",
          "Share of the device's dense peak that your stack reaches in steady state (MFU)", "", 1e-4, 1),
    Field("tokens_per_second_per_device", "Measured rate", "Tokens per second that one device does in steady state",
          "tokens/s", 1e-6, 1e12),
    Field("log10_alpha_low", "log₁₀ α, low", "Lower end of your own α range", "log10(1/s)", -12, 2000),
    Field("log10_alpha_high", "log₁₀ α, high", "Upper end of your own α range", "log10(1/s)", -12, 2000),
    Field("embodied", "Embodied carbon", "How manufacturing is counted", choices=get_args(Embodied)),
    Field("device_life_years", "Device life", "Years in service that the making is spread over", "years", 0.1, 30),
    Field("use_fraction", "Share of time in use", "Of the device's life, by anyone", "", 0.01, 1),
    Field("level", "Interval level", "Share of runs the interval is meant to hold", "", 0.01, 0.99),
    Field("year", "Year of training", "Software has become faster; none: the year of the data", "", 2010, 2040,
          whole=True),
    Field("context_length", "Context length",
          "Tokens in a training sequence. Given, attention is counted; not given, it is not", "tokens", 1, 1e8),
    Field("layers", "Layers", "Depth of the model; inferred from its parameters if not given", "", 1, 1e5, whole=True),
    Field("width", "Width", "Hidden size of the model; inferred from its parameters if not given", "", 1, 1e7),
    Field("architecture", "Kind of network",
          "Decoder: a token sees those before it. Encoder: it sees all. Encoder-decoder: it passes half of the model",
          choices=get_args(Architecture)),
    Field("batch_tokens", "Global batch",
          "Tokens in a step, on all devices together; that usual for the compute if not given", "tokens", 1, 1e12),
    Field("interconnect", "Devices are joined",
          "Server: within one, or one rack. Cluster: across servers. Sites: across data centres or slices",
          choices=get_args(Interconnect)),
    Field("bytes_per_parameter", "Memory for a parameter",
          "Of weight, gradient and optimiser states: 16 with Adam in mixed precision, 10 with an 8-bit optimiser",
          "bytes", 0.1, 64),
    Field("training", "Kind of training",
          "All weights are trained, or adapters alone; or a teacher is imitated, or own answers are learnt from",
          choices=get_args(Training)),
    Field("teacher_parameters", "Teacher's parameters",
          "Active parameters of the model that is imitated; it reads every token once", "parameters", 1e3, 1e14),
    Field("rollout_batch", "Answers at once",
          "Answers that a device writes at the same time, where own answers are learnt from", "", 1, 1e5),
    Field("price_per_device_hour", "Price of a device-hour",
          "What an hour of one device costs you, with its server; there is no price list here", "", 0, 1e9),
    Field("currency", "Currency", "What the price is in, as you write it: EUR, USD, credits"),
    Field("samples", "Training samples", "Images, pairs, clips or sequences processed, all epochs; instead of tokens",
          "samples", 1, 1e16),
    Field("tokens_per_sample", "Tokens per sample", "Patches, frames or residues that one sample is cut into", "tokens",
          1, 1e8),
    Field("forward_flop_per_sample", "Forward FLOP per sample",
          "Compute of one sample once through the model; training takes 3 times as much", "FLOP", 1, 1e24),
)}
# fmt: on
TEXT_FIELDS = tuple(name for name, field in FIELDS.items() if field.low == -math.inf)  # they have no range
NUMBER_FIELDS = tuple(name for name in FIELDS if name not in TEXT_FIELDS)

DEFAULTS: Mapping[str, float | str] = {
    "modality": "language",
    "architecture": "decoder",
    "interconnect": "cluster",
    "training": "pre-training",
    "rollout_batch": 64.0,
    "device_count": 1.0,
    "overhead_fraction": 0.0,
    "throughput": "calibrated",
    "embodied": "full",
    "device_life_years": 4.0,
    "use_fraction": 0.85,
    "level": 0.8,
}
