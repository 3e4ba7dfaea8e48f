"""Records written by hand: two days of a tiny centre, every time chosen, every measure worked out on paper.

Monday and Tuesday are measured, open from 08:00 to 10:00; Sunday warms up and Wednesday follows. Group x has two agents
by counts and 20 % shrinkage; group y has one agent on a shift that ends half an hour after close.
"""

import numpy as np

from sim import loads
from sim.engine.records import CONTACT, DUTY, NEED, SEGMENT, AgentState, BotOutcome, Cause, NeedStatus, Outcome, Records

A, B = 0, 1
X, Y = 0, 1
ANSWERED, ABANDONED, BALKED, CUT = Outcome.ANSWERED, Outcome.ABANDONED, Outcome.BALKED, Outcome.DISCONNECTED
DOCUMENT = {
    "name": "by hand",
    "calendar": {"start": "2026-11-23", "days": 2, "hours": "08:00-10:00", "interval": "60m"},
    "arrivals": {"per_day": 10},
    "intents": {
        "a": {"share": 0.5, "talk_time": "3m", "skill": "all"},
        "b": {"share": 0.5, "talk_time": "3m", "skill": "all"},
    },
    "agents": {
        "x": {"skills": ["all"], "staff": 2, "shrinkage": 0.2},
        "y": {"skills": ["all"], "shifts": [{"count": 1, "start": "08:00", "length": "2h30m"}]},
    },
    "targets": {"service_level": {"share": 0.5, "within": "20s"}},
    "costs": {"agent_hour": 30, "overtime_multiplier": 1.5, "bot_session": 2, "bot_resolution": 5},
    "fatigue": {"strain_threshold": 0.5},
    "run": {"warm_up": "1d", "follow_up": "1d"},
}
DAYS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3}


def at(day, clock):
    """A moment (us): at("mon", "08:10:00")."""
    parts = [float(part) for part in clock.split(":")]
    return round((DAYS[day] * 24 + parts[0]) * 3.6e9 + parts[1] * 6e7 + (parts[2] if len(parts) > 2 else 0) * 1e6)


def rows(dtype, found, **defaults):
    """Structured rows from dictionaries; what is not named has its default, or 0."""
    table = np.zeros(len(found), dtype)
    for row, values in zip(table, found, strict=True):
        for name, value in (defaults | values).items():
            row[name] = value
    return table


def call(need, attempt, intent, moment, outcome=Outcome.NONE, wait=0.0, talk=0.0, wrap=0.0, natural=None, **more):
    """An attempt that joins the human queue at a moment, after any time in the bot; seconds."""
    bot_s = more.pop("bot_s", 0.0)
    joined = moment + round(bot_s * 1e6)
    answered = outcome == ANSWERED
    return {
        "need": need,
        "attempt": attempt,
        "intent": intent,
        "arrival_us": moment,
        "bot_us": round(bot_s * 1e6),
        "outcome": outcome,
        "delayed": wait > 0,
        "joined_us": joined if outcome else -1,
        "left_us": joined + round(wait * 1e6) if outcome else -1,
        "agent": 0 if answered else -1,
        "supervisor": -1,
        "group": more.pop("group", X) if answered else -1,
        "talk_us": round(talk * 1e6),
        "natural_talk_us": round((talk if natural is None else natural) * 1e6),
        "wrap_us": round(wrap * 1e6),
        "stated_us": round(talk * 1e6),
        "base_us": round(talk * 1e6),
        **more,
    }


def parts(**seconds):
    """What a handle time is made of, in seconds."""
    return {f"{name}_us": round(value * 1e6) for name, value in seconds.items()}


SLOW = parts(stated=80, base=90, frustration=12, fatigue=8, summary=-5, cleanup=9)
MIXED = parts(stated=310, base=250, tenure=30, redundancy=10, speed=-20, assistant=-15, context=35, screens=10)


CONTACTS = [
    call(0, 1, A, at("sun", "08:10"), ABANDONED, 15, frustration_end=0.9),
    call(0, 2, A, at("mon", "08:15"), ANSWERED, 0, talk=40, frustration=0.1, resolved=1, cause=Cause.REDIAL),
    call(1, 1, A, at("mon", "08:10"), ANSWERED, 10, 100, 20, 110, frustration=0.2, frustration_end=0.2, resolved=1,
         **SLOW),
    call(2, 1, A, at("mon", "08:20"), ANSWERED, 20, 200, frustration=0.3, frustration_end=0.3, group=Y),
    call(2, 2, A, at("tue", "08:05"), ANSWERED, 0, 300, 30, frustration=0.4, frustration_end=0.4, resolved=1, cause=1,
         **MIXED),
    call(3, 1, B, at("mon", "08:59:50"), ABANDONED, 20, frustration_end=0.25),
    call(3, 2, B, at("mon", "09:30"), ABANDONED, 21, frustration_end=0.35, cause=Cause.REDIAL),
    call(4, 1, B, at("mon", "09:00"), BALKED, 0, frustration_end=0.15),
    call(5, 1, B, at("mon", "09:58"), ANSWERED, 21, 60, bot=BotOutcome.HANDED_OFF, bot_s=180, context_lost=1,
         mistreated=1, frustration=0.5, frustration_end=0.5, resolved=1),
    call(6, 1, A, at("tue", "08:30"), bot=BotOutcome.RESOLVED, bot_s=100, frustration_end=0.15, resolved=1),
    call(7, 1, A, at("tue", "09:00"), bot=BotOutcome.FALSELY_CONTAINED, bot_s=50, frustration_end=0.3),
    call(8, 1, B, at("tue", "09:10"), ANSWERED, 0, 50, bot=BotOutcome.OPTED_OUT, frustration=0.6, frustration_end=0.6,
         supervisor=2, **parts(supervisor=25, consultation=20)),
    call(9, 1, A, at("tue", "09:59:30"), CUT, 30, frustration_end=0.15),
    call(10, 1, A, at("wed", "08:30"), ANSWERED, 500, 500, bot=BotOutcome.OPTED_OUT, mistreated=1, frustration_end=0.9),
]  # fmt: skip
NEEDS = [
    (A, "sun", "08:10", 0, NeedStatus.RESOLVED, 2),
    (A, "mon", "08:10", 1, NeedStatus.RESOLVED, 1),
    (A, "mon", "08:20", 1, NeedStatus.RESOLVED, 2),
    (B, "mon", "08:59:50", 1, NeedStatus.LOST, 2),
    (B, "mon", "09:00", 1, NeedStatus.LOST, 1),
    (B, "mon", "09:58", 1, NeedStatus.RESOLVED, 1),
    (A, "tue", "08:30", 1, NeedStatus.RESOLVED, 1),
    (A, "tue", "09:00", 1, NeedStatus.PENDING, 1),
    (B, "tue", "09:10", 1, NeedStatus.LOST, 1),
    (A, "tue", "09:59:30", 1, NeedStatus.LOST, 1),
    (A, "wed", "08:30", 0, NeedStatus.RESOLVED, 1),
]
FREE, BUSY, REST = AgentState.AVAILABLE, AgentState.HANDLING, AgentState.BREAK
SEGMENTS = [
    (0, X, FREE, "sun", "08:00", "10:00", 0.5, 0.0),
    (0, X, FREE, "mon", "08:00", "08:30", 0.45, 0.25),
    (0, X, BUSY, "mon", "08:30", "09:30", 0.40, 1.0),
    (0, X, REST, "mon", "09:30", "09:45", 0.78, 1.8),
    (0, X, FREE, "mon", "09:45", "10:00", 0.51, 0.25),
    (0, X, BUSY, "mon", "10:00", "10:10", 0.5, 1.0),
    (1, Y, FREE, "mon", "08:00", "08:50", 0.0, 0.25),
    (1, Y, BUSY, "mon", "08:50", "09:10", 0.0, 0.1),
    (1, Y, FREE, "mon", "09:10", "10:30", 0.033, 0.25),
    (0, X, BUSY, "wed", "08:00", "10:00", 0.5, 1.0),
]
DUTIES = [
    (0, X, at("sun", "08:00"), at("sun", "10:00"), at("sun", "11:00"), 0.9),
    (0, X, at("mon", "08:00"), at("mon", "10:00"), at("mon", "10:10"), 0.6),
    (1, Y, at("mon", "08:00"), at("mon", "10:30"), at("mon", "10:30"), 0.2),
    (-1, X, at("tue", "08:30"), at("tue", "08:30"), at("tue", "08:31"), np.nan),
]


def records():
    """Everything above as one replication's records."""
    contacts = rows(CONTACT, CONTACTS)
    segments = np.array([(a, g, s, at(d, b), at(d, e), f, r) for a, g, s, d, b, e, f, r in SEGMENTS], SEGMENT)
    duties = np.array([(a, g, s // 86_400_000_000, s, e, left, f) for a, g, s, e, left, f in DUTIES], DUTY)
    needs = rows(
        NEED,
        [
            {"intent": i, "born_us": at(d, t), "measured": m, "status": s, "attempts": n, "resolved_us": -1}
            for i, d, t, m, s, n in NEEDS
        ],
    )
    return Records(contacts, segments, duties, needs)


def scenario():
    """The centre to which the records belong."""
    return loads(DOCUMENT)
