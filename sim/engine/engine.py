"""Replications as the rest of the program sees them: arrays that grow, an engine that plays, and records."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.demand.first_contacts import draw_calls, likely_calls
from sim.demand.volumes import busy_rates, is_busy
from sim.engine.agents import draw_agents
from sim.engine.beforehand import draw_bot_days, put_backlog
from sim.engine.compiled.loop import put_in_order
from sim.engine.model import CompiledModel
from sim.engine.plan import lay_out
from sim.engine.predrawn import draw_first_attempts
from sim.engine.records import Records
from sim.engine.spares import keep, take, take_for_parts
from sim.engine.state import State, begin, make_state, sizes_of
from sim.errors import LimitError
from sim.loading import size
from sim.rng.philox import replication_key
from sim.scenario.model import Scenario

Rows = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]


Player = Callable[[CompiledModel, State, tuple[int, int], int, int], bool]
"""Plays a replication: model, state, key words, first arrivals, events of the plan. False if an array is too small."""


class Drawn(NamedTuple):
    """What is drawn before the first event: key words, how many first arrivals there are, and events of the plan."""

    key: tuple[int, int]
    needs: int
    planned: int


@dataclass(frozen=True)
class Engine:
    """A scenario made ready for one of the engines. Threads share it; each takes a state of its own.

    Attributes
    ----------
    busy : whether days differ in how busy they are.
    player : what plays a replication.
    """

    scenario: Scenario
    model: CompiledModel
    busy: bool
    player: Player
    _states: list[State] = field(default_factory=list)

    def __post_init__(self) -> None:
        """When the engine is gone, others may have its states."""
        weakref.finalize(self, keep, self._states).atexit = False

    @classmethod
    def of(cls, scenario: Scenario, model: CompiledModel, player: Player) -> "Engine":
        """Make a scenario ready."""
        return cls(scenario, model, is_busy(scenario), player)

    def replicate(self, seed: int, replication: int) -> Records:
        """Simulate one replication and keep everything that happened in it.

        Raises
        ------
        LimitError
            If it makes more attempts than this machine can hold.
        """
        state = self.play(seed, replication)
        found = records_of(state)
        in_order = np.lexsort([found.segments["start_us"], found.segments["agent"]])
        records = Records(
            found.contacts.copy(),
            found.segments[in_order],
            _sorted(found.duties, ("agent", "start_us", "group", "left_us")),
            found.needs.copy(),
            found.agents.copy(),
            found.own_us.copy(),
            found.channels.copy(),
            found.levels[in_order] if found.levels.size else found.levels.copy(),
            _sorted(found.ghosts, ("need", "joined_us")),
        )
        self.give_back(state)
        return records

    def play(self, seed: int, replication: int) -> State:
        """Simulate one replication; `records_of` reads the state, `give_back` lets the next one use it."""
        try:
            state = self._states.pop()
        except IndexError:
            state = self.new_state(1)
        times = 1
        while (drawn := self.draw(state, seed, replication)) is None or not self.player(self.model, state, *drawn):
            refuse_too_many(state.attempts())
            times *= 2
            state = self.new_state(times)
        refuse_too_many(state.attempts())
        self.model.own.check()
        return state

    def give_back(self, state: State) -> None:
        """Let the next who needs a state have it."""
        self._states.append(state)

    def rest(self) -> None:
        """Let other scenarios have its states until it is simulated again; nobody may be simulating it now."""
        keep(self._states)
        self._states.clear()

    def new_state(self, times: int = 1) -> State:
        """A state that almost every replication fits into, so many times over: another scenario's, if there is one."""
        needs = likely_calls(self.model.volumes) + int(self.model.beforehand.backlog.sum())
        sizes = sizes_of(self.model, needs, times)
        return begin(take(sizes) or make_state(sizes, take_for_parts(sizes)), self.model)

    def draw(self, state: State, seed: int, replication: int) -> Drawn | None:
        """Draw who calls, who the agents are and who is absent; None if the arrays are too small."""
        model, key = self.model, replication_key(seed, replication)
        rates = busy_rates(self.scenario, model.volumes, key) if self.busy else model.volumes.expected
        if self.busy:
            refuse_too_many(float(rates.sum()))
        needs = draw_calls(model.volumes, rates, *key, state.calls)
        if needs >= 0 and not model.by_phone:
            needs = put_backlog(model.beforehand.backlog, state.calls, needs)
        if needs < 0:
            state.record["n_needs"] = state.record["extra"] = 0
            return None
        named = model.volumes.name, model.volumes.ordinal
        draw_first_attempts(model.wanted, *named, *key, state.calls, needs, state.predrawn)
        draw_bot_days(model.beforehand, *key, state.arrays["capable_below"], state.arrays["outages"])
        if model.differs:
            draw_agents(model.hiring, *key, state.traits)
        return Drawn(key, needs, lay_out(model.roster, *key, state.plan, state.present))


def refuse_too_many(made: float) -> None:
    """Look at the machine's memory only where attempts are many.

    Raises
    ------
    LimitError
        If a replication makes more attempts than fit.
    """
    if made > size.LEAST and made > size.most_attempts():
        raise _too_many(size.most_attempts())


def _too_many(most: int) -> LimitError:
    return LimitError(
        f"this scenario made more than {most:,} contacts in one replication, "
        "the most that this machine's memory holds. Lower arrivals, busyness_cv, customers.redial or "
        "customers.repeat, or set customers.max_attempts."
    )


def records_of(state: State) -> Records:
    """The records of the replication that a state has just played; segments and duties in the order of their ends.

    What is in its order already lies in the state's own arrays.
    """
    contacts, order, own_us, needs, segments, duties, agents, channels, levels, ghosts = arrays_as_made(state)
    if contacts.size > needs.size:
        contacts = contacts[order]
        own_us, channels = (rows[order] if rows.size else rows for rows in (own_us, channels))
    return Records(contacts, segments, duties, needs, agents, own_us, channels, levels, ghosts)


def arrays_as_made(state: State) -> tuple[Rows, Ints, Ints, Rows, Rows, Rows, Rows, Rows, Rows, Rows]:
    """The same as `sim.measures.tally.count_replication` takes them, contacts in the order in which they were made.

    First attempts lie by need, further ones behind them. All of it lies in the state's own arrays.
    """
    needs, attempts, segments = state.number("n_needs"), state.attempts(), state.number("n_segments")
    contacts, order = state.contacts[:attempts], state.as_made[:needs]
    if attempts > needs:
        order = state.order[:attempts]
        put_in_order(contacts, state.needs[:needs], order)
    return (
        contacts,
        order,
        state.own_us[:attempts],
        state.needs[:needs],
        state.segments[:segments],
        state.duties[: state.number("n_duties")],
        state.traits,
        state.channels[:attempts],
        state.levels[:segments],
        state.ghosts[: state.number("n_ghosts")],
    )


def _sorted(rows: Rows, order: tuple[str, ...]) -> Rows:
    return rows[np.lexsort([rows[name] for name in reversed(order)])]
