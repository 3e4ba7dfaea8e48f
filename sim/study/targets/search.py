"""The grid of staffing and handle-time targets: simulate every cell, judge it, find the cheapest that will do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
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
from sim.study.scenario_results import ScenarioResult, simulate_all, tidy_result
from sim.study.sensitivity import SensitivityTable, sensitivity_table
from sim.study.targets.axes import (
    NATURAL,
    Cap,
    GridPlace,
    HandleTimeTarget,
    by_tightness,
    caps_of,
    check_recovery,
    pace_at,
    pace_share,
    scenario_at,
)
from sim.study.targets.handle_time import natural_time
from sim.study.targets.verdicts import Judged, cheapest, closest, fewer_resolved, judged

FACTORS = tuple(round(0.70 + 0.05 * k, 2) for k in range(9))
SHARES = (0.95, 0.90, 0.85, 0.80, 0.75, 0.70)
OLD_TARGETS = "the old targets"
HEADLINES = [
    "resolution_rate",
    "workload_hours",
    "workload_per_resolution_s",
    "cost_per_resolution",
    "abandonment_rate",
]
HEADLINES += ["occupancy", "strained_share", "fte"]


@dataclass(frozen=True, repr=False)
class TargetsResult(Displayed):
    """Staffing against handle-time targets.

    Attributes
    ----------
    scenario, before : what was asked about, and what it is set beside, or None.
    goals : the targets that a cell must meet, by measure.
    places, cells : every cell, and where it is; staffing by staffing, from no target to the tightest.
    judged : for each cell, how it stands to every target.
    best : index of the cheapest cell that meets all targets, or None.
    answer : index of the cheapest of them that resolves no clearly smaller share of needs than `before`, or None.
    nearest : index of the cell that comes closest to meeting them, whether or not one does.
    natural, earlier : the cell of the file's own staffing without a target, and `before`.
    old : the handle-time target that held before, or None where nobody set one.
    old_cap : the most chats at once that held before, or None where no caps were asked about.
    assumptions : what rests on uncertain parameters, at the cell of `told`; None where it was not asked for.
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
    old_cap: Cap | None = None
    answer: int | None = None

    def _line(self) -> str:
        good = sum(each.all_met for each in self.judged)
        return (
            f"{self.scenario.name!r}: {good} of {counted(len(self.cells), 'cell')} meet all targets, {how_made(self)}"
        )

    @property
    def table(self) -> pd.DataFrame:
        """Tidy: staffing, target, recovery_s, concurrency where it was asked about, measure, mean, ci_low, ci_high."""
        parts = [
            tidy_result(result).assign(**place.labels) for place, result in zip(self.places, self.cells, strict=True)
        ]
        whole = pd.concat(parts, ignore_index=True)
        return whole[[*self.places[0].labels, "measure", "mean", "ci_low", "ci_high"]]

    @property
    def verdicts(self) -> pd.DataFrame:
        """Tidy: staffing, target, recovery_s, measure, goal, mean, verdict, chance_of_missing."""
        rows = [
            {**place.labels, "measure": m, "goal": self.goals[m].share, "mean": result.mean(m)}
            | {"verdict": standing.verdicts[m], "chance_of_missing": standing.chances[m]}
            for place, result, standing in zip(self.places, self.cells, self.judged, strict=True)
            for m in self.goals
        ]
        return pd.DataFrame(rows)

    def at(
        self, level: Level, pace: HandleTimeTarget, recovery: float | None, cap: Cap | None = None
    ) -> ScenarioResult | None:
        """The cell of a place, if it was simulated."""
        sought = GridPlace(level, pace, recovery, cap)
        return next((result for place, result in zip(self.places, self.cells, strict=True) if place == sought), None)

    @property
    def cheapest_by_cap(self) -> dict[int, int | None]:
        """For every cap the index of the cheapest cell that meets all targets; None where none does."""
        found: dict[int, int | None] = {}
        for most in dict.fromkeys(place.cap.most for place in self.places if place.cap is not None):
            mine = [k for k, place in enumerate(self.places) if place.cap is not None and place.cap.most == most]
            best = cheapest([self.cells[k] for k in mine], [self.judged[k] for k in mine])
            found[most] = None if best is None else mine[best]
        return found

    @property
    def told(self) -> int:
        """The cell that the words are about: the answer, else the one that comes nearest."""
        return self.nearest if self.answer is None else self.answer

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
    shares: Sequence[float] | None = None,
    recovery: Sequence[float] = (),
    concurrency: Sequence[int] = (),
    chat_groups: Sequence[str] = (),
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    how_sure: bool = True,
    progress: Progress | None = None,
    meanwhile: Callable[[TargetsResult], object] | None = None,
) -> TargetsResult:
    """Set staffing levels against handle-time targets, on common customers.

    Parameters
    ----------
    scenario : the centre once the harder mix has arrived; it sets the targets to meet (`targets`).
    before : the centre as it was; its handle time is the old target where `scenario` has none.
    staffing : levels (`sim.study.levels`); by default 70 % to 110 % of the file's own in steps of 5 %.
    paces, shares : handle-time targets in seconds, or as shares of the natural handle time; by default 95 % to 70 % of
        it, and no further ones where `concurrency` is asked about. No target, and the old one, are always there.
    recovery : pauses after hard contacts (s) as a third axis.
    concurrency : most chats in hand as a further axis; the old cap is always there.
    chat_groups : the groups that it moves; by default all that take chats.
    seed, replications, jobs, engine, progress : as in `run`; `run.precision` is not used.
    how_sure : whether to set uncertain parameters to the bounds of their ranges.
    meanwhile : called in a thread of its own with all that is known, `assumptions` apart, while those are looked at.

    Raises
    ------
    CcsimError
        Where the scenario sets no target, has no fatigue to recover from, or no chats to have several of in hand.
    """
    goals = targets_required(scenario)
    if recovery:
        check_recovery(scenario)
    caps = caps_of(scenario, before, concurrency, chat_groups) if concurrency else []
    options = RunOptions(scenario.run.seed if seed is None else seed, engine, jobs)
    count = replications or scenario.run.replications
    natural, earlier = _first_results(scenario, before, options, count, progress)
    old = _old_target(scenario, earlier)
    if shares is None:
        shares = () if caps else SHARES
    places = _grid(scenario, staffing, _paces(scenario, natural, paces, shares, old), recovery, caps)
    scenarios = (scenario_at(scenario, place) for place in places)
    cells = tuple(simulate_all(scenarios, options, count, count=len(places), slices=("intent",), progress=progress))
    standings, best, nearest = _judge(cells, goals)
    chosen = _answer(cells, standings, best, earlier)
    question = (scenario, before, options.seed, count, goals)
    found = (places, cells, standings, best, nearest)
    old_cap = next((cap for cap in caps if cap.old), None)
    result = TargetsResult(*question, *found, natural, earlier, old, None, old_cap, chosen)
    return _with_assumptions(result, options, progress, meanwhile) if how_sure else result


def _with_assumptions(
    result: TargetsResult,
    options: RunOptions,
    progress: Progress | None,
    meanwhile: Callable[[TargetsResult], object] | None,
) -> TargetsResult:
    """See what the answer rests on; `meanwhile` is called beside that, and waited for."""
    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(meanwhile, result) if meanwhile else None
        found = _sensitivities(result.cells[result.told], result.goals, options, progress)
        if doing:
            doing.result()
    return replace(result, assumptions=found)


def _grid(
    scenario: Scenario,
    staffing: Sequence[Level] | None,
    columns: Sequence[HandleTimeTarget],
    recovery: Sequence[float],
    caps: Sequence[Cap],
) -> tuple[GridPlace, ...]:
    """Every place of the grid, by staffing, handle-time target, pause and cap."""
    levels = list(staffing) if staffing is not None else [by_factor(scenario, factor) for factor in FACTORS]
    pauses: Sequence[float | None] = recovery or (None,)
    layers: Sequence[Cap | None] = caps or (None,)
    return tuple(GridPlace(*place) for place in product(_sorted(levels), columns, dict.fromkeys(pauses), layers))


def _judge(
    cells: Sequence[ScenarioResult], goals: Mapping[str, MeasureTarget]
) -> tuple[tuple[Judged, ...], int | None, int]:
    """How every cell stands to the targets, the cheapest that meets them, and the one to look at in any case."""
    standings = tuple(judged(result, goals) for result in cells)
    best = cheapest(cells, standings)
    return standings, best, closest(cells, standings, goals) if best is None else best


def _answer(
    cells: Sequence[ScenarioResult], standings: Sequence[Judged], best: int | None, earlier: ScenarioResult | None
) -> int | None:
    """The cheapest cell that meets all targets and resolves no clearly smaller share of needs than before."""
    if earlier is None or best is None or fewer_resolved(cells[best], earlier) is None:
        return best
    kept = [k for k, each in enumerate(standings) if each.all_met and fewer_resolved(cells[k], earlier) is None]
    place = cheapest([cells[k] for k in kept], [standings[k] for k in kept])
    return None if place is None else kept[place]


def _sensitivities(
    result: ScenarioResult, goals: Mapping[str, MeasureTarget], options: RunOptions, progress: Progress | None
) -> SensitivityTable:
    """What rests on uncertain parameters in a cell, by what they do to the target with least to spare."""
    measures = list(dict.fromkeys([*goals, *(m for m in HEADLINES if m in result.estimates)]))
    tightest = min(
        goals, key=lambda m: np.nan_to_num(goals[m].slack(result.mean(m)) / goals[m].largest_slack, nan=np.inf)
    )
    return sensitivity_table(result.scenario, tightest, measures, options, result.replications, progress=progress)


def _first_results(
    scenario: Scenario, before: Scenario | None, options: RunOptions, count: int, progress: Progress | None
) -> tuple[ScenarioResult, ScenarioResult | None]:
    """The file's own staffing without a target, and the centre as it was."""
    unhurried = scenario_at(scenario, GridPlace(by_factor(scenario, 1.0), NATURAL, None))
    first, *rest = simulate_all(
        [unhurried, *([before] if before else [])], options, count, slices=("intent",), progress=progress
    )
    for result in (first, *rest):
        if np.isnan(result.mean("natural_aht_s")):
            words = "agents answer nobody, so that there is no handle time to set a target against"
            raise CcsimError(f"{result.scenario.name}: {words}. Give it contacts, and agents who know their skill")
    return first, (rest[0] if rest else None)


def _old_target(scenario: Scenario, earlier: ScenarioResult | None) -> HandleTimeTarget | None:
    """The target that the file keeps; else that of the centre as it was; else the handle time that it had."""
    for source in (scenario, earlier.scenario if earlier else None):
        if source is not None and source.pace is not None:
            target = source.pace.target
            if isinstance(target, float):
                return pace_at(target, old=True)
            return HandleTimeTarget(OLD_TARGETS, target, old=True)
    return pace_at(round(float(natural_time(earlier).mean[0])), old=True) if earlier else None


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
