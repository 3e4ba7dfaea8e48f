"""Checks of the mechanisms: what they name must be there; what has no effect is said."""

from __future__ import annotations

from sim.loading.checks import Checker
from sim.loading.checks_people import head_count
from sim.loading.termination import answers_at_night, bot_answers
from sim.scenario.model import Bot, Group
from sim.schema.faults import nearest
from sim.schema.tree import Keys


def check_mechanisms(check: Checker) -> None:
    """Targets name intents; what has no effect is said."""
    scenario, report = check.scenario, check.reporter
    if scenario.supervisor is not None and isinstance(scenario.supervisor.share, dict):
        _check_names(check, scenario.supervisor.share, ("supervisor", "share"))
    if scenario.pace is not None and isinstance(scenario.pace.target, dict) and not report.failed("intents"):
        _check_names(check, scenario.pace.target, ("pace", "target"))
        free = [name for name in scenario.intents if name not in scenario.pace.target]
        if free:
            report.note(f"pace.target: no target for {', '.join(free)}")
    _note_bots(check)
    _check_bot(check)
    _check_supervisor(check)
    _note_without_effect(check)
    if scenario.fatigue is not None:
        counted = [group.name for group in scenario.agents.values() if group.staff is not None and group.relief is None]
        if counted:
            words = f"fatigue: the staff of {', '.join(counted)} is given as counts, which have no breaks"
            report.note(f"{words}; relief: 4h tires them about as shifts with breaks do")


def _check_names(check: Checker, by_intent: dict[str, float], path: Keys) -> None:
    """Refuse intents that there are not."""
    for name in by_intent:
        if name not in check.scenario.intents and not check.reporter.failed("intents"):
            fix = nearest(name, check.scenario.intents)
            check.reporter.problem((*path, name), "is not an intent", fix, None, key=True)


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


def _check_supervisor(check: Checker) -> None:
    scenario = check.scenario
    if scenario.supervisor is None or check.reporter.failed("agents"):
        return
    group = scenario.supervisor.group
    if group not in scenario.agents:
        words, fix = f"is {group!r}, which is no group of agents", nearest(group, scenario.agents)
        check.reporter.problem(("supervisor", "group"), words, f"Name one of agents. {fix}")
    elif len(scenario.agents) == 1:
        check.reporter.note(f"supervisor has no effect: {group} is the only group, and asks nobody")
    elif check.calendar is not None and _never_there(check, scenario.agents[group]):
        check.reporter.note(f"supervisor has no effect: nobody of {group} is ever on duty")


def _never_there(check: Checker, group: Group) -> bool:
    if group.absence == 1 or group.shifts is None:
        return group.absence == 1 or head_count(group, check) == 0
    opened = set(check.open_weekdays())
    return not any(shift.count and opened & set(shift.days) for shift in group.shifts)


WITHOUT = {
    "fatigue.break_length": "fatigue.break_at",
    "fatigue.long_contact": "fatigue.recovery_time",
    "pace.sends_away_below": "pace.sends_away",
    "frustration.transferred": "pace.sends_away",
}
"""Keys that do nothing without another."""


def _note_without_effect(check: Checker) -> None:
    scenario, report = check.scenario, check.reporter
    for key, other in WITHOUT.items():
        section, name = key.split(".")
        there, needed = other.split(".")
        if report.exact((section, name)) and getattr(getattr(scenario, there), needed, None) is None:
            report.note(f"{key} has no effect without {other}")
    _note_idle(check)
    if scenario.induced_demand is not None and scenario.induced_demand.elasticity == 0:
        report.note("induced_demand has no effect: elasticity is 0")
    if scenario.attrition is not None and scenario.fatigue is None and not report.failed("fatigue"):
        report.note("attrition: fatigue is off, so that everybody quits as if never tired")
    if scenario.csat is not None and scenario.csat.start > 100:
        report.note(f"csat.start is {scenario.csat.start:g}: satisfaction is cut at 100")
    _note_past_the_bot(check)


def _note_idle(check: Checker) -> None:
    """Say which keys of mechanisms that are on have nothing to act on."""
    scenario, report = check.scenario, check.reporter
    patient = all(intent.patience.kind == "infinite" for intent in scenario.intents.values())
    if report.exact(("expectations", "patience")) and patient and not report.failed("customers"):
        report.note("expectations.patience has no effect: the patience of all customers is infinite")
    helper = scenario.assistant
    if helper is not None and helper.monitoring != "cop" and report.exact(("assistant", "cop_build_up")):
        report.note("assistant.cop_build_up has no effect without assistant.monitoring: cop")
    if helper is not None and helper.reinvest == 0 and report.exact(("assistant", "reinvest_slope")):
        report.note("assistant.reinvest_slope has no effect without assistant.reinvest")


def _note_past_the_bot(check: Checker) -> None:
    """Say what has no effect without a bot, or without anybody who comes back to it."""
    scenario, report = check.scenario, check.reporter
    customers = scenario.customers
    if scenario.bot is not None and customers.straight_to_human > 0 and customers.repeat is None:
        report.note("customers.straight_to_human has no effect without customers.repeat")
    if scenario.bot is not None or report.failed("bot"):
        return
    if scenario.trust is not None and scenario.csat is None:
        report.note("trust has no effect: there is no bot to ask past, and no csat")
    if scenario.customers.straight_to_human > 0:
        report.note("customers.straight_to_human has no effect: bot is off")
