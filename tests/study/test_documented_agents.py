"""Documented figures of the agents, simulated: handle time over a shift, and what an assistant brings a workforce.

The laws alone are held to the same figures in `tests/laws/test_fatigue.py` and `tests/laws/test_agents.py`,
mistreatment by a fresh customer in `tests/laws/test_frustration.py`, the stationary cases of fatigue in `tests/exact/`.
"""

import math

import numpy as np
import pytest

import sim
from sim.study.replicate import RunOptions, make_run, replicate

# A shift ------------------------------------------------------------------------

A, IDLE, REST, E, EFFECT = 0.10, 0.35, 1.8, 1.5, 0.18
"""Rates an hour of handling, of being available and of a break; weight of mistreatment; effect on handle time."""
WEIGHT = 1 + E / (1 + math.exp(1.70 - 2.5 * 0.15))
TALK_S, CV = 300, 0.5
BREAKS = {"none": [], "three": [(2.0, 0.25), (4.0, 0.5), (6.0, 0.25)]}
"""Hours into the shift, and length."""


def at_the_end(breaks, occupancy):
    """F after eight hours: dF/dt = p a w (1 - F) - (1 - p) r F at work, p the occupancy; decay on breaks."""
    up, down = occupancy * A * WEIGHT, (1 - occupancy) * IDLE
    fatigue, hour = 0.0, 0.0
    for start, rest in [*breaks, (8.0, 0.0)]:
        far = up / (up + down)
        fatigue = far + (fatigue - far) * math.exp(-(up + down) * (start - hour))
        fatigue, hour = fatigue * math.exp(-REST * rest), start + rest
    return fatigue


def moved(breaks, hours):
    return [(start + hours, rest) for start, rest in breaks]


@pytest.mark.parametrize(("breaks", "expected"), [("none", 1.09), ("three", 1.05)])
def test_handle_time_at_the_end_of_eight_hours(breaks, expected):
    """At 85 % x 1.09, or x 1.05 with breaks of 15, 30 and 15 minutes; the simulation's interval holds the closed form.

    Breaks of eight pairs of agents follow one another, and fatigue has no effect, so that the occupancy stays the same
    all day. Whoever has a contact in hand at the end finishes it.
    """
    assert round(1 + EFFECT * at_the_end(BREAKS[breaks], 0.85), 2) == expected
    lines = [moved(BREAKS[breaks], 0.25 * pair - 0.875) for pair in range(8)]
    work_h = 8 - sum(rest for _, rest in BREAKS[breaks])
    found = sim.run(a_shift(lines, calls=round(0.85 * 16 * work_h * 3600 / TALK_S)), replications=30, jobs=1).measures
    occupancy, tired = found.loc["occupancy", "mean"], found.loc["fatigue_end_of_shift"]
    assert occupancy == pytest.approx(0.85, abs=0.02)
    closed = np.mean([at_the_end(line, occupancy) for line in lines])
    closed += occupancy * A * WEIGHT * (1 - closed) * TALK_S * (1 + CV**2) / 2 / 3600
    half = (tired["ci_high"] - tired["ci_low"]) / 2
    assert half < 0.008
    assert abs(tired["mean"] - closed) < 1.5 * half
    assert 1 + EFFECT * tired["mean"] == pytest.approx(expected, abs=0.006)


def a_shift(lines, calls):
    """A centre with two agents a line of breaks, all of them from eight to four."""
    shifts = [
        {
            "count": 2,
            "start": "08:00",
            "length": "8h",
            "breaks": [{"after": f"{start * 60}m", "length": f"{rest * 60}m"} for start, rest in line],
        }
        for line in lines
    ]
    talk = {"distribution": "gamma", "mean": f"{TALK_S}s", "cv": CV}
    document = {
        "name": "a shift",
        "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-16:00", "interval": "60m", "at_close": "clear"},
        "arrivals": {"per_day": calls},
        "intents": {"call": {"talk_time": talk, "resolution": 1.0}},
        "agents": {"team": {"skills": ["call"], "shifts": shifts}},
        "customers": {"patience": "infinite"},
        "mistreatment": {},
        "fatigue": {"effects": {"talk_time": 0, "spread": 0, "resolution": 0}},
    }
    return sim.loads(document)


# A workforce with an assistant ----------------------------------------------------

FIGURES = [(8, 0.146), (15, 0.097), (24, 0.068)]
"""Mean tenure in months, mean uplift: exponential tenures, .34 for a new starter, decay over six months."""
MONTH_D = 365 / 12


def workforce(months, agents, **blocks):
    """Agents who differ in tenure alone, more contacts than they can take, and nobody who gives up."""
    tenure = {"distribution": "exponential", "mean": f"{months * MONTH_D}d"}
    document = {
        "name": f"{months} months {sorted(blocks)}",
        "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-12:00", "at_close": "clear"},
        "arrivals": {"per_day": 200 * agents},
        "intents": {"call": {"talk_time": {"distribution": "constant", "value": "2m"}, "wrap_up": "0s"}},
        "agents": {"team": {"skills": ["call"], "staff": agents}},
        "customers": {"patience": "infinite"},
        "workforce": {"speed_sd": 0, "learning": {"start": 0}, "tenure": tenure},
    }
    return sim.loads(document | blocks)


@pytest.mark.parametrize(("months", "uplift"), FIGURES)
def test_the_mean_gain_of_a_workforce_by_its_mean_tenure(months, uplift):
    """20,000 agents: contacts an hour with the assistant over those without, one by one."""
    scenario = workforce(months, 20_000, assistant={}, arrivals={"per_day": 1})
    agents = sim.simulate(scenario).agents
    gains = 1 / agents["assistant"] - 1
    error = gains.std() / math.sqrt(gains.size)
    assert error < 0.001
    assert gains.mean() == pytest.approx(uplift, abs=3 * error + 0.0005)
    np.testing.assert_allclose(gains, 0.34 * np.exp(-agents["tenure_s"] / (6 * MONTH_D * 86_400)), atol=1e-12)


def test_busy_agents_take_so_many_more_contacts():
    """Mean tenure of 8 months: 14.6 % more in a centre where everybody is always busy."""
    without, with_it = (workforce(8, 250, **block) for block in ({}, {"assistant": {}}))
    studies = [make_run(without), make_run(with_it)]
    replicate(studies, RunOptions(seed=3, jobs=1), 8)
    before, after = (study.estimates("overall") for study in studies)
    assert before["occupancy"].mean[0] > 0.98
    fall = before["answered"].relative_fall(after["answered"])
    gain = 1 / (1 - fall.mean[0]) - 1
    assert fall.half_width[0] < 0.01
    assert abs(gain - 0.146) < 1.5 * fall.half_width[0] + 0.003
    assert after["aht_s"].mean[0] < before["aht_s"].mean[0] == 120
