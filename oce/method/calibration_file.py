"""``data/calibration.json``: the calibration as plain values, and back."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from oce.catalog import reader
from oce.catalog.caches import cached
from oce.method.calibration import Calibration
from oce.method.conformal import Residuals
from oce.method.device_speed import DeviceSpeed
from oce.method.run_utilisation import GRID, RUN_TERMS, Fit


@cached
def committed() -> Calibration:
    """The calibration of data/calibration.json."""
    return reader.from_json_file("calibration.json", lambda held: from_json(held["calibration"]))


def to_json(calibration: Calibration) -> dict[str, Any]:
    """The calibration as plain values, eight significant digits each: what data/calibration.json holds of it."""
    model = calibration.fit
    names = (*model.speed.names, *RUN_TERMS)
    return {
        "runs": calibration.runs,
        "organisations": calibration.organisations,
        "coefficients": dict(zip(names, _digits(model.mean), strict=True)),
        "covariance": [_digits(row) for row in model.covariance],
        "contrasts_alone": {
            "mean": _digits(model.speed.mean),
            "covariance": [_digits(row) for row in model.speed.covariance],
            "spreads": dict(model.speed.spreads),
        },
        "spreads": dict(model.spreads),
        "runs_by_device": dict(calibration.runs_by_device),
        "ranges_log10": dict(zip(("size", "compute"), map(_digits, model.ranges), strict=True)),
        "size_from_compute": _digits(model.size_line),
        "residuals": {
            name: {
                "groups": found.groups,
                "size": _digits(found.size),
                "weight": _digits(found.weight),
            }
            for name, found in _residuals(calibration).items()
        },
        "steady_gap": {
            "runs": calibration.gap_runs,
            "mean": _digits([calibration.gap_mean])[0],
            "sd": _digits([calibration.gap_sd])[0],
        },
    }


def from_json(text: Mapping[str, Any]) -> Calibration:
    """The calibration that :func:`to_json` wrote.

    Args:
        text: The plain values.

    Raises:
        KeyError: Where a value is missing.
    """
    gap, alone = text["steady_gap"], text["contrasts_alone"]
    first, second, third = map(float, text["size_from_compute"])
    names = tuple(text["coefficients"])
    model = Fit(
        DeviceSpeed(
            names[: -len(RUN_TERMS)],
            np.array(alone["mean"], dtype=np.float64),
            np.array(alone["covariance"], dtype=np.float64),
            {name: float(value) for name, value in alone["spreads"].items()},
        ),
        mean=np.array(list(text["coefficients"].values()), dtype=np.float64),
        covariance=np.array(text["covariance"], dtype=np.float64),
        spreads={name: float(text["spreads"][name]) for name in GRID},
        ranges=np.array(list(text["ranges_log10"].values()), dtype=np.float64),
        size_line=(first, second, third),
    )
    found = {
        name: Residuals(
            np.array(held["size"], dtype=np.float64), np.array(held["weight"], dtype=np.float64), int(held["groups"])
        )
        for name, held in text["residuals"].items()
    }
    return Calibration(
        model,
        found["strangers"],
        found["with past runs"],
        found["contrasts"],
        found["open contrasts"],
        float(gap["mean"]),
        float(gap["sd"]),
        int(gap["runs"]),
        int(text["runs"]),
        int(text["organisations"]),
        text["runs_by_device"],
    )


def _residuals(calibration: Calibration) -> Mapping[str, Residuals]:
    return {
        "strangers": calibration.new_organisations,
        "with past runs": calibration.with_prior_runs,
        "contrasts": calibration.contrasts,
        "open contrasts": calibration.open_contrasts,
    }


def _digits(values: ArrayLike) -> list[float]:
    """Eight significant digits: the last ones depend on the order in which a machine sums."""
    return [float(f"{value:.8g}") for value in np.asarray(values).tolist()]
