"""What Erlang C and Erlang A say of the days predicted, given the same forecast, handle time, patience and staffing."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.calibrate.document import Period, Whole
from sim.calibrate.fits.estimate import Floats
from sim.calibrate.fits.whole import FittedCentre
from sim.study.staffing.erlang import Queue, predict


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


def expected_by_interval(fits: FittedCentre, weekday: int) -> Floats:
    """Contacts expected, redials included, (intervals of a day, intents)."""
    again = fits.redial
    more = 1.0 / (1.0 - again.probability.value * fits.seen.abandonment) if again is not None else 1.0
    return np.asarray(fits.arrivals.expected[weekday] * more)


def by_formula(fits: FittedCentre, period: Period, staff: Whole, within_s: float) -> dict[str, dict[object, Formula]]:
    """Each open date by Erlang C and by Erlang A, interval by interval; queues that share no agents each by itself."""
    found: dict[str, dict[object, Formula]] = {"erlang_c": {}, "erlang_a": {}}
    for date, (first, last) in period.open_dates:
        loads = _loads(fits, staff[date.date()], date.day_of_week, first, last)
        for name, patience in (("erlang_c", math.inf), ("erlang_a", fits.mean_patience_s)):
            balk = fits.balk if math.isfinite(patience) else 0.0
            rows = [
                _cell(Queue(volume / period.interval_s, aht, patience, balk, within_s), int(agents))
                for volume, aht, agents in loads
            ]
            found[name][date] = _day(np.array(rows), loads[:, 0], period.interval_s)
    return found


def _loads(fits: FittedCentre, agents: npt.NDArray[np.int64], weekday: int, first: int, last: int) -> Floats:
    """Contacts, handle time (s) and agents of every interval and pool, one row each."""
    mix = expected_by_interval(fits, weekday)[first:last]
    talk = np.array([fits.talk[name].mean.value for name in fits.who.intents]) * fits.talk_by_time[first:last, None]
    wrap = np.array([fits.wrap_up_s[name].value for name in fits.who.intents])
    rows = []
    for intents, groups in fits.who.pools:
        volume = mix[:, intents].sum(axis=1)
        work = (mix * (talk + wrap))[:, intents].sum(axis=1)
        rows.append(np.stack([volume, work / np.maximum(volume, 1e-9), agents[groups].sum(axis=0)], axis=1))
    return np.concatenate(rows)


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
    abandonment, wait, within = (float(weight @ rows[:, k]) for k in range(3))
    return Formula(abandonment, wait, within, int(rows[:, 3].sum()))
