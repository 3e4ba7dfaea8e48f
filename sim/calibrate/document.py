"""Fitted numbers to a scenario, as plain data that `sim.loads` reads; tables stand in it as they do in a manifest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.fits.estimate import Floats
from sim.calibrate.fits.hours import Span
from sim.calibrate.fits.patience import PatienceFit
from sim.calibrate.fits.staff import whole_agents
from sim.calibrate.fits.talk import TalkFit, weibull_shape
from sim.calibrate.fits.whole import FittedCentre
from sim.schema.calendar import WEEKDAYS
from sim.schema.values import time_text

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
    """

    dates: pd.DatetimeIndex
    spans: tuple[Span | None, ...]
    interval_s: float

    @property
    def open_dates(self) -> list[tuple[pd.Timestamp, Span]]:
        """The dates on which the centre is open, and when."""
        pairs = ((date, self.spans[date.day_of_week]) for date in self.dates)
        return [(date, span) for date, span in pairs if span is not None]

    @property
    def calendar(self) -> dict[str, Any]:
        """The section of a scenario."""
        hours = {name: self._hours(span) for name, span in zip(WEEKDAYS, self.spans, strict=True)}
        start = self.dates[0].date().isoformat()
        return {
            "start": start,
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
    """

    staff_factor: float = 1.0
    plain_patience: bool = False
    busyness_cv: float | None = None


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


def staff_of(fits: FittedCentre, period: Period, factor: float, presence: Floats | None = None) -> Whole:
    """Whole agents by open date, (groups, opening intervals) each.

    Parameters
    ----------
    factor : times the mean seen.
    presence : (groups, days, intervals) of these dates; those of the weekday when left out.
    """
    staff = {}
    for date, (first, last) in period.open_dates:
        day = fits.presence[:, date.day_of_week] if presence is None else presence[:, (date - period.dates[0]).days]
        staff[date.date()] = whole_agents(factor * day[:, first:last], fits.who.takes)
    return staff


# Sections -----------------------------------------------------------------------------------------------------------


def _arrivals(fits: FittedCentre, period: Period, choice: DocumentOptions) -> dict[str, Any]:
    fit, counts = fits.arrivals, {}
    for date, (first, last) in period.open_dates:
        cells = fit.expected[date.day_of_week, first:last]
        columns = {name: [rounded(float(contacts)) for contacts in cells[:, number]] for number, name in enumerate(fit.intents)}
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
    wrap_up = fits.wrap_up_s[name].value
    section: dict[str, Any] = {
        "skill": fits.who.skill[number],
        "talk_time": _talk(fits.talk[name], profile),
        "wrap_up": seconds_text(wrap_up) if wrap_up > 0 else "0s",
    }
    if fits.patience[name].law != "unknown":
        section["patience"] = _patience(fits.patience[name], choice.plain_patience)
    return section | ({"head_start": seconds_text(head_start)} if head_start else {})


def _talk(fit: TalkFit, profile: Any) -> dict[str, Any]:
    """The law with the sample's mean and spread."""
    cv = max(fit.cv.value, 0.01)
    shape = {"shape": rounded(weibull_shape(cv), 3)} if fit.law == "weibull" else {"cv": rounded(cv, 3)}
    law = {"distribution": fit.law, "mean": seconds_text(max(fit.mean.value, 1.0))} | shape
    return law | ({"profile": profile} if profile is not None else {})


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
        section[group] = {"skills": skills, "picks": "longest_wait", "staff": staffing}
    return section
