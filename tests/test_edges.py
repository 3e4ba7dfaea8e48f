"""Edges that once went wrong: each test is the smallest world that shows it."""

import subprocess
import sys

import numpy as np
import pytest

import sim
from tests.properties.audit_bot import turns_fit
from tests.properties.reading import rows

ROUND_THE_CLOCK = """
name: round the clock
calendar: {start: 2026-01-05, days: 1, hours: "00:00-24:00", interval: 30m}
arrivals: {per_day: 150, process: fixed_count}
intents: {a: {share: 1, talk_time: {distribution: uniform, low: 5m, high: 5m}}}
agents: {a: {skills: [a], shifts: [{count: 4, start: "22:00", length: 8h}, {count: 4, start: "06:00", length: 16h}]}}
fatigue: {}
"""


def test_a_uniform_of_no_width_is_a_constant_for_a_tired_agent_too():
    contacts = sim.simulate(sim.loads(ROUND_THE_CLOCK)).contacts
    tired = contacts[contacts["fatigue"] > 0]
    assert len(tired) > 50
    stated = 300e6 * (1 + 0.18 * tired["fatigue"])
    np.testing.assert_allclose(tired["natural_talk_us"], stated, atol=1)


def test_work_and_pay_end_at_the_same_midnight():
    late = ROUND_THE_CLOCK.replace("per_day: 150", "per_day: 150, profile: [" + "1, " * 44 + "60, 60, 60, 60]")
    late = late.replace(', {count: 4, start: "06:00", length: 16h}', "").replace("count: 4", "count: 4, days: mon")
    measures = sim.run(sim.loads(late), replications=2).measures
    assert measures.loc["paid_hours", "mean"] == pytest.approx(8.0)
    assert 0.9 < measures.loc["utilisation", "mean"] <= 1.0


def test_nobody_is_strained_above_the_highest_threshold():
    text = ROUND_THE_CLOCK.replace("fatigue: {}", "fatigue: {strain_threshold: 1, build_per_hour: 1000000}")
    assert sim.run(sim.loads(text), replications=2).measures.loc["strained_share", "mean"] == 0.0


def test_fatigue_at_the_end_of_a_shift_is_that_of_the_moment_when_shifts_join():
    text = """
name: joined shifts
calendar: {start: 2026-01-05, days: 2, hours: "00:00-24:00", interval: 30m}
arrivals: {per_day: 8, process: fixed_count}
intents: {a: {share: 1, talk_time: {distribution: constant, value: 5h}}}
agents: {a: {skills: [a], shifts: [{count: 2, start: "00:00", length: 24h}]}}
fatigue: {}
"""
    records = sim.simulate(sim.loads(text))
    midnight = 24 * 3_600_000_000
    joined = records.duties[records.duties["left_us"] == midnight]
    assert len(joined) == 2
    for duty in joined:
        rows = records.segments[records.segments["agent"] == duty["agent"]]
        at = rows[(rows["start_us"] <= midnight) & (rows["end_us"] > midnight)][0]
        assert at["state"] == 2
        left = np.exp(-at["rate"] * (midnight - at["start_us"]) / 3.6e9)
        assert duty["fatigue_left"] == pytest.approx(1 - (1 - at["fatigue"]) * left, abs=1e-12)


@pytest.mark.parametrize("verb", ["run", "explain"])
def test_a_reader_who_leaves_early_is_no_error(tmp_path, verb):
    file = tmp_path / "s.yaml"
    file.write_text(ROUND_THE_CLOCK + "run: {replications: 2}\n")
    command = [sys.executable, "-c", "from sim.cli.main import main; main()", verb, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.wait(120) == 0
        assert process.stderr.read().decode().count("rror") == 0


@pytest.mark.parametrize("moved", [pytest.param(False, marks=pytest.mark.long), True])
def test_a_check_keeps_its_verdict_when_its_reader_leaves_early(tmp_path, moved):
    file, baseline = tmp_path / "s.yaml", tmp_path / "b.json"
    file.write_text(ROUND_THE_CLOCK + "run: {replications: 2}\n")
    ccsim = [sys.executable, "-c", "from sim.cli.main import main; main()", "check", str(file), "--baseline"]
    subprocess.run([*ccsim, str(baseline), "--refresh"], check=True, capture_output=True)
    changed = ["--set", "arrivals.per_day=200"] if moved else []
    with subprocess.Popen([*ccsim, str(baseline), *changed], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.wait(120) == int(moved)
        assert process.stderr.read().decode().count("rror") == 0


def test_differences_leave_out_service_levels_of_different_meaning():
    one = sim.loads(ROUND_THE_CLOCK)
    other = sim.loads(ROUND_THE_CLOCK, ["name=later", "targets.service_level=80/60"])
    stricter = sim.loads(ROUND_THE_CLOCK, ["name=stricter", "targets.service_level=90/20"])
    found = sim.compare(one, other, stricter, replications=2).differences
    later, strict = (set(found[found["scenario"] == name]["measure"]) for name in ("later", "stricter"))
    assert not {m for m in later if m.startswith("sl_")}
    assert "asa_s" in later
    assert {m for m in strict if m.startswith("sl_")} == {
        "sl_offered",
        "sl_excl_abn_in_t",
        "sl_credit_abn_in_t",
        "sl_answered",
    }


def test_a_conversation_of_a_need_that_the_bot_can_resolve_may_end_after_very_many_turns():
    """No way to a human, nobody leaves, and 199 good turns do not fit into 200 with half of them failing."""
    talk = {"turn": "1s", "handoff": "never", "leaves": 0, "fails_if_not": 1, "fails_if_capable": 0.5}
    scenario = sim.loads(
        {
            "calendar": {"start": "2026-01-05", "days": 1, "hours": "08:00-12:00"},
            "arrivals": {"per_day": 50, "process": "fixed_count"},
            "intents": {"a": {"talk_time": "3m", "bot": {"resolves": 1}}},
            "agents": {"a": {"skills": ["a"], "staff": 2}},
            "bot": {"opt_out": 0, "false_containment": 0, "conversation": talk | {"good_turns": 199}},
        }
    )
    contacts = rows(sim.simulate(scenario).contacts)
    assert all(50 < c["failed_turns"] < 200 for c in contacts)
    for contact in contacts:
        turns_fit(contact, scenario.bot.conversation)
    with pytest.raises(AssertionError):
        turns_fit(contacts[0] | {"failed_turns": 1}, scenario.bot.conversation)
