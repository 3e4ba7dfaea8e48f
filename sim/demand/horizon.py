"""The simulated days: warm-up, the days measured, follow-up, on a clock of whole microseconds."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from sim.scenario.model import Scenario

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
DAY_US = 24 * HOUR_US

Times = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Horizon:
    """Every simulated day. Times count microseconds from midnight of the first; -1 on a closed day.

    Attributes
    ----------
    dates : one a day.
    measured : (days,) whether the day counts in the measures.
    open_us, close_us : (days,) opening and closing time.
    opens, closes : (days,) whether the centre really opens or closes then; false at a midnight that it works through.
    edges : for each day, the interval boundaries from opening to closing (empty on a closed day).
    """

    dates: tuple[date, ...]
    measured: npt.NDArray[np.bool_]
    open_us: Times
    close_us: Times
    opens: npt.NDArray[np.bool_]
    closes: npt.NDArray[np.bool_]
    edges: tuple[Times, ...]

    @property
    def most_intervals(self) -> int:
        """The number of intervals of the longest day."""
        return max(len(e) - 1 for e in self.edges if len(e)) if any(len(e) for e in self.edges) else 0


def make_horizon(scenario: Scenario) -> Horizon:
    """Lay out the days of a scenario: its warm-up, the days measured and its follow-up."""
    calendar = scenario.calendar
    before, after = scenario.warm_up_days, scenario.follow_up_days
    total = before + calendar.days + after
    dates = tuple(calendar.start + timedelta(days=i - before) for i in range(total))
    hours = [calendar.open_hours(d) for d in dates]
    open_us = np.array([_at(i, h[0]) if h else -1 for i, h in enumerate(hours)], np.int64)
    close_us = np.array([_at(i, h[1]) if h else -1 for i, h in enumerate(hours)], np.int64)
    joined = (open_us[1:] == close_us[:-1]) & (open_us[1:] >= 0)
    measured = np.array([before <= i < before + calendar.days for i in range(total)])
    step = round(calendar.interval * SECOND_US)
    edges = tuple(_edges(int(o), int(c), step) for o, c in zip(open_us, close_us, strict=True))
    return Horizon(
        dates,
        measured,
        open_us,
        close_us,
        (open_us >= 0) & ~np.append(False, joined),
        (close_us >= 0) & ~np.append(joined, False),
        edges,
    )


def _at(day: int, seconds: float) -> int:
    return day * DAY_US + round(seconds * SECOND_US)


def _edges(open_us: int, close_us: int, step: int) -> Times:
    if open_us < 0:
        return np.empty(0, np.int64)
    return np.append(np.arange(open_us, close_us, step, dtype=np.int64), close_us)
