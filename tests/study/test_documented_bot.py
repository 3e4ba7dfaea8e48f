"""The figures that the bot's defaults are set to, and the laws of containment and mix shift, by confidence interval."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr, ndtri

import sim
from sim.engine.records import BotOutcome

CALLS = 60_000
SURE = stats.norm.ppf(0.9975)
"""Half-widths are those of 99.5 %: there are a few dozen comparisons in this file."""


def world(bot, own, calls=CALLS, replications=1, **intent):
    """First attempts alone, and nobody there: whoever wants a human joins a queue and is gone."""
    return sim.loads(
        {
            "name": "documented bot",
            "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-20:00", "interval": "60m"},
            "arrivals": {"per_day": calls},
            "intents": {"call": {"talk_time": "4m", "bot": own} | intent},
            "customers": {"patience": {"distribution": "constant", "value": "1s"}},
            "agents": {"team": {"skills": ["call"], "staff": 0}},
            "bot": bot,
            "run": {"replications": replications, "warm_up": "0d", "follow_up": "0d"},
        }
    )


def sessions(bot, own, **more):
    """The contacts that began a session: not those who asked for a human at once."""
    contacts = sim.simulate(world({"conversation": {}} | bot, own, **more), seed=11).contacts
    assert contacts.size > CALLS * 0.9
    return contacts[contacts["bot"] != BotOutcome.OPTED_OUT]


def interval(values):
    """Mean and half-width."""
    return values.mean(), SURE * values.std() / math.sqrt(values.size)


# What the defaults are set to (docs/evidence.md, section 2)


def share_by_hand(first, second):
    """What becomes of a session at its first and, if it comes to that, second failed turn: leaves, asks, is closed."""
    stays = second * 0.89
    gives_up = first * 0.11 + stays * 0.60
    return 0.25 * gives_up, 0.75 * gives_up, stays * 0.40


ABLE = share_by_hand(1 - 0.85**5, 1 - 0.85**6 - 6 * 0.15 * 0.85**5)
UNABLE = share_by_hand(1.0, 1.0)


@pytest.mark.parametrize(("resolves", "expected"), [(0.35, 158.3), (0.40, 163.5), (0.45, 168.8)])
def test_a_session_takes_about_150_seconds(resolves, expected):
    """At most 15 % more: 121.5 s where the bot is not capable, which is 1.89 failed turns of 45 / .7 s, else 226.6 s.

    Where it is capable, with G = (1 - .85^5) / .15 turns up to the fifth good or the first failed one, .89 go on from
    that one to the fifth good or the second failed one: G + .89 (G - 5 x .85^5) turns of 45 s.
    """
    first = (1 - 0.85**5) / 0.15
    able, unable = 45 * (first + 0.89 * (first - 5 * 0.85**5)), 1.89 * 45 / 0.7
    assert resolves * able + (1 - resolves) * unable == pytest.approx(expected, abs=0.05)
    mean, half = interval(sessions({}, {"resolves": resolves})["bot_us"] / 1e6)
    assert abs(mean - expected) < half < 2.0
    assert 140 < mean - half < mean + half < 1.15 * 150


@pytest.mark.parametrize(("resolves", "expected"), [(0.0, 121.5), (1.0, 226.57)])
def test_a_session_takes_longer_where_the_bot_is_capable(resolves, expected):
    mean, half = interval(sessions({}, {"resolves": resolves})["bot_us"] / 1e6)
    assert abs(mean - expected) < half < 2.0


def test_56_percent_of_failing_sessions_come_to_a_human_within_three_minutes():
    """Needs that the bot cannot resolve, with the default false containment: they ask, or are offered a human.

    Failed turns come at the rate of .7 in 45 s, so the first comes within three minutes with 1 - e^-2.8, the second
    with 1 - 3.8 e^-2.8. At the first .0825 ask; at the second .89 x .45 do, and .89 x .40 x .65 are offered: .563.
    """
    failing = sessions({}, {"resolves": 0.0})
    assert (failing["failed_turns"] <= 2).all()
    soon = (failing["bot"] == BotOutcome.HANDED_OFF) & (failing["bot_us"] <= 180_000_000)
    share, half = interval(soon)
    one, two = 1 - math.exp(-2.8), 1 - 3.8 * math.exp(-2.8)
    expected = 0.11 * 0.75 * one + 0.89 * (0.60 * 0.75 + 0.40 * 0.65) * two
    assert half < 0.01
    assert abs(share - expected) < half
    assert 0.55 < share - half < share + half < 0.58


def test_most_ask_for_themselves():
    """Of the 56 %, 38.5 points ask; the bot's offer brings 17.8. Where nothing is closed it would be 66 %."""
    failing = sessions({"false_containment": 0.0}, {"resolves": 0.0})
    soon = (failing["bot"] == BotOutcome.HANDED_OFF) & (failing["bot_us"] <= 180_000_000)
    share, half = interval(soon)
    assert abs(share - 0.6592) < half < 0.01
    asked = sessions({"false_containment": 1.0}, {"resolves": 0.0})
    soon = (asked["bot"] == BotOutcome.HANDED_OFF) & (asked["bot_us"] <= 180_000_000)
    share, half = interval(soon)
    assert abs(share - 0.3855) < half < 0.01


@pytest.mark.parametrize("resolves", [0.35, 0.40, 0.45])
def test_about_ten_percent_leave(resolves):
    """.115 of the sessions that begin at p = .4, and .092 of all, opt-outs included."""
    contacts = sim.simulate(world({"conversation": {}}, {"resolves": resolves}), seed=12).contacts
    left, out = contacts["bot"] == BotOutcome.LEFT, contacts["bot"] == BotOutcome.OPTED_OUT
    expected = resolves * ABLE[0] + (1 - resolves) * UNABLE[0]
    for values, share in ((left[~out], expected), (left, 0.8 * expected)):
        mean, half = interval(values)
        assert abs(mean - share) < half < 0.005
        assert 0.05 < mean - half < mean + half < 0.15
        assert mean == pytest.approx(0.10, abs=0.025)


# What planners state


TALKS = {
    "whole sessions": {},
    "conversation": {"conversation": {}},
    "no way out": {"conversation": {"handoff": "never"}},
    "patient": {"conversation": {"give_up": [0.05, 0.3], "offer_after": 3}, "opt_out": 0.1, "selectivity": 0.2},
}


@pytest.mark.parametrize("name", TALKS)
def test_containment_simulated_is_containment_stated(name):
    """35 %, a quarter of it false; half-widths of less than 2 % of it, and of 4 % of the false share."""
    found = sim.run(world(TALKS[name], {"containment": 0.35, "false_share": 0.25}), seed=13).measures["mean"]
    sessions_made, contained = found["bot_offered"], found["bot_contained"]
    assert sessions_made > CALLS * 0.98
    half = SURE * math.sqrt(0.35 * 0.65 / sessions_made)
    assert abs(found["containment_rate"] - 0.35) < half < 0.02 * 0.35
    half = SURE * math.sqrt(0.25 * 0.75 / contained)
    assert abs(found["false_containment_rate"] - 0.25) < half < 0.04 * 0.25
    assert found["bot_resolution_rate"] == pytest.approx(0.35 * 0.75, rel=0.03)


# The mix shift

CV, MEAN, CAPABLE, OPT_OUT, FALSE, WEIGHT, SELECTIVITY = 0.8, 240.0, 0.5, 0.2, 0.35, 0.8, 0.9


def t0_of_agents(exposure, able, unable):
    """Mean T0 of first attempts that reach agents; `able` and `unable` of the sessions are handed over."""
    log_sd = math.sqrt(math.log1p(CV**2))
    hard = MEAN * ndtr(log_sd * WEIGHT * SELECTIVITY - ndtri(CAPABLE))
    past, stays = 1 - exposure + exposure * OPT_OUT, exposure * (1 - OPT_OUT)
    share = past + stays * (able * CAPABLE + unable * (1 - CAPABLE))
    return (past * MEAN + stays * (able * (MEAN - hard) + unable * hard)) / share, share


def handed(ways):
    """Who asks, and whom the bot does not close."""
    return ways[1] + (1 - FALSE) * ways[2]


CASES = {
    "conversation": ({}, 1.0, handed(ABLE), handed(UNABLE)),
    "conversation, exposure": ({}, 0.6, handed(ABLE), handed(UNABLE)),
    "no way out": ({"handoff": "never"}, 0.8, 0.0, 0.0),
    "whole sessions, exposure": (None, 0.6, 0.0, 1 - FALSE),
}


@pytest.mark.parametrize("name", CASES)
def test_the_mix_shift_simulated_is_the_law(name):
    """About 40,000 first attempts that reach agents: a shift of 2 % would show."""
    talk, exposure, able, unable = CASES[name]
    bot = {"opt_out": OPT_OUT, "false_containment": FALSE, "selectivity": SELECTIVITY, "exposure": exposure}
    bot |= {} if talk is None else {"conversation": talk}
    time = {"distribution": "lognormal", "mean": f"{MEAN}s", "cv": CV}
    scenario = world(bot, {"resolves": CAPABLE}, calls=5_000, replications=20, talk_time=time, difficulty_weight=WEIGHT)
    row = sim.run(scenario, seed=14, jobs=1).mix_shift.set_index("intent").loc["call"]
    mean, share = t0_of_agents(exposure, able, unable)
    half = (row["ci_high"] - row["ci_low"]) / 2 * stats.t.ppf(0.9975, 19) / stats.t.ppf(0.975, 19)
    assert row["t0_formula_s"] == pytest.approx(mean, rel=1e-9)
    assert abs(row["t0_agents_s"] - mean) < half < 0.02 * mean
    reached = row["contacts_to_agents"] / row["contacts_in"]
    assert abs(reached - share) < SURE * math.sqrt(share * (1 - share) / 100_000)
    if unable > 0.0:
        assert row["t0_agents_s"] > (1 + 2 * 0.02) * MEAN
        for other in {(0.0, exposure), (able, 1.0)} - {(able, exposure)}:
            assert abs(row["t0_agents_s"] - t0_of_agents(other[1], other[0], unable)[0]) > half, other


def test_the_law_counts_who_is_not_exposed_as_one_who_opts_out():
    """Both reach agents unselected."""
    pilot, every = (t0_of_agents(exposure, handed(ABLE), handed(UNABLE))[0] for exposure in (0.1, 1.0))
    assert MEAN < pilot < every
    assert np.isclose(t0_of_agents(0.0, 0.0, 0.0)[0], MEAN)
