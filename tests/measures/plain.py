"""What compiled loops count, counted again in plain Python: every record by itself, every sum by name, no tables.

An oracle for `sim.measures.tally`. Levels are rounded to 2 ** -32 and fatigue to microseconds as documented there.
"""

import math
from collections import defaultdict
from itertools import groupby

from sim.engine.records import AgentState, BotOutcome, Cause, NeedStatus, Outcome
from sim.measures.counts import Count
from tests.measures.plain_channels import add_beside
from tests.measures.plain_contacts import CONTAINED, add_contact
from tests.measures.plain_frame import (
    as_dicts,
    booked,
    grain,
    in_hours,
    is_deferred,
    is_done,
    is_there,
    spans,
    time_of_agents,
    with_channels,
)

HOUR, WEEK = 3_600_000_000, 7 * 86_400_000_000
ON_QUEUE = (Count.AVAILABLE, Count.HANDLING, Count.POSITIONS)
"""What supervisors who take no contacts do is none of this."""


def plain(records, frame):
    """Counts and waits by slice: {(slice, cell, Count): sum} and {(slice, cell, bin): number}."""
    counts, waits = defaultdict(float), defaultdict(float)
    contacts, needs = with_channels(records), as_dicts(records.needs)
    for contact in contacts:
        add_contact(contact, frame, counts, waits)
    journeys = {need: list(them) for need, them in groupby(contacts, lambda c: c["need"])}
    for number, need in enumerate(needs):
        where = booked(in_hours(need["day"], need["born_us"], frame), frame) if need["measured"] else None
        if where is not None:
            for count, value in of_need(need, journeys.get(number, []), frame).items():
                counts["interval", where, count] += value
                counts["intent", need["intent"], count] += value
    segments = as_dicts(records.segments)
    for segment in segments:
        add_segment(segment, frame, counts)
    if frame.quitting is not None:
        add_leavers(segments, as_dicts(records.agents), frame, counts)
    for duty in as_dicts(records.duties):
        add_duty(duty, frame, counts)
    add_schedule(frame, counts)
    add_beside(records, segments, contacts, frame, counts)
    return counts, waits


# Needs ----------------------------------------------------------------------------


def of_need(need, attempts, frame):
    """Transfers go on with the contact before: they are no returns, and what they come to is what that comes to."""
    answered = [c for c in attempts if c["outcome"] == Outcome.ANSWERED and is_done(c, frame)]
    handled = [c for c in attempts if c in answered or c["bot"] in CONTAINED]
    live = answered[:1] if answered and not is_deferred(answered[0], frame) else []
    sessions = [c for c in attempts if c["bot"] in (*CONTAINED, BotOutcome.HANDED_OFF)]
    returns = [c for c in attempts if c["attempt"] > 1 and c["cause"] != Cause.TRANSFER]
    made = len(attempts) - sum(c["cause"] == Cause.TRANSFER for c in attempts[1:])
    resolved = need["status"] == NeedStatus.RESOLVED
    return {
        Count.DEMAND: 1,
        Count.PENDING: need["status"] == NeedStatus.PENDING,
        Count.RESOLVED: resolved,
        Count.RESOLVED_FIRST: resolved and made == 1,
        Count.HANDLED: bool(handled),
        Count.HANDLED_FIRST: bool(handled) and came_to(handled[0], attempts),
        Count.HUMAN: bool(answered),
        Count.REACHED_HUMAN: bool(live),
        Count.HUMAN_FIRST: bool(answered) and came_to(answered[0], attempts),
        Count.TIME_TO_HUMAN: live[0]["left_us"] - need["born_us"] if live else 0,
        Count.NEED_HANDLING: sum(sum(time_of_agents(c, frame)[:2]) for c in answered),
        Count.BOT: bool(sessions),
        Count.BOT_FIRST: bool(sessions) and sessions[0]["bot"] == BotOutcome.RESOLVED,
        Count.ATTEMPTS: made,
        Count.REDIALS: sum(c["cause"] == Cause.REDIAL for c in attempts),
        Count.REPEATS: sum(c["cause"] != Cause.REDIAL for c in returns),
        Count.RETURNED_7D: any(c["arrival_us"] - need["born_us"] <= WEEK for c in returns),
        Count.FRUSTRATION_AT_END: grain(attempts[-1]["frustration_end"]) if attempts else 0,
        Count.CSAT: grain(satisfaction(attempts, made, resolved, frame)) if frame.points and attempts else 0,
    }


def came_to(contact, attempts):
    """Whether a contact resolved the need; if it was sent on, whether the next one did."""
    following = attempts[contact["attempt"] :]
    sent_on = contact["outcome"] == Outcome.ANSWERED and contact["transferred"] and following
    return following[0]["resolved"] if sent_on else contact["resolved"]


def satisfaction(attempts, made, resolved, frame):
    off, last = frame.points, attempts[-1]
    waited_s = sum(c["left_us"] - c["joined_us"] for c in attempts if c["joined_us"] >= 0 and is_there(c, frame)) / 1e6
    tired = [c["fatigue"] for c in attempts if c["outcome"] == Outcome.ANSWERED]
    found = off.start - off.cuts
    found -= off.contact * (made - 1)
    found -= 0 if resolved else off.unresolved
    found -= off.transferred if any(c["transferred"] for c in attempts) else 0
    found -= min(off.per_minute * max(waited_s - off.wait_grace_s, 0) / 60, off.most_for_waiting)
    found -= off.bot if last["bot"] in CONTAINED else 0
    found -= off.frustration * last["frustration_end"] + off.fatigue * (tired[-1] if tired else 0)
    found -= off.trust * (off.trust_start - last["trust_end"])
    return min(max(found, 0.0), 100.0)


# The clock ------------------------------------------------------------------------


def add_segment(segment, frame, counts):
    for low, high, where, is_open in spans(frame):
        start, end = max(segment["start_us"], low), min(segment["end_us"], high)
        if end > start:
            for count, value in of_piece(segment, start, end, is_open, frame).items():
                counts["group", segment["group"], count] += value
                if count not in ON_QUEUE or frame.serves[segment["group"]]:
                    counts["interval", where, count] += value


def of_piece(segment, start, end, is_open, frame):
    state, length = segment["state"], end - start
    if not is_open:
        return {Count.HANDLING_AFTER_CLOSE: length if state == AgentState.HANDLING else 0}
    kind = {AgentState.AVAILABLE: Count.AVAILABLE, AgentState.HANDLING: Count.HANDLING, AgentState.BREAK: Count.BREAK}
    on_queue = 0 if state == AgentState.BREAK else length
    fatigue, strained = of_fatigue(segment, start, end, frame.threshold)
    return {
        kind[state]: length,
        Count.ON_DUTY: length,
        Count.POSITIONS: on_queue / (1 - frame.shrinkage[segment["group"]]),
        Count.FATIGUE: math.floor(fatigue * HOUR + 0.5),
        Count.STRAINED: math.floor(strained * HOUR + 0.5),
    }


def of_fatigue(segment, start, end, threshold):
    """Integral of fatigue (h) and hours above the threshold, from what is left of the way to rest or exhaustion."""
    rate, handling, hours = segment["rate"], segment["state"] == AgentState.HANDLING, (end - start) / HOUR
    way = 1 - segment["fatigue"] if handling else segment["fatigue"]
    way *= math.exp(-rate * (start - segment["start_us"]) / HOUR)
    walked = -math.expm1(-rate * hours) / rate * way if rate > 0 else way * hours
    crossing = (1 - threshold) if handling else threshold
    if way <= 0 or crossing <= 0 or threshold >= 1:
        to_crossing = math.inf
    elif rate > 0:
        to_crossing = max(math.log(way / crossing) / rate, 0.0)
    else:
        to_crossing = 0.0 if way < crossing or (way == crossing and not handling) else math.inf
    before = min(to_crossing, hours)
    if handling:
        return hours - walked, 0.0 if threshold >= 1 else (hours - before if way > 0 else hours)
    return walked, 0.0 if threshold >= 1 or way <= 0 else before


def add_leavers(segments, agents, frame, counts):
    """Each agent's hazard at the mean fatigue of its time on duty, over the weeks of an FTE that this time is."""
    law = frame.quitting
    for number, agent in enumerate(agents):
        on = tired = 0
        for s in (s for s in segments if s["agent"] == number):
            start, end = max(s["start_us"], int(frame.starts[0])), min(s["end_us"], frame.span_end_us)
            if end > start:
                on += end - start
                tired += of_fatigue(s, start, end, 1.0)[0] * HOUR
        if on > 0:
            hazard = law.weekly * math.exp(law.slope * (tired / on - law.reference) / law.sd)
            if agent["tenure_s"] < law.new_for_s:
                hazard *= law.new_factor * (law.assistant if agent["uses"] else 1)
            weeks = on / (1 - frame.shrinkage[agent["group"]]) / frame.week_us
            counts["group", agent["group"], Count.LEAVERS] += weeks * hazard
            counts["overall", 0, Count.LEAVERS] += weeks * hazard


def add_duty(duty, frame, counts):
    where = booked(max(duty["end_us"] - 1, duty["start_us"]), frame)
    if where is None:
        return
    overtime, named = max(duty["left_us"] - duty["end_us"], 0), duty["agent"] >= 0
    found = {
        Count.OVERTIME: overtime,
        Count.PAID: overtime,
        Count.SHIFTS_ENDED: named,
        Count.FATIGUE_AT_END: grain(duty["fatigue_left"]) if named else 0,
    }
    for count, value in found.items():
        counts["interval", where, count] += value
        counts["group", duty["group"], count] += value


def add_schedule(frame, counts):
    """Open time, and what the plan has paid; hours paid out of hours in proportion to those within."""
    paid = (frame.scheduled_us / (1 - frame.shrinkage[:, None])).sum(axis=0)
    whole = (frame.scheduled_total_us / (1 - frame.shrinkage)).sum()
    for k in range(frame.starts.size):
        part = paid[k] / paid.sum() if paid.sum() > 0 else 1 / paid.size
        counts["interval", k, Count.PAID] += whole * part
        counts["interval", k, Count.OPEN] += int(frame.ends[k] - frame.starts[k])
    for g in range(len(frame.groups)):
        counts["group", g, Count.PAID] += frame.scheduled_total_us[g] / (1 - frame.shrinkage[g])
        counts["group", g, Count.OPEN] += int((frame.ends - frame.starts).sum())
