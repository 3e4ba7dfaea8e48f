"""Replications, in parallel, to a count or to a precision; the same result for any number of workers."""

import os
import threading
import warnings
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt

from sim.engine import COMPILED, SIMPY, Prepared, check_engine, prepare
from sim.errors import CcsimError
from sim.measures import Frame, Measure, Tally, make_frame, tally
from sim.measures.definitions import measures_of
from sim.scenario.model import Scenario
from sim.study.chunk import count_chunk
from sim.study.estimates import Estimate, percentile_estimate, ratio_estimate
from sim.study.tallies import BatchedTallies
from sim.study.warm import warm_up

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

LEAST, BATCH = 30, 10
WAIT_P90 = "wait_p90_s"
ALONE_BELOW = 20_000
"""Contacts in all below which starting workers costs more than it saves."""
CHUNK = 50_000
"""Contacts, about, that the compiled engine simulates at a time."""


@dataclass
class ScenarioRun:
    """One scenario and what its replications have counted so far.

    Attributes
    ----------
    contacts : every attempt of each replication, if they are kept.
    """

    scenario: Scenario
    prepared: Prepared
    frame: Frame
    ledger: BatchedTallies = field(default_factory=BatchedTallies)
    contacts: list[npt.NDArray[Any]] = field(default_factory=list)

    @property
    def measures(self) -> dict[str, Measure]:
        """The measures that this scenario has."""
        return measures_of(self.scenario, self.frame.parted)

    def estimates(self, name: str) -> dict[str, Estimate]:
        """Every measure of a slice."""
        counts, waits = self.ledger.counts(name), self.ledger.waits(name)
        found = {m.name: ratio_estimate(counts, m) for m in self.measures.values() if name in m.slices}
        if waits is not None:
            found[WAIT_P90] = percentile_estimate(waits, 0.9)
        return found

    @property
    def unmet(self) -> tuple[str, ...]:
        """The measures that do not yet have the half-width that the file asks for; none without a value."""
        wanted, missing = self.scenario.run.precision or {}, []
        found = self.estimates("overall") if wanted else {}
        for name, precision in wanted.items():
            estimate = found[self.scenario.targets.service_level.definition if name == "service_level" else name]
            scale = abs(float(estimate.mean[0])) if precision.relative else 1.0
            half = float(estimate.half_width[0])
            if half > precision.half_width * scale:
                missing.append(name)
        return tuple(missing)


def make_study(scenario: Scenario, parts: bool = False) -> ScenarioRun:
    """A scenario made ready, with no replication yet; `parts` as in `RunOptions`.

    Raises
    ------
    CcsimError
        If it has observed figures to which nothing was fitted.
    """
    if scenario.observed is not None and scenario.observed.fitted is None:
        words = "has observed figures, and nothing was fitted to them"
        raise CcsimError(f"{scenario.name}: {words}. Load it with sim.load, and change it with sim.changed")
    return ScenarioRun(scenario, prepare(scenario), make_frame(scenario, parts))


@dataclass(frozen=True)
class RunOptions:
    """How replications are to be made.

    Attributes
    ----------
    seed : names the luck.
    engine : "compiled" or "simpy".
    jobs : workers; None for one a core.
    keep : whether to keep every attempt.
    parts : whether to take handle time apart also where no mechanism is on; nothing that happens depends on it.
    """

    seed: int
    engine: str = COMPILED
    jobs: int | None = None
    keep: bool = False
    parts: bool = False

    @property
    def workers(self) -> int:
        """How many work at the same time."""
        return self.jobs or os.cpu_count() or 1


Counted = list[tuple[Tally, Any]]
Task = tuple[ScenarioRun, int, int]


def replicate(
    studies: list[ScenarioRun], orders: RunOptions, replications: int | None = None, progress: Progress | None = None
) -> None:
    """Run all studies over the same replications: a count, or batches until each is as precise as its file asks.

    Raises
    ------
    CcsimError
        If there is no such engine.
    LimitError
        If the contacts of a replication would need more memory than this machine has.
    """
    check_engine(orders.engine)
    if replications is not None or not any(s.scenario.run.precision for s in studies):
        _extend(studies, orders, replications or studies[0].scenario.run.replications, progress)
        return
    most = max(max(s.scenario.run.max_replications for s in studies), LEAST)
    done = LEAST
    _extend(studies, orders, done, progress)
    while done < most and any(s.unmet for s in studies):
        done = min(done + BATCH, most)
        _extend(studies, orders, done, progress)


def _extend(studies: list[ScenarioRun], orders: RunOptions, target: int, progress: Progress | None) -> None:
    first = studies[0].ledger.replications
    done, whole = first * len(studies), target * len(studies)
    tasks = _tasks(studies, orders, first, target)
    if progress and not first:
        progress(0, whole)
    with closing(_results(tasks, orders)) as results:
        for (study, _, size), counted in zip(tasks, results, strict=True):
            for tally_, contacts in counted:
                study.ledger.add(tally_)
                if orders.keep:
                    study.contacts.append(contacts)
            done += size
            if progress:
                progress(done, whole)


def _tasks(studies: list[ScenarioRun], orders: RunOptions, first: int, target: int) -> list[Task]:
    """The work in pieces: a study, its first replication and how many; in the order of the replications."""
    if orders.engine == SIMPY or orders.keep:
        return [(s, n, 1) for n in range(first, target) for s in studies]
    sizes = [min(_chunk(s), -(-(target - first) // orders.workers)) for s in studies]
    pieces = [
        (s, n, min(size, target - n))
        for s, size in zip(studies, sizes, strict=True)
        for n in range(first, target, size)
    ]
    return sorted(pieces, key=lambda piece: piece[1])


def _chunk(study: ScenarioRun) -> int:
    return max(1, int(CHUNK / (_contacts(study) + 1.0)))


def _results(tasks: list[Task], orders: RunOptions) -> Generator[Counted]:
    warm_up()
    workers = min(orders.workers, len(tasks))
    jobs = [(s.prepared, s.frame, n, size, orders) for s, n, size in tasks]
    if workers <= 1 or sum(_contacts(s) * size for s, _, size in tasks) < ALONE_BELOW:
        yield from (_piece(*job) for job in jobs)
    elif orders.engine == SIMPY:
        yield from _parallel(workers, "loky")(joblib.delayed(_piece)(*job) for job in jobs)
    else:
        work = Pieces()
        try:
            yield from _parallel(workers, "threading")(joblib.delayed(work)(*job) for job in jobs)
        finally:
            work.stop()


def _parallel(workers: int, backend: str) -> joblib.Parallel:
    warnings.filterwarnings("ignore", r"\d+ tasks ", UserWarning, r"joblib\.")  # said when somebody interrupts
    return joblib.Parallel(n_jobs=workers, return_as="generator", backend=backend)


class Pieces:
    """Pieces of work in threads. Told to stop, it begins no other and waits for those that have begun.

    A thread in compiled code that outlives an interrupted program would end it with a crash.
    """

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.running, self.stopped = 0, False

    def __call__(self, *job: Any) -> Counted:
        """Do a piece of work; nothing once told to stop."""
        with self.changed:
            if self.stopped:
                return []
            self.running += 1
        try:
            return _piece(*job)
        finally:
            with self.changed:
                self.running -= 1
                self.changed.notify_all()

    def stop(self) -> None:
        """Begin nothing more, and wait until nothing runs."""
        with self.changed:
            self.stopped = True
            self.changed.wait_for(lambda: not self.running)


def _piece(prepared: Prepared, frame: Frame, first: int, size: int, orders: RunOptions) -> Counted:
    if orders.engine == COMPILED and not orders.keep:
        return [(t, None) for t in count_chunk(prepared.compiled, frame, orders.seed, first, size)]
    return [_one(prepared, frame, n, orders) for n in range(first, first + size)]


def _one(prepared: Prepared, frame: Frame, number: int, orders: RunOptions) -> tuple[Tally, Any]:
    records = prepared.replicate(orders.seed, number, orders.engine)
    return tally(records, frame), records.contacts if orders.keep else None


def _contacts(study: ScenarioRun) -> float:
    """First attempts expected in a replication."""
    return float(study.prepared.table.return_profile[:, :, -1].sum())
