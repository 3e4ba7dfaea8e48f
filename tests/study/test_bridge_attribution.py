"""A scenario with some of its causes: what is off, and that all of them make it whole again."""

import pytest

import sim
from sim.facts.bot_probabilities import closed_as_done
from sim.study.bridge.attribution import CAUSES, beyond_truth, contained, margins_of, plain, truthful, with_causes
from tests.study.bridged import BOT, plenty
from tests.study.small import small

TIRED = small(trust={}, expectations={}, assistant={}, workforce={}, screens={})


def test_all_causes_make_a_scenario_whole():
    margins = margins_of(TIRED)
    assert plain(with_causes(TIRED, CAUSES), margins) == plain(TIRED, margins)


def test_no_cause_leaves_people_and_systems():
    assert with_causes(TIRED, ()).mechanisms == ("workforce", "screens")
    assert plain(with_causes(small(), ()), (0, 0)).mechanisms == ()


@pytest.mark.parametrize("cause", ["frustration", "fatigue", "pace", "assistant"])
def test_a_cause_brings_its_mechanisms_and_no_other(cause):
    with_it = set(with_causes(TIRED, [cause]).mechanisms) - {"workforce", "screens"}
    family = {"frustration", "mistreatment", "trust", "expectations"} if cause == "frustration" else {cause}
    assert with_it == family


def test_the_bot_is_switched_on_in_four_parts():
    scenario = plenty({**BOT, "bot": {}, "intents.order.bot.false_share": 0.3})
    blind, selective, false = (with_causes(scenario, CAUSES[:k]) for k in (1, 2, 3))
    assert (blind.bot.selectivity, blind.bot.context_kept, blind.intents["order"].bot.false_share) == (0.0, 1.0, 0.0)
    assert blind.intents["order"].bot.containment == 0.4
    assert (selective.bot.selectivity, selective.intents["order"].bot.false_share) == (0.7, 0.0)
    assert (false.intents["order"].bot.false_share, false.bot.context_kept) == (0.3, 1.0)
    assert with_causes(scenario, CAUSES[:4]).bot == scenario.bot
    assert with_causes(scenario, CAUSES[1:]).bot is None


def test_a_truthful_bot_contains_as_much():
    scenario = plenty({"bot": {"false_containment": 0.35}, "intents.order.bot": {"resolves": 0.3}})
    bot, own = scenario.bot, scenario.intents["order"].bot
    honest = truthful(bot, own)
    assert honest.containment == pytest.approx(0.8 * (0.3 + 0.7 * 0.35))
    assert closed_as_done(bot, honest) == pytest.approx(closed_as_done(bot, own))
    result = sim.run(plenty({"bot": {"opt_out": 0.2}, "intents.order.bot": honest.model_dump(exclude_none=True)}))
    assert result.measures.loc["false_containment_rate", "mean"] == 0.0


def test_a_truthful_bot_in_conversation_contains_no_more_than_it_can():
    bot = {"conversation": {"fails_if_capable": 0.4}, "opt_out": 0.2, "false_containment": 1.0}
    scenario = plenty({"bot": bot, "intents.order.bot": {"resolves": 0.95}})
    assert beyond_truth(scenario) == ["order"]
    honest = truthful(scenario.bot, scenario.intents["order"].bot)
    assert 0.1 < honest.containment < contained(scenario.bot, scenario.intents["order"].bot) - 0.05
    assert with_causes(scenario, CAUSES[:1]).intents["order"].bot == honest
    found = sim.bridge(plenty(), scenario, replications=1)
    assert any("could not contain as much of order" in note for note in found.notes)


def test_days_around_those_measured_are_enough_for_both():
    long = plenty({"run.warm_up": "3d"})
    short = plenty({"run.follow_up": "2d"})
    assert margins_of(long, short) == (3, 2)
    assert (plain(short, (3, 2)).warm_up_days, plain(short, (3, 2)).follow_up_days) == (3, 2)
