"""C8: so many agents that luck no longer matters, against the fluid model of chats (Tezcan and Zhang).

An agent finishes 6, 10 and 12 chats an hour with 1, 2 and 3 in hand. What the linear program says of 9 agents and 100
chats an hour is asked of a hundred times as many; the least loaded is what its optimum needs.
"""

import numpy as np
import pytest
from scipy import stats

from sim import loads
from sim.engine import prepare
from sim.engine.records import Outcome
from sim.measures import make_frame
from tests.exact.channels import chat, in_hand
from tests.exact.harness import exponential, measured, steady

SCALE, PER_HOUR = 100, 100
LENGTHS = [1, 1.2, 1.5]
"""Of ten minutes: 6, 2 x 5 and 3 x 4 an hour."""


def replications(runs, hours, agents, cap=3, **more):
    """Records and frame of some runs, one after the other."""
    team = {"team": {"skills": ["chat"], "staff": round(agents * SCALE), "concurrency": cap}}
    kinds = {"chat": chat(exponential(600), LENGTHS[:cap], **more)}
    scenario = loads(steady(2, hours, kinds, team, arrivals={"per_hour": PER_HOUR * SCALE}))
    prepared, frame = prepare(scenario), make_frame(scenario)
    for n in range(runs):
        yield prepared.replicate(3, n), frame


def at_levels(records, frame):
    """The share of agents' time with 0 to 3 chats in hand."""
    start = records.segments["start_us"][:, None].clip(frame.starts, frame.ends)
    spent = (records.segments["end_us"][:, None].clip(frame.starts, frame.ends) - start).sum(axis=1)
    return np.bincount(records.levels["held"], spent, minlength=4) / spent.sum()


def minutes_open(records, frame):
    joined = measured(records, frame)
    closed = records.channels["closed_us"][records.contacts["joined_us"] >= 0]
    mine = np.isin(records.contacts["need"][records.contacts["joined_us"] >= 0], joined["need"])
    return (closed[mine] - joined["left_us"]).mean() / 6e7


def chats_each(records, frame):
    spent, held = in_hand(records, frame)
    return (spent * held).sum() / spent.sum()


def agrees(values, expected, narrow, bias=0.005):
    """The mean within its own interval (99 %) and what so many agents leave of luck; half-width (95 %) not too wide."""
    error, freedom = np.std(values, ddof=1) / np.sqrt(len(values)), len(values) - 1
    assert stats.t.ppf(0.975, freedom) * error <= narrow * expected, (np.mean(values), error)
    leeway = stats.t.ppf(0.995, freedom) * error + bias * expected
    assert abs(np.mean(values) - expected) <= leeway, (np.mean(values), error)


@pytest.mark.long
def test_nine_agents_have_two_or_three_chats_in_hand():
    """5 of 9 agents have three (12 x 5 + 10 x 4 = 100); 23 chats at 100 an hour are 13.8 minutes each."""
    found = [
        (*at_levels(*run)[2:], minutes_open(*run), chats_each(*run), run[0].contacts["delayed"].mean())
        for run in replications(10, 30, 9)
    ]
    two, three, minutes, each, delayed = np.transpose(found)
    agrees(three, 5 / 9, narrow=0.02)
    agrees(two, 4 / 9, narrow=0.02)
    agrees(minutes, 13.8, narrow=0.01)
    agrees(each, 23 / 9, narrow=0.01)
    assert delayed.mean() < 0.001


@pytest.mark.parametrize(("agents", "cap", "each"), [(95 / 12, 3, 12), (9.5, 2, 10)])
def test_with_too_few_agents_each_serves_as_many_as_its_cap_lets_it(agents, cap, each):
    """With 5 of 100 an hour lost it takes 7.92 agents with three at once, and 9.5 with two (for all, 8.33 and 10)."""
    runs = replications(4, 4, agents, cap, patience=exponential(1800))
    served = [(measured(*run)["outcome"] == Outcome.ANSWERED).sum() / 4 / round(agents * SCALE) for run in runs]
    agrees(served, each, narrow=0.02)
