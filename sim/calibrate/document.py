"""Fitted numbers to a scenario: plain data that `sim.loads` reads, in which tables stand as they do in a manifest."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.fits.abandonment import PatienceFit
from sim.calibrate.fits.agents import whole_agents
from sim.calibrate.fits.arrivals import Span
from sim.calibrate.fits.centre import FittedCentre
from sim.calibrate.fits.chats import ChatFit
from sim.calibrate.fits.estimate import Floats
from sim.calibrate.fits.items import ItemFit
from sim.calibrate.fits.talk import TalkFit, weibull_shape
from sim.mechanisms.chat import Chat, elapsed_factor
from sim.schema.calendar import WEEKDAYS
from sim.schema.values import duration_text, time_text

FLAT = 0.005
Whole = Mapping[dt.date, npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Period:
    """The days that a scenario is about.

    Attributes
    ----------
    dates : consecutive.
    spans : opening intervals (first, last) by weekday, Monday first; None where it is closed.
    interval_s : length of an interval.
    kinds : the weekday as which a date counts, Monday 0, where that is another one than its own.
    busier : how many times the usual contacts of that weekday a date is expected to have; 1 where it is left out.
    """

    dates: pd.DatetimeIndex
    spans: tuple[Span | None, ...]
    interval_s: float
    kinds: Mapping[dt.date, int] = field(default_factory=dict)
    busier: Mapping[dt.date, float] = field(default_factory=dict)

    def kind(self, date: pd.Timestamp) -> int:
        """The weekday as which a date counts."""
        return self.kinds.get(date.date(), date.day_of_week)

    @property
    def open_dates(self) -> list[tuple[pd.Timestamp, Span]]:
        """The dates on which the centre is open, and when."""
        pairs = ((date, self.spans[date.day_of_week]) for date in self.dates)
        return [(date, span) for date, span in pairs if span is not None]

    @property
    def calendar(self) -> dict[str, Any]:
        """The section of a scenario."""
        hours = {name: self._hours(span) for name, span in zip(WEEKDAYS, self.spans, strict=True)}
        return {
            "start": self.dates[0].date().isoformat(),
            "days": len(self.dates),
            "hours": hours,
            "interval": f"{round(self.interval_s / 60)}m",
            "at_close": "drain",
        }

    def _hours(self, span: Span | None) -> str:
        return "closed" if span is None else "-".join(time_text(edge * self.interval_s) for edge in span)


@dataclass(frozen=True)
class DocumentOptions:
    """What the fits leave open.

    Attributes
    ----------
    staff_factor : agents on the queue, times the mean seen.
    plain_patience : take exponential patience whatever the shape.
    busyness_cv : spread of days; None for that of the fit.
    heads : whole agents, (groups, 7, intervals), of a small centre; None where a factor is enough.
    patience_s : mean patience where the export does not tell it; nan where it does.
    patience_factor : times the patience fitted, where the export does not tell how long those waited who gave up.
    at : chats in hand at which the elapsed time of chats is taken to be measured; nan where the fits say it.
    """

    staff_factor: float = 1.0
    plain_patience: bool = False
    busyness_cv: float | None = None
    heads: Floats | None = field(default=None, compare=False)
    patience_s: float = math.nan
    patience_factor: float = 1.0
    at: float = math.nan


def rounded(value: float, digits: int = 4) -> float:
    """A number with so many figures."""
    return float(f"{value:.{digits}g}")


def seconds_text(value: float) -> str:
    """A duration as a file writes it."""
    return f"{rounded(value):g}s"


def period_of(fits: FittedCentre, dates: pd.DatetimeIndex) -> Period:
    """Some dates with the opening hours that were fitted."""
    return Period(dates, fits.arrivals.spans, fits.arrivals.interval_s)


def document_of(name: str, fits: FittedCentre, period: Period, staff: Whole, choice: DocumentOptions) -> dict[str, Any]:
    """The scenario of a period."""
    profile = _profile(fits.talk_by_time, period)
    return {
        "schema_version": 1,
        "name": name,
        "calendar": period.calendar,
        "arrivals": _arrivals(fits, period, choice),
        "intents": {intent: _intent(fits, number, profile, choice) for number, intent in enumerate(fits.who.intents)},
        "customers": _customers(fits),
        "agents": _agents(fits, staff),
    }


def staff_of(fits: FittedCentre, period: Period, choice: DocumentOptions, presence: Floats | None = None) -> Whole:
    """Whole agents by open date, (groups, opening intervals) each.

    Parameters
    ----------
    choice : whole heads, or a factor by which the mean seen is taken.
    presence : (groups, days, intervals) of these dates; those of the weekday when left out.
    """
    usual = fits.presence if choice.heads is None else choice.heads / choice.staff_factor
    staff = {}
    for date, (first, last) in period.open_dates:
        day = usual[:, period.kind(date)] if presence is None else presence[:, (date - period.dates[0]).days]
        staff[date.date()] = whole_agents(choice.staff_factor * day[:, first:last], fits.who.takes)
    return staff


def _arrivals(fits: FittedCentre, period: Period, choice: DocumentOptions) -> dict[str, Any]:
    fit, counts = fits.arrivals, {}
    for date, (first, last) in period.open_dates:
        cells = fit.expected[period.kind(date), first:last] * period.busier.get(date.date(), 1.0)
        columns = {
            name: [rounded(float(contacts)) for contacts in cells[:, number]] for number, name in enumerate(fit.intents)
        }
        counts[date.date().isoformat()] = columns
    cv = fit.busyness_cv.value if choice.busyness_cv is None else choice.busyness_cv
    return {
        "file": {"path": "arrivals.csv", "counts": counts},
        "process": "poisson",
        "busyness_cv": rounded(cv, 3),
        "interval_cv": rounded(fit.interval_cv.value, 3),
    }


def _intent(fits: FittedCentre, number: int, profile: Any, choice: DocumentOptions) -> dict[str, Any]:
    name, head_start = fits.who.intents[number], fits.who.head_start_s[number]
    length = _length(fits, name, profile) if fits.chats is None else _chat(fits.chats, fits, name, profile)
    deferred = {} if fits.items is None else _deferred(fits.items, name)
    section: dict[str, Any] = {"skill": fits.who.skill[number], **deferred, **length}
    if fits.patience[name].law != "unknown":
        section["patience"] = _patience(fits.patience[name], choice.plain_patience)
    return section | ({"head_start": seconds_text(head_start)} if head_start else {})


def _length(fits: FittedCentre, name: str, profile: Any) -> dict[str, Any]:
    """How long a contact takes."""
    return {"talk_time": _talk(fits.talk[name], profile), "wrap_up": _wrap_up(fits, fits.wrap_up_s[name].value)}


def _deferred(items: ItemFit, name: str) -> dict[str, Any]:
    """What makes deferred work of an intent: when it is due, and what is there on the first morning."""
    section: dict[str, Any] = {"channel": "deferred"}
    if not math.isnan(items.due_s):
        section["due"] = _minutes(items.due_s)
    if items.backlog[name]:
        section["opening_backlog"] = {"count": items.backlog[name], "age": _minutes(items.age_s[name])}
    return section | ({"clock": items.clock} if len(section) > 1 else {})


def _minutes(seconds: float) -> str:
    """A long duration in whole minutes."""
    return duration_text(60.0 * round(seconds / 60.0))


def _chat(chats: ChatFit, fits: FittedCentre, name: str, profile: Any) -> dict[str, Any]:
    """How long a chat takes: alone; or, where its length beside others is all that is known, that and the level."""
    talk, wrap_up = fits.talk[name], fits.wrap_up_s[name].value
    turns = _law(chats.law, talk.mean.value + wrap_up)
    if math.isnan(chats.at):
        return {"channel": "chat", "chat": turns, **_length(fits, name, profile)}
    opened = _talk(replace(talk, mean=talk.mean.plus(wrap_up)), profile)
    wrap_text = _wrap_up(fits, wrap_up / elapsed_factor(chats.law, chats.at))
    return {"channel": "chat", "chat": turns | {"elapsed": opened, "at": rounded(chats.at, 3)}, "wrap_up": wrap_text}


def _law(law: Chat, alone_s: float) -> dict[str, Any]:
    """How much slower a chat is beside others: two turns, or a time for each number of chats in hand."""
    if law.times is not None:
        return {"times": [seconds_text(alone_s * seconds / law.times[0]) for seconds in law.times]}
    return {"agent_turn": seconds_text(law.agent_turn), "customer_turn": seconds_text(law.customer_turn)}


def _talk(fit: TalkFit, profile: Any) -> dict[str, Any]:
    """The law with the sample's mean and spread."""
    law = {"distribution": fit.law, "mean": seconds_text(max(fit.mean.value, 1.0))}
    return law | _shape(fit.law, fit.cv.value) | ({"profile": profile} if profile is not None else {})


def _shape(law: str, cv: float) -> dict[str, float]:
    """How a law is told its spread."""
    cv = max(cv, 0.01)
    return {"shape": rounded(weibull_shape(cv), 3)} if law == "weibull" else {"cv": rounded(cv, 3)}


def _wrap_up(fits: FittedCentre, mean_s: float) -> Any:
    """The mean; with its law and spread where it is inferred from the gaps of agents."""
    if (inferred := fits.wrap_up_fit) is None or not inferred.known:
        return seconds_text(mean_s)
    return {"distribution": inferred.law, "mean": seconds_text(max(mean_s, 0.1))} | _shape(inferred.law, inferred.cv)


def _patience(fit: PatienceFit, plain: bool) -> Any:
    if fit.law == "empirical" and not plain:
        return {"distribution": "empirical", "points": list(fit.points)}
    if fit.law == "weibull" and not plain:
        mean, shape = fit.weibull_mean.value, rounded(fit.weibull_shape.value, 3)
        return {"distribution": "weibull", "mean": seconds_text(mean), "shape": shape}
    return {"distribution": "exponential", "mean": seconds_text(fit.exponential_mean.value)}


def _profile(by_time: Floats, period: Period) -> Any:
    """A profile by weekday, over the opening intervals of each; None where talk does not change over the day."""
    if np.allclose(by_time, 1.0, atol=FLAT):
        return None
    return {
        name: [rounded(float(value), 3) for value in by_time[slice(*span)]] if span is not None else 1
        for name, span in zip(WEEKDAYS, period.spans, strict=True)
    }


def _customers(fits: FittedCentre) -> dict[str, Any]:
    """Balking, and calling again after giving up."""
    section: dict[str, Any] = {"balk": rounded(fits.balk, 3)} if fits.balk > 0 else {}
    if fits.redial is not None:
        again = fits.redial
        section["redial"] = {
            "probability": rounded(again.probability.value, 3),
            "delay": seconds_text(again.delay_s.value),
            "next_day": rounded(again.next_day.value, 3),
        }
        section["max_attempts"] = "unlimited"
    return section


def _agents(fits: FittedCentre, staff: Whole) -> dict[str, Any]:
    who, section = fits.who, {}
    for number, group in enumerate(who.groups):
        skills = list(dict.fromkeys(s for s, takes in zip(who.skill, who.takes[number], strict=True) if takes))
        counts = {day.isoformat(): [int(count) for count in rows[number]] for day, rows in staff.items()}
        staffing = {"file": {"path": "staffing.csv", "counts": counts}}
        cap = {} if fits.chats is None else {"concurrency": fits.chats.caps[number]}
        section[group] = {"skills": skills, "picks": "longest_wait", **cap, "staff": staffing}
    return section
