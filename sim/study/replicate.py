"""Replications, in parallel, to a count or to a precision; the same result for any number of workers."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt

from sim.engine import Prepared, prepare
from sim.engine.warm import compile_laws
from sim.measures import Frame, Measure, Tally, make_frame, tally
from sim.measures.definitions import measures_of
from sim.scenario.model import Scenario
from sim.study.estimates import Estimate, percentile_estimate, ratio_estimate

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

LEAST, BATCH = 30, 10
WAIT_P90 = "wait_p90_s"
ALONE_BELOW = 20_000
"""Contacts in all below which starting workers costs more than it saves."""


@dataclass
class Study:
    """One scenario and the tallies of its replications so far."""

    scenario: Scenario
    prepared: Prepared
    frame: Frame
    tallies: list[Tally] = field(default_factory=list)
    contacts: list[npt.NDArray[Any]] = field(default_factory=list)

    @property
    def measures(self) -> dict[str, Measure]:
        """The measures that this scenario has."""
        return measures_of(self.scenario)

    def counts(self, name: str) -> Floats:
        """Counts of a slice, shape (replications, cells, counts)."""
        return np.stack([t.counts[name] for t in self.tallies])

    def estimates(self, name: str) -> dict[str, Estimate]:
        """Every measure of a slice."""
        counts = self.counts(name)
        found = {m.name: ratio_estimate(counts, m) for m in self.measures.values() if name in m.slices}
        if name in self.tallies[0].waits:
            found[WAIT_P90] = percentile_estimate(np.stack([t.waits[name] for t in self.tallies]), 0.9)
        return found

    def precise(self) -> bool:
        """Whether every measure that the file asks for, and that has a value, has its half-width."""
        wanted = self.scenario.run.precision or {}
        if not wanted:
            return True
        found = self.estimates("overall")
        for name, precision in wanted.items():
            estimate = found[self.scenario.targets.service_level.definition if name == "service_level" else name]
            scale = abs(float(estimate.mean[0])) if precision.relative else 1.0
            half = float(estimate.half_width[0])
            if half > precision.half_width * scale:
                return False
        return True


def make_study(scenario: Scenario) -> Study:
    """A scenario made ready, with no replication yet."""
    return Study(scenario, prepare(scenario), make_frame(scenario))


def _one(prepared: Prepared, frame: Frame, seed: int, number: int, keep: bool) -> tuple[Tally, Any]:
    records = prepared.replicate(seed, number)
    return tally(records, frame), records.contacts if keep else None


def replicate(
    studies: list[Study],
    seed: int,
    replications: int | None,
    jobs: int | None = None,
    keep: bool = False,
    progress: Progress | None = None,
) -> None:
    """Run all studies over the same replications: a count, or batches until each is as precise as its file asks."""
    if replications is not None or not any(s.scenario.run.precision for s in studies):
        _extend(studies, seed, replications or studies[0].scenario.run.replications, jobs, keep, progress)
        return
    most = max(max(s.scenario.run.max_replications for s in studies), LEAST)
    done = LEAST
    _extend(studies, seed, done, jobs, keep, progress)
    while done < most and not all(s.precise() for s in studies):
        done = min(done + BATCH, most)
        _extend(studies, seed, done, jobs, keep, progress)


def _extend(
    studies: list[Study], seed: int, target: int, jobs: int | None, keep: bool, progress: Progress | None
) -> None:
    before = len(studies[0].tallies) * len(studies)
    tasks = [(s, n) for n in range(len(studies[0].tallies), target) for s in studies]
    results = _results([(s.prepared, s.frame, seed, n, keep) for s, n in tasks], jobs)
    for done, ((study, _), (counted, contacts)) in enumerate(zip(tasks, results, strict=True), start=before + 1):
        study.tallies.append(counted)
        if keep:
            study.contacts.append(contacts)
        if progress:
            progress(done, before + len(tasks))


def _results(tasks: list[tuple[Any, ...]], jobs: int | None) -> Iterator[tuple[Tally, Any]]:
    workers = min(jobs or os.cpu_count() or 1, len(tasks))
    if workers <= 1 or sum(_contacts(t[0]) for t in tasks) < ALONE_BELOW:
        return (_one(*task) for task in tasks)
    compile_laws()
    parallel = joblib.Parallel(n_jobs=workers, return_as="generator")
    return iter(parallel(joblib.delayed(_one)(*task) for task in tasks))


def _contacts(prepared: Prepared) -> float:
    return float(prepared.table.return_profile[:, :, -1].sum())
