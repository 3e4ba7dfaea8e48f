"""What a scenario has beyond a telephone line, for which there are measures of their own."""

from __future__ import annotations

from sim.scenario.measure_names import BOT_AWAY, CALLBACK, CHAT, DEFERRED, LIMIT, OVERFLOW, SILENCE
from sim.scenario.model import Scenario


def features(scenario: Scenario) -> dict[str, bool]:
    """Return whether a scenario has each of them, by what a reader is told to write."""
    bot, channels = scenario.bot, {intent.channel for intent in scenario.intents.values()}
    skills = [skill for group in scenario.agents.values() for skill in group.skills.values()]
    return {
        CHAT: "chat" in channels,
        SILENCE: "chat" in channels and bool(scenario.customers.silent_leave),
        DEFERRED: "deferred" in channels,
        CALLBACK: scenario.customers.callback is not None,
        OVERFLOW: any(skill.overflow_after > 0.0 for skill in skills),
        LIMIT: bool(scenario.queues),
        BOT_AWAY: bot is not None and (bot.max_sessions is not None or bot.outage is not None),
    }
