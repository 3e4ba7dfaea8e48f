"""A centre with agents to spare, on which one cause at a time is easily seen, and what its bridge says."""

from typing import Any

import sim
from sim.study.bridge import Bridge

PLENTY: dict[str, Any] = {
    "name": "today",
    "calendar": {"start": "2026-11-23", "days": 2, "hours": "08:00-12:00", "interval": "30m"},
    "arrivals": {"per_day": 120},
    "intents": {
        "order": {"share": 0.6, "skill": "all", "talk_time": "4m", "wrap_up": "30s", "resolution": 0.8},
        "fault": {"share": 0.4, "skill": "all", "talk_time": "9m", "resolution": 0.6},
    },
    "customers": {"repeat": {"delay": "2h", "falsely_contained": {"delay": "2h"}}, "max_attempts": 6},
    "agents": {"desk": {"skills": ["all"], "staff": 60, "shrinkage": 0.3}},
    "run": {"replications": 6, "warm_up": "0d", "follow_up": "0d"},
}
BOT = {
    "bot": {"context_kept": 1.0, "selectivity": 0.0, "opt_out": 0.1},
    "intents.order.bot": {"containment": 0.4, "false_share": 0.0},
    "intents.fault.bot": {"containment": 0.2, "false_share": 0.0},
}
MEASURES = ("aht_s", "workload_hours", "fte")


def plenty(changes: dict[str, Any] | None = None, **more: Any) -> sim.Scenario:
    """The centre, with settings by key path; keyword arguments have two underscores for a dot."""
    return sim.loads(PLENTY, {**(changes or {}), **{key.replace("__", "."): value for key, value in more.items()}})


def bars(found: Bridge, measure: str = "workload_hours") -> dict[str, float]:
    """The bars of a measure by cause."""
    rows = found.bars[found.bars["measure"] == measure]
    return dict(zip(rows["cause"], rows["mean"], strict=True))


def end(found: Bridge, side: str, measure: str) -> float:
    """What a side measures, or the change."""
    rows = found.ends
    return float(rows[(rows["side"] == side) & (rows["measure"] == measure)]["mean"].item())
