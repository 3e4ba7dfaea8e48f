"""Rows that come twice, hours that come twice, and calls that two queues count."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.reading.import_log import ImportLog, ReadOptions
from sim.calibrate.reading.moments import changed_hours

SAME, ALMOST, ENOUGH = 0.97, 0.85, 20
MOST_PARTS = 7
CHANGE_MONTHS = (3, 4, 9, 10, 11)
EARLY = 5
Bools = npt.NDArray[np.bool_]


def once_only(
    frame: pd.DataFrame, length: float, options: ReadOptions, together: bool, import_log: ImportLog
) -> pd.DataFrame:
    """Each interval of each queue once, and each contact in one queue.

    Parameters
    ----------
    options : `add_up` has rows of an interval added up; `together` those of all its queues.

    Raises
    ------
    ExportError
        With the lines, where two rows of an interval contradict each other, or two queues count the same contacts.
    """
    frame = _without_repeats(frame, length, options, import_log)
    if options.add_up:
        frame = _added_up(_without_totals(frame, import_log), together, import_log)
    frame = _without_totals(frame, import_log)
    _refuse_twins(frame, import_log)
    return frame.reset_index(drop=True)


SUMS = ("offered", "answered", "abandoned", "wait_answered_s", "wait_abandoned_s", "talk_s", "wrap_s", "agents")


def _added_up(frame: pd.DataFrame, together: bool, import_log: ImportLog) -> pd.DataFrame:
    """The rows of an interval as one: their counts and times added up."""
    by = ["time"] if together else ["time", "queue"]
    queues = list(dict.fromkeys(frame["queue"]))
    sums = frame.groupby(by, sort=False)[list(SUMS)].sum(min_count=1)
    joined = sums.assign(line=frame.groupby(by, sort=False)["line"].min()).reset_index()
    if together:
        joined = joined.assign(queue=queues[0] if len(queues) == 1 else "contacts")
    apart = (
        f"; the queues {', '.join(map(str, queues[:8]))} together (--map queue=COLUMN keeps them apart)"
        if together and len(queues) > 1
        else ""
    )
    import_log.facts["added up"] = f"{len(frame):,} rows to {len(joined):,} intervals{apart}"
    return joined[[name for name in frame.columns if name in joined]]


def _without_repeats(frame: pd.DataFrame, length: float, options: ReadOptions, import_log: ImportLog) -> pd.DataFrame:
    lines = frame["line"].to_numpy(np.int64)
    changed = _clock_change(frame, length, options)
    if changed.any():
        where = frame["time"][changed]
        words = f"the clock was changed on {where.iloc[0].date()}: {int(changed.sum())} rows of that hour are left out"
        import_log.note(words, int(lines[np.argmax(changed)]))
        frame = frame[~changed]
        lines = frame["line"].to_numpy(np.int64)
    same = frame.duplicated([name for name in frame.columns if name != "line"]).to_numpy()
    import_log.drop(same, lines, "the same as an earlier row, cell by cell")
    frame = frame[~same]
    twice = frame.duplicated(["time", "queue"], keep=False).to_numpy()
    if twice.any() and not options.add_up:
        again = frame[twice]
        texts = again["queue"] + " " + again["time"].astype(str) + ", offered " + again["offered"].map("{:g}".format)
        rows = list(zip(again["line"].tolist(), texts.tolist(), strict=True))
        words = "is an interval of a queue that has another row with other numbers"
        fix = "Keep one of them; if they are parts of it, such as groups of agents, say --add-up; or --map queue=COLUMN"
        raise import_log.several(rows, words, fix)
    return frame


def _clock_change(frame: pd.DataFrame, length: float, options: ReadOptions) -> Bools:
    """Rows in an hour that comes twice, or not at all, because the clock was changed.

    Without a time zone: rows of a queue that come twice, with other numbers, early on no more than two Sundays of a
    month in which clocks are changed.
    """
    times = frame["time"]
    days, seconds = times.dt.normalize(), (times - times.dt.normalize()).dt.total_seconds()
    zone = options.zone
    if options.add_up and not zone:
        return np.zeros(len(frame), bool)
    if zone:
        changed = np.zeros(len(frame), bool)
        for day, (first, last) in changed_hours(days.to_numpy(), zone).items():
            changed |= ((days == pd.Timestamp(day)) & (seconds >= first) & (seconds < last)).to_numpy()
        return changed
    twice = frame.duplicated(["time", "queue"], keep=False)
    early = twice & (seconds < EARLY * 3600)
    dates = days[twice].unique()
    whole = len(frame["time"][early].unique()) * length <= 3600 * len(dates)
    sundays = all(day.day_of_week == 6 and day.month in CHANGE_MONTHS for day in dates)
    alone = whole and sundays and len(dates) <= 2 and bool((early == twice).all())
    return early.to_numpy() if alone else np.zeros(len(frame), bool)


def _counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Offered, a row an interval and a column a queue."""
    return frame.pivot_table(index="time", columns="queue", values="offered", aggfunc="sum", fill_value=0.0)


def _without_totals(frame: pd.DataFrame, import_log: ImportLog) -> pd.DataFrame:
    """Drop a queue that is the sum of the others."""
    counts = _counts(frame)
    if counts.shape[1] < 3:
        return frame
    for name in counts.columns:
        for parts in _sums(counts, name):
            busy = counts[name] > 0
            alike = np.isclose(counts[name], counts[list(parts)].sum(axis=1))[busy].mean() if busy.any() else 0.0
            if busy.sum() >= ENOUGH and alike >= ALMOST:
                return _total(frame, str(name), parts, float(alike), import_log)
    return frame


def _sums(counts: pd.DataFrame, name: Any) -> list[tuple[Any, ...]]:
    """The groups of other queues that a queue may be the total of: all of them, and where there are few any group."""
    others = [column for column in counts.columns if column != name]
    if len(others) > MOST_PARTS:
        return [tuple(others)]
    return [parts for size in range(len(others), 1, -1) for parts in combinations(others, size)]


def _total(frame: pd.DataFrame, name: str, parts: tuple[Any, ...], alike: float, import_log: ImportLog) -> pd.DataFrame:
    """Drop a total; only note what is almost one."""
    lines, mine = frame["line"].to_numpy(np.int64), (frame["queue"] == name).to_numpy()
    sum_words = f"queue {name!r} is the sum of {', '.join(str(part) for part in parts)}"
    if alike >= SAME:
        import_log.drop(mine, lines, sum_words)
        return frame[~mine]
    words = f"{sum_words} in {alike:.0%} of the intervals: its contacts may be counted twice; --queue chooses"
    import_log.note(words, int(lines[np.argmax(mine)]))
    return frame


def _refuse_twins(frame: pd.DataFrame, import_log: ImportLog) -> None:
    counts = _counts(frame)
    names = list(counts.columns)
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            busy = (counts[one] > 0) | (counts[other] > 0)
            varied = counts[one][busy].nunique() > 3
            alike = float((counts[one] == counts[other])[busy].mean()) if busy.any() else 0.0
            if busy.sum() < ENOUGH or not varied or alike < ALMOST:
                continue
            if alike < SAME:
                words = f"queues {one!r} and {other!r} have the same contacts in {alike:.0%} of the intervals"
                import_log.note(f"{words}: they may be counted twice; --queue chooses", _first(frame, one)[0])
            else:
                rows = [_first(frame, one), _first(frame, other)]
                words = f"queues {one!r} and {other!r} have the same contacts in every interval: each is counted twice"
                raise import_log.several(rows, words, f"Say --queue {one!r} to keep one, or name the queues to use")


def _first(frame: pd.DataFrame, queue: str) -> tuple[int, str]:
    row = frame[(frame["queue"] == queue) & (frame["offered"] > 0)].iloc[0]
    return int(row["line"]), f"{row['queue']} {row['time']}, offered {row['offered']:g}"
