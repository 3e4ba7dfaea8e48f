"""Weak and assumed numbers at the ends of their ranges."""

import pytest

import sim
from sim.study.sensitivity import uncertain_parameters, value_words
from tests.study.small import SMALL, small

ALL_ON = {
    "bot": {"conversation": {}},
    "expectations": {},
    "csat": {},
    "supervisor": {"group": "lead"},
    "agents": SMALL["agents"] | {"lead": {"skills": ["decide"], "staff": 1}},
}


def by_key(scenario, **flags):
    return {parameter.key: parameter for parameter in uncertain_parameters(scenario, **flags)}


@pytest.fixture(scope="module")
def everything():
    return by_key(sim.loads(SMALL | ALL_ON))


@pytest.mark.parametrize(
    ("key", "low", "high", "published"),
    [
        ("customers.redial.probability", "0.3", "0.85", True),
        ("bot.lost_context_time", "30s", "4m", True),
        ("bot.session", "1m15s", "3m45s", False),
        ("bot.conversation.good_turns", "2", "8", False),
        ("supervisor.time", "1m30s to 5m", "4m30s to 15m", False),
        ("frustration.wait_grace", "30s", "1m30s", False),
        ("mistreatment.slope", "1.25", "3.75", False),
        ("intents.*.difficulty_weight", "0.3", "0.9", False),
    ],
)
def test_the_range_is_the_published_one_or_half_to_half_again(everything, key, low, high, published):
    parameter = everything[key]
    assert [bound.words for bound in parameter.bounds] == [low, high]
    assert parameter.published == published


def test_a_bound_changes_its_number_and_nothing_else(everything):
    base = sim.loads(SMALL | ALL_ON).resolved()
    for bound, value in zip(everything["customers.redial.probability"].bounds, (0.3, 0.85), strict=True):
        said = bound.scenario.resolved()
        assert said["customers"]["redial"].pop("probability") == value
        base["customers"]["redial"].pop("probability", None)
        assert said == base


def test_intents_share_one_parameter_that_moves_them_all(everything):
    low, high = everything["intents.*.difficulty_weight"].bounds
    assert [i.difficulty_weight for i in low.scenario.intents.values()] == [0.3, 0.3]
    assert [i.difficulty_weight for i in high.scenario.intents.values()] == [0.9, 0.9]
    assert sum(key.endswith("difficulty_weight") for key in everything) == 1


def test_a_range_goes_no_further_than_the_rest_of_the_file_allows(everything):
    patience = everything["expectations.patience"].bounds
    assert [bound.scenario.expectations.patience for bound in patience] == [0.45, pytest.approx(0.95625)]
    tight = by_key(small(intents__order__bot={"containment": 0.79, "false_share": 0.0}))["bot.opt_out"].bounds
    assert tight[0].scenario.bot.opt_out == pytest.approx(0.1)
    assert tight[1].words == "0.2"


def test_a_number_that_is_given_counts_as_one_that_is_not(everything):
    given = by_key(small(bot__opt_out=0.3))["bot.opt_out"]
    assert given.words == "0.3"
    assert [bound.scenario.bot.opt_out for bound in given.bounds] == [0.1, 0.4]


def test_strong_and_moderate_numbers_are_left_alone(everything):
    assert "pace.push" not in everything
    assert "fatigue.effects.talk_time" not in everything
    assert all(parameter.grade in ("W", "A") for parameter in everything.values())


def test_numbers_that_only_weigh_what_happened_are_asked_for():
    scenario = sim.loads(SMALL | ALL_ON)
    weighing = set(by_key(scenario, counted_too=True)) - set(by_key(scenario))
    assert {"csat.unresolved", "costs.overtime_multiplier", "fatigue.strain_threshold"} <= weighing
    assert all(key.split(".")[0] in ("csat", "costs", "attrition", "fatigue") for key in weighing)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [("244800s", "2d20h"), ("366768s", "4d6h"), ("4213s", "1h10m"), ("610.4s", "10m10s"), ("8.4s", "8.4s")],
)
def test_long_durations_are_told_without_their_seconds(seconds, words):
    assert value_words(seconds) == words
