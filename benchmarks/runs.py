"""Replications against the clock."""

from benchmarks.clock import timed
from sim.engine import COMPILED
from sim.scenario.model import Scenario
from sim.study.replicate import RunOptions, ScenarioRun, make_run, replicate


def simulated(
    scenario: Scenario, replications: int, engine: str = COMPILED, seed: int = 1
) -> tuple[float, ScenarioRun]:
    """Seconds of CPU for draws, simulation and counting with one worker; and the study that has them.

    What a run takes once, whatever the engine and the number of replications, is left out: making the scenario ready,
    and the tables of all measures.
    """
    study = make_run(scenario)
    _ = study.prepared.compiled
    seconds, _ = timed(lambda: replicate([study], RunOptions(seed, engine, 1), replications))
    return seconds, study
