"""Writes the figures that the docs quote: `python -m tools.docs_tables`, which `make docs` runs first.

A page has a place for each, between ``<!-- table: NAME -->`` and ``<!-- end -->``. What stands there comes from the
library and its data, so that no page says what is no longer so; tests/test_docs.py compares the two.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from oce import catalog, estimate
from oce.analysis import comparison
from oce.catalog import data_tables
from oce.evaluation import device_evidence, metered_energy, own_measurements, paper_tables, refit
from oce.interval import Interval
from oce.method import embodied, footprint_uncertainty, run_utilisation, scaling, sequence_speed, system_power
from oce.method.device_time import committed
from oce.units import significant

DOCS = Path(__file__).parents[1] / "docs"
PLACE = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
PAIRS = (  # first device, second device: what people ask for
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
EXAMPLE = {"parameters": 70e9, "tokens": 15e12, "region": "USA", "pue": 1.1}


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def methods() -> str:
    """Every method, scored on the runs of organisations that it has not seen."""
    return table(
        ("method", "runs", "median error of device-hours", "80 % interval holds, of runs", "of organisations", "width"),
        (
            (
                one.name,
                str(one.score.runs),
                f"{one.score.median_error:.1%}",
                give_or_take(one.score.coverage[0.8], one.score.coverage_error[0.8]),
                give_or_take(one.score.organisation_coverage[0.8], one.score.organisation_coverage_error[0.8]),
                f"×{significant(one.score.median_width[0.8])}",
            )
            for one in refit.evaluations()
        ),
    )


def levels() -> str:
    """The calibrated method at every level."""
    score = refit.evaluations()[0].score
    return table(
        ("interval", "holds, of runs", "of organisations", "median width, high over low"),
        (
            (
                f"{level:.0%}",
                give_or_take(score.coverage[level], score.coverage_error[level]),
                give_or_take(score.organisation_coverage[level], score.organisation_coverage_error[level]),
                f"×{significant(score.median_width[level])}",
            )
            for level in run_utilisation.LEVELS
        ),
    )


def contrasts() -> str:
    """Measured ratios between devices, each predicted without its source."""
    return table(
        ("ratios of", "ratios", "sources", "rms error of the logarithm", "80 % interval holds"),
        (
            (
                name,
                str(one.contrasts),
                str(one.sources),
                f"{one.rms_error:.2f} ± {one.rms_error_error:.2f}",
                give_or_take(one.held, one.held_error),
            )
            for name, one in device_evidence.scores().items()
        ),
    )


def own() -> str:
    """What this project measured, beside what was said of it."""
    return table(
        ("", "measured", "said", "80 % interval", ""),
        (
            (
                f"{one.what}{f', {one.unit}' if one.unit else ''}",
                significant(one.measured),
                significant(one.said.central),
                ends(one.said),
                "held" if one.is_held else "**missed**",
            )
            for one in own_measurements.checks()
        ),
    )


def own_power() -> str:
    """What the boards drew."""
    return table(
        ("case", "tokens/s", "model TFLOP/s", "board, W", "power limit, W"),
        (
            (
                f"{one.model}, {one.precision}, {one.context_length:,} tokens, {catalog.device(one.device).name}",
                f"{one.tokens_per_second:,.0f}",
                significant(one.model_tflops),
                significant(one.board_power_w),
                significant(one.power_limit_w),
            )
            for one in own_measurements.rows()
        ),
    )


def energy() -> str:
    """Runs whose energy was measured."""
    names = {metered_energy.OWN_METER: "the run's own meter", metered_energy.STRICT: "all meters of its organisation"}
    found = {what: metered_energy.score(metered_energy.committed(what)) for what in names}
    return table(
        ("power learnt without", "runs", "median error", "80 % interval holds"),
        (
            (names[what], str(one.runs), f"{one.median_error:.0%}", f"{one.held * one.runs:.0f} of {one.runs}")
            for what, one in found.items()
        ),
    )


def past_runs() -> str:
    """What an organisation's own runs are worth."""
    one = refit.score_past_runs()
    return table(
        ("", "runs", "organisations", "median error", "80 % interval holds"),
        (
            ("without past runs", str(one.runs), str(one.organisations), f"{one.error_without:.1%}", ""),
            ("with up to three", str(one.runs), str(one.organisations), f"{one.error_with:.1%}", f"{one.held:.0%}"),
        ),
    )


def paper() -> str:
    """Table 2 of the paper, recomputed."""
    return table(
        ("model", "reported, t", "printed, t", "recomputed, t", "with the compute that was used, t", ""),
        (
            (
                one.printed.model,
                f"{one.printed.reported_t:g}",
                f"{one.printed.published_t:g}",
                f"{one.operational_t:.3f}",
                f"{one.operational_used_t:.3f}",
                one.printed.explanation,
            )
            for one in paper_tables.tables_2_and_3()
        ),
    )


def alpha() -> str:
    """Table 1 of the paper."""
    return table(
        ("device", "TDP, W", "log₁₀ α", "mean speed over 10²³ FLOP, TFLOP/s", "peak, TFLOP/s"),
        (
            (
                one.device.name,
                f"{one.device.tdp_w:g}",
                f"{one.device.log10_alpha_low:g} … {one.device.log10_alpha_high:g}",
                f"{significant(one.slow_tflops)} … {significant(one.fast_tflops)}",
                f"{one.peak_tflops:g}",
            )
            for one in paper_tables.table_1()
        ),
    )


def device_coefficients() -> str:
    """The device part's coefficients, after contrasts and runs."""
    meaning = {
        "peak": "ln of the dense peak",
        "bandwidth": "ln of the memory bandwidth",
        "slot": "a card in a PCIe slot",
        "size": "a decade of parameters, times ℓ",
        "attention": "share of attention, times ℓ",
        "mixture": "a mixture of experts, times ℓ",
        "rack": "a link across a rack, for a mixture of experts",
        "fp8": "fp8 over 16 bits",
        "fp8 size": "the same, a decade of parameters",
        "fp8 mixture": "the same, for a mixture of experts",
    }
    return table(("coefficient", "of", "value"), ((name, what, coefficient(name)) for name, what in meaning.items()))


def device_ratios() -> str:
    """What is said of the pairs that people ask for."""
    rows = []
    for first, second in PAIRS:
        one, other = (estimate({**EXAMPLE, "device": name}) for name in (first, second))
        assert one.device is not None
        assert other.device is not None
        found = comparison.ratio(other, one, "device_hours")
        rows.append(
            (
                f"{other.device.name} over {one.device.name}",
                significant(found.times.central),
                ends(found.times),
                device_evidence.basis(one.device, other.device).word,
            )
        )
    return table(("speed of", "times", "80 % interval", "rests on"), rows)


def run_coefficients() -> str:
    """The run part."""
    spreads = committed().fit.spreads
    rows = [
        ("runs of 10¹⁰ parameters on an A100, ln TFLOP/s", coefficient("run")),
        ("a decade of parameters", coefficient("run size")),
        ("a mixture of experts", coefficient("run mixture")),
        (f"trained before {run_utilisation.ERA}", coefficient("run before 2023")),
        ("spread between organisations", f"{spreads['organisation']:g}"),
        ("of which one device's own, share", f"{spreads['organisation on device']:g}"),
        ("noise of a run of 10¹⁰ parameters", f"{spreads['noise']:g}"),
        ("more of it for each decade smaller", f"{spreads['noise per decade']:g}"),
        (f"times as much before {run_utilisation.ERA}", f"{spreads['noise before 2023']:g}"),
    ]
    return table(("of ln throughput", "value"), rows)


def quantiles() -> str:
    """q at every level."""
    kept = committed()
    kinds = {
        "runs, of an organisation never seen": kept.strangers,
        "runs, of an organisation with past runs": kept.with_past_runs,
        "ratios of devices that others measured too": kept.contrasts,
        "ratios with a device that nobody else measured": kept.open_contrasts,
    }
    return table(
        ("of", "groups", *(f"{level:.0%}" for level in run_utilisation.LEVELS)),
        (
            (name, str(one.groups), *(f"{float(one.quantile(level)):.2f}" for level in run_utilisation.LEVELS))
            for name, one in kinds.items()
        ),
    )


def steady_gap() -> str:
    """From steady state to the whole run."""
    kept = committed()
    half = [float(np.exp(run_utilisation.gap_half_width(kept, level))) for level in run_utilisation.LEVELS]
    return table(
        ("runs", "whole run over steady state", *(f"{level:.0%}" for level in run_utilisation.LEVELS)),
        ((str(kept.gap_runs), f"{math.exp(kept.gap_mean):.2f}", *(f"×÷ {significant(one)}" for one in half)),),
    )


def scaling_law() -> str:
    """The law of many devices."""
    law, count, batch = scaling.law(), scaling.usual_count(), scaling.usual_batch()
    x0 = law.log_x0
    rows = [("x₀, tokens", f"{math.exp(x0.centre):.0f} ×÷ {math.exp(x0.sd):.2f}", f"{x0.models} models")]
    rows += [(f"γ, {name}", f"{g.centre:.4f} ± {g.sd:.4f}", f"{g.models} models") for name, g in law.gamma.items()]
    rows += [
        ("usual number of devices at 10²³ FLOP", f"{usual(count):,.0f}", f"{count.runs} runs"),
        ("grows with compute to the power", f"{count.second:.2f}", ""),
        ("usual global batch at 10²³ FLOP, million tokens", significant(usual(batch) / 1e6), f"{batch.runs} runs"),
        ("grows with compute to the power", f"{batch.second:.2f}", ""),
    ]
    return table(("", "value", "from"), rows)


def usual(power: scaling.Power) -> float:
    """What is usual at 1e23 FLOP."""
    return float(np.exp(power.at(np.log(np.array(1e23)))))


def attention() -> str:
    """Attention's measured speed."""
    share = sequence_speed.attention_speed()
    return table(
        ("", "value"),
        (("speed of attention over that of the weights, A100 80 GB", f"{share:.2f}"),),
    )


def power() -> str:
    """System power."""
    learnt = system_power.factor()
    rows = []
    for name in POWERED:
        device, found = catalog.device(name), system_power.system_power(name)
        assert found is not None
        tdp = f"{device.tdp_w:g}"
        rows.append((device.name, tdp, significant(found.power_w), f"{found.log_sd:.2f}", found.how))
    factor = f"The factor: {learnt.centre:.2f} × TDP, from {learnt.devices} devices; from system to system "
    return table(("device", "TDP, W", "system power, W", "sd of its ln", "from"), rows) + (
        f"\n{factor}{learnt.log_sd_systems:.2f} (standard deviation of the logarithm).\n"
    )


def grid() -> str:
    """How far grid intensities differ."""
    return table(
        ("", "from, g CO2e/kWh", "to", "sd of the logarithm", "how"),
        (
            (one.subject, f"{one.from_g_per_kwh:g}", f"{one.to_g_per_kwh:g}", f"{one.log_sd:g}", one.how)
            for one in footprint_uncertainty.spreads()
        ),
    )


def pue() -> str:
    """The PUE of some places, where none is given."""
    places = ((None, None), ("gcp:us-central1", None), (None, "tpu-v4"), ("USA", "h100-sxm"))
    rows = []
    for region, device in places:
        where = catalog.region(region) if region else None
        on = catalog.device(device) if device else None
        found = footprint_uncertainty.default_pue(where, on)
        names = [one.name for one in (where, on) if one is not None]
        rows.append((", ".join(names) or "nothing known", f"{found.pue:g}", f"{found.log_sd:.2f}", found.what))
    return table(("place and device", "PUE", "sd of the logarithm", "from"), rows)


def making() -> str:
    """What making some devices emits."""
    rows = []
    for name in MADE:
        found = embodied.making(name)
        beta = embodied.g_per_device_hour(found.kg.central, 4.0, 0.85)
        device = catalog.device(name)
        paper_beta = device.beta_g_per_device_hour
        rows.append(
            (
                device.name,
                f"{significant(found.card_kg.central)} ({ends(found.card_kg)})",
                f"{significant(found.host_kg.central)} ({ends(found.host_kg)})" if found.host_kg.central else "in it",
                significant(float(beta)),
                "" if paper_beta is None else f"{paper_beta:g}",
            )
        )
    return table(
        ("device", "card, kg CO2e", "share of the host, kg", "g CO2e a device-hour", "the paper's β, g"),
        rows,
    )


def data() -> str:
    """Every table of data/."""
    return table(
        ("file", "what it holds", "licence", "to be named"),
        (
            (f"`{one.file}`", one.about, "; ".join(one.licence), "; ".join(one.attribution))
            for one in data_tables.TABLES.values()
        ),
    )


def other_data() -> str:
    """Every other file of data/."""
    return table(("file", "what it holds"), ((f"`{name}`", what) for name, what in data_tables.OTHER_FILES.items()))


def coefficient(name: str) -> str:
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


TABLES: Mapping[str, Callable[[], str]] = {
    "methods": methods,
    "levels": levels,
    "contrasts": contrasts,
    "own": own,
    "own-power": own_power,
    "energy": energy,
    "past-runs": past_runs,
    "paper": paper,
    "alpha": alpha,
    "device-coefficients": device_coefficients,
    "device-ratios": device_ratios,
    "run-coefficients": run_coefficients,
    "quantiles": quantiles,
    "steady-gap": steady_gap,
    "scaling-law": scaling_law,
    "attention": attention,
    "power": power,
    "grid": grid,
    "pue": pue,
    "making": making,
    "data": data,
    "other-data": other_data,
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
            print(f"{page.relative_to(DOCS.parent)} is now as the library says")


if __name__ == "__main__":
    main()
