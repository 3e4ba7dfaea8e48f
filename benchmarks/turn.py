"""A process of its own that simulates as it is told, with the ccsim that it finds; it runs under older versions too.

A line `REPLICATIONS FIRST FILE` on its input is answered by the seconds of CPU that draws, simulation and counting
took, and by how many contacts were offered.
"""

import sys
import time

import sim
from sim.engine import prepare
from sim.measures import make_frame
from sim.measures.counts import Count

try:
    from sim.study.tallies import count_chunk
except ImportError:  # where it stood before
    from sim.study.chunk import count_chunk  # type: ignore[import-not-found,no-redef]


def main() -> None:
    """Answer line after line; each scenario is made ready once, by a replication whose time does not count."""
    ready = {}
    for line in sys.stdin:
        replications, first, file = line.rstrip("\n").split(maxsplit=2)
        if file not in ready:
            scenario = sim.load(file)
            ready[file] = prepare(scenario).compiled, make_frame(scenario)
            count_chunk(*ready[file], 1, 0, 1)
        begin = time.process_time()
        tallies = count_chunk(*ready[file], 1, int(first), int(replications))
        seconds = time.process_time() - begin
        print(seconds, sum(tally.counts["overall"][0, Count.OFFERED] for tally in tallies), flush=True)


if __name__ == "__main__":
    main()
