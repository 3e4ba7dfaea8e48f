"""Contacts counted again in plain Python: the human queue, call-backs, deferred work, bot sessions."""

import numpy as np

from sim.engine.records import FACTORS, NEVER, BotOutcome, Outcome
from sim.measures.counts import WAIT_BINS, Count
from tests.measures.plain_frame import booked, grain, in_hours, is_chat, is_deferred, time_of_agents

CONTAINED = (BotOutcome.RESOLVED, BotOutcome.FALSELY_CONTAINED)


def add_contact(contact, frame, counts, waits):
    """A live contact counts when it joined the queue, deferred work when it is due and when it is done."""
    if is_deferred(contact, frame):
        add_item(contact, frame, counts)
    elif contact["joined_us"] >= 0 and contact["left_us"] >= 0:
        add_queued(contact, frame, counts, waits)
    if contact["channel"] and contact["channel"]["spilled"]:
        add_session(contact, {Count.BOT_SPILLED: 1}, frame, counts)
    if contact["bot"] != BotOutcome.NONE:
        add_session(contact, of_bot(contact), frame, counts)


def add_session(contact, found, frame, counts):
    met = booked(in_hours(contact["day"], contact["arrival_us"], frame), frame)
    if met is not None:
        for count, value in found.items():
            counts["interval", met, count] += value
            counts["intent", contact["intent"], count] += value


def add_queued(contact, frame, counts, waits):
    where = booked(contact["joined_us"], frame)
    if where is None:
        return
    if contact["channel"] and contact["channel"]["called_back"]:
        of_waiting = of_call
    else:
        of_waiting = of_blocked if contact["outcome"] == Outcome.BLOCKED else of_queue
    for cell in cells_of(contact, where):
        limit = int(frame.own_within_us[contact["intent"]]) if cell[0] == "intent" else frame.within_us
        for count, value in of_waiting(contact, limit).items():
            if cell[0] != "group" or of_waiting is of_queue:
                counts[(*cell, count)] += value
    if contact["outcome"] == Outcome.ANSWERED:
        add_service(contact, where, frame, counts)
    if of_waiting is of_queue:
        waited = (contact["left_us"] - contact["joined_us"]) / 1e6
        place = min(int(np.searchsorted(WAIT_BINS, waited)), WAIT_BINS.size - 1)
        for cell in (("overall", 0), ("day", int(frame.day_of[where])), ("intent", contact["intent"])):
            waits[(*cell, place)] += 1


def cells_of(contact, where):
    cells = [("interval", where), ("intent", contact["intent"])]
    return [*cells, ("group", contact["group"])] if contact["outcome"] == Outcome.ANSWERED else cells


def of_blocked(contact, limit):
    return {Count.BLOCKED: 1}


def of_queue(contact, limit):
    waited, outcome = contact["left_us"] - contact["joined_us"], contact["outcome"]
    gone, answered = outcome in (Outcome.ABANDONED, Outcome.BALKED), outcome == Outcome.ANSWERED
    first = contact["attempt"] == 1 and not answered
    return {
        Count.OFFERED: 1,
        Count.ANSWERED: answered,
        Count.ANSWERED_WITHIN: answered and waited <= limit,
        Count.WAIT_ANSWERED: waited if answered else 0,
        Count.ABANDONED: outcome == Outcome.ABANDONED,
        Count.BALKED: outcome == Outcome.BALKED,
        Count.DISCONNECTED: outcome == Outcome.DISCONNECTED,
        Count.ABANDONED_WITHIN: gone and waited <= limit,
        Count.DELAYED: contact["delayed"],
        Count.WAIT_ALL: waited,
        Count.FIRST_JOINED: first,
        Count.FIRST_BASE: contact["base_us"] if first else 0,
    }


def add_service(contact, where, frame, counts):
    for cell in cells_of(contact, where):
        for count, value in of_service(contact, frame).items():
            counts[(*cell, count)] += value


def of_service(contact, frame):
    """What an agent has handled, whatever the channel."""
    first, own = contact["attempt"] == 1, contact["talk_us"] + contact["supervisor_us"]
    talk, wrap, natural = time_of_agents(contact, frame)
    found = {
        Count.SERVED: 1,
        Count.MISTREATED: contact["mistreated"],
        Count.FIRST_JOINED: first,
        Count.FIRST_BASE: contact["base_us"] if first else 0,
        Count.OVERFLOWED: bool(frame.later[contact["group"], contact["intent"]]),
        Count.TALK: talk,
        Count.WRAP_UP: wrap,
        Count.NATURAL: natural,
        Count.FRUSTRATION_AT_AGENT: grain(contact["frustration"]),
    }
    if is_chat(contact, frame):
        found |= {Count.CHATS: 1, Count.ELAPSED: contact["channel"]["closed_us"] - contact["left_us"]}
    if frame.parted:
        found |= {Count.STATED: contact["stated_us"], Count.BASE: contact["base_us"]}
        parts = (*FACTORS, "summary", "cleanup", "supervisor")
        found |= {Count[f"PART_{part.upper()}"]: contact[f"{part}_us"] for part in parts}
        found[Count.PART_PACE] = contact["talk_us"] - contact["natural_talk_us"]
        found |= {Count.TRANSFERRED: contact["transferred"], Count.SUPERVISED: contact["supervisor"] >= 0}
        found[Count.WRAP_BESIDE] = wrap - contact["wrap_us"]
        found[Count.PART_CONCURRENCY] = talk + wrap - own - contact["wrap_us"]
    return found


def of_bot(contact):
    bot, by_day = contact["bot"], not contact["out_of_hours"]
    return {
        Count.BOT_OFFERED: 1,
        Count.BOT_BEGUN: bot != BotOutcome.OPTED_OUT and (by_day or contact["bot_us"] > 0),
        Count.BOT_IN_HOURS: by_day,
        Count.CONTAINED_IN_HOURS: by_day and bot in CONTAINED,
        Count.BOT_CONTAINED: bot in CONTAINED,
        Count.BOT_ESCALATED: bot in (BotOutcome.HANDED_OFF, BotOutcome.OPTED_OUT),
        Count.BOT_ABANDONED: bot == BotOutcome.LEFT,
        Count.BOT_RESOLVED: bot == BotOutcome.RESOLVED,
        Count.BOT_TIME: contact["bot_us"],
    }


# Call-backs and deferred work -----------------------------------------------------


def of_call(contact, limit):
    """A call-back that was accepted: reached, given up, or neither, where nobody got to it."""
    waited, reached = contact["left_us"] - contact["joined_us"], contact["outcome"] == Outcome.ANSWERED
    return {
        Count.CALLED_BACK: 1,
        Count.CALL_REACHED: reached,
        Count.CALL_WAIT: waited if reached else 0,
        Count.CALL_WITHIN: reached and waited <= limit,
        Count.CALL_LOST: contact["outcome"] == Outcome.ABANDONED,
    }


def add_item(contact, frame, counts):
    if contact["joined_us"] < 0:
        return
    closed, due = contact["channel"]["closed_us"], contact["channel"]["due_us"]
    where = booked(due, frame) if 0 <= due < NEVER else None
    if where is not None:
        for cell in (("interval", where), ("intent", contact["intent"])):
            counts[(*cell, Count.DUE)] += 1
            counts[(*cell, Count.DUE_MET)] += 0 <= closed <= due
    where = booked(closed, frame) if closed >= 0 else None
    if where is not None:
        for cell in (("interval", where), ("intent", contact["intent"])):
            counts[(*cell, Count.ITEMS_DONE)] += 1
            counts[(*cell, Count.TURNAROUND)] += closed - contact["joined_us"] + contact["channel"]["age_us"]
        add_service(contact, where, frame, counts)
