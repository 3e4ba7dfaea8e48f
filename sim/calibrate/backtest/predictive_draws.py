"""What the simulation draws for the days predicted, and what Erlang C and A say of them, beside what came."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.calibrate.document import Period, Whole
from sim.calibrate.fits.centre import FittedCentre, ObservedCounts
from sim.calibrate.fits.estimate import Floats, Ints
from sim.measures.definitions import weighted
from sim.schema.values import time_text
from sim.study.replicate import ScenarioRun
from sim.study.staffing.erlang import Queue, predict
from sim.study.tables import labels


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
    """Each open date by Erlang C and by Erlang A, interval by interval; queues that share no agents each by itself.

    Chats are taken as planners do: as many servers as agents have places, and the time a chat takes with all taken.
    """
    predictions: dict[str, dict[object, Formula]] = {"erlang_c": {}, "erlang_a": {}}
    for date, (first, last) in period.open_dates:
        loads = _loads(fits, staff[date.date()], date.day_of_week, first, last)
        for name, patience in (("erlang_c", math.inf), ("erlang_a", fits.mean_patience_s)):
            balk = fits.balk if math.isfinite(patience) else 0.0
            rows = [
                _cell(Queue(volume / period.interval_s, aht, patience, balk, within_s), int(agents))
                for volume, aht, agents in loads
            ]
            predictions[name][date] = _day(np.array(rows), loads[:, 0], period.interval_s)
    return predictions


def _loads(fits: FittedCentre, agents: Ints, weekday: int, first: int, last: int) -> Floats:
    """Contacts, handle time (s) and agents of every interval and pool, one row each."""
    mix = expected_by_interval(fits, weekday)[first:last]
    talk = np.array([fits.talk[name].mean.value for name in fits.who.intents]) * fits.talk_by_time[first:last, None]
    wrap = np.array([fits.wrap_up_s[name].value for name in fits.who.intents])
    longer = 1.0 if fits.chats is None else fits.chats.longer
    rows = []
    for intents, groups in fits.who.pools:
        volume = mix[:, intents].sum(axis=1)
        work = longer * (mix * (talk + wrap))[:, intents].sum(axis=1)
        servers = fits.places * agents[groups].sum(axis=0)
        rows.append(np.stack([volume, work / np.maximum(volume, 1e-9), servers], axis=1))
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
    abandonment, wait, within = (float(weight @ rows[:, column]) for column in range(3))
    return Formula(abandonment, wait, within, int(rows[:, 3].sum()))


COVER = 0.90


class PredictiveDraws:
    """Every replication's own counts, by interval, beside what was observed.

    Attributes
    ----------
    place : (cells,) day of the export and interval of the day of each cell.
    """

    def __init__(self, run: ScenarioRun, observed: ObservedCounts, predicted: range, interval_s: float) -> None:
        self.observed, self.interval_s = observed, interval_s
        counts, measures = run.tallies.counts("interval"), run.measures
        self.offered = weighted(counts, measures["abandonment_rate"].bottom)
        self.abandoned = weighted(counts, measures["abandonment_rate"].top)
        self.waited = weighted(counts, measures["wait_all_s"].top)
        self.within = weighted(counts, measures["sl_offered"].top)
        cell_labels = labels(run, "interval")
        self.day, self.slot = _places(cell_labels, observed.dates, interval_s)
        shown = np.zeros((len(observed.dates), observed.offered.shape[1]), bool)
        shown[self.day, self.slot] = True
        days = np.array(predicted)
        there = observed.known[days].any(axis=1)
        self.days_there = [int(day) for day in days[there]]
        self.outside = float(np.where(shown[days], 0.0, observed.offered[days])[there].sum())

    def _in(self, day: int) -> Ints:
        """The cells of a day, where something was observed."""
        return np.flatnonzero((self.day == day) & self.observed.known[self.day, self.slot])

    def half_hours(self) -> pd.DataFrame:
        """Offered by interval."""
        mine = np.concatenate([self._in(day) for day in self.days_there] or [np.empty(0, np.int64)])
        low, high = _span(self.offered[:, mine])
        low, high = np.floor(low), np.ceil(high)
        seen = self.observed.offered[self.day[mine], self.slot[mine]]
        return pd.DataFrame(
            {
                "date": self.observed.dates[self.day[mine]],
                "time": [time_text(slot * self.interval_s) for slot in self.slot[mine]],
                "offered": seen,
                "expected": self.offered[:, mine].mean(axis=0),
                "low": low,
                "high": high,
                "inside": (seen >= low) & (seen <= high),
            }
        )

    def hours(self) -> pd.DataFrame:
        """Abandonment by hour, where somebody came."""
        rows = []
        for day in self.days_there:
            mine = self._in(day)
            hours = (self.slot[mine] * self.interval_s // 3600).astype(int)
            rows += [self._hour(day, int(hour), mine[hours == hour]) for hour in np.unique(hours)]
        table = pd.DataFrame(rows, columns=["date", "hour", "offered", "abandonment", "expected", "low", "high"])
        table = table[table["offered"] > 0]
        return table.assign(inside=table["abandonment"].between(table["low"] - 1e-12, table["high"] + 1e-12))

    def _hour(self, day: int, hour: int, mine: Ints) -> tuple[object, ...]:
        offered, abandoned = self.offered[:, mine].sum(axis=1), self.abandoned[:, mine].sum(axis=1)
        share = np.where(offered > 0, abandoned / np.maximum(offered, 1.0), np.nan)
        share = share[~np.isnan(share)]
        low, high = _span(share[:, None]) if share.size else (np.zeros(1), np.ones(1))
        seen = self.observed.offered[self.day[mine], self.slot[mine]].sum()
        lost = self.observed.abandoned[self.day[mine], self.slot[mine]].sum()
        expected = abandoned.sum() / max(offered.sum(), 1.0)
        return self.observed.dates[day], hour, seen, lost / max(seen, 1.0), expected, low[0], high[0]

    def days(self, formulas: dict[str, dict[object, Formula]]) -> pd.DataFrame:
        """Abandonment, wait and service level by day, observed, simulated and by formula."""
        rows: list[dict[str, object]] = []
        for day in self.days_there:
            mine, date = self._in(day), self.observed.dates[day]
            if not mine.size or self.observed.offered[day].sum() <= 0:
                continue
            came = self.observed
            seen = [float(counts[day].sum()) for counts in (came.offered, came.abandoned, came.waited_s, came.within)]
            drawn = [
                float(counts[:, mine].sum()) for counts in (self.offered, self.abandoned, self.waited, self.within)
            ]
            row = {"date": date} | _shares("", seen) | _shares("sim_", drawn)
            row["sim_offered"] = drawn[0] / len(self.offered)
            for name, said in formulas.items():
                row |= {f"{name}_{figure}": value for figure, value in said[date]._asdict().items()}
            rows.append(row)
        return pd.DataFrame(rows)


def _shares(prefix: str, sums: list[float]) -> dict[str, object]:
    """Ratios of a day's sums: of offered, abandoned, waited, answered within T."""
    offered, abandoned, waited, within = sums
    return {
        f"{prefix}offered": offered,
        f"{prefix}abandonment": abandoned / max(offered, 1e-9),
        f"{prefix}wait_s": waited / max(offered, 1e-9),
        f"{prefix}within": within / max(offered, 1e-9),
    }


def _span(values: Floats) -> tuple[Floats, Floats]:
    """The 90 % prediction interval of each column: order statistics at k / (n + 1)."""
    tail = (1.0 - COVER) / 2.0
    low, high = (np.quantile(values, quantile, axis=0, method="weibull") for quantile in (tail, 1.0 - tail))
    return low, high


def _places(cell_labels: pd.DataFrame, dates: pd.DatetimeIndex, interval_s: float) -> tuple[Ints, Ints]:
    day = np.asarray((pd.to_datetime(cell_labels["day"]) - dates[0]).dt.days, np.int64)
    clock = cell_labels["time"].str.split(":", expand=True).astype(int)
    return day, np.asarray((clock[0] * 3600 + clock[1] * 60) // interval_s, np.int64)
