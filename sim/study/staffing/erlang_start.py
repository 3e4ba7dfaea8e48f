"""A first staffing from the load that every group is offered, by Erlang A."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engine.records import AgentState
from sim.facts.load import handle_time, load_by_interval, summary, to_agents
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.replicate import RunOptions, make_study
from sim.study.staffing.erlang import Queue, least_agents
from sim.study.staffing.evaluator import contacts_of
from sim.study.staffing.plan import Ints, Span, StaffingProblem

Floats = npt.NDArray[np.float64]
MOST_MORE = 10
"""Agents beyond twice the expected load at which there are ample ones; and beyond the guess at the most."""
LOOKED_AT = 30_000
"""Contacts, about, from which the offered load is taken."""
LEAST_PATIENCE = 1e-3
"""Seconds that stand for no patience at all in the formulas."""
HOUR_US = 3_600_000_000


def offered_load(ground: StaffingProblem, orders: RunOptions) -> Floats:
    """(groups, cells) agents busy on average where there are ample ones: what each group is offered.

    It follows the time of day with the lag of contacts in hand, and holds the returns that good service leaves.
    """
    scenario = ground.scenario
    expected = {d: [row[3] for row in load_by_interval(scenario, d)] for d in dict.fromkeys(d for d, _ in ground.cells)}
    ample = np.zeros((len(ground.groups), ground.blocks), np.int64)
    for c, (day, k) in enumerate(ground.cells):
        block = ground.block_of[c]
        ample[:, block] = np.maximum(ample[:, block], math.ceil(2.0 * expected[day][k]) + MOST_MORE)
    study = make_study(ground.staffed(ample))
    count = max(1, math.ceil(LOOKED_AT / (contacts_of(study) + 1.0)))
    numbers = [study.frame.groups.index(name) for name in ground.groups]
    busy = np.zeros((len(ground.groups), len(ground.cells)))
    for r in range(count):
        segments = study.prepared.replicate(orders.seed, r, orders.engine).segments
        at_work = segments[segments["state"] == AgentState.HANDLING]
        for g, number in enumerate(numbers):
            mine = at_work[at_work["group"] == number]
            busy[g] += _overlap(mine["start_us"], mine["end_us"], study.frame.starts, study.frame.ends)
    return busy / count / HOUR_US / ground.hours


def _overlap(starts: Ints, ends: Ints, opens: Ints, closes: Ints) -> Floats:
    """Total time of spells within each interval (us)."""
    return _until(starts, ends, closes) - _until(starts, ends, opens)


def _until(starts: Ints, ends: Ints, at: Ints) -> Floats:
    """Total time of spells before each moment: what has begun less what has ended."""
    found = np.zeros(at.size)
    for moments, sign in ((starts, 1.0), (ends, -1.0)):
        ordered = np.sort(moments)
        sums = np.concatenate([[0.0], np.cumsum(ordered, dtype=np.float64)])
        place = np.searchsorted(ordered, at)
        found += sign * (place * at.astype(np.float64) - sums[place])
    return found


@dataclass(frozen=True)
class Callers:
    """What the formulas must know of customers: mean patience (s), the share that balks, the handle time (s)."""

    patience: float
    balk: float
    aht: float


def callers_of(scenario: Scenario) -> Callers:
    """Patience and handle time averaged over the intents by their volume, before any mechanism."""
    told = summary(scenario)["intents"]
    weights = [told[n]["contacts_per_open_day"] * to_agents(i, scenario.bot) for n, i in scenario.intents.items()]
    whole = sum(weights) or 1.0
    shares = [weight / whole for weight in weights]
    intents = list(scenario.intents.values())
    patience = sum(s * i.patience.average for s, i in zip(shares, intents, strict=True) if s > 0.0)
    patience = max(patience, LEAST_PATIENCE) if any(shares) else math.inf
    aht = sum(s * handle_time(i) for s, i in zip(shares, intents, strict=True))
    return Callers(patience, scenario.customers.balk, aht)


def guess(ground: StaffingProblem, load: Floats, goals: Mapping[str, MeasureTarget], each: Span) -> Ints:
    """(groups, blocks) by Erlang A, group by group as if none could help another; else load and its square root."""
    callers, within = callers_of(ground.scenario), ground.scenario.targets.service_level.within
    found = np.zeros((len(ground.groups), ground.blocks), np.int64)
    for b, cells in enumerate(_cells(ground)):
        for g in range(len(ground.groups)):
            there = load[g, cells]
            erlangs = float(there.max() if each == "interval" else there.mean())
            if erlangs <= 0.0:
                continue
            queue = Queue(erlangs / callers.aht, callers.aht, callers.patience, callers.balk, within)
            found[g, b] = least_agents(queue, goals) or math.ceil(erlangs + math.sqrt(erlangs))
    return found


def _cells(ground: StaffingProblem) -> list[Ints]:
    return [np.flatnonzero(ground.block_of == b) for b in range(ground.blocks)]
