"""What lies in ``data/``: every table in plain words, with its licence and attribution; and how to cite the tool.

The files speak for themselves to a program; this is for people: what a table is, what its columns are called and in
which unit, what must be said when it is used. ``data/SOURCES.md`` says the same at length, and a test holds the two
together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from oce import catalog
from oce.catalog import reader
from oce.catalog.reader import DataError
from oce.version import VERSION


@dataclass(frozen=True, slots=True)
class Table:
    """One table of ``data/``."""

    file: str
    title: str
    about: str  # what it is, in one plain sentence
    licence: tuple[str, ...]  # every licence in it; where there are several, a column says whose row is under which
    attribution: tuple[str, ...]  # what to say when it is used
    years: str  # {} stands for the first and last year of the column `dated`
    dated: str = ""
    first: tuple[str, ...] = ("name",)  # the columns to show first: what a row is called
    labels: Mapping[str, str] = field(default_factory=dict)  # of columns that LABELS has not, or means otherwise
    beside: tuple[str, ...] = ()  # files of data/ that belong to it

    def label(self, column: str) -> str:
        """What a column is called, with its unit.

        Raises:
            KeyError: For a column that nobody has named.
        """
        return self.labels.get(column) or LABELS[column]

    def order(self, columns: Iterable[str]) -> tuple[str, ...]:
        """The columns as people read them: what a row is called, what it says, then where that comes from."""
        names = tuple(columns)
        last: tuple[str, ...] = tuple(name for name in ("aliases", "id", "note", "licence") if name in names)
        last = (*(name for name in last if name not in self.first), *(one for one in names if one.endswith("source")))
        return (*self.first, *(name for name in names if name not in (*self.first, *last)), *last)

    def years_covered(self, dates: Iterable[str]) -> str:
        """The years that it covers, in words, from the dates of its rows."""
        found = sorted(set(re.findall(r"\b(?:19|20)\d\d\b", " ".join(dates))))
        return self.years.format("–".join(dict.fromkeys((found[0], found[-1]))) if found else "")


BILLION, THOUSANDS, MANY = 1e9, 1e4, 1e15  # from where on a number has commas, and a power of ten
IN_BILLIONS = ("parameters", "active_parameters", "tokens")  # shown so: 174.6 is easier read than 1.746e11

LABELS: Mapping[str, str] = {
    "active_parameters": "Active parameters, billion",
    "aliases": "Also called",
    "architecture": "Architecture",
    "basis": "Basis of the figure",
    "carbon_intensity_g_per_kwh": "Grid, g CO2e/kWh",
    "confidence": "Confidence",
    "country_iso2": "Country, two letters",
    "country_iso3": "Country, three letters",
    "device": "Device, id",
    "device_count": "Devices",
    "device_hours": "Device-hours",
    "device_hours_basis": "How the hours are known",
    "device_hours_reported": "Device-hours reported",
    "flop_basis": "How the compute is known",
    "g_per_kwh": "Carbon, g CO2e/kWh",
    "high": "High",
    "id": "Id",
    "kind": "Kind",
    "licence": "Licence",
    "low": "Low",
    "low_carbon": "Low carbon",
    "modality": "Modality",
    "model": "Model",
    "name": "Name",
    "note": "Note",
    "organisation": "Organisation",
    "parameters": "Parameters, billion",
    "place": "Place",
    "pue": "PUE",
    "pue_year": "Year of the PUE",
    "region": "Region, id",
    "source": "Source",
    "subject": "Subject",
    "tokens": "Tokens, billion",
    "training_flop": "Compute, FLOP",
    "year": "Year",
}

PAPER = (
    "Yu, Wu, Deng, Tang, Zhang, OpenCarbonEval: A Unified Carbon Emission Estimation Framework in Large-Scale AI "
    "Models, arXiv:2405.12843 (2024)"
)
EPOCH = "Epoch AI, Data on Machine Learning Hardware, CC BY 4.0"
EMBER = "Ember (2026), with major processing by Our World in Data, CC BY 4.0"
GOOGLE = "Google Cloud region carbon data, Apache-2.0"
ELECTRICITY_MAPS = "Electricity Maps, ODbL 1.0"
REPORTS = "the papers, model cards and repositories named per row, in part as quoted in Epoch AI's notes (CC BY 4.0)"
FACTS = "Facts, cited"
OWN = "measured by this project with tools/measure_gpt.py"

_TABLES = (
    Table(
        "devices.csv",
        "Devices",
        "Accelerators: power, dense peaks, memory, links, silicon, and the paper's α and β.",
        ("CC BY 4.0 (Epoch AI)", "the paper's figures are quoted"),
        (EPOCH, PAPER),
        "released {}",
        "year",
        ("name", "vendor"),
        {
            "alpha_source": "Source of α",
            "beta_g_per_device_hour": "β of the paper, g CO2e per device-hour",
            "beta_source": "Source of β",
            "cores_per_chip": "Cores per chip",
            "counted_as": "Speed counted as, id",
            "devices_per_server": "Devices per server",
            "die_cm2": "Silicon, cm²",
            "generation": "Generation",
            "interconnect": "Link between devices of a server",
            "log10_alpha_high": "log₁₀ α high, α in 1/s",
            "log10_alpha_low": "log₁₀ α low, α in 1/s",
            "made_like": "Made like, id",
            "memory_bandwidth_gb_per_s": "Memory bandwidth, GB/s",
            "memory_gb": "Memory, GB",
            "peak_bf16_tflops": "Peak bf16, TFLOP/s",
            "peak_fp16_tflops": "Peak fp16, TFLOP/s",
            "peak_fp32_tflops": "Peak fp32, TFLOP/s",
            "peak_fp4_tflops": "Peak fp4, TFLOP/s",
            "peak_fp8_tflops": "Peak fp8, TFLOP/s",
            "peak_tf32_tflops": "Peak tf32, TFLOP/s",
            "process_nm": "Process, nm",
            "server": "Class of server",
            "tdp_w": "Power (TDP), W",
            "training_precision": "Usual precision",
            "unit": "Counted in",
            "vendor": "Vendor",
            "year": "Year of release",
        },
    ),
    Table(
        "regions.csv",
        "Regions",
        "Carbon of a kilowatt-hour: in countries, US states, Chinese provinces, Nordic zones and cloud regions.",
        ("CC BY 4.0", "Apache-2.0", "MIT", "public domain", "official figures", "the paper's figures are quoted"),
        (
            EMBER,
            GOOGLE,
            "US EPA eGRID2023",
            "MEE and NBS, Announcement 2025 No. 47",
            "CodeCarbon 3.3.2 from ENTSO-E",
            PAPER,
        ),
        "figures of {}",
        "year",
        ("name", "kind", "g_per_kwh", "year", "basis"),
        {"g_per_kwh": "Grid, g CO2e/kWh", "kind": "Kind of place", "year": "Year of the figure"},
    ),
    Table(
        "regions_odbl.csv",
        "States and zones",
        "The same for more zones and cloud regions in them, by Electricity Maps: a file of its own, as share-alike.",
        ("Open Database License 1.0, share-alike",),
        (ELECTRICITY_MAPS,),
        "figures of {}",
        "year",
        ("name", "kind", "g_per_kwh", "year", "basis"),
        {"g_per_kwh": "Grid, g CO2e/kWh", "kind": "Kind of place", "year": "Year of the figure"},
        ("regions_odbl.LICENSE.txt",),
    ),
    Table(
        "pue.csv",
        "PUE",
        "Power usage effectiveness that operators disclosed or surveys found: facility energy over computer energy.",
        (FACTS,),
        ("Provider disclosures and surveys, each figure typed with its source",),
        "{}",
        "year",
        ("operator", "site"),
        {"operator": "Operator", "site": "Site"},
    ),
    Table(
        "system_power.csv",
        "Power of servers",
        "What devices draw while training, metered at their server's plug or on the card alone; not all are counted.",
        ("Single figures quoted", "Apache-2.0"),
        ("power logs of MLPerf Training v4.0, v4.1 and v5.0 (Apache-2.0", "papers named per row", OWN),
        "published {}",
        "year",
        ("device", "system", "power_w"),
        {
            "counted": "Counted",
            "devices": "Devices metered",
            "id": "Measurement, id",
            "metered": "What was metered",
            "power_w": "Mean power, W per device",
            "run": "Training run, id",
            "system": "System",
            "why_not": "Why not counted",
        },
    ),
    Table(
        "same_stack_scaling.csv",
        "Many devices",
        "One model on one kind of device at several counts: how the speed of each changes; not all are learnt from.",
        ("Apache-2.0", "MIT", "BSD"),
        ("MLPerf Training v2.0–v5.0", "llm-foundry, MaxText, NeMo", "DGX Cloud recipes", "Megatron-LM"),
        "read 2026",
        first=("model", "device", "kind"),
        labels={
            "count_from": "Fewest devices",
            "count_to": "Most devices",
            "exponent": "Exponent of speed per device",
            "exponent_se": "Exponent, standard error",
            "id": "Series, id",
            "kind": "What was kept",
            "left_out": "Why left out",
            "points": "Counts",
            "precision": "Precision",
            "read_from": "Read from",
            "speed_ratio": "Speed per device, most over fewest",
            "stack": "Stack",
            "tokens_per_device_from": "Tokens of the batch per device, at fewest",
            "tokens_per_device_to": "Tokens of the batch per device, at most",
        },
    ),
    Table(
        "published_batches.csv",
        "Batches",
        "The global batch of published runs, from which the one usual for a run's compute comes.",
        (FACTS,),
        ("papers named per row",),
        "published 2020–2024",
        first=("model", "batch_tokens"),
        labels={"batch_tokens": "Global batch, tokens", "id": "Run, id"},
    ),
    Table(
        "sequence_speed.csv",
        "Length of sequences",
        "What one stack reaches with one model at several lengths of its sequences: what attention adds to the time.",
        ("Apache-2.0",),
        ("mosaicml/llm-foundry, benchmarking README",),
        "read 2026",
        first=("model", "device", "sequence_length"),
        labels={
            "id": "Measurement, id",
            "sequence_length": "Length, tokens",
            "tokens_per_second_per_device": "Tokens/s per device",
            "read_from": "Read from",
        },
    ),
    Table(
        "grid_spread.csv",
        "Spread of grids",
        "How far a grid's carbon differs from year to year, and from one source to another: two classes of intensity.",
        ("Figures worked out from CC BY 4.0 and ODbL 1.0 data",),
        (EMBER, ELECTRICITY_MAPS),
        "worked out {}",
        "year",
        ("id", "subject", "log_sd"),
        {
            "count": "Pairs compared",
            "from_g_per_kwh": "From, g CO2e/kWh",
            "how": "How it is worked out",
            "id": "Figure, id",
            "log_sd": "Standard deviation of the logarithm",
            "subject": "Of what",
            "to_g_per_kwh": "To, g CO2e/kWh",
        },
    ),
    Table(
        "models.csv",
        "Models",
        "The presets: models that were trained, with what is known of their training; and examples, marked so.",
        (FACTS,),
        ("the reports named per row",),
        "trained or published {}",
        "year",
        labels={
            "batch_tokens": "Global batch, tokens",
            "context_length": "Context length, tokens",
            "precision": "Precision",
            "pue_source": "Source of the PUE",
            "reported_co2e_t": "Reported, t CO2e",
            "teacher_parameters": "Teacher's parameters",
            "training": "Kind of training",
        },
    ),
    Table(
        "project_stages.csv",
        "Stages of projects",
        "Which reported runs are stages of one project, as examples for Compare, and what of them is assumed.",
        (FACTS,),
        (REPORTS,),
        "published 2022–2024",
        first=("project", "stage"),
        labels={
            "id": "Stage, id",
            "less": "Less the run, id",
            "project": "Project",
            "run": "Run, id",
            "stage": "Stage",
            "training": "Kind of training",
        },
    ),
    Table(
        "training_runs.csv",
        "Training runs",
        "Reported runs, with their compute, devices and hours: what the calibration is fitted to and scored on.",
        (FACTS,),
        (REPORTS,),
        "published {}",
        "year",
        ("model", "organisation"),
        {
            "co2e_t": "Reported, t CO2e",
            "energy_basis": "How energy and carbon are known",
            "energy_kwh": "Reported energy, kWh",
            "flop_independent_of_time": "Compute known apart from the hours",
            "kind": "Kind of run",
            "organisation_group": "Group that counts as one",
            "power_w": "Reported power, W per device",
            "precision": "Precision",
            "region": "Region, as reported",
            "set_aside": "Neither fitted nor scored, because",
            "tokens": "Tokens or samples, billion",
            "utilisation_reported": "Utilisation reported, share of peak",
            "utilisation_usable": "Utilisation usable as steady state",
            "year": "Year of publication",
        },
    ),
    Table(
        "same_stack.csv",
        "Device against device",
        "How many times faster one stack trains one model on one device than on another: what devices are placed by.",
        ("Apache-2.0", "MIT", "MLPerf result-usage guidelines", "single figure quoted"),
        (
            "MLPerf Training results (MLCommons), Apache-2.0: derived from logs, not verified by MLCommons",
            "NVIDIA's and Google's recipes and benchmarks, and MosaicML's llm-foundry, each row with its file",
            OWN,
        ),
        "gathered November 2026",
        "",
        ("model", "first_device", "second_device", "speed_ratio"),
        {
            "evidence": "What is compared",
            "first_count": "Devices of the first",
            "first_device": "First device, id",
            "first_precision": "Precision on the first",
            "kind": "Kind of work",
            "left_out": "Not fitted, because",
            "read_from": "Read from",
            "second_count": "Devices of the second",
            "second_device": "Second device, id",
            "second_precision": "Precision on the second",
            "sequence_length": "Sequence length, tokens",
            "speed_ratio": "Speed per device, second over first",
            "stack": "Stack",
            "version": "Version of the stack or round",
        },
    ),
    Table(
        "own_measurements.csv",
        "Measured by us",
        "How fast a small GPT trains on one card, its first step, and what the board draws.",
        ("Apache-2.0",),
        (OWN,),
        "measured {}",
        "date",
        ("model", "device", "precision", "tokens_per_second"),
        {
            "board_power_w": "Mean power of the board, W",
            "clock_mhz": "Mean clock, MHz",
            "context_length": "Sequence length, tokens",
            "date": "Date",
            "first_tokens_per_second": "Rate in the second after the first step, tokens/s",
            "heads": "Heads",
            "id": "Measurement, id",
            "layers": "Layers",
            "memory_used_gb": "Memory used, GB",
            "model_tflops": "With causal attention, TFLOP/s",
            "power_limit_w": "Power limit, W",
            "precision": "Precision",
            "reported_as": "Device as the driver names it",
            "seconds_measured": "Measured for, s",
            "seconds_to_first_step": "To the end of the first step, s",
            "sequences": "Sequences in a step",
            "software": "Software",
            "steps": "Steps",
            "temperature_c": "Mean temperature, °C",
            "tokens_per_second": "Steady rate, tokens/s",
            "tokens_per_step": "Tokens in a step",
            "weights_tflops": "By 6 × parameters, TFLOP/s",
            "width": "Width",
        },
    ),
    Table(
        "benchmarks.csv",
        "Benchmarks",
        "Models with their MMLU or ImageNet score, and what their training cost: the Scaling page.",
        (FACTS,),
        (REPORTS.removesuffix(" (CC BY 4.0)"),),
        "published {}",
        "year",
        ("model", "benchmark"),
        {
            "as_trained_basis": "How the place is known",
            "as_trained_g_per_kwh": "Grid as trained, g CO2e/kWh",
            "as_trained_pue": "PUE as trained",
            "as_trained_region": "Region as trained, id",
            "benchmark": "Benchmark",
            "family": "Family",
            "figure_7": "In the paper's figure 7",
            "score": "Score, %",
            "score_source": "Source of the score",
            "setting": "How it was measured",
            "status": "Drawn, or why not",
            "year": "Year of publication",
        },
    ),
    Table(
        "timeline.csv",
        "Timeline",
        "The models of the paper's figure 1, with the compute that it took and today's: the Landscape page.",
        ("the paper's figures are quoted", "CC BY 4.0"),
        ("OpenCarbonEval's figure 1 as its appendix A lists them", "Epoch AI's of today (CC BY 4.0)"),
        "released {}",
        "date",
        ("model", "task"),
        {
            "date": "Date",
            "flop_confidence": "Confidence in the compute",
            "paper_device": "Device in the paper",
            "paper_tdp_w": "Power in the paper, W",
            "paper_training_flop": "Compute in the paper, FLOP",
            "preset": "Preset, id",
            "task": "Task",
            "training_flop": "Compute as known today, FLOP",
        },
    ),
    Table(
        "paper.csv",
        "The paper's tables",
        "Tables 2 and 3 of OpenCarbonEval as printed, and what came of recomputing them: the Evidence page.",
        ("Quoted from arXiv:2405.12843",),
        (PAPER,),
        "printed 2024",
        first=("model",),
        labels={
            "explanation": "What came of recomputing",
            "llmcarbon_t": "LLMCarbon, t CO2e",
            "published_embodied_kg": "The paper's embodied, kg CO2e",
            "published_t": "The paper's estimate, t CO2e",
            "reported_embodied_kg": "Reported embodied, kg CO2e",
            "reported_t": "Reported, t CO2e",
            "svr_t": "Support vector regression, t CO2e",
            "tree_t": "Decision tree, t CO2e",
            "zettaflop": "Compute printed, 10²¹ FLOP",
            "zettaflop_used": "Compute that gives the printed value, 10²¹ FLOP",
        },
    ),
    Table(
        "embodied.csv",
        "Embodied carbon",
        "Published figures of what making cards, servers and silicon emits, each with its boundary; not all are used.",
        ("Single figures quoted",),
        (
            "Falk et al., NVIDIA, ADEME (CC BY-SA 4.0), EcoLogits (MPL-2.0), Schneider et al., LLMCarbon (Apache-2.0), "
            "and four outputs of boaviztapi (AGPL-3.0; none of its tables)",
            "ACT's inputs (Meta Platforms, MIT)",
        ),
        "published {}",
        "year",
        ("id", "subject", "device", "kg_co2e", "boundary"),
        {
            "boundary": "What it includes",
            "devices_per_host": "Devices per server",
            "server": "Classes of server",
            "id": "Figure, id",
            "kg_co2e": "Making, kg CO2e",
            "method": "Method",
            "node": "Process node",
            "subject": "Of what",
            "used": "Used in the estimate",
        },
    ),
    Table(
        "inference.csv",
        "Inference",
        "Measured energy of using models: ten tasks, eight models, and when the use of BLOOMz passes its training.",
        ("Figures quoted",),
        ("Luccioni, Jernite, Strubell, Power Hungry Processing, FAccT 2024, arXiv:2311.16863",),
        "published 2024",
        first=("name", "kind"),
        labels={
            "finetuning_kwh": "Fine-tuning, kWh",
            "g_per_1000": "g CO2e per 1,000 queries",
            "kind": "Kind of row",
            "kwh_per_1000": "kWh per 1,000 queries",
            "kwh_per_inference_printed": "kWh per query, as printed",
            "parity_printed": "Queries to parity, as printed",
            "place": "Measured in, id",
            "sd_kwh_per_1000": "Standard deviation, kWh per 1,000 queries",
            "training_kwh": "Training, kWh",
        },
    ),
    Table(
        "water.csv",
        "Water",
        "Water for a kilowatt-hour: at data centres, as their operators disclose it, and at power stations.",
        (FACTS,),
        ("providers' disclosures, most read in third-party copies", "Macknick et al. 2012"),
        "{}",
        "year",
        ("entity", "subject"),
        {
            "entity": "Data centre or energy source",
            "high": "High, litres/kWh",
            "l_per_kwh": "Water, litres/kWh",
            "low": "Low, litres/kWh",
            "subject": "Where",
        },
    ),
    Table(
        "energy_sources.csv",
        "Energy sources",
        "Carbon of a kilowatt-hour by what it is made from: coal, gas, wind, sun and the like.",
        (FACTS, "MIT", "CC BY 4.0"),
        ("AR5 WG3 Annex III Table A.III.2", "codecarbon (3.3.2, MIT", "Our World in Data's oil: CC BY 4.0"),
        "compiled 2014, 2021 and since, as the set says",
        first=("name", "set"),
        labels={"high": "High, g CO2e/kWh", "low": "Low, g CO2e/kWh", "set": "Set"},
    ),
    Table(
        "survey.csv",
        "Survey of 95 models",
        "The numbers that the study Counting Carbon prints about its 95 models, with the words that print them.",
        ("Facts, quoted",),
        ("Luccioni and Hernandez-Garcia, Counting Carbon, arXiv:2302.08476 (2023)",),
        "models of 2012–2021, printed 2023",
        first=("group", "quantity"),
        labels={
            "group": "Group",
            "place": "Where it is printed",
            "quantity": "Quantity",
            "quote": "Quote",
            "unit": "Unit",
            "value": "Value",
        },
    ),
    Table(
        "equivalences.csv",
        "Equivalences",
        "Things a person can picture, with what one of them emits or uses.",
        (FACTS,),
        ("US EPA, US EIA, airmilescalc.com (DESNZ factor) and Green Algorithms' reference values",),
        "{}",
        "year",
        ("label_plural",),
        {
            "kg_co2e_per_unit": "kg CO2e each",
            "kind": "Compared by",
            "kwh_per_unit": "kWh each",
            "label_plural": "What",
            "label_singular": "One of it",
        },
    ),
    Table(
        "cloud_locations.csv",
        "Cloud locations",
        "Roughly where a cloud region is, by the city or state that its provider names it after: dots for the map.",
        ("typed by us",),
        ("of the city or state in the provider's own name of the region, typed by us",),
        "as of 2026",
        first=("id",),
        labels={"id": "Region, id", "latitude": "Latitude, degrees", "longitude": "Longitude, degrees"},
    ),
    Table(
        "cloud_machines.csv",
        "Cloud machines",
        "The machines that clouds rent out, by type: what devices are in one, and how many.",
        ("typed by us",),
        ("from the providers' own lists, typed by us",),
        "as of 2026",
        first=("id",),
        labels={"id": "Type of machine", "provider": "Provider", "device": "Device, id", "device_count": "Devices"},
    ),
    Table(
        "place_names.csv",
        "Place names",
        "Cities and long names of countries, with the region whose grid each is on.",
        ("typed by us",),
        ("ISO 3166-1",),
        "as of 2026",
        first=("id",),
        labels={"id": "Name", "region": "Region, id", "kind": "City, or another name"},
    ),
)
TABLES: Mapping[str, Table] = {one.file.removesuffix(".csv"): one for one in _TABLES}

OTHER_FILES: Mapping[str, str] = {  # of data/, and what each is
    "calibration.json": "The calibration: coefficients, covariance, residuals and scores.",
    "baselines.json": "The other methods' scores, and their prediction of every run.",
    "world.geojson": "Country shapes for the map: Natural Earth, public domain.",
    "SOURCES.md": "Where all of it comes from, licences, and what was left out.",
}


def content(file: str) -> bytes:
    """A file of ``data/``, as it is.

    Raises:
        DataError: Where it is missing.
    """
    try:
        return (reader.data_folder() / file).read_bytes()
    except OSError as error:
        raise DataError(f"data/{file} cannot be read: {error.strerror}") from None


def section(file: str) -> str:
    """What SOURCES.md says about a file, its tables as lists, which fit a phone; empty where it says nothing."""
    for block in reader.text_file("SOURCES.md").split("\n## ")[1:]:
        heading, _, text = block.partition("\n")
        if file in heading.split(", "):
            return _with_lists(text.strip())
    return ""


def _with_lists(text: str) -> str:
    """Markdown with every table as a list: its first column in bold, the others after it."""
    lines = text.split("\n")
    made = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if following.startswith("|---") or line.startswith("|---"):
            continue
        if line.startswith("|"):
            first, *others = (cell.strip() for cell in line.strip("|").split("|"))
            made.append(f"- **{first}**: {'; '.join(filter(None, others))}")
        else:
            made.append(line)
    return "\n".join(made)


def shown(column: str, cell: str) -> str:
    """A cell as people read it: a number in few digits, with commas in thousands; text as it is."""
    try:
        number = float(cell)
    except ValueError:
        return cell
    if column in IN_BILLIONS:
        number /= BILLION
    if abs(number) >= MANY:
        return f"{number:.4g}".replace("e+", "e")
    if abs(number) >= THOUSANDS:
        return f"{number:,.2f}".rstrip("0").rstrip(".")
    return f"{number:.6g}"


def searchable(row: Mapping[str, str]) -> str:
    """A row as one text to search in: its cells as they are in the file and as they are shown."""
    return _folded(" ".join(f"{cell} {shown(column, cell)}" for column, cell in row.items()))


def search(rows: Sequence[str], sought: str) -> list[int]:
    """The places of the rows that have every word sought, in any case, with or without accents.

    Args:
        rows: The rows as :func:`searchable` makes them.
        sought: Words.
    """
    words = _folded(sought).split()
    return [at for at, row in enumerate(rows) if all(word in row for word in words)]


def _folded(text: str) -> str:
    """Without case and accents: São Paulo is found as sao paulo."""
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)).casefold()


TOOL_TITLE = "OpenCarbonEval explorer"
TOOL_AUTHORS = "The OpenCarbonEval explorer developers"


def bibtex_of_tool() -> str:
    """How to cite this tool, with the versions of method and data."""
    data = catalog.data_version()
    return _bibtex(
        "software",
        "opencarboneval_explorer",
        {
            "title": f"{{{TOOL_TITLE}}}",
            "author": f"{{{TOOL_AUTHORS}}}",
            "year": data.partition(".")[0],
            "version": VERSION,
            "license": "Apache-2.0",
            "note": f"Version {VERSION}, data version {data}",
        },
    )


def bibtex_of_paper() -> str:
    """How to cite the paper whose method this is."""
    return _bibtex(
        "misc",
        "yu2024opencarboneval",
        {
            "title": "{OpenCarbonEval}: A Unified Carbon Emission Estimation Framework in Large-Scale {AI} Models",
            "author": "Yu, Zhaojian and Wu, Yinghao and Deng, Zhuotao and Tang, Yansong and Zhang, Xiao-Ping",
            "year": "2024",
            "eprint": "2405.12843",
            "archivePrefix": "arXiv",
            "url": "https://arxiv.org/abs/2405.12843",
        },
    )


def _bibtex(kind: str, key: str, fields: Mapping[str, str]) -> str:
    body = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items())
    return f"@{kind}{{{key},\n{body}}}"
