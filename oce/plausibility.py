"""Values that are allowed and yet probably meant otherwise: what is asked about them, in words.

A wrong unit is the usual cause: kilowatts as watts, kilograms as grams, per cent as a share.
"""

from collections.abc import Iterator, Mapping

from oce.catalog import Device

LEAST_WATTS, MOST_WATTS = 5.0, 30_000.0  # of one device: none idles below, no wafer draws more
LEAST_SHARE_OF_TDP, MOST_SHARE_OF_TDP = 0.1, 1.5
LEAST_GRAMS = 2.0  # per kWh, but for 0: the cleanest grids of the table have ten times as much
LEAST_UTILISATION, MOST_UTILISATION = 0.01, 0.75  # of the dense peak: what runs reach


def doubts(numbers: Mapping[str, float], device: Device | None) -> Iterator[str]:
    """A sentence about each given field of a scenario whose value is probably meant otherwise."""
    watts = numbers.get("power_w")
    if watts is not None:
        if watts < LEAST_WATTS:
            yield f"power_w is {watts:.3g} W for a whole device: {watts:.3g} kW would be {1000 * watts:.3g} W."
        elif watts > MOST_WATTS:
            yield f"power_w is {watts:,.0f} W for one device: is it the power of a server or a cluster, or in mW?"
        elif device and device.tdp_w and watts > MOST_SHARE_OF_TDP * device.tdp_w:
            yield (
                f"power_w is {watts:,.0f} W, above the TDP of {device.name}, {device.tdp_w:g} W: "
                "it is of one device, without its server."
            )
        elif device and device.tdp_w and watts < LEAST_SHARE_OF_TDP * device.tdp_w:
            yield f"power_w is {watts:.3g} W, and the TDP of {device.name} {device.tdp_w:g} W: even idle it draws more."
    grams = numbers.get("carbon_intensity_g_per_kwh")
    if grams is not None and 0 < grams < LEAST_GRAMS:
        yield (
            f"carbon_intensity_g_per_kwh is {grams:.3g} g/kWh, below every grid: "
            f"{grams:.3g} kg/kWh would be {1000 * grams:.3g} g/kWh."
        )
    used = numbers.get("utilisation")
    if used is not None and used < LEAST_UTILISATION:
        share = min(100 * used, 1)
        yield f"utilisation is {used:.3g}, which is {100 * used:.3g} % of the peak: {share:.3g} would be {share:.0%}."
    elif used is not None and used > MOST_UTILISATION:
        yield (
            f"utilisation is {used:.0%} of the dense peak, more than any run has reached: "
            "what nvidia-smi calls utilisation is the share of time in use."
        )
    of_tdp = numbers.get("power_fraction")
    if of_tdp is not None and (of_tdp > MOST_SHARE_OF_TDP or of_tdp < LEAST_SHARE_OF_TDP):
        yield f"power_fraction is {of_tdp:.3g} times the TDP: 1 is the whole of it."
