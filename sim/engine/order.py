"""The written order of simultaneous events (docs/semantics.md): by time, then kind, then number."""

from enum import IntEnum


class Event(IntEnum):
    """Kinds of events, in the order in which they happen at one and the same microsecond."""

    OPEN = 1
    CLOSE = 2
    SHIFT_END = 3
    BREAK_DUE = 4
    STAFFING = 5
    RELIEF = 6
    SHIFT_START = 7
    BREAK_END = 8
    CONSULT_END = 9
    TALK_END = 10
    HANDLE_END = 11
    BOT_END = 12
    ARRIVAL = 13
    PATIENCE_END = 14
