"""A report with a row a day: too coarse for a fit, and enough for `observed`; its figures as lines to paste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.reading.channels import own_rows
from sim.calibrate.reading.handle_times import IntervalTimes
from sim.calibrate.reading.import_log import ImportLog, ReadOptions, refused
from sim.calibrate.reading.moments import days_of
from sim.calibrate.reading.names import understood
from sim.calibrate.reading.source import ExportFile
from sim.calibrate.reading.values import Column, Floats, numbers
from sim.schema.calendar import WEEKDAYS

COUNTS = ("offered", "answered", "abandoned")


@dataclass(frozen=True)
class DailyFigures:
    """What a report with a row a day says as a whole.

    Attributes
    ----------
    per_day : contacts offered a day, by weekday where the rows have dates; of any day under an empty name.
    asa_s, aht_s : nan where the report does not tell.
    abandonment, service_level : shares; nan where it does not tell.
    within_s : the service level's time; nan where its column does not say it.
    """

    per_day: dict[str, float]
    asa_s: float
    aht_s: float
    abandonment: float
    service_level: float
    within_s: float

    def lines(self) -> list[str]:
        """The lines to paste into a scenario."""
        days = ", ".join(f"{day}: {count:.0f}" for day, count in self.per_day.items() if day)
        lines = ["observed:", f"  contacts: {f'{{{days}}}' if days else format(self.per_day[''], '.0f')}"]
        for name, value in (("aht", self.aht_s), ("asa", self.asa_s)):
            if not np.isnan(value):
                lines.append(f"  {name}: {_duration(value)}")
        if not np.isnan(self.abandonment):
            lines.append(f"  abandonment: {self.abandonment:.1%}")
        if not np.isnan(self.service_level):
            within = "" if np.isnan(self.within_s) else f"/{self.within_s:g}"
            lines.append(
                f"  service_level: {100 * self.service_level:.1f}{within}"
                if within
                else f"  service_level: {self.service_level:.1%}"
            )
        return lines


def _duration(seconds: float) -> str:
    """Such as 2m25s."""
    whole = round(seconds)
    return f"{whole // 60}m{whole % 60:02d}s" if whole >= 60 else f"{whole}s"


def has_a_row_a_day(source: ExportFile) -> bool:
    """Whether no column of a file has times of day: there are dates, one a row or a few, or none at all."""
    fields = source.columns.fields.keys()
    if source.columns.kind != "intervals" or fields & {"start", "time"}:
        return False
    counted = bool(fields & {"offered", "answered"}) and bool(
        fields & {"asa", "aht", "mean_talk", "handle", "talk", "abandoned"}
    )
    if "date" not in fields:
        return counted
    cells = source.shape.cells(source.columns.names.index(source.columns.fields["date"]))
    keys = list(cells)
    for name in ("queue", "channel"):
        if name in fields:
            other = source.shape.cells(source.columns.names.index(source.columns.fields[name]))
            keys = [f"{key} {part}" for key, part in zip(keys, other, strict=False)]
    return counted and len(set(keys)) > 0.5 * len(keys)


def refuse_days(sources: Sequence[ExportFile], options: ReadOptions) -> None:
    """Refuse a report with a row a day, with the lines to paste into a scenario.

    Raises
    ------
    ExportError
        Always.
    """
    source = sources[0]
    paste = "\n".join(_figures(sources, options).lines())
    dated = source.columns.fields.keys() & {"date", "start"}
    words = "has a row a day" if dated else "has no date and no time: a row seems to be a day"
    fix = (
        "A fit needs a row an interval (an hour or less), or a row a contact. Figures of whole days go into `observed`"
    )
    raise refused(source.path, words, f"{fix} (docs/observed.md); paste into a scenario:\n{paste}", source.shape.line)


def _figures(sources: Sequence[ExportFile], options: ReadOptions) -> DailyFigures:
    parts = [_totals(source, options) for source in sources]
    frame = pd.concat(parts, ignore_index=True)
    offered, handled, answered = frame["offered"].sum(), frame["handled"].sum(), frame["answered"]
    return (
        DailyFigures(
            _per_day(frame),
            _ratio(frame["wait"], answered),
            _ratio(frame["work"], frame["handled"]),
            float(frame["abandoned"].sum() / offered) if frame["abandoned"].notna().any() and offered else np.nan,
            _ratio(frame["level"] * frame["offered"], frame["offered"]),
            float(frame["within"].iloc[0]),
        )
        if handled
        else DailyFigures(_per_day(frame), np.nan, np.nan, np.nan, np.nan, np.nan)
    )


def _ratio(sums: pd.Series, counts: pd.Series) -> float:
    there = sums.notna() & counts.notna()
    total = float(counts[there].sum())
    return float(sums[there].sum()) / total if total else np.nan


def _per_day(frame: pd.DataFrame) -> dict[str, float]:
    if frame["day"].isna().any():
        return {"": float(frame["offered"].mean())}
    days = frame.groupby("day")["offered"].sum()
    weekday = pd.DatetimeIndex(days.index).day_of_week.to_numpy()
    means = {name: days[weekday == day].mean() for day, name in enumerate(WEEKDAYS) if (weekday == day).any()}
    return {name: float(mean) for name, mean in means.items() if mean > 0}


def _totals(source: ExportFile, options: ReadOptions) -> pd.DataFrame:
    """Counts and times of each row, added up."""
    log, fields = ImportLog(source.path), source.columns.fields
    first = fields.get("date", fields.get("start", next(iter(fields.values()))))
    raw = source.rows(first, log)
    cells = {ours: Column(source.path, theirs, raw[theirs]) for ours, theirs in fields.items()}
    cells, _ = own_rows(cells, options, log)
    read = {name: numbers(cells[name], options.decimal) for name in COUNTS if name in cells}
    nothing = np.full(len(next(iter(cells.values())).cells), np.nan)
    answered, abandoned = read.get("answered", nothing), read.get("abandoned", nothing)
    offered = read.get("offered", np.nan_to_num(answered) + np.nan_to_num(abandoned))
    if "answered" not in read and "abandoned" in read:
        answered = offered - abandoned
    handled = offered if np.isnan(answered).all() else answered
    times = IntervalTimes(cells, source.columns, options, log)
    times.settle(handled, abandoned)
    has_work = times.told.keys() & {"aht", "handle", "talk", "mean_talk"}
    talk, wrap = times.work(handled) if has_work else (nothing, nothing)
    level, within = _service_level(cells.get("service_level"), len(nothing))
    day = (
        days_of(cells[next(name for name in ("date", "start") if name in cells)], options.dates)
        if {"date", "start"} & cells.keys()
        else None
    )
    return pd.DataFrame(
        {
            "day": pd.NaT if day is None else day,
            "offered": offered,
            "answered": np.where(np.isnan(answered), offered, answered),
            "abandoned": abandoned if "abandoned" in read else offered - answered,
            "handled": handled,
            "wait": times.wait_answered(answered),
            "work": talk + np.nan_to_num(wrap),
            "level": level,
            "within": within,
        }
    )


def _service_level(column: Column | None, rows: int) -> tuple[Floats, float]:
    """The share answered in time of each row, and the time that its column's name says."""
    if column is None:
        return np.full(rows, np.nan), np.nan
    texts = column.cells.str.strip().str.replace("%", "", regex=False).str.strip().str.replace(",", ".", regex=False)
    level: npt.NDArray[np.float64] = pd.to_numeric(texts, errors="coerce").to_numpy(np.float64)
    share = level / 100.0 if np.nanmax(np.append(level, 0.0)) > 1.0 else level
    said = [float(word) for word in understood(column.name).words if word.isdigit() and 1 <= int(word) <= 600]
    return share, said[0] if len(said) == 1 else np.nan
