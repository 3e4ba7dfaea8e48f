"""What is worse whatever the staff: named, and left out of the plans, which would answer for it with agents who idle.

Waiting and strain are what staff is for: they are beyond it only where they are worse with ample agents. Needs resolved
hardly move with staff. Where nobody goes and fewer are resolved all the same, every agent added buys next to nothing;
what it would take is said, but the plans do not pay for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.study.estimates import Estimate
from sim.study.staffing.evaluator import NEAR, SURE
from sim.study.staffing.no_worse_plans import PlanLine
from sim.study.staffing.no_worse_result import BeyondStaff
from sim.study.staffing.no_worse_search import AMPLE, MEAN, PlanSearch, Simulator

RESOLUTION = "resolution"


@dataclass(frozen=True)
class ReplannedBefore:
    """BEFORE planned anew.

    Attributes
    ----------
    line : its plans.
    replanned, within : spare agents at the service that it gave, and within the margins of that.
    reference : the service that it gives planned anew, quality by quality: what AFTER is held against.
    """

    line: PlanLine
    replanned: float
    within: float
    reference: tuple[Estimate, ...]


def what_staff_mends(
    simulator: Simulator, line: PlanLine, base: ReplannedBefore
) -> tuple[PlanSearch, tuple[BeyondStaff, ...]]:
    """The search for the plans of AFTER over all that staff can mend, and what it cannot."""
    names = [quality.name for quality in simulator.qualities]
    everything = PlanSearch(simulator, line, base.reference, tuple(range(len(names))))
    beyond = [_beyond(everything, k, AMPLE) for k in range(len(names)) if everything.slack_of(AMPLE, k, SURE) < -NEAR]
    others = tuple(k for k, name in enumerate(names) if name != RESOLUTION and name not in {b.name for b in beyond})
    search, resolution = PlanSearch(simulator, line, base.reference, others), names.index(RESOLUTION)
    safe = search.least(search.least(base.replanned, MEAN), SURE)
    nobody_goes = max(safe, line.spare_of(base.line.hours(base.replanned), base.replanned))
    if everything.slack_of(nobody_goes, resolution, SURE) < -NEAR:
        left = [b for b in beyond if b.name != RESOLUTION]
        return search, (*left, _resolution(everything, resolution, nobody_goes, base, others))
    return PlanSearch(simulator, line, base.reference, tuple(sorted((*others, resolution)))), tuple(beyond)


def _resolution(
    everything: PlanSearch, number: int, nobody_goes: float, base: ReplannedBefore, others: tuple[int, ...]
) -> BeyondStaff:
    """Needs resolved where nobody goes, and what it would take to make up for them."""
    line = everything.line
    search = PlanSearch(everything.simulator, line, base.reference, (*others, number))
    takes = None
    if search.slack(AMPLE, MEAN) >= -NEAR:
        now = base.line.staff("replanned", base.line.counts(base.replanned)).fte
        takes = max(0.0, line.staff("after", line.counts(search.least(nobody_goes, MEAN))).fte - now)
    return _beyond(everything, number, nobody_goes, takes)


def _beyond(search: PlanSearch, number: int, spare: float, takes: float | None = None) -> BeyondStaff:
    quality = search.simulator.qualities[number]
    there: Estimate = search.simulator.estimates(search.line, search.line.counts(spare))[number]
    difference = there.minus(search.reference[number])
    limit = float(quality.limit(difference, SURE)[0])
    return BeyondStaff(quality.name, float(difference.mean[0]), limit, quality.margin, spare >= AMPLE, takes)
