"""Observed figures: do they name what there is, and can they be true at all? What arithmetic alone can tell."""

from __future__ import annotations

import math

from sim.loading.checks import Checker
from sim.scenario.features import features
from sim.scenario.measure_names import SILENCE
from sim.scenario.model import Intent
from sim.scenario.observed import FIGURES, SUREST, ContactsFigure, Figures, Observed
from sim.schema.calendar import WEEKDAYS, weekdays_text
from sim.schema.faults import nearest
from sim.schema.formatting import duration_words
from sim.schema.tree import Keys

HOME = "observed"


def check_observed(check: Checker) -> None:
    """Figures must be there, be of intents that exist, and not contradict the file or each other."""
    observed = check.scenario.observed
    if observed is None or observed.fitted is not None:
        return
    if not observed.figures():
        if not check.reporter.failed(HOME):
            fix = f"Write at least one of {', '.join(FIGURES[:-1])} and {FIGURES[-1]}, or observed: off"
            check.reporter.problem((HOME,), "has no figure", fix, key=True)
        return
    if check.reporter.failed("intents") or check.reporter.failed("customers"):
        return
    _check_names(check, observed)
    _check_contacts(check, observed)
    _check_held(check, observed)
    _check_handle_time(check, observed)
    _check_channels(check, observed)
    _check_abandonment(check, observed)
    _check_resolution(check, observed)
    _check_waits(check, observed)


def _places(check: Checker, figures: Figures | None, name: str) -> list[tuple[Keys, list[Intent], float, float]]:
    """Return (key path, intents that it is of, value, half a unit) of every figure of a name."""
    intents, found = check.scenario.intents, []
    for intent, figure in figures.items() if figures is not None else ():
        members = [intents[intent]] if intent in intents else [] if intent else list(intents.values())
        path: Keys = (HOME, name, intent) if intent else (HOME, name)
        found.append((path, members, figure.value, figure.unit / 2))
    return found


def _check_names(check: Checker, observed: Observed) -> None:
    for name, intent, _ in observed.figures():
        if name != "contacts" and intent and intent not in check.scenario.intents:
            fix = nearest(intent, check.scenario.intents)
            check.reporter.problem((HOME, name, intent), "is not an intent", fix, intent, key=True)


def _check_contacts(check: Checker, observed: Observed) -> None:
    """Contacts are of intents that exist and weekdays that are open; a day that is not measured is told."""
    for item in observed.contacts.items() if observed.contacts is not None else ():
        path: Keys = (HOME, "contacts", *(item.place.split(".") if item.place else ()))
        if item.intent and item.intent not in check.scenario.intents:
            fix = nearest(item.intent, check.scenario.intents)
            check.reporter.problem((HOME, "contacts", item.intent), "is not an intent", fix, item.intent, key=True)
        elif item.weekdays is not None and check.calendar is not None:
            _check_weekdays(check, item, item.weekdays, path)


def _check_weekdays(check: Checker, item: ContactsFigure, weekdays: tuple[int, ...], path: Keys) -> None:
    assert check.calendar is not None
    closed = tuple(day for day in weekdays if check.calendar.hours[day] is None)
    if closed:
        fix = "Name weekdays on which calendar.hours opens"
        check.reporter.problem(path, f"is of {weekdays_text(closed)}, which is closed", fix, item.figure.text)
    measured = {day.weekday() for day in check.calendar.dates() if check.calendar.open_hours(day) is not None}
    unseen = tuple(day for day in weekdays if day not in measured and day not in closed)
    if unseen:
        words = f"no {' or '.join(WEEKDAYS[day] for day in unseen)} is among the days measured"
        check.reporter.note(f"{'.'.join(map(str, path))}: {words}, so nothing is fitted to it")


def _check_held(check: Checker, observed: Observed) -> None:
    """What is held must be there; what is held by default need not."""
    given = {*SUREST, *(name for name, _, _ in observed.figures())}
    for place, name in enumerate(observed.hold):
        if name not in given:
            fix = f"Write observed.{name}, or take it from the list"
            check.reporter.problem((HOME, "hold", place), "is a figure that is not given", fix, name)


def _check_handle_time(check: Checker, observed: Observed) -> None:
    """Wrap-up is part of AHT and is not rescaled; only an assistant can take from it."""
    if check.scenario.assistant is not None:
        return
    for path, members, value, half in _places(check, observed.aht, "aht"):
        wrap_up = min((intent.wrap_up.average for intent in members), default=0.0)
        if value + half <= wrap_up:
            fix = "AHT is talk, hold and wrap-up, and only talk is rescaled. Correct one of the two"
            check.reporter.problem(path, f"is not longer than the wrap-up of {duration_words(wrap_up)}", fix)


def _check_channels(check: Checker, observed: Observed) -> None:
    """Handle time of chats is how long they are open, that of others agents' time; silent leavers count as answered."""
    intents = check.scenario.intents.values()
    channels = {intent.channel for intent in intents}
    if observed.aht is not None and observed.aht.centre is not None and "chat" in channels and len(channels) > 1:
        fix = "Write it by intent, such as {" + ", ".join(f"{intent.name}: 6m" for intent in intents) + "}"
        words = "is one figure of chats, which are timed while they are open, and of contacts taken one at a time"
        check.reporter.problem((HOME, "aht"), words, fix)
    level, target = observed.service_level, check.scenario.targets.service_level
    definition = target.definition if level is None else level.definition or target.definition
    if level is not None and features(check.scenario)[SILENCE] and definition != "sl_offered":
        words = f"is of {definition}, and with customers.silent_leave a switch's report is known of sl_offered only"
        fix = f"Write {{share: {level.share.text}, within: 20s, definition: sl_offered}}, or leave silent_leave out"
        check.reporter.problem((HOME, "service_level"), words, fix, level.share.text)


def _check_abandonment(check: Checker, observed: Observed) -> None:
    """Nobody abandons whose patience never ends and who does not balk."""
    for path, members, value, half in _places(check, observed.abandonment, "abandonment"):
        endless = all(math.isinf(intent.patience.average) for intent in members)
        if value - half > 0 and members and endless and check.scenario.customers.balk == 0:
            fix = "Give customers.patience a mean, such as 4m: it is then rescaled"
            check.reporter.problem(path, "contradicts patience, which never ends", fix)


def _check_resolution(check: Checker, observed: Observed) -> None:
    """All or none resolved is what no shift of the log odds reaches."""
    for path, members, value, _ in _places(check, observed.fcr, "fcr"):
        if value in (0.0, 1.0) and any(intent.resolution != value for intent in members):
            words = "is every contact" if value else "is none"
            fix = "No rescaling of resolution comes to that. Write what the report shows to a digit, such as 98%"
            check.reporter.problem(path, f"{words}, which agents who resolve some cannot come to", fix)


def _check_waits(check: Checker, observed: Observed) -> None:
    """A mean wait, a service level and an abandonment rate bound each other."""
    level = observed.service_level
    if level is None:
        return
    target = check.scenario.targets.service_level
    within = target.within if level.within is None else level.within
    definition = level.definition or target.definition
    share, slack = level.share.value, level.share.unit / 2
    asa = observed.asa.centre if observed.asa is not None else None
    gone = observed.abandonment.centre if observed.abandonment is not None else None
    if asa is not None and share == 1.0 and asa.value - asa.unit / 2 > within:
        words = f"is longer than {duration_words(within)}, within which service_level has all answered"
        check.reporter.problem((HOME, "asa"), words, "Correct one of the two")
    least = (1.0 - share - slack) * within
    if asa is not None and definition == "sl_answered" and asa.value + asa.unit / 2 < least:
        words = f"is too short: service_level has {1 - share:.0%} wait longer than {duration_words(within)}"
        check.reporter.problem((HOME, "asa"), words, f"Then it is at least {duration_words(round(least, 1))}")
    if gone is not None and definition == "sl_offered" and share - slack + gone.value - gone.unit / 2 > 1.0:
        words = f"leaves no room for service_level: {share:.0%} of all offered are answered in time"
        check.reporter.problem((HOME, "abandonment"), words, "The two add up to at most 100 %")
