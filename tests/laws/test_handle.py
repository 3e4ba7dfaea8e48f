"""The order of factors in a handle time, and what each adds, to the microsecond."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine import prepare
from sim.engine.memory import address_of
from sim.engine.records import AGENT_TRAITS, CONTACT, FACTORS
from sim.engine.rows import AGENT, PERSON
from sim.engine.rules.moments import needed_talk, shortened_wrap_up
from sim.engine.state import STATE
from sim.jit import compiled
from sim.rng.scores import to_us
from tests.study.small import small

NEUTRAL = {"tenure": 1.0, "redundancy": 1.0, "speed": 1.0, "assistant": 1.0, "extra_s": 0.0}
"""What an agent is like who is like all others."""


@compiled
def talk_of(model, state, person, contact, agent, traits):
    return needed_talk(model[0], state[0], person[0], contact[0], agent[0], traits[0])


@cache
def plain():
    return prepare(small()).model


def talk(base_s, spread_s=None, frustration=1.0, fatigue=1.0, skill_speed=1.0, context=0.0, screens=0.0, **traits):
    """Talk needed (s), and what each cause adds (us), by name: every factor is on."""
    model, person, contact, agent, own = (
        rows.copy() for rows in (plain().record, *(np.zeros(1, t) for t in (PERSON, CONTACT, AGENT, AGENT_TRAITS)))
    )
    kept = {
        "steps": np.arange(len(FACTORS)),
        "speed": np.full(plain().arrays["speed"].size, skill_speed),
        "moments": np.zeros_like(plain().arrays["moments"]),
    }
    model["fatigue"]["spread"] = 0.0
    if spread_s is not None and base_s > 0.0:
        model["fatigue"]["spread"] = 0.5
        log_mean = plain().arrays["intents"]["log_mean"][0]
        kept["moments"][:] = log_mean + 1.5 * math.log(base_s) - math.log(spread_s)
    for name, array in kept.items():
        model[name] = address_of(array)
    model["n_steps"] = len(FACTORS)
    model["frustration"]["talk"], model["fatigue"]["talk"] = frustration - 1.0, fatigue - 1.0
    model["bot"]["lost_context_s"], model["screens"]["added_s"] = context, screens
    person["base_s"], person["scale"], person["frustration"] = base_s, 1.0, model["frustration"]["start"] + 1.0
    contact["base_us"], contact["context_lost"], agent["fatigue"] = to_us(base_s), 1, 1.0
    for name, value in (NEUTRAL | traits).items():
        own[name] = value
    needed = talk_of(model, np.zeros(1, STATE), person, contact, agent, own)
    return needed, {name: int(contact[f"{name}_us"][0]) for name in FACTORS}


def test_every_factor_in_its_place():
    """100 x 1.1, spread to 120 x 1.1 x 1.05, x 1.25, x 1.05, x .9 / .8, x .75 + 5, + 90, + 29."""
    agent = {"tenure": 1.25, "redundancy": 1.05, "speed": 0.9, "assistant": 0.75, "extra_s": 5.0}
    needed, parts = talk(100.0, 120.0, 1.1, 1.05, 0.8, 90.0, 29.0, **agent)
    tired = 120 * 1.1 * 1.05
    uneasy = tired * 1.25 * 1.05
    own = uneasy * 0.9 / 0.8
    assert needed == pytest.approx(own * 0.75 + 5 + 90 + 29)
    expected = {
        "frustration": 10.0,
        "fatigue": tired - 110.0,
        "tenure": tired * 0.25,
        "redundancy": tired * 1.25 * 0.05,
        "speed": own - uneasy,
        "assistant": 5 - own * 0.25,
        "context": 90.0,
        "screens": 29.0,
    }
    assert tuple(expected) == FACTORS
    assert {name: us / 1e6 for name, us in parts.items()} == pytest.approx(expected, abs=1.1e-6)


@pytest.mark.parametrize("base_s", [123.456789012345, 0.0, 1e-9, 3.3e8])
def test_neutral_factors_leave_a_talk_to_the_last_bit(base_s):
    needed, parts = talk(base_s)
    assert needed == base_s
    assert not any(parts.values())


FACTOR, SECONDS = st.floats(0.01, 20.0), st.floats(0.0, 5_000.0)


@given(SECONDS, st.floats(0.001, 5_000.0), FACTOR, FACTOR, FACTOR, SECONDS, SECONDS, st.tuples(*[FACTOR] * 4, SECONDS))
def test_what_causes_add_is_all_that_is_added(base_s, spread_s, upset, tired, skill, context, screens, own):
    """Whole microseconds, so that sums do not depend on their order."""
    needed, parts = talk(
        base_s, spread_s, upset, tired, skill, context, screens, **dict(zip(NEUTRAL, own, strict=True))
    )
    assert to_us(base_s) + sum(parts.values()) == to_us(needed)


def test_a_summary_leaves_its_share_of_wrap_up():
    assert shortened_wrap_up(40_000_001, 0.5) == 20_000_001
    assert shortened_wrap_up(40_000_000, 0.0) == 0
    assert shortened_wrap_up(123_456_789_123_457, 1.0) == 123_456_789_123_457
