"""What a bot's sessions come to, against the negative binomial; and the containment that planners state, solved."""

import re
from functools import cache
from itertools import product
from math import comb, inf

import pytest
from scipy.special import betainc

from sim.errors import ScenarioError
from sim.facts import bot_probabilities as odds
from sim.facts.bot_probabilities import (
    bot_probabilities,
    closed_as_done,
    handed_off,
    most_containment,
    session_probabilities,
)
from sim.loading.load import loads
from sim.mechanisms.bot import MOST_TURNS, Bot, Conversation
from sim.scenario.people import IntentBot

TALKS = {
    "default": {},
    "never": {"handoff": "never"},
    "one failed turn is enough": {"offer_after": 1, "good_turns": 3},
    "patient": {"give_up": [0.05], "offer_after": 4, "fails_if_capable": 0.4, "leaves": 0.5},
    "patient, never": {"give_up": [0.05, 0.3], "offer_after": 3, "fails_if_capable": 0.5, "handoff": "never"},
    "all leave": {"leaves": 1.0, "good_turns": 2},
    "all leave, never": {"leaves": 1.0, "handoff": "never", "fails_if_capable": 0.3},
    "all ask": {"leaves": 0.0, "give_up": [0.5], "offer_after": 3},
    "all ask, never": {"leaves": 0.0, "handoff": "never", "fails_if_capable": 0.45},
    "the bot fails the capable more": {"fails_if_capable": 0.8, "fails_if_not": 0.3, "handoff": "never"},
    "nothing fails": {"fails_if_capable": 0.0, "fails_if_not": 0.0},
    "everything fails": {"fails_if_capable": 1.0, "fails_if_not": 1.0, "give_up": [0.2]},
    "everything fails, never": {"fails_if_capable": 1.0, "fails_if_not": 1.0, "give_up": [0.0], "handoff": "never"},
    "as long as sessions may be": {"good_turns": 199, "fails_if_capable": 0.01, "give_up": [0.1]},
    "long": {"good_turns": 60, "fails_if_capable": 0.05, "give_up": [0.1], "offer_after": 5},
    "nobody gives up, never": {"give_up": [0.0], "handoff": "never", "fails_if_capable": 0.5, "offer_after": 3},
}
SHARES = ("resolved", "asked", "closing", "resolved_after", "left")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """The shares of a conversation are worked out once."""
    monkeypatch.setattr(odds, "session_probabilities", cache(session_probabilities))


@cache
def by_hand(talk, capable):
    """The shares from the number of failed turns before the last good one, and who is still there after each."""
    fails, good = (talk.fails_if_capable, talk.good_turns) if capable else (talk.fails_if_not, inf)
    never, found, there = talk.handoff == "never", dict.fromkeys(SHARES, 0.0), 1.0
    for failed in range(MOST_TURNS + 1):
        after, up_to = failed >= talk.offer_after, failed <= talk.offer_after
        if failed and (never or up_to):
            reached, gives_up = _reached(failed, good, fails) * there, _gives_up(talk, failed)
            found["left"] += reached * gives_up * talk.leaves
            found["asked"] += 0.0 if never else reached * gives_up * (1.0 - talk.leaves)
            there *= 1.0 - gives_up * (talk.leaves if never else 1.0)
        if failed == talk.offer_after:
            found["closing"] = _reached(failed, good, fails) * there
        if good + failed <= MOST_TURNS and (never or not after):
            luck = comb(good + failed - 1, failed) * (1.0 - fails) ** good * fails**failed
            found["resolved_after" if after else "resolved"] += luck * there
    return found


def _gives_up(talk, failed):
    return talk.give_up[min(failed, len(talk.give_up)) - 1]


def _reached(failed, good, fails):
    """The chance of so many failed turns before so many good ones, within the turns that a session has."""
    return betainc(failed, min(good, MOST_TURNS - failed + 1), fails)


@pytest.mark.parametrize("capable", [True, False])
@pytest.mark.parametrize("name", TALKS)
def test_sessions_against_the_negative_binomial(name, capable):
    talk = Conversation(**TALKS[name])
    found, expected = session_probabilities(talk, capable), by_hand(talk, capable)
    for share in SHARES[:-1]:
        assert getattr(found, share) == pytest.approx(expected[share], abs=1e-12), share


def test_the_default_session_of_a_capable_bot():
    """Five good turns of .85 with no failed turn, or with one in five places and 11 % gone."""
    found = session_probabilities(Conversation(), capable=True)
    assert found.resolved == pytest.approx(0.85**5 * (1 + 5 * 0.15 * 0.89))
    one, two = 1 - 0.85**5, 1 - 0.85**6 - 6 * 0.15 * 0.85**5
    assert found.asked == pytest.approx(0.75 * (one * 0.11 + two * 0.89 * 0.60))
    assert found.closing == pytest.approx(two * 0.89 * 0.40)
    assert found.resolved_after == 0.0


def test_the_default_session_of_an_incapable_bot():
    """Everybody comes to the first failed turn, 89 % to the second: 16.1 % leave and 35.6 % see how the bot ends it."""
    found = session_probabilities(Conversation(), capable=False)
    assert found == pytest.approx((0.0, 0.75 * (0.11 + 0.89 * 0.60), 0.89 * 0.40, 0.0))
    assert 1 - sum(found) == pytest.approx(0.25 * (0.11 + 0.89 * 0.60))


@pytest.mark.parametrize("capable", [True, False])
@pytest.mark.parametrize("name", [name for name, talk in TALKS.items() if talk.get("handoff") != "never"])
def test_with_those_who_leave_it_is_all_sessions(name, capable):
    """Also those whom 200 turns bring no further: only where no turn fails, and the bot is not capable."""
    talk = Conversation(**TALKS[name])
    endless = 1.0 if talk.fails_if_not == 0.0 and not capable else 0.0
    assert sum(session_probabilities(talk, capable)) + by_hand(talk, capable)["left"] + endless == pytest.approx(
        1.0, abs=1e-12
    )


@pytest.mark.parametrize("capable", [True, False])
@pytest.mark.parametrize("name", ["never", "all leave, never"])
def test_where_asking_loops_sessions_are_resolved_or_left(name, capable):
    """Before the bot would close them, or beyond."""
    talk = Conversation(**TALKS[name])
    found, left = session_probabilities(talk, capable), by_hand(talk, capable)["left"]
    assert found.resolved + found.resolved_after + left == pytest.approx(1.0, abs=1e-12)
    assert found.resolved_after <= found.closing <= 1.0 - found.resolved


def test_without_a_conversation_the_bot_resolves_what_it_can():
    assert session_probabilities(None, capable=True) == (1.0, 0.0, 0.0, 0.0)
    assert session_probabilities(None, capable=False) == (0.0, 0.0, 1.0, 0.0)


# The containment that planners state

BOTS = {
    "whole sessions": {"opt_out": 0.2},
    "nobody opts out": {"opt_out": 0.0},
    "conversation": {"opt_out": 0.2, "conversation": {}},
    "conversation, never": {"opt_out": 0.1, "conversation": {"handoff": "never"}},
    "conversation, patient": {"opt_out": 0.3, "conversation": TALKS["patient"]},
    "conversation, patient, never": {"opt_out": 0.0, "conversation": TALKS["patient, never"]},
}
FALSE_SHARES = [0.0, 0.1, 0.25, 0.6, 1.0]


def contained(bot, capable, false):
    """Containment and the false part of it, with no use of the code under test."""
    talk, stays = bot.conversation, 1.0 - bot.opt_out
    if talk is None:
        true, closed = capable, false * (1.0 - capable)
    else:
        able, unable = by_hand(talk, True), by_hand(talk, False)
        true = capable * (able["resolved"] + (1.0 - false) * able["resolved_after"])
        closed = false * (capable * able["closing"] + (1.0 - capable) * unable["closing"])
    return stays * (true + closed), stays * closed


@pytest.mark.parametrize("share", FALSE_SHARES)
@pytest.mark.parametrize("part", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("name", BOTS)
def test_the_containment_stated_is_found_again(name, part, share):
    """From nothing to the most that is possible."""
    bot = Bot(**BOTS[name])
    wanted = part * most_containment(bot, share)
    capable, false = bot_probabilities(bot, IntentBot(containment=wanted, false_share=share))
    assert 0.0 <= capable <= 1.0
    assert 0.0 <= false <= 1.0
    whole, closed = contained(bot, capable, false)
    assert whole == pytest.approx(wanted, abs=1e-9)
    assert closed == pytest.approx(wanted * share, abs=1e-9)


@pytest.mark.parametrize(("capable", "false"), [*product([0.05, 0.4, 0.9, 1.0], [0.0, 0.1, 0.5, 1.0])])
@pytest.mark.parametrize("name", BOTS)
def test_what_a_bot_contains_leads_back_to_the_bot(name, capable, false):
    """And no bot contains more than the most that is possible with its false share."""
    bot = Bot(**BOTS[name])
    whole, closed = contained(bot, capable, false)
    assert whole <= most_containment(bot, closed / whole) + 1e-9
    solved = bot_probabilities(bot, IntentBot(containment=whole, false_share=closed / whole))
    if bot.conversation is not None or capable < 1.0:
        assert solved == pytest.approx((capable, false), abs=1e-7)


@pytest.mark.parametrize(("capable", "false"), [*product([0.0, 0.4, 1.0], [0.0, 0.35, 1.0])])
@pytest.mark.parametrize("name", BOTS)
def test_what_the_bot_closes_is_neither_handed_over_nor_left(name, capable, false):
    bot, own = Bot(**BOTS[name], false_containment=false), IntentBot(resolves=capable)
    assert closed_as_done(bot, own) == pytest.approx(contained(bot, capable, false)[0], abs=1e-12)


def test_the_containment_that_planners_state_is_what_the_bot_closes():
    for settings in BOTS.values():
        own = IntentBot(containment=0.3, false_share=0.25)
        assert closed_as_done(Bot(**settings), own) == pytest.approx(0.3, abs=1e-9)


def test_capability_that_is_given_is_not_solved():
    bot = Bot(opt_out=0.2, false_containment=0.35, conversation={})
    assert bot_probabilities(bot, IntentBot(resolves=0.4)) == (0.4, 0.35)


def test_where_everybody_opts_out_nothing_is_contained():
    assert bot_probabilities(Bot(opt_out=1.0), IntentBot(containment=0.0, false_share=0.25)) == (0.0, 0.0)
    assert most_containment(Bot(opt_out=1.0), 0.25) == 0.0


def test_without_a_conversation_the_closed_form():
    """c = .41, q = .25, o = .2: p = .3844 and phi = .2081."""
    found = bot_probabilities(Bot(opt_out=0.2), IntentBot(containment=0.41, false_share=0.25))
    assert found == pytest.approx((0.41 * 0.75 / 0.8, 0.41 * 0.25 / (0.8 * (1 - 0.41 * 0.75 / 0.8))))


def test_who_is_handed_off():
    """Who asks, and whom the bot neither resolves nor closes as done; without a way to a human nobody."""
    bot, own = Bot(opt_out=0.2, conversation={}, false_containment=0.4), IntentBot(resolves=0.3)
    able, unable = by_hand(bot.conversation, True), by_hand(bot.conversation, False)
    expected = [odds["asked"] + 0.6 * odds["closing"] for odds in (able, unable)]
    assert handed_off(bot, own) == pytest.approx(expected)
    assert handed_off(Bot(false_containment=0.4), own) == pytest.approx((0.0, 0.6))
    assert handed_off(Bot(conversation={"handoff": "never"}), own) == (0.0, 0.0)


# The loader


def file(bot, containment, share):
    return {
        "name": "bot",
        "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-20:00"},
        "arrivals": {"per_day": 10},
        "intents": {"call": {"talk_time": "4m", "bot": {"containment": containment, "false_share": share}}},
        "agents": {"team": {"skills": ["call"], "staff": 1}},
        "bot": bot,
    }


@pytest.mark.parametrize("share", [0.0, 0.25, 0.9])
@pytest.mark.parametrize("name", [name for name, bot in BOTS.items() if bot["opt_out"] > 0.0])
def test_the_most_loads_and_a_bit_more_is_refused(name, share):
    """The one message names the key and the most that is possible, which then loads."""
    bot, most = BOTS[name], most_containment(Bot(**BOTS[name]), share)
    assert loads(file(bot, most, share)).intents["call"].bot.containment == most
    with pytest.raises(ScenarioError) as caught:
        loads(file(bot, most + 1e-6, share))
    (problem,) = caught.value.problems
    assert problem.path == "intents.call.bot.containment"
    assert f" with bot.opt_out {bot['opt_out']:.6g}" in str(problem)
    talks = "conversation" in bot
    assert ("is more than this conversation comes to" if talks else "opt out before the bot can try") in str(problem)
    caught_by_it = most_containment(Bot(**bot), 0.0) > most + 1e-9
    assert (f" and false_share {share:.6g}" in str(problem)) == caught_by_it
    named = float(re.search(r"At most ([0-9.]+) with", str(problem))[1])
    assert named == pytest.approx(most, abs=2e-6)
    assert loads(file(bot, named, share)).intents["call"].bot.containment == named


def test_an_empty_list_of_giving_up_is_refused_also_beside_a_containment():
    with pytest.raises(ScenarioError) as caught:
        loads(file({"conversation": {"give_up": []}}, 0.3, 0.25))
    assert [problem.path for problem in caught.value.problems] == ["bot.conversation.give_up"]


def test_a_false_share_that_nothing_can_meet_is_named():
    """All give up at the first failed turn, so the bot closes nothing falsely: the default share is in the way."""
    talks = {"conversation": {"give_up": [1]}}
    with pytest.raises(ScenarioError) as caught:
        loads(file(talks, 0.3, 0.25))
    assert "At most 0 with bot.opt_out 0.2 and false_share 0.25" in str(caught.value)
    assert loads(file(talks, 0.3, 0.0)).intents["call"].bot.containment == 0.3
