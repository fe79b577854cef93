"""A measured rate in three units: TFLOP/s of a device, the share of its peak (MFU), tokens per second.

They are one thing seen three ways: TFLOP/s ÷ dense peak = MFU, and TFLOP/s ÷ the compute of a token = tokens/s, of a
dense decoder 6 × parameters (Kaplan et al. 2020, arXiv:2001.08361, section 2.1).
"""

from dataclasses import dataclass

import numpy as np

from oce.errors import NotReadError
from oce.method.compute import FLOP_PER_TFLOP
from oce.parsing import quantity, read_number
from oce.quantity_units import Read
from oce.resolution import Resolved

TFLOPS, MFU, TOKENS = "TFLOP/s", "MFU", "tokens/s"
DIGITS = 8  # of a share that a rate is kept as: short in a link, and more than anybody measures
FIELD_OF = {TFLOPS: "utilisation", MFU: "utilisation", TOKENS: "tokens_per_second_per_device"}


@dataclass(frozen=True, slots=True)
class RateScale:
    """What turns a unit of a rate into another; NaN where not known."""

    peak_tflops: float  # dense, at the precision that is trained in
    flop_per_token: float

    @property
    def units(self) -> tuple[str, ...]:
        """The units that a rate can be given in."""
        known = {TFLOPS: self.peak_tflops, MFU: self.peak_tflops, TOKENS: self.flop_per_token}
        return tuple(unit for unit, needed in known.items() if np.isfinite(needed))

    def tflops(self, value: float, field: str) -> float:
        """TFLOP/s of a field of the scenario: of ``utilisation``, or of ``tokens_per_second_per_device``."""
        each = self.peak_tflops if field == "utilisation" else self.flop_per_token / FLOP_PER_TFLOP
        return value * each

    def in_unit(self, tflops: float, unit: str) -> float:
        """TFLOP/s in another unit; MFU as a share."""
        if unit == TFLOPS:
            return tflops
        return tflops / self.peak_tflops if unit == MFU else tflops * FLOP_PER_TFLOP / self.flop_per_token

    def read(self, text: str, unit: str) -> tuple[str, Read]:
        """A rate as it was written, in ``unit`` where it says none.

        Args:
            text: Such as ``410``, ``410 TFLOP/s``, ``41 %``, ``970 tokens/s``.
            unit: A unit of :attr:`units`.

        Returns:
            The field of the scenario that it is kept in, and its value.

        Raises:
            NotReadError: Where it is none of these; its message is a hint, and may be empty.
        """
        why = NotReadError("")
        for asked in (unit, *(other for other in self.units if other != unit)):
            try:
                return FIELD_OF[asked], self._read(text, asked)
            except NotReadError as error:
                why = why if str(why) else error
        raise why

    def _read(self, text: str, unit: str) -> Read:
        if unit == TOKENS:
            return read_number("tokens_per_second_per_device", text)
        if unit == TFLOPS:
            found = quantity(text, TFLOPS, lambda value: value > 0)
            return Read(float(f"{found.value / self.peak_tflops:.{DIGITS}g}"), found.note)
        found = read_number("utilisation", text)
        if not text.strip()[-1:].isdigit():  # its unit says which of the two it is
            return found
        value = found.value / 100.0 if found.value > 1.0 else found.value
        return Read(value, found.note or f"“{text.strip()}” is read as {100.0 * value:.3g}% of the peak")


def rate_scale(resolved: Resolved) -> RateScale:
    """The scale of a single scenario, by its device, its precision and the compute of its tokens."""
    inputs = resolved.throughput
    with np.errstate(all="ignore"):
        per_token = float((inputs.training_flop / inputs.tokens)[0])
    return RateScale(float(inputs.peak_tflops[0]), per_token)
