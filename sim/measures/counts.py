"""The counts that every measure is made of."""

from enum import IntEnum, auto

import numpy as np

WAIT_BINS = np.concatenate([[0.0], np.arange(1.0, 61.0), 60.0 * 1.02 ** np.arange(1, 500)])
"""Upper edges (s) of the wait histogram: no wait, whole seconds to a minute, then steps of 2 %."""


class Count(IntEnum):
    """Columns of a tally. Times are microseconds."""

    REPLICATIONS = 0
    # contacts that joined the human queue
    OFFERED = auto()
    ANSWERED = auto()
    ABANDONED = auto()
    BALKED = auto()
    DISCONNECTED = auto()
    ANSWERED_WITHIN = auto()
    ABANDONED_WITHIN = auto()
    DELAYED = auto()
    WAIT_ALL = auto()
    WAIT_ANSWERED = auto()
    TALK = auto()
    WRAP_UP = auto()
    NATURAL = auto()
    MISTREATED = auto()
    FRUSTRATION_AT_AGENT = auto()
    FIRST_JOINED = auto()
    FIRST_BASE = auto()
    TRANSFERRED = auto()
    SUPERVISED = auto()
    # what the handle time of answered contacts is made of
    STATED = auto()
    BASE = auto()
    PART_FRUSTRATION = auto()
    PART_FATIGUE = auto()
    PART_TENURE = auto()
    PART_REDUNDANCY = auto()
    PART_SPEED = auto()
    PART_ASSISTANT = auto()
    PART_CONTEXT = auto()
    PART_SCREENS = auto()
    PART_SUMMARY = auto()
    PART_CLEANUP = auto()
    PART_SUPERVISOR = auto()
    PART_PACE = auto()
    # bot sessions
    BOT_OFFERED = auto()
    BOT_BEGUN = auto()
    BOT_IN_HOURS = auto()
    CONTAINED_IN_HOURS = auto()
    BOT_CONTAINED = auto()
    BOT_ESCALATED = auto()
    BOT_ABANDONED = auto()
    BOT_RESOLVED = auto()
    BOT_TIME = auto()
    # needs born in the days measured
    DEMAND = auto()
    PENDING = auto()
    RESOLVED = auto()
    RESOLVED_FIRST = auto()
    HANDLED = auto()
    HANDLED_FIRST = auto()
    HUMAN = auto()
    HUMAN_FIRST = auto()
    BOT = auto()
    BOT_FIRST = auto()
    ATTEMPTS = auto()
    REPEATS = auto()
    REDIALS = auto()
    RETURNED_7D = auto()
    NEED_HANDLING = auto()
    REACHED_HUMAN = auto()
    TIME_TO_HUMAN = auto()
    FRUSTRATION_AT_END = auto()
    CSAT = auto()
    # the clock
    OPEN = auto()
    AVAILABLE = auto()
    HANDLING = auto()
    BREAK = auto()
    HANDLING_AFTER_CLOSE = auto()
    POSITIONS = auto()
    PAID = auto()
    OVERTIME = auto()
    ON_DUTY = auto()
    FATIGUE = auto()
    STRAINED = auto()
    SHIFTS_ENDED = auto()
    FATIGUE_AT_END = auto()
    LEAVERS = auto()
    # intervals and days with contacts, and those of them that meet the service-level target
    INTERVALS = auto()
    INTERVALS_MET = auto()
    DAYS = auto()
    DAYS_MET = auto()


CELL = np.dtype([(count.name.lower(), "i8") for count in Count])
"""A row of counts as a record of whole numbers, in which compiled loops add up. Levels are whole grains."""

GRAIN = 2.0**-32
GRAINED = (Count.FRUSTRATION_AT_AGENT, Count.FRUSTRATION_AT_END, Count.FATIGUE_AT_END, Count.CSAT)
"""Levels are rounded to grains before they are added, so that sums do not depend on the order of adding."""
