"""Engines: a world and a parameter table in, the flat records of one replication out."""

from dataclasses import dataclass

from sim.engine.plan import make_plan
from sim.engine.records import Records
from sim.engine.reference import run_reference
from sim.engine.table import Table, make_table
from sim.scenario.model import Scenario
from sim.world import Horizon, make_horizon, make_world

__all__ = ["Prepared", "Records", "prepare", "simulate"]


@dataclass(frozen=True)
class Prepared:
    """A scenario made ready once for many replications."""

    scenario: Scenario
    horizon: Horizon
    table: Table

    def replicate(self, seed: int, replication: int) -> Records:
        """Simulate one replication."""
        world = make_world(self.scenario, seed, replication, self.horizon)
        return run_reference(world, self.table, make_plan(self.scenario, self.horizon, world.key))


def prepare(scenario: Scenario) -> Prepared:
    """Lay out the days and turn the scenario into numbers."""
    horizon = make_horizon(scenario)
    return Prepared(scenario, horizon, make_table(scenario, horizon))


def simulate(scenario: Scenario, *, seed: int = 1, replication: int = 0) -> Records:
    """Simulate one replication and return everything that happened in it.

    Parameters
    ----------
    scenario : a loaded scenario.
    seed : names the luck; the same seed meets the same people.
    replication : number of the replication, from 0.

    Raises
    ------
    LimitError
        If the contacts would need more memory than this machine has.
    """
    return prepare(scenario).replicate(seed, replication)
