"""The chance that one plan holds, as other verbs quote it: a risk study of a single plan."""

from __future__ import annotations

from sim.engine import COMPILED
from sim.scenario.model import Scenario
from sim.study.replicate import Progress
from sim.study.risk.draws import Refit
from sim.study.risk.result import RiskResult
from sim.study.risk.study import PERIOD_S, carried_out, set_up_plan

QUOTED_DRAWS = 100


def plan_chance(
    scenario: Scenario,
    plan: Scenario,
    name: str,
    *,
    draws: int = QUOTED_DRAWS,
    seed: int | None = None,
    engine: str = COMPILED,
    jobs: int | None = None,
    refit: Refit | None = None,
    progress: Progress | None = None,
) -> RiskResult:
    """Return a risk study of one plan over four weeks.

    Parameters
    ----------
    scenario : the file; its targets judge, its beliefs are drawn, and its observed figures are solved again.
    plan : the same with other staffing, handle-time target or other keys.
    name : as a planner calls the plan.
    draws : of the beliefs, at least 20.
    seed, engine, jobs, progress : as in `risk`.
    refit : as in `risk`.

    Raises
    ------
    CcsimError
        As `risk`.
    """
    setup = set_up_plan(scenario, plan, name, draws=draws, period=PERIOD_S, seed=seed)
    return carried_out(setup, engine=engine, jobs=jobs, refit=refit, progress=progress)
