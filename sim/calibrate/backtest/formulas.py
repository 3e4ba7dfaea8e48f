"""Erlang C and Erlang A, closed on the same weeks as the simulation, and what they say of the days predicted.

A formula gets the forecast, the handle times, the patience and the agents that the simulation gets, and as many times
those agents as reproduce the stretch: Erlang A its abandonment, Erlang C, in which nobody gives up, its mean wait.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.calibrate.document import DocumentOptions, Period, Whole, period_of, staff_of
from sim.calibrate.fits.centre import FittedCentre
from sim.calibrate.fits.estimate import Floats, Ints
from sim.calibrate.staffing_closure import falling_root
from sim.study.staffing.erlang import Queue, predict

FORMULAS = ("erlang_c", "erlang_a")
LEAST, MOST, STRIDE = 0.3, 5.0, 1.25


class Formula(NamedTuple):
    """A day by a formula: shares of all offered, and the mean wait of all offered (s).

    Attributes
    ----------
    unstable : half-hours with more work than agents, for which there is no steady state.
    """

    abandonment: float
    wait_s: float
    within: float
    unstable: int


def close_formula(fits: FittedCentre, choice: DocumentOptions, name: str) -> DocumentOptions:
    """The agents with which a formula reproduces the stretch that was fitted; those of the simulation if it has none.

    Parameters
    ----------
    choice : that of the simulation.
    name : erlang_a is closed on the abandonment, erlang_c on the mean wait; both on the wait where nobody gives up.
    """
    if not fits.closes or math.isnan(fits.seen.wait_all_s):
        return choice
    period = period_of(fits, pd.date_range("2001-01-01", periods=7))
    volume = {date.day_of_week: float(fits.arrivals.expected[date.day_of_week].sum()) for date in period.dates}
    gives_up = name == "erlang_a" and fits.seen.abandonment > 0

    def off(factor: float) -> float:
        staff = staff_of(fits, period, times(choice, factor))
        days = by_formula(fits, period, staff, 0.0, name)
        weights = [volume[date.day_of_week] for date in days]
        figures = [day.abandonment if gives_up else day.wait_s for day in days.values()]
        return float(np.average(figures, weights=weights)) - aim

    aim = fits.seen.abandonment if gives_up else fits.seen.wait_all_s
    return times(choice, falling_root(off, 1.0, (LEAST, MOST), STRIDE))


def times(choice: DocumentOptions, factor: float) -> DocumentOptions:
    """So many times the agents of a choice."""
    heads = None if choice.heads is None else choice.heads * factor
    return replace(choice, staff_factor=choice.staff_factor * factor, heads=heads)


def expected_by_interval(fits: FittedCentre, weekday: int) -> Floats:
    """Contacts expected, redials included, (intervals of a day, intents)."""
    again = fits.redial
    more = 1.0 / (1.0 - again.probability.value * fits.seen.abandonment) if again is not None else 1.0
    return np.asarray(fits.arrivals.expected[weekday] * more)


def by_formula(
    fits: FittedCentre, period: Period, staff: Whole, within_s: float, name: str
) -> dict[pd.Timestamp, Formula]:
    """Each open date by a formula, interval by interval; queues that share no agents each by itself.

    Chats are taken as planners do: as many servers as agents have places, and the time a chat takes with all taken.
    """
    patience = math.inf if name == "erlang_c" else fits.mean_patience_s
    balk = fits.balk if math.isfinite(patience) else 0.0
    days = {}
    for date, (first, last) in period.open_dates:
        mix = expected_by_interval(fits, period.kind(date))[first:last] * period.busier.get(date.date(), 1.0)
        loads = _loads(fits, staff[date.date()], mix, fits.talk_by_time[first:last])
        rows = [
            _cell(Queue(volume / period.interval_s, aht, patience, balk, within_s), int(agents))
            for volume, aht, agents in loads.tolist()
        ]
        days[date] = _day(np.array(rows), loads[:, 0], period.interval_s)
    return days


def _loads(fits: FittedCentre, agents: Ints, mix: Floats, by_time: Floats) -> Floats:
    """Contacts, handle time (s) and agents of every interval and pool, one row each."""
    talk = np.array([fits.talk[name].mean.value for name in fits.who.intents]) * by_time[:, None]
    wrap = np.array([fits.wrap_up_s[name].value for name in fits.who.intents])
    longer = 1.0 if fits.chats is None else fits.chats.longer
    rows = []
    for intents, groups in fits.who.pools:
        volume = mix[:, intents].sum(axis=1)
        work = longer * (mix * (talk + wrap))[:, intents].sum(axis=1)
        servers = fits.places * agents[groups].sum(axis=0)
        rows.append(np.stack([volume, work / np.maximum(volume, 1e-9), servers], axis=1))
    return np.concatenate(rows)


@lru_cache(maxsize=20_000)
def _cell(queue: Queue, agents: int) -> tuple[float, float, float, float]:
    """Abandonment, mean wait (s; nan for none), share answered within T, and 1 where there is no steady state."""
    if queue.rate <= 0 or queue.aht <= 0:
        return 0.0, 0.0, 1.0, 0.0
    if math.isinf(queue.patience) and queue.load >= agents:
        return 0.0, math.nan, 0.0, 1.0
    formula = predict(queue, agents)
    return formula.abandonment, formula.wait_s, formula.answered_within, float(agents == 0)


def _day(rows: Floats, volume: Floats, interval_s: float) -> Formula:
    """A day's figures; an interval without a steady state counts with a wait as long as itself."""
    rows[:, 1] = np.where(np.isnan(rows[:, 1]), interval_s, rows[:, 1])
    weight = volume / max(float(volume.sum()), 1e-9)
    abandonment, wait, within = (float(weight @ rows[:, column]) for column in range(3))
    return Formula(abandonment, wait, within, int(rows[:, 3].sum()))
