"""A process of its own that simulates Erlang-A days and tells its peak memory: CONTACTS AGENTS REPLICATIONS."""

import json
import sys
from pathlib import Path

import sim
from benchmarks.days import day_of
from sim.engine import COMPILED
from sim.study.warm import warm_up

STATUS = Path("/proc/self/status")


def main() -> None:
    """Print megabytes at the peak, before and after."""
    contacts, agents, replications = (int(word) for word in sys.argv[1:])
    warm_up(COMPILED)
    before = peak_mb()
    sim.run(day_of(contacts, agents), replications=replications, jobs=1)
    print(json.dumps({"before": before, "after": peak_mb()}))


def peak_mb() -> float:
    """The most resident memory so far (MB of 1e6 bytes)."""
    if STATUS.exists():  # resource.getrusage would tell the parent's peak if that was higher
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6


if __name__ == "__main__":
    main()
