"""The counts that every measure is made of."""

from enum import IntEnum
from typing import Any

import numpy as np

from sim.engine.records import MOST_OWN
from sim.mechanisms import counted_parts

WAIT_BINS = np.concatenate([[0.0], np.arange(1.0, 61.0), 60.0 * 1.02 ** np.arange(1, 500)])
"""Upper edges (s) of the wait histogram: no wait, whole seconds to a minute, then steps of 2 %."""


PART_COLUMNS = tuple(f"{part.name}_us" for part in counted_parts())
"""Columns of a contact that are added up as they stand: the parts of handle time."""

OWN_COLUMNS = tuple(f"own_{k}" for k in range(MOST_OWN))

# Contacts that joined the human queue, and what the handle time of those answered is made of; bot sessions; needs born
# in the days measured; the clock; intervals and days with contacts, and those that meet the service-level target.
COLUMNS = (
    "replications", "offered", "answered", "served", "abandoned", "balked", "disconnected", "answered_within",
    "abandoned_within", "delayed", "wait_all", "wait_answered", "talk", "wrap_up", "natural", "mistreated",
    "frustration_at_agent", "first_joined", "first_base", "transferred", "supervised", "stated", "base",
    *PART_COLUMNS, "part_pace", "part_concurrency", "wrap_beside", *OWN_COLUMNS,
    "bot_offered", "bot_begun", "bot_in_hours", "contained_in_hours", "bot_contained", "bot_escalated",
    "bot_abandoned", "bot_resolved", "bot_time", "demand", "pending", "resolved", "resolved_first", "handled",
    "handled_first", "human", "human_first", "bot", "bot_first", "attempts", "repeats", "redials", "returned_7d",
    "need_handling", "reached_human", "time_to_human", "frustration_at_end", "csat", "open", "available", "handling",
    "break", "handling_after_close", "positions", "paid", "overtime", "on_duty", "fatigue", "strained",
    "shifts_ended", "fatigue_at_end", "leavers", "intervals", "intervals_met", "days", "days_met",
    "blocked", "overflowed", "elapsed", "chats", "called_back", "call_reached", "call_wait", "call_within", "call_lost",
    "silent_answered", "silent_within", "silent_time", "items_done", "turnaround", "due", "due_met", "slot_time",
    "held_time", "level_time", "chat_time", "seat_time", "writing_time", "unattended", "bot_spilled", "turnaround_p90",
    "turnaround_p90s", "open_items", "age", "age_p90", "oldest", "overdue", "backlog_left", "backlog_closes",
)  # fmt: skip
"""Columns of a tally. Times are microseconds."""

_NAMES = [f"PART_{name[:-3].upper()}" if name in PART_COLUMNS else name.upper() for name in COLUMNS]
_enumerated: Any = IntEnum
Count: Any = _enumerated("Count", _NAMES, start=0)
"""The columns by number; a part of handle time has the name of its part."""

CELL = np.dtype([(name, "i8") for name in COLUMNS])
"""A row of counts as a record of whole numbers, in which compiled loops add up. Levels are whole grains."""

GRAIN = 2.0**-32
GRAINED = (Count.FRUSTRATION_AT_AGENT, Count.FRUSTRATION_AT_END, Count.FATIGUE_AT_END, Count.CSAT)
"""Levels are rounded to grains before they are added, so that sums do not depend on the order of adding."""
