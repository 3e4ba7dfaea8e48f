"""The mix-shift law: what a bot that takes the easy needs leaves to the agents."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.special import ndtr, ndtri

import sim
from sim.engine.records import BotOutcome
from sim.study.mix_shift import formula_t0

CV, MEAN = 0.8, 300.0
LAWS = {
    "lognormal": (
        {"distribution": "lognormal", "mean": f"{MEAN}s", "cv": CV},
        stats.lognorm(math.sqrt(math.log1p(CV**2)), scale=MEAN / math.sqrt(1 + CV**2)),
    ),
    "gamma": ({"distribution": "gamma", "mean": f"{MEAN}s", "cv": CV}, stats.gamma(CV**-2, scale=MEAN * CV**2)),
    "weibull": (
        {"distribution": "weibull", "mean": f"{MEAN}s", "shape": 1.4},
        stats.weibull_min(1.4, scale=MEAN / math.gamma(1 + 1 / 1.4)),
    ),
    "exponential": ({"distribution": "exponential", "mean": f"{MEAN}s"}, stats.expon(scale=MEAN)),
    "uniform": ({"distribution": "uniform", "low": "0s", "high": f"{2 * MEAN}s"}, stats.uniform(0, 2 * MEAN)),
}


def hard_part(law, link, capable):
    """E[T0; not capable]: T0 at the score x, which the bot cannot resolve with probability Phi((link x - z) / ...)."""
    z, left = ndtri(capable), math.sqrt(1 - link**2)
    value, _ = quad(lambda x: law.ppf(ndtr(x)) * stats.norm.pdf(x) * ndtr((link * x - z) / left), -8, 8, limit=200)
    return value


def t0_of_agents(law, link, capable, opt_out, false):
    """Mean T0 of first attempts that reach agents, and the share of first attempts that do."""
    stays = (1 - opt_out) * (1 - false)
    share = opt_out + stays * (1 - capable)
    return (opt_out * law.mean() + stays * hard_part(law, link, capable)) / share, share


def scenario(
    weight=0.6,
    capable=0.35,
    opt_out=0.0,
    selectivity=0.7,
    false=0.0,
    calls=600,
    kinds=("lognormal", "gamma", "weibull"),
):
    """Every family as an intent; nobody waits for an agent, since only who joins the queue matters."""
    return sim.loads(
        {
            "name": "mix shift",
            "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-20:00", "interval": "60m"},
            "intents": {
                name: {
                    "talk_time": LAWS[name][0],
                    "skill": "all",
                    "difficulty_weight": weight,
                    "bot": {"resolves": capable},
                    "arrivals": {"per_day": calls},
                }
                for name in kinds
            },
            "customers": {"patience": {"distribution": "constant", "value": "1s"}},
            "agents": {"team": {"skills": ["all"], "staff": 0}},
            "bot": {
                "opt_out": opt_out,
                "selectivity": selectivity,
                "false_containment": false,
                "session": {"distribution": "constant", "value": "60s"},
            },
            "run": {"replications": 20, "warm_up": "0d", "follow_up": "0d"},
        }
    )


def test_the_published_example():
    """p = .35, no opt-outs, cv .8, rho lam = .42: T0 x 1.157, and 24.8 % of the work gone, not 35 %."""
    law = LAWS["lognormal"][1]
    mean, share = t0_of_agents(law, 0.42, 0.35, 0.0, 0.0)
    assert mean / MEAN == pytest.approx(1.157, abs=0.0005)
    assert 1 - share * mean / MEAN == pytest.approx(0.248, abs=0.0005)
    log_sd = math.sqrt(math.log1p(CV**2))
    assert log_sd == pytest.approx(0.703, abs=0.0005)
    assert hard_part(law, 0.42, 0.35) / MEAN == pytest.approx(ndtr(log_sd * 0.42 - ndtri(0.35)), rel=1e-8)


@pytest.mark.parametrize("opt_out", [0.0, 0.3])
@pytest.mark.parametrize("false", [0.0, 0.4])
@pytest.mark.parametrize(("weight", "selectivity"), [(0.6, 0.7), (0.9, -0.4), (0.0, 0.7), (0.6, 0.0), (1.0, 0.95)])
def test_the_formula_of_the_report(weight, selectivity, opt_out, false):
    """The lognormal closed form of the report against quadrature of the law."""
    shown, share = formula_t0(scenario(weight, 0.35, opt_out, selectivity, false), 0)
    mean, expected = t0_of_agents(LAWS["lognormal"][1], weight * selectivity, 0.35, opt_out, false)
    assert shown == pytest.approx(mean, rel=1e-6)
    assert share == pytest.approx(expected, rel=1e-12)


CASES = [
    # weight, capable, opt_out, selectivity, false containment
    (0.6, 0.35, 0.0, 0.7, 0.0),
    (0.6, 0.35, 0.2, 0.7, 0.35),
    (0.8, 0.6, 0.1, 0.9, 0.5),
    (0.6, 0.5, 0.2, -0.6, 0.2),
    (0.6, 0.35, 0.0, 0.0, 0.35),
]


@pytest.mark.parametrize(("weight", "capable", "opt_out", "selectivity", "false"), CASES)
def test_the_law_simulated(engine, weight, capable, opt_out, selectivity, false):
    """Mean T0 of first attempts that reach agents, intent by intent: 12,000 calls each, 15 comparisons held at 99 %."""
    result = sim.run(scenario(weight, capable, opt_out, selectivity, false), seed=8, engine=engine)
    table = result.mix_shift.set_index("intent")
    wider = stats.t.ppf(1 - 0.005 / 15, 19) / stats.t.ppf(0.975, 19)
    for name in result.scenario.intents:
        row, law = table.loc[name], LAWS[name][1]
        mean, share = t0_of_agents(law, weight * selectivity, capable, opt_out, false)
        half = (row["ci_high"] - row["ci_low"]) / 2
        assert half < 0.04 * mean
        assert abs(row["t0_agents_s"] - mean) < half * wider, name
        assert row["t0_formula_s"] == pytest.approx(mean, rel=2e-4), name
        assert row["t0_all_s"] == pytest.approx(MEAN)
        reached = row["contacts_to_agents"] / row["contacts_in"]
        assert reached == pytest.approx(share, abs=5 * math.sqrt(share * (1 - share) / 12_000))


def test_the_shift_of_the_total_splits_into_between_and_within(engine):
    """The bot resolves .8 of one intent and .1 of the other: the mix of intents shifts, and each intent within."""
    document = scenario(kinds=("lognormal", "gamma")).resolved()
    document["intents"]["lognormal"]["bot"] = {"resolves": 0.8}
    document["intents"]["gamma"] |= {
        "bot": {"resolves": 0.1},
        "talk_time": {"distribution": "gamma", "mean": "900s", "cv": 0.5},
    }
    table = sim.run(sim.loads(document), seed=8, engine=engine).mix_shift.set_index("intent")
    total, joined = table.loc["total"], table["contacts_to_agents"]
    stated = (joined["lognormal"] * 300 + joined["gamma"] * 900) / joined["total"]
    assert total["t0_all_s"] == pytest.approx(600, rel=0.02)
    assert total["between_s"] == pytest.approx(stated - total["t0_all_s"])
    assert total["within_s"] == pytest.approx(total["t0_agents_s"] - stated)
    assert total["between_s"] > 50
    assert total["within_s"] > 10
    own = [table.loc[n, "t0_agents_s"] * joined[n] for n in ("lognormal", "gamma")]
    assert total["t0_agents_s"] == pytest.approx(sum(own) / joined["total"])


@pytest.mark.parametrize("selectivity", [-0.3, 0.0, 0.5, 1.0])
@pytest.mark.parametrize("capable", [0.1, 0.35, 0.8])
def test_the_bot_is_capable_of_exactly_its_share(engine, selectivity, capable):
    """8,000 sessions: within four standard errors, whatever the selectivity."""
    served = scenario(0.6, capable, 0.0, selectivity, calls=8_000, kinds=("exponential",))
    records = sim.simulate(served, seed=int(100 * capable), engine=engine)
    bot = records.contacts["bot"]
    share = np.mean(bot == BotOutcome.RESOLVED)
    assert abs(share - capable) < 4 * math.sqrt(capable * (1 - capable) / bot.size)


def test_containment_given_is_containment_simulated(engine):
    """Containment 41 % of which a quarter is false, with a fifth opting out: p = .384, phi = .208."""
    document = scenario(opt_out=0.2, kinds=("exponential",), calls=6_000).resolved()
    document["intents"]["exponential"]["bot"] = {"containment": 0.41, "false_share": 0.25}
    measures = sim.run(sim.loads(document), seed=4, replications=4, engine=engine).measures["mean"]
    error = math.sqrt(0.41 * 0.59 / 24_000)
    assert abs(measures["containment_rate"] - 0.41) < 4 * error
    assert abs(measures["bot_resolution_rate"] - 0.41 * 0.75) < 4 * error
    assert abs(measures["false_containment_rate"] - 0.25) < 4 * math.sqrt(0.25 * 0.75 / 9_840)
