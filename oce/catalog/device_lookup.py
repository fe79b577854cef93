"""The device that a name stands for: the catalogue's, or what drivers, schedulers and clouds print for it.

``8 x NVIDIA A100-SXM4-80GB`` (CodeCarbon), ``gpu:h100:8`` (Slurm), ``v4-8`` (Google), ``AMD Instinct MI300X OAM``. Only
words that never tell two devices apart are dropped; ``Ti``, ``Super``, ``Laptop`` or a slice's ``1g.5gb`` do.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from oce.catalog.caches import cached
from oce.catalog.device_table import Device, Machine, devices, machines
from oce.catalog.reader import alone_by_key
from oce.errors import InputError, Problem
from oce.near_names import nearest

MOST_CHARACTERS = 120
VENDORS = frozenset(
    (
        *("nvidia", "tesla", "geforce", "quadro", "google", "amd", "instinct", "radeon", "intel", "habana"),
        *("huawei", "aws", "amazon", "cloud", "cerebras"),
    )
)
SAY_NOTHING = frozenset(
    (
        *("gpu", "gpus", "graphics", "accelerator", "card", "oam", "mcm", "mba", "ac", "vf", "generation"),
        *("hbm2", "hbm2e", "hbm3", "hbm3e", "hgx", "podslice", "slice"),
    )
)
CORES_PER_CHIP = {"2": 2, "3": 2, "4": 2, "5p": 2}  # of the TPUs whose slices are named by cores; the others by chips
_SLICE = re.compile(
    r"(?:google |cloud )*(?:tpu[ -]?)?v(2|3|4|5p|5e|6e|5litepod|5lite)-(\d{1,5})(?:(?: cores?)?)", re.IGNORECASE
)
_COUNTED = re.compile(r"(\d{1,5}) ?[x×*] ?(?=[a-z])(.+)", re.IGNORECASE | re.DOTALL)
_SLURM = re.compile(r"(?:--)?(?:gres[:/=])?(?:gres/)?gpu[:/]([^:=]+)(?:[:=](\d{1,5}))?", re.IGNORECASE)
_PART = re.compile(r"\bmig\b|\b\d+g\.\d+gb\b|\bvgpu\b|\b\d+c$", re.IGNORECASE)
_MEMORY = re.compile(r"(\d{1,4})(?:g|gb|gib)")


def device(name: str) -> Device:
    """The device called ``name``: an id, a name or an alias in any case, or what drivers and clouds print for it.

    Raises:
        InputError: Where there is none, with the nearest names.
    """
    return device_named(name).device


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A key that a name may stand under in the catalogue, and what was read or dropped on the way there."""

    key: str
    count: int | None = None  # of devices, where the name says it
    counted: str = ""  # how it says so, in words
    loose: bool = False  # whether something was dropped that could have told two devices apart
    memory_gb: int | None = None  # that was dropped


@dataclass(frozen=True, slots=True)
class DeviceNamed:
    """A device by a name, with what else the name says."""

    device: Device
    count: int | None = None  # of devices, where the name says it: those of a machine or of a TPU slice
    note: str = ""  # what was taken for what; empty where the name is the catalogue's


@cached(most=4096)
def device_named(name: str, suggest: bool = True) -> DeviceNamed:
    """The device called ``name``, how many of it the name stands for, and what was taken for what.

    Args:
        name: As it was sought.
        suggest: Whether the nearest names are looked for where there is none, which takes most of the time.

    Raises:
        InputError: Where there is none, with the nearest names.
    """
    machine = _machines_by_name().get(_machine_key(name))
    if machine:
        rented = _devices_by_name()[device_key(machine.device)]
        many = f"machine with {machine.device_count} × " if machine.device_count else "machine with "
        note = f"{name.strip()[:60]} is a {many}{rented.name}; what is counted is devices, not machines"
        return DeviceNamed(rented, machine.device_count, note)
    for spelling in _spellings(name):
        found = _devices_by_name().get(spelling.key) or (
            _devices_by_board().get(spelling.key) if spelling.loose else None
        )
        if found is not None:
            return DeviceNamed(found, spelling.count, _device_note(name, found, spelling))
    near: tuple[str, ...] = ()
    if suggest:
        called = {alias: listed.name for listed in devices() for alias in (listed.name, *listed.aliases)}
        near = nearest(_told(name), called)
    allowed = "a device of the catalogue"
    if _is_part(name):
        allowed += "; this is a part of one: give the whole device, and its hours by the share that was used"
    raise InputError([Problem("device", name, allowed, near)])


def _device_note(name: str, found: Device, spelling: _Spelling) -> str:
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
    return {device_key(name): listed for listed in devices() for name in (listed.id, listed.name, *listed.aliases)}


@cached
def _devices_by_board() -> Mapping[str, Device]:
    """The devices by their names without the number of the SXM board, where that leaves one device."""
    names = _devices_by_name().items()
    return alone_by_key((re.sub(r"sxm[2-5](?=\D|\d{2}|$)", "sxm", key), listed) for key, listed in names)


@cached
def _machines_by_name() -> Mapping[str, Machine]:
    return {_machine_key(machine.id): machine for machine in machines()}


# --- the keys that a name may stand under: without vendor, case, blanks and punctuation, the closest first ---


def device_key(name: str) -> str:
    """A device's name without vendor, case, blanks and punctuation."""
    return "".join(_words(name))


def _machine_key(name: str) -> str:
    """The name of a cloud's type of machine, without what Azure and SageMaker put in front of it."""
    return device_key(re.sub(r"^ ?(?:standard_|ml\.)", "", name, flags=re.IGNORECASE))


def _told(name: str) -> str:
    """What a name says of the device, without its vendor: for comparing it with others."""
    return " ".join(word for word in _words(name) if word not in SAY_NOTHING) or name


def _is_part(name: str) -> bool:
    """Whether a name is that of a part of a device: a MIG slice or a virtual GPU."""
    return bool(_PART.search(name[:MOST_CHARACTERS]))


def _spellings(name: str) -> Iterator[_Spelling]:
    """The keys that a name may stand under, the closest first."""
    name = " ".join(name[:MOST_CHARACTERS].split())
    yield _Spelling(device_key(name))
    count, counted = None, ""
    slice_ = _SLICE.fullmatch(name)
    if slice_:
        yield _of_slice(*slice_.groups())
        return
    slurm, several = _SLURM.fullmatch(name), _COUNTED.fullmatch(name)
    if slurm:
        name, count = slurm[1], int(slurm[2]) if slurm[2] else None
    elif several:
        name, count = several[2], int(several[1])
    counted = f"“{count}” in the name" if count else ""
    if _is_part(name):
        return
    words = _words(name)
    yield _Spelling("".join(words), count, counted)
    kept = [word for word in words if word not in SAY_NOTHING]
    yield _Spelling("".join(kept), count, counted)
    of_board = [re.sub(r"^sxm[2-5]$", "sxm", word) for word in kept]
    yield _Spelling("".join(of_board), count, counted, loose=of_board != kept)
    yield _Spelling(_without_board(kept), count, counted, loose=of_board != kept)
    memory = next((int(found[1]) for word in kept if (found := _MEMORY.fullmatch(word))), None)
    either = re.sub(r"\b\d{1,3} ?/ ?\d{1,3} ?gb?\b", "", name, flags=re.IGNORECASE)
    if either != name:  # "A100 PCIe 40/80GB" leaves its memory open
        yield _Spelling(device_key(either), count, counted, loose=True)
    if memory is None:
        return
    bare = [word for word in kept if not _MEMORY.fullmatch(word)]
    yield _Spelling("".join(bare), count, counted, loose=True, memory_gb=memory)
    yield _Spelling(_without_board(bare), count, counted, loose=True, memory_gb=memory)


def _without_board(words: Iterable[str]) -> str:
    return "".join(word for word in words if not re.fullmatch(r"sxm[2-5]?", word))


def _of_slice(version: str, number: str) -> _Spelling:
    """A slice as Google names it: v2 to v5p by their cores, two to a chip; the others by chips."""
    version = version.lower()
    cores = CORES_PER_CHIP.get(version, 1)
    kind = f"tpuv{version if version[-1] in '234pe' and 'lite' not in version else '5e'}"
    chips = max(1, int(number) // cores)
    how = f"{number} cores" if cores > 1 else f"{number} chips"
    return _Spelling(kind, chips, f"a slice of {how}")


def _words(name: str) -> list[str]:
    """The words of a name in lower case, without its vendor."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = re.sub(r"\((?:r|tm)\)|[®™]", " ", text)
    text = re.sub(r"(\d) (gb|gib)\b", r"\1\2", text)
    return [word for word in re.findall(r"[a-z0-9]+", text) if word not in VENDORS]
