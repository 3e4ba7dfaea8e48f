"""How much slower a chat is beside others, by when chats end.

On the clock of their own work, chats with the same work behind them end as often whatever the level, if the law is
right. That is the log-rank test on accelerated time (Robins and Tsiatis 1992), whatever the distribution of lengths:
its 95 % interval holds the ratios of turns that agree with the log. Where the published default is among them it stays.
Where no ratio agrees (chi-squared over the levels, 1 %), each level gets a time of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from sim.calibrate.fits.chats import DEFAULT, DEFAULT_RATIO, law_of, pace_of
from sim.calibrate.fits.estimate import Z95, FittedNumber, Floats, Ints
from sim.calibrate.fits.in_hand import InHand
from sim.mechanisms.chat import Chat

LEAST_RATIO, MOST_RATIO = 0.02, 8.0
STEP = 1e-3
FEW, MOST = 200, 20_000
REFUTED = 0.01
TURNS, CLOSE = 40, 1e-3
LIST_BASE_S = 60.0
"""The first entry of a list of times: only ratios to it count."""


@dataclass(frozen=True)
class Ends:
    """Chats of a log.

    Attributes
    ----------
    held : the levels at which they went on.
    kind : (chats,) intent of each: chats of one kind are compared with each other.
    """

    held: InHand
    kind: Ints


def fit_law(ends: Ends, cap: int) -> tuple[Chat, FittedNumber]:
    """The law that agrees with the log, and the agent's turn over the customer's with its interval; nan where unknown.

    Parameters
    ----------
    cap : levels above count as the cap.
    """
    if cap < 2 or len(ends.kind) < FEW:
        return DEFAULT, FittedNumber(math.nan)
    parts = [_Stretches(ends, kind, cap) for kind in np.unique(ends.kind)]
    ratio = _fit_ratio(parts, cap)
    agrees = not ratio.low > DEFAULT_RATIO and not ratio.high < DEFAULT_RATIO
    law = law_of(DEFAULT_RATIO if agrees else ratio.value)
    if _refuted(parts, pace_of(law, cap + 1), cap - (1 if agrees else 2)):
        law = law_of(ratio.value)
        if _refuted(parts, pace_of(law, cap + 1), cap - 2):
            law = Chat(times=tuple(float(LIST_BASE_S * slower) for slower in _slower_by_level(parts, cap)))
    return law, ratio


def _scores(parts: list[_Stretches], pace: Floats) -> tuple[Floats, Floats]:
    """How many more chats end at each level than agree with a pace by level, (levels,), and the covariance of that."""
    scores = [part.score(pace) for part in parts]
    return np.sum([more for more, _ in scores], axis=0), np.sum([spread for _, spread in scores], axis=0)


def _refuted(parts: list[_Stretches], pace: Floats, degrees: int) -> bool:
    """Whether the log contradicts a pace by level."""
    more, spread = _scores(parts, pace)
    distance = float(more[1:] @ np.linalg.pinv(spread[1:, 1:]) @ more[1:])
    return degrees > 0 and float(stats.chi2.sf(distance, degrees)) < REFUTED


def _fit_ratio(parts: list[_Stretches], cap: int) -> FittedNumber:
    seen: dict[float, float] = {}

    def pull(log: float) -> float:
        """How many standard errors chats end too soon at high levels."""
        if log not in seen:
            pace, near = (pace_of(law_of(math.exp(value)), cap + 1) for value in (log, log + STEP))
            step = np.log(near / pace)[1:] / STEP
            more, spread = _scores(parts, pace)
            seen[log] = float(step @ more / math.sqrt(max(float(step @ spread @ step), 1e-12)))
        return seen[log]

    found = [_crossing(pull, at) for at in (0.0, Z95, -Z95)]
    return FittedNumber(found[0], min(found[1:]), max(found[1:]))


def _crossing(pull: Callable[[float], float], at: float) -> float:
    """The ratio at which the pull is `at`; the end of the range that is nearest where it never is."""
    least, most = math.log(LEAST_RATIO), math.log(MOST_RATIO)
    low, high = pull(least) - at, pull(most) - at
    if low * high > 0:
        return LEAST_RATIO if abs(low) < abs(high) else MOST_RATIO
    return math.exp(optimize.brentq(lambda log: pull(log) - at, least, most, xtol=2e-3))


def _slower_by_level(parts: list[_Stretches], cap: int) -> Floats:
    """How many times as long a chat takes at each level, none less than at the level before, (levels,)."""
    pace = pace_of(DEFAULT, cap + 1)
    for _ in range(TURNS):
        more, spread = _scores(parts, pace)
        step = np.clip(np.linalg.pinv(spread[1:, 1:]) @ more[1:], -0.3, 0.3)
        pace[2:] *= np.exp(step)
        if np.abs(step).max() < CLOSE:
            break
    return np.maximum.accumulate(1.0 / pace[1:])


class _Stretches:
    """The stretches of constant level that the chats of one kind are made of."""

    def __init__(self, ends: Ends, kind: int, cap: int) -> None:
        held, self.cap = ends.held, cap
        mine = np.flatnonzero(ends.kind == kind)
        mine = mine[:: max(1, -(-len(mine) // MOST))]
        mine = mine[held.last[mine] > held.first[mine]]
        self.held, self.first, self.last = held, held.first[mine], held.last[mine]
        count = self.last - self.first
        self.begins = np.repeat(self.first, count)
        self.place = self.begins + np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        level = np.minimum(held.level, cap)
        self.at = [np.flatnonzero(level[self.place] == number) for number in range(1, cap + 1)]
        self.end_level = level[self.last - 1] - 1
        self.levels = np.minimum(np.arange(int(held.level.max(initial=0)) + 1), cap)

    def score(self, pace: Floats) -> tuple[Floats, Floats]:
        """Ends at each level beyond those that a pace by level, (cap + 1,), makes likely, and their covariance."""
        passed = self.held.passed(pace[self.levels])
        done = passed[self.last] - passed[self.first]
        begins, ends = passed[self.place] - passed[self.begins], passed[self.place + 1] - passed[self.begins]
        there = np.stack([_covering(np.sort(begins[at]), np.sort(ends[at]), done) for at in self.at], axis=1)
        likely = there / np.maximum(there.sum(axis=1, keepdims=True), 1.0)
        seen = np.bincount(self.end_level, minlength=self.cap)
        return seen - likely.sum(axis=0), np.diag(likely.sum(axis=0)) - likely.T @ likely


def _covering(begins: Floats, ends: Floats, at: Floats) -> Floats:
    """How many stretches, of sorted begins and ends, hold each work: begin below it and end at it or above."""
    return np.asarray(np.searchsorted(begins, at) - np.searchsorted(ends, at), np.float64)
