"""The grid of staffing and handle-time targets: simulate every cell, judge it, find the cheapest that will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from sim.arguments import checked
from sim.display import Displayed, counted, how_made
from sim.engine import COMPILED
from sim.errors import CcsimError
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, targets_required
from sim.study.levels import Level, by_factor
from sim.study.replicate import Progress, RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all, tidy_cell
from sim.study.sensitivity import SensitivityTable, assumptions
from sim.study.targets.axes import (
    NATURAL,
    GridPlace,
    HandleTimeTarget,
    by_tightness,
    check_recovery,
    pace_at,
    pace_share,
    scenario_at,
)
from sim.study.targets.verdicts import Judged, cheapest, closest, judged

FACTORS = tuple(round(0.70 + 0.05 * k, 2) for k in range(9))
SHARES = (0.95, 0.90, 0.85, 0.80, 0.75, 0.70)
HEADLINES = (
    "resolution_rate",
    "workload_hours",
    "workload_per_resolution_s",
    "cost_per_resolution",
    "abandonment_rate",
    "occupancy",
    "strained_share",
    "fte",
)


@dataclass(frozen=True, repr=False)
class TargetsResult(Displayed):
    """Staffing against handle-time targets.

    Attributes
    ----------
    scenario, before : what was asked about, and what it is set beside, or None.
    goals : the bounds that a cell must meet, by measure.
    places, cells : every cell, and where it is; staffing by staffing, from no target to the tightest.
    judged : for each cell, how it stands to every goal.
    best : index of the cheapest cell that meets all goals, or None.
    nearest : index of the cell that comes closest to meeting them, whether or not one does.
    natural, earlier : the cell of the file's own staffing without a target, and `before`.
    old : the handle-time target that held before, or None where nobody set one.
    assumptions : what rests on weak or assumed numbers, at the cell of `nearest`; None where it was not asked for.
    """

    scenario: Scenario
    before: Scenario | None
    seed: int
    replications: int
    goals: dict[str, MeasureTarget]
    places: tuple[GridPlace, ...]
    cells: tuple[ScenarioResult, ...]
    judged: tuple[Judged, ...]
    best: int | None
    nearest: int
    natural: ScenarioResult
    earlier: ScenarioResult | None
    old: HandleTimeTarget | None
    assumptions: SensitivityTable | None

    def _line(self) -> str:
        good = sum(each.all_met for each in self.judged)
        return (
            f"{self.scenario.name!r}: {good} of {counted(len(self.cells), 'cell')} meet all targets, {how_made(self)}"
        )

    @property
    def table(self) -> pd.DataFrame:
        """Tidy: staffing, target, recovery_s, measure, mean, ci_low, ci_high."""
        parts = [tidy_cell(c).assign(**p.labels) for p, c in zip(self.places, self.cells, strict=True)]
        whole = pd.concat(parts, ignore_index=True)
        return whole[["staffing", "target", "recovery_s", "measure", "mean", "ci_low", "ci_high"]]

    @property
    def verdicts(self) -> pd.DataFrame:
        """Tidy: staffing, target, recovery_s, measure, goal, mean, verdict, chance_of_missing."""
        rows = [
            {**place.labels, "measure": m, "goal": self.goals[m].share, "mean": cell.mean(m)}
            | {"verdict": found.verdicts[m], "chance_of_missing": found.chances[m]}
            for place, cell, found in zip(self.places, self.cells, self.judged, strict=True)
            for m in self.goals
        ]
        return pd.DataFrame(rows)

    def at(self, level: Level, pace: HandleTimeTarget, recovery: float | None) -> ScenarioResult | None:
        """The cell of a place, if it was simulated."""
        wanted = GridPlace(level, pace, recovery)
        return next((cell for place, cell in zip(self.places, self.cells, strict=True) if place == wanted), None)

    @property
    def own_level(self) -> Level:
        """The staffing of the grid that is nearest to the file's own."""
        return min((place.level for place in self.places), key=lambda level: abs(level.factor - 1.0))


@checked
def targets(
    scenario: Scenario,
    before: Scenario | None = None,
    *,
    staffing: Sequence[Level] | None = None,
    paces: Sequence[float] | None = None,
    shares: Sequence[float] = SHARES,
    recovery: Sequence[float] = (),
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    how_sure: bool = True,
    progress: Progress | None = None,
) -> TargetsResult:
    """Set staffing levels against handle-time targets, on common customers.

    Parameters
    ----------
    scenario : the centre once the harder mix has arrived; it sets the goals (`targets`).
    before : the centre as it was; its handle time is the old target where `scenario` has none.
    staffing : levels (`sim.study.levels`); by default 70 % to 110 % of the file's own in steps of 5 %.
    paces : handle-time targets in seconds; by default `shares` of the natural AHT. No target, and the old one, are
        always there.
    recovery : pauses after hard contacts (s) as a third axis.
    seed, replications, jobs, engine, progress : as in `run`; `run.precision` is not used.
    how_sure : whether to set weak and assumed numbers to the ends of their ranges.

    Raises
    ------
    CcsimError
        Where the scenario sets no goal, or has no fatigue to recover from.
    """
    goals = targets_required(scenario)
    if recovery:
        check_recovery(scenario)
    orders = RunOptions(scenario.run.seed if seed is None else seed, engine, jobs)
    count = replications or scenario.run.replications
    natural, earlier = _first_cells(scenario, before, orders, count, progress)
    old = _old_target(scenario, earlier)
    levels = list(staffing) if staffing is not None else [by_factor(scenario, factor) for factor in FACTORS]
    columns = _paces(scenario, natural, paces, shares, old)
    places = tuple(GridPlace(*place) for place in product(_sorted(levels), columns, dict.fromkeys(recovery or (None,))))
    cells = tuple(simulate_all([scenario_at(scenario, place) for place in places], orders, count, progress=progress))
    found, best, nearest = _judge(cells, goals)
    sure = _sureness(cells[nearest], goals, orders, progress) if how_sure else None
    asked = (scenario, before, orders.seed, count, goals)
    return TargetsResult(*asked, places, cells, found, best, nearest, natural, earlier, old, sure)


def _judge(
    cells: Sequence[ScenarioResult], goals: Mapping[str, MeasureTarget]
) -> tuple[tuple[Judged, ...], int | None, int]:
    """How every cell stands to the goals, the cheapest that meets them, and the one to look at in any case."""
    found = tuple(judged(cell, goals) for cell in cells)
    best = cheapest(cells, found)
    return found, best, closest(cells, found, goals) if best is None else best


def _sureness(
    cell: ScenarioResult, goals: Mapping[str, MeasureTarget], orders: RunOptions, progress: Progress | None
) -> SensitivityTable:
    """What rests on weak and assumed numbers in a cell, by what they do to the goal with least to spare."""
    measures = list(dict.fromkeys([*goals, *(m for m in HEADLINES if m in cell.estimates)]))
    tightest = min(goals, key=lambda m: np.nan_to_num(goals[m].slack(cell.mean(m)) / goals[m].room, nan=np.inf))
    return assumptions(cell.scenario, tightest, measures, orders, cell.replications, progress=progress)


def _first_cells(
    scenario: Scenario, before: Scenario | None, orders: RunOptions, count: int, progress: Progress | None
) -> tuple[ScenarioResult, ScenarioResult | None]:
    """The file's own staffing without a target, and the centre as it was."""
    unhurried = scenario_at(scenario, GridPlace(by_factor(scenario, 1.0), NATURAL, None))
    first, *rest = simulate_all(
        [unhurried, *([before] if before else [])], orders, count, slices=("intent",), progress=progress
    )
    for cell in (first, *rest):
        if np.isnan(cell.mean("natural_aht_s")):
            words = "agents answer nobody, so that there is no handle time to set a target against"
            raise CcsimError(f"{cell.scenario.name}: {words}. Give it contacts, and agents who know their skill")
    return first, (rest[0] if rest else None)


def _old_target(scenario: Scenario, earlier: ScenarioResult | None) -> HandleTimeTarget | None:
    """The target that the file keeps; else that of the centre as it was; else the handle time that it had."""
    for source in (scenario, earlier.scenario if earlier else None):
        if source is not None and source.pace is not None:
            target = source.pace.target
            return (
                pace_at(target, old=True)
                if isinstance(target, float)
                else HandleTimeTarget("the old targets", target, True)
            )
    return pace_at(round(earlier.mean("natural_aht_s")), old=True) if earlier else None


def _paces(
    scenario: Scenario,
    natural: ScenarioResult,
    paces: Sequence[float] | None,
    shares: Sequence[float],
    old: HandleTimeTarget | None,
) -> list[HandleTimeTarget]:
    by_intent = scenario.pace is not None and isinstance(scenario.pace.target, dict)
    if paces is not None:
        chosen = [pace_at(seconds) for seconds in paces]
    else:
        chosen = [pace_share(share, natural, by_intent) for share in shares]
    return by_tightness([NATURAL, *chosen, *([old] if old else [])])


def _sorted(levels: Sequence[Level]) -> list[Level]:
    """From few to many, each once."""
    return sorted({level.name: level for level in levels}.values(), key=lambda level: level.factor)
