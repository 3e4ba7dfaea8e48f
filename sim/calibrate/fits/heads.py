"""Whole agents of a small centre: as many as the export's own figures call for, and as steady as they allow.

Three agents in the mean may be three at every moment, or two and four in turn, which is another centre. In a small one
the difference is large, so the heads of each interval are whole numbers; they change over the day only where what was
seen calls for it. The most likely course is found by dynamic programming (Viterbi 1967), with a price for each change.
"""

from __future__ import annotations

import math

import numpy as np

from sim.calibrate.fits.centre import FittedCentre
from sim.calibrate.fits.estimate import Bools, Floats, Ints
from sim.study.staffing.erlang import Queue, predict

SMALL = 6.0
"""A centre is small whose busiest intervals have no more agents than this, all groups that share contacts together."""
BUSIEST = 0.9
CHANGE = 5.0
"""The price of a change of heads, in log likelihood: what chance explains once in 150 times."""
HEAD = 0.7
"""The price of a head: where little tells, few are more likely than many."""
CLUSTERED = 2.0
"""Waits and abandonment come in bursts: their counts scatter so much more than those of independent contacts."""
SEEN_SPREAD = 0.35
"""How far a mean of agents seen is from whole heads (standard deviation): breaks, and who comes or goes meanwhile."""
ALIKE, PART_OF_A_HEAD = 1.35, 0.6
"""Weekdays are alike whose means differ by no more than this factor, or by less than a head where heads were seen."""
MORE = 4


def is_small(fits: FittedCentre) -> bool:
    """Whether heads have to be whole: few agents in the busiest intervals of every part that shares no agents."""
    most = 0.0
    for _, groups in fits.who.pools:
        agents = fits.presence[groups].sum(axis=0)
        cells = [agents[day, slice(*span)] for day, span in enumerate(fits.arrivals.spans) if span is not None]
        there = np.concatenate(cells) if cells else np.zeros(1)
        most = max(most, float(np.quantile(np.nan_to_num(there), BUSIEST)))
    return most <= SMALL


def whole_heads(fits: FittedCentre) -> Floats:
    """Whole agents, (groups, 7, intervals): near those seen, else by abandonment, or waits, and Erlang A."""
    heads = np.zeros(fits.presence.shape)
    is_open = np.zeros(heads.shape[1:], bool)
    for day, span in enumerate(fits.arrivals.spans):
        is_open[day, slice(*span) if span is not None else slice(0)] = True
    for days in _alike_days(fits, is_open):
        slots = np.flatnonzero(is_open[days].any(axis=0))
        for group in range(len(heads)):
            if fits.staff_seen:
                score = _by_agents(_mean_open(fits.presence[group, days], is_open[days])[slots])
            else:
                score = _by_figures(fits, days, is_open)[slots]
            heads[group][np.ix_(np.array(days), slots)] = 1 + _steadiest(score)
    return np.where(is_open, heads, 0.0)


def more_heads(heads: Floats, change: int) -> Floats:
    """So many agents more wherever there are any; one at least stays."""
    return np.where(heads > 0, np.maximum(heads + change, 1.0), 0.0)


def _alike_days(fits: FittedCentre, is_open: Bools) -> list[list[int]]:
    """Weekdays on which about as much goes on in an open interval: they are taken to have the same heads."""
    alike: list[list[int]] = []
    level = fits.presence.sum(axis=0) if fits.staff_seen else fits.arrivals.expected.sum(axis=2)
    mean = (level * is_open).sum(axis=1) / np.maximum(is_open.sum(axis=1), 1)
    for day in np.argsort(-mean, kind="stable"):
        if not is_open[day].any():
            continue
        most = max(ALIKE * mean[day], mean[day] + (PART_OF_A_HEAD if fits.staff_seen else 0.0))
        found = next((days for days in alike if mean[days[0]] <= most), None)
        if found is None:
            alike.append([int(day)])
        else:
            found.append(int(day))
    return alike


def _mean_open(values: Floats, is_open: Bools) -> Floats:
    """Means over the weekdays that are open in each interval, (intervals, ...); 0 where none is."""
    count = np.maximum(is_open.sum(axis=0), 1).reshape(-1, *[1] * (values.ndim - 2))
    there = is_open.reshape(*is_open.shape, *[1] * (values.ndim - 2))
    return np.asarray((values * there).sum(axis=0) / count)


def _by_agents(seen: Floats) -> Floats:
    """Log likelihood of 1, 2, ... heads by interval, (intervals, heads), where agents were seen."""
    heads = np.arange(1, math.ceil(float(seen.max(initial=1.0))) + 2)
    return np.asarray(-((seen[:, None] - heads) ** 2) / (2 * SEEN_SPREAD**2))


def _by_figures(fits: FittedCentre, days: list[int], is_open: Bools) -> Floats:
    """Log likelihood of 1, 2, ... heads by interval, (intervals, heads): by abandonment, or by waits where none is."""
    assert fits.week is not None
    week, there = fits.week, is_open[days]
    offered, lost, waited = (
        (cells[days] * there).sum(axis=0) for cells in (week.offered, week.abandoned, week.waited_s)
    )
    contacts = _mean_open(fits.arrivals.expected[days], there)
    whole, work = contacts.sum(axis=1), contacts @ fits.handled_s
    score = np.zeros((len(whole), math.ceil(float((work / fits.arrivals.interval_s).max(initial=0.0))) + MORE))
    usual = float(week.waited_s.sum() / max(week.offered.sum(), 1.0))
    for slot in np.flatnonzero((whole > 0) & (work > 0) & (offered > 0)):
        aht = float(work[slot] / whole[slot]) * fits.places
        queue = Queue(float(whole[slot]) / fits.arrivals.interval_s, aht, fits.mean_patience_s, fits.balk)
        said = [predict(queue, heads * fits.places) for heads in range(1, score.shape[1] + 1)]
        count = float(offered[slot])
        if fits.seen.abandonment > 0:
            score[slot] = [_of_share(float(lost[slot]), count, row.abandonment) for row in said]
        else:
            score[slot] = [_of_wait(float(waited[slot]) / count, count, row.wait_s, usual, aht) for row in said]
    return score


def _of_share(count: float, of: float, share: float) -> float:
    """Log likelihood of a count at a share, bursts allowed for."""
    part = min(max(share, 1e-6), 1.0 - 1e-6)
    return (count * math.log(part) + (of - count) * math.log(1.0 - part)) / CLUSTERED


def _of_wait(mean: float, count: float, said: float, usual: float, aht: float) -> float:
    """Quasi likelihood of a mean wait (s): most waits are 0, the others exponential (Tweedie's family, power 1.5)."""
    if math.isnan(said):
        return -1e6
    wait = max(said, 1e-4)
    spread = CLUSTERED * aht / math.sqrt(max(usual, 0.1))
    return -2.0 * count / spread * (mean / math.sqrt(wait) + math.sqrt(wait))


def _steadiest(score: Floats) -> Ints:
    """The best choice for each row of scores, with the price of each change taken off."""
    rows, choices = score.shape
    best, came = score[0] - HEAD * np.arange(choices), np.zeros((rows, choices), np.int64)
    for row in range(1, rows):
        moved = int(np.argmax(best))
        stays = best >= best[moved] - CHANGE
        came[row] = np.where(stays, np.arange(choices), moved)
        best = np.where(stays, best, best[moved] - CHANGE) + score[row]
    path = np.zeros(rows, np.int64)
    path[-1] = int(np.argmax(best))
    for row in range(rows - 1, 0, -1):
        path[row - 1] = came[row, path[row]]
    return path
