"""Writes the figures that the docs quote: `python -m tools.docs_tables`, which `make docs` runs first.

A page has a place for each, between ``<!-- table: NAME -->`` and ``<!-- end -->``. What stands there comes from the
library and its data, so that no page says what is no longer so; tests/test_docs.py compares the two.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from oce import Interval, catalog, estimate
from oce.analysis import comparison
from oce.catalog import data_tables
from oce.evaluation import device_evidence, metered_energy, own_measurements, paper_tables, refit, scoring
from oce.fields import DEFAULTS
from oce.method import (
    embodied,
    footprint_uncertainty,
    ratio_basis,
    run_utilisation,
    scaling,
    sequence_speed,
    system_power,
)
from oce.method.calibration import gap_half_width
from oce.method.calibration_file import committed
from oce.method.conformal import CONFIDENCE_LEVELS
from oce.units import significant

DOCS = Path(__file__).parents[1] / "docs"
PLACE = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
AT_LEVELS = " | ".join(f"{100 * level:.0f} %" for level in CONFIDENCE_LEVELS)

PAIRS = (  # of devices, second over first: what people ask for
    ("a100-sxm-80gb", "h100-sxm"),
    ("h100-sxm", "h200-sxm"),
    ("h100-sxm", "b200"),
    ("v100-sxm2-32gb", "a100-sxm-80gb"),
    ("a100-sxm-80gb", "tpu-v4"),
    ("tpu-v4", "tpu-v5p"),
    ("h100-sxm", "mi300x"),
)
POWERED = ("h100-sxm", "b200", "a100-sxm-80gb", "v100-sxm2-32gb", "tpu-v4", "tpu-v3", "tpu-v2")
MADE = ("a100-sxm-40gb", "a100-sxm-80gb", "h100-sxm", "b200", "tpu-v4", "v100-sxm2-32gb")
PLACES = ((None, None), ("gcp:us-central1", None), (None, "tpu-v4"), ("USA", "h100-sxm"))  # region and device
DENSE_70B = {"parameters": 70e9, "tokens": 15e12, "region": "USA"}
COEFFICIENTS: Mapping[str, str] = {  # of the device part
    "peak": "ln of the dense peak",
    "bandwidth": "ln of the memory bandwidth",
    "slot": "a card in a PCIe slot",
    "size": "a decade of parameters, times ℓ",
    "attention": "share of attention, times ℓ",
    "mixture": "a mixture of experts, times ℓ",
    "rack": "a link across a rack, for a mixture of experts",
    "32 bits": "tf32 or fp32 over 16 bits, beyond their peaks",
    "fp8": "fp8 over 16 bits",
    "fp8 size": "the same, a decade of parameters",
    "fp8 mixture": "the same, for a mixture of experts",
}
RUN_COEFFICIENTS: Mapping[str, str] = {
    "run": "runs of 10¹⁰ parameters on an A100, ln TFLOP/s",
    "run size": "a decade of parameters",
    "run mixture": "a mixture of experts",
    "run before 2023": "trained before 2023",
}
RUN_SPREADS: Mapping[str, str] = {
    "organisation": "spread between organisations",
    "organisation on device": "of which one device's own, share",
    "noise": "noise of a run of 10¹⁰ parameters",
    "noise per decade": "more of it for each decade smaller",
    "noise before 2023": "times as much before 2023",
}


def table(heading: str, rows: Iterable[str]) -> str:
    """A Markdown table from its heading and rows, whose cells stand between bars."""
    return "".join(f"| {row} |\n" for row in (heading, " | ".join("---" for _ in heading.split(" | ")), *rows))


# --- evaluation ---


def methods() -> str:
    """Every method, scored on the runs of organisations that it has not seen."""
    rows = (
        f"{one.name} | {one.score.runs} | {100 * one.score.median_error:.1f} % | {held(one.score, 0.8)}"
        for one in refit.evaluations()
    )
    heading = "method | runs | median error of device-hours | 80 % interval holds, of runs | of organisations | width"
    return table(heading, rows)


def levels() -> str:
    """The calibrated method at every level."""
    score = refit.evaluations()[0].score
    heading = "interval | holds, of runs | of organisations | median width, high over low"
    return table(heading, (f"{100 * level:.0f} % | {held(score, level)}" for level in CONFIDENCE_LEVELS))


def held(score: scoring.Score, level: float) -> str:
    """How many runs and organisations an interval holds, and how wide it is."""
    of_runs = give_or_take(score.coverage[level], score.coverage_error[level])
    coverage, error = score.organisation_coverage, score.organisation_coverage_error
    width = significant(score.median_width[level])
    return f"{of_runs} | {give_or_take(coverage[level], error[level])} | ×{width}"


def contrasts() -> str:
    """Measured ratios between devices, each predicted without its source."""
    rows = (
        f"{name} | {one.contrasts} | {one.sources} | {one.rms_error:.2f} ± {one.rms_error_error:.2f} | "
        f"{give_or_take(one.held, one.held_error)}"
        for name, one in device_evidence.scores().items()
    )
    return table("ratios of | ratios | sources | rms error of the logarithm | 80 % interval holds", rows)


def own_rates() -> str:
    """What this project measured."""
    rows = (
        f"{one.model}, {one.precision}, {one.sequences} × {one.context_length:,} tokens, "
        f"{catalog.device(one.device).name} | "
        f"{one.tokens_per_second:,.0f} | {significant(one.model_tflops)} | {significant(one.board_power_w)} | "
        f"{significant(one.power_limit_w)}"
        for one in own_measurements.rows()
    )
    return table("case | tokens/s | model TFLOP/s | board, W | power limit, W", rows)


def own_checks() -> str:
    """What this project measured, beside what was said of it."""
    rows = (
        f"{one.what}{f', {one.unit}' if one.unit else ''} | {significant(one.measured)} | "
        f"{significant(one.said.central)} | {ends(one.said)} | {'held' if one.is_held else '**missed**'}"
        for one in own_measurements.checks()
    )
    return table("what | measured | said | 80 % interval | ", rows)


def energy() -> str:
    """Runs whose energy was measured."""
    names = {metered_energy.OWN_METER: "the run's own meter", metered_energy.STRICT: "all meters of its organisation"}
    found = {words: metered_energy.score(metered_energy.committed(what)) for what, words in names.items()}
    rows = (
        f"{words} | {one.runs} | {100 * one.median_error:.0f} % | {one.held * one.runs:.0f} of {one.runs}"
        for words, one in found.items()
    )
    return table("power learnt without | runs | median error | 80 % interval holds", rows)


def past_runs() -> str:
    """What an organisation's own runs are worth."""
    one = refit.score_prior_runs()
    rows = (
        f"{how} | {one.runs} | {one.organisations} | {100 * error:.1f} % | {share}"
        for how, error, share in (
            ("without past runs", one.error_without, ""),
            ("with a few", one.error_with, f"{100 * one.held:.0f} %"),
        )
    )
    return table("predicted | runs | organisations | median error | 80 % interval holds", rows)


def paper() -> str:
    """Table 2 of the paper, recomputed."""
    rows = (
        f"{one.printed.model} | {one.printed.reported_t:g} | {one.printed.published_t:g} | {one.operational_t:.3f} | "
        f"{one.operational_used_t:.3f} | {one.printed.explanation}"
        for one in paper_tables.tables_2_and_3()
    )
    return table("model | reported, t | printed, t | recomputed, t | with the compute that was used, t | ", rows)


# --- method ---


def alpha() -> str:
    """Table 1 of the paper."""
    rows = (
        f"{one.device.name} | {one.device.tdp_w:g} | {one.device.log10_alpha_low:g} … {one.device.log10_alpha_high:g} "
        f"| {significant(one.slow_tflops)} … {significant(one.fast_tflops)} | {one.peak_tflops:g}"
        for one in paper_tables.table_1()
    )
    return table("device | TDP, W | log₁₀ α | mean speed over 10²³ FLOP, TFLOP/s | peak, TFLOP/s", rows)


def attention() -> str:
    """Attention's measured speed."""
    speed = sequence_speed.attention_speed()
    rows = [f"of {source} | {v:.2f}" for source, v in sequence_speed.stack_speeds().items()]
    return table("v, on an A100 80 GB | value", [*rows, f"v, ± of ln v | {speed.central:.2f}, {speed.log_sd:.2f}"])


def device_coefficients() -> str:
    """The device part's coefficients, after contrasts and runs."""
    return table("coefficient | of | value", (f"{name} | {of} | {fitted(name)}" for name, of in COEFFICIENTS.items()))


def device_ratios() -> str:
    """What is said of the pairs that people ask for, and what that rests on."""

    def rows() -> Iterator[str]:
        for first, second in PAIRS:
            one, other = catalog.device(first), catalog.device(second)
            slow, fast = (estimate({**DENSE_70B, "device": name}) for name in (first, second))
            times = comparison.ratio(fast, slow, "device_hours").times
            what = f"{other.name} over {one.name} | {significant(times.central)} | {ends(times)}"
            yield f"{what} | {ratio_basis.basis(one, other).word}"

    return table("speed of | times | 80 % interval | rests on", rows())


def run_coefficients() -> str:
    """The run part."""
    spreads = committed().fit.spreads
    rows = [f"{words} | {fitted(name)}" for name, words in RUN_COEFFICIENTS.items()]
    rows += [f"{words} | {spreads[name]:g}" for name, words in RUN_SPREADS.items()]
    return table("of ln throughput | value", rows)


def quantiles() -> str:
    """q at every level."""
    kept = committed()
    kinds = {
        "runs, of an organisation never seen": kept.new_organisations,
        "runs, of an organisation with past runs": kept.with_prior_runs,
        "ratios of devices that others measured too": kept.contrasts,
        "ratios with a device that nobody else measured": kept.open_contrasts,
    }
    rows = (
        f"{name} | {one.groups} | {' | '.join(f'{float(one.quantile(level)):.2f}' for level in CONFIDENCE_LEVELS)}"
        for name, one in kinds.items()
    )
    return table(f"q of | organisations or sources | {AT_LEVELS}", rows)


def steady_gap() -> str:
    """From steady state to the whole run."""
    kept = committed()
    half = (f"×÷ {significant(float(np.exp(gap_half_width(kept, level))))}" for level in CONFIDENCE_LEVELS)
    row = f"{kept.gap_runs} | {math.exp(kept.gap_mean):.2f} | {' | '.join(half)}"
    return table(f"runs | whole run over steady state | {AT_LEVELS}", [row])


def scaling_law() -> str:
    """The law of many devices."""
    law, count, batch = scaling.law(), scaling.usual_count(), scaling.usual_batch()

    def usual(power: scaling.Power) -> float:
        return float(np.exp(power.at(np.log(np.array(1e23)))))

    x0 = law.log_x0
    rows = [f"x₀, tokens | {math.exp(x0.centre):.0f} ×÷ {math.exp(x0.sd):.2f} | {x0.models} models"]
    rows += [f"γ, {name} | {one.centre:.4f} ± {one.sd:.4f} | {one.models} models" for name, one in law.gamma.items()]
    rows += [
        f"usual number of devices at 10²³ FLOP | {usual(count):,.0f} | {count.runs} runs",
        f"it grows with the compute to the power | {count.second:.2f} | ",
        f"usual global batch at 10²³ FLOP, million tokens | {significant(usual(batch) / 1e6)} | {batch.runs} runs",
        f"it grows with the compute to the power | {batch.second:.2f} | ",
    ]
    return table("quantity | value | from", rows)


def power() -> str:
    """System power."""
    learnt = system_power.factor()
    rows = []
    for name in POWERED:
        device, found = catalog.device(name), system_power.system_power(name)
        assert found is not None
        watts = f"{device.tdp_w:g} | {significant(found.power_w)}"
        rows.append(f"{device.name} | {watts} | {found.log_sd:.2f} | {found.how}")
    factor = f"The factor: {learnt.centre:.2f} × TDP, from {learnt.devices} devices; from system to system "
    return table("device | TDP, W | system power, W | sd of its logarithm | from", rows) + (
        f"\n{factor}{learnt.log_sd_systems:.2f} (standard deviation of the logarithm).\n"
    )


def pue() -> str:
    """The PUE of some places, where none is given."""
    rows = []
    for region, device in PLACES:
        where, on = region and catalog.region(region), device and catalog.device(device)
        found = footprint_uncertainty.default_pue(where or None, on or None)
        name = ", ".join(one.name for one in (where, on) if one) or "nothing known"
        rows.append(f"{name} | {found.pue:g} | {found.log_sd:.2f} | {found.what}")
    return table("place and device | PUE | sd of its logarithm | from", rows)


def grid() -> str:
    """How far grid intensities differ."""
    rows = (
        f"{one.subject} | {one.from_g_per_kwh:g} | {one.to_g_per_kwh:g} | {one.log_sd:g} | {one.how}"
        for one in footprint_uncertainty.spreads()
    )
    return table("grid | from, g CO2e/kWh | to | sd of the logarithm | how", rows)


def making() -> str:
    """What making some devices emits."""
    rows = []
    life, use = float(DEFAULTS["device_life_years"]), float(DEFAULTS["use_fraction"])
    for name in MADE:
        device, found = catalog.device(name), embodied.manufacturing(name)
        card, host = (f"{significant(kg.central)} ({ends(kg)})" for kg in (found.card_kg, found.host_kg))
        beta = significant(float(embodied.g_per_device_hour(found.kg.central, life, use)))
        papers = device.beta_g_per_device_hour
        of_paper = "" if papers is None else significant(papers)
        rows.append(f"{device.name} | {card} | {host if found.host_kg.central else 'in it'} | {beta} | {of_paper}")
    return table("device | card, kg CO2e | share of the host, kg CO2e | β, g CO2e/h | the paper's β, g CO2e/h", rows)


# --- data ---


def data() -> str:
    """Every table of data/."""
    rows = (
        f"`{one.file}` | {one.about} | {'; '.join(one.licence)} | {'; '.join(one.attribution)}"
        for one in data_tables.tables().values()
    )
    return table("file | what it holds | licence | to be named", rows)


def other_data() -> str:
    """Every other file of data/."""
    return table("file | what it holds", (f"`{name}` | {what}" for name, what in data_tables.other_files().items()))


def fitted(name: str) -> str:
    """A coefficient of the calibration, give or take its standard deviation."""
    model = committed().fit
    at = (*model.speed.names, *run_utilisation.RUN_TERMS).index(name)
    return f"{model.mean[at]:.2f} ± {math.sqrt(model.covariance[at, at]):.2f}".replace("-", "−")


def give_or_take(share: float, error: float) -> str:
    """A share with its standard error."""
    return f"{share * 100:.0f} ± {error * 100:.0f} %"


def ends(interval: Interval) -> str:
    """The ends of an interval."""
    return f"{significant(interval.low)}–{significant(interval.high)}"


_EVALUATION = (methods, levels, contrasts, own_rates, own_checks, energy, past_runs, paper)
_HOURS = (alpha, attention, device_coefficients, device_ratios, run_coefficients, quantiles, steady_gap, scaling_law)
_FOOTPRINT = (power, pue, grid, making)
_DATA = (data, other_data)
TABLES: Mapping[str, Callable[[], str]] = {
    one.__name__.replace("_", "-"): one for one in (*_EVALUATION, *_HOURS, *_FOOTPRINT, *_DATA)
}


def filled(text: str) -> str:
    """A page with its tables as they are now."""
    return PLACE.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n{found[3]}", text)


def main() -> None:
    """Writes the tables into the pages."""
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        if (new := filled(text)) != text:
            page.write_text(new, encoding="utf-8")
            print(f"{page.relative_to(DOCS.parent)}: its tables are as the library has them now")


if __name__ == "__main__":
    main()
