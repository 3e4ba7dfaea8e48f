"""Shifts that cover a requirement: never short, at the fewest paid hours, as a scenario that can be simulated."""

import numpy as np
import pytest

import sim
from sim.study.staffing.plan import make_problem
from sim.study.staffing.shifts import HOUR, Pattern, ShiftRules, breaks_of, cover, patterns_of
from tests.study.centres import day

OPEN = {"calendar__hours": "08:00-18:00", "arrivals__profile": [1] * 20}


def covered(need, rules=None, **settings):
    scenario = day(**OPEN | settings)
    problem = make_problem(scenario, "interval")
    counts = np.array([need])
    return cover(scenario, problem, counts, rules), counts, problem


def test_every_interval_is_covered():
    need = [3, 4, 6, 8, 9, 9, 8, 8, 7, 7, 8, 8, 9, 8, 7, 6, 5, 4, 3, 2]
    roster, counts, _ = covered(need)
    assert (roster.scheduled >= counts - 1e-6).all()
    assert roster.scheduled.sum() < 1.35 * counts.sum()


def test_the_paid_hours_are_the_fewest():
    roster, _, _ = covered([2] * 8 + [0] * 12, ShiftRules(lengths=(4 * HOUR, 8 * HOUR)), agents__desk__shrinkage=0)
    assert roster.paid_hours == {"desk": 12.0}
    assert {line.pattern.length for line in roster.lines} == {4 * HOUR}


def test_paid_hours_and_fte_are_those_of_the_measures():
    roster, _, _ = covered([3] * 20)
    told = sim.run(roster.scenario, replications=1).measures["mean"]
    assert roster.paid_hours["desk"] == pytest.approx(told["paid_hours"] - told["overtime_hours"])
    overtime = told["overtime_hours"] * HOUR / (roster.scenario.calendar.weeks() * roster.scenario.fte_hours)
    assert roster.fte == pytest.approx(told["fte"] - overtime)


def test_scheduled_is_what_the_scenario_has_on_the_queue():
    roster, _, _ = covered([3, 5, 6, 7] * 5)
    table = sim.run(roster.scenario, replications=1).by_interval
    there = table[table["measure"] == "agents_on_queue"]["mean"].to_numpy()
    assert there == pytest.approx(roster.scheduled[0], abs=1.5)
    assert there.mean() == pytest.approx(roster.scheduled[0].mean(), rel=0.05)


def test_a_pattern_is_away_in_its_breaks():
    pattern = Pattern(8 * HOUR, 4 * HOUR, ((2 * HOUR, 900.0),))
    assert pattern.on_queue(8 * HOUR, 8.5 * HOUR) == 1.0
    assert pattern.on_queue(10 * HOUR, 10.5 * HOUR) == 0.5
    assert pattern.on_queue(12 * HOUR, 12.5 * HOUR) == 0.0


def test_starts_stay_within_the_rules():
    scenario = day(**OPEN)
    group, calendar = scenario.agents["desk"], scenario.calendar
    rules = ShiftRules(lengths=(8 * HOUR,), earliest=8.5 * HOUR, latest=9.5 * HOUR)
    starts = {p.start for p in patterns_of(group, calendar, calendar.start, rules)}
    assert starts == {8.5 * HOUR, 9 * HOUR, 9.5 * HOUR}


def test_lengths_and_breaks_are_those_of_the_file_where_it_has_shifts():
    shift = {"count": 2, "start": "08:00", "length": "5h", "breaks": [{"after": "1h", "length": "20m"}]}
    scenario = sim.changed(day(**OPEN), {"agents.desk.staff": "off", "agents.desk.shifts": [shift]})
    found = patterns_of(scenario.agents["desk"], scenario.calendar, scenario.calendar.start, ShiftRules())
    assert {(p.length, p.breaks) for p in found} == {(5 * HOUR, ((HOUR, 1200.0),))}


def test_breaks_follow_the_length():
    group = day().agents["desk"]
    assert [len(b) for b in breaks_of(group, 8 * HOUR)] == [3, 3, 3]
    assert breaks_of(group, 4 * HOUR) == [((after * HOUR, 900.0),) for after in (2.0, 1.5, 2.5)]
    assert breaks_of(group, 2 * HOUR) == [()]


def test_short_days_get_shifts_as_long_as_they_are():
    scenario = day(calendar__hours="08:00-10:00", arrivals__profile=[1] * 4)
    roster = cover(scenario, make_problem(scenario, "interval"), np.full((1, 4), 2))
    assert [(line.count, line.pattern.length) for line in roster.lines] == [(2, 2 * HOUR)]


def test_gaps_are_allowed_at_a_price():
    need = [2] * 19 + [30]
    full, _, _ = covered(need)
    cheap, counts, _ = covered(need, ShiftRules(under=1.0))
    assert cheap.paid_hours["desk"] < full.paid_hours["desk"]
    assert (cheap.scheduled < counts - 0.5).any()


def test_weekdays_share_lines_where_they_can():
    scenario = day(**OPEN | {"calendar__days": 2})
    counts = np.array([[2] * 20 + [3] * 20])
    roster = cover(scenario, make_problem(scenario, "interval"), counts)
    assert any(line.days == (0, 1) for line in roster.lines)
    assert (roster.scheduled >= counts - 1e-6).all()


def test_what_no_shift_reaches_is_named():
    with pytest.raises(sim.CcsimError, match=r"no shift of desk reaches mon 16:30, when 1 are required"):
        covered([1] * 20, ShiftRules(lengths=(8 * HOUR,), latest=8.5 * HOUR))
