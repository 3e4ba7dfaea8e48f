"""The names of measures that a file may mention are the measures that a run reports."""

import pytest

import sim
from sim.measures.definitions import MEASURES, measures_of
from sim.scenario.measure_names import CHANNEL_NEEDS, MECHANISM, measure_names, needs

TEXT = """
name: all measures
calendar: {start: 2026-01-05, days: 1, hours: "08:00-10:00", interval: 30m}
arrivals: {per_day: 40}
intents: {a: {share: 1, talk_time: 5m}}
agents: {a: {skills: [a], staff: 4}}
"""


CHANNELS = """
name: all channels
calendar: {start: 2026-01-05, days: 1, hours: "08:00-10:00", interval: 30m}
arrivals: {per_day: 40}
intents:
  a: {share: 0.5, talk_time: 5m, channel: chat}
  b: {share: 0.2, talk_time: 5m, channel: deferred}
  c: {share: 0.3, talk_time: 5m}
customers: {silent_leave: 0.3, callback: {}}
queues: {c: {limit: 3}}
agents: {a: {skills: {a: {preference: 1}, b: {preference: 2}, c: {preference: 2, overflow_after: 1m}}, staff: 4}}
bot: {hours: "00:00-24:00", max_sessions: 2}
"""
NAMES, NEEDS = measure_names(), needs()
OF_A_SECTION = {
    "cost": "costs: {agent_hour: 30}",
    "cost_per_resolution": "costs: {agent_hour: 30}",
    "containment_in_hours": 'bot: {hours: "00:00-24:00"}',
    "transfer_rate": "pace: {target: 4m, sends_away: 0}",
    "supervisor_rate": "supervisor: {group: a}",
    "csat": "csat: {}",
    "leavers_expected": "attrition: {}",
    "replacement_cost": "attrition: {}",
}
"""Measures that a scenario has only with one of its sections, whatever mechanisms there are."""


def test_every_measure_can_be_named_and_every_name_is_a_measure():
    sections = [text for text in dict.fromkeys(OF_A_SECTION.values()) if not text.startswith("bot")]
    everything = sim.loads("\n".join([CHANNELS, *sections]))
    assert set(NAMES) == {*measures_of(everything), "wait_p90_s"}


def test_measures_that_need_costs_or_a_mechanism_are_absent_without_them():
    bare = measures_of(sim.loads(TEXT))
    parts = {name for name, need in NEEDS.items() if need == MECHANISM}
    assert parts | set(OF_A_SECTION) | set(CHANNEL_NEEDS) == set(NAMES) - {*bare, "wait_p90_s"}
    assert set(MEASURES) <= set(bare)


@pytest.mark.parametrize("name", sorted(OF_A_SECTION))
def test_a_measure_of_a_section_comes_with_it_alone(name):
    others = [text for text in dict.fromkeys(OF_A_SECTION.values()) if text != OF_A_SECTION[name]]
    assert name in measures_of(sim.loads(TEXT + OF_A_SECTION[name]))
    assert name not in measures_of(sim.loads(TEXT + "\n".join(others)))


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_a_precision_for_a_measure_without_a_value_is_refused(name):
    with pytest.raises(sim.ScenarioError, match=f"run.precision.{name}: has no value without {NEEDS[name]}"):
        sim.loads(TEXT + f"run: {{precision: {{{name}: 5%}}}}\n")
