"""A centre so small that it is simulated at once: two mornings, two intents, and the same with a bot."""

BEFORE = {
    "schema_version": 1,
    "name": "Tiny before",
    "calendar": {"start": "2026-11-23", "days": 2, "hours": "08:00-10:00", "interval": "30m"},
    "arrivals": {"per_day": 60},
    "intents": {
        "orders": {"share": 0.6, "skill": "all", "talk_time": "3m", "wrap_up": "30s", "resolution": 0.9},
        "billing": {"share": 0.4, "skill": "all", "talk_time": "6m", "resolution": 0.7},
    },
    "customers": {"patience": "3m", "repeat": {"probability": 0.5, "delay": "30m"}},
    "agents": {"desk": {"skills": ["all"], "staff": 4, "shrinkage": "30%"}},
    "targets": {"service_level": "80/20"},
    "run": {"seed": 1, "replications": 3, "warm_up": "0d", "follow_up": "0d"},
}
BOTS = {
    "orders": BEFORE["intents"]["orders"] | {"bot": {"resolves": 0.4}},
    "billing": BEFORE["intents"]["billing"] | {"bot": {"resolves": 0.2}},
}
AFTER = BEFORE | {"name": "Tiny after", "intents": BOTS, "bot": {}}
CUT = AFTER | {
    "name": "Tiny cut",
    "agents": {"desk": {"skills": ["all"], "staff": 2, "shrinkage": "30%"}},
    "fatigue": {},
    "pace": {"target": "3m"},
}
HALF = AFTER | {"name": "Tiny half", "intents": BEFORE["intents"] | {"orders": BOTS["orders"]}}
"""A bot on one intent of two."""
