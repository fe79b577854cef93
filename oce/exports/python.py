"""An estimate as the Python that reproduces it."""

from oce import units
from oce.estimation import Estimate
from oce.exports import sentence
from oce.importers.prior_runs import PriorRuns
from oce.version import METHOD_VERSION


def python_code(name: str, result: Estimate, prior_runs: PriorRuns | None = None) -> str:
    """A script that works the estimate out again, with the prior runs in it, and checks that it comes to the same."""
    total = result.total_co2e_kg
    lines = [
        f"# {sentence.method(result)}",
        f"# {' '.join(name.split())}: {units.shown(total.central, units.MASS)}, {sentence.interval(result)}",
        "from oce import Scenario, estimate",
        "from oce.version import METHOD_VERSION",
        *(["from oce.importers import prior_runs"] if prior_runs and prior_runs.used else []),
        "",
        "scenario = Scenario(",
        *(f"    {field}={_literal(value)}," for field, value in result.scenario.given().items()),
        ")",
    ]
    if prior_runs and prior_runs.used:
        lines += ["runs = prior_runs.read(", *(f"    {line!r}" for line in _runs_as_csv(prior_runs)), ")"]
        lines += ["result = estimate(scenario, runs.for_calibration())"]
    else:
        lines += ["result = estimate(scenario)"]
    lines += [
        "total = result.total_co2e_kg",
        'print(f"{total.central:.4g} kg CO2e ({total.low:.4g} to {total.high:.4g})")',
        f"if METHOD_VERSION == {METHOD_VERSION!r} and result.data_version == {result.data_version!r}:",
        f"    assert abs(total.central - {total.central!r}) <= {1e-9 * total.central!r}",
    ]
    return "\n".join(lines) + "\n"


def _literal(value: float | str) -> str:
    """A value as Python reads it back exactly; whole numbers without a point."""
    return repr(int(value)) if isinstance(value, float) and value.is_integer() and value < 1e16 else repr(value)


def _runs_as_csv(prior_runs: PriorRuns) -> list[bytes]:
    """The runs as lines of the CSV file that :func:`oce.importers.prior_runs.read` takes."""
    columns = ("device", "precision", "training_flop", "device_hours", "parameters", "year", "confirmed")
    rows = [",".join(columns)]
    for run in prior_runs.used:
        sure = "yes" if run.doubtful else None
        values = (run.device.id, run.precision, run.training_flop, run.device_hours, run.size, run.year, sure)
        rows.append(",".join("" if value is None else str(value) for value in values))
    return [f"{row}\n".encode() for row in rows]
