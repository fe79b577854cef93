"""What stands in the way of a row: a throughput that cannot be had, or numbers of devices on which a run cannot be."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from oce import catalog
from oce.errors import Problem
from oce.fields import DEFAULTS, OWN_METHODS, Method
from oce.method import compute, limits, scaling
from oce.method.device_time import METHODS, ThroughputInputs
from oce.resolution.columns import Codes, Floats, Table, at, gather, number_at
from oce.resolution.work import Work, bytes_per_parameter

CHECKED_METHODS: tuple[Method, ...] = ("calibrated", "utilisation")  # whose number of devices must hold the run
WITHOUT_DEVICE: tuple[Method, ...] = ("alpha", "measured")  # which need none
NEEDS_DEVICE = "needed; without it give power_w and log10_alpha_low/high"
NEEDS_PEAK = "only with a device whose peak is known"
NEEDS_RATE = "a rate that the device can have: at most its dense peak"
NEEDS_ALPHA = (
    "with the published throughput, a device that the paper has an α for; "
    "or give utilisation, tokens_per_second_per_device or log10_alpha_low/high"
)


def among(method: Codes, names: tuple[Method, ...]) -> NDArray[np.bool_]:
    """Which rows are estimated by one of these methods."""
    return np.array([name in names for name in METHODS])[method]


def check_throughput(table: Table, inputs: ThroughputInputs, method: Codes) -> None:
    """Refuses rows whose device-time cannot be had: no α, no peak, or a rate beyond it."""
    codes, names = table.texts["device"]

    def no_alpha(row: int) -> Problem:
        code = codes[row if len(codes) > 1 else 0]
        device = table.devices[code]
        assert device is not None
        return Problem("device", names[code], NEEDS_ALPHA, tuple(other.name for other in alternatives(device)))

    without = among(method, ("published",)) & table.known_device() & np.isnan(inputs.log10_alpha_low)
    table.refuse(without, no_alpha)
    nameless = np.array([name is None for name in names])[codes]
    table.refuse_value(among(method, ("utilisation",)) & nameless, "utilisation", NEEDS_PEAK)
    at_peak = inputs.training_flop / compute.FLOP_PER_TFLOP / inputs.peak_tflops
    with np.errstate(all="ignore"):  # a rate of zero has a problem of its own
        steady: Mapping[str, Floats] = {
            "utilisation": at_peak / inputs.utilisation,
            "tokens_per_second_per_device": inputs.tokens / inputs.tokens_per_second_per_device,
        }
    for field, seconds in steady.items():
        possible = np.isfinite(seconds) & (seconds >= at_peak * (1 - 1e-9)) | np.isnan(seconds) | np.isnan(at_peak)
        beyond = among(method, (OWN_METHODS[field],)) & ~possible
        table.refuse_value(beyond, field, NEEDS_RATE)


def check_device(table: Table, method: Codes, system_w: Floats) -> None:
    """Refuses rows without a device where the throughput or the power is that of one."""
    nameless = np.array([name is None for name in table.texts["device"][1]])[table.device_codes]
    needed = nameless & (np.isnan(system_w) | ~among(method, WITHOUT_DEVICE))
    table.refuse(needed, Problem("device", None, NEEDS_DEVICE))


def check_device_count(table: Table, found: limits.Limits | None, method: Codes) -> None:
    """Refuses numbers of devices on which a run cannot be: too few to hold it, or more than can do anything.

    With a rate or an α of one's own, or the paper's, it is only said: those who have measured know that it fits.

    Args:
        table: The rows.
        found: What memory and batch allow (:func:`limits_of`).
        method: Place of each row's method in METHODS.
    """
    count, devices, codes = table.numbers["device_count"], table.devices, table.device_codes
    checked = among(method, CHECKED_METHODS)
    if not table.is_given("device_count") or not np.any(checked):
        return
    within = regimes_of(table) == scaling.REGIMES.index("server")
    if np.any(within):
        joined = _linked(table)
        in_pod = table.of_devices([float(device.interconnect == "ici") if device else None for device in devices])

        def too_far_apart(row: int) -> Problem:
            allowed = f"at most {number_at(joined, row):,.0f} within one server or rack; or interconnect cluster"
            return Problem("device_count", number_at(count, row), allowed)

        table.refuse(checked & within & (count > joined) & (in_pod == 0.0), too_far_apart)
    if found is None:
        return

    def too_few(row: int) -> Problem:
        device = devices[codes[row if len(codes) > 1 else 0]]
        assert device is not None
        allowed = limits.too_few(device, at(count, row), at(found.fewest, row), at(found.states_bytes, row))
        return Problem("device_count", at(count, row), allowed)

    def too_many(row: int) -> Problem:
        stated = not np.isnan(at(table.numbers["batch_tokens"], row))
        most, batch, length, replica = (
            at(values, row) for values in (found.most, found.batch_tokens, found.sequence_length, found.replica)
        )
        return Problem("device_count", at(count, row), limits.too_many(most, batch, length, replica, stated))

    with np.errstate(all="ignore"):
        few, many = checked & (count < found.fewest), checked & (count > found.most)
    table.refuse(few, too_few)
    table.refuse(many, too_many)


def limits_of(table: Table, work: Work, method: Codes) -> limits.Limits | None:
    """What memory and batch allow; ``None`` without parameters or devices, or where no row of a table is checked."""
    checked = table.is_given("device_count") and np.any(among(method, CHECKED_METHODS))
    if not (checked or table.records is not None) or not table.is_given("parameters") or not any(table.devices):
        return None
    with np.errstate(all="ignore"):
        return limits.limits(
            table.numbers["parameters"],
            table.of_devices([device.memory_gb if device else None for device in table.devices]),
            _linked(table),
            work.training_flop,
            bytes_per_parameter(table),
            table.numbers["batch_tokens"],
            work.sample_length,
        )


def regimes_of(table: Table) -> Floats:
    """Each row's interconnect, as its place in REGIMES."""
    codes, names = table.texts["interconnect"]
    known = scaling.REGIMES
    default = str(DEFAULTS["interconnect"])
    return gather([float(known.index(name if name in known else default)) for name in names], codes)


def _linked(table: Table) -> Floats:
    """Devices that a fast link joins."""
    return table.of_devices([limits.linked_devices(device) if device else None for device in table.devices])


def alternatives(device: catalog.Device, most: int = 3) -> tuple[catalog.Device, ...]:
    """The devices with a published α that are most like ``device``: same family first, then nearest in peak."""

    def unlikeness(other: catalog.Device) -> tuple[bool, bool, float]:
        ratio = other.peak_tflops[other.training_precision] / device.peak_tflops[device.training_precision]
        family = other.name.split()[0] != device.name.split()[0]
        return (family, other.generation != device.generation, abs(float(np.log(ratio))))

    return tuple(sorted((other for other in catalog.devices() if other.has_alpha), key=unlikeness)[:most])
