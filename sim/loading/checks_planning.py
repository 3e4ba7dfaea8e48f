"""Checks of the months ahead: who and what is named must be there, and people who go must have been there."""

from __future__ import annotations

from collections.abc import Iterable

from sim.loading.checks import Checker
from sim.scenario.planning import PlanningHorizon
from sim.scenario.planning_values import UP_TO
from sim.schema.faults import nearest
from sim.schema.tree import Keys

HOME = "horizon"
LEAST_GRADUATES = 0.01


def check_planning(check: Checker) -> None:
    """Groups, intents and months must be there; keys without effect are noted."""
    plan = check.scenario.horizon
    if plan is None:
        return
    check.reporter.note("horizon: the months ahead are read by ccsim plan alone; this is the week that it starts from")
    if not check.reporter.failed("agents"):
        _check_groups(check, plan)
        _check_transfers(check, plan)
        _check_goers(check, plan)
    _check_months(check, plan)
    if plan.hiring.graduates < LEAST_GRADUATES:
        words = "lets hardly anybody end the training, so that hiring is without end"
        fix = f"Write a share of at least {100 * LEAST_GRADUATES:g}%, above 0"
        check.reporter.problem((HOME, "hiring", "graduates"), words, fix)
    _check_growth(check, plan)
    _check_traces(check, plan)
    _note_what_is_idle(check, plan)


def _named(plan: PlanningHorizon) -> Iterable[tuple[Keys, str, bool]]:
    """Where a group is named, its name, and whether it is a key."""
    yield from (((HOME, "heads", name), name, True) for name in plan.heads)
    classes, rule = plan.hiring.classes, plan.hiring.rule
    yield from (((HOME, "hiring", "classes", k, "group"), c.group, False) for k, c in enumerate(classes))
    yield from (((HOME, "hiring", "rule", UP_TO, name), name, True) for name in rule.by_group or ())
    yield from (((HOME, "let_go", k, "group"), gone.group, False) for k, gone in enumerate(plan.let_go))
    for k, move in enumerate(plan.transfers):
        yield (HOME, "transfers", k, "from"), move.from_group, False
        yield (HOME, "transfers", k, "to"), move.to_group, False


def _check_groups(check: Checker, plan: PlanningHorizon) -> None:
    groups = check.scenario.agents
    for path, name, is_key in _named(plan):
        if name not in groups:
            check.reporter.problem(path, "is not a group of agents", nearest(name, groups), name, key=is_key)


def _check_transfers(check: Checker, plan: PlanningHorizon) -> None:
    for k, move in enumerate(plan.transfers):
        if move.from_group == move.to_group:
            words = "is the group that they leave"
            check.reporter.problem((HOME, "transfers", k, "to"), words, "Name another group", move.to_group)


def _check_goers(check: Checker, plan: PlanningHorizon) -> None:
    """Of a group whose heads are given, no more can go than there are and come."""
    for name, heads in plan.heads.items():
        gone = [(g.month, g.count, ("let_go", k)) for k, g in enumerate(plan.let_go) if g.group == name]
        gone += [(t.month, t.count, ("transfers", k)) for k, t in enumerate(plan.transfers) if t.from_group == name]
        come = [(c.month, c.count) for c in plan.hiring.classes if c.group == name]
        come += [(t.month, t.count) for t in plan.transfers if t.to_group == name]
        left = heads
        for month, count, place in sorted(gone):
            left -= count
            there = left + sum(n for at, n in come if at <= month)
            if there < 0 and plan.hiring.rule.kind == "none":
                words = f"is {-there} more than {name} has in month {month}"
                check.reporter.problem((HOME, *place, "count"), words, "Lower it, or raise horizon.heads", str(count))


def _check_months(check: Checker, plan: PlanningHorizon) -> None:
    places: list[tuple[Keys, int]] = [
        *(((HOME, "hiring", "classes", k), c.month) for k, c in enumerate(plan.hiring.classes)),
        *(((HOME, "let_go", k), gone.month) for k, gone in enumerate(plan.let_go)),
        *(((HOME, "transfers", k), move.month) for k, move in enumerate(plan.transfers)),
    ]
    for path, month in places:
        if month > plan.months:
            words = f"is after the last month, {plan.months}"
            check.reporter.problem((*path, "month"), words, "Raise horizon.months, or leave it out", str(month))


def _check_growth(check: Checker, plan: PlanningHorizon) -> None:
    rows = plan.growth.rows if plan.growth is not None else None
    for name in dict.fromkeys(intent for _, intent, _ in rows or ()):
        if name not in check.scenario.intents and not check.reporter.failed("intents"):
            words = f"has {name!r}, which is not an intent"
            check.reporter.problem((HOME, "growth", "file"), words, nearest(name, check.scenario.intents))


def _check_traces(check: Checker, plan: PlanningHorizon) -> None:
    """A trace of arrivals is what came: it cannot be multiplied."""
    scenario = check.scenario
    blocks = [scenario.arrivals, *(intent.arrivals for intent in scenario.intents.values())]
    if not any(block is not None and block.trace is not None for block in blocks):
        return
    fix = "Leave it out, or write arrivals as expected counts (per_day, per_hour, file)"
    for key in (key for key in ("growth", "seasonality", "peak") if getattr(plan, key) is not None):
        check.reporter.problem((HOME, key), "multiplies a trace of arrivals, which is as it came", fix, None, key=True)


def _note_what_is_idle(check: Checker, plan: PlanningHorizon) -> None:
    scenario, note = check.scenario, check.reporter.note
    if plan.bot is not None and scenario.bot is None:
        note("horizon.bot has no effect: there is no bot")
    if plan.attrition.feedback and scenario.fatigue is None and not plan.attrition.mistreatment_slope:
        note("horizon.attrition.feedback has no effect: fatigue is off, so that strain moves nobody")
    if plan.attrition.mistreatment_slope and scenario.mistreatment is None:
        note("horizon.attrition.mistreatment_slope has no effect: mistreatment is off")
    if plan.hiring.rule.kind == "none" and plan.hiring.lead_time and plan.hiring.classes:
        note("horizon.hiring.lead_time moves no class of the file, which names its month; plans that are found heed it")
    if plan.budget is not None and scenario.costs is None:
        note("horizon.budget has no effect: there are no costs")
    believed = scenario.beliefs.of if scenario.beliefs is not None else {}
    for key in (key for key in believed if key.startswith(f"{HOME}.")):
        note(f"beliefs.{key} moves nothing in ccsim risk, a week's; try values by ccsim plan --set {key}=")
