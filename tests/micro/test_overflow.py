"""Groups that help out later, waiting places, and a bot that is full or down."""

import pytest

from .worlds import chat, constant, intent, item, staff

KINDS = {"call": intent(60), "other": intent(60)}


def helpers(after="60s", own=1, helping=1):
    """Agents of calls, and others who take calls only after some time."""
    late = {"other": {"preference": 1}, "call": {"preference": 2, "overflow_after": after}}
    return {"own": staff(own), "helping": staff(helping, skills=late)}


def bot(**more):
    quiet = {"opt_out": 0.0, "opt_out_after_failure": 0.0, "false_containment": 0.0, "context_kept": 1.0}
    return quiet | {"session": constant(100)} | more


def spilled(story):
    return [bool(row["spilled"]) for row in story.records.channels]


# --- overflow


def test_the_other_group_takes_a_contact_at_the_very_moment(tell):
    """Own agent busy to 5:00; B has waited for 60 s at 1:10."""
    story = tell({"A": 0, "B": 10}, intents={"call": intent(300), "other": intent(60)}, agents=helpers())
    assert story.contacts == [("A", "answered", 0, 0), ("B", "answered", 70, 1)]


def test_an_agent_who_falls_free_at_that_very_moment_takes_it(tell):
    """Of the helping group, who has had X until 1:10."""
    kinds = {"call": intent(300), "other": intent(60)}
    story = tell({"A": 0, "B": 10, "X": (10, "other")}, intents=kinds, agents=helpers())
    assert story.contacts[1] == ("B", "answered", 70, 1)


@pytest.mark.parametrize(
    ("comes", "first", "moments"), [(9.999999, "Y", (69.999999, 129.999999)), (10, "B", (70, 370))]
)
def test_a_microsecond_before_it_is_not_yet_time(tell, comes, first, moments):
    """X ends at 1:10, or a microsecond before; B, who came before Y and is liked as well, may be taken from 1:10 on."""
    alike = {"other": {"preference": 1}, "call": {"preference": 1, "overflow_after": "60s"}}
    groups = {"own": staff(1), "helping": staff(1, skills=alike, picks="longest_wait")}
    calls = {"A": 0, "X": (comes, "other"), "B": 10, "Y": (20, "other")}
    story = tell(calls, intents={"call": intent(300), "other": intent(60)}, agents=groups)
    when = {label: moment for label, _, moment, _ in story.contacts}
    assert (story.order()[2], when[first], max(when.values())) == (first, *moments)


def test_the_own_agent_at_that_moment_comes_first_as_its_event_does(tell):
    """A ends at 1:10, which is handled before the overflow."""
    story = tell({"A": 10, "B": 10}, agents=helpers())
    assert story.contacts == [("A", "answered", 10, 0), ("B", "answered", 70, 0)]


def test_an_idle_helper_does_not_take_it_before(tell):
    story = tell({"A": 0, "B": 10}, agents=helpers())
    assert story.contacts[1] == ("B", "answered", 60, 0)


def test_nobody_who_comes_later_overtakes_at_the_helpers(tell):
    story = tell({"A": 0, "B": 10, "C": 20}, intents={"call": intent(300), "other": intent(60)}, agents=helpers())
    assert story.contacts[1:] == [("B", "answered", 70, 1), ("C", "answered", 300, 0)]


def test_chats_overflow_in_their_time_too(tell):
    """The own agent's two places are taken; the helper, idle, takes C at 1:12."""
    groups = {
        "own": staff(1, skills=("chat",), concurrency=2),
        "helping": staff(1, skills={"chat": {"preference": 2, "overflow_after": "60s"}}, concurrency=2),
    }
    kinds = {"chat": chat(300)}
    story = tell({k: (when, "chat") for k, when in zip("ABC", (0, 6, 12), strict=True)}, intents=kinds, agents=groups)
    assert story.contacts[2] == ("C", "answered", 72, 1)


def test_an_item_overflows_to_somebody_idle(tell):
    """The own agent is busy to 5:00."""
    late = {"other": {"preference": 1}, "item": {"preference": 2, "overflow_after": "60s"}}
    groups = {"own": staff(1, skills=("call", "item")), "helping": staff(1, skills=late)}
    kinds = {"call": intent(300), "other": intent(60), "item": item(100)}
    story = tell({"A": 0, "X": (10, "item")}, intents=kinds, agents=groups)
    assert story.contacts[1] == ("X", "answered", 70, 1)


def test_a_call_back_overflows_from_when_it_joined(tell):
    """B, who is to be called back, is called by the helper at 1:10."""
    customers = {"patience": "infinite", "callback": {"offer_above": "0s", "accepts": 1.0, "answers": 1.0}}
    kinds = {"call": intent(300), "other": intent(60)}
    story = tell({"A": 0, "B": 10}, intents=kinds, agents=helpers(), customers=customers)
    assert (story.contacts[1], story.channel("B")["called_back"]) == (("B", "answered", 70, 1), 1)


# --- limits

ONE_PLACE = {"call": {"limit": 1}}


def test_who_finds_all_places_taken_is_blocked(tell):
    story = tell({"A": 0, "B": 10, "C": 20, "D": 70}, queues=ONE_PLACE)
    assert story.contacts[2] == ("C", "blocked", 20, None)
    assert story.contacts[3] == ("D", "answered", 120, 0)


def test_without_places_nobody_waits_and_an_idle_agent_still_answers(tell):
    story = tell({"A": 0, "B": 10, "C": 60}, queues={"call": {"limit": 0}})
    assert [outcome for _, outcome, *_ in story.contacts] == ["answered", "blocked", "answered"]


def test_who_is_blocked_may_redial(tell):
    redial = {"redial": {"probability": 1.0, "delay": constant(100), "next_day": 0.0}}
    story = tell({"A": 0, "B": 10}, queues={"call": {"limit": 0}}, customers={"patience": "infinite", **redial})
    assert story.contacts[1:] == [("B", "blocked", 10, None), ("B2", "answered", 110, 0)]


def test_a_call_back_takes_a_place(tell):
    customers = {"patience": "infinite", "callback": {"offer_above": "0s", "accepts": 1.0, "answers": 1.0}}
    story = tell({"A": 0, "B": 10, "C": 20}, queues=ONE_PLACE, customers=customers)
    assert (story.channel("B")["called_back"], story.contacts[2]) == (1, ("C", "blocked", 20, None))


def test_a_ghost_takes_a_place(tell):
    """B has left without a word at 0:15, and C finds no room."""
    kinds = {"call": chat(60, lengths=(1,)), "brief": chat(60, lengths=(1,), skill="call", patience=constant(5))}
    customers = {"patience": "infinite", "silent_leave": 1.0, "silent_timeout": "30s"}
    calls = {"A": 0, "B": (10, "brief"), "C": 20, "D": 65}
    story = tell(calls, intents=kinds, queues=ONE_PLACE, customers=customers)
    assert story.contacts[1:3] == [("B", "abandoned", 15, None), ("C", "blocked", 20, None)]
    assert story.contacts[3] == ("D", "answered", 90, 0)


def test_deferred_work_takes_no_place_and_is_never_blocked(tell):
    kinds = {"call": intent(60), "mail": item(60, skill="call")}
    story = tell({"A": 0, "X": (5, "mail"), "Y": (6, "mail"), "B": 10}, intents=kinds, queues=ONE_PLACE)
    assert [outcome for _, outcome, *_ in story.contacts] == ["answered"] * 4


def test_who_is_sent_on_is_never_blocked(tell):
    """The agent sends A away at 1:40 and wraps up to 2:00; B has the only place, and A2 waits behind it."""
    pace = {"target": "60s", "push": 0.0, "sends_away": 1.0}
    story = tell({"A": 0, "B": 10, "C": 20}, intents={"call": intent(100, 20)}, queues=ONE_PLACE, pace=pace)
    outcomes = {label: outcome for label, outcome, *_ in story.contacts}
    assert (outcomes["A2"], outcomes["C"]) == ("answered", "blocked")
    assert story.waits["A2"][1]


# --- the bot

WITH_BOT = {"call": intent(bot={"resolves": 1.0})}


def test_the_46th_session_goes_to_people(tell):
    """45 sessions of 100 s from 0:00; those who come at 1:39.999999 are spilled, and at 1:40 there is room."""
    calls = {f"n{k:02d}": k / 100 for k in range(45)} | {"late": 99.999999, "just": 100}
    story = tell(calls, intents=WITH_BOT, bot=bot(max_sessions=45))
    rows = {label: story.channel(label)["spilled"] for label in calls}
    assert [label for label, full in rows.items() if full] == ["late"]
    assert story.contacts == [("late", "answered", 99.999999, 0)]


def test_an_outage_sends_all_to_people_and_lets_sessions_finish(tell):
    """One call a minute, sessions of 100 s: those of half an hour in a row meet no bot; all others are resolved."""
    calls = {f"c{minute:03d}": 60 * minute + 0.5 for minute in range(715)}
    agents = {"team": staff(3)}
    outage = {"per_day": 1.0, "length": "30m"}
    story = tell(calls, intents=WITH_BOT, agents=agents, bot=bot(outage=outage))
    gone = [minute for minute, down in enumerate(spilled(story)) if down]
    assert len(gone) in range(1, 31)
    assert gone == list(range(gone[0], gone[0] + len(gone)))
    assert len(gone) == 30 or gone[-1] == 714 or gone[0] == 0
    assert story.row(f"c{gone[0] - 1:03d}")["bot_us"] == 100_000_000 or gone[0] == 0
    assert len(story.contacts) == len(gone)
