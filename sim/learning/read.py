"""Exports to contacts and sessions: the readers of `calibrate`, and the few columns that only learning needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.reading.calls import NOBODY as NAMES_OF_NOBODY
from sim.calibrate.reading.calls import read_calls
from sim.calibrate.reading.import_log import FILE_LINES, ImportLog, ReadOptions, refused
from sim.calibrate.reading.layouts import Columns
from sim.calibrate.reading.moments import moments, wall_clock
from sim.calibrate.reading.names import understood
from sim.calibrate.reading.source import ExportFile, common_order, sources_of
from sim.calibrate.reading.text import Shape, read_columns, shape_of
from sim.calibrate.reading.values import Column, empty
from sim.learning.contacts import (
    DAY_S,
    NOBODY,
    Arm,
    Ints,
    LoggedContacts,
    Route,
    SessionEnd,
    Sessions,
    contacts_of,
    sessions_of,
)
from sim.learning.in_common import check_arms, check_periods, check_sessions
from sim.learning.words import ARMS, END_WORDS, ENDS, ROUTES, coded, flags

EXTRA: Mapping[str, str] = {
    "resolved": "resolved, is resolved, issue resolved, contact resolved, solved, fcr, first contact resolution",
    "arm": "arm, pilot, variant, treatment, experiment arm, exposed, test arm, ab group, pilot group",
    "route": "route, bot, bot outcome, bot result, via bot, bot session, came by, entry, bot route",
    "context_lost": "context lost, lost context, began anew, repeated himself",
    "context_kept": "context kept, context passed, transcript passed, context",
}
"""Columns of a log of contacts that only learning needs, by their usual names."""
SESSION_FIELDS: Mapping[str, str] = {
    "arrival": "arrival, start, started at, start time, session start, time, timestamp, date time, created at, begin",
    "date": "date, day, session date",
    "time": "time, start time, time of day",
    "type": "type, intent, topic, queue, reason, skill, intent name, contact reason",
    "customer": "customer, customer id, caller, caller id, ani, user, user id, client id, from, phone, account number",
    "ended": "outcome, result, session outcome, ended, status, disposition, bot outcome, end reason",
    "resolved": "resolved, is resolved, verified, checked, truly resolved, issue resolved, solved",
    "arm": EXTRA["arm"],
}
DEFAULT_READ_OPTIONS = ReadOptions()
SESSION_NEEDS = ("type", "ended")


@dataclass(frozen=True)
class LearnOptions:
    """What a caller knows of the logs that they do not say.

    Attributes
    ----------
    reading : of the logs of contacts, and of times, dates and the zone of all.
    mapped : our fields to their columns, those of contacts that only learning needs among them.
    mapped_sessions : the same for the log of the bot's sessions.
    ends : words of a session's outcome to contained, handed_over, opted_out or left.
    arms : words of the arm to control or pilot.
    """

    reading: ReadOptions = DEFAULT_READ_OPTIONS
    mapped: Mapping[str, str] | None = None
    mapped_sessions: Mapping[str, str] | None = None
    ends: Mapping[str, str] | None = None
    arms: Mapping[str, str] | None = None


@dataclass(frozen=True)
class ReadLogs:
    """What was read.

    Attributes
    ----------
    period : first and last date of the logs with the bot.
    """

    contacts: LoggedContacts
    sessions: Sessions | None
    period: tuple[str, str]
    understood: tuple[str, ...]
    notes: tuple[str, ...]


def read_logs(before: Sequence[Path], after: Sequence[Path], bot: Sequence[Path], options: LearnOptions) -> ReadLogs:
    """Read logs of contacts of two periods, and of the bot's sessions.

    Raises
    ------
    ExportError
        With file, line, value and what to say or do.
    """
    import_log = _log([*before, *after])
    table, extra = _contacts_table([*before, *after], options, import_log)
    logs, sessions = [import_log], None
    if bot:
        logs.append(_log(bot))
        sessions = _sessions_table(bot, options, logs[-1])
    intents = _intents(table, sessions)
    who = _numbered(extra["customer"], None if sessions is None else sessions["customer"])
    after_file = table["line"].to_numpy() // FILE_LINES >= len(before)
    contacts = contacts_of(
        intents,
        after=after_file if before else np.ones(len(table), bool),
        time_s=_seconds(table["time"].to_numpy()),
        intent=_places(table["type"].astype(str), intents),
        agent=table["agent"].to_numpy(np.int64),
        customer=who[: len(table)],
        talk_s=np.where(table["answered"], table["talk_s"], np.nan),
        waited_s=table["wait_s"].to_numpy(np.float64),
        **{name: extra[name] for name in ("resolved", "arm", "route", "context_lost") if name in extra},
    )
    check_periods(contacts, before, after)
    found = _sessions(sessions, intents, who[len(table) :]) if sessions is not None else None
    if found is not None:
        check_sessions(contacts, found, bot[0], logs[-1])
        contacts = _linked(contacts, found)
    check_arms(contacts, after[0], import_log)
    dates = table["time"][contacts.after].dt.date
    lines = tuple(line for log in logs for line in log.lines())
    notes = tuple(note for log in logs for note in log.notes)
    return ReadLogs(contacts, found, (str(dates.min()), str(dates.max())), lines, notes)


def _log(paths: Sequence[Path]) -> ImportLog:
    names = tuple(str(path) for path in paths)
    return ImportLog(names[0], files=names if len(names) > 1 else ())


# Contacts -----------------------------------------------------------------------------------------------------------


def _contacts_table(
    paths: Sequence[Path], options: LearnOptions, import_log: ImportLog
) -> tuple[pd.DataFrame, dict[str, npt.NDArray[np.generic]]]:
    mapped = dict(options.mapped or {})
    own = {ours: mapped.pop(ours) for ours in list(mapped) if ours in EXTRA}
    reading = replace(options.reading, mapped=mapped)
    sources = sources_of(paths, reading, import_log)
    if sources[0].columns.kind != "calls":
        fix = "Export the log of contacts, one row a contact: reports by interval do not tell who was chosen"
        raise refused(sources[0].path, "is no log of contacts", fix, sources[0].shape.line)
    reading = replace(reading, dates=common_order(sources, reading))
    read = read_calls(sources, reading, import_log)
    if "type" not in sources[0].columns.fields:
        fix = "Say --map type=COLUMN"
        raise refused(sources[0].path, "does not say what contacts are about", fix, sources[0].shape.line)
    return read.table, _extra(sources, read.table["line"].to_numpy(), own, options, import_log)


def _extra(
    sources: Sequence[ExportFile],
    lines: Ints,
    own: Mapping[str, str],
    options: LearnOptions,
    import_log: ImportLog,
) -> dict[str, npt.NDArray[np.generic]]:
    """The columns that only learning needs, and customers as texts, in the order of the lines."""
    fields = _found(sources[0].shape, sources[0].columns, own)
    columns = dict(fields)
    if customer := sources[0].columns.fields.get("customer"):
        columns["customer"] = customer
    parts = []
    for number, source in enumerate(sources):
        names = source.columns.names
        missing = next((name for name in columns.values() if name not in names), None)
        if missing is not None:
            fix = "Export all logs with the same columns"
            raise refused(source.path, f"has no column {missing}", fix, source.shape.line)
        raw = read_columns(source.shape, names, list(dict.fromkeys(columns.values())), source.columns.headless)
        raw.index = raw.index + number * FILE_LINES
        parts.append(raw)
    table = pd.concat(parts).reindex(lines).fillna("") if columns else pd.DataFrame(index=lines)
    for ours, theirs in fields.items():
        import_log.facts[ours.replace("_", " ")] = theirs
    unread = [name for name in sources[0].columns.unread if name not in columns.values()]
    import_log.facts["not read"] = ", ".join(unread) or "nothing"
    cells = {ours: Column(sources[0].path, theirs, table[theirs]) for ours, theirs in fields.items()}
    found = _meant(cells, options, import_log)
    texts = table[columns["customer"]] if "customer" in columns else pd.Series("", index=lines)
    return found | {"customer": texts.to_numpy(object)}


def _found(shape: Shape, columns: Columns, own: Mapping[str, str]) -> dict[str, str]:
    """Which of the columns is which field, by what the caller says, else by usual names."""
    for ours, theirs in own.items():
        if theirs not in columns.names:
            words = f"{ours}: {shape.path} has no such column"
            raise refused("--map", words, f"It has {', '.join(columns.names)}", None, theirs)
    fields = dict(own)
    for ours in EXTRA:
        name = _usual(EXTRA[ours], columns.unread, fields)
        if ours not in fields and name:
            fields[ours] = name
    if "context_lost" in fields:
        fields.pop("context_kept", None)
    return fields


def _usual(usual: str, names: Sequence[str], taken: Mapping[str, str]) -> str:
    """The first column with a usual name that is not taken; empty for none."""
    free = {understood(name).words: name for name in reversed(names) if name not in taken.values()}
    wanted = [understood(name.strip()).words for name in usual.split(",")]
    return next((free[words] for words in wanted if words in free), "")


def _meant(
    cells: Mapping[str, Column], options: LearnOptions, import_log: ImportLog
) -> dict[str, npt.NDArray[np.generic]]:
    """Cells to numbers; import_log knows lines of all files already, so its own file is the first."""
    import_log.file = 0
    found: dict[str, npt.NDArray[np.generic]] = {}
    for ours, column in cells.items():
        if ours == "route":
            fix = "Write none, opted out or handed over; or leave the column out with --map route=ANOTHER"
            found[ours] = coded(column, {int(code): words for code, words in ROUTES.items()}, {}, fix, import_log)
            found[ours] = np.where(empty(column.cells), Route.STRAIGHT, found[ours])
        elif ours == "arm":
            found[ours] = _arms(column, options, import_log)
        else:
            found[ours] = flags(column, import_log)
    if "context_kept" in found:
        found["context_lost"] = 1.0 - found.pop("context_kept")  # type: ignore[operator]
    return found


def _arms(column: Column, options: LearnOptions, import_log: ImportLog) -> Ints:
    said = {
        word: int(Arm.CONTROL if meaning == "control" else Arm.PILOT) for word, meaning in (options.arms or {}).items()
    }
    fix = "Say --arm WORD=control or --arm WORD=pilot"
    return coded(column, {int(code): words for code, words in ARMS.items()}, said, fix, import_log)


# Sessions -------------------------------------------------------------------------------------------------------------


def _sessions_table(paths: Sequence[Path], options: LearnOptions, import_log: ImportLog) -> pd.DataFrame:
    parts = []
    for number, path in enumerate(paths):
        import_log.file = number
        parts.append(_sessions_part(path, options, import_log))
    return pd.concat(parts, ignore_index=True)


def _sessions_part(path: Path, options: LearnOptions, import_log: ImportLog) -> pd.DataFrame:
    mapped = dict(options.mapped_sessions or {})
    shape = shape_of(path, tuple(mapped.values()))
    names = tuple(name or f"column {place + 1}" for place, name in enumerate(shape.header))
    fields = _session_fields(shape, names, mapped)
    raw = read_columns(shape, names, list(fields.values()), False)
    import_log.rows += len(raw)
    import_log.facts["columns"] = ", ".join(f"{theirs} is {ours}" for ours, theirs in fields.items())
    unread = [name for name in names if name not in fields.values()]
    import_log.facts["not read"] = ", ".join(unread) or "nothing"
    cells = {ours: Column(str(path), theirs, raw[theirs]) for ours, theirs in fields.items()}
    moment = cells.get("arrival") or cells["date"]
    clock = cells.get("time") if "arrival" not in cells else None
    read = moments(moment, clock, options.reading.dates)
    said = {word: int(END_WORDS[meaning]) for word, meaning in (options.ends or {}).items()}
    fix = "Say --bot-outcome WORD=contained, handed_over, opted_out or left"
    ended = coded(cells["ended"], {int(code): words for code, words in ENDS.items()}, said, fix, import_log)
    return pd.DataFrame(
        {
            "time": wall_clock(read, options.reading, import_log),
            "type": cells["type"].cells.str.strip().to_numpy(),
            "customer": cells["customer"].cells.to_numpy() if "customer" in cells else "",
            "ended": ended,
            "resolved": flags(cells["resolved"], import_log) if "resolved" in cells else np.nan,
            "arm": _arms(cells["arm"], options, import_log) if "arm" in cells else int(Arm.NONE),
        }
    )[ended >= 0]


def _session_fields(shape: Shape, names: Sequence[str], mapped: Mapping[str, str]) -> dict[str, str]:
    for ours, theirs in mapped.items():
        if ours not in SESSION_FIELDS:
            raise refused("--map-bot", "is no field", f"Fields: {', '.join(SESSION_FIELDS)}", None, ours)
        if theirs not in names:
            words = f"{ours}: {shape.path} has no such column"
            raise refused("--map-bot", words, f"It has {', '.join(names)}", None, theirs)
    fields = dict(mapped)
    for ours, usual in SESSION_FIELDS.items():
        whole = "arrival" in fields and ours in ("date", "time")
        if ours not in fields and not whole and (name := _usual(usual, names, fields)):
            fields[ours] = name
    missing = [name for name in SESSION_NEEDS if name not in fields]
    if "arrival" not in fields and "date" not in fields:
        missing.insert(0, "arrival")
    if missing:
        maps = " ".join(f"--map-bot {ours}=COLUMN" for ours in missing)
        fix = f"Say {maps}; it has {', '.join(names)}"
        raise refused(shape.path, f"has no column for {' and '.join(missing)} of a bot's session", fix, shape.line)
    return fields


def _sessions(table: pd.DataFrame, intents: tuple[str, ...], customers: Ints) -> Sessions:
    return sessions_of(
        intents,
        time_s=_seconds(table["time"].to_numpy()),
        intent=_places(table["type"].astype(str), intents),
        customer=customers,
        ended=table["ended"].to_numpy(np.int64),
        resolved=table["resolved"].to_numpy(np.float64),
        arm=table["arm"].to_numpy(np.int64),
    )


# Names to numbers -----------------------------------------------------------------------------------------------------


def _intents(table: pd.DataFrame, sessions: pd.DataFrame | None) -> tuple[str, ...]:
    names = {str(name) for name in table["type"].cat.categories}
    if sessions is not None:
        names |= {str(name) for name in sessions["type"].unique()}
    return tuple(sorted(names))


def _places(texts: pd.Series, intents: tuple[str, ...]) -> Ints:
    return pd.Categorical(texts, categories=list(intents)).codes.astype(np.int64)


def _seconds(times: npt.NDArray[np.datetime64]) -> npt.NDArray[np.float64]:
    return np.asarray(times.astype("datetime64[us]").astype(np.int64) / 1e6)


def _numbered(contacts: npt.NDArray[np.generic], sessions: pd.Series | None) -> Ints:
    """A number for every customer, the same in all logs; what they are called is kept nowhere."""
    whole = pd.Series(contacts, dtype=object)
    if sessions is not None:
        whole = pd.concat([whole, sessions], ignore_index=True)
    texts = whole.astype(str).str.strip()
    codes, _ = pd.factorize(texts)
    unknown = empty(texts) | texts.str.lower().isin(NAMES_OF_NOBODY)
    return np.where(unknown, NOBODY, codes).astype(np.int64)


def _linked(contacts: LoggedContacts, sessions: Sessions) -> LoggedContacts:
    """The contacts with the way to an agent that the sessions of the same customer, just before, tell."""
    if (contacts.route != Route.UNKNOWN).any() or not (contacts.customer != NOBODY).any():
        return contacts
    ways = {SessionEnd.HANDED_OVER: Route.HANDED_OVER, SessionEnd.OPTED_OUT: Route.OPTED_OUT}
    passed = np.isin(sessions.ended, list(ways)) & (sessions.customer != NOBODY)
    if not passed.any():
        return contacts
    own = sessions.chosen(passed)
    frames = [
        pd.DataFrame({"customer": rows.customer, "intent": rows.intent, "time_s": rows.time_s})
        for rows in (own, contacts)
    ]
    frames[0]["route"] = [int(ways[SessionEnd(end)]) for end in own.ended]
    frames[1]["row"] = np.arange(len(contacts))
    before, rows = (frame.sort_values("time_s", kind="stable") for frame in frames)
    joined = pd.merge_asof(rows, before, on="time_s", by=["customer", "intent"], tolerance=LINKED_WITHIN_S)  # type: ignore[arg-type]
    route = np.full(len(contacts), int(Route.STRAIGHT))
    route[joined["row"]] = joined["route"].fillna(int(Route.STRAIGHT)).to_numpy(np.int64)
    known = contacts.after & (contacts.customer != NOBODY)
    return replace(contacts, route=np.where(known, route, int(Route.UNKNOWN)))


LINKED_WITHIN_S = DAY_S / 12
"""A contact within two hours of a session that was not contained is what became of it."""
