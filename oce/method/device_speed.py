"""How fast a device trains against another: the device part of the calibrated throughput.

What a stack does on two devices tells how they compare; what two organisations reported on two devices tells mostly
how the organisations compare. So the ratio between devices is learnt from measurements of both by one stack
(:mod:`oce.catalog.measurements`). With s the logarithm of the speed per device, counted from an A100 SXM 80 GB in bf16,

    s = w_peak ln(P / 312) + w_bandwidth ln(B / 2039) + w_slot [PCIe card] + vendor + device
        + (size z + attention a + mixture m) ℓ + rack m + 32 bits + precision (1 + its own size z + its own mixture m)

P is the dense peak in TFLOP/s, B the memory bandwidth in GB/s as far as it is of use, z = log10 of the active
parameters over 1e10, a the share of attention in the compute (over what it is at 4,096 tokens of a 10-billion model),
m = 1 for a mixture of experts, 32 bits what tf32 and fp32 cost beyond their peak, as activations move twice the bytes,
with the device's own deviation, and ℓ the speed that peak, bandwidth and slot alone give. The first line places a
device that nobody measured; ``device`` is its own deviation, pooled towards none.

:mod:`oce.method.device_speed_fit` learns the coefficients; here is what follows from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from oce.array_values import ArrayValue
from oce.method.hardware_features import COVARIATES, REFERENCE_DEVICE, Hardware

Floats = NDArray[np.float64]

VENDOR_SD = 0.2  # what a vendor's stack makes of its devices, against NVIDIA's: a judgement
WAFER_SD = 0.5  # added for a device that is a whole wafer: peak and bandwidth compare badly
WIDE_SD = 0.4  # between devices, in what 32 bits cost: a judgement, about that of the four that were measured
STACKS_SD = 0.13  # between two vendors' own stacks: software moves a pair by up to 1.3, taken as two deviations


@dataclass(frozen=True, slots=True, eq=False)
class PredictedRatio(ArrayValue):
    """ln of speed ratios of pairs: mean and standard deviation, a value a pair."""

    mean: Floats
    sd: Floats


@dataclass(frozen=True, slots=True, eq=False)
class DeviceSpeed(ArrayValue):
    """The posterior of the coefficients, and the spreads that were chosen."""

    names: tuple[str, ...]
    mean: Floats
    covariance: Floats
    spreads: Mapping[str, float]
    place: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Remember where each coefficient stands."""
        object.__setattr__(self, "place", {name: at for at, name in enumerate(self.names)})

    def weights(self, machine: Hardware) -> Floats:
        """What every coefficient counts for in s of a hardware: coefficients × :data:`COVARIATES`.

        A device or vendor that the posterior does not know has no row: see :meth:`unknown_covariance`.
        """
        found = np.zeros((len(self.names), len(COVARIATES)))
        for name, values in machine.weights().items():
            if name in self.place:
                found[self.place[name]] = values
        return found

    def unknown_covariance(self, machine: Hardware, other: Hardware) -> float:
        """Covariance of what the posterior does not know of two: a device's own offset, and that of its vendor.

        Of one and the same hardware: the variance.
        """
        covariance = 0.0
        if machine.device == other.device and f"device {machine.device}" not in self.place:
            covariance += self._new_device_variance(machine)
        if machine.wide and machine.own_wide == other.own_wide and machine.own_wide not in self.place:
            covariance += WIDE_SD**2
        if machine.vendor == other.vendor and self._is_new_vendor(machine):
            covariance += VENDOR_SD**2
        return covariance

    def including(self, others: Iterable[Hardware]) -> DeviceSpeed:
        """The same with coefficients for devices and vendors that no contrast names, as far as they are known: not."""
        new: dict[str, float] = {}
        for machine in others:
            if f"device {machine.device}" not in self.place:
                new[f"device {machine.device}"] = self._new_device_variance(machine)
            if machine.wide and machine.own_wide not in self.place:
                new[machine.own_wide] = WIDE_SD**2
            if self._is_new_vendor(machine):
                new[f"vendor {machine.vendor}"] = VENDOR_SD**2
        n, count = len(self.names), len(self.names) + len(new)
        covariance = np.zeros((count, count))
        covariance[:n, :n] = self.covariance
        covariance[range(n, count), range(n, count)] = list(new.values())
        mean = np.concatenate([self.mean, np.zeros(len(new))])
        return DeviceSpeed((*self.names, *new), mean, covariance, self.spreads)

    def _new_device_variance(self, machine: Hardware) -> float:
        if machine.device == REFERENCE_DEVICE:
            return 0.0
        return self.spreads["device"] ** 2 + (WAFER_SD**2 if machine.wafer else 0.0)

    def _is_new_vendor(self, machine: Hardware) -> bool:
        return machine.vendor != "NVIDIA" and f"vendor {machine.vendor}" not in self.place

    def tuning_variance(self, mixture: bool) -> float:
        """Variance that a stack's tuning of one device adds to a contrast: by source, by model, plain scatter.

        source² + model² + scatter² / 2: the scatter of a contrast is of two devices.

        Args:
            mixture: Whether of a mixture of experts, else of a dense language model.
        """
        kind = "mixture" if mixture else "language"
        parts = (
            self.spreads["source"],
            self.spreads[f"model: {kind}"],
            self.spreads[f"scatter: {kind}"] / np.sqrt(2.0),
        )
        return float(sum(sd**2 for sd in parts))

    def predict(self, pairs: Sequence[tuple[Hardware, Hardware]], covariates: Floats, new: Floats) -> PredictedRatio:
        """Ln speed ratio of pairs, second over first: mean d' m, variance d' C d, d = (W₂ − W₁) x.

        Args:
            pairs: First and second.
            covariates: Pairs × :data:`COVARIATES`.
            new: Variance of what is the pair's own: its stack's tuning.

        Returns:
            Mean and standard deviation.
        """
        design = np.array(
            [(self.weights(b) - self.weights(a)) @ x for (a, b), x in zip(pairs, covariates, strict=True)]
        )
        unknown = self.unknown_covariance
        open_variance = [unknown(a, a) + unknown(b, b) - 2.0 * unknown(a, b) for a, b in pairs]
        variance = np.einsum("ij,jk,ik->i", design, self.covariance, design) + np.array(open_variance) + new
        return PredictedRatio(design @ self.mean, np.sqrt(variance))
