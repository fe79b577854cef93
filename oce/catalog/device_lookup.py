"""The device that a name stands for: the catalogue's, or what drivers, schedulers and clouds print for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from oce.catalog import device_names
from oce.catalog.caches import cached
from oce.catalog.device_table import Device, Machine, devices, machines
from oce.errors import InputError, Problem
from oce.near_names import nearest


def device(name: str) -> Device:
    """The device called ``name``: an id, a name or an alias in any case, or what drivers and clouds print for it.

    Raises:
        InputError: Where there is none, with the nearest names.
    """
    return device_named(name).device


@dataclass(frozen=True, slots=True)
class DeviceNamed:
    """A device by a name, with what else the name says."""

    device: Device
    count: int | None = None  # of devices, where the name says it: those of a machine or of a TPU slice
    note: str = ""  # what was taken for what; empty where the name is the catalogue's


@cached(most=4096)
def device_named(name: str) -> DeviceNamed:
    """The device called ``name``, how many of it the name stands for, and what was taken for what.

    Raises:
        InputError: Where there is none, with the nearest names.
    """
    machine = _machines_by_name().get(device_names.machine_key(name))
    if machine:
        rented = _devices_by_name()[device_names.key(machine.device)]
        many = f"machine with {machine.device_count} × " if machine.device_count else "machine with "
        note = f"{name.strip()[:60]} is a {many}{rented.name}; what is counted is devices, not machines"
        return DeviceNamed(rented, machine.device_count, note)
    for spelling in device_names.spellings(name):
        found = _devices_by_name().get(spelling.key) or (
            _devices_by_board().get(spelling.key) if spelling.loose else None
        )
        if found is not None:
            return DeviceNamed(found, spelling.count, _device_note(name, found, spelling))
    called = {alias: listed.name for listed in devices() for alias in (listed.name, *listed.aliases)}
    near = nearest(device_names.told(name), called)
    allowed = "a device of the catalogue"
    if device_names.is_part(name):
        allowed += "; this is a part of one: give the whole device, and its hours by the share that was used"
    raise InputError([Problem("device", name, allowed, near)])


def _device_note(name: str, found: Device, spelling: device_names.Spelling) -> str:
    """What was taken for what; empty where nothing was dropped that could tell two devices apart."""
    said = []
    if spelling.loose and (spelling.memory_gb is None or abs(spelling.memory_gb / found.memory_gb - 1) > 0.1):
        said.append(f"{name.strip()[:60]} is not in the catalogue by that name: taken for {found.name}")
    if spelling.count is not None and spelling.count > 1:
        unit = found.unit if found.unit != "GPU" else "device"
        said.append(f"{name.strip()[:60]} is {spelling.count} {unit}s ({spelling.counted})")
    return "; ".join(said)


@cached
def _devices_by_name() -> Mapping[str, Device]:
    return {
        device_names.key(name): listed for listed in devices() for name in (listed.id, listed.name, *listed.aliases)
    }


@cached
def _devices_by_board() -> Mapping[str, Device]:
    """The devices by their names without the number of the SXM board, where that leaves one device."""
    found: dict[str, dict[str, Device]] = {}
    for key, listed in _devices_by_name().items():
        found.setdefault(re.sub(r"sxm[2-5](?=\D|\d{2}|$)", "sxm", key), {})[listed.id] = listed
    return {key: next(iter(those.values())) for key, those in found.items() if len(those) == 1}


@cached
def _machines_by_name() -> Mapping[str, Machine]:
    return {device_names.machine_key(machine.id): machine for machine in machines()}
