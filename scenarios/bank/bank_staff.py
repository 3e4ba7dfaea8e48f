"""Who was on the queue: inferred from the agents seen serving, since the log has no rosters."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from bank_log import INTERVAL_S, dates, starts

SWITCH_S = 15.0
"""Nobody waits longer than this while an agent who can take the call is on the queue (a switch takes about 5 s)."""

LONGEST_WRAP_UP_S = 120.0
"""A shorter gap between two calls is wrap-up or waiting for a call; the agent does not leave."""

LONGEST_IDLE_S = 3600.0
"""A longer gap is time away, whatever the queue says."""

SHARE_WITHOUT_NW = 0.05
"""An agent with a smaller share of NW among NW and PS calls is taken not to serve NW."""

GROUPS = ("all_calls", "no_nw")


@dataclass(frozen=True)
class Spell:
    """One spell on the queue; times in seconds since midnight of `day`."""

    agent: str
    day: dt.date
    start: float
    end: float


def groups_of(calls: pd.DataFrame) -> dict[str, str]:
    """Return the group of every agent: ``no_nw`` for those who hardly ever take a potential customer."""
    served = calls[calls["answered"] & (calls["agent"] != "")]
    kinds = pd.crosstab(served["agent"], served["type"]).reindex(columns=["NW", "PS"], fill_value=0)
    share = kinds["NW"] / (kinds["NW"] + kinds["PS"]).clip(lower=1)
    return {str(agent): GROUPS[int(share[agent] < SHARE_WITHOUT_NW)] for agent in kinds.index}


def spells(calls: pd.DataFrame, members: dict[str, str], stay: float) -> list[Spell]:
    """Return every spell on the queue.

    Between two calls an agent is on the queue, unless the gap proves otherwise: it is longer than two minutes, and
    somebody waited whom the agent could have taken (or it is longer than an hour). The agent then left somewhere
    between the end of the last call and the first such moment: after the part `stay` (0 to 1) of that time.

    Parameters
    ----------
    calls
        From `read_log`.
    members
        Group of every agent.
    stay
        0: left at once; 1: stayed until the first proof of absence.
    """
    served = calls[calls["answered"] & (calls["agent"] != "") & (calls["talk_s"] > 0)]
    found: list[Spell] = []
    for day, of_day in calls.groupby("day"):
        proofs = {group: _proofs(of_day, group) for group in GROUPS}
        for agent, own in served[served["day"] == day].groupby("agent"):
            bounds = _bounds(own, proofs[members[str(agent)]], stay)
            found += [Spell(str(agent), pd.Timestamp(str(day)).date(), start, end) for start, end in bounds]
    return found


def _proofs(calls: pd.DataFrame, group: str) -> np.ndarray:
    """Return, sorted, the times when somebody whom `group` can take is waiting: (begins, ends) rows."""
    waiting = calls[(calls["wait_s"] > SWITCH_S) & ((group != "no_nw") | (calls["type"] != "NW"))]
    begins = np.sort(waiting["joined_s"].to_numpy() + SWITCH_S)
    ends = np.sort(waiting["left_s"].to_numpy())
    return np.stack([begins, ends])


def _bounds(own: pd.DataFrame, proofs: np.ndarray, stay: float) -> list[tuple[float, float]]:
    """Return (start, end) of an agent's spells of one day."""
    bounds: list[tuple[float, float]] = []
    calls = own.sort_values("left_s")
    for start, talk in zip(calls["left_s"], calls["talk_s"], strict=True):
        end = start + talk
        if not bounds:
            bounds.append((start, end))
            continue
        begun, last = bounds[-1]
        leaves = leaving(last, start, proofs, stay)
        if leaves is None:
            bounds[-1] = (begun, max(last, end))
        else:
            bounds[-1] = (begun, leaves)
            bounds.append((start, end))
    return bounds


def leaving(last: float, start: float, proofs: np.ndarray, stay: float) -> float | None:
    """Return when an agent left whose calls ended at `last` and began again at `start`; None for one who stayed."""
    if start - last <= LONGEST_WRAP_UP_S:
        return None
    if start - last > LONGEST_IDLE_S:
        return last
    begins, ends = proofs
    waiting = np.searchsorted(begins, last, side="right") - np.searchsorted(ends, last, side="right")
    if waiting > 0:
        return last
    first = np.searchsorted(begins, last, side="right")
    if first == len(begins) or begins[first] >= start - SWITCH_S:
        return None
    return float(last + stay * (begins[first] - last))


def presence(found: list[Spell], day: dt.date, edges: np.ndarray) -> np.ndarray:
    """Return the mean number of agents on the queue between consecutive `edges` (seconds since midnight)."""
    low, high = edges[:-1], edges[1:]
    total = np.zeros(len(low))
    for spell in found:
        if spell.day == day:
            total += np.clip(np.minimum(spell.end, high) - np.maximum(spell.start, low), 0, None)
    return np.asarray(total / (high - low))


def half_hours(day: dt.date) -> np.ndarray:
    """Return the edges of the opening half-hours of a date."""
    begins = starts(day)
    return np.array([*begins, begins[-1] + INTERVAL_S], dtype=float)


def staffing(found: list[Spell], members: dict[str, str], first: dt.date, days: int) -> dict[dt.date, np.ndarray]:
    """Return whole agents of each date, shape (groups, half-hours)."""
    result = {}
    for day in dates(first, days):
        rows = [
            presence([spell for spell in found if members[spell.agent] == group], day, half_hours(day))
            for group in GROUPS
        ]
        result[day] = rounded(np.array(rows))
    return result


def rounded(agents: np.ndarray) -> np.ndarray:
    """Return whole numbers by largest remainder: each column adds up to its rounded sum, at least 1."""
    totals = np.maximum(np.floor(agents.sum(axis=0) + 0.5), 1).astype(int)
    whole = np.floor(agents).astype(int)
    order = np.argsort(whole - agents, axis=0, kind="stable")
    for column, missing in enumerate(totals - whole.sum(axis=0)):
        whole[order[: max(missing, 0), column], column] += 1
    return np.asarray(whole)


def wrap_up(calls: pd.DataFrame) -> tuple[float, int]:
    """Return mean seconds between two calls of an agent while work waits, and the number of such gaps.

    At least two calls other than NW (which all agents take) wait when the first call ends, so that the agent could go
    on at once; gaps longer than two minutes are time away.
    """
    gaps: list[float] = []
    for _, of_day in calls.groupby("day"):
        waiting = of_day[(of_day["wait_s"] > 0) & (of_day["type"] != "NW")]
        begins, ends = np.sort(waiting["joined_s"]), np.sort(waiting["left_s"])
        served = of_day[of_day["answered"] & (of_day["agent"] != "") & (of_day["talk_s"] > 0)]
        for _, own in served.sort_values("left_s").groupby("agent"):
            finish = (own["left_s"] + own["talk_s"]).to_numpy()[:-1]
            gap = own["left_s"].to_numpy()[1:] - finish
            queue = np.searchsorted(begins, finish) - np.searchsorted(ends, finish)
            gaps += list(gap[(queue >= 2) & (gap >= 0) & (gap <= LONGEST_WRAP_UP_S)])
    return (float(np.mean(gaps)) if gaps else 0.0), len(gaps)
