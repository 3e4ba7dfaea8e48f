"""Centres that never close, with one or two skills, exponential times and a constant rate."""

import sim
from sim.scenario.model import Scenario


def times(mean: float) -> dict[str, object]:
    return {"distribution": "exponential", "mean": f"{mean}s"}


def open_always(intents: dict, agents: dict, patience: float, days: int = 6, **more: object) -> Scenario:
    return sim.loads(
        {
            "name": "Open always",
            "calendar": {"start": "2026-11-23", "days": days, "hours": "00:00-24:00"},
            "intents": intents,
            "customers": {"patience": times(patience)},
            "agents": agents,
            "targets": {"service_level": "80/20"},
            "run": {"warm_up": "1d", "follow_up": "0d"},
        }
        | more
    )


def one_skill(per_hour: float, talk: float, patience: float, **more: object) -> Scenario:
    intents = {"call": {"arrivals": {"per_hour": per_hour}, "talk_time": times(talk)}}
    return open_always(intents, {"team": {"skills": ["call"], "staff": 1}}, patience, **more)


def two_skills(first: list[str], second: list[str], rates: tuple[float, float], **more: object) -> Scenario:
    intents = {
        "x": {"arrivals": {"per_hour": rates[0]}, "talk_time": times(240)},
        "y": {"arrivals": {"per_hour": rates[1]}, "talk_time": times(300)},
    }
    agents = {"a": {"skills": first, "staff": 4}, "b": {"skills": second, "staff": 4}}
    return open_always(intents, agents, 120, **more)


DAY = {
    "name": "A day",
    "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-12:00", "interval": "30m"},
    "arrivals": {"per_day": 300, "profile": [1, 2, 3, 4, 4, 3, 2, 1]},
    "intents": {"all": {"share": 1, "talk_time": {"distribution": "exponential", "mean": "4m"}, "resolution": 0.8}},
    "customers": {"patience": "2m"},
    "agents": {"desk": {"skills": ["all"], "staff": 9, "shrinkage": 0.25}},
    "targets": {"service_level": "80/20", "abandonment": 0.08},
    "run": {"seed": 1, "replications": 30},
}


def day(**settings: object) -> Scenario:
    """A morning with a peak, with settings whose keys are written with two underscores for a dot."""
    return sim.loads(DAY, {key.replace("__", "."): value for key, value in settings.items()})
