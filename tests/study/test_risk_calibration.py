"""Stated chances against what happens, over true worlds that are drawn from the beliefs by other means."""

import numpy as np
import pytest
from scipy import stats

import sim
from sim.study.levels import staffed
from sim.study.replicate import RunOptions
from sim.study.risk.chance import chance_of
from sim.study.scenario_results import simulate_all
from tests.study.test_risk import CENTRE, DAY

pytestmark = pytest.mark.long
CENTRES, WORLDS, DRAWS, PERIOD_DAYS = 12, 100, 160, 2
FACTORS = (0.9, 1.1, 1.3)
BANDS = ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0))


def centre(number):
    """A centre of some size, with beliefs of some width."""
    luck = np.random.default_rng(100 + number)
    calls, talk, spread = luck.uniform(40, 90), luck.uniform(180, 300), luck.uniform(0.05, 0.2)
    staff = int(np.ceil(calls * talk / 3600 * luck.uniform(1.0, 1.35)))
    patience = luck.uniform(100, 240)
    beliefs = {
        "others": "off",
        "arrivals.per_hour": {"times": [1 - spread, 1 + spread]},
        "intents.call.talk_time": {"distribution": "normal", "mean": f"{talk}s", "sd": f"{talk * spread / 2}s"},
        "customers.patience": {"triangular": [f"{patience / 2}s", f"{patience}s", f"{patience * 2}s"]},
        "customers.redial.probability": {"distribution": "beta", "mean": 0.5, "sd": 0.15},
        "correlation": [{"between": ["arrivals.per_hour", "intents.call.talk_time"], "rho": 0.5}],
    }
    return calls, talk, spread, staff, patience, beliefs


def scenario_of(calls, talk, staff, patience, redial=0.5, **more):
    return sim.loads(
        CENTRE
        | {
            "arrivals": {"per_hour": calls},
            "intents": {"call": {"talk_time": f"{talk}s"}},
            "customers": {"patience": f"{patience}s", "redial": {"probability": redial, "next_day": 0}},
            "agents": {"desk": {"skills": ["call"], "staff": staff}},
            "run": {"warm_up": "0d", "follow_up": "0d"},
        }
        | more
    )


def world(number, draw):
    """The values of a true world: scipy's distributions, and a correlation made by hand."""
    calls, talk, spread, staff, patience, _ = centre(number)
    luck = np.random.default_rng((number, draw))
    first, second = luck.standard_normal(2)
    second = 0.5 * first + np.sqrt(1 - 0.25) * second
    busy = stats.uniform(1 - spread, 2 * spread).ppf(stats.norm.cdf(first))
    slow = talk * (1 + spread / 2 * np.clip(second, -3.0, 3.0))
    waits = stats.triang(1 / 3, patience / 2, patience * 1.5).rvs(random_state=luck)
    redial = stats.beta(0.5 * 10.1111, 0.5 * 10.1111).rvs(random_state=luck)
    return scenario_of(calls * busy, float(slow), staff, float(waits), float(np.clip(redial, 0.01, 0.99)))


def test_stated_chances_are_met_as_often_as_they_say(capsys):
    stated, happened, worlds = [], [], []
    for number in range(CENTRES):
        calls, talk, _, staff, patience, beliefs = centre(number)
        scenario = scenario_of(calls, talk, staff, patience, beliefs=beliefs)
        levels = [sim.by_factor(scenario, factor) for factor in FACTORS]
        found = sim.risk(scenario, plans=levels, draws=DRAWS, period=PERIOD_DAYS * DAY * 7 / 5, seed=7)
        chances = [found.chance(plan).mean for plan in found.candidates]
        for draw in range(WORLDS):
            true = world(number, draw)
            plans = [true, *(staffed(true, level) for level in levels)]
            for chance, result in zip(
                chances, simulate_all(plans, RunOptions(10_000 + draw), PERIOD_DAYS), strict=True
            ):
                stated.append(chance)
                happened.append(result.mean("sl_offered") >= 0.8 and result.mean("abandonment_rate") <= 0.08)
                worlds.append((number, draw))
    assert len(set(worlds)) == CENTRES * WORLDS
    judge(np.array(stated), np.array(happened, float), worlds, capsys)


def judge(stated, happened, worlds, capsys):
    """By band, the mean stated chance lies within the interval of what happened, wider by what few draws leave open."""
    bands = [band(low, high, stated, happened, worlds) for low, high in BANDS]
    with capsys.disabled():
        print("\n" + "\n".join(words for words, _, _ in bands))
    for words, gap, width in bands:
        assert width < 0.12, words
        assert abs(gap) < width, words


def band(low, high, stated, happened, worlds):
    """What is said of a band, by how much chances miss what happened there, and how much they may (99 %)."""
    mine = (stated >= low) & ((stated < high) | (high == 1.0))
    by_world = {}
    for place in np.flatnonzero(mine):
        by_world.setdefault(worlds[place], []).append(happened[place] - stated[place])
    gaps = np.array([np.mean(each) for each in by_world.values()])
    centres = len({number for number, _ in by_world})
    of_draws = stated[mine].mean() * (1.0 - stated[mine].mean()) / DRAWS / centres
    rate = chance_of(happened[mine] > 0)
    words = (
        f"{low:.0%} to {high:.0%}: stated {stated[mine].mean():.3f}, happened {rate.mean:.3f} "
        f"({rate.low:.3f} to {rate.high:.3f}), {len(by_world)} worlds of {centres} centres"
    )
    return words, gaps.mean(), stats.norm.ppf(0.995) * np.sqrt(gaps.var(ddof=1) / gaps.size + of_draws)
