"""Saying where more work comes than agents can do, so that the queue grows (`sim.facts.overload`)."""

from __future__ import annotations

from sim.facts.overload import Overload, overloads
from sim.loading.checks import Checker
from sim.schema.calendar import WEEKDAYS, weekdays_text
from sim.schema.formatting import duration_words
from sim.schema.values import DAY_S, time_text

MOST_NOTES = 5


def check_overload(check: Checker) -> None:
    """Say for which skills, and when, the queue grows because nobody, or hardly anybody, gives up.

    Figures that are still to be fitted to observed ones are not judged.
    """
    if check.calendar is None or check.reporter.problems or _unfitted(check):
        return
    alike: dict[object, list[Overload]] = {}
    for one in overloads(check.scenario):
        alike.setdefault((one.skills, one.start, one.end), []).append(one)
    notes = [_words(check, group) for group in alike.values()]
    for words in notes[:MOST_NOTES]:
        check.reporter.note(words)
    if len(notes) > MOST_NOTES:
        check.reporter.note(f"agents: more work than agents at {len(notes) - MOST_NOTES} more times of the week")


def _unfitted(check: Checker) -> bool:
    observed = check.scenario.observed
    return observed is not None and observed.fitted is None


def _words(check: Checker, group: list[Overload]) -> str:
    worst = max(group, key=lambda one: one.left_h)
    days = weekdays_text(tuple(sorted({one.day.weekday() for one in group})))
    wait = duration_words(round(60.0 * worst.wait_h) * 60.0)
    return (
        f"agents: more work than agents for {', '.join(worst.skills)}, {days} {_times(worst)}: "
        f"{worst.erlangs:.1f} erlangs on {worst.agents:.1f} agents ({', '.join(worst.groups)}). "
        f"{_who_stays(check, worst)}, so that the queue grows: {worst.left_h:.1f} hours of work are left at the end, "
        f"a wait of about {wait}. Add agents, or give a patience"
    )


def _times(one: Overload) -> str:
    days, end = divmod(one.end, DAY_S)
    if end == 0.0:
        days, end = days - 1, DAY_S
    later = f"{WEEKDAYS[(one.day.weekday() + int(days)) % 7]} " if days else ""
    later = later if days < 7 else f"{int(days)} days later, "
    return f"{time_text(one.start)}-{later}{time_text(end)}"


def _who_stays(check: Checker, one: Overload) -> str:
    patience = [intent.patience for intent in check.scenario.intents.values() if intent.skill in one.skills]
    return "Nobody gives up" if all(p.kind == "infinite" for p in patience) else "Patience is an hour or more"
