"""Reads every file of ``data/``, so that a file that is missing, damaged or changed is named when a server starts."""

from oce import catalog
from oce.analysis import inference, water
from oce.catalog import data_package, grid_basis, measurements
from oce.catalog.caches import cached
from oce.catalog.reader import DataError, text_file
from oce.evaluation import device_evidence, own_measurements, refit
from oce.field import accuracy, energy_sources, projects, timeline
from oce.method import embodied, footprint_uncertainty, scaling, sequence_speed, system_power
from oce.method.calibration_file import committed


@cached
def whole() -> None:
    """Looks once, in a few milliseconds, whether every file is that of this version of the data.

    Raises:
        DataError: As :func:`read_everything` does, where one is not.
    """
    if data_package.unlike_its_version():
        read_everything()


def read_everything() -> None:
    """Reads all of ``data/``.

    Raises:
        DataError: Naming the file, and where it shows the line, of the first that is missing, damaged or not as this
            version of the data has it.
    """
    unlike = data_package.unlike_its_version()
    try:
        _read_tables()
    except Exception as error:
        if not unlike or (isinstance(error, DataError) and str(error).startswith(unlike.split()[0])):
            raise  # it says in which line
    if unlike:
        raise DataError(unlike)


def _read_tables() -> None:
    for read in (
        *(catalog.data_version, catalog.devices, catalog.regions, catalog.models, catalog.runs, catalog.pues),
        *(catalog.equivalences, catalog.paper_rows, catalog.locations, catalog.world),
        *(catalog.machines, catalog.places, grid_basis.figures_alike),
        *(embodied.figures, energy_sources.sources, energy_sources.survey, inference.rows, water.figures),
        *(system_power.meters, footprint_uncertainty.spreads, sequence_speed.rates),
        *(scaling.series, scaling.batches, projects.stages),
        *(accuracy.scored, timeline.milestones, committed, refit.evaluations),
        *(measurements.contrasts, device_evidence.checked, own_measurements.rows),
    ):
        read()
    for resource in data_package.resources():
        text_file(str(resource["path"]))
