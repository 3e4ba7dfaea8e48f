"""Stretches in which the queue grows: by hand, and those that are no matter."""

import pytest

import sim
from sim.facts.overload import overloads


def centre(per_hour, staff=10, hours="08:00-18:00", days=1, talk="6m", **more):
    """Ten hours; contacts of 6 minutes, so that 10 an hour are one erlang."""
    agents = {"team": {"skills": ["call"], "staff": staff}}
    return {
        "name": "Overload",
        "calendar": {"start": "2026-11-23", "days": days, "hours": hours, "interval": "60m"},
        "arrivals": {"per_hour": per_hour},
        "intents": {"call": {"talk_time": talk}},
        "agents": agents,
        "run": {"replications": 2},
    } | more


def found(**world):
    per_hour = world.pop("per_hour")
    return overloads(sim.loads(centre(per_hour, **world)))


def by_hand(per_hour, **world):
    return [
        (one.start / 3600, one.end / 3600, round(one.erlangs, 3), one.agents, round(one.left_h, 3))
        for one in found(per_hour=per_hour, **world)
    ]


def test_a_day_with_more_work_than_agents():
    """12 erlangs on 10 agents leave 2 hours of work each hour: 20 by the close, 2 h for each."""
    (one,) = found(per_hour=120)
    assert (one.skills, one.groups, one.start, one.end) == (("call",), ("team",), 8 * 3600, 18 * 3600)
    assert (one.erlangs, one.agents) == (pytest.approx(12), 10)
    assert (one.left_h, one.wait_h) == (pytest.approx(20), pytest.approx(2))


@pytest.mark.parametrize(
    ("busy", "stretches"),
    [
        ([100] * 10, []),  # as much work as agents: it does not grow
        ([50, 50, 130] + [50] * 7, []),  # one hour, worked off in the next
        ([50] * 9 + [130], []),  # one hour before close
        ([50, 50, 130, 130] + [50] * 6, [(10, 12, 13, 10, 6)]),  # 36 minutes for each agent
        ([50, 50, 105, 105] + [50] * 6, []),  # six minutes for each agent
        ([50, 102, 102, 102, 102] + [50] * 5, [(9, 13, 10.2, 10, 0.8)]),  # little, for half a day
        ([130, 130, 95, 130, 130] + [50] * 5, [(8, 13, 12.3, 10, 11.5)]),  # not worked off in between
        ([130, 130, 20, 20, 20, 130, 130] + [50] * 3, [(8, 10, 13, 10, 6), (13, 15, 13, 10, 6)]),
    ],
)
def test_stretches_and_spikes(busy, stretches):
    assert by_hand(busy) == stretches


@pytest.mark.parametrize(
    ("customers", "grows"),
    [
        ({}, True),
        ({"patience": "5m"}, False),
        ({"patience": "59m"}, False),
        ({"patience": "1h"}, True),
        ({"patience": {"distribution": "constant", "value": "3h"}}, True),
        ({"balk": 0.1}, True),
        ({"balk": 0.2}, False),
    ],
)
def test_it_takes_customers_who_stay(customers, grows):
    """12 erlangs on 10 agents; a fifth that leaves at once leaves 9.6."""
    assert bool(found(per_hour=120, customers=customers)) == grows
    notes = sim.loads(centre(120, customers=customers)).notes
    assert any("more work than agents" in note for note in notes) == grows


def test_those_who_give_up_leave_room_for_those_who_do_not():
    """Eight erlangs of patient and eight of impatient customers on ten agents: the impatient go."""
    intents = {"calm": {"skill": "call", "talk_time": "6m", "arrivals": {"per_hour": 80}}}
    intents["hasty"] = intents["calm"] | {"patience": "2m"}
    world = centre(0, intents=intents)
    del world["arrivals"]
    assert overloads(sim.loads(world)) == []
    assert overloads(sim.loads(world, ["intents.calm.arrivals.per_hour=110"]))


def test_what_the_bot_keeps_is_no_work():
    bot = {"intents": {"call": {"talk_time": "6m", "bot": {"resolves": 0.5}}}}
    assert found(per_hour=120, **bot)
    assert not found(per_hour=120, bot={"opt_out": 0}, **bot)


def pool(general, billing, work=(80, 60)):
    """General agents take both skills, billing agents billing alone."""
    calls = {name: {"talk_time": "6m", "arrivals": {"per_hour": n}} for name, n in zip("gb", work, strict=True)}
    agents = {"general": {"skills": ["g", "b"], "staff": general}, "billing": {"skills": ["b"], "staff": billing}}
    world = centre(0, intents=calls, agents=agents)
    del world["arrivals"]
    return [(one.skills, one.groups, round(one.left_h, 6)) for one in overloads(sim.loads(world))]


def test_pools_of_skills():
    both = ("general", "billing")
    assert pool(8, 6) == []
    assert pool(10, 4) == []
    assert pool(6, 10) == [(("g",), ("general",), 20)]  # billing agents cannot help
    assert pool(10, 2) == [(("b", "g"), both, 20)]
    assert pool(2, 4) == [(("b", "g"), both, 80)]


def test_faster_agents_do_more():
    fast = {"team": {"skills": {"call": {"preference": 1, "speed": 1.25}}, "staff": 10}}
    assert not found(per_hour=120, agents=fast)


def test_a_queue_grows_over_midnight():
    """Around the clock for two days: 1 erlang too much for 48 hours."""
    (one,) = found(per_hour=110, hours="00:00-24:00", days=2)
    assert (one.start, one.end, one.left_h) == (0, 48 * 3600, pytest.approx(48))
    (note,) = sim.loads(centre(110, hours="00:00-24:00", days=2)).notes
    assert "mon 00:00-tue 24:00" in note


def test_a_close_ends_it_and_days_alike_are_said_once():
    assert len(found(per_hour=120, days=5)) == 5
    (note,) = sim.loads(centre(120, days=5)).notes
    assert "mon-fri 08:00-18:00: 12.0 erlangs on 10.0 agents (team). Nobody gives up" in note
    (note,) = sim.loads(centre(120, customers={"patience": "2h"})).notes
    assert "Patience is an hour or more" in note


def test_nobody_there_at_all_is_said_as_such():
    (note,) = sim.loads(centre(120, staff=0)).notes
    assert "nobody is on the queue" in note
