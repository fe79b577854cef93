"""Energy and carbon of a number of device-hours. One formula a function; floats and arrays alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oce.interval import BOUNDS
from oce.method.compute import SECONDS_PER_HOUR

Numeric = float | NDArray[np.float64]

WATTS_PER_KILOWATT = 1000.0
GRAMS_PER_KILOGRAM = 1000.0


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a footprint rests on besides the device-time, after every look-up; floats or arrays that broadcast."""

    training_flop: Numeric  # [FLOP]
    device_count: Numeric
    power_w: Numeric  # of a device with what its server adds [W]
    host_power_w: Numeric  # of which the server adds [W]
    pue: Numeric
    carbon_intensity_g_per_kwh: Numeric  # [g CO2e/kWh]
    beta_g_per_device_hour: Numeric  # manufacturing of the device, for each of its hours [g CO2e/h]; 0: not known
    overhead_fraction: Numeric
    log_sd_power: Numeric  # standard deviations of the logarithm; 0: given, or none known
    log_sd_pue: Numeric
    log_sd_grid: Numeric
    log_sd_making: Numeric
    reach: Numeric  # standard deviations either way that the level holds


@dataclass(frozen=True, slots=True)
class Inputs(Conditions):
    """All the numbers that enter a footprint: its conditions, and the device-time of the final run."""

    device_seconds_low: Numeric  # [s]
    device_seconds_central: Numeric
    device_seconds_high: Numeric


@dataclass(frozen=True, slots=True)
class Figures:
    """The results, each as (low, central, high); floats or arrays."""

    device_hours: tuple[Numeric, Numeric, Numeric]
    time_to_train_hours: tuple[Numeric, Numeric, Numeric]
    energy_kwh: tuple[Numeric, Numeric, Numeric]
    operational_co2e_kg: tuple[Numeric, Numeric, Numeric]
    embodied_co2e_kg: tuple[Numeric, Numeric, Numeric]
    total_co2e_kg: tuple[Numeric, Numeric, Numeric]


def calculate(inputs: Inputs) -> Figures:
    """Device-hours, time, energy and carbon: the whole of the method, for floats and arrays alike.

    Central figures are products, and operational + embodied = total. Each interval is its own: the half-widths of the
    logarithms of what enters a figure, hours first, add up in quadrature, as of independent quantities; the total takes
    its two parts in proportion to their shares, with the hours and none else in both (first order). Device-hours
    include the overhead, and so do time, energy and carbon.

    Args:
        inputs: Every number that enters.

    Returns:
        The figures at the low, central and high end.
    """
    hours_per_second = (1.0 + inputs.overhead_fraction) / SECONDS_PER_HOUR
    low, central, high = (getattr(inputs, f"device_seconds_{bound}") * hours_per_second for bound in BOUNDS)
    # Everything is linear in device-hours: a factor for each figure, formed once.
    kwh = energy_kwh(1.0, inputs.power_w, inputs.pue)
    operational = operational_co2e_kg(kwh, inputs.carbon_intensity_g_per_kwh)
    embodied = embodied_co2e_kg(1.0, inputs.beta_g_per_device_hour)
    total = operational + embodied
    of_energy = inputs.log_sd_power**2 + inputs.log_sd_pue**2
    of_operational = of_energy + inputs.log_sd_grid**2
    of_embodied = inputs.log_sd_making**2
    with np.errstate(all="ignore"):  # a total of nothing has no shares, nor hours of nothing a width
        share = np.nan_to_num(np.divide(operational, total))
        of_total = share**2 * of_operational + (1.0 - share) ** 2 * of_embodied
        widths = np.nan_to_num(np.log(np.divide(central, low))), np.nan_to_num(np.log(np.divide(high, central)))

    def figure(factor: Numeric, variance: Numeric) -> tuple[Numeric, Numeric, Numeric]:
        further = variance * inputs.reach**2
        if not np.any(further):
            return low * factor, central * factor, high * factor
        below, above = (np.exp(np.sqrt(width * width + further) - width) for width in widths)
        return low * factor / below, central * factor, high * factor * above

    return Figures(
        device_hours=(low, central, high),
        time_to_train_hours=figure(1.0 / inputs.device_count, 0.0),
        energy_kwh=figure(kwh, of_energy),
        operational_co2e_kg=figure(operational, of_operational),
        embodied_co2e_kg=figure(embodied, of_embodied),
        total_co2e_kg=figure(total, of_total),
    )


def energy_kwh(device_hours: Numeric, power_w: Numeric, pue: Numeric) -> Numeric:
    """Energy of the run at the data centre's meter: power × device-hours × PUE (PUE once).

    OpenCarbonEval, equation 1, where power is the TDP and PUE is 1.

    Args:
        device_hours: Device-hours [h].
        power_w: Mean power of one device [W].
        pue: Power usage effectiveness, >= 1.

    Returns:
        Energy [kWh].
    """
    return device_hours * power_w / WATTS_PER_KILOWATT * pue


def operational_co2e_kg(energy_kwh: Numeric, carbon_intensity_g_per_kwh: Numeric) -> Numeric:
    """Carbon emitted for the energy of the run (OpenCarbonEval, equation 1).

    Args:
        energy_kwh: Energy at the meter [kWh].
        carbon_intensity_g_per_kwh: Carbon intensity of the electricity [g CO2e/kWh].

    Returns:
        Operational carbon [kg CO2e].
    """
    return energy_kwh * carbon_intensity_g_per_kwh / GRAMS_PER_KILOGRAM


def embodied_co2e_kg(device_hours: Numeric, beta_g_per_device_hour: Numeric) -> Numeric:
    """The run's share of the carbon of making the devices: device-hours × β (OpenCarbonEval, equation 5).

    Args:
        device_hours: Device-hours [h].
        beta_g_per_device_hour: Manufacturing carbon per device-hour of life [g CO2e/h].

    Returns:
        Embodied carbon [kg CO2e].
    """
    return device_hours * beta_g_per_device_hour / GRAMS_PER_KILOGRAM
