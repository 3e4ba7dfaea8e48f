"""Agents under pressure send contacts away: the same need goes on with a colleague, as the next contact."""

import pytest

from sim.engine.records import BotOutcome, Cause
from sim.measures import make_frame, tally
from sim.study.replicate import make_run

from .worlds import CLOSE, constant, intent, shift, shifts, staff

HUNDRED = {"call": intent(talk=100)}
TWO = {"team": staff(2)}


def pressed(target="60s", **more):
    """Less than .7 of the 100 s that contacts need; nobody hurries, and everybody sends contacts away."""
    return {"target": target, "push": 0.0, "sends_away": 1.0} | more


def causes(story):
    """(label, cause, whether it was sent away, whether it resolved the need), by need and attempt."""
    labels = [label for label, _ in story.arrivals]
    rows = [story.row(label) for label in labels]
    told = zip(labels, rows, strict=True)
    return [(label, Cause(row["cause"]).name, bool(row["transferred"]), bool(row["resolved"])) for label, row in told]


def measure(story, name, cell="overall"):
    """A measure of this one replication."""
    study = make_run(story.scenario)
    study.tallies.add(tally(story.records, make_frame(story.scenario)))
    return study.estimates(cell)[name].mean[0]


# --- what a transfer is


def test_a_contact_that_is_sent_away_goes_on_as_the_next_at_the_end_of_the_talk(tell):
    """Agent 0 wraps up until 0:02; agent 1 takes A2 at 0:01:40."""
    story = tell({"A": 0}, intents={"call": intent(talk=100, wrap=20)}, agents=TWO, pace=pressed())
    assert story.contacts == [("A", "answered", 0, 0), ("A2", "answered", 100, 1)]
    assert story.arrivals == [("A", 0), ("A2", 100)]
    assert causes(story) == [("A", "FIRST", True, False), ("A2", "TRANSFER", False, True)]
    assert story.spells(0)[:2] == [("handling", 0, 120), ("available", 120, CLOSE)]
    assert story.needs == [("A", "resolved", 2)]
    assert story.s(story.records.needs[0]["resolved_us"]) == 200


def test_it_waits_behind_those_who_wait_already(tell):
    """B, who is new, is sent away too; B2 comes behind A2, and neither is sent away again."""
    story = tell({"A": 0, "B": 50}, intents=HUNDRED, pace=pressed())
    assert story.order() == ["A", "B", "A2", "B2"]
    assert [contact[2] for contact in story.contacts] == [0, 200, 100, 300]
    assert story.waits["A2"] == (100, True)
    assert causes(story)[1:] == [
        ("A2", "TRANSFER", False, True),
        ("B", "FIRST", True, False),
        ("B2", "TRANSFER", False, True),
    ]


def test_the_one_who_sent_it_away_may_be_the_one_who_takes_it(tell):
    """Alone, and free at the very moment at which A2 joins."""
    story = tell({"A": 0}, intents=HUNDRED, pace=pressed())
    assert story.contacts == [("A", "answered", 0, 0), ("A2", "answered", 100, 0)]
    assert story.waits["A2"] == (0, False)


def test_it_goes_to_the_skill_of_its_intent(tell):
    intents = {"x": intent(talk=100), "y": intent(talk=100)}
    agents = {"x team": staff(1, skills=("x",)), "y team": staff(2, skills=("y",))}
    story = tell({"A": (0, "x"), "B": (10, "x")}, intents=intents, agents=agents, pace=pressed())
    assert {contact[3] for contact in story.contacts} == {0}


def test_it_keeps_the_profile_of_the_interval_in_which_it_began(tell):
    """A2 joins in the second interval, in which new contacts take three times as long."""
    talk = {"talk_time": constant(100) | {"profile": [1] + [3] * 23}}
    story = tell({"A": 1750}, intents={"call": intent(**talk)}, agents=TWO, pace=pressed())
    assert story.arrivals == [("A", 1750), ("A2", 1850)]
    assert [story.row(label)["stated_us"] for label in ("A", "A2")] == [100_000_000] * 2
    assert [story.row(label)["talk_us"] for label in ("A", "A2")] == [100_000_000] * 2


def test_the_bot_is_not_asked_again_and_context_is_lost_once(tell):
    bot = {"opt_out": 0.0, "false_containment": 0.0, "context_kept": 0.0, "lost_context_time": "0s"}
    intents = {"call": intent(talk=100, bot={"resolves": 0.0})}
    story = tell({"A": 0}, intents=intents, agents=TWO, bot=bot | {"session": constant(30)}, pace=pressed())
    first, second = story.row("A"), story.row("A2")
    assert (first["bot"], second["bot"]) == (BotOutcome.HANDED_OFF, BotOutcome.NONE)
    assert (first["context_lost"], second["context_lost"]) == (1, 0)
    assert story.contacts == [("A", "answered", 30, 0), ("A2", "answered", 130, 1)]


def test_customers_lose_patience_on_the_way_to_a_colleague(tell):
    """One agent, busy with B from 0:01:40 on: A2 gives up after half a minute."""
    intents = {"call": intent(talk=100, patience=constant(60))}
    story = tell({"A": 0, "B": 50}, intents=intents, pace=pressed())
    assert story.contacts[:2] == [("A", "answered", 0, 0), ("A2", "abandoned", 160, None)]
    assert story.needs[0] == ("A", "lost", 2)


# --- when agents are pressed


@pytest.mark.parametrize(("target", "sent"), [("69.9s", True), ("70s", False), ("100s", False)])
def test_agents_are_pressed_below_seven_tenths(tell, target, sent):
    story = tell({"A": 0}, intents=HUNDRED, pace=pressed(target))
    assert len(story.contacts) == 1 + sent


@pytest.mark.parametrize(("below", "sent"), [(0.61, True), (0.6, False)])
def test_the_limit_is_the_given_one(tell, below, sent):
    story = tell({"A": 0}, intents=HUNDRED, pace=pressed(sends_away_below=below))
    assert len(story.contacts) == 1 + sent


@pytest.mark.parametrize("share", ["off", 0.0])
def test_without_a_share_nobody_is_sent_away(tell, share):
    story = tell({"A": 0, "B": 10}, intents=HUNDRED, pace=pressed(sends_away=share))
    assert causes(story) == [("A", "FIRST", False, True), ("B", "FIRST", False, True)]


def test_the_running_mean_decides_not_what_is_stated(tell):
    """At half the speed: 70.2 s are more than .7 x 100 for A, and less than .7 x 100.5 for B."""
    agents = {"team": staff(1, skills={"call": {"preference": 1, "speed": 0.5}})}
    story = tell({"A": 0, "B": 10}, intents=HUNDRED, agents=agents, pace=pressed("70.2s"))
    assert [told[2] for told in causes(story)] == [False, True, False]


def test_only_intents_with_a_target_are_sent_away(tell):
    intents = {"x": intent(talk=100, skill="call"), "y": intent(talk=300, skill="call")}
    story = tell({"A": (0, "x"), "B": (0, "y")}, intents=intents, agents=TWO, pace=pressed({"x": "60s"}))
    assert [told[:3] for told in causes(story)] == [
        ("A", "FIRST", True),
        ("A2", "TRANSFER", False),
        ("B", "FIRST", False),
    ]


# --- what it does to the customer


def test_being_sent_away_frustrates(tell):
    """.15 + .15 x .85 = .2775, and nothing for a return."""
    story = tell({"A": 0}, intents=HUNDRED, agents=TWO, frustration={}, pace=pressed())
    assert [story.row(label)["frustration"] for label in ("A", "A2")] == pytest.approx([0.15, 0.2775])
    assert story.row("A")["frustration_end"] == pytest.approx(0.15)
    assert story.row("A2")["frustration_end"] == pytest.approx(0.2775)


def test_the_rise_is_the_given_one(tell):
    angry = {"start": 0.2, "transferred": 0.5, "returns": 0.9}
    story = tell({"A": 0}, intents=HUNDRED, agents=TWO, frustration=angry, pace=pressed())
    assert story.row("A2")["frustration"] == pytest.approx(0.6)


def test_a_contact_that_goes_on_costs_no_trust(tell):
    story = tell({"A": 0}, intents=HUNDRED, agents=TWO, trust={}, csat={}, pace=pressed())
    assert [story.row(label)["trust_end"] for label in ("A", "A2")] == pytest.approx([0.6, 0.63])


AGAIN = {"repeat": {"probability": 1.0, "delay": constant(1000)}}


@pytest.mark.parametrize(("most", "made"), [(1, ["A", "A2"]), (2, ["A", "A2", "A3", "A4"])])
def test_a_transfer_is_no_attempt_of_the_customer(tell, most, made):
    """Never resolved. A2 ends at 0:03:20, A3 comes a thousand seconds later and is sent away as A was."""
    intents = {"call": intent(talk=100, resolution=0.0)}
    story = tell({"A": 0}, intents=intents, agents=TWO, customers=AGAIN | {"max_attempts": most}, pace=pressed())
    assert [label for label, _ in story.arrivals] == made
    assert story.arrivals[2:] == [("A3", 1200), ("A4", 1300)][: len(made) - 2]
    expected = [("FIRST", True), ("TRANSFER", False), ("REPEAT", True), ("TRANSFER", False)]
    assert [told[1:3] for told in causes(story)] == expected[: len(made)]
    assert story.needs == [("A", "lost", len(made))]
    assert measure(story, "attempts_per_need") == most
    assert measure(story, "repeat_rate") == (most - 1) / most


# --- measures


def test_resolved_by_the_colleague_is_resolved_at_the_first_contact(tell):
    story = tell({"A": 0}, intents={"call": intent(talk=100, wrap=20)}, agents=TWO, pace=pressed())
    whole = ("fcr", "fcr_human", "first_attempt_resolution", "resolution_rate", "attempts_per_need")
    assert [measure(story, name) for name in whole] == [1.0] * len(whole)
    none = ("repeat_rate", "redial_rate", "repeat_7d")
    assert [measure(story, name) for name in none] == [0.0] * len(none)
    assert (measure(story, "demand"), measure(story, "offered"), measure(story, "answered")) == (1, 2, 2)
    assert measure(story, "transfer_rate") == 0.5
    assert measure(story, "transfer_rate", "group") == measure(story, "transfer_rate", "intent") == 0.5
    assert (measure(story, "aht_s"), measure(story, "workload_per_resolution_s")) == (120, 240)


def test_what_the_colleague_does_not_resolve_is_not_resolved_at_the_first_contact(tell):
    intents = {"call": intent(talk=100, resolution=0.0)}
    story = tell({"A": 0}, intents=intents, agents=TWO, pace=pressed())
    assert measure(story, "fcr") == measure(story, "fcr_human") == measure(story, "resolution_rate") == 0


def test_nor_is_what_the_customer_gave_up_on_the_way(tell):
    """A2 gives up, redials as A3, and is then helped: by A4, the third agent to be asked."""
    people = {"redial": {"probability": 1.0, "delay": constant(1000), "next_day": 0.0}}
    intents = {"call": intent(talk=100, patience=constant(60)), "other": intent(talk=400, skill="call")}
    calls = {"A": 0, "B": (50, "other")}
    story = tell(calls, intents=intents, customers=people, pace=pressed({"call": "60s"}))
    assert [told[1] for told in causes(story)[:4]] == ["FIRST", "TRANSFER", "REDIAL", "TRANSFER"]
    assert [told[3] for told in causes(story)[:4]] == [False, False, False, True]
    assert measure(story, "fcr", "intent") == measure(story, "first_attempt_resolution", "intent") == 0
    assert measure(story, "attempts_per_need", "intent") == 2
    assert measure(story, "transfer_rate", "intent") == pytest.approx(2 / 3)


def test_transfers_are_counted_only_where_agents_may_send_away(tell):
    story = tell({"A": 0}, intents=HUNDRED, pace=pressed(sends_away="off"))
    assert "transfer_rate" not in make_run(story.scenario).measures


# --- closing


@pytest.mark.parametrize("agents", [TWO, {"team": shifts(shift(count=2))}], ids=["counts", "shifts"])
def test_somebody_stays_for_a_contact_on_the_way(tell, agents):
    """Agent 1 is idle at close. A is sent away 50 s later, while agent 0 wraps up."""
    intents = {"call": intent(talk=100, wrap=100)}
    story = tell({"A": CLOSE - 50}, intents=intents, agents=agents, pace=pressed())
    assert story.contacts[1] == ("A2", "answered", CLOSE + 50, 1)
    assert story.waits["A2"] == (0, False)
    assert story.row("A2")["out_of_hours"] == 0
    assert story.duties(0) == [(0, CLOSE, CLOSE + 150)]
    assert story.duties(1) == [(0, CLOSE, CLOSE + 250)]


def test_who_sent_it_away_stays_if_nobody_else_is_there(tell):
    story = tell({"A": CLOSE - 50}, intents={"call": intent(talk=100, wrap=20)}, pace=pressed())
    assert story.contacts[1] == ("A2", "answered", CLOSE + 70, 0)
    assert story.duties() == [(0, CLOSE, CLOSE + 190)]


def test_nobody_stays_longer_than_for_the_last_on_the_way(tell):
    """Agent 2 is idle: kept until A2 has an agent, and no longer."""
    story = tell({"A": CLOSE - 50}, intents=HUNDRED, agents={"team": staff(3)}, pace=pressed())
    assert [story.duties(agent)[0][2] - CLOSE for agent in range(3)] == [50, 150, 50]


def test_who_is_sent_away_after_close_is_disconnected_where_the_centre_clears(tell):
    calendar = {"at_close": "clear"}
    story = tell({"A": CLOSE - 50}, intents=HUNDRED, agents=TWO, calendar=calendar, pace=pressed())
    assert story.contacts[1] == ("A2", "disconnected", CLOSE + 50, None)
    assert story.duties(1) == [(0, CLOSE, CLOSE)]
    assert story.needs == [("A", "lost", 2)]
