"""An estimate as Hugging Face's model card has it: a block of metadata, and the inputs beside it.

The block is that of https://huggingface.co/docs/hub/model-cards-co2: emissions in grams. It is a number without an
exponent, as the hub's own reader takes other ways of writing it for something else, and never 0, which it drops.
"""

import json
import math

from oce import descriptions, units
from oce.estimation import Estimate
from oce.exports import sentence

GRAMS_PER_KILOGRAM = 1000.0
DIGITS = 3
LEFT_OUT = "time_to_train_hours"  # the block has no place for it


def model_card(name: str, result: Estimate) -> str:
    """The start of a model card in Markdown: ``co2_eq_emissions`` in its metadata, then figures and inputs in words."""
    count = float(result.inputs.device_count)
    device = result.device.name if result.device else "device"
    place = descriptions.place(result)
    block = [
        "---",
        "co2_eq_emissions:",
        f"  emissions: {grams(result)}",
        f"  source: {_text(sentence.method(result).removeprefix('Method: '))}",
        f"  training_type: {_text(training_type(result))}",
        f"  geographical_location: {_text(place)}",
        f"  hardware_used: {_text(f'{count:.0f} x {device}')}",
        "---",
    ]
    figures = [
        f"- {label}: {units.amount(getattr(result, field), units.SCALES[field])}"
        for field, label in units.LABELS.items()
        if field != LEFT_OUT
        if field != "embodied_co2e_kg" or result.embodied_co2e_kg.central
    ]
    figures += [f"- Cost: {sentence.cost(result)}"] if result.cost is not None else []
    grid = units.significant(float(result.inputs.carbon_intensity_g_per_kwh))
    inputs = [
        f"- Compute: {sentence.size(result)}",
        f"- Devices: {count:,.0f} × {device}, {units.significant(float(result.inputs.power_w))} W each",
        f"- Place: {place}, {grid} g CO2e/kWh (location-based), PUE {sentence.pue(result)}",
        f"- Overhead: {units.significant(100 * float(result.inputs.overhead_fraction))}% of the final run",
        f"- Embodied carbon: {sentence.embodied(result).removeprefix('embodied ')}",
        f"- Interval: {sentence.interval(result)}",
        f"- {sentence.method(result)}",
    ]
    said = f"Estimated for training {' '.join(name.split())}, not measured."
    return "\n".join([*block, "", "## Environmental impact", "", said, "", *figures, *inputs, ""])


def grams(result: Estimate) -> str:
    """The total in grams, with the three digits that the screen shows, without an exponent: 2100000000, 0.156."""
    total = result.total_co2e_kg.central * GRAMS_PER_KILOGRAM
    if total == 0:
        return "0"
    places = max(0, DIGITS - 1 - math.floor(math.log10(total)))
    return units.without_zeros(f"{float(f'{total:.{DIGITS}g}'):.{places}f}")


def training_type(result: Estimate) -> str:
    """What the Hub calls the training: pre-training, or fine-tuning where the scenario says that it starts from one."""
    said = str(result.scenario.given().get("training", "pre-training"))
    return said if said == "pre-training" else "fine-tuning"


def _text(text: str) -> str:
    """A text as YAML reads it back, whatever is in it: in quotes, and what cannot be printed by its code."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in quoted)
