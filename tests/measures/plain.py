"""What compiled loops count, counted again in plain Python: every record by itself, every sum by name, no tables.

An oracle for `sim.measures.tally`. Levels are rounded to 2 ** -32 and fatigue to microseconds as documented there.
"""

import math
from collections import defaultdict
from itertools import groupby

import numpy as np

from sim.engine.records import FACTORS, AgentState, BotOutcome, Cause, NeedStatus, Outcome
from sim.measures.counts import WAIT_BINS, Count

HOUR, WEEK = 3_600_000_000, 7 * 86_400_000_000
CONTAINED = (BotOutcome.RESOLVED, BotOutcome.FALSELY_CONTAINED)


def plain(records, frame):
    """Counts and waits by slice: {(slice, cell, Count): sum} and {(slice, cell, bin): number}."""
    counts, waits = defaultdict(float), defaultdict(float)
    contacts, needs = as_dicts(records.contacts), as_dicts(records.needs)
    for contact in contacts:
        add_contact(contact, frame, counts, waits)
    journeys = {need: list(them) for need, them in groupby(contacts, lambda c: c["need"])}
    for number, need in enumerate(needs):
        where = booked(need["born_us"], frame) if need["measured"] else None
        if where is not None:
            for count, value in of_need(need, journeys.get(number, [])).items():
                counts["interval", where, count] += value
                counts["intent", need["intent"], count] += value
    for segment in as_dicts(records.segments):
        add_segment(segment, frame, counts)
    for duty in as_dicts(records.duties):
        add_duty(duty, frame, counts)
    add_schedule(frame, counts)
    return counts, waits


def as_dicts(rows):
    return [dict(zip(rows.dtype.names, row, strict=True)) for row in rows.tolist()]


def grain(level):
    return math.floor(level * 2**32 + 0.5) / 2**32


def booked(moment, frame):
    """The last interval of any day that began before, if that is one of the days measured."""
    begun = [k for k, start in enumerate(frame.booking_starts.tolist()) if start <= moment]
    where = frame.booked[begun[-1]] if begun else -1
    return int(where) if where >= 0 else None


# Contacts -------------------------------------------------------------------------


def add_contact(contact, frame, counts, waits):
    where = booked(contact["joined_us"], frame) if contact["joined_us"] >= 0 else None
    if where is not None:
        cells = [("interval", where), ("intent", contact["intent"])]
        if contact["outcome"] == Outcome.ANSWERED:
            cells.append(("group", contact["group"]))
        for count, value in of_queue(contact, frame).items():
            for cell in cells:
                counts[(*cell, count)] += value
        waited = (contact["left_us"] - contact["joined_us"]) / 1e6
        place = min(int(np.searchsorted(WAIT_BINS, waited)), WAIT_BINS.size - 1)
        for cell in (("overall", 0), ("day", int(frame.day_of[where])), ("intent", contact["intent"])):
            waits[(*cell, place)] += 1
    met = booked(contact["arrival_us"], frame) if contact["bot"] != BotOutcome.NONE else None
    if met is not None:
        for count, value in of_bot(contact).items():
            counts["interval", met, count] += value
            counts["intent", contact["intent"], count] += value


def of_queue(contact, frame):
    waited, outcome = contact["left_us"] - contact["joined_us"], contact["outcome"]
    gone = outcome in (Outcome.ABANDONED, Outcome.BALKED)
    found = {
        Count.OFFERED: 1,
        Count.ABANDONED: outcome == Outcome.ABANDONED,
        Count.BALKED: outcome == Outcome.BALKED,
        Count.DISCONNECTED: outcome == Outcome.DISCONNECTED,
        Count.ABANDONED_WITHIN: gone and waited <= frame.within_us,
        Count.DELAYED: contact["delayed"],
        Count.WAIT_ALL: waited,
        Count.MISTREATED: contact["mistreated"],
        Count.FIRST_JOINED: contact["attempt"] == 1,
        Count.FIRST_BASE: contact["base_us"] if contact["attempt"] == 1 else 0,
    }
    if outcome == Outcome.ANSWERED:
        found |= {
            Count.ANSWERED: 1,
            Count.ANSWERED_WITHIN: waited <= frame.within_us,
            Count.WAIT_ANSWERED: waited,
            Count.TALK: contact["talk_us"],
            Count.WRAP_UP: contact["wrap_us"],
            Count.NATURAL: contact["natural_talk_us"] + contact["wrap_us"],
            Count.FRUSTRATION_AT_AGENT: grain(contact["frustration"]),
        }
        if frame.parted:
            found |= {Count.STATED: contact["stated_us"], Count.BASE: contact["base_us"]}
            found |= {Count[f"PART_{p.upper()}"]: contact[f"{p}_us"] for p in (*FACTORS, "summary", "cleanup")}
    return found


def of_bot(contact):
    bot = contact["bot"]
    return {
        Count.BOT_OFFERED: 1,
        Count.BOT_CONTAINED: bot in CONTAINED,
        Count.BOT_ESCALATED: bot in (BotOutcome.HANDED_OFF, BotOutcome.OPTED_OUT),
        Count.BOT_ABANDONED: bot == BotOutcome.LEFT,
        Count.BOT_RESOLVED: bot == BotOutcome.RESOLVED,
        Count.BOT_TIME: contact["bot_us"],
    }


# Needs ----------------------------------------------------------------------------


def of_need(need, attempts):
    answered = [c for c in attempts if c["outcome"] == Outcome.ANSWERED]
    handled = [c for c in attempts if c["outcome"] == Outcome.ANSWERED or c["bot"] in CONTAINED]
    sessions = [c for c in attempts if c["bot"] in (*CONTAINED, BotOutcome.HANDED_OFF)]
    returns = [c for c in attempts if c["attempt"] > 1]
    resolved = need["status"] == NeedStatus.RESOLVED
    return {
        Count.DEMAND: 1,
        Count.PENDING: need["status"] == NeedStatus.PENDING,
        Count.RESOLVED: resolved,
        Count.RESOLVED_FIRST: resolved and need["attempts"] == 1,
        Count.HANDLED: bool(handled),
        Count.HANDLED_FIRST: bool(handled) and handled[0]["resolved"],
        Count.HUMAN: bool(answered),
        Count.REACHED_HUMAN: bool(answered),
        Count.HUMAN_FIRST: bool(answered) and answered[0]["resolved"],
        Count.TIME_TO_HUMAN: answered[0]["left_us"] - need["born_us"] if answered else 0,
        Count.NEED_HANDLING: sum(c["talk_us"] + c["wrap_us"] for c in answered),
        Count.BOT: bool(sessions),
        Count.BOT_FIRST: bool(sessions) and sessions[0]["bot"] == BotOutcome.RESOLVED,
        Count.ATTEMPTS: len(attempts),
        Count.REDIALS: sum(c["cause"] == Cause.REDIAL for c in attempts),
        Count.REPEATS: sum(c["cause"] != Cause.REDIAL for c in returns),
        Count.RETURNED_7D: any(c["arrival_us"] - need["born_us"] <= WEEK for c in returns),
        Count.FRUSTRATION_AT_END: grain(attempts[-1]["frustration_end"]) if attempts else 0,
    }


# The clock ------------------------------------------------------------------------


def spans(frame):
    """What agent time is cut into: (start, end, interval, whether open); a night belongs to the interval before it."""
    for k, (start, end) in enumerate(zip(frame.starts.tolist(), frame.ends.tolist(), strict=True)):
        yield start, end, k, True
        later = int(frame.starts[k + 1]) if k + 1 < frame.starts.size else frame.span_end_us
        if later > end:
            yield end, later, k, False


def add_segment(segment, frame, counts):
    for low, high, where, is_open in spans(frame):
        start, end = max(segment["start_us"], low), min(segment["end_us"], high)
        if end > start:
            for count, value in of_piece(segment, start, end, is_open, frame).items():
                counts["interval", where, count] += value
                counts["group", segment["group"], count] += value


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
