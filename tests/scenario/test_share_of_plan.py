"""`staff: 88%` of the plan of a file below."""

import pytest

import sim
from sim.errors import ScenarioError

BASE = """\
name: Base
calendar: {start: 2026-03-02, days: 7, hours: "08:00-12:00", interval: 60m}
arrivals: {per_day: 100}
intents: {call: {talk_time: 3m}}
customers: {patience: 2m}
agents:
  even: {skills: [call], staff: 10}
  list: {skills: [call], staff: [10, 20, 30, 5]}
  week: {skills: [call], staff: {mon-fri: 8, sat-sun: [1, 2, 3, 4]}}
  file: {skills: [call], staff: {file: s.csv}}
  shifts: {skills: [call], shifts: [{count: 10, start: "08:00", length: 4h}, {count: 3, start: "09:00", length: 2h}]}
"""
GROUPS = ("even", "list", "week", "file", "shifts")


@pytest.fixture
def folder(tmp_path):
    rows = [f"2026-03-{day:02d},{hour:02d}:00,{day + hour}" for day in range(2, 9) for hour in range(8, 12)]
    (tmp_path / "s.csv").write_text("\n".join(["date,time,agents", *rows]))
    (tmp_path / "base.yaml").write_text(BASE)
    return tmp_path


def on_top(folder, name, below, *lines):
    (folder / f"{name}.yaml").write_text("\n".join([f"extends: {below}.yaml", f"name: {name}", "agents:", *lines]))
    return sim.load(folder / f"{name}.yaml")


def hours(scenario, group):
    """Agent hours of a week."""
    found = scenario.agents[group]
    if found.shifts is not None:
        return sum(shift.count for shift in found.shifts)
    return sum(sum(found.staff.of(day, scenario.calendar)) for day in scenario.calendar.dates())


@pytest.mark.parametrize("share", ["88%", "50 %", "97.5%", "105%", "0%"])
@pytest.mark.parametrize("group", GROUPS)
def test_the_hours_are_that_share(folder, group, share):
    base = sim.load(folder / "base.yaml")
    child = on_top(folder, "child", "base", f"  {group}: {{staff: {share}}}")
    wanted = hours(base, group) * float(share.rstrip("% ")) / 100
    assert abs(hours(child, group) - wanted) <= 0.5 + 1e-9
    assert all(child.agents[other] == base.agents[other] for other in GROUPS if other != group)
    assert sim.loads(child.resolved()) == child


def test_a_share_of_a_share(folder):
    on_top(folder, "child", "base", "  even: {staff: 90%}", "  shifts: {staff: 70%}")
    grand = on_top(folder, "grand", "child", "  even: {staff: 50%}", "  shifts: {staff: 100%}")
    assert hours(grand, "even") == 280 * 0.45
    assert [shift.count for shift in grand.agents["shifts"].shifts] == [7, 2]


def test_counts_by_weekday_take_the_place_of_a_share(folder):
    on_top(folder, "child", "base", "  even: {staff: 90%}", "  week: {staff: 90%}")
    grand = on_top(folder, "grand", "child", "  week: {staff: {mon-sat: 2, sun: 1}}")
    assert hours(grand, "week") == 6 * 8 + 4
    assert hours(grand, "even") == 280 * 0.9
    with pytest.raises(ScenarioError, match=r"agents\.week\.staff: names no value for tue"):
        on_top(folder, "less", "child", "  week: {staff: {mon: 2}}")


def test_a_setting_may_say_it(folder):
    scenario = sim.load(folder / "base.yaml", ["agents.list.staff=80%", "agents.shifts.staff=50%"])
    assert scenario.agents["list"].staff.of(scenario.calendar.start, scenario.calendar) == (8, 16, 24, 4)
    assert [shift.count for shift in scenario.agents["shifts"].shifts] == [5, 2]
    again = sim.changed(scenario, ["agents.list.staff=50%"])
    assert again.agents["list"].staff.of(again.calendar.start, again.calendar) == (4, 8, 12, 2)


def test_without_a_plan_below_it_is_refused():
    with pytest.raises(ScenarioError, match="none is inherited") as refused:
        sim.loads(BASE.replace("staff: 10}", "staff: 88%}").replace("{file: s.csv}", "1"))
    assert "extends" in refused.value.problems[0].fix


def test_a_bad_plan_below_is_told_where_it_is(folder):
    (folder / "base.yaml").write_text(BASE.replace("staff: 10}", "staff: -3}").replace("count: 3,", "count: x,"))
    with pytest.raises(ScenarioError) as refused:
        on_top(folder, "child", "base", "  even: {staff: 88%}", "  shifts: {staff: 88%}")
    assert [(problem.file.rpartition("/")[2], problem.line) for problem in refused.value.problems] == [
        ("base.yaml", 7),
        ("base.yaml", 11),
    ]
