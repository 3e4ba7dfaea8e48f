"""Customers who would come back at once and for ever, so that a simulation would never end."""

from __future__ import annotations

import math

from sim.facts.bot_probabilities import bot_probabilities, session_probabilities
from sim.loading.checks import Checker
from sim.mechanisms.bot import Bot
from sim.scenario.model import Intent, Scenario
from sim.scenario.people import FalselyContained, IntentBot, Redial, Repeat
from sim.schema.calendar import Hours

AT_ONCE_S = 1.0
FOR_EVER = 0.999
"""A need that comes back with at least this chance, whatever happened, comes back practically for ever."""
FIX = "Give it a delay, a lower probability, or customers.max_attempts"
HARD = 3.0
"""The difficulty, a normal score, of the hardest need in a thousand."""
LOGISTIC_SPREAD = 0.346
"""The share of a logistic with normal noise: expit(b / sqrt(1 + this x slope^2)), nearly."""
FLAT = 700.0
"""Log odds beyond which a chance is 0 or 1."""

BY_AGENT, BY_BOT = ("customers", "repeat"), ("customers", "repeat", "falsely_contained")
Path = tuple[str, ...]


def check_endless(check: Checker) -> None:
    """Without a limit on attempts, returns must take time or end by chance."""
    customers = check.scenario.customers
    if customers.max_attempts is not None:
        return
    redial, repeat = customers.redial, customers.repeat
    if redial is not None and redial.next_day < 1 and at_once(redial) >= FOR_EVER:
        check.reporter.problem(("customers", "redial"), "redials at once and for ever", FIX, key=True)
    if repeat is None:
        return
    for name, intent in check.scenario.intents.items():
        path = endless(check, repeat, intent)
        if path:
            check.reporter.problem(path, f"brings {name} back at once and for ever, never resolved", FIX, key=True)


def at_once(back: Redial | Repeat | FalselyContained) -> float:
    """Return the chance of coming back at once."""
    return back.probability if back.delay.average < AT_ONCE_S else 0.0


def endless(check: Checker, repeat: Repeat, intent: Intent) -> Path | None:
    """Return the key by which some need of an intent comes back at once, time and again; None where none does."""
    scenario, bot = check.scenario, check.scenario.bot
    by_agent = (1 - least_resolution(scenario, intent)) * at_once(repeat)
    always, ever = bot_answers(check)
    if bot is None or intent.bot is None or not ever or bot.exposure == 0:
        return BY_AGENT if by_agent >= FOR_EVER else None
    if by_agent >= FOR_EVER and (not always or bot.exposure not in (None, 1) or _asks_for_ever(scenario, bot)):
        return BY_AGENT
    if bot.opt_out == 1:
        return None
    by_bot = at_once(repeat.falsely_contained)
    paths = [_after_failure(scenario, bot, intent.bot, able, by_agent, by_bot) for able in _unresolved(bot, intent.bot)]
    return next(filter(None, paths), None)


def bot_answers(check: Checker) -> tuple[bool, bool]:
    """Tell whether the bot answers in all open hours of the days simulated, and whether in any of them."""
    bot = check.scenario.bot
    if bot is None or bot.hours is None or check.calendar is None:
        return bot is not None, bot is not None
    both = _hours(check, bot)
    always = all(there[0] <= opened[0] and opened[1] <= there[1] for opened, there in both)
    return always, any(there[0] < opened[1] and opened[0] < there[1] for opened, there in both)


def answers_at_night(check: Checker) -> bool:
    """Tell whether the bot answers before opening or after close on some open day simulated."""
    bot = check.scenario.bot
    both = _hours(check, bot) if bot is not None else set()
    return any(there[0] < there[1] and (there[0] < opened[0] or opened[1] < there[1]) for opened, there in both)


def _hours(check: Checker, bot: Bot) -> set[tuple[Hours, Hours]]:
    """Return the opening hours of the days simulated with those of the bot, which are empty where it has none."""
    calendar = check.calendar
    if calendar is None or bot.hours is None:
        return set()
    pairs = ((calendar.open_hours(day), bot.hours[day.weekday()]) for day in check.dates)
    return {(opened, there or (0.0, 0.0)) for opened, there in pairs if opened is not None}


# Past the bot, or through it ---------------------------------------------------


def _asks_for_ever(scenario: Scenario, bot: Bot) -> bool:
    """Tell whether some who never met the bot come to ask for a human each time they return."""
    fresh = _asks(scenario, bot.opt_out, scenario.trust.unresolved if scenario.trust else 0.0)
    return bot.opt_out > 0 and _past(scenario, fresh) >= FOR_EVER


def _past(scenario: Scenario, asks: float) -> float:
    """Return the chance of going past the bot, on a return after an agent."""
    straight = scenario.customers.straight_to_human
    return straight + (1 - straight) * asks


def _asks(scenario: Scenario, share: float, falls: float) -> float:
    """Return the share that asks for a human at once in the end, when trust that falls has gone."""
    trust = scenario.trust
    if trust is None or falls == 0 or share in (0, 1):
        return share
    return _chance(math.log(share / (1 - share)) + trust.opt_out * trust.start)


def _unresolved(bot: Bot, own: IntentBot) -> list[bool]:
    """Return which needs, those that the bot is capable of or not, a session may leave unresolved."""
    capable = bot_probabilities(bot, own)[0]
    return [able for able in (False, True) if (capable > 0 if able else capable < 1) and _resolved(bot, able) < 1]


def _resolved(bot: Bot, able: bool) -> float:
    return session_probabilities(bot.conversation, able).resolved


def _after_failure(
    scenario: Scenario, bot: Bot, own: IntentBot, able: bool, by_agent: float, by_bot: float
) -> Path | None:
    """Return the key by which needs come back for ever once a session has failed; None where they do not.

    `by_agent` and `by_bot` are the chances of coming back at once after a contact with an agent, and after a session
    closed as done. What comes next may differ between the two, by `straight_to_human`.
    """
    falls = max(scenario.trust.unresolved, scenario.trust.failed_bot) if scenario.trust else 0.0
    asks = _asks(scenario, bot.opt_out_after_failure, falls)
    closed, handed = _failed_session(bot, own, able)
    agent_agent, agent_bot = _next(_past(scenario, asks), closed * by_bot, handed, by_agent)
    bot_agent, bot_bot = _next(asks, closed * by_bot, handed, by_agent)
    if bot_bot >= FOR_EVER:
        return BY_BOT
    if agent_agent >= FOR_EVER:
        return BY_AGENT
    both = min(agent_agent + agent_bot, bot_agent + bot_bot) >= FOR_EVER
    return (BY_BOT if bot_bot > agent_agent else BY_AGENT) if both else None


def _next(past: float, closes: float, handed: float, by_agent: float) -> tuple[float, float]:
    """Return the chances that a return comes back at once after an agent, and after a session closed as done."""
    return (past + (1 - past) * handed) * by_agent, (1 - past) * closes


def _failed_session(bot: Bot, own: IntentBot, able: bool) -> tuple[float, float]:
    """Return the shares of sessions that are closed as done though unresolved, and that go to a human."""
    odds, false = session_probabilities(bot.conversation, able), bot_probabilities(bot, own)[1]
    stuck = bot.conversation is not None and bot.conversation.handoff == "never"
    return odds.closing * false, 0.0 if stuck else odds.asked + odds.closing * (1 - false)


# What an agent resolves --------------------------------------------------------


def least_resolution(scenario: Scenario, intent: Intent) -> float:
    """Return about the least chance that an agent resolves a need.

    That is for a hard need, a customer as frustrated as can be, and a wholly tired agent who has been through a round
    of redundancies and is pressed by a target.
    """
    share, slope = intent.resolution, abs(intent.difficulty_slope)
    if 0 < share < 1:
        logit = math.log(share / (1 - share)) * math.sqrt(1 + LOGISTIC_SPREAD * slope * slope)
        share = _chance(logit - HARD * slope - _lowered(scenario, intent))
    return max(share - _points(scenario), 0.0)


def _chance(logit: float) -> float:
    return 1.0 if logit > FLAT else 1 / (1 + math.exp(min(-logit, FLAT)))


def _lowered(scenario: Scenario, intent: Intent) -> float:
    """By how much the log odds of resolution may fall."""
    frustration, tired, pace = scenario.frustration, scenario.fatigue, scenario.pace
    fall = frustration.effects.resolution * (1 - frustration.start) if frustration is not None else 0.0
    fall += tired.effects.resolution if tired is not None else 0.0
    needed = intent.talk_time.average + intent.wrap_up.average
    if pace is None or needed == 0:
        return fall
    target = pace.target.get(intent.name, needed) if isinstance(pace.target, dict) else pace.target
    factor = 1 - pace.push * (1 - min(target / needed, 1))
    return fall - pace.resolution_slope * math.log(factor) if factor > 0 else FLAT


def _points(scenario: Scenario) -> float:
    """Return by how much a round of redundancies lowers the share that an agent resolves."""
    round_ = scenario.workforce.redundancy if scenario.workforce is not None else None
    if round_ is None or round_.share == 0:
        return 0.0
    return round_.resolution * math.exp2(-round_.since / round_.half_life)
