"""A small desk with peaks, before a bot; and three bots: one that is honest, one that is not, one that does nothing."""

from functools import cache

import sim
from sim.scenario.model import Scenario
from sim.study.decide import Decision, decide

DESK = {
    "schema_version": 1,
    "name": "Desk before",
    "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-14:00", "interval": "30m"},
    "arrivals": {"per_day": 900, "profile": [1, 2, 3, 4, 4, 4, 3, 3, 3, 2, 2, 1]},
    "intents": {
        "easy": {"share": 0.6, "skill": "all", "talk_time": "3m", "wrap_up": "20s", "resolution": 0.85},
        "hard": {"share": 0.4, "skill": "all", "talk_time": "7m", "wrap_up": "30s", "resolution": 0.75},
    },
    "customers": {"patience": "3m", "repeat": {"delay": "1h"}},
    "agents": {"desk": {"skills": ["all"], "staff": 20, "shrinkage": 0.25, "contract_share": 0.8}},
    "targets": {"service_level": "70/20", "abandonment": 0.12},
    "costs": {
        "agent_hour": 30,
        "bot_session": 0.2,
        "bot_month": 1000,
        "severance": 5000,
        "notice": "28d",
        "currency": "EUR",
    },
    "run": {"seed": 1, "warm_up": "0d", "follow_up": "0d"},
}
HONEST = {
    "name": "Desk after",
    "bot": {"claimed": 0.6, "false_containment": 0.0, "context_kept": 1.0, "opt_out": 0.05},
    "intents.easy.bot": {"resolves": 0.5},
    "intents.hard.bot": {"resolves": 0.1},
}
DISHONEST = HONEST | {
    "name": "Desk misled",
    "bot": {"claimed": 0.4, "opt_out": 0.0, "session": "30s", "lost_context_time": "4m"},
    "intents.easy.bot": {"containment": 0.3, "false_share": 0.9},
    "intents.hard.bot": {"containment": 0.3, "false_share": 0.9},
    "customers.repeat": {"probability": 1.0, "delay": "30m", "falsely_contained": {"probability": 1.0, "delay": "30m"}},
}
IDLE = {"name": "Desk idle", "bot": {"session": "1s", "opt_out": 1.0}, "intents.easy.bot": {"resolves": 0.0}}


def before(**settings: object) -> Scenario:
    """The desk before its bot."""
    return sim.changed(sim.loads(DESK), settings) if settings else sim.loads(DESK)


def after(bot: dict[str, object]) -> Scenario:
    """The desk with a bot."""
    return sim.changed(before(), bot)


@cache
def honest() -> Decision:
    """The decision about the honest bot, assumptions looked at."""
    return decide(before(), after(HONEST), replications=12)


@cache
def dishonest() -> Decision:
    """The decision about the bot that closes what it has not resolved."""
    return decide(before(), after(DISHONEST), replications=12, how_sure=False)
