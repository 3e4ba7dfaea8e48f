"""A small centre whose contacts are much alike, so that few replications tell small changes from luck."""

import sim
from sim.scenario.model import Scenario

STEADY = {
    "name": "Steady",
    "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-10:00"},
    "arrivals": {"per_day": 200},
    "intents": {"all": {"share": 1, "talk_time": {"distribution": "lognormal", "mean": "2m", "cv": 0.15}}},
    "customers": {"patience": {"distribution": "lognormal", "mean": "2m", "cv": 0.15}},
    "agents": {"desk": {"skills": ["all"], "staff": 5}},
    "run": {"seed": 1, "replications": 30},
}


def steady(**settings: object) -> Scenario:
    """The centre, with settings whose keys are written with two underscores for a dot."""
    return sim.loads(STEADY, {key.replace("__", "."): value for key, value in settings.items()})
