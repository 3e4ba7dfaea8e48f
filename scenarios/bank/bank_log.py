"""The bank's call log: read, cleaned, and given the intents of the scenarios.

The log is the Technion's "Anonymous Bank" (Mandelbaum, Sakov, Zeltyn); it is not part of the project.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

INTERVAL_S = 1800
LONGEST_TALK_S = 3600
HIGH_PRIORITY = 2
OPEN_HOURS: dict[int, tuple[int, int]] = {
    **dict.fromkeys((6, 0, 1, 2, 3), (7 * 3600, 24 * 3600)),
    4: (7 * 3600, 14 * 3600),
    5: (19 * 3600 + 1800, 24 * 3600),
}
"""Opening and closing time in seconds since midnight, by weekday (0 is Monday)."""

INTENTS: dict[str, str] = {
    "ps_high": "regular banking, high priority",
    "ps_regular": "regular banking",
    "ne_high": "stock exchange, high priority",
    "nw": "potential customers",
    "tt": "calls back to customers who had asked for one",
    "other": "internet help, banking in English, stock exchange without priority",
}


def read_log(path: Path, first: dt.date, days: int) -> pd.DataFrame:
    """Return the calls offered to agents on `days` days from `first`, one a row.

    Parameters
    ----------
    path
        The call-by-call file, ``calls_1999-01_to_07.csv.gz``.
    first
        First date.
    days
        Number of days.

    Returns
    -------
    DataFrame
        ``day`` (date of joining), ``joined_s`` and ``left_s`` (seconds since that midnight: joins the queue, leaves
        it), ``wait_s``, ``answered``, ``queued``, ``talk_s`` (NaN for the unanswered and for records over an hour),
        ``agent`` (empty if unknown), ``type``, ``intent``, ``open`` (joined in opening hours), ``interval``
        (number of the half-hour since opening).

    Notes
    -----
    Dropped: phantoms (a system artefact) and those who hang up in the voice-response unit, who join no queue.
    """
    frame = pd.read_csv(path, parse_dates=["arrival"], keep_default_na=False, low_memory=False)
    offered = frame["outcome"].isin(["served", "abandoned_queue"])
    calls = _timed(frame[offered])
    start = pd.Timestamp(first)
    calls = calls[(calls["day"] >= start) & (calls["day"] < start + pd.Timedelta(days=days))]
    calls = calls.sort_values(["day", "joined_s"], kind="stable").reset_index(drop=True)
    return _with_place(calls.assign(intent=intents(calls)))


def _timed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns needed, with the moment of joining: arrival plus time in the voice-response unit."""
    joined = frame["arrival"] + pd.to_timedelta(frame["vru_s"].clip(lower=0), unit="s")
    day = joined.dt.normalize()
    joined_s = (joined - day).dt.total_seconds()
    answered = frame["outcome"] == "served"
    talk = frame["service_s"].where(answered & (frame["service_s"] <= LONGEST_TALK_S))
    return pd.DataFrame(
        {
            "day": day,
            "joined_s": joined_s,
            "left_s": joined_s + frame["wait_s"],
            "wait_s": frame["wait_s"].astype(float),
            "answered": answered,
            "queued": frame["queued"].astype(str) == "True",
            "talk_s": talk.astype(float),
            "agent": frame["agent"],
            "type": frame["type"],
            "priority": frame["priority"],
        }
    )


def _with_place(calls: pd.DataFrame) -> pd.DataFrame:
    weekday = calls["day"].dt.day_of_week
    opens = weekday.map(lambda day: OPEN_HOURS[day][0])
    closes = weekday.map(lambda day: OPEN_HOURS[day][1])
    inside = (calls["joined_s"] >= opens) & (calls["joined_s"] < closes)
    interval = ((calls["joined_s"] - opens) // INTERVAL_S).where(inside, -1).astype(int)
    return calls.assign(open=inside, interval=interval)


def intents(calls: pd.DataFrame) -> pd.Series:
    """Return the intent of each call.

    The log has the priority of calls that queued only. Those that did not are given a priority in turn, so that each
    type has the same share of high priority among them as among its queued calls: whether a call finds an agent free
    has nothing to do with who calls.
    """
    high = pd.Series(False, index=calls.index)
    for name in ("PS", "NE"):
        kind = calls["type"] == name
        known = calls["queued"] & kind
        high[known] = calls.loc[known, "priority"] == HIGH_PRIORITY
        share = float(high[known].mean()) if known.any() else 0.0
        unknown = kind & ~calls["queued"]
        high[unknown] = in_turn(int(unknown.sum()), share)
    names = calls["type"].map({"NW": "nw", "TT": "tt"}).fillna("other")
    names = names.mask(calls["type"] == "PS", "ps_regular")
    names = names.mask((calls["type"] == "PS") & high, "ps_high")
    return names.mask((calls["type"] == "NE") & high, "ne_high")


def in_turn(count: int, share: float) -> np.ndarray:
    """Return `count` truth values, spread evenly, of which the share `share` is true."""
    steps = np.floor(np.arange(count + 1) * share + 0.5)
    return np.asarray(np.diff(steps) > 0)


def dates(first: dt.date, days: int) -> list[dt.date]:
    """Return `days` dates from `first`."""
    return [first + dt.timedelta(days=k) for k in range(days)]


def starts(day: dt.date) -> list[int]:
    """Return the start of each opening half-hour of a date, in seconds since midnight."""
    opens, closes = OPEN_HOURS[day.weekday()]
    return list(range(opens, closes, INTERVAL_S))


def clock(seconds: float) -> str:
    """Return ``HH:MM`` of seconds since midnight."""
    return f"{int(seconds) // 3600:02d}:{int(seconds) % 3600 // 60:02d}"
