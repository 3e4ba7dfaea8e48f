"""The tallies of replications, in memory that does not grow with their number."""

from collections.abc import Container
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.engine.engine import Engine, arrays_as_made
from sim.measures import Frame, Tally
from sim.measures.batch import empty_counts
from sim.measures.tally import count_replication, tally_of

Floats = npt.NDArray[np.float64]

MOST_ROWS = 256


@dataclass
class BatchedTallies:
    """Rows of summed tallies, one a replication; from MOST_ROWS on, neighbours are added up two by two.

    Every measure is a ratio of sums and the rows stay independent, so estimates stay as they are and confidence
    intervals rest on at least MOST_ROWS / 2 rows, which widens them by a quarter of a percent.

    Attributes
    ----------
    replications : how many have been added.
    width : replications in a row, but for the last one.
    """

    rows: list[Tally] = field(default_factory=list)
    replications: int = 0
    width: int = 1

    def add(self, tally: Tally) -> None:
        """Count one more replication."""
        if self.replications % self.width:
            self.rows[-1] = _sum(self.rows[-1], tally)
        else:
            self.rows.append(tally)
        self.replications += 1
        if self.replications == MOST_ROWS * self.width:
            self.rows = [_sum(*self.rows[k : k + 2]) for k in range(0, MOST_ROWS, 2)]
            self.width *= 2

    def counts(self, name: str) -> Floats:
        """Counts of a slice, shape (rows, cells, counts)."""
        return np.stack([row.counts[name] for row in self.rows])

    def waits(self, name: str) -> Floats | None:
        """Histograms of waits of a slice, shape (rows, cells, bins), where it has them."""
        return np.stack([row.waits[name] for row in self.rows]) if name in self.rows[0].waits else None


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(
        {name: table + other.counts[name] for name, table in one.counts.items()},
        {name: table + other.waits[name] for name, table in one.waits.items()},
    )


def only(tally: Tally, names: Container[str]) -> Tally:
    """Return a tally with no more than some of its slices."""
    counts = {name: table for name, table in tally.counts.items() if name in names}
    return Tally(counts, {name: table for name, table in tally.waits.items() if name in names})


def count_chunk(engine: Engine, frame: Frame, seed: int, first: int, size: int) -> list[Tally]:
    """Simulate replications `first` to `first + size - 1` on the compiled engine: of each, only its tally stays."""
    counts = empty_counts(frame, size)
    for k in range(size):
        state = engine.play(seed, first + k)
        count_replication(*arrays_as_made(state), frame.grid, counts, k)
        engine.give_back(state)
    return [tally_of(counts, k) for k in range(size)]
