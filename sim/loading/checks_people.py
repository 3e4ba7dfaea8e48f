"""Checks of intents, customers, agents, mechanisms and goals."""

from __future__ import annotations

import math
from typing import Any

from sim.facts.bot_probabilities import most_containment
from sim.facts.load import deciding_group
from sim.loading.checks import Checker, check_week
from sim.loading.termination import check_endless
from sim.mechanisms import registered
from sim.scenario.features import features
from sim.scenario.measure_names import MECHANISM, needs
from sim.scenario.model import Bot, Group, IntentBot, Scenario, Shift
from sim.scenario.people import MOST_AGENTS
from sim.schema.base import Section
from sim.schema.calendar import weekdays_text
from sim.schema.distribution import Distribution
from sim.schema.faults import nearest
from sim.schema.tree import Keys
from sim.schema.values import DAY_S, duration_text

ROUNDING = 1e-9
MILLION = 1_000_000

# Intents and customers --------------------------------------------------------


def check_intents(check: Checker) -> None:
    """Every intent needs a skill that some group has, a talk time, and a bot that is possible."""
    scenario, report = check.scenario, check.reporter
    skills = list(dict.fromkeys(skill for group in scenario.agents.values() for skill in group.skills))
    for name, intent in scenario.intents.items():
        if intent.skill not in skills and not report.failed("agents") and skills:
            fix = f"Add it to the skills of a group. {nearest(intent.skill, skills)}"
            report.problem(("intents", name, "skill"), f"is {intent.skill!r}, which no group has", fix)
        if intent.talk_time.average <= 0 and scenario.pace is not None:
            report.problem(("intents", name, "talk_time"), "must be longer than 0s where there is a pace")
        if intent.bot is not None:
            _check_intent_bot(check, intent.bot, ("intents", name, "bot"))
    deciders = deciding_group(scenario)
    for group in scenario.agents.values():
        if group.name == deciders:
            continue
        unused = [skill for skill in group.skills if all(skill != intent.skill for intent in scenario.intents.values())]
        if unused and not report.failed("intents"):
            report.note(f"agents.{group.name}.skills: no intent needs {', '.join(unused)}")


def _check_intent_bot(check: Checker, part: IntentBot, path: Keys) -> None:
    report = check.reporter
    if part.resolves is not None and part.containment is not None:
        report.problem((*path, "containment"), "stands beside resolves", "Write one of the two", None, key=True)
    elif part.resolves is None and part.containment is None:
        report.problem(path, "has neither resolves nor containment", "Write {resolves: 0.5}, or off", key=True)
    elif part.resolves is not None and part.false_share is not None:
        report.problem((*path, "false_share"), "needs containment, not resolves", "Leave it out", None, key=True)
    bot = check.scenario.bot
    if part.containment is None or bot is None:
        return
    most = most_containment(bot, part.false_share or 0.0)
    if part.containment > most + ROUNDING:
        words = f"is impossible when {bot.opt_out:.6g} opt out before the bot can try"
        words = words if bot.conversation is None else "is more than this conversation comes to"
        report.problem((*path, "containment"), words, _at_most(bot, part, most))


def _at_most(bot: Bot, part: IntentBot, most: float) -> str:
    """Say the most containment that is possible, and with what; a false share counts where it takes some of that."""
    at_most = math.floor((most + ROUNDING) * MILLION) / MILLION
    words = f"At most {at_most:.6g} with bot.opt_out {bot.opt_out:.6g}"
    if part.false_share and most_containment(bot, 0.0) > most + ROUNDING:
        words += f" and false_share {part.false_share:.6g}"
    return words


def check_customers(check: Checker) -> None:
    """Customers must not come back for ever at one moment."""
    check_endless(check)


def check_distributions(check: Checker) -> None:
    """A distribution that varies over the day needs one value an opening interval."""
    for path, distribution in distributions(check.scenario):
        if distribution.profile is not None and check.reporter.exact((*path, "profile")):
            check_week(check, distribution.profile, (*path, "profile"))


def distributions(scenario: Scenario) -> list[tuple[Keys, Distribution]]:
    """Return every distribution of a scenario with its key path."""
    found: list[tuple[Keys, Distribution]] = [(("customers", "patience"), scenario.customers.patience)]
    for name, intent in scenario.intents.items():
        found += [(("intents", name, key), getattr(intent, key)) for key in ("talk_time", "wrap_up", "patience")]
    found += _delays(scenario.customers, ("customers",))
    for mechanism in registered():
        found += _delays(getattr(scenario, mechanism.name), (mechanism.name,))
    return found


def _delays(section: Any, path: Keys) -> list[tuple[Keys, Distribution]]:
    """The distributions of a section and of those below it, but for the patience of customers."""
    found: list[tuple[Keys, Distribution]] = []
    for key in type(section).model_fields if isinstance(section, Section) else ():
        value = getattr(section, key)
        if isinstance(value, Distribution):
            found += [((*path, key), value)] if key != "patience" else []
        else:
            found += _delays(value, (*path, key))
    return found


# Agents -----------------------------------------------------------------------


def check_agents(check: Checker) -> None:
    """Every group has skills and one kind of staffing that fits the calendar."""
    for name, group in check.scenario.agents.items():
        path = ("agents", name)
        if group.staff is not None and group.shifts is not None:
            check.reporter.problem((*path, "shifts"), "stands beside staff", "Write one of the two", None, key=True)
        elif group.staff is None and group.shifts is None:
            check.reporter.problem(path, "has no staff", "Write staff: 10, or shifts: [...]", key=True)
        if group.shrinkage >= 1:
            check.reporter.problem((*path, "shrinkage"), "leaves nobody on the queue", "Write less than 100%")
        if group.relief is not None and group.shifts is not None:
            fix = "Leave it out: shifts have ends and breaks of their own"
            check.reporter.problem((*path, "relief"), "has no meaning with shifts", fix, None, key=True)
        _check_staff(check, group, (*path, "staff"))
        _check_shifts(check, group, (*path, "shifts"))
    _check_head_count(check)


def _check_staff(check: Checker, group: Group, path: Keys) -> None:
    if group.staff is None or check.calendar is None:
        return
    if group.staff.week is not None:
        check_week(check, group.staff.week, path)
    for date, row in (group.staff.counts or {}).items():
        check.table_row(date, len(row), (*path, "file"))


def _check_shifts(check: Checker, group: Group, path: Keys) -> None:
    if group.shifts is None:
        return
    if not group.shifts:
        check.reporter.problem(path, "is an empty list", "Write at least one shift, or staff: 0")
    for k, shift in enumerate(group.shifts):
        _check_shift(check, shift, (*path, k))


def _check_shift(check: Checker, shift: Shift, path: Keys) -> None:
    if shift.length > DAY_S:
        check.reporter.problem((*path, "length"), "is longer than a day", "Write at most 24h")
    for k, pause in enumerate(shift.breaks):
        if pause.after + pause.length > shift.length:
            fix = f"It must end within the {duration_text(shift.length)} of the shift"
            shown = f"after {duration_text(pause.after)}, length {duration_text(pause.length)}"
            check.reporter.problem((*path, "breaks", k), "ends after its shift", fix, shown)
    if check.open_weekdays() and not check.works(shift):
        where = f"agents.{path[1]}.shifts.{path[3]}"
        check.reporter.note(f"{where} never works: {weekdays_text(shift.days)} is closed on the days simulated")


def _check_head_count(check: Checker) -> None:
    counts = {name: check.head_count(group) for name, group in check.scenario.agents.items()}
    total = sum(counts.values())
    if total > MOST_AGENTS:
        name = max(counts, key=lambda group: counts[group])
        key = "shifts" if check.scenario.agents[name].shifts is not None else "staff"
        check.reporter.problem(
            ("agents", name, key), f"makes {total:,} agents", f"At most {MOST_AGENTS:,}", f"{total:,}"
        )


# Goals ------------------------------------------------------------------------


def check_name(check: Checker) -> None:
    """Reports tell scenarios apart by name, so an inherited one is worth a note."""
    node = check.reporter.tree.child("name")
    if node is not None and node.mark.source.how == "inherited":
        check.reporter.note(f"name is inherited from {node.mark.source.file}: reports cannot tell the two apart")


def check_goals(check: Checker) -> None:
    """Say which goals have no effect, and refuse two ways to say how much to simulate."""
    scenario, report = check.scenario, check.reporter
    run = scenario.run
    if run.precision is not None and report.exact(("run", "replications")):
        fix = "Write replications, or precision and max_replications"
        report.problem(("run", "replications"), "stands beside precision", fix, None, key=True)
    _check_precision(check)
    _check_costs(check)
    if run.precision is None and report.exact(("run", "max_replications")) and run.max_replications != 500:
        report.note("run.max_replications has no effect without precision")
    if scenario.targets.strained_share is not None and scenario.fatigue is None and not report.failed("fatigue"):
        report.note("targets.strained_share has no effect: fatigue is off")


def _check_costs(check: Checker) -> None:
    """What it costs to replace a leaver holds the hiring, and cannot be less; only where replacements are counted."""
    costs, report = check.scenario.costs, check.reporter
    if costs is None or report.failed("costs") or costs.hire <= costs.leaver:
        return
    if check.scenario.attrition is not None or report.exact(("costs", "leaver")):
        fix = f"Write a hire of at most {costs.leaver:g}, or a leaver of at least {costs.hire:g}"
        report.problem(("costs", "hire"), f"is more than costs.leaver ({costs.leaver:g}), which holds it", fix)


def _has(scenario: Scenario, keys: str) -> bool:
    """Tell whether a section, or a key of it, is on."""
    found: object = scenario
    for key in keys.split("."):
        found = getattr(found, key, None)
    return found is not None


def _check_precision(check: Checker) -> None:
    """Refuse a precision for a measure that this scenario never has."""
    missing = without_value(check.scenario)
    for name in check.scenario.run.precision or {}:
        if name in missing:
            words, fix = f"has no value without {missing[name]}", f"Leave it out, or give {missing[name]}"
            check.reporter.problem(("run", "precision", name), words, fix, None, key=True)


def without_value(scenario: Scenario) -> dict[str, str]:
    """Return the measures that a scenario never has, and what each of them needs."""
    needed = needs()
    missing = {need for need in set(needed.values()) - {MECHANISM} if not _has(scenario, need)}
    missing |= {MECHANISM} if not scenario.mechanisms else set()
    there = features(scenario)
    missing = {need for need in missing if need not in there} | {need for need, has in there.items() if not has}
    return {name: need for name, need in needed.items() if need in missing}
