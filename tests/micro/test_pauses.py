"""Pauses after a contact: for an agent who is tired, and after a hard one; beside shifts, breaks and counts."""

from math import exp

import pytest

from sim.measures import make_frame, tally
from sim.study.replicate import make_run

from .worlds import CLOSE, DAY, HOUR, intent, shift, shifts, staff

STILL = {"talk_time": 0.0, "spread": 0.0, "resolution": 0.0}
TEN = {"call": intent(talk=600)}
UP = 1 - exp(-1 / 6)
"""Fatigue after ten minutes of handling at 1 an hour: .1535."""


def tiring(**more):
    """Fatigue grows at 1 an hour while handling: ten minutes come to .1535, nine to .1393. It lengthens no talk."""
    return {"effects": STILL, "build_per_hour": 1.0, "break_at": 0.15, "break_length": "300s"} | more


def recovering(**more):
    """Nobody tires; there is time to recover after a hard contact."""
    return {"effects": STILL, "build_per_hour": 0.0, "recovery_time": "60s"} | more


RUDE, KIND = {"intercept": 99, "slope": 0.0}, {"intercept": -99, "slope": 0.0}
ONE = {"team": shifts(shift())}
SLOW = {"team": staff(1, skills={"call": {"preference": 1, "speed": 0.5}})}
BUSY = ("handling", 0, 600)


def measure(story, name, cell="overall"):
    """A measure of this one replication."""
    study = make_run(story.scenario)
    study.tallies.add(tally(story.records, make_frame(story.scenario)))
    return study.estimates(cell)[name].mean[0]


# --- a tired agent


@pytest.mark.parametrize("agents", [ONE, {"team": staff(1)}], ids=["shifts", "counts"])
def test_a_tired_agent_pauses_when_the_contact_ends(tell, agents):
    """B waits from 0:10 on, for the contact and for the whole of the pause."""
    story = tell({"A": 0, "B": 10}, intents=TEN, agents=agents, fatigue=tiring())
    assert story.spells()[:3] == [BUSY, ("break", 600, 900), ("handling", 900, 1500)]
    assert story.waits["B"] == (890, True)


def test_a_pause_recovers_as_a_break(tell):
    story = tell({"A": 0}, intents=TEN, fatigue=tiring())
    pause, after = story.segments()[1:3]
    assert (pause["fatigue"], pause["rate"]) == (pytest.approx(UP, abs=1e-12), 1.8)
    assert after["fatigue"] == pytest.approx(UP * exp(-1.8 / 12), abs=1e-12)


def test_who_is_not_tired_enough_goes_on(tell):
    """Nine minutes: .1393."""
    story = tell({"A": 0, "B": 10}, intents={"call": intent(talk=540)}, fatigue=tiring())
    assert story.spells()[:2] == [("handling", 0, 540), ("handling", 540, 1080)]


def test_fatigue_adds_up_over_contacts_and_recovers_between_them(tell):
    """Five minutes twice without a gap are ten; with half an hour between them they are not."""
    calls, five = {"A": 0, "B": 10, "C": 3000, "D": 5100}, {"call": intent(talk=300)}
    story = tell(calls, intents=five, fatigue=tiring(recovery_per_hour={"available": 9.0, "break": 9.0}))
    assert story.spells() == [
        ("handling", 0, 300),
        ("handling", 300, 600),
        ("break", 600, 900),
        ("available", 900, 3000),
        ("handling", 3000, 3300),
        ("available", 3300, 5100),
        ("handling", 5100, 5400),
        ("available", 5400, CLOSE),
    ]


def test_the_level_itself_is_enough(tell):
    """Nobody tires, and a pause at 0 follows every contact: .0 is reached."""
    story = tell({"A": 0}, intents=TEN, fatigue=tiring(build_per_hour=0.0, break_at=0.0))
    assert story.spells() == [BUSY, ("break", 600, 900), ("available", 900, CLOSE)]


def test_the_level_at_the_end_of_wrap_up_counts(tell):
    story = tell({"A": 0}, intents={"call": intent(talk=540, wrap=60)}, fatigue=tiring())
    assert story.spells()[:2] == [BUSY, ("break", 600, 900)]


def test_idle_agents_do_not_pause_and_a_pause_is_not_taken_twice(tell):
    """Still .132 after the pause: more than the .10 at which it was taken. The next follows the next contact."""
    story = tell({"A": 0, "B": 1200}, intents=TEN, fatigue=tiring(break_at=0.10))
    assert UP * exp(-1.8 / 12) > 0.13
    assert story.spells()[:5] == [
        BUSY,
        ("break", 600, 900),
        ("available", 900, 1200),
        ("handling", 1200, 1800),
        ("break", 1800, 2100),
    ]


def test_agents_pause_apart(tell):
    story = tell({"A": 0, "B": 300, "C": 610}, intents=TEN, agents={"team": staff(2)}, fatigue=tiring())
    assert story.spells(0)[:3] == [BUSY, ("break", 600, 900), ("handling", 900, 1500)]
    assert story.spells(1)[1:3] == [("handling", 300, 900), ("break", 900, 1200)]
    assert story.waits["C"] == (290, True)


def test_off_is_no_pause(tell):
    story = tell({"A": 0, "B": 10}, intents=TEN, fatigue=tiring(break_at="off"))
    assert story.spells()[:2] == [BUSY, ("handling", 600, 1200)]


# --- shifts and their breaks


def test_a_pause_ends_with_the_shift(tell):
    """The shift is over at 0:13:20, in the midst of the pause."""
    story = tell({"A": 0}, intents=TEN, agents={"team": shifts(shift(length="800s"))}, fatigue=tiring())
    assert story.spells() == [BUSY, ("break", 600, 800)]
    assert story.duties() == [(0, 800, 800)]


def test_no_pause_begins_after_the_shift(tell):
    story = tell({"A": 0}, intents=TEN, agents={"team": shifts(shift(length="550s"))}, fatigue=tiring())
    assert story.spells() == [BUSY]
    assert story.duties() == [(0, 550, 600)]


@pytest.mark.parametrize("agents", [ONE, {"team": staff(1)}], ids=["shifts", "counts"])
def test_no_pause_begins_after_close(tell, agents):
    """B waits at close; the agent who is kept for it works on."""
    story = tell({"A": CLOSE - 500, "B": CLOSE - 10}, intents=TEN, agents=agents, fatigue=tiring())
    assert story.spells()[1:] == [("handling", CLOSE - 500, CLOSE + 100), ("handling", CLOSE + 100, CLOSE + 700)]


def test_a_break_that_is_due_comes_in_place_of_a_pause(tell):
    """Due at 0:05, taken at 0:10, and no pause after it."""
    agents = {"team": shifts(shift(breaks=[("5m", "15m")]))}
    story = tell({"A": 0, "B": 10}, intents=TEN, agents=agents, fatigue=tiring())
    assert story.spells()[:3] == [BUSY, ("break", 600, 1500), ("handling", 1500, 2100)]
    assert [(row["start_us"], row["state"]) for row in story.segments()[1:3]] == [
        (story.zero + 600_000_000, 3),
        (story.zero + 1_500_000_000, 2),
    ]


def test_a_break_that_falls_due_in_a_pause_follows_at_once_and_in_full(tell):
    """Pause to 0:15; the break is due at 0:12."""
    agents = {"team": shifts(shift(breaks=[("12m", "15m")]))}
    story = tell({"A": 0, "B": 10}, intents=TEN, agents=agents, fatigue=tiring())
    rests = [(story.s(row["start_us"]), story.s(row["end_us"])) for row in story.segments()[1:3]]
    assert rests == [(600, 900), (900, 1800)]
    assert story.contacts[1] == ("B", "answered", 1800, 0)


def test_a_break_that_comes_later_is_not_moved(tell):
    agents = {"team": shifts(shift(breaks=[("1h", "15m")]))}
    story = tell({"A": 0}, intents=TEN, agents=agents, fatigue=tiring())
    assert story.spells()[1:4] == [("break", 600, 900), ("available", 900, HOUR), ("break", HOUR, HOUR + 900)]


# --- hard contacts


def test_an_agent_recovers_from_mistreatment(tell):
    story = tell({"A": 0, "B": 10}, intents=TEN, mistreatment=RUDE, fatigue=recovering())
    assert story.spells()[:3] == [BUSY, ("break", 600, 660), ("handling", 660, 1260)]


def test_a_contact_like_others_takes_no_recovery(tell):
    story = tell({"A": 0, "B": 10}, intents=TEN, mistreatment=KIND, fatigue=recovering())
    assert story.spells()[:2] == [BUSY, ("handling", 600, 1200)]


@pytest.mark.parametrize(("long", "pause"), [(2.0, 60), (2.01, 0)])
def test_an_agent_recovers_from_a_long_contact(tell, long, pause):
    """At half the speed 200 s: twice the 100 s that are stated."""
    calls = {"A": 0, "B": 10}
    story = tell(calls, intents={"call": intent(talk=100)}, agents=SLOW, fatigue=recovering(long_contact=long))
    assert story.contacts[1] == ("B", "answered", 200 + pause, 0)


@pytest.mark.parametrize(("long", "pause"), [(1.8, 60), (1.81, 0)])
def test_wrap_up_belongs_to_a_contact_and_to_what_is_stated(tell, long, pause):
    """160 + 20 s of handling, where 80 + 20 are stated."""
    intents = {"call": intent(talk=80, wrap=20)}
    story = tell({"A": 0, "B": 10}, intents=intents, agents=SLOW, fatigue=recovering(long_contact=long))
    assert story.contacts[1] == ("B", "answered", 180 + pause, 0)


def test_long_is_by_the_contacts_own_intent(tell):
    """100 s are twice what x needs, and what y needs."""
    skills = {"x": {"preference": 1, "speed": 0.5}, "y": {"preference": 2}}
    intents = {"x": intent(talk=50), "y": intent(talk=100)}
    calls = {"A": (0, "x"), "B": (200, "y")}
    story = tell(calls, intents=intents, agents={"team": staff(1, skills=skills)}, fatigue=recovering())
    assert [spell[0] for spell in story.spells()] == ["handling", "break", "available", "handling", "available"]


def test_without_a_recovery_time_hard_contacts_are_followed_by_none(tell):
    story = tell({"A": 0, "B": 10}, intents=TEN, mistreatment=RUDE, fatigue=recovering(recovery_time="off"))
    assert story.spells()[:2] == [BUSY, ("handling", 600, 1200)]


@pytest.mark.parametrize(("recovery", "pause"), [("60s", 300), ("400s", 400)])
def test_of_two_pauses_the_longer_is_taken(tell, recovery, pause):
    """Tired, and mistreated: 300 s at least."""
    fatigue = tiring(recovery_time=recovery, mistreatment_weight=0.0)
    story = tell({"A": 0, "B": 10}, intents=TEN, mistreatment=RUDE, fatigue=fatigue)
    assert story.spells()[:3] == [BUSY, ("break", 600, 600 + pause), ("handling", 600 + pause, 1200 + pause)]


# --- counts, and what a pause counts as


def test_a_falling_count_sends_an_agent_on_a_pause_home_at_once(tell):
    """Pause from 0:29:10; the count falls at 0:30."""
    story = tell({"A": 1150}, intents=TEN, agents={"team": staff(1, 0)}, fatigue=tiring())
    assert story.spells() == [("available", 0, 1150), ("handling", 1150, 1750), ("break", 1750, 1800)]
    assert story.duties() == [(0, 1800, 1800)]


def test_an_agent_on_a_pause_goes_before_one_with_a_contact(tell):
    """At 0:30 agent 0 has A in hand, and agent 1 pauses after B."""
    intents = {"long": intent(talk=600, skill="call"), "short": intent(talk=300, skill="call")}
    calls, two = {"A": (1300, "long"), "B": (1310, "short")}, {"team": staff(2, 1)}
    story = tell(calls, intents=intents, agents=two, fatigue=tiring(break_at=0.05))
    assert story.spells(1)[1:] == [("handling", 1310, 1610), ("break", 1610, 1800)]
    assert story.duties(1) == [(0, 1800, 1800)]
    assert story.duties(0) == [(0, CLOSE, CLOSE)]


def test_a_departure_that_was_announced_comes_before_a_pause(tell):
    """The count falls at 0:30 with A in hand until 0:31:40."""
    story = tell({"A": 1300}, intents=TEN, agents={"team": staff(1, 0)}, fatigue=tiring())
    assert story.spells() == [("available", 0, 1300), ("handling", 1300, 1900)]
    assert story.duties() == [(0, 1800, 1900)]


def test_who_was_sent_home_from_a_pause_comes_back_to_work(tell):
    """Called in again at 1:00, agent 0 is available at once, and no old pause ends later."""
    story = tell({"A": 1150, "B": 3700}, intents=TEN, agents={"team": staff(1, 0, 1)}, fatigue=tiring(break_at=0.1))
    assert story.spells()[2:6] == [
        ("break", 1750, 1800),
        ("available", HOUR, 3700),
        ("handling", 3700, 4300),
        ("break", 4300, 4600),
    ]


def test_pauses_are_paid_and_not_available(tell):
    """Of twelve hours ten minutes handling and five on a pause."""
    story = tell({"A": 0}, intents=TEN, agents=ONE, fatigue=tiring())
    assert measure(story, "occupancy") == pytest.approx(600 / (CLOSE - 300))
    assert measure(story, "agents_on_queue") == pytest.approx((CLOSE - 300) / CLOSE)
    assert measure(story, "utilisation") == pytest.approx((CLOSE - 300) / CLOSE)
    assert measure(story, "paid_hours") == pytest.approx(12)
    assert measure(story, "overtime_hours") == 0
    assert measure(story, "aht_s") == 600


def test_a_pause_runs_over_midnight_where_the_centre_never_closes(tell):
    calendar, agents = {"days": 2, "hours": "00:00-24:00"}, {"team": staff(1, intervals=48)}
    story = tell({"A": DAY - 700}, intents=TEN, agents=agents, calendar=calendar, fatigue=tiring())
    assert story.spells()[1:3] == [("handling", DAY - 700, DAY - 100), ("break", DAY - 100, DAY + 200)]
