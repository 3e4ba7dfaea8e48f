"""One scenario by day and by time of day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from sim.report import Cell, Table, row, table
from sim.report.comparison.decision import service_level_measure, within_text
from sim.report.comparison.findings import Findings
from sim.report.labels import LABELS, form_for, verdict, with_unit
from sim.report.numbers import Value, round_percent
from sim.scenario.targets import targets_of_scenario
from sim.study import RunResult

WEIGHTS = {
    "sl_offered": "offered",
    "sl_credit_abn_in_t": "offered",
    "abandonment_rate": "offered",
    "sl_answered": "answered",
    "asa_s": "answered",
    "aht_s": "answered",
    "occupancy": "agents_on_queue",
    "fatigue_mean": "agents_on_queue",
    "offered": None,
    "answered": None,
}
"""The denominator that makes a pooled ratio; None for counts, which are averaged over days."""
BARS = "▁▂▃▄▅▆▇█"
MOST_DAYS, MOST_BARS = 31, 48
MEASURES = ("offered", "abandonment_rate", "asa_s", "wait_p90_s", "aht_s", "occupancy")


def by_time(result: RunResult, measure: str) -> pd.DataFrame:
    """A measure by time of day.

    A ratio is pooled with its own denominators, so that busy days count for more. The interval takes days
    as independent.

    Returns
    -------
    DataFrame indexed by time (HH:MM, in order) with mean, ci_low, ci_high.
    """
    table = result.by_interval[result.by_interval["measure"] == measure].copy()
    table["weight"] = _weights(result, measure)
    table = table[table["mean"].notna() & (table["weight"] > 0)]
    whole = table.groupby("time")["weight"].transform("sum")
    part = table["weight"] / whole
    table["mean"] = table["mean"] * part
    table["spread"] = ((table["ci_high"] - table["ci_low"]) / 2 * part) ** 2
    pooled = table.groupby("time")[["mean", "spread"]].sum(min_count=1).sort_index()
    half = np.sqrt(pooled["spread"])
    return pd.DataFrame({"mean": pooled["mean"], "ci_low": pooled["mean"] - half, "ci_high": pooled["mean"] + half})


def _weights(result: RunResult, measure: str) -> np.ndarray:
    """One weight a row of the measure; the cells of every measure come in the same order."""
    if measure == "sl_excl_abn_in_t":
        answered_in_time = _column(result, "offered") * _column(result, "sl_offered")
        level = _column(result, measure)
        return np.where(level > 0, answered_in_time / np.where(level > 0, level, 1.0), _column(result, "offered"))
    name = WEIGHTS[measure]
    return _column(result, name) if name else np.ones(_column(result, measure).size)


def _column(result: RunResult, measure: str) -> np.ndarray:
    table = result.by_interval
    return table.loc[table["measure"] == measure, "mean"].to_numpy(dtype=float)


def of_day(result: RunResult, day: str, measure: str) -> Value:
    """A measure of one day."""
    table = result.by_day
    estimate = table[(table["day"] == day) & (table["measure"] == measure)]
    return Value(*(float(estimate[key].iloc[0]) for key in ("mean", "ci_low", "ci_high")))


def days_of(findings: Findings) -> list[str]:
    """The open days measured of the first scenario."""
    return list(dict.fromkeys(findings.first.by_day["day"]))


def within_day(result: RunResult, day: str, measure: str) -> pd.Series:
    """The means of a measure by time, on one day."""
    table = result.by_interval
    chosen = table[(table["day"] == day) & (table["measure"] == measure)]
    return chosen.set_index("time")["mean"].astype(float)


# Tables -----------------------------------------------------------------------------


def days_table(findings: Findings) -> Table:
    """One row a day: the service level against its target, waits, handle time, occupancy."""
    result, level = findings.first, service_level_measure(findings.first.scenario)
    shown = {level: f"in {within_text(result.scenario.targets.service_level)}"}
    shown |= {measure: LABELS[measure].column or LABELS[measure].short for measure in MEASURES}
    days = days_of(findings)[:MOST_DAYS]
    target = targets_of_scenario(result.scenario).get(level)
    forms = {m: form_for(m, (of_day(result, day, m) for day in days)) for m in shown}
    rows = []
    for day in days:
        values = {measure: of_day(result, day, measure) for measure in shown}
        first, *others = (Cell(forms[measure].value(value)) for measure, value in values.items())
        rows.append(row(_day_name(day), first, *([verdict(values[level], target)] if target else []), *others))
    first_column, *columns = (with_unit(words, forms[measure]) for measure, words in shown.items())
    left = len(days_of(findings)) - len(days)
    notes = [f"{left} more days are in by_day.csv (--out DIR)."] if left else []
    return table("By day", ["Day", first_column, *(["target"] if target else []), *columns], rows, notes)


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
    target = targets_of_scenario(result.scenario).get(level)
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
