"""Chats beside each other against Ciw, an independent simulator: two agents, up to two each, patience, steady state."""

import os

import joblib
import numpy as np
import pytest
from scipy import stats

from sim import loads
from sim.engine import prepare
from sim.engine.records import Outcome
from sim.measures import make_frame
from tests.exact.channels import chat
from tests.exact.ciw_chats import AGENTS, CAP, CV, LENGTHS, PATIENCE_S, PER_HOUR, WORK_S, figures, in_ciw
from tests.exact.harness import exponential, measured, steady

NAMES = ("delayed", "abandoned", "wait", "elapsed")


def in_ccsim(replications, hours):
    """The same pairs, one of each replication."""
    talk = {"distribution": "lognormal", "mean": f"{WORK_S}s", "cv": CV}
    kinds = {"chat": chat(talk, LENGTHS, patience=exponential(PATIENCE_S))}
    team = {"team": {"skills": ["chat"], "staff": AGENTS, "concurrency": CAP}}
    scenario = loads(steady(4, hours, kinds, team, arrivals={"per_hour": PER_HOUR}))
    prepared, frame = prepare(scenario), make_frame(scenario)
    return [pairs(prepared.replicate(1, n), frame) for n in range(replications)]


def pairs(records, frame):
    joined = measured(records, frame)
    closed = records.channels["closed_us"][np.isin(records.contacts["need"], joined["need"])]
    done = joined["outcome"] == Outcome.ANSWERED
    done &= closed >= 0
    waited = (joined["left_us"] - joined["joined_us"]) / 1e6
    spent = np.where(done, closed - joined["left_us"], 0) / 1e6
    return figures(np.column_stack([waited, joined["outcome"] == Outcome.ABANDONED, spent]))


def ratio(found, name):
    """A ratio of sums and its standard error, by the delta method."""
    top, bottom = np.array([each[name] for each in found]).T
    mean = top.sum() / bottom.sum()
    values = (top - mean * bottom) / bottom.mean()
    return mean, values.std(ddof=1) / np.sqrt(values.size)


def agree(ciws, ours, narrow):
    """Each within the other's interval, all four held at 99 %; half-widths (95 %) within `narrow` of the value."""
    for name in NAMES:
        (theirs, error), (own, own_error) = ratio(ciws, name), ratio(ours, name)
        wide = stats.norm.ppf(0.975) * max(error / theirs, own_error / own)
        assert wide <= narrow, (name, wide)
        z = (own - theirs) / np.hypot(error, own_error)
        assert abs(z) <= stats.norm.ppf(1 - 0.01 / 2 / len(NAMES)), (name, theirs, own, z)


def runs(replications, hours):
    return joblib.Parallel(n_jobs=os.cpu_count())(joblib.delayed(in_ciw)(hours, n) for n in range(replications))


def test_chats_are_shared_as_in_ciw():
    agree([in_ciw(60, n) for n in range(12)], in_ccsim(40, 140), narrow=0.05)


@pytest.mark.long
def test_chats_are_shared_as_in_ciw_to_two_percent():
    agree(runs(200, 140), in_ccsim(400, 140), narrow=0.02)
