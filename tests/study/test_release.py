"""What the bot must truly resolve for agents to be freed: the break-even, its range, and what cannot be."""

import pytest

import sim
from sim.study.staffing import release
from sim.study.staffing.release import planned_fte, with_capability
from tests.study.centres import day

BOT = {
    "bot": {"opt_out": 0.0, "false_containment": 0.0, "selectivity": 0.0, "context_kept": 1.0},
    "intents.all.bot": {"resolves": 0.2},
    "agents.desk.staff": 11,
    "run.warm_up": "0d",
    "run.follow_up": "0d",
}


def with_bot(**settings):
    return sim.changed(day(), BOT | {key.replace("__", "."): value for key, value in settings.items()})


FTE = 11 * 4 / 0.75 / 38 / (1 / 7)


@pytest.fixture(scope="module")
def found():
    return release(with_bot(), FTE * 4 / 11, replications=30, how_sure=False)


def test_the_plan_is_counted_with_shrinkage():
    assert planned_fte(with_bot()) == pytest.approx(FTE)


def test_four_of_eleven_leave_seven(found):
    assert set(found.cut.agents["desk"].staff.week.week) == {7}
    assert found.fte == pytest.approx(FTE)


def test_at_the_break_even_every_target_is_met_and_just_below_it_is_not(found):
    assert found.feasible
    assert 0.05 < found.even.share < 1.0
    for measure, goal in found.goals.items():
        assert goal.met(found.even.result.mean(measure))
    below = sim.run(with_capability(found.cut, found.even.scale - 0.1), replications=30, seed=found.seed).measures[
        "mean"
    ]
    assert not all(goal.met(below[measure]) for measure, goal in found.goals.items())


def test_without_returns_the_break_even_is_where_the_load_fits_the_agents(found):
    """Seven agents carry what 'staff' says they can: the calls that pass must be those of a day that needs seven."""
    share = found.even.share
    passing = sim.changed(day(), {"arrivals.per_day": 300 * (1 - share), "agents.desk.staff": 7})
    told = sim.run(passing, replications=200).measures["mean"]
    spare = min(goal.slack(told[measure]) for measure, goal in found.goals.items())
    assert spare == pytest.approx(0.0, abs=0.02)


def test_freeing_more_asks_for_more(found):
    more = release(with_bot(), FTE * 5 / 11, replications=30, how_sure=False)
    assert more.even.share > found.even.share


def test_freeing_next_to_nobody_asks_for_nothing():
    idle = release(with_bot(agents__desk__staff=30), 0.5, replications=10, how_sure=False)
    assert idle.even.scale == 0.0


def test_the_staffing_of_before_is_what_is_cut():
    before = sim.changed(day(), {"agents.desk.staff": 22, "name": "Before"})
    found = release(with_bot(), 2 * FTE * 11 / 22, before, replications=10, how_sure=False)
    assert set(found.cut.agents["desk"].staff.week.week) == {11}
    assert found.before.name == "Before"


def test_what_no_bot_can_do_is_infeasible():
    few = with_bot(intents__all__bot={"containment": 0.1, "false_share": 0.5}, bot__opt_out=0.6)
    found = release(few, FTE * 9 / 11, replications=10, how_sure=False)
    assert not found.feasible
    assert found.even is None


def test_false_containment_keeps_its_share():
    scenario = with_bot(intents__all__bot={"containment": 0.2, "false_share": 0.25})
    more = with_capability(scenario, 2.0).intents["all"].bot
    assert (more.containment, more.false_share) == (pytest.approx(0.4), 0.25)
    told = sim.run(with_capability(scenario, 2.0), replications=40).measures["mean"]
    assert told["false_containment_rate"] == pytest.approx(0.25, abs=0.03)


def test_the_range_holds_the_answer():
    scenario = with_bot(customers__repeat={"delay": "1h"}, bot__false_containment=0.2)
    found = release(scenario, FTE * 4 / 11, replications=10)
    low, high = found.span
    assert 0 < len(found.leanings) <= 3
    assert low <= found.even.share <= high
    assert low < high


@pytest.mark.parametrize(
    ("scenario", "freed", "said"),
    [
        (day(), 5, "has no bot"),
        (with_bot(intents__all__bot={"resolves": 0}), 5, "resolves nothing"),
        (with_bot(), 500, "500: A day has 10.8 FTE"),
        (with_bot(targets__service_level="off", targets__abandonment="off"), 5, "no targets"),
    ],
)
def test_what_cannot_be_asked_is_refused(scenario, freed, said):
    with pytest.raises(sim.CcsimError, match=said):
        release(scenario, freed, replications=2)


def test_groups_must_be_the_same():
    other = sim.loads(day().resolved() | {"agents": {"other": {"skills": ["all"], "staff": 30}}})
    with pytest.raises(sim.CcsimError, match="has other, which A day has not"):
        release(with_bot(), 1, other, replications=2)
    more = with_bot(agents={"desk": {"skills": ["all"], "staff": 9}, "other": {"skills": ["all"], "staff": 3}})
    with pytest.raises(sim.CcsimError, match="has no group other"):
        release(more, 1, day(), replications=2)


def test_what_whole_agents_free_is_what_is_counted(found):
    assert found.truly_freed == pytest.approx(found.fte * 4 / 11)
    with pytest.raises(sim.CcsimError, match="hardly anybody goes"):
        release(with_bot(), FTE * 0.001 / 11, replications=2, how_sure=False)


def test_staff_of_other_hours_is_refused_under_its_own_flag():
    other = day(calendar__hours="08:00-10:00", arrivals__profile=[1] * 4, agents__desk__staff=[9] * 4)
    with pytest.raises(sim.CcsimError, match="--before: the staff of A day does not fit A day"):
        release(with_bot(), 1, other, replications=2)


def test_relief_comes_with_the_staffing_that_is_cut():
    """Hired by the one file, kept without breaks by the other."""
    relieved = with_bot(agents__desk__relief="1h")
    found = release(with_bot(), FTE * 4 / 11, relieved, replications=2, how_sure=False)
    assert found.cut.agents["desk"].relief == 3600.0
    assert release(relieved, FTE * 4 / 11, with_bot(), replications=2, how_sure=False).cut.agents["desk"].relief is None
