"""A small desk with chats, calls and letters, quick to simulate."""

from typing import Any

import sim

DESK: dict[str, Any] = {
    "name": "desk",
    "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-12:00", "interval": "30m"},
    "arrivals": {"per_day": 220},
    "intents": {
        "order": {"share": 0.4, "channel": "chat", "talk_time": "6m", "wrap_up": "30s", "skill": "shop"},
        "fault": {"share": 0.2, "channel": "chat", "talk_time": "9m", "skill": "help"},
        "call": {"share": 0.2, "talk_time": "4m", "skill": "help"},
        "letters": {"share": 0.2, "channel": "deferred", "talk_time": "5m", "due": "2h"},
    },
    "customers": {"patience": "3m"},
    "agents": {
        "web": {"skills": ["shop", "help"], "staff": 5, "concurrency": 2},
        "back": {"skills": ["letters"], "staff": 2},
    },
    "costs": {"agent_hour": 30},
    "run": {"replications": 4, "warm_up": "0d", "follow_up": "0d"},
}


def desk(changes: dict[str, Any] | None = None, **more: Any) -> sim.Scenario:
    """The desk, with settings by key path; keyword arguments have two underscores for a dot."""
    return sim.loads(DESK, {**(changes or {}), **{key.replace("__", "."): value for key, value in more.items()}})
