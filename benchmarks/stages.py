"""Where the time goes: draws, engine and counting apart, for both engines."""

from collections.abc import Iterable
from typing import NamedTuple

from benchmarks.clock import timed
from benchmarks.days import erlang_a
from benchmarks.retailer import WEEKS, week
from benchmarks.runs import simulated
from benchmarks.table import Table, verdict
from sim.demand.first_contacts import draw_calls, likely_calls, room_for
from sim.engine import Records
from sim.engine.engine import records_of
from sim.measures import tally
from sim.measures.batch import empty_counts
from sim.measures.tally import arrays_of, count_replication
from sim.rng.philox import replication_key
from sim.scenario.model import Scenario
from sim.study.replicate import RunOptions, ScenarioRun, make_run
from sim.study.run import result_of
from sim.study.tallies import count_chunk

MOST_SIMPY_US = 150.0
SEED, REPLICATIONS, TURNS = 1, 10, 4


class Parts(NamedTuple):
    """Microseconds of CPU an attempt."""

    draws: float
    engine: float
    counting: float


def compiled_parts(scenario: Scenario, replications: int, turns: int) -> Parts:
    """The compiled engine's: draws and counting are done once more by themselves, and what is left is the engine's."""
    study = make_run(scenario)
    engine, records = study.prepared.compiled, [study.prepared.replicate(SEED, n) for n in range(replications)]
    spent = [
        (
            timed(lambda: _draw(study, replications))[0],
            timed(lambda: count_chunk(engine, study.frame, SEED, 0, replications))[0],
            timed(lambda: _count(study, records))[0],
        )
        for _ in range(turns + 1)
    ][1:]
    draws, whole, counting = (
        1e6 * min(column) / sum(r.contacts.size for r in records) for column in zip(*spent, strict=True)
    )
    return Parts(draws, whole - draws - counting, counting)


def _draw(study: ScenarioRun, replications: int) -> None:
    volumes = study.prepared.compiled.model.volumes
    calls = room_for(volumes.process.size, volumes.edges.shape[1], likely_calls(volumes))
    for number in range(replications):
        draw_calls(volumes, volumes.expected, *replication_key(SEED, number), calls)


def _count(study: ScenarioRun, records: list[Records]) -> None:
    out = empty_counts(study.frame, 1)
    for r in records:
        count_replication(*arrays_of(r), study.frame.grid, out, 0)


def simpy_parts(scenarios: Iterable[Scenario], turns: int) -> list[Parts]:
    """The SimPy engine's: world and plan, simulation, counting; the scenarios take turns."""
    studies = [make_run(scenario) for scenario in scenarios]
    spent = [[_simpy_turn(study) for study in studies] for _ in range(turns)]
    return [Parts(*(min(part) for part in zip(*found, strict=True))) for found in zip(*spent, strict=True)]


def _simpy_turn(study: ScenarioRun) -> Parts:
    engine = study.prepared.simpy
    state = engine.play(SEED, 0)
    drawn, found = timed(lambda: engine.draw(state, SEED, 0))
    assert found is not None
    played, _ = timed(lambda: engine.player(engine.model, state, *found))
    records = records_of(state)
    counted, _ = timed(lambda: tally(records, study.frame))
    attempts = records.contacts.size
    engine.give_back(state)
    return Parts(*(1e6 * seconds / attempts for seconds in (drawn, played, counted)))


def once_a_run(scenario: Scenario) -> tuple[float, float]:
    """Milliseconds of CPU to make a scenario ready, and for the tables of all measures."""
    ready, _ = timed(lambda: make_run(scenario).prepared.compiled)
    _, study = simulated(scenario, 4)
    tables = min(timed(lambda: result_of(study, RunOptions(SEED, jobs=1), False))[0] for _ in range(3))
    return 1e3 * ready, 1e3 * tables


def table_of_stages(turns: int = TURNS) -> Table:
    """Both engines on the Erlang-A day and on the retailer's week."""
    scenarios = {"Erlang-A day": erlang_a(), "retailer, one week": week(next(iter(WEEKS)))}
    compiled = {name: compiled_parts(scenario, REPLICATIONS, turns) for name, scenario in scenarios.items()}
    simpy = simpy_parts(scenarios.values(), turns)
    rows = [_row(f"{name}, compiled engine", parts, 3) for name, parts in compiled.items()]
    rows += [_row(f"{name}, SimPy engine", parts, 1) for name, parts in zip(scenarios, simpy, strict=True)]
    columns = ("microseconds of CPU an attempt", "draws", "engine", "counting")
    return Table("Where the time goes", columns, rows, [_note(scenarios, simpy, turns)])


def _row(name: str, parts: Parts, digits: int) -> tuple[str, ...]:
    return (name, *(f"{part:.{digits}f}" for part in parts))


def _note(scenarios: dict[str, Scenario], simpy: list[Parts], turns: int) -> str:
    met = verdict(max(parts.engine for parts in simpy) < MOST_SIMPY_US)
    plain, full = (parts.engine for parts in simpy)
    once = " and ".join("{:.0f} + {:.0f} ms".format(*once_a_run(scenario)) for scenario in scenarios.values())
    return (
        f"Least of {turns} turns. Target for the SimPy engine: below {MOST_SIMPY_US:.0f}, {met}; all mechanisms cost "
        f"it {full / plain:.2f} times the plain queue. "
        f"Besides, once a run: the scenario made ready, and the tables of all measures, {once}."
    )
