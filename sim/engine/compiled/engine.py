"""The compiled engine as the rest of the program sees it: rooms that grow, and records."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.demand.first_contacts import draw_calls, likely_calls
from sim.demand.horizon import Horizon
from sim.demand.volumes import busy_rates, is_busy
from sim.engine.agents import draw_agents
from sim.engine.compiled.first_draws import draw_first_attempts
from sim.engine.compiled.loop import play, put_in_order
from sim.engine.compiled.model import CompiledModel, make_model
from sim.engine.compiled.state import State, make_state
from sim.engine.limits import refuse_too_many
from sim.engine.parameter_table import ParameterTable
from sim.engine.plan import lay_out
from sim.engine.records import Records
from sim.rng.philox import replication_key
from sim.scenario.model import Scenario

Rows = npt.NDArray[Any]


@dataclass(frozen=True)
class CompiledEngine:
    """A scenario laid out for the compiled engine. Threads share it; each takes a room of its own."""

    scenario: Scenario
    model: CompiledModel
    busy: bool
    _rooms: list[State] = field(default_factory=list)

    @classmethod
    def of(cls, scenario: Scenario, table: ParameterTable, horizon: Horizon) -> "CompiledEngine":
        """Lay a scenario out."""
        return cls(scenario, make_model(scenario, table, horizon), is_busy(scenario))

    def replicate(self, seed: int, replication: int) -> Records:
        """Simulate one replication and keep everything that happened in it.

        Raises
        ------
        LimitError
            If it makes more attempts than this machine can hold.
        """
        state = self.play(seed, replication)
        found = records_of(state)
        records = Records(
            found.contacts.copy(),
            _sorted(found.segments, ("agent", "start_us")),
            _sorted(found.duties, ("agent", "start_us", "group", "left_us")),
            found.needs.copy(),
            found.agents.copy(),
        )
        self.give_back(state)
        return records

    def play(self, seed: int, replication: int) -> State:
        """Simulate one replication; `records_of` reads the state, `give_back` lets the next one use it."""
        try:
            state = self._rooms.pop()
        except IndexError:
            state = self._room(1)
        times = 1
        while not self._plays(state, seed, replication):
            refuse_too_many(state.attempts())
            times *= 2
            state = self._room(times)
        refuse_too_many(state.attempts())
        return state

    def give_back(self, state: State) -> None:
        """Leave room for the next who needs it."""
        self._rooms.append(state)

    def _room(self, times: int) -> State:
        return make_state(self.model, likely_calls(self.model.volumes), times)

    def _plays(self, state: State, seed: int, replication: int) -> bool:
        model, key = self.model, replication_key(seed, replication)
        rates = busy_rates(self.scenario, model.volumes, key) if self.busy else model.volumes.expected
        if self.busy:
            refuse_too_many(float(rates.sum()))
        needs = draw_calls(model.volumes, rates, *key, state.calls)
        if needs < 0:
            state.record["n_needs"] = state.record["extra"] = 0
            return False
        draw_first_attempts(
            model.wanted, model.volumes.name, model.volumes.ordinal, *key, state.calls, needs, state.luck
        )
        if model.differs:
            draw_agents(model.hiring, *key, state.crew)
        planned = lay_out(model.roster, *key, state.plan, state.present)
        return play(model.record, state.record, *key, needs, planned)


def records_of(state: State) -> Records:
    """The records of the replication that a state has just played; segments and duties in the order of their ends.

    They lie in the state's own room.
    """
    needs, contacts = state.needs[: state.number("n_needs")], state.contacts[: state.attempts()]
    if contacts.size > needs.size:
        put_in_order(contacts, state.ordered, needs)
        contacts = state.ordered[: contacts.size]
    return Records(
        contacts,
        state.segments[: state.number("n_segments")],
        state.duties[: state.number("n_duties")],
        needs,
        state.crew,
    )


def _sorted(rows: Rows, order: tuple[str, ...]) -> Rows:
    return rows[np.lexsort([rows[name] for name in reversed(order)])]
