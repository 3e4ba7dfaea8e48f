"""What was fitted as tidy tables: a row a number, expected contacts by interval, patience, what was reproduced."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.calibrate.fits.centre import FittedCentre
from sim.calibrate.fits.estimate import Z95, FittedNumber
from sim.calibrate.staffing_closure import StaffingClosure
from sim.schema.calendar import WEEKDAYS
from sim.schema.values import time_text

Row = tuple[str, str, str, float, float, float, str, float]
COLUMNS = ["what", "of", "figure", "value", "low", "high", "goodness", "cases"]


def fitted_numbers(fits: FittedCentre, closed: StaffingClosure) -> pd.DataFrame:
    """One row a number: what, of, figure, value, low, high (95 %), goodness (in words), cases.

    Seconds end in _s; shares are 0 to 1.
    """
    rows = [*_arrivals(fits), *_talk(fits), *_chats(fits), *_items(fits), *_patience(fits), *_customers(fits)]
    factor = closed.choice.staff_factor
    said = "reproduces the stretch" if closed.met else "does not reproduce the stretch"
    rows.append(("staffing", "all", "factor", factor, math.nan, math.nan, said, math.nan))
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(what: str, of: str, figure: str, fitted: FittedNumber, goodness: str = "", cases: float = math.nan) -> Row:
    return what, of, figure, fitted.value, fitted.low, fitted.high, goodness, cases


def _arrivals(fits: FittedCentre) -> Iterator[Row]:
    arrivals = fits.arrivals
    for weekday, fitted in zip(WEEKDAYS, arrivals.per_day, strict=True):
        day = WEEKDAYS.index(weekday)
        if arrivals.spans[day] is not None:
            yield _row("arrivals", weekday, "per_day", fitted, "", float(arrivals.weeks[day]))
    yield _row("arrivals", "all", "busyness_cv", arrivals.busyness_cv, "beyond Poisson", float(arrivals.weeks.sum()))
    yield _row("arrivals", "all", "interval_cv", arrivals.interval_cv, "beyond Poisson", float(arrivals.weeks.sum()))


def _talk(fits: FittedCentre) -> Iterator[Row]:
    for name, talk in fits.talk.items():
        distances = ", ".join(f"{law} {distance:.2f}" for law, distance in talk.distances.items())
        goodness = f"{talk.law}; Kolmogorov-Smirnov distances: {distances}" if distances else talk.law
        yield _row("talk", name, "mean_s", talk.mean, goodness, talk.contacts)
        yield _row("talk", name, "cv", talk.cv, "", talk.contacts)
    for name, wrap_up in fits.wrap_up_s.items():
        yield _row("wrap_up", name, "mean_s", wrap_up)


def _chats(fits: FittedCentre) -> Iterator[Row]:
    """Cap, level and law of chats, and how long they were open."""
    if (chats := fits.chats) is None:
        return
    shares = ", ".join(f"{share:.3f} with {level}" for level, share in enumerate(chats.shares, 1))
    for group, cap in zip(fits.who.groups, chats.caps, strict=True):
        yield _row("chats", group, "concurrency", FittedNumber(cap), shares and f"of the time with any: {shares}")
    yield _row("chats", "all", "in_hand", FittedNumber(chats.mean), "of an agent who has any")
    law = "default kept" if chats.default_law else "taken" if chats.law.times is None else "no ratio agrees"
    yield _row("chats", "all", "turn_ratio", chats.ratio, f"agent's over customer's, by when chats end; {law}")
    yield _row("chats", "all", "at", FittedNumber(chats.at), "level of the elapsed times, where talk is elapsed")
    for name, opened in chats.elapsed_s.items():
        yield _row("chats", name, "elapsed_s", opened, "open, wrap-up in it")


def _items(fits: FittedCentre) -> Iterator[Row]:
    """Backlog, due time and turnaround of deferred work."""
    if (items := fits.items) is None:
        return
    for name, count in items.backlog.items():
        yield _row("deferred", name, "opening_backlog", FittedNumber(count), "open on the first morning")
    yield _row("deferred", "all", "due_s", FittedNumber(items.due_s), items.clock)
    yield _row("deferred", "all", "due_met", FittedNumber(items.due_met), "of what fell due in the log")


def _patience(fits: FittedCentre) -> Iterator[Row]:
    for name, fit in fits.patience.items():
        if math.isnan(fit.exponential_mean.value):
            continue
        near = "" if math.isnan(fit.distance) else f", {fit.distance:.3f} from Kaplan-Meier at most"
        yield _row("patience", name, "exponential_mean_s", fit.exponential_mean, f"{fit.law}{near}", fit.gave_up)
        if not math.isnan(fit.weibull_shape.value):
            gain = f"likelihood ratio over the exponential {fit.weibull_better:.1f}"
            yield _row("patience", name, "weibull_shape", fit.weibull_shape, gain, fit.gave_up)
            yield _row("patience", name, "weibull_mean_s", fit.weibull_mean, "", fit.gave_up)
        yield _row("balking", name, "share", fit.balk, "", fit.waited)


def _customers(fits: FittedCentre) -> Iterator[Row]:
    redial = fits.redial
    if redial is not None:
        known = f"{redial.known:.0%} of contacts have a known customer"
        yield _row("redial", "all", "probability", redial.probability, known, redial.gave_up)
        yield _row("redial", "all", "delay_s", redial.delay_s, "", redial.gave_up)
        yield _row("redial", "all", "next_day", redial.next_day, "", redial.gave_up)


def arrivals_by_interval(fits: FittedCentre) -> pd.DataFrame:
    """Expected contacts of each open interval: weekday, time, expected, low, high (95 %, of the mean)."""
    arrivals, rows = fits.arrivals, []
    for day, span in enumerate(arrivals.spans):
        if span is None or not arrivals.weeks[day]:
            continue
        per_day = arrivals.per_day[day]
        level = (per_day.high - per_day.value) / Z95 / max(per_day.value, 1e-9)
        for slot in range(*span):
            mean = float(arrivals.expected[day, slot].sum())
            half = Z95 * mean * float(np.hypot(arrivals.error[day, slot], level))
            time = time_text(slot * arrivals.interval_s)
            rows.append((WEEKDAYS[day], time, mean, max(mean - half, 0.0), mean + half))
    return pd.DataFrame(rows, columns=["weekday", "time", "expected", "low", "high"])


def survival(fits: FittedCentre) -> pd.DataFrame:
    """Patience by Kaplan-Meier: intent, seconds, waiting (share), error (Greenwood); nothing where it is not known."""
    parts = [
        pd.DataFrame(fit.survival, columns=["seconds", "waiting", "error"]).assign(intent=name)
        for name, fit in fits.patience.items()
        if len(fit.survival)
    ]
    empty = pd.DataFrame(columns=["intent", "seconds", "waiting", "error"])
    return pd.concat(parts, ignore_index=True)[list(empty.columns)] if parts else empty


def reproduced(fits: FittedCentre, closed: StaffingClosure) -> pd.DataFrame:
    """The figures of the stretch beside those of the fitted scenario: figure, observed, simulated, gap."""
    rows = [
        ("abandonment", fits.seen.abandonment, closed.abandonment),
        ("wait_all_s", fits.seen.wait_all_s, closed.wait_all_s),
        ("asa_s", fits.seen.asa_s, closed.asa_s),
        ("aht_s", fits.seen.aht_s, closed.aht_s),
    ]
    if fits.items is not None:
        rows.append(("turnaround_h", fits.items.turnaround_h, closed.turnaround_h))
        rows.append(("done_per_day", fits.items.done_per_day, closed.done_per_day))
    table = pd.DataFrame(rows, columns=["figure", "observed", "simulated"])
    return table.assign(gap=table["simulated"] - table["observed"])[table["observed"].notna()]
