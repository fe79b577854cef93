"""Reads every file of ``data/``, so that one that is missing or damaged is named when a server starts."""

from __future__ import annotations

from oce import (
    catalog,
    data_tables,
    device_evidence,
    embodied,
    energy_sources,
    evidence,
    footprint_uncertainty,
    inference,
    landscape,
    many_devices,
    measurements,
    own_measurements,
    projects,
    scaling,
    sequence_speed,
    system_power,
    water,
)
from oce.pace import committed
from oce.tables import text_file


def read_everything() -> None:
    """Reads all of ``data/``.

    Raises:
        DataError: Naming the file, and where in it, of the first that is missing or damaged.
    """
    for read in (
        *(catalog.data_version, catalog.devices, catalog.regions, catalog.models, catalog.runs, catalog.pues),
        *(catalog.equivalences, catalog.paper_rows, catalog.cloud_locations, catalog.world),
        *(catalog.machines, catalog.places),
        *(embodied.figures, energy_sources.sources, energy_sources.survey, inference.rows, water.figures),
        *(system_power.meters, footprint_uncertainty.spreads, sequence_speed.rates),
        *(many_devices.series, many_devices.batches, projects.stages),
        *(scaling.scored, landscape.milestones, committed, evidence.evaluations),
        *(measurements.contrasts, device_evidence.checked, own_measurements.rows),
    ):
        read()
    for file in data_tables.OTHER_FILES:
        text_file(file)
    for table in data_tables.TABLES.values():
        for file in (table.file, *table.beside):
            text_file(file)
