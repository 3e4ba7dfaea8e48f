"""Satisfaction, quitting and the null world, where contacts come as chats, calls and deferred work."""

import copy

import pytest

import sim
from sim.facts.null_world import null_world

CENTRE = {
    "name": "Three channels",
    "calendar": {"start": "2026-11-23", "days": 2, "hours": "08:00-10:00", "interval": "30m"},
    "arrivals": {"per_day": 150},
    "intents": {
        "order": {"share": 0.4, "channel": "chat", "skill": "web", "talk_time": "5m", "resolution": 0.8},
        "fault": {"share": 0.3, "skill": "line", "talk_time": "5m", "resolution": 0.8},
        "photo": {"share": 0.3, "channel": "deferred", "talk_time": "6m", "due": "1h", "resolution": 0.8},
    },
    "customers": {"patience": "5m", "silent_leave": 0.3, "repeat": {"probability": 0.5, "delay": "20m"}},
    "agents": {
        "web": {"skills": ["web"], "concurrency": 3, "staff": 2},
        "line": {"skills": ["line"], "staff": 2},
        "back": {"skills": ["photo"], "staff": 1},
    },
    "frustration": {},
    "fatigue": {},
    "run": {"seed": 3, "replications": 4, "warm_up": "0d", "follow_up": "0d"},
}


def changed(**changes):
    scenario = copy.deepcopy(CENTRE)
    for path, value in changes.items():
        below = scenario
        *keys, last = path.split("__")
        for key in keys:
            below = below[key]
        below[last] = value
    return scenario


def means(scenario):
    return sim.run(scenario).measures["mean"]


def test_in_the_null_world_no_customer_is_served_otherwise_for_being_frustrated():
    calm, cross = (changed(frustration={"start": start}) for start in (0.0, 0.6))
    served = ["aht_s", "elapsed_s", "concurrency_mean", "due_met", "abandonment_rate", "resolution_rate", "slot_use"]
    assert not means(sim.loads(calm))[served].equals(means(sim.loads(cross))[served]), "outside it they are"
    calm, cross = (means(null_world(sim.loads(document)))[served] for document in (calm, cross))
    assert calm.notna().all()
    assert calm.equals(cross)


def test_hours_in_a_backlog_are_no_wait_that_takes_satisfaction_and_waits_for_a_chat_are():
    resolved = {name: intent | {"resolution": 1.0} for name, intent in CENTRE["intents"].items()}
    resolved["photo"] |= {"talk_time": "2m30s"}
    document = changed(
        intents=resolved, csat={"frustration": 0}, customers={"patience": "infinite"}, agents__web__staff=1
    )
    document |= {"frustration": "off", "fatigue": "off", "run": CENTRE["run"] | {"follow_up": "2d"}}
    result = sim.run(sim.loads(document))
    assert result.measures["mean"]["turnaround_mean_h"] > 0.2
    table = result.by_intent.set_index(["intent", "measure"])["mean"]
    assert table["photo", "csat"] == pytest.approx(85.0, abs=1e-6), "no point for the hours waited"
    assert table["order", "csat"] < 84.0


def test_agents_who_write_in_several_chats_quit_more_often_than_those_who_have_none():
    tiring = {"build_per_hour": 0.5}
    busy = means(sim.loads(changed(attrition={}, fatigue=tiring)))
    quiet = means(sim.loads(changed(attrition={}, fatigue=tiring, intents__order__talk_time="20s")))
    assert busy["writing_share"] > 2 * quiet["writing_share"]
    assert busy["leavers_expected"] > 1.02 * quiet["leavers_expected"]
    null = [means(null_world(sim.loads(changed(attrition={}, fatigue=fatigue)))) for fatigue in (tiring, {})]
    assert null[0]["leavers_expected"] == null[1]["leavers_expected"], "tired or not is one there"
