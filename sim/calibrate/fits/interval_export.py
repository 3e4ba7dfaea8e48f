"""An export of intervals as a source of fits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.calibrate.fits.abandonment import PatienceFit, said_patience
from sim.calibrate.fits.arrivals import ArrivalFit, Demand, fit_arrivals, open_spans
from sim.calibrate.fits.centre import (
    FittedCentre,
    IntentsAndGroups,
    ObservedCounts,
    ObservedLevels,
    agents_time,
    by_work,
    keys_of,
    observed_week,
    usual_week,
)
from sim.calibrate.fits.chats import ChatFit, timed_open
from sim.calibrate.fits.estimate import Bools, FittedNumber, Floats, Ints, around, exponential_mean
from sim.calibrate.fits.talk import TalkFit, by_time_of_day
from sim.calibrate.reading.import_log import ImportLog
from sim.calibrate.reading.intervals import Intervals
from sim.schema.values import DAY_S

MISSING_FROM, ZERO_FROM = 5.0, 10.0
"""A cell without a row, or with a zero, is taken as missing where so many contacts are usual; else as none."""
USUAL_CV = 1.0
FEW_GAVE_UP = 60
LEAST_UNTOLD = 5
"""Where so many gave up and all of them after 0 s, the time to abandon is taken as not told."""
SUMS = ("offered", "answered", "abandoned", "wait_answered_s", "wait_abandoned_s", "talk_s", "wrap_s", "agents")


@dataclass(frozen=True)
class IntervalExport:
    """An export of intervals, laid out by date and interval.

    Attributes
    ----------
    sums : each column of `Intervals`, (days, intervals of a day, queues).
    known : (days, intervals of a day) where the export says something that can be believed.
    concurrency, at : of chats, the most that an agent has in hand, and the mean level of their times; nan for open.
    """

    intervals: Intervals
    dates: pd.DatetimeIndex
    queues: tuple[str, ...]
    names: tuple[str, ...]
    sums: dict[str, Floats]
    known: Bools
    staff: float = math.nan
    occupancy: float = math.nan
    keep_unusual: bool = False
    patience_s: float = math.nan
    concurrency: int = 0
    at: float = math.nan

    @property
    def interval_s(self) -> float:
        """Length of an interval."""
        return self.intervals.interval_s

    @cached_property
    def agents(self) -> Floats:
        """Mean agents on the queue, (groups, days, intervals); nan where the export does not tell."""
        shape = (1, len(self.dates), self.known.shape[1])
        if not math.isnan(self.staff):
            return np.full(shape, self.staff)
        if not self.has_agents:
            return np.full(shape, np.nan)
        seen = self.sums["agents"]
        seen = np.where((seen == 0) & (self.sums["offered"] > 0), np.nan, seen)
        return np.moveaxis(_filled(seen, np.asarray(self.dates.day_of_week)), 2, 0)

    @property
    def has_agents(self) -> bool:
        """Whether the export counts agents."""
        return bool(np.nansum(self.sums["agents"]) > 0)

    def fit(self, first: int, last: int) -> FittedCentre:
        """Fit the days from one to before another, both counted from the first date."""
        cut = {name: values[first:last] for name, values in self.sums.items()}
        known = self.known[first:last]
        demand = Demand(self.dates[first:last], self.interval_s, self.names, np.nan_to_num(cut["offered"]), known)
        arrivals = fit_arrivals(demand, self.keep_unusual)
        talk = {name: self._talk(cut, queue) for queue, name in enumerate(self.names)}
        wrap = {name: self._wrap(cut, queue) for queue, name in enumerate(self.names)}
        patience = self._patience(cut)
        presence = self._presence(first, last, arrivals, talk, wrap)
        return FittedCentre(
            self._who(),
            arrivals,
            talk,
            self._by_time(cut, talk),
            wrap,
            patience,
            None,
            presence,
            _seen(cut),
            self._notes(cut),
            not (math.isnan(self.staff) and math.isnan(self.occupancy)),
            self.has_agents,
            observed_week(self._counts, first, last),
            gone_untold=self._waits_told(cut) and bool(np.isnan(cut["wait_abandoned_s"]).all()),
            chats=self._chats(talk, wrap),
        )

    def _chats(self, talk: dict[str, TalkFit], wrap: dict[str, FittedNumber]) -> ChatFit | None:
        """What makes chats of contacts: the cap as said, and how long they were open; None for calls."""
        if self.intervals.channel != "chat":
            return None
        opened = {name: fit.mean.plus(wrap[name].value) for name, fit in talk.items()}
        return timed_open((self.concurrency,) * len(self._who().groups), opened, self.at)

    @cached_property
    def _counts(self) -> ObservedCounts:
        return self.observed_counts(0.0)

    def observed_counts(self, within_s: float) -> ObservedCounts:
        """What was observed, by date and interval; answered within a time is not in such exports."""
        whole = {name: _over_queues(values) for name, values in self.sums.items()}
        gone = whole["wait_abandoned_s"]
        if np.isnan(gone).all():
            gone = whole["abandoned"] * whole["wait_answered_s"] / np.maximum(whole["answered"], 1.0)
        answered = whole["offered"] if np.isnan(whole["answered"]).all() else whole["answered"]
        waited = whole["wait_answered_s"] + gone
        within, handled = np.full_like(waited, np.nan), np.nan_to_num(whole["talk_s"])
        return ObservedCounts(
            self.dates, whole["offered"], whole["abandoned"], answered, waited, within, self.known, handled
        )

    def contacts(self, first: int, last: int) -> Floats:
        """Contacts from one day to before another, (days, intervals, queues)."""
        return self.sums["offered"][first:last]

    # Parts ----------------------------------------------------------------------------------------------------------

    def _who(self) -> IntentsAndGroups:
        count = len(self.names)
        own = self.has_agents and math.isnan(self.staff) and count > 1
        skills = self.names if own else ("general",) * count
        groups = tuple(f"agents_{name}" for name in self.names) if own else ("agents",)
        takes = np.eye(count, dtype=bool) if own else np.ones((1, count), bool)
        return IntentsAndGroups(self.names, self.queues, (0.0,) * count, skills, groups, takes)

    def _talk(self, cut: dict[str, Floats], queue: int) -> TalkFit:
        """Mean talk, and its spread from how the means of intervals scatter."""
        handled, talk = _handled(cut)[:, :, queue].ravel(), cut["talk_s"][:, :, queue].ravel()
        there = ~np.isnan(talk) & (handled > 0)
        handled, talk = handled[there], talk[there]
        if len(handled) < 3:
            usual = float(talk.sum() / max(handled.sum(), 1.0))
            return TalkFit(int(handled.sum()), FittedNumber(usual), FittedNumber(USUAL_CV))
        mean = float(talk.sum() / handled.sum())
        variance = float((handled * (talk / handled - mean) ** 2).sum() / (len(handled) - 1))
        cv = min(max(math.sqrt(variance) / mean, 0.1), 3.0)
        error = mean * cv / math.sqrt(handled.sum())
        spread = around(cv, cv * math.sqrt((0.5 + cv * cv) / len(handled)), 0.0)
        return TalkFit(int(handled.sum()), around(mean, error, 0.0), spread)

    def _patience(self, cut: dict[str, Floats]) -> dict[str, PatienceFit]:
        """Patience of every queue; queues where few gave up have that of all."""
        by_queue, whole = {}, _patience(cut)
        if not math.isnan(self.patience_s):
            return dict.fromkeys(self.names, said_patience(self.patience_s, whole.waited, whole.gave_up))
        for queue, name in enumerate(self.names):
            own = _patience({column: values[:, :, queue : queue + 1] for column, values in cut.items()})
            by_queue[name] = own if own.gave_up >= FEW_GAVE_UP else whole
        return by_queue

    def _wrap(self, cut: dict[str, Floats], queue: int) -> FittedNumber:
        wrap, handled = cut["wrap_s"][:, :, queue].ravel(), _handled(cut)[:, :, queue].ravel()
        there = ~np.isnan(wrap) & (handled > 0)
        count = handled[there].sum()
        return FittedNumber(float(wrap[there].sum() / count) if count > 0 else 0.0)

    def _by_time(self, cut: dict[str, Floats], talk: dict[str, TalkFit]) -> Floats:
        handled, work = _handled(cut), cut["talk_s"]
        means = np.nan_to_num(np.array([fit.mean.value for fit in talk.values()]))
        there = ~np.isnan(work) & (handled > 0)
        expected = (handled * means)[there]
        slots = np.broadcast_to(np.arange(work.shape[1])[None, :, None], work.shape)[there]
        hour = max(round(3600 / self.interval_s), 1)
        return by_time_of_day(work[there], expected, slots, work.shape[1], hour)

    def _presence(
        self, first: int, last: int, arrivals: ArrivalFit, talk: dict[str, TalkFit], wrap: dict[str, FittedNumber]
    ) -> Floats:
        dates, agents = self.dates[first:last], self.agents[:, first:last]
        odd = dates.isin([date for date, *_ in arrivals.unusual])
        if not np.isnan(agents).all() and math.isnan(self.occupancy):
            return usual_week(agents, dates, self.known[first:last].any(axis=1) & ~odd, arrivals.spans)
        return by_work(arrivals, agents_time(talk, wrap, self._chats(talk, wrap)), self.occupancy)

    def _waits_told(self, cut: dict[str, Floats]) -> bool:
        """Whether patience comes from the export's own waits."""
        some = np.nansum(cut["abandoned"]) > 0 and np.nansum(cut["wait_answered_s"]) > 0
        return bool(some and math.isnan(self.patience_s))

    def _notes(self, cut: dict[str, Floats]) -> tuple[str, ...]:
        notes = []
        told = self._waits_told(cut)
        if told:
            notes.append(
                "patience is (answered x mean wait + abandoned x time to abandon) / abandoned, which holds for "
                "exponential patience; time to abandon by itself is not patience, it is the patience of the impatient"
            )
        if told and np.isnan(cut["wait_abandoned_s"]).all():
            notes.append("time to abandon is not in the export: who gave up is taken to have waited like the answered")
        if np.isnan(cut["abandoned"]).all():
            notes.append("abandonment is not in the export: nobody gives up until customers.patience is set")
        if not self.has_agents and math.isnan(self.staff):
            notes.append("agents on the queue are not in the export: they are worked out from the work")
        if self.intervals.channel == "chat":
            notes.append(
                f"an export of intervals shows no chats side by side: up to {self.concurrency} at once as said, and "
                "how much slower a chat is beside others is the published default"
            )
        notes.append(
            "the spread of talk comes from how the means of intervals scatter, since single contacts are not in it"
        )
        return tuple(notes)


def interval_export_of(
    intervals: Intervals,
    import_log: ImportLog,
    staff: float = math.nan,
    occupancy: float = math.nan,
    keep_unusual: bool = False,
    patience_s: float = math.nan,
    concurrency: int = 0,
    at: float = math.nan,
) -> IntervalExport:
    """Lay an export out by date and interval, and find what is missing.

    Parameters
    ----------
    staff, occupancy : agents on the queue, or the share of their time that they handle contacts, where the export has
        no agents and the caller knows one of them.
    keep_unusual : keep days that are far from their weekday's usual volume.
    patience_s : mean patience, where the caller knows it.
    concurrency, at : of chats, the most that an agent has in hand, and the mean level of their times; nan for open.
    """
    table, step = intervals.table, intervals.interval_s
    queues = tuple(dict.fromkeys(table.groupby("queue")["offered"].sum().sort_values(ascending=False).index))
    midnight = table["time"].iloc[0].normalize()
    seconds = ((table["time"] - midnight) / pd.Timedelta(seconds=1)).to_numpy()
    day, slot = (seconds // DAY_S).astype(np.int64), (seconds % DAY_S // step).astype(np.int64)
    queue = table["queue"].map({name: number for number, name in enumerate(queues)}).to_numpy(np.int64)
    shape = (int(day.max()) + 1, round(DAY_S / step), len(queues))
    sums = {name: np.full(shape, np.nan) for name in SUMS}
    for name in SUMS:
        sums[name][day, slot, queue] = table[name].to_numpy()
    lines = np.zeros(shape[:2], np.int64)
    lines[day, slot] = table["line"].to_numpy()
    dates = pd.date_range(midnight, periods=shape[0])
    known = _known(np.nansum(sums["offered"], axis=2), lines, dates, step, import_log)
    sums["offered"] = np.nan_to_num(sums["offered"])
    if np.nansum(sums["abandoned"]) >= LEAST_UNTOLD and np.nansum(sums["wait_abandoned_s"]) == 0:
        sums["wait_abandoned_s"] = np.full(shape, np.nan)
    said = staff, occupancy, keep_unusual, patience_s, concurrency, at
    return IntervalExport(intervals, dates, queues, keys_of(queues), sums, known, *said)


def _known(counts: Floats, lines: Ints, dates: pd.DatetimeIndex, interval_s: float, import_log: ImportLog) -> Bools:
    """Where a count can be believed: not where no row, or a zero, stands in the place of many contacts."""
    there, weekday = np.asarray(lines > 0, np.bool_), np.asarray(dates.day_of_week)
    day_known: Bools = np.broadcast_to(np.any(there, axis=1, keepdims=True), counts.shape)
    spans = open_spans(Demand(dates, interval_s, ("all",), counts[:, :, None], day_known))
    usual = np.zeros_like(counts)
    for day_of_week in range(7):
        rows = counts[(weekday == day_of_week) & (counts.sum(axis=1) > 0)]
        if len(rows) and spans[day_of_week] is not None:
            usual[weekday == day_of_week] = np.median(rows, axis=0)
    closed = np.asarray(counts.sum(axis=1) == 0, np.bool_)
    missing = ~there & (usual >= MISSING_FROM) & ~closed[:, None]
    zero = np.asarray(there & (counts == 0) & (usual >= ZERO_FROM) & ~closed[:, None], np.bool_)
    _note_gaps(missing, zero, lines, dates, interval_s, import_log)
    _note_closed(np.logical_and(closed, usual.sum(axis=1) > 0), dates, import_log)
    return np.asarray(~missing & ~zero & ~closed[:, None])


def _note_gaps(
    missing: Bools,
    zero: Bools,
    lines: Ints,
    dates: pd.DatetimeIndex,
    interval_s: float,
    import_log: ImportLog,
) -> None:
    """Note the intervals that are taken as missing, with the line at or before the first."""
    if missing.any():
        day, slot = (int(index[0]) for index in np.nonzero(missing))
        before = int(lines[day, :slot].max(initial=0)) or int(lines[:day].max(initial=0)) or None
        first = _when(dates, day, slot, interval_s)
        words = f"{int(missing.sum())} intervals have no row where contacts are usual, the first {first}"
        import_log.note(f"{words}, after this line: left out of the fits, not taken as 0", before)
    if zero.any():
        day, slot = (int(index[0]) for index in np.nonzero(zero))
        first = _when(dates, day, slot, interval_s)
        words = f"{int(zero.sum())} intervals say 0 where many contacts are usual, the first {first}"
        import_log.note(f"{words}: taken as missing, not as 0", int(lines[day, slot]))


def _note_closed(closed: Bools, dates: pd.DatetimeIndex, import_log: ImportLog) -> None:
    if closed.any():
        dates_text = ", ".join(str(dates[int(day)].date()) for day in np.flatnonzero(closed)[:6])
        import_log.note(f"{int(closed.sum())} days without a contact, taken as closed or missing: {dates_text}")


def _when(dates: pd.DatetimeIndex, day: int, slot: int, interval_s: float) -> str:
    return str(dates[day] + pd.Timedelta(seconds=slot * interval_s))[:16]


def _over_queues(values: Floats) -> Floats:
    """Sums over queues; what no queue tells counts 0, and nan where the export has nothing of the kind."""
    return np.full(values.shape[:2], np.nan) if np.isnan(values).all() else np.asarray(np.nansum(values, axis=2))


def _filled(values: Floats, weekday: Ints) -> Floats:
    """Values with the mean of the same weekday and interval where there is none."""
    filled = values.copy()
    for day_of_week in range(7):
        rows = filled[weekday == day_of_week]
        there = ~np.isnan(rows)
        mean = np.where(there, rows, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
        filled[weekday == day_of_week] = np.where(there, rows, mean)
    return filled


def _part(cut: dict[str, Floats], top: str, bottom: str) -> float:
    """A ratio of sums over the rows that tell both; nan where none does."""
    there = ~np.isnan(cut[top]) & ~np.isnan(cut[bottom])
    return float(cut[top][there].sum() / max(cut[bottom][there].sum(), 1.0)) if there.any() else math.nan


def _handled(cut: dict[str, Floats]) -> Floats:
    """Contacts handled: the answered, or all offered where the export does not tell."""
    return np.asarray(np.nan_to_num(cut["offered"] if np.isnan(cut["answered"]).all() else cut["answered"]))


def _waits(cut: dict[str, Floats]) -> tuple[float, float]:
    """All waits (s) of the answered and of those who gave up, and how many those are, over the rows that tell both."""
    there = ~np.isnan(cut["wait_answered_s"]) & ~np.isnan(cut["abandoned"])
    lost, waited = float(cut["abandoned"][there].sum()), float(cut["wait_answered_s"][there].sum())
    asa = _part(cut, "wait_answered_s", "answered")
    gone = np.where(np.isnan(cut["wait_abandoned_s"]), np.nan_to_num(asa) * cut["abandoned"], cut["wait_abandoned_s"])
    return waited + float(gone[there].sum()), lost


def _patience(cut: dict[str, Floats]) -> PatienceFit:
    waited, lost = _waits(cut)
    if lost < 1 or waited <= 0:
        return PatienceFit(0, int(np.nansum(cut["abandoned"])))
    return PatienceFit(int(np.nansum(cut["offered"])), int(lost), exponential_mean(waited, lost), law="exponential")


def _seen(cut: dict[str, Floats]) -> ObservedLevels:
    waited, lost = _waits(cut)
    offered = float(np.nansum(cut["offered"]))
    abandonment, asa = _part(cut, "abandoned", "offered"), _part(cut, "wait_answered_s", "answered")
    there = ~np.isnan(cut["talk_s"])
    work = float((cut["talk_s"] + np.nan_to_num(cut["wrap_s"]))[there].sum())
    aht = work / max(float(_handled(cut)[there].sum()), 1.0)
    wait_all = waited / max(lost, 1.0) * abandonment if lost > 0 else asa
    return ObservedLevels(offered, abandonment, asa, wait_all, aht)
