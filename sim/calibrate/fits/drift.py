"""Whether the last week drifted from the four before it, and how much of such a change has lasted until now.

A week that differs from the four before it is half chance. How much of the difference is there a week later too, the
weeks so far say: the slope of the next week's difference on this week's, moved towards 0 while weeks are few. The part
that lasts is the correction of a forecast that is made of the last four weeks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.calibrate.fits.arrivals import UNUSUAL_LEAST
from sim.calibrate.fits.centre import FittedCentre, ObservedCounts, ReadExport
from sim.calibrate.fits.estimate import FittedNumber, Floats, Ints, around
from sim.calibrate.fits.known_days import CLOSED, KnownDays, day_effects, known_days

WEEK, BEFORE = 7, 28
NAMES = {"contacts": "contacts", "agents": "agents on the queue", "handle_time": "handle time"}
FEW_WEEKS = 4.0
"""So many weeks in which nothing lasts are put beside those that were seen."""


@dataclass(frozen=True)
class Drift:
    """A change in the last week.

    Attributes
    ----------
    what : contacts, agents or handle_time.
    change : the last week against the four before it, 1 for none, with its 95 % interval.
    lasts : the share of such a change that was there a week later.
    """

    what: str
    change: FittedNumber
    lasts: float

    @property
    def correction(self) -> float:
        """How many times the mean of the last four weeks the next one is expected to have."""
        return float(self.change.value**self.lasts)

    @property
    def words(self) -> str:
        """The change and its correction in a sentence."""
        change, low, high = (100.0 * (value - 1.0) for value in self.change)
        times = f"{self.correction:.2f} times" if self.lasts > 0 else "no more and no less than"
        return (
            f"drift: {NAMES[self.what]} of the last week {change:+.0f} % against the four weeks before it "
            f"({low:+.0f} to {high:+.0f} %), which chance hardly explains. Of such changes {self.lasts:.0%} was there "
            f"a week later: for the next week expect {times} the mean of the last four"
        )

    @property
    def certain(self) -> bool:
        """Whether chance hardly explains the change."""
        return not self.change.low <= 1.0 <= self.change.high


def last_week(source: ReadExport, fits: FittedCentre) -> tuple[Drift, ...]:
    """The last week of an export against the four before it."""
    observed, last = source.observed_counts(0.0), len(source.dates)
    days = known_days(observed, source.interval_s, last, last)
    told = fits.staff_seen and not fits.staff_given
    agents = source.agents.sum(axis=(0, 2)) if told else np.full(last, np.nan)
    return find_drift(observed, agents, days, day_effects(observed.offered.sum(axis=1), days, last), last)


def find_drift(
    counts: ObservedCounts, agents: Floats, days: KnownDays, effects: Floats, last: int
) -> tuple[Drift, ...]:
    """Compare the week before `last` with the four weeks before it; nothing where there are not five weeks.

    Parameters
    ----------
    agents : (days,) agents' time on the queue; nan where the export does not tell.
    effects : (days,) what the calendar says of each day's contacts: no drift.
    """
    answered = counts.answered[:last].sum(axis=1)
    series = {
        "contacts": counts.offered[:last].sum(axis=1) / effects[:last],
        "agents": agents[:last],
        "handle_time": counts.handled_s[:last].sum(axis=1) / np.maximum(answered, 1.0),
    }
    found = (_drift(what, values, days.kind[:last], last) for what, values in series.items())
    return tuple(drift for drift in found if drift is not None)


def _drift(what: str, values: Floats, kind: Ints, last: int) -> Drift | None:
    ends = range(last, WEEK + BEFORE - 1, -WEEK)
    now = [_change(values, kind, end - WEEK - BEFORE, end - WEEK, end) for end in ends]
    if not now or math.isnan(now[0][0]):
        return None
    change, error = now[0]
    span = around(change, error)
    return Drift(
        what,
        FittedNumber(*(math.exp(value) for value in span)),
        _slope([(then[0], later[0]) for later, then in pairwise(now)]),
    )


def _change(values: Floats, kind: Ints, first: int, last: int, end: int) -> tuple[float, float]:
    """The days from `last` to before `end` against those of their kinds before, in logarithms; its standard error."""
    off, before = list[float](), np.arange(first, last)
    for day in range(last, end):
        alike = before[(kind[before] == kind[day]) & (values[before] > 0)]
        if kind[day] != CLOSED and values[day] > 0 and len(alike):
            off.append(math.log(values[day] / values[alike].mean()))
    near = np.array([one for one in off if abs(one) < UNUSUAL_LEAST])
    if len(near) < 2:
        return math.nan, math.nan
    return float(near.mean()), float(near.std(ddof=1)) / math.sqrt(len(near))


def _slope(pairs: list[tuple[float, float]]) -> float:
    """How much of a week's change the next week has against the four weeks up to it."""
    table = np.array([pair for pair in pairs if not any(map(math.isnan, pair))]).reshape(-1, 2)
    if not len(table) or not (table[:, 0] ** 2).sum() > 0:
        return 0.0
    slope = float(table[:, 0] @ table[:, 1] / (table[:, 0] ** 2).sum())
    return min(max(slope, 0.0), 1.0) * len(table) / (len(table) + FEW_WEEKS)
