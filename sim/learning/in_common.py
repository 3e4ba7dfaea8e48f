"""What logs must have in common, and must not: days, intents and customers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.calibrate.reading.import_log import ImportLog, refused
from sim.learning.contacts import NOBODY, Arm, LoggedContacts, Route, Sessions

MOST_STRAYED = 0.05
"""A share of the control arm that may have met the bot, as where an identity is taken for another."""


def check_periods(contacts: LoggedContacts, before: Sequence[Path], after: Sequence[Path]) -> None:
    """Refuse two periods that overlap, and one log without a control arm.

    Raises
    ------
    ExportError
        With the file, and what to give in its place.
    """
    if not before:
        if not (contacts.arm == Arm.CONTROL).any():
            words = "has no contact of a control arm, and there is no log of before the bot"
            fix = "Say --before EXPORT; or --map arm=COLUMN, and --arm WORD=control for its words"
            raise refused(str(after[0]), words, fix)
        return
    if not contacts.after.any():
        words = "has no row that is not in the log before the bot, too"
        raise refused(str(after[0]), words, "Name two logs: one of the time before the bot, one with it")
    first, last = contacts.day[contacts.after].min(), contacts.day[~contacts.after].max()
    if first <= last:
        dates = _dates(last, first)
        words = f"begins on {dates[1]}, and the log before the bot goes on to {dates[0]}"
        raise refused(str(after[0]), words, "Give two periods that do not overlap: choose with the export's own dates")


def check_arms(contacts: LoggedContacts, after: Path, import_log: ImportLog) -> None:
    """Refuse a log of a control arm alone; note a control arm that met the bot.

    Raises
    ------
    ExportError
        With the file, and what to say.
    """
    there = contacts.chosen(contacts.after)
    control = there.arm == Arm.CONTROL
    if control.all():
        words = "has contacts of a control arm only: none of customers who met the bot"
        raise refused(str(after), words, "Export both arms; or say --arm WORD=pilot for the word of the other")
    met = control & np.isin(there.route, (Route.OPTED_OUT, Route.HANDED_OVER))
    if met.sum() > MOST_STRAYED * control.sum():
        import_log.note(
            f"{after}: {met.sum():,} of {control.sum():,} contacts of the control arm met the bot, which no control "
            "does. See that --arm says which word is which, and that customers kept their arm"
        )


def check_sessions(contacts: LoggedContacts, sessions: Sessions, path: Path, import_log: ImportLog) -> None:
    """Refuse sessions that are of other days or other intents than the contacts; note customers that nobody shares.

    Raises
    ------
    ExportError
        With the file, and what to give in its place.
    """
    there = contacts.chosen(contacts.after)
    theirs, ours = np.unique(sessions.intent), np.unique(contacts.intent)
    if not np.isin(theirs, ours).any():
        names = [", ".join(contacts.intents[i] for i in group[:8]) for group in (theirs, ours)]
        words = f"has no intent that the logs of contacts have, which are about {names[1]}"
        raise refused(str(path), words, "Call intents the same in both, or say --map-bot type=COLUMN", None, names[0])
    spans = [(rows.day.min(), rows.day.max()) for rows in (sessions, there)]
    if max(first for first, _ in spans) > min(last for _, last in spans):
        dates = [" to ".join(_dates(*span)) for span in spans]
        words = f"has sessions of {dates[0]}, and the contacts with the bot are of {dates[1]}"
        raise refused(str(path), words, "Export both over the same days")
    known = [rows.customer[rows.customer != NOBODY] for rows in (sessions, there)]
    if all(one.size for one in known) and not np.isin(*known).any():
        import_log.note(
            f"{path}: no customer of the sessions is among those of the contacts: nothing tells which session a "
            "contact came from, or who came back after one. Write customers the same way in both"
        )


def _dates(*days: np.int64) -> list[str]:
    """Days since 1970 as dates."""
    return [str(np.datetime64(int(day), "D")) for day in days]
