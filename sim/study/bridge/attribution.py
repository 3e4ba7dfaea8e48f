"""A scenario with some of its causes only, and which of those coalitions of causes a bar is made of.

Causes are switched off one by one, down to a centre without any. A bar is a difference in one order, or the average
over all orders that can be (Shapley 1953). A cause that is part of another one comes right after it in every order (a
union in the sense of Owen 1977), so that one which does nothing changes no other cause's bar.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import permutations

from sim.facts.bot_probabilities import closed_as_done, most_containment
from sim.mechanisms import built_in, registered
from sim.mechanisms.bot import Bot
from sim.scenario.goals import Run, Targets
from sim.scenario.model import Scenario
from sim.scenario.people import Intent, IntentBot

CONTAINMENT, SELECTION, FALSE, CONTEXT = "containment", "selection", "false_containment", "lost_context"
VOLUME = "volume"
SWITCHED = tuple(dict.fromkeys(each.bar for each in built_in() if each.bar not in ("", VOLUME)))
"""Causes that are mechanisms: the bars that they declare."""
CAUSES = (CONTAINMENT, SELECTION, FALSE, CONTEXT, *SWITCHED)
"""In the order in which they are switched on."""
Groups = dict[str, tuple[str, ...]]
ONE_BY_ONE: Groups = {cause: (cause,) for cause in CAUSES}
TOGETHER: Groups = {
    CONTAINMENT: (CONTAINMENT, SELECTION),
    FALSE: (FALSE, CONTEXT),
    **{cause: (cause,) for cause in SWITCHED},
}
"""The groups of causes whose order is averaged over: six, so that there are few coalitions."""
PART_OF = {FALSE: CONTAINMENT}
NOTICED = 1e-6
Margins = tuple[int, int]
Coalition = frozenset[str]
Weights = dict[Coalition, Fraction]


def with_causes(scenario: Scenario, on: Iterable[str]) -> Scenario:
    """Return a scenario with some of its causes; one that it does not have changes nothing.

    Parameters
    ----------
    scenario : any.
    on : some of `CAUSES`. Without containment there is no bot, and so none of what comes with it.
    """
    causes = frozenset(on)
    gone = {each.name: None for each in registered() if each.bar not in ("", VOLUME, *causes)}
    bot = scenario.bot if CONTAINMENT in causes else None
    intents = {name: _with_bot(intent, bot, causes) for name, intent in scenario.intents.items()}
    return scenario.model_copy(update={**gone, "bot": bot and _switched(bot, causes), "intents": intents})


def _switched(bot: Bot, on: frozenset[str]) -> Bot:
    """The bot of a scenario with some causes: blind to difficulty, truthful, or passing all context on."""
    off = {SELECTION: {"selectivity": 0.0}, FALSE: {"false_containment": 0.0}, CONTEXT: {"context_kept": 1.0}}
    return bot.model_copy(update={k: v for cause, update in off.items() if cause not in on for k, v in update.items()})


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


# Coalitions -----------------------------------------------------------------------


def weights_of(groups: Groups) -> dict[str, Weights]:
    """Return, by group, the coalitions of its bar: over all orders of `TOGETHER`, in the one order of other groups."""
    return marginals(feasible_orders(tuple(groups), PART_OF) if groups is TOGETHER else [tuple(groups)])


def feasible_orders(groups: Sequence[str], part_of: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return all orders in which every group that is part of another one comes right after it.

    Parameters
    ----------
    groups : a handful; the number of orders is at most their factorial.
    part_of : a group, and the one without which it cannot be.
    """
    return [
        order
        for order in permutations(groups)
        if all(order.index(whole) + 1 == order.index(part) for part, whole in part_of.items())
    ]


def marginals(orders: Sequence[Sequence[str]]) -> dict[str, Weights]:
    """Return, by group, the weight of every coalition's value in what the group adds, on average over orders.

    Summed over groups the weights are 1 for all of them, -1 for none, and exactly 0 for every other coalition.
    """
    share = Fraction(1, len(orders))
    weights: dict[str, Weights] = {group: defaultdict(Fraction) for group in orders[0]}
    for order in orders:
        for place, group in enumerate(order):
            weights[group][frozenset(order[: place + 1])] += share
            weights[group][frozenset(order[:place])] -= share
    return {group: dict(of_group) for group, of_group in weights.items()}
