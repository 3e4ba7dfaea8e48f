"""The figures of a decision: every number that its page says, by name, as `decide.csv` holds them.

Sentences, tables and charts are made from these and from nothing else, so that each of them can be held to the file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from sim.facts.money import MoneyChange, MoneyLine
from sim.mechanisms import parts_of_handle_time
from sim.report.labels import value_of
from sim.report.numbers import NOTHING, Value, exactly
from sim.study.bridge.claim import combined, scaled
from sim.study.decide import Decision, plans
from sim.study.decide.decision import OF_MARGINS
from sim.study.decide.sure import periods_met
from sim.study.decide.trigger import WATCHED_WEEKS
from sim.study.estimates import Estimate
from sim.study.scenario_results import ScenarioResult
from sim.study.targets.handle_time import reached_time

HOUR_S = 3600.0
COLUMNS = ("section", "plan", "figure", "unit", "mean", "ci_low", "ci_high")
HEADS, FTE, SHARE, POINTS, SECONDS, MONEY, MONTHS, WEEKS = (
    "people", "FTE", "share", "points", "s", "money", "months", "weeks",
)  # fmt: skip
FREED, TIME, SERVICE, CASH, SURE, FIRST, TRIGGER, MISTAKE = (
    "freed", "handle_time", "service", "money", "how_sure", "measure_first", "trigger", "alternatives",
)  # fmt: skip
CAUSES = {
    "mix": ("containment", "selection"),
    "context": ("lost_context",),
    "frustration": ("frustration",),
    "fatigue": ("fatigue",),
    "pace": ("pace",),
}
"""The causes by which handle time is told, each with the bars of the bridge that make it up; all else is `other`."""
SHOWN = (
    "asa_s", "wait_p90_s", "abandonment_rate", "resolution_rate", "repeat_rate", "attempts_per_need", "csat",
    "occupancy", "strained_share", "mistreatment_rate", "overtime_hours", "fte", "workload_hours", "demand", "offered",
    "bot_resolution_rate", "containment_rate",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """A figure: of which section and plan, and in which unit."""

    section: str
    plan: str
    name: str
    unit: str
    value: Value


@dataclass
class Facts:
    """All figures of a decision."""

    rows: dict[tuple[str, str], Fact] = field(default_factory=dict)

    def add(self, fact: Fact) -> None:
        """Add a figure."""
        self.rows[fact.plan, fact.name] = fact

    def value(self, name: str, plan: str = "") -> Value:
        """A figure with its interval; nothing where there is none."""
        fact = self.rows.get((plan, name))
        return fact.value if fact is not None else NOTHING

    def __call__(self, name: str, plan: str = "") -> float:
        """The mean of a figure; nan where there is none."""
        return self.value(name, plan).mean

    def has(self, name: str, plan: str = "") -> bool:
        """Whether there is a number."""
        return self.value(name, plan).known

    @property
    def plans(self) -> list[str]:
        """The plans that there are, in order."""
        return list(dict.fromkeys(plan for plan, _ in self.rows if plan))

    @property
    def table(self) -> pd.DataFrame:
        """The figures as they are written: section, plan, figure, unit, mean, ci_low, ci_high."""
        rows = [
            (f.section, f.plan, f.name, f.unit, f.value.mean, f.value.low, f.value.high) for f in self.rows.values()
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))


def facts_of(decision: Decision) -> Facts:
    """Return every figure of a decision."""
    facts = Facts()
    for part in (_freed, _people, _handle_time, _service, _cash, _sure, _trigger, _mistake):
        for fact in part(decision):
            facts.add(fact)
    return facts


# Who can go -------------------------------------------------------------------------


def _freed(decision: Decision) -> Iterator[Fact]:
    plan, freed = decision.plan, decision.plan.freed_by_bot
    best = Value(freed.best, freed.low, freed.high)
    numbers = {
        "people_safe": (HEADS, exactly(freed.heads)),
        "people_equal": (HEADS, exactly(decision.heads_at_equal_service)),
        "fte_safe": (FTE, exactly(freed.safe)),
        "fte_best": (FTE, best),
        "fte_before": (FTE, exactly(plan.before.fte)),
        "fte_rostering": (FTE, exactly(plan.freed_by_rostering)),
        "fte_margins": (FTE, exactly(plan.freed_by_margins)),
    }
    for name, group in plan.by_group.items():
        numbers[f"people_safe_{name}"] = (HEADS, exactly(group.freed.heads))
        numbers[f"fte_safe_{name}"] = (FTE, exactly(group.freed.safe))
    for beyond in plan.beyond_staff:
        here, there = (decision.results[k].mean(_measure(decision, beyond.name)) for k in (plans.BEFORE, plans.KEEP))
        numbers[f"beyond_{beyond.name}"] = (POINTS, exactly(there - here))
        takes = math.inf if beyond.takes is None else beyond.takes
        numbers[f"fte_to_mend_{beyond.name}"] = (FTE, exactly(takes))
    if decision.at_targets is not None and not decision.at_targets.missed:
        numbers["people_at_targets"] = (HEADS, exactly(float(decision.at_targets.cut.heads)))
        numbers["fte_at_targets"] = (FTE, exactly(decision.at_targets.cut.freed))
    if decision.claimed > 0.0:
        numbers["share_claimed"] = (SHARE, exactly(decision.claimed))
    yield from (Fact(FREED, "", name, unit, value) for name, (unit, value) in numbers.items())


def _measure(decision: Decision, margin: str) -> str:
    """The measure of a margin."""
    return OF_MARGINS.get(margin, decision.after.targets.service_level.definition)


def _people(decision: Decision) -> Iterator[Fact]:
    """People and FTE who go by each plan."""
    for name, heads in decision.people.items():
        yield Fact(FREED, name, "people", HEADS, exactly(float(heads)))
    for name, cut in decision.cuts.items():
        yield Fact(FREED, name, "fte_gone", FTE, exactly(cut.freed))
    for name, margin in decision.no_worse.margins.items():
        yield Fact(FREED, "", f"margin_{name}", POINTS, exactly(margin))


# Handle time ------------------------------------------------------------------------


def _handle_time(decision: Decision) -> Iterator[Fact]:
    before = decision.results[plans.BEFORE]
    if isinstance(decision.old_pace, float):
        yield Fact(TIME, "", "old_target", SECONDS, exactly(decision.old_pace))
    for name, result in decision.results.items():
        yield Fact(TIME, name, "aht_s", SECONDS, value_of(reached_time(result)))
        if name != plans.BEFORE:
            yield from _causes(name, before, result)


def _causes(name: str, before: ScenarioResult, result: ScenarioResult) -> Iterator[Fact]:
    """What the change of handle time is made of; the causes add up to it."""
    whole = result.change(before, "aht_s")
    yield Fact(TIME, name, "aht_change", SECONDS, value_of(whole))
    rest = whole
    for cause, bars in CAUSES.items():
        changes = [change for change in _of_bars(before, result, bars) if change is not None]
        if changes:
            total = combined((1.0, change) for change in changes)
            yield Fact(TIME, name, f"aht_{cause}", SECONDS, value_of(total))
            rest = rest.minus(total) if rest is not None else None
    if rest is not None:
        yield Fact(TIME, name, "aht_other", SECONDS, value_of(rest))


def _of_bars(before: ScenarioResult, result: ScenarioResult, bars: tuple[str, ...]) -> Iterator[Estimate | None]:
    """The changes of the parts of handle time that belong to some bars; one of the two may not have a part at all."""
    for part in (part.measure for part in parts_of_handle_time() if part.bar in bars):
        here, there = before.estimates.get(part), result.estimates.get(part)
        if here is not None and there is None:
            yield scaled(here, -1.0)
        else:
            yield there if here is None else result.change(before, part)


# Customers and agents ---------------------------------------------------------------


def _service(decision: Decision) -> Iterator[Fact]:
    before = decision.results[plans.BEFORE]
    level = decision.after.targets.service_level.definition
    for name, result in decision.results.items():
        for measure in (level, *SHOWN):
            if measure not in result.estimates or not _applies(measure, result):
                continue
            known = "service_level" if measure == level else measure
            unit = _unit(measure)
            yield Fact(SERVICE, name, known, unit, value_of(result.estimates[measure]))
            change = result.change(before, measure) if name != plans.BEFORE else None
            if change is not None:
                yield Fact(SERVICE, name, f"{known}_change", POINTS if unit == SHARE else unit, value_of(change))
        if result.scenario.attrition is not None:
            weeks = result.scenario.calendar.weeks()
            year = value_of(result.estimates["leavers_expected"]).times(52.0 / weeks)
            yield Fact(SERVICE, name, "leavers_a_year", HEADS, year)


def _applies(measure: str, result: ScenarioResult) -> bool:
    needs = {"strained_share": result.scenario.fatigue, "mistreatment_rate": result.scenario.mistreatment}
    return needs.get(measure, True) is not None


def _unit(measure: str) -> str:
    if measure.endswith("_s"):
        return SECONDS
    if measure.endswith(("_rate", "_share")) or measure.startswith("sl_") or measure == "occupancy":
        return SHARE
    return {"fte": FTE, "overtime_hours": "h", "workload_hours": "h", "csat": "points of 100"}.get(measure, "number")


# Money ------------------------------------------------------------------------------


def _cash(decision: Decision) -> Iterator[Fact]:
    for name, money in decision.money.items():
        for line in (*money.lines, money.total, _prices(money)):
            for column in ("quarter", "year", "first_year"):
                value = float(getattr(line, column))
                if not math.isnan(value):
                    yield Fact(CASH, name, f"{line.name}_{column}", MONEY, exactly(value))
        payback = math.inf if money.payback is None else float(money.payback)
        yield Fact(CASH, name, "payback_month", MONTHS, exactly(payback))
        for month, amount in enumerate(money.cumulative[:13]):
            yield Fact(CASH, name, f"cash_after_month_{month}", MONEY, exactly(amount))


def _prices(money: MoneyChange) -> MoneyLine:
    """What bad service is worth, in one line."""
    return MoneyLine(
        "bad_service", sum(line.quarter for line in money.prices), sum(line.year for line in money.prices), math.nan
    )


# How sure, what to measure, the trigger ---------------------------------------------


def _sure(decision: Decision) -> Iterator[Fact]:
    met, periods = periods_met(decision.results[plans.SAFE], decision.goals)
    if periods:
        yield Fact(SURE, "", "periods_met", "number", exactly(float(met)))
        yield Fact(SURE, "", "periods", "number", exactly(float(periods)))
    yield from _chances(decision)
    yield from _measured_together(decision)
    if decision.sure is None:
        return
    ends = [decision.plan.freed_by_bot.best, *(x for s in decision.sure.sensitivities for x in (s.low, s.high))]
    yield Fact(SURE, "", "considered", "number", exactly(float(decision.sure.considered)))
    yield Fact(SURE, "", "fte_assumed_low", FTE, exactly(min(ends)))
    yield Fact(SURE, "", "fte_assumed_high", FTE, exactly(max(ends)))
    for place, each in enumerate(decision.sure.sensitivities, start=1):
        yield Fact(FIRST, "", f"fte_low_{place}", FTE, exactly(each.low))
        yield Fact(FIRST, "", f"fte_high_{place}", FTE, exactly(each.high))


def _chances(decision: Decision) -> Iterator[Fact]:
    """The chance of every target over the period, luck and what is not known together, by plan."""
    if decision.chances is None:
        return
    study = decision.chances.study
    yield Fact(SURE, "", "draws", "number", exactly(float(len(study.counted))))
    yield Fact(SURE, "", "draws_dropped", "number", exactly(float(len(study.refused))))
    yield Fact(SURE, "", "chance_over", WEEKS, exactly(study.weeks))
    for name, place in decision.chances.places.items():
        yield Fact(SURE, name, "chance_all_targets", SHARE, Value(*study.chance(place)))


def _measured_together(decision: Decision) -> Iterator[Fact]:
    """What the numbers to measure first are worth to know, or do to a chance, all drawn together."""
    if decision.chances is None:
        return
    study = decision.chances.study
    for place, k in enumerate(decision.chances.measure_first, start=1):
        if study.worth is not None:
            yield Fact(FIRST, "", f"worth_{place}", MONEY, Value(*study.worth[k].worth))
        else:
            one = study.choices[k]
            plan = decision.chances.name_of(one.plan)
            yield Fact(FIRST, plan, f"chance_low_{place}", SHARE, Value(*one.low))
            yield Fact(FIRST, plan, f"chance_high_{place}", SHARE, Value(*one.high))


def _trigger(decision: Decision) -> Iterator[Fact]:
    yield Fact(TRIGGER, "", "rehire", WEEKS, exactly(decision.assumed.rehire_weeks))
    trigger = decision.trigger
    if trigger is None:
        return
    first = max(decision.heads, 0)
    yield Fact(TRIGGER, "", "people_next", HEADS, exactly(float(trigger.heads - first)))
    yield Fact(TRIGGER, "", "watched", WEEKS, exactly(float(WATCHED_WEEKS)))
    yield Fact(TRIGGER, "", "resolved_needed", SHARE, exactly(trigger.share))
    yield Fact(TRIGGER, "", "resolved_now", SHARE, exactly(trigger.now))
    yield Fact(TRIGGER, "", "resolved_noise", POINTS, exactly(trigger.noise))


def _mistake(decision: Decision) -> Iterator[Fact]:
    yield Fact(MISTAKE, plans.ROOT_CAUSES, "assumed", SHARE, exactly(decision.assumed.root_causes))
    yield Fact(MISTAKE, plans.COACHING, "assumed", SHARE, exactly(decision.assumed.coaching))
    keep, scenario = decision.results[plans.KEEP], decision.after
    hours = max(decision.cuts[plans.SAFE].freed, 0.0) * scenario.fte_hours / HOUR_S
    yield Fact(MISTAKE, "", "hours_a_week", "h", exactly(hours))
    work = keep.mean("workload_hours") / scenario.calendar.weeks()
    on_queue = hours * decision.rule.occupancy * (1.0 - decision.rule.shrinkage)
    yield Fact(MISTAKE, "", "break_even_root_causes", SHARE, exactly(on_queue / work if work > 0 else math.nan))
    yield from _price_of_the_mistake(decision)


def _price_of_the_mistake(decision: Decision) -> Iterator[Fact]:
    """What the naive plan saves more than the safe one, for each need more that it leaves unresolved."""
    costs = decision.after.costs or decision.before.costs
    if costs is None or plans.NAIVE not in decision.money:
        return
    safe, naive = (decision.results[name] for name in (plans.SAFE, plans.NAIVE))
    a_year = costs.weeks_a_year / decision.after.calendar.weeks()
    lost = a_year * naive.mean("demand") * (safe.mean("resolution_rate") - naive.mean("resolution_rate"))
    more = decision.money[plans.SAFE].total.year - decision.money[plans.NAIVE].total.year
    yield Fact(MISTAKE, plans.NAIVE, "needs_lost_a_year", "number", exactly(lost))
    yield Fact(MISTAKE, plans.NAIVE, "saved_more_a_year", MONEY, exactly(more))
    if lost > 0.0:
        yield Fact(MISTAKE, plans.NAIVE, "saved_a_lost_need", MONEY, exactly(more / lost))
