"""The SimPy engine's own time, by room of the house."""

import cProfile
import pstats

from benchmarks.retailer import WEEKS, week
from benchmarks.table import Table
from sim.engine import prepare
from sim.scenario.model import Scenario

ROOMS = {
    "SimPy's processes and events": ("/site-packages/simpy/",),
    "the clock": ("engine/simpy/clock.py",),
    "the rules, and the way to them": ("sim/jit.py",),
    "the floor: lines, agents, attendance": ("simpy/floor.py", "simpy/attendance.py", "simpy/supervisor_queue.py"),
    "customers' journeys": ("engine/simpy/customer.py",),
}


def shares(scenario: Scenario) -> dict[str, float]:
    """The share of the SimPy engine's time that each room takes."""
    engine = prepare(scenario).simpy
    engine.give_back(engine.play(1, 0))
    profile = cProfile.Profile()
    profile.runcall(engine.play, 1, 0)
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
