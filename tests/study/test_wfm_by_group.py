"""`wfm.csv`: each group's own contacts, handle time and service level; and the file read back as staffing."""

import numpy as np
import pytest

import sim

TWO = {
    "name": "two",
    "calendar": {"start": "2026-03-02", "days": 2, "hours": "08:00-11:00", "interval": "60m"},
    "arrivals": {"per_day": 240},
    "intents": {"quick": {"share": 0.6, "talk_time": "2m"}, "slow": {"share": 0.4, "talk_time": "8m"}},
    "customers": {"patience": "2m"},
    "targets": {"service_level": "80/20"},
    "agents": {
        "front": {"skills": ["quick"], "staff": 10},
        "back": {"skills": ["slow", "quick"], "staff": 10},
    },
}


def staffed(**more):
    return sim.staff(sim.loads(TWO | more), by="day", each="whole", replications=40, how_sure=False, budget=60_000)


@pytest.fixture(scope="module")
def result():
    return staffed()


def test_contacts_of_the_groups_add_up_to_those_of_the_interval(result):
    whole = result.beside.set_index(["date", "time"])["offered"]
    parts = result.table.groupby(["date", "time"])["offered"].sum()
    np.testing.assert_allclose(parts, whole, atol=0.02)


def test_handle_time_follows_the_skills_of_a_group(result):
    """Front takes quick contacts alone, two minutes; back all the slow ones, eight, and the quick ones left over."""
    front, back = (result.table.query("group == @name") for name in ("front", "back"))
    assert np.average(front["aht_s"], weights=front["offered"]) == pytest.approx(120, rel=0.03)
    offered, aht = back["offered"].sum(), np.average(back["aht_s"], weights=back["offered"])
    assert 96 * 2 < offered < 240 * 2
    quick = 240 * 2 - front["offered"].sum() - 96 * 2
    assert aht == pytest.approx((quick * 120 + 96 * 2 * 480) / (quick + 96 * 2), rel=0.05)


def test_service_levels_of_the_groups_make_up_that_of_all(result):
    table = result.table
    parts = np.average(table["service_level"], weights=table["offered"])
    whole = np.average(result.beside["service_level"], weights=result.beside["offered"])
    assert parts == pytest.approx(whole, abs=0.01)
    by_group = table.groupby("group")[["service_level", "occupancy"]].mean()
    assert by_group["service_level"]["front"] != pytest.approx(by_group["service_level"]["back"], abs=0.005)


def test_one_group_has_the_figures_of_all():
    one = {"desk": {"skills": ["quick", "slow"], "staff": 10}}
    alone = staffed(agents=one)
    for column, of_all in (("offered", "offered"), ("aht_s", "aht_s"), ("service_level", "service_level")):
        np.testing.assert_allclose(alone.table[column], alone.beside[of_all], atol=0.06)


def test_it_is_read_back_as_staffing(result, tmp_path):
    result.table.to_csv(tmp_path / "wfm.csv", index=False)
    agents = {name: group | {"staff": {"file": "wfm.csv"}} for name, group in TWO["agents"].items()}
    again = sim.loads(TWO | {"agents": agents}, base=tmp_path)
    for day in again.calendar.dates():
        for name in agents:
            staffing = result.staffed.agents[name].staff.of(day, again.calendar)
            assert again.agents[name].staff.of(day, again.calendar) == staffing


def test_a_group_that_the_file_does_not_name_is_told(result, tmp_path):
    result.table.to_csv(tmp_path / "wfm.csv", index=False)
    agents = TWO["agents"] | {"other": {"skills": ["slow"], "staff": {"file": "wfm.csv"}}}
    with pytest.raises(sim.ScenarioError, match="has no row for group other") as refused:
        sim.loads(TWO | {"agents": agents}, base=tmp_path)
    assert "front, back" in refused.value.problems[0].fix


CHATS = TWO | {
    "intents": {
        "quick": {"share": 0.6, "talk_time": "2m"},
        "slow": {"share": 0.4, "talk_time": "8m", "channel": "chat"},
    },
    "targets": {"service_level": "80/20", "chat": {"service_level": "60/60"}},
    "arrivals": {"per_day": 1200},
    "agents": {
        "front": {"skills": ["quick"], "staff": 10},
        "back": {"skills": ["slow"], "concurrency": 3, "staff": 15},
    },
}


@pytest.fixture(scope="module")
def chats():
    return sim.staff(sim.loads(CHATS), by="day", each="whole", replications=40, how_sure=False, budget=60_000)


def test_what_chats_require_is_agents_and_reads_back_as_staffing(chats, tmp_path):
    """160 chats an hour of eight minutes are 21 at once alone: agents with up to three in hand are far fewer."""
    back = chats.table.query("group == 'back'")
    alone = 1200 * 0.4 / 3 * 8 / 60
    assert (back["required"] < alone).all()
    assert (back["required"] * 3 > alone).all()
    chats.table.to_csv(tmp_path / "wfm.csv", index=False)
    agents = {name: group | {"staff": {"file": "wfm.csv"}} for name, group in CHATS["agents"].items()}
    again = sim.loads(CHATS | {"agents": agents}, base=tmp_path)
    assert again.agents["back"].concurrency == 3
    for day in again.calendar.dates():
        staffing = [int(n) for n in back.query("date == @day.isoformat()")["required"]]
        assert list(again.agents["back"].staff.of(day, again.calendar)) == staffing
    same = [sim.run(s, seed=5, replications=3).measures for s in (again, chats.staffed)]
    assert same[0].equals(same[1])


def test_a_group_of_chats_counts_to_the_time_of_its_target(chats):
    run = sim.run(chats.staffed, replications=20, contacts=True)
    mine = run.contacts.query("intent == 'slow'")
    waited = mine["left_s"] - mine["joined_s"]
    level = {within: ((waited <= within) & (mine["outcome"] == "answered")).mean() for within in (20, 60)}
    back = chats.table.query("group == 'back'")
    found = np.average(back["service_level"], weights=back["offered"])
    assert level[60] > level[20] + 0.05
    assert abs(found - level[60]) < abs(found - level[20])
