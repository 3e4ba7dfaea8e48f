"""A small centre with everything switched on, and its results as text."""

import sim
from sim.scenario.model import Scenario

SMALL = {
    "name": "small",
    "calendar": {"start": "2026-11-23", "days": 2, "hours": "08:00-12:00", "interval": "30m"},
    "arrivals": {"per_day": 50, "busyness_cv": 0.2},
    "intents": {
        "order": {"share": 0.6, "talk_time": "4m", "wrap_up": "30s", "bot": {"resolves": 0.3}},
        "fault": {"share": 0.4, "talk_time": "9m", "resolution": 0.6},
    },
    "customers": {"patience": "2m", "redial": {}, "repeat": {"delay": "3h"}, "max_attempts": 4},
    "agents": {
        "first": {"skills": ["order"], "staff": 2},
        "second": {
            "skills": ["fault", "order"],
            "shifts": [{"count": 3, "start": "08:00", "length": "4h", "breaks": [{"after": "2h", "length": "15m"}]}],
            "absence": 0.1,
        },
    },
    "bot": {},
    "frustration": {},
    "mistreatment": {},
    "fatigue": {},
    "pace": {"target": "6m"},
    "costs": {"agent_hour": 30},
    "run": {"replications": 12, "warm_up": "1d", "follow_up": "1d"},
}
SLICES = ("by_day", "by_interval", "by_intent", "by_group")


def small(**changes: object) -> Scenario:
    """The centre, with settings whose keys are written with two underscores for a dot."""
    return sim.loads(SMALL, {key.replace("__", "."): value for key, value in changes.items()})


def tables(result: sim.RunResult) -> list[str]:
    """Every table of a result as CSV text, digits and all."""
    return [getattr(result, name).to_csv(float_format="%r") for name in ("measures", *SLICES, "mix_shift")]
