"""An export with a row an interval and queue, to the few columns that fits need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.calibrate.reading.channel_kinds import Kind
from sim.calibrate.reading.channels import chosen, one_kind, own_rows
from sim.calibrate.reading.daily import refuse_days
from sim.calibrate.reading.duplicates import once_only
from sim.calibrate.reading.handle_times import IntervalTimes
from sim.calibrate.reading.import_log import FILE_LINES, ImportLog, ReadOptions, refused
from sim.calibrate.reading.layouts import INTERVALS_S, TIMES, Columns
from sim.calibrate.reading.moments import moments, wall_clock
from sim.calibrate.reading.source import ExportFile, given_day
from sim.calibrate.reading.text import read_columns
from sim.calibrate.reading.values import Column, Floats, empty, numbers

COUNTS = ("offered", "answered", "abandoned", "short_abandoned", "overflow_in", "overflow_out", "agents")
LONGEST_AHT_S, SHORTEST_AHT_S = 2 * 3600.0, 5.0


@dataclass(frozen=True)
class Intervals:
    """Contacts by interval and queue.

    Attributes
    ----------
    table : one row an interval and queue, sorted. ``time`` it begins (datetime64), ``queue``, ``offered``,
        ``answered``, ``abandoned``, ``wait_answered_s``, ``wait_abandoned_s``, ``talk_s``, ``wrap_s`` (sums; nan where
        unknown), ``agents`` (mean), ``line`` in the file.
    interval_s : length of an interval.
    has : the fields that the export has.
    channel : phone, chat or deferred; empty where nothing says.
    """

    table: pd.DataFrame
    interval_s: float
    has: frozenset[str]
    channel: Kind = ""


def read_intervals(sources: Sequence[ExportFile], options: ReadOptions, import_log: ImportLog) -> Intervals:
    """Read an export of intervals, from one file or several.

    Raises
    ------
    ExportError
        With the line of what cannot be read, and what to say about what the file does not tell.
    """
    parts = []
    for number, source in enumerate(sources):
        import_log.file = number
        parts.append(_part(source, options, import_log))
    columns = sources[0].columns
    frame = pd.concat([part for part, _, _ in parts], ignore_index=True)
    said = [length for _, length, _ in parts if length]
    frame = _wanted(frame, options, import_log)
    if not (frame["time"].dt.normalize() != frame["time"]).any() and frame["time"].nunique() > 1:
        refuse_days(sources, options)
    length = _length(frame, max(said, default=0.0), options, import_log)
    together = options.add_up and "queue" not in options.mapped
    frame = once_only(frame, length, options, together, import_log)
    has = frozenset(columns.fields)
    _plausible(frame, import_log)
    _log_facts(frame, columns, has, import_log)
    return Intervals(frame, length, has, one_kind([kind for *_, kind in parts], import_log))


def _part(source: ExportFile, options: ReadOptions, import_log: ImportLog) -> tuple[pd.DataFrame, float, Kind]:
    """The intervals of one file, how long it says that each of them is (s; 0 for not), and their channel."""
    columns = source.columns
    source.refuse_missing(_missing(source))
    first = columns.fields.get("start", columns.fields.get("date", columns.fields.get("time", "")))
    raw = source.rows(first, import_log)
    cells = {ours: Column(source.path, theirs, raw[theirs]) for ours, theirs in columns.fields.items()}
    cells = given_day(source, cells, options, import_log)
    cells, kind = own_rows(cells, options, import_log)
    cells = _without_blanks(cells, import_log)
    frame, length = _frame(cells, columns, options, import_log)
    if options.add_up:
        frame = frame.assign(whole_row=_row_marks(source, frame["line"]))
    return frame, length or _said_length(cells), kind


def _missing(source: ExportFile) -> list[str]:
    has = source.columns.fields.keys()
    missing = [] if "start" in has or {"date", "time"} <= has else ["time"] if "date" in has else ["start"]
    missing += [] if "offered" in has or {"answered", "abandoned"} <= has else ["offered"]
    missing += [] if has & {"aht", "handle", "talk", "mean_talk"} else ["aht"]
    return missing


def _without_blanks(cells: dict[str, Column], import_log: ImportLog) -> dict[str, Column]:
    """Leave out rows that have a time and nothing else."""
    counts = [cells[name].cells for name in COUNTS if name in cells and name != "agents"]
    blank = np.logical_and.reduce([empty(column).to_numpy() for column in counts])
    if not blank.any() or blank.all():
        return cells
    import_log.drop(blank, import_log.lines_of(counts[0].index.to_numpy()), "no count in them")
    return chosen(cells, ~blank)


def _frame(
    cells: dict[str, Column], columns: Columns, options: ReadOptions, import_log: ImportLog
) -> tuple[pd.DataFrame, float]:
    whole = cells.get("start", cells.get("date"))
    assert whole is not None
    clock = cells.get("time") if "start" not in cells else None
    lines = import_log.lines_of(whole.cells.index.to_numpy())
    read = {name: numbers(cells[name], options.decimal) for name in COUNTS if name in cells}
    nothing = np.full(len(lines), np.nan)
    answered, abandoned = read.get("answered", nothing), read.get("abandoned", nothing)
    both = np.nan_to_num(answered) + np.nan_to_num(abandoned)
    offered = np.where(np.isnan(read["offered"]), both, read["offered"]) if "offered" in read else both
    answered, abandoned = _other_count(read, offered, import_log)
    handled = offered if np.isnan(answered).all() else answered
    times = IntervalTimes(cells, columns, options, import_log)
    times.settle(handled, abandoned)
    _note_empty(cells, read | times.told, import_log)
    talk, wrap = times.work(handled)
    begins = moments(whole, clock, options.dates)
    frame = pd.DataFrame(
        {
            "time": wall_clock(begins, options, import_log),
            "queue": cells["queue"].cells.str.strip().to_numpy() if "queue" in cells else "contacts",
            "offered": np.nan_to_num(offered),
            "answered": answered,
            "abandoned": abandoned,
            "wait_answered_s": times.wait_answered(answered),
            "wait_abandoned_s": times.wait_abandoned(abandoned),
            "talk_s": talk,
            "wrap_s": wrap,
            "agents": read.get("agents", nothing),
            "line": lines,
        }
    )
    for name, of in (("wait_answered_s", "answered"), ("wait_abandoned_s", "abandoned")):
        if frame[name].notna().any():
            frame[name] = frame[name].mask(frame[of] == 0, 0.0)
    direct = columns.layout is not None and columns.layout.name == "teleopti"
    _note_flows(read, frame, direct, import_log)
    return frame, 0.0 if begins.length_s is None else float(np.nanmedian(begins.length_s))


def _other_count(read: dict[str, Floats], offered: Floats, import_log: ImportLog) -> tuple[Floats, Floats]:
    """Answered and abandoned; where one of them is not in the export, what the other leaves of the offered."""
    nothing = np.full(len(offered), np.nan)
    answered, abandoned = read.get("answered", nothing), read.get("abandoned", nothing)
    if "abandoned" in read and "answered" not in read:
        answered = np.maximum(offered - np.nan_to_num(abandoned), 0.0)
        import_log.facts["answered"] = "offered less abandoned"
    return answered, abandoned


def _note_empty(cells: dict[str, Column], read: dict[str, Floats], import_log: ImportLog) -> None:
    """Note the columns of which some cells are empty."""
    for name, values in read.items():
        missing = np.isnan(values)
        if missing.any() and not missing.all():
            line = int(import_log.lines_of(cells[name].cells.index.to_numpy())[int(np.argmax(missing))])
            import_log.note(f"{cells[name].name}: {int(missing.sum()):,} empty cells, left out of its means", line)


def _note_flows(read: dict[str, Floats], frame: pd.DataFrame, direct: bool, import_log: ImportLog) -> None:
    """Say what was made of contacts that went from queue to queue, and of those that gave up soon."""
    lines = frame["line"].to_numpy()
    for name, way in (("overflow_in", "came from another queue"), ("overflow_out", "went on to another queue")):
        if name in read and (total := float(np.nansum(read[name]))) > 0:
            line = int(lines[np.argmax(np.nan_to_num(read[name]) > 0)])
            counted = "each is counted once, where it was first offered"
            if not direct:
                counted = "counted twice if offered counts them in both queues; --queue chooses"
            import_log.note(f"{total:,.0f} contacts {way}: {counted}", line)
    if "short_abandoned" in read:
        total = float(np.nansum(read["short_abandoned"]))
        import_log.facts["short abandons"] = (
            f"{total:,.0f}, counted among the abandoned; their threshold is not in the file"
        )
    else:
        import_log.facts["short abandons"] = "as the export counts them: its threshold is not in the file"


def _wanted(frame: pd.DataFrame, options: ReadOptions, import_log: ImportLog) -> pd.DataFrame:
    """The queues and dates that were asked for."""
    lines, keep = frame["line"].to_numpy(), np.ones(len(frame), bool)
    if options.queues:
        missing = [name for name in options.queues if name not in set(frame["queue"])]
        if missing:
            queues = ", ".join(sorted(set(frame["queue"])))
            raise refused("--queue", f"{import_log.path} has no such queue", f"It has {queues}", None, missing[0])
        other = ~frame["queue"].isin(options.queues).to_numpy()
        import_log.drop(other, lines, "of queues not asked for")
        keep &= ~other
    days = frame["time"].dt.normalize()
    early = (days < pd.Timestamp(options.first)).to_numpy() if options.first else ~keep & False
    late = (days > pd.Timestamp(options.last)).to_numpy() if options.last else ~keep & False
    import_log.drop(keep & (early | late), lines, "outside the dates asked for")
    keep &= ~(early | late)
    if not keep.any():
        first, last = days.min().date(), days.max().date()
        raise import_log.refused("has no row in the dates asked for", f"It has {first} to {last}")
    return frame[keep].sort_values(["time", "queue", "line"], kind="stable").reset_index(drop=True)


def _length(frame: pd.DataFrame, said: float, options: ReadOptions, import_log: ImportLog) -> float:
    """The length of an interval: what the steps between rows say; the file's own column or ranges must agree."""
    times = np.unique(frame["time"].to_numpy("M8[s]").astype(np.int64))
    steps = np.diff(times)
    steps = steps[(steps > 0) & (steps <= 3600)]
    if not steps.size:
        raise import_log.refused("has one interval a day or fewer", "Export by half-hour or quarter of an hour")
    values, counts = np.unique(steps, return_counts=True)
    length = float(values[np.argmax(counts)])
    for who, value in (("--interval", options.interval), (import_log.path, said)):
        if value and value != length and (who == "--interval" or not options.interval):
            words = f"says intervals of {value / 60:g} min, but the rows are {length / 60:g} min apart"
            raise refused(who, words, f"Say --interval {length / 60:g}m if that is right")
    if length not in INTERVALS_S:
        fix = "Export by 5, 10, 15, 20, 30 or 60 minutes"
        raise import_log.refused(f"has intervals of {length / 60:g} min", fix, int(frame["line"].iloc[0]))
    off = np.flatnonzero((frame["time"].to_numpy("M8[s]").astype(np.int64) % int(length)) != 0)
    if off.size:
        row = frame.iloc[int(off[0])]
        raise import_log.refused(
            f"does not begin on a multiple of {length / 60:g} min",
            "",
            int(row["line"]),
            str(row["time"]),
        )
    import_log.facts["interval"] = f"{length / 60:g} min"
    return length


def _said_length(cells: dict[str, Column]) -> float:
    """The length that the file's own column says (s), in minutes or in seconds; 0 for none."""
    if "length" not in cells:
        return 0.0
    said = numbers(cells["length"])
    value = float(np.nanmedian(said)) if (said > 0).any() else 0.0
    return value if value >= 300 else value * 60.0


def _plausible(frame: pd.DataFrame, import_log: ImportLog) -> None:
    """Refuse handle times that cannot be those of contacts; note rows that have none although contacts were handled."""
    handled = frame["answered"].fillna(frame["offered"]).to_numpy()
    _refuse_impossible(frame, import_log)
    work = (frame["talk_s"].fillna(0.0) + frame["wrap_s"].fillna(0.0)).to_numpy()
    empty = (handled > 0) & (work <= 0)
    if not handled.any():
        raise import_log.refused("has no contact handled: handle time is not known", "Map answered and aht")
    aht = float(work.sum() / max(handled[~empty].sum(), 1.0))
    if aht > LONGEST_AHT_S:
        fix = "Say --unit if the numbers are no seconds; if they are the lives of tickets, they are no handle times"
        raise import_log.refused(f"has handle times of {aht / 3600:.1f} h on average: too long for contacts", fix)
    if aht < SHORTEST_AHT_S:
        fix = "Say --unit minutes or hours if the numbers are no seconds"
        raise import_log.refused(f"has handle times of {aht:.2g} s on average: too short for contacts", fix)
    if empty.any():
        line = int(frame["line"].to_numpy()[np.argmax(empty)])
        import_log.note(
            f"{int(empty.sum())} rows with contacts handled and no handle time: left out of handle time", line
        )
        frame.loc[empty, ["talk_s", "wrap_s"]] = np.nan
    more = handled > frame["offered"].to_numpy() + 0.5
    if more.any() and handled.sum() > 1.02 * frame["offered"].sum():
        line = int(frame["line"].to_numpy()[np.argmax(more)])
        import_log.note(
            f"{int(more.sum())} rows have more answered than offered: contacts of earlier intervals or queues", line
        )


def _refuse_impossible(frame: pd.DataFrame, import_log: ImportLog) -> None:
    """Refuse counts that cannot be, and take waits that are nothing, although many gave up, as not told."""
    for name in ("abandoned", "answered"):
        more = (frame[name] > frame["offered"]).to_numpy()
        if more.any() and (name == "abandoned" or frame[name].sum() > 1.2 * frame["offered"].sum()):
            row = frame.iloc[int(np.argmax(more))]
            words = f"{int(more.sum())} rows have more {name} than offered"
            fix = f"Look at what offered and {name} count, and at --map"
            raise import_log.refused(words, fix, int(row["line"]), f"{row[name]:g} of {row['offered']:g}")
    if frame["wait_answered_s"].sum() == 0 and frame["abandoned"].sum() > 0 and frame["wait_answered_s"].notna().any():
        words = "the answered waited 0 s in every row although contacts gave up: taken as not told"
        import_log.note(words, int(frame["line"].iloc[0]))
        frame["wait_answered_s"] = np.nan


def _log_facts(frame: pd.DataFrame, columns: Columns, has: frozenset[str], import_log: ImportLog) -> None:
    units = sorted({columns.unit_of(name) or "h:mm:ss" for name in has & TIMES["intervals"]})
    import_log.facts["unit"] = f"times in {' and '.join(units)}"
    days = frame["time"].dt.normalize()
    import_log.facts["dates"] = f"{days.min().date()} to {days.max().date()}"
    queues = list(dict.fromkeys(frame["queue"]))
    import_log.facts["queues"] = ", ".join(queues[:12]) + (f" and {len(queues) - 12} more" if len(queues) > 12 else "")
    import_log.facts["not read"] = ", ".join(columns.unread) or "nothing"


def _row_marks(source: ExportFile, lines: pd.Series) -> list[str]:
    """All cells of each row as one mark, so that the same row twice is told from two parts of an interval."""
    table = read_columns(source.shape, source.columns.names, source.columns.names, source.columns.headless)
    marks = pd.util.hash_pandas_object(table, index=False)
    return marks.loc[lines.to_numpy() % FILE_LINES].astype(str).tolist()
