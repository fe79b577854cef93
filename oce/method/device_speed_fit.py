"""The device part of the calibrated throughput, learnt from measurements of two devices by one stack.

A contrast also carries what is not the devices': how a source tunes each of its devices, how a model suits a device,
two vendors' stacks, plain scatter. Their spreads are chosen from a grid by the likelihood of the contrasts; everything
else is one linear system under Student-t noise. Deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oce.array_values import ArrayValue
from oce.catalog import Device
from oce.catalog.measurements import Contrast
from oce.method.device_speed import STACKS_SD, VENDOR_SD, WIDE_SD, DeviceSpeed
from oce.method.hardware_features import (
    REFERENCE_DEVICE,
    USUAL_SEQUENCE,
    WIDE_PRECISIONS,
    Hardware,
    attention_share,
    hardware,
    size_covariate,
)
from oce.method.robust_fit import best_of, solved, weights_of_t_noise

Floats = NDArray[np.float64]

PRIORS: Mapping[str, tuple[float, float]] = {  # mean and standard deviation of the coefficients
    "peak": (0.66, 0.15),
    "bandwidth": (0.33, 0.15),
    "slot": (-0.37, 0.15),
    "size": (0.0, 0.1),
    "attention": (0.0, 0.5),
    "mixture": (0.0, 0.2),
    "rack": (0.1, 0.2),
    "32 bits": (-0.23, 0.3),  # twice the bytes, at the exponent of the bandwidth
    "fp8": (0.25, 0.2),
    "fp8 size": (0.0, 0.1),
    "fp8 mixture": (0.0, 0.2),
    "fp4": (0.5, 0.3),
    "fp4 size": (0.0, 0.1),
    "fp4 mixture": (0.0, 0.2),
    "int8": (0.2, 0.2),
}
CLAIM_SD = 0.25  # of a vendor's claim: the two there are of one device lie 1.6 apart
OTHER_KIND_SD = 0.2  # how another kind of work than language models differs, for each unit of ℓ
SCATTER_OF = {  # the kinds of work whose scatter is told apart
    "language pre-training": "language",
    "encoder-decoder pre-training": "language",
    "language fine-tuning": "fine-tuning",
    "encoder pre-training": "encoder",
    "vision": "vision",
    "speech": "vision",
    "diffusion": "vision",
}
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


@dataclass(frozen=True, slots=True, eq=False)
class Observed(ArrayValue):
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
        A contrast for each group, in the order of the rows.
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
        tuple("mixture" if row.is_mixture else SCATTER_OF[row.kind] for row in firsts),
    )


def covariates_of(row: Contrast) -> tuple[float, float, float, float]:
    """What a contrast weighs its devices by: constant, size, attention, mixture; an unknown size is taken as 1e10."""
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
    residual = data.log_ratio - system.design @ prior_mean
    weight = weights_of_t_noise(signal, scatter, residual)
    gain = np.linalg.solve(signal + np.diag(scatter / weight), system.design * prior_sd**2).T
    mean = prior_mean + gain @ residual
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
        for sign, machine in zip((-1.0, 1.0), ends, strict=True):
            found = {name: float(np.dot(weights, x)) for name, weights in machine.weights().items()}
            found[f"~source {row.source}|{machine.device}"] = 1.0
            found[f"~model: {kind}|{row.model}|{machine.device}"] = 1.0
            if kind not in ("language", "mixture"):
                found[f"~kind {kind}"] = machine.nominal
                if machine.low_precision or machine.wide:
                    found[f"~low {kind}"] = 1.0
            cells += [(i, columns.setdefault(name, len(columns)), sign * value) for name, value in found.items()]
        if row.evidence != "same stack":
            vendors = [machine.vendor for machine in ends]
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
            **dict.fromkeys(WIDE_PRECISIONS, WIDE_SD),
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
    residual = data.log_ratio - system.design @ prior_mean
    owners = np.array([_owner(name) for name in system.names])
    fixed = system.design[:, owners == ""] * prior_sd[owners == ""]
    parts = {name: system.design[:, owners == name] @ system.design[:, owners == name].T for name in GRID}
    scatters = {name: _scatter(data.kinds, dict.fromkeys(GRID, 0.0) | {name: 1.0}) for name in GRID}

    def log_likelihood(of: Mapping[str, float]) -> float:
        """Log marginal likelihood under normal noise, but for a constant."""
        covariance = fixed @ fixed.T + sum(of[name] ** 2 * parts[name] for name in GRID)
        covariance[np.diag_indices_from(covariance)] += sum(of[name] ** 2 * scatters[name] for name in GRID)
        lower = np.linalg.cholesky(covariance)
        return float(-0.5 * residual @ solved(covariance, residual) - np.log(np.diag(lower)).sum())

    return best_of(GRID, log_likelihood)


def _owner(name: str) -> str:
    """The spread of :data:`GRID` that a coefficient has; empty where its prior is fixed."""
    if name.startswith("~model"):
        return name[1:].split("|", maxsplit=1)[0]
    if name == f"device {REFERENCE_DEVICE}":
        return ""
    return {"device": "device", "~source": "source"}.get(name.split(" ", maxsplit=1)[0], "")


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut(ArrayValue):
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
        tuning = [
            2.0 * model.tuning_variance(row.is_mixture) + (STACKS_SD**2 if row.evidence != "same stack" else 0.0)
            for row in here.rows
        ]
        found = model.predict(here.ends, here.covariates, np.array(tuning))
        mean[out], sd[out] = found.mean, found.sd
        pairs = [ends for row, ends in zip(others.rows, others.ends, strict=True) if row.evidence == "same stack"]
        compared = {machine.device for ends in pairs if ends[0].device != ends[1].device for machine in ends}
        precisions = {_precisions(ends) for ends in pairs}
        known[out] = [
            _precisions(ends) in precisions
            if ends[0].device == ends[1].device
            else all(machine.device in compared for machine in ends)
            for ends in here.ends
        ]
    return LeftOut(data, mean, sd, known)


def _precisions(ends: tuple[Hardware, Hardware]) -> frozenset[tuple[str, str]]:
    return frozenset((machine.device, machine.low_precision or machine.wide) for machine in ends)
