"""The names of measures that a file may mention are the measures that a run reports."""

import pytest

import sim
from sim.measures.definitions import MEASURES, measures_of
from sim.scenario.names import MEASURES as NAMES
from sim.scenario.names import MECHANISM, NEEDS

TEXT = """
name: all measures
calendar: {start: 2026-01-05, days: 1, hours: "08:00-10:00", interval: 30m}
arrivals: {per_day: 40}
intents: {a: {share: 1, talk_time: 5m}}
agents: {a: {skills: [a], staff: 4}}
"""


def test_every_measure_can_be_named_and_every_name_is_a_measure():
    costed = sim.loads(TEXT + "costs: {agent_hour: 30}\nfatigue: {}\n")
    assert set(NAMES) == {*measures_of(costed), "wait_p90_s"}


def test_measures_that_need_costs_or_a_mechanism_are_absent_without_them():
    bare = measures_of(sim.loads(TEXT))
    assert {name for name, need in NEEDS.items() if need in ("costs", MECHANISM)} == set(NAMES) - {*bare, "wait_p90_s"}
    assert set(MEASURES) <= set(bare)


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_a_precision_for_a_measure_without_a_value_is_refused(name):
    with pytest.raises(sim.ScenarioError, match=f"run.precision.{name}: has no value without {NEEDS[name]}"):
        sim.loads(TEXT + f"run: {{precision: {{{name}: 5%}}}}\n")
