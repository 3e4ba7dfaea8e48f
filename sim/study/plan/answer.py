"""What `ccsim plan` answers: the file's plan, others beside it on the same luck, and the best there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.display import Displayed, counted, how_made
from sim.scenario.model import Scenario
from sim.study.plan.result import PlansResult, YearResult

Floats = npt.NDArray[np.float64]
HALF = 0.5


@dataclass(frozen=True, repr=False)
class PlanAnswer(Displayed):
    """What plans of heads do to the months ahead.

    Attributes
    ----------
    scenario : with its `horizon`.
    plans : what each plan does; the file's own first.
    best : the plan at least cost, by name among `plans`; empty where it was not asked for.
    needed : (groups, months) heads on the queue, as good as today's, that meet the targets; None where unknown.
    """

    scenario: Scenario
    plans: PlansResult
    best: str = ""
    needed: Floats | None = None

    @property
    def replications(self) -> int:
        """Years simulated of each plan."""
        return self.plans.replications

    @property
    def seed(self) -> int:
        """Of all luck."""
        return self.plans.seed

    @property
    def file(self) -> YearResult:
        """The plan that the file writes down."""
        return self.plans.plans[0]

    @property
    def lead(self) -> YearResult:
        """The plan that is advised: that at least cost, else the file's own."""
        return self.plans[self.best] if self.best else self.file

    @property
    def others(self) -> Sequence[YearResult]:
        """The plans beside the file's own."""
        return self.plans.plans[1:]

    @property
    def holds(self) -> bool:
        """Whether with the plan advised a typical week of every month is likelier to meet all targets than not."""
        met = list(self.lead.week.met.values())
        return not met or bool((np.nanmean(np.min(met, axis=0), axis=0) >= HALF).all())

    def _line(self) -> str:
        return f"{self.scenario.name!r}: {counted(len(self.plans.plans), 'plan')}, {how_made(self)}"
