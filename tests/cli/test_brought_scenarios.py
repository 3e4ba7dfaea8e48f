"""Scenario files as planners write them: nights, more work than agents, keys that are none."""

from pathlib import Path

import sim

FILES = Path(__file__).parent / "brought"


def abandonment(settings):
    scenario = sim.load(FILES / "05-night-shift.yaml", settings)
    return sim.run(scenario, replications=150).measures.loc["abandonment_rate"]


def test_a_night_shift_covers_the_first_night_as_with_a_day_before():
    """Abandonment was 16.4 % against 3.5 %: nobody was there from midnight to six."""
    alone, before = abandonment([]), abandonment(["run.warm_up=1d"])
    assert alone.ci_high - alone.ci_low < 0.006
    assert alone.ci_low < before["mean"] < alone.ci_high
    assert alone.ci_high < 0.05


def test_more_work_than_agents_is_said_with_erlangs_and_agents(ccsim):
    """15.9 erlangs on 14 agents for ten hours leave 19 hours of work, 1 h 22 min for each agent."""
    file = str(FILES / "18-more-work-than-agents.yaml")
    (note,) = sim.load(file).notes
    assert "more work than agents for calls, mon 08:00-18:00: 15.9 erlangs on 14.0 agents (team)" in note
    assert "19.1 hours of work are left at the end, a wait of about 1h22m" in note
    for verb in (["validate", file], ["run", file, "--replications", "2"]):
        code, _, errors = ccsim(*verb)
        assert code == 0
        assert note in errors


def test_lines_are_said_to_have_no_limit(ccsim):
    code, _, errors = ccsim("validate", str(FILES / "23-lines.yaml"))
    assert code == 2
    assert "23-lines.yaml:5:44: agents.team.lines: is not a key" in errors
    assert "Write queues: {billing: {limit: 40}} for the waiting places of a skill; lines have none" in errors
    assert "Limits" in errors
