"""Who takes whom, as the audit sees it: agents and waiting contacts, supervisors and waiting agents, counts."""

from itertools import pairwise
from typing import Any

import numpy as np

from sim.engine.plan import make_plan
from sim.engine.records import AgentState, Event, Outcome
from sim.mechanisms.supervisor import intent_law
from sim.rng.philox import replication_key
from tests.properties.audit_agents import answered
from tests.properties.reading import Row, asked_at, rows
from tests.properties.worlds import Played


def available(played: Played) -> Any:
    """The segments in which agents are idle."""
    return played.records.segments[played.records.segments["state"] == AgentState.AVAILABLE]


def eligible(played: Played) -> dict[int, dict[int, int]]:
    """For each intent, the groups with its skill and the preference they give it."""
    groups = list(played.scenario.agents.values())
    return {
        i: {g: group.skills[intent.skill].preference for g, group in enumerate(groups) if intent.skill in group.skills}
        for i, intent in enumerate(played.scenario.intents.values())
    }


def nobody_waits_for_an_idle_agent(played: Played) -> None:
    """No waiting contact shares a moment with an idle agent who has its skill."""
    free, groups = available(played), eligible(played)
    for c in rows(played.records.contacts):
        if c["left_us"] > c["joined_us"] >= 0:
            meets = (free["start_us"] < c["left_us"]) & (free["end_us"] > c["joined_us"])
            meets &= np.isin(free["group"], list(groups[c["intent"]]))
            assert not meets.any(), (c, free[meets])


def nobody_overtakes(played: Played) -> None:
    """Whom an agent takes ranks before all of its skills who go on waiting: by preference, then wait and head start."""
    groups, likes = list(played.scenario.agents.values()), eligible(played)
    credit = np.array([round(i.head_start * 1e6) for i in played.scenario.intents.values()])
    waited = played.records.contacts
    waited = waited[waited["delayed"] == 1]
    for c in rows(waited[waited["outcome"] == Outcome.ANSWERED]):
        stay = waited[(waited["joined_us"] < c["left_us"]) & (waited["left_us"] > c["left_us"])]

        def place(other: dict[str, Any], g: int = c["group"]) -> tuple[int, int]:
            preference = 0 if groups[g].picks == "longest_wait" else likes[other["intent"]][g]
            return preference, other["joined_us"] - credit[other["intent"]]

        for other in rows(stay):
            assert c["group"] not in likes[other["intent"]] or place(c) <= place(other), (c, other)


def the_longest_idle_is_taken(played: Played) -> None:
    """A contact that need not wait takes the lowest preference, then the longest idle, of those who stay idle."""
    free, groups = available(played), eligible(played)
    for c in answered(played):
        if c["delayed"]:
            continue
        moment, likes = c["left_us"], groups[c["intent"]]
        since = idle_since(free, c["agent"], moment)
        for other in staying_idle(free, moment, list(likes)):
            taken, left = (likes[c["group"]], since), (likes[other["group"]], other["start_us"])
            assert taken <= left, (c, other)


def idle_since(free: Any, agent: int, moment: int) -> int:
    """Since when an agent who is taken at a moment has been idle."""
    mine = free[(free["agent"] == agent) & (free["end_us"] == moment)]
    return int(mine["start_us"][0]) if mine.size else moment


def staying_idle(free: Any, moment: int, groups: list[int]) -> list[Row]:
    """Segments of agents of some groups who are idle before and after a moment."""
    return rows(free[(free["start_us"] < moment) & (free["end_us"] > moment) & np.isin(free["group"], groups)])


# Supervisors ----------------------------------------------------------------------------


def supervisors_decide(played: Played) -> None:
    """Agents ask supervisors, one after the other; nobody waits for one who is free, nor decides alone beside one."""
    boss, contacts = played.scenario.supervisor, answered(played)
    if boss is None:
        assert not any(c["supervisor"] >= 0 or c["supervisor_us"] or c["consultation_us"] for c in contacts)
        return
    group, free = list(played.scenario.agents).index(boss.group), available(played)
    group_of = played.records.agents["group"]
    shares = [intent_law(boss, intent, 0) for intent in played.scenario.intents.values()]
    begun = -1
    for c in sorted(contacts, key=lambda c: (asked_at(c), c["agent"])):
        share, asks, waits_until = (
            shares[c["intent"]],
            c["supervisor"] >= 0,
            asked_at(c) + c["supervisor_us"] - c["consultation_us"],
        )
        assert c["supervisor_us"] >= c["consultation_us"], c
        assert c["consultation_us"] == 0 or asks, c
        if c["group"] == group or c["transferred"] or max(share) == 0:
            assert not asks, c
            assert c["supervisor_us"] == 0, c
            continue
        lingers = (free["start_us"] < waits_until) & (free["end_us"] > asked_at(c)) & (free["group"] == group)
        assert not lingers.any() or c["supervisor_us"] == c["consultation_us"], (c, free[lingers])
        if asks:
            assert group_of[c["supervisor"]] == group, c
            assert waits_until >= begun, (c, begun)
            begun = waits_until
            the_longest_idle_decides(c, free, group)
        elif c["supervisor_us"] or min(share) >= 1:
            assert not somebody_there(played, group, waits_until), c


def the_longest_idle_decides(c: Row, free: Any, group: int) -> None:
    """Where an agent need not wait, the supervisor has been idle no less than those who stay idle."""
    if c["supervisor_us"] == c["consultation_us"]:
        since = idle_since(free, c["supervisor"], asked_at(c))
        assert all(since <= other["start_us"] for other in staying_idle(free, asked_at(c), [group])), c


def somebody_there(played: Played, group: int, moment: int) -> bool:
    """Whether anybody of a group is on duty just before and just after a moment."""
    duties = played.records.duties[played.records.duties["agent"] >= 0]
    there = duties[(duties["group"] == group) & (duties["start_us"] < moment)]
    return any(stays(duties, d, moment) for d in rows(there))


def stays(duties: Any, duty: Row, moment: int) -> bool:
    """Whether a spell of duty goes on beyond a moment, or ends then for the next one to begin."""
    renewed = (duties["agent"] == duty["agent"]) & (duties["start_us"] == moment) & (duties["left_us"] > moment)
    return duty["left_us"] > moment or (duty["left_us"] == moment and bool(renewed.any()))


def the_desk_goes_first(played: Played) -> None:
    """A supervisor takes no contact of the queue while an agent waits at the desk."""
    boss = played.scenario.supervisor
    if boss is None:
        return
    group, contacts = list(played.scenario.agents).index(boss.group), answered(played)
    waits = [(asked_at(c), asked_at(c) + c["supervisor_us"] - c["consultation_us"]) for c in contacts]
    for c in contacts:
        if c["group"] == group:
            assert not any(a < c["left_us"] < b for a, b in waits), c


# Counts ---------------------------------------------------------------------------------


def counts_are_met(played: Played, seed: int) -> None:
    """While the centre is open, nobody idles or rests beyond the count, and as many as planned are on duty."""
    plan = make_plan(played.scenario, played.horizon, replication_key(seed, 0))
    duties, free = played.records.duties, played.records.segments
    free = free[free["state"] != AgentState.HANDLING]
    for group in np.flatnonzero(plan.counted):
        moves = [e for e in plan.events.tolist() if e[1] == Event.STAFFING and e[2] == group]
        on = duties[(duties["group"] == group) & (duties["agent"] >= 0)]
        idle = free[free["group"] == group]
        for middle in middles(played, on, idle, [m[0] for m in moves]):
            planned = [m[3] for m in moves if m[0] < middle][-1]
            here = ((on["start_us"] < middle) & (on["left_us"] > middle)).sum()
            idling = ((idle["start_us"] < middle) & (idle["end_us"] > middle)).any()
            assert here >= planned, (group, middle, here, planned)
            assert not idling or here <= planned, (group, middle, here, planned)


def middles(played: Played, on: Any, idle: Any, moments: list[int]) -> list[int]:
    """A moment between any two events of a group, in open hours."""
    edges = np.unique(np.concatenate([on["start_us"], on["left_us"], idle["start_us"], idle["end_us"], moments]))
    open_us, close_us = played.horizon.open_us, played.horizon.close_us
    points = np.unique(np.concatenate([edges, open_us[open_us >= 0], close_us[close_us >= 0]]))
    gaps = [(int(a) + int(b)) // 2 for a, b in pairwise(points) if b - a > 1]
    return [m for m in gaps if ((open_us >= 0) & (open_us <= m) & (m < close_us)).any()]
