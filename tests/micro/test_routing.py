"""Who takes whom: the freed agent's choice, the contact's choice, head starts, speed and wrap-up."""

import pytest

from .worlds import at, constant, equal, intent, shift, shifts, staff

TWO = {"x": intent(), "y": intent()}


def test_one_agent_serves_in_order_of_arrival(tell):
    story = tell({"A": 0, "B": 10, "C": 20})
    assert story.contacts == [("A", "answered", 0, 0), ("B", "answered", 60, 0), ("C", "answered", 120, 0)]
    assert story.waits == {"A": (0, False), "B": (50, True), "C": (100, True)}


def test_three_customers_two_agents(tell):
    """Agents 0 and 1 take A and B; agent 0 is free first, at 60, and takes C."""
    story = tell({"A": 0, "B": 10, "C": 20}, agents={"team": staff(2)})
    assert story.contacts == [("A", "answered", 0, 0), ("B", "answered", 10, 1), ("C", "answered", 60, 0)]
    assert story.spells(1) == [("available", 0, 10), ("handling", 10, 70), ("available", 70, 43200)]


def test_at_the_very_start_the_lowest_number_is_first(tell):
    assert tell({"A": 5, "B": 6}, agents={"team": staff(3)}).contacts == [
        ("A", "answered", 5, 0),
        ("B", "answered", 6, 1),
    ]


def test_a_contact_takes_the_agent_idle_longest(tell):
    """At 100 agent 1 is idle since 0, agent 0 since 60; at 200 agent 0 since 60, agent 1 since 160."""
    story = tell({"A": 0, "B": 100, "C": 200}, agents={"team": staff(2)})
    assert story.contacts == [("A", "answered", 0, 0), ("B", "answered", 100, 1), ("C", "answered", 200, 0)]


def test_idle_equally_long_the_lower_number_is_taken(tell):
    """Both finish at 60 after two contacts that came at once."""
    story = tell({"A": 0, "B": 0, "C": 100}, agents={"team": staff(2)})
    assert story.contacts[2] == ("C", "answered", 100, 0)


def test_idle_time_starts_when_the_wrap_up_ends(tell):
    """Agent 0 talks to A until 10 and writes until 110; agent 1 is done with B at 50 and so idle longer."""
    story = tell(
        {"A": (0, "x"), "B": (0, "y"), "C": (200, "x")},
        intents={"x": intent(talk=10, wrap=100), "y": intent(talk=50)},
        agents={"team": staff(2, skills=equal("x", "y"))},
    )
    assert story.contacts[2] == ("C", "answered", 200, 1)


def test_idle_time_starts_again_after_a_break(tell):
    """Agent 0 rests 08:10-08:20, so at 08:30 agent 1 (idle since 08:00) is taken."""
    lines = shifts(shift(breaks=[("10m", "10m")]), shift())
    assert tell({"A": at("08:30")}, agents={"team": lines}).contacts == [("A", "answered", 1800, 1)]


def test_idle_time_starts_when_called_in(tell):
    """Agent 2 comes at 08:30; at 09:00 agents 0 and 1 are idle since 08:00."""
    story = tell({"A": 3600, "B": 3601, "C": 3602}, agents={"team": staff(2, 3)})
    assert [contact[3] for contact in story.contacts] == [0, 1, 2]


def test_a_contact_takes_the_group_that_prefers_its_skill(tell):
    """Both idle since 08:00; agent 1's group gives the skill the lower number."""
    groups = {
        "sales": staff(1, skills={"call": {"preference": 2}}),
        "care": staff(1, skills={"call": {"preference": 1}}),
    }
    assert tell({"A": 0, "B": 10}, agents=groups).contacts == [("A", "answered", 0, 1), ("B", "answered", 10, 0)]


def test_preference_comes_before_idle_time(tell):
    """At 100 the preferred agent 1 is idle since 60, agent 0 since 0."""
    groups = {
        "sales": staff(1, skills={"call": {"preference": 2}}),
        "care": staff(1, skills={"call": {"preference": 1}}),
    }
    assert tell({"A": 0, "B": 100}, agents=groups).contacts[1] == ("B", "answered", 100, 1)


def test_a_list_of_skills_is_preference_one_two(tell):
    """Agent 0 has y as second skill, agent 1 as its first."""
    groups = {"first": staff(1, skills=("x", "y")), "second": staff(1, skills=("y", "x"))}
    story = tell({"A": (0, "y"), "B": (10, "y")}, intents=TWO, agents=groups)
    assert story.contacts == [("A", "answered", 0, 1), ("B", "answered", 10, 0)]


def test_groups_of_equal_preference_share_by_idle_time(tell):
    """At 100 agent 1 of the second group is idle since 08:00, agent 0 since 60."""
    groups = {"sales": staff(1), "care": staff(1)}
    assert tell({"A": 0, "B": 100}, agents=groups).contacts == [
        ("A", "answered", 0, 0),
        ("B", "answered", 100, 1),
    ]


@pytest.mark.parametrize(
    ("group", "order"),
    [
        (staff(1, skills=("x", "y")), ["A", "C", "B"]),
        (staff(1, skills=("x", "y"), picks="preference"), ["A", "C", "B"]),
        (staff(1, skills=("x", "y"), picks="longest_wait"), ["A", "B", "C"]),
        (staff(1, skills=equal("x", "y")), ["A", "B", "C"]),
    ],
    ids=["default", "preference", "longest_wait", "equal preferences"],
)
def test_what_a_freed_agent_takes(tell, group, order):
    """B (y, second skill) waits since 10, C (x, first skill) since 50; the agent is free at 60."""
    story = tell({"A": (0, "x"), "B": (10, "y"), "C": (50, "x")}, intents=TWO, agents={"team": group})
    assert story.order() == order


def test_the_longest_waiting_of_the_preferred_skill(tell):
    story = tell(
        {"A": (0, "x"), "B": (5, "y"), "C": (10, "x"), "D": (20, "x")},
        intents=TWO,
        agents={"team": staff(1, skills=("x", "y"))},
    )
    assert story.order() == ["A", "C", "D", "B"]


def test_an_agent_takes_only_its_skills(tell):
    """B (y) waits for agent 1, busy with A until 600, while agent 0 (x only) is idle."""
    story = tell(
        {"A": (0, "y"), "B": (10, "y"), "C": (20, "x")},
        intents={"x": intent(), "y": intent(talk=600)},
        agents={"left": staff(1, skills=("x",)), "right": staff(1, skills=("y",))},
    )
    assert story.contacts == [("A", "answered", 0, 1), ("B", "answered", 600, 1), ("C", "answered", 20, 0)]


def test_intents_share_a_queue_by_skill(tell):
    story = tell(
        {"A": (0, "x"), "B": (10, "y"), "C": (20, "x")},
        intents={"x": intent(skill="general"), "y": intent(skill="general")},
        agents={"team": staff(1, skills=("general",))},
    )
    assert story.order() == ["A", "B", "C"]


VIP = {"call": intent(talk=600), "vip": intent(skill="call", head_start="90s")}


@pytest.mark.parametrize(
    ("joined", "order"),
    [(189.999999, ["A", "C", "B"]), (190, ["A", "B", "C"]), (190.000001, ["A", "B", "C"])],
    ids=["overtakes", "equal rank: the lower number", "behind"],
)
def test_a_head_start_is_time_already_waited(tell, joined, order):
    """B waits since 100. C joins with 90 s of credit: it ranks first if it joined before 190."""
    assert tell({"A": 0, "B": 100, "C": (joined, "vip")}, intents=VIP).order() == order


def test_a_head_start_counts_between_skills_when_the_longest_wait_is_picked(tell):
    """At 60 y has waited 10 s and has 90 s of credit, x has waited 50 s."""
    story = tell(
        {"A": (0, "x"), "B": (10, "x"), "C": (50, "y")},
        intents={"x": intent(), "y": intent(head_start="90s")},
        agents={"team": staff(1, skills=("x", "y"), picks="longest_wait")},
    )
    assert story.order() == ["A", "C", "B"]


def test_a_head_start_does_not_beat_preference(tell):
    story = tell(
        {"A": (0, "x"), "B": (10, "y"), "C": (50, "x")},
        intents={"x": intent(), "y": intent(head_start="1h")},
        agents={"team": staff(1, skills=("x", "y"))},
    )
    assert story.order() == ["A", "C", "B"]


def test_a_head_start_is_no_wait(tell):
    """It ranks; it is neither waited nor lived through: C's patience of 60 s lasts 60 s."""
    vip = intent(skill="call", head_start="90s", patience=constant(60))
    story = tell({"A": 0, "C": (10, "vip")}, intents={"call": intent(talk=600), "vip": vip})
    assert story.contacts[1] == ("C", "abandoned", 70, None)


def test_speed_divides_the_handle_time(tell):
    """At speed 0.5 a talk of 60 s takes 120 s, so B waits until 120; at speed 2 it takes 30 s."""
    slow = staff(1, skills={"call": {"preference": 1, "speed": 0.5}})
    fast = staff(1, skills={"call": {"preference": 1, "speed": 2}})
    assert tell({"A": 0, "B": 10}, agents={"team": slow}).contacts[1] == ("B", "answered", 120, 0)
    assert tell({"A": 0, "B": 10}, agents={"team": fast}).contacts[1] == ("B", "answered", 30, 0)


def test_speed_belongs_to_group_and_skill(tell):
    """Agent 0 is slow at y only."""
    group = staff(1, skills={"x": {"preference": 1}, "y": {"preference": 2, "speed": 0.5}})
    story = tell({"A": (0, "x"), "B": (100, "y"), "C": (300, "x")}, intents=TWO, agents={"team": group})
    assert story.spells()[:6] == [
        ("handling", 0, 60),
        ("available", 60, 100),
        ("handling", 100, 220),
        ("available", 220, 300),
        ("handling", 300, 360),
        ("available", 360, 43200),
    ]


def test_the_natural_time_holds_the_speed(tell):
    slow = staff(1, skills={"call": {"preference": 1, "speed": 0.5}})
    row = tell({"A": 0}, intents={"call": intent(wrap=30)}, agents={"team": slow}).row("A")
    assert (row["base_us"], row["natural_talk_us"], row["talk_us"]) == (60_000_000, 120_000_000, 120_000_000)


def test_wrap_up_is_outside_the_factors(tell):
    """Speed is a factor of T_need; wrap-up stands apart from it: 120 s of talk, 30 s of wrap-up."""
    slow = staff(1, skills={"call": {"preference": 1, "speed": 0.5}})
    assert tell({"A": 0}, intents={"call": intent(wrap=30)}, agents={"team": slow}).row("A")["wrap_us"] == 30_000_000


def test_wrap_up_keeps_the_agent(tell):
    story = tell({"A": 0, "B": 10}, intents={"call": intent(talk=60, wrap=30)})
    assert story.contacts[1] == ("B", "answered", 90, 0)
    assert story.spells() == [("handling", 0, 90), ("handling", 90, 180), ("available", 180, 43200)]


def test_the_wait_is_recorded_from_joining(tell):
    row = tell({"A": 0, "B": 10}).row("B")
    assert (row["arrival_us"], row["joined_us"]) == (row["joined_us"], row["left_us"] - 50_000_000)


def test_needs_of_one_moment_are_numbered_by_intent_in_file_order(tell):
    """B and C come at 10; the file names x before y, the trace names y first."""
    story = tell(
        {"A": (0, "x"), "B": (10, "y"), "C": (10, "x")},
        intents=TWO,
        agents={"team": staff(1, skills=equal("x", "y"))},
    )
    assert story.order() == ["A", "C", "B"]


def test_agents_are_numbered_by_group_then_by_line(tell):
    """Group one: a line of two (0, 1) and a line of one (2); group two: 3."""
    groups = {"one": shifts(shift(count=2), shift()), "two": staff(1)}
    story = tell({"A": 0, "B": 1, "C": 2, "D": 3}, agents=groups)
    assert [contact[3] for contact in story.contacts] == [0, 1, 2, 3]
    assert [story.row(label)["group"] for label in "ABCD"] == [0, 0, 0, 1]
