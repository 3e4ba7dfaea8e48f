"""Studies: replications of one scenario, and several scenarios on the same customers."""

from sim.study.compare import Comparison, compare
from sim.study.run import RunResult, run

__all__ = ["Comparison", "RunResult", "compare", "run"]
