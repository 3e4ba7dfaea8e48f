"""Talk times follow containment where the bot chooses, and do not where something else changed."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri

from sim.learning.copula import Taken, likeliest
from sim.learning.dose import AT_NO_DOSE
from sim.learning.result import LearnResult
from sim.learning.study import learn_from
from sim.learning.weekly import Weekly, weekly
from tests.learn.worlds import World, logs_of, without_ways

GROWING = World(contacts=28_000, ramp=0.8)
PRODUCT = "intents.intent0.difficulty_weight x bot.selectivity"


def learned(world: World) -> LearnResult:
    logs = logs_of(world, 1)
    return learn_from(without_ways(logs.contacts), logs.sessions)


def test_talk_that_follows_containment_passes_and_is_told() -> None:
    result = learned(GROWING)
    assert result.checks.set_index("what").loc[AT_NO_DOSE, "passed"]
    number = result.of(PRODUCT)
    assert number.measured
    assert abs(number.value - 0.42) < 3.5 * number.se


def test_talk_that_rose_at_once_whatever_the_containment_is_not_taken_for_mix() -> None:
    result = learned(replace(GROWING, own=0.25))
    assert not result.checks.set_index("what").loc[AT_NO_DOSE, "passed"]
    number = result.of(PRODUCT)
    assert number.known == "not_identified"
    assert "do not follow how much the bot takes from week to week" in number.why
    assert "weeks with more containment beside weeks with less say" in number.why


def test_containment_that_is_the_same_every_week_has_no_dose() -> None:
    logs = logs_of(World(contacts=12_000), 1)
    assert weekly(logs.sessions, 0, Taken(0.4, 0.0), 0.4) is None
    assert AT_NO_DOSE not in set(learned(World(contacts=12_000)).checks["what"])


def test_weeks_together_are_as_hard_as_one_share() -> None:
    luck, shares = np.random.default_rng(1), (0.15, 0.65)
    parts = []
    for share in shares:
        needs = luck.standard_normal((400_000, 2))
        bot = 0.42 * needs[:, 0] + np.sqrt(1 - 0.42**2) * needs[:, 1]
        parts.append(needs[bot >= ndtri(share), 0])
    weeks = Weekly(0, tuple(Taken(share, 0.0) for share in shares), np.array([part.size for part in parts], float))
    found = likeliest(np.concatenate(parts), Taken(weeks.as_hard_as(), 0.0))
    assert found == pytest.approx(0.42, abs=0.025)
    assert likeliest(np.concatenate(parts), Taken(float(np.mean(shares)), 0.0)) < 0.35
