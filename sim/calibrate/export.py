"""From an export: a real log or report in, a fitted scenario and its back-test out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sim.arguments import checked
from sim.calibrate.backtest.walk_forward import BackTest, walk
from sim.calibrate.backtest.windows import WEEK, windows_of
from sim.calibrate.document import document_of, period_of, staff_of
from sim.calibrate.fits.calls import log_of
from sim.calibrate.fits.intervals import export_of
from sim.calibrate.fits.whole import FittedCentre, ReadExport
from sim.calibrate.reading.calls import read_calls
from sim.calibrate.reading.import_log import ImportLog, ReadOptions
from sim.calibrate.reading.intervals import read_intervals
from sim.calibrate.reading.layouts import columns_of
from sim.calibrate.reading.problems import refused
from sim.calibrate.reading.text import shape_of
from sim.calibrate.staffing_closure import StaffingClosure, close
from sim.loading.load import loads
from sim.scenario.model import Scenario
from sim.study.replicate import RunOptions

LEAST_DAYS, MOST_DAYS = 7, 3660
CONTACTS_TESTED = 18_000_000
DEFAULT_WISHES = ReadOptions()


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


@dataclass(frozen=True)
class Calibration:
    """A scenario fitted to an export.

    Attributes
    ----------
    understood : what was understood of the export, what was left out, what looked odd.
    fits : the numbers, with intervals and goodness (`sim.calibrate.tables` makes tables of them).
    closed : the staffing and the shape of patience with which the scenario reproduces the export's own figures.
    document : the scenario as plain data; `scenario` is it loaded.
    back_test : None where it was not wanted, or the export is too short.
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

    @property
    def scenario(self) -> Scenario:
        """The fitted scenario: a typical week, from the day after the export."""
        return loads(self.document)


@checked
def from_export(
    path: str | Path,
    wishes: ReadOptions = DEFAULT_WISHES,
    options: Options | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Calibration:
    """Fit a scenario to an export of intervals or a log of contacts, and test how it would have predicted.

    Parameters
    ----------
    path : a text file, gzipped or not (docs/calibration.md).
    wishes : what the file does not say itself.
    options : what to make of it.
    progress : called with (steps done, steps in all).

    Raises
    ------
    ExportError
        With file, line, value and what to say or do.
    """
    options = options or Options()
    source, understood = read_export(Path(path), wishes, options)
    days = len(source.dates)
    if days < LEAST_DAYS:
        raise refused(str(path), f"has {days} days", "A fit by weekday needs a week at least, better four")
    if days > MOST_DAYS:
        words = (
            f"has dates from {source.dates[0].date()} to {source.dates[-1].date()}: more than {MOST_DAYS // 366} years"
        )
        raise refused(str(path), words, "Look for a stray date, or choose with --from and --to")
    fits = source.fit(0, days)
    if not any(fits.arrivals.spans):
        raise refused(
            str(path), "has too few contacts to tell when the centre is open", "Export more, or busier, weeks"
        )
    _need_staff(fits, str(path))
    closed = close(fits, options.jobs)
    name = options.name or Path(path).name.split(".")[0]
    test = _back_test(source, fits, options, progress)
    document = _document(name, fits, closed, source)
    notes = (*fits.notes, *_doubts(fits, closed, test, options, days))
    return Calibration(Path(path), name, understood, fits, closed, document, test, options.seed, source.dates, notes)


def read_export(path: Path, wishes: ReadOptions, options: Options) -> tuple[ReadExport, ImportLog]:
    """Read an export, of whichever kind it is."""
    shape = shape_of(path)
    columns = columns_of(shape, wishes.mapped, wishes.unit)
    understood = ImportLog(str(path))
    kind = "a log of contacts" if columns.kind == "calls" else "contacts by interval"
    layout = f", {columns.layout.about}" if columns.layout is not None else ""
    understood.facts["export"] = f"{kind}{layout}"
    if columns.layout is not None and columns.layout.credit:
        understood.facts["acknowledge"] = columns.layout.credit
    if columns.kind == "calls":
        calls = read_calls(shape, columns, wishes, understood)
        log = log_of(calls, options.redials, options.keep_unusual, options.staff, options.occupancy)
        return log, understood
    _refuse_for_intervals(wishes)
    read = read_intervals(shape, columns, wishes, understood)
    return export_of(read, understood, options.staff, options.occupancy, options.keep_unusual), understood


def _refuse_for_intervals(wishes: ReadOptions) -> None:
    """Refuse what only a log can be asked."""
    for flag, given in (
        ("--short-abandon", wishes.short > 0),
        ("--head-start", wishes.head_starts),
        ("--outcome", wishes.outcomes),
    ):
        if given:
            raise refused(flag, "is for a log of contacts; an export of intervals has counts only", "Leave it out")


def _need_staff(fits: FittedCentre, path: str) -> None:
    """Refuse an export that says nothing by which the staffing could be found."""
    if not (fits.closes or fits.staff_given):
        words = "has no agents, no abandonment and no wait: how many agents there are cannot be known"
        raise refused(path, words, "Say --staff NUMBER, or --occupancy SHARE: agents are the work over the occupancy")


def _document(name: str, fits: FittedCentre, closed: StaffingClosure, source: ReadExport) -> dict[str, Any]:
    period = period_of(fits, pd.date_range(source.dates[-1] + pd.Timedelta(days=1), periods=WEEK))
    staff = staff_of(fits, period, closed.choice.staff_factor)
    return document_of(name, fits, period, staff, closed.choice)


def _back_test(
    source: ReadExport, fits: FittedCentre, options: Options, progress: Callable[[int, int], None] | None
) -> BackTest | None:
    if not options.back_test:
        return None
    each = max(float(fits.arrivals.expected.sum()), 1.0) * 80
    most = options.weeks or max(round(CONTACTS_TESTED / max(each, 600_000.0)), 4)
    windows = windows_of(len(source.dates), options.window_days, most)
    if not windows:
        return None
    orders = RunOptions(options.seed, jobs=options.jobs)
    return walk(source, windows, options.within_s, orders, known_staff=options.known_staff, progress=progress)


def _doubts(
    fits: FittedCentre, closed: StaffingClosure, test: BackTest | None, options: Options, days: int
) -> list[str]:
    """What a reader should know before trusting the result."""
    told = []
    factor = closed.choice.staff_factor
    if fits.closes and not closed.met:
        told.append(
            f"no staffing from a half to two and a half times what was seen reproduces the export: with {factor:.2f} "
            f"times, {_figure(fits, closed)}"
        )
    elif fits.closes and not fits.staff_seen:
        told.append(f"no agents are in the export: as many as the work needs at 85 % occupancy, times {factor:.2f}")
    elif fits.closes and not 0.8 <= factor <= 1.25:
        told.append(f"staffing had to be taken {factor:.2f} times what was seen: look at who counts as on the queue")
    if closed.choice.plain_patience:
        told.append(
            "patience is taken as exponential, although single waits fit another shape: with it the simulated waits "
            "and abandonment agree with the export's together"
        )
    told += _unusual(fits)
    told.append(
        "whether a contact resolved anything is not in an export: resolution is ccsim's default and repeats are off, "
        "so a bot on top of this scenario looks better than it is until they are set"
    )
    if options.back_test and test is None:
        told.append(f"no back-test: {days} days are too few to fit two weeks and predict a third")
    return told


def _figure(fits: FittedCentre, closed: StaffingClosure) -> str:
    """The figure that the staffing was chosen by, simulated and seen."""
    if fits.seen.abandonment > 0:
        return f"abandonment is {closed.abandonment:.1%} where {fits.seen.abandonment:.1%} was seen"
    return f"ASA is {closed.asa_s:.0f} s where {fits.seen.asa_s:.0f} s was seen"


def _unusual(fits: FittedCentre) -> list[str]:
    days = fits.arrivals.unusual
    if not days:
        return []
    told = ", ".join(f"{date.date()} ({seen:,.0f}, usual {usual:,.0f})" for date, seen, usual in days[:5])
    more = f" and {len(days) - 5} more" if len(days) > 5 else ""
    return [f"days left out of the arrivals as unusual: {told}{more}"]
