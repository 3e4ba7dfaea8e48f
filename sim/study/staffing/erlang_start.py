"""A first staffing from the load that every group is offered, by Erlang A."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import AgentState, Outcome
from sim.facts.load import effort, handle_time, load_by_interval, summary, to_agents
from sim.mechanisms.chat import attention
from sim.scenario.measure_names import ATTENTION
from sim.scenario.model import Group, Intent, Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.replicate import RunOptions, ScenarioRun, make_run
from sim.study.staffing.deferred import with_deferred
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


@dataclass(frozen=True)
class OfferedLoad:
    """What each group is offered: agents busy on average where there are ample ones.

    Attributes
    ----------
    live : (groups, cells) with calls and chats, these at the cap: an agent's share of a full hand.
    waiting : deferred work by intent, (groups, cells), where it would be done as it comes.
    """

    live: Floats
    waiting: dict[str, Floats]

    @property
    def whole(self) -> Floats:
        """(groups, cells) all together, deferred work where it comes."""
        return np.asarray(sum(self.waiting.values(), self.live))


def offered_load(problem: StaffingProblem, options: RunOptions, contacts: float = LOOKED_AT) -> OfferedLoad:
    """What each group is offered, simulated with ample agents.

    It follows the time of day with the lag of contacts in hand, and holds the returns that good service leaves. Whoever
    has time takes one chat alone, so that chats are then made as short as in a full hand.

    Parameters
    ----------
    problem, options : whose, and how.
    contacts : about so many are looked at.
    """
    run = make_run(problem.staffed(_ample(problem)))
    count = max(1, math.ceil(contacts / (run.expected_contacts + 1.0)))
    intents = problem.scenario.intents
    shorter = {name: 1.0 - effort(problem.scenario, i) / handle_time(i) for name, i in intents.items() if i.chats}
    busy = np.zeros((len(problem.groups), len(problem.cells)))
    waiting = {name: np.zeros_like(busy) for name, intent in intents.items() if intent.channel == "deferred"}
    for replication in range(count):
        records = run.prepared.replicate(options.seed, replication, options.engine)
        busy += _busy(problem, run, records.segments[records.segments["state"] == AgentState.HANDLING])
        for name in (*shorter, *waiting):
            time = _busy(problem, run, _handled(records.contacts, run.frame.intents.index(name)))
            busy -= shorter.get(name, 1.0) * time
            if name in waiting:
                waiting[name] += time
    per_cell = count * HOUR_US * problem.hours
    live = busy / count / HOUR_US / problem.hours
    return OfferedLoad(live if not waiting else np.maximum(live, 0.0), {n: w / per_cell for n, w in waiting.items()})


def _handled(contacts: npt.NDArray[Any], intent: int) -> npt.NDArray[Any]:
    """When contacts of an intent were in an agent's hands, one at a time."""
    mine = contacts[(contacts["intent"] == intent) & (contacts["outcome"] == Outcome.ANSWERED)]
    spans = np.zeros(mine.size, [("group", "i8"), ("start_us", "i8"), ("end_us", "i8")])
    spans["group"], spans["start_us"] = mine["group"], mine["left_us"]
    spans["end_us"] = mine["left_us"] + mine["talk_us"] + mine["supervisor_us"] + mine["wrap_us"]
    return spans


def _busy(problem: StaffingProblem, run: ScenarioRun, spans: npt.NDArray[Any]) -> Floats:
    """(groups, cells) time (us) of spans within every interval."""
    rows = []
    for name in problem.groups:
        of_group = spans[spans["group"] == run.frame.groups.index(name)]
        till_open, till_close = (time_before(of_group, moments) for moments in (run.frame.starts, run.frame.ends))
        rows.append(till_close - till_open)
    return np.array(rows)


def _ample(problem: StaffingProblem) -> Ints:
    """(groups, blocks) so many agents that hardly anybody waits, or is a chat beside another one."""
    scenario = problem.scenario
    alone = max((handle_time(i) / effort(scenario, i) for i in scenario.intents.values() if i.chats), default=1.0)
    expected = {day: [row[3] for row in load_by_interval(scenario, day)] for day in problem.days}
    ample = np.zeros((len(problem.groups), problem.blocks), np.int64)
    for block, (day, number) in zip(problem.block_of, problem.cells, strict=True):
        ample[:, block] = np.maximum(ample[:, block], math.ceil(2.0 * alone * expected[day][number]) + MOST_MORE)
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
    """What the formulas must know of customers: mean patience (s), the share that balks, agent time of each (s)."""

    patience: float
    balk: float
    aht: float

    def queue(self, rate: float, within: float) -> Queue:
        """The queue at so many contacts a second, with the service level's T (s)."""
        return Queue(rate, self.aht, self.patience, self.balk, within)


def callers_of(scenario: Scenario) -> Callers:
    """Patience and an agent's time averaged over what comes live, by volume, before any mechanism; chats at the cap."""
    facts = summary(scenario)["intents"]
    intents = [intent for intent in scenario.intents.values() if intent.channel != "deferred"]
    weights = [facts[intent.name]["contacts_per_open_day"] * to_agents(intent, scenario.bot) for intent in intents]
    whole = sum(weights) or 1.0
    shares = [weight / whole for weight in weights]
    patience = sum(share * i.patience.average for share, i in zip(shares, intents, strict=True) if share > 0.0)
    patience = max(patience, LEAST_PATIENCE) if any(shares) else math.inf
    aht = sum(share * effort(scenario, intent) for share, intent in zip(shares, intents, strict=True))
    return Callers(patience, scenario.customers.balk, aht)


def erlang_start(problem: StaffingProblem, load: OfferedLoad, targets: Mapping[str, MeasureTarget], each: Span) -> Ints:
    """(groups, blocks) by Erlang A, group by group as if none could help another; else load and its square root.

    Agents with several chats in hand are so many servers each, and each of these takes as long as a chat in a full
    hand. Deferred work then fills what is quiet, within its due time.
    """
    callers, within = callers_of(problem.scenario), problem.scenario.targets.service_level.within
    counts = np.zeros((len(problem.groups), problem.blocks), np.int64)
    hands = [_hands(problem.scenario, problem.scenario.agents[name]) for name in problem.groups]
    known = [formula_targets(problem.scenario, targets, (name,)) for name in problem.groups]
    for block, cells in enumerate(problem.cells_of_blocks):
        for group, hand in enumerate(hands):
            loads = load.live[group, cells]
            erlangs = float(loads.max() if each == "interval" else loads.mean())
            if erlangs > 0.0:
                queue = replace(callers, aht=hand * callers.aht).queue(erlangs / callers.aht, within)
                servers = least_agents(queue, known[group])
                least = math.ceil(erlangs + math.sqrt(erlangs))
                counts[group, block] = least if servers is None else math.ceil(servers / hand)
    return with_deferred(problem, load, counts) if load.waiting else counts


def formula_targets(
    scenario: Scenario, targets: Mapping[str, MeasureTarget], groups: Sequence[str]
) -> dict[str, MeasureTarget]:
    """The same targets as formulas know them: a bound on attention as one on occupancy.

    A chat takes the same attention whatever lies beside it, so that attention is the formula's occupancy, of agents
    with their hands full, times the attention that full hands take. A bound above that binds nobody.
    """
    bound = targets.get(ATTENTION)
    if bound is None:
        return dict(targets)
    others = {measure: target for measure, target in targets.items() if measure != ATTENTION}
    busy = bound.share / _attention(scenario, [scenario.agents[name] for name in groups])
    return others | ({"occupancy": MeasureTarget(busy, bound.at_least)} if busy < 1.0 else {})


def _attention(scenario: Scenario, groups: Sequence[Group]) -> float:
    """Attention of agents with their hands full, by the live work that comes to them."""
    facts, taken, whole = summary(scenario)["intents"], 0.0, 0.0
    for group in groups:
        for intent in scenario.intents.values():
            if intent.skill in group.skills and intent.channel != "deferred":
                contacts = facts[intent.name]["contacts_per_open_day"] * to_agents(intent, scenario.bot)
                work = contacts * effort(scenario, intent)
                whole += work
                taken += work * _attention_to(intent, group)
    return taken / whole if taken > 0.0 else 1.0


def _attention_to(intent: Intent, group: Group) -> float:
    if intent.chats is None or group.attention == "slot_use":
        return 1.0
    return attention(intent.chats, group.highest_concurrency) if group.highest_concurrency > 1 else 1.0


def _hands(scenario: Scenario, group: Group) -> int:
    """How many an agent serves at once: of a group that takes chats alone its cap."""
    channels = {i.channel for i in scenario.intents.values() if i.skill in group.skills and i.channel != "deferred"}
    return group.highest_concurrency if channels == {"chat"} else 1
