"""From an export: a real log or report in; a fitted scenario, its back-test and its tables out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim.arguments import checked
from sim.calibrate.backtest.walk_forward import WEEK, BackTest, walk_forward, windows_of
from sim.calibrate.channel_checks import need_cap, need_channel, need_handle_time, refuse_of_items
from sim.calibrate.closing_checks import closing_notes, need_known, need_met
from sim.calibrate.document import document_of, period_of, staff_of
from sim.calibrate.fits.centre import FittedCentre, ReadExport
from sim.calibrate.fits.contact_log import contact_log_of
from sim.calibrate.fits.drift import Drift, last_week
from sim.calibrate.fits.interval_export import interval_export_of
from sim.calibrate.fits.item_log import ItemLog
from sim.calibrate.item_closure import close_items
from sim.calibrate.reading.calls import read_calls
from sim.calibrate.reading.daily import has_a_row_a_day, refuse_days
from sim.calibrate.reading.import_log import ImportLog, ReadOptions, refused
from sim.calibrate.reading.intervals import read_intervals
from sim.calibrate.reading.items import read_items
from sim.calibrate.reading.source import common_order, sources_of
from sim.calibrate.staffing_closure import StaffingClosure, as_chosen, close_staffing
from sim.loading.load import loads
from sim.scenario.model import Scenario
from sim.study.replicate import RunOptions

EXPORTS = {"calls": "a log of contacts", "intervals": "contacts by interval", "items": "a log of deferred work"}
LEAST_DAYS, MOST_DAYS = 7, 3660
CONTACTS_TESTED = 18_000_000
DEFAULT_READ_OPTIONS = ReadOptions()


@dataclass(frozen=True)
class Options:
    """What to make of an export.

    Attributes
    ----------
    name : of the scenario; the file's own when empty.
    within_s : the service level's time.
    staff, occupancy : agents on the queue, or the share of their time that they handle contacts; nan where the export
        tells, or where they are to be found.
    redials : whether redials are fitted, where customers are known.
    keep_unusual : whether days far from their weekday's usual volume are kept.
    back_test : whether to walk forward; window_days fitted each time (0: chosen), weeks predicted (0: as many as the
        time allows).
    known_staff : whether the staffing of the days predicted is taken as known.
    patience_s, wrap_up_s : mean patience, and mean wrap-up of a log without it; nan where the export is to tell.
    concurrency, at : of chats, the most that an agent has in hand (0 where a log is to tell), and the mean at which
        elapsed times were measured (nan where it is to be found).
    handle_s, due_s : of deferred work, the mean handle time, and the time within which it is due; nan for the log's.
    """

    name: str = ""
    within_s: float = 20.0
    staff: float = math.nan
    occupancy: float = math.nan
    redials: bool = True
    keep_unusual: bool = False
    back_test: bool = True
    window_days: int = 0
    weeks: int = 0
    known_staff: bool = False
    seed: int = 1
    jobs: int | None = None
    patience_s: float = math.nan
    wrap_up_s: float = math.nan
    concurrency: int = 0
    at: float = math.nan
    handle_s: float = math.nan
    due_s: float = math.nan


@dataclass(frozen=True)
class Calibration:
    """A scenario fitted to an export.

    Attributes
    ----------
    understood : what was understood of the export, what was left out, what looked odd.
    fits : the numbers, with intervals and goodness (`sim.calibrate.fitted_tables` makes tables of them).
    closed : the staffing and the shape of patience with which the scenario reproduces the export's own figures.
    document : the scenario as plain data; `scenario` is it loaded.
    back_test : None where it was not wanted, or the export is too short.
    drifts : how the last week differs from the four before it, and how much of such a change lasts.
    """

    path: Path
    name: str
    understood: ImportLog
    fits: FittedCentre
    closed: StaffingClosure
    document: dict[str, Any]
    back_test: BackTest | None
    seed: int
    dates: pd.DatetimeIndex
    notes: tuple[str, ...] = field(default=())
    drifts: tuple[Drift, ...] = field(default=())

    @property
    def scenario(self) -> Scenario:
        """The fitted scenario: a typical week, from the day after the export."""
        return loads(self.document)


@checked
def from_export(
    path: str | Path | Sequence[str | Path],
    read_options: ReadOptions = DEFAULT_READ_OPTIONS,
    options: Options | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Calibration:
    """Fit a scenario to an export of intervals or a log of contacts, and test how it would have predicted.

    Parameters
    ----------
    path : a text file, gzipped or not, or a workbook (docs/calibration.md); several where they belong together.
    read_options : what the file does not say itself.
    options : what to make of it.
    progress : called with (steps done, steps in all).

    Raises
    ------
    ExportError
        With file, line, value and what to say or do.
    """
    options = options or Options()
    paths = [Path(path)] if isinstance(path, str | Path) else [Path(one) for one in path]
    if not paths:
        raise refused("path", "names no file", "Name one export, or several")
    path = paths[0]
    source, import_log = read_export(paths, read_options, options)
    days = len(source.dates)
    if days < LEAST_DAYS:
        words = f"has {days} day{'s' if days > 1 else ''}"
        fix = "A fit by weekday needs a week at least, better four; files of single days can be named in one call"
        raise refused(str(path), words, fix)
    if days > MOST_DAYS:
        words = (
            f"has dates from {source.dates[0].date()} to {source.dates[-1].date()}: more than {MOST_DAYS // 366} years"
        )
        raise refused(str(path), words, "Look for a stray date, or choose with --from and --to")
    fits = source.fit(0, days) if not isinstance(source, ItemLog) else source.fit()
    if not any(fits.arrivals.spans):
        raise refused(
            str(path), "has too few contacts to tell when the centre is open", "Export more, or busier, weeks"
        )
    closed = _closed(source, fits, options, import_log)
    fits = as_chosen(fits, closed.choice)
    name = options.name or Path(path).name.split(".")[0]
    test = _back_test(source, fits, options, progress)
    document = _document(name, fits, closed, source)
    drifts = () if isinstance(source, ItemLog) else last_week(source, fits)
    notes = (
        *fits.notes,
        *_doubts(fits, closed, test, options, days),
        *(drift.words for drift in drifts if drift.certain),
    )
    rest = options.seed, source.dates, notes, drifts
    return Calibration(Path(path), name, import_log, fits, closed, document, test, *rest)


def _closed(
    source: ReadExport | ItemLog, fits: FittedCentre, options: Options, import_log: ImportLog
) -> StaffingClosure:
    """The staffing that reproduces an export."""
    if isinstance(source, ItemLog):
        return close_items(fits, source.dates, import_log.path, options.jobs)
    need_known(fits, import_log)
    closed = close_staffing(fits, options.jobs)
    need_met(fits, closed, import_log.path)
    return closed


def read_export(
    paths: Path | Sequence[Path], read_options: ReadOptions, options: Options
) -> tuple[ReadExport | ItemLog, ImportLog]:
    """Read an export, of whichever kind it is, from one file or from several that belong together."""
    paths = [paths] if isinstance(paths, Path) else list(paths)
    import_log = ImportLog(str(paths[0]), files=tuple(map(str, paths)) if len(paths) > 1 else ())
    sources = sources_of(paths, read_options, import_log)
    read_options = replace(read_options, dates=common_order(sources, read_options))
    if all(has_a_row_a_day(source) for source in sources):
        refuse_days(sources, read_options)
    columns = sources[0].columns
    kind = EXPORTS[columns.kind]
    layout = f", {columns.layout.about}" if columns.layout is not None else ""
    import_log.facts["export"] = f"{kind}{layout}"
    if columns.layout is not None and columns.layout.credit:
        import_log.facts["acknowledge"] = columns.layout.credit
    if columns.kind != "items":
        refuse_of_items(options, import_log)
    if columns.kind == "calls":
        _refuse_for_logs(read_options)
        calls = read_calls(sources, read_options, import_log)
        need_channel(calls, options, import_log)
        said = options.staff, options.occupancy, options.patience_s, options.wrap_up_s
        beside = options.concurrency, options.at
        return contact_log_of(calls, options.redials, options.keep_unusual, *said, *beside), import_log
    if columns.kind == "items":
        _refuse_for_items(options, read_options)
        items = read_items(sources, read_options, import_log)
        need_handle_time(items, options, import_log)
        deferred = options.staff, options.occupancy, options.handle_s, options.due_s
        return ItemLog(items, options.keep_unusual, *deferred), import_log
    _refuse_for_intervals(read_options)
    read = read_intervals(sources, read_options, import_log)
    need_cap(read.channel, options, import_log)
    known = options.staff, options.occupancy, options.keep_unusual, options.patience_s
    beside = options.concurrency, options.at
    return interval_export_of(read, import_log, *known, *beside), import_log


def _refuse_given(flags: Mapping[str, object], why: str) -> None:
    """Refuse the first flag that was given."""
    for flag, given in flags.items():
        if given:
            raise refused(flag, why, "Leave it out")


def _refuse_for_logs(read_options: ReadOptions) -> None:
    """Refuse what only an export of intervals can be asked."""
    _refuse_given({"--add-up": read_options.add_up}, "is for an export of intervals; each row of a log is a contact")


def _refuse_for_items(options: Options, read_options: ReadOptions) -> None:
    """Refuse what deferred work has nothing of."""
    flags = {
        "--patience": not math.isnan(options.patience_s),
        "--wrap-up": not math.isnan(options.wrap_up_s),
        "--concurrency": options.concurrency > 0,
        "--at": not math.isnan(options.at),
        **_of_logs(read_options),
        "--direction": read_options.directions,
        "--add-up": read_options.add_up,
    }
    _refuse_given(flags, "says nothing of deferred work: it waits until it is done, one at a time")


def _refuse_for_intervals(read_options: ReadOptions) -> None:
    """Refuse what only a log can be asked."""
    _refuse_given(_of_logs(read_options), "is for a log of contacts; an export of intervals has counts only")


def _of_logs(read_options: ReadOptions) -> dict[str, object]:
    """What is asked of a log of contacts alone."""
    return {
        "--short-abandon": read_options.short > 0,
        "--head-start": read_options.head_starts,
        "--outcome": read_options.outcomes,
    }


def _document(name: str, fits: FittedCentre, closed: StaffingClosure, source: ReadExport | ItemLog) -> dict[str, Any]:
    period = period_of(fits, pd.date_range(source.dates[-1] + pd.Timedelta(days=1), periods=WEEK))
    staff = staff_of(fits, period, closed.choice)
    return document_of(name, fits, period, staff, closed.choice)


def _back_test(
    source: ReadExport | ItemLog, fits: FittedCentre, options: Options, progress: Callable[[int, int], None] | None
) -> BackTest | None:
    if not options.back_test or isinstance(source, ItemLog):
        return None
    each = max(float(fits.arrivals.expected.sum()), 1.0) * 80
    most = options.weeks or max(round(CONTACTS_TESTED / max(each, 600_000.0)), 4)
    windows = windows_of(len(source.dates), options.window_days, most)
    if not windows:
        return None
    run_options = RunOptions(options.seed, jobs=options.jobs)
    return walk_forward(
        source, windows, options.within_s, run_options, known_staff=options.known_staff, progress=progress
    )


def _doubts(
    fits: FittedCentre, closed: StaffingClosure, test: BackTest | None, options: Options, days: int
) -> list[str]:
    """What a reader should know before trusting the result."""
    doubts = closing_notes(fits, closed) if fits.items is None else []
    if closed.choice.plain_patience:
        doubts.append(
            "patience is taken as exponential, although single waits fit another shape: with it the simulated waits "
            "and abandonment agree with the export's together"
        )
    doubts += _unusual(fits)
    doubts.append(
        "whether a contact resolved anything is not in an export: resolution is ccsim's default and repeats are off, "
        "so a bot on top of this scenario looks better than it is until they are set"
    )
    if options.back_test and fits.items is not None:
        doubts.append("deferred work is not back-tested: it has no service level or abandonment to predict")
    elif options.back_test and test is None:
        doubts.append(f"no back-test: {days} days are too few to fit two weeks and predict a third")
    return doubts


def _unusual(fits: FittedCentre) -> list[str]:
    days = fits.arrivals.unusual
    if not days:
        return []
    days_text = ", ".join(f"{date.date()} ({seen:,.0f}, usual {usual:,.0f})" for date, seen, usual in days[:5])
    more = f" and {len(days) - 5} more" if len(days) > 5 else ""
    return [f"days left out of the arrivals as unusual: {days_text}{more}"]
