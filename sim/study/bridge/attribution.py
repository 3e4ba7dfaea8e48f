"""A scenario with some of its causes only: switched off one by one, down to a centre without any."""

from __future__ import annotations

from collections.abc import Iterable

from sim.facts.bot_probabilities import closed_as_done, most_containment
from sim.mechanisms import built_in, registered
from sim.mechanisms.bot import Bot
from sim.scenario.goals import Run, Targets
from sim.scenario.model import Scenario
from sim.scenario.people import Intent, IntentBot

CONTAINMENT, SELECTION, FALSE, CONTEXT = "containment", "selection", "false_containment", "lost_context"
VOLUME = "volume"
CAUSES = (
    CONTAINMENT,
    SELECTION,
    FALSE,
    CONTEXT,
    *dict.fromkeys(m.bar for m in built_in() if m.bar not in ("", VOLUME)),
)
"""In the order in which they are switched on."""
NOTICED = 1e-6
Margins = tuple[int, int]


def with_causes(scenario: Scenario, on: Iterable[str]) -> Scenario:
    """Return a scenario with some of its causes; one that it does not have changes nothing.

    Parameters
    ----------
    scenario : any.
    on : some of `CAUSES`. Without containment there is no bot, and so none of what comes with it.
    """
    there = frozenset(on)
    gone = {m.name: None for m in registered() if m.bar not in ("", VOLUME, *there)}
    bot = scenario.bot if CONTAINMENT in there else None
    intents = {name: _with_bot(intent, bot, there) for name, intent in scenario.intents.items()}
    return scenario.model_copy(update={**gone, "bot": bot and _switched(bot, there), "intents": intents})


def _switched(bot: Bot, on: frozenset[str]) -> Bot:
    """The bot of a scenario with some causes: blind to difficulty, truthful, or passing all context on."""
    off = {SELECTION: {"selectivity": 0.0}, FALSE: {"false_containment": 0.0}, CONTEXT: {"context_kept": 1.0}}
    return bot.model_copy(update={key: v for cause, keys in off.items() if cause not in on for key, v in keys.items()})


def _with_bot(intent: Intent, bot: Bot | None, on: frozenset[str]) -> Intent:
    if intent.bot is None or (bot is not None and FALSE in on):
        return intent
    return intent.model_copy(update={"bot": None if bot is None else truthful(bot, intent.bot)})


def truthful(bot: Bot, own: IntentBot) -> IntentBot:
    """Return a bot that contains as much of an intent, but resolves all that it contains.

    With a conversation some sessions of needs that it can resolve fail too, so there is a most that it can contain.
    """
    return IntentBot(containment=min(contained(bot, own), most_containment(bot, 0.0)), false_share=0.0)


def contained(bot: Bot, own: IntentBot) -> float:
    """Return the share of first sessions that the bot closes as done, resolved or not."""
    return closed_as_done(bot, own) if own.containment is None else own.containment


def beyond_truth(scenario: Scenario) -> list[str]:
    """Return the intents of which a truthful bot could not contain as much."""
    bot = scenario.bot
    if bot is None:
        return []
    intents = scenario.intents.items()
    most = most_containment(bot, 0.0)
    return [name for name, i in intents if i.bot is not None and contained(bot, i.bot) > most + NOTICED]


def margins_of(*scenarios: Scenario) -> Margins:
    """Return the days to simulate before and after those measured, enough for every one of some scenarios."""
    return max(s.warm_up_days for s in scenarios), max(s.follow_up_days for s in scenarios)


def plain(scenario: Scenario, margins: Margins) -> Scenario:
    """Return what is simulated of a scenario: without names, targets, money and outcomes, which change no contact."""
    before, after = margins
    return scenario.model_copy(
        update={
            "name": "bridge",
            "description": "",
            "targets": Targets(),
            "costs": None,
            **{mechanism.name: None for mechanism in registered() if mechanism.outcome},
            "run": Run.model_validate({"warm_up": f"{before}d", "follow_up": f"{after}d"}),
            "intents": {name: _described(scenario, intent) for name, intent in scenario.intents.items()},
        }
    )


def _described(scenario: Scenario, intent: Intent) -> Intent:
    """An intent without what a bot could do that is not there."""
    return intent if scenario.bot is not None else intent.model_copy(update={"bot": None})
