"""What people, drivers, schedulers and clouds call a device: from a name to the keys it may stand under.

``8 x NVIDIA A100-SXM4-80GB`` (CodeCarbon), ``gpu:h100:8`` (Slurm), ``v4-8`` (Google), ``AMD Instinct MI300X OAM``. Only
words that never tell two devices apart are dropped; ``Ti``, ``Super``, ``Laptop`` or a slice's ``1g.5gb`` do.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Spelling:
    """A key that a name may stand under in the catalogue, and what was read or dropped on the way there."""

    key: str
    count: int | None = None  # of devices, where the name says it
    counted: str = ""  # how it says so, in words
    loose: bool = False  # whether something was dropped that could have told two devices apart
    memory_gb: int | None = None  # that was dropped


def key(name: str) -> str:
    """A device's name without vendor, case, blanks and punctuation."""
    return "".join(word for word in _words(name) if word not in VENDORS)


def machine_key(name: str) -> str:
    """The name of a cloud's type of machine, without what Azure and SageMaker put in front of it."""
    return key(re.sub(r"^ ?(?:standard_|ml\.)", "", name, flags=re.IGNORECASE))


def told(name: str) -> str:
    """What a name says of the device, without its vendor: for comparing it with others."""
    return " ".join(word for word in _words(name) if word not in VENDORS and word not in SAY_NOTHING) or name


def is_part(name: str) -> bool:
    """Whether a name is that of a part of a device: a MIG slice or a virtual GPU."""
    return bool(_PART.search(name[:MOST_CHARACTERS]))


def spellings(name: str) -> Iterator[Spelling]:
    """The keys that a name may stand under, the closest first."""
    name = " ".join(name[:MOST_CHARACTERS].split())
    yield Spelling(key(name))
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
    if is_part(name):
        return
    words = [word for word in _words(name) if word not in VENDORS]
    yield Spelling("".join(words), count, counted)
    kept = [word for word in words if word not in SAY_NOTHING]
    yield Spelling("".join(kept), count, counted)
    of_board = [re.sub(r"^sxm[2-5]$", "sxm", word) for word in kept]
    yield Spelling("".join(of_board), count, counted, loose=of_board != kept)
    yield Spelling(
        "".join(word for word in kept if not re.fullmatch(r"sxm[2-5]?", word)), count, counted, loose=of_board != kept
    )
    memory = next((int(found[1]) for word in kept if (found := _MEMORY.fullmatch(word))), None)
    either = re.sub(r"\b\d{1,3} ?/ ?\d{1,3} ?gb?\b", "", name, flags=re.IGNORECASE)
    if either != name:  # "A100 PCIe 40/80GB" leaves its memory open
        yield Spelling("".join(word for word in _words(either) if word not in VENDORS), count, counted, loose=True)
    if memory is None:
        return
    bare = [word for word in kept if not _MEMORY.fullmatch(word)]
    yield Spelling("".join(bare), count, counted, loose=True, memory_gb=memory)
    yield Spelling("".join(word for word in bare if not re.fullmatch(r"sxm[2-5]?", word)), count, counted, True, memory)


def _of_slice(version: str, number: str) -> Spelling:
    """A slice as Google names it: v2 to v5p by their cores, two to a chip; the others by chips."""
    version = version.lower()
    cores = CORES_PER_CHIP.get(version, 1)
    kind = f"tpuv{version if version[-1] in '234pe' and 'lite' not in version else '5e'}"
    chips = max(1, int(number) // cores)
    how = f"{number} cores" if cores > 1 else f"{number} chips"
    return Spelling(kind, chips, f"a slice of {how}")


def _words(name: str) -> list[str]:
    text = unicodedata.normalize("NFKC", name).casefold()
    text = re.sub(r"\((?:r|tm)\)|[®™]", " ", text)
    text = re.sub(r"(\d) (gb|gib)\b", r"\1\2", text)
    return re.findall(r"[a-z0-9]+", text)
