"""``oce calibrate``: refits data/calibration.json and prints how well it holds."""

import argparse

from oce.catalog import data_package
from oce.commands.terminal import FileError
from oce.evaluation import device_evidence, refit, scoring
from oce.method.conformal import CONFIDENCE_LEVELS

SCORES = {refit.CALIBRATION: "scores", refit.BASELINES: "methods"}  # where each document holds them


def run(options: argparse.Namespace) -> None:
    """Refits, writes, and prints the scores."""
    documents = {refit.CALIBRATION: refit.calibration_document()}
    if options.baselines:
        documents[refit.BASELINES] = refit.baselines_document()
    for name, document in documents.items():
        try:
            refit.write(name, document)
            data_package.record([name])
        except OSError as error:
            raise FileError(f"data/{name} cannot be written: {error.strerror}") from None
    held = documents[refit.CALIBRATION]["calibration"]
    print(f"{held['runs']} runs of {held['organisations']} organisations, each predicted without its organisation\n")
    print(f"{'':<30} runs  error  in x1.5  in x2   bias   50 %         80 %         95 %  held (median width)", end="")
    print("   80 % by organisation")
    for evaluation in (scoring.from_json(item) for name in documents for item in documents[name][SCORES[name]]):
        score = evaluation.score
        intervals = "  ".join(
            f"{score.coverage[p]:4.0%} (x{score.median_width[p]:.3g})".ljust(11) for p in CONFIDENCE_LEVELS
        )
        print(
            f"{evaluation.name:<30} {score.runs:4d}  {score.median_error:5.1%}  {score.within_1_5:7.0%}  "
            f"{score.within_2:5.0%}  {score.bias:+5.2f}   {intervals}          "
            f"{score.organisation_coverage[0.8]:.0%} ± {score.organisation_coverage_error[0.8]:.0%}"
        )
    print("\nDevice against device: measured ratios, each predicted without its source")
    for title, rows in device_evidence.groups(device_evidence.checked()).items():
        found = device_evidence.score(rows)
        print(
            f"{title:<44} {found.contrasts:4d} of {found.sources} sources   rms ln error {found.rms_error:.3f}   "
            f"80 % intervals hold {found.held:.0%}"
        )
