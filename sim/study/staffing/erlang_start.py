"""A first staffing from the load that every group is offered, by Erlang A."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import AgentState
from sim.facts.load import handle_time, load_by_interval, summary, to_agents
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.replicate import RunOptions, make_run
from sim.study.staffing.erlang import Queue, least_agents
from sim.study.staffing.plan import Ints, Span, StaffingProblem

Floats = npt.NDArray[np.float64]
MOST_MORE = 10
"""Agents beyond twice the expected load at which there are ample ones; and beyond the first staffing at the most."""
LOOKED_AT = 30_000
"""Contacts, about, from which the offered load is taken."""
LEAST_PATIENCE = 1e-3
"""Seconds that stand for no patience at all in the formulas."""
HOUR_US = 3_600_000_000


def offered_load(problem: StaffingProblem, options: RunOptions) -> Floats:
    """(groups, cells) agents busy on average where there are ample ones: what each group is offered.

    It follows the time of day with the lag of contacts in hand, and holds the returns that good service leaves.
    """
    run = make_run(problem.staffed(_ample(problem)))
    count = max(1, math.ceil(LOOKED_AT / (run.expected_contacts + 1.0)))
    numbers = [run.frame.groups.index(name) for name in problem.groups]
    busy = np.zeros((len(problem.groups), len(problem.cells)))
    for replication in range(count):
        segments = run.prepared.replicate(options.seed, replication, options.engine).segments
        handling = segments[segments["state"] == AgentState.HANDLING]
        for row, number in zip(busy, numbers, strict=True):
            of_group = handling[handling["group"] == number]
            till_open, till_close = (time_before(of_group, moments) for moments in (run.frame.starts, run.frame.ends))
            row += till_close - till_open
    return busy / count / HOUR_US / problem.hours


def _ample(problem: StaffingProblem) -> Ints:
    """(groups, blocks) so many agents that hardly anybody waits."""
    expected = {day: [row[3] for row in load_by_interval(problem.scenario, day)] for day in problem.days}
    ample = np.zeros((len(problem.groups), problem.blocks), np.int64)
    for block, (day, number) in zip(problem.block_of, problem.cells, strict=True):
        ample[:, block] = np.maximum(ample[:, block], math.ceil(2.0 * expected[day][number]) + MOST_MORE)
    return ample


def time_before(segments: npt.NDArray[Any], moments: Ints) -> Floats:
    """Total time of segments before each moment (us): what has begun less what has ended."""
    total = np.zeros(moments.size)
    for name, sign in (("start_us", 1.0), ("end_us", -1.0)):
        ordered = np.sort(segments[name])
        sums = np.concatenate([[0.0], np.cumsum(ordered, dtype=np.float64)])
        place = np.searchsorted(ordered, moments)
        total += sign * (place * moments.astype(np.float64) - sums[place])
    return total


@dataclass(frozen=True)
class Callers:
    """What the formulas must know of customers: mean patience (s), the share that balks, the handle time (s)."""

    patience: float
    balk: float
    aht: float

    def queue(self, rate: float, within: float) -> Queue:
        """The queue at so many contacts a second, with the service level's T (s)."""
        return Queue(rate, self.aht, self.patience, self.balk, within)


def callers_of(scenario: Scenario) -> Callers:
    """Patience and handle time averaged over the intents by their volume, before any mechanism."""
    facts, intents = summary(scenario)["intents"], list(scenario.intents.values())
    weights = [facts[intent.name]["contacts_per_open_day"] * to_agents(intent, scenario.bot) for intent in intents]
    whole = sum(weights) or 1.0
    shares = [weight / whole for weight in weights]
    patience = sum(share * i.patience.average for share, i in zip(shares, intents, strict=True) if share > 0.0)
    patience = max(patience, LEAST_PATIENCE) if any(shares) else math.inf
    aht = sum(share * handle_time(intent) for share, intent in zip(shares, intents, strict=True))
    return Callers(patience, scenario.customers.balk, aht)


def erlang_start(problem: StaffingProblem, load: Floats, targets: Mapping[str, MeasureTarget], each: Span) -> Ints:
    """(groups, blocks) by Erlang A, group by group as if none could help another; else load and its square root."""
    callers, within = callers_of(problem.scenario), problem.scenario.targets.service_level.within
    counts = np.zeros((len(problem.groups), problem.blocks), np.int64)
    for block, cells in enumerate(problem.cells_of_blocks):
        for group in range(len(problem.groups)):
            loads = load[group, cells]
            erlangs = float(loads.max() if each == "interval" else loads.mean())
            if erlangs > 0.0:
                queue = callers.queue(erlangs / callers.aht, within)
                counts[group, block] = least_agents(queue, targets) or math.ceil(erlangs + math.sqrt(erlangs))
    return counts
