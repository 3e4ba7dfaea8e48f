"""The sentences and tables of `staff`: what they say is what was found."""

import pytest

import sim
from sim.report.staffing import shifts_yaml, staffing_report
from sim.report.staffing.narrative import paragraphs
from sim.report.staffing.tables import tables_of
from sim.study.staffing import ShiftRules
from tests.study.centres import day, one_skill


@pytest.fixture(scope="module")
def steady():
    return sim.staff(one_skill(60, 300, 150, days=3), by="whole", each="whole", replications=10, how_sure=False)


@pytest.fixture(scope="module")
def morning():
    return sim.staff(day(), each="day", replications=20, budget=2e5, rules=ShiftRules())


def words_of(result):
    return {p.name: p.text for p in paragraphs(result)}


def table_of(result, title):
    return next(t for t in tables_of(result) if t.title.startswith(title))


def test_a_steady_queue_is_set_beside_the_formulas_of_its_mean_load(steady):
    words = words_of(steady)
    assert words["The answer"].startswith("7 agents meet every target over all days together.")
    assert "Erlang A on the mean load agrees to the agent." in words["The formulas"]
    assert (
        "Erlang C on the mean load asks for 8 agents on all days, where 7 are required: 1 too many."
        in words["The formulas"]
    )
    (cells,) = table_of(steady, "Agents required").rows
    assert [cell.text for cell in cells] == ["all days", "7", "7", "5.0", "8", "7"]


def test_the_target_that_decides_is_named():
    """Nobody need wait, but hardly anybody may give up; and the other way round."""
    strict = sim.staff(day(targets__abandonment=0.005), each="whole", by="whole", replications=20, how_sure=False)
    assert list(strict.decides) == ["abandonment_rate"]
    assert "What decides is abandonment: of all targets it has least to spare." in words_of(strict)["The answer"]
    loose = sim.staff(day(targets__abandonment=0.5), replications=20, how_sure=False, budget=2e5)
    assert loose.decides == {"sl_offered": 8}
    assert "is service level in 8 of 8." in words_of(loose)["The answer"]


def test_over_and_under_add_up(morning):
    table, gap = table_of(morning, "Over and under"), morning.roster.scheduled - morning.required
    assert len(table.rows) == 8
    for cells, over in zip(table.rows, gap[0], strict=True):
        assert cells[3].text == (f"{over:.1f}" if over > 0.05 else "–")
    assert "short of none" in words_of(morning)["Shifts"]


def test_hours_are_those_of_the_counts(morning):
    rows = {cells[0].text: cells[1].text for cells in table_of(morning, "Agent hours").rows}
    assert rows["required, simulated"] == f"{morning.required.sum() / 2:,.1f}"
    assert rows["the file's own staffing"] == f"{9 * 4:,.1f}"


def test_not_acting_is_told_by_the_files_own_staffing(morning):
    now = morning.sides[0]
    assert now.mean("agents_on_queue") == 9.0
    gone = now.mean("abandoned") + now.mean("balked")
    assert f"{gone:,.0f} of {now.mean('offered'):,.0f} contacts give up" in words_of(morning)["If nothing is done"]


def test_the_folder_has_a_scenario_with_the_shifts(morning):
    text = shifts_yaml(morning, "day.yaml")
    assert staffing_report(morning, "day.yaml").texts == {"shifts.yaml": text}
    assert staffing_report(morning).texts == {}
    assert 'extends: "day.yaml"' in text
    assert text.count("count") == len(morning.roster.lines)


def test_charts_show_the_requirement_the_cover_and_the_level(morning):
    assert [chart.name for chart in staffing_report(morning).charts] == ["required", "cover", "service_level"]


def test_shifts_that_extend_a_file_with_relief_switch_it_off():
    relieved = sim.staff(
        day(agents__desk__relief="2h"), each="day", by="day", rules=ShiftRules(), replications=5, budget=1e5
    )
    assert "    relief: off\n    staff: off\n    shifts:" in shifts_yaml(relieved, "base.yaml")


def test_shifts_that_extend_a_file_without_it_do_not_name_it(morning):
    assert "relief" not in shifts_yaml(morning, "base.yaml")
