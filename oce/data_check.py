"""Reads every file of ``data/``, so that one that is missing or damaged is named when a server starts."""

from __future__ import annotations

from oce import catalog
from oce.analysis import inference, water
from oce.catalog import data_tables, measurements
from oce.catalog.reader import text_file
from oce.evaluation import device_evidence, own_measurements, refit
from oce.field import accuracy, energy_sources, landscape, projects
from oce.method import embodied, footprint_uncertainty, scaling, sequence_speed, system_power
from oce.method.calibration_file import committed


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
        *(scaling.series, scaling.batches, projects.stages),
        *(accuracy.scored, landscape.milestones, committed, refit.evaluations),
        *(measurements.contrasts, device_evidence.checked, own_measurements.rows),
    ):
        read()
    for file in data_tables.OTHER_FILES:
        text_file(file)
    for table in data_tables.TABLES.values():
        for file in (table.file, *table.beside):
            text_file(file)
