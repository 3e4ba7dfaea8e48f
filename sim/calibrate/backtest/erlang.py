"""What Erlang C and Erlang A say of the days predicted, given the same forecast, handle time, patience and staffing."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.calibrate.document import Period, Whole
from sim.calibrate.fits.estimate import Floats
from sim.calibrate.fits.whole import Fits
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


def expected_by_interval(fits: Fits, weekday: int) -> Floats:
    """Contacts expected, redials included, (intervals of a day, intents)."""
    again = fits.redial
    more = 1.0 / (1.0 - again.probability.value * fits.seen.abandonment) if again is not None else 1.0
    return np.asarray(fits.arrivals.expected[weekday] * more)


def by_formula(fits: Fits, period: Period, staff: Whole, within_s: float) -> dict[str, dict[object, Formula]]:
    """Each open date by Erlang C and by Erlang A, half-hour by half-hour."""
    found: dict[str, dict[object, Formula]] = {"erlang_c": {}, "erlang_a": {}}
    talk = np.array([fits.talk[name].mean.value for name in fits.who.intents])
    wrap = np.array([fits.wrap_up_s[name].value for name in fits.who.intents])
    for date, (first, last) in period.open_dates:
        mix = expected_by_interval(fits, date.day_of_week)[first:last]
        volume = mix.sum(axis=1)
        work = (mix @ talk) * fits.talk_by_time[first:last] + mix @ wrap
        aht = np.where(volume > 0, work / np.maximum(volume, 1e-9), 0.0)
        agents = staff[date.date()].sum(axis=0)
        for name, patience in (("erlang_c", math.inf), ("erlang_a", fits.mean_patience_s)):
            rows = [
                _cell(
                    Queue(v / period.interval_s, h, patience, fits.balk if math.isfinite(patience) else 0.0, within_s),
                    n,
                )
                for v, h, n in zip(volume, aht, agents, strict=True)
            ]
            found[name][date] = _day(np.array(rows), volume, period.interval_s)
    return found


def _cell(queue: Queue, agents: int) -> tuple[float, float, float, float]:
    """Abandonment, mean wait (s; nan for none), share answered within T, and 1 where there is no steady state."""
    if queue.rate <= 0 or queue.aht <= 0:
        return 0.0, 0.0, 1.0, 0.0
    if math.isinf(queue.patience):
        if queue.load >= agents:
            return 0.0, math.nan, 0.0, 1.0
        said = predict(queue, int(agents))
        return 0.0, said.p_wait * queue.aht / (agents - queue.load), said.answered_within, 0.0
    said = predict(queue, int(agents))
    gave_up = max(said.abandonment - queue.balk * said.p_wait, 0.0)
    return said.abandonment, gave_up * queue.patience, said.answered_within, 0.0


def _day(rows: Floats, volume: Floats, interval_s: float) -> Formula:
    """A day's figures; an interval without a steady state counts with a wait as long as itself."""
    rows[:, 1] = np.where(np.isnan(rows[:, 1]), interval_s, rows[:, 1])
    weight = volume / max(float(volume.sum()), 1e-9)
    abandonment, wait, within = (float(weight @ rows[:, k]) for k in range(3))
    return Formula(abandonment, wait, within, int(rows[:, 3].sum()))
