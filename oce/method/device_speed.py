"""How fast a device trains against another: the device part of the calibrated throughput.

What a stack does on two devices tells how they compare; what two organisations reported on two devices tells mostly
how the organisations compare. So the ratio between devices is learnt from measurements of both by one stack
(:mod:`oce.catalog.measurements`). With s the logarithm of the speed per device, counted from an A100 SXM 80 GB in bf16,

    s = w_peak ln(P / 312) + w_bandwidth ln(B / 2039) + w_slot [PCIe card] + vendor + device
        + (size z + attention a + mixture m) ℓ + rack m + precision (1 + its own size z + its own mixture m)

P is the dense peak in TFLOP/s, B the memory bandwidth in GB/s as far as it is of use, z = log10 of the active
parameters over 1e10, a the share of attention in the compute (over what it is at 4,096 tokens of a 10-billion model),
m = 1 for a mixture of experts, and ℓ the speed that peak, bandwidth and slot alone give. The first line places a
device that nobody measured; ``device`` is its own deviation, pooled towards none.

A contrast also carries what is not the devices': how a source tunes each of its devices, how a model suits a device,
two vendors' stacks, plain scatter. Their spreads are chosen from a grid by the likelihood of the contrasts; everything
else is one linear system under Student-t noise. Deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce import catalog
from oce.catalog import Device
from oce.catalog.measurements import Contrast

Floats = NDArray[np.float64]
Weights = Mapping[str, tuple[float, float, float, float]]  # of a coefficient, on each of COVARIATES

COVARIATES = ("one", "size", "attention", "mixture")
REFERENCE_DEVICE = "a100-sxm-80gb"
REFERENCE_PEAK = 312.0  # TFLOP/s
REFERENCE_BANDWIDTH = 2039.0  # GB/s
USUAL_SEQUENCE = 4096.0  # tokens, where it is not given
SIZE_RANGE = (-2.0, 1.5)  # decades around 1e10 parameters within which size matters
MOST_BANDWIDTH = 2.0  # times the reference's bandwidth for each FLOP/s: what lies above is not counted, a judgement
NOMINAL = (0.66, 0.33, -0.37)  # of ln peak, ln bandwidth and a slot: the balance that ℓ is counted by
PRIORS: Mapping[str, tuple[float, float]] = {  # mean and standard deviation of the coefficients
    "peak": (0.66, 0.15),
    "bandwidth": (0.33, 0.15),
    "slot": (-0.37, 0.15),
    "size": (0.0, 0.1),
    "attention": (0.0, 0.5),
    "mixture": (0.0, 0.2),
    "rack": (0.1, 0.2),
    "fp8": (0.25, 0.2),
    "fp8 size": (0.0, 0.1),
    "fp8 mixture": (0.0, 0.2),
    "fp4": (0.5, 0.3),
    "fp4 size": (0.0, 0.1),
    "fp4 mixture": (0.0, 0.2),
    "int8": (0.2, 0.2),
}
VENDOR_SD = 0.2  # what a vendor's stack makes of its devices, against NVIDIA's: a judgement
WAFER_SD = 0.5  # added for a device that is a whole wafer: peak and bandwidth compare badly
STACKS_SD = 0.13  # between two vendors' own stacks: software moves a pair by up to 1.3, taken as two deviations
CLAIM_SD = 0.25  # of a vendor's claim: the two there are of one device lie 1.6 apart
OTHER_KIND_SD = 0.2  # how another kind of work than language models differs, for each unit of ℓ
DEGREES_OF_FREEDOM = 4.0
ITERATIONS = 12
LEVELS_OF = {  # the kinds of work whose scatter is told apart
    "language pre-training": "language",
    "encoder-decoder pre-training": "language",
    "language fine-tuning": "fine-tuning",
    "encoder pre-training": "encoder",
    "vision": "vision",
    "speech": "vision",
    "diffusion": "vision",
}
LOW_PRECISIONS = {"fp8": "fp8", "mxfp8": "fp8", "fp4": "fp4", "nvfp4": "fp4", "int8": "int8"}
GRID: Mapping[str, tuple[float, ...]] = {  # standard deviations to choose from, the first guess in the middle
    "device": (0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25),
    "source": (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.11),
    "model: language": (0.02, 0.03, 0.04, 0.05, 0.07, 0.1),
    "model: mixture": (0.05, 0.1, 0.15, 0.2),
    "model: fine-tuning": (0.03, 0.07, 0.15),
    "model: encoder": (0.07, 0.15, 0.25, 0.35),
    "model: vision": (0.07, 0.15, 0.25),
    "scatter: language": (0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.1),
    "scatter: mixture": (0.03, 0.06, 0.1, 0.13, 0.16, 0.2),
    "scatter: other": (0.03, 0.06, 0.1, 0.2),
}


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

    @property
    def nominal(self) -> float:
        """ℓ: ln of the speed that peak, bandwidth and slot alone give, against the reference."""
        return sum(weight * x for weight, x in zip(NOMINAL, self._balance(), strict=True))

    def weights(self) -> Weights:
        """What every coefficient counts for in s, on each of :data:`COVARIATES`."""
        peak, bandwidth, slot = self._balance()
        level = self.nominal
        found: dict[str, tuple[float, float, float, float]] = {
            "peak": (peak, 0.0, 0.0, 0.0),
            "bandwidth": (bandwidth, 0.0, 0.0, 0.0),
            "slot": (slot, 0.0, 0.0, 0.0),
            "size": (0.0, level, 0.0, 0.0),
            "attention": (0.0, 0.0, level, 0.0),
            "mixture": (0.0, 0.0, 0.0, level),
            "rack": (0.0, 0.0, 0.0, float(self.rack)),
            f"device {self.device}": (1.0, 0.0, 0.0, 0.0),
        }
        if self.vendor != "NVIDIA":
            found[f"vendor {self.vendor}"] = (1.0, 0.0, 0.0, 0.0)
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
    """z: decades of active parameters above 1e10, held to :data:`SIZE_RANGE`."""
    return np.clip(np.log10(np.asarray(size, dtype=np.float64)) - 10.0, *SIZE_RANGE)


@dataclass(frozen=True, slots=True)
class DeviceSpeed:
    """The posterior of the coefficients, and the spreads that were chosen."""

    names: tuple[str, ...]
    mean: Floats
    covariance: Floats
    spreads: Mapping[str, float]
    place: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Remember where each coefficient stands."""
        object.__setattr__(self, "place", {name: at for at, name in enumerate(self.names)})

    def weights(self, one: Hardware) -> Floats:
        """What every coefficient counts for, one row each and a column for each of :data:`COVARIATES`.

        A device or vendor that the posterior does not know has no row: see :meth:`unknown_covariance`.
        """
        found = np.zeros((len(self.names), len(COVARIATES)))
        for name, values in one.weights().items():
            if name in self.place:
                found[self.place[name]] = values
        return found

    def unknown_covariance(self, one: Hardware, other: Hardware) -> float:
        """Covariance of what the posterior does not know of two: a device's own offset, and that of its vendor.

        Of one and the same hardware: the variance.
        """
        covariance = 0.0
        if one.device == other.device and f"device {one.device}" not in self.place:
            covariance += self._own_variance(one)
        if one.vendor == other.vendor and self._is_new_vendor(one):
            covariance += VENDOR_SD**2
        return covariance

    def including(self, others: Iterable[Hardware]) -> DeviceSpeed:
        """The same with coefficients for devices and vendors that no contrast names, as far as they are known: not."""
        new: dict[str, float] = {}
        for one in others:
            if f"device {one.device}" not in self.place:
                new[f"device {one.device}"] = self._own_variance(one)
            if self._is_new_vendor(one):
                new[f"vendor {one.vendor}"] = VENDOR_SD**2
        n, count = len(self.names), len(self.names) + len(new)
        covariance = np.zeros((count, count))
        covariance[:n, :n] = self.covariance
        covariance[range(n, count), range(n, count)] = list(new.values())
        mean = np.concatenate([self.mean, np.zeros(len(new))])
        return DeviceSpeed((*self.names, *new), mean, covariance, self.spreads)

    def _own_variance(self, one: Hardware) -> float:
        if one.device == REFERENCE_DEVICE:
            return 0.0
        return self.spreads["device"] ** 2 + (WAFER_SD**2 if one.wafer else 0.0)

    def _is_new_vendor(self, one: Hardware) -> bool:
        return one.vendor != "NVIDIA" and f"vendor {one.vendor}" not in self.place

    def tuning_variance(self, mixture: bool) -> float:
        """Variance that a stack's tuning of one device adds to a contrast: by source, by model, plain scatter."""
        kind = "mixture" if mixture else "language"
        parts = (
            self.spreads["source"],
            self.spreads[f"model: {kind}"],
            self.spreads[f"scatter: {kind}"] / np.sqrt(2.0),
        )
        return float(sum(one**2 for one in parts))

    def predict(self, contrasts: Sequence[tuple[Hardware, Hardware]], covariates: Floats, new: Floats) -> Contrasted:
        """Ln speed ratio of pairs, second over first.

        Args:
            contrasts: The pairs.
            covariates: One row a pair, a column for each of :data:`COVARIATES`.
            new: Variance of what is the pair's own: its stack's tuning.

        Returns:
            Mean and standard deviation.
        """
        design = np.array(
            [(self.weights(b) - self.weights(a)) @ x for (a, b), x in zip(contrasts, covariates, strict=True)]
        )
        unknown = self.unknown_covariance
        open_variance = [unknown(a, a) + unknown(b, b) - 2.0 * unknown(a, b) for a, b in contrasts]
        variance = np.einsum("ij,jk,ik->i", design, self.covariance, design) + np.array(open_variance) + new
        return Contrasted(design @ self.mean, np.sqrt(variance))


@dataclass(frozen=True, slots=True)
class Contrasted:
    """ln of speed ratios: what is expected, give or take."""

    mean: Floats
    sd: Floats


@dataclass(frozen=True, slots=True)
class Observed:
    """Contrasts as the fit sees them: the same pair of one source and model once, by its median."""

    rows: tuple[Contrast, ...]  # an example of each
    log_ratio: Floats
    ends: tuple[tuple[Hardware, Hardware], ...]
    covariates: Floats
    kinds: tuple[str, ...]  # of scatter: language, mixture, fine-tuning, encoder or vision

    def take(self, keep: NDArray[np.bool_]) -> Observed:
        """Those for which ``keep`` is true."""
        at = np.flatnonzero(keep).tolist()
        return Observed(
            tuple(self.rows[i] for i in at),
            self.log_ratio[keep],
            tuple(self.ends[i] for i in at),
            self.covariates[keep],
            tuple(self.kinds[i] for i in at),
        )


def observed(contrasts: Iterable[Contrast], devices: Mapping[str, Device]) -> Observed:
    """Contrasts made ready for the fit.

    Args:
        contrasts: The rows; those of one source, model, length and pair are taken together, by their median.
        devices: The catalogue, by id.

    Returns:
        One for each, in the order of the rows.
    """
    groups: dict[tuple[object, ...], list[Contrast]] = {}
    for row in contrasts:
        pair = (row.first_device, row.first_precision, row.second_device, row.second_precision)
        what = (row.source, row.model, row.kind, row.sequence_length, row.parameters, row.evidence)
        groups.setdefault((*what, *pair), []).append(row)
    firsts = tuple(rows[0] for rows in groups.values())
    ends = tuple(
        (
            hardware(devices[row.first_device], row.first_precision),
            hardware(devices[row.second_device], row.second_precision),
        )
        for row in firsts
    )
    return Observed(
        firsts,
        np.array([np.median([np.log(row.speed_ratio) for row in rows]) for rows in groups.values()]),
        ends,
        np.array([covariates_of(row) for row in firsts]),
        tuple("mixture" if row.is_mixture else LEVELS_OF[row.kind] for row in firsts),
    )


def covariates_of(row: Contrast) -> tuple[float, float, float, float]:
    """The values of :data:`COVARIATES` for a contrast; a size that is not known is taken as 1e10."""
    size = row.size or 1e10
    language = row.is_language or row.kind == "language fine-tuning"
    attention = float(attention_share(size, row.sequence_length or USUAL_SEQUENCE)) if language else 0.0
    return 1.0, float(size_covariate(size)), attention, float(row.is_mixture)


def fit(data: Observed) -> DeviceSpeed:
    """The posterior given some contrasts, the spreads chosen by their likelihood.

    Args:
        data: The contrasts.

    Returns:
        The posterior of all that a language model needs.
    """
    system = _system(data)
    spreads = _choose(system, data)
    prior_mean, prior_sd = _prior(system.names, spreads)
    scatter = _scatter(data.kinds, spreads) ** 2
    signal = (system.design * prior_sd**2) @ system.design.T
    surprise = data.log_ratio - system.design @ prior_mean
    weight = weights_of_t_noise(signal, scatter, surprise)
    gain = np.linalg.solve(signal + np.diag(scatter / weight), system.design * prior_sd**2).T
    mean = prior_mean + gain @ surprise
    covariance = np.diag(prior_sd**2) - gain @ (system.design * prior_sd**2)
    kept = [at for at, name in enumerate(system.names) if not name.startswith("~")]
    return DeviceSpeed(
        tuple(system.names[at] for at in kept), mean[kept], covariance[np.ix_(kept, kept)], dict(spreads)
    )


@dataclass(frozen=True, slots=True)
class _System:
    names: tuple[str, ...]  # of the coefficients; those that a prediction does not need begin with ~
    design: Floats


def _system(data: Observed) -> _System:
    """The design of the contrasts: second less first, with what is a source's, a model's or two vendors' own."""
    columns: dict[str, int] = {name: at for at, name in enumerate(PRIORS)}
    cells: list[tuple[int, int, float]] = []
    for i, (row, ends, x, kind) in enumerate(zip(data.rows, data.ends, data.covariates, data.kinds, strict=True)):
        for sign, one in zip((-1.0, 1.0), ends, strict=True):
            found = {name: float(np.dot(weights, x)) for name, weights in one.weights().items()}
            found[f"~source {row.source}|{one.device}"] = 1.0
            found[f"~model: {kind}|{row.model}|{one.device}"] = 1.0
            if kind not in ("language", "mixture"):
                found[f"~kind {kind}"] = one.nominal
                if one.low_precision:
                    found[f"~low {kind}"] = 1.0
            cells += [(i, columns.setdefault(name, len(columns)), sign * value) for name, value in found.items()]
        if row.evidence != "same stack":
            vendors = [one.vendor for one in ends]
            name = f"~stacks {'|'.join(sorted(vendors))}|{row.model}"
            if row.evidence == "claim":
                name = f"~claim {row.id}"
            sign = 1.0 if vendors == sorted(vendors) else -1.0  # the better stack is the same, whichever comes first
            cells.append((i, columns.setdefault(name, len(columns)), sign))
    design = np.zeros((len(data.rows), len(columns)))
    for i, j, value in cells:
        design[i, j] += value
    return _System(tuple(columns), design)


def _prior(names: Sequence[str], spreads: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Mean and standard deviation of every coefficient before any contrast."""

    def sd(name: str) -> float:
        if name in PRIORS:
            return PRIORS[name][1]
        if name == f"device {REFERENCE_DEVICE}":
            return 0.0
        if name.startswith("~model"):
            return spreads[name[1:].split("|", maxsplit=1)[0]]
        first = name.split(" ", maxsplit=1)[0]
        known = {
            "device": spreads["device"],
            "vendor": VENDOR_SD,
            "~source": spreads["source"],
            "~stacks": STACKS_SD,
            "~claim": CLAIM_SD,
            "~kind": OTHER_KIND_SD,
            "~low": OTHER_KIND_SD,
        }
        return known[first]

    return np.array([PRIORS.get(name, (0.0, 0.0))[0] for name in names]), np.array([sd(name) for name in names])


def _scatter(kinds: Sequence[str], spreads: Mapping[str, float]) -> Floats:
    names = {"language": "language", "fine-tuning": "language", "mixture": "mixture"}
    return np.array([spreads[f"scatter: {names.get(kind, 'other')}"] for kind in kinds])


def _choose(system: _System, data: Observed) -> dict[str, float]:
    """The spreads of :data:`GRID` under which the contrasts are likeliest, each chosen in turn, twice over."""
    spreads = {name: values[len(values) // 2] for name, values in GRID.items()}
    prior_mean, prior_sd = _prior(system.names, spreads)
    surprise = data.log_ratio - system.design @ prior_mean
    owners = np.array([_owner(name) for name in system.names])
    fixed = system.design[:, owners == ""] * prior_sd[owners == ""]
    parts = {name: system.design[:, owners == name] @ system.design[:, owners == name].T for name in GRID}
    scatters = {name: _scatter(data.kinds, dict.fromkeys(GRID, 0.0) | {name: 1.0}) for name in GRID}

    def log_likelihood(of: Mapping[str, float]) -> float:
        """Log marginal likelihood under normal noise, but for a constant."""
        covariance = fixed @ fixed.T + sum(of[name] ** 2 * parts[name] for name in GRID)
        covariance[np.diag_indices_from(covariance)] += sum(of[name] ** 2 * scatters[name] for name in GRID)
        lower = np.linalg.cholesky(covariance)
        return float(-0.5 * surprise @ solved(covariance, surprise) - np.log(np.diag(lower)).sum())

    return best_of(GRID, log_likelihood)


def best_of(grid: Mapping[str, tuple[float, ...]], score: Callable[[Mapping[str, float]], float]) -> dict[str, float]:
    """The values of a grid with the highest score, each chosen in turn, twice over.

    Args:
        grid: What can be chosen, by name; the first guess stands in the middle.
        score: How good a choice is.

    Returns:
        The choice.
    """
    known: dict[tuple[float, ...], float] = {}

    def scored(choice: Mapping[str, float]) -> float:
        key = tuple(choice.values())
        if key not in known:
            known[key] = score(choice)
        return known[key]

    best = {name: values[len(values) // 2] for name, values in grid.items()}
    for name in (*grid, *grid):
        for value in grid[name]:
            other = best | {name: value}
            if scored(other) > scored(best) + 1e-9:
                best = other
    return best


def weights_of_t_noise(signal: Floats, noise: Floats, surprise: Floats) -> Floats:
    """Weights under Student-t noise, found by repeating the fit: what lies far from its prediction counts less.

    Args:
        signal: Covariance of what is observed, but for the noise.
        noise: Variance of each one's noise.
        surprise: What is observed less what is expected before.

    Returns:
        By how much each one's noise is to be divided.
    """
    weight = np.ones(len(surprise))
    for _ in range(ITERATIONS):
        residual = noise / weight * solved(signal + np.diag(noise / weight), surprise)
        weight = (DEGREES_OF_FREEDOM + 1.0) / (DEGREES_OF_FREEDOM + residual**2 / noise)
    return weight


def solved(covariance: Floats, right: Floats) -> Floats:
    """X of ``covariance`` x = ``right``, where the covariance is symmetric and positive definite."""
    from scipy.linalg.lapack import dposv  # here, as only a fit needs it

    _, found, failed = dposv(covariance, right)
    if failed:
        raise np.linalg.LinAlgError("a covariance is not positive definite")
    return np.asarray(found, dtype=np.float64)


def _owner(name: str) -> str:
    """The spread of :data:`GRID` that a coefficient has; empty where its prior is fixed."""
    if name.startswith("~model"):
        return name[1:].split("|", maxsplit=1)[0]
    if name == f"device {REFERENCE_DEVICE}":
        return ""
    return {"device": "device", "~source": "source"}.get(name.split(" ", maxsplit=1)[0], "")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Contrasts, each predicted by a fit that has not seen its source."""

    data: Observed
    mean: Floats
    sd: Floats
    known_elsewhere: NDArray[np.bool_]  # whether other sources too compared both devices, or precisions of this one


def leave_sources_out(data: Observed) -> LeftOut:
    """Predict the contrasts of every source from those of all others, the spreads chosen without it too.

    Args:
        data: The contrasts.

    Returns:
        The predictions; ``sd`` is that of one more contrast.
    """
    sources = np.array([row.source for row in data.rows])
    mean, sd, known = np.empty(len(sources)), np.empty(len(sources)), np.zeros(len(sources), dtype=bool)
    for source in np.unique(sources):
        out = sources == source
        others, here = data.take(~out), data.take(out)
        model = fit(others)
        own = [
            2.0 * model.tuning_variance(row.is_mixture) + (STACKS_SD**2 if row.evidence != "same stack" else 0.0)
            for row in here.rows
        ]
        found = model.predict(here.ends, here.covariates, np.array(own))
        mean[out], sd[out] = found.mean, found.sd
        pairs = [ends for row, ends in zip(others.rows, others.ends, strict=True) if row.evidence == "same stack"]
        compared = {one.device for ends in pairs if ends[0].device != ends[1].device for one in ends}
        precisions = {_precisions(ends) for ends in pairs}
        known[out] = [
            _precisions(ends) in precisions
            if ends[0].device == ends[1].device
            else all(one.device in compared for one in ends)
            for ends in here.ends
        ]
    return LeftOut(data, mean, sd, known)


def _precisions(ends: tuple[Hardware, Hardware]) -> frozenset[tuple[str, str]]:
    return frozenset((one.device, one.low_precision) for one in ends)
