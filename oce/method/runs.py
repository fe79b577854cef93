"""Training runs and scenarios as the calibration sees them: arrays, one value a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce import catalog
from oce.array_values import ArrayValue
from oce.method.compute import FLOP_PER_TFLOP, SECONDS_PER_HOUR
from oce.method.hardware_features import USUAL_SEQUENCE, Hardware, hardware

Floats = NDArray[np.float64]

ERA = 2023  # first year of the present software stack (fused attention and optimisers everywhere)
NOISE_OF_CONFIDENCE: Mapping[str, float] = {"high": 1.0, "medium": 1.3, "low": 1.7}  # what a report is trusted


@dataclass(frozen=True, slots=True, eq=False)
class Cases(ArrayValue):
    """Runs or scenarios, as arrays that broadcast: one value a case, or one for all."""

    size: Floats  # active parameters; NaN where unknown
    mixture: NDArray[np.bool_]  # whether fewer parameters are active than there are
    compute_flop: Floats
    year: Floats  # of training
    hardware: tuple[Hardware, ...]
    code: NDArray[np.intp]  # place of each case's hardware
    sequence_length: Floats = field(default_factory=lambda: np.full(1, USUAL_SEQUENCE))  # [tokens]

    @property
    def count(self) -> int:
        """How many cases."""
        return int(np.broadcast(*self._columns()).size)

    @property
    def devices(self) -> NDArray[np.str_]:
        """The id of each case's device."""
        return np.array([machine.device for machine in self.hardware])[self.code]

    @property
    def old_stack(self) -> NDArray[np.bool_]:
        """Which cases run the software of before :data:`ERA`."""
        return self.year < ERA

    def take(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> Cases:
        """The cases for which ``keep`` is true, or at these places; every array must have one value a case."""
        return replace(
            self,
            size=self.size[keep],
            mixture=self.mixture[keep],
            compute_flop=self.compute_flop[keep],
            year=self.year[keep],
            code=self.code[keep],
            sequence_length=self.sequence_length if len(self.sequence_length) == 1 else self.sequence_length[keep],
        )

    def broadcast(self) -> Cases:
        """The same with one value a case in every array."""
        size, mixture, flop, year, code, sequence = map(np.array, np.broadcast_arrays(*self._columns()))
        return Cases(size, mixture, flop, year, self.hardware, code, sequence)

    def sized(self, line: tuple[float, float, float]) -> tuple[Cases, Floats]:
        """The same with unknown sizes taken from their compute.

        Args:
            line: log10 size = first + second × log10 compute, give or take third.

        Returns:
            The cases, and the standard deviation of log10 size where that was done, 0 elsewhere.
        """
        unknown = np.isnan(self.size)
        if not np.any(unknown):
            return self, np.zeros(1)
        usual = size_on(line, self.compute_flop)
        return replace(self, size=np.where(unknown, usual, self.size)), np.where(unknown, line[2], 0.0)

    def _columns(self) -> tuple[NDArray[np.generic], ...]:
        return self.size, self.mixture, self.compute_flop, self.year, self.code, self.sequence_length


@dataclass(frozen=True, slots=True, eq=False)
class Runs(ArrayValue):
    """Cases whose throughput is known, with the organisation each belongs to."""

    cases: Cases
    log_throughput: Floats  # ln TFLOP/s per device, mean of the run
    organisation: NDArray[np.str_]
    noise: Floats  # how many times the noise of a trusted report each has

    @property
    def same_organisation(self) -> NDArray[np.bool_]:
        """Which pairs of runs are of one organisation, n × n."""
        return np.asarray(self.organisation[:, None] == self.organisation[None, :])

    def take(self, keep: NDArray[np.bool_]) -> Runs:
        """The runs for which ``keep`` is true."""
        return Runs(self.cases.take(keep), self.log_throughput[keep], self.organisation[keep], self.noise[keep])


def size_on(line: tuple[float, float, float], compute_flop: ArrayLike) -> Floats:
    """The size that a line gives for a compute [FLOP]: 10^(first + second × log10 compute)."""
    return np.asarray(10.0 ** (line[0] + line[1] * np.log10(compute_flop)))


def side_by_side(cases: Sequence[Cases]) -> Cases:
    """Several single cases as one table of them."""
    columns = {
        name: np.concatenate([getattr(case, name) for case in cases])
        for name in ("size", "mixture", "compute_flop", "year", "sequence_length")
    }
    machines = tuple(machine for case in cases for machine in case.hardware)
    return Cases(**columns, hardware=machines, code=np.arange(len(cases), dtype=np.intp))


def finished(
    machines: Sequence[Hardware],
    size: Sequence[float | None],
    mixture: Sequence[bool],
    training_flop: Sequence[float | None],
    year: Sequence[float | None],
    device_hours: Sequence[float | None],
    organisation: Sequence[str],
    noise: Sequence[float],
) -> Runs:
    """Runs that are over, as the calibration sees them: one value a run, ``None`` where it is not known.

    Args:
        machines: What each ran on, at its precision.
        size: Active parameters, else all.
        mixture: Whether it is a mixture of experts.
        training_flop: Its compute [FLOP].
        year: Its year of training; that of the data where it is not known.
        device_hours: What it took [h].
        organisation: Whose it is.
        noise: How many times the noise of a trusted report it has.
    """
    known = tuple(dict.fromkeys(machines))
    cases = Cases(
        size=_numbers(size),
        mixture=np.array(mixture, dtype=bool),
        compute_flop=_numbers(training_flop),
        year=_numbers([catalog.data_year() if value is None else value for value in year]),
        hardware=known,
        code=np.array([known.index(machine) for machine in machines], dtype=np.intp),
    )
    throughput = np.log(cases.compute_flop / _numbers(device_hours) / SECONDS_PER_HOUR / FLOP_PER_TFLOP)
    return Runs(cases, throughput, np.array(organisation), np.array(noise, dtype=np.float64))


def reported(runs: Sequence[catalog.Run]) -> Runs:
    """Reported runs as the calibration sees them.

    Args:
        runs: Runs with compute and device-hours.
    """
    return finished(
        [hardware(catalog.device(run.device), run.precision) for run in runs],
        [run.size for run in runs],
        [run.architecture == "moe" for run in runs],
        [run.training_flop for run in runs],
        [run.year for run in runs],
        [run.device_hours for run in runs],
        [run.organisation_group for run in runs],
        [NOISE_OF_CONFIDENCE[run.confidence] for run in runs],
    )


def scored_runs() -> tuple[catalog.Run, ...]:
    """The reported runs that methods are fitted and scored on."""
    return tuple(run for run in catalog.runs() if run.scored)


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
