"""The search on functions whose answer is known, and whole agents whose mean follows a factor."""

import numpy as np
import pytest

import sim
from sim.calibrate.observed.fit import SearchPoint, SearchRules, search, slopes_at
from sim.calibrate.observed.scale_parameters import shifted, staff_settings
from sim.loading.load import changed
from tests.calibrate.observed.centre import text


def found(function, dials, end=2.3, most=25):
    """Where a search ends, and how many looks it took."""
    looks = []

    def look(x):
        looks.append(x)
        return np.asarray(function(x), float)

    start = np.zeros(dials)
    gaps = look(start)
    slopes = slopes_at(look, start, gaps, np.full(dials, 0.1))
    rules = SearchRules(
        lambda gaps: np.ones_like(gaps), end, np.full(dials, 0.5), np.full(gaps.size, 1e-4), most, idle=4
    )
    return search(look, SearchPoint(start, gaps, slopes), rules).position, len(looks)


def test_a_bent_function_of_two_dials_is_solved_in_few_looks():
    x, looks = found(lambda x: [np.exp(x[0]) + 0.3 * x[1] - 2.0, x[1] ** 3 + x[1] + 0.2 * x[0] - 1.0], 2)
    assert np.exp(x[0]) + 0.3 * x[1] == pytest.approx(2.0, abs=5e-3)
    assert x[1] ** 3 + x[1] + 0.2 * x[0] == pytest.approx(1.0, abs=5e-3)
    assert looks <= 15


def test_what_cannot_be_met_ends_where_the_squares_are_least():
    x, _ = found(lambda x: [x[0] - 1.0, x[0] - 3.0], 1, end=9.0)
    assert x[0] == pytest.approx(2.0, abs=0.01)


def test_of_many_ways_the_one_that_turns_least_is_taken_and_idle_dials_stay():
    x, _ = found(lambda x: [x[0] + x[1] - 1.0], 3)
    assert x == pytest.approx([0.5, 0.5, 0.0], abs=0.01)


def test_a_dial_stops_at_its_end_and_the_others_make_up_for_it():
    x, _ = found(lambda x: [x[0] + x[1] - 1.0, 0.1 * (x[1] - 0.9)], 2, end=0.6)
    assert x == pytest.approx([0.4, 0.6], abs=0.01)


def test_where_there_is_no_value_the_search_goes_back():
    x, _ = found(lambda x: [np.nan if x[0] > 0.6 else x[0] - 0.55], 1)
    assert x[0] == pytest.approx(0.55, abs=0.05)


@pytest.mark.parametrize("factor", [0.5, 0.83, 1.0, 1.07, 1.5, 2.0])
def test_counts_in_whole_agents_have_the_mean_of_the_factor(factor):
    scenario = sim.loads(text(""))
    week = changed(scenario, staff_settings(scenario, factor)).agents["desk"].staff.week.week
    calendar, staff = scenario.calendar, changed(scenario, staff_settings(scenario, factor)).agents["desk"].staff
    counts = [count for day in calendar.dates() for count in staff.of(day, calendar)]
    assert abs(sum(counts) - factor * 5 * len(counts)) <= 0.5 + 1e-9
    assert max(counts) - min(counts) <= 1
    assert (len(set(counts)) > 1) == isinstance(week[0], tuple)


def test_shifts_are_shared_out_by_largest_remainder_and_supervisors_stay():
    shifts = "[{count: 3, start: '08:00', length: 4h}, {count: 4, start: '08:00', length: 2h}]"
    groups = f"agents: {{desk: {{skills: [all], shifts: {shifts}}}, lead: {{skills: [decide], staff: 2}}}}\n"
    data = text("supervisor: {group: lead}\n").replace("agents: {desk: {skills: [all], staff: 5}}\n", groups)
    scenario = sim.loads(data)
    made = changed(scenario, staff_settings(scenario, 1.3))
    assert [shift.count for shift in made.agents["desk"].shifts] == [4, 5]
    assert made.agents["lead"] == scenario.agents["lead"]


def test_a_table_of_counts_keeps_its_dates_and_empty_intervals_stay_empty(tmp_path):
    times = [f"{8 + k // 2:02d}:{30 * (k % 2):02d},{3 if k else 0}" for k in range(8)]
    rows = [f"{day},{time}" for day in ("2026-11-23", "2026-11-24") for time in times]
    (tmp_path / "staff.csv").write_text("date,time,agents\n" + "\n".join(rows) + "\n")
    data = text("").replace("staff: 5", "staff: {file: staff.csv}")
    scenario = sim.loads(data, base=tmp_path)
    counts = changed(scenario, staff_settings(scenario, 1.5)).agents["desk"].staff.counts
    assert list(counts) == ["2026-11-23", "2026-11-24"]
    assert [row[0] for row in counts.values()] == [0, 0]
    assert sum(map(sum, counts.values())) == 63


def test_a_shift_of_the_log_odds_leaves_the_ends():
    assert [shifted(share, 0.5) for share in (0.0, 0.5, 1.0)] == pytest.approx([0.0, 1 / 3, 1.0])
