"""OpenCarbonEval: the carbon footprint, time and energy of training a large model, before it is trained.

>>> from oce import Scenario, estimate
>>> run = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
>>> print(estimate(run))  # doctest: +ELLIPSIS
<Estimate: ... t CO2e (...) on 16,384 H100 SXM (United States); ranges for 80% of runs, by the calibrated throughput>
"""

from typing import TYPE_CHECKING, Any

from oce.catalog import devices, models, regions
from oce.errors import InputError
from oce.estimation import Estimate, estimate, estimate_many
from oce.interval import Interval
from oce.scenario import Scenario
from oce.version import VERSION

if TYPE_CHECKING:
    from oce.analysis.comparison import compare
    from oce.analysis.planning import plan
    from oce.analysis.stages import add_up

__version__ = VERSION

__all__ = [
    "Estimate",
    "InputError",
    "Interval",
    "Scenario",
    "add_up",
    "compare",
    "devices",
    "estimate",
    "estimate_many",
    "models",
    "plan",
    "regions",
]

# Imported when they are first asked for: who estimates does not wait for what asks about estimates.
_LATER = {"add_up": "oce.analysis.stages", "compare": "oce.analysis.comparison", "plan": "oce.analysis.planning"}


def __getattr__(name: str) -> Any:
    """One of the functions that are imported when they are first asked for."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    globals()[name] = found = getattr(import_module(_LATER[name]), name)
    return found


def __dir__() -> list[str]:
    """What can be imported, what is imported later too."""
    return sorted({*globals(), *__all__})
