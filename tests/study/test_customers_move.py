"""What moves customers moves measures the documented way: paired differences on common customers, 95 % intervals."""

import math
from functools import cache

import numpy as np
import pandas as pd
import pytest

import sim
from sim.demand.horizon import make_horizon
from sim.study.replicate import RunOptions, make_run, replicate
from tests.drawn import make_world

CENTRE = {
    "name": "before",
    "calendar": {"start": "2026-11-23", "days": 2, "hours": "08:00-18:00", "interval": "5h"},
    "arrivals": {"per_day": 900},
    "intents": {"call": {"talk_time": "4m", "wrap_up": "30s", "bot": {"resolves": 0.4}}},
    "customers": {
        "patience": "3m",
        "redial": {"delay": "15m", "next_day": 0.1},
        "repeat": {"delay": "90m", "falsely_contained": {"delay": "2h"}},
        "max_attempts": 5,
    },
    "agents": {"team": {"skills": ["call"], "staff": 7}},
    "bot": {},
    "frustration": {},
    "run": {"seed": 3, "replications": 12, "warm_up": "0d", "follow_up": "0d"},
}
PLENTY = {"agents.team.staff": 40, "customers.patience": "infinite"}


def centre(changes=None, **more):
    """The centre; keys of `changes` are paths."""
    return sim.loads(CENTRE | more, changes or {})


@cache
def studied(scenario):
    """Every measure of a scenario, by its replications."""
    study = make_run(scenario)
    replicate([study], RunOptions(scenario.run.seed, jobs=1))
    return study.estimates("overall")


def moved(before, after):
    """Paired differences of the second against the first, as `sim.compare` makes them: by measure, with its ends."""
    first, second = studied(before), studied(after)
    gaps = {name: second[name].minus(first[name]) for name in second if name in first}
    ends = {name: (gap.mean[0], gap.low[0], gap.high[0]) for name, gap in gaps.items()}
    return pd.DataFrame.from_dict(ends, orient="index", columns=["mean", "ci_low", "ci_high"])


def compared(before, after):
    """The same with what a bot deflects."""
    return sim.compare(before, after, jobs=1).differences.set_index("measure")


def rises(table, name):
    return table.loc[name, "ci_low"] > 0


def falls(table, name):
    return table.loc[name, "ci_high"] < 0


def test_without_a_way_to_a_human_more_leave_redial_and_are_annoyed():
    """Fewer reach an agent, and those who do have been through more."""
    talk = centre({"bot.conversation.handoff": "offer"})
    table = moved(talk, centre({"bot.conversation.handoff": "never"}, name="no way out"))
    for name in ("bot_abandoned", "bot_abandonment_rate", "redial_rate", "frustration_at_agent", "frustration_at_end"):
        assert rises(table, name), name
    assert rises(table, "bot_session_s")
    assert falls(table, "escalation_rate")
    assert falls(table, "offered")


def test_lost_trust_has_more_customers_ask_for_a_human():
    """By some points, since only those ask more whom the bot or an agent has failed before."""
    table = moved(centre(), centre(trust={}, name="trust"))
    assert rises(table, "opt_out_rate")
    assert 0.01 < table.loc["opt_out_rate", "mean"] < 0.05
    steep = moved(centre(trust={}), centre({"trust.opt_out": 12.0}, trust={}, name="steep"))
    assert rises(steep, "opt_out_rate")


def test_trust_without_a_slope_moves_nothing():
    table = moved(centre(), centre(trust={"opt_out": 0.0}, name="trust"))
    assert (table["mean"] == 0).all()


def test_who_expects_more_gives_up_sooner():
    table = moved(centre(), centre(expectations={}, name="spoiled"))
    for name in ("abandonment_rate", "abandoned", "redial_rate"):
        assert rises(table, name), name
    assert table.loc["frustration_at_end", "ci_low"] > 0


def test_patience_alone_has_more_give_up():
    """Without the higher frustration that expectations begin with."""
    assert rises(moved(centre(), centre(expectations={"start": 0.0}, name="spoiled")), "abandonment_rate")


def test_who_goes_straight_to_an_agent_starts_no_session():
    table = moved(centre(), centre({"customers.straight_to_human": 0.8}, name="straight"))
    assert falls(table, "bot_offered")
    assert rises(table, "offered")
    share = moved(centre(), centre({"customers.straight_to_human": 0.4}, name="straight"))
    assert 0 > share.loc["bot_offered", "mean"] > table.loc["bot_offered", "mean"]


# Induced demand

INDUCED = {"induced_demand.elasticity": 0.2, "induced_demand.ease": 0.5}


def test_ease_induces_a_tenth_more_demand():
    """1 + .2 x .5, give or take half-widths of half a percent of the demand, and an eighth of the difference."""
    plain, more = (
        studied(centre(changes | {"run.replications": 60}, bot="off"))["demand"] for changes in ({}, INDUCED)
    )
    assert abs(more.mean[0] - 1.1 * 1800) < 1.3 * more.half_width[0] < 0.01 * 1980
    gap = more.minus(plain)
    assert abs(gap.mean[0] - 0.1 * 1800) < 1.3 * gap.half_width[0] < 0.125 * 180


def test_a_fixed_count_is_a_tenth_more_to_the_contact():
    fixed = {"arrivals.process": "fixed_count"}
    demand = [studied(centre(fixed | more))["demand"].mean[0] for more in ({}, INDUCED)]
    assert demand == [1800, 1980]


def test_without_elasticity_or_ease_nothing_moves():
    for neutral in ({"induced_demand.ease": 1.0}, {"induced_demand.elasticity": 0.5, "induced_demand.ease": 0.0}):
        table = moved(centre(), centre(neutral, name="neutral"))
        assert (table["mean"] == 0).all()


@pytest.mark.parametrize("process", ["poisson", "fixed_count"])
def test_the_customers_of_the_smaller_are_among_those_of_the_larger(process):
    """The same people, with the same luck; more come besides."""
    people = []
    for more in ({}, INDUCED):
        scenario = centre(PLENTY | more | {"arrivals.process": process})
        world = make_world(scenario, 3, 0, make_horizon(scenario))
        contacts = sim.simulate(scenario, seed=3).contacts
        first = contacts[contacts["attempt"] == 1]
        names = zip(world.date.tolist(), world.name.tolist(), world.number.tolist(), strict=True)
        people.append(dict(zip(names, first[["bot", "base_us", "wrap_us"]].tolist(), strict=True)))
    smaller, larger = people
    assert len(larger) - len(smaller) == pytest.approx(0.1 * len(smaller), rel=0.25)
    assert all(larger[name] == luck for name, luck in smaller.items())


# How far a bot reaches

QUIET = PLENTY | {"run.replications": 40, "bot.conversation.offer_after": 2}


def test_a_pilot_on_a_tenth_of_customers_deflects_a_tenth():
    """Nobody waits, so that customers do not touch each other: exposed or not is all that matters."""
    pilot, whole = centre(QUIET | {"bot.exposure": 0.1}), centre(QUIET, name="all")
    found = sim.compare(pilot, whole, jobs=1)
    tenth, every = (result.measures.loc["net_deflection_rate"] for result in found.results.values())
    halves = [(row["ci_high"] - row["ci_low"]) / 2 for row in (tenth, every)]
    assert abs(tenth["mean"] - 0.1 * every["mean"]) < math.hypot(halves[0], 0.1 * halves[1])
    assert halves[0] < 0.2 * tenth["mean"]
    assert rises(found.differences.set_index("measure"), "net_deflection_rate")
    rates = [result.measures.loc["containment_rate", "mean"] for result in found.results.values()]
    assert rates[0] == pytest.approx(rates[1], rel=0.05)


ALWAYS = {"bot.hours": "00:00-24:00"}
NIGHT = ALWAYS | {"bot.out_of_hours": 0.3}
ONCE = {"customers.redial": "off", "customers.repeat": "off"}


def test_contacts_at_night_are_contained_and_deflect_nothing():
    """Where nobody comes back they touch nobody: three tenths more is contained, and no contact is spared an agent."""
    table = compared(centre(QUIET | ONCE | ALWAYS), centre(QUIET | ONCE | NIGHT, name="night"))
    for name in ("bot_contained", "bot_resolved", "bot_abandonment_rate"):
        assert rises(table, name), name
    assert falls(table, "escalation_rate")
    for name in ("net_deflection_rate", "offered", "containment_in_hours"):
        assert tuple(table.loc[name, ["mean", "ci_low", "ci_high"]]) == (0, 0, 0), name
    before, after = (studied(centre(QUIET | ONCE | more))["bot_contained"].mean[0] for more in (ALWAYS, NIGHT))
    assert after / before == pytest.approx(1.3, rel=0.05)


def test_who_leaves_at_night_comes_to_agents_by_day():
    """So that the bot deflects less than without them."""
    table = compared(centre(QUIET | ALWAYS), centre(QUIET | NIGHT, name="night"))
    assert rises(table, "bot_contained")
    assert rises(table, "offered")
    assert falls(table, "net_deflection_rate")
    assert falls(table, "containment_in_hours")


def test_needs_at_night_are_a_share_of_those_by_day():
    """1.3 times as many, give or take a half-width of less than a percent."""
    found = sim.run(centre(PLENTY | NIGHT | {"arrivals.process": "fixed_count"}), replications=40, jobs=1)
    demand = found.measures.loc["demand"]
    half = (demand["ci_high"] - demand["ci_low"]) / 2
    assert abs(demand["mean"] - 1.3 * 1800) < 1.3 * half < 0.01 * 2340
    by_day = found.by_day.query("measure == 'demand'")["mean"]
    assert np.allclose(by_day, 1.3 * 900, rtol=0.02)
