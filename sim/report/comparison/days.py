"""One scenario by day, with a line for the intervals of each day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from sim.report.comparison.daytime import days_of, of_day, within_day
from sim.report.comparison.decision import service_level_measure, targets_of, verdict, within_text
from sim.report.comparison.findings import Findings
from sim.report.forms import form_of, round_percent
from sim.report.table import Cell, Table, row, table

BARS = "▁▂▃▄▅▆▇█"
MOST_DAYS, MOST_BARS = 31, 48
MEASURES = (
    ("offered", "offered", "number"),
    ("abandonment_rate", "abandoned (%)", "share"),
    ("asa_s", "ASA ({unit})", "s"),
    ("wait_p90_s", "90 % wait ({unit})", "s"),
    ("aht_s", "AHT ({unit})", "s"),
    ("occupancy", "occupancy (%)", "share"),
)


def days_table(findings: Findings) -> Table:
    """One row a day: the service level against its target, waits, handle time, occupancy."""
    result, level = findings.first, service_level_measure(findings.first.scenario)
    shown = [(level, f"in {within_text(result.scenario.targets.service_level)} (%)", "share"), *MEASURES]
    days = days_of(findings)[:MOST_DAYS]
    target = targets_of(result.scenario).get(level)
    forms = {m: form_of(kind, (of_day(result, day, m) for day in days)) for m, _, kind in shown}
    rows = []
    for day in days:
        values = [of_day(result, day, measure) for measure, *_ in shown]
        cells = [Cell(forms[m].value(value)) for (m, *_), value in zip(shown, values, strict=True)]
        judged = [verdict(values[0], target)] if target else []
        rows.append(row(_day_name(day), cells[0], *judged, *cells[1:]))
    labels = [label.format(unit=forms[measure].unit) for measure, label, _ in shown]
    columns = ["Day", labels[0], *(["target"] if target else []), *labels[1:]]
    left = len(days_of(findings)) - len(days)
    return table("By day", columns, rows, [f"{left} more days are in by_day.csv (--out DIR)."] if left else [])


def intervals_table(findings: Findings) -> Table:
    """One row a day: the service level of its intervals as bars, and the worst of them."""
    result, level = findings.first, service_level_measure(findings.first.scenario)
    rows = []
    for day in days_of(findings)[:MOST_DAYS]:
        values = within_day(result, day, level)
        known = values.dropna()
        if known.empty:
            continue
        worst = f"{known.idxmin()}: {round_percent(float(known.min()))}"
        rows.append(row(_day_name(day), str(values.index[0]), bars(values), worst))
    met = findings.value(findings.base, "sl_intervals_met")
    target = targets_of(result.scenario).get(level)
    notes = [f"{round_percent(met.mean)} of intervals meet the target."] if target and met.known else []
    columns = ["Day", "from", "service level by interval, 0 to 100 %", "worst interval"]
    return table("By interval", columns, rows, notes, labels=3)


def bars(values: pd.Series) -> str:
    """Shares as bars, a blank where there is none; neighbours are averaged where there are many."""
    numbers = values.to_numpy(dtype=float)
    step = -(-numbers.size // MOST_BARS)
    heights = [_mean(numbers[k : k + step]) for k in range(0, numbers.size, step)]
    top = len(BARS) - 1
    return "".join(" " if np.isnan(h) else BARS[round(min(max(h, 0.0), 1.0) * top)] for h in heights)


def _mean(numbers: np.ndarray) -> float:
    known = numbers[~np.isnan(numbers)]
    return float(known.mean()) if known.size else float("nan")


def _day_name(day: str) -> str:
    return f"{dt.date.fromisoformat(day):%a} {day}"
