"""Targets of channels, intents and skills: whose they are, and what may be asked of whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.loading.parts import Parts
from sim.loading.problems import Reporter
from sim.scenario.goals import Targets, TargetsOfSome
from sim.scenario.model import Intent
from sim.scenario.people import CHANNELS
from sim.scenario.targets import meanings_of, meant_by
from sim.schema.faults import nearest

LIVE = ("service_level", "abandonment")
"""What deferred work has none of: nobody waits on a line."""


def settle_targets(parts: Parts, reporter: Reporter) -> None:
    """Take out what is `off`, and give every service level its definition; report what nobody can be asked for."""
    targets = parts.found.get("targets")
    if targets is None or not targets.model_extra or reporter.failed("intents"):
        return
    known = [name for name in targets.model_extra if _is_one(name, parts.intents, reporter)]
    kept = {name: _settled(wanted, targets) for name, wanted in targets.of_some.items() if name in known}
    for name, wanted in kept.items():
        _check_asked(name, wanted, [parts.intents[key] for key in meant_by(parts.intents, name)], reporter)
    _check_times(kept, parts.intents, reporter)
    parts.found["targets"] = targets.with_some(kept)


def _settled(wanted: TargetsOfSome, targets: Targets) -> TargetsOfSome:
    """The definition is that of all contacts where none is given."""
    level = wanted.service_level
    if level is None or "definition" in level.model_fields_set:
        return wanted
    level = level.model_copy(update={"definition": targets.service_level.definition})
    return wanted.model_copy(update={"service_level": level})


def _is_one(name: str, intents: Mapping[str, Intent], reporter: Reporter) -> bool:
    """Tell whether a name stands for some contacts, and in one way only."""
    meanings = meanings_of(intents, name)
    if not meanings:
        known = list(dict.fromkeys([*Targets.model_fields, *CHANNELS, *intents, *(i.skill for i in intents.values())]))
        fix = f"Name what is in this file. {nearest(name, known)}"
        reporter.problem(("targets", name), "is no target, and no channel, intent or skill", fix, key=True)
        return False
    if len({frozenset(found) for found in meanings.values()}) > 1:
        words = " and ".join(f"as {_article(kind)} {', '.join(found)}" for kind, found in meanings.items())
        fix = "Give the intent, or the skill, another name"
        reporter.problem(("targets", name), f"stands for different contacts: {words}", fix, key=True)
        return False
    return True


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _check_asked(name: str, wanted: TargetsOfSome, intents: list[Intent], reporter: Reporter) -> None:
    deferred = [intent for intent in intents if intent.channel == "deferred"]
    for key in LIVE:
        if getattr(wanted, key) is not None and len(deferred) == len(intents):
            fix = "Write due_met: deferred work waits in a backlog"
            reporter.problem(("targets", name, key), "is asked of deferred work alone, which has none", fix, key=True)
    if wanted.due_met is None:
        return
    if not deferred:
        fix = "Write service_level, or name deferred work"
        reporter.problem(("targets", name, "due_met"), "is asked of contacts that are not deferred", fix, key=True)
    elif all(intent.due is None for intent in deferred):
        names = ", ".join(intent.name for intent in deferred)
        fix = f"Write due with {names}, such as due: 8h"
        reporter.problem(("targets", name, "due_met"), "is asked of work that is never due", fix, key=True)


def _check_times(targets: Mapping[str, TargetsOfSome], intents: Mapping[str, Intent], reporter: Reporter) -> None:
    """An intent is measured by one T: two targets that are about it must agree on it."""
    for intent in intents:
        about = list(_levels_about(intent, targets, intents))
        for name, within in about[1:]:
            first, seconds = about[0]
            if within != seconds:
                reporter.problem(
                    ("targets", name, "service_level"),
                    f"counts to {within:g} s, and targets.{first} to {seconds:g} s; {intent} is in both",
                    "Write the same time in both",
                    key=True,
                )


def _levels_about(
    intent: str, targets: Mapping[str, TargetsOfSome], intents: Mapping[str, Intent]
) -> Iterator[tuple[str, float]]:
    for name, wanted in targets.items():
        if wanted.service_level is not None and intent in meant_by(intents, name):
            yield name, wanted.service_level.within
