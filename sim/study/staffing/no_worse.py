"""The fewest agents with which the service AFTER is no worse than BEFORE, re-planned by the same solver.

What re-rostering alone would free, and what a margin alone would, is said apart from what the bot frees.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.arguments import checked
from sim.engine import COMPILED, check_engine
from sim.errors import ArgumentError, CcsimError
from sim.loading.load import changed
from sim.scenario.goals import NoWorseMargins
from sim.scenario.model import Scenario
from sim.study.replicate import Progress, RunOptions, make_run
from sim.study.staffing.evaluator import SURE
from sim.study.staffing.no_worse_beyond import ReplannedBefore, what_staff_mends
from sim.study.staffing.no_worse_measured import bands, by_intent, measured
from sim.study.staffing.no_worse_plans import PlanLine, PlannedStaff, check_alike, line_of_after, line_of_before
from sim.study.staffing.no_worse_qualities import MARGINS, Quality, qualities_of
from sim.study.staffing.no_worse_result import ROUNDING, BeyondStaff, Freed, GroupFreed, NoWorse, NoWorsePlan
from sim.study.staffing.no_worse_search import (
    MEAN,
    FreshProof,
    PlanSearch,
    Simulator,
    prove,
    service_of,
)
from sim.study.staffing.plan import volume_of

SEARCHED = 1_500_000.0
"""First attempts, about, with which a plan is simulated in the search."""
LEAST, MOST = 12, 2_000
BOTH_SIDES = 0.975
EXPECTED = 30
"""Plans simulated in a search, about."""
HAIR = 1e-9


def heads_of(fte: float, contract_share: float) -> int:
    """Whole people of so many FTE freed: those that go rounded down, those needed (negative) rounded up.

    >>> heads_of(2.6, 0.8), heads_of(-2.6, 0.8)
    (3, -4)
    """
    return math.floor(fte / contract_share + HAIR)


@checked
def no_worse(
    after: Scenario,
    before: Scenario,
    margins: Mapping[str, float] | None = None,
    *,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    progress: Progress | None = None,
) -> NoWorse:
    """Find how many the bot frees so that the service AFTER is no worse than BEFORE, re-planned by the same solver.

    No worse: in service level, abandonment, needs resolved (the bot's included) and strain, the one-sided 95 % limit
    of the difference on the same customers lies inside a margin.

    Parameters
    ----------
    after, before : with the same groups, hours and definition of service level; only the staff of `before` counts.
    margins : by name, in place of those of `no_worse` of `after`, else of `before`, else the default.
    seed, jobs, engine : as in `run`.
    replications : of the search; the proof takes three times as many fresh ones. By default as many as make 1,500,000
        first attempts, from 12 to 2,000.
    progress : called with (plans simulated, of about how many).

    Raises
    ------
    NotComparableError
        If the files have other groups, hours or another definition of service level.
    ArgumentError
        If a margin is not known, or no share.
    """
    check_engine(engine)
    used = margins_of(after, before, margins or {})
    options = RunOptions(after.run.seed if seed is None else seed, engine, jobs)
    if not any(volume_of(before, day) for day in before.calendar.dates()):
        raise CcsimError(f"{before.name}: no contact is expected, so that nobody is required. Give it arrivals")
    check_alike(before, after)
    count = replications or _searched(after)
    hurried = after.pace is not None or before.pace is not None
    simulator = Simulator(qualities_of(before, after, used), options, count, progress, EXPECTED * (1 + hurried))
    base = _baseline(before, simulator)
    given = calm = _planned(base, after, simulator)
    if hurried:
        base = base if before.pace is None else _baseline(_calm(before), simulator)
        calm = _planned(base, _calm(after), simulator)
    return NoWorse(after, before, used, calm, given if hurried else None, options.seed, count)


def margins_of(after: Scenario, before: Scenario, given: Mapping[str, float]) -> dict[str, float]:
    """The margins in force: given here, else in the file AFTER, else BEFORE, else by default.

    Raises
    ------
    ArgumentError
        If one is not known, or no share.
    """
    for name, share in given.items():
        if name not in MARGINS:
            raise ArgumentError(f"margins: {name}: is not known. Name one of {', '.join(MARGINS)}")
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0.0 <= share <= 1.0:
            raise ArgumentError(f"margins: {name}: {share}: is no share. Give a number from 0 to 1, such as 0.01")
    section = after.no_worse or before.no_worse or NoWorseMargins()
    return {name: float(given.get(name, getattr(section, name))) for name in MARGINS}


def _searched(scenario: Scenario) -> int:
    contacts = make_run(scenario).expected_contacts
    return max(LEAST, min(MOST, math.ceil(SEARCHED / (contacts + 1.0))))


def _calm(scenario: Scenario) -> Scenario:
    """The scenario without a handle-time target."""
    return scenario if scenario.pace is None else changed(scenario, {"pace": "off"})


def _baseline(before: Scenario, simulator: Simulator) -> ReplannedBefore:
    """Plan BEFORE anew."""
    line = line_of_before(before, simulator.options)
    every = tuple(range(len(simulator.qualities)))
    written, counted = simulator.as_written(before), simulator.estimates(line, line.centre.own)
    gave = tuple(map(service_of, simulator.qualities, written, counted))
    start = PlanSearch(simulator, line, gave, every, same=True).least(0.0, MEAN)
    reference = simulator.estimates(line, line.counts(start))
    within = PlanSearch(simulator, line, reference, every).least(start, MEAN)
    return ReplannedBefore(line, start, within, reference)


def _planned(base: ReplannedBefore, after: Scenario, simulator: Simulator) -> NoWorsePlan:
    """One world."""
    line = line_of_after(after, base.line, simulator.options)
    search, beyond = what_staff_mends(simulator, line, base)
    best = search.least(base.replanned, MEAN)
    safe = search.least(best, SURE)
    low, high = search.between(BOTH_SIDES), search.between(1.0 - BOTH_SIDES)
    staffed = [base.line.problem.staffed(counts) for counts in (base.line.centre.own, base.line.counts(base.replanned))]
    proof = prove(search, safe, base.line.scenario, *staffed)
    spares = (best, proof.spare, max(low, best), min(high, best))
    return _result(base, line, spares, proof, simulator.qualities, beyond)


def _result(
    base: ReplannedBefore,
    line: PlanLine,
    spares: tuple[float, ...],
    proof: FreshProof,
    qualities: tuple[Quality, ...],
    beyond: tuple[BeyondStaff, ...],
) -> NoWorsePlan:
    """The plans in FTE; `spares` are those of AFTER: best, safe and both ends."""
    old = base.line
    before = old.staff("before", old.centre.own)
    replanned = old.staff("replanned", old.counts(base.replanned))
    within = old.staff("within_margins", old.counts(base.within))
    names = ("best", "after", "low", "high")
    planned = [line.staff(name, line.counts(spare)) for name, spare in zip(names, spares, strict=True)]
    groups = {name: _of_group(name, line.scenario, before, replanned, within, *planned) for name in old.centre.groups}
    best, after, low, high = planned
    freed = Freed(
        best=within.fte - best.fte,
        safe=within.fte - after.fte,
        heads=sum(group.freed.heads for group in groups.values()),
        low=within.fte - low.fte,
        high=within.fte - high.fte,
    )
    banded, worst = bands(old.problem, qualities, proof)
    return NoWorsePlan(
        problem=old.problem,
        before=before,
        replanned=replanned,
        within_margins=within,
        best=best,
        after=after,
        freed_by_rostering=before.fte - replanned.fte,
        freed_by_margins=replanned.fte - within.fte,
        freed_by_bot=freed,
        by_group=groups,
        beyond_staff=beyond,
        measures=measured(qualities, proof),
        by_intent=by_intent(qualities, proof),
        by_band=banded,
        worst_band=worst,
        proof=proof,
    )


def _of_group(name: str, scenario: Scenario, *plans: PlannedStaff) -> GroupFreed:
    before, replanned, within, best, after, low, high = (plan.of(name).fte for plan in plans)
    share = scenario.agents[name].contract_share
    safe = within - after
    sure = safe > 0.0 or within - best < -ROUNDING
    freed = Freed(within - best, safe, heads_of(safe, share) if sure else 0, within - low, within - high)
    return GroupFreed(before, replanned, within, after, share, freed)
