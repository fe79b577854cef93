"""The parameters and tokens that a scenario's compute is of, or would be of where it is given directly."""

from dataclasses import dataclass

from oce.estimation import Estimate
from oce.method import compute
from oce.method.calibration_file import committed


@dataclass(frozen=True, slots=True)
class EquivalentSize:
    """What 6 × N × D is of: parameters that a token passes through, and tokens."""

    parameters: float  # N
    tokens: float  # D
    is_equivalent: bool  # the compute is given directly, so that these are what would make that much
    is_usual: bool  # nothing is known of the parameters: they are those usual for the compute among the reported runs

    def training_flop(self, parameters_times: float = 1.0, tokens_times: float = 1.0) -> float:
        """The compute [FLOP] with so many times the parameters and the tokens."""
        return float(compute.training_flop(self.parameters * parameters_times, self.tokens * tokens_times))


def equivalent_size(result: Estimate) -> EquivalentSize:
    """The N and D of a scenario."""
    run = result.scenario
    known = run.active_parameters or run.parameters
    if run.amount == "tokens" and run.size is not None and run.context_length is None:
        assert run.tokens is not None
        return EquivalentSize(run.size, run.tokens, is_equivalent=False, is_usual=False)
    flop = result.training_flop.central
    parameters = known or float(committed().fit.usual_size(flop))
    tokens = flop / float(compute.training_flop(parameters, 1.0))
    return EquivalentSize(parameters, tokens, is_equivalent=True, is_usual=known is None)
