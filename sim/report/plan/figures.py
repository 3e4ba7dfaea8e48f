"""Figures of a year as sentences, tables and charts take them: by month and group, with 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.report.numbers import NOTHING, Value
from sim.study.estimates import Estimate
from sim.study.plan.result import ALL, TOTAL, MonthlySums, YearResult, met_together
from sim.study.risk.chance import chance_of

Floats = npt.NDArray[np.float64]
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


def month_words(label: str) -> str:
    """A label such as 2027-03 in words: March 2027."""
    year, month = label.split("-")
    return f"{MONTHS[int(month) - 1]} {year}"


def month_short(label: str) -> str:
    """The same for a column: Mar 27."""
    year, month = label.split("-")
    return f"{MONTHS[int(month) - 1][:3]} {year[2:]}"


@dataclass(frozen=True)
class YearFigures:
    """The figures of one plan; months are counted from 0."""

    result: YearResult

    @property
    def months(self) -> int:
        """How many there are."""
        return len(self.result.labels)

    @property
    def labels(self) -> tuple[str, ...]:
        """Of the months."""
        return self.result.labels

    def has(self, measure: str) -> bool:
        """Whether it was measured."""
        return measure in self.result.people.tops or measure in self.result.week.tops

    def by_month(self, measure: str, group: str = ALL, peak: bool = False) -> list[Value]:
        """A measure in every month."""
        if not self.has(measure):
            return [NOTHING] * self.months
        place = self._groups.index(group)
        found = self.result.estimate(measure, peak=peak)
        return [_value(found, month * len(self._groups) + place) for month in range(self.months)]

    def over(self, measure: str, group: str = ALL) -> Value:
        """A measure over all months: the sum of what is above over that of what is below."""
        if not self.has(measure):
            return NOTHING
        top, bottom = self._summed(measure, group)
        if not bottom.sum() > 0.0:
            return NOTHING
        mean = top.sum() / bottom.sum()
        return _value(Estimate(np.array([mean]), ((top - mean * bottom) / bottom.mean())[:, None]), 0)

    def sum_of(self, measure: str, group: str = ALL, months: slice = slice(None)) -> Value:
        """A number of people, added up over months."""
        place = self._groups.index(group)
        return mean_of(self.result.people.value(measure)[:, months, place].sum(axis=1))

    def _summed(self, measure: str, group: str) -> tuple[Floats, Floats]:
        place = self._groups.index(group)
        sums = self.result.people if measure in self.result.people.tops else self.result.week
        return sums.tops[measure][:, :, place].sum(axis=1), sums.bottoms[measure][:, :, place].sum(axis=1)

    @property
    def _groups(self) -> tuple[str, ...]:
        return (*self.result.groups, ALL)

    # Chances ----------------------------------------------------------------------

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets that any week can be judged by."""
        return tuple(name for name, met in self.result.week.met.items() if not np.isnan(met).all())

    def miss(self, target: str = ALL, peak: bool = False) -> list[Value]:
        """The chance, by month, that its typical week misses a target, or any of them."""
        sums = self.result.peak if peak else self.result.week
        if sums is None or not sums.met:
            return [NOTHING] * self.months
        return [_missed(met) for met in self._met(sums, target).T]

    def miss_over(self, target: str = ALL) -> Value:
        """The chance that a typical week of any month misses: each year's share of its weeks is one value."""
        if not self.targets:
            return NOTHING
        met = self._met(self.result.week, target).reshape(self.result.replications, -1)
        judged = met[~np.isnan(met).all(axis=1)]
        return mean_of(np.nanmean(1.0 - judged, axis=1)) if len(judged) else NOTHING

    def _met(self, sums: MonthlySums, target: str) -> Floats:
        if target != ALL:
            return np.asarray(sums.met[target])
        return met_together(sums.met)

    @cached_property
    def worst(self) -> int:
        """The month whose typical week is likeliest to miss; the first of them."""
        return int(np.nanargmax([value.mean for value in self.miss()]))

    # Money ------------------------------------------------------------------------

    @property
    def counts_money(self) -> bool:
        """Whether there are costs."""
        return bool(self.result.money)

    @property
    def lines(self) -> dict[str, Floats]:
        """(replications, months) of cash by line that is paid at all."""
        return {line: amounts for line, amounts in self.result.money.items() if np.abs(amounts).sum() > 0.0}

    def cash(self, line: str = TOTAL) -> Value:
        """A line over all months."""
        return mean_of(self._cash(line).sum(axis=1)) if self.counts_money else NOTHING

    def cash_by_month(self, line: str = TOTAL) -> list[Value]:
        """A line by month."""
        return [mean_of(amounts) for amounts in self._cash(line).T] if self.counts_money else [NOTHING] * self.months

    def cash_above(self, other: YearFigures, line: str = TOTAL) -> Value:
        """What a line is above that of another plan, year by year on the same luck."""
        if not self.counts_money:
            return NOTHING
        return mean_of((self._cash(line) - other._cash(line)).sum(axis=1))

    def _cash(self, line: str) -> Floats:
        money = self.result.money
        return np.asarray(sum(money.values())) if line == TOTAL else np.asarray(money[line])


def above(plan: YearFigures, other: YearFigures, measure: str, month: int, group: str = ALL) -> Value:
    """By how much a measure of a month is above that of another plan, on the same luck."""
    if not (plan.has(measure) and other.has(measure)):
        return NOTHING
    groups = (*plan.result.groups, ALL)
    cell = month * len(groups) + groups.index(group)
    return _value(plan.result.estimate(measure).minus(other.result.estimate(measure)), cell)


def mean_of(values: Floats) -> Value:
    """The mean of independent values with its interval."""
    mean = float(values.mean())
    return _value(Estimate(np.array([mean]), (values - mean)[:, None]), 0)


def _value(estimate: Estimate, cell: int) -> Value:
    one = estimate.at(np.array([cell]))
    return Value(float(one.mean[0]), float(one.low[0]), float(one.high[0]))


def _missed(met: Floats) -> Value:
    known = met[~np.isnan(met)]
    if not known.size:
        return NOTHING
    found = chance_of(known < 0.5)
    return Value(found.mean, found.low, found.high)


def half_width_of_chance(weeks: int) -> float:
    """How far off a chance near a half may be after so many weeks, either way (Wilson's interval)."""
    return _missed(np.arange(weeks, dtype=np.float64) % 2.0).half_width


def likeliest(values: Iterable[Value]) -> Value:
    """The highest of several."""
    return max(values, key=lambda value: -math.inf if math.isnan(value.mean) else value.mean)
