"""What draws are for, by number."""

from enum import IntEnum


class Purpose(IntEnum):
    """What a draw is for. The numbers are part of every result: never change one, only add."""

    ARRIVAL_GAP = 1
    ARRIVAL_PLACE = 2
    BUSYNESS = 3
    INTERVAL_BUSYNESS = 4
    TRACE_INTENT = 5
    DIFFICULTY = 10
    CAPABILITY = 11
    OPT_OUT = 12
    FALSE_CONTAINMENT = 13
    BOT_TIME = 14
    CONTEXT = 15
    EXPOSED = 16
    TURN_FAILS = 17
    TURN_TIME = 18
    GIVES_UP = 19
    BALK = 20
    PATIENCE = 21
    TALK = 22
    WRAP_UP = 23
    MISTREATED = 24
    RESOLUTION = 25
    CLEANUP = 26
    CLEANUP_TIME = 27
    SENT_AWAY = 28
    SUPERVISED = 29
    REDIAL = 30
    REDIAL_NEXT_DAY = 31
    REDIAL_DELAY = 32
    REPEAT = 33
    REPEAT_DELAY = 34
    RETURN_TIME = 35
    STRAIGHT = 36
    ABSENCE = 40
    AGENT_SPEED = 41
    AGENT_TENURE = 42
    AGENT_ADOPTS = 43
    AGENT_AFFECTED = 44
    LEAVES_BOT = 50
    CONSULTATION = 51
    CALLBACK_ACCEPTS = 52
    CALLBACK_ANSWERS = 53
    SILENT = 54
    BOT_DRIFT = 55
    OUTAGE = 56
    OUTAGE_START = 57
    LEAVES = 58
    GRADUATES = 59
    MONTHLY_DRIFT = 60
