"""What an estimate filled in: every value, with its source, recorded at the stage that fills it in.

The first stage (:mod:`oce.resolution`) records what was not given, the second (:func:`oce.notes.of_throughput`) what a
throughput model says.
"""

from collections.abc import Iterable
from dataclasses import dataclass

ORDER = (  # in which assumptions are listed: as they matter
    *("training_flop", "rollout_batch", "layers", "width"),
    *("log10_alpha", "throughput", "device_speed", "device_variant", "year", "parameters"),
    *("power_w", "host_power_w", "carbon_intensity_g_per_kwh", "pue", "overhead_fraction"),
    *("device_count", "batch_tokens", "device_loss"),
    *("beta", "making", "host", "device_life_years", "use_fraction", "precision"),
)


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that the estimate filled in: what was used, and where it comes from."""

    field: str
    value: float | str
    unit: str
    source: str
    year: str = ""


def in_order(records: Iterable[Assumption]) -> tuple[Assumption, ...]:
    """The records in the order in which they matter."""
    return tuple(sorted(records, key=lambda record: ORDER.index(record.field)))
