"""The bridge: the change of handle time, workload and staff as bars that add up to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from sim.arguments import checked
from sim.display import Displayed, how_made
from sim.engine import COMPILED
from sim.mechanisms import parts_of_handle_time
from sim.scenario.model import Scenario
from sim.study.bridge.attribution import ONE_BY_ONE, TOGETHER, Groups, Weights, weights_of
from sim.study.bridge.claim import claim_of, combined, scaled, unanswered
from sim.study.bridge.endpoints import NONE, BridgeSteps, endpoints_of, simulated
from sim.study.bridge.fte import FteRule, fte_rule, occupancy_of
from sim.study.estimates import Estimate
from sim.study.replicate import Progress, RunOptions

STAFFING, CONCURRENCY, VOLUME, OTHER = "staffing", "concurrency", "volume", "other"
AHT, WORKLOAD, FTE = "aht_s", "workload_hours", "fte"
MEASURES = (AHT, WORKLOAD, FTE)
NOTICEABLE = 0.01
"""So many more contacts lost, of those offered, are worth a note."""
Part = tuple[str, str, Estimate]
"""A cause, a part of handle time (or all of it), and how much of it there is more."""


@dataclass(frozen=True, repr=False)
class Bridge(Displayed):
    """From today to tomorrow, cause by cause.

    Attributes
    ----------
    before, after : the two scenarios.
    bars : tidy, one row a cause and measure (aht_s in seconds, workload_hours, fte): cause, measure, mean, ci_low,
        ci_high (95 %, paired). By measure they add up to the change; a measure that a cause has no bar of is left out.
    ends : tidy: side (before, after, change), measure, mean, ci_low, ci_high.
    aht_parts : what the bars of `aht_s` are made of, tidy: cause, part (a measure of docs/measures.md), mean, ci_low,
        ci_high.
    claim : what the bot is said to do beside what it does, by figure (`sim.study.bridge.claim.claim_of`).
    rule : how workload becomes FTE.
    shapley : whether bars are averages over all orders of `groups`, and not of one order.
    groups : the causes of each bar after the first four, by bar.
    notes : what a reader must know of these bars.
    """

    before: Scenario
    after: Scenario
    seed: int
    replications: int
    engine: str
    bars: pd.DataFrame
    ends: pd.DataFrame
    aht_parts: pd.DataFrame
    claim: pd.DataFrame
    rule: FteRule
    shapley: bool
    groups: Groups
    notes: tuple[str, ...] = ()

    def _line(self) -> str:
        return f"{self.before.name!r}, {self.after.name!r}: {how_made(self)}"

    @property
    def causes(self) -> tuple[str, ...]:
        """The bars, in order."""
        return (STAFFING, CONCURRENCY, VOLUME, OTHER, *self.groups)


@checked
def bridge(
    before: Scenario,
    after: Scenario,
    *,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    occupancy: float | None = None,
    shapley: bool = False,
    progress: Progress | None = None,
) -> Bridge:
    """Say where the change between two scenarios comes from, cause by cause, on common customers.

    Handle time is taken apart within the records; workload and FTE by switching causes on one at a time, on both
    sides, at AFTER's staffing (docs/bridge.md).

    Parameters
    ----------
    before, after : today and tomorrow; they measure the same days.
    seed, replications : the first one's unless given here. A wanted precision is not looked at.
    jobs, engine, progress : as in `sim.run`.
    occupancy : share of time on the queue that is to be spent handling, above 0 and at most 1; else AFTER's target,
        else 0.85.
    shapley : average over all orders of at most six groups of causes in place of one order.

    Raises
    ------
    CcsimError
        When the two measure different days, or no staff would do.
    """
    planned = occupancy_of(after, occupancy)
    endpoints = endpoints_of(before, after)
    groups = TOGETHER if shapley else ONE_BY_ONE
    weights = weights_of(groups)
    options = RunOptions(before.run.seed if seed is None else seed, engine, jobs, parts=True)
    count = replications or before.run.replications
    steps = simulated(endpoints, groups, weights, options, count, progress)
    rule = fte_rule(after, steps.after, planned)
    parts, hours = list(_parts(steps, groups)), dict(_workload(steps, weights))
    return Bridge(
        before=before,
        after=after,
        seed=options.seed,
        replications=count,
        engine=engine,
        bars=_rows(["cause", "measure"], _bars(parts, hours, rule)),
        ends=_rows(["side", "measure"], _ends(steps, rule)),
        aht_parts=_rows(["cause", "part"], parts),
        claim=claim_of(steps.before, steps.after, rule),
        rule=rule,
        shapley=shapley,
        groups=dict(groups),
        notes=(*endpoints.notes, *_of_precision(before, replications), *_of_losses(steps)),
    )


def _of_precision(before: Scenario, replications: int | None) -> Iterator[str]:
    if before.run.precision and replications is None:
        yield (
            f"{before.name}: run.precision is not looked at: {before.run.replications} replications. Give another "
            "number with --replications"
        )


def _of_losses(steps: BridgeSteps) -> Iterator[str]:
    """Work that is not done because customers are lost is no work saved: say so where it is more than today."""
    lost = [float(unanswered(result).mean[0]) for result in (steps.before, steps.moved, steps.after)]
    if max(lost[1:]) > lost[0] + NOTICEABLE:
        here, moved, there = (f"{100 * share:.1f} %" for share in lost)
        between = f", {moved} today at tomorrow's staffing" if steps.moved is not steps.before else ""
        yield (
            f"Contacts that agents do not answer count as work gone: of those offered, {here} today{between}, {there} "
            "tomorrow"
        )


def _workload(steps: BridgeSteps, weights: dict[str, Weights]) -> Iterator[tuple[str, Estimate]]:
    """Hours of workload by bar: differences of results, whose sum leaves but the last and the first."""
    yield STAFFING, steps.staffed.estimates[WORKLOAD].minus(steps.before.estimates[WORKLOAD])
    yield CONCURRENCY, steps.moved.estimates[WORKLOAD].minus(steps.staffed.estimates[WORKLOAD])
    yield VOLUME, steps.grown.estimates[WORKLOAD].minus(steps.today[NONE].estimates[WORKLOAD])
    yield OTHER, steps.tomorrow[NONE].estimates[WORKLOAD].minus(steps.grown.estimates[WORKLOAD])
    for group, weight in weights.items():
        there, here = (
            combined((float(w), results[on].estimates[WORKLOAD]) for on, w in weight.items() if w)
            for results in (steps.tomorrow, steps.today)
        )
        yield group, there.minus(here)


def _parts(steps: BridgeSteps, groups: Groups) -> Iterator[Part]:
    """Seconds of handle time by part, each with the bar that it belongs to."""
    yield STAFFING, AHT, steps.staffed.estimates[AHT].minus(steps.before.estimates[AHT])
    yield CONCURRENCY, AHT, steps.moved.estimates[AHT].minus(steps.staffed.estimates[AHT])
    parts = parts_of_handle_time()
    owners = [
        (CONCURRENCY, (CONCURRENCY,)),
        (OTHER, ("",)),
        *((group, (cause,)) for group, causes in groups.items() for cause in causes),
    ]
    for owner, causes in owners:
        for name in (part.measure for part in parts if part.bar in causes):
            if name in steps.after.estimates or name in steps.moved.estimates:
                yield owner, name, _change(steps.moved.estimates.get(name), steps.after.estimates.get(name))


def _change(here: Estimate | None, there: Estimate | None) -> Estimate:
    """A part less the same part before; one of the two may not have it at all."""
    if there is None:
        assert here is not None
        return scaled(here, -1.0)
    return there if here is None else there.minus(here)


def _bars(parts: list[Part], hours: dict[str, Estimate], rule: FteRule) -> Iterator[Part]:
    for cause, change in hours.items():
        seconds = [part for owner, _, part in parts if owner == cause]
        if seconds:
            yield cause, AHT, combined((1.0, part) for part in seconds)
        yield cause, WORKLOAD, change
        yield cause, FTE, scaled(change, rule.per_hour)


def _ends(steps: BridgeSteps, rule: FteRule) -> Iterator[Part]:
    for measure, source, factor in ((AHT, AHT, 1.0), (WORKLOAD, WORKLOAD, 1.0), (FTE, WORKLOAD, rule.per_hour)):
        here, there = (scaled(result.estimates[source], factor) for result in (steps.before, steps.after))
        yield from (("before", measure, here), ("after", measure, there), ("change", measure, there.minus(here)))


def _rows(labels: list[str], parts: Iterable[Part]) -> pd.DataFrame:
    rows = [(*names, float(e.mean[0]), float(e.low[0]), float(e.high[0])) for *names, e in parts]
    return pd.DataFrame(rows, columns=[*labels, "mean", "ci_low", "ci_high"])
