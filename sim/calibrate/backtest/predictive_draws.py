"""What was drawn for the days predicted, replication by replication, beside what came."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.backtest.erlang import Formula
from sim.calibrate.backtest.windows import Window
from sim.calibrate.fits.estimate import Floats
from sim.calibrate.fits.whole import ObservedCounts
from sim.measures.definitions import weighted
from sim.schema.values import time_text
from sim.study.replicate import ScenarioRun
from sim.study.tables import labels

COVER = 0.90
Ints = npt.NDArray[np.int64]


class PredictiveDraws:
    """Every replication's own counts, by interval, beside what was observed.

    Attributes
    ----------
    place : (cells,) day of the export and interval of the day of each cell.
    """

    def __init__(self, study: ScenarioRun, cells: ObservedCounts, window: Window, interval_s: float) -> None:
        self.cells, self.interval_s = cells, interval_s
        counts, found = study.tallies.counts("interval"), study.measures
        self.offered = weighted(counts, found["abandonment_rate"].bottom)
        self.abandoned = weighted(counts, found["abandonment_rate"].top)
        self.waited = weighted(counts, found["wait_all_s"].top)
        self.within = weighted(counts, found["sl_offered"].top)
        told = labels(study, "interval")
        self.day, self.slot = _places(told, cells.dates, interval_s)
        shown = np.zeros((len(cells.dates), cells.offered.shape[1]), bool)
        shown[self.day, self.slot] = True
        days = np.arange(window.last, window.end)
        there = cells.known[days].any(axis=1)
        self.days_there = [int(d) for d in days[there]]
        self.outside = float(np.where(shown[days], 0.0, cells.offered[days])[there].sum())

    def _in(self, day: int) -> Ints:
        """The cells of a day, where something was observed."""
        return np.flatnonzero((self.day == day) & self.cells.known[self.day, self.slot])

    def half_hours(self) -> pd.DataFrame:
        """Offered by interval."""
        mine = np.concatenate([self._in(day) for day in self.days_there] or [np.empty(0, np.int64)])
        low, high = _span(self.offered[:, mine])
        low, high = np.floor(low), np.ceil(high)
        seen = self.cells.offered[self.day[mine], self.slot[mine]]
        return pd.DataFrame(
            {
                "date": self.cells.dates[self.day[mine]],
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
        seen = self.cells.offered[self.day[mine], self.slot[mine]].sum()
        lost = self.cells.abandoned[self.day[mine], self.slot[mine]].sum()
        expected = abandoned.sum() / max(offered.sum(), 1.0)
        return self.cells.dates[day], hour, seen, lost / max(seen, 1.0), expected, low[0], high[0]

    def days(self, formulas: dict[str, dict[object, Formula]]) -> pd.DataFrame:
        """Abandonment, wait and service level by day, observed, simulated and by formula."""
        rows: list[dict[str, object]] = []
        for day in self.days_there:
            mine, date = self._in(day), self.cells.dates[day]
            if not mine.size or self.cells.offered[day].sum() <= 0:
                continue
            came = self.cells
            seen = [float(v[day].sum()) for v in (came.offered, came.abandoned, came.waited_s, came.within)]
            drawn = [float(v[:, mine].sum()) for v in (self.offered, self.abandoned, self.waited, self.within)]
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
    low, high = (np.quantile(values, q, axis=0, method="weibull") for q in (tail, 1.0 - tail))
    return low, high


def _places(told: pd.DataFrame, dates: pd.DatetimeIndex, interval_s: float) -> tuple[Ints, Ints]:
    day = np.asarray((pd.to_datetime(told["day"]) - dates[0]).dt.days, np.int64)
    clock = told["time"].str.split(":", expand=True).astype(int)
    return day, np.asarray((clock[0] * 3600 + clock[1] * 60) // interval_s, np.int64)
