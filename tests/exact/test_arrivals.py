"""NB-1: a gamma factor common to the day makes Poisson counts negative binomial, and half hours correlated."""

import numpy as np
import pytest

from sim import loads
from sim.demand.horizon import make_horizon
from sim.demand.volumes import make_volumes
from tests.drawn import make_world
from tests.exact.harness import FULL, SHARP, Check, expected, holm, params
from tests.exact.harness import finding as judged

NAME = "NB-1"
REPLICATIONS = {FULL: 40_000, SHARP: 160_000}


@pytest.fixture(scope="module", params=[FULL, pytest.param(SHARP, marks=pytest.mark.long)], ids=lambda t: t.name)
def counts(request):
    """Arrivals by replication and half hour."""
    scenario = loads(
        {
            "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-20:00", "interval": "30m"},
            "arrivals": {"per_hour": params(NAME)["arrival_rate_per_h_by_slot"], "busyness_cv": 20**-0.5},
            "intents": {"call": {"talk_time": "4m"}},
            "agents": {"team": {"skills": ["call"], "staff": 1}},
        }
    )
    horizon = make_horizon(scenario)
    volumes = make_volumes(scenario, horizon)
    worlds = (make_world(scenario, 20, n, horizon, volumes) for n in range(REPLICATIONS[request.param]))
    return request.param, np.array([np.histogram(w.arrival_us, horizon.edges[0])[0] for w in worlds])


def test_negative_binomial_days_and_correlated_slots(counts):
    tier, slots = counts
    exact, daily = expected(NAME), slots.sum(axis=1)
    mean = np.array(params(NAME)["arrival_rate_per_h_by_slot"]) / 2
    off = slots - mean
    sd = np.sqrt(mean + mean**2 / 20)
    values = {
        "mean_daily": daily,
        "var_daily": (daily - exact["mean_daily"]) ** 2,
        "P_le_1500": daily <= 1500,
        "P_le_2160": daily <= 2160,
        "P_le_3000": daily <= 3000,
        "var_slot0": off[:, 0] ** 2,
        "var_slot12": off[:, 12] ** 2,
        "corr_slot0_slot12": off[:, 0] * off[:, 12] / (sd[0] * sd[12]),
        "corr_slot11_slot12": off[:, 11] * off[:, 12] / (sd[11] * sd[12]),
    }
    found = [
        judged(NAME, Check(fact, exact[fact], fact, fact.startswith("P_")), np.asarray(v, float))
        for fact, v in values.items()
    ]
    wide = [str(f) for f in found if f.half_width > max(f.check.limit(tier), 0.02 if f.check.share else 0.0)]
    assert not wide, "\n".join(wide)
    assert not holm(found), "\n".join(map(str, holm(found)))
