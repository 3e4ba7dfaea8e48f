"""Walk forward: fit a stretch, predict the next, compare, and score; one row a half-hour, an hour, a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.calibrate.backtest.forecast import forecast_days
from sim.calibrate.backtest.formulas import FORMULAS, by_formula, close_formula
from sim.calibrate.backtest.hour_ranges import DrawnHours, with_ranges
from sim.calibrate.backtest.predictive_draws import PredictiveDraws
from sim.calibrate.backtest.replay import replay
from sim.calibrate.document import DocumentOptions, Period, document_of, staff_of
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
    hours : date, hour, offered, abandonment, expected, low, high (the narrowest range that holds nine hours in ten, by
        the weeks predicted before), inside.
    days : date, offered, abandonment, wait_s, within; the last three with sim_, erlang_c_ and erlang_a_ before, too,
        and with replay_ where the export shows agents: the day's own contacts and agents, no forecast.
    windows : fit_from, fit_to, predict_from, predict_to, staff_factor, plain_patience, abandonment and wait_s of the
        stretch fitted, closed_abandonment and closed_wait_s of the scenario; erlang_c_factor and erlang_a_factor, how
        many times the agents seen the formulas need to reproduce the stretch.
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
    run_options : how to simulate.
    known_staff : whether the staffing of the days predicted is taken as known; else they get that of the days fitted.
    progress : called with (windows done, windows in all).
    """
    walk = _Walk(source, source.observed_counts(within_s), within_s, run_options, known_staff)
    tested = list[BackTest]()
    for number, window in enumerate(windows):
        if progress:
            progress(number, len(windows))
        period = _known_hours(source, walk.observed, window)
        if any(period.spans):
            tested.append(walk.predicted(window, period))
    if progress:
        progress(len(windows), len(windows))
    if not tested:
        return None
    return BackTest(
        _together(part.half_hours for part in tested),
        _together(part.hours for part in tested),
        _together(part.days for part in tested),
        _together(part.windows for part in tested),
        sum(part.outside for part in tested),
        within_s,
        len(tested),
    )


def _together(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(tables), ignore_index=True)


@dataclass
class _Walk:
    """A walk through an export, and what one window hands to the next.

    Attributes
    ----------
    closed : of the window before: where the search for the staffing begins.
    hours : of the windows before: what their errors say of the ranges of hours.
    """

    source: ReadExport
    observed: ObservedCounts
    within_s: float
    options: RunOptions
    known_staff: bool
    closed: StaffingClosure | None = None
    hours: list[DrawnHours] = field(default_factory=list)

    def predicted(self, window: Window, period: Period) -> BackTest:
        """Fit a window, predict the days after it, and compare."""
        source, observed = self.source, self.observed
        known, fits = forecast_days(observed, source.fit(*window[:2]), period, window.first, window.last)
        self.closed = close_staffing(fits, self.options.jobs, self.closed)
        fits, choice = as_chosen(fits, self.closed.choice), self.closed.choice
        formulas = {name: close_formula(fits, choice, name) for name in FORMULAS}
        replayed = replay(source, fits, choice, period, self.within_s, self.options)
        presence = source.agents[:, window.last : window.end] if self.known_staff else None
        staff = staff_of(fits, known, choice, presence)
        document = document_of("prediction", fits, known, staff, replace(choice, busyness_cv=fits.arrivals.forecast_cv))
        document["targets"] = {"service_level": {"share": 0.8, "within": f"{self.within_s:g}s"}}
        run = make_run(loads(document))
        weekly = max(float(fits.arrivals.expected.sum()), 1.0)
        replicate([run], self.options, min(max(round(CONTACTS / weekly), LEAST), MOST))
        place = observed, range(window.last, window.end), source.interval_s
        drawn, again = PredictiveDraws(run, *place), None if replayed is None else PredictiveDraws(replayed, *place)
        said = {
            name: by_formula(fits, known, staff_of(fits, known, own, presence), self.within_s, name)
            for name, own in formulas.items()
        }
        table = _window_table(source, window, fits, self.closed, formulas)
        days, hours = drawn.days(said, again), drawn.hours()
        ranged = with_ranges(hours, self.hours)
        self.hours.append(hours)
        return BackTest(drawn.half_hours(), ranged, days, table, drawn.outside, self.within_s, 1)


def _known_hours(source: ReadExport, observed: ObservedCounts, window: Window) -> Period:
    """The days predicted with the hours in which they were open: a planner knows his calendar."""
    dates = source.dates[window.last : window.end]
    spans: list[Span | None] = [None] * WEEK
    for day, date in enumerate(dates, window.last):
        spans[date.day_of_week] = hours_of_day(observed.answered[day], source.interval_s)
    return Period(dates, tuple(spans), source.interval_s)


def _window_table(
    source: ReadExport,
    window: Window,
    fits: FittedCentre,
    closed: StaffingClosure,
    formulas: Mapping[str, DocumentOptions],
) -> pd.DataFrame:
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
    } | {f"{name}_factor": choice.staff_factor for name, choice in formulas.items()}
    return pd.DataFrame([row])


MODELS, REPLAY = ("sim", "erlang_a", "erlang_c"), "replay"
FIGURES = ("abandonment", "wait_s", "within")


def by_month(test: BackTest) -> pd.DataFrame:
    """Coverage and means by month and over all.

    Columns: month, days, offered, expected, half_hours, offered_covered, hours, abandonment_covered, observed and
    simulated abandonment, wait and share answered in time, and the mean widths of the prediction intervals:
    offered_width (contacts) and abandonment_width.
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
        **{f"{name}{figure}": _mean(days, f"{name}{figure}") for name in ("", "sim_") for figure in FIGURES},
        "offered_width": float((cells["high"] - cells["low"]).mean()) if len(cells) else np.nan,
        "abandonment_width": float((hours["high"] - hours["low"]).mean()) if len(hours) else np.nan,
    }


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
        models = (*MODELS, REPLAY) if f"{REPLAY}_{figure}" in days else MODELS
        rows += [_score(days, figure, model) for model in models]
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
