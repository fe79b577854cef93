"""BLOOM's published life-cycle assessment, worked out again step by step with this package's own functions.

Luccioni, Viguier and Ligozat 2022, *Estimating the Carbon Footprint of BLOOM* (arXiv:2211.02001, JMLR 24:253), sections
4.1 to 4.3: 24.7 t CO2e for the electricity that the GPUs drew, 50.5 t with the making of the hardware and with what the
computing centre draws besides. It counts no PUE on top: infrastructure is in its last part.
"""

from dataclasses import dataclass

from oce import catalog
from oce.method import embodied, footprint

RUN = "bloom-176b"  # row of data/training_runs.csv: GPU-hours, power, energy
DYNAMIC_T, TOTAL_T = 24.7, 50.5  # as published [t CO2e]
G_PER_KWH = 57.0  # of the grid, as published [g CO2e/kWh]
LIFE_YEARS, USE_FRACTION = 6.0, 0.85  # of the hardware, as published
GPU_FIGURE, SERVER_FIGURE = "a100-bloom", "host-bloom"  # rows of data/embodied.csv
SOURCE = "Luccioni et al. 2022, arXiv:2211.02001, sections 4.1–4.3"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the assessment: what is counted, how, and what comes of it."""

    what: str
    arithmetic: str
    co2e_t: float


def steps() -> tuple[Step, ...]:
    """The steps, each adding to the one before; the last is the rest of the published total."""
    run = next(reported for reported in catalog.runs() if reported.id == RUN)
    figures = {figure.id: figure for figure in embodied.figures()}
    gpu, server = figures[GPU_FIGURE], figures[SERVER_FIGURE]
    assert run.device_hours is not None
    assert run.power_w is not None
    assert server.devices_per_host is not None
    kwh = float(footprint.energy_kwh(run.device_hours, run.power_w, 1.0))
    dynamic = float(footprint.operational_co2e_kg(kwh, G_PER_KWH)) / 1000.0
    each = f"{LIFE_YEARS:g} years at {USE_FRACTION:.0%} use"

    def making(kg: float, hours: float) -> float:
        beta = embodied.g_per_device_hour(kg, LIFE_YEARS, USE_FRACTION)
        return float(footprint.embodied_co2e_kg(hours, beta)) / 1000.0

    servers = run.device_hours / server.devices_per_host
    of_gpus, of_servers = making(gpu.kg_co2e, run.device_hours), making(server.kg_co2e, servers)
    return (
        Step(
            "Electricity of the GPUs",
            f"{run.device_hours:,.0f} GPU-hours × {run.power_w:g} W = {kwh:,.0f} kWh, × {G_PER_KWH:g} g/kWh",
            dynamic,
        ),
        Step(
            "Making of the GPUs",
            f"{run.device_hours:,.0f} GPU-hours × {gpu.kg_co2e:g} kg over {each}",
            of_gpus,
        ),
        Step(
            "Making of the servers",
            f"{servers:,.0f} server-hours × {server.kg_co2e:,g} kg over {each}",
            of_servers,
        ),
        Step(
            "Idle draw and infrastructure of the centre",
            f"the rest of the {TOTAL_T:g} t published: its measurements are not in our sources",
            TOTAL_T - dynamic - of_gpus - of_servers,
        ),
    )
