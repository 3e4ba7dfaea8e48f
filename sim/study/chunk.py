"""Several replications in a row, simulated by the compiled engine and counted, without their records being kept."""

from sim.engine.compiled import CompiledEngine
from sim.engine.compiled.engine import records_of
from sim.measures import Frame, Tally
from sim.measures.batch import counts_of, empty_counts
from sim.measures.tally import count_replication, tally_of


def count_chunk(engine: CompiledEngine, frame: Frame, seed: int, first: int, size: int) -> list[Tally]:
    """The tallies of replications `first` to `first + size - 1`."""
    counts = empty_counts(frame, size)
    for r in range(size):
        state = engine.play(seed, first + r)
        found = records_of(state)
        out = counts_of(counts, r)
        count_replication(
            found.contacts, found.own_us, found.needs, found.segments, found.duties, found.agents, frame.grid, out
        )
        engine.give_back(state)
    return [tally_of(counts, r) for r in range(size)]
