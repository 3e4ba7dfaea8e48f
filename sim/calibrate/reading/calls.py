"""A log of contacts, one a row, to the few columns that fits need; who called and who answered become numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.reading.import_log import ImportLog, ReadOptions, refused
from sim.calibrate.reading.layouts import INTERVALS_S, Columns, refuse_missing
from sim.calibrate.reading.text import Shape, read_rows
from sim.calibrate.reading.values import Column, changed_hours, durations, empty, moments, wall_clock

LOG_INTERVAL_S = 1800.0
LONGEST_S = 3600.0
LONGEST_WAIT_S = 4 * 3600.0
FEW_EMPTY = 0.02
ANSWERED, ABANDONED, DROPPED = "answered", "abandoned", "dropped"
BEFORE_QUEUE = re.compile(r"(vru|ivr|menu|before.?queue)", re.I)
WORDS = (
    (ANSWERED, re.compile(r"^(served|answered|handled|completed|agent|connected|true|1|yes)$", re.I)),
    (ABANDONED, re.compile(r"^(abandon\w*|hang|hangup|hung.?up|lost|reneged|gave.?up|false|0|no)$", re.I)),
    (DROPPED, re.compile(r"^(phantom|test|error|transferred|outbound)$", re.I)),
)
NO, YES = ("false", "0", "no", "n", "f"), ("true", "1", "yes", "y", "t")


@dataclass(frozen=True)
class ReadContacts:
    """Contacts offered to agents.

    Attributes
    ----------
    table : one row a contact, sorted by time. ``time`` joined the queue (datetime64), ``wait_s``, ``answered``,
        ``delayed`` had to wait, ``talk_s`` and ``wrap_s`` (nan where unknown), ``type`` and ``priority`` (category),
        ``agent`` and ``customer`` (numbers, -1 unknown), ``line`` in the file.
    priority_unseen : whether the priority of those who did not have to wait is not recorded.
    """

    table: pd.DataFrame
    interval_s: float
    head_starts: dict[str, float]
    has_wrap_up: bool
    priority_unseen: bool


def read_calls(shape: Shape, columns: Columns, options: ReadOptions, import_log: ImportLog) -> ReadContacts:
    """Read a log of contacts.

    Raises
    ------
    ExportError
        With the line of what cannot be read, and what to say about what the file does not tell.
    """
    _need(shape, columns)
    fields = dict(columns.fields)
    if columns.layout is None and not options.head_starts:
        fields.pop("priority", None)
    date = fields.get("arrival", fields.get("date", ""))
    raw = read_rows(shape, columns.names, list(fields.values()), columns.headless, date, import_log)
    lines = raw.index.to_numpy(np.int64)
    cells = {ours: Column(shape.path, theirs, raw[theirs]) for ours, theirs in fields.items()}
    outcomes = _outcomes(cells, options, import_log)
    kept = outcomes != 0
    if not kept.any():
        raise refused(shape.path, "has no answered and no abandoned contact", "Say --outcome WORD=answered")
    frame = _frame(cells, columns, options, import_log, outcomes, kept, lines)
    return _cleaned(frame, fields, columns, options, import_log)


def _need(shape: Shape, columns: Columns) -> None:
    has = columns.fields.keys()
    clock = "arrival" in has or {"date", "time"} <= has
    missing = [name for name in ("wait", "service") if name not in has]
    if not ("outcome" in has or "agent" in has):
        missing.append("outcome")
    refuse_missing(shape, columns, missing if clock else ["arrival", *missing])


# Outcomes -----------------------------------------------------------------------------------------------------------


def _outcomes(cells: dict[str, Column], options: ReadOptions, import_log: ImportLog) -> npt.NDArray[np.int8]:
    """2 answered, 1 abandoned, 0 dropped, for every row."""
    if "outcome" not in cells:
        import_log.facts["outcome"] = "answered where an agent is named, else abandoned"
        return np.where(empty(cells["agent"].cells), 1, 2).astype(np.int8)
    column = cells["outcome"]
    codes, unique = pd.factorize(column.cells.str.strip())
    meanings = [_meaning(str(word), options) for word in unique]
    if None in meanings:
        place = meanings.index(None)
        line = int(column.cells.index[int(np.argmax(codes == place))])
        fix = "Say --outcome WORD=answered, WORD=abandoned or WORD=dropped"
        raise refused(
            column.path, f"{column.name}: what this outcome means cannot be known", fix, line, str(unique[place])
        )
    lines = column.cells.index.to_numpy(np.int64)
    for place, meaning in enumerate(meanings):
        if meaning == DROPPED:
            why = "left before the queue" if BEFORE_QUEUE.search(unique[place]) else "neither answered nor abandoned"
            import_log.drop(codes == place, lines, f"{why} ({column.name} {unique[place]!r})")
    values = np.array([{ANSWERED: 2, ABANDONED: 1, DROPPED: 0}[str(m)] for m in meanings], np.int8)
    readings = [f"{word} is {m}" for word, m in zip(unique, meanings, strict=True) if m != DROPPED]
    import_log.facts["outcome"] = "; ".join(readings[:8])
    return np.asarray(values[codes])


def _meaning(word: str, options: ReadOptions) -> str | None:
    if word in options.outcomes:
        return options.outcomes[word]
    if BEFORE_QUEUE.search(word):
        return DROPPED
    return next((name for name, pattern in WORDS if pattern.match(word.replace("_queue", ""))), None)


# Times and people ---------------------------------------------------------------------------------------------------


def _frame(
    cells: dict[str, Column],
    columns: Columns,
    options: ReadOptions,
    import_log: ImportLog,
    outcomes: npt.NDArray[np.int8],
    kept: npt.NDArray[np.bool_],
    lines: npt.NDArray[np.int64],
) -> pd.DataFrame:
    cells = {ours: Column(column.path, column.name, column.cells[kept]) for ours, column in cells.items()}
    whole, time = cells.get("arrival", cells.get("date")), cells.get("time") if "arrival" not in cells else None
    assert whole is not None
    joined = wall_clock(moments(whole, time, options.dates), options, import_log)
    answered = outcomes[kept] == 2
    wait = _waits(cells, columns, options, import_log)
    talk = np.where(answered, _seconds(cells, "service", columns, options), np.nan)
    wrap = np.where(answered, _seconds(cells, "wrap_up", columns, options), np.nan)
    if "before_queue" in cells:
        before = np.nan_to_num(_seconds(_unsigned(cells), "before_queue", columns, options))
        joined = joined + (before * 1e6).round().astype("timedelta64[us]")
        import_log.facts["joins the queue"] = f"at arrival plus {cells['before_queue'].name}"
    return pd.DataFrame(
        {
            "time": joined,
            "wait_s": wait,
            "answered": answered,
            "delayed": _delayed(cells, wait, answered),
            "talk_s": talk,
            "wrap_s": wrap,
            "type": _category(cells, "type", int(kept.sum())),
            "priority": _category(cells, "priority", int(kept.sum())),
            "agent": _people(cells, "agent", int(kept.sum())),
            "customer": _people(cells, "customer", int(kept.sum())),
            "contact": _people(cells, "contact", int(kept.sum())),
            "line": lines[kept],
        }
    )


def _waits(
    cells: dict[str, Column], columns: Columns, options: ReadOptions, import_log: ImportLog
) -> npt.NDArray[np.float64]:
    """Time in the queue; a few empty cells count as no wait, with a note, and many are refused."""
    wait, column = _seconds(cells, "wait", columns, options), cells["wait"]
    missing = np.isnan(wait)
    if missing.any():
        line = int(column.cells.index[int(np.argmax(missing))])
        words = f"{column.name}: {int(missing.sum()):,} of {len(wait):,} contacts have no wait"
        if missing.mean() > FEW_EMPTY:
            raise refused(
                column.path, words, "Export the time in the queue of every contact, 0 where there was none", line
            )
        import_log.note(f"{words}: taken as none", line)
    return np.nan_to_num(wait)


def _seconds(cells: dict[str, Column], name: str, columns: Columns, options: ReadOptions) -> npt.NDArray[np.float64]:
    if name not in cells:
        return np.full(len(next(iter(cells.values())).cells), np.nan)
    return durations(cells[name], columns.unit_of(name), options.decimal)


def _unsigned(cells: dict[str, Column]) -> dict[str, Column]:
    """The time before the queue with negative cells, a fault of some switches, as 0."""
    column = cells["before_queue"]
    below = column.cells.str.startswith("-")
    return cells | {"before_queue": Column(column.path, column.name, column.cells.mask(below, "0"))}


def _delayed(
    cells: dict[str, Column], wait: npt.NDArray[np.float64], answered: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Who had to wait: as the log says, else whoever waited or gave up."""
    if "queued" not in cells:
        return (wait > 0) | ~answered
    texts = cells["queued"].cells.str.strip().str.lower()
    return np.asarray(texts.isin(YES).to_numpy() | ~answered)


def _category(cells: dict[str, Column], name: str, rows: int) -> Any:
    if name not in cells:
        return pd.Categorical([""] * rows)
    return pd.Categorical(cells[name].cells.str.strip())


def _people(cells: dict[str, Column], name: str, rows: int) -> npt.NDArray[np.int32]:
    """A number for every person, -1 for the unknown; what they are called is kept nowhere."""
    if name not in cells:
        return np.full(rows, -1, np.int32)
    texts = cells[name].cells.str.strip()
    codes, _ = pd.factorize(texts)
    unknown = empty(texts) | texts.isin(("0", "NO_SERVER"))
    return np.where(unknown, -1, codes).astype(np.int32)


# Settling -----------------------------------------------------------------------------------------------------------


def _cleaned(
    frame: pd.DataFrame, fields: dict[str, str], columns: Columns, options: ReadOptions, import_log: ImportLog
) -> ReadContacts:
    frame = _without_repeats(frame, import_log)
    frame = _in_window(frame, options, import_log)
    frame = _without_short(frame, options, import_log)
    frame = frame.sort_values(["time", "line"], kind="stable").reset_index(drop=True)
    _odd_times(frame, import_log)
    _note_clock_changes(frame, options.zone, import_log)
    head_starts = dict(options.head_starts or (columns.layout.head_starts if columns.layout else {}))
    _log_facts(frame, fields, columns, options, import_log, head_starts)
    interval = options.interval or LOG_INTERVAL_S
    if interval not in INTERVALS_S:
        raise refused(
            "--interval", "is no interval of a day", "Write 5m, 10m, 15m, 20m, 30m or 60m", None, f"{interval:g} s"
        )
    import_log.facts["interval"] = f"{interval / 60:g} min, chosen: a log has none"
    return ReadContacts(
        frame, interval, head_starts, "wrap_up" in fields, _priority_unseen(frame, import_log, head_starts)
    )


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
        raise refused(import_log.path, "has no contact in the dates asked for", f"It has {first} to {last}")
    return frame[inside].assign(type=frame["type"][inside].cat.remove_unused_categories())


def _without_short(frame: pd.DataFrame, options: ReadOptions, import_log: ImportLog) -> pd.DataFrame:
    if options.short <= 0:
        import_log.facts["short abandons"] = "counted as abandoned, however short (--short-abandon leaves them out)"
        return frame
    short = (~frame["answered"] & (frame["wait_s"] <= options.short)).to_numpy()
    import_log.facts["short abandons"] = f"no contact: gave up within {options.short:g} s"
    import_log.drop(short, frame["line"].to_numpy(), f"gave up within {options.short:g} s")
    return frame[~short]


def _odd_times(frame: pd.DataFrame, import_log: ImportLog) -> None:
    """Note times that are too long to be true, and times that are all nothing; both stop counting as talk."""
    lines = frame["line"].to_numpy()
    if not frame["answered"].any():
        raise refused(
            import_log.path, "has no answered contact: handle time is not known", "Say --outcome WORD=answered"
        )
    long = (frame["talk_s"] > LONGEST_S).to_numpy()
    usual = frame["talk_s"].median()
    if long.mean() > 0.02 or not usual < LONGEST_S / 2:
        fix = "Say --unit if the numbers are no seconds; handle time is what an agent worked, not the life of a ticket"
        raise refused(import_log.path, f"has talk times of {usual:g} s in the median: too long for contacts", fix)
    if usual < 2.0:
        fix = "Say --unit minutes or hours if the numbers are no seconds"
        raise refused(import_log.path, f"has talk times of {usual:g} s in the median: too short for contacts", fix)
    if long.any():
        import_log.note(
            f"{int(long.sum())} talk times of over an hour are left out of talk", int(lines[np.argmax(long)])
        )
        frame.loc[long, "talk_s"] = np.nan
    stray = (frame["wait_s"] > LONGEST_WAIT_S).to_numpy()
    if stray.any():
        words = f"has {int(stray.sum())} waits of over {LONGEST_WAIT_S / 3600:g} h: too long for a queue"
        row = int(np.argmax(stray))
        fix = "Say --unit if the numbers are no seconds; else correct or remove these rows"
        raise refused(import_log.path, words, fix, int(lines[row]), f"{frame['wait_s'].iloc[row]:g} s")


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
    fields: dict[str, str],
    columns: Columns,
    options: ReadOptions,
    import_log: ImportLog,
    head_starts: dict[str, float],
) -> None:
    names = [f"{columns.fields[name]} in {columns.unit_of(name) or 'h:mm:ss'}" for name in ("wait", "service")]
    import_log.facts["unit"] = "; ".join(names)
    days = frame["time"].dt.normalize()
    import_log.facts["dates"] = f"{days.min().date()} to {days.max().date()}, {days.nunique()} dates with contacts"
    if head_starts:
        head_start_words = ", ".join(f"{value}: {seconds:g} s" for value, seconds in head_starts.items())
        import_log.facts["head start by priority"] = head_start_words
    elif "priority" in columns.fields:
        import_log.note("priority is not used: say --head-start VALUE=SECONDS if some are served with a head start")
    unread = ", ".join(name for name in columns.names if name not in fields.values())
    import_log.facts["not read"] = unread or "nothing"
    for name, what in (("wrap_up", "wrap-up"), ("customer", "customers: who calls again is counted as new")):
        if name not in fields:
            import_log.note(f"no column was recognised as {what}. If there is one, say --map {name}=COLUMN")
    people = [fields[name] for name in ("agent", "customer") if name in fields]
    if people:
        import_log.facts["personal"] = f"{' and '.join(people)} become numbers; nothing else of persons is read"
