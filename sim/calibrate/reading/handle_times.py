"""Waits and work of intervals, added up: from means, from totals, and from columns that could be either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.calibrate.reading.import_log import ImportLog, ReadOptions
from sim.calibrate.reading.layouts import TIMES, Columns
from sim.calibrate.reading.names import understood
from sim.calibrate.reading.values import Column, Floats, durations

PLAUSIBLE_S = {"work": (15.0, 3600.0), "wait": (0.5, 3600.0)}
"""Means of handle time and of waits that a centre can have."""
WAITS = ("wait_answered", "wait_abandoned")


@dataclass
class IntervalTimes:
    """The times of the rows of one file.

    Attributes
    ----------
    told : seconds by field, nan where a cell is empty; of the fields that the file has.
    """

    cells: Mapping[str, Column]
    columns: Columns
    options: ReadOptions
    import_log: ImportLog
    told: dict[str, Floats] = field(init=False)

    def __post_init__(self) -> None:
        self.told = {
            name: durations(self.cells[name], self.columns.unit_of(name), self.options.decimal)
            for name in self.cells  # in their order, so that the same file is refused with the same words
            if name in TIMES["intervals"]
        }

    def settle(self, handled: Floats, abandoned: Floats) -> None:
        """Decide whether columns that can be a total or a mean are one or the other.

        Raises
        ------
        ExportError
            Where both could be.
        """
        for total, mean in self.columns.unsure.items():
            if total in self.told and mean not in self.told:
                counts = abandoned if total == "wait_abandoned" else handled
                if self._is_mean(total, mean, counts):
                    self.told[mean] = self.told.pop(total)

    def _is_mean(self, total: str, mean: str, counts: Floats) -> bool:
        """Whether a column has means: where only they are plausible, or do not grow with contacts."""
        values, name = self.told[total], self.cells[total].name
        there = ~np.isnan(values) & (counts > 0)
        if not there.any() or not values[there].any():
            return False
        low, high = PLAUSIBLE_S["wait" if total in WAITS else "work"]
        as_total = float(values[there].sum() / counts[there].sum())
        as_mean = float((values[there] * counts[there]).sum() / counts[there].sum())
        loose = total in ("hold", "wrap_up")
        fits = [(0.0 if loose else low) <= value <= high for value in (as_total, as_mean)]
        if fits[0] != fits[1]:
            return fits[1]
        grows = _grows(values[there], counts[there])
        if grows is not None:
            self.import_log.facts[name] = "added up over the contacts of each row" if grows else "a mean"
            return not grows
        if understood(name).words == frozenset((*total.split("_"),)) - {"up"}:
            self.import_log.note(
                f"{name} is taken as added up over the contacts of each row; --map {mean}={name!r} if it is a mean"
            )
            return False
        words = f"{name} can be a mean ({as_mean:.0f} s) or all contacts of a row added up ({as_total:.0f} s each)"
        raise self.import_log.refused(words, f"Say --map {mean}={name!r}, or --map {total}={name!r}")

    # Waits --------------------------------------------------------------------------------------------------------

    def wait_answered(self, answered: Floats) -> Floats:
        """Waits of the answered, added up; where only that of all contacts is told, they waited like all."""
        if "wait_answered" in self.told:
            return self.told["wait_answered"]
        if "asa" not in self.told and "mean_wait" in self.told:
            name = self.cells["mean_wait"].name
            self.import_log.note(f"{name} is taken as the wait of the answered and of those who gave up alike")
        return self._mean("asa", "mean_wait") * answered

    def wait_abandoned(self, abandoned: Floats) -> Floats:
        """Waits of those who gave up, added up."""
        if "wait_abandoned" in self.told:
            return self.told["wait_abandoned"]
        names = (
            ("time_to_abandon",) if {"asa", "wait_answered"} & self.told.keys() else ("time_to_abandon", "mean_wait")
        )
        return self._mean(*names) * abandoned

    def _mean(self, *names: str) -> Floats:
        rows = len(next(iter(self.cells.values())).cells)
        return next((self.told[name] for name in names if name in self.told), np.full(rows, np.nan))

    # Work ---------------------------------------------------------------------------------------------------------

    def work(self, handled: Floats) -> tuple[Floats, Floats]:
        """Talk with hold, and wrap-up, of each row, added up.

        Handle time is all work: what talk and hold leave of it is wrap-up where no column has that. Without it, work
        is talk, hold and wrap-up together.
        """
        talk, wrap, hold = (
            self._sum("talk", "mean_talk", handled),
            self._sum("wrap_up", "mean_wrap_up", handled),
            self._hold(handled),
        )
        whole = self._sum("handle", "aht", handled)
        if whole is None:
            assert talk is not None
            return talk + hold, np.full(len(handled), np.nan) if wrap is None else wrap
        if wrap is None and talk is not None:
            rest = whole - talk - hold
            if np.nansum(rest) > 0.01 * np.nansum(whole):
                self.import_log.facts["wrap-up"] = (
                    f"{self._name('handle', 'aht')} less talk{' and hold' if hold.any() else ''}"
                )
                wrap = np.maximum(rest, 0.0)
        if wrap is None:
            return whole, np.full(len(handled), np.nan)
        return np.maximum(whole - np.nan_to_num(wrap), 0.0), wrap

    def _hold(self, handled: Floats) -> Floats:
        """Hold beside talk, added up; nothing where talk has it already, as the name of its column says."""
        hold = self._sum("hold", "mean_hold", handled)
        if hold is None or "hold" in self._name("talk", "mean_talk").lower():
            return np.zeros(len(handled))
        if not {"handle", "aht"} & self.told.keys():
            self.import_log.facts["talk"] = (
                f"{self._name('talk', 'mean_talk')} and {self._name('hold', 'mean_hold')} together"
            )
        return np.nan_to_num(hold)

    def _sum(self, total: str, mean: str, counts: Floats) -> Floats | None:
        if total in self.told:
            return self.told[total]
        return self.told[mean] * counts if mean in self.told else None

    def _name(self, *names: str) -> str:
        return next((self.cells[name].name for name in names if name in self.cells), "")


def _grows(values: Floats, counts: Floats) -> bool | None:
    """Whether values grow in proportion to counts, as totals do; None where rows do not tell.

    The slope of the logarithms is 1 for totals and 0 for means; it tells where half lies outside three standard errors.
    """
    there = values > 0
    x, y = np.log(counts[there]), np.log(values[there])
    spread = float(((x - x.mean()) ** 2).sum()) if len(x) >= 8 else 0.0
    if spread < 0.1:
        return None
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / spread)
    rest = y - y.mean() - slope * (x - x.mean())
    error = float(np.sqrt((rest**2).sum() / (len(x) - 2) / spread))
    return None if abs(slope - 0.5) < 3.0 * error else slope > 0.5
