"""The retailer's weeks, by phone and by all channels: the compiled engine against the SimPy engine."""

from dataclasses import dataclass, field
from statistics import median

import sim
from benchmarks.budget import Budget
from benchmarks.clock import timed
from benchmarks.days import RETAILER, RETAILER_ALL, THREE_CHANNELS
from benchmarks.runs import simulated
from benchmarks.table import Table, verdict
from sim.engine import SIMPY, prepare
from sim.scenario.model import Scenario

LEAST_RATIO, LEAST_RATE, LEAST_RATE_OF_CHANNELS = 100.0, 600_000.0, 500_000.0
ONE_WEEK = ("run.warm_up=0d", "run.follow_up=0d")
THE_REST = (
    "assistant={summary: {}, cleanup: {}}",
    "pace={target: 8m, sends_away: 10%}",
    "fatigue.break_at=0.35",
    "fatigue.recovery_time=30s",
)
"""What the retailer with all that bears on it leaves out."""

WEEKS = {
    "one week": (RETAILER, ONE_WEEK),
    "the file as it is: 3 weeks": (RETAILER, ()),
    "one week, everything on": (RETAILER_ALL, (*ONE_WEEK, *THE_REST)),
    "phone, chat and tickets, the file as it is": (THREE_CHANNELS, ()),
}


@dataclass(frozen=True)
class Costs:
    """Microseconds of CPU an attempt, turn by turn; `whole` is all of `sim.run`, compiled."""

    compiled: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    simpy: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times dearer the SimPy engine is."""
        return median(s / c for s, c in zip(self.simpy, self.compiled, strict=True))


def week(name: str) -> Scenario:
    """The retailer after its bot."""
    file, settings = WEEKS[name]
    return sim.load(file, settings=list(settings))


def compare_engines(scenario: Scenario, turns: int, compiled_weeks: int, simpy_weeks: int) -> Costs:
    """Both engines take turns; the compiled one before and after the other, so that drifts cancel."""
    costs = Costs()
    many, few = attempts(scenario, compiled_weeks), attempts(scenario, simpy_weeks)
    for _ in range(turns):
        before = simulated(scenario, compiled_weeks)[0]
        costs.simpy.append(1e6 * simulated(scenario, simpy_weeks, SIMPY)[0] / few)
        after = simulated(scenario, compiled_weeks)[0]
        costs.compiled.append(1e6 * (before + after) / 2 / many)
        whole, _ = timed(lambda: sim.run(scenario, replications=compiled_weeks, jobs=1))
        costs.whole.append(1e6 * whole / many)
    return costs


def attempts(scenario: Scenario, replications: int) -> int:
    """Attempts in so many replications, those of warm-up and follow-up too."""
    prepared = prepare(scenario)
    return sum(prepared.replicate(1, n).contacts.size for n in range(replications))


def table_of_weeks(budget: Budget) -> Table:
    """All weeks."""
    rows = []
    for name, many, few in zip(WEEKS, budget.compiled_weeks, budget.simpy_weeks, strict=True):
        costs = compare_engines(week(name), budget.retailer, many, few)
        told = f"{costs.ratio:.1f}: {verdict(costs.ratio >= LEAST_RATIO)}"
        best = [f"{min(c):.2f}" for c in (costs.compiled, costs.simpy)]
        rows.append((name, *best, told, f"{min(costs.whole):.2f}", _rate(name, 1e6 / min(costs.compiled))))
    ratio = f"ratio, target at least {LEAST_RATIO:.0f}"
    least = f"attempts a CPU-second, target at least {LEAST_RATE:,.0f}, of all channels {LEAST_RATE_OF_CHANNELS:,.0f}"
    columns = ("microseconds of CPU an attempt", "compiled", "SimPy", ratio, "all of sim.run, compiled", least)
    note = (
        f"Draws, simulation and counting with one worker: the best of {budget.retailer} turns, and their median ratio. "
        f"{_list(budget.compiled_weeks)} replications of the compiled engine, {_list(budget.simpy_weeks)} of the SimPy "
        "engine. All of sim.run: that, making the scenario ready, and the tables of all measures."
    )
    return Table("The retailer's weeks, all mechanisms", columns, rows, [note])


def _rate(name: str, attempts_a_second: float) -> str:
    least = LEAST_RATE_OF_CHANNELS if WEEKS[name][0] == THREE_CHANNELS else LEAST_RATE
    return f"{attempts_a_second:,.0f}: {verdict(attempts_a_second >= least)}"


def _list(numbers: tuple[int, ...]) -> str:
    return " and ".join(f"{number}" for number in numbers)
