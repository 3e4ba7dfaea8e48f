"""Fatigue over time: closed forms against numerical integration, and pieces against the whole."""

import numpy as np
import pytest
from numba import njit

from sim.engine.records import CONTACT, DUTY, NEED, SEGMENT, AgentState, Records
from sim.measures import clock, make_frame, tally
from sim.measures.counts import Count
from tests.measures.hand import rows, scenario

GRID = 20_001


@np.vectorize
@njit
def fatigue_integral(fatigue, rate, handling, hours):
    return clock.fatigue_integral(fatigue, rate, handling, hours)


@np.vectorize
@njit
def strained_hours(fatigue, rate, handling, hours, threshold):
    return clock.strained_hours(fatigue, rate, handling, hours, threshold)


def counted(spells):
    """Counts by interval of agent time alone."""
    empty = (np.empty(0, dtype) for dtype in (DUTY, NEED))
    made = Records(np.empty(0, CONTACT), rows(SEGMENT, spells), *empty)
    return tally(made, make_frame(scenario())).counts["interval"]


def drawn(count=300):
    random = np.random.default_rng(5)
    fatigue = random.uniform(0, 1, count) ** random.choice([0.2, 1, 3], count)
    rate = random.choice([0.0, 0.01, 0.3, 1.8, 12.0], count)
    handling = random.random(count) < 0.5
    hours = random.choice([0.0, 0.01, 0.5, 3.0, 12.0], count) * random.uniform(0.5, 1, count)
    return fatigue, rate, handling, hours


def levels(fatigue, rate, handling, hours):
    """Fatigue at the middle of many short steps, and their length (h)."""
    middle = (np.arange(GRID) + 0.5) / GRID
    decay = np.exp(-rate[:, None] * hours[:, None] * middle)
    busy, rest = 1 - (1 - fatigue[:, None]) * decay, fatigue[:, None] * decay
    return np.where(handling[:, None], busy, rest), hours / GRID


def test_the_integral_of_fatigue_against_the_middle_rule():
    spells = drawn()
    level, step = levels(*spells)
    assert fatigue_integral(*spells) == pytest.approx(level.sum(axis=1) * step, rel=5e-6, abs=1e-9)


@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.35, 0.5, 0.9, 1.0])
def test_strained_time_against_counting_steps(threshold):
    spells = drawn()
    level, step = levels(*spells)
    with np.errstate(divide="ignore"):
        found = strained_hours(*spells, threshold)
    assert found == pytest.approx((level > threshold).sum(axis=1) * step, abs=2 * 12 / GRID)
    assert (found >= 0).all()
    assert (found <= spells[3]).all()


def test_by_hand():
    """From .2 at rate 1 an hour: .5 is crossed after ln 1.6 h; from .8 falling at 2 an hour after ln 1.6 / 2 h."""
    fatigue, rate = np.array([0.2, 0.8]), np.array([1.0, 2.0])
    handling, hours = np.array([True, False]), np.array([2.0, 2.0])
    assert strained_hours(fatigue, rate, handling, hours, 0.5) == pytest.approx([2 - np.log(1.6), np.log(1.6) / 2])
    assert fatigue_integral(fatigue, rate, handling, hours) == pytest.approx(
        [2 - 0.8 * (1 - np.exp(-2)), 0.4 * (1 - np.exp(-4))]
    )


def test_a_spell_cut_at_an_interval_goes_on_where_it_was():
    """One spell over both hours is the same fatigue and strain as two that meet at nine."""
    hour = 3_600_000_000
    start, state = 24 * hour + 8 * hour, AgentState.HANDLING
    whole = {"state": state, "start_us": start, "end_us": start + 2 * hour, "fatigue": 0.3, "rate": 0.7}
    later = 1 - 0.7 * np.exp(-0.7)
    halves = [whole | {"end_us": start + hour}, whole | {"start_us": start + hour, "fatigue": later}]
    for count in (Count.FATIGUE, Count.STRAINED, Count.HANDLING):
        once, twice = counted([whole])[:, count], counted(halves)[:, count]
        assert (once > 0).tolist() == [True, True, False, False]
        assert once == pytest.approx(twice, abs=1)


def test_time_outside_open_hours_is_not_open_time():
    """Half an hour before opening and half after close, around one hour in between that counts."""
    minute = 60_000_000
    nine = (24 + 9) * 60 * minute
    spell = {"state": AgentState.AVAILABLE, "start_us": nine + 30 * minute, "end_us": nine + 90 * minute}
    early = {"state": AgentState.AVAILABLE, "start_us": nine - 90 * minute, "end_us": nine - 30 * minute}
    assert counted([early, spell])[:, Count.AVAILABLE].tolist() == [30 * minute, 30 * minute, 0, 0]
