"""A log of contacts as a source of fits: its types become intents, the rare ones together."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sim.calibrate.fits.abandonment import SURE, PatienceFit, RedialFit, fit_patience, fit_redial, said_patience
from sim.calibrate.fits.agents import LONGEST_WRAP_UP_S, Served, Skills, attendance_of, presence, skills_of
from sim.calibrate.fits.arrivals import ArrivalFit, Demand, demand_of, fit_arrivals
from sim.calibrate.fits.centre import (
    FittedCentre,
    IntentsAndGroups,
    ObservedCounts,
    ObservedLevels,
    agents_time,
    by_work,
    observed_week,
    usual_week,
)
from sim.calibrate.fits.chat_log import ChatLog, chat_log_of
from sim.calibrate.fits.estimate import FittedNumber, Floats, Ints, around
from sim.calibrate.fits.intents import Intents, intents_of
from sim.calibrate.fits.talk import TalkFit, by_time_of_day, fit_talk
from sim.calibrate.fits.wrap_up import Handled, WrapUpFit, fit_wrap_up, observed_wrap_ups
from sim.calibrate.reading.calls import ReadContacts
from sim.schema.values import DAY_S

FEW_GAVE_UP = 60
STAY = 1.0
"""How long an agent is taken to stay on the queue whom nothing proves away: all of it; the closing step corrects it."""
ALL = ("all",)


@dataclass(frozen=True)
class ContactLog:
    """A log of contacts, and what the whole of it says of intents and agents: the same for every stretch.

    Attributes
    ----------
    midnight : the first date; seconds count from it.
    joined_s : (contacts,) when each joined the queue.
    redials : whether redials are taken out of the arrivals, where customers are known.
    keep_unusual : whether days that are far from their weekday's usual volume are kept.
    staff, occupancy, patience_s, wrap_up_s : what the caller knows; nan where the log is to tell.
    concurrency, at : of chats, what the caller knows of the cap (0 for that of the log) and of the mean level (nan).
    wait_notes : what was made of waits that the log does not have.
    """

    calls: ReadContacts
    intents: Intents
    midnight: pd.Timestamp
    joined_s: Floats
    redials: bool = True
    keep_unusual: bool = False
    staff: float = math.nan
    occupancy: float = math.nan
    patience_s: float = math.nan
    wrap_up_s: float = math.nan
    wait_notes: tuple[str, ...] = ()
    concurrency: int = 0
    at: float = math.nan

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Consecutive dates, from the first to the last of the log."""
        return pd.date_range(self.midnight, self.calls.table["time"].iloc[-1].normalize())

    @property
    def interval_s(self) -> float:
        """Length of an interval."""
        return self.calls.interval_s

    @cached_property
    def served(self) -> Served:
        """Contacts as the floor sees them."""
        table = self.calls.table
        answered = table["answered"].to_numpy()
        left = self.joined_s + table["wait_s"].to_numpy()
        waited = table["delayed"].to_numpy() & (left > self.joined_s)
        work = np.nan_to_num(table["talk_s"].to_numpy()) + np.nan_to_num(table["wrap_s"].to_numpy())
        agent = table["agent"].to_numpy(np.int64)[answered]
        codes = self.intents.codes
        start, end = left[answered], (left + work)[answered]
        return Served(start, end, agent, codes[answered], self.joined_s[waited], left[waited], codes[waited])

    @cached_property
    def skills(self) -> Skills:
        """Which agents take which contacts; all of them, where the log does not tell or the caller gave a number."""
        served = self.served
        seen = (served.agent >= 0) & math.isnan(self.staff) & math.isnan(self.occupancy)
        work = (served.end - served.start)[seen]
        return skills_of(served.agent[seen], served.intent[seen], work, self.intents.names)

    @cached_property
    def agents(self) -> Floats:
        """Mean agents on the queue, (groups, days, intervals); nan where it names none, or they follow the work."""
        days, slots = len(self.dates), round(DAY_S / self.interval_s)
        if not math.isnan(self.staff):
            return np.full((1, days, slots), self.staff)
        if not (self.served.agent >= 0).any() or not math.isnan(self.occupancy):
            return np.full((1, days, slots), np.nan)
        edges = self.interval_s * np.arange(days * slots + 1, dtype=np.float64)
        attendance = attendance_of(self.served, self.skills, self._longest_wrap_up_s)
        mean_agents = presence(attendance, STAY, len(self.skills.groups), edges)
        return mean_agents.reshape(-1, days, slots)

    @cached_property
    def chats(self) -> ChatLog | None:
        """What the log says of its chats; None where its contacts are calls."""
        if self.calls.channel != "chat":
            return None
        table, intents = self.calls.table, self.intents
        left = self.joined_s + table["wait_s"].to_numpy()
        said = self.concurrency, self.at, self.wrap_up_s
        return chat_log_of(table, left, intents.codes, intents.names, self.skills, said)

    @property
    def own_talk_s(self) -> Floats:
        """Talk of each contact, (contacts,); of chats, that of the chat alone."""
        return self.calls.table["talk_s"].to_numpy() if self.chats is None else self.chats.talk_s

    @cached_property
    def wrap_up(self) -> FittedNumber:
        """Mean wrap-up (s): as said, else as recorded, else as the gaps of agents tell; 0 where nothing tells."""
        if self._recorded.size:
            error = float(self._recorded.std() / len(self._recorded) ** 0.5)
            return around(float(self._recorded.mean()), error, 0.0)
        if not math.isnan(self.wrap_up_s):
            return FittedNumber(self.wrap_up_s)
        return self.wrap_up_fit.mean if self.wrap_up_fit.known else FittedNumber(0.0)

    @cached_property
    def _recorded(self) -> Floats:
        """Wrap-ups as the log has them (s); of chats, those of the chat alone."""
        wrap = self.calls.table["wrap_s"].to_numpy(np.float64) if self.chats is None else self.chats.wrap_s
        return wrap[~np.isnan(wrap)]

    @cached_property
    def wrap_up_fit(self) -> WrapUpFit:
        """Wrap-up as the gaps of agents tell it; nothing where it is recorded or said, and nothing of chats."""
        if self._recorded.size or not math.isnan(self.wrap_up_s) or self.chats is not None:
            return WrapUpFit(FittedNumber(math.nan))
        table, skills = self.calls.table, self.skills
        answered = table["answered"].to_numpy()
        left = self.joined_s + table["wait_s"].to_numpy()
        end = np.where(answered, left + table["talk_s"].to_numpy(), np.nan)
        agent = np.where(answered, table["agent"].to_numpy(np.int64), -1)
        member = np.resize(skills.member, max(int(agent.max(initial=-1)) + 1, len(skills.member)))
        handled = Handled(self.joined_s, left, answered, end, agent, self.intents.codes)
        return fit_wrap_up(observed_wrap_ups(handled, member, skills.takes))

    @property
    def _longest_wrap_up_s(self) -> float:
        """A gap up to this long is no time away."""
        longest = self.wrap_up_fit.longest_s
        return LONGEST_WRAP_UP_S if math.isnan(longest) else max(longest, LONGEST_WRAP_UP_S)

    def fit(self, first: int, last: int) -> FittedCentre:
        """Fit the days from one to before another, both counted from the first date."""
        low, high = np.searchsorted(self.joined_s, (first * DAY_S, last * DAY_S))
        table, codes = self.calls.table.iloc[low:high], self.intents.codes[low:high]
        redial = fit_redial(table) if self.redials else None
        redial = redial if redial is not None and redial.probability.low > SURE else None
        arrivals = fit_arrivals(self._demand(table, codes, redial), self.keep_unusual)
        talk, by_time = self._talk(table, codes, self.own_talk_s[low:high])
        wrap_up = self.wrap_up
        return FittedCentre(
            self._who(),
            arrivals,
            talk,
            by_time,
            dict.fromkeys(self.intents.names, wrap_up),
            self._patience(table, codes),
            redial,
            self._presence(first, last, arrivals, table, talk),
            _seen(table, wrap_up.value if self.chats is None else self._elapsed_wrap_s),
            self._notes(redial),
            not (math.isnan(self.staff) and math.isnan(self.occupancy)),
            bool((self.served.agent >= 0).any()),
            observed_week(self._counts, first, last),
            self.wrap_up_fit,
            chats=None if self.chats is None else self.chats.fit,
        )

    @property
    def _elapsed_wrap_s(self) -> float:
        """Mean wrap-up as a switch times it; 0 where nothing tells."""
        wrap = self.calls.table["wrap_s"].mean()
        return float(np.nan_to_num(wrap if not math.isnan(wrap) else self.wrap_up_s))

    @cached_property
    def _counts(self) -> ObservedCounts:
        return self.observed_counts(0.0)

    def observed_counts(self, within_s: float) -> ObservedCounts:
        """What was observed, by date and interval."""
        table = self.calls.table
        answered, wait = table["answered"].to_numpy(), table["wait_s"].to_numpy()
        talk = np.where(answered, np.nan_to_num(self.own_talk_s), 0.0)
        weights = (np.ones(len(table)), ~answered, answered, wait, answered & (wait <= within_s), talk)
        zeros = np.zeros(len(table), np.int64)
        demands = [
            demand_of(table["time"].to_numpy(), zeros, ALL, self.interval_s, weight.astype(float)) for weight in weights
        ]
        offered, abandoned, taken, waited, within, handled = (demand.totals for demand in demands)
        return ObservedCounts(self.dates, offered, abandoned, taken, waited, within, demands[0].known, handled)

    def contacts(self, first: int, last: int) -> Floats:
        """Contacts from one day to before another, (days, intervals, intents); redials are among them."""
        return self._by_intent.counts[first:last]

    @cached_property
    def _by_intent(self) -> Demand:
        return self._demand(self.calls.table, self.intents.codes, None)

    def _who(self) -> IntentsAndGroups:
        skills, intents = self.skills, self.intents
        return IntentsAndGroups(
            intents.names, intents.about, intents.head_start_s, skills.skill, skills.groups, skills.takes
        )

    def _demand(self, table: pd.DataFrame, codes: Ints, redial: RedialFit | None) -> Demand:
        """Contacts by date, interval and intent; of redials only the part that they are not."""
        names = self.intents.names
        weights = None if redial is None else 1.0 - _redialled(redial, codes, len(names))
        return demand_of(table["time"].to_numpy(), codes, names, self.interval_s, weights)

    def _talk(self, table: pd.DataFrame, codes: Ints, talk: Floats) -> tuple[dict[str, TalkFit], Floats]:
        there = ~np.isnan(talk)
        fits = {name: fit_talk(talk[there & (codes == number)]) for number, name in enumerate(self.intents.names)}
        means = np.nan_to_num(np.array([fit.mean.value for fit in fits.values()]))
        step = self.interval_s
        clock = (table["time"] - table["time"].dt.normalize()).dt.total_seconds().to_numpy()
        slots, hour = (clock // step).astype(np.int64)[there], max(round(3600 / step), 1)
        return fits, by_time_of_day(talk[there], means[codes[there]], slots, round(DAY_S / step), hour)

    def _patience(self, table: pd.DataFrame, codes: Ints) -> dict[str, PatienceFit]:
        delayed = table["delayed"].to_numpy()
        waits, lost = table["wait_s"].to_numpy(), ~table["answered"].to_numpy()
        if not math.isnan(self.patience_s):
            said = said_patience(self.patience_s, int(delayed.sum()), int(lost.sum()))
            return dict.fromkeys(self.intents.names, said)
        count = np.bincount(codes[lost], minlength=len(self.intents.names))
        few = np.isin(codes, np.flatnonzero(count < FEW_GAVE_UP))
        if count[count < FEW_GAVE_UP].sum() < FEW_GAVE_UP:
            few = np.ones(len(codes), bool)
        common = fit_patience(waits[delayed & few], lost[delayed & few])
        own = {int(number): delayed & (codes == number) for number in np.flatnonzero(count >= FEW_GAVE_UP)}
        names = enumerate(self.intents.names)
        return {
            name: fit_patience(waits[own[number]], lost[own[number]]) if number in own else common
            for number, name in names
        }

    def _presence(
        self, first: int, last: int, arrivals: ArrivalFit, table: pd.DataFrame, talk: dict[str, TalkFit]
    ) -> Floats:
        dates, agents = self.dates[first:last], self.agents[:, first:last]
        if np.isnan(agents).all() or not math.isnan(self.occupancy):
            wrap_up = dict.fromkeys(self.intents.names, self.wrap_up)
            chats = None if self.chats is None else self.chats.fit
            return by_work(arrivals, agents_time(talk, wrap_up, chats), self.occupancy)
        busy = dates.isin(table["time"].dt.normalize().unique())
        odd = dates.isin([date for date, *_ in arrivals.unusual])
        return usual_week(agents, dates, busy & ~odd, arrivals.spans)

    def _notes(self, redial: RedialFit | None) -> tuple[str, ...]:
        notes = [*self._wrap_up_notes(), *self.wait_notes, *(() if self.chats is None else self.chats.notes)]
        if math.isnan(self.staff) and math.isnan(self.occupancy):
            seen = (self.served.agent >= 0).any()
            how = (
                "inferred from those seen serving, not from a roster"
                if seen
                else "worked out from the work: none is named"
            )
            notes.append(f"agents on the queue are {how}")
        if redial is not None and redial.known < 1:
            notes.append(f"redials rest on the {redial.known:.0%} of contacts whose customer is known")
        return tuple(notes)

    def _wrap_up_notes(self) -> list[str]:
        """What inferred wrap-up rests on, or that nothing tells it."""
        if self._recorded.size or not math.isnan(self.wrap_up_s):
            return []
        if self.chats is not None:
            return ["wrap-up of chats is not in the log: taken as none; say --wrap-up TIME, as the switch times it"]
        fit, ask = self.wrap_up_fit, "say --wrap-up TIME if the times of service do not have it in them"
        if not fit.known:
            return [
                f"wrap-up is not in the log and cannot be known from it: {fit.ends} times an agent went on while "
                f"somebody waited. It is taken as none; {ask}"
            ]
        away = f"; in {fit.away:.0%} of the gaps the agent is taken to be away" if fit.away >= 0.005 else ""
        return [
            f"wrap-up is not in the log: {fit.mean.value:.0f} s ({fit.mean.low:.0f} to {fit.mean.high:.0f}) is what "
            f"keeps agents from the next contact while somebody waits, whatever it is. {fit.ends:,} were seen to end; "
            f"those that went on when the queue emptied count as longer than that{away}. If you know it better, "
            "say --wrap-up TIME"
        ]


def contact_log_of(
    calls: ReadContacts,
    redials: bool = True,
    keep_unusual: bool = False,
    staff: float = math.nan,
    occupancy: float = math.nan,
    patience_s: float = math.nan,
    wrap_up_s: float = math.nan,
    concurrency: int = 0,
    at: float = math.nan,
) -> ContactLog:
    """Make a log ready to be fitted; what the caller knows as for `interval_export_of`, and mean wrap-up (s)."""
    calls, wait_notes = _with_waits(calls)
    times = calls.table["time"]
    midnight = times.iloc[0].normalize()
    joined = ((times - midnight) / pd.Timedelta(seconds=1)).to_numpy()
    said = (staff, occupancy, patience_s, wrap_up_s)
    beside = wait_notes, concurrency, at
    return ContactLog(calls, intents_of(calls), midnight, joined, redials, keep_unusual, *said, *beside)


LEAST_UNTOLD = 5


def _with_waits(calls: ReadContacts) -> tuple[ReadContacts, tuple[str, ...]]:
    """The log with a wait for everybody who gave up, and what is to be said of it.

    Where the log has none, or 0 s for each of them, they are taken to have waited like the answered who had to wait: a
    log that has the speed of answer alone says nothing of those who gave up.
    """
    table = calls.table
    lost, waits = ~table["answered"].to_numpy(), table["wait_s"].to_numpy(np.float64)
    untold = lost & np.isnan(waits)
    if lost.sum() >= LEAST_UNTOLD and not np.nan_to_num(waits[lost]).any():
        untold = lost
    if not untold.any():
        return calls, ()
    queued = waits[~lost & (waits > 0)]
    usual = float(queued.mean()) if queued.size else 0.0
    filled = table.assign(wait_s=np.where(untold, usual, waits))
    words = (
        f"{int(untold.sum()):,} of {int(lost.sum()):,} who gave up have no wait: taken to have waited like the "
        f"answered who had to wait, {usual:.0f} s on average. Patience rests on it"
    )
    return replace(calls, table=filled), (words,)


def _redialled(redial: RedialFit, codes: Ints, intents: int) -> Floats:
    """How likely each contact is a redial; of unknown customers as of the known ones of their intent."""
    known = ~np.isnan(redial.again)
    sums, sizes = (
        np.bincount(codes[known], weights, intents) for weights in (redial.again[known], np.ones(known.sum()))
    )
    return np.where(known, np.nan_to_num(redial.again), (sums / np.maximum(sizes, 1.0))[codes])


def _seen(table: pd.DataFrame, wrap_up: float) -> ObservedLevels:
    answered = table["answered"].to_numpy()
    wait = table["wait_s"].to_numpy()
    talk = table["talk_s"].mean()
    asa = float(wait[answered].mean()) if answered.any() else np.nan
    return ObservedLevels(len(table), float((~answered).mean()), asa, float(wait.mean()), float(talk) + wrap_up)
