"""What goes beyond a telephone line, counted again in plain Python: chats in hand, ghosts, the backlog at close."""

import math

import numpy as np

from sim.engine.records import AgentState
from sim.measures.counts import Count
from tests.measures.plain_frame import as_dicts, booked, is_deferred, spans


def add_beside(records, segments, contacts, frame, counts):
    """Everything."""
    for segment, level in zip(segments, as_dicts(records.levels), strict=False):
        if frame.chatting[segment["group"]] and segment["state"] != AgentState.BREAK:
            add_level(segment, level, frame, counts)
    for ghost in as_dicts(records.ghosts):
        add_ghost(ghost, frame, counts)
    items = [c for c in contacts if is_deferred(c, frame) and c["joined_us"] >= 0]
    for intent in (k for k, channel in enumerate(frame.channel_of.tolist()) if channel == 2 and records.channels.size):
        add_backlog([c for c in items if c["intent"] == intent], [("intent", intent)], frame, counts)
    if records.channels.size and 2 in frame.channel_of.tolist():
        add_backlog(items, [("overall", 0)], frame, counts)


def add_level(segment, level, frame, counts):
    """Open hours only; of the agents' places, those taken, chats that go on, time with any, and time writing."""
    for low, high, where, is_open in spans(frame):
        spent = min(segment["end_us"], high) - max(segment["start_us"], low)
        if not is_open or spent <= 0:
            continue
        writing = int(np.rint(level["attention"] * spent)) if level["held"] else 0
        handling = frame.serves[segment["group"]] and segment["state"] == AgentState.HANDLING
        found = {
            Count.SLOT_TIME: level["cap"] * spent,
            Count.HELD_TIME: level["held"] * spent,
            Count.SEAT_TIME: spent,
            Count.WRITING_TIME: writing,
            Count.UNATTENDED: spent - writing if handling else 0,
            Count.LEVEL_TIME: level["level"] * spent,
            Count.CHAT_TIME: spent if level["level"] else 0,
        }
        for count, value in found.items():
            counts["interval", where, count] += value
            counts["group", segment["group"], count] += value
            counts["seats", seat_of(segment["group"], where, frame), count] += value


def seat_of(group, where, frame):
    """The cell of a group that chats at a time of day."""
    before = sum(frame.chatting[:group].tolist())
    times = sorted(set(frame.times))
    return before * len(times) + times.index(frame.times[where])


def add_ghost(ghost, frame, counts):
    """A switch reports who has left without a word as answered, once an agent takes the place."""
    where = booked(ghost["joined_us"], frame)
    if where is None or ghost["assigned_us"] < 0:
        return
    waited, taken = ghost["assigned_us"] - ghost["joined_us"], ghost["left_us"] - ghost["assigned_us"]
    limits = {("interval", where): frame.within_us, ("intent", ghost["intent"]): frame.own_within_us[ghost["intent"]]}
    for cell, limit in limits.items():
        counts[(*cell, Count.SILENT_ANSWERED)] += 1
        counts[(*cell, Count.SILENT_WITHIN)] += waited <= limit
        counts[(*cell, Count.SILENT_TIME)] += taken
    counts["group", ghost["group"], Count.SILENT_TIME] += taken


def add_backlog(items, cells, frame, counts):
    """What is open at the close of each measured day, and the ninth decile of turnaround of what is done."""
    done = [c for c in items if c["channel"]["closed_us"] >= 0 and booked(c["channel"]["closed_us"], frame) is not None]
    if done:
        spent = [c["channel"]["closed_us"] - c["joined_us"] + c["channel"]["age_us"] for c in done]
        enter({Count.TURNAROUND_P90: ninth_decile(spent), Count.TURNAROUND_P90S: 1}, cells, counts)
    for day in range(frame.days):
        at = max(int(end) for end, mine in zip(frame.ends, frame.day_of, strict=True) if mine == day)
        found = of_close([c for c in items if is_open_at(c, at)], at)
        days = [("day", day)] if cells == [("overall", 0)] else []
        enter(found, [*cells, *days], counts)


def enter(found, cells, counts):
    for cell in cells:
        for count, value in found.items():
            counts[(*cell, count)] += value


def is_open_at(item, at):
    closed = item["channel"]["closed_us"]
    return item["joined_us"] <= at and not 0 <= closed <= at


def of_close(items, at):
    ages = [at - c["joined_us"] + c["channel"]["age_us"] for c in items]
    return {
        Count.BACKLOG_CLOSES: 1,
        Count.OPEN_ITEMS: len(items),
        Count.AGE: sum(ages),
        Count.AGE_P90: ninth_decile(ages) if ages else 0,
        Count.OLDEST: max(ages, default=0),
        Count.OVERDUE: sum(c["channel"]["due_us"] < at for c in items),
        Count.BACKLOG_LEFT: sum(work_left(c, at) for c in items),
    }


def work_left(item, at):
    """Half of what somebody has begun, as nobody in a centre knows how far it has come; of others all, as stated."""
    if 0 <= item["left_us"] <= at:
        return (item["talk_us"] + item["wrap_us"]) // 2
    return item["stated_us"] + item["wrap_us"]


def ninth_decile(values):
    """The least of the values that nine tenths of them do not exceed."""
    return sorted(values)[math.ceil(len(values) * 9 / 10) - 1]
