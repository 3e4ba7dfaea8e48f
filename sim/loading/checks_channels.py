"""Checks of channels: what contradicts is refused, what can never be served or has no effect is said."""

from __future__ import annotations

from sim.loading.checks import Checker
from sim.mechanisms.chat import pace_falls_at
from sim.scenario.model import Group, Intent
from sim.scenario.people import CHANNELS
from sim.schema.faults import nearest
from sim.schema.formatting import duration_words
from sim.schema.tree import Keys

OF_DEFERRED = ("due", "clock", "opening_backlog")
"""Keys of an intent that speak of a backlog."""


def check_channels(check: Checker) -> None:
    """Intents, groups, customers and queues must agree on the channels."""
    for name, intent in check.scenario.intents.items():
        _check_intent(check, intent, ("intents", name))
    if check.reporter.failed("intents") or check.reporter.failed("agents"):
        return
    for name, group in check.scenario.agents.items():
        _check_group(check, group, ("agents", name))
    _check_callback(check)
    _check_silence(check)
    _check_queues(check)
    _check_overflow(check)


def _check_intent(check: Checker, intent: Intent, path: Keys) -> None:
    report = check.reporter
    if intent.chat is not None and intent.channel != "chat":
        fix = "Write channel: chat, or leave chat out"
        report.problem((*path, "chat"), f"stands with channel {intent.channel}", fix, None, key=True)
    if intent.channel != "deferred":
        given = [key for key in OF_DEFERRED if getattr(intent, key) is not None]
        given += ["interruptible"] if intent.interruptible else []
        for key in given:
            fix = f"Write channel: deferred, or leave {key} out"
            report.problem(
                (*path, key), f"stands with channel {intent.channel}, which has no backlog", fix, None, key=True
            )
    elif intent.clock is not None and intent.due is None and intent.opening_backlog is None:
        report.note(f"{'.'.join(map(str, path))}.clock has no effect without due")
    if intent.channel == "deferred" and report.exact((*path, "patience")) and intent.patience.kind != "infinite":
        fix = "Leave it out: deferred work waits until it is done"
        report.problem((*path, "patience"), "stands with channel deferred", fix, None, key=True)


def _check_group(check: Checker, group: Group, path: Keys) -> None:
    report, intents = check.reporter, check.scenario.intents.values()
    mine = [intent for intent in intents if intent.skill in group.skills]
    chats = [intent for intent in mine if intent.channel == "chat"]
    most = group.highest_concurrency
    if most > 1 and not chats:
        report.note(f"agents.{group.name}.concurrency has no effect: the group takes no chats")
    if group.keep_idle and not any(intent.channel == "deferred" for intent in mine):
        report.note(f"agents.{group.name}.keep_idle has no effect: the group takes no deferred work")
    for intent in chats:
        _check_times(check, intent, group, most)
    if most > 1 and chats and any(intent.channel == "phone" for intent in mine):
        report.note(
            f"agents.{group.name}: a call needs an agent with no chats in hand, and whoever has some takes the next "
            "chat first. While chats wait, calls may wait for very long"
        )
    _check_idle(check, group, (*path, "keep_idle"))


def _check_times(check: Checker, intent: Intent, group: Group, most: int) -> None:
    chat = intent.chats
    if chat is None or most == 1:
        return
    if chat.times is not None and len(chat.times) < most:
        fix = f"Write {most} times, or a concurrency of at most {len(chat.times)}"
        words = f"has {len(chat.times)} entries, and agents.{group.name} has up to {most} chats in hand"
        check.reporter.problem(("intents", intent.name, "chat", "times"), words, fix, None, key=True)
    elif falls := pace_falls_at(chat, most):
        check.reporter.note(
            f"intents.{intent.name}.chat: an agent with {falls} chats in hand gets less done than with {falls - 1}; "
            f"agents.{group.name} has up to {most}"
        )


def _check_overflow(check: Checker) -> None:
    """A skill that every group takes only later keeps its customers waiting beside idle agents."""
    groups, queues = check.scenario.agents.values(), check.scenario.queues
    for skill in dict.fromkeys(intent.skill for intent in check.scenario.intents.values()):
        least = min((g.skills[skill].overflow_after for g in groups if skill in g.skills), default=0.0)
        if least <= 0.0:
            continue
        words = f"agents: no group takes {skill} at once, so that every contact waits {duration_words(least)}"
        queue = queues.get(skill)
        if queue is not None and queue.limit == 0:
            words += f", and with queues.{skill}.limit: 0 none may wait: all are blocked"
        check.reporter.note(f"{words}. Leave overflow_after out for the group whose own contacts they are")


def _check_idle(check: Checker, group: Group, path: Keys) -> None:
    """A group that never has more agents than it keeps idle never begins deferred work."""
    takes = {intent.skill for intent in check.scenario.intents.values() if intent.channel == "deferred"} & {
        *group.skills
    }
    if takes and group.keep_idle and check.calendar is not None and group.keep_idle >= check.head_count(group):
        words = f"keeps as many idle as the group has, {check.head_count(group)}: it never begins deferred work"
        check.reporter.note(f"{'.'.join(map(str, path))} {words}")


def _check_callback(check: Checker) -> None:
    people, intents = check.scenario.customers, check.scenario.intents.values()
    if people.callback is None:
        return
    if not any(intent.channel == "phone" for intent in intents):
        fix = "Leave it out: chats and deferred work are not called back"
        check.reporter.problem(("customers", "callback"), "is offered to phone contacts, of which there are none", fix)
    if people.callback.accepts == 0.0:
        check.reporter.note("customers.callback has no effect: nobody accepts")


def _check_silence(check: Checker) -> None:
    if check.scenario.customers.silent_leave and not any(i.channel == "chat" for i in check.scenario.intents.values()):
        check.reporter.note("customers.silent_leave has no effect: there are no chats")


def _check_queues(check: Checker) -> None:
    skills = list(dict.fromkeys(intent.skill for intent in check.scenario.intents.values()))
    for name in check.scenario.queues:
        if name not in skills:
            fix = f"Name the skill of an intent. {nearest(name, skills)}"
            check.reporter.problem(("queues", name), "is no queue: no intent joins it", fix, key=True)
        elif all(i.channel == CHANNELS[2] for i in check.scenario.intents.values() if i.skill == name):
            check.reporter.note(f"queues.{name}.limit has no effect: deferred work always finds a place")
