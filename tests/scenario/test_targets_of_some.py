"""Targets of a channel, an intent or a skill in a file: read, kept, explained, refused with a fix."""

import pytest

import sim
from sim.errors import ScenarioError
from sim.loading.explain import explain_scenario
from sim.loading.load import changed
from sim.scenario.targets import MeasureTarget, meant_by, targets_of_scenario, targets_of_some, within_of
from tests.study.channels import desk


def problems(**targets):
    with pytest.raises(ScenarioError) as error:
        desk(targets=targets)
    return [f"{problem.path}: {problem.message}. {problem.fix}" for problem in error.value.problems]


GOALS = {
    "service_level": "80/20",
    "chat": {"service_level": "75/60", "abandonment": "10%"},
    "letters": {"due_met": "95%"},
    "help": {"resolution": "60%"},
}


def test_they_follow_those_of_all_contacts_by_name_and_measure():
    goals = targets_of_scenario(desk(targets=GOALS))
    assert goals == {
        "sl_offered": MeasureTarget(0.8, True),
        "chat.sl_offered": MeasureTarget(0.75, True),
        "chat.abandonment_rate": MeasureTarget(0.1, False),
        "letters.due_met": MeasureTarget(0.95, True),
        "help.resolution_rate": MeasureTarget(0.6, True),
    }


def test_a_name_is_a_channel_an_intent_or_a_skill():
    intents = desk().intents
    assert meant_by(intents, "chat") == ("order", "fault")
    assert meant_by(intents, "fault") == ("fault",)
    assert meant_by(intents, "help") == ("fault", "call")
    assert meant_by(intents, "nobody") == ()


def test_each_intent_is_measured_by_the_time_of_its_own_target():
    scenario = desk(targets=GOALS)
    assert [within_of(scenario, name) for name in scenario.intents] == [60.0, 60.0, 20.0, 20.0]


def test_the_definition_is_that_of_all_contacts_unless_given():
    level = {"share": "80%", "within": "20s", "definition": "sl_answered"}
    own = {"share": "80%", "within": "60s", "definition": "sl_offered"}
    goals = targets_of_scenario(desk(targets={"service_level": level, "chat": {"service_level": "75/60"}}))
    assert "chat.sl_answered" in goals
    assert "chat.sl_offered" in targets_of_scenario(
        desk(targets={"service_level": level, "chat": {"service_level": own}})
    )


def test_they_survive_being_written_and_read():
    scenario = desk(targets=GOALS)
    assert sim.loads(scenario.resolved()) == scenario
    assert scenario != desk()
    moved = changed(scenario, {"targets.chat.service_level": "90/30"})
    assert targets_of_scenario(moved)["chat.sl_offered"].share == 0.9
    assert moved.targets.of_some["chat"].abandonment == 0.1
    rows = {row.path: row.words for row in explain_scenario(scenario)}
    assert rows["targets.chat.service_level.within"] == "1m"
    assert rows["targets.letters.due_met"] == "0.95"


def test_off_takes_an_inherited_one_out():
    scenario = desk(targets=GOALS)
    assert targets_of_some(changed(scenario, {"targets.chat": "off"})) == targets_of_some(scenario)[2:]
    assert desk(targets={"chat": "off"}) == desk()


BAD = {
    "an unknown name": ({"chats": {"service_level": "80/60"}}, "targets.chats: is no target, and no channel", "chat"),
    "an unknown name, off": ({"chats": "off"}, "targets.chats: is no target, and no channel", "chat"),
    "an unknown key": ({"occupency": "80%"}, "targets.occupency: is not a key", "Did you mean occupancy"),
    "an unknown key within": ({"chat": {"occupancy": "80%"}}, "targets.chat.occupancy: is not a key", "service_level"),
    "a bad share": ({"chat": {"abandonment": 5}}, "targets.chat.abandonment: is more than 1", "5%"),
    "a bad level": ({"chat": {"service_level": "soon"}}, "targets.chat.service_level: is not a service level", "80/20"),
    "no map": ({"chat": "80/60"}, "targets.chat: is not a key", "Allowed"),
    "due of chats": ({"chat": {"due_met": "90%"}}, "targets.chat.due_met: is asked of contacts that are not", "name"),
    "a level of deferred work": (
        {"letters": {"service_level": "80/20"}},
        "targets.letters.service_level: is asked of deferred work alone",
        "Write due_met",
    ),
    "two times": (
        {"chat": {"service_level": "80/60"}, "order": {"service_level": "80/30"}},
        "targets.order.service_level: counts to 30 s, and targets.chat to 60 s; order is in both",
        "the same time",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_said_with_a_fix(case):
    targets, words, fix = BAD[case]
    found = problems(**targets)
    assert len(found) == 1
    assert found[0].startswith(words)
    assert fix in found[0]


def test_a_name_of_two_things_is_refused():
    with pytest.raises(
        ScenarioError, match="stands for different contacts: as an intent call and as a skill order"
    ) as error:
        desk(intents__order__skill="call", targets={"call": {"resolution": 0.5}}, agents__web__skills=["call", "help"])
    assert "another name" in str(error.value)


def test_work_that_is_never_due_has_no_due_to_meet():
    with pytest.raises(ScenarioError, match="is asked of work that is never due"):
        desk(intents__letters__due="off", targets={"letters": {"due_met": 0.9}})
