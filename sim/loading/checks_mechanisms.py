"""Checks of the mechanisms: each its own; and what has no effect is said."""

from __future__ import annotations

from sim.loading.checks import Checker
from sim.loading.termination import answers_at_night, bot_answers
from sim.mechanisms import registered
from sim.scenario.model import Bot


def check_mechanisms(check: Checker) -> None:
    """What mechanisms name must be there; what has no effect is said."""
    for mechanism in registered():
        if mechanism.check is not None and getattr(check.scenario, mechanism.name) is not None:
            mechanism.check(check)
    _note_bots(check)
    _check_bot(check)
    _note_without_effect(check)
    _note_past_the_bot(check)


def _note_bots(check: Checker) -> None:
    with_bot = [name for name, intent in check.scenario.intents.items() if intent.bot is not None]
    if with_bot and check.scenario.bot is None and not check.reporter.failed("bot"):
        check.reporter.note(f"intents.{with_bot[0]}.bot has no effect: bot is off. Write bot: {{}} to switch it on")
    if check.scenario.bot is not None and not with_bot and not check.reporter.failed("intents"):
        check.reporter.note("bot has no effect: no intent has a bot, such as {resolves: 0.5}")


def _check_bot(check: Checker) -> None:
    bot, report = check.scenario.bot, check.reporter
    if bot is None:
        return
    if bot.conversation is not None and report.exact(("bot", "session")):
        report.note("bot.session has no effect: bot.conversation plays sessions turn by turn")
    if bot.exposure == 0:
        report.note("bot.exposure is 0: no customer meets the bot in opening hours")
    if bot.out_of_hours > 0 and bot.hours is None:
        report.note('bot.out_of_hours has no effect without bot.hours, such as "00:00-24:00"')
    if bot.hours is not None and check.calendar is not None:
        _check_bot_hours(check, bot)


def _check_bot_hours(check: Checker, bot: Bot) -> None:
    """Say where the bot is never there, by day or at night."""
    if not bot_answers(check)[1]:
        check.reporter.note("bot.hours: the bot never answers while the centre is open on the days simulated")
    if bot.out_of_hours > 0 and not answers_at_night(check):
        check.reporter.note("bot.out_of_hours has no effect: bot.hours do not go beyond the opening hours of any day")


def _note_without_effect(check: Checker) -> None:
    """Say which keys do nothing without another."""
    for key, other in [pair for mechanism in registered() for pair in mechanism.without.items()]:
        section, name = key.split(".")
        there, needed = other.split(".")
        if check.reporter.exact((section, name)) and getattr(getattr(check.scenario, there), needed, None) is None:
            check.reporter.note(f"{key} has no effect without {other}")


def _note_past_the_bot(check: Checker) -> None:
    """Say what going straight to a human needs: a bot, and somebody who comes back."""
    scenario, report = check.scenario, check.reporter
    if scenario.customers.straight_to_human == 0:
        return
    if scenario.bot is not None and scenario.customers.repeat is None:
        report.note("customers.straight_to_human has no effect without customers.repeat")
    elif scenario.bot is None and not report.failed("bot"):
        report.note("customers.straight_to_human has no effect: bot is off")
