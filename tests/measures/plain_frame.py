"""What plain Python reads of records and of a frame, for the recounts beside it."""

import math

import numpy as np

from sim.engine.records import Outcome

CHAT, DEFERRED = 1, 2
"""Channels by their place in the frame; 0 is the telephone."""


def as_dicts(rows):
    return [dict(zip(rows.dtype.names, row, strict=True)) for row in rows.tolist()]


def grain(level):
    return math.floor(level * 2**32 + 0.5) / 2**32


def booked(moment, frame):
    """The last interval of any day that began before, if that is one of the days measured."""
    begun = [k for k, start in enumerate(frame.booking_starts.tolist()) if start <= moment]
    where = frame.booked[begun[-1]] if begun else -1
    return int(where) if where >= 0 else None


def in_hours(day, moment, frame):
    """Who comes before the day's opening counts as if then."""
    return max(moment, int(frame.horizon.open_us[day]))


def with_channels(records):
    """Contacts, each with what its channel adds, or None."""
    contacts, channels = as_dicts(records.contacts), as_dicts(records.channels)
    for number, contact in enumerate(contacts):
        contact["channel"] = channels[number] if channels else None
    return contacts


def spans(frame):
    """What agent time is cut into: (start, end, interval, whether open); a night belongs to the interval before it."""
    for k, (start, end) in enumerate(zip(frame.starts.tolist(), frame.ends.tolist(), strict=True)):
        yield start, end, k, True
        later = int(frame.starts[k + 1]) if k + 1 < frame.starts.size else frame.span_end_us
        if later > end:
            yield end, later, k, False


# What a contact is ----------------------------------------------------------------


def is_chat(contact, frame):
    return contact["channel"] is not None and frame.channel_of[contact["intent"]] == CHAT


def is_deferred(contact, frame):
    return contact["channel"] is not None and frame.channel_of[contact["intent"]] == DEFERRED


def is_done(contact, frame):
    """Whether an agent is through with it."""
    if contact["outcome"] != Outcome.ANSWERED:
        return False
    return not is_deferred(contact, frame) or contact["channel"]["closed_us"] >= 0


def is_there(contact, frame):
    """Whether its customer is there while it waits."""
    return not is_deferred(contact, frame) and not (contact["channel"] and contact["channel"]["called_back"])


def time_of_agents(contact, frame):
    """Talk, wrap-up and both unhurried (us), as far as they take an agent's time."""
    own, wrap = contact["talk_us"] + contact["supervisor_us"], contact["wrap_us"]
    hurried = contact["natural_talk_us"] - contact["talk_us"]
    if not is_chat(contact, frame) and not is_deferred(contact, frame):
        return own, wrap, own + wrap + hurried
    talk, wrap = contact["channel"]["talk_share_us"], contact["channel"]["wrap_share_us"]
    slowed = int(np.rint(hurried * (talk / own))) if hurried and own else 0
    return talk, wrap, talk + wrap + slowed
