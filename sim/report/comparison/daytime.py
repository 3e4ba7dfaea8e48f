"""Measures by time of day, pooled over the days measured."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.report.comparison.findings import Findings
from sim.report.value import Value
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
    found = table[(table["day"] == day) & (table["measure"] == measure)]
    return Value(*(float(found[key].iloc[0]) for key in ("mean", "ci_low", "ci_high")))


def days_of(findings: Findings) -> list[str]:
    """The open days measured of the first scenario."""
    return list(dict.fromkeys(findings.first.by_day["day"]))


def within_day(result: RunResult, day: str, measure: str) -> pd.Series:
    """The means of a measure by time, on one day."""
    table = result.by_interval
    chosen = table[(table["day"] == day) & (table["measure"] == measure)]
    return chosen.set_index("time")["mean"].astype(float)
