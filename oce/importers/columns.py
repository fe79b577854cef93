"""What people call a column: ``num_gpus``, ``Device Count``, ``power (W)``, ``gpu-hours`` and ``params (B)``."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from oce.errors import InputError, NotReadError, Problem
from oce.fields import FIELDS, NUMBER_FIELDS, TEXT_FIELDS
from oce.near_names import near_names
from oce.parsing import missing
from oce.quantity_units import KINDS

LIKE_A_FIELD = 0.72  # a column this much like the name of a field is probably meant for one
MOST_CELL = 1_000  # characters of a cell that is used: a longer one is refused before it is looked at
MOST_NAMED = 8  # columns that are named as not used
SYNONYMS: Mapping[str, str] = {
    name: field
    for field, names in {
        "parameters": "params param n_params num_params n_parameters num_parameters parameter_count total_params "
        "total_parameters model_params model_parameters model_size",
        "active_parameters": "active activated active_params active_param activated_params activated_parameters "
        "active_parameter_count",
        "tokens": "token n_tokens num_tokens training_tokens train_tokens total_tokens tokens_seen token_count",
        "training_flop": "flop flops training_flops train_flop train_flops total_flop total_flops compute "
        "training_compute compute_flop training_compute_flop training_compute_flops",
        "device": "gpu gpu_type gpu_model gpu_name accelerator accelerator_type hardware hardware_type device_name "
        "device_type device_model chip chip_type gpumodel",
        "device_count": "gpus n_gpu n_gpus num_gpu num_gpus ngpu ngpus gpu_count gpu_counts number_of_gpus devices "
        "n_devices num_devices number_of_devices device_counts chips n_chips num_chips chip_count accelerators "
        "num_accelerators accelerator_count world_size count_gpus count_of_gpus no_of_gpus num_of_gpus gpus_count "
        "numbergpus",
        "region": "country country_name country_code country_iso_code location place zone grid",
        "carbon_intensity_g_per_kwh": "carbon_intensity grid_intensity grid_carbon_intensity ci intensity g_per_kwh "
        "gco2_per_kwh gco2e_per_kwh g_co2_per_kwh g_co2e_per_kwh gco2_kwh gco2e_kwh emission_factor emissions_factor",
        "power_w": "power tdp tdp_w watts watt device_power power_draw avg_power average_power mean_power "
        "power_per_gpu power_per_device",
        "overhead_fraction": "overhead",
        "utilisation": "utilization mfu",
        "tokens_per_second_per_device": "tokens_per_second_per_gpu tokens_per_sec_per_gpu tokens_sec_gpu tokens_s_gpu "
        "tok_s_gpu tgs tokens_per_gpu_per_second tokens_per_second_per_chip tokens_s_device tokens_sec_device",
        "precision": "dtype data_type datatype numeric_precision",
        "year": "training_year year_of_training",
        "device_life_years": "device_life device_lifetime device_lifetime_years lifetime lifetime_years",
        "use_fraction": "use_share",
        "level": "interval_level confidence_level",
        "pue": "power_usage_effectiveness",
        "host_power_w": "host_power",
    }.items()
    for name in names.split()
}
OF_RUNS: Mapping[str, str] = {  # of past runs, besides
    name: field
    for field, names in {
        "device_hours": "gpu_hours gpuhours gpu_hour gpu_h gpuh chip_hours tpu_hours accelerator_hours total_gpu_hours "
        "device_hour",
        "hours": "hour wall_hours wall_clock_hours duration_hours training_hours train_hours runtime_hours",
        # these do not say in what: the name's unit or the cell's own is needed
        "time": "wall_time walltime wall_clock wall_clock_time runtime run_time training_time train_time elapsed "
        "elapsed_time duration",
        "run_id": "run runid",
        "gpu_energy": "gpu_energy_kwh",
        "timestamp": "date",
    }.items()
    for name in names.split()
}
_UNITS: Mapping[str, str] = {  # at the end of a name, as it is written in a cell
    **{"kw": "kW", "w": "W", "watt": "W", "watts": "W", "mw": "mW"},
    **{"k": "k", "m": "M", "mn": "M", "million": "M", "millions": "M", "b": "B", "bn": "B", "billion": "B"},
    **{"billions": "B", "t": "T", "tn": "T", "trillion": "T", "trillions": "T"},
    **dict.fromkeys(("%", "pct", "percent"), "%"),
    **dict.fromkeys(("h", "hr", "hrs", "hours"), "h"),
    **dict.fromkeys(("d", "days"), "days"),
    **{"min": "min", "mins": "min", "minutes": "min", "s": "s", "sec": "s", "seconds": "s"},
    **{"pflop": "PFLOP", "eflop": "EFLOP", "zflop": "ZFLOP", "yflop": "YFLOP", "tflop": "TFLOP", "flop": "FLOP"},
    **{"pf_days": "PF-days", "pflops_days": "PFLOPS-days", "flops": "FLOP", "pfs_days": "PF-days"},
    **{"g_kwh": "g/kWh", "kg_kwh": "kg/kWh", "gco2_kwh": "g/kWh", "gco2e_kwh": "g/kWh", "gco2eq_kwh": "g/kWh"},
    **{"kgco2_kwh": "kg/kWh", "kgco2e_kwh": "kg/kWh", "g_co2e_kwh": "g/kWh", "g_co2_kwh": "g/kWh"},
    **{"kg_co2e_kwh": "kg/kWh", "g": "g", "kg": "kg", "years": "years", "yr": "years", "months": "months"},
    **{"kwh": "kWh", "wh": "Wh", "mwh": "MWh", "tokens_s": "tokens/s", "tok_s": "tokens/s", "#": "", "count": ""},
    **{"gpu_hours": "h", "gpu_h": "h", "gpus": "", "tokens": "", "parameters": "", "params": "", "gpu_days": "days"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file that is one of ours: its place, its field, and the unit that its name gives."""

    at: int
    name: str  # in the file
    field: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file that are used, by field, and what is said of the others."""

    by_field: Mapping[str, tuple[Column, ...]]
    notes: tuple[str, ...]

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """A row's cells by field, with the units that the columns' names give; what is missing is empty.

        Raises:
            InputError: Where two columns for one field say different things, or a cell is too long.
        """
        found: dict[str, str] = {}
        for field, columns in self.by_field.items():
            told = {}
            for column in columns:
                cell = row[column.at].strip() if column.at < len(row) else ""
                if len(cell) > MOST_CELL:
                    raise InputError([Problem(field, cell[:60], f"a cell of at most {MOST_CELL:,} characters")])
                if not missing(cell):
                    told[column.name] = with_unit(cell, column.unit)
            if len({_compared(cell) for cell in told.values()}) > 1:
                names = " and ".join(told)
                both = Problem(field, " and ".join(told.values()), f"one value; the columns {names} both stand for it")
                raise InputError([both])
            found[field] = next(iter(told.values()), "")
        return found


def _compared(cell: str) -> float | str:
    """A cell as it is compared with others that stand for the same: 64 is 64.0."""
    try:
        return float(cell)
    except ValueError:
        return cell.casefold()


def field_of(
    name: str, more: Mapping[str, str] | None = None, field_names: Iterable[str] = FIELDS
) -> tuple[str, str] | None:
    """The field that a column's name stands for, and the unit in it; ``None`` where it is none of ours.

    ``more`` are further synonyms.
    """
    return _field_of(name[:80], tuple(field_names), tuple((more or {}).items()))


@lru_cache(maxsize=4096)
def _field_of(name: str, field_names: tuple[str, ...], more: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
    word, known = normal(name), _known(field_names, more)
    if word in known:
        return known[word], ""
    bracketed = re.fullmatch(r"(.*?)[\[({]([^\[\](){}]*)[\])}]\s*", name)
    if bracketed:
        base, unit = known.get(normal(bracketed[1])), _UNITS.get(normal(bracketed[2]))
        if base is None:
            base = known.get(f"{normal(bracketed[1])}_{normal(bracketed[2])}")
        return (base, unit) if base is not None and unit is not None and _takes(base, unit) else None
    parts = word.split("_")
    for at in range(len(parts) - 1, max(0, len(parts) - 4), -1):
        base, unit = known.get("_".join(parts[:at])), _UNITS.get("_".join(parts[at:]))
        if base is not None and unit and _takes(base, unit):
            return base, unit
    if word.endswith("%") and word[:-1].rstrip("_") in known:
        return known[word[:-1].rstrip("_")], "%"
    return None


KINDS_OF_RUNS = {"device_hours": "device-hours", "hours": "h", "time": "h", "duration": "s", "gpu_energy": "kWh"}


def kind_of(field: str) -> str | None:
    """What is written for a field, a key of :data:`oce.quantity_units.KINDS`; ``None`` for texts."""
    return FIELDS[field].kind if field in NUMBER_FIELDS else KINDS_OF_RUNS.get(field)


def _takes(field: str, unit: str) -> bool:
    """Whether a field takes numbers in this unit."""
    kind = KINDS.get(kind_of(field) or "")
    if kind is None:
        return False
    try:
        kind.unit(unit)
    except NotReadError:
        return False
    return True


@lru_cache(maxsize=16)
def _known(field_names: tuple[str, ...], more: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    synonyms = {name: field for name, field in SYNONYMS.items() if field in field_names or not more}
    return {**synonyms, **dict(more), **{name: name for name in field_names}}


def normal(name: str) -> str:
    """A column's name in lower case, with one underscore for blanks, hyphens, slashes and points."""
    text = unicodedata.normalize("NFKC", name[:80]).casefold().replace("#", " count ")
    return re.sub(r"[^\w%]+|_+", "_", re.sub(r"[^\w%]+", "_", text)).strip("_").replace("__", "_")


def of_header(
    header: Sequence[str],
    kept: Iterable[str] = (),
    more: Mapping[str, str] | None = None,
    field_names: Iterable[str] = FIELDS,
) -> Columns:
    """The columns that are used, and what is said of the others but those ``kept``, which are no mistake."""
    fields, passed = tuple(field_names), set(kept)
    by_field: dict[str, tuple[Column, ...]] = {}
    notes, unused = [], []
    for at, name in enumerate(header):
        if name in passed:
            continue
        found = field_of(name, more, fields)
        if found is None:
            unused.append(name)
            continue
        others = by_field.get(found[0], ())
        if others and found[0] in TEXT_FIELDS:  # the same in other words, as a country's name and its code are
            exact = normal(name) == found[0]
            kept_name = name if exact else others[0].name
            notes.append(
                f"the column “{(others[0].name if exact else name)[:40]}” is not used beside “{kept_name[:40]}”"
            )
            if not exact:
                continue
            others = ()
        by_field[found[0]] = (*others, Column(at, name, *found))
    for field, those in by_field.items():
        other = [column for column in those if normal(column.name) != field]
        if other:
            names = ", ".join(f"“{column.name[:40]}”" for column in other[:MOST_NAMED])
            units = "".join(f", in {unit}" for unit in dict.fromkeys(column.unit for column in other) if unit)
            are = "column {} is" if len(other) == 1 else "columns {} are"
            notes.append(f"the {are.format(names)} read as {field}{units}")
    for name in unused[:200]:
        near = _nearest(name, fields, more)
        if near and len(notes) < 100:
            notes.append(f"the column “{name[:40]}” is not used; did you mean {near}?")
    return Columns(by_field, tuple(notes))


_LOOKS_LIKE_OURS = {
    **dict.fromkeys(
        ("tokens_per_second", "tokens_per_sec", "tokens_s", "throughput_tokens_s"),
        "tokens_per_second_per_device (of one device, not of all)",
    ),
    **dict.fromkeys(("nodes", "num_nodes", "n_nodes"), "device_count (of devices, not of servers)"),
    "cores": "device_count (of chips, not of cores)",
    "years": "year, or device_life_years",
    "gpu_power": "power_w (of one device, not of all)",
}


def _nearest(name: str, fields: tuple[str, ...], more: Mapping[str, str] | None) -> str:
    """The field that a column was probably meant for; empty where it is like none."""
    from difflib import SequenceMatcher

    word = normal(name)
    if word in _LOOKS_LIKE_OURS and _LOOKS_LIKE_OURS[word].split()[0].rstrip(",") in fields:
        return _LOOKS_LIKE_OURS[word]
    near = near_names(word, list(fields), most=1)
    if near and SequenceMatcher(None, word, near[0]).ratio() > LIKE_A_FIELD:
        return near[0]
    return ""


def with_unit(cell: str, unit: str) -> str:
    """A cell with the unit that its column's name gives, unless it has one of its own."""
    if not unit or re.search(r"[^\W\de_]|%", cell.replace("E", "e")):
        return cell
    return f"{cell} {unit}"
