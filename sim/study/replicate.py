"""Replications, in parallel, to a count or to a precision; the same result for any number of workers."""

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine import COMPILED, SIMPY, Prepared, check_engine, prepare
from sim.measures import Frame, Measure, Tally, make_frame, tally
from sim.measures.definitions import measures_of
from sim.measures.tally import SLICES
from sim.scenario.model import Scenario
from sim.scenario.targets import TargetOfSome, targets_of_some
from sim.study.estimates import Estimate, percentile_estimate, ratio_estimate
from sim.study.parallel import in_processes, in_threads
from sim.study.tallies import BatchedTallies, count_chunk, only
from sim.study.warm import warm_up
from sim.study.workplace import AHEAD, Call, Workplace, current_workplace, pack, unpack

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

LEAST, BATCH = 30, 10
WAIT_P90 = "wait_p90_s"
ALONE_BELOW = 20_000
"""Contacts in all below which starting workers costs more than it saves."""
CHUNK = 50_000
"""Contacts, about, that the compiled engine simulates at a time."""
CHUNK_ELSEWHERE = 3_000_000
"""The same where a piece travels: two seconds of work, beside which its way and the scheduler are little."""
PREPARED = 8
"""Scenarios that a worker elsewhere keeps ready."""


@dataclass
class ScenarioRun:
    """One scenario and what its replications have counted so far.

    Attributes
    ----------
    contacts : every attempt of each replication, if they are kept.
    first : the number of its first replication.
    apart : the keys of those targets of some contacts that are counted by interval too.
    slices : those that somebody will ask for beside the whole; None for all.
    """

    scenario: Scenario
    prepared: Prepared
    frame: Frame
    tallies: BatchedTallies = field(default_factory=BatchedTallies)
    contacts: list[npt.NDArray[Any]] = field(default_factory=list)
    first: int = 0
    apart: tuple[str, ...] = ()
    slices: tuple[str, ...] | None = None

    @cached_property
    def parcel(self) -> bytes:
        """What a worker elsewhere needs to make it ready: what the scenario says, and what is counted."""
        return pack((self.prepared, self.frame, self.kept))

    @cached_property
    def kept(self) -> frozenset[str]:
        """The slices whose counts are kept, and travel where the work is done elsewhere."""
        if self.slices is None:
            return frozenset(SLICES)
        return frozenset({"overall", *self.slices, *(["intent"] if targets_of_some(self.scenario) else [])})

    @property
    def measures(self) -> dict[str, Measure]:
        """The measures that this scenario has."""
        return measures_of(self.scenario, self.frame.parted)

    def estimates(self, name: str) -> dict[str, Estimate]:
        """Every measure of a slice."""
        counts, waits = self.tallies.counts(name), self.tallies.waits(name)
        estimates = {m.name: ratio_estimate(counts, m) for m in self.measures.values() if name in m.slices}
        if waits is not None:
            estimates[WAIT_P90] = percentile_estimate(waits, 0.9)
        return estimates | (self._of_some() if name == "overall" else {})

    def _of_some(self) -> dict[str, Estimate]:
        """The measures of channels, intents and skills that have targets of their own, over all days."""
        targets = targets_of_some(self.scenario)
        return {t.key: ratio_estimate(self.counts_of_some(t), self.measures[t.measure]) for t in targets}

    def counts_of_some(self, target: TargetOfSome) -> Floats:
        """(replications, 1, counts) of the contacts that a target is about."""
        mine = [self.frame.intents.index(name) for name in target.intents]
        counts: Floats = self.tallies.counts("intent")[:, mine].sum(axis=1, keepdims=True)
        return counts

    def counts_apart(self, target: TargetOfSome) -> Floats:
        """(replications, intervals, counts) of the live contacts that a target is about: its own, by interval."""
        place, width = self.apart.index(target.key), self.frame.starts.size
        counts: Floats = self.tallies.counts("some")[:, place * width : (place + 1) * width]
        return counts

    @property
    def expected_contacts(self) -> float:
        """First attempts expected in a replication, warm-up and follow-up included."""
        return float(self.prepared.table.return_profile[:, :, -1].sum())

    @property
    def unmet(self) -> tuple[str, ...]:
        """The measures that do not yet have the half-width that the file asks for; none without a value."""
        precisions, missing = self.scenario.run.precision or {}, []
        estimates = self.estimates("overall") if precisions else {}
        for name, precision in precisions.items():
            estimate = estimates[self.scenario.targets.service_level.definition if name == "service_level" else name]
            scale = abs(float(estimate.mean[0])) if precision.relative else 1.0
            half = float(estimate.half_width[0])
            if half > precision.half_width * scale:
                missing.append(name)
        return tuple(missing)


def make_run(
    scenario: Scenario,
    parts: bool = False,
    apart: Sequence[TargetOfSome] = (),
    slices: tuple[str, ...] | None = None,
) -> ScenarioRun:
    """A scenario made ready, with no replication yet; `parts` as in `RunOptions`, `slices` as in `ScenarioRun`.

    Parameters
    ----------
    apart : the live targets of some contacts that are to be counted by interval too.

    Raises
    ------
    NotFittedError
        If it has observed figures to which nothing was fitted.
    """
    frame = make_frame(scenario, parts, [target.intents for target in apart])
    return ScenarioRun(scenario, prepare(scenario), frame, apart=tuple(target.key for target in apart), slices=slices)


@dataclass(frozen=True)
class RunOptions:
    """How replications are to be made.

    Attributes
    ----------
    seed : of all draws.
    engine : "compiled" or "simpy".
    jobs : workers; None for one a core.
    keep : whether to keep every attempt.
    parts : whether to take handle time apart also where no mechanism is on; nothing that happens depends on it.
    workplace : where the work is done, if not on this machine; `jobs` is then not used.
    """

    seed: int
    engine: str = COMPILED
    jobs: int | None = None
    keep: bool = False
    parts: bool = False
    workplace: Workplace | None = field(default_factory=current_workplace)

    @property
    def workers(self) -> int:
        """How many work at the same time."""
        return self.workplace.workers if self.workplace else self.jobs or os.cpu_count() or 1


Counted = list[tuple[Tally, Any]]
Task = tuple[ScenarioRun, int, int]
Job = tuple[Prepared, Frame, frozenset[str], int, int, RunOptions]


def replicate(
    runs: list[ScenarioRun], options: RunOptions, replications: int | None = None, progress: Progress | None = None
) -> None:
    """Make the same replications of all runs: a count, or batches until each is as precise as its file asks.

    Raises
    ------
    CcsimError
        If there is no such engine.
    LimitError
        If the contacts of a replication would need more memory than this machine has.
    """
    check_engine(options.engine)
    if replications is not None or not any(run.scenario.run.precision for run in runs):
        _extend(runs, options, replications or runs[0].scenario.run.replications, progress)
        return
    most = max(max(run.scenario.run.max_replications for run in runs), LEAST)
    done = LEAST
    _extend(runs, options, done, progress)
    while done < most and any(run.unmet for run in runs):
        done = min(done + BATCH, most)
        _extend(runs, options, done, progress)


def replicate_each(
    runs: Iterable[ScenarioRun], options: RunOptions, replications: int, count: int, progress: Progress | None = None
) -> Generator[ScenarioRun]:
    """Make as many replications of each run, and hand each over as it is done, while the next ones are worked on.

    Parameters
    ----------
    runs : taken one by one, a few ahead of the one that is handed over.
    options, replications : how.
    count : how many runs there are.
    progress : called with (replications done, replications in all), over all runs.

    Raises
    ------
    CcsimError
        If there is no such engine.
    """
    check_engine(options.engine)
    source = iter(runs)
    if (first := next(source, None)) is None:
        return
    beside = count if options.workplace else 1
    tasks = (task for run in chain([first], source) for task in _tasks([run], options, 0, replications, beside))
    contacts = first.expected_contacts * replications * count
    with closing(_counted(tasks, options, contacts, 0, count * replications, progress)) as counted:
        for run in counted:
            if run.tallies.replications == replications:
                yield run


def _extend(runs: list[ScenarioRun], options: RunOptions, target: int, progress: Progress | None) -> None:
    first = runs[0].tallies.replications
    tasks = _tasks(runs, options, first, target)
    contacts = sum(run.expected_contacts * size for run, _, size in tasks)
    for _ in _counted(tasks, options, contacts, first * len(runs), target * len(runs), progress):
        pass


def _counted(
    tasks: Iterable[Task], options: RunOptions, contacts: float, done: int, whole: int, progress: Progress | None
) -> Generator[ScenarioRun]:
    """Do the work and count it; after every piece, the run that it belongs to."""
    workers = min(options.workers, whole - done)  # a cluster is reached before the clock starts
    if progress and not done:
        progress(0, whole)
    with closing(_results(tasks, options, workers, contacts)) as results:
        for (run, _, size), counted in results:
            for counts, kept in counted:
                run.tallies.add(counts)
                if options.keep:
                    run.contacts.append(kept)
            done += size
            if progress:
                progress(done, whole)
            yield run


def _tasks(runs: list[ScenarioRun], options: RunOptions, first: int, target: int, beside: int = 1) -> list[Task]:
    """The work in pieces: a run, its first replication and how many; in the order of the replications.

    Where as many of them are worked on beside each other, a run need not keep every worker busy by itself.
    """
    if options.engine == SIMPY or options.keep:
        return [(run, number, 1) for number in range(first, target) for run in runs]
    share = -(-(target - first) * beside // (options.workers * (AHEAD if beside > 1 else 1)))
    sizes = [min(_chunk(run, options), share) for run in runs]
    pieces = [
        (run, number, min(size, target - number))
        for run, size in zip(runs, sizes, strict=True)
        for number in range(first, target, size)
    ]
    return sorted(pieces, key=lambda piece: piece[1])


def _chunk(run: ScenarioRun, options: RunOptions) -> int:
    contacts = CHUNK_ELSEWHERE if options.workplace else CHUNK
    return max(1, int(contacts / (run.expected_contacts + 1.0)))


def _results(
    tasks: Iterable[Task], options: RunOptions, workers: int, contacts: float
) -> Generator[tuple[Task, Counted]]:
    """What every piece of work counted, in their order; so many contacts are expected in all."""
    if options.workplace:
        yield from _elsewhere(tasks, options.workplace, options)
        return
    if workers <= 1 or contacts < ALONE_BELOW:
        yield from ((task, _piece(*_job(task, options))) for task in tasks)
        return
    together = in_processes if options.engine == SIMPY else in_threads
    with closing(together(((task, partial(_piece, *_job(task, options))) for task in tasks), workers)) as results:
        yield from results


def _job(task: Task, options: RunOptions) -> Job:
    run, first, size = task
    warm_up(options.engine, options.engine == SIMPY or run.prepared.model.by_phone)
    return run.prepared, run.frame, run.kept, run.first + first, size, options


def _elsewhere(tasks: Iterable[Task], workplace: Workplace, options: RunOptions) -> Generator[tuple[Task, Counted]]:
    """Send pieces of work away: what a scenario says and numbers of replications go, packed counts come back."""
    plain = replace(options, workplace=None)

    def calls() -> Iterator[tuple[Task, Call]]:
        for run, first, size in tasks:
            yield (run, first, size), (_piece_elsewhere, (run.parcel, run.first + first, size, plain))

    with closing(workplace.results(calls())) as results:
        yield from ((task, unpack(packed)) for task, packed in results)


@lru_cache(PREPARED)
def _opened(parcel: bytes) -> tuple[Prepared, Frame, frozenset[str]]:
    made: tuple[Prepared, Frame, frozenset[str]] = unpack(parcel)
    return made


def _piece_elsewhere(parcel: bytes, first: int, size: int, options: RunOptions) -> bytes:
    """A piece of work on a worker elsewhere, which keeps the scenario ready for the next one."""
    prepared, frame, kept = _opened(parcel)
    warm_up(options.engine, options.engine == SIMPY or prepared.model.by_phone)
    return pack(_piece(prepared, frame, kept, first, size, options))


def _piece(
    prepared: Prepared, frame: Frame, kept: frozenset[str], first: int, size: int, options: RunOptions
) -> Counted:
    if options.engine == COMPILED and not options.keep:
        counted = count_chunk(prepared.compiled, frame, options.seed, first, size)
        return [(only(each, kept), None) for each in counted]
    made = (_one(prepared, frame, number, options) for number in range(first, first + size))
    return [(only(each, kept), contacts) for each, contacts in made]


def _one(prepared: Prepared, frame: Frame, number: int, options: RunOptions) -> tuple[Tally, Any]:
    records = prepared.replicate(options.seed, number, options.engine)
    return tally(records, frame), records.contacts if options.keep else None
