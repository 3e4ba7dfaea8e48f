"""A log of deferred work as a source of fits: arrivals by when items came, agents by what was done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.fits.abandonment import PatienceFit
from sim.calibrate.fits.arrivals import ArrivalFit, Demand, Span, demand_of, fit_arrivals, open_spans
from sim.calibrate.fits.centre import FittedCentre, IntentsAndGroups, ObservedLevels, by_work, keys_of, usual_week
from sim.calibrate.fits.estimate import FittedNumber, Floats, Ints
from sim.calibrate.fits.intents import OTHER, RARE_TYPES, own_classes
from sim.calibrate.fits.items import ItemFit
from sim.calibrate.fits.talk import TalkFit, fit_talk
from sim.calibrate.reading.items import ReadItems

USUAL_CV = 1.0
HOUR_S = 3600.0
ALIKE = 0.9
"""Opening hours tell a due time better than the clock where its relative spread is this much smaller."""
HALF, ROUNDED_S = 0.5, 2.0
Times = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class ItemLog:
    """A log of deferred work.

    Attributes
    ----------
    staff, occupancy, handle_s, due_s : what the caller knows; nan where the log is to tell.
    """

    items: ReadItems
    keep_unusual: bool = False
    staff: float = math.nan
    occupancy: float = math.nan
    handle_s: float = math.nan
    due_s: float = math.nan

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Consecutive dates, from the first to the last of the log."""
        return pd.date_range(self.items.first, self.items.last)

    @property
    def interval_s(self) -> float:
        """Length of an interval."""
        return self.items.interval_s

    @cached_property
    def intents(self) -> tuple[tuple[str, ...], tuple[str, ...], Ints]:
        """Names of the intents, what the log calls them, and that of each item; rare types together."""
        kinds = self.items.table["type"].cat
        codes = kinds.codes.to_numpy(np.int64)
        own, place = own_classes(np.bincount(codes, minlength=len(kinds.categories)))
        about = [str(kinds.categories[code]) or "all items" for code in own]
        names = list(keys_of([str(kinds.categories[code]) or "items" for code in own], (OTHER,)))
        if (place[codes] == len(own)).any():
            names, about = [*names, OTHER], [*about, RARE_TYPES]
        return tuple(names), tuple(about), place[codes]

    @cached_property
    def done(self) -> Demand:
        """Items done, by date and interval in which they were begun; in which they were closed, where nothing tells."""
        table = self.items.table
        there = table["closed"].notna().to_numpy()
        codes, names = self.intents[2], self.intents[0]
        work = np.nan_to_num(table["work_s"].to_numpy()) if self._begins_known else np.zeros(len(table))
        closed = table["closed"].to_numpy("M8[us]")
        whole_minutes = bool((table["closed"].dropna().dt.second == 0).all())
        work = np.maximum(work - (60.0 if whole_minutes else ROUNDED_S), 0.0)
        begun = closed - (work * 1e6).round().astype("timedelta64[us]")
        return _placed(begun[there], codes[there], names, self.interval_s, self.dates)

    @property
    def _begins_known(self) -> bool:
        return math.isnan(self.handle_s)

    @cached_property
    def spans(self) -> tuple[Span | None, ...]:
        """Opening intervals by weekday: when work is begun, the last item being finished after hours."""
        spans = open_spans(self.done)
        if self._begins_known:
            return spans
        totals, days = self.done.totals, np.asarray(self.dates.day_of_week)
        return tuple(
            None if span is None else _without_last(span, totals[days == day].mean(axis=0))
            for day, span in enumerate(spans)
        )

    @cached_property
    def joined(self) -> Times:
        """When each item could be begun: when it came, or the next opening."""
        opened = self.items.table["opened"].to_numpy("M8[us]")
        openings, closings = self._opening_times
        place = np.searchsorted(closings, opened, "right")
        known = place < len(openings)
        later = openings[np.minimum(place, len(openings) - 1)]
        return np.where(known & (opened >= self.items.first.to_datetime64()), np.maximum(opened, later), opened)

    @cached_property
    def _opening_times(self) -> tuple[Times, Times]:
        """When the centre opens and closes, from the first item on to two months after the log."""
        oldest = self.items.table["opened"].min().normalize()
        rows = [
            (
                day + pd.Timedelta(seconds=span[0] * self.interval_s),
                day + pd.Timedelta(seconds=span[1] * self.interval_s),
            )
            for day in pd.date_range(oldest, self.items.last + pd.Timedelta(days=60))
            if (span := self.spans[day.day_of_week]) is not None
        ]
        opens, closes = (np.array([row[side] for row in rows], "M8[us]") for side in (0, 1))
        return opens, closes

    def business_s(self, at: Times) -> Floats:
        """Opening hours passed up to each moment, in seconds."""
        opens, closes = self._opening_times
        lengths = (closes - opens).astype(np.int64) / 1e6
        before = np.append(0.0, np.cumsum(lengths))
        place = np.searchsorted(opens, at, "right")
        rest = np.zeros(len(at))
        inside = place > 0
        last = np.maximum(place - 1, 0)
        rest[inside] = np.minimum((at - opens[last]).astype(np.int64) / 1e6, lengths[last])[inside]
        return np.asarray(before[last] * inside + rest)

    # Fits -----------------------------------------------------------------------------------------------------------

    def fit(self) -> FittedCentre:
        """Fit the whole log."""
        names, about, codes = self.intents
        table = self.items.table
        new = (table["opened"] >= self.items.first).to_numpy()
        inside = new & (self.joined < (self.items.last + pd.Timedelta(days=1)).to_datetime64())
        came = _placed(self.joined[inside], codes[inside], names, self.interval_s, self.dates)
        arrivals = fit_arrivals(came, self.keep_unusual, self.spans)
        talk = {name: self._work(codes == number) for number, name in enumerate(names)}
        count = len(names)
        who = IntentsAndGroups(
            names, about, (0.0,) * count, ("general",) * count, ("agents",), np.ones((1, count), bool)
        )
        handled = float(
            np.average([fit.mean.value for fit in talk.values()], weights=np.maximum(came.counts.sum((0, 1)), 1))
        )
        return FittedCentre(
            who,
            arrivals,
            talk,
            np.ones(came.counts.shape[1]),
            dict.fromkeys(names, FittedNumber(0.0)),
            dict.fromkeys(names, PatienceFit(0, 0)),
            None,
            self._presence(talk, arrivals),
            ObservedLevels(float(inside.sum()), math.nan, math.nan, math.nan, handled),
            tuple(self._notes()),
            not (math.isnan(self.staff) and math.isnan(self.occupancy)),
            True,
            items=self._items(names, codes, new),
        )

    def _work(self, mine: npt.NDArray[np.bool_]) -> TalkFit:
        """Work on an item: as recorded, else as said."""
        if not math.isnan(self.handle_s):
            return TalkFit(0, FittedNumber(self.handle_s), FittedNumber(USUAL_CV))
        work = self.items.table["work_s"].to_numpy()
        own = work[mine & ~np.isnan(work)]
        return fit_talk(own if own.size else work[~np.isnan(work)])

    def _presence(self, talk: dict[str, TalkFit], arrivals: ArrivalFit) -> Floats:
        """Agents: as said, at an occupancy, or as many as do what was done without a pause."""
        if not math.isnan(self.staff):
            return np.full((1, 7, arrivals.expected.shape[1]), self.staff)
        means = np.array([fit.mean.value for fit in talk.values()])
        if not math.isnan(self.occupancy):
            return by_work(arrivals, means, self.occupancy)
        busy = (self.done.counts @ means) / self.interval_s
        use = self.done.counts.sum(axis=(1, 2)) > 0
        week = usual_week(busy[None], self.dates, use, self.spans)
        return np.asarray(_level(week, self.spans))

    def _items(self, names: tuple[str, ...], codes: Ints, new: npt.NDArray[np.bool_]) -> ItemFit:
        table, first = self.items.table, self.items.first.to_datetime64().astype("M8[us]")
        opened, closed = table["opened"].to_numpy("M8[us]"), table["closed"].to_numpy("M8[us]")
        due_s, clock = self._due(opened)
        business = self.business_s(np.array([first])) - self.business_s(np.minimum(opened, first))
        age = business if clock == "business" else np.maximum((first - opened).astype(np.int64) / 1e6, 0.0)
        old = [~new & (codes == number) for number in range(len(names))]
        done = ~np.isnat(closed)
        life = (closed - np.where(new, self.joined, first)).astype(np.int64) / 1e6 + np.where(new, 0.0, age)
        days = sum(self.spans[day.day_of_week] is not None for day in self.dates)
        due = table["due"].to_numpy("M8[us]")
        fell = ~np.isnat(due) & (due >= first) & (due < (self.items.last + pd.Timedelta(days=1)).to_datetime64())
        met = float((done & (closed <= due))[fell].mean()) if fell.any() else math.nan
        return ItemFit(
            {name: int(mine.sum()) for name, mine in zip(names, old, strict=True)},
            {name: float(age[mine].mean()) for name, mine in zip(names, old, strict=True) if mine.any()},
            *(due_s, clock, float(life[done].mean()) / HOUR_S, float(done.sum()) / max(days, 1), met),
        )

    def _due(self, opened: Times) -> tuple[float, str]:
        """When items are due, and by which clock: the one by which due times differ less."""
        due = self.items.table["due"].to_numpy("M8[us]")
        there = ~np.isnat(due) & (due > opened)
        if not math.isnan(self.due_s) or not there.any():
            return self.due_s, "elapsed" if math.isnan(self.due_s) else "business"
        by_clock = {
            "elapsed": (due - opened)[there].astype(np.int64) / 1e6,
            "business": self.business_s(due[there]) - self.business_s(opened[there]),
        }
        spread = {name: float(times.std() / max(times.mean(), 1.0)) for name, times in by_clock.items()}
        clock = "business" if spread["business"] < ALIKE * spread["elapsed"] else "elapsed"
        return max(float(np.median(by_clock[clock])), 60.0), clock

    def _notes(self) -> list[str]:
        outside = float((self.joined > self.items.table["opened"].to_numpy("M8[us]")).mean())
        notes = ["agents work on one item at a time, and opening hours are those in which items are closed"]
        if outside > 0:
            notes.append(f"{outside:.0%} of the items came out of hours: they count from the next opening on")
        if not math.isnan(self.handle_s):
            notes.append("handle time is as said (--handle-time): no log of opened and closed tells it")
        if math.isnan(self.staff) and math.isnan(self.occupancy):
            notes.append("agents are not in the log: as many as do what was done, times what its turnaround calls for")
        return notes


def _placed(times: Times, codes: Ints, names: tuple[str, ...], interval_s: float, dates: pd.DatetimeIndex) -> Demand:
    """Counts of items over all dates of a log, each of which it knows."""
    found = demand_of(times, codes, names, interval_s)
    counts = np.zeros((len(dates), *found.counts.shape[1:]))
    place = (found.dates - dates[0]).days.to_numpy()
    inside = (place >= 0) & (place < len(dates))
    counts[place[inside]] = found.counts[inside]
    return Demand(dates, interval_s, names, counts, np.ones(counts.shape[:2], bool))


def _without_last(span: Span, mean: Floats) -> Span:
    """Opening hours without a last interval in which only what was in hand was finished."""
    first, last = span
    half = last - first > 1 and mean[last - 1] < HALF * mean[last - 2]
    return (first, last - 1) if half else span


def _level(week: Floats, spans: tuple[Span | None, ...]) -> Floats:
    """The same agents in all opening intervals of a day: when items are closed says little of who is there."""
    level = np.zeros_like(week)
    for day, span in enumerate(spans):
        if span is not None:
            level[:, day, slice(*span)] = week[:, day, slice(*span)].mean(axis=1, keepdims=True)
    return level
