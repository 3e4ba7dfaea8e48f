"""What agents have in hand, put together from the contacts alone: caps, room for who waits, items begun and put aside.

Who is on the way out is not in the records. Here it is whoever, when all is done that goes on without a break between,
rests or leaves; and nobody of a group in which an announced departure was cancelled counts as staying.
"""

from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np

from sim.engine.plan import make_plan
from sim.engine.records import AgentState, Outcome
from tests.properties.reading import DAY_US, Row, by_agent, rows, through
from tests.properties.worlds import Played

CHAT, ITEM = "chat", "deferred"


class Held(NamedTuple):
    """A contact, or the place of one who has left, in an agent's hands (us)."""

    start: int
    end: int
    kind: str


def audit_in_hand(played: Played) -> None:
    """Check everything."""
    in_hand, stays = all_in_hand(played), staying(played)
    caps_hold_over_contacts(played, in_hand)
    levels_are_the_contacts(played, in_hand)
    no_chat_waits_for_who_has_room(played, in_hand, stays)
    no_contact_waits_for_an_item(played, stays)
    enough_stay_idle(played)
    no_item_waits_for_more_idle_than_kept(played)
    nothing_done_is_lost(played)


def all_contacts(played: Played) -> list[Row]:
    """Contacts, each with its channel's row and the name of its channel."""
    kinds = [intent.channel for intent in played.scenario.intents.values()]
    pairs = zip(rows(played.records.contacts), rows(played.records.channels), strict=True)
    return [contact | channel | {"channel": kinds[contact["intent"]]} for contact, channel in pairs]


def all_in_hand(played: Played) -> dict[int, list[Held]]:
    """What each agent is known to have had in hand: not calls without an answer, and items only if never put aside."""
    found = defaultdict(list)
    for c in all_contacts(played):
        if c["outcome"] == Outcome.ANSWERED and not c["aside"]:
            end = through(c) if c["channel"] == "phone" else c["closed_us"]
            if end >= 0:
                found[c["agent"]].append(Held(c["left_us"], end, c["channel"]))
    for ghost in rows(played.records.ghosts):
        if ghost["left_us"] >= 0:
            found[ghost["agent"]].append(Held(ghost["assigned_us"], ghost["left_us"], "ghost"))
    return found


def cap_of(played: Played, agent: int) -> int:
    """How many an agent may have at once, by its time in the job."""
    traits = rows(played.records.agents)[agent]
    cap = list(played.scenario.agents.values())[traits["group"]].concurrency
    if isinstance(cap, int):
        return cap
    return int(max((since, most) for since, most in cap.items() if since <= traits["tenure_s"])[1])


# Caps -----------------------------------------------------------------------------------


def caps_hold_over_contacts(played: Played, in_hand: dict[int, list[Held]]) -> None:
    """At no moment more than the cap, and nothing beside a call or an item."""
    for agent, held in in_hand.items():
        most = cap_of(played, agent)
        for one in held:
            together = [h for h in held if h.start <= one.start < h.end]
            assert len(together) <= max(most, 1), (agent, most, together)
            alone = all(h.kind in (CHAT, "ghost") for h in together)
            assert alone or len(together) == 1, (agent, together)


def levels_are_the_contacts(played: Played, in_hand: dict[int, list[Held]]) -> None:
    """With two or more places taken, they are those of chats and of ghosts; the caps are those of the file."""
    still_open = (played.records.channels["closed_us"] < 0).any() or (played.records.ghosts["left_us"] < 0).any()
    for s, level in zip(rows(played.records.segments), rows(played.records.levels), strict=True):
        assert level["cap"] == cap_of(played, s["agent"]), (s, level)
        known = [h for h in in_hand[s["agent"]] if h.start <= s["start_us"] and s["end_us"] <= h.end]
        assert len(known) <= level["held"] or s["state"] != AgentState.HANDLING, (s, level, known)
        assert level["held"] < 2 or still_open or len(known) == level["held"], (s, level, known)


# Room -----------------------------------------------------------------------------------


def staying(played: Played) -> dict[int, list[tuple[int, int]]]:
    """When each agent, busy, is not on the way out (us)."""
    cancelled = {d["group"] for d in rows(played.records.duties) if d["agent"] < 0}
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for agent, own in by_agent(played.records.segments).items():
        begun = None
        for s, following in zip(own, [*own[1:], None], strict=True):
            if s["state"] != AgentState.HANDLING:
                begun = None
                continue
            begun = s["start_us"] if begun is None else begun
            on = following is not None and following["start_us"] == s["end_us"]
            if on and following["state"] == AgentState.AVAILABLE and s["group"] not in cancelled:
                found[agent].append((begun, s["end_us"]))
            if not on:
                begun = None
    return found


def waits_for(played: Played, c: Row, group: int) -> tuple[int, int] | None:
    """From when to when a contact that waits might be taken by a group (us)."""
    liked = list(played.scenario.agents.values())[group].skills
    skill = list(played.scenario.intents.values())[c["intent"]].skill
    if skill not in liked or c["joined_us"] < 0 or c["left_us"] < 0:
        return None
    start = c["joined_us"] + round(liked[skill].overflow_after * 1e6)
    return (start, c["left_us"]) if start < c["left_us"] else None


def no_chat_waits_for_who_has_room(played: Played, in_hand: dict[int, list[Held]], stays: Any) -> None:
    """No chat waits for any time while somebody who may take it has fewer in hand than the cap, and only chats."""
    chats = [c for c in all_contacts(played) if c["channel"] == CHAT]
    for s, level in zip(rows(played.records.segments), rows(played.records.levels), strict=True):
        if s["state"] != AgentState.HANDLING or level["held"] >= level["cap"]:
            continue
        here = [h for h in in_hand[s["agent"]] if h.start <= s["start_us"] and s["end_us"] <= h.end]
        if len(here) < level["held"] or not all(h.kind in (CHAT, "ghost") for h in here):
            continue
        if not any(a <= s["start_us"] and s["end_us"] <= b for a, b in stays[s["agent"]]):
            continue
        for c in chats:
            span = waits_for(played, c, s["group"])
            assert span is None or span[1] <= s["start_us"] or s["end_us"] <= span[0], (c, s, level)


# Items ----------------------------------------------------------------------------------


def no_contact_waits_for_an_item(played: Played, stays: Any) -> None:
    """Whoever has to wait on joining finds nobody at an item that may be put aside."""
    intents, contacts = list(played.scenario.intents.values()), all_contacts(played)
    begun = [
        c
        for c in contacts
        if c["channel"] == ITEM and intents[c["intent"]].interruptible and not c["aside"] and not c["asks"]
        if c["closed_us"] >= 0 and any(a <= c["left_us"] and c["closed_us"] <= b for a, b in stays[c["agent"]])
    ]
    for c in contacts:
        if c["channel"] == ITEM or not c["delayed"]:
            continue
        for one in begun:
            span = waits_for(played, c, one["group"])
            moment = span[0] if span else -1
            assert not one["left_us"] < moment < one["closed_us"], (c, one)


def idle_of(played: Played, group: int) -> list[Row]:
    """Segments in which agents of a group are idle, as far as they work on the backlog: on duty, not in a drain."""
    plan = make_plan(played.scenario, played.horizon, (0, 0))
    mine = [s for s in rows(played.records.segments) if s["group"] == group and s["state"] == AgentState.AVAILABLE]
    if not plan.counted[group]:
        duties = by_agent(played.records.duties)
        ends = [[d["end_us"] for d in duties[s["agent"]] if d["start_us"] <= s["start_us"]][-1] for s in mine]
    else:
        last = played.horizon.close_us.size - 1
        days = [int(played.horizon.close_us[min(s["start_us"] // DAY_US, last)]) for s in mine]
        ends = [close if close >= 0 else s["start_us"] for s, close in zip(mine, days, strict=True)]
    return [s | {"end_us": min(s["end_us"], end)} for s, end in zip(mine, ends, strict=True) if end > s["start_us"]]


def enough_stay_idle(played: Played) -> None:
    """An item is begun only where so many of the group stay idle, or fall idle or take something at that moment."""
    groups, segments = list(played.scenario.agents.values()), rows(played.records.segments)
    for c in all_contacts(played):
        if c["channel"] != ITEM or c["outcome"] != Outcome.ANSWERED or c["aside"] or not groups[c["group"]].keep_idle:
            continue
        others = {
            s["agent"]
            for s in segments
            if s["group"] == c["group"] and s["agent"] != c["agent"] and s["start_us"] <= c["left_us"] <= s["end_us"]
            if s["state"] == AgentState.AVAILABLE or c["left_us"] in (s["start_us"], s["end_us"])
        }
        assert len(others) >= groups[c["group"]].keep_idle, (c, others)


def no_item_waits_for_more_idle_than_kept(played: Played) -> None:
    """While an item waits no more are idle, for any time, of a group that may begin it, than it keeps idle."""
    items = [c for c in all_contacts(played) if c["channel"] == ITEM and not c["aside"] and c["left_us"] >= 0]
    for number, group in enumerate(played.scenario.agents.values()):
        idle = idle_of(played, number)
        for c in items:
            span = waits_for(played, c, number)
            if span is None:
                continue
            here = [(max(s["start_us"], span[0]), min(s["end_us"], span[1])) for s in idle]
            here = [(a, b) for a, b in here if a < b]
            for start, _ in here:
                together = sum(a <= start < b for a, b in here)
                assert together <= group.keep_idle, (c, number, start, together)


def nothing_done_is_lost(played: Played) -> None:
    """What has been done of an item that is not done, and what is left of it, are all of it."""
    channels, contacts = played.records.channels, played.records.contacts
    items = np.array([intent.channel == ITEM for intent in played.scenario.intents.values()])[contacts["intent"]]
    begun = items & (contacts["outcome"] == Outcome.ANSWERED) & (channels["closed_us"] < 0) & (channels["asks"] == 0)
    whole = contacts["talk_us"] + contacts["wrap_us"]
    spent = channels["talk_share_us"] + channels["wrap_share_us"] + channels["rest_us"]
    waits = begun & (channels["aside"] > 0)
    np.testing.assert_array_equal(spent[waits], whole[waits])
