"""What changes while a replication runs: flat arrays, used again from one replication to the next."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.demand.first_contacts import FirstContacts, room_for
from sim.engine.agents import draw_agents
from sim.engine.memory import address_of
from sim.engine.model import CompiledModel
from sim.engine.plan import empty_plan
from sim.engine.records import AGENT_TRAITS, CHANNEL, CONTACT, DUTY, GHOST, LEVEL, MOST_OWN, NEED, SEGMENT
from sim.engine.rows import AGENT, EVENT, HAND, LINE, NODE, PERSON, SEAT, SLOT, SLOTS, TEAM, WORDS

Rows = npt.NDArray[Any]

MOST_NODES = 1 << 16
"""Events that the wheel has room for; further ones go into the heap."""
NUMBERS = (
    "k0", "k1", "now", "filled", "n_nodes", "free", "heap_size", "next_us", "next_code", "source", "n_needs", "born",
    "planned", "n_plan", "extra", "n_segments", "n_duties", "waiting", "lined", "inbound", "sessions", "n_ghosts",
    "closed", "closed_at", "draining", "full",
)  # fmt: skip
"""Key words; clock; which words of the wheel's bits are not 0, nodes that have been used and the first that is free
again; events in the heap; the first event that is not in the wheel, and where it comes from; needs in all and born;
events of the plan done and in all; contacts beyond the first; rows written; the floor's state, with `waiting` customers
whom a drain serves among all that are `lined` up, `inbound` contacts still with the bot or on their way from one agent
to another, `sessions` of the bot; whether some array is full."""

ARRAYS = (
    "people", "contacts", "segments", "duties", "needs", "heap", "agents", "hands", "traits", "teams", "lines", "idle",
    "off", "askers", "breaks", "pending", "running", "own_us", "predrawn", "time", "intent", "day", "number", "plan",
    "present", "seats", "channels", "levels", "ghosts", "between", "in_line", "skill_means", "capable_below", "outages",
    "nodes", "slots", "words",
)  # fmt: skip
CAPACITIES = (
    "people_capacity", "contacts_capacity", "segments_capacity", "duties_capacity", "heap_capacity", "ghosts_capacity",
    "nodes_capacity",
)  # fmt: skip
STATE = np.dtype([(name, "i8") for name in (*NUMBERS, *ARRAYS, *CAPACITIES)])
"""Numbers, addresses of the arrays of a `State`, and for how many rows some of them have room."""
_PLACE = {name: place for place, name in enumerate(NUMBERS)}


class Sizes(NamedTuple):
    """All that the arrays of a state depend on: states of equal sizes serve each other's scenarios."""

    needs: int
    agents: int
    groups: int
    intents: int
    processes: int
    intervals: int
    skills: int
    days: int
    planned: int
    draws: int
    hands: int
    levels: int
    breaks: int
    team: int
    means: int
    chats: bool
    beside: bool
    later: bool
    own: bool
    silent: bool
    times: int


@dataclass(frozen=True)
class State:
    """One replication in progress: a record, and the arrays that it points to.

    Attributes
    ----------
    record : (1,) dtype `STATE`.
    calls : the first arrivals; predrawn : (draws, needs) what `PredrawnPurposes` names.
    plan : dtype `PLANNED`; present : (agents, days).
    contacts, segments, duties, needs : the records; the first attempt of need n is contact n, further attempts follow
        in the order in which they were made. traits : those of the agents.
    order : room for the rows of contacts in canonical order; as_made : (needs,) 0, 1, ..., their order where nobody
        comes back.
    own_us : (contacts, MOST_OWN) what users' own factors add; (0, 0) where there are none.
    channels, levels : (contacts,) dtype `CHANNEL` and (segments,) dtype `LEVEL`; (0,) where all come by phone.
    sizes : of the arrays.
    ghosts : those who left a chat without a word; they have rows among the people, behind all needs.
    arrays : keeps them alive, and the rest: people (needs and ghosts,) dtype `PERSON`, agents `AGENT`, seats `SEAT`,
        hands `HAND`, one an agent and behind them the further ones; teams `TEAM`, lines (2 intents,), the second half
        of those who have lost their place, idle (groups, levels) by contacts in hand, off (groups,), askers and between
        (1,) `LINE`; heap `EVENT` (code is kind << 56 | who), nodes `NODE`, slots `SLOT` and words (`WORDS`,)
        of the wheel; breaks (agents, due), the lengths (us) of the breaks that
        are due, in order; pending (groups, team + 1), a ring of announced departures (us); running (means,), the
        running handle times (s) that targets steer by, skill_means (skills,) those of the expected wait; in_line
        (skills,) places taken; capable_below (intents, days) and outages (days, 2), the bot's own days.
    """

    record: Rows
    calls: FirstContacts
    predrawn: npt.NDArray[np.float64]
    plan: Rows
    present: npt.NDArray[np.bool_]
    contacts: Rows
    order: npt.NDArray[np.int64]
    as_made: npt.NDArray[np.int64]
    segments: Rows
    duties: Rows
    needs: Rows
    traits: Rows
    own_us: npt.NDArray[np.int64]
    channels: Rows
    levels: Rows
    ghosts: Rows
    sizes: Sizes
    arrays: dict[str, Rows]

    def number(self, name: str) -> int:
        """One of `NUMBERS`."""
        return int(self.record.view(np.int64)[_PLACE[name]])

    @property
    def bytes(self) -> int:
        """What its arrays take, written to or not."""
        return sum((array if array.base is None else array.base).nbytes for array in self.arrays.values())

    def attempts(self) -> int:
        """How many attempts have been made; more than there is room for, if that is what stopped the replication."""
        return self.number("n_needs") + self.number("extra")


def sizes_of(model: CompiledModel, needs: int, times: int = 1) -> Sizes:
    """What holds so many needs, twice as many attempts, and all else that goes with them, so many times over."""
    agents, chats = model.size("n_agents"), bool(model.size("channels"))
    return Sizes(
        needs=needs * times,
        agents=agents,
        groups=model.size("n_groups"),
        intents=model.size("n_intents"),
        processes=model.volumes.process.size,
        intervals=model.volumes.edges.shape[1],
        skills=model.size("n_skills"),
        days=model.size("n_days"),
        planned=int(model.roster.events.size),
        draws=model.wanted.purpose.size,
        hands=agents + model.size("n_more_hands"),
        levels=model.size("levels"),
        breaks=model.size("due"),
        team=model.size("team"),
        means=model.size("n_means"),
        chats=chats,
        beside=bool(model.size("beside")),
        later=bool(model.size("beside") or model.size("overflows")),
        own=bool(model.size("n_own")),
        silent=chats and model.parameter("customers", "silent") > 0.0,
        times=times,
    )


LARGE = (
    "people", "contacts", "segments", "duties", "needs", "heap", "nodes", "channels", "levels", "ghosts", "order",
    "predrawn", "time", "intent", "day", "number", "stream_time", "stream_number",
)  # fmt: skip
"""Arrays of rows that a state may take over from one of other sizes; nobody reads a row that he has not written."""


def make_state(sizes: Sizes, old: State | None = None) -> State:
    """Arrays of these sizes, large ones out of an old state's where they are large enough.

    What is not written to costs no memory, so that there is room to spare for duties: a few agents more need no others.
    """
    calls = room_for(sizes.processes, sizes.intervals, sizes.needs)
    arrays = _new_arrays(sizes) | calls._asdict()
    if old is not None:
        arrays |= {name: _out_of(old.arrays[name], arrays[name]) for name in LARGE if name in arrays}
        calls = calls._replace(**{name: arrays[name] for name in calls._fields})
    record = np.zeros(1, STATE)
    for name in ARRAYS:
        record[name] = address_of(arrays[name])
    for name in CAPACITIES:
        record[name] = arrays[name.removesuffix("_capacity")].size
    record["people_capacity"] = sizes.needs
    record["heap_capacity"] -= 4
    kept = {
        name: arrays[name]
        for name in (
            "contacts", "segments", "duties", "needs", "traits", "own_us", "channels", "levels", "ghosts", "plan",
            "present", "predrawn", "order", "as_made",
        )
    }  # fmt: skip
    return State(record, calls, arrays=arrays, sizes=sizes, **kept)


def _new_arrays(n: Sizes) -> dict[str, Any]:
    """Arrays of these sizes, by name, but for those of arrivals."""
    ghosts, contacts = 2 * n.needs if n.silent else 0, 2 * n.needs
    duties = n.times * (1 << (n.agents + n.planned + 64).bit_length())
    plan, present = empty_plan(n.planned, n.agents, n.days)
    segments = (4 if n.later else 3) * contacts + 4 * duties
    return {
        "people": np.empty(n.needs + ghosts, PERSON),
        "contacts": np.empty(contacts, CONTACT),
        "segments": np.empty(segments, SEGMENT),
        "duties": np.empty(duties, DUTY),
        "needs": np.empty(n.needs, NEED),
        "heap": np.empty((4 if n.later else 1) * contacts + duties + 4, EVENT),
        "nodes": np.empty(min(contacts + duties, MOST_NODES), NODE),
        "slots": np.empty(SLOTS, SLOT),
        "words": np.empty(WORDS, np.int64),
        "agents": np.empty(n.agents, AGENT),
        "own_us": np.empty((contacts, MOST_OWN) if n.own else (0, 0), np.int64),
        "hands": np.empty(n.hands, HAND),
        "seats": np.empty(n.agents if n.chats else 0, SEAT),
        "channels": np.empty(contacts if n.beside else 0, CHANNEL),
        "levels": np.empty(segments if n.chats else 0, LEVEL),
        "traits": np.zeros(n.agents, AGENT_TRAITS),
        "teams": np.empty(n.groups, TEAM),
        "lines": np.empty(2 * n.intents, LINE),
        "idle": np.empty(n.groups * n.levels, LINE),
        "off": np.empty(n.groups, LINE),
        "between": np.empty(1, LINE),
        "in_line": np.empty(n.skills, np.int64),
        "skill_means": np.empty(n.skills),
        "ghosts": np.empty(ghosts, GHOST),
        "capable_below": np.zeros((n.intents, n.days)),
        "outages": np.full((n.days, 2), -1, np.int64),
        "askers": np.empty(1, LINE),
        "breaks": np.empty(n.agents * n.breaks, np.int64),
        "pending": np.empty(n.groups * (n.team + 1), np.int64),
        "running": np.empty(n.means),
        "predrawn": np.empty((n.draws, n.needs)),
        "plan": plan,
        "present": present,
        "order": np.empty(contacts, np.int64),
        "as_made": np.arange(n.needs),
    }


def _out_of(old: Rows, new: Rows) -> Rows:
    """The new array in the memory of the old one, where that is large enough."""
    if new.ndim > 1:
        return old if old.shape == new.shape else new
    whole: Rows = old if old.base is None else old.base
    return whole[: new.size] if whole.size >= new.size else new


def begin(state: State, model: CompiledModel) -> State:
    """Have a state serve a scenario: what its replications do not write each time stands as at the beginning."""
    state.present.fill(True)
    draw_agents(model.hiring, 0, 0, state.traits)
    return state
