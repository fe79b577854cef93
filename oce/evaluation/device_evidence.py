"""How well the measured contrasts between devices are foretold without their source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce.catalog import measurements, reader
from oce.catalog.caches import cached
from oce.catalog.measurements import Contrast
from oce.evaluation import scoring
from oce.method.calibration import residuals_of_contrasts
from oce.method.device_speed_fit import LeftOut
from oce.method.hardware_features import WIDE_PRECISIONS


@dataclass(frozen=True, slots=True)
class Checked:
    """A measured contrast beside what is said of it without its source."""

    row: Contrast  # of several of one source, model and pair: the first
    measured: float  # their median
    said: float
    low: float  # of the 80 % interval
    high: float
    known_elsewhere: bool  # whether other sources have measured both devices

    @property
    def error(self) -> float:
        """Ln of said over measured."""
        return float(np.log(self.said / self.measured))

    @property
    def is_held(self) -> bool:
        """Whether the interval holds what was measured."""
        return self.low <= self.measured <= self.high


@dataclass(frozen=True, slots=True)
class ContrastScore:
    """How well some contrasts are foretold."""

    contrasts: int
    sources: int
    rms_error: float  # of ln ratio
    rms_error_error: float  # its standard error, the models of each source being the units; NaN for one
    held: float  # share inside the 80 % interval
    held_error: float  # its standard error


def to_json(left_out: LeftOut, confidence_level: float = 0.8) -> list[dict[str, Any]]:
    """The contrasts beside what is said of them without their source, four digits each.

    The interval too is set without it: by the errors of the other sources' contrasts alone.
    """
    sources = {row.source for row in left_out.data.rows}
    q = {
        (source, known): float(residuals_of_contrasts(left_out, known, without=source).quantile(confidence_level))
        for source in sources
        for known in (True, False)
    }
    found = []
    for row, measured, mean, sd, known in zip(
        left_out.data.rows,
        left_out.data.log_ratio.tolist(),
        left_out.mean.tolist(),
        left_out.sd.tolist(),
        left_out.known_elsewhere.tolist(),
        strict=True,
    ):
        half = q[row.source, known] * sd
        values = {"measured": measured, "said": mean, "low": mean - half, "high": mean + half}
        numbers = {name: float(f"{np.exp(value):.4g}") for name, value in values.items()}
        found.append({"id": row.id, **numbers, "known_elsewhere": known})
    return found


GROUPS = (  # of contrasts, the strongest evidence first
    "dense language models, known devices",  # which other sources have measured too
    "dense language models, a new device",
    "mixtures of experts",
    "32 bits against 16 of one device",
    "other work",
    "two vendors, each its own stack",
    "claims of vendors",
)


def group(contrast: Checked) -> str:
    """Which of :data:`GROUPS` a contrast is of."""
    if contrast.row.evidence != "same stack":
        return GROUPS[5] if contrast.row.evidence == "two vendors" else GROUPS[6]
    if contrast.row.second_precision in WIDE_PRECISIONS:
        return GROUPS[3]
    if not contrast.row.is_language:
        return GROUPS[4]
    if contrast.row.is_mixture:
        return GROUPS[2]
    return GROUPS[0] if contrast.known_elsewhere else GROUPS[1]


def groups(rows: Iterable[Checked]) -> Mapping[str, tuple[Checked, ...]]:
    """The contrasts by :data:`GROUPS`."""
    found = tuple(rows)
    return {name: tuple(contrast for contrast in found if group(contrast) == name) for name in GROUPS}


@cached
def scores() -> Mapping[str, ContrastScore]:
    """How well the contrasts of each group are foretold without their source."""
    return {name: score(rows) for name, rows in groups(checked()).items()}


@cached
def checked() -> tuple[Checked, ...]:
    """Every contrast that is fitted, predicted without its source, as data/calibration.json has it."""
    rows = {row.id: row for row in measurements.contrasts()}
    return reader.from_json_file(
        "calibration.json",
        lambda held: tuple(
            Checked(
                row=rows[values["id"]],
                measured=float(values["measured"]),
                said=float(values["said"]),
                low=float(values["low"]),
                high=float(values["high"]),
                known_elsewhere=bool(values["known_elsewhere"]),
            )
            for values in held["contrasts"]
        ),
    )


def score(rows: Sequence[Checked]) -> ContrastScore:
    """How well some contrasts are foretold; NaN for none. Standard errors have the models of each source as units."""
    if not rows:
        return ContrastScore(0, 0, *(float("nan"),) * 4)
    squares = np.array([row.error**2 for row in rows])
    held = np.array([row.is_held for row in rows], dtype=np.float64)
    models = np.array([f"{row.row.source}, {row.row.model}" for row in rows])
    names = np.unique(models)

    def error(values: NDArray[np.float64]) -> float:
        """Standard error of the mean."""
        apart = values - values.mean()
        sums = np.array([apart[models == name].sum() for name in names])
        return scoring.clustered_error(sums * len(names) / len(rows))

    rms = float(np.sqrt(squares.mean()))
    sources = len({row.row.source for row in rows})
    return ContrastScore(len(rows), sources, rms, error(squares) / (2 * rms), float(held.mean()), error(held))
