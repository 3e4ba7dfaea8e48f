"""Figures of chats: handle time is how long they are open, and a switch counts silent leavers as answered."""

import pytest

import sim
from sim.calibrate.observed.figures import targets_of
from sim.errors import ScenarioError
from sim.report.observed import observed_table

CHATS = """\
name: Chats
calendar: {start: 2026-11-23, days: 2, hours: "08:00-12:00", interval: 30m}
arrivals: {per_day: 300}
intents:
  order: {share: 60%, channel: chat, skill: web, talk_time: 6m, wrap_up: 30s}
  fault: {share: 40%, skill: line, talk_time: 5m, wrap_up: 30s}
customers: {patience: 3m, silent_leave: 40%}
agents:
  web: {skills: [web], concurrency: 3, staff: 3}
  line: {skills: [line], staff: 5}
targets: {service_level: 80/20}
run: {seed: 1, replications: 40, warm_up: 0d, follow_up: 0d}
"""
FIGURES = "observed: {aht: {order: 9m, fault: 6m}, service_level: 70/20, abandonment: 12%}\n"


def measures_of(text):
    scenario = sim.loads(text)
    return {(t.name, t.intent): t.measure for t in targets_of(scenario, scenario.observed)}


def test_each_figure_is_what_a_switch_reports():
    assert measures_of(CHATS + FIGURES) == {
        ("aht", "order"): "elapsed_s",
        ("aht", "fault"): "aht_s",
        ("service_level", ""): "sl_reported",
        ("abandonment", ""): "abandonment_reported",
    }
    loud = CHATS.replace(", silent_leave: 40%", "")
    found = measures_of(loud + FIGURES)
    assert (found["service_level", ""], found["abandonment", ""]) == ("sl_offered", "abandonment_rate")


@pytest.mark.parametrize(
    ("figures", "path", "words"),
    [
        ("{aht: 7m}", "observed.aht", "Write it by intent, such as {order: 6m, fault: 6m}"),
        ("{service_level: {share: 70%, within: 20s, definition: sl_answered}}", "observed.service_level", "sl_offered"),
    ],
)
def test_what_no_report_can_mean_is_refused(figures, path, words):
    with pytest.raises(ScenarioError) as caught:
        sim.loads(f"{CHATS}observed: {figures}\n")
    found = [problem for problem in caught.value.problems if problem.path == path]
    assert len(found) == 1
    assert words in found[0].fix
    assert found[0].line == CHATS.count("\n") + 1


def test_a_fit_finds_the_time_alone_from_time_open():
    truth = sim.run(sim.loads(CHATS))
    table = truth.by_intent.set_index(["intent", "measure"])["mean"]
    opened, handled = (table["order", measure] for measure in ("elapsed_s", "aht_s"))
    assert opened > 1.3 * handled, "so the two cannot be taken for each other"
    slower = CHATS.replace("talk_time: 6m", "talk_time: 8m")
    fitted = sim.fit_observed(sim.loads(f"{slower}observed: {{aht: {{order: {opened:.0f}s}}}}\n"))
    assert fitted.intents["order"].talk_time.average == pytest.approx(360, rel=0.02)
    outcome = fitted.observed.fitted
    assert [gap.measure for gap in outcome.gaps] == ["elapsed_s"]
    shown = observed_table(outcome)
    assert "time open for the customer of order" in shown.rows[0][0].text
    assert any("how long they are open" in note for note in shown.notes)
