"""The paper's tables, recomputed: what reproduces, what was exchanged, what does not come out.

Table 1 (throughput-α of eight devices), Table 2 (operational carbon) and Table 3 (embodied carbon) of OpenCarbonEval,
arXiv:2405.12843.
"""

from dataclasses import dataclass

from oce import catalog
from oce.estimation import estimate
from oce.method import throughput
from oce.method.compute import FLOP_PER_TFLOP
from oce.scenario import Scenario

ZETTA = 1e21
EXAMPLE_FLOP = 1e23  # the run at which Table 1's α is told as a throughput


@dataclass(frozen=True, slots=True)
class Throughput:
    """A row of Table 1, and what its α means: the mean throughput of a run of 1e23 FLOP, at either end."""

    device: catalog.Device
    slow_tflops: float
    fast_tflops: float
    peak_tflops: float  # of the precision that the paper prints the peak of


@dataclass(frozen=True, slots=True)
class Row:
    """A row of Tables 2 and 3: printed, and recomputed with the row's own compute and with the one that was used."""

    printed: catalog.PaperRow
    operational_t: float  # with its own compute
    operational_used_t: float  # with the compute that gives the printed value
    embodied_kg: float
    embodied_used_kg: float


def table_1() -> tuple[Throughput, ...]:
    """The eight devices of Table 1, with what their α means."""
    rows = []
    for device in catalog.devices():
        if device.alpha_source.endswith("Table 1") and device.log10_alpha_low is not None:
            tflop = EXAMPLE_FLOP / FLOP_PER_TFLOP
            slow, fast = (
                tflop / float(throughput.device_seconds(tflop, alpha))
                for alpha in (device.log10_alpha_low, device.log10_alpha_high or device.log10_alpha_low)
            )
            rows.append(
                Throughput(device, slow, fast, max(device.peak_tflops.get(p, 0.0) for p in ("fp32", "fp16", "bf16")))
            )
    return tuple(rows)


def tables_2_and_3() -> tuple[Row, ...]:
    """Every row of Tables 2 and 3, recomputed by the published method."""

    def tonnes_and_kilograms(row: catalog.PaperRow, zettaflop: float) -> tuple[float, float]:
        result = estimate(
            Scenario(
                training_flop=zettaflop * ZETTA,
                device=row.device,
                carbon_intensity_g_per_kwh=row.carbon_intensity_g_per_kwh,
                throughput="published",
                embodied="paper",
            )
        )
        return result.operational_co2e_kg.central / 1000.0, result.embodied_co2e_kg.central

    rows = []
    for row in catalog.paper_rows():
        (own_t, own_kg), (used_t, used_kg) = (
            tonnes_and_kilograms(row, compute) for compute in (row.zettaflop, row.zettaflop_used)
        )
        rows.append(Row(row, own_t, used_t, own_kg, used_kg))
    return tuple(rows)
