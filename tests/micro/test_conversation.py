"""A bot's conversation turn by turn, and who meets the bot at all. A turn takes 45 s; chances are 0 or 1."""

import pytest

import sim

from .worlds import CLOSE, DAY, HOUR, constant, intent, rows, staff

NONE, OPTED_OUT, SOLVED, FALSELY_CONTAINED, HANDED_OFF, LEFT = range(6)
TURN, S = 45, 1_000_000


def talk(**more):
    """Where the bot is capable every turn is good, else every turn fails; nobody gives up."""
    fails = {"fails_if_capable": 0.0, "fails_if_not": 1.0}
    return {"turn": constant(TURN), "give_up": [0.0], "leaves": 0.0} | fails | more


def bot(conversation=None, **more):
    """Nobody opts out; whatever fails is handed off with its context."""
    plain = {"opt_out": 0.0, "opt_out_after_failure": 0.0, "false_containment": 0.0, "context_kept": 1.0}
    return plain | {"conversation": talk(**(conversation or {}))} | more


CAPABLE = {"call": intent(bot={"resolves": 1.0})}
FAILING = {"call": intent(bot={"resolves": 0.0})}
UNSOLVED = {"call": intent(bot={"resolves": 0.0}, resolution=0.0)}


def redial(delay=600):
    return {"redial": {"probability": 1.0, "delay": constant(delay), "next_day": 0.0}, "max_attempts": 2}


def again(delay=600, falsely=1000, attempts=2):
    back, falsely = ({"probability": 1.0, "delay": constant(seconds)} for seconds in (delay, falsely))
    return {"repeat": back | {"falsely_contained": falsely}, "max_attempts": attempts}


def many(number=40, apart=10):
    return {f"n{k} ": k * apart for k in range(number)}


def contacts(story):
    return rows(story.records.contacts)


def bots(story):
    return [row["bot"] for row in contacts(story)]


def ways(story):
    """How the attempts of each need went in the bot."""
    found = {}
    for row in contacts(story):
        found.setdefault(row["need"], []).append(row["bot"])
    return list(found.values())


# How a session ends


@pytest.mark.parametrize("good", [1, 5, 200])
def test_so_many_good_turns_resolve_a_need(tell, good):
    """The 200th is the last that a session has."""
    story = tell({"A": 10}, intents=CAPABLE, bot=bot({"good_turns": good}))
    row = story.row("A")
    assert (row["bot"], row["bot_us"], row["failed_turns"], row["joined_us"]) == (SOLVED, good * TURN * S, 0, -1)
    assert story.needs == [("A", "resolved", 1)]
    assert story.s(story.records.needs[0]["resolved_us"]) == 10 + good * TURN


def test_good_turns_resolve_nothing_that_the_bot_is_not_capable_of(tell):
    """Two hundred of them, and the customer has left."""
    story = tell({"A": 10}, intents=FAILING, customers=redial(), bot=bot({"fails_if_not": 0.0}))
    row = story.row("A")
    assert (row["bot"], row["bot_us"], row["failed_turns"]) == (LEFT, 200 * TURN * S, 0)
    assert story.arrivals[1] == ("A2", 10 + 200 * TURN + 600)


def test_who_gives_up_and_leaves_redials_and_joins_no_queue(tell):
    """Gone at the third failed turn, 135 s."""
    three = {"give_up": [0.0, 0.0, 1.0], "offer_after": 5, "leaves": 1.0}
    story = tell({"A": 10}, intents=FAILING, customers=redial(), bot=bot(three, opt_out_after_failure=1.0))
    row = story.row("A")
    assert (row["bot"], row["bot_us"], row["failed_turns"]) == (LEFT, 135 * S, 3)
    assert (row["joined_us"], row["left_us"], row["context_lost"]) == (-1, -1, 0)
    assert story.arrivals == [("A", 10), ("A2", 10 + 135 + 600)]
    assert [row["cause"] for row in contacts(story)] == [0, 2]
    assert story.needs == [("A", "resolved", 2)]


def test_who_gives_up_and_asks_goes_to_an_agent(tell):
    three = {"give_up": [0.0, 0.0, 1.0], "offer_after": 5}
    story = tell({"A": 10}, intents=FAILING, bot=bot(three, false_containment=1.0))
    row = story.row("A")
    assert (row["bot"], row["bot_us"], row["failed_turns"]) == (HANDED_OFF, 135 * S, 3)
    assert story.contacts == [("A", "answered", 145, 0)]


def test_the_last_chance_of_giving_up_holds_for_all_that_follow(tell):
    """Nobody at the first failed turn, then half of those who are left at each; almost surely none of 60 has 25."""
    halves = {"give_up": [0.0, 0.5], "offer_after": 200, "leaves": 1.0}
    story = tell(many(60), intents=FAILING, bot=bot(halves))
    turns = [row["failed_turns"] for row in contacts(story)]
    assert bots(story) == [LEFT] * 60
    assert min(turns) == 2
    assert 4 < max(turns) < 25
    assert 18 <= turns.count(2) <= 42


@pytest.mark.parametrize("after", [1, 2, 4, 200])
def test_the_bot_offers_a_human_after_so_many_failed_turns(tell, after):
    story = tell({"A": 10}, intents=FAILING, bot=bot({"offer_after": after}))
    assert (story.row("A")["bot"], story.row("A")["failed_turns"]) == (HANDED_OFF, after)
    assert story.contacts == [("A", "answered", 10 + after * TURN, 0)]


def test_giving_up_comes_before_the_offer(tell):
    story = tell({"A": 0}, intents=FAILING, bot=bot({"give_up": [0.0, 1.0], "leaves": 1.0}))
    assert bots(story) == [LEFT]


@pytest.mark.parametrize("handoff", ["offer", "never"])
def test_in_place_of_the_offer_the_bot_may_close_the_session_as_done(tell, handoff):
    """Contained at 90 s, not resolved: back after a thousand seconds."""
    closes = bot({"handoff": handoff}, false_containment=1.0, opt_out_after_failure=1.0)
    story = tell({"A": 0}, intents=FAILING, customers=again(), bot=closes)
    assert [story.row("A")[key] for key in ("bot", "bot_us", "joined_us")] == [FALSELY_CONTAINED, 90 * S, -1]
    assert story.arrivals == [("A", 0), ("A2", 1090)]
    assert [row["cause"] for row in contacts(story)] == [0, 3]


@pytest.mark.parametrize(("false", "way"), [(1.0, FALSELY_CONTAINED), (0.0, HANDED_OFF)])
def test_a_bot_that_is_capable_may_fail_too(tell, false, way):
    story = tell({"A": 0}, intents=CAPABLE, bot=bot({"fails_if_capable": 1.0}, false_containment=false))
    assert (story.row("A")["bot"], story.row("A")["bot_us"]) == (way, 90 * S)


def test_failed_turns_among_good_ones_only_take_time(tell):
    """Half of the turns fail: a need is resolved at its fifth good turn, whatever comes in between."""
    story = tell(many(), intents=CAPABLE, bot=bot({"fails_if_capable": 0.5, "offer_after": 200}))
    turns = [row["failed_turns"] for row in contacts(story)]
    assert bots(story) == [SOLVED] * 40
    assert [row["bot_us"] for row in contacts(story)] == [(5 + failed) * TURN * S for failed in turns]
    assert len(set(turns)) > 5
    assert 100 < sum(turns) < 300


# No way to a human


def test_asking_loops_until_the_last_turn(tell):
    """Everybody asks at each failed turn, and nobody is offered a human at the second."""
    loop = {"handoff": "never", "give_up": [1.0]}
    row = tell({"A": 0}, intents=FAILING, bot=bot(loop)).row("A")
    assert (row["bot"], row["bot_us"], row["failed_turns"], row["joined_us"]) == (LEFT, 200 * TURN * S, 200, -1)


def test_who_loops_leaves_when_giving_up(tell):
    """Beyond the turn at which others would be offered a human."""
    loop = {"handoff": "never", "give_up": [0.0, 0.0, 0.0, 1.0], "leaves": 1.0}
    story = tell({"A": 0}, intents=FAILING, customers=redial(), bot=bot(loop))
    assert (story.row("A")["bot"], story.row("A")["bot_us"]) == (LEFT, 4 * TURN * S)
    assert story.arrivals[1] == ("A2", 180 + 600)


def test_the_loop_may_still_resolve_a_need(tell):
    story = tell(many(), intents=CAPABLE, bot=bot({"handoff": "never", "fails_if_capable": 0.5, "give_up": [1.0]}))
    assert bots(story) == [SOLVED] * 40
    assert max(row["failed_turns"] for row in contacts(story)) > 2


# What a session leaves behind


def risen(steps, step=0.12, start=0.15):
    return 1 - (1 - start) * (1 - step) ** steps


def test_every_failed_turn_frustrates_also_where_the_need_is_resolved(tell):
    half = bot({"fails_if_capable": 0.5, "offer_after": 200})
    story = tell(many(), intents=CAPABLE, bot=half, frustration={"failed_turn": 0.12})
    felt = [row["frustration_end"] for row in contacts(story)]
    assert felt == pytest.approx([risen(row["failed_turns"]) for row in contacts(story)], abs=1e-12)
    assert len(set(felt)) > 5


@pytest.mark.parametrize("after", [1, 3])
def test_the_agent_meets_the_frustration_of_the_turns(tell, after):
    story = tell({"A": 0}, intents=FAILING, bot=bot({"offer_after": after}), frustration={"failed_turn": 0.12})
    assert story.row("A")["frustration"] == pytest.approx(risen(after), abs=1e-12)


@pytest.mark.parametrize(("kept", "lost", "spent"), [(1.0, 0, 60), (0.0, 1, 150)])
@pytest.mark.parametrize("ends", [{}, {"give_up": [1.0]}])
def test_context_kept_or_lost_whoever_ends_the_session(tell, kept, lost, spent, ends):
    """Offered or asked for: where it is lost the agent spends 90 s more, and the customer is annoyed."""
    given = bot(ends, context_kept=kept, lost_context_time="90s")
    upset = {"failed_turn": 0.0, "repeats_himself": 0.2, "effects": {"talk_time": 0.0}}
    row = tell({"A": 0}, intents=FAILING, bot=given, frustration=upset).row("A")
    assert (row["bot"], row["context_lost"], row["talk_us"]) == (HANDED_OFF, lost, spent * S)
    assert row["frustration"] == pytest.approx(0.32 if lost else 0.15, abs=1e-12)


@pytest.mark.parametrize("ends", [{"give_up": [1.0], "leaves": 1.0}, {"give_up": [1.0]}, {}])
def test_after_a_failed_session_more_opt_out(tell, ends):
    """Left, handed off as asked, handed off as offered; unresolved by the agent."""
    story = tell({"A": 0}, intents=UNSOLVED, customers=again() | redial(), bot=bot(ends, opt_out_after_failure=1.0))
    assert bots(story)[1] == OPTED_OUT
    tried = tell({"A": 0}, intents=UNSOLVED, customers=again() | redial(), bot=bot(ends))
    assert bots(tried)[1] == bots(tried)[0]


def test_every_attempt_and_every_turn_has_its_own_luck(tell):
    """Sessions of three turns of exponential length, of three attempts each: no two alike, and no turn thrice."""
    drawn = bot({"turn": {"distribution": "exponential", "mean": "45s"}, "offer_after": 3})
    story = tell(many(20), intents=UNSOLVED, customers=again(attempts=3), agents={"team": staff(20)}, bot=drawn)
    spent = [row["bot_us"] for row in contacts(story)]
    assert len(set(spent)) == len(spent) == 60
    one = tell(many(20), intents=UNSOLVED, bot=bot(drawn["conversation"] | {"offer_after": 1}))
    firsts = [row["bot_us"] for row in contacts(story) if row["attempt"] == 1]
    alone = [row["bot_us"] for row in contacts(one)]
    assert all(whole > first and whole != 3 * first for whole, first in zip(firsts, alone, strict=True))


def test_trust_falls_with_failures_and_rises_with_help(tell):
    """From .6: a failed session and an unresolved contact cost .15, twice; a need resolved brings .03."""
    story = tell({"A": 0}, intents=UNSOLVED, customers=again(), bot=bot(), trust={})
    assert [row["trust_end"] for row in contacts(story)] == pytest.approx([0.45, 0.30], abs=1e-12)
    helped = tell({"A": 0}, intents=CAPABLE, bot=bot(), trust={})
    assert helped.row("A")["trust_end"] == pytest.approx(0.63, abs=1e-12)
    left = bot({"give_up": [1.0], "leaves": 1.0}, opt_out_after_failure=1.0)
    gone = tell({"A": 0}, intents=FAILING, customers=redial(), bot=left, trust={})
    assert [row["trust_end"] for row in contacts(gone)] == pytest.approx([0.55, 0.58], abs=1e-12)


@pytest.mark.parametrize(("slope", "way"), [(0.0, HANDED_OFF), (1e6, OPTED_OUT)])
def test_lost_trust_has_customers_ask_for_a_human(tell, slope, way):
    """One in a million after a failure; everybody, where the slope is steep."""
    world = {"intents": UNSOLVED, "customers": again(), "trust": {"opt_out": slope}}
    story = tell({"A": 0}, bot=bot(opt_out_after_failure=1e-6), **world)
    assert bots(story) == [HANDED_OFF, way]


# Who meets the bot


def test_where_nobody_is_exposed_nobody_meets_the_bot(tell):
    story = tell({"A": 10}, intents=CAPABLE, bot=bot(exposure=0.0))
    assert bots(story) == [NONE]
    assert story.contacts == [("A", "answered", 10, 0)]
    assert bots(tell({"A": 10}, intents=CAPABLE, bot=bot(exposure=1.0))) == [SOLVED]


def test_exposure_is_drawn_once_a_need(tell):
    """Who met the bot meets it on every return, who did not never does; a smaller pilot is a part of a larger one."""
    world = {"intents": UNSOLVED, "customers": again(attempts=3), "agents": {"team": staff(40)}}
    half, tenth = (ways(tell(many(), bot=bot(exposure=share), **world)) for share in (0.5, 0.1))
    assert {tuple(way) for way in half + tenth} == {(NONE,) * 3, (HANDED_OFF,) * 3}
    assert 10 <= sum(way[0] == HANDED_OFF for way in half) <= 30
    assert 0 < sum(way[0] == HANDED_OFF for way in tenth) <= 10
    assert all(more[0] == HANDED_OFF for more, less in zip(half, tenth, strict=True) if less[0] == HANDED_OFF)


def test_who_comes_back_after_an_agent_may_go_straight_to_one(tell):
    """A2 does not meet the bot; A3, also after an agent, neither."""
    world = {"intents": UNSOLVED, "bot": bot()}
    story = tell({"A": 0}, customers=again(attempts=3) | {"straight_to_human": 1.0}, **world)
    assert bots(story) == [HANDED_OFF, NONE, NONE]
    assert story.waits["A2"] == (0, False)
    assert story.arrivals[1] == ("A2", 750)
    assert bots(tell({"A": 0}, customers=again(attempts=3), **world)) == [HANDED_OFF] * 3


def test_a_redial_and_a_return_after_false_containment_do_not(tell):
    """Neither has spoken to an agent."""
    straight = {"straight_to_human": 1.0, "patience": constant(20)}
    story = tell({"A": 0}, intents=FAILING, agents={"team": staff(0)}, customers=redial() | straight, bot=bot())
    assert bots(story) == [HANDED_OFF, HANDED_OFF]
    story = tell({"A": 0}, intents=FAILING, customers=again() | straight, bot=bot(false_containment=1.0))
    assert bots(story) == [FALSELY_CONTAINED, FALSELY_CONTAINED]


def test_outside_its_hours_contacts_go_to_agents(tell):
    """The bot answers from 10:00 to before 12:00; a session that began goes on."""
    calls = {"A": 2 * HOUR - 1, "B": 2 * HOUR, "C": 4 * HOUR - 1, "D": 4 * HOUR}
    story = tell(calls, intents=CAPABLE, bot=bot(hours="10:00-12:00"))
    assert bots(story) == [NONE, SOLVED, SOLVED, NONE]
    assert story.contacts == [("A", "answered", 2 * HOUR - 1, 0), ("D", "answered", 4 * HOUR, 0)]


def test_on_a_weekday_that_its_hours_leave_out_there_is_no_bot(tell):
    calls = {"A": 0, "B": DAY, "C": 2 * DAY}
    story = tell(calls, intents=CAPABLE, bot=bot(hours={"mon,wed": "00:00-24:00"}), calendar={"days": 3})
    assert bots(story) == [SOLVED, NONE, SOLVED]


def test_a_session_in_hours_keeps_agents_until_it_is_over(tell):
    """It begins at 19:59:50, also where the bot closes with the centre."""
    for hours in ({}, {"hours": "08:00-20:00"}):
        story = tell({"A": CLOSE - 10}, intents=FAILING, bot=bot(**hours))
        assert story.contacts == [("A", "answered", CLOSE + 80, 0)]
        assert story.duties() == [(0, CLOSE, CLOSE + 140)]


# At night: about as many contacts as by day come while only the bot is there

NIGHT = {"hours": "00:00-24:00", "out_of_hours": 1.0}


def at_night(story):
    return [row for row in contacts(story) if row["out_of_hours"]]


@pytest.mark.parametrize(("hours", "first", "last"), [("00:00-24:00", -8, 16), ("06:00-22:00", -2, 14)])
def test_contacts_come_before_opening_and_after_close(tell, hours, first, last):
    story = tell(many(), intents=CAPABLE, bot=bot(hours=hours, out_of_hours=1.0))
    when = [story.s(row["arrival_us"]) for row in at_night(story)]
    assert 15 <= len(when) == len(contacts(story)) - 40 <= 70
    assert first * HOUR <= min(when) < 0
    assert CLOSE <= max(when) < last * HOUR
    assert not any(0 <= moment < CLOSE for moment in when)
    assert not at_night(tell(many(), intents=CAPABLE, bot=bot(hours="09:00-19:00", out_of_hours=1.0)))


def test_at_night_come_needs_that_the_bot_serves_on_open_days(tell):
    """Letters have no bot, and Tuesday is closed."""
    calls = {label: (when, "call" if when % 20 else "letter") for label, when in many(80).items()}
    kinds = CAPABLE | {"letter": intent(skill="call")}
    week = {"days": 2, "hours": {"mon": "08:00-20:00"}}
    story = tell(calls, intents=kinds, bot=bot(**NIGHT), calendar=week)
    assert len(at_night(story)) > 10
    assert {row["intent"] for row in at_night(story)} == {0}
    assert max(story.s(row["arrival_us"]) for row in contacts(story)) < 16 * HOUR


@pytest.mark.parametrize(("given", "spent"), [({}, 90), ({"opt_out": 1.0}, 0)])
def test_at_night_nobody_reaches_a_human_and_redials_come_by_day(tell, given, spent):
    """Handed off or opted out: they have left, and redial when the centre opens, into the queue too."""
    world = {"customers": redial(), "calendar": {"days": 2}, "agents": {"team": staff(20)}}
    story = tell(many(20), intents=FAILING, bot=bot(**NIGHT, **given), **world)
    left = at_night(story)
    assert len(left) > 5
    told = {(row["bot"], row["bot_us"], row["joined_us"], row["context_lost"], row["attempt"]) for row in left}
    assert told == {(LEFT, spent * S, -1, 0, 1)}
    back = [row for row in contacts(story) if row["attempt"] == 2]
    assert [row["need"] for row in back] == [row["need"] for row in left]
    assert all(row["joined_us"] >= 0 and row["cause"] == 2 for row in back)
    when = [(story.s(was["arrival_us"]) < 0, story.s(row["arrival_us"])) for was, row in zip(left, back, strict=True)]
    assert all(0 <= at < CLOSE if early else DAY <= at < DAY + CLOSE for early, at in when)


def test_at_night_come_only_those_who_are_exposed(tell):
    """A smaller pilot has a part of the contacts of a larger one."""
    shares = (1.0, 0.4, 0.0)
    worlds = [tell(many(), intents=CAPABLE, bot=bot(**NIGHT, exposure=share)) for share in shares]
    whole, some, none = ({row["arrival_us"] for row in at_night(story)} for story in worlds)
    assert some < whole
    assert 4 <= len(some) <= 30
    assert not none


@pytest.mark.parametrize(("opt_out", "trust"), [(1.0, 0.6), (0.0, 0.55)])
def test_who_asks_for_a_human_at_night_has_not_seen_the_bot_fail(tell, opt_out, trust):
    """Trust stays, and the redial asks as a first attempt does; a failed session has its price at night too."""
    given = bot(**NIGHT, opt_out=opt_out, opt_out_after_failure=1.0 - opt_out)
    story = tell(many(20), intents=FAILING, customers=redial(), calendar={"days": 2}, trust={"opt_out": 0.0}, bot=given)
    first = at_night(story)
    assert [row["trust_end"] for row in first] == pytest.approx([trust] * len(first))
    assert [way for way in ways(story) if way[0] == LEFT] == [[LEFT, OPTED_OUT]] * len(first)


@pytest.mark.parametrize(("kinds", "way"), [(CAPABLE, SOLVED), (FAILING, FALSELY_CONTAINED)])
def test_at_night_the_bot_resolves_or_closes_sessions_as_by_day(tell, kinds, way):
    story = tell(many(20), intents=kinds, bot=bot(**NIGHT, false_containment=1.0))
    assert {row["bot"] for row in at_night(story)} == set(bots(story)) == {way}


def test_nobody_stays_on_duty_for_sessions_that_began_at_night(tell):
    """Sessions of 13 hours from before opening: some are under way at close, and everybody goes home."""
    long = {"turn": constant(13 * HOUR), "offer_after": 1}
    story = tell(many(), intents=FAILING, bot=bot(long, hours="00:00-08:00", out_of_hours=1.0))
    assert max(story.s(row["arrival_us"] + row["bot_us"]) for row in at_night(story)) > CLOSE + 600
    assert story.duties() == [(0, CLOSE, CLOSE)]


def test_containment_in_hours_leaves_the_night_out(describe, play, engine):
    given = bot({"fails_if_not": 0.7, "give_up": [0.3], "leaves": 0.5}, opt_out=0.2, false_containment=0.3, **NIGHT)
    document = describe(many(), intents={"call": intent(bot={"resolves": 0.5})}, bot=given)
    found = sim.run(sim.loads(document), seed=1, replications=1, engine=engine).measures["mean"]
    story = play(document)
    by_day = [row["bot"] for row in contacts(story) if not row["out_of_hours"]]
    rates = [sum(way in (SOLVED, FALSELY_CONTAINED) for way in ways) / len(ways) for ways in (by_day, bots(story))]
    assert [found["containment_in_hours"], found["containment_rate"]] == pytest.approx(rates)
    assert rates[0] != rates[1]
    plain = sim.loads(document, {"bot.hours": "08:00-20:00"})
    assert sim.run(plain, seed=1, replications=1, engine=engine).measures["mean"]["containment_rate"] == rates[0]
