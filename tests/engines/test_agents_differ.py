"""Agents who differ, the assistant, screens: what they do to contacts, agent by agent, on the same customers."""

import math

import numpy as np
import pytest

from sim import loads, run, simulate
from sim.engine.records import FACTORS, Outcome
from sim.measures.definitions import part_measures

DAY = 86_400.0
WORLD = {
    "name": "agents who differ",
    "calendar": {"start": "2026-11-23", "days": 3, "hours": "08:00-20:00"},
    "arrivals": {"per_day": 900},
    "intents": {"a": {"talk_time": "4m", "wrap_up": {"distribution": "constant", "value": "40s"}}},
    "agents": {"all": {"skills": ["a"], "staff": 40}},
}
ONE_TENURE = {"speed_sd": 0, "tenure": {"distribution": "constant", "value": "90d"}}


def played(engine, **blocks):
    """The answered contacts of a world, and the agents who took them, row by row; nobody has to wait."""
    records = simulate(loads({**WORLD, **blocks}), engine=engine)
    contacts = records.contacts
    assert (contacts["outcome"] == Outcome.ANSWERED).all()
    return contacts, records.agents[contacts["agent"]]


def only(contacts, *factors):
    """Whether no other cause adds anything to talk."""
    return not any(contacts[f"{name}_us"].any() for name in FACTORS if name not in factors)


def test_learning_makes_talk_longer_by_the_law(engine):
    contacts, agents = played(engine, workforce=ONE_TENURE)
    factor = 1 + 0.5 * math.exp(-1)
    assert agents["tenure"] == pytest.approx(factor)
    assert (agents["tenure_s"] == 90 * DAY).all()
    np.testing.assert_allclose(contacts["talk_us"], contacts["base_us"] * factor, atol=2)
    np.testing.assert_array_equal(contacts["tenure_us"], contacts["talk_us"] - contacts["base_us"])
    assert only(contacts, "tenure")


def test_speed_is_each_agents_own_and_wrap_up_is_the_same_for_all(engine):
    contacts, agents = played(engine, workforce={"learning": {"start": 0}, "speed_sd": 0.5})
    np.testing.assert_allclose(contacts["talk_us"], contacts["base_us"] * agents["speed"], atol=2)
    assert len(np.unique(agents["speed"])) == 40
    assert set(contacts["wrap_us"]) == {40_000_000}
    assert only(contacts, "speed")


def test_an_agent_is_the_same_in_every_scenario_and_changes_with_the_replication():
    one = simulate(loads({**WORLD, "workforce": {}})).agents
    more = simulate(loads({**WORLD, "workforce": {}, "agents": {"all": {"skills": ["a"], "staff": 45}}})).agents
    np.testing.assert_array_equal(one, more[:40])
    other = simulate(loads({**WORLD, "workforce": {}}), replication=1).agents
    assert not np.isin(one["speed"], other["speed"]).any()


def test_tenures_come_from_a_list_in_equal_shares():
    scenario = loads({**WORLD, "workforce": {"tenure": ["30d", "90d", "700d"]}})
    drawn = np.concatenate([simulate(scenario, replication=n).agents["tenure_s"] for n in range(100)])
    found, counts = np.unique(drawn / DAY, return_counts=True)
    assert found.tolist() == [30, 90, 700]
    assert counts / drawn.size == pytest.approx([1 / 3] * 3, abs=4 * math.sqrt(2 / 9 / drawn.size))


def test_tenure_by_default_is_exponential_with_a_mean_of_two_years():
    scenario = loads({**WORLD, "workforce": {}})
    drawn = np.concatenate([simulate(scenario, replication=n).agents["tenure_s"] for n in range(400)]) / DAY
    assert drawn.mean() == pytest.approx(730, abs=4 * 730 / math.sqrt(drawn.size))
    assert (drawn < 730 * math.log(2)).mean() == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(drawn.size))


def test_a_redundancy_round_slows_whom_it_affects_and_takes_two_points(engine):
    block = {"speed_sd": 0, "learning": {"start": 0}}
    resolution = {"a": WORLD["intents"]["a"] | {"difficulty_slope": 0, "resolution": 0.7}}
    before, _ = played(engine, intents=resolution)
    contacts, agents = played(engine, intents=resolution, workforce=block | {"redundancy": {"share": 0.5}})
    slow = agents["affected"] == 1
    assert 0.3 < slow.mean() < 0.7
    np.testing.assert_allclose(contacts["talk_us"][slow], contacts["base_us"][slow] * 1.05, atol=2)
    np.testing.assert_array_equal(contacts["talk_us"][~slow], contacts["base_us"][~slow])
    lost = before["resolved"].astype(int) - contacts["resolved"]
    assert not lost[~slow].any()
    assert set(lost[slow]) == {0, 1}
    assert lost[slow].mean() == pytest.approx(0.02, abs=4 * math.sqrt(0.02 * 0.98 / slow.sum()))


def test_a_round_half_a_year_ago_has_half_the_effect(engine):
    block = {"speed_sd": 0, "learning": {"start": 0}, "redundancy": {"share": 1, "since": "4380h"}}
    contacts, agents = played(engine, workforce=block)
    assert agents["points"] == pytest.approx(0.01)
    np.testing.assert_allclose(contacts["talk_us"], contacts["base_us"] * 1.025, atol=2)


NOVICES = {"speed_sd": 0, "learning": {"start": 0}, "tenure": {"distribution": "constant", "value": "0s"}}


def test_the_assistant_shortens_the_talk_of_a_new_starter_by_a_third(engine):
    contacts, _ = played(engine, workforce=NOVICES, assistant={})
    np.testing.assert_allclose(contacts["talk_us"], contacts["base_us"] / 1.34, atol=2)
    assert (contacts["assistant_us"] < 0).all()
    assert only(contacts, "assistant")


def test_extra_steps_lengthen_it_and_reinvested_time_stays_and_resolves_more(engine):
    fast, _ = played(engine, workforce=NOVICES, assistant={"extra_time": "10s"})
    kept, _ = played(engine, workforce=NOVICES, assistant={"extra_time": "10s", "reinvest": 1})
    np.testing.assert_allclose(fast["talk_us"], fast["base_us"] / 1.34 + 10_000_000, atol=2)
    np.testing.assert_array_equal(kept["talk_us"], kept["base_us"] + 10_000_000)
    assert (kept["resolved"] >= fast["resolved"]).all()
    assert kept["resolved"].sum() > fast["resolved"].sum()


def test_only_users_are_helped(engine):
    contacts, agents = played(engine, workforce=NOVICES, assistant={"adoption": 0.5, "summary": {}})
    uses = agents["uses"] == 1
    assert 0.2 < uses.mean() < 0.8
    assert (contacts["assistant_us"][uses] < 0).all()
    assert not contacts["assistant_us"][~uses].any()
    assert set(contacts["wrap_us"][uses]) == {20_000_000}
    assert set(contacts["wrap_us"][~uses]) == {40_000_000}
    assert (contacts["wrap_us"] - contacts["summary_us"] == 40_000_000).all()


def test_clean_up_is_added_to_wrap_up_in_its_share_of_contacts(engine):
    time = {"distribution": "constant", "value": "20m"}
    contacts, _ = played(engine, assistant={"uplift": 0, "cleanup": {"probability": 0.3, "time": time}})
    corrected = contacts["cleanup_us"] > 0
    assert set(contacts["cleanup_us"]) == {0, 1_200_000_000}
    assert (contacts["wrap_us"] == 40_000_000 + contacts["cleanup_us"]).all()
    assert corrected.mean() == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / contacts.size))


def test_an_agent_who_is_watched_tires_faster_and_one_who_is_coached_does_not(engine):
    tired = [
        simulate(loads({**WORLD, "fatigue": {}, "assistant": {"uplift": 0, "mistreatment": 0, **watch}}), engine=engine)
        for watch in ({}, {"monitoring": "coach"}, {"monitoring": "cop"})
    ]
    none, coach, cop = (r.segments for r in tired)
    np.testing.assert_array_equal(none, coach)
    assert set(none["rate"][none["state"] == 2]) == {0.1}
    assert set(cop["rate"][cop["state"] == 2]) == {0.1 * 1.1}


def test_users_are_mistreated_less(engine):
    without, _ = played(engine, mistreatment={})
    with_it, _ = played(engine, mistreatment={}, assistant={})
    assert (with_it["mistreated"] <= without["mistreated"]).all()
    odds = math.exp(-1.70 + 2.5 * 0.15 - 0.2)
    expected = odds / (1 + odds)
    assert with_it["mistreated"].mean() == pytest.approx(expected, abs=4 * math.sqrt(0.15 / with_it.size))


@pytest.mark.parametrize(("systems", "added"), [(1, 0), (4, 28_800_000)])
def test_screens_add_the_same_to_every_contact(engine, systems, added):
    contacts, _ = played(engine, screens={"systems": systems})
    assert set(contacts["screens_us"]) == {added}
    np.testing.assert_allclose(contacts["talk_us"], contacts["base_us"] + added, atol=1)


def test_the_causes_add_up_to_aht_in_every_slice():
    everything = {"workforce": {"redundancy": {}}, "assistant": {"summary": {}, "cleanup": {}}, "screens": {}}
    everything |= {"fatigue": {}, "frustration": {}, "mistreatment": {}, "pace": {"target": "4m"}}
    result = run(loads({**WORLD, **everything}), replications=3, jobs=1)
    for table in (result.by_day, result.by_interval, result.by_intent, result.by_group):
        labels = [name for name in table.columns if name not in ("measure", "mean", "ci_low", "ci_high")]
        wide = table.pivot_table(index=labels, columns="measure", values="mean", dropna=True)
        causes = wide[[name for name in wide if name.startswith("aht_") and name != "aht_s"]]
        assert set(causes) == {part.name for part in part_measures()} - {"aht_concurrency_s"}
        np.testing.assert_allclose(causes.sum(axis=1), wide["aht_s"], rtol=1e-12)


def test_raised_expectations_shorten_patience_and_raise_frustration(engine):
    crowded = {"customers": {"patience": "2m"}, "agents": {"all": {"skills": ["a"], "staff": 3}}}
    before, after = (
        simulate(loads({**WORLD, **crowded, "frustration": {}, **block}), engine=engine).contacts
        for block in ({}, {"expectations": {}})
    )
    waits = [c["left_us"] - c["joined_us"] for c in (before, after)]
    gone = (before["outcome"] == Outcome.ABANDONED) & (after["outcome"] == Outcome.ABANDONED)
    assert gone.sum() > 300
    factor = 0.9 * math.exp(-0.7 * 0.05)
    np.testing.assert_allclose(waits[1][gone], waits[0][gone] * factor, atol=2)
    at_once = (after["outcome"] == Outcome.ANSWERED) & (waits[1] == 0)
    assert set(after["frustration"][at_once]) == {0.15 + 0.05}
