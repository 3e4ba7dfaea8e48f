"""The typical week of a month: the file's own week moved on, with the month's demand, bot, staff and backlog."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.facts.bot_probabilities import most_containment
from sim.facts.headcount import MONTH_S, MONTHS_A_YEAR, LeavingLaw, ahead_of, leaving_law
from sim.facts.scaled_arrivals import arrival_settings
from sim.loading.load import changed
from sim.mechanisms.deferred import OpeningBacklog
from sim.rng.philox import name_hash
from sim.rng.purposes import Purpose
from sim.rng.scores import score_draw
from sim.scenario.model import Arrivals, Bot, Group, IntentBot, Scenario
from sim.scenario.planning import PlanningHorizon
from sim.scenario.scaling import shared_out
from sim.schema.calendar import WEEKDAYS
from sim.study.plan.result import YearPlan

WEEKS_A_YEAR = 52.0
WEEKS_A_MONTH = WEEKS_A_YEAR / MONTHS_A_YEAR
_BOT = name_hash("bot")


@dataclass(frozen=True)
class MonthWeeks:
    """What is simulated of a month, before staff, drift and backlog.

    Attributes
    ----------
    typical : one scenario a week, on days of their own.
    peak : the first of them with the demand of a peak week; None where none is asked for.
    ramp : the share of the bot's containment in force.
    law : who leaves at its end.
    on_queue : what a plan's changes make of the share of paid hours that is on the queue, by group: less where planned
        shrinkage rises.
    """

    typical: tuple[Scenario, ...]
    peak: Scenario | None
    ramp: float
    law: LeavingLaw
    on_queue: tuple[float, ...]


def month_labels(scenario: Scenario) -> tuple[str, ...]:
    """The months, such as 2027-01."""
    ahead, day = ahead_of(scenario), scenario.calendar.start
    year, month = (int(part) for part in ahead.start.split("-")) if ahead.start else (day.year, day.month)
    places = [year * MONTHS_A_YEAR + month - 1 + k for k in range(ahead.months)]
    return tuple(f"{place // MONTHS_A_YEAR}-{place % MONTHS_A_YEAR + 1:02d}" for place in places)


def month_weeks(scenario: Scenario, plan: YearPlan) -> list[MonthWeeks]:
    """Return the weeks of every month of a plan.

    Raises
    ------
    ScenarioError
        Where a plan's changes contradict the file.
    """
    weeks = []
    for month, label in enumerate(month_labels(scenario), start=1):
        settings = {key: v for c in plan.changes if c.month <= month for key, v in c.settings.items()}
        base = _aged(changed(scenario, settings) if settings else scenario, month)
        ahead, demand = ahead_of(base), _demand(base, month, label)
        many = ahead_of(scenario).weeks_a_month
        typical = tuple(shifted(_grown(base, demand), weeks_between(scenario, month, k)) for k in range(many))
        peak = None
        if ahead.peak is not None:
            factors = {name: factor * ahead.peak for name, factor in demand.items()}
            peak = shifted(_grown(base, factors), weeks_between(scenario, month, 0))
        weeks.append(MonthWeeks(typical, peak, _ramp(ahead, month), leaving_law(base), _on_queue(scenario, base)))
    return weeks


def weeks_between(scenario: Scenario, month: int, week: int) -> int:
    """Whole weeks from the file's days to those of a month's week, so that no two of them share a day."""
    length, many = math.ceil(scenario.calendar.days / len(WEEKDAYS)), ahead_of(scenario).weeks_a_month
    return round((month - 1) * max(WEEKS_A_MONTH, float(length * many))) + week * length


def _on_queue(scenario: Scenario, base: Scenario) -> tuple[float, ...]:
    pairs = zip(scenario.agents.values(), base.agents.values(), strict=True)
    return tuple((1.0 - new.shrinkage) / (1.0 - old.shrinkage) if old.shrinkage < 1.0 else 1.0 for old, new in pairs)


def _ramp(ahead: PlanningHorizon, month: int) -> float:
    return 1.0 if ahead.bot is None else ahead.bot.ramp[min(month, len(ahead.bot.ramp)) - 1]


def _demand(scenario: Scenario, month: int, label: str) -> dict[str, float]:
    """The factor of every intent's first contacts against the file."""
    ahead = ahead_of(scenario)
    season = ahead.seasonality[int(label[-2:]) - 1] if ahead.seasonality else 1.0
    growth = {name: ahead.growth.factor(month, name) if ahead.growth else 1.0 for name in scenario.intents}
    return {name: season * factor for name, factor in growth.items()}


def _grown(scenario: Scenario, factors: Mapping[str, float]) -> Scenario:
    if all(factor == 1.0 for factor in factors.values()):
        return scenario
    by_weekday = {name: np.full(len(WEEKDAYS), factor) for name, factor in factors.items()}
    return changed(scenario, arrival_settings(scenario, by_weekday))


def _aged(scenario: Scenario, month: int) -> Scenario:
    """A redundancy round lies further back."""
    force = scenario.workforce
    if force is None or force.redundancy is None or month == 1:
        return scenario
    since = force.redundancy.since + (month - 1) * MONTH_S
    redundancy = force.redundancy.model_copy(update={"since": since})
    return scenario.model_copy(update={"workforce": force.model_copy(update={"redundancy": redundancy})})


# Other days -----------------------------------------------------------------------


def shifted(scenario: Scenario, weeks: int) -> Scenario:
    """Return a scenario so many weeks later, with all that it says of dates."""
    if weeks == 0:
        return scenario
    later, calendar = dt.timedelta(weeks=weeks), scenario.calendar
    holidays = tuple(day + later for day in calendar.holidays)
    intents = {
        name: intent.model_copy(update={"arrivals": _later(intent.arrivals, later)})
        for name, intent in scenario.intents.items()
    }
    return scenario.model_copy(
        update={
            "calendar": calendar.model_copy(update={"start": calendar.start + later, "holidays": holidays}),
            "arrivals": _later(scenario.arrivals, later),
            "intents": intents,
            "agents": {name: _staff_later(group, later) for name, group in scenario.agents.items()},
        }
    )


def _moved(date: str, later: dt.timedelta) -> str:
    return (dt.date.fromisoformat(date) + later).isoformat()


def _later(arrivals: Arrivals | None, later: dt.timedelta) -> Arrivals | None:
    if arrivals is None or (arrivals.file is None and arrivals.trace is None):
        return arrivals
    new: dict[str, Any] = {}
    if arrivals.file is not None:
        counts = {(_moved(date, later), column): row for (date, column), row in arrivals.file.counts.items()}
        new["file"] = arrivals.file.model_copy(update={"counts": counts})
    if arrivals.trace is not None:
        rows = tuple((_moved(date, later), seconds, intent) for date, seconds, intent in arrivals.trace.rows)
        new["trace"] = arrivals.trace.model_copy(update={"rows": rows})
    return arrivals.model_copy(update=new)


def _staff_later(group: Group, later: dt.timedelta) -> Group:
    if group.staff is None or group.staff.counts is None:
        return group
    counts = {_moved(date, later): row for date, row in group.staff.counts.items()}
    return group.model_copy(update={"staff": group.staff.model_copy(update={"counts": counts})})


# Of one replication ---------------------------------------------------------------


def with_staff(scenario: Scenario, factors: Sequence[float]) -> Scenario:
    """Return a scenario whose groups' counts or shifts are multiplied by factors, in whole agents."""
    pairs = zip(scenario.agents.items(), factors, strict=True)
    return scenario.model_copy(update={"agents": {name: _scaled(scenario, group, f) for (name, group), f in pairs}})


def _scaled(scenario: Scenario, group: Group, factor: float) -> Group:
    if factor == 1.0:
        return group
    if group.shifts is not None:
        counts = shared_out([shift.count for shift in group.shifts], factor)
        shifts = [shift.model_copy(update={"count": n}) for shift, n in zip(group.shifts, counts, strict=True)]
        return group.model_copy(update={"shifts": tuple(shifts)})
    assert group.staff is not None
    staff = group.staff.scaled(factor, scenario.calendar, scenario.dates())
    return group.model_copy(update={"staff": staff})


def with_bot(scenario: Scenario, share: float) -> Scenario:
    """Return a scenario whose bot contains, or resolves, so large a share of what the file says.

    It stays possible; what the bot closes as done without resolving it falls and rises with it.
    """
    if share == 1.0 or scenario.bot is None:
        return scenario
    false = min(scenario.bot.false_containment * share, 1.0)
    bot = scenario.bot.model_copy(update={"false_containment": false})
    parts = {name: _of_intent(scenario.bot, intent.bot, share) for name, intent in scenario.intents.items()}
    intents = {name: intent.model_copy(update={"bot": parts[name]}) for name, intent in scenario.intents.items()}
    return scenario.model_copy(update={"bot": bot, "intents": intents})


def _of_intent(bot: Bot, part: IntentBot | None, share: float) -> IntentBot | None:
    if part is None:
        return None
    if part.resolves is not None:
        return part.model_copy(update={"resolves": min(part.resolves * share, 1.0)})
    wanted = (part.containment or 0.0) * share
    if share > 1.0:
        wanted = min(wanted, most_containment(bot, part.false_share or 0.0))
    return part.model_copy(update={"containment": wanted})


def drift_of(scenario: Scenario, month: int, key: tuple[int, int]) -> float:
    """Return the factor on the bot's containment after a random walk from month 1: lognormal, with mean 1."""
    bot = ahead_of(scenario).bot
    if bot is None or bot.drift_cv == 0.0:
        return 1.0
    variance = math.log1p(bot.drift_cv**2)
    steps = [score_draw(*key, 0, m, _BOT, int(Purpose.MONTHLY_DRIFT), 0) for m in range(2, month + 1)]
    return math.exp(math.sqrt(variance) * math.fsum(steps) - len(steps) * variance / 2.0)


def with_backlog(scenario: Scenario, carried: Mapping[str, OpeningBacklog]) -> Scenario:
    """Return a scenario that begins with some deferred items."""
    if not carried:
        return scenario
    intents = {
        name: intent.model_copy(update={"opening_backlog": carried[name]}) if name in carried else intent
        for name, intent in scenario.intents.items()
    }
    return scenario.model_copy(update={"intents": intents})
