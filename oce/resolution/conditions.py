"""What a device-hour costs: power, PUE, grid and manufacturing of each row, given or looked up, and how unsure each is.

Uncertainties are standard deviations of the logarithm (:mod:`oce.method.footprint_uncertainty`); 0 of what was given.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oce import catalog
from oce.assumptions import Assumption
from oce.errors import Problem
from oce.fields import DEFAULTS
from oce.method import embodied, footprint_uncertainty, system_power
from oce.resolution.columns import Floats, Table, gather
from oce.units import significant

PAPERS_PUE = 1.0  # the paper adds nothing for cooling and losses, nor for the server around a device
NEEDS_POWER = "needed: the catalogue has no TDP for this device"
HOST_SOURCE = "what the server adds for each device, as on metered ones (data/system_power.csv)"
NEEDS_REGION = "needed, or else carbon_intensity_g_per_kwh"


@dataclass(frozen=True, slots=True)
class Power:
    """Power of a device with its share of the server [W], what of it the server adds, and how unsure it is."""

    system_w: Floats
    host_w: Floats
    log_sd: Floats


def power_of(table: Table, papers: NDArray[np.bool_]) -> Power:
    """System power of a device [W]: as metered or placed by its TDP; or what the device is said to draw, and its host.

    A device's own draw, stated in watts or as a share of its TDP, comes with the host that the table has for it. Where
    it is stated, power counts as known. The paper takes the TDP alone.

    Args:
        table: The rows.
        papers: Which of them follow the paper.
    """
    stated, share, host = (table.numbers[name] for name in ("power_w", "power_fraction", "host_power_w"))
    codes, places = table.working_codes(stated, share, host, papers)
    found = [system_power.system_power(device.id) if device else None for device in table.devices]
    system, usual_host, log_sd = (
        gather([getattr(power, name) if power else None for power in found], codes)
        for name in ("power_w", "host_w", "log_sd")
    )
    known = np.array([device is not None for device in table.devices])[codes]
    # Of a device without a TDP the host is as on others, in proportion to what it is said to draw.
    factor = system_power.factor().centre
    usual_host = np.where(np.isnan(usual_host), np.where(known, stated * (factor - 1.0), 0.0), usual_host)
    tdp = gather([device.tdp_w if device else None for device in table.devices], codes)
    drawn = np.where(
        np.isnan(stated), np.where(np.isnan(share), np.where(papers, tdp, system - usual_host), tdp * share), stated
    )
    added = np.where(np.isnan(host), np.where(papers, 0.0, usual_host), host)
    total = drawn + added
    table.refuse(np.broadcast_to(np.isnan(total) & known, codes.shape)[places], Problem("power_w", None, NEEDS_POWER))
    unsure = np.where(np.isnan(stated) & np.isnan(share), np.nan_to_num(log_sd), 0.0)
    power = Power(*(np.broadcast_to(values, codes.shape)[places] for values in (total, added, unsure)))
    if table.records is not None and table.device is not None and not np.isnan(power.system_w[0]):
        _record_power(table, table.device, power, bool(papers[0]))
    return power


def _record_power(table: Table, device: catalog.Device, power: Power, as_in_paper: bool) -> None:
    """Records what was filled in for the power of a single scenario's device, and of what its server adds."""
    watts, host = float(power.system_w[0]), float(power.host_w[0])
    own, year = watts - host, str(device.year or "")
    power_given, share_given, host_given = map(table.is_given, ("power_w", "power_fraction", "host_power_w"))
    with_server = False  # whether what is recorded holds the server's part
    value, source = own, ""
    if as_in_paper or share_given:
        share = float(table.numbers["power_fraction"][0]) if share_given else 1.0
        source = f"TDP of {device.name} × {share:g} ({device.source})"
    elif not power_given:
        value, with_server = watts, True
        found = system_power.system_power(device.id)
        if host_given:
            source = f"{significant(own)} W {device.unit} ({device.source}), and the server as given"
        elif found is not None and device.tdp_w is not None:
            source = (
                f"{significant(device.tdp_w)} W {device.unit} (TDP), {significant(watts)} W with its share of the "
                f"server, {found.how} ({found.source})"
            )
    table.record(not power_given, lambda: Assumption("power_w", value, "W", source, year))
    table.record(
        not host_given and not with_server and host > 0.0,
        lambda: Assumption(
            "host_power_w",
            host,
            "W",
            HOST_SOURCE,
        ),
    )


def pue_of(table: Table, papers: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """PUE, and how unsure it is: stated, or that of the place or its operator, or a survey's; 1 as in the paper.

    Args:
        table: The rows.
        papers: Which of them follow the paper.
    """
    stated = table.numbers["pue"]
    given = ~np.isnan(stated)
    if np.all(given):
        return stated, np.zeros(1)
    found = [
        [footprint_uncertainty.default_pue(region, device) for region in table.regions] for device in table.devices
    ]
    default, log_sd = (
        np.array([[getattr(usual, name) for usual in row] for row in found]) for name in ("pue", "log_sd")
    )
    places = table.device_codes, table.texts["region"][0]
    usual = np.where(papers, PAPERS_PUE, default[places])

    def record() -> Assumption:
        if papers[0]:
            return Assumption(
                "pue", PAPERS_PUE, "", "none, as in the paper: nothing is added for cooling and losses", "2024"
            )
        return Assumption("pue", float(usual[0]), "", found[0][0].what, found[0][0].year)

    table.record(~given, record)
    return np.where(given, stated, usual), np.where(given, 0.0, log_sd[places])


def manufacturing_of(table: Table, life: Floats, use: Floats) -> tuple[Floats, Floats]:
    """Manufacturing of the device for an hour of its use [g CO2e/h], in full or the paper's β, and how unsure it is.

    Args:
        table: The rows.
        life: Of their devices [years].
        use: Share of that life in which they are in use.
    """
    names, counted = table.texts["embodied"]
    of_paper = np.array([(name or DEFAULTS["embodied"]) == "paper" for name in counted])[names]
    codes, places = table.working_codes(of_paper, life, use)
    papers = gather([device.beta_g_per_device_hour or 0.0 if device else 0.0 for device in table.devices], codes)
    made = [embodied.manufacturing(device.id) if device else None for device in table.devices]
    kg = gather([making.kg.central if making else 0.0 for making in made], codes)
    log_sd = gather([footprint_uncertainty.making_log_sd(making.kg) if making else 0.0 for making in made], codes)
    with np.errstate(all="ignore"):  # a life of zero has a problem of its own
        full = kg * embodied.g_per_device_hour(1.0, life, use)
    beta = np.where(of_paper, papers, full)[places]
    if table.records is not None and table.device is not None and beta[0] != 0.0:
        if of_paper[0]:
            source = f"{table.device.beta_source}, bare silicon, 1-year life"
            table.record(True, lambda: Assumption("beta", float(beta[0]), "g CO2e per device-hour", source, "2024"))
        elif made[0]:
            _record_manufacturing(table, made[0], float(life[0]), float(use[0]))
    return beta, np.where(of_paper, 0.0, log_sd)[places]


def _record_manufacturing(table: Table, made: embodied.Manufacturing, life: float, use: float) -> None:
    """Records what was filled in for the manufacturing of a single scenario's device, counted in full."""
    first, last = made.sources[0], made.sources[-1]
    table.record(True, lambda: Assumption("making", made.card_kg.central, "kg CO2e", f"{made.how} ({first})"))
    table.record(
        made.host_kg.central != 0.0,
        lambda: Assumption("host", made.host_kg.central, "kg CO2e", f"its share of a server ({last})"),
    )
    published = "assumed; published analyses take 3 (EcoLogits), 4 (Teads) or 6 (BLOOM, Google)"
    bloom = "BLOOM's computing centre, 85% average use (Luccioni et al. 2022, section 4.1)"
    table.record(
        not table.is_given("device_life_years"), lambda: Assumption("device_life_years", life, "years", published)
    )
    table.record(not table.is_given("use_fraction"), lambda: Assumption("use_fraction", use, "", bloom, "2022"))


def intensity_of(table: Table) -> tuple[Floats, Floats]:
    """Carbon intensity of the electricity [g CO2e/kWh], and how unsure it is: stated, or the region's.

    Never a silent default.
    """
    stated = table.numbers["carbon_intensity_g_per_kwh"]
    codes, names = table.texts["region"]
    grid = gather([region.g_per_kwh if region else None for region in table.regions], codes)
    unsure = [footprint_uncertainty.grid_log_sd(region) if region else 0.0 for region in table.regions]
    given = ~np.isnan(stated)
    neither = ~given & np.array([name is None for name in names])[codes]
    table.refuse(neither, Problem("region", None, NEEDS_REGION))
    if table.records is not None and (region := table.regions[0]) is not None:
        source, year = f"{region.name}, {region.basis} ({region.source})", str(region.year or "")
        table.record(
            ~given, lambda: Assumption("carbon_intensity_g_per_kwh", float(grid[0]), "g CO2e/kWh", source, year)
        )
    return np.where(given, stated, grid), np.where(given, 0.0, gather(unsure, codes))


def device_count_of(table: Table) -> Floats:
    """Devices: as given, or as many as the name of a machine or a slice says, else one."""
    codes, names = table.texts["device"]
    named = [
        catalog.device_named(name).count if name is not None and device is not None else None
        for name, device in zip(names, table.devices, strict=True)
    ]
    stated = table.numbers["device_count"]
    usual = gather([float(count or DEFAULTS["device_count"]) for count in named], codes)
    source = "not given: the time is that of a single device" if named[0] is None else f"as {names[0]} says"
    table.record(np.isnan(stated), lambda: Assumption("device_count", float(usual[0]), "devices", source))
    return np.where(np.isnan(stated), usual, stated)
