"""The bot's order: opt-out, capability, false containment, hand-off, context."""

import pytest

from .worlds import constant, intent, staff

OPTED_OUT, SOLVED, FALSELY_CONTAINED, HANDED_OFF = 1, 2, 3, 4


def bot(**more):
    """Every session 30 s; nobody opts out; whatever fails is handed off with its context."""
    return {
        "opt_out": 0.0,
        "opt_out_after_failure": 0.0,
        "false_containment": 0.0,
        "context_kept": 1.0,
        "session": constant(30),
    } | more


CAPABLE = {"call": intent(bot={"resolves": 1.0})}
FAILING = {"call": intent(bot={"resolves": 0.0})}


def again(delay=600, falsely=1000, **more):
    back = {"probability": 1.0, "delay": constant(delay)}
    return {"repeat": back | {"falsely_contained": {"probability": 1.0, "delay": constant(falsely)}}} | more


def bots(story):
    return [row["bot"] for row in story.records.contacts]


def test_who_opts_out_spends_no_time_in_the_bot(tell):
    """And keeps the context: only a failed session can lose it."""
    story = tell({"A": 10}, intents=CAPABLE, bot=bot(opt_out=1.0, context_kept=0.0, lost_context_time="90s"))
    row = story.row("A")
    assert (row["bot"], row["bot_us"], row["context_lost"]) == (OPTED_OUT, 0, 0)
    assert row["talk_us"] == 60_000_000
    assert story.contacts == [("A", "answered", 10, 0)]


def test_a_capable_bot_resolves_the_need(tell):
    """The session ends at 40; no human ever hears of it."""
    story = tell({"A": 10}, intents=CAPABLE, customers=again(), bot=bot(false_containment=1.0))
    row = story.row("A")
    assert (row["bot"], row["bot_us"], row["outcome"], row["joined_us"]) == (SOLVED, 30_000_000, 0, -1)
    assert story.needs == [("A", "resolved", 1)]
    assert story.s(story.records.needs[0]["resolved_us"]) == 40
    assert story.spells() == [("available", 0, 43200)]


def test_an_incapable_bot_hands_off(tell):
    """The contact joins the human queue at 40; there the clock of its wait starts."""
    story = tell({"A": 0, "B": 10}, intents=FAILING, bot=bot())
    row = story.row("B")
    assert (row["bot"], row["bot_us"], story.s(row["joined_us"])) == (HANDED_OFF, 30_000_000, 40)
    assert story.contacts == [("A", "answered", 30, 0), ("B", "answered", 90, 0)]
    assert story.waits["B"] == (50, True)


def test_patience_starts_on_joining_the_queue(tell):
    """B is in the bot for 30 s and in the queue for 20."""
    story = tell({"A": 0, "B": 10}, intents=FAILING, customers={"patience": constant(20)}, bot=bot())
    assert story.contacts[1] == ("B", "abandoned", 60, None)


def test_an_incapable_bot_may_close_the_session_as_done(tell):
    """Contained, not resolved: back at 1040, and (still incapable, still false) contained again, to the limit."""
    story = tell({"A": 10}, intents=FAILING, customers=again(max_attempts=2), bot=bot(false_containment=1.0))
    assert bots(story) == [FALSELY_CONTAINED, FALSELY_CONTAINED]
    assert story.arrivals == [("A", 10), ("A2", 1040)]
    assert [row["joined_us"] for row in story.records.contacts] == [-1, -1]
    assert story.needs == [("A", "lost", 2)]


def test_opt_out_comes_before_capability(tell):
    assert bots(tell({"A": 0}, intents=CAPABLE, bot=bot(opt_out=1.0))) == [OPTED_OUT]


def test_opt_out_rises_after_a_failed_session(tell):
    """The first session fails and is handed off, the human does not resolve it: A2 asks for a human at once.
    B was opted out of nothing: its first session is its first."""
    story = tell(
        {"A": 0, "B": 3000},
        intents={"call": intent(bot={"resolves": 0.0}, resolution=0.0)},
        customers=again(max_attempts=2),
        bot=bot(opt_out_after_failure=1.0),
    )
    assert bots(story) == [HANDED_OFF, OPTED_OUT, HANDED_OFF, OPTED_OUT]


def test_opt_out_rises_after_a_false_containment(tell):
    story = tell(
        {"A": 0},
        intents=FAILING,
        customers=again(max_attempts=2),
        bot=bot(opt_out_after_failure=1.0, false_containment=1.0),
    )
    assert bots(story) == [FALSELY_CONTAINED, OPTED_OUT]


def test_opting_out_is_no_failure_of_the_bot(tell):
    """Unresolved by a human and back, the bot never having been tried: the share is that of a first attempt."""
    story = tell(
        {"A": 0},
        intents={"call": intent(bot={"resolves": 0.0}, resolution=0.0)},
        customers=again(max_attempts=2),
        bot=bot(opt_out=1.0, opt_out_after_failure=0.0),
    )
    assert bots(story) == [OPTED_OUT, OPTED_OUT]


@pytest.mark.parametrize(("kept", "lost", "talk"), [(1.0, 0, 60), (0.0, 1, 150)])
def test_context_kept_or_lost(tell, kept, lost, talk):
    """When it is lost the agent spends 90 s more."""
    story = tell({"A": 0}, intents=FAILING, bot=bot(context_kept=kept, lost_context_time="90s"))
    row = story.row("A")
    assert row["context_lost"] == lost
    assert (row["base_us"], row["natural_talk_us"], row["talk_us"]) == (60_000_000, talk * 10**6, talk * 10**6)
    assert story.spells()[1] == ("handling", 30, 30 + talk)


def test_lost_context_is_added_after_the_factors(tell):
    """At speed 0.5: 60 / 0.5 + 90 = 210 s."""
    slow = staff(1, skills={"call": {"preference": 1, "speed": 0.5}})
    lost = bot(context_kept=0.0, lost_context_time="90s")
    assert tell({"A": 0}, intents=FAILING, agents={"team": slow}, bot=lost).row("A")["talk_us"] == 210_000_000


def test_capability_is_drawn_once_a_need(tell):
    """Of forty needs at one half some are resolved at once; the others never, however often they come back."""
    calls = {f"n{number} ": number for number in range(40)}
    story = tell(
        calls,
        intents={"call": intent(bot={"resolves": 0.5})},
        customers=again(max_attempts=4),
        bot=bot(false_containment=1.0),
    )
    ways = {label: [] for label in calls}
    for row in story.records.contacts:
        ways[story.labels[row["need"]]].append(int(row["bot"]))
    assert {tuple(way) for way in ways.values()} == {(SOLVED,), (FALSELY_CONTAINED,) * 4}


def test_an_intent_without_a_bot_joins_the_queue(tell):
    intents = {"call": intent(), "chat": intent(skill="call", bot={"resolves": 1.0})}
    story = tell({"A": 0, "B": (0, "chat")}, intents=intents, bot=bot())
    assert bots(story) == [0, SOLVED]
    assert story.contacts == [("A", "answered", 0, 0)]


def test_without_the_bot_mechanism_nobody_meets_it(tell):
    for off in ({}, {"bot": "off"}):
        story = tell({"A": 0}, intents=CAPABLE, **off)
        assert bots(story) == [0]
        assert story.contacts == [("A", "answered", 0, 0)]


def test_containment_sets_capability_and_falsehood(tell):
    """Containment 1, all of it false: p = 0 and phi = 1. Containment 1, none of it false: p = 1."""
    world = {"customers": {"max_attempts": 1}, "bot": bot()}
    false = {"call": intent(bot={"containment": 1.0, "false_share": 1.0})}
    true = {"call": intent(bot={"containment": 1.0, "false_share": 0.0})}
    assert bots(tell({"A": 0}, intents=false, **world)) == [FALSELY_CONTAINED]
    assert bots(tell({"A": 0}, intents=true, **world)) == [SOLVED]


def test_an_abandoned_hand_off_redials_into_the_bot(tell):
    """Handed off at 30, gives up at 50; the redial at 650 meets the bot again, to 680."""
    story = tell(
        {"A": 0},
        intents=FAILING,
        agents={"team": staff(0)},
        customers={
            "patience": constant(20),
            "redial": {"probability": 1.0, "delay": constant(600), "next_day": 0.0},
            "max_attempts": 2,
        },
        bot=bot(),
    )
    assert story.arrivals == [("A", 0), ("A2", 650)]
    assert story.contacts == [("A", "abandoned", 50, None), ("A2", "abandoned", 700, None)]
    assert bots(story) == [HANDED_OFF, HANDED_OFF]
