"""Fit, predict, compare: one row a half-hour, an hour, a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from sim.calibrate.backtest.erlang import by_formula
from sim.calibrate.backtest.predictive_draws import PredictiveDraws
from sim.calibrate.backtest.windows import WEEK, Window
from sim.calibrate.document import DocumentOptions, Period, document_of, staff_of
from sim.calibrate.fits.hours import Span, hours_of_day
from sim.calibrate.fits.whole import FittedCentre, ObservedCounts, ReadExport
from sim.calibrate.staffing_closure import StaffingClosure, close
from sim.loading.load import loads
from sim.study.replicate import RunOptions, make_run, replicate

LEAST, MOST, CONTACTS = 60, 200, 800_000


@dataclass(frozen=True)
class BackTest:
    """How well a fitted stretch predicts the next.

    Attributes
    ----------
    half_hours : date, time, offered, expected, low, high (90 % prediction interval), inside.
    hours : date, hour, offered, abandonment, expected, low, high, inside.
    days : date, offered, abandonment, wait_s, within; the last three with sim_, erlang_c_ and erlang_a_ before, too.
    windows : fit_from, fit_to, predict_from, predict_to, staff_factor, plain_patience, abandonment and wait_s of the
        stretch fitted, closed_abandonment and closed_wait_s of the scenario.
    outside : contacts on the days predicted that fell outside the predicted hours.
    """

    half_hours: pd.DataFrame
    hours: pd.DataFrame
    days: pd.DataFrame
    windows: pd.DataFrame
    outside: float
    within_s: float
    weeks: int


def walk(
    source: ReadExport,
    windows: list[Window],
    within_s: float,
    orders: RunOptions,
    *,
    known_staff: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> BackTest | None:
    """Walk through the windows; None where no week predicted has an open day.


    Parameters
    ----------
    source : an export.
    windows : of days.
    within_s : the service level's time.
    orders : how to simulate.
    known_staff : whether the staffing of the days predicted is taken as known; else they get that of the days fitted.
    progress : called with (windows done, windows in all).
    """
    cells, parts = source.cells(within_s), list[BackTest]()
    closed: StaffingClosure | None = None
    for number, window in enumerate(windows):
        if progress:
            progress(number, len(windows))
        period = _known_hours(source, cells, window)
        if not any(period.spans):
            continue
        fits = source.fit(window.first, window.last)
        closed = close(fits, orders.jobs, closed)
        parts.append(_predicted(source, cells, window, period, fits, closed, within_s, orders, known_staff))
    if progress:
        progress(len(windows), len(windows))
    if not parts:
        return None
    return BackTest(
        _together(part.half_hours for part in parts),
        _together(part.hours for part in parts),
        _together(part.days for part in parts),
        _together(part.windows for part in parts),
        sum(part.outside for part in parts),
        within_s,
        len(parts),
    )


def _together(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(tables), ignore_index=True)


def _predicted(
    source: ReadExport,
    cells: ObservedCounts,
    window: Window,
    period: Period,
    fits: FittedCentre,
    closed: StaffingClosure,
    within_s: float,
    orders: RunOptions,
    known_staff: bool,
) -> BackTest:
    presence = source.agents[:, window.last : window.end] if known_staff else None
    factor, plain = closed.choice.staff_factor, closed.choice.plain_patience
    staff = staff_of(fits, period, factor, presence)
    document = document_of("prediction", fits, period, staff, DocumentOptions(factor, plain, fits.arrivals.forecast_cv))
    document["targets"] = {"service_level": {"share": 0.8, "within": f"{within_s:g}s"}}
    study = make_run(loads(document))
    expected = float(fits.arrivals.expected.sum())
    replicate([study], orders, min(max(round(CONTACTS / max(expected, 1.0)), LEAST), MOST))
    day = PredictiveDraws(study, cells, window, source.interval_s)
    formulas = by_formula(fits, period, staff, within_s)
    told = _told(source, window, fits, closed)
    return BackTest(day.half_hours(), day.hours(), day.days(formulas), told, day.outside, within_s, 1)


def _known_hours(source: ReadExport, cells: ObservedCounts, window: Window) -> Period:
    """The days predicted with the hours in which they were open: a planner knows his calendar."""
    dates = source.dates[window.last : window.end]
    spans: list[Span | None] = [None] * WEEK
    for day, date in enumerate(dates, window.last):
        spans[date.day_of_week] = hours_of_day(cells.answered[day], source.interval_s)
    return Period(dates, tuple(spans), source.interval_s)


def _told(source: ReadExport, window: Window, fits: FittedCentre, closed: StaffingClosure) -> pd.DataFrame:
    dates = source.dates
    row = {
        "fit_from": dates[window.first],
        "fit_to": dates[window.last - 1],
        "predict_from": dates[window.last],
        "predict_to": dates[window.end - 1],
        "staff_factor": closed.choice.staff_factor,
        "plain_patience": closed.choice.plain_patience,
        "abandonment": fits.seen.abandonment,
        "closed_abandonment": closed.abandonment,
        "wait_s": fits.seen.wait_all_s,
        "closed_wait_s": closed.wait_all_s,
    }
    return pd.DataFrame([row])
