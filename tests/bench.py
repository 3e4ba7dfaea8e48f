"""What the engine costs: microseconds of CPU an attempt, and where the time goes. Run with `make bench`.

The figures are ratios within one run on one machine; compare them with each other, not with another day's.
"""

import cProfile
import platform
import pstats
import time
from importlib.metadata import version
from pathlib import Path

from sim import load, loads
from sim.engine import Prepared, prepare
from sim.engine.plan import make_plan
from sim.engine.reference import run_reference
from sim.engine.warm import compile_laws
from sim.measures import make_frame, tally
from sim.scenario.model import Scenario
from sim.world import make_world

ROOT = Path(__file__).resolve().parents[1]
ERLANG_A = """
name: Erlang-A day
calendar: {start: 2026-11-23, days: 1, hours: "08:00-20:00", interval: 30m}
arrivals: {per_hour: 600}
intents: {call: {share: 1, talk_time: {distribution: exponential, mean: 300s}}}
customers: {patience: 180s}
agents: {all: {skills: [call], staff: 52}}
"""
ROOMS = {
    "SimPy's clock and processes": "/simpy/",
    "laws and luck": "/sim/behaviour/|/sim/world/|reference/luck.py",
    "the floor: queues, agents, duty": "reference/floor.py|reference/queues.py|reference/duty.py",
    "a customer's journey and service": "reference/customer.py|reference/service.py|reference/people.py",
    "the log": "reference/log.py|engine/records.py",
}


def main() -> None:
    """Print the table."""
    compile_laws()
    print(f"{platform.processor() or platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in ("ccsim", "simpy", "numpy", "numba")), end="\n\n")
    retailer = load(ROOT / "scenarios/retailer/after-bot.yaml", ["run.warm_up=0d", "run.follow_up=0d"])
    plain = _cost(loads(ERLANG_A), "Erlang-A day, no mechanism")
    full = _cost(retailer, "retailer week, all mechanisms")
    print(f"\nAll mechanisms cost {full / plain:.2f} times the plain queue an attempt.\n")
    _profile(retailer)


def _cost(scenario: Scenario, name: str) -> float:
    """Print microseconds of CPU an attempt for the world, the engine and the measures; return the engine's."""
    prepared, frame = prepare(scenario), make_frame(scenario)
    _stages(prepared, frame, 0)
    runs = [_stages(prepared, frame, n) for n in range(1, 4)]
    world, engine, measures = (min(r[k] for r in runs) for k in range(3))
    print(
        f"{name:32} {runs[0][3]:7,.0f} attempts   engine {engine:6.1f} us an attempt   "
        f"world {world:5.2f}   measures {measures:5.2f}"
    )
    return engine


def _stages(prepared: Prepared, frame: object, number: int) -> tuple[float, float, float, int]:
    start = time.process_time()
    world = make_world(prepared.scenario, 1, number, prepared.horizon)
    plan = make_plan(prepared.scenario, prepared.horizon, world.key)
    made = time.process_time()
    records = run_reference(world, prepared.table, plan)
    done = time.process_time()
    tally(records, frame)
    attempts = records.contacts.size
    times = (made - start, done - made, time.process_time() - done)
    return *(1e6 * t / attempts for t in times), attempts  # type: ignore[return-value]


def _profile(scenario: Scenario) -> None:
    """Print the share of the engine's time by room."""
    prepared = prepare(scenario)
    world = make_world(scenario, 1, 0, prepared.horizon)
    plan = make_plan(scenario, prepared.horizon, world.key)
    profile = cProfile.Profile()
    profile.runcall(run_reference, world, prepared.table, plan)
    spent = pstats.Stats(profile).stats.items()  # type: ignore[attr-defined]
    total = sum(own for _, (_, _, own, _, _) in spent)
    print("Where the time goes (profiled, so calls weigh more than they do):")
    shares = {
        room: sum(own for (file, _, _), (_, _, own, _, _) in spent if any(p in file for p in parts.split("|"))) / total
        for room, parts in ROOMS.items()
    }
    for room, share in [*shares.items(), ("everything else", 1.0 - sum(shares.values()))]:
        print(f"  {room:34} {share:6.1%}")


if __name__ == "__main__":
    main()
