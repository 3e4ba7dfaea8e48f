"""A log of contacts, one a row, to the few columns that fits need; who called and who answered become numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.reading.channel_kinds import Kind
from sim.calibrate.reading.channels import OUTCOME, chosen, one_kind, own_rows, words_of
from sim.calibrate.reading.contact_times import ContactTimes, filled_waits, missing_fields
from sim.calibrate.reading.import_log import ImportLog, ReadOptions, refused
from sim.calibrate.reading.layouts import INTERVALS_S, Columns
from sim.calibrate.reading.moments import changed_hours
from sim.calibrate.reading.outcomes import outcomes_of
from sim.calibrate.reading.source import ExportFile, given_day
from sim.calibrate.reading.values import Column, Floats, durations, empty

LOG_INTERVAL_S = 1800.0
LONGEST_S = 3600.0
LONGEST_CHAT_S = 4 * 3600.0
LONGEST_WAIT_S = 4 * 3600.0
YES = ("true", "1", "yes", "y", "t")
NOBODY = frozenset(
    [
        "0",
        "none",
        "no_server",
        "anonymous",
        "anon",
        "unknown",
        "private",
        "restricted",
        "withheld",
        "unavailable",
        "blocked",
        "<unknown>",
        "null",
        "undefined",
    ]
)
PEOPLE = ("agent", "customer", "contact")
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ReadContacts:
    """Contacts offered to agents.

    Attributes
    ----------
    table : one row a contact, sorted by time. ``time`` joined the queue (datetime64), ``wait_s``, ``answered``,
        ``delayed`` had to wait, ``talk_s`` and ``wrap_s`` (nan where unknown), ``type`` and ``priority`` (category),
        ``agent`` and ``customer`` (numbers, -1 unknown), ``line`` in the file.
    priority_unseen : whether the priority of those who did not have to wait is not recorded.
    channel : phone or chat; empty where nothing says.
    """

    table: pd.DataFrame
    interval_s: float
    head_starts: dict[str, float]
    has_wrap_up: bool
    priority_unseen: bool
    channel: Kind = ""


def read_calls(sources: Sequence[ExportFile], options: ReadOptions, import_log: ImportLog) -> ReadContacts:
    """Read a log of contacts, from one file or several.

    Raises
    ------
    ExportError
        With the line of what cannot be read, and what to say about what the file does not tell.
    """
    parts = []
    for number, source in enumerate(sources):
        import_log.file = number
        parts.append(_part(source, options, import_log))
    first = sources[0].columns
    frame = pd.concat([part for part, _ in parts], ignore_index=True)
    kind = one_kind([kind for _, kind in parts], import_log)
    for name in PEOPLE:
        frame[name] = _numbered(frame[name])
    frame = frame.assign(type=pd.Categorical(frame["type"]), priority=pd.Categorical(frame["priority"]))
    return _cleaned(frame, first, kind, options, import_log)


def _part(source: ExportFile, options: ReadOptions, import_log: ImportLog) -> tuple[pd.DataFrame, Kind]:
    """The contacts of one file, and their channel; people are texts still."""
    columns = source.columns
    source.refuse_missing(missing_fields(columns))
    fields = dict(columns.fields)
    if columns.layout is None and not options.head_starts:
        fields.pop("priority", None)
    raw = source.rows(fields.get("arrival", fields.get("date", fields.get("time", ""))), import_log)
    cells = {ours: Column(source.path, theirs, raw[theirs]) for ours, theirs in fields.items()}
    cells = given_day(source, cells, options, import_log)
    cells, kind = _own_contacts(cells, options, import_log)
    cells = _told_by_direction(cells)
    codes = columns.layout.outcomes if columns.layout is not None else {}
    outcomes = outcomes_of(cells, codes, _signs(cells, columns, options), options, import_log)
    kept = outcomes != 0
    if not kept.any():
        raise import_log.refused("has no answered and no abandoned contact", "Say --outcome WORD=answered")
    return _frame(chosen(cells, kept), columns, outcomes[kept] == 2, options, import_log), kind


def _own_contacts(
    cells: dict[str, Column], options: ReadOptions, import_log: ImportLog
) -> tuple[dict[str, Column], Kind]:
    """Rows of inbound contacts of one channel that went to a queue, or of what is asked for, and the channel."""
    cells, kind = own_rows(cells, options, import_log)
    if "application" in cells:
        queue = cells["application"].cells.str.strip().str.lower() == "queue"
        if queue.any():
            lines = import_log.lines_of(queue.index.to_numpy())
            import_log.drop(~queue.to_numpy(), lines, f"not in a queue ({cells['application'].name})")
            cells = chosen(cells, queue.to_numpy())
    return cells, kind


def _told_by_direction(cells: dict[str, Column]) -> dict[str, Column]:
    """Where no column has the outcome, and that of the direction says missed or abandoned, it has both."""
    if {"outcome", "answered_at"} & cells.keys() or "direction" not in cells:
        return cells
    words = {word for text in cells["direction"].cells.unique() for word in words_of(str(text))}
    return cells | {"outcome": cells["direction"]} if words & (OUTCOME - {"connected"}) else cells


def _signs(cells: dict[str, Column], columns: Columns, options: ReadOptions) -> dict[str, Floats]:
    """What shows that a contact was answered, where no column says it."""
    if "outcome" in cells:
        return {}
    signs = {}
    if "answered_at" in cells:
        signs["answered_at"] = np.where(empty(cells["answered_at"].cells), np.nan, 1.0)
    for name in ("service", "handle"):
        if name in cells and "service" not in signs:
            signs["service"] = durations(cells[name], columns.unit_of(name), options.decimal)
    return signs


# Rows ---------------------------------------------------------------------------------------------------------------


def _frame(
    cells: dict[str, Column], columns: Columns, answered: Bools, options: ReadOptions, import_log: ImportLog
) -> pd.DataFrame:
    lines = import_log.lines_of(next(iter(cells.values())).cells.index.to_numpy())
    times = ContactTimes(cells, columns, options, import_log)
    times.settled(answered)
    wait = filled_waits(times.wait(answered), answered, cells.get("wait"), lines, import_log)
    talk, wrap = times.talk(wait, answered), times.wrap_up(answered)
    texts = {name: _texts(cells, name, len(lines)) for name in ("type", "priority", *PEOPLE)}
    return pd.DataFrame(
        {
            "time": times.joined,
            "wait_s": wait,
            "answered": answered,
            "delayed": _delayed(cells, wait, answered),
            "talk_s": talk,
            "wrap_s": np.full(len(lines), np.nan) if wrap is None else wrap,
            **texts,
            "line": lines,
        }
    )


def _delayed(cells: dict[str, Column], wait: Floats, answered: Bools) -> Bools:
    """Who had to wait: as the log says, else whoever waited or gave up."""
    if "queued" not in cells:
        return (wait > 0) | ~answered
    texts = cells["queued"].cells.str.strip().str.lower()
    return np.asarray(texts.isin(YES).to_numpy() | ~answered)


def _texts(cells: dict[str, Column], name: str, rows: int) -> Any:
    return cells[name].cells.str.strip().to_numpy() if name in cells else np.full(rows, "")


def _numbered(texts: pd.Series) -> npt.NDArray[np.int32]:
    """A number for every person, -1 for the unknown; what they are called is kept nowhere."""
    codes, _ = pd.factorize(texts)
    unknown = empty(texts) | texts.str.lower().isin(NOBODY)
    return np.where(unknown, -1, codes).astype(np.int32)


# Settling -----------------------------------------------------------------------------------------------------------


def _cleaned(
    frame: pd.DataFrame, columns: Columns, kind: Kind, options: ReadOptions, import_log: ImportLog
) -> ReadContacts:
    frame = _without_repeats(frame, import_log)
    frame = _in_window(frame, options, import_log)
    frame = _without_short(frame, options, import_log)
    frame = frame.sort_values(["time", "line"], kind="stable").reset_index(drop=True)
    _odd_times(frame, kind, import_log)
    _note_clock_changes(frame, options.zone, import_log)
    head_starts = dict(options.head_starts or (columns.layout.head_starts if columns.layout else {}))
    has_wrap_up = bool(frame["wrap_s"].notna().any())
    _log_facts(frame, columns, import_log, head_starts, has_wrap_up)
    interval = log_interval(options)
    import_log.facts["interval"] = f"{interval / 60:g} min, chosen: a log has none"
    unseen = _priority_unseen(frame, import_log, head_starts)
    return ReadContacts(frame, interval, head_starts, has_wrap_up, unseen, kind)


def log_interval(options: ReadOptions) -> float:
    """Length of the intervals (s) in which a log is counted, which has none of its own: as said, else half an hour.

    Raises
    ------
    ExportError
        Where a day cannot be cut into such intervals.
    """
    interval = options.interval or LOG_INTERVAL_S
    if interval not in INTERVALS_S:
        fix = "Write 5m, 10m, 15m, 20m, 30m or 60m"
        raise refused("--interval", "is no interval of a day", fix, None, f"{interval:g} s")
    return interval


def _without_repeats(frame: pd.DataFrame, import_log: ImportLog) -> pd.DataFrame:
    """Drop rows that say exactly the same; the later rows of a contact that has an identity."""
    same = frame.duplicated([name for name in frame.columns if name != "line"]).to_numpy()
    same = same & (frame[["customer", "agent", "contact"]] >= 0).any(axis=1).to_numpy()
    import_log.drop(same, frame["line"].to_numpy(), "the same as an earlier row, cell by cell")
    frame = frame[~same]
    legs = frame["contact"].ge(0) & frame.sort_values("time", kind="stable").duplicated("contact")
    import_log.drop(
        legs.to_numpy(), frame["line"].to_numpy(), "a further row of a contact already counted (its first is kept)"
    )
    return frame[~legs].drop(columns="contact")


def _in_window(frame: pd.DataFrame, options: ReadOptions, import_log: ImportLog) -> pd.DataFrame:
    days = frame["time"].dt.normalize()
    inside = pd.Series(True, index=frame.index)
    if options.queues:
        missing = [name for name in options.queues if name not in frame["type"].cat.categories]
        if missing:
            types = ", ".join(str(name) for name in frame["type"].cat.categories[:12])
            raise refused("--queue", f"{import_log.path} has no such type", f"It has {types}", None, missing[0])
        frame = frame.assign(type=frame["type"].cat.remove_unused_categories())
        inside &= frame["type"].isin(options.queues)
    if options.first:
        inside &= days >= pd.Timestamp(options.first)
    if options.last:
        inside &= days <= pd.Timestamp(options.last)
    import_log.drop(~inside.to_numpy(), frame["line"].to_numpy(), "outside the dates or types asked for")
    if not inside.any():
        first, last = days.min().date(), days.max().date()
        raise import_log.refused("has no contact in the dates asked for", f"It has {first} to {last}")
    return frame[inside].assign(type=frame["type"][inside].cat.remove_unused_categories())


def _without_short(frame: pd.DataFrame, options: ReadOptions, import_log: ImportLog) -> pd.DataFrame:
    if options.short <= 0:
        import_log.facts["short abandons"] = "counted as abandoned, however short (--short-abandon leaves them out)"
        return frame
    short = (~frame["answered"] & (frame["wait_s"] <= options.short)).to_numpy()
    import_log.facts["short abandons"] = f"no contact: gave up within {options.short:g} s"
    import_log.drop(short, frame["line"].to_numpy(), f"gave up within {options.short:g} s")
    return frame[~short]


def _odd_times(frame: pd.DataFrame, kind: Kind, import_log: ImportLog) -> None:
    """Note times that are too long to be true, and times that are all nothing; both stop counting as talk."""
    lines, longest = frame["line"].to_numpy(), LONGEST_CHAT_S if kind == "chat" else LONGEST_S
    if not frame["answered"].any():
        raise import_log.refused("has no answered contact: handle time is not known", "Say --outcome WORD=answered")
    long = (frame["talk_s"] > longest).to_numpy()
    usual = frame["talk_s"].median()
    if long.mean() > 0.02 or not usual < longest / 2:
        fix = "Say --unit if the numbers are no seconds; handle time is what an agent worked, not the life of a ticket"
        if kind == "chat":
            fix = "Say --unit if the numbers are no seconds; messages that rest for hours are deferred work, no chats"
        raise import_log.refused(f"has talk times of {usual:g} s in the median: too long for contacts", fix)
    if usual < 2.0:
        fix = "Say --unit minutes or hours if the numbers are no seconds"
        raise import_log.refused(f"has talk times of {usual:g} s in the median: too short for contacts", fix)
    if long.any():
        import_log.note(
            f"{int(long.sum())} talk times of over {longest / 3600:g} h are left out of talk",
            int(lines[np.argmax(long)]),
        )
        frame.loc[long, "talk_s"] = np.nan
    stray = (frame["wait_s"] > LONGEST_WAIT_S).to_numpy()
    if stray.any():
        words = f"has {int(stray.sum())} waits of over {LONGEST_WAIT_S / 3600:g} h: too long for a queue"
        row = int(np.argmax(stray))
        fix = "Say --unit if the numbers are no seconds; else correct or remove these rows"
        raise import_log.refused(words, fix, int(lines[row]), f"{frame['wait_s'].iloc[row]:g} s")


def _note_clock_changes(frame: pd.DataFrame, zone: str, import_log: ImportLog) -> None:
    """Note the days on which the clock was changed: an hour of them has the contacts of two, or of none."""
    days = frame["time"].dt.normalize()
    for day in changed_hours(days.to_numpy(), zone):
        line = int(frame["line"].to_numpy()[np.argmax((days == pd.Timestamp(day)).to_numpy())])
        import_log.note(f"the clock was changed on {day}: one of its hours has the contacts of two, or none", line)


def _priority_unseen(frame: pd.DataFrame, import_log: ImportLog, head_starts: dict[str, float]) -> bool:
    """Whether a head start is recorded of hardly any contact that did not have to wait."""
    if not head_starts:
        return False
    ahead = frame["priority"].isin(head_starts).to_numpy()
    delayed = frame["delayed"].to_numpy()
    if not (~delayed).any() or not ahead.any() or ahead[~delayed].mean() > 0.2 * ahead[delayed].mean():
        return False
    import_log.note("priority is recorded of contacts that had to wait only: the others get it in the same proportion")
    return True


def _log_facts(
    frame: pd.DataFrame,
    columns: Columns,
    import_log: ImportLog,
    head_starts: dict[str, float],
    has_wrap_up: bool,
) -> None:
    fields = columns.fields
    taken = [name for name in ("wait", "service", "handle", "total") if name in fields]
    names = [f"{fields[name]} in {columns.unit_of(name) or 'h:mm:ss'}" for name in taken]
    import_log.facts["unit"] = "; ".join(names) or "moments"
    days = frame["time"].dt.normalize()
    import_log.facts["dates"] = f"{days.min().date()} to {days.max().date()}, {days.nunique()} dates with contacts"
    if head_starts:
        head_start_words = ", ".join(f"{value}: {seconds:g} s" for value, seconds in head_starts.items())
        import_log.facts["head start by priority"] = head_start_words
    elif "priority" in columns.fields:
        import_log.note("priority is not used: say --head-start VALUE=SECONDS if some are served with a head start")
    import_log.facts["not read"] = ", ".join(columns.unread) or "nothing"
    customers = "customers: who calls again is counted as new"
    for name, what, there in (("wrap_up", "wrap-up", has_wrap_up), ("customer", customers, "customer" in fields)):
        if not there:
            import_log.note(f"no column was recognised as {what}. If there is one, say --map {name}=COLUMN")
    people = [fields[name] for name in ("agent", "customer") if name in fields]
    if people:
        import_log.facts["personal"] = f"{' and '.join(people)} become numbers; nothing else of persons is read"
