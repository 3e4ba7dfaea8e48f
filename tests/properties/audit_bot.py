"""The bot's part of the audit: who meets it, when, and how a session may end."""

from typing import Any

from sim.engine.records import BotOutcome, Cause
from sim.mechanisms.bot import MOST_TURNS
from tests.properties.reading import DAY_US, Row, by_need, covers, left_at_once, rows
from tests.properties.worlds import Played

NO_SESSION = (BotOutcome.NONE, BotOutcome.OPTED_OUT)


def sessions_end_as_they_may(played: Played) -> None:
    """Failed turns, and what became of a session, fit each other; so do the sessions of a need."""
    bot, intents = played.scenario.bot, list(played.scenario.intents.values())
    for contacts in by_need(played.records.contacts):
        failed_before = False
        for c in contacts:
            if c["bot"] in NO_SESSION:
                assert c["bot_us"] == c["failed_turns"] == 0, c
            elif bot.conversation is None:
                failed = 0 if c["bot"] == BotOutcome.RESOLVED else 2
                assert c["failed_turns"] == failed or left_at_once(c), c
                assert c["bot"] != BotOutcome.LEFT or c["out_of_hours"], c
                assert failed or not failed_before, contacts
                failed_before |= c["failed_turns"] == 2
            else:
                turns_fit(c, bot.conversation)
            if c["bot"] == BotOutcome.RESOLVED:
                assert intents[c["intent"]].bot.resolves != 0, c


def turns_fit(c: Row, talk: Any) -> None:
    """A conversation ends at one of its failed turns, at its last good one, or after very many."""
    offers, failed = talk.handoff == "offer", c["failed_turns"]
    assert failed <= (talk.offer_after if offers else MOST_TURNS), c
    if c["bot"] == BotOutcome.RESOLVED:
        assert not offers or failed < talk.offer_after, c
    elif c["bot"] == BotOutcome.FALSELY_CONTAINED:
        assert failed == talk.offer_after, c
    elif c["bot"] == BotOutcome.HANDED_OFF:
        assert offers, c
        assert failed >= 1, c
    elif not c["out_of_hours"]:
        assert talk.leaves > 0 or failed > MOST_TURNS - talk.good_turns or talk.fails_if_not < 1, c
        assert failed >= 1 or talk.fails_if_not < 1, c
    give_up = talk.give_up
    if give_up[0] == 1 and c["bot"] not in (BotOutcome.RESOLVED, BotOutcome.FALSELY_CONTAINED) and offers:
        assert failed <= 1 or talk.offer_after == 1, c


def who_meets_the_bot(played: Played) -> None:
    """A customer meets the bot with every attempt or with none, but for those who go straight to a human."""
    bot, straight = played.scenario.bot, played.scenario.customers.straight_to_human
    intents = list(played.scenario.intents.values())
    for contacts in by_need(played.records.contacts):
        has_bot = bot is not None and intents[contacts[0]["intent"]].bot is not None
        mine = [c for c in contacts if meets(played, c)] if has_bot else []
        for c in contacts:
            assert c["bot"] == BotOutcome.NONE or c in mine, c
            assert c["cause"] != Cause.REPEAT or straight < 1 or c["bot"] == BotOutcome.NONE, c
        always = {c["bot"] != BotOutcome.NONE for c in mine if c["cause"] != Cause.REPEAT or straight == 0}
        assert len(always) <= 1, contacts
        if has_bot and bot.exposure in (None, 1):
            assert False not in always, contacts
        if has_bot and bot.exposure == 0:
            assert all(c["bot"] == BotOutcome.NONE for c in contacts), contacts


def meets(played: Played, c: Row) -> bool:
    """Whether the bot answers when a contact arrives, and the contact is one of the customer's own."""
    return c["cause"] != Cause.TRANSFER and answers(played, c["arrival_us"])


def answers(played: Played, moment: int) -> bool:
    """Whether the bot is there."""
    hours, day = played.scenario.bot.hours, moment // DAY_US
    if hours is None:
        return True
    first, last = hours[played.horizon.dates[day].weekday()] or (0, 0)
    return first <= (moment - day * DAY_US) / 1e6 < last


def the_bot_keeps_its_hours(played: Played) -> None:
    """Out of hours only new customers come, on open days, while the bot answers; nobody of them joins the queue."""
    bot, horizon = played.scenario.bot, played.horizon
    for c in rows(played.records.contacts):
        if not c["out_of_hours"]:
            continue
        assert bot.out_of_hours > 0, c
        assert c["cause"] == Cause.FIRST, c
        assert not covers(horizon, c["arrival_us"]), c
        assert horizon.open_us[c["day"]] >= 0, c
        assert answers(played, c["arrival_us"]), c
        assert c["bot"] in (BotOutcome.RESOLVED, BotOutcome.FALSELY_CONTAINED, BotOutcome.LEFT), c
        assert c["joined_us"] == -1, c
        assert not c["context_lost"], c
