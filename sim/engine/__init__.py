"""Engines: a world and a parameter table in, the flat records of one replication out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.arguments import checked
from sim.demand.horizon import Horizon, make_horizon
from sim.engine.compiled import run_compiled
from sim.engine.crew import Crew
from sim.engine.engine import Engine
from sim.engine.model import CompiledModel, make_model
from sim.engine.parameter_table import ParameterTable, make_parameter_table
from sim.engine.records import Records
from sim.errors import NotFittedError, UnknownEngineError
from sim.scenario.model import Scenario

__all__ = ["COMPILED", "SIMPY", "Prepared", "Records", "check_engine", "prepare", "simulate"]

COMPILED, SIMPY = "compiled", "simpy"
Routing = Callable[[int, int, int, int, float], float]


@dataclass(frozen=True)
class Prepared:
    """A scenario made ready once for many replications."""

    scenario: Scenario
    horizon: Horizon
    table: ParameterTable
    parts: bool | None = None
    routing: Routing | None = None
    crew: Crew | None = None

    @cached_property
    def model(self) -> CompiledModel:
        """The scenario as the engines read it."""
        return make_model(self.scenario, self.table, self.horizon, self.parts, self.routing, self.crew)

    @cached_property
    def compiled(self) -> Engine:
        """The scenario ready for the compiled engine."""
        return Engine.of(self.scenario, self.model, run_compiled)

    @cached_property
    def simpy(self) -> Engine:
        """The scenario ready for the SimPy engine, which draws everything when it is needed."""
        from sim.engine.simpy import run_simpy

        return Engine.of(self.scenario, self.model.without_predrawn(), run_simpy)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process makes it ready itself: addresses mean nothing there."""
        return prepare, (self.scenario, self.parts, self.routing, self.crew)

    def replicate(self, seed: int, replication: int, engine: str = COMPILED) -> Records:
        """Simulate one replication."""
        return (self.compiled if engine == COMPILED else self.simpy).replicate(seed, replication)


def prepare(
    scenario: Scenario, parts: bool | None = None, routing: Routing | None = None, crew: Crew | None = None
) -> Prepared:
    """Lay out the days and turn the scenario into numbers.

    Parameters
    ----------
    parts : whether to write down what each factor adds to a talk; it changes nothing else. Yes unless told otherwise.
    routing : a rule of who takes whom in place of ccsim's: a function of the preference of the agent's group for the
        skill, how long the customer has waited with the head start (us), how long the agent has been idle (us),
        contacts in the agent's hands and tenure (s). The lowest value is taken, of equal ones who is idle or waits
        longest, then the lower number. numba must be able to compile it.
    crew : who the agents are, where they are not the roster's own: one a seat.

    Raises
    ------
    CcsimError
        If it has observed figures to which nothing was fitted.
    """
    if scenario.unfitted:
        words = "has observed figures, and nothing was fitted to them"
        raise NotFittedError(f"{scenario.name}: {words}. Fit it first: scenario = sim.fit_observed(scenario)")
    horizon = make_horizon(scenario)
    return Prepared(scenario, horizon, make_parameter_table(scenario, horizon), parts, routing, crew)


def check_engine(name: str) -> None:
    """Refuse an engine that there is not.

    Raises
    ------
    UnknownEngineError
        With the names that there are.
    """
    if name not in (COMPILED, SIMPY):
        raise UnknownEngineError(f"engine: there is none called {name!r}. Use {COMPILED!r} or {SIMPY!r}")


@checked
def simulate(
    scenario: Scenario,
    *,
    seed: int = 1,
    replication: int = 0,
    engine: str = COMPILED,
    routing: Routing | None = None,
) -> Records:
    """Simulate one replication and return everything that happened in it.

    Parameters
    ----------
    scenario : a loaded scenario.
    seed : names the luck; the same seed meets the same people.
    replication : number of the replication, from 0.
    engine : "compiled", or "simpy" for the one to read; both write the same records to the last bit.

    routing : a rule of who takes whom in place of ccsim's (`prepare`).

    Raises
    ------
    LimitError
        If the contacts would need more memory than this machine has.
    UnknownEngineError
        If there is no such engine.
    """
    check_engine(engine)
    return prepare(scenario, routing=routing).replicate(seed, replication, engine)
