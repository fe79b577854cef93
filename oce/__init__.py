"""OpenCarbonEval: the carbon footprint, time and energy of training a large model, before it is trained.

>>> from oce import Scenario, estimate
>>> run = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
>>> estimate(run).total_co2e_kg.central  # doctest: +SKIP
"""

from oce.catalog import devices, models, regions
from oce.errors import InputError
from oce.estimation import Estimate, estimate, estimate_many
from oce.interval import Interval
from oce.scenario import Scenario
from oce.version import VERSION

__version__ = VERSION

__all__ = [
    "Estimate",
    "InputError",
    "Interval",
    "Scenario",
    "devices",
    "estimate",
    "estimate_many",
    "models",
    "regions",
]
