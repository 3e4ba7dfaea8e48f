"""Derive the bank's two weeks from its call log: ``python scenarios/bank/derive.py LOG``.

Writes, beside this file, ``week.yaml`` and ``next-week.yaml`` with their folders: arrivals and staffing by half-hour,
patience, what was observed by hour, and the fits behind them. README.md says what was chosen, and why.
"""

from __future__ import annotations

import argparse
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from bank_fit import (
    PatienceFit,
    TalkFit,
    counts,
    fit_patience,
    fit_talk,
    forecast,
    talk_profile,
    variation,
)
from bank_log import INTENTS, OPEN_HOURS, clock, dates, read_log, starts
from bank_staff import GROUPS, Spell, groups_of, presence, spells, staffing, wrap_up

HERE = Path(__file__).parent
WEEK = dt.date(1999, 1, 31)
NEXT_WEEK = dt.date(1999, 2, 7)
HISTORY = dt.date(1999, 1, 17)
DAYS = 7
STAY = 1.0
"""How long an absent agent is taken to have stayed, the one figure chosen by the fitted week's abandonment."""

HIGH_CREDIT = "90s"

KNOWN_VOLUME = """# Written by derive.py: the predicted week, with the calls that came: what is left is model error.
schema_version: 1
name: Bank, predicted week with its volumes known
extends: next-week.yaml

arrivals:
  file: next-week/arrivals_observed.csv
  process: fixed_count
  busyness_cv: 0
  interval_cv: 0
"""


@dataclass(frozen=True)
class Fits:
    """What both scenarios take from a stretch of the log; times in seconds."""

    talk: dict[str, TalkFit]
    patience: dict[str, PatienceFit]
    profile: list[float]
    wrap_up: float


@dataclass(frozen=True)
class Floor:
    """Who was on the queue in a week."""

    members: dict[str, str]
    found: list[Spell]
    staff: dict[dt.date, np.ndarray]


def main() -> None:
    """Read the log named on the command line and write everything."""
    parser = argparse.ArgumentParser(description="Derive the bank's two weeks from its call log.")
    parser.add_argument("log", type=Path, help="calls_1999-01_to_07.csv.gz")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: beside this script)")
    parser.add_argument("--stay", type=float, default=STAY, help="how long absent agents stayed, 0 to 1 (README.md)")
    options = parser.parse_args()
    log: Path = options.log
    write_week(read_log(log, WEEK, DAYS), options.out, options.stay)
    history = read_log(log, HISTORY, (NEXT_WEEK - HISTORY).days)
    write_next_week(history, read_log(log, NEXT_WEEK, DAYS), options.out, options.stay)


def write_week(calls: pd.DataFrame, out: Path, stay: float) -> None:
    """Write the fitted week: its own counts, durations, patience and staff."""
    fits, floor = fit(calls), infer_floor(calls, WEEK, stay)
    arrivals = counts(calls, WEEK, DAYS)
    text = scenario_text(
        "Bank, fitted week",
        f"A bank's call centre, {WEEK} to {WEEK + dt.timedelta(days=6)}, fitted to its own log. Data: Technion.",
        WEEK,
        "week",
        "  process: fixed_count       # the calls that came in each half-hour, at times drawn within it",
        fits,
    )
    write(out, "week", text, arrivals, floor, fits, observed_by_hour(calls, floor, WEEK, fits.wrap_up))


def write_next_week(history: pd.DataFrame, calls: pd.DataFrame, out: Path, stay: float) -> None:
    """Write the predicted week: volumes, durations and patience of the weeks before, staff of the week itself."""
    fits, floor = fit(history), infer_floor(calls, NEXT_WEEK, stay)
    past = counts(history, HISTORY, (NEXT_WEEK - HISTORY).days)
    busy, ripple = variation(past)
    process = (
        "  process: poisson\n"
        f"  busyness_cv: {busy:.2f}        # how far working days were from their weekday's mean, beyond Poisson\n"
        f"  interval_cv: {ripple:.2f}        # how far half-hours were from their day's profile, beyond Poisson"
    )
    text = scenario_text(
        "Bank, predicted week",
        f"The week after, {NEXT_WEEK} to {NEXT_WEEK + dt.timedelta(days=6)}, predicted from the three before it and "
        "from who worked. Data: Technion.",
        NEXT_WEEK,
        "next-week",
        process,
        fits,
    )
    arrivals = forecast(past, NEXT_WEEK, DAYS).round(3)
    write(out, "next-week", text, arrivals, floor, fits, observed_by_hour(calls, floor, NEXT_WEEK, fits.wrap_up))
    seen = timed(counts(calls, NEXT_WEEK, DAYS))
    seen.to_csv(out / "next-week" / "arrivals_observed.csv", index=False, lineterminator="\n")
    (out / "next-week-known-volume.yaml").write_text(KNOWN_VOLUME, encoding="utf-8")


# Fitting -------------------------------------------------------------------------------------------------------------


def fit(calls: pd.DataFrame) -> Fits:
    """Return the durations and the patience of every intent."""
    talk, patience = {}, {}
    for intent in INTENTS:
        own = calls[calls["intent"] == intent]
        talk[intent] = fit_talk(own["talk_s"].dropna().to_numpy())
        queued = own[own["queued"]]
        patience[intent] = fit_patience(queued["wait_s"].to_numpy(), ~queued["answered"].to_numpy(dtype=bool))
    return Fits(talk, patience, talk_profile(calls), wrap_up(calls)[0])


def infer_floor(calls: pd.DataFrame, first: dt.date, stay: float) -> Floor:
    """Return the agents of a week: their groups, their spells on the queue, whole agents by half-hour."""
    members = groups_of(calls)
    found = spells(calls, members, stay)
    return Floor(members, found, staffing(found, members, first, DAYS))


def observed_by_hour(calls: pd.DataFrame, floor: Floor, first: dt.date, wrap: float) -> pd.DataFrame:
    """Return what happened, by date and clock hour.

    Occupancy is talk and wrap-up of known agents within the hour, over agent-hours on the queue, at most 1.
    """
    rows = []
    inside = calls[calls["open"]]
    for day in dates(first, DAYS):
        opens, closes = OPEN_HOURS[day.weekday()]
        edges = np.unique([opens, *range(-(-opens // 3600) * 3600, closes + 1, 3600)]).astype(float)
        agents = presence(floor.found, day, edges)
        own = inside[inside["day"] == pd.Timestamp(day)]
        handled = own[own["talk_s"].notna() & (own["agent"] != "")]
        ends = handled["left_s"] + handled["talk_s"] + wrap
        for low, high, present in zip(edges[:-1], edges[1:], agents, strict=True):
            here = own[(own["joined_s"] >= low) & (own["joined_s"] < high)]
            busy = (np.minimum(ends, high) - np.maximum(handled["left_s"], low)).clip(lower=0).sum()
            answered = here[here["answered"]]
            rows.append(
                {
                    "date": day.isoformat(),
                    "time": clock(low),
                    "offered": len(here),
                    "answered": len(answered),
                    "abandoned": len(here) - len(answered),
                    "mean_wait_answered_s": round(float(answered["wait_s"].mean()), 1) if len(answered) else 0.0,
                    "occupancy": round(min(busy / (present * (high - low)), 1.0), 3) if present else 0.0,
                    "agents": round(float(present), 2),
                }
            )
    return pd.DataFrame(rows)


# Writing -------------------------------------------------------------------------------------------------------------


def write(
    out: Path, name: str, text: str, arrivals: pd.DataFrame, floor: Floor, fits: Fits, observed: pd.DataFrame
) -> None:
    """Write a scenario and its folder."""
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.yaml").write_text(text, encoding="utf-8")
    timed(arrivals).to_csv(folder / "arrivals.csv", index=False, lineterminator="\n")
    staff_rows(floor.staff).to_csv(folder / "staffing.csv", index=False, lineterminator="\n")
    observed.to_csv(folder / "observed_by_hour.csv", index=False, lineterminator="\n")
    fit_rows(fits).to_csv(folder / "fits.csv", index=False, lineterminator="\n")
    for intent, patience in fits.patience.items():
        lines = "".join(f"{point}\n" for point in patience.points)
        (folder / f"patience_{intent}.csv").write_text(f"seconds\n{lines}", encoding="utf-8")


def timed(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table by day and half-hour with the columns ``date`` and ``time`` in their place."""
    flat = table.reset_index()
    days = [stamp.date() for stamp in flat["day"]]
    times = [clock(starts(day)[k]) for day, k in zip(days, flat["interval"], strict=True)]
    flat.insert(0, "time", times)
    flat.insert(0, "date", [day.isoformat() for day in days])
    return flat[["date", "time", *INTENTS]]


def staff_rows(staff: dict[dt.date, np.ndarray]) -> pd.DataFrame:
    """Return agents by date, half-hour and group."""
    rows = [
        {"date": day.isoformat(), "time": clock(start), **dict(zip(GROUPS, agents, strict=True))}
        for day, table in staff.items()
        for start, agents in zip(starts(day), table.T, strict=True)
    ]
    return pd.DataFrame(rows)


def fit_rows(fits: Fits) -> pd.DataFrame:
    """Return the fits, one row an intent."""
    rows = []
    for intent in INTENTS:
        talk, patience = fits.talk[intent], fits.patience[intent]
        rows.append(
            {
                "intent": intent,
                "talks": talk.calls,
                "talk_mean_s": round(talk.mean, 1),
                "talk_cv": round(talk.cv, 3),
                "talk_lognormal_ks": round(talk.distance, 3),
                "queued": patience.queued,
                "gave_up": patience.abandoned,
                "patience_exponential_mean_s": round(patience.exponential_mean, 1),
                "patience_weibull_mean_s": round(patience.weibull_mean, 1),
                "patience_weibull_shape": round(patience.weibull_shape, 3),
                "exponential_log_likelihood": round(patience.exponential_likelihood, 1),
                "weibull_log_likelihood": round(patience.weibull_likelihood, 1),
                "patience_sample_mean_s": round(float(np.mean(patience.points)), 1),
            }
        )
    return pd.DataFrame(rows)


def scenario_text(name: str, description: str, first: dt.date, folder: str, process: str, fits: Fits) -> str:
    """Return the scenario file."""
    hours = {"sun-thu": OPEN_HOURS[6], "fri": OPEN_HOURS[4], "sat": OPEN_HOURS[5]}
    opening = ", ".join(f'{day}: "{clock(a)}-{clock(b)}"' for day, (a, b) in hours.items())
    intents = "\n".join(intent_text(intent, folder, fits) for intent in INTENTS)
    return f"""# Written by derive.py from the Technion's "Anonymous Bank" call log; see README.md.
schema_version: 1
name: {name}
description: "{description}"

calendar:
  start: {first.isoformat()}            # a Sunday
  days: {DAYS}
  hours: {{{opening}}}
  interval: 30m
  at_close: drain

arrivals:
  file: {folder}/arrivals.csv
{process}

intents:
{intents}

# Redials and repeats stay off: the counts are of all calls, those of customers who come back among them.
# Whether a call resolved anything is not in the log: every measure of resolution rests on ccsim's default.

agents:                       # agents seen serving; see README.md for how, and how well, that is known
  all_calls:
    skills: [general, potential]
    picks: longest_wait
    staff: {{file: {folder}/staffing.csv}}
  no_nw:                      # agents who hardly ever took a potential customer
    skills: [general]
    picks: longest_wait
    staff: {{file: {folder}/staffing.csv}}

run: {{seed: 1999, replications: 30}}
"""


def intent_text(intent: str, folder: str, fits: Fits) -> str:
    """Return one intent of the scenario file."""
    talk = fits.talk[intent]
    first = intent == next(iter(INTENTS))
    values = ", ".join(f"{value:g}" for value in fits.profile)
    profile = f"&by_hour {{sun-thu: [{values}], fri: 1, sat: 1}}" if first else "*by_hour"
    lines = [
        f"  {intent}:{' ' * (24 - len(intent))}# {INTENTS[intent]}",
        f"    skill: {'potential' if intent == 'nw' else 'general'}",
        "    talk_time:",
        "      distribution: lognormal",
        f"      mean: {talk.mean:.0f}s",
        f"      cv: {talk.cv:.2f}",
        f"      profile: {profile}",
        f"    wrap_up: {fits.wrap_up:.0f}s",
        f"    patience: {{distribution: empirical, file: {folder}/patience_{intent}.csv}}",
    ]
    if intent.endswith("_high"):
        lines.append(f"    head_start: {HIGH_CREDIT}           # the bank's own rule")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
