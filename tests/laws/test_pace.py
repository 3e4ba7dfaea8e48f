"""The handle-time target: squeeze, running mean, and the price in resolution; the documented pair of Dell 2006."""

import math

import numpy as np
import pytest

import sim
from sim.mechanisms.pace import RUNNING_WEIGHT, running_mean, squeeze, squeezed_logit
from sim.mechanisms.resolution import expit


def test_the_squeeze_by_hand():
    """r = 90/100; with push .6 every talk is 1 - .6 x .1 = .94 of what it needs."""
    assert squeeze(100.0, 90.0, 0.6) == pytest.approx(0.94)
    assert squeeze(100.0, 90.0, 1.0) == pytest.approx(0.9)
    assert squeeze(200.0, 50.0, 1.0) == pytest.approx(0.25)


@pytest.mark.parametrize(("mean", "target", "push"), [(100, 100, 1), (99, 100, 1), (100, 0, 1), (100, 50, 0)])
def test_a_target_not_reached_absent_or_not_pushed_is_a_factor_of_exactly_one(mean, target, push):
    assert squeeze(float(mean), float(target), float(push)) == 1.0


def test_the_running_mean_moves_by_one_part_in_two_hundred():
    assert RUNNING_WEIGHT == 1 / 200
    assert running_mean(300.0, 500.0) == pytest.approx(301.0)
    assert running_mean(300.0, 300.0) == 300.0


def test_an_unsqueezed_talk_keeps_its_odds_to_the_last_bit():
    assert squeezed_logit(0.123456789, 1.0, 2.3) == 0.123456789
    assert squeezed_logit(0.123456789, 0.8, 0.0) == 0.123456789


def resolved(share, factor, slope):
    return expit(squeezed_logit(math.log(share / (1 - share)), factor, slope))


@pytest.mark.parametrize(("factor", "expected"), [(0.9, 0.67), (0.8, 0.63)])
def test_the_published_examples_at_slope_one_and_a_half(factor, expected):
    assert round(resolved(0.70, factor, 1.5), 2) == expected


def test_dell_by_hand():
    """22 minutes in place of 32: first-contact resolution .65 to .44, and as many minutes a resolution as before."""
    squeezed = resolved(0.65, 22 / 32, 2.30)
    assert squeezed == pytest.approx(0.44, abs=0.001)
    minutes = [32 / 0.65, 22 / squeezed]
    assert minutes == pytest.approx([49.2, 50.0], abs=0.1)


def centre(talk="20m", resolution=0.70, cv=0.3, share=None, **pace):
    document = {
        "name": f"target {pace.get('target', 'none')}",
        "calendar": {"start": "2026-11-23", "days": 5, "hours": "08:00-20:00", "interval": "60m"},
        "arrivals": {"per_day": 600},
        "intents": {
            "call": {
                "talk_time": {"distribution": "gamma", "mean": talk, "cv": cv},
                "resolution": resolution,
                "difficulty_slope": 0,
                "difficulty_weight": 0,
            }
        },
        "agents": {"team": {"skills": ["call"], "staff": 60}},
        "run": {"replications": 6, "warm_up": "0d", "follow_up": "0d"},
    }
    return sim.loads(document | ({"pace": pace} if pace else {}))


@pytest.fixture(scope="module")
def dell(engine):
    """The documented pair on the same customers."""
    before = centre("32m", 0.65)
    after = centre("32m", 0.65, target="22m", push=1, resolution_slope=2.30)
    return sim.compare(before, after, seed=11, engine=engine)


def covered(row, expected, slack=0.0):
    """The interval, a half wider than its 95 %, holds what is expected."""
    half = 1.5 * (row["ci_high"] - row["ci_low"]) / 2 + slack
    return abs(row["mean"] - expected) <= half


def difference(pair, measure):
    return pair.differences.set_index("measure").loc[measure, ["mean", "ci_low", "ci_high"]].astype(float)


def test_dell_simulated(dell):
    """18,000 calls each: 49.2 and 50.0 minutes a resolution, and intervals of a minute at most."""
    minutes = {"target none": 32 / 0.65, "target 22m": 22 / resolved(0.65, 22 / 32, 2.30)}
    for name, expected in minutes.items():
        row = dell.results[name].measures.loc["workload_per_resolution_s"] / 60
        assert (row["ci_high"] - row["ci_low"]) / 2 < 1.0
        assert covered(row, expected, slack=0.1), (name, row, expected)


def test_dell_talks_and_resolutions(dell):
    before, after = (result.measures for result in dell.results.values())
    assert covered(before.loc["aht_s"], 1920.0)
    assert after.loc["aht_s", "mean"] == pytest.approx(22 * 60, rel=0.01)
    assert after.loc["natural_aht_s", "mean"] == before.loc["aht_s", "mean"]
    assert covered(after.loc["resolution_rate"], 0.44, slack=0.002)
    assert after.loc["resolution_rate"]["ci_high"] - after.loc["resolution_rate"]["ci_low"] < 0.05


def test_the_squeeze_bought_nothing(dell):
    row = difference(dell, "workload_per_resolution_s") / 60
    assert row["ci_low"] < 50.04 - 49.23 < row["ci_high"]
    assert row["ci_high"] - row["ci_low"] < 2.0


def test_a_target_that_is_never_reached_changes_no_bit(engine):
    targets = ({}, {"target": "10h", "push": 1})
    plain, calm = (sim.simulate(centre(cv=1.0, **pace), seed=3, engine=engine) for pace in targets)
    for name in ("contacts", "segments", "duties", "needs"):
        assert getattr(plain, name).tobytes() == getattr(calm, name).tobytes(), name


def test_a_target_at_the_natural_aht_shortens_by_less_than_one_percent(engine):
    pair = sim.compare(centre(cv=0.8), centre(cv=0.8, target="20m"), seed=5, replications=4, engine=engine)
    before, after = (result.measures["mean"]["aht_s"] for result in pair.results.values())
    assert 0 < 1 - after / before < 0.01


def test_a_target_a_tenth_below_takes_resolution_from_70_to_67(engine):
    pair = sim.compare(centre(), centre(target="18m", push=1), seed=5, engine=engine)
    before, after = (result.measures.loc["resolution_rate"] for result in pair.results.values())
    assert covered(before, 0.70)
    assert covered(after, resolved(0.70, 0.9, 1.5))
    fall = difference(pair, "resolution_rate")
    assert fall["ci_low"] < resolved(0.70, 0.9, 1.5) - 0.70 < fall["ci_high"]
    assert fall["ci_high"] - fall["ci_low"] < 0.01
    assert np.isclose(resolved(0.70, 0.9, 1.5), 0.666, atol=0.001)
