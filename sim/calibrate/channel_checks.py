"""Whether contacts are what they are taken for: calls of agents who have several at once are asked about."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.calibrate.fits.chat_log import agents_known
from sim.calibrate.fits.in_hand import in_hand
from sim.calibrate.reading.calls import ReadContacts
from sim.calibrate.reading.import_log import ImportLog, refused
from sim.calibrate.reading.items import ReadItems

if TYPE_CHECKING:
    from sim.calibrate.export import Options

FEW = 40
OFTEN, SELDOM = 0.2, 0.02
"""Shares of agents' time in talk with several at once: from the first on contacts are no calls, below the second the
clocks of a switch explain it."""
SEVERAL_S = 2
"""Overlaps of up to so many seconds are rounding."""


def need_channel(calls: ReadContacts, options: Options, import_log: ImportLog) -> None:
    """Ask what the contacts of a log are that agents hold several of at once, and for what chats need.

    Raises
    ------
    ExportError
        With what to say.
    """
    if calls.channel == "chat" and agents_known(calls.table):
        if not math.isnan(options.at):
            fix = "Leave it out: a log with agents tells the level of each chat at each moment"
            raise refused("--at", f"{import_log.path} has agents", fix, None, f"{options.at:g}")
        return
    need_cap(calls.channel, options, import_log)
    part, line = _overlap(calls)
    words = f"agents hold several contacts at once in {part:.0%} of their talk"
    if part >= OFTEN and not calls.channel:
        fix = "Say --channel chat if they are chats; --channel phone if they are calls all the same"
        raise import_log.refused(f"{words}: these are no calls, one at a time", fix, line)
    if part >= SELDOM:
        ways = "Calls are taken one at a time. If they are chats, say --channel chat; if names are shared, correct them"
        import_log.note(f"{words}. {ways}", line)


def need_cap(channel: str, options: Options, import_log: ImportLog) -> None:
    """Ask for the cap of chats that an export does not show side by side.

    Raises
    ------
    ExportError
        With what to say.
    """
    if channel != "chat":
        for flag, given in (("--concurrency", options.concurrency > 0), ("--at", not math.isnan(options.at))):
            if given:
                fix = "Say --channel chat if these contacts are chats, or leave it out"
                raise refused(flag, f"is of chats, and {import_log.path} is read as calls", fix)
        return
    if not options.concurrency:
        words = "has chats, and does not show how many an agent has at once: their times run beside each other"
        fix = "Say --concurrency NUMBER, the most at once, such as --concurrency 3; a log needs a column of agents"
        raise import_log.refused(words, fix)
    if options.at > options.concurrency:
        fix = f"Nobody has more than {options.concurrency} in hand (--concurrency)"
        raise refused("--at", "is above the most at once", fix, None, f"{options.at:g}")


def need_handle_time(items: ReadItems, options: Options, import_log: ImportLog) -> None:
    """Ask for the handle time of deferred work whose log does not have it.

    Raises
    ------
    ExportError
        With what to say.
    """
    if math.isnan(options.handle_s) and items.table["work_s"].isna().all():
        words = "has no column for work (time that an agent worked on an item): the time that it was open is none"
        unread = import_log.facts.get("not read", "nothing")
        raise import_log.refused(words, f"Say --handle-time TIME, such as 7m, or --map work=COLUMN; not read: {unread}")


def refuse_of_items(options: Options, import_log: ImportLog) -> None:
    """Refuse what only deferred work can be asked.

    Raises
    ------
    ExportError
        With what to say.
    """
    for flag, seconds in (("--handle-time", options.handle_s), ("--due", options.due_s)):
        if not math.isnan(seconds):
            fix = "Say --channel deferred if a row is an item with opened and closed, or leave it out"
            raise refused(flag, f"is of deferred work, and {import_log.path} is not read as that", fix)


def _overlap(calls: ReadContacts) -> tuple[float, int | None]:
    """The share of agents' talk with several contacts at once, and the line of the first such contact."""
    table = calls.table
    known = table["answered"].to_numpy() & (table["agent"].to_numpy() >= 0) & table["talk_s"].notna().to_numpy()
    rows = table[known]
    if len(rows) < FEW:
        return 0.0, None
    start = ((rows["time"] - table["time"].iloc[0]).dt.total_seconds() + rows["wait_s"]).to_numpy()
    end = np.maximum(start, start + rows["talk_s"].to_numpy() - SEVERAL_S)
    held = in_hand(start, end, end, rows["agent"].to_numpy(np.int64))
    seconds = held.time_at()
    beside = np.flatnonzero(held.level[held.first] > 1)
    line = int(rows["line"].iloc[int(beside[0])]) if beside.size else None
    return float(seconds[2:].sum() / max(seconds[1:].sum(), 1e-9)), line
