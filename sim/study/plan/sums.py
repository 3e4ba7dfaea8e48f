"""What a year comes to, as sums by month: people, money, and the weeks played; plain data and back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.facts.headcount import MONTHS_A_YEAR, ahead_of
from sim.facts.money import WEEK_S
from sim.scenario.goals import Costs
from sim.scenario.model import Scenario
from sim.schema.values import DAY_S
from sim.study.plan.heads import StartingHeads
from sim.study.plan.result import (
    HIRING,
    LICENCE,
    NOTICE,
    OVERTIME,
    PAY,
    RESOLUTIONS,
    SESSIONS,
    SEVERANCE,
    SUPERVISORS,
    TRAINING,
)
from sim.study.plan.roll import Moved, Roll
from sim.study.plan.week import WeekSums

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Pair = tuple[Floats, Floats]


# People ---------------------------------------------------------------------------


def people_of(roll: Roll, month: int, done: Moved) -> dict[str, Pair]:
    """Measures of people in a month before anybody leaves, top and bottom, (groups + 1,) each."""
    here = roll.available(month)
    available, in_training = roll.counts(here), roll.in_training(month)
    traits, group = roll.traits(here, month), roll.people["group"][here]
    found = {
        "heads": _counted(available + in_training),
        "in_training": _counted(in_training),
        "available": _counted(available),
        "hired": _counted(done.hired),
        "graduated": _counted(done.graduated),
        "dropped": _counted(done.dropped),
        "moved": _counted(done.moved),
        "let_go": _counted(done.let_go),
    }
    each = {
        "tenure_days": np.maximum(traits["tenure_s"], 0.0) / DAY_S,
        "learning_factor": traits["tenure"],
        "mean_speed": 1.0 / traits["tenure"],
    }
    size = len(available)
    return found | {
        name: (_with_all(np.bincount(group, values, minlength=size)), _with_all(available.astype(np.float64)))
        for name, values in each.items()
    }


def leavers_of(before: Ints, left: Ints, expected: Floats) -> dict[str, Pair]:
    """Who left, how many were expected to, and the mean of those who might: (groups,) each in, top and bottom out."""
    mean = before - left / 2.0
    return {"left": _counted(left), "leaving": _counted(expected), "mean_heads": _counted(mean)}


def _counted(values: Any) -> Pair:
    top = _with_all(np.asarray(values, np.float64))
    return top, np.ones_like(top)


def _with_all(values: Any) -> Floats:
    return np.append(values, np.sum(values)).astype(np.float64)


# Money ----------------------------------------------------------------------------


def cash_of(scenario: Scenario, heads: StartingHeads, people: Mapping[str, Pair], weeks: Sequence[WeekSums]) -> Any:
    """Cash of a month by line, pay of the roster alone and overtime in full; none without costs."""
    costs = scenario.costs
    if costs is None:
        return {}
    in_class = people["in_training"][0][:-1]
    head_month = _pay(scenario, heads, costs)
    many = costs.weeks_a_year / MONTHS_A_YEAR / scenario.calendar.weeks()

    def weekly(measure: str) -> float:
        return math.fsum(week.own.get(measure, 0.0) for week in weeks) / len(weeks) * many

    hire = ahead_of(scenario).hiring.cost
    gone = people["let_go"][0][:-1]
    return {
        PAY: float(head_month @ people["available"][0][:-1]),
        OVERTIME: costs.agent_hour * costs.overtime_multiplier * weekly("overtime_hours"),
        TRAINING: float(head_month @ in_class),
        HIRING: (costs.hire if hire is None else hire) * float(people["hired"][0][-1]),
        SEVERANCE: costs.severance * float(gone.sum()),
        NOTICE: float(head_month @ gone) * MONTHS_A_YEAR / costs.weeks_a_year * costs.notice / WEEK_S,
        SUPERVISORS: _supervisors(scenario, float(people["heads"][0][-1])),
        SESSIONS: costs.bot_session * weekly("bot_offered"),
        RESOLUTIONS: costs.bot_resolution * weekly("bot_contained"),
        LICENCE: costs.bot_month if scenario.bot is not None else 0.0,
    }


def _pay(scenario: Scenario, heads: StartingHeads, costs: Costs) -> Floats:
    """(groups,) a head a month: the file's paid hours, shared among the heads behind them."""
    return costs.agent_hour * heads.paid_h / heads.behind * costs.weeks_a_year / MONTHS_A_YEAR


def _supervisors(scenario: Scenario, heads: float) -> float:
    asked = ahead_of(scenario).supervisors
    return 0.0 if asked is None else math.ceil(heads / asked.agents_each - 1e-9) * asked.cost_month


# Months together ------------------------------------------------------------------


def weeks_together(weeks: Sequence[WeekSums]) -> dict[str, Pair]:
    """The sums of a month's weeks."""
    names = weeks[0].tops
    return {
        name: (sum(w.tops[name] for w in weeks), sum(w.bottoms[name] for w in weeks))  # type: ignore[misc]
        for name in names
    }
