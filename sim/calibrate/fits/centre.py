"""Everything that is fitted to a stretch of an export, of either kind; its intents and groups by name."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from sim.calibrate.fits.abandonment import PatienceFit, RedialFit
from sim.calibrate.fits.arrivals import ArrivalFit, Span
from sim.calibrate.fits.chats import ChatFit
from sim.calibrate.fits.estimate import Bools, FittedNumber, Floats, levels, own_weight
from sim.calibrate.fits.items import ItemFit
from sim.calibrate.fits.talk import TalkFit
from sim.calibrate.fits.wrap_up import WrapUpFit

LONGEST = 40
TAKEN = [
    "date",
    "time",
    "total",
    "contacts",
    "all",
    "off",
    "on",
    "yes",
    "no",
    "true",
    "false",
    "null",
    "none",
    "infinite",
]


def keys_of(labels: Iterable[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """Short names in small letters, none twice, and none that means something else in a scenario or its tables.

    Parameters
    ----------
    labels : as the export has them.
    taken : further names that may not be used.
    """
    keys: list[str] = []
    used = {*TAKEN, *taken}
    for number, label in enumerate(labels, 1):
        plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].strip("_") or f"queue_{number}"
        name = name if name[0].isalpha() and name not in used else f"q_{name}"
        while name in keys or name in used:
            name += "_2"
        keys.append(name)
    return tuple(keys)


@dataclass(frozen=True)
class ObservedLevels:
    """The figures of a stretch, as its own report would print them; nan where the export does not tell.

    Attributes
    ----------
    offered, abandonment, asa_s, wait_all_s, aht_s : as the measures of the same names.
    """

    offered: float
    abandonment: float
    asa_s: float
    wait_all_s: float
    aht_s: float


@dataclass(frozen=True)
class IntentsAndGroups:
    """What contacts are about, and who takes them.

    Attributes
    ----------
    intents, about : names, and what the export calls them.
    head_start_s, skill : of each intent.
    groups : of agents; takes (groups, intents) which takes which.
    """

    intents: tuple[str, ...]
    about: tuple[str, ...]
    head_start_s: tuple[float, ...]
    skill: tuple[str, ...]
    groups: tuple[str, ...]
    takes: Bools

    @property
    def pools(self) -> list[tuple[Bools, Bools]]:
        """Parts of the centre that share no agent: which intents, and which groups, are in each."""
        pools, left = [], np.ones(len(self.intents), bool)
        while left.any():
            intents = np.zeros(len(self.intents), bool)
            intents[np.argmax(left)] = True
            while True:
                groups = np.asarray(self.takes[:, intents].any(axis=1))
                wider = np.asarray(self.takes[groups].any(axis=0)) | intents
                if (wider == intents).all():
                    break
                intents = wider
            pools.append((intents, groups))
            left &= ~intents
        return pools


@dataclass(frozen=True)
class FittedCentre:
    """What is fitted to a stretch.

    Attributes
    ----------
    arrivals : of needs, where redials are fitted; else of all contacts.
    talk, wrap_up_s, patience : by intent; intents where few gave up share the patience of all of them together.
    talk_by_time : (intervals of a day,) multiplies talk.
    presence : (groups, 7, intervals of a day) mean agents on the queue by weekday; nan where the export does not tell.
    notes : what the fits rest on, where that is doubtful.
    staff_given : whether the caller said how many agents there are.
    staff_seen : whether the export shows agents.
    week : what was seen by weekday and interval.
    wrap_up_fit : of wrap-up that is inferred from gaps; None, or unknown, where it is not.
    gone_untold : whether those who gave up are taken to have waited like the answered, as nothing tells their wait.
    chats, items : what makes chats, or deferred work, of contacts; None for other channels.
    """

    who: IntentsAndGroups
    arrivals: ArrivalFit
    talk: dict[str, TalkFit]
    talk_by_time: Floats
    wrap_up_s: dict[str, FittedNumber]
    patience: dict[str, PatienceFit]
    redial: RedialFit | None
    presence: Floats
    seen: ObservedLevels
    notes: tuple[str, ...] = ()
    staff_given: bool = False
    staff_seen: bool = True
    week: ObservedWeek | None = None
    wrap_up_fit: WrapUpFit | None = None
    gone_untold: bool = False
    chats: ChatFit | None = None
    items: ItemFit | None = None

    @property
    def patience_open(self) -> bool:
        """Whether contacts gave up, and nothing tells how long they were ready to wait."""
        return self.seen.abandonment > 0 and all(fit.law == "unknown" for fit in self.patience.values())

    @property
    def closes(self) -> bool:
        """Whether the staffing is open, and the stretch has a figure to choose it by."""
        figures = self.items is not None or self.seen.abandonment > 0 or self.seen.asa_s > 0
        return figures and not self.staff_given and not self.patience_open

    @property
    def weeks(self) -> float:
        """Weeks that the fits rest on."""
        counts = [count for count, span in zip(self.arrivals.weeks, self.arrivals.spans, strict=True) if span]
        return float(np.mean(counts)) if counts else 0.0

    @property
    def handled_s(self) -> Floats:
        """The agent's time that a contact costs, (intents,)."""
        return agents_time(self.talk, self.wrap_up_s, self.chats)

    @property
    def places(self) -> int:
        """Contacts that an agent has in hand at once, at most."""
        return 1 if self.chats is None else self.chats.cap

    @property
    def mean_patience_s(self) -> float:
        """All waits over all who gave up: the exponential patience of the whole centre."""
        fits = {id(fit): fit for fit in self.patience.values() if fit.gave_up > 1}.values()
        lost = sum(fit.gave_up for fit in fits)
        return sum(fit.exponential_mean.value * fit.gave_up for fit in fits) / lost if lost else float("inf")

    @property
    def balk(self) -> float:
        """The share of those who would have to wait that leaves at once."""
        fits = {id(fit): fit for fit in self.patience.values()}.values()
        waited = sum(fit.waited for fit in fits)
        return sum(fit.balk.value * fit.waited for fit in fits) / waited if waited else 0.0


@dataclass(frozen=True)
class ObservedCounts:
    """What was observed, by date and interval, (days, intervals of a day) each.

    Attributes
    ----------
    offered, abandoned, answered : contacts.
    waited_s : waits of all of them, added up.
    within : answered within the service level's time; nan where the export does not tell.
    known : where the export says anything.
    handled_s : talk of the answered, added up; 0 where the export does not tell.
    """

    dates: pd.DatetimeIndex
    offered: Floats
    abandoned: Floats
    answered: Floats
    waited_s: Floats
    within: Floats
    known: Bools
    handled_s: Floats


@dataclass(frozen=True)
class ObservedWeek:
    """What was observed in a stretch by weekday and interval, (7, intervals of a day) each, added up over its dates.

    Attributes
    ----------
    offered, abandoned : contacts.
    waited_s : waits of all of them.
    """

    offered: Floats
    abandoned: Floats
    waited_s: Floats


def observed_week(counts: ObservedCounts, first: int, last: int) -> ObservedWeek:
    """Add up what was observed from one day to before another, both counted from the first; what is not told is 0."""
    weekday = np.asarray(counts.dates.day_of_week)[first:last]
    known = counts.known[first:last]

    def by_weekday(values: Floats) -> Floats:
        there = np.where(known, np.nan_to_num(values[first:last]), 0.0)
        return np.stack([there[weekday == day].sum(axis=0) for day in range(7)])

    return ObservedWeek(by_weekday(counts.offered), by_weekday(counts.abandoned), by_weekday(counts.waited_s))


class ReadExport(Protocol):
    """An export that was read, of which any stretch can be fitted."""

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Consecutive dates, from the first to the last of the export."""

    @property
    def interval_s(self) -> float:
        """Length of an interval."""

    @property
    def agents(self) -> Floats:
        """Mean agents on the queue, (groups, days, intervals); nan where the export does not tell."""

    def fit(self, first: int, last: int) -> FittedCentre:
        """Fit the days from one to before another, both counted from the first date."""

    def observed_counts(self, within_s: float) -> ObservedCounts:
        """What was observed."""

    def contacts(self, first: int, last: int) -> Floats:
        """Contacts from one day to before another, (days, intervals, intents)."""


def agents_time(talk: dict[str, TalkFit], wrap_up_s: dict[str, FittedNumber], chats: ChatFit | None) -> Floats:
    """The agent's time that a contact costs (s), (intents,); of chats, with as many in hand as there may be."""
    whole = [fit.mean.value + wrap_up_s[name].value for name, fit in talk.items()]
    return np.asarray((1.0 if chats is None else chats.share) * np.nan_to_num(whole))


GUESSED_OCCUPANCY = 0.85


def by_work(arrivals: ArrivalFit, aht_s: Floats, occupancy: float) -> Floats:
    """Agents who handle what is expected at an occupancy, (1, 7, intervals); at 85 % where it is not known.

    Parameters
    ----------
    aht_s : (intents,).
    occupancy : share of their time that agents handle contacts, or nan.
    """
    load = np.nan_to_num(arrivals.expected @ np.nan_to_num(aht_s)) / arrivals.interval_s
    return np.asarray(load / (GUESSED_OCCUPANCY if math.isnan(occupancy) else occupancy))[None]


def usual_week(agents: Floats, dates: pd.DatetimeIndex, use: Bools, spans: tuple[Span | None, ...]) -> Floats:
    """Mean agents of each weekday, (groups, 7, intervals), weekdays with the same hours moved towards each other.

    Parameters
    ----------
    agents : (groups, days, intervals).
    use : (days,) those that count.
    spans : opening hours by weekday.
    """
    weekday = np.asarray(dates.day_of_week)
    days = [agents[:, use & (weekday == day_of_week)] for day_of_week in range(7)]
    mean = np.stack(
        [rows.mean(axis=1) if rows.shape[1] else np.zeros((len(agents), agents.shape[2])) for rows in days], axis=1
    )
    week = mean.copy()
    for span in {span for span in spans if span is not None}:
        alike = [
            day_of_week
            for day_of_week in range(7)
            if spans[day_of_week] == span and days[day_of_week].shape[1] > 1 and mean[:, day_of_week].sum() > 0
        ]
        if len(alike) > 1:
            week[:, alike] = _moved([days[day_of_week] for day_of_week in alike], mean[:, alike])
    return week


def _moved(days: list[Floats], mean: Floats) -> Floats:
    """Means of alike weekdays, (groups, weekdays, intervals), level and profile moved towards what is common."""
    count = np.array([rows.shape[1] for rows in days], np.float64)
    totals = mean.sum(axis=(0, 2))
    by_day = [rows.sum(axis=(0, 2)) for rows in days]
    spread = float(np.mean([np.var(rows, ddof=1) / np.mean(rows) ** 2 for rows in by_day]))
    profile = mean.sum(axis=0) / totals[:, None]
    common = profile.mean(axis=0)
    shares = [rows.sum(axis=0) / np.maximum(rows.sum(axis=(0, 2)), 1e-9)[:, None] for rows in days]
    scatter = np.mean([s.var(axis=0, ddof=1) for s in shares], axis=0) / np.maximum(common, 1e-9) ** 2
    weight = own_weight(profile, common, np.broadcast_to(scatter, profile.shape) / count[:, None])
    every = mean / totals[None, :, None]
    part = weight * every + (1.0 - weight) * every.mean(axis=1, keepdims=True)
    level = levels(totals, spread / count)
    return np.asarray(level[None, :, None] * part / part.sum(axis=(0, 2))[None, :, None])
