"""Many replications in a row, simulated and counted without a return to Python."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.compiled import Engine
from sim.engine.compiled.loop import replicate
from sim.engine.compiled.model import Model
from sim.engine.compiled.state import State
from sim.jit import compiled
from sim.measures import Frame, Tally
from sim.measures.batch import Counts, counts_of, empty_counts
from sim.measures.grid import Grid
from sim.measures.tally import count_replication, tally_of

Rates = npt.NDArray[np.float64]


@compiled
def run_chunk(m: Model, rates: Rates, seed: int, first: int, s: State, grid: Grid, counts: Counts, done: int) -> int:
    """Simulate and count replications from `done` on; how many are done when some room is full, or all.

    Parameters
    ----------
    rates : (replications or 1, intents, days, intervals) expected counts after busyness.
    first : number of the chunk's first replication.
    counts : of the whole chunk.
    """
    for r in range(done, counts.overall.shape[0]):
        if not replicate(m, rates[r if rates.shape[0] > 1 else 0], seed, first + r, s):
            return r
        v = s.v[0]
        contacts = s.ordered if v.extra > 0 else s.contacts
        count_replication(
            contacts[: v.needs + v.extra],
            s.needs[: v.needs],
            s.segments[: v.segments],
            s.duties[: v.duties],
            grid,
            counts_of(counts, r),
        )
    return int(counts.overall.shape[0])


def count_chunk(engine: Engine, frame: Frame, seed: int, first: int, size: int) -> list[Tally]:
    """The tallies of replications `first` to `first + size - 1`."""
    counts, rates = empty_counts(frame, size), _rates(engine, seed, first, size)
    times, done, state = 1, 0, engine.take_room()
    while (done := run_chunk(engine.model, rates, seed, first, state, frame.grid, counts, done)) < size:
        times *= 2
        state = engine.room(times)
    engine.give_back(state)
    return [tally_of(counts, r) for r in range(size)]


def _rates(engine: Engine, seed: int, first: int, size: int) -> Any:
    if not engine.busy:
        return engine.model.volumes.expected[None]
    return np.array([engine.rates(seed, n) for n in range(first, first + size)])
