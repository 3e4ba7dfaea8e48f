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
    HANDLE_END = 8
    BOT_END = 9
    ARRIVAL = 10
    PATIENCE_END = 11
