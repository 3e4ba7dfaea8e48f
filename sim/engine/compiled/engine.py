"""The compiled engine as the rest of the program sees it: rooms that grow, and records on request."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.compiled.loop import replicate
from sim.engine.compiled.model import Model, Sizes, make_model, sizes_of
from sim.engine.compiled.state import State, make_state
from sim.engine.limits import most_attempts, too_many
from sim.engine.records import Records
from sim.engine.table import Table
from sim.scenario.model import Scenario
from sim.world.calls import likely_calls
from sim.world.horizon import Horizon
from sim.world.luck import replication_key
from sim.world.volumes import busy_rates, is_busy

Rows = npt.NDArray[Any]


@dataclass(frozen=True)
class Engine:
    """A scenario laid out for the compiled engine. Threads share it; each takes a room of its own."""

    scenario: Scenario
    model: Model
    sizes: Sizes
    busy: bool
    _rooms: list[State] = field(default_factory=list)

    @classmethod
    def of(cls, scenario: Scenario, table: Table, horizon: Horizon) -> "Engine":
        """Lay a scenario out."""
        model = make_model(scenario, table, horizon)
        return cls(scenario, model, sizes_of(model), is_busy(scenario))

    def room(self, times: int = 1) -> State:
        """Room for one replication at a time; so many times what is likely to be needed.

        Raises
        ------
        LimitError
            If that is more than this machine can hold.
        """
        needs = likely_calls(self.model.volumes)
        if times > 1 and needs * times > most_attempts():
            raise too_many(needs * times)
        return make_state(self.model, self.sizes, needs, times)

    def take_room(self) -> State:
        """Room that has been used before, if there is any."""
        try:
            return self._rooms.pop()
        except IndexError:
            return self.room()

    def give_back(self, state: State) -> None:
        """Leave room for the next who needs it."""
        self._rooms.append(state)

    def rates(self, seed: int, replication: int) -> npt.NDArray[np.float64]:
        """Expected counts (intents, days, intervals) of one replication, after its busyness."""
        if not self.busy:
            return self.model.volumes.expected
        return busy_rates(self.scenario, self.model.volumes, replication_key(seed, replication))

    def replicate(self, seed: int, replication: int) -> Records:
        """Simulate one replication and keep everything that happened in it."""
        rates, times, state = self.rates(seed, replication), 1, self.take_room()
        while not replicate(self.model, rates, seed, replication, state):
            times *= 2
            state = self.room(times)
        records = records_of(state)
        self.give_back(state)
        return records


def records_of(state: State) -> Records:
    """The records of the replication that a state has just played, in canonical order."""
    v = state.v[0]
    contacts = (state.ordered if v["extra"] else state.contacts)[: v["needs"] + v["extra"]]
    return Records(
        contacts.copy(),
        _sorted(state.segments[: v["segments"]], ("agent", "start_us")),
        _sorted(state.duties[: v["duties"]], ("agent", "start_us", "group", "left_us")),
        state.needs[: v["needs"]].copy(),
    )


def _sorted(rows: Rows, order: tuple[str, ...]) -> Rows:
    return rows[np.lexsort([rows[name] for name in reversed(order)])]
