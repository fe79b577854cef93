"""Energy and carbon of a number of device-hours. One formula a function; floats and arrays alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numeric = float | NDArray[np.float64]

WATTS_PER_KILOWATT = 1000.0
GRAMS_PER_KILOGRAM = 1000.0


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
