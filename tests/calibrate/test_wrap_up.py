"""Wrap-up of logs that do not record it: what is seen of it, and that its interval holds what made the log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calibrate.export import Options
from sim.calibrate.fits.wrap_up import Handled, ObservedWrapUps, WrapUpFit, fit_wrap_up, observed_wrap_ups
from tests.calibrate.generated_log import Floor, exponential, log_of, lognormal

GIVEN = Path(__file__).parent / "exports_given"
ONE_GROUP = np.ones((1, 1), bool)


def handled(*contacts: tuple[float, float, float, int]) -> Handled:
    """Contacts as (joined, wait, talk, agent); agent -1 gave up."""
    joined, wait, talk, agent = np.array(contacts, float).T
    left = joined + wait
    answered = agent >= 0
    end = np.where(answered, left + talk, np.nan)
    return Handled(joined, left, answered, end, agent.astype(np.int64), np.zeros(len(joined), np.int64))


def seen(contacts: Handled, takes: np.ndarray = ONE_GROUP) -> ObservedWrapUps:
    return observed_wrap_ups(contacts, np.zeros(9, np.int64), takes)


def fit(floor: Floor, seed: int) -> WrapUpFit:
    return fit_wrap_up(seen(log_of(floor, seed)))


# By hand ------------------------------------------------------------------------------------------------------------


def test_a_wait_that_the_agent_ends_shows_the_wrap_up():
    found = seen(handled((0, 0, 100, 0), (90, 50, 60, 0)))
    assert (found.on_from.tolist(), found.on_to.tolist()) == ([0.0], [39.5])
    assert (found.ended_after.tolist(), found.ended_by.tolist()) == ([39.5], [40.5])


def test_a_contact_that_did_not_wait_shows_no_end():
    found = seen(handled((0, 0, 100, 0), (140, 0, 60, 0)))
    assert found.on_to.size == found.ended_by.size == 0


def test_who_waits_shows_that_wrap_up_goes_on_until_somebody_else_ends_the_wait():
    """Agent 0 talked until 100: one gives up at 130, another is taken at 170 by agent 1, who had talked until then."""
    found = seen(handled((0, 0, 100, 0), (10, 0, 160, 1), (110, 20, 0, -1), (150, 20, 60, 1), (300, 0, 60, 0)))
    spells = sorted(zip(found.on_from.tolist(), found.on_to.tolist(), strict=True))
    assert spells == [(10.0, 30.0), (50.0, 70.0)]
    assert found.ended_after.tolist() == [0.0]
    assert found.ended_by.tolist() == [0.5]


def test_a_wait_for_other_agents_shows_nothing():
    contacts = handled((0, 0, 100, 0), (110, 20, 0, -1), (300, 0, 60, 0))
    other = replace(contacts, intent=np.array([0, 1, 0]))
    assert seen(other, np.array([[True, False]])).on_to.size == 0
    assert seen(other, np.array([[True, True]])).on_to.tolist() == [30.0]


def test_ringing_is_no_wait():
    """Every contact is connected after five seconds: the second found an agent idle, the third waited 21 s more."""
    contacts = handled((0, 5, 100, 0), (205, 5, 60, 0), (280, 26, 60, 0))
    found = seen(contacts)
    assert found.on_to.tolist() == [30.5]
    assert found.ended_by.tolist() == [31.5]


def test_too_few_ends_tell_nothing():
    found = fit_wrap_up(seen(handled((0, 0, 100, 0), (90, 50, 60, 0))))
    assert not found.known
    assert np.isnan(found.mean.value)
    assert found.ends == 1


# Whole logs ---------------------------------------------------------------------------------------------------------

KINDS = {
    "exponential 122 s, busy": (122.0, Floor(exponential(122.0))),
    "exponential 60 s, five agents, quieter": (60.0, Floor(exponential(60.0), 5, 45.0, days=14, hours=4.0)),
    "exponential 60 s, one agent": (60.0, Floor(exponential(60.0), 1, 9.0, days=20, hours=5.0)),
    "lognormal 60 s, away now and then": (60.0, Floor(lognormal(60.0, 1.0), 4, 50.0, hours=5.0, away=0.04)),
    "lognormal 122 s, agents picked at random": (
        122.0,
        Floor(lognormal(122.0, 0.7), 4, 45.0, hours=5.0, pick="random"),
    ),
    "exponential 60 s, ringing": (60.0, Floor(exponential(60.0), 4, 50.0, hours=5.0, ringing_s=5.0)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_fit_is_near_what_made_the_log(kind):
    mean, floor = KINDS[kind]
    fits = [fit(floor, seed) for seed in range(3)]
    assert np.mean([found.mean.value for found in fits]) == pytest.approx(mean, rel=0.12)
    assert sum(found.mean.low <= mean <= found.mean.high for found in fits) >= 2
    assert max(found.mean.high / found.mean.low for found in fits) < 1.5


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_nineteen_of_twenty_intervals_hold_what_made_the_log(kind):
    """An interval that holds the truth in 95 of 100 logs holds it in fewer than 33 of 40 once in five hundred times."""
    mean, floor = KINDS[kind]
    fits = [fit(floor, 100 + seed) for seed in range(40)]
    held = sum(found.mean.low <= mean <= found.mean.high for found in fits)
    assert held >= 33
    assert np.mean([found.mean.value for found in fits]) == pytest.approx(mean, rel=0.03)


def test_the_law_is_told_where_ends_are_many():
    floor = Floor(lognormal(60.0, 1.0), 4, 50.0, hours=8.0)
    assert fit(floor, 1).law == "lognormal"
    assert fit(replace(floor, wrap_up=exponential(60.0)), 1).law in ("gamma", "weibull")


def test_the_log_that_was_made_with_122_seconds():
    found = sim.from_export(GIVEN / "25-log-without-wrap-up.csv", options=Options(back_test=False))
    wrap_up = found.fits.wrap_up_s["calls"]
    assert wrap_up.low < 122 < wrap_up.high
    assert wrap_up.value == pytest.approx(122, rel=0.05)
    assert found.fits.seen.aht_s == pytest.approx(342, rel=0.02)
    assert any("keeps agents from the next contact while somebody waits" in note for note in found.notes)
    written = found.document["intents"]["calls"]["wrap_up"]
    assert written["mean"] == f"{wrap_up.value:.4g}s"
    assert written["distribution"] in ("gamma", "weibull")


def test_wrap_up_can_be_said():
    path = GIVEN / "25-log-without-wrap-up.csv"
    found = sim.from_export(path, options=Options(back_test=False, wrap_up_s=100.0))
    assert found.fits.wrap_up_s["calls"].value == 100.0
    assert found.document["intents"]["calls"]["wrap_up"] == "100s"
    assert not any("wrap-up is not in the log" in note for note in found.notes)
