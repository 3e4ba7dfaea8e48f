"""A process of its own: what the compiled engine and the SimPy engine have compiled, where nothing has been before.

Run as a program it warms up an engine that it is told, and prints as JSON how often each function of ccsim was compiled
for compiled callers and for Python, and how many compilations there were in all.
"""

import json
import sys

import sim
from sim.jit import Deferred
from sim.loading.load import loads
from sim.study.warm import TINY, warm_up


def compiled_functions():
    """Every function that a decorator of `sim.jit` has made, by module and name."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("sim.")]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Deferred)]
    return {f"{f.__module__}.{f.__qualname__}": f for f in found}


def versions(way):
    made = {name: vars(f)[way].signatures for name, f in compiled_functions().items() if way in vars(f)}
    return {name: len(signatures) for name, signatures in made.items() if signatures}


def main():
    from numba.core import event

    with event.install_recorder("numba:compile") as recorder:
        for engine in sys.argv[1:]:
            warm_up(engine)
            sim.run(loads(TINY), replications=2, jobs=1, engine=engine)
    compilations = sum(e.is_start for _, e in recorder.buffer)
    print(json.dumps({"part": versions("part"), "whole": versions("whole"), "compilations": compilations}))


if __name__ == "__main__":
    main()
