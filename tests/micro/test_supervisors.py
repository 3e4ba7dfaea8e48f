"""What agents may not decide alone: after the talk, agent and customer wait for a supervisor and decide with one."""

from math import exp, log

import pytest

from sim.measures import make_frame, tally
from sim.study.replicate import make_run

from .worlds import CLOSE, HOUR, constant, intent, shift, shifts, staff

HUNDRED = {"call": intent(talk=100, wrap=20)}


def lead(**more):
    """Every contact takes a supervisor, for 200 s."""
    return {"group": "boss", "share": 1.0, "difficult_factor": 1.0, "time": constant(200)} | more


def crew(agents=1, boss=None):
    """Agents 0 and on; then supervisors who take no contacts."""
    return {"team": staff(agents), "boss": boss or staff(1, skills=("decisions",))}


def bosses(*lines):
    return shifts(*lines, skills=("decisions",))


def asked(story, labels="ABC"):
    """Label -> (supervisor or None, s from the end of the talk to the decision, s with the supervisor)."""
    rows = {label: story.row(label) for label in labels}
    return {
        label: (
            row["supervisor"] if row["supervisor"] >= 0 else None,
            row["supervisor_us"] / 1e6,
            row["consultation_us"] / 1e6,
        )
        for label, row in rows.items()
    }


def measures(story, *names, cell="overall", at=0):
    """Measures of this one replication."""
    study = make_run(story.scenario)
    study.tallies.add(tally(story.records, make_frame(story.scenario)))
    found = study.estimates(cell)
    return [found[name].mean[at] for name in names]


def tell_all(tell, calls, agents, intents=None, **more):
    return tell(calls, intents=intents or HUNDRED, agents=agents, **({"supervisor": lead()} | more))


# --- one after the other


def test_talk_then_supervisor_then_wrap_up(tell):
    """Talk to 0:01:40, with the supervisor to 0:05, wrap-up to 0:05:20."""
    story = tell_all(tell, {"A": 0}, crew())
    assert story.spells(0) == [("handling", 0, 320), ("available", 320, CLOSE)]
    assert story.spells(1) == [("available", 0, 100), ("handling", 100, 300), ("available", 300, CLOSE)]
    assert asked(story, "A") == {"A": (1, 200, 200)}
    row = story.row("A")
    assert (row["talk_us"], row["natural_talk_us"], row["wrap_us"]) == (100_000_000, 100_000_000, 20_000_000)
    assert story.s(story.records.needs[0]["resolved_us"]) == 300


def test_agents_wait_for_a_supervisor_in_the_order_of_asking(tell):
    """Talks end at 0:01:40, 0:01:50 and 0:02; one supervisor takes 200 s each."""
    story = tell_all(tell, {"A": 0, "B": 10, "C": 20}, crew(3))
    assert asked(story) == {"A": (3, 200, 200), "B": (3, 390, 200), "C": (3, 580, 200)}
    assert [story.spells(agent)[1][2] for agent in (1, 2)] == [520, 720]
    assert story.spells(3)[1:5] == [
        ("handling", 100, 300),
        ("handling", 300, 500),
        ("handling", 500, 700),
        ("available", 700, CLOSE),
    ]


def test_two_supervisors_decide_side_by_side_and_the_one_idle_longest_first(tell):
    story = tell_all(tell, {"A": 0, "B": 10, "C": 400}, crew(3, staff(2, skills=("decisions",))))
    assert asked(story) == {"A": (3, 200, 200), "B": (4, 200, 200), "C": (3, 200, 200)}


def test_the_customer_is_on_the_line_until_it_is_decided(tell):
    """The agent takes B at 0:05:20 alone."""
    story = tell_all(tell, {"A": 0, "B": 50}, crew())
    assert story.waits["B"] == (270, True)


def test_an_agent_whose_shift_is_over_waits_for_the_decision_and_goes(tell):
    """Over at 0:02, in the midst of the consultation."""
    agents = {"team": shifts(shift(length="2m"), shift()), "boss": staff(1, skills=("decisions",))}
    story = tell_all(tell, {"A": 0}, agents)
    assert story.duties(0) == [(0, 120, 320)]


# --- supervisors who are not there


def test_a_supervisor_on_a_break_takes_the_agent_after_it(tell):
    """Break from 0:01 to 0:16."""
    story = tell_all(tell, {"A": 0}, crew(1, bosses(shift(breaks=[("1m", "15m")]))))
    assert asked(story, "A") == {"A": (1, 860 + 200, 200)}
    assert story.spells(1)[1:3] == [("break", 60, 960), ("handling", 960, 1160)]


def test_a_break_that_falls_due_in_a_consultation_follows_it(tell):
    """Due at 0:03:20; B, who asked at 0:01:50, waits for its end."""
    story = tell_all(tell, {"A": 0, "B": 10}, crew(2, bosses(shift(breaks=[("200s", "5m")]))))
    assert story.spells(2)[1:4] == [("handling", 100, 300), ("break", 300, 600), ("handling", 600, 800)]
    assert asked(story, "AB") == {"A": (2, 200, 200), "B": (2, 690, 200)}


def test_agents_decide_alone_where_no_supervisor_is_on_duty(tell):
    agents = crew(1, staff(0, skills=("decisions",)))
    story = tell_all(tell, {"A": 0}, agents)
    assert asked(story, "A") == {"A": (None, 0, 0)}
    assert story.spells(0)[0] == ("handling", 0, 120)
    assert measures(story, "supervisor_rate", "aht_supervisor_s", "aht_s") == [0, 0, 120]


def test_agents_do_not_wait_for_a_supervisor_who_is_yet_to_come(tell):
    """Nobody is there before 0:30: A decides alone."""
    story = tell_all(tell, {"A": 0, "B": 1750}, crew(1, bosses(shift(start="08:30", length="11h30m"))))
    assert asked(story, "AB") == {"A": (None, 0, 0), "B": (1, 200, 200)}


def test_the_last_supervisor_goes_home_from_a_break_and_agents_decide_alone(tell):
    """Break from 0:25, shift to 0:30; the agent has waited since 0:26:40."""
    story = tell_all(tell, {"A": 1500}, crew(1, bosses(shift(length="30m", breaks=[("25m", "5m")]))))
    assert asked(story, "A") == {"A": (None, 200, 0)}
    assert story.spells(0)[1] == ("handling", 1500, 1820)


def test_the_last_supervisor_finishes_the_decision_in_hand_and_goes(tell):
    """The count falls at 0:30. A's decision is done at 0:31:40; B, who waits, then decides alone, and C asks nobody."""
    calls = {"A": 1600, "B": 1610, "C": 2000}
    story = tell_all(tell, calls, crew(2, staff(1, 0, skills=("decisions",))))
    assert asked(story) == {"A": (2, 200, 200), "B": (None, 190, 0), "C": (None, 0, 0)}
    assert story.duties(2) == [(0, 1800, 1900)]
    assert measures(story, "supervisor_rate") == [pytest.approx(1 / 3)]


def test_agents_wait_on_while_one_supervisor_of_two_goes_home(tell):
    """At 0:30 agent 2 has A's decision in hand, agent 3 a break until 0:35."""
    leads = bosses(shift(length="30m"), shift(breaks=[("25m", "10m")]))
    story = tell_all(tell, {"A": 1650, "B": 1660}, crew(2, leads))
    assert asked(story, "AB") == {"A": (2, 200, 200), "B": (3, 2100 - 1760 + 200, 200)}
    assert story.duties(2) == [(0, 1800, 1950)]


def test_supervisors_do_not_stay_for_a_talk_that_goes_on_at_close(tell):
    """Nobody waits at close, so that whoever is idle goes; A's talk ends 50 s later."""
    story = tell_all(tell, {"A": CLOSE - 50}, crew())
    assert asked(story, "A") == {"A": (None, 0, 0)}
    assert story.duties(1) == [(0, CLOSE, CLOSE)]


# --- supervisors who take contacts


SKILLED = {
    "team": staff(1, skills={"call": {"preference": 1}}),
    "boss": staff(1, skills={"call": {"preference": 2}}),
}


def test_supervisors_take_agents_before_customers_and_ask_nobody(tell):
    """The supervisor has B to 0:02:10, then A's decision, and then C, who has waited longer than the agent."""
    story = tell_all(tell, {"A": 0, "B": 10, "C": 20}, SKILLED)
    assert asked(story, "AB") == {"A": (1, 30 + 200, 200), "B": (None, 0, 0)}
    assert story.spells(1)[1:4] == [("handling", 10, 130), ("handling", 130, 330), ("handling", 330, 450)]
    assert story.contacts[2] == ("C", "answered", 330, 1)


def test_a_decision_keeps_a_supervisor_from_customers(tell):
    """B finds both busy, and waits for the supervisor, who is free 20 s before the agent."""
    story = tell_all(tell, {"A": 0, "B": 150}, SKILLED)
    assert story.contacts[1] == ("B", "answered", 300, 1)


# --- which contacts


def test_the_difficulty_of_the_need_decides(tell):
    """No difficult need and every other one, which is half of all: talks below their median, 69.3 s."""
    talk = {"talk_time": {"distribution": "exponential", "mean": "100s"}, "difficulty_weight": 1.0}
    rule = lead(share=0.5, difficult_factor=0.0, difficult_above=0.0)
    calls = {f"call {n}": 1000 * n for n in range(20)}
    story = tell_all(tell, calls, crew(), intents={"call": intent(**talk)}, supervisor=rule)
    easy = {label for label in calls if story.row(label)["base_us"] < 100e6 * log(2)}
    assert {label for label, (boss, *_) in asked(story, calls).items() if boss == 1} == easy
    assert 5 <= len(easy) <= 15


def test_needs_differ_even_where_nothing_else_reads_their_difficulty(tell):
    easy = {"call": intent(talk=100, difficulty_weight=0.0, difficulty_slope=0.0)}
    rule = lead(share=0.5, difficult_factor=0.0, difficult_above=0.0)
    calls = {f"call {n}": 1000 * n for n in range(40)}
    story = tell_all(tell, calls, crew(), intents=easy, supervisor=rule)
    assert 10 <= sum(boss == 1 for boss, *_ in asked(story, calls).values()) <= 30


def test_shares_by_intent_and_none_for_those_that_are_left_out(tell):
    intents = {"x": intent(talk=100, skill="call"), "y": intent(talk=100, skill="call")}
    calls = {"A": (0, "x"), "B": (1000, "y")}
    story = tell_all(tell, calls, crew(), intents=intents, supervisor=lead(share={"x": 1.0}))
    assert asked(story, "AB") == {"A": (1, 200, 200), "B": (None, 0, 0)}


@pytest.mark.parametrize(("discretion", "expected"), [(0.0, None), (1.0, 1)])
def test_whoever_may_decide_everything_asks_nobody(tell, discretion, expected):
    story = tell_all(tell, {"A": 0}, crew(), supervisor=lead(discretion=discretion))
    assert asked(story, "A")["A"][0] == expected


def test_what_is_sent_away_is_decided_by_the_colleague(tell):
    pace = {"target": "60s", "push": 0.0, "sends_away": 1.0}
    story = tell_all(tell, {"A": 0}, crew(2), pace=pace)
    assert asked(story, ["A", "A2"]) == {"A": (None, 0, 0), "A2": (2, 200, 200)}
    assert story.arrivals == [("A", 0), ("A2", 100)]


# --- what it does to everything else


def test_an_unresolved_customer_comes_back_from_the_end_of_the_consultation_on(tell):
    people = {"repeat": {"probability": 1.0, "delay": constant(HOUR)}, "max_attempts": 2}
    story = tell_all(tell, {"A": 0}, crew(), intents={"call": intent(talk=100, resolution=0.0)}, customers=people)
    assert story.arrivals == [("A", 0), ("A2", 300 + HOUR)]


def test_who_waits_for_the_desk_comes_back_from_its_end_on_too(tell):
    """B has waited 190 s and talked with the supervisor for 200."""
    people = {"repeat": {"probability": 1.0, "delay": constant(HOUR)}, "max_attempts": 2}
    intents = {"call": intent(talk=100, resolution=0.0)}
    story = tell_all(tell, {"A": 0, "B": 10}, crew(2), intents=intents, customers=people)
    assert story.arrivals[3] == ("B2", 500 + HOUR)


def test_agents_tire_while_they_wait_and_supervisors_while_they_decide(tell):
    fatigue = {"effects": {"talk_time": 0.0, "spread": 0.0, "resolution": 0.0}, "build_per_hour": 1.0}
    story = tell_all(tell, {"A": 0, "B": 10}, crew(2), fatigue=fatigue)
    agent, supervisor = story.segments(1)[2], story.segments(2)[3]
    assert agent["fatigue"] == pytest.approx(1 - exp(-(520 - 10) / HOUR), abs=1e-12)
    assert supervisor["fatigue"] == pytest.approx(1 - exp(-400 / HOUR), abs=1e-12)


def test_a_long_decision_makes_a_contact_long(tell):
    """120 s are stated, and 320 are spent."""
    for long, pause in ((2.6, 60), (2.7, 0)):
        fatigue = {"build_per_hour": 0.0, "recovery_time": "60s", "long_contact": long}
        story = tell_all(tell, {"A": 0, "B": 10}, crew(), fatigue=fatigue)
        assert story.contacts[1] == ("B", "answered", 320 + pause, 0)
        assert "break" not in {spell[0] for spell in story.spells(1)}


def test_the_target_steers_by_handle_times_with_the_supervisor_in_them(tell):
    """A is handled for 320 s in place of 120: M = 121 for B, and 108 / 121 of its talk is left."""
    story = tell_all(tell, {"A": 0, "B": 10}, crew(), pace={"target": "108s", "push": 1.0, "resolution_slope": 0.0})
    talks = [story.row(label)["talk_us"] / 1e6 for label in "AB"]
    mean = 120 + (100 + 200 + 20 - 120) / 200
    assert talks == pytest.approx([90, 100 * 108 / mean], abs=1e-6)
    assert asked(story, "AB")["B"] == (1, 200, 200)


# --- measures


def test_handle_time_contains_the_wait_and_the_consultation(tell):
    """A 100 + 200 + 20 s, B 100 + 390 + 20."""
    story = tell_all(tell, {"A": 0, "B": 10}, crew(2))
    names = ("aht_s", "talk_s", "acw_s", "natural_aht_s", "aht_supervisor_s", "aht_stated_s", "aht_wrap_up_s")
    assert measures(story, *names) == pytest.approx([415, 395, 20, 415, 295, 100, 20])
    assert measures(story, "supervisor_rate", "workload_per_resolution_s") == [1.0, 415]
    assert measures(story, "workload_hours") == pytest.approx([830 / HOUR])
    for cell in ("overall", "intent", "group"):
        parts = [name for name in make_run(story.scenario).measures if name.startswith("aht_") and name != "aht_s"]
        assert sum(measures(story, *parts, cell=cell)) == pytest.approx(415)


def test_supervisors_who_take_no_contacts_are_no_part_of_the_queue(tell):
    """Twelve hours each: the agent 320 s busy, the supervisor 200."""
    story = tell_all(tell, {"A": 0}, crew())
    names = ("occupancy", "agents_on_queue", "positions_scheduled", "paid_hours")
    assert measures(story, *names) == pytest.approx([320 / CLOSE, 1, 1, 24])
    assert measures(story, *names, cell="group") == pytest.approx([320 / CLOSE, 1, 1, 12])
    assert measures(story, *names, cell="group", at=1) == pytest.approx([200 / CLOSE, 1, 1, 12])
    assert measures(story, "answered", cell="group", at=1) == [0]
    assert measures(story, "utilisation") == pytest.approx([1.0])


def test_supervisors_who_take_contacts_are_part_of_the_queue(tell):
    story = tell_all(tell, {"A": 0}, SKILLED)
    assert measures(story, "occupancy", "agents_on_queue") == pytest.approx([520 / (2 * CLOSE), 2])


def test_off_is_no_supervisor(tell):
    story = tell_all(tell, {"A": 0}, crew(), supervisor="off")
    assert story.spells(0)[0] == ("handling", 0, 120)
    assert "supervisor_rate" not in make_run(story.scenario).measures
