"""What the simulation draws for the days predicted, beside what came."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.calibrate.backtest.formulas import Formula
from sim.calibrate.backtest.hour_ranges import COVER, TAILS, DrawnHours, quantiles_of
from sim.calibrate.fits.centre import ObservedCounts
from sim.calibrate.fits.estimate import Floats, Ints
from sim.measures.definitions import weighted
from sim.schema.values import time_text
from sim.study.replicate import ScenarioRun
from sim.study.tables import labels


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

    def hours(self) -> DrawnHours:
        """Abandonment by hour, where somebody came."""
        rows, ends = [], []
        for day in self.days_there:
            mine = self._in(day)
            hours = (self.slot[mine] * self.interval_s // 3600).astype(int)
            for hour in np.unique(hours):
                cells = mine[hours == hour]
                share = self._shares_lost(cells)
                low, high = _span(share[:, None]) if share.size else (np.zeros(1), np.ones(1))
                rows.append((self.observed.dates[day], int(hour), *self._hour(cells), low[0], high[0]))
                ends.append(quantiles_of(share))
        table = pd.DataFrame(rows, columns=["date", "hour", "offered", "abandonment", "expected", "low", "high"])
        came = table["offered"].to_numpy() > 0
        lows, highs = (np.array([pair[end] for pair in ends]).reshape(-1, len(TAILS))[came] for end in (0, 1))
        return DrawnHours(table[came].reset_index(drop=True), lows, highs)

    def _shares_lost(self, mine: Ints) -> Floats:
        """Abandonment of some cells together, one a replication in which anybody came."""
        offered, abandoned = self.offered[:, mine].sum(axis=1), self.abandoned[:, mine].sum(axis=1)
        return np.asarray(abandoned[offered > 0] / offered[offered > 0])

    def _hour(self, mine: Ints) -> tuple[float, float, float]:
        """Offered and abandonment as they came, and the abandonment expected, of some cells together."""
        seen = float(self.observed.offered[self.day[mine], self.slot[mine]].sum())
        lost = float(self.observed.abandoned[self.day[mine], self.slot[mine]].sum())
        expected = self.abandoned[:, mine].sum() / max(self.offered[:, mine].sum(), 1.0)
        return seen, lost / max(seen, 1.0), float(expected)

    def days(self, formulas: dict[str, dict[pd.Timestamp, Formula]], replayed: PredictiveDraws | None) -> pd.DataFrame:
        """Abandonment, wait and service level by day: observed, simulated, by formula, and replayed where it is."""
        rows: list[dict[str, object]] = []
        for day in self.days_there:
            mine, date = self._in(day), self.observed.dates[day]
            if not mine.size or self.observed.offered[day].sum() <= 0:
                continue
            came = self.observed
            seen = [float(counts[day].sum()) for counts in (came.offered, came.abandoned, came.waited_s, came.within)]
            drawn = self._sums(day)
            row = {"date": date} | _shares("", seen) | _shares("sim_", drawn)
            row["sim_offered"] = drawn[0] / len(self.offered)
            for name, said in formulas.items():
                row |= {f"{name}_{figure}": value for figure, value in said[date]._asdict().items()}
            if replayed is not None:
                row |= _shares("replay_", replayed._sums(day))
            rows.append(row)
        return pd.DataFrame(rows).drop(columns="replay_offered", errors="ignore")

    def _sums(self, day: int) -> list[float]:
        """Offered, abandoned, waited and answered within T of a day, over all replications."""
        mine = self._in(day)
        return [float(counts[:, mine].sum()) for counts in (self.offered, self.abandoned, self.waited, self.within)]


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
