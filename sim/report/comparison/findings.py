"""What a report is made from: the results of one scenario, or of several on the same customers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.report.numbers import NOISE, NOTHING, ZERO, Value
from sim.scenario.model import Scenario
from sim.study import Comparison, RunResult

Key = tuple[str, str]
WEIGHTS = {
    "sl_offered": "offered",
    "sl_credit_abn_in_t": "offered",
    "abandonment_rate": "offered",
    "sl_answered": "answered",
    "asa_s": "answered",
    "aht_s": "answered",
    "occupancy": "agents_on_queue",
    "fatigue_mean": "agents_on_queue",
    "concurrency_mean": None,
    "offered": None,
    "answered": None,
}
"""The denominator that makes a pooled ratio; None for counts and levels, which are averaged over days."""


@dataclass(frozen=True)
class Findings:
    """Results by scenario name, in the order given, and paired differences against the first.

    Attributes
    ----------
    results : at least one.
    comparison : None for a single scenario.
    """

    results: dict[str, RunResult]
    comparison: Comparison | None = None
    _values: dict[Key, Value] = field(init=False, repr=False)
    _changes: dict[Key, Value] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        values = {
            (name, str(measure)): Value(*row)
            for name, result in self.results.items()
            for measure, row in zip(result.measures.index, _numbers(result.measures), strict=True)
        }
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_changes", _by_key(self.comparison, values))

    @property
    def names(self) -> list[str]:
        """Names of all scenarios."""
        return list(self.results)

    @property
    def base(self) -> str:
        """The scenario that the others are compared with."""
        return self.names[0]

    @property
    def others(self) -> list[str]:
        """The scenarios after the first."""
        return self.names[1:]

    @property
    def first(self) -> RunResult:
        """The first scenario's result."""
        return self.results[self.base]

    @property
    def scenarios(self) -> list[Scenario]:
        """All scenarios."""
        return [result.scenario for result in self.results.values()]

    @property
    def named(self) -> dict[str, Scenario]:
        """All scenarios by name."""
        return {name: result.scenario for name, result in self.results.items()}

    def scenario(self, name: str) -> Scenario:
        """A scenario by name."""
        return self.results[name].scenario

    def value(self, name: str, measure: str) -> Value:
        """A measure of a scenario over all days."""
        return self._values.get((name, measure), NOTHING)

    def change(self, name: str, measure: str) -> Value:
        """A measure's paired difference against the first scenario."""
        return self._changes.get((name, measure), NOTHING)

    def fall(self, name: str, measure: str) -> Value:
        """By what share a measure falls against the first scenario, 1 - value / first (negative: it rises).

        The interval is the delta method's for a paired ratio. With half-widths a, b and d of the value, the first and
        their paired difference, 2 cov = a^2 + b^2 - d^2 in units of half-widths, so that the residual value - r first
        has the half-width sqrt(a^2 + r^2 b^2 - r (a^2 + b^2 - d^2)).
        """
        value, first, change = self.value(name, measure), self.value(self.base, measure), self.change(name, measure)
        if not (change.known and first.mean):
            return NOTHING
        a, b, d = (v.half_width**2 for v in (value, first, change))
        ratio = value.mean / first.mean
        half = math.sqrt(max(a + ratio**2 * b - ratio * (a + b - d), 0.0)) / abs(first.mean)
        return Value(1.0 - ratio, 1.0 - ratio - half, 1.0 - ratio + half)

    def any_on(self, mechanism: str) -> bool:
        """Whether a mechanism is on in any scenario."""
        return any(getattr(scenario, mechanism) is not None for scenario in self.scenarios)


def of_run(result: RunResult) -> Findings:
    """Findings of a single scenario."""
    return Findings({result.scenario.name: result})


def of_comparison(comparison: Comparison) -> Findings:
    """Findings of several scenarios."""
    return Findings(comparison.results, comparison)


def _numbers(table: pd.DataFrame) -> Iterable[tuple[float, float, float]]:
    columns = (table[name].astype(float) for name in ("mean", "ci_low", "ci_high"))
    return zip(*columns, strict=True)


def _by_key(comparison: Comparison | None, values: dict[Key, Value]) -> dict[Key, Value]:
    if comparison is None or comparison.differences.empty:
        return {}
    table = comparison.differences
    keys = zip(table["scenario"], table["measure"], strict=True)
    changes = {key: Value(*row) for key, row in zip(keys, _numbers(table), strict=True)}
    return {key: _without_noise(change, values[key]) for key, change in changes.items()}


def _without_noise(change: Value, value: Value) -> Value:
    """A difference, exactly zero where it is nothing but rounding of the value; without an interval it has none."""
    ends = (change.mean, change.low, change.high) if change.judged else (change.mean,)
    if not max(map(abs, ends)) <= NOISE * max(1.0, abs(value.mean)):
        return change
    return ZERO if change.judged else Value(0.0, change.low, change.high)


# By day and by time of day ----------------------------------------------------------


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
