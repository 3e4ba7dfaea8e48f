"""Staffing as levels of the same plan."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.errors import CcsimError
from sim.scenario.scaling import shared_out
from sim.study.levels import by_count, by_factor, peak_agents, serving, staffed
from tests.study.small import SMALL, small

ONE_DAY = SMALL["calendar"] | {"days": 1}
ALONE = {"run": {"replications": 2, "warm_up": "0d", "follow_up": "0d"}}

counts = st.lists(st.integers(0, 60), min_size=1, max_size=8)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(counts, st.sampled_from([0.0, 0.35, 0.5, 0.85, 1.0, 1.1, 1.5, 2.0]))
def test_heads_are_shared_out_whole_and_none_is_lost(heads, factor):
    found = shared_out(heads, factor)
    assert sum(found) == int(sum(heads) * factor + 0.5 + 1e-9)
    assert all(abs(here - before * factor) < 1 for here, before in zip(found, heads, strict=True))


def test_the_largest_remainders_are_rounded_up():
    assert shared_out([5, 5, 1], 0.5) == [3, 2, 1] or shared_out([5, 5, 1], 0.5) == [3, 3, 0]
    assert shared_out([9, 4], 0.7) == [6, 3]


def agents(scenario, group):
    return scenario.resolved()["agents"][group]


def test_shifts_and_counts_are_scaled_as_they_are_written():
    scenario = small(agents__first__staff=[1, 2, 3, 4, 5, 6, 7, 8])
    made = staffed(scenario, by_factor(scenario, 0.5))
    assert agents(made, "first")["staff"] == [1, 1, 1, 2, 3, 3, 3, 4]  # half of 36 is 18
    assert [shift["count"] for shift in agents(made, "second")["shifts"]] == [2]
    assert agents(made, "second")["shifts"][0]["breaks"] == agents(scenario, "second")["shifts"][0]["breaks"]


def test_maps_by_weekday_are_scaled_too():
    scenario = small(agents__first__staff={"mon": 4, "tue-sun": [2, 2, 2, 2, 4, 4, 4, 4]})
    made = staffed(scenario, by_factor(scenario, 1.5))
    assert agents(made, "first")["staff"] == {"mon": 6, "tue-sun": [3, 3, 3, 3, 6, 6, 6, 6]}


def test_counts_from_a_file_are_scaled_too(tmp_path):
    times = [f"2026-11-23,{8 + k // 2:02d}:{30 * (k % 2):02d},4" for k in range(8)]
    (tmp_path / "s.csv").write_text("\n".join(["date,time,agents", *times, ""]))
    first = {"skills": ["order"], "staff": {"file": "s.csv"}}
    scenario = sim.loads(
        SMALL | {"calendar": ONE_DAY, "agents": SMALL["agents"] | {"first": first}, **ALONE}, base=tmp_path
    )
    halved = staffed(scenario, by_factor(scenario, 0.5))
    assert halved.agents["first"].staff.of(halved.calendar.start, halved.calendar) == (2,) * 8


@pytest.mark.parametrize("percent", [98, 95, 91, 105])
@pytest.mark.parametrize("staff", [14, [9, 14, 3, 0, 7, 11, 12, 5], {"mon": 14, "tue-sun": [3] * 8}])
def test_a_row_of_98_percent_has_98_percent_of_the_hours(staff, percent):
    """Rounded each for itself, 14 agents times 98 % were 14."""
    scenario = small(agents__first__staff=staff)
    made = staffed(scenario, by_factor(scenario, percent / 100, ("first",)))
    dates = scenario.calendar.dates()
    of = [[s.agents["first"].staff.of(day, s.calendar) for day in dates] for s in (scenario, made)]
    whole, part = (sum(map(sum, days)) for days in of)
    assert abs(part - whole * percent / 100) <= 0.5 + 1e-9
    assert all(abs(b - a * percent / 100) < 1 for x, y in zip(*of, strict=True) for a, b in zip(x, y, strict=True))


def test_one_group_can_be_scaled_alone():
    scenario = small()
    made = staffed(scenario, by_factor(scenario, 2, ("first",)))
    assert agents(made, "first")["staff"] == 4
    assert made.agents["second"] == scenario.agents["second"]
    assert by_factor(scenario, 2, ("first",)).name == "first 200 %"


def test_the_level_of_the_file_is_the_file():
    scenario = small()
    assert staffed(scenario, by_factor(scenario, 1.0)) is scenario
    assert by_factor(scenario, 0.85).name == "85 %"


def test_a_count_is_of_agents_at_the_peak():
    scenario = small(agents__first__staff=[1, 2, 3, 4, 4, 3, 2, 1], agents__second__absence=0)
    assert peak_agents(scenario, ["first"]) == 4
    assert peak_agents(scenario, ["first", "second"]) == 7
    made = staffed(scenario, by_count(scenario, 8, ("first",)))
    assert agents(made, "first")["staff"] == [2, 4, 6, 8, 8, 6, 4, 2]


def test_supervisors_who_take_no_contacts_stay():
    lead = {"supervisor": {"group": "lead"}, "agents.lead": {"skills": ["decide"], "staff": 2}}
    scenario = sim.loads(SMALL, lead)
    assert serving(scenario) == ("first", "second")
    assert staffed(scenario, by_factor(scenario, 2)).agents["lead"] == scenario.agents["lead"]


def test_a_group_that_is_never_there_cannot_be_counted():
    scenario = small(agents__first__staff=0)
    with pytest.raises(CcsimError, match="first: its agents are never on the queue"):
        by_count(scenario, 5, ("first",))
