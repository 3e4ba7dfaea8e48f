"""What a study on a cluster costs beside the simulating: client, scheduler, workers, and bytes on the way."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from subprocess import STDOUT, Popen
from typing import Any

import sim
from benchmarks.budget import Budget
from benchmarks.clock import timed
from benchmarks.days import RETAILER, ROOT, day_of
from benchmarks.table import Table
from sim.measures import Tally
from sim.scenario.model import Scenario
from sim.study.replicate import CHUNK_ELSEWHERE, RunOptions, make_run
from sim.study.tallies import BatchedTallies, count_chunk, only
from sim.study.workplace import pack, unpack

HOST = ("--no-dashboard", "--host", "127.0.0.1")
WORKERS = 2
CORES = (4, 16, 64, 250, 1_000)
MILLION = 1_000_000
MANY, OF_A_POINT = 10_000, 30
"""Replications of a scenario by itself, and of each in a grid."""
STARTING_S = 60


@dataclass(frozen=True)
class Spent:
    """CPU seconds of the client, of the scheduler and of all workers."""

    client: float
    scheduler: float
    workers: float


@dataclass(frozen=True)
class Costs:
    """CPU seconds that a replication takes: simulated and packed where it is made, unpacked and added at the client.

    Attributes
    ----------
    size : bytes that its counts come to on the way.
    pieces : replications in a piece.
    point : CPU seconds at the client for each scenario: changed, made ready, estimated.
    replications : of each scenario.
    """

    simulated: float
    packed: float
    taken: float
    size: int
    pieces: int
    point: float
    replications: int

    def client(self, empty: float) -> float:
        """CPU seconds of the client for a piece; `empty` for one with nothing in it."""
        return empty + self.pieces * (self.taken + self.point / self.replications)


def tables_of_cluster(budget: Budget) -> list[Table]:
    """What is measured, and what follows for more cores than there are here."""
    weeks, day = sim.load(RETAILER), day_of(MILLION, 4_400)
    costs = {
        "one scenario, the retailer's three weeks": costs_of(weeks, None, MANY),
        "a grid of it": costs_of(weeks, (), OF_A_POINT),
        "a grid of days of a million contacts": costs_of(day, (), OF_A_POINT),
    }
    with scheduler_and_workers() as (address, processes), sim.cluster(address) as cluster:
        _drain(cluster, WORKERS)
        empty = [spent(processes, lambda: _drain(cluster, budget.pieces)) for _ in range(budget.turns)]
    one = Spent(*(min(getattr(s, name) for s in empty) / budget.pieces for name in ("client", "scheduler", "workers")))
    return [_measured(one, costs, budget), _arithmetic(one, costs)]


def _drain(cluster: Any, pieces: int) -> None:
    for _ in cluster.results((k, (max, (k, 0))) for k in range(pieces)):
        pass


def costs_of(scenario: Scenario, slices: tuple[str, ...] | None, replications: int) -> Costs:
    """What a replication costs, in this process: the best of three pieces."""
    run = make_run(scenario, slices=slices)
    pieces = min(max(1, int(CHUNK_ELSEWHERE / (run.expected_contacts + 1.0))), replications)
    options = RunOptions(1)
    count_chunk(run.prepared.compiled, run.frame, options.seed, 0, 1)
    turns: list[tuple[float, float, float]] = []
    for first in range(0, 3 * pieces, pieces):
        work = partial(count_chunk, run.prepared.compiled, run.frame, options.seed, first, pieces)
        simulated, made = timed(work)
        packing, packed = timed(partial(pack, [(only(tally, run.kept), None) for tally in made]))
        taking, _ = timed(partial(_taken, packed))
        turns.append((simulated / pieces, packing / pieces, taking / pieces))
    best = [min(turn[k] for turn in turns) for k in range(3)]
    tallies = count_chunk(run.prepared.compiled, run.frame, 1, 0, min(pieces, 2))
    point = min(timed(partial(_point, scenario, slices, tallies))[0] for _ in range(3))
    return Costs(best[0], best[1], best[2], len(packed) // pieces, pieces, point, replications)


def _point(scenario: Scenario, slices: tuple[str, ...] | None, tallies: list[Tally]) -> int:
    """What the client does for each scenario beside its pieces; the bytes of it that travel."""
    run = make_run(sim.changed(scenario, {"customers.patience": "3m"}), slices=slices)
    for tally in tallies:
        run.tallies.add(tally)
    run.estimates("overall")
    return len(run.parcel)


def _taken(packed: bytes) -> None:
    tallies = BatchedTallies()
    for tally, _ in unpack(packed):
        tallies.add(tally)


# Processes --------------------------------------------------------------------------


@contextmanager
def scheduler_and_workers() -> Iterator[tuple[str, list[Popen[bytes]]]]:
    """Start a scheduler and two workers as processes of this machine; the first is the scheduler."""
    with tempfile.TemporaryDirectory() as folder:
        processes: list[Popen[bytes]] = []
        try:
            log = Path(folder) / "scheduler.log"
            processes.append(_begun("dask_scheduler", log, "--port", "0"))
            address = _told(log, "Scheduler at:").split()[0]
            for k in range(WORKERS):
                own = Path(folder) / f"{k}.log"
                processes.append(_begun("dask_worker", own, address, "--nthreads", "1", "--no-nanny"))
                _told(own, "Registered to:")
            yield address, processes
        finally:
            for process in reversed(processes):
                process.kill()
                process.wait()


def _begun(module: str, log: Path, *arguments: str) -> Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, *HOST]
    with log.open("w") as written:
        return Popen(command, cwd=ROOT, stdout=written, stderr=STDOUT)


def _told(log: Path, words: str) -> str:
    until = time.monotonic() + STARTING_S
    while words not in (text := log.read_text(encoding="utf-8")):
        if time.monotonic() > until:
            raise TimeoutError(text)
        time.sleep(0.05)
    return text.split(words)[1]


def spent(processes: list[Popen[bytes]], work: Callable[[], Any]) -> Spent:
    """The CPU time that some work takes, here and there."""
    before = [_cpu(process) for process in processes]
    here, _ = timed(work)
    scheduler, *workers = (_cpu(process) - was for process, was in zip(processes, before, strict=True))
    return Spent(here, scheduler, sum(workers))


def _cpu(process: Popen[bytes]) -> float:
    import psutil

    times = psutil.Process(process.pid).cpu_times()
    return float(times.user + times.system)


# Tables -----------------------------------------------------------------------------


def _measured(one: Spent, costs: dict[str, Costs], budget: Budget) -> Table:
    rows: list[tuple[str, ...]] = [("a piece with nothing in it: client", *[_ms(one.client)] * len(costs))]
    rows.append(("the same: scheduler", *[_ms(one.scheduler)] * len(costs)))
    rows.append(("the same: worker", *[_ms(one.workers)] * len(costs)))
    rows.append(("a replication: simulated and counted, worker", *[_ms(c.simulated) for c in costs.values()]))
    rows.append(("its counts packed, worker", *[_ms(c.packed) for c in costs.values()]))
    rows.append(("its counts unpacked and added, client", *[_ms(c.taken) for c in costs.values()]))
    rows.append(("its counts on the way, kB", *[f"{c.size / 1e3:.1f}" for c in costs.values()]))
    rows.append(("a scenario changed, made ready, estimated, client", *[_ms(c.point) for c in costs.values()]))
    rows.append(("replications in a piece", *[f"{c.pieces}" for c in costs.values()]))
    note = (
        f"Milliseconds of CPU, the best of {budget.turns} turns of {budget.pieces:,} empty pieces with a scheduler and "
        f"{WORKERS} workers, processes of this machine; of three pieces for the rest."
    )
    return Table("What a study on a cluster costs", ("milliseconds of CPU", *costs), rows, [note])


def _arithmetic(one: Spent, costs: dict[str, Costs]) -> Table:
    rows = []
    for name, cost in costs.items():
        length = one.workers + cost.pieces * (cost.simulated + cost.packed)
        client = cost.client(one.client)
        shares = [(cores / length * client, cores / length * one.scheduler) for cores in CORES]
        rate = cost.pieces * cost.size / length / 1e6
        rows.append((f"{name}: client", *[f"{client_share:.0%}" for client_share, _ in shares]))
        rows.append((f"{name}: scheduler", *[f"{scheduler_share:.0%}" for _, scheduler_share in shares]))
        rows.append((f"{name}: MB a second", *[f"{cores * rate:.0f}" for cores in CORES]))
    note = "Arithmetic from the table above, not measured: the share of one core that they need while so many simulate."
    return Table("How far it scales", ("cores that simulate", *[f"{cores:,}" for cores in CORES]), rows, [note])


def _ms(seconds: float) -> str:
    return f"{1e3 * seconds:.2f}"
