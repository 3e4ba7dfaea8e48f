"""Every scenario between today and tomorrow, each simulated once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sim.scenario.model import Scenario
from sim.study.bridge.attribution import margins_of, plain, with_causes
from sim.study.bridge.endpoints import Endpoints
from sim.study.bridge.shapley import Coalition, Weights
from sim.study.replicate import Progress, RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all

NONE: Coalition = frozenset()


@dataclass(frozen=True)
class Steps:
    """What is measured on the way; equal scenarios share one cell.

    Attributes
    ----------
    before : today, as it is.
    today, tomorrow : today at tomorrow's staffing, and tomorrow, by the groups of causes that are on.
    grown : today at tomorrow's staffing and volume, with no cause on.
    whole : all groups.
    """

    before: ScenarioResult
    today: Mapping[Coalition, ScenarioResult]
    grown: ScenarioResult
    tomorrow: Mapping[Coalition, ScenarioResult]
    whole: Coalition

    @property
    def moved(self) -> ScenarioResult:
        """Today at tomorrow's staffing, with all its causes."""
        return self.today[self.whole]

    @property
    def after(self) -> ScenarioResult:
        """Tomorrow, as it will be."""
        return self.tomorrow[self.whole]


def played(
    sides: Endpoints,
    groups: Mapping[str, Sequence[str]],
    weights: Mapping[str, Weights],
    orders: RunOptions,
    replications: int,
    progress: Progress | None = None,
) -> Steps:
    """Simulate all that the bars need, over the same replications and the same days.

    Parameters
    ----------
    sides : today and tomorrow.
    groups : the causes of every group.
    weights : by group, the coalitions of groups that its bar is made of.
    orders, replications, progress : as in `sim.study.scenario_results.play`.
    """
    margins = margins_of(sides.before, sides.after)
    coalitions = {on for weight in weights.values() for on, w in weight.items() if w}

    def of(scenario: Scenario, on: Coalition) -> Scenario:
        causes = chain.from_iterable(groups[group] for group in on)
        return plain(with_causes(scenario, causes), margins)

    def by_coalition(scenario: Scenario) -> dict[Coalition, Scenario]:
        return {on: of(scenario, on) for on in sorted(coalitions, key=lambda on: (len(on), sorted(on)))}

    whole = frozenset(groups)
    today, tomorrow = by_coalition(sides.moved), by_coalition(sides.after)
    before, grown = of(sides.before, whole), of(sides.grown, NONE)
    cells = _cells([before, *today.values(), grown, *tomorrow.values()], orders, replications, progress)
    return Steps(
        before=cells[before.digest],
        today={on: cells[scenario.digest] for on, scenario in today.items()},
        grown=cells[grown.digest],
        tomorrow={on: cells[scenario.digest] for on, scenario in tomorrow.items()},
        whole=whole,
    )


def _cells(
    scenarios: Sequence[Scenario], orders: RunOptions, replications: int, progress: Progress | None
) -> dict[str, ScenarioResult]:
    """The cells of scenarios by digest; equal ones are simulated once."""
    distinct = {scenario.digest: scenario for scenario in scenarios}
    found = simulate_all(list(distinct.values()), orders, replications, slices=("group",), progress=progress)
    return dict(zip(distinct, found, strict=True))
