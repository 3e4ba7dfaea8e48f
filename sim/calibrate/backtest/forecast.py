"""What is known of days before they come: as which weekday they open, how busy they will be, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import replace

from sim.calibrate.document import Period
from sim.calibrate.fits.centre import FittedCentre, ObservedCounts
from sim.calibrate.fits.estimate import FittedNumber, Floats
from sim.calibrate.fits.known_days import CLOSED, KnownDays, day_effects, known_days, spread_of_days


def forecast_days(
    observed: ObservedCounts, fits: FittedCentre, period: Period, first: int, last: int
) -> tuple[Period, FittedCentre]:
    """The days of a period by the calendar, and the fits with the spread of days around that.

    The staffing has to be closed with the spread with which it forecasts: busier and quieter days lose more contacts
    together than days that are all alike.

    Parameters
    ----------
    fits : of the days from `first` to before `last`.
    period : from the day `last` on; its hours are known.

    Returns
    -------
    period, fits
        The days as the weekdays as which they open, and against the usual contacts of those weekdays; the fits with
        another spread of days, where there are days enough to tell it.
    """
    days = known_days(observed, period.interval_s, last, last + len(period.dates))
    totals = observed.offered.sum(axis=1)
    effects = day_effects(totals, days, last)
    cv = spread_of_days(observed.offered, days, effects, last, fits.arrivals.interval_cv.value)
    if not math.isnan(cv):
        fits = replace(fits, arrivals=replace(fits.arrivals, busyness_cv=FittedNumber(cv)))
    return _by_calendar(period, days, effects, first, last), fits


def _by_calendar(period: Period, days: KnownDays, effects: Floats, first: int, last: int) -> Period:
    kinds, busier, stretch = {}, {}, slice(first, last)
    for day, date in enumerate(period.dates, last):
        alike = days.kind[stretch] == days.kind[day]
        if days.kind[day] != CLOSED and alike.any():
            kinds[date.date()] = int(days.kind[day])
            busier[date.date()] = float(effects[day] / effects[stretch][alike].mean())
    return replace(period, kinds=kinds, busier=busier)
