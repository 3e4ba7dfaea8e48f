"""Who was on the queue, who takes what, and what whole numbers of agents follow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.calibrate.fits.agents import Served, attendance_of, presence, skills_of, whole_agents
from sim.calibrate.fits.centre import IntentsAndGroups, usual_week
from sim.calibrate.fits.estimate import levels, own_weight

ALL = np.ones((1, 1), bool)


def served(*contacts: tuple[float, float, float, int, int]) -> Served:
    """Contacts as (joined, wait, talk, agent, intent); agent -2 gave up, -1 is not known."""
    rows = np.array(contacts, float)
    joined, wait, talk, agent, intent = rows.T
    answered, waited = agent > -2, wait > 0
    start = joined + wait
    return Served(
        start[answered],
        (start + talk)[answered],
        agent[answered].astype(int),
        intent[answered].astype(int),
        joined[waited],
        start[waited],
        intent[waited].astype(int),
    )


def spells(contacts: Served, stay: float, groups: np.ndarray = ALL) -> list[tuple[float, float]]:
    members = np.zeros(10, int)
    skills = skills_of(np.array([0]), np.array([0]), np.array([1.0]), ("a",) * groups.shape[1])
    skills = type(skills)(("g",), groups, members, skills.skill)
    found = attendance_of(contacts, skills)
    return sorted(zip(found.start.tolist(), found.ends(stay).tolist(), strict=True))


# Calls of one agent end at 100 and begin again later; somebody else may wait in between.
@pytest.mark.parametrize(
    ("again", "other", "stay", "expected"),
    [
        (220, None, 0, [(0, 320)]),  # two minutes are wrap-up
        (900, None, 0, [(0, 1000)]),  # nobody waited: there all the time
        (3800, None, 1, [(0, 100), (3800, 3900)]),  # more than an hour is away
        (900, (300, 200), 0, [(0, 100), (900, 1000)]),  # somebody waited from 315 on: gone
        (900, (300, 200), 1, [(0, 315), (900, 1000)]),
        (900, (300, 200), 0.5, [(0, 207.5), (900, 1000)]),
        (900, (50, 400), 1, [(0, 100), (900, 1000)]),  # somebody was waiting at the end of the first
        (900, (880, 200), 1, [(0, 1000)]),  # proof so near the next contact is that contact
    ],
)
def test_when_an_agent_left(again, other, stay, expected):
    contacts = [(0, 0, 100, 1, 0), (again, 0, 100, 1, 0)]
    if other is not None:
        contacts.append((other[0], other[1], 0, -2, 0))
    assert spells(served(*contacts), stay) == expected


def test_a_wait_that_an_agent_does_not_take_proves_nothing():
    contacts = served((0, 0, 100, 1, 0), (900, 0, 100, 1, 0), (300, 200, 0, -2, 1))
    assert spells(contacts, 1, np.array([[True, False]])) == [(0, 1000)]
    assert spells(contacts, 1, np.array([[True, True]])) == [(0, 315), (900, 1000)]


def test_contacts_of_unknown_agents_are_spells_of_their_own():
    contacts = served((0, 0, 100, 1, 0), (10, 0, 50, -1, 0))
    assert spells(contacts, 1) == [(0, 100), (10, 60)]


def test_presence_adds_up_to_the_time_on_the_queue():
    random = np.random.default_rng(1)
    contacts = served(
        *[(random.uniform(0, 86_400), 0, random.uniform(50, 900), random.integers(0, 6), 0) for _ in range(400)]
    )
    skills = skills_of(contacts.agent, contacts.intent, contacts.end - contacts.start, ("a",))
    found = attendance_of(contacts, skills)
    edges = np.arange(0.0, 90_001.0, 1800.0)
    agents = presence(found, 1.0, 1, edges)
    assert (agents * 1800).sum() == pytest.approx((found.ends(1.0) - found.start).sum())
    low, high = 3600.0, 5400.0
    by_hand = np.clip(np.minimum(found.ends(1.0), high) - np.maximum(found.start, low), 0, None).sum() / 1800
    assert agents[0, 2] == pytest.approx(by_hand)


# Skills -------------------------------------------------------------------------------------------------------------


def test_agents_are_grouped_by_what_they_take():
    random = np.random.default_rng(2)
    agent = np.repeat(np.arange(10), 300)
    intent = np.where(agent < 5, random.choice(3, 3000, p=[0.5, 0.3, 0.2]), random.choice(2, 3000, p=[0.6, 0.4]))
    found = skills_of(agent, intent, np.where(agent < 5, 2.0, 1.0), ("a", "b", "c"))
    assert found.groups == ("all_contacts", "without_c")
    assert found.member.tolist() == [0] * 5 + [1] * 5
    assert found.skill == ("general", "general", "c")


def test_a_small_group_joins_the_nearest():
    agent = np.repeat(np.arange(20), 100)
    intent = np.tile([0, 1], 1000)
    intent[agent == 19] = 0
    found = skills_of(agent, intent, np.ones(2000), ("a", "b"))
    assert found.groups == ("agents",)
    assert found.takes.all()


def test_pools_are_the_parts_that_share_no_agent():
    names = ("a", "b", "c")
    who = IntentsAndGroups(
        names, names, (0.0,) * 3, names, ("x", "y", "z"), np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1]], bool)
    )
    pools = [(intents.tolist(), groups.tolist()) for intents, groups in who.pools]
    assert pools == [([True, True, False], [True, True, False]), ([False, False, True], [False, False, True])]


# Whole numbers ------------------------------------------------------------------------------------------------------


def test_whole_agents_follow_the_means_and_never_close():
    mean = np.array([[1.4, 2.5, 0.1, 0.6], [1.4, 0.4, 0.2, 0.6]])
    whole = whole_agents(mean, np.ones((2, 1), bool))
    assert whole.sum(axis=0).tolist() == [3, 3, 1, 1]
    random = np.random.default_rng(3)
    long = random.uniform(1, 9, (2, 400))
    assert whole_agents(long, np.ones((2, 1), bool)).sum() == pytest.approx(long.sum(), abs=1)


def test_somebody_takes_every_intent():
    takes = np.array([[True, False], [True, True]])
    assert whole_agents(np.array([[0.8], [0.3]]), takes).tolist() == [[0], [1]]
    assert whole_agents(np.array([[2.6], [0.3]]), takes).tolist() == [[2], [1]]


# Borrowing strength -------------------------------------------------------------------------------------------------


def test_levels_move_together_as_far_as_noise_explains():
    totals = np.array([90.0, 100.0, 110.0])
    assert levels(totals, np.full(3, 1e-9)) == pytest.approx(totals, rel=1e-4)
    assert levels(totals, np.full(3, 1.0)) == pytest.approx([100, 100, 100])
    half = levels(totals, np.full(3, 0.005))
    assert half == pytest.approx([95, 100, 105])


def test_profiles_are_told_apart_only_when_they_differ():
    common = np.full(4, 0.25)
    own = np.array([[0.30, 0.20, 0.25, 0.25], [0.20, 0.30, 0.25, 0.25]])
    assert own_weight(own, common, np.full((2, 4), 1e-6)).min() > 0.99
    assert own_weight(own, common, np.full((2, 4), 0.5)).max() == 0.0


def test_the_usual_week_keeps_what_differs_and_the_total():
    random = np.random.default_rng(4)
    dates = pd.date_range("2026-03-02", periods=56)
    weekday = np.asarray(dates.day_of_week)
    mean = np.where(weekday[:, None] == 0, 8.0, 4.0) * np.ones(48)
    agents = np.maximum(mean + random.normal(0, 0.5, (56, 48)), 0)[None]
    spans = ((0, 48),) * 7
    found = usual_week(agents, dates, np.ones(56, bool), spans)
    assert found[0, 0].mean() == pytest.approx(8, rel=0.03)
    assert found[0, 1:].mean() == pytest.approx(4, rel=0.03)
    assert found[0, 1:].std() < agents[0, weekday > 0].std() / np.sqrt(8) / 2
