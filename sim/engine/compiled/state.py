"""What changes while a replication runs, in few flat arrays that are reused from one replication to the next."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.compiled.model import Model, Sizes
from sim.engine.plan import empty_plan
from sim.engine.records import CONTACT, DUTY, NEED, SEGMENT
from sim.world.calls import Calls, room_for

Rows = npt.NDArray[Any]

VARS = np.dtype(
    [
        (name, "i8")
        for name in (
            "k0", "k1", "now", "heap", "hole", "needs", "born", "planned", "plan", "extra", "segments", "duties",
            "matched", "waiting", "in_bot", "closed", "closed_at", "draining", "full",
        )
    ]
)  # fmt: skip
"""The scalars: key words; clock; events in the heap, and whether its top has been taken; needs in all and born;
events planned and done; contacts beyond the first; rows written; matches to settle; the floor's state; whether some room is full."""

PERSON = np.dtype(
    [
        ("number", "i8"),
        ("name", "i8"),
        ("date", "i8"),
        ("difficulty", "f8"),
        ("frustration", "f8"),
        ("base_s", "f8"),
        ("scale", "f8"),
        ("rank_us", "i8"),
        ("gives_up_us", "i8"),
        ("row", "i8"),
        ("intent", "i4"),
        ("attempts", "i4"),
        ("before", "i4"),
        ("after", "i4"),
        ("capable", "i1"),
        ("bot_failed", "i1"),
        ("waits", "i1"),
        ("cause", "i1"),
    ],
    align=True,
)
"""A customer: luck's name, difficulty, frustration; T0 (s) of the attempt and its profile's factor; place in the line,
moment of giving up; the row of the attempt; neighbours in the line; `capable` -1 until drawn."""

AGENT = np.dtype(
    [
        ("since_us", "i8"),
        ("fatigue", "f8"),
        ("rate", "f8"),
        ("called_us", "i8"),
        ("spell_us", "i8"),
        ("duty_end_us", "i8"),
        ("break_until_us", "i8"),
        ("row", "i8"),
        ("group", "i4"),
        ("before", "i4"),
        ("after", "i4"),
        ("breaks", "i4"),
        ("state", "i1"),
        ("leaving", "i1"),
        ("kept", "i1"),
    ],
    align=True,
)
"""An agent: start of the segment in progress, fatigue then and rate; when last called and on duty; the contact in
hand; neighbours among the idle or the absent of the group; breaks that are due; `state` 0 off duty."""

LINE = np.dtype([("first", "i8"), ("last", "i8")])
TEAM = np.dtype([("on", "i8"), ("pending_first", "i8"), ("pending", "i8")])
"""A group: agents on duty; where its pending departures begin in their ring, and how many there are."""

MATCH = np.dtype([("person", "i8"), ("agent", "i8")])
"""A customer and the agent who takes the contact; agent -1: the customer has left the queue."""

EVENT = np.dtype([("time_us", "i8"), ("code", "i8")])


class State(NamedTuple):
    """One replication in progress.

    Attributes
    ----------
    v : (1,) dtype `VARS`.
    people : (needs,) dtype `PERSON`; contacts, segments, duties, needs : the records; the first attempt of need n is
        contact n, further attempts follow in the order in which they were made.
    ordered : room for the contacts in canonical order; offsets : (needs,) where each need's contacts begin.
    heap : dtype `EVENT`; code is kind << 32 | who.
    matches : dtype `MATCH`: what events of the plan have brought about.
    agents, teams : dtypes `AGENT`, `TEAM`; lines : (intents,), idle, off : (groups,) dtype `LINE`.
    breaks : (agents, most) lengths of the breaks that are due (us), in order.
    pending : (groups, most) ring of announced departures (us).
    running : (means,) the running handle times (s) that targets steer by.
    calls : the first arrivals; plan : dtype `PLANNED`; present : (agents, days).
    """

    v: Rows
    people: Rows
    contacts: Rows
    ordered: Rows
    offsets: npt.NDArray[np.int64]
    segments: Rows
    duties: Rows
    needs: Rows
    heap: Rows
    matches: Rows
    agents: Rows
    teams: Rows
    lines: Rows
    idle: Rows
    off: Rows
    breaks: npt.NDArray[np.int64]
    pending: npt.NDArray[np.int64]
    running: npt.NDArray[np.float64]
    calls: Calls
    plan: Rows
    present: npt.NDArray[np.bool_]


def make_state(model: Model, sizes: Sizes, needs: int, times: int = 1) -> State:
    """Room for so many needs, twice as many attempts, and all else that goes with them, so many times over.

    What is not written to costs no memory.
    """
    needs *= times
    contacts, duties = 2 * needs, times * (sizes.agents + int(model.roster.events.size) + 64)
    plan, present = empty_plan(model.roster)
    return State(
        np.zeros(1, VARS),
        np.empty(needs, PERSON),
        np.empty(contacts, CONTACT),
        np.empty(contacts, CONTACT),
        np.empty(needs, np.int64),
        np.empty(3 * contacts + 4 * duties, SEGMENT),
        np.empty(duties, DUTY),
        np.empty(needs, NEED),
        np.empty(contacts + duties, EVENT),
        np.empty(needs + sizes.agents, MATCH),
        np.empty(sizes.agents, AGENT),
        np.empty(sizes.groups, TEAM),
        np.empty(sizes.intents, LINE),
        np.empty(sizes.groups, LINE),
        np.empty(sizes.groups, LINE),
        np.empty((sizes.agents, max(sizes.breaks, 1)), np.int64),
        np.empty((sizes.groups, sizes.team + 1), np.int64),
        np.empty(model.pace_start.size),
        room_for(model.volumes, needs),
        plan,
        present,
    )
