"""Logs of simulated chats and of deferred work, as systems export them: moments, and nothing of what a contact took."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sim.engine import simulate
from sim.loading.load import loads
from tests.calibrate.exports import write

US = 1_000_000
CHATS = """
schema_version: 1
name: truth
calendar:
  {{start: 2026-01-05, days: {days}, hours: {{mon-fri: "08:00-18:00", sat: closed, sun: closed}}, interval: 30m}}
arrivals: {{per_day: {{mon-fri: {per_day}}}, process: poisson}}
intents:
  order: {{channel: chat, skill: web, talk_time: {{distribution: lognormal, mean: 6m, cv: 0.6}}, wrap_up: 30s,
    patience: 3m, chat: {law}}}
agents:
  web: {{skills: [web], concurrency: {cap}, staff: {staff}}}
run: {{warm_up: 0d, follow_up: 0d}}
"""
DEFAULT_LAW = "{agent_turn: 30s, customer_turn: 60s}"


def stamps(start: str, micros: np.ndarray) -> pd.Series:
    """Moments as text; empty for never."""
    there = micros >= 0
    moments = pd.Timestamp(start) + pd.to_timedelta(np.where(there, micros, 0), unit="us")
    return pd.Series(moments.strftime("%Y-%m-%d %H:%M:%S.%f")).where(there, "")


def chat_log(
    path: Path,
    law: str = DEFAULT_LAW,
    days: int = 28,
    per_day: float = 500,
    cap: int = 3,
    staff: int = 3,
    seed: int = 4,
) -> Path:
    """Write a log of chats with their moments; its channel is chat."""
    text = CHATS.format(law=law, days=days, per_day=per_day, cap=cap, staff=staff)
    records = simulate(loads(text), seed=seed)
    contacts, beside = records.contacts, records.channels
    joined = contacts["joined_us"] >= 0
    contacts, beside = contacts[joined], beside[joined]
    served = contacts["outcome"] == 1
    table = pd.DataFrame(
        {
            "arrival": stamps("2026-01-05", contacts["joined_us"]),
            "answered_at": stamps("2026-01-05", np.where(served, contacts["left_us"], -1)),
            "ended_at": stamps("2026-01-05", np.where(served, beside["talked_us"], contacts["left_us"])),
            "wrapped_at": stamps("2026-01-05", np.where(served, beside["closed_us"], -1)),
            "outcome": np.where(served, "answered", "abandoned"),
            "agent": np.where(served, [f"a{number}" for number in contacts["agent"]], ""),
            "channel": "chat",
        }
    )
    return write(table, path)


def chat_intervals(log: Path, path: Path, minutes: int = 30) -> Path:
    """Write the same chats as an export of intervals, in which handle time is how long they were open."""
    table = pd.read_csv(log, parse_dates=["arrival", "answered_at", "ended_at", "wrapped_at"])
    served = table["outcome"] == "answered"
    wait = (table["answered_at"].fillna(table["ended_at"]) - table["arrival"]).dt.total_seconds()
    talk = (table["ended_at"] - table["answered_at"]).dt.total_seconds()
    wrap = (table["wrapped_at"] - table["ended_at"]).dt.total_seconds()
    sums = pd.DataFrame(
        {
            "start": table["arrival"].dt.floor(f"{minutes}min"),
            "offered": 1,
            "answered": served.astype(int),
            "abandoned": (~served).astype(int),
            "wait_answered": wait.where(served, 0.0),
            "wait_abandoned": wait.where(~served, 0.0),
            "talk": talk.fillna(0.0),
            "wrap_up": wrap.fillna(0.0),
        }
    )
    return write(sums.groupby("start").sum().round(1).reset_index().assign(channel="chat"), path)


TICKETS = """
schema_version: 1
name: truth
calendar:
  {{start: 2026-01-05, days: {days}, hours: {{mon-fri: "08:00-18:00", sat: closed, sun: closed}}, interval: 30m}}
arrivals: {{per_day: {{mon-fri: 240}}, process: poisson}}
intents:
  claim: {{channel: deferred, skill: post, talk_time: {{distribution: lognormal, mean: 7m, cv: 0.6}}, share: 0.6,
    due: 8h, clock: business, opening_backlog: {{count: 150, age: 4h}}}}
  other: {{channel: deferred, skill: post, talk_time: {{distribution: lognormal, mean: 7m, cv: 0.6}}, share: 0.4,
    due: 8h, clock: business}}
agents:
  back: {{skills: [post], picks: longest_wait, staff: {staff}}}
run: {{warm_up: 0d, follow_up: 0d}}
"""


def ticket_log(path: Path, days: int = 28, staff: int = 3, seed: int = 4, work: bool = True) -> Path:
    """Write a log of tickets: when each was created, due and solved, and perhaps what it took.

    The backlog of the first morning was created the Friday before.
    """
    records = simulate(loads(TICKETS.format(days=days, staff=staff)), seed=seed)
    contacts, beside = records.contacts, records.channels
    old = beside["age_us"] > 0
    created = np.where(old, -58 * 3600 * US, contacts["joined_us"])
    start = pd.Timestamp("2026-01-05")
    moments = (start + pd.to_timedelta(created, unit="us")).strftime("%Y-%m-%d %H:%M:%S")
    due = np.where(old, 12 * 3600 * US, np.where(beside["due_us"] < 366 * 86_400 * US, beside["due_us"], -1))
    table = pd.DataFrame(
        {
            "Created at": moments,
            "Solved at": stamps("2026-01-05", beside["closed_us"]).str[:19],
            "Due at": stamps("2026-01-05", due).str[:19],
            "Category": np.array(["Claim", "Other"])[contacts["intent"]],
            "Work time (s)": (contacts["talk_us"] / US).round().astype(int),
        }
    )
    table.loc[table["Solved at"] == "", "Work time (s)"] = 0
    return write(table if work else table.drop(columns="Work time (s)"), path)
