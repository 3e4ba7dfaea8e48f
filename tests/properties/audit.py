"""What must hold in every replication, whatever the world and the engine: checked from the flat records alone."""

from collections import defaultdict
from itertools import pairwise
from typing import Any

import numpy as np

from sim.engine.order import Event
from sim.engine.plan import make_plan
from sim.engine.records import FACTORS, AgentState, BotOutcome, Cause, NeedStatus, Outcome
from sim.measures import make_frame, tally
from sim.measures.counts import Count
from sim.world.luck import replication_key
from tests.properties.worlds import Played

HOUR_US, DAY_US = 3.6e9, 86_400_000_000


def audit(played: Played, seed: int = 1) -> None:
    """Check everything."""
    every_contact_ends_exactly_once(played)
    attempts_follow_one_another(played)
    needs_end_as_their_last_attempt(played)
    clocks_run_forward(played)
    handle_times_add_up(played)
    returns_come_in_open_hours(played)
    agents_do_one_thing_at_a_time(played)
    handling_is_the_contacts(played)
    breaks_last_in_full(played)
    nobody_lingers(played)
    fatigue_is_continuous(played)
    nobody_waits_for_an_idle_agent(played)
    nobody_overtakes(played)
    the_longest_idle_is_taken(played)
    counts_are_met(played, seed)
    measures_add_up(played)


def rows(table: Any) -> list[dict[str, Any]]:
    """Rows as dictionaries of plain numbers."""
    names = table.dtype.names
    return [dict(zip(names, row, strict=True)) for row in table.tolist()]


# Contacts and needs ---------------------------------------------------------------------


def every_contact_ends_exactly_once(played: Played) -> None:
    """One outcome a contact, and everything about it fits that outcome."""
    for c in rows(played.records.contacts):
        joined = c["joined_us"] >= 0
        contained = c["bot"] in (BotOutcome.RESOLVED, BotOutcome.FALSELY_CONTAINED)
        assert joined == (c["outcome"] != Outcome.NONE) == (not contained), c
        assert (c["agent"] >= 0) == (c["group"] >= 0) == (c["outcome"] == Outcome.ANSWERED), c
        if not joined:
            assert c["left_us"] == -1, c
            assert c["talk_us"] == c["mistreated"] == c["delayed"] == 0, c
            assert c["resolved"] == (c["bot"] == BotOutcome.RESOLVED), c
        else:
            waited = c["left_us"] - c["joined_us"]
            assert waited >= 0, c
            assert c["delayed"] or waited == 0, c
            assert c["outcome"] != Outcome.BALKED or not c["delayed"], c
            assert c["outcome"] != Outcome.ABANDONED or c["delayed"], c
            assert c["outcome"] == Outcome.ANSWERED or not (c["resolved"] or c["mistreated"] or c["talk_us"]), c
        assert not c["context_lost"] or c["bot"] == BotOutcome.HANDED_OFF, c
        assert 0 <= c["frustration"] <= 1, c
        assert 0 <= c["fatigue"] <= 1, c


def attempts_follow_one_another(played: Played) -> None:
    """Attempts of a need are 1 to n, each after the end of the one before, for the reason that this gave."""
    records = played.records
    most = played.scenario.customers.max_attempts
    before = None
    for c in rows(records.contacts):
        need = records.needs[c["need"]]
        if c["attempt"] == 1:
            assert before is None or before["need"] == c["need"] - 1, c
            assert c["cause"] == Cause.FIRST, c
            assert c["arrival_us"] == need["born_us"], c
        else:
            assert before["need"] == c["need"], c
            assert before["attempt"] == c["attempt"] - 1, c
            assert not before["resolved"], c
            assert c["arrival_us"] >= end_of(before), (before, c)
            assert c["cause"] == reason(before), (before, c)
        assert most is None or c["attempt"] <= most, c
        assert c["intent"] == need["intent"], c
        before = c
    assert records.needs.size == np.unique(records.contacts["need"]).size


def end_of(contact: dict[str, Any]) -> int:
    """When the customer hangs up."""
    if contact["left_us"] >= 0:
        return int(contact["left_us"] + contact["talk_us"])
    return int(contact["arrival_us"] + contact["bot_us"])


def reason(contact: dict[str, Any]) -> Cause:
    """Why a customer comes back after a contact."""
    if contact["outcome"] == Outcome.ANSWERED:
        return Cause.REPEAT
    return Cause.FALSELY_CONTAINED if contact["bot"] == BotOutcome.FALSELY_CONTAINED else Cause.REDIAL


def needs_end_as_their_last_attempt(played: Played) -> None:
    """Status, attempts and time of resolution."""
    last = {c["need"]: c for c in rows(played.records.contacts)}
    for number, need in enumerate(rows(played.records.needs)):
        contact = last[number]
        assert need["attempts"] == contact["attempt"], need
        assert (need["status"] == NeedStatus.RESOLVED) == bool(contact["resolved"]), need
        assert need["resolved_us"] == (end_of(contact) if contact["resolved"] else -1), need
        assert need["measured"] == played.horizon.measured[need["day"]], need
        most = played.scenario.customers.max_attempts
        assert need["status"] != NeedStatus.PENDING or most is None or need["attempts"] < most, need


def clocks_run_forward(played: Played) -> None:
    """Arrival, bot, queue: each after the other, and every day is the day of its arrival."""
    contacts, needs = played.records.contacts, played.records.needs
    assert (np.diff(needs["born_us"]) >= 0).all()
    assert (contacts["day"] == contacts["arrival_us"] // DAY_US).all()
    assert (needs["day"] == needs["born_us"] // DAY_US).all()
    joined = contacts[contacts["joined_us"] >= 0]
    assert (joined["joined_us"] == joined["arrival_us"] + joined["bot_us"]).all()
    for name in ("bot_us", "stated_us", "base_us", "natural_talk_us", "talk_us", "wrap_us", "cleanup_us"):
        assert (contacts[name] >= 0).all(), name


def handle_times_add_up(played: Played) -> None:
    """T0 and what each cause adds make the talk needed, to the microsecond; clean-up is part of wrap-up."""
    contacts = played.records.contacts
    answered = contacts[contacts["outcome"] == Outcome.ANSWERED]
    causes = sum(answered[f"{factor}_us"] for factor in FACTORS)
    assert (answered["base_us"] + causes == answered["natural_talk_us"]).all()
    assert (answered["summary_us"] <= 0).all()
    assert (answered["wrap_us"] >= answered["cleanup_us"]).all()
    others = contacts[contacts["outcome"] != Outcome.ANSWERED]
    assert not any(others[name].any() for name in (*(f"{f}_us" for f in FACTORS), "summary_us", "cleanup_us"))


def returns_come_in_open_hours(played: Played) -> None:
    """Every attempt, first or not, arrives while the centre is open."""
    horizon, contacts = played.horizon, played.records.contacts
    day, arrival = contacts["day"], contacts["arrival_us"]
    assert (horizon.open_us[day] <= arrival).all()
    assert (arrival < horizon.close_us[day]).all()


# Agents ---------------------------------------------------------------------------------


def by_agent(table: Any) -> dict[int, list[dict[str, Any]]]:
    """Rows of each named agent, by start."""
    found = defaultdict(list)
    for row in sorted(rows(table), key=lambda r: (r["start_us"], r["end_us"])):
        if row["agent"] >= 0:
            found[row["agent"]].append(row)
    return found


def agents_do_one_thing_at_a_time(played: Played) -> None:
    """Spells of duty do not overlap, and segments, none of them empty, abut and cover them exactly.

    A spell may begin at the moment at which the one before ends, with a contact or a break in hand.
    """
    segments, duties = by_agent(played.records.segments), by_agent(played.records.duties)
    assert set(segments) <= set(duties)
    for agent, spells in duties.items():
        for spell, following in pairwise(spells):
            assert spell["start_us"] <= spell["left_us"] <= following["start_us"], (spell, following)
        for s, following in pairwise(segments[agent]):
            assert s["start_us"] < s["end_us"] <= following["start_us"], (s, following)
        on_duty = merged([(s["start_us"], s["left_us"]) for s in spells if s["left_us"] > s["start_us"]])
        assert on_duty == merged([(s["start_us"], s["end_us"]) for s in segments[agent]]), agent


def handling_is_the_contacts(played: Played) -> None:
    """Every spell of handling is one answered contact from the moment it was taken to the end of its wrap-up."""
    answered = played.records.contacts[played.records.contacts["outcome"] == Outcome.ANSWERED]
    length = answered["talk_us"] + answered["wrap_us"]
    took = zip(answered["agent"], answered["group"], answered["left_us"], answered["left_us"] + length, strict=True)
    busy = played.records.segments[played.records.segments["state"] == AgentState.HANDLING]
    spent = zip(busy["agent"], busy["group"], busy["start_us"], busy["end_us"], strict=True)
    lasting = [tuple(map(int, t)) for t, n in zip(took, length, strict=True) if n > 0]
    assert sorted(lasting) == sorted(tuple(map(int, s)) for s in spent)


def breaks_last_in_full(played: Played) -> None:
    """A shift begins and ends as planned; a break begins when due or later and lasts in full, or to the end of duty."""
    lines = lines_of(played)
    duties = by_agent(played.records.duties)
    for agent, own in by_agent(played.records.segments).items():
        pauses = [s for s in own if s["state"] == AgentState.BREAK]
        if agent not in lines:
            assert not pauses, pauses
            continue
        for spell in duties[agent]:
            start, planned = spell["start_us"], [(after, lasts) for after, lasts in lines[agent][2]]
            assert start % DAY_US == lines[agent][0], spell
            assert spell["end_us"] - start == lines[agent][1], spell
            for pause in (s for s in pauses if start <= s["start_us"] < spell["left_us"]):
                length = pause["end_us"] - pause["start_us"]
                due = [b for b in planned if start + b[0] <= pause["start_us"] and b[1] >= length]
                assert due, (pause, planned)
                full = [b for b in due if b[1] == length]
                assert full or pause["end_us"] == spell["left_us"], (pause, planned)
                planned.remove((full or due)[0])


def lines_of(played: Played) -> dict[int, tuple[int, int, list[tuple[int, int]]]]:
    """For each agent of a shift: its start in the day, its length and its breaks (us)."""
    found, number = {}, 0
    plan = make_plan(played.scenario, played.horizon, (0, 0))
    for g, group in enumerate(played.scenario.agents.values()):
        for line in group.shifts or ():
            breaks = [(round(b.after * 1e6), round(b.length * 1e6)) for b in line.breaks]
            for _ in range(line.count):
                found[number] = (round(line.start * 1e6), round(line.length * 1e6), breaks)
                number += 1
        if group.shifts is None:
            number += int((plan.group_of == g).sum())
    return found


def nobody_lingers(played: Played) -> None:
    """Past the end of duty an agent finishes a contact, or is kept while a contact waits or is with the bot."""
    contacts = played.records.contacts
    stays = [(c["arrival_us"], c["arrival_us"] + c["bot_us"]) for c in contacts]
    stays += [(c["joined_us"], c["left_us"]) for c in contacts if c["joined_us"] >= 0]
    busy = merged([(int(a), int(b)) for a, b in stays if b > a])
    segments = by_agent(played.records.segments)
    for agent, spells in by_agent(played.records.duties).items():
        for spell in spells:
            for s in segments[agent]:
                low, high = max(s["start_us"], spell["end_us"]), min(s["end_us"], spell["left_us"])
                if low < high and s["state"] != AgentState.HANDLING:
                    assert played.scenario.calendar.at_close == "drain", (spell, s)
                    assert any(a <= low and high <= b for a, b in busy), (spell, s)


def merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The union of spans, as spans that do not touch."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def fatigue_is_continuous(played: Played) -> None:
    """Each segment begins with what the last one, and the time off duty since, left; contacts see the same."""
    fatigue = played.scenario.fatigue
    off = fatigue.recovery_per_hour.off if fatigue else 0.0
    started = {}
    for agent, own in by_agent(played.records.segments).items():
        level, since = 0.0, None
        for s in own:
            if since is not None:
                level *= np.exp(-off * (s["start_us"] - since) / HOUR_US)
            assert abs(s["fatigue"] - level) < 1e-9, (s, level)
            decay = np.exp(-s["rate"] * (s["end_us"] - s["start_us"]) / HOUR_US)
            busy = s["state"] == AgentState.HANDLING
            level, since = (1 - (1 - level) * decay if busy else level * decay), s["end_us"]
            if busy:
                started[agent, s["start_us"]] = s["fatigue"]
    for c in rows(played.records.contacts):
        key = (c["agent"], c["left_us"])
        assert key not in started or c["talk_us"] + c["wrap_us"] == 0 or c["fatigue"] == started[key], c


# Who takes whom -------------------------------------------------------------------------


def eligible(played: Played) -> dict[int, dict[int, int]]:
    """For each intent, the groups with its skill and the preference they give it."""
    groups = list(played.scenario.agents.values())
    return {
        i: {g: group.skills[intent.skill].preference for g, group in enumerate(groups) if intent.skill in group.skills}
        for i, intent in enumerate(played.scenario.intents.values())
    }


def nobody_waits_for_an_idle_agent(played: Played) -> None:
    """No waiting contact shares a moment with an idle agent who has its skill."""
    free = played.records.segments[played.records.segments["state"] == AgentState.AVAILABLE]
    groups = eligible(played)
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
    free = played.records.segments[played.records.segments["state"] == AgentState.AVAILABLE]
    groups = eligible(played)
    for c in rows(played.records.contacts):
        if c["outcome"] != Outcome.ANSWERED or c["delayed"]:
            continue
        moment, likes = c["left_us"], groups[c["intent"]]
        mine = free[(free["agent"] == c["agent"]) & (free["end_us"] == moment)]
        since = int(mine["start_us"][0]) if mine.size else moment
        stay = free[(free["start_us"] < moment) & (free["end_us"] > moment) & np.isin(free["group"], list(likes))]
        for other in rows(stay):
            taken, left = (likes[c["group"]], since), (likes[other["group"]], other["start_us"])
            assert taken <= left, (c, other)


def counts_are_met(played: Played, seed: int) -> None:
    """While the centre is open, nobody idles beyond the count, and as many as planned are on duty."""
    plan = make_plan(played.scenario, played.horizon, replication_key(seed, 0))
    duties, free = played.records.duties, played.records.segments
    free = free[free["state"] == AgentState.AVAILABLE]
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


# Measures -------------------------------------------------------------------------------


def measures_add_up(played: Played) -> None:
    """Counts of the tally against the records, and identities between them."""
    frame = make_frame(played.scenario)
    counted = tally(played.records, frame)
    total = counted.counts["overall"][0]
    assert total[Count.OFFERED] == total[[Count.ANSWERED, Count.ABANDONED, Count.BALKED, Count.DISCONNECTED]].sum()
    sessions = [Count.BOT_CONTAINED, Count.BOT_ESCALATED, Count.BOT_ABANDONED]
    assert total[Count.BOT_OFFERED] == total[sessions].sum()
    assert total[Count.DEMAND] == (played.records.needs["measured"] == 1).sum()
    joined = played.records.contacts[played.records.contacts["joined_us"] >= 0]
    mine = joined[frame.interval_of(joined["joined_us"]) >= 0]
    assert total[Count.OFFERED] == mine.size
    assert total[Count.WAIT_ALL] == (mine["left_us"] - mine["joined_us"]).sum()
    answered = mine[mine["outcome"] == Outcome.ANSWERED]
    assert total[Count.TALK] + total[Count.WRAP_UP] == (answered["talk_us"] + answered["wrap_us"]).sum()
    for name in ("intent", "day", "interval"):
        assert np.isclose(counted.counts[name][:, Count.OFFERED].sum(), total[Count.OFFERED])
    clock = [Count.AVAILABLE, Count.HANDLING, Count.BREAK, Count.OVERTIME]
    assert np.allclose(counted.counts["group"][:, clock].sum(axis=0), total[clock])
    assert total[clock[:3]].sum() == open_time(played, frame)
    assert 0 <= total[Count.STRAINED] <= total[Count.ON_DUTY] * (1 + 1e-9)
    assert 0 <= total[Count.FATIGUE] <= total[Count.ON_DUTY] * (1 + 1e-9)
    assert little(joined) == (joined["left_us"] - joined["joined_us"]).sum()


def open_time(played: Played, frame: Any) -> int:
    """Agents' time on duty within the opening intervals measured (us), summed overlap by overlap."""
    s = played.records.segments
    low = np.maximum(s["start_us"][:, None], frame.starts)
    return int(np.maximum(np.minimum(s["end_us"][:, None], frame.ends) - low, 0).sum())


def little(joined: Any) -> int:
    """Integral of the number waiting over time (us), swept event by event."""
    events = sorted([(t, 1) for t in joined["joined_us"].tolist()] + [(t, -1) for t in joined["left_us"].tolist()])
    total = waiting = last = 0
    for time, step in events:
        total += waiting * (time - last)
        waiting, last = waiting + step, time
    return total
