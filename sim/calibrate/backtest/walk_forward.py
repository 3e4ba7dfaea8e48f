"""Walk forward: fit a stretch, predict the next, compare, and score; one row a half-hour, an hour, a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.calibrate.backtest.predictive_draws import PredictiveDraws, by_formula
from sim.calibrate.document import Period, document_of, staff_of
from sim.calibrate.fits.arrivals import Span, hours_of_day
from sim.calibrate.fits.centre import FittedCentre, ObservedCounts, ReadExport
from sim.calibrate.fits.estimate import Z95, Floats
from sim.calibrate.staffing_closure import StaffingClosure, as_chosen, close_staffing
from sim.loading.load import loads
from sim.study.replicate import RunOptions, make_run, replicate

WEEK = 7
WINDOWS = (28, 21, 14)


class Window(NamedTuple):
    """Days counted from the first of the export: fitted from `first`, predicted from `last` to before `end`."""

    first: int
    last: int
    end: int


def windows_of(days: int, length: int = 0, most: int = 0) -> list[Window]:
    """Walk forward by weeks.

    Parameters
    ----------
    days : of the export.
    length : days that are fitted; where 0 the longest of four, three and two weeks that leaves as long to predict,
        up to four weeks.
    most : weeks that are predicted, evenly spread; all where 0.
    """
    length = length or next((length for length in WINDOWS if days - length >= min(length, 4 * WEEK)), WINDOWS[-1])
    windows = [
        Window(place, place + length, place + length + WEEK) for place in range(0, days - length - WEEK + 1, WEEK)
    ]
    if 0 < most < len(windows):
        windows = (
            [windows[round(place * (len(windows) - 1) / (most - 1))] for place in range(most)]
            if most > 1
            else windows[-1:]
        )
    return windows


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


def walk_forward(
    source: ReadExport,
    windows: list[Window],
    within_s: float,
    run_options: RunOptions,
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
    observed, parts = source.observed_counts(within_s), list[BackTest]()
    closed: StaffingClosure | None = None
    for number, window in enumerate(windows):
        if progress:
            progress(number, len(windows))
        period = _known_hours(source, observed, window)
        if not any(period.spans):
            continue
        fits = source.fit(window.first, window.last)
        closed = close_staffing(fits, run_options.jobs, closed)
        parts.append(_predicted(source, observed, window, period, fits, closed, within_s, run_options, known_staff))
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
    observed: ObservedCounts,
    window: Window,
    period: Period,
    fits: FittedCentre,
    closed: StaffingClosure,
    within_s: float,
    run_options: RunOptions,
    known_staff: bool,
) -> BackTest:
    presence = source.agents[:, window.last : window.end] if known_staff else None
    fits = as_chosen(fits, closed.choice)
    staff = staff_of(fits, period, closed.choice, presence)
    options = replace(closed.choice, busyness_cv=fits.arrivals.forecast_cv)
    document = document_of("prediction", fits, period, staff, options)
    document["targets"] = {"service_level": {"share": 0.8, "within": f"{within_s:g}s"}}
    run = make_run(loads(document))
    expected = float(fits.arrivals.expected.sum())
    replicate([run], run_options, min(max(round(CONTACTS / max(expected, 1.0)), LEAST), MOST))
    day = PredictiveDraws(run, observed, range(window.last, window.end), source.interval_s)
    formulas = by_formula(fits, period, staff, within_s)
    window_table = _window_table(source, window, fits, closed)
    return BackTest(day.half_hours(), day.hours(), day.days(formulas), window_table, day.outside, within_s, 1)


def _known_hours(source: ReadExport, observed: ObservedCounts, window: Window) -> Period:
    """The days predicted with the hours in which they were open: a planner knows his calendar."""
    dates = source.dates[window.last : window.end]
    spans: list[Span | None] = [None] * WEEK
    for day, date in enumerate(dates, window.last):
        spans[date.day_of_week] = hours_of_day(observed.answered[day], source.interval_s)
    return Period(dates, tuple(spans), source.interval_s)


def _window_table(source: ReadExport, window: Window, fits: FittedCentre, closed: StaffingClosure) -> pd.DataFrame:
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


MODELS = ("sim", "erlang_a", "erlang_c")
FIGURES = ("abandonment", "wait_s", "within")


def by_month(test: BackTest) -> pd.DataFrame:
    """Coverage and means by month and over all.

    Columns: month, days, offered, expected, half_hours, offered_covered, hours, abandonment_covered, and observed and
    simulated abandonment, wait and share answered in time.
    """
    months = sorted(set(test.days["date"].dt.strftime("%Y-%m")))
    return pd.DataFrame([_month(test, month) for month in [*months, "all"]])


def _month(test: BackTest, month: str) -> dict[str, object]:
    cells, hours, days = (
        table if month == "all" else table[table["date"].dt.strftime("%Y-%m") == month]
        for table in (test.half_hours, test.hours, test.days)
    )
    return {
        "month": month,
        "days": len(days),
        "offered": float(days["offered"].sum()),
        "expected": float(days["sim_offered"].sum()),
        "half_hours": len(cells),
        "offered_covered": float(cells["inside"].mean()) if len(cells) else np.nan,
        "hours": len(hours),
        "abandonment_covered": float(hours["inside"].mean()) if len(hours) else np.nan,
    } | {f"{name}{figure}": _mean(days, f"{name}{figure}") for name in ("", "sim_") for figure in FIGURES}


def _mean(days: pd.DataFrame, column: str) -> float:
    """The mean over contacts; nan where a day does not tell."""
    if not len(days) or days[column].isna().all():
        return np.nan
    there = days[column].notna()
    return float(np.average(days[column][there], weights=days["offered"][there]))


def scores(test: BackTest) -> pd.DataFrame:
    """Errors over days: figure, model, observed, predicted, bias, mae, rmse, mae_more, sim_closer, days.

    `mae` and `rmse` are over days; `observed`, `predicted` and `bias` over contacts. `mae_more`, with its 95 %
    interval, is by how much more than the simulation a model misses a day; `sim_closer` the share of days on which it
    does.
    """
    rows = []
    for figure in FIGURES:
        if test.days[figure].isna().all():
            continue
        days = test.days[test.days[figure].notna()]
        rows += [_score(days, figure, model) for model in MODELS]
    return pd.DataFrame(rows, columns=None if rows else ["figure", "model"])


def _score(days: pd.DataFrame, figure: str, model: str) -> dict[str, object]:
    off = (days[f"{model}_{figure}"] - days[figure]).to_numpy()
    own = (days[f"sim_{figure}"] - days[figure]).abs().to_numpy()
    observed, predicted = _mean(days, figure), _mean(days, f"{model}_{figure}")
    worse = np.abs(off) - own
    error = Z95 * float(worse.std(ddof=1)) / np.sqrt(len(days)) if len(days) > 1 else np.nan
    return {
        "figure": figure,
        "model": model,
        "observed": observed,
        "predicted": predicted,
        "bias": predicted - observed,
        "mae": float(np.abs(off).mean()),
        "rmse": float(np.sqrt((off**2).mean())),
        "mae_more": float(worse.mean()),
        "mae_more_low": float(worse.mean() - error),
        "mae_more_high": float(worse.mean() + error),
        "sim_closer": _ahead(own, np.abs(off)) / len(days) if model != "sim" else np.nan,
        "days": len(days),
    }


def _ahead(own: Floats, other: Floats) -> float:
    """Days on which the simulation is closer; a tie is half a day."""
    return float((own < other).sum() + 0.5 * (own == other).sum())
