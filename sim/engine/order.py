"""The written order of simultaneous events (docs/semantics.md): by time, then kind, then number."""

from enum import IntEnum


class Event(IntEnum):
    """Kinds of events, in the order in which they happen at one and the same microsecond."""

    OPEN = 1
    CLOSE = 2
    SHIFT_END = 3
    BREAK_DUE = 4
    STAFFING = 5
    SHIFT_START = 6
    BREAK_END = 7
    CONSULT_END = 8
    TALK_END = 9
    HANDLE_END = 10
    BOT_END = 11
    ARRIVAL = 12
    PATIENCE_END = 13
