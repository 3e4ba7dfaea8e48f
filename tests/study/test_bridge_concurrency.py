"""Concurrency as a cause of its own in a bridge: the cap, and what chats do to each other."""

import math

import pytest

import sim
from tests.study.bridged import MEASURES, bars, end

CHATS = {
    "name": "today",
    "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-12:00", "interval": "30m"},
    "arrivals": {"per_day": 160},
    "intents": {
        "order": {"share": 0.7, "channel": "chat", "talk_time": "6m", "wrap_up": "30s", "skill": "all"},
        "fault": {"share": 0.3, "channel": "chat", "talk_time": "9m", "wrap_up": "1m", "skill": "all"},
    },
    "customers": {"patience": "10m"},
    "agents": {"web": {"skills": ["all"], "staff": 4, "concurrency": 2}},
    "run": {"replications": 3, "warm_up": "0d", "follow_up": "0d"},
}


def chats(changes=None, **more):
    return sim.loads(CHATS, {**(changes or {}), **{key.replace("__", "."): value for key, value in more.items()}})


CHANGED = {
    "the cap": {"agents.web.concurrency": 3},
    "the cap of the new": {"agents.web.concurrency": {"0d": 1, "90d": 3}, "workforce": {}},
    "the pace of typing": {"intents.order.chat": {"agent_turn": "45s", "customer_turn": "45s"}},
}


@pytest.mark.parametrize("change", ["the cap", "the pace of typing"])
def test_concurrency_alone_is_the_only_bar(change):
    found = sim.bridge(chats(), chats(CHANGED[change]))
    for measure in MEASURES:
        moved = bars(found, measure)
        assert moved.pop("concurrency") == pytest.approx(end(found, "change", measure), rel=1e-12)
        assert end(found, "change", measure) != 0.0
        assert set(moved.values()) == {0.0}


@pytest.mark.parametrize("change", CHANGED)
@pytest.mark.parametrize("shapley", [False, True], ids=["one by one", "all orders"])
def test_bars_add_up_where_agents_go_and_the_cap_rises(change, shapley):
    more = {"agents.web.staff": 3, "bot": {}, "intents.order.bot": {"containment": 0.4, "false_share": 0.2}}
    before, after = chats(), chats({**more, **CHANGED[change], "fatigue": {}})
    found = sim.bridge(before, after, replications=2, shapley=shapley)
    runs = [sim.run(s, seed=1, replications=2).measures["mean"] for s in (before, after)]
    for measure in MEASURES:
        moved = bars(found, measure)
        assert math.fsum(moved.values()) == pytest.approx(end(found, "change", measure), rel=1e-9, abs=1e-9)
        assert moved["concurrency"] != 0.0
        assert moved["staffing"] != 0.0
        if measure != "fte":
            wanted = runs[1][measure] - runs[0][measure]
            assert end(found, "change", measure) == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_staffing_keeps_todays_cap():
    before, after = chats(), chats(CHANGED["the cap"], agents__web__staff=3)
    fewer = chats(agents__web__staff=3)
    here, there = (sim.run(s).measures.loc["workload_hours", "mean"] for s in (before, fewer))
    assert bars(sim.bridge(before, after))["staffing"] == pytest.approx(there - here, rel=1e-9)


def test_calls_have_no_bar_of_concurrency():
    calls = {f"intents.{name}.channel": "phone" for name in ("order", "fault")} | {"agents.web.concurrency": 1}
    found = sim.bridge(chats(calls), chats(calls, agents__web__staff=3))
    assert {bars(found, measure)["concurrency"] for measure in MEASURES} == {0.0}


def test_a_cap_that_does_not_fit_is_said_and_goes_to_the_rest():
    before = chats({f"intents.{name}.chat": {"times": ["6m", "7m"]} for name in ("order", "fault")})
    longer = {f"intents.{name}.chat": {"times": ["6m", "7m", "8m"]} for name in ("order", "fault")}
    calls = {"intents.fault.channel": "phone", "intents.fault.chat": "off"}
    after = chats({**longer, **calls, "agents.web.concurrency": 3})
    found = sim.bridge(before, after)
    assert any("concurrency does not fit today" in note for note in found.notes)
    for measure in MEASURES:
        change = end(found, "change", measure)
        assert math.fsum(bars(found, measure).values()) == pytest.approx(change, rel=1e-9)


def test_the_page_names_it():
    from sim.report.bridge import bridge_table

    table = bridge_table(sim.bridge(chats(), chats(CHANGED["the cap"])))
    assert any("several chats at once" in row[0].text for row in table.rows)
    calls = {f"intents.{name}.channel": "phone" for name in ("order", "fault")} | {"agents.web.concurrency": 1}
    table = bridge_table(sim.bridge(chats(calls), chats(calls, arrivals__per_day=170)))
    assert not any("several chats at once" in row[0].text for row in table.rows)
