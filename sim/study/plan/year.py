"""The loop: month after month who is there, what the week does to them, and who leaves. A replication is a year."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.arguments import refused
from sim.engine import SIMPY, check_engine, prepare
from sim.facts.headcount import LeavingLaw, ahead_of, leaving_law
from sim.rng.philox import replication_key
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, targets_of_scenario
from sim.study.parallel import in_processes, in_threads
from sim.study.plan.heads import StartingHeads, people_drawn_from, starting_heads
from sim.study.plan.month import (
    MonthWeeks,
    drift_of,
    month_labels,
    month_weeks,
    with_backlog,
    with_bot,
    with_staff,
)
from sim.study.plan.result import MonthlySums, PlanOptions, PlansResult, YearPlan, YearResult, numbered
from sim.study.plan.roll import Roll, RollRules, crew_of
from sim.study.plan.sums import Pair, cash_of, leavers_of, people_of, weeks_together
from sim.study.plan.week import WeekSums, play_week
from sim.study.replicate import RunOptions, make_run, replicate
from sim.study.warm import warm_up
from sim.study.workplace import Workplace, pack, unpack

Floats = npt.NDArray[np.float64]
Outcome = dict[str, Any]
"""A year as plain data: measures by name as tops and bottoms, by month and group; targets met; money by line."""


class Neutral(NamedTuple):
    """The strain at which the yearly share holds, (groups,): mean fatigue, share of contacts mistreated."""

    fatigue: Floats
    mistreated: Floats


@dataclass(frozen=True)
class Years:
    """All that the years of some plans have in common.

    Attributes
    ----------
    scenario, plans : what is simulated.
    months : the weeks of every month, by plan.
    heads, law, goals : at the start; who leaves; what weeks are held to.
    neutral : the strain at which the yearly share holds; None where nothing feeds back.
    seed, engine : how.
    """

    scenario: Scenario
    plans: tuple[YearPlan, ...]
    months: tuple[list[MonthWeeks], ...]
    heads: StartingHeads
    law: LeavingLaw
    goals: Mapping[str, MeasureTarget]
    neutral: Neutral | None
    seed: int
    engine: str

    def rules(self, plan: int) -> RollRules:
        """What the people of a plan are made by."""
        return RollRules(
            self.scenario, self.plans[plan], tuple(self.scenario.agents), self.heads.heads, self.law, self._drawn_from
        )

    @cached_property
    def _drawn_from(self) -> Any:
        return people_drawn_from(self.scenario)


# One year -------------------------------------------------------------------------


def one_year(years: Years, plan: int, replication: int) -> Outcome:
    """Simulate one year of a plan."""
    key = replication_key(years.seed, replication)
    roll, months = Roll(years.rules(plan), key), []
    carried: Mapping[str, Any] = {}
    for month, weeks in enumerate(years.months[plan], start=1):
        done = roll.begin(month)
        people = people_of(roll, month, done)
        play = partial(_played, years, roll, month, weeks, carried, replication)
        played = [play(week) for week in weeks.typical]
        peak = None if weeks.peak is None else play(weeks.peak)
        carried = played[-1].backlog
        months.append(_month(years, roll, month, weeks, people, played, peak))
    return _together(months)


def _played(
    years: Years,
    roll: Roll,
    month: int,
    weeks: MonthWeeks,
    carried: Mapping[str, Any],
    replication: int,
    week: Scenario,
) -> WeekSums:
    """Play a week with who is there."""
    factors = roll.counts(roll.available(month)) / years.heads.behind * np.array(weeks.on_queue)
    scenario = with_bot(week, weeks.ramp * drift_of(week, month, roll.key))
    scenario = with_backlog(with_staff(scenario, factors.tolist()), carried)
    return play_week(scenario, partial(crew_of, roll, month), years.goals, years.seed, replication, years.engine)


def _month(
    years: Years,
    roll: Roll,
    month: int,
    weeks: MonthWeeks,
    people: dict[str, Pair],
    played: Sequence[WeekSums],
    peak: WeekSums | None,
) -> Outcome:
    """Who leaves at the end of a month, and what it comes to."""
    week, before = weeks_together(played), roll.counts(roll.here)
    left = roll.leave(month, _strain(years, weeks.law, week), weeks.law)
    return {
        "people": people | leavers_of(before, left, roll.expected),
        "week": week,
        "peak": {} if peak is None else weeks_together([peak]),
        "met": {name: [w.met[name] for w in played] for name in years.goals},
        "peak_met": {} if peak is None else {name: [met] for name, met in peak.met.items()},
        "money": cash_of(weeks.typical[0], years.heads, people, played),
    }


def _strain(years: Years, law: LeavingLaw, week: Mapping[str, Pair]) -> Floats:
    """(groups,) what a month's strain makes of the hazard; 1 where a group has nobody on the queue."""
    groups = len(years.scenario.agents)
    if years.neutral is None:
        return np.ones(groups)
    fatigue = _ratio(week.get("fatigue_mean"), groups) - years.neutral.fatigue
    mistreated = _ratio(week.get("mistreatment_rate"), groups) - years.neutral.mistreated
    return law.strain_factor(np.nan_to_num(fatigue), np.nan_to_num(mistreated))


def _ratio(pair: Pair | None, groups: int) -> Floats:
    if pair is None:
        return np.full(groups, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(pair[0][:-1] / pair[1][:-1])


def _together(months: Sequence[Outcome]) -> Outcome:
    """Months one after another, as plain data."""
    outcome: Outcome = {}
    for part in ("people", "week", "peak"):
        names = dict.fromkeys(name for month in months for name in month[part])
        outcome[part] = {
            name: [[month[part][name][side].tolist() for month in months] for side in (0, 1)] for name in names
        }
    for part in ("met", "peak_met", "money"):
        outcome[part] = {name: [month[part][name] for month in months] for name in months[0][part]}
    return outcome


# Without weeks --------------------------------------------------------------------


def people_alone(scenario: Scenario, plan: YearPlan, replications: int, seed: int | None = None) -> MonthlySums:
    """Return the people of a plan's years at neutral strain, as with feedback off, without simulating any week."""
    years = _years(scenario, (plan,), scenario.run.seed if seed is None else seed, None, ())
    found = [_year_of_people(years, replication) for replication in range(replications)]
    return _sums(found, "people", {})


def _year_of_people(years: Years, replication: int) -> Outcome:
    roll, months = Roll(years.rules(0), replication_key(years.seed, replication)), []
    for month in range(1, ahead_of(years.scenario).months + 1):
        done = roll.begin(month)
        people, before = people_of(roll, month, done), roll.counts(roll.here)
        left = roll.leave(month, np.ones(len(years.scenario.agents)))
        months.append({"people": people | leavers_of(before, left, roll.expected)})
    return _together([{"week": {}, "peak": {}, "met": {}, "peak_met": {}, "money": {}} | month for month in months])


# Plans ----------------------------------------------------------------------------


def simulate_plans(scenario: Scenario, plans: Sequence[YearPlan], options: PlanOptions | None = None) -> PlansResult:
    """Simulate the years of some plans: on the same customers, and with the same luck of everybody in more than one.

    Parameters
    ----------
    scenario : with the months ahead (`horizon`; its defaults where it has none).
    plans : of heads, with names of their own.
    options : how many years, and how.

    Raises
    ------
    ArgumentError
        Where there are no plans, or no replications.
    CcsimError
        Where a plan's changes contradict the file, or there is no such engine.
    """
    options = options or PlanOptions()
    if not plans:
        raise refused("plans", list(plans), "at least one plan")
    names = [plan.name for plan in plans]
    if len(set(names)) < len(names):
        raise refused("plans", names, "plans with names of their own")
    if options.replications < 1:
        raise refused("replications", options.replications, "a whole number of at least 1")
    check_engine(options.engine)
    years = make_years(scenario, plans, options)
    outcomes = dict(_carried_out(years, options))
    results = tuple(
        _result(years, p, [outcomes[n] for n, q, _ in numbered(plans, options.replications) if q == p])
        for p in range(len(plans))
    )
    return PlansResult(scenario, results, years.seed)


def make_years(scenario: Scenario, plans: Sequence[YearPlan], options: PlanOptions) -> Years:
    """Lay the months of some plans out, and look up the strain of today where it feeds back."""
    seed = scenario.run.seed if options.seed is None else options.seed
    known: dict[str, list[MonthWeeks]] = {}
    for plan in plans:
        if repr(plan.changes) not in known:
            known[repr(plan.changes)] = month_weeks(scenario, plan)
    months = tuple(known[repr(plan.changes)] for plan in plans)
    neutral = _neutral(scenario, options, seed) if ahead_of(scenario).attrition.feedback else None
    return _years(scenario, tuple(plans), seed, neutral, months, options.engine)


def _years(
    scenario: Scenario,
    plans: tuple[YearPlan, ...],
    seed: int,
    neutral: Neutral | None,
    months: tuple[list[MonthWeeks], ...],
    engine: str = "",
) -> Years:
    heads, law, goals = starting_heads(scenario), leaving_law(scenario), targets_of_scenario(scenario)
    return Years(scenario, plans, months, heads, law, goals, neutral, seed, engine)


def _neutral(scenario: Scenario, options: PlanOptions, seed: int) -> Neutral:
    """The strain of the file's own week, over as many replications; a reference that is given goes before it."""
    run = make_run(scenario)
    replicate([run], RunOptions(seed, options.engine, options.jobs), options.replications)
    measured, groups = run.estimates("group"), len(scenario.agents)
    fatigue, mistreated = (
        np.nan_to_num(measured[name].mean) if name in measured else np.zeros(groups)
        for name in ("fatigue_mean", "mistreatment_rate")
    )
    given = ahead_of(scenario).attrition.reference
    return Neutral(fatigue if given is None else np.full(groups, given), mistreated)


def _carried_out(years: Years, options: PlanOptions) -> Iterator[tuple[int, Outcome]]:
    """Every year with its number: those that are known, then the rest in their order."""
    tasks = numbered(years.plans, options.replications)
    rest = [task for task in tasks if task[0] not in options.known]
    for number, _, _ in tasks:
        if number in options.known:
            yield number, dict(options.known[number])
    progress = options.progress
    if progress is not None:
        progress(len(tasks) - len(rest), len(tasks))
    with closing(_simulated(years, rest, options)) as outcomes:
        for done, (number, outcome) in enumerate(outcomes, start=1):
            if options.keep is not None:
                options.keep(number, outcome)
            if progress is not None:
                progress(len(tasks) - len(rest) + done, len(tasks))
            yield number, outcome


def _simulated(
    years: Years, rest: Sequence[tuple[int, int, int]], options: PlanOptions
) -> Generator[tuple[int, Outcome]]:
    if not rest:
        return
    run = RunOptions(years.seed, options.engine, options.jobs)
    if run.workplace is not None:
        yield from _elsewhere(years, rest, run.workplace)
        return
    warm_up(options.engine, options.engine == SIMPY or prepare(years.scenario).model.by_phone)
    jobs = ((number, partial(one_year, years, plan, replication)) for number, plan, replication in rest)
    workers = min(run.workers, len(rest))
    if workers <= 1:
        yield from ((number, call()) for number, call in jobs)
        return
    together = in_processes if options.engine == SIMPY else in_threads
    with closing(together(jobs, workers)) as outcomes:
        yield from outcomes


def _elsewhere(
    years: Years, rest: Sequence[tuple[int, int, int]], workplace: Workplace
) -> Generator[tuple[int, Outcome]]:
    """Send years away: what they have in common and two numbers go, plain data come back."""
    parcel = pack(years)
    calls = ((number, (_year_elsewhere, (parcel, plan, replication))) for number, plan, replication in rest)
    with closing(workplace.results(calls)) as results:
        yield from ((number, unpack(packed)) for number, packed in results)


@lru_cache(1)
def _opened(parcel: bytes) -> Years:
    years: Years = unpack(parcel)
    warm_up(years.engine, years.engine == SIMPY or prepare(years.scenario).model.by_phone)
    return years


def _year_elsewhere(parcel: bytes, plan: int, replication: int) -> bytes:
    """A year on a worker elsewhere, which keeps what the years have in common ready for the next one."""
    return pack(one_year(_opened(parcel), plan, replication))


# Together -------------------------------------------------------------------------


def _result(years: Years, plan: int, outcomes: Sequence[Outcome]) -> YearResult:
    peak = _sums(outcomes, "peak", _met(outcomes, "peak_met")) if outcomes[0]["peak"] else None
    return YearResult(
        years.scenario,
        years.plans[plan],
        tuple(years.scenario.agents),
        month_labels(years.scenario),
        _sums(outcomes, "people", {}),
        _sums(outcomes, "week", _met(outcomes, "met")),
        peak,
        {name: np.array([outcome["money"][name] for outcome in outcomes]) for name in outcomes[0]["money"]},
        years.goals,
        years.seed,
    )


def _sums(outcomes: Sequence[Outcome], part: str, met: Mapping[str, Floats]) -> MonthlySums:
    tops, bottoms = (
        {name: np.array([outcome[part][name][side] for outcome in outcomes]) for name in outcomes[0][part]}
        for side in (0, 1)
    )
    return MonthlySums(tops, bottoms, met)


def _met(outcomes: Sequence[Outcome], part: str) -> dict[str, Floats]:
    """(replications x weeks of a month, months) whether each week meets each target."""
    return {
        name: np.concatenate([np.array(outcome[part][name]).T for outcome in outcomes]) for name in outcomes[0][part]
    }
