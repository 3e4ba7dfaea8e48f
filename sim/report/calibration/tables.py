"""The tables of a calibration: what was reproduced, what was fitted, and how well it would have predicted."""

from __future__ import annotations

import math

import pandas as pd

from sim.calibrate.backtest.hour_ranges import ENOUGH
from sim.calibrate.backtest.walk_forward import REPLAY, BackTest, by_month, scores
from sim.calibrate.closing_checks import heads_text
from sim.calibrate.export import Calibration
from sim.calibrate.fits.drift import Drift
from sim.calibrate.fits.estimate import FittedNumber
from sim.calibrate.fits.items import ItemFit
from sim.calibrate.fitted_tables import reproduced
from sim.report import Cell, Table, Tone, row
from sim.schema.values import time_text

NOTHING = "–"
NAMES = {
    "abandonment": "abandonment",
    "wait_s": "mean wait of all",
    "wait_all_s": "mean wait of all",
    "asa_s": "ASA",
    "aht_s": "AHT",
    "turnaround_h": "turnaround",
    "done_per_day": "items done a day",
    "within": "answered in time",
}
MODELS = {"sim": "simulation", "erlang_a": "Erlang A", "erlang_c": "Erlang C", "replay": "replay, no forecast"}
COVERED = (0.80, 0.97)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def share(value: float, digits: int = 1) -> str:
    """A share in percent."""
    return NOTHING if math.isnan(value) else f"{100 * value:.{digits}f} %"


def seconds(value: float) -> str:
    """Seconds, with a decimal where they are few."""
    if math.isnan(value):
        return NOTHING
    return f"{value:,.1f} s" if abs(value) < 100 else f"{value:,.0f} s"


def figure(name: str, value: float, signed: bool = False) -> str:
    """A figure by its name: a time in seconds, else a share in percent; differences of shares in points."""
    if math.isnan(value):
        return NOTHING
    sign = "+" if signed and value > 0 else ""
    if name == "turnaround_h":
        return f"{sign}{value:,.1f} h"
    if name == "done_per_day":
        return f"{sign}{value:,.0f}"
    if name.endswith("_s"):
        return f"{sign}{seconds(value)}"
    return f"{sign}{100 * value:.1f} pt" if signed else share(value)


def miss(name: str, value: float) -> str:
    """By how much a figure is missed."""
    return seconds(value) if name.endswith("_s") else f"{100 * value:.1f} pt"


def span(fitted: FittedNumber, form: str = ".3g") -> str:
    """A value and its interval; the value alone where that is not known."""
    if math.isnan(fitted.value):
        return NOTHING
    if math.isnan(fitted.low):
        return f"{fitted.value:{form}}"
    return f"{fitted.value:{form}} ({fitted.low:{form}} to {fitted.high:{form}})"


def gap_table(calibration: Calibration) -> Table:
    """The export's own figures beside those of the fitted scenario."""
    rows = [
        row(
            _called(calibration, str(name)),
            figure(str(name), seen),
            figure(str(name), drawn),
            figure(str(name), gap, signed=True),
        )
        for name, seen, drawn, gap in reproduced(calibration.fits, calibration.closed).itertuples(index=False)
    ]
    notes = [staffing_words(calibration)]
    inferred = calibration.fits.wrap_up_fit
    if inferred is not None and inferred.known:
        notes.append("AHT is talk, and wrap-up as inferred, on both sides.")
    return Table(
        "Your figures, the model's, the gap",
        ("", "yours", "model's", "gap"),
        tuple(rows),
        tuple(note for note in notes if note),
    )


def _called(calibration: Calibration, name: str) -> str:
    """What a figure is called: what exports call the handle time of a chat is how long it was open."""
    return "time open" if name == "aht_s" and calibration.fits.chats is not None else NAMES[name]


def staffing_words(calibration: Calibration) -> str:
    """How many agents the closing step chose, and whether they reproduce the export; nothing where it chose none."""
    closed, fits = calibration.closed, calibration.fits
    if not fits.closes:
        return ""
    if fits.items is not None:
        times = f"{closed.choice.staff_factor:.2f} times those who would do what was done without a pause"
        return f"The staffing is {times}: with it the turnaround is met."
    if closed.choice.heads is not None:
        met = "with them the first figure is met within chance" if closed.met else "the first figure is not met"
        return f"The staffing is whole agents, {heads_text(closed)}: {met}."
    base = "what was seen" if fits.staff_seen else "what the work needs at 85 % occupancy"
    return f"The staffing is {closed.choice.staff_factor:.2f} times {base}: with it the first figure is met."


def intents_table(calibration: Calibration) -> Table:
    """Talk time and patience of every intent."""
    fits, rows = calibration.fits, []
    whole = float(fits.arrivals.expected.sum())
    for place, name in enumerate(fits.who.intents):
        talk, patience = fits.talk[name], fits.patience[name]
        part = float(fits.arrivals.expected[:, :, place].sum()) / max(whole, 1e-9)
        plain = calibration.closed.choice.plain_patience or patience.law == "exponential"
        rows.append(
            row(
                name,
                share(part),
                span(talk.mean, ".0f"),
                span(talk.cv, ".2f"),
                f"{talk.law}{_distance(talk.distances.get(talk.law, math.nan))}",
                span(patience.exponential_mean, ".0f"),
                "exponential" if plain else patience.law,
                f"{patience.gave_up:,}",
            )
        )
    columns = ("intent", "share", "talk, s", "cv", "shape", "patience, s", "shape", "gave up")
    of_chats = ""
    if fits.chats is not None:
        of_chats = (
            " Talk is that of a chat alone." if math.isnan(fits.chats.at) else " Talk is how long chats were open."
        )
    notes = (
        "In brackets 95 % intervals. Patience is the mean of an exponential, by maximum likelihood with answered waits "
        f"as censored; the shape is what the scenario takes.{of_chats}",
    )
    return Table("What contacts are like", columns, tuple(rows), notes, wide=True)


def _distance(value: float) -> str:
    return "" if math.isnan(value) else f", {value:.2f} off"


def centre_table(calibration: Calibration) -> Table:
    """What is fitted to the centre as a whole."""
    fits = calibration.fits
    arrivals, rows = fits.arrivals, []
    for name, fitted, open_ in zip(DAYS, arrivals.per_day, arrivals.spans, strict=True):
        if open_ is not None:
            rows.append(row(f"contacts on {name}", span(fitted, ",.0f"), _hours(open_, arrivals.interval_s)))
    rows.append(row("day to day spread (cv)", span(arrivals.busyness_cv, ".3f"), "beyond Poisson noise"))
    rows.append(row("interval spread (cv)", span(arrivals.interval_cv, ".3f"), "beyond Poisson noise, within a day"))
    wrap_up = next(iter(fits.wrap_up_s.values()))
    rows.append(row("wrap-up, s", span(wrap_up, ".1f"), "by intent in fits.csv"))
    if fits.chats is not None:
        rows.append(row("chats at once", listed_caps(fits.chats.caps), "the most in an agent's hands"))
        level = fits.chats.mean if math.isnan(fits.chats.at) else fits.chats.at
        rows.append(row("chats in hand", f"{level:.2f}", "of an agent who has any"))
    if fits.items is not None:
        rows += _items_rows(fits.items)
    else:
        rows.append(row("balking", share(fits.balk, 2), "of those who would have to wait"))
    if fits.redial is not None:
        redial = fits.redial
        rows.append(
            row("calls again after giving up", span(redial.probability, ".3f"), f"{redial.gave_up:,} who gave up")
        )
        rows.append(row("after, min", span(redial.delay_s.times(1 / 60), ".0f"), "on the same day"))
        rows.append(row("of these on the next day", span(redial.next_day, ".3f"), ""))
    rows.append(_staffing_row(calibration))
    return Table("What the centre is like", ("", "fitted (95 %)", ""), tuple(rows), (), labels=1)


def _items_rows(items: ItemFit) -> list[tuple[Cell, ...]]:
    """What is fitted to deferred work."""
    rows = [row("backlog on the first morning", f"{sum(items.backlog.values()):,}", "items")]
    if not math.isnan(items.due_s):
        clock = "opening hours" if items.clock == "business" else "hours by the clock"
        rows.append(row("due within, h", f"{items.due_s / 3600:.1f}", clock))
    if not math.isnan(items.due_met):
        rows.append(row("done by then", share(items.due_met), "in the log"))
    return rows


def listed_caps(caps: tuple[int, ...]) -> str:
    """One cap, or that of each group."""
    return ", ".join(str(cap) for cap in (caps if len(set(caps)) > 1 else caps[:1]))


def _staffing_row(calibration: Calibration) -> tuple[Cell, ...]:
    choice = calibration.closed.choice
    if choice.heads is not None:
        return row("whole agents", heads_text(calibration.closed), "chosen by the closing step")
    factor = f"{choice.staff_factor:.3f}" if calibration.fits.closes else NOTHING
    return row("agents, times seen or needed", factor, "chosen by the closing step")


def _hours(span_of: tuple[int, int], interval_s: float) -> str:
    return " to ".join(time_text(edge * interval_s) for edge in span_of)


# Back-test ----------------------------------------------------------------------------------------------------------


def coverage_table(test: BackTest) -> Table:
    """How often what came lay within the 90 % prediction interval, month by month."""
    rows = [
        row(
            str(month["month"]),
            str(month["days"]),
            f"{month['offered']:,.0f}",
            f"{month['expected']:,.0f}",
            _covered(float(month["offered_covered"])),
            _covered(float(month["abandonment_covered"])),
            share(float(month["abandonment"])),
            share(float(month["sim_abandonment"])),
            figure("wait_s", float(month["wait_s"])),
            figure("wait_s", float(month["sim_wait_s"])),
        )
        for month in by_month(test).to_dict("records")
    ]
    columns = (
        *("month", "days", "offered", "expected", "offered inside", "abandonment inside"),
        *("abandonment", "simulated", "mean wait", "simulated"),
    )
    notes = (
        "Inside: share of intervals whose contacts, and of hours whose abandonment, lay within the 90 % prediction "
        "interval that was made before. That of an hour is the narrowest that holds nine in ten, by how hours of "
        f"earlier weeks came out, once there are {ENOUGH} of them.",
    )
    return Table("Back-test by month", columns, tuple(rows), notes, wide=True)


def _covered(value: float) -> Cell:
    tone: Tone = "" if math.isnan(value) else "good" if COVERED[0] <= value <= COVERED[1] else "bad"
    return Cell(share(value), tone)


def closer_table(test: BackTest) -> Table:
    """Who was closer: the simulation, Erlang A or Erlang C, given the same inputs."""
    table = scores(test)
    if not len(table):
        return Table("Who was closer", (), ())
    forecasts = table[table["model"] != REPLAY].reset_index(drop=True)
    best = forecasts.loc[forecasts.groupby("figure")["mae"].idxmin()].set_index("figure")["model"].to_dict()
    rows = []
    for record in table.to_dict("records"):
        name, model = str(record["figure"]), str(record["model"])
        closest = best[name] == model
        rows.append(
            row(
                NAMES[name],
                MODELS[model],
                figure(name, float(record["observed"])),
                figure(name, float(record["predicted"])),
                figure(name, float(record["bias"]), signed=True),
                Cell(miss(name, float(record["mae"])), "good" if closest else ""),
                miss(name, float(record["rmse"])),
                share(float(record["sim_closer"]), 0),
            )
        )
    columns = ("", "by", "observed", "predicted", "bias", "a day is missed by", "root mean square", "simulation closer")
    unstable = int(test.days["erlang_c_unstable"].sum())
    notes = (
        "All three get the same forecast, handle times and patience, and so many times the agents seen that they "
        "reproduce the weeks before: the simulation and Erlang A their abandonment, Erlang C their wait. Answered in "
        f"time: within {test.within_s:g} s, of all offered. Simulation closer: share of days on which it misses by "
        "less. The replay has each day's own contacts and agents as seen: what it misses is the model's own.",
        f"Erlang C has no answer in {unstable:,} intervals with more work than agents; they count with a wait of their "
        "own length.",
    )
    return Table("Who was closer", columns, tuple(rows), notes, labels=2, wide=True)


def tidy_tables(calibration: Calibration) -> dict[str, pd.DataFrame]:
    """The tidy tables behind the page, by file name."""
    from sim.calibrate.fitted_tables import arrivals_by_interval, fitted_numbers, survival

    fits, closed, test = calibration.fits, calibration.closed, calibration.back_test
    tables = {
        "fits": fitted_numbers(fits, closed),
        "arrivals_by_interval": arrivals_by_interval(fits),
        "patience_survival": survival(fits),
        "reproduced": reproduced(fits, closed),
        "drift": drift_table(calibration.drifts),
    }
    if test is not None:
        tables |= {
            "back_test_half_hours": test.half_hours,
            "back_test_hours": test.hours,
            "back_test_days": test.days,
            "back_test_windows": test.windows,
            "back_test_by_month": by_month(test),
            "back_test_scores": scores(test),
        }
    return {name: _with_plain_dates(table) for name, table in tables.items()}


def drift_table(drifts: tuple[Drift, ...]) -> pd.DataFrame:
    """The last week against the four before it: what, change, low, high (95 %), lasts (share), correction."""
    columns = ["what", "change", "low", "high", "lasts", "correction"]
    return pd.DataFrame([(d.what, *d.change, d.lasts, d.correction) for d in drifts], columns=columns)


def _with_plain_dates(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose dates are text."""
    dates = table.select_dtypes("datetime").columns
    return table.assign(**{str(name): table[name].dt.strftime("%Y-%m-%d") for name in dates})
