"""The order of factors in a handle time, and what each adds, to the microsecond."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.rules.handle_time import needed_talk, shortened_wrap_up
from sim.rng.scores import to_us

NEUTRAL = {
    "frustration": 1.0,
    "fatigue": 1.0,
    "tenure": 1.0,
    "redundancy": 1.0,
    "speed": 1.0,
    "skill_speed": 1.0,
    "assistant": 1.0,
    "extra_s": 0.0,
    "context_s": 0.0,
    "screens_s": 0.0,
}
ORDER = ("frustration", "fatigue", "tenure", "redundancy", "speed", "assistant", "context", "screens")


def talk(base_s, tired_base_s=None, **changed):
    """Talk needed (s), and what each cause adds (s), by name."""
    tired = base_s if tired_base_s is None else tired_base_s
    needed, *parts = needed_talk(base_s, tired, *(NEUTRAL | changed).values())
    return needed, dict(zip(ORDER, (part / 1e6 for part in parts), strict=True))


def test_every_factor_in_its_place():
    """100 x 1.1, spread to 120 x 1.1 x 1.05, x 1.25, x 1.05, x .9 / .8, x .75 + 5, + 90, + 29."""
    needed, parts = talk(
        100.0,
        120.0,
        frustration=1.1,
        fatigue=1.05,
        tenure=1.25,
        redundancy=1.05,
        speed=0.9,
        skill_speed=0.8,
        assistant=0.75,
        extra_s=5.0,
        context_s=90.0,
        screens_s=29.0,
    )
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
    assert parts == pytest.approx(expected, abs=1.1e-6)


@pytest.mark.parametrize("base_s", [123.456789012345, 0.0, 1e-9, 3.3e8])
def test_neutral_factors_leave_a_talk_to_the_last_bit(base_s):
    needed, parts = talk(base_s)
    assert needed == base_s
    assert not any(parts.values())


FACTOR, SECONDS = st.floats(0.01, 20.0), st.floats(0.0, 5_000.0)


@given(st.tuples(SECONDS, SECONDS, *[FACTOR] * 7, *[SECONDS] * 3))
def test_what_causes_add_is_all_that_is_added(given_values):
    """Whole microseconds, so that sums do not depend on their order."""
    base_s, *_ = given_values
    needed, *parts = needed_talk(*given_values)
    assert to_us(base_s) + sum(parts) == to_us(needed)
    assert all(isinstance(part, int) for part in parts)


def test_a_summary_leaves_its_share_of_wrap_up():
    assert shortened_wrap_up(40_000_001, 0.5) == 20_000_001
    assert shortened_wrap_up(40_000_000, 0.0) == 0
    assert shortened_wrap_up(123_456_789_123_457, 1.0) == 123_456_789_123_457
