"""The Erlang-A day: ccsim's two engines, plain SimPy and Ciw take turns, and must agree on who gives up."""

from collections.abc import Callable
from dataclasses import dataclass
from math import hypot
from statistics import median

import numpy as np
import pandas as pd

import sim
from benchmarks import ciw_day, plain_simpy, simmer_day
from benchmarks.budget import Budget
from benchmarks.clock import timed
from benchmarks.days import erlang_a
from benchmarks.runs import simulated
from benchmarks.table import Table
from sim.engine import SIMPY
from sim.measures import MEASURES
from sim.measures.counts import Count
from sim.study.estimates import ratio_estimate
from sim.study.replicate import RunOptions
from sim.study.run import RunResult, result_of

PUBLISHED = {
    "abandonment_rate": ("abandon", "4.44 % [4.39, 4.48]", 100.0, "%"),
    "wait_all_s": ("mean wait of all", "7.99 s", 1.0, "s"),
    "sl_credit_abn_in_t": ("answered or gone within 20 s", "83.8 %", 100.0, "%"),
    "occupancy": ("occupancy", "91.26 %", 100.0, "%"),
}
"""What an independent library, in Java, prints for this day over 1,000 days; one figure with its 95 % interval."""
Days = list[tuple[int, int, float]]


@dataclass(frozen=True)
class Turn:
    """One turn of a contestant: CPU seconds; and either its days (contacts, abandoned, waits) or its measures."""

    contacts: float
    seconds: float
    days: Days
    measures: pd.DataFrame


@dataclass(frozen=True)
class Contestant:
    """Somebody who simulates so many days a turn."""

    name: str
    days: int
    play: Callable[[int, int], Turn]


Turns = dict[str, list[Turn]]
CCSIM, REFERENCE, PLAIN, CIW = "ccsim, compiled engine", "ccsim, SimPy engine", "plain SimPy", "Ciw"
SIMMER = "simmer"


def race(budget: Budget) -> Turns:
    """Let everybody take turns, so that a busy machine slows them all down alike."""
    contestants = [
        Contestant(CCSIM, budget.compiled_days, _compiled),
        Contestant(REFERENCE, budget.simpy_days, _reference),
        Contestant(PLAIN, budget.plain_days, _by_day(plain_simpy.play_days)),
        Contestant(CIW, budget.ciw_days, _by_day(ciw_day.play_days)),
    ]
    if simmer_day.is_there():
        contestants.append(Contestant(SIMMER, budget.plain_days, _simmer))
    turns: Turns = {contestant.name: [] for contestant in contestants}
    for seed in range(1, budget.rounds + 1):
        for contestant in contestants:
            turns[contestant.name].append(contestant.play(seed, contestant.days))
    return turns


def _compiled(seed: int, days: int) -> Turn:
    """All of `sim.run`, its tables too."""
    seconds, result = timed(lambda: sim.run(erlang_a(), seed=seed, replications=days, jobs=1))
    return _turn(seconds, result)


def _reference(seed: int, days: int) -> Turn:
    """Without the tables, which would weigh on so few days."""
    seconds, study = simulated(erlang_a(), days, SIMPY, seed)
    return _turn(seconds, result_of(study, RunOptions(seed, SIMPY, 1), False))


def _turn(seconds: float, result: RunResult) -> Turn:
    offered = result.measures["mean"].to_dict()["offered"]
    return Turn(result.replications * offered, seconds, [], result.measures)


def _by_day(play_days: Callable[[int, int], Days]) -> Callable[[int, int], Turn]:
    def play(seed: int, days: int) -> Turn:
        seconds, played = timed(lambda: play_days(seed, days))
        return Turn(float(sum(day[0] for day in played)), seconds, played, pd.DataFrame())

    return play


def _simmer(seed: int, days: int) -> Turn:
    """In a process of its own, which tells its CPU time without R's start."""
    seconds, played = simmer_day.play_days(seed, days)
    return Turn(float(sum(day[0] for day in played)), seconds, played, pd.DataFrame())


# What comes out ---------------------------------------------------------------


def pooled(turns: list[Turn], measure: str) -> tuple[float, float]:
    """A measure of ccsim over all turns, and half its 95 % interval."""
    mean, high = (np.array([turn.measures[name].to_dict()[measure] for turn in turns]) for name in ("mean", "ci_high"))
    return float(mean.mean()), hypot(*(high - mean)) / len(turns)


def by_day(turns: list[Turn]) -> tuple[float, float]:
    """Abandonment over all days of all turns, and half its 95 % interval."""
    days = [day for turn in turns for day in turn.days]
    counts = np.zeros((len(days), 1, len(Count)))
    counts[:, 0, [Count.OFFERED, Count.ABANDONED]] = [day[:2] for day in days]
    estimate = ratio_estimate(counts, MEASURES["abandonment_rate"])
    return float(estimate.mean[0]), float(estimate.half_width[0])


def agreement(turns: Turns, name: str) -> tuple[bool, str]:
    """Whether a contestant and the compiled engine agree on abandonment, and its figure."""
    mean, half = pooled(turns[CCSIM], "abandonment_rate")
    if name == CCSIM:
        return True, f"{mean:.2%} ± {half:.2%}"
    own, own_half = by_day(turns[name])
    return abs(own - mean) <= hypot(own_half, half), f"{own:.2%} ± {own_half:.2%}"


def same_days(turn: Turn, seed: int, days: int) -> bool:
    """Whether the compiled engine measures the very same on the days of a turn of the SimPy engine."""
    return _compiled(seed, days).measures.equals(turn.measures)


def table_of_figures(turns: Turns, budget: Budget) -> Table:
    """The compiled engine's figures beside the published ones."""
    rows = []
    for measure, (name, told, scale, unit) in PUBLISHED.items():
        mean, half = (scale * x for x in pooled(turns[CCSIM], measure))
        rows.append((name, f"{mean:.2f} {unit} [{mean - half:.2f}, {mean + half:.2f}]", told))
    days = f"{budget.rounds} times {budget.compiled_days:,} days"
    return Table("The Erlang-A day, its figures", (days, "ccsim, 95 % interval", "published"), rows)


def table_of_race(turns: Turns, budget: Budget) -> Table:
    """Contacts a second of CPU, and how many times slower than the compiled engine."""
    fastest = turns[CCSIM]
    rows = []
    for name, own in turns.items():
        rates = [turn.contacts / turn.seconds for turn in own]
        slower = median(f.contacts / f.seconds / rate for f, rate in zip(fastest, rates, strict=True))
        same, figure = (_same(own, budget), "the same days") if name == REFERENCE else agreement(turns, name)
        told = figure if name == CCSIM else f"{figure}: {'agrees' if same else 'DIFFERS'}"
        rows.append((name, f"{max(rates):,.0f}", f"{median(rates):,.0f}", f"{slower:,.1f}", told))
    columns = ("7,200 contacts, 52 agents", "contacts a CPU-second, best", "median", "times slower", "abandon")
    return Table("The Erlang-A day, raced", columns, rows, [_race_note(turns)])


def _same(turns: list[Turn], budget: Budget) -> bool:
    return all(same_days(turn, seed, budget.simpy_days) for seed, turn in enumerate(turns, 1))


def _race_note(turns: Turns) -> str:
    contacts = ", ".join(f"{sum(t.contacts for t in own):,.0f}" for own in turns.values())
    without = "" if SIMMER in turns else " simmer is left out: there is no R with it here."
    return (
        f"Contacts simulated: {contacts}. The compiled engine end to end through sim.run with one worker: draws, "
        "simulation, all measures by half-hour, tables; the SimPy engine the same but the tables. The others "
        "count who gives up and add up waits. The two engines must measure the very same on the same days; the others "
        f"must agree with the compiled engine within 95 % intervals.{without}"
    )
