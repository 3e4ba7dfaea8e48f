"""Exports made for tests: intervals of a made-up centre in several layouts, and logs of simulated contacts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from sim.calibrate.export import Options, read_export
from sim.calibrate.fits.centre import ReadExport
from sim.calibrate.reading.import_log import ImportLog, ReadOptions

MONDAY = dt.date(2026, 3, 2)
JANUARY = dt.date(2026, 1, 5)
SMALL = """
schema_version: 1
name: truth
calendar: {start: 2026-01-05, days: 28, hours: "08:00-18:00", interval: 30m}
arrivals: {per_day: 420, busyness_cv: 0.15, interval_cv: 0.1}
intents:
  calls: {talk_time: {distribution: lognormal, mean: 5m, cv: 0.8}, wrap_up: 30s, patience: 4m}
agents: {all: {skills: [calls], staff: 4}}
"""
COLUMNS = [
    "start",
    "queue",
    "offered",
    "answered",
    "abandoned",
    "asa",
    "time_to_abandon",
    "mean_talk",
    "mean_wrap_up",
    "agents",
]


def intervals(days: int = 28, queues: tuple[str, ...] = ("Sales",), seed: int = 1, minutes: int = 30) -> pd.DataFrame:
    """A row an interval and queue, Monday to Friday from 08:00 to 18:00; 12 to 20 contacts each."""
    random = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        date = pd.Timestamp(MONDAY) + pd.Timedelta(days=day)
        for slot in range(0, 1440, minutes):
            for queue in queues:
                opened = date.day_of_week < 5 and 480 <= slot < 1080
                offered = int(random.poisson(16 if slot < 780 else 12)) if opened else 0
                lost = int(random.binomial(offered, 0.1))
                start = date + pd.Timedelta(minutes=slot)
                talk = round(float(random.lognormal(5.2, 0.2)), 1) if offered > lost else 0.0
                rows.append(
                    (start, queue, offered, offered - lost, lost, 30.0, 60.0, talk, 30.0, 4.0 if opened else 0.0)
                )
    return pd.DataFrame(rows, columns=COLUMNS)


def write(table: pd.DataFrame, path: Path, sep: str = ",", decimal: str = ".", bom: bool = False) -> Path:
    """Write a table as a file of text."""
    table.to_csv(path, index=False, sep=sep, decimal=decimal, encoding="utf-8-sig" if bom else "utf-8")
    return path


def teleopti(table: pd.DataFrame, path: Path) -> Path:
    """Write intervals in the layout with 21 fields and no header."""
    rows = []
    for r in table.itertuples():
        wait, gone = round(r.asa * r.answered), round(r.time_to_abandon * r.abandoned)
        counts = [r.offered, 0, r.abandoned, 0, r.answered, wait, gone]
        times = [round(r.mean_talk * r.answered), round(r.mean_wrap_up * r.answered), 90, 80]
        cells = [30, f"{r.start:%Y%m%d}", f"{r.start:%H:%M}", 7, r.queue, *counts, *times, r.agents, 0, 0, 2, 0]
        rows.append(";".join(str(cell) for cell in cells))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def connect(table: pd.DataFrame, path: Path, zone: str = "Europe/Berlin") -> Path:
    """Write intervals as an Amazon Connect forecast file, in UTC."""
    lines = [
        "QueueName,QueueId,ChannelType,TimeStamp,IntervalDuration,IncomingContactVolume,AverageHandleTime,ContactsHandled"
    ]
    for r in table[table["offered"] > 0].itertuples():
        stamp = f"{r.start.tz_localize(zone).tz_convert('UTC'):%Y-%m-%dT%H:%M:%SZ}"
        aht = round(r.mean_talk + r.mean_wrap_up) if r.answered else 0
        lines.append(f"{r.queue},id-1,VOICE,{stamp},30,{r.offered},{aht},{r.answered}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def contact_log(contacts: pd.DataFrame, start: dt.date, path: Path) -> Path:
    """Write simulated contacts as a log, its customers the needs."""
    joined = contacts[contacts["joined_s"].notna()]
    answered = joined["group"] != ""
    arrival = pd.Timestamp(start) + pd.to_timedelta(joined["joined_s"], unit="s")
    table = pd.DataFrame(
        {
            "arrival": arrival.dt.strftime("%Y-%m-%d %H:%M:%S.%f"),
            "type": joined["intent"],
            "wait_s": (joined["left_s"] - joined["joined_s"]).round(3),
            "service_s": joined["talk_s"].where(answered, 0.0).round(3),
            "wrap_up_s": joined["wrap_s"].where(answered, 0.0).round(3),
            "outcome": np.where(answered, "answered", "abandoned"),
            "agent": np.where(answered, joined["group"] + joined["agent"].astype(str), ""),
            "customer": joined["need"] + 1,
            "name": "Jane Roe",
        }
    )
    return write(table, path)


def read(path: Path | list[Path], options: Options | None = None, **wishes: object) -> tuple[ReadExport, ImportLog]:
    """Read an export."""
    return read_export(path, ReadOptions(**wishes), options or Options())  # type: ignore[arg-type]


def small_centre(days: int, folder: Path) -> ReadExport:
    """Simulate a small centre from a Monday in January on, and read its log."""
    scenario = sim.loads(SMALL, [f"calendar.days={days}"])
    contacts = sim.run(scenario, replications=1, seed=4, contacts=True).contacts
    return read(contact_log(contacts, JANUARY, folder / "log.csv"))[0]
