"""Devices that differ by board and memory alone, as one with its variants: the six A100s.

The paper's generic devices and those of its released data are no cards; each is told apart from the variants.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oce.catalog.caches import cached
from oce.catalog.device_lookup import device_named
from oce.catalog.device_table import Device, devices
from oce.errors import InputError

OF_PAPER = "(released data)"  # ends the name of a device as the paper's released data has it
_VARIANT = re.compile(rf" (?:SXM\d?|PCIe|NVL|DGXS|\d+GB|\(\d+ W\)|{re.escape(OF_PAPER)})(?= |$)")


@dataclass(frozen=True, slots=True)
class Family:
    """The variants of a device: ``A100`` with its boards and memories; alone where there are none."""

    name: str
    usual: Device  # which the name alone stands for
    variants: tuple[Device, ...]  # the usual first
    of_paper: tuple[Device, ...]  # those that stand for no card: as the paper and its released data have them


def of_paper(device: Device) -> bool:
    """Whether a device stands for no card of its own: the paper's generic ones, and those of its released data."""
    return OF_PAPER in device.name or (
        device.has_alpha and bool(device.counted_as) and not _VARIANT.search(device.name)
    )


@cached
def families() -> tuple[Family, ...]:
    """The devices of the catalogue by family, in the order of ``data/devices.csv``."""
    members: dict[str, list[Device]] = {}
    for device in devices():
        members.setdefault(_family_name(device), []).append(device)
    return tuple(_family(name, listed) for name, listed in members.items())


def family_of(device: Device) -> Family:
    """The family that a device belongs to."""
    return _families_by_name()[_family_name(device)]


@cached
def _families_by_name() -> Mapping[str, Family]:
    return {family.name: family for family in families()}


def _family_name(device: Device) -> str:
    return _VARIANT.sub("", device.name)


def _family(name: str, listed: Sequence[Device]) -> Family:
    variants = [device for device in listed if not of_paper(device)]
    try:
        named = device_named(name).device
        wanted = named.counted_as if of_paper(named) else named.id
    except InputError:
        wanted = variants[0].id
    usual = next((device for device in variants if device.id == wanted), variants[0])
    others = (device for device in variants if device is not usual)
    return Family(name, usual, (usual, *others), tuple(device for device in listed if of_paper(device)))
