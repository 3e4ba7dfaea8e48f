"""A log of deferred work (tickets, e-mail, cases), one item a row: when it came, when it was done, what it took."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.calibrate.reading.calls import log_interval
from sim.calibrate.reading.channels import own_rows
from sim.calibrate.reading.import_log import ImportLog, ReadOptions, refused
from sim.calibrate.reading.moments import moments, wall_clock
from sim.calibrate.reading.source import ExportFile
from sim.calibrate.reading.values import Column, Floats, durations

LONGEST_WORK_S = 4 * 3600.0


@dataclass(frozen=True)
class ReadItems:
    """Items of deferred work.

    Attributes
    ----------
    table : one row an item, sorted. ``opened``, ``closed`` and ``due`` (datetime64; NaT for open, and where nothing is
        due), ``work_s`` (nan where unknown), ``type`` (category), ``line`` in the file.
    first, last : midnights of the first and the last day; what came before the first is its backlog.
    """

    table: pd.DataFrame
    first: pd.Timestamp
    last: pd.Timestamp
    interval_s: float


def read_items(sources: Sequence[ExportFile], options: ReadOptions, import_log: ImportLog) -> ReadItems:
    """Read a log of deferred work, from one file or several.

    Raises
    ------
    ExportError
        With the line of what cannot be read.
    """
    parts = []
    for number, source in enumerate(sources):
        import_log.file = number
        parts.append(_part(source, options, import_log))
    frame = pd.concat(parts, ignore_index=True).sort_values(["opened", "line"], kind="stable").reset_index(drop=True)
    _refuse_backwards(frame, import_log)
    frame = _of_types(frame, options, import_log)
    first, last = _days(frame, options, import_log)
    frame = _in_window(frame, first, last, import_log)
    interval = log_interval(options)
    _facts(frame, sources[0], first, last, import_log)
    return ReadItems(frame.assign(type=pd.Categorical(frame["type"])), first, last, interval)


def _part(source: ExportFile, options: ReadOptions, import_log: ImportLog) -> pd.DataFrame:
    fields = source.columns.fields
    raw = source.rows(fields.get("opened", ""), import_log)
    cells = {ours: Column(source.path, theirs, raw[theirs]) for ours, theirs in fields.items()}
    if options.channels:
        cells, _ = own_rows(cells, options, import_log)
    source.refuse_missing([name for name in ("opened", "closed") if name not in fields])
    count = len(cells["opened"].cells)
    read = {
        name: wall_clock(moments(cells[name], None, options.dates, may_lack=name != "opened"), options, import_log)
        for name in ("opened", "closed", "due")
        if name in cells
    }
    work = np.full(count, np.nan)
    if "work" in cells:
        work = durations(cells["work"], source.columns.unit_of("work"), options.decimal)
    return pd.DataFrame(
        {
            "opened": read["opened"],
            "closed": read["closed"],
            "due": read.get("due", np.full(count, np.datetime64("NaT", "us"))),
            "work_s": _plausible(work, cells, import_log),
            "type": cells["type"].cells.str.strip().to_numpy() if "type" in cells else np.full(count, ""),
            "line": import_log.lines_of(cells["opened"].cells.index.to_numpy()),
        }
    )


def _plausible(work: Floats, cells: dict[str, Column], import_log: ImportLog) -> Floats:
    """Work times; refused where they are as long as items lie open."""
    usual = float(np.nanmedian(work)) if (~np.isnan(work)).any() else math.nan
    if usual > LONGEST_WORK_S:
        words = f"{cells['work'].name}: {usual / 3600:.1f} h in the median are no work: items lie that long"
        fix = "Say --unit if the numbers are no seconds; else leave it out with --handle-time TIME, as it is worked"
        raise import_log.refused(words, fix)
    return np.where(work > 0, work, np.nan)


def _refuse_backwards(frame: pd.DataFrame, import_log: ImportLog) -> None:
    early = (frame["closed"] < frame["opened"]).to_numpy()
    if early.any():
        rows = [(int(line), str(closed)[:19]) for line, closed in frame.loc[early, ["line", "closed"]].to_numpy()]
        raise import_log.several(rows, "is closed before it was opened", "Correct the row, or say --map closed=COLUMN")
    if frame["closed"].isna().all():
        raise import_log.refused("has no item that is closed", "Say --map closed=COLUMN")


def _of_types(frame: pd.DataFrame, options: ReadOptions, import_log: ImportLog) -> pd.DataFrame:
    """The types that are asked for."""
    types = set(frame["type"])
    missing = [name for name in options.queues if name not in types]
    if missing:
        known = ", ".join(sorted(types)[:12])
        raise refused("--queue", f"{import_log.path} has no such type", f"It has {known}", None, missing[0])
    other = ~frame["type"].isin(options.queues or types).to_numpy()
    import_log.drop(other, frame["line"].to_numpy(), "of types not asked for")
    return frame[~other].reset_index(drop=True)


def _days(frame: pd.DataFrame, options: ReadOptions, import_log: ImportLog) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first day on which work was done, or the one asked for, and the last day of the log."""
    first = pd.Timestamp(options.first) if options.first else frame["closed"].min().normalize()
    newest = max(frame["opened"].max(), frame["closed"].max()).normalize()
    last = min(pd.Timestamp(options.last), newest) if options.last else newest
    if last < first or not ((frame["opened"] >= first) & (frame["opened"] < last + pd.Timedelta(days=1))).any():
        span = f"{frame['opened'].min().date()} to {newest.date()}"
        raise import_log.refused("has no item in the dates asked for", f"It has {span}")
    return first, last


def _in_window(frame: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, import_log: ImportLog) -> pd.DataFrame:
    """The items that came until the last day and were open on the first or later; what is closed later is open."""
    end, lines = last + pd.Timedelta(days=1), frame["line"].to_numpy()
    done = (frame["closed"] < first).to_numpy()
    late = (frame["opened"] >= end).to_numpy()
    import_log.drop(done, lines, "closed before the first day")
    import_log.drop(late, lines, "opened after the last day")
    kept = frame[~done & ~late].reset_index(drop=True)
    return kept.assign(closed=kept["closed"].where(kept["closed"] < end))


def _facts(
    frame: pd.DataFrame, source: ExportFile, first: pd.Timestamp, last: pd.Timestamp, import_log: ImportLog
) -> None:
    before, still_open = int((frame["opened"] < first).sum()), int(frame["closed"].isna().sum())
    import_log.facts["dates"] = f"{first.date()} to {last.date()}"
    import_log.facts["backlog"] = f"{before:,} items came before {first.date()} and were open then"
    import_log.facts["open"] = f"{still_open:,} items at the end of {last.date()}"
    import_log.facts["not read"] = ", ".join(source.columns.unread) or "nothing"
    if not still_open:
        import_log.note(
            "no item is open at the end: if only closed items were exported, the last days have too few. --to chooses"
        )
