"""The other methods that predict the device-hours of a training run, each from its published formula.

All see what a planner knows before the run (compute, parameters per token, device and its dense peak) and are scored
by :mod:`oce.evaluation.scoring` on the same runs. What a publication leaves open is filled in here and said where it
is. The regressions need scikit-learn (the extra `baselines`), so the app does not run this: the scores are worked out
once and kept in ``data/baselines.json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from oce import catalog
from oce.catalog import Run
from oce.estimation import estimate_many
from oce.evaluation.cross_validation import Floats, Method, Predicted
from oce.evaluation.scoring import evaluate, generation, to_json
from oce.interval import BOUNDS
from oce.method.compute import FLOP_PER_TFLOP, SECONDS_PER_HOUR
from oce.method.conformal import CONFIDENCE_LEVELS

if TYPE_CHECKING:
    from sklearn.base import RegressorMixin


def device_hours_at(runs: Sequence[Run], utilisation: ArrayLike) -> Floats:
    """Device-hours of ``runs`` at one share of the dense peak, or a share each [h]: compute / (utilisation × peak).

    NaN where the compute is not known.
    """
    return _device_hours(runs, np.asarray(utilisation, dtype=np.float64) * _values(runs, "peak_tflops"))


@dataclass(frozen=True)
class ConstantUtilisation:
    """Every run at one utilisation: compute = devices × time × peak × utilisation.

    Method 2 of Sevilla et al. 2022 (Epoch AI, *Estimating training compute of deep learning models*), turned round to
    give the time; 30 % is their recommendation for large language models, 40 % that for other models.
    """

    utilisation: float

    fitted = False

    @property
    def name(self) -> str:
        """What it is called."""
        return f"Constant {100 * self.utilisation:g} %"

    @property
    def about(self) -> str:
        """What it does."""
        return f"Every run is taken to use {100 * self.utilisation:g} % of the dense peak of its device."

    def predict(self, _train: Sequence[Run], test: Sequence[Run]) -> Floats:
        """Device-hours of ``test`` [h]."""
        return device_hours_at(test, self.utilisation)


@dataclass(frozen=True)
class DeviceMedian:
    """Every run at the median utilisation of the other runs on its device (our own simplest calibration).

    Where no other run has the device, the median of its generation is taken; without that, the median of all.
    """

    name = "Device median"
    about = (
        "Every run is taken to use the median utilisation of the other runs on the same device, "
        "else of its generation, else of all."
    )
    fitted = True

    def predict(self, train: Sequence[Run], test: Sequence[Run]) -> Floats:
        """Device-hours of ``test`` [h]."""
        kinds: tuple[Callable[[Run], str], ...] = (lambda run: run.device, generation, lambda _: "")
        known: dict[tuple[int, str], list[float]] = {}
        for run in train:
            if run.utilisation is not None:
                for depth, kind in enumerate(kinds):
                    known.setdefault((depth, kind(run)), []).append(run.utilisation)
        medians = {key: float(np.median(values)) for key, values in known.items()}

        def utilisation(run: Run) -> float:
            keys = ((depth, kind(run)) for depth, kind in enumerate(kinds))
            return next((medians[key] for key in keys if key in medians), np.nan)

        return device_hours_at(test, [utilisation(run) for run in test])


@dataclass(frozen=True)
class PublishedAlpha:
    """OpenCarbonEval as published: Little's law with f(t) = ln(1 + αt) and α of Table 1 or the released data.

    Yu et al. 2024, arXiv:2405.12843, equation 4 and Table 1: the interval's ends are those of α, which are
    μ ± 0.6 σ of log10 α (45 % of a normal distribution, and no level is claimed: the same ends stand for every level
    here); the central value is the mean of the two. Computed by :func:`oce.estimation.estimate_many`. α was fitted by
    its authors on runs that partly are the ones scored here, so its scores are not those on unseen organisations.
    """

    name = "Published α"
    about = (
        "The paper's throughput curve ln(1 + αt), with the α that its authors give for the device; "
        "fitted by them on runs that are partly the same as these."
    )
    fitted = False

    def predict(self, train: Sequence[Run], test: Sequence[Run]) -> Floats:
        """Device-hours of ``test`` [h]; NaN where the device has no α."""
        return self.predict_intervals(train, test).central

    def predict_intervals(self, _train: Sequence[Run], test: Sequence[Run]) -> Predicted:
        """Device-hours of ``test`` [h] with the two ends of α at every level; NaN where the device has no α."""
        with_alpha = [i for i, run in enumerate(test) if run.training_flop and catalog.device(run.device).has_alpha]
        ends = {end: np.full(len(test), np.nan) for end in BOUNDS}
        columns = estimate_many(
            training_flop=[test[i].training_flop for i in with_alpha],
            device=[test[i].device for i in with_alpha],
            throughput=["published"] * len(with_alpha),
            power_w=[1.0] * len(with_alpha),  # time needs neither power nor grid, an estimate of carbon does
            carbon_intensity_g_per_kwh=[0.0] * len(with_alpha),
        )
        for end, hours in ends.items():
            hours[with_alpha] = columns[f"device_hours_{end}"]
        return Predicted(ends["central"], *(dict.fromkeys(CONFIDENCE_LEVELS, ends[end]) for end in ("low", "high")))


# Faiz et al. 2024, arXiv:2309.14393: the regression coefficients in the README of its repository
# (SotaroKaneda/MLCarbon, Apache-2.0), for a P² + b P + c in the parameters P; fitted to the TFLOP/s per A100 that
# Narayanan et al. 2021 (Megatron-LM, arXiv:2104.04473, Table 1) report. The rest is of its code (gpu_training.py).
LLMCARBON_TENSOR_TFLOPS = (-8.82079068e-20, 1.68591116e-09, 133.954735)  # the model fits in one node
LLMCARBON_PIPELINE_TFLOPS = (-5.60233749e-23, 8.45435587e-11, 134.546129)  # pipeline over nodes
LLMCARBON_PARAMETERS_PER_GB = 0.03e9  # what fits in a GB of a GPU's memory
LLMCARBON_V100_FACTOR = (1 - 7.76 / 33.46) * 125 / 312  # for every memory other than 80 GB
LLMCARBON_NODE_SIZE = 8  # as its authors run it


def llmcarbon_tflops(parameters: ArrayLike, memory_gb: ArrayLike) -> Floats:
    """LLMCarbon's throughput of one GPU in training (``predict_num_throughput`` with nodes of 8).

    A quadratic in the parameters (Faiz et al. 2024, the regression of its hardware efficiency model, from its
    repository): one for models that fit in a node at 0.03 billion parameters a GB, one for pipelines over nodes. A
    memory other than 80 GB is taken for a V100: 125/312 of the A100's peak, and 7.76/33.46 less of that.

    Args:
        parameters: Parameters of the dense model; of a mixture-of-experts those of its base model.
        memory_gb: Memory of the GPU [GB].

    Returns:
        Throughput [TFLOP/s]; NaN where an argument is NaN and where the quadratic has turned negative.
    """
    p, memory = np.asarray(parameters, dtype=np.float64), np.asarray(memory_gb, dtype=np.float64)
    one_node = p < LLMCARBON_NODE_SIZE * LLMCARBON_PARAMETERS_PER_GB * memory
    tflops = np.where(one_node, np.polyval(LLMCARBON_TENSOR_TFLOPS, p), np.polyval(LLMCARBON_PIPELINE_TFLOPS, p))
    tflops = np.where(memory == 80, tflops, tflops * LLMCARBON_V100_FACTOR)
    return np.where((tflops > 0) & ~np.isnan(memory), tflops, np.nan)


@dataclass(frozen=True)
class LLMCarbon:
    """LLMCarbon's prediction: compute / throughput of a GPU, the throughput a quadratic in the parameters.

    Faiz et al. 2024, arXiv:2309.14393: time = compute / (devices × throughput), see :func:`llmcarbon_tflops`. Assumed
    here: parameters per token stand for those of the base model of a mixture-of-experts; the compute is the run's own,
    as for every method (the paper takes 6 N D); any NVIDIA GPU, precision and kind of model is answered for, as its
    formulas do, though they were made for language models on the A100 and V100. Device counts below or above its
    optimum (its equation 6) are not in its code, and not here.
    """

    name = "LLMCarbon"
    about = (
        "Throughput of a GPU as a quadratic in the parameters, from LLMCarbon's fit to Megatron on the A100; "
        "only for NVIDIA devices."
    )
    fitted = False

    def predict(self, _train: Sequence[Run], test: Sequence[Run]) -> Floats:
        """Device-hours of ``test`` [h]; NaN for other makers' devices and where the parameters are not known."""
        return _device_hours(test, llmcarbon_tflops(_values(test, "size"), [_memory_gb(run) for run in test]))


@dataclass(frozen=True)
class StaticRegression:
    """A static throughput model: throughput of one device learnt by regression on fixed features of a run.

    The "static modeling" that Yu et al. 2024 (arXiv:2405.12843, section 3.1 and Table 2) compare with. They give
    neither features nor settings; here ln (mean TFLOP/s per device) is learnt from ln compute, ln parameters per token
    and ln peak, standardised, with scikit-learn's own settings unless ``about`` says otherwise. Predicting throughput
    is kinder to them than predicting device-hours.
    """

    name: str
    about: str
    make: Callable[[], RegressorMixin]

    fitted = True

    def predict(self, train: Sequence[Run], test: Sequence[Run]) -> Floats:
        """Device-hours of ``test`` [h]; NaN where the parameters are not known."""
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        features = _features(train)
        target = np.log(_values(train, "training_flop") / (_values(train, "device_hours") * SECONDS_PER_HOUR))
        known = np.isfinite(features).all(axis=1) & np.isfinite(target)
        asked = _features(test)
        answerable = np.isfinite(asked).all(axis=1)
        tflops = np.full(len(test), np.nan)
        if known.any() and answerable.any():
            model = make_pipeline(StandardScaler(), self.make())
            model.fit(features[known], target[known] - np.log(FLOP_PER_TFLOP))
            tflops[answerable] = np.exp(model.predict(asked[answerable]))
        return _device_hours(test, tflops)


def _polynomial() -> RegressorMixin:
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    return make_pipeline(PolynomialFeatures(2, include_bias=False), StandardScaler(), Ridge())


def _support_vectors() -> RegressorMixin:
    from sklearn.svm import SVR

    return SVR()


def _tree() -> RegressorMixin:
    from sklearn.tree import DecisionTreeRegressor

    return DecisionTreeRegressor(min_samples_leaf=5, random_state=0)


METHODS: tuple[Method, ...] = (
    ConstantUtilisation(0.30),
    ConstantUtilisation(0.40),
    DeviceMedian(),
    PublishedAlpha(),
    LLMCarbon(),
    StaticRegression(
        "Polynomial regression",
        "Throughput as a quadratic in the logarithms of compute, parameters and peak (ridge regression).",
        _polynomial,
    ),
    StaticRegression(
        "Support vector regression",
        "Throughput by support vector regression on the logarithms of compute, parameters and peak.",
        _support_vectors,
    ),
    StaticRegression(
        "Decision tree",
        "Throughput by a decision tree on compute, parameters and peak, with five runs or more in a leaf.",
        _tree,
    ),
)


def scores_json(methods: Iterable[Method], runs: Iterable[Run]) -> dict[str, Any]:
    """Predictions and scores of ``methods`` on ``runs``, as they are kept in ``data/baselines.json``.

    Returns:
        ``{"runs": how many, "methods": [...]}``, each method as :func:`oce.evaluation.scoring.to_json` writes it.
    """
    scored = [run for run in runs if run.scored]
    return {"runs": len(scored), "methods": [to_json(evaluate(method, scored)) for method in methods]}


def _device_hours(runs: Sequence[Run], tflops: Floats) -> Floats:
    """Device-hours [h] of ``runs`` at a throughput of ``tflops`` per device [TFLOP/s]."""
    return _values(runs, "training_flop") / (FLOP_PER_TFLOP * SECONDS_PER_HOUR * tflops)


def _features(runs: Sequence[Run]) -> Floats:
    """Logarithms of compute, parameters per token and peak: a row a run, NaN where unknown."""
    return np.log(np.column_stack([_values(runs, name) for name in ("training_flop", "size", "peak_tflops")]))


def _values(runs: Sequence[Run], name: str) -> Floats:
    """A number of each run; NaN where unknown."""
    return np.array([getattr(run, name) for run in runs], dtype=np.float64)  # None becomes NaN


def _memory_gb(run: Run) -> float:
    """Memory of the run's GPU [GB]; NaN for other makers' devices."""
    device = catalog.device(run.device)
    if device.vendor != "NVIDIA":
        return float("nan")
    return device.memory_gb
