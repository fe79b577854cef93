"""Energy and carbon of a number of device-hours. One formula a function; floats and arrays alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
