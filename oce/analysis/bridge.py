"""From a reported footprint to the estimate of the same run: the factors between the two, one an ingredient.

Both are the same product, hours × power × PUE × grid (OpenCarbonEval, equation 1), and the estimate adds the making of
the devices. So what lies between a reported figure and ours is a factor for every ingredient that the report says. The
ingredients that it does not say are one factor together: what its own figure leaves for them. The factors' product is
ours over theirs.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oce import units
from oce.estimation import Estimate

INGREDIENTS = ("hours", "power", "PUE", "grid")  # in the order in which they are multiplied
PRODUCTS: Mapping[str, tuple[int, float]] = {  # figures: how many ingredients they multiply, and in which unit
    "device_hours": (1, 1.0),
    "energy_kwh": (3, 1e3),  # Wh
    "operational_co2e_kg": (4, 1e6),  # mg, of Wh × g/kWh
}
ROUNDING = 1e-13  # a factor nearer to 1 is that of floating-point numbers
REST = "rest"  # what is left where all is said, and theirs is not the product of it
MOST_ROUNDING = 0.02  # of the logarithm: more than that is not the rounding of what they say
UNITS: Mapping[tuple[str, ...], tuple[str, float]] = {  # of ingredients together, and what their product is to be × by
    ("hours",): ("device-hours", 1.0),
    ("power",): ("W", 1.0),
    ("PUE",): ("", 1.0),
    ("grid",): ("g CO2e/kWh", 1.0),
    ("power", "PUE"): ("W with PUE", 1.0),
    ("PUE", "grid"): ("g CO2e/kWh with PUE", 1.0),
    ("power", "PUE", "grid"): ("g CO2e per device-hour", 1e-3),
    INGREDIENTS: ("kg CO2e", 1e-6),
}


@dataclass(frozen=True, slots=True)
class Reported:
    """What was reported of a run; ``None`` is what was not said."""

    device_hours: float | None = None
    power_w: float | None = None  # of a device
    pue: float | None = None
    g_per_kwh: float | None = None
    energy_kwh: float | None = None
    co2e_kg: float | None = None  # operational
    source: str = ""
    note: str = ""

    @property
    def ingredients(self) -> tuple[float | None, ...]:
        """What was said of each of :data:`INGREDIENTS`."""
        return self.device_hours, self.power_w, self.pue, self.g_per_kwh

    @property
    def figures(self) -> Mapping[str, float]:
        """Its energy and carbon by the names that an estimate has for them; its device-hours where it has neither."""
        whole = {"energy_kwh": self.energy_kwh, "operational_co2e_kg": self.co2e_kg}
        found = {name: value for name, value in whole.items() if value is not None}
        return found or ({} if self.device_hours is None else {"device_hours": self.device_hours})

    @property
    def figure(self) -> str:
        """The last figure that was reported; empty where none was."""
        return next(reversed([*self.figures]), "")


@dataclass(frozen=True, slots=True)
class Ours:
    """The central figures of our estimate."""

    device_hours: float
    power_w: float  # of a device, with its share of the server
    pue: float
    g_per_kwh: float
    making_kg: float  # of the devices

    @property
    def ingredients(self) -> tuple[float, ...]:
        """Each of :data:`INGREDIENTS`."""
        return self.device_hours, self.power_w, self.pue, self.g_per_kwh

    def figure(self, name: str) -> float:
        """The product of its ingredients, in the unit that an estimate has for the figure."""
        end, scale = PRODUCTS[name]
        return math.prod(self.ingredients[:end]) / scale


def ours(result: Estimate) -> Ours:
    """The central figures of an estimate."""
    inputs = result.inputs
    return Ours(
        device_hours=result.device_hours.central,
        power_w=float(inputs.power_w),
        pue=float(inputs.pue),
        g_per_kwh=float(inputs.carbon_intensity_g_per_kwh),
        making_kg=result.embodied_co2e_kg.central,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A factor between theirs and ours: of one ingredient, or of several that the report leaves open together."""

    of: tuple[str, ...]  # of INGREDIENTS; (REST,) where all is said
    factor: float  # ours over theirs
    said: bool  # whether the report says it; else `theirs` is what its own figure leaves for it
    theirs: float
    ours: float
    counted: bool = True  # whether a PUE that was said is in their figure

    @property
    def name(self) -> str:
        """Of what it is, in words: ``hours``, ``PUE and grid``."""
        if self.of == (REST,):
            rounded = abs(math.log(self.factor)) <= MOST_ROUNDING
            return "rounding of what was reported" if rounded else "not explained by what was reported"
        return units.listed(self.of)

    @property
    def unit(self) -> str:
        """The unit of `theirs` and `ours`; empty where they have none."""
        return UNITS.get(self.of, ("", 1.0))[0]


@dataclass(frozen=True, slots=True)
class Bridge:
    """From the reported figure to ours: theirs × every factor = ours; + the making of the devices = our total."""

    reported: Reported
    figure: str  # device_hours, energy_kwh or operational_co2e_kg
    theirs: float  # in the unit of the figure
    ours: float
    making_kg: float  # of the devices; 0 where the figure is not of carbon
    steps: tuple[Step, ...]

    @property
    def total(self) -> float:
        """Ours with the making of the devices."""
        return self.ours + self.making_kg

    @property
    def making_factor(self) -> float:
        """Our total over ours without the making of the devices."""
        return self.total / self.ours

    def levels(self) -> tuple[float, ...]:
        """Theirs after each step, in the figure's unit; the last is ours."""
        found = [self.theirs]
        for step in self.steps:
            found.append(found[-1] * step.factor)
        return tuple(found[1:])


def bridge(reported: Reported, of_ours: Ours) -> Bridge | None:
    """The factors from what was reported of a run to its estimate.

    A PUE that was said counts as 1 where their own figure is nearer to the product without it.

    Args:
        reported: What was reported; figures above zero.
        of_ours: What our estimate of the same run has for it.

    Returns:
        The bridge to the last figure that was reported; ``None`` where there is none.
    """
    if not reported.figure:
        return None
    steps: list[Step] = []
    start, theirs_before, rest = 0, 1.0, 1.0
    for name, theirs in reported.figures.items():
        end, scale = PRODUCTS[name]
        between, whole = slice(start, end), theirs * scale
        found, left = _steps(
            INGREDIENTS[between], reported.ingredients[between], of_ours.ingredients[between], whole / theirs_before
        )
        steps += found
        rest *= left
        start, theirs_before = end, whole
    if abs(math.log(rest)) > ROUNDING:
        steps.append(Step((REST,), rest, True, 1.0 / rest, 1.0))
    name = reported.figure
    making = of_ours.making_kg if name == "operational_co2e_kg" else 0.0
    return Bridge(reported, name, reported.figures[name], of_ours.figure(name), making, tuple(steps))


def _steps(
    names: Sequence[str], said: Sequence[float | None], ours: Sequence[float], theirs_whole: float
) -> tuple[list[Step], float]:
    """The factors of some ingredients, of which theirs come to `theirs_whole` together; and what they leave over."""
    known = {name: value for name, value in zip(names, said, strict=True) if value is not None}
    counted = True
    if len(known) == len(names) and "PUE" in known:
        left = theirs_whole / math.prod(known.values())
        counted = abs(math.log(left)) <= abs(math.log(left * known["PUE"]))
    steps = []
    for name, own in zip(names, ours, strict=True):
        if name in known:
            in_it = counted or name != "PUE"
            steps.append(Step((name,), own / (known[name] if in_it else 1.0), True, known[name], own, in_it))
    left = math.prod(ours) / theirs_whole / math.prod(step.factor for step in steps)
    if len(known) == len(names):
        return steps, left
    of = tuple(name for name in names if name not in known)
    mine = math.prod(own for name, own in zip(names, ours, strict=True) if name in of) * UNITS.get(of, ("", 1.0))[1]
    return [*steps, Step(of, left, False, mine / left, mine)], 1.0
