"""How well a number can be known at all: the information in a world's contacts, with all else unknown."""

import numpy as np
from scipy import sparse
from scipy.optimize import brentq
from scipy.special import expit, ndtr, ndtri

from sim.learning.contacts import DAY_S, Route
from tests.learn.worlds import MASS, NODES, SLOPE, Logs

STEP = 1e-4
WEIGHT = MASS / MASS.sum()


def least_errors(logs: Logs) -> dict[str, float]:
    """The least standard errors of selectivity, the weights and their products, by name.

    The information of all contacts at the truth, by the outer product of their scores. Not known are: level and spread
    of each intent's talk, every date, hour and agent, before and after; the level of resolution of each intent, its
    change over time and its slope.
    """
    world, contacts = logs.world, logs.contacts
    found = {}
    count = len(world.weights)
    near = np.array([_slopes(logs, k) for k in range(3 + 2 * len(contacts.intents))]).T
    wide = sparse.csr_array(sparse.hstack([sparse.csr_array(near), _levels(logs)]))
    covariance = _covariance(wide, near.shape[1])
    errors = np.sqrt(np.diag(covariance))
    found["selectivity"] = errors[0]
    found |= {f"weight{k}": errors[3 + k] for k in range(count)}
    talk = np.array([_slopes_of_talk(logs, k) for k in range(count)]).T
    alone = _covariance(sparse.csr_array(sparse.hstack([sparse.csr_array(talk), _levels(logs, True)])), count)
    return found | {f"product{k}": float(np.sqrt(alone[k, k])) for k in range(count)}


def _covariance(scores: sparse.csr_array, count: int) -> np.ndarray:
    information = (scores.T @ scores).toarray()
    own, cross, rest = information[:count, :count], information[:count, count:], information[count:, count:]
    return np.linalg.inv(own - cross @ np.linalg.pinv(rest, rcond=1e-10, hermitian=True) @ cross.T)


def _levels(logs: Logs, talk_only: bool = False) -> sparse.csr_array:
    """Scores of what shifts or spreads talk: intents, dates, hours, agents by period."""
    contacts = logs.contacts
    steep = _density(logs, logs.scores + STEP, talk_only) - _density(logs, logs.scores - STEP, talk_only)
    steep = steep / (2 * STEP) - logs.scores
    levels = [contacts.intent, contacts.day, (contacts.time_s % DAY_S // 3600).astype(int)]
    levels.append(contacts.agent * 2 + contacts.after)
    sd = np.sqrt(np.log1p(np.array([*logs.world.spreads, *[0.7] * logs.world.controls]) ** 2))[contacts.intent]
    parts = [_columns(level, steep / sd) for level in levels]
    return sparse.csr_array(sparse.hstack([*parts, _columns(contacts.intent, steep * logs.scores + 1.0)]))


def _columns(level: np.ndarray, values: np.ndarray) -> sparse.csr_array:
    codes = np.unique(level, return_inverse=True)[1]
    return sparse.csr_array((values, (np.arange(codes.size), codes)))


def _truth(logs: Logs) -> np.ndarray:
    world, size = logs.world, len(logs.contacts.intents)
    base = brentq(lambda b: WEIGHT @ expit(b - SLOPE * NODES) - world.resolution, -10, 10)
    return np.array([world.selectivity, SLOPE, 0.0, *world.weights, *[0.5] * world.controls, *[base] * size])


def _slopes(logs: Logs, place: int) -> np.ndarray:
    up, down = _truth(logs), _truth(logs)
    up[place] += STEP
    down[place] -= STEP
    ends = [_joint(logs, logs.scores, values) for values in (up, down)]
    return (ends[0] - ends[1]) / (2 * STEP)


def _density(logs: Logs, scores: np.ndarray, talk_only: bool) -> np.ndarray:
    if not talk_only:
        return _joint(logs, scores, _truth(logs))
    found = np.zeros(scores.size)
    for k, weight in enumerate(logs.world.weights):
        found += _chosen(logs, scores, k, weight * logs.world.selectivity)
    return found


def _slopes_of_talk(logs: Logs, k: int) -> np.ndarray:
    product = logs.world.weights[k] * logs.world.selectivity
    ends = [_chosen(logs, logs.scores, k, product + step) for step in (STEP, -STEP)]
    return (ends[0] - ends[1]) / (2 * STEP)


def _chosen(logs: Logs, scores: np.ndarray, k: int, product: float) -> np.ndarray:
    """Log density of the scores of what was handed over of one intent, over that of all needs; 0 of all else."""
    rows = (logs.contacts.intent == k) & (logs.contacts.route == Route.HANDED_OVER)
    capable = logs.world.capable[k]
    hard = ndtr((product * scores - ndtri(capable)) / np.sqrt(1 - product**2)) / (1 - capable)
    return np.where(rows, np.log(np.maximum(hard, 1e-300)), 0.0)


def _joint(logs: Logs, scores: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Log density of score and resolution, over that of the score among all needs."""
    contacts, size = logs.contacts, len(logs.contacts.intents)
    found = np.zeros(scores.size)
    for k in range(size):
        for chosen in (False, True):
            rows = (contacts.intent == k) & ((contacts.route == Route.HANDED_OVER) == chosen)
            if rows.any():
                found[rows] = _of_rows(logs, k, chosen, scores[rows], rows, values)
    return found


def _of_rows(logs: Logs, k: int, chosen: bool, scores: np.ndarray, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    weight, base = values[3 + k], values[3 + len(logs.contacts.intents) + k]
    z = weight * scores[:, None] + np.sqrt(1 - weight**2) * NODES
    resolves = expit(base + values[2] * logs.contacts.after[rows][:, None] - values[1] * z)
    chance = np.where(logs.contacts.resolved[rows][:, None] > 0, resolves, 1 - resolves)
    if chosen:
        capable = logs.world.capable[k]
        chance = chance * ndtr((values[0] * z - ndtri(capable)) / np.sqrt(1 - values[0] ** 2)) / (1 - capable)
    return np.log(chance @ WEIGHT)
