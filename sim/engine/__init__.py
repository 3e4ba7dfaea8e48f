"""Engines: a world and a parameter table in, the flat records of one replication out."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.demand.horizon import Horizon, make_horizon
from sim.demand.world import make_world
from sim.engine.agents import make_agents
from sim.engine.compiled import CompiledEngine
from sim.engine.parameter_table import ParameterTable, make_parameter_table
from sim.engine.plan import make_plan
from sim.engine.records import Records
from sim.engine.simpy import run_simpy
from sim.errors import CcsimError
from sim.scenario.model import Scenario

__all__ = ["COMPILED", "SIMPY", "Prepared", "Records", "check_engine", "prepare", "simulate"]

COMPILED, SIMPY = "compiled", "simpy"


@dataclass(frozen=True)
class Prepared:
    """A scenario made ready once for many replications."""

    scenario: Scenario
    horizon: Horizon
    table: ParameterTable

    @cached_property
    def compiled(self) -> CompiledEngine:
        """The scenario laid out for the compiled engine."""
        return CompiledEngine.of(self.scenario, self.table, self.horizon)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process makes it ready itself: addresses mean nothing there."""
        return prepare, (self.scenario,)

    def replicate(self, seed: int, replication: int, engine: str = COMPILED) -> Records:
        """Simulate one replication."""
        if engine == COMPILED:
            return self.compiled.replicate(seed, replication)
        model = self.compiled.model
        world = make_world(self.scenario, seed, replication, self.horizon, model.volumes)
        plan = make_plan(self.scenario, self.horizon, world.key, model.roster)
        return run_simpy(world, self.table, plan, make_agents(self.table, model.roster, world.key))


def prepare(scenario: Scenario) -> Prepared:
    """Lay out the days and turn the scenario into numbers.

    Raises
    ------
    CcsimError
        If it has observed figures to which nothing was fitted.
    """
    if scenario.unfitted:
        words = "has observed figures, and nothing was fitted to them"
        raise CcsimError(f"{scenario.name}: {words}. Fit it first: scenario = sim.fit_observed(scenario)")
    horizon = make_horizon(scenario)
    return Prepared(scenario, horizon, make_parameter_table(scenario, horizon))


def check_engine(name: str) -> None:
    """Refuse an engine that there is not.

    Raises
    ------
    CcsimError
        With the names that there are.
    """
    if name not in (COMPILED, SIMPY):
        raise CcsimError(f"engine: there is none called {name!r}. Use {COMPILED!r} or {SIMPY!r}")


def simulate(scenario: Scenario, *, seed: int = 1, replication: int = 0, engine: str = COMPILED) -> Records:
    """Simulate one replication and return everything that happened in it.

    Parameters
    ----------
    scenario : a loaded scenario.
    seed : names the luck; the same seed meets the same people.
    replication : number of the replication, from 0.
    engine : "compiled", or "simpy" for the one to read; both write the same records to the last bit.

    Raises
    ------
    LimitError
        If the contacts would need more memory than this machine has.
    CcsimError
        If there is no such engine.
    """
    check_engine(engine)
    return prepare(scenario).replicate(seed, replication, engine)
