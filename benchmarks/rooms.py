"""The SimPy engine's own time, by room of the house."""

import cProfile
import pstats

from benchmarks.retailer import WEEKS, week
from benchmarks.table import Table
from sim.demand.world import make_world
from sim.engine import prepare
from sim.engine.agents import make_agents
from sim.engine.plan import make_plan
from sim.engine.simpy import run_simpy
from sim.scenario.model import Scenario

ROOMS = {
    "SimPy's clock and processes": ("/simpy/",),
    "laws and luck": ("/sim/behaviour/", "/sim/world/", "reference/luck.py"),
    "the floor: queues, agents, duty": ("reference/floor.py", "reference/queues.py", "reference/duty.py"),
    "a customer's journey and service": ("reference/customer.py", "reference/service.py", "reference/people.py"),
    "the log": ("reference/log.py", "engine/records.py"),
}


def shares(scenario: Scenario) -> dict[str, float]:
    """The share of the SimPy engine's time that each room takes."""
    prepared = prepare(scenario)
    world = make_world(scenario, 1, 0, prepared.horizon)
    plan = make_plan(scenario, prepared.horizon, world.key)
    crew = make_agents(prepared.table, prepared.compiled.model.roster, world.key)
    profile = cProfile.Profile()
    profile.runcall(run_simpy, world, prepared.table, plan, crew)
    spent = {place: own for place, (_, _, own, _, _) in pstats.Stats(profile).stats.items()}  # type: ignore[attr-defined]
    total = sum(spent.values())
    return {
        room: sum(own for (file, _, _), own in spent.items() if _in(file, parts)) / total
        for room, parts in ROOMS.items()
    }


def _in(file: str, parts: tuple[str, ...]) -> bool:
    return any(part in file for part in parts)


def table_of_profile() -> Table:
    """The retailer's week with all mechanisms."""
    found = shares(week(next(iter(WEEKS))))
    rows = [(room, f"{share:.1%}") for room, share in [*found.items(), ("everything else", 1.0 - sum(found.values()))]]
    return Table(
        "The SimPy engine, by room",
        ("retailer, one week", "share"),
        rows,
        ["Profiled, so calls weigh more than they do."],
    )
