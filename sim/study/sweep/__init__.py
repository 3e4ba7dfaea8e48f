"""Sweeps: many points of a few keys on the same customers, and the cliff along one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.arguments import checked
from sim.engine import COMPILED
from sim.loading.load import changed
from sim.scenario.model import Scenario
from sim.study.replicate import Progress, RunOptions
from sim.study.sweep.cliff import Cliff, find_cliff
from sim.study.sweep.points import make_plan, read_settings
from sim.study.sweep.simulation import Sweep, simulate
from sim.study.sweep.values import Values, python_values

__all__ = ["Cliff", "Sweep", "find_cliff", "sweep"]


@checked
def sweep(
    scenario: Scenario,
    keys: Mapping[str, Any],
    *,
    sample: int | None = None,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    progress: Progress | None = None,
) -> Sweep:
    """Simulate a scenario at many points, all on the same customers.

    Parameters
    ----------
    scenario : a loaded scenario.
    keys : by key path, a list of values, or a text as ``--set`` takes it ("40:60:5"); any other value holds for all
        points. Several keys make a full grid.
    sample : draw so many points of a Latin hypercube instead; a text ``a:b`` is a range then.
    seed, replications, jobs, engine, progress : as in `run`; a precision that the file asks for does not count.

    Returns
    -------
    Sweep
        With `table`, a tidy DataFrame, and `difference`, paired between two points; `find_cliff` tells where a measure
        crosses its target or bends.

    Raises
    ------
    CcsimError
        When no key has several values, or any point is refused; nothing is simulated then.
    """

    def make(settings: list[str]) -> Scenario:
        return changed(scenario, settings) if settings else scenario

    settings = list(_settings(keys, make, sample is not None))
    plan = make_plan(settings, make, seed, sample)
    orders = RunOptions(plan.base.run.seed if seed is None else seed, engine, jobs)
    return simulate(plan, orders, replications or plan.base.run.replications, with_rows=True, progress=progress)


def _settings(keys: Mapping[str, Any], make: Any, spans: bool) -> Iterator[tuple[str, Values, bool]]:
    for path, values in keys.items():
        if isinstance(values, str):
            yield from read_settings([f"{path}={values}"], make, spans)
        elif isinstance(values, Mapping) or not hasattr(values, "__iter__") or getattr(values, "ndim", 1) == 0:
            yield path, python_values(path, [values]), False
        else:
            yield path, python_values(path, values), True
