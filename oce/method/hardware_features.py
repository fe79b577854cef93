"""A device as the device part of the calibrated throughput sees it: what places it, and what decides its gain."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce import catalog
from oce.catalog import Device

Floats = NDArray[np.float64]
Weights = Mapping[str, tuple[float, float, float, float]]  # of a coefficient, on each of COVARIATES

COVARIATES = ("constant", "size", "attention", "mixture")
REFERENCE_DEVICE = "a100-sxm-80gb"
REFERENCE_PEAK = 312.0  # TFLOP/s
REFERENCE_BANDWIDTH = 2039.0  # GB/s
USUAL_SEQUENCE = 4096.0  # tokens, where it is not given
SIZE_RANGE = (-2.0, 1.5)  # decades around 1e10 parameters within which size matters
MOST_BANDWIDTH = 2.0  # times the reference's bandwidth for each FLOP/s: what lies above is not counted, a judgement
NOMINAL = (0.66, 0.33, -0.37)  # of ln peak, ln bandwidth and a slot: the balance that ℓ is counted by
WIDE_PRECISIONS = ("tf32", "fp32")  # whose activations are of 32 bits: twice the bytes of the usual 16
LOW_PRECISIONS = {"fp8": "fp8", "mxfp8": "fp8", "fp4": "fp4", "nvfp4": "fp4", "int8": "int8"}


@dataclass(frozen=True, slots=True)
class Hardware:
    """A device as the model sees it, at one precision."""

    device: str  # id that it is counted as
    vendor: str
    peak_tflops: float  # dense, at the precision; of its usual one below 16 bits
    bandwidth_gb_per_s: float
    slot: bool  # a card in a PCIe slot, without a link of its own
    rack: bool  # its fast link spans a rack
    wafer: bool
    limit_tflops: float  # dense, at the precision itself: what nothing passes
    low_precision: str = ""  # fp8, fp4 or int8
    wide: str = ""  # tf32 or fp32, on a device whose usual precision is of 16 bits

    @property
    def nominal(self) -> float:
        """ℓ: ln of the speed that peak, bandwidth and slot alone give, against the reference."""
        return sum(weight * x for weight, x in zip(NOMINAL, self._balance(), strict=True))

    @property
    def own_wide(self) -> str:
        """The coefficient of how the device differs from others in its 32 bits."""
        return f"{self.wide} {self.device}"

    def weights(self) -> Weights:
        """What every coefficient counts for in s, on each of :data:`COVARIATES`."""
        peak, bandwidth, slot = self._balance()
        nominal = self.nominal
        found: dict[str, tuple[float, float, float, float]] = {
            "peak": (peak, 0.0, 0.0, 0.0),
            "bandwidth": (bandwidth, 0.0, 0.0, 0.0),
            "slot": (slot, 0.0, 0.0, 0.0),
            "size": (0.0, nominal, 0.0, 0.0),
            "attention": (0.0, 0.0, nominal, 0.0),
            "mixture": (0.0, 0.0, 0.0, nominal),
            "rack": (0.0, 0.0, 0.0, float(self.rack)),
            f"device {self.device}": (1.0, 0.0, 0.0, 0.0),
        }
        if self.vendor != "NVIDIA":
            found[f"vendor {self.vendor}"] = (1.0, 0.0, 0.0, 0.0)
        if self.wide:
            found["32 bits"] = found[self.own_wide] = (1.0, 0.0, 0.0, 0.0)
        if self.low_precision:
            found[self.low_precision] = (1.0, 0.0, 0.0, 0.0)
        if self.low_precision in ("fp8", "fp4"):
            found[f"{self.low_precision} size"] = (0.0, 1.0, 0.0, 0.0)
            found[f"{self.low_precision} mixture"] = (0.0, 0.0, 0.0, 1.0)
        return found

    def _balance(self) -> tuple[float, float, float]:
        # On-wafer memory compares with no other: such a device is placed by its peak alone. Elsewhere, memory that is
        # much faster than the arithmetic needs is no use to it.
        useful = MOST_BANDWIDTH * self.peak_tflops * REFERENCE_BANDWIDTH / REFERENCE_PEAK
        bandwidth = REFERENCE_BANDWIDTH if self.wafer else min(self.bandwidth_gb_per_s, useful)
        return (
            float(np.log(self.peak_tflops / REFERENCE_PEAK)),
            float(np.log(bandwidth / REFERENCE_BANDWIDTH)),
            float(self.slot),
        )


def hardware(device: Device, precision: str = "") -> Hardware:
    """A device of the catalogue at a precision, as the model sees it.

    Args:
        device: The device.
        precision: One of the catalogue's or of a measurement's; empty: its usual one.

    Returns:
        The hardware. At fp8, fp4 and int8 it has the peak of its usual precision, and the measured effect of the lower.
    """
    if device.counted_as:
        device = catalog.device(device.counted_as)
    low = LOW_PRECISIONS.get(precision, "")
    usual = device.peak_tflops[device.training_precision]
    return Hardware(
        device=device.id,
        vendor=device.vendor,
        peak_tflops=usual if low or not precision else device.peak_tflops.get(precision, usual),
        bandwidth_gb_per_s=device.memory_bandwidth_gb_per_s,
        slot=device.interconnect == "pcie",
        rack=device.interconnect == "nvlink rack",
        wafer=device.interconnect == "on-wafer",
        limit_tflops=device.peak_tflops.get(precision or device.training_precision, usual),
        low_precision=low,
        wide=precision if precision in WIDE_PRECISIONS and device.training_precision not in WIDE_PRECISIONS else "",
    )


def attention_share(size: ArrayLike, sequence_length: ArrayLike) -> Floats:
    """Share of causal attention in the training compute of a dense decoder, less that of 1e10 parameters at 4,096.

    Attention of a token costs 12 s d FLOP a layer against 72 d² for the weights (Narayanan et al. 2021,
    arXiv:2104.04473, equation 3), half of that where it is causal, so its share is s / (s + 12 d). The width d is that
    of published decoders of this size, 128 times their depth: N = 12 L d² = 12 d³ / 128.

    Args:
        size: Active parameters.
        sequence_length: Tokens in a sequence.

    Returns:
        The share less the usual one, 0 at 1e10 parameters and 4,096 tokens.
    """
    return _share(size, sequence_length) - _share(1e10, USUAL_SEQUENCE)


def _share(size: ArrayLike, sequence_length: ArrayLike) -> Floats:
    width = np.cbrt(np.asarray(size, dtype=np.float64) * (128.0 / 12.0))
    length = np.asarray(sequence_length, dtype=np.float64)
    return np.asarray(length / (length + 12.0 * width))


def size_covariate(size: ArrayLike) -> Floats:
    """z: decades of active parameters above 1e10, held to :data:`SIZE_RANGE`.

    z = log10(N / 1e10).

    Args:
        size: N, active parameters, of any shape.
    """
    return np.clip(np.log10(np.asarray(size, dtype=np.float64)) - 10.0, *SIZE_RANGE)
