"""Money of every plan against BEFORE: what a week of each uses, who goes and who comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sim.facts.money import MoneyChange, Moves, WeekVolumes, money_of_change
from sim.scenario.goals import Costs
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.scenario_results import ScenarioResult


def week_of(result: ScenarioResult, targets: Mapping[str, MeasureTarget]) -> WeekVolumes:
    """What a week of a plan uses, on average over the days measured."""
    weeks = result.scenario.calendar.weeks()

    def weekly(measure: str) -> float:
        return result.mean(measure) / weeks if measure in result.estimates else 0.0

    bot = result.scenario.bot is not None
    return WeekVolumes(
        paid_hours=weekly("paid_hours"),
        overtime_hours=weekly("overtime_hours"),
        bot_sessions=weekly("bot_offered") if bot else 0.0,
        bot_closed=weekly("bot_contained") if bot else 0.0,
        has_bot=bot,
        leavers=weekly("leavers_expected") if result.scenario.attrition is not None else 0.0,
        missed=float(sum(not target.met(result.mean(measure)) for measure, target in targets.items())),
        unresolved=weekly("demand") * (1.0 - result.mean("resolution_rate")),
        abandoned=weekly("offered") * result.mean("abandonment_rate"),
    )


def money_of(costs: Costs, before: WeekVolumes, plan: WeekVolumes, people: int, start: dt.date) -> MoneyChange:
    """Run-rate and first-year cash of a plan.

    Parameters
    ----------
    costs : prices, of AFTER.
    before, plan : a week of each.
    people : who are let go; below 0 those who are hired.
    start : the day on which all of that happens, and the bot goes live.
    """
    return money_of_change(costs, before, plan, Moves(start, let_go=max(people, 0), hired=max(-people, 0)))


def costs_of(before: Scenario, after: Scenario) -> Costs | None:
    """The prices of a decision: those of AFTER, else of BEFORE; none without an hourly wage."""
    costs = after.costs or before.costs
    return costs if costs is not None and costs.agent_hour > 0.0 else None
