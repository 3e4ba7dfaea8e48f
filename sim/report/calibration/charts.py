"""A calibration in pictures: what came beside what was predicted, and the fits beside what they are fitted to."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator
from scipy import stats

from sim.calibrate.backtest.walk_forward import BackTest
from sim.calibrate.export import Calibration
from sim.calibrate.fits.abandonment import PatienceFit
from sim.calibrate.fits.talk import TalkFit, weibull_shape
from sim.calibrate.fitted_tables import arrivals_by_interval
from sim.report import Chart
from sim.report.calibration.tables import share
from sim.report.style import (
    BLUE,
    COLOURS,
    DASHES,
    FULL,
    GREY,
    HALF,
    VERMILION,
    Drawing,
    canvas,
    chart_of,
    legend,
    looks,
    style,
)
from sim.schema.calendar import WEEKDAYS

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]
TALL = 2.9
MOST_INTENTS = 6
SURE = 0.02
LONGEST_GAP = 4
WEEK = dict(zip(WEEKDAYS, zip((*COLOURS, "#56B4E9"), (*DASHES, (0, (2, 2))), strict=True), strict=True))


def draw(calibration: Calibration) -> list[Chart]:
    """All charts, in the order of the report."""
    test, drawn = calibration.back_test, []
    with style():
        if test is not None:
            drawn.append(chart_of("back_test_week", week(test)))
            drawn += [chart_of(f"back_test_{name}", chart) for name in DAILY if (chart := daily(test, name))]
        drawn.append(chart_of("arrivals", arrivals(calibration)))
        if any(fit.quantiles for fit in calibration.fits.talk.values()):
            drawn.append(chart_of("talk", talk(calibration)))
        if any(len(fit.survival) for fit in calibration.fits.patience.values()):
            drawn.append(chart_of("patience", patience(calibration)))
    return drawn


# Back-test ----------------------------------------------------------------------------------------------------------


def week(test: BackTest) -> Drawing:
    """Contacts by interval of the last week predicted, inside or outside the prediction interval."""
    begins = test.windows["predict_from"].max()
    rows = test.half_hours[test.half_hours["date"] >= begins]
    at = _moments(rows)
    figure, (axes,) = canvas((FULL[0], TALL))
    for date in rows["date"].unique():
        mine = (rows["date"] == date).to_numpy()
        low, high, expected = (rows[name].to_numpy()[mine] for name in ("low", "high", "expected"))
        axes.fill_between(at[mine], low, high, color=BLUE, alpha=0.22, lw=0, label="90 % predicted")
        axes.plot(at[mine], expected, color=BLUE, label="expected")
    inside = rows["inside"].to_numpy()
    axes.plot(at[inside], rows["offered"][inside], "o", color=GREY, ms=2.6, label="came")
    axes.plot(at[~inside], rows["offered"][~inside], "x", color=VERMILION, ms=4.5, label="came, outside")
    axes.set_ylabel("contacts an interval")
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MultipleLocator(1))
    _dates(axes)
    legend(figure, axes)
    part = share(float(inside.mean()), 0)
    title = f"The last week predicted, from {begins.date()}: contacts by interval"
    return Drawing(figure, title, f"{title}; {part} of the intervals lie within their 90 % prediction interval.")


def _moments(rows: pd.DataFrame) -> Times:
    """When each interval begins."""
    return np.asarray((rows["date"] + pd.to_timedelta(rows["time"] + ":00")).to_numpy("datetime64[s]"))


def _dates(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: str(np.datetime64("1970-01-01") + round(day))[5:]))
    axes.grid(axis="y")


DAILY = {"abandonment": ("abandonment, %", 100.0), "wait_s": ("mean wait of all, s", 1.0)}


def daily(test: BackTest, name: str) -> Drawing | None:
    """A figure of every day predicted: what was seen, the simulation, Erlang A."""
    if test.days[name].isna().all():
        return None
    label, factor = DAILY[name]
    figure, (axes,) = canvas((FULL[0], TALL))
    day = test.days["date"].diff().dt.days
    for _, rows in test.days.groupby((day > LONGEST_GAP).cumsum()):
        at = rows["date"].to_numpy("datetime64[s]")
        axes.plot(at, factor * rows[name], "o", color=GREY, ms=3, label="seen")
        axes.plot(at, factor * rows[f"sim_{name}"], color=BLUE, label="simulated")
        axes.plot(at, factor * rows[f"erlang_a_{name}"], "--", color=VERMILION, label="Erlang A")
    axes.set_ylabel(label)
    axes.set_ylim(bottom=0)
    _dates(axes)
    legend(figure, axes)
    title = f"{label.split(',')[0].capitalize()} by day, predicted from the weeks before"
    return Drawing(figure, title, f"{title}: observed, simulated, and by Erlang A with the same inputs.")


# Fits ---------------------------------------------------------------------------------------------------------------


def arrivals(calibration: Calibration) -> Drawing:
    """Expected contacts by interval and weekday, with the 95 % interval of the mean."""
    table = arrivals_by_interval(calibration.fits)
    figure, (axes,) = canvas((FULL[0], TALL))
    for weekday, rows in table.groupby("weekday", sort=False):
        colour, dashes = WEEK[str(weekday)]
        hours = rows["time"].str[:2].astype(int) + rows["time"].str[3:].astype(int) / 60
        axes.fill_between(hours, rows["low"], rows["high"], color=colour, alpha=0.12, lw=0)
        axes.plot(hours, rows["expected"], color=colour, ls=dashes, label=str(weekday))
    axes.set_xlabel("hour of the day")
    axes.xaxis.set_major_locator(MultipleLocator(2))
    axes.set_ylabel("contacts an interval")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")
    legend(figure, axes)
    title = "Contacts expected by weekday and interval"
    return Drawing(figure, title, f"{title}, with 95 % intervals of the mean.")


def talk(calibration: Calibration) -> Drawing:
    """Quantiles of the sample against those of the fitted law; on the line they agree."""
    figure, (axes,) = canvas((HALF[0], HALF[1] + 0.7))
    shown = {name: fit for name, fit in calibration.fits.talk.items() if fit.quantiles}
    names = list(shown)[:MOST_INTENTS]
    styles, highest = looks(names), 1.0
    for name in names:
        expected = _law(shown[name])
        axes.plot(expected, shown[name].quantiles, color=styles[name].colour, ls=styles[name].dashes, label=name)
        highest = max(highest, float(expected.max()))
    axes.plot([1, highest], [1, highest], color="#888888", lw=0.8)
    for scale, axis, bounds in (
        (axes.set_xscale, axes.xaxis, axes.set_xlim),
        (axes.set_yscale, axes.yaxis, axes.set_ylim),
    ):
        scale("log")
        bounds(1, 1.3 * highest)
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("talk by the fitted distribution, s")
    axes.set_ylabel("talk seen, s")
    legend(figure, axes, alone=True)
    title = "Talk time, percentile by percentile"
    return Drawing(figure, title, f"{title}: the fitted distribution against the sample; on the line they agree.")


def _law(fit: TalkFit) -> Floats:
    """Percentiles of the fitted distribution."""
    levels, mean, cv = np.arange(0.01, 0.995, 0.01), fit.mean.value, fit.cv.value
    if fit.law == "gamma":
        return np.asarray(stats.gamma.ppf(levels, 1 / cv**2, scale=mean * cv * cv))
    if fit.law == "weibull":
        shape = weibull_shape(cv)
        return np.asarray(mean / math.gamma(1 + 1 / shape) * (-np.log1p(-levels)) ** (1 / shape))
    sigma = math.sqrt(math.log1p(cv * cv))
    return np.asarray(mean * np.exp(sigma * stats.norm.ppf(levels) - sigma * sigma / 2))


def patience(calibration: Calibration) -> Drawing:
    """Who is still waiting after a time: Kaplan-Meier, and the exponential with the same hazard."""
    figure, (axes,) = canvas((HALF[0], HALF[1] + 0.7))
    shown = {name: fit for name, fit in calibration.fits.patience.items() if len(fit.survival)}
    names = list(shown)[:MOST_INTENTS]
    styles = looks(names)
    end = max(_end(shown[name]) for name in names)
    grid = np.linspace(0.0, end, 100)
    for name in names:
        times, alive = shown[name].survival[:, 0], shown[name].survival[:, 1]
        axes.step(times, alive, where="post", color=styles[name].colour, ls=styles[name].dashes, label=name)
        mean = shown[name].exponential_mean.value
        axes.plot(grid, np.exp(-grid / mean), color=styles[name].colour, lw=0.7, alpha=0.7)
    axes.set_xlim(0, end)
    axes.set_ylim(0, 1)
    axes.set_xlabel("seconds waited")
    axes.set_ylabel("share still waiting")
    axes.grid(axis="y")
    legend(figure, axes, alone=True)
    title = "Patience: Kaplan-Meier, and thin the exponential"
    return Drawing(figure, title, f"{title}, by intent, from waits that service cuts short.")


def _end(fit: PatienceFit) -> float:
    """Up to where Kaplan-Meier is known well."""
    unsure = np.flatnonzero(fit.survival[:, 2] > SURE)
    return float(fit.survival[unsure[0] if unsure.size else -1, 0])
